#pragma once

#include <span>
#include <string_view>

#include "codegen/signal/operation.hpp"
#include "codegen/signal/parts.hpp"
#include "codegen/signal/plan.hpp"

namespace emlc::signal {

/// Keys of a statistic that is written as an object.
enum class Parameter { none, quantile, lag, edges };

struct StatisticInfo {
  Statistic statistic = Statistic::mean;
  std::string_view name{};  ///< in documents, and in names of features
  int n_signals = 1;
  Parameter parameter = Parameter::none;
  Needs needs = 0;
  /// The type rule: what comes out of n integers of the range x. Of reals come reals, but of what counts.
  Numbers (*numbers)(const Range& x, double n, const Feature& feature) = nullptr;
  bool counts = false;  ///< an integer also of reals
  /// No exact sum that the statistic needs of n integers of this magnitude is larger.
  double (*largest_sum)(double magnitude, double n) = nullptr;
  /// The evaluators: an integer, or a float32, in a double.
  double (*of_integers)(const View<Wide>& window, const Feature& feature) = nullptr;
  double (*of_reals)(const View<float>& window, const Feature& feature) = nullptr;
  std::string_view summary{};  ///< half a line, for people
};

/// Is it the level of a power, in decibels?
inline bool is_level(Statistic statistic) {
  return statistic == Statistic::level || statistic == Statistic::level_max || statistic == Statistic::level_min ||
         statistic == Statistic::leq;
}

/// Those of the time domain and of levels: documents name them.
std::span<const StatisticInfo> all_statistics();
const StatisticInfo& info(Statistic statistic);

}  // namespace emlc::signal
