#include <array>
#include <string>
#include <string_view>

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

/// What means something else in C, CSV, Markdown, a template, a terminal or a format string: signs, and words.
constexpr std::string_view signs = "\"\\,;#|'`<>*&%{}@ \n\r\t\x1b\x01\x7f";
constexpr std::array<std::string_view, 7> words = {
    "?\?/", "*/", "//", "%s", "@names@", "\\n", "\xC3\xA4\xF0\x9F\x8C\xB1"};

std::string awkward(Random& random) {
  if (random.chance(0.3)) return std::string(words[random.index(words.size())]);
  return {signs[random.index(signs.size())]};
}

/// `c3`, or with something awkward before, in or behind it.
std::string name(Random& random, std::string_view start, std::size_t index) {
  std::string text = std::string(start) + std::to_string(index);
  if (random.chance(0.3)) text.insert(random.index(text.size() + 1), awkward(random));
  return text;
}

Json names(Random& random, std::string_view start, std::size_t size) {
  const bool are_plain = random.chance(0.5);
  Json all = Json::array();
  for (std::size_t index = 0; index < size; ++index) {
    all.push_back(are_plain ? std::string(start) + std::to_string(index) : name(random, start, index));
  }
  return all;
}

/// Targets with sizes that add up to n; a single one more often than not.
Json argmax_targets(Random& random, std::size_t n) {
  Json targets = Json::array();
  while (n != 0) {
    const std::size_t size = random.chance(0.75) ? n : count(random, 1, static_cast<std::int64_t>(n));
    targets.push_back({{"size", size}});
    if (random.chance(0.5)) targets.back()["class_names"] = names(random, "c", size);
    n -= size;
  }
  return targets;
}

Json single_targets(Random& random, std::size_t n) {
  Json targets = Json::array();
  for (std::size_t index = 0; index < n; ++index) {
    targets.push_back({{"size", 1}, {"class_names", names(random, "c", 2)}});
  }
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
          {"targets", single_targets(random, n)},
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
  if (random.chance(0.3)) input["feature_names"] = names(random, "f", shape.n_features);
  if (!random.chance(0.15)) return input;
  const double low = shape.type.is_integer ? shape.type.lowest : random.pick({-1e6, -1.0, 0.0});
  const double high = shape.type.is_integer ? shape.type.highest : random.pick({1.0, 10.0, 1e6});
  input["feature_min"] = std::vector<double>(shape.n_features, low);
  input["feature_max"] = std::vector<double>(shape.n_features, high);
  return input;
}

}  // namespace emlc::random
