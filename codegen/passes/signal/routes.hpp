#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "codegen/signal/ends.hpp"
#include "codegen/signal/folded.hpp"

namespace emlc::passes {

/// From a part of a window of a signal of integers to a feature: the feature is what `links` make of it, for every
/// value that the part can take.
struct Route {
  signal::Part part = signal::Part::sum;
  std::int32_t of = 0;     ///< signal
  std::int32_t place = 0;  ///< of order
  signal::Range range{};   ///< of the part
  std::vector<signal::Link> links{};
};

/// The routes of those features that have one, [n_features]. Signals that are a monotone function of each sample of
/// another one are looked through where nothing else needs them in the same way; so a quantile of a norm is one of the
/// squared norm, which is appended to the plan where it is not there.
/// @param is_used  [n_features]; the others count for nothing and get no route
std::vector<std::optional<Route>> routes_of(signal::Plan& plan, const std::vector<char>& is_used);

}  // namespace emlc::passes
