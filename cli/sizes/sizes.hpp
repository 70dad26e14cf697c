#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/sizes/target_sizes.hpp"
#include "codegen/layout/artifact.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {

/// What a converted model may take at most. Nothing: as much as it likes.
struct Budget {
  std::optional<std::size_t> flash, ram;   ///< bytes
  std::optional<std::size_t> comparisons;  ///< of the trees, in the worst case
  std::optional<double> error;             ///< largest one of the approximate passes, in the unit of the outputs
  std::optional<double> accuracy{};        ///< at least: share of the right decisions, 0 to 1
};

/// What one converted model costs, and what it was made from.
struct Sizes {
  std::string name;    ///< of the model, what symbols start with
  std::string output;  ///< `c`, `cpp`, `csv` or `tmdl`
  std::string version{}, model_sha256{}, options{};
  std::vector<layout::Part> parts{};          ///< of flash; each name once
  std::size_t flash = 0, ram = 0;             ///< bytes
  std::optional<std::size_t> comparisons{};   ///< of trees, in the worst case
  std::optional<double> error{};              ///< largest change of an output by the passes; nothing: not measured
  std::optional<double> changed_decisions{};  ///< by them, share of the inputs from 0 to 1
  std::optional<double> accuracy{};           ///< share of the decisions that are as labelled, from 0 to 1
  std::vector<TargetSizes> targets{};         ///< of a header, in the order they were asked for; each target once

  [[nodiscard]] std::string title() const { return name + " (" + output + ")"; }
};

/// How far --max-growth lets a number of bytes grow: by the larger of the two.
struct Growth {
  std::string text;  ///< as given
  double percent = 0.0;
  std::size_t bytes = 0;
};
/// `2%`, `64B`, `1KiB` or `2%,64B`; throws Error.
Growth parse_growth(const std::string& text, const Where& where);

/// A share from 0 to 1: `0.95` or `95%`; throws Error.
double parse_accuracy(std::string_view text, const Where& where);

/// What a budget is to a number: it may be no more, or no less.
enum class Bound { highest, lowest };

/// A number that is compared with its recorded value and with a budget.
struct Metric {
  std::string_view key;     ///< in JSON
  std::string_view title;   ///< in a sentence or a table
  std::string_view unit;    ///< with the blank before it; may be empty
  std::string_view budget;  ///< the option that limits it, also, with `_`, the key in a project; may be empty
  bool limits_growth;       ///< by --max-growth
  std::optional<double> (*limit)(const Budget&);
  Bound bound = Bound::highest;
};
/// Of the model, whatever device it runs on.
struct ModelMetric : Metric {
  std::optional<double> (*value)(const Sizes&);
};
std::span<const ModelMetric> all_metrics();

/// Of the model on one target.
struct TargetMetric : Metric {
  std::optional<double> (*value)(const TargetSizes&);
};
std::span<const TargetMetric> all_target_metrics();

}  // namespace emlc::cli
