#include <array>
#include <string>

#include "tests/random/document.hpp"

namespace emlc::random {
namespace {

std::size_t count(Random& random, std::int64_t low, std::int64_t high) {
  return static_cast<std::size_t>(random.between(low, high));
}

std::size_t pick_n_features(Random& random) {
  if (random.chance(0.004)) return random.pick<std::size_t>({32767, 32768, 40000, 65536, 70000});
  if (random.chance(0.03)) return count(random, 120, 300);
  return count(random, 1, 9);
}

std::size_t pick_n_outputs(Random& random) {
  if (random.chance(0.03)) return count(random, 100, 300);
  return random.chance(0.3) ? 1 : count(random, 2, 6);
}

Json class_names(std::size_t size) {
  Json names = Json::array();
  for (std::size_t index = 0; index < size; ++index) names.push_back("c" + std::to_string(index));
  return names;
}

/// Targets with sizes that add up to n; a single one more often than not.
Json argmax_targets(Random& random, std::size_t n) {
  Json targets = Json::array();
  while (n != 0) {
    const std::size_t size = random.chance(0.75) ? n : count(random, 1, static_cast<std::int64_t>(n));
    targets.push_back({{"size", size}});
    if (random.chance(0.5)) targets.back()["class_names"] = class_names(size);
    n -= size;
  }
  return targets;
}

Json single_targets(std::size_t n) {
  Json targets = Json::array();
  for (std::size_t index = 0; index < n; ++index) targets.push_back({{"size", 1}, {"class_names", class_names(2)}});
  return targets;
}

Json argmax_output(Random& random, std::size_t n) {
  return {{"task", "classification"},
          {"n_outputs", n},
          {"targets", argmax_targets(random, n)},
          {"decision", {{"rule", "argmax"}}}};
}

Json threshold_output(Random& random, std::size_t n) {
  return {{"task", random.pick({"classification", "anomaly"})},
          {"n_outputs", n},
          {"targets", single_targets(n)},
          {"decision",
           {{"rule", random.pick({"greater", "greater_equal"})}, {"threshold", random.pick({0.0, 0.5, 0.25, -1.0})}}}};
}

Json plain_output(Random& random, std::size_t n) {
  return {{"task", random.pick({"regression", "regression", "anomaly"})}, {"n_outputs", n}};
}

using MakeOutput = Json (*)(Random&, std::size_t);
constexpr std::array<Weighted<MakeOutput>, 3> outputs = {
    {{4, argmax_output}, {2, threshold_output}, {3, plain_output}}};

}  // namespace

Shape pick_shape(Random& random) {
  Shape shape{.type = pick_input_type(random), .n_features = pick_n_features(random), .output = {}};
  shape.n_outputs = pick_n_outputs(random);
  shape.output = pick_weighted<MakeOutput>(random, outputs)(random, shape.n_outputs);
  return shape;
}

Json input_of(Random& random, const Shape& shape) {
  Json input = {{"n_features", shape.n_features}, {"dtype", shape.type.name}};
  if (!random.chance(0.15)) return input;
  const double low = shape.type.is_integer ? shape.type.lowest : random.pick({-1e6, -1.0, 0.0});
  const double high = shape.type.is_integer ? shape.type.highest : random.pick({1.0, 10.0, 1e6});
  input["feature_min"] = std::vector<double>(shape.n_features, low);
  input["feature_max"] = std::vector<double>(shape.n_features, high);
  return input;
}

}  // namespace emlc::random
