#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/common/printer.hpp"
#include "codegen/c/signal/exact.hpp"
#include "codegen/c/signal/stream.hpp"
#include "codegen/signal/parts.hpp"

/// How a complete window is looked at: a function for each signal (or pair of signals) that features look at, which
/// walks over its samples and gives their values. Functions that read alike are one.
namespace emlc::c {

/// From here on an index needs more than the 16 bits that an int may have.
inline constexpr std::size_t most_in_int = 32000;

/// What the features of one signal or one pair are, or what keys are taken of it.
struct Subject {
  std::int32_t of = 0, other = -1;
  std::size_t first = 0;  ///< feature: values are counted from there
  std::vector<const signal::Feature*> features{};
  std::vector<std::size_t> places{};  ///< of each feature, from `first`
  /// In the order in which ranks are given, with those of features; empty: the features are what is asked for.
  std::vector<const signal::Key*> keys{};
  signal::SpectrumForm form{};  ///< of what all of them take of a spectrum; without n_fft they take samples

  [[nodiscard]] bool is_spectral() const { return form.n_fft != 0; }
};

/// How samples of 64 bits are put in order as words of 32: x - base, modulo 2^32. In two parts those below the base
/// come first, n_below of them, a variable; each part has its words in order.
struct OrderWords {
  bool is_used = false;
  signal::Wide base = 0;
  bool has_parts = false;
};

/// What is printed of the sample before a window and of its last one.
using Ends = std::function<void(const Exact& first, const Exact& last)>;

/// A function while it is written.
struct Look {
  Making& making;
  const Subject& subject;
  OrderWords words{};
  std::vector<std::int32_t> bases{};  ///< kept signals, in the order of its parameters a0, a1, ...
  Printer out{};

  [[nodiscard]] const Names& names() const { return making.names; }
  [[nodiscard]] const signal::Signal& signal() const { return at(making.plan.signals, subject.of); }
  [[nodiscard]] std::size_t n() const { return signal::window_samples(making.plan, signal()); }
  /// The name of the parameter with the window of a kept signal.
  std::string base(std::int32_t index);
};

/// Prints a loop over the window of a signal, with the lines of `body` for each sample: it is in the variable that the
/// body is given, at the place i.
/// @param ends  of a difference that has_ends(), printed behind the loop with the samples of its operand
void print_samples(Look& look, std::int32_t index, const std::function<void(const std::string& sample)>& body,
                   const Ends& ends = {});
/// Is it a difference of integers that is made when the window is complete?
bool has_ends(const Making& making, std::int32_t index);

/// Prints the loop that puts the window of a signal, also one of the window, into the array `x`, which is declared, and
/// for each sample the lines of `body`, which may be empty.
void print_window(Look& look, std::int32_t index, const std::string& x,
                  const std::function<void(const std::string& sample)>& body, const Ends& ends = {});

/// What all features of a subject need.
signal::Needs needs_of(const Subject& subject);
bool asks(const Subject& subject, signal::Statistic statistic);
/// Does its function look at samples more than once?
bool needs_array(const Making& making, const Subject& subject);
/// The places in order that features ask for, rising.
std::vector<std::size_t> ranks_of(const Subject& subject, std::size_t n);
std::size_t rank_of(double quantile, std::size_t n);
/// The sample at a rank, behind print_order().
std::string ranked(const Look& look, std::size_t rank);
OrderWords order_words(const Making& making, const Subject& subject);
/// The type of what counts samples.
std::string index_type(const Look& look);
/// The type of the array x.
std::string array_type(const Look& look);

/// Are there samples on both sides of 0 to count crossings of?
bool has_zero_crossings(const Look& look);
/// Prints all parts of a window that features share, as variables; x is sorted behind them where they need an order.
void print_integer_parts(Look& look);
void print_real_parts(Look& look);
/// Of a sample and those before it: crossings of 0 (`zero`, as a literal of its type) and changes of the slope, where
/// features count them.
void print_sign_changes(Look& look, const std::string& sample, std::string_view zero);
/// Puts the samples at the ranks that are asked for, or all, into their places in x.
void print_order(Look& look);
/// Are the smallest and the largest sample found among those in front of and behind the samples in order? Then
/// print_order() gives them.
bool extremes_of_order(const Look& look);

/// Keys by what has to be printed before them.
enum class RankedParts { sums, extremes, order };
/// Prints the ranks of keys that are parts of a signal of integers.
void print_ranks(Look& look, RankedParts parts);
/// Prints the rank of a key as the next one.
void print_rank(Look& look, const signal::Key& key, const std::string& value);

/// Prints the values of all features of a signal.
void print_values(Look& look);
/// The same of a pair, with its parts.
void print_pair(Look& look);

/// An assignment of a value to the place of a feature, or its rank as the next one.
void print_value(Look& look, std::size_t index, const std::string& value);

/// `128.0f`, of a power of a number of samples.
std::string count_literal(std::size_t n, int power = 1);

}  // namespace emlc::c
