#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/sizes/sizes.hpp"

namespace emlc::cli {

/// A number now and as it was recorded; nothing where one of them does not have it.
struct Change {
  std::string name;  ///< of the part, or the title of the metric
  std::optional<double> before, now;

  [[nodiscard]] bool differs() const { return before != now; }
};

/// Does a number keep its limit? What is further down is worse. Unchecked: nobody knows.
enum class Keeps { yes, unchecked, no };

/// What a number may be at most, or at least.
struct Limit {
  double value = 0.0;
  std::string source;  ///< `--max-growth 2%`, `--max-flash`
  Keeps keeps = Keeps::yes;
  std::string why{};  ///< it is not checked, when that is not the remark of its metric
};

/// A metric with what it may be.
struct MetricChange {
  const Metric* metric = nullptr;
  Change change;
  std::vector<Limit> limits{};  ///< budget and allowed growth, where there are such
  std::string target{};         ///< empty: the number is of no target
  SizeSource source{};          ///< of a target's number
  std::string remark{};         ///< what a reader should know of a target's number, or why there is none

  [[nodiscard]] Keeps keeps() const;  ///< all limits
};

/// A sentence about a metric, and what it means for the limit that it is about; yes: it is about no limit.
struct Message {
  Keeps keeps = Keeps::yes;
  std::string text;
  Bound bound = Bound::highest;  ///< of that limit
};

/// `over`, or `below` what has to be reached.
std::string_view beyond(Bound bound);

/// A verdict that is further down wins.
enum class Verdict { unchanged, changed, unrecorded, unchecked, exceeded };
std::string_view name(Verdict verdict);    ///< for a program: `exceeded`
std::string_view phrase(Verdict verdict);  ///< for a reader: `over its limit`

/// What became of one model since the baseline.
struct ModelCheck {
  std::string file;  ///< the model's
  Sizes now;
  std::optional<Sizes> before{};
  std::vector<Change> parts{};  ///< in the order of now, then those that are gone
  std::vector<MetricChange> metrics{};
  std::vector<std::string> causes{};  ///< what differs in how it was made: the model, the options, emlc, a compiler
  std::vector<std::string> notes{};   ///< targets without a number, or whose number cannot be compared
  Verdict verdict = Verdict::unrecorded;
  std::vector<std::string> fitting{};  ///< options that would bring it within its budget, see options_that_fit()
};

struct CheckResult {
  std::vector<ModelCheck> models;
  std::vector<std::string> unused;  ///< recorded models of a project that it does not list any more
};

/// @param growth  nothing: any growth is fine
ModelCheck check_model(const std::string& file, const Sizes& now, const Sizes* before, const Budget& budget,
                       const std::optional<Growth>& growth);

bool is_exceeded(const ModelCheck& model);    ///< over a limit, or one that cannot be checked
bool is_exceeded(const CheckResult& result);  ///< any of its models

/// What there is to tell of a metric: one sentence for each limit that it does not keep, else one when it changed.
/// `flash grew from 100 to 150 bytes (+50.0 %), 48 more than --max-growth 2% allows (102): splits +50; the model
/// changed`; of a target `flash on cortex-m0plus (measured) grew ...`
std::vector<Message> messages(const ModelCheck& model, const MetricChange& row);
std::vector<Message> messages(const ModelCheck& model);  ///< of all its metrics

/// `1864 bytes of flash, 0 of RAM; 2144 and 48 on cortex-m0plus (measured)`
std::string sizes_text(const Sizes& sizes);

std::string number_text(double value);                        ///< whole numbers as such, others with 4 digits
std::string number_text(const std::optional<double>& value);  ///< `-` for nothing
std::string difference_text(const Change& change);            ///< `+12`, `-3`; empty when it does not differ
std::string percent_text(const Change& change);               ///< `+1.2 %`; empty without two numbers that differ

}  // namespace emlc::cli
