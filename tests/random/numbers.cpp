#include "tests/random/numbers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace emlc::random {
namespace {

constexpr double largest_double = std::numeric_limits<double>::max();
constexpr double largest_float = std::numeric_limits<float>::max();

const std::vector<InputType>& input_types() {
  static const std::vector<InputType> types = {
      {"float32", false, -largest_float, largest_float},
      {"float64", false, -largest_double, largest_double},
      {"int8", true, -128.0, 127.0},
      {"uint8", true, 0.0, 255.0},
      {"int16", true, -32768.0, 32767.0},
      {"int32", true, -2147483648.0, 2147483647.0},
  };
  return types;
}

/// An ordinary threshold: near to where a trainer would put one.
double plain_threshold(Random& random, const InputType& type) {
  if (type.is_integer) {
    const double low = std::max(type.lowest, -1000.0), high = std::min(type.highest, 1000.0);
    const double half = random.pick({0.0, 0.5});
    return std::floor(random.uniform(low, high)) + half;
  }
  const double width = 10.0 * random.pick({1e-3, 1.0, 1.0, 1e3}), wide = random.uniform(-width, width);
  return random.chance(0.6) ? static_cast<double>(static_cast<float>(wide)) : wide;
}

double edge_of_floats(Random& random) {
  const double tiny = std::numeric_limits<float>::denorm_min(), least = std::numeric_limits<float>::min();
  const double size = random.pick({0.0, tiny, 3.0 * tiny, least, 1.0e-35, 1.0000000180025095e-35, 16777216.0,
                                   16777217.0, largest_float, 3.5e38, 1e300, largest_double, 5e-324, 0.1, 1.0});
  return random.chance(0.5) ? -size : size;
}

double edge_of_integers(Random& random, const InputType& type) {
  return random.pick({type.lowest, type.highest, type.lowest - 1.0, type.highest + 1.0, type.lowest + 0.5,
                      type.highest - 0.5, -0.0, 0.0, -1.0, 0.5, 16777216.5, 1e10, -1e10, largest_double,
                      -largest_double, std::floor(random.uniform(type.lowest, type.highest))});
}

double threshold(Random& random, const InputType& type, double share_of_edges) {
  if (!random.chance(share_of_edges)) return plain_threshold(random, type);
  return type.is_integer ? edge_of_integers(random, type) : edge_of_floats(random);
}

}  // namespace

InputType pick_input_type(Random& random) {
  if (random.chance(0.3)) return input_types().front();
  return random.pick(input_types());
}

std::vector<double> threshold_pool(Random& random, const InputType& type, std::size_t size) {
  const double share_of_edges = random.pick({0.0, 0.1, 0.6});
  std::vector<double> pool;
  while (pool.size() < size) pool.push_back(threshold(random, type, share_of_edges));
  return pool;
}

Texture pick_texture(Random& random) {
  using enum Texture;
  return random.pick({halves, shares, fractions, fractions, large, tiny, mixed_scale, negative});
}

double number(Random& random, Texture texture, std::size_t column) {
  static constexpr std::array<double, 5> scales = {1.0, 1e-3, 1e4, 1e-6, 30.0};
  switch (texture) {
    case Texture::halves:
      return 0.5 * static_cast<double>(random.between(-6, 6));
    case Texture::shares:
      return static_cast<double>(random.between(0, 12)) / 12.0;
    case Texture::fractions:
      return random.uniform(-1.0, 1.0);
    case Texture::large:
      return random.uniform(-1e6, 1e6);
    case Texture::tiny:
      return random.uniform(-1e-6, 1e-6);
    case Texture::mixed_scale:
      return random.uniform(-1.0, 1.0) * scales.at(column % scales.size());
    case Texture::negative:
      return -random.uniform(0.1, 5.0);
  }
  return 0.0;
}

}  // namespace emlc::random
