#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

#include "tests/random/document.hpp"

namespace emlc::random {
namespace {

Json document(Json input, Json output, Json model) {
  return {{"format", "emlc-model"},
          {"version", 1},
          {"name", "m"},
          {"input", std::move(input)},
          {"output", std::move(output)},
          {"model", std::move(model)}};
}

double factor(Random& random) {
  const double size = random.chance(0.3) ? random.pick({0.5, 2.0, 1.0, 0.1}) : random.uniform(0.05, 20.0);
  return random.chance(0.25) ? -size : size;
}

/// `model`, behind one or two scalers in some of the documents.
Json behind_scalers(Random& random, const Shape& shape, Json model, double share) {
  if (!random.chance(share)) return model;
  Json steps = Json::array();
  for (std::int64_t n = random.between(1, 2); n > 0; --n) steps.push_back(scaler(random, shape.n_features));
  steps.push_back(std::move(model));
  return {{"kind", "pipeline"}, {"steps", steps}};
}

/// The shape that a model behind the steps has; the steps are in front of it in most documents of one kind of test.
struct Behind {
  Shape shape;
  Json steps = Json::array();
};

/// Steps in front of a model of few features, in some of the documents.
Behind behind_steps(Random& random, const Shape& shape, double share) {
  constexpr std::size_t few = 40;
  Behind behind{.shape = shape};
  if (shape.n_features > few || !random.chance(share)) return behind;
  behind.steps = steps(random, behind.shape.n_features);
  behind.shape.type = {.name = "float32", .is_integer = false, .lowest = -3.4e38, .highest = 3.4e38};
  return behind;
}

/// The steps, and `model` behind them.
Json pipeline(Json steps, Json model) {
  if (steps.empty()) return model;
  steps.push_back(std::move(model));
  return {{"kind", "pipeline"}, {"steps", steps}};
}

/// A section with a corner of 1e-5 to 1e-2 of the sample rate, low- or high-pass, with a gain of about 1 where it
/// passes.
Json low_corner(Random& random) {
  const double corner = 2.0 * std::numbers::pi * std::pow(10.0, random.uniform(-5.0, -2.0));
  const double radius = std::exp(-corner * random.uniform(0.4, 0.9)), angle = corner * random.uniform(0.3, 0.9);
  const double a1 = -2.0 * radius * std::cos(angle), a2 = radius * radius;
  if (random.chance(0.5)) return {radius, -2.0 * radius, radius, 1.0, a1, a2};
  const double gain = ((1.0 + a1) + a2) / 4.0;
  return {gain, 2.0 * gain, gain, 1.0, a1, a2};
}

/// A section with its poles inside the unit circle, at `angle` of half a turn, and zeros where filters have them.
Json section(Random& random) {
  const double radius = random.uniform(0.1, 0.98), angle = std::numbers::pi * random.uniform(0.05, 0.95);
  const double a0 = random.pick({1.0, 1.0, 2.0, -0.5});
  const double a1 = -2.0 * radius * std::cos(angle), a2 = radius * radius, gain = random.uniform(0.05, 1.0);
  const double middle = random.pick({2.0, -2.0, 0.0, 1.3}), last = random.pick({1.0, 1.0, -1.0});
  return {gain * a0, gain * middle * a0, gain * last * a0, a0, a1 * a0, a2 * a0};
}

/// z1 and z2 of each section; of some sections 0.
Json states(Random& random, std::size_t n_sections) {
  Json rows = Json::array();
  for (std::size_t section = 0; section < n_sections; ++section) {
    const double size = random.pick({0.0, 0.01, 0.5});
    rows.push_back({random.uniform(-size, size), random.uniform(-size, size)});
  }
  return rows;
}

}  // namespace

Json scaler(Random& random, std::size_t n_features) {
  Json offsets = Json::array(), scales = Json::array();
  const double largest = random.pick({1.0, 10.0, 1000.0});
  for (std::size_t index = 0; index < n_features; ++index) {
    offsets.push_back(random.uniform(-largest, largest));
    scales.push_back(factor(random));
  }
  Json result = {{"kind", "scaler"},
                 {"op", random.pick({"subtract_divide", "multiply_add"})},
                 {"offset", offsets},
                 {"scale", scales}};
  if (random.chance(0.3)) result["clip"] = {random.pick({-1.0, 0.0, -100.0}), random.pick({1.0, 0.5, 100.0})};
  return result;
}

Json tree_document(Random& random) {
  const Shape shape = pick_shape(random);
  Behind behind = behind_steps(random, shape, 0.25);
  Json model = behind_scalers(random, behind.shape, tree_ensemble(random, behind.shape), 0.2);
  return document(input_of(random, shape), shape.output, pipeline(std::move(behind.steps), std::move(model)));
}

Json network_document(Random& random) {
  Shape shape = pick_shape(random);
  shape.n_features = std::min<std::size_t>(shape.n_features, 300);
  Behind behind = behind_steps(random, shape, 0.25);
  Json model = behind_scalers(random, behind.shape, network(random, behind.shape), 0.4);
  return document(input_of(random, shape), shape.output, pipeline(std::move(behind.steps), std::move(model)));
}

Json filter_document(Random& random) {
  Json sections = Json::array();
  const double share = random.pick({0.0, 0.0, 0.3, 1.0});  // of low corners
  for (std::int64_t n = random.between(1, 4); n > 0; --n) {
    sections.push_back(random.chance(share) ? low_corner(random) : section(random));
  }
  Json model = {{"kind", "sos"}, {"sections", sections}};
  if (random.chance(0.5)) model["sample_rate"] = 8000.0;
  if (random.chance(0.25)) model["initial_state"] = states(random, model["sections"].size());
  return document({{"n_features", 1}, {"dtype", "float32"}}, {{"task", "filter"}, {"n_outputs", 1}}, std::move(model));
}

Json scaler_document(Random& random) {
  Shape shape = pick_shape(random);
  shape.n_features = std::min<std::size_t>(shape.n_features, 300);
  Behind behind = behind_steps(random, shape, 0.5);
  const std::size_t width = behind.shape.n_features;
  Json output = {{"task", "transform"}, {"n_outputs", width}};
  Json model = behind_scalers(random, behind.shape, scaler(random, width), 0.3);
  return document(input_of(random, shape), std::move(output), pipeline(std::move(behind.steps), std::move(model)));
}

Json combination_document(Random& random) {
  constexpr std::size_t most_outputs = 6, most_features = 40;
  Shape shape = pick_shape(random);
  while (shape.n_outputs > most_outputs || shape.n_features > most_features) shape = pick_shape(random);
  Behind behind = behind_steps(random, shape, 0.15);
  Json model = behind_scalers(random, behind.shape, combination(random, behind.shape), 0.15);
  return document(input_of(random, shape), shape.output, pipeline(std::move(behind.steps), std::move(model)));
}

}  // namespace emlc::random
