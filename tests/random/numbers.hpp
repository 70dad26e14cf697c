#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/random/random.hpp"

namespace emlc::random {

/// A type that a document may declare for its inputs.
struct InputType {
  std::string name;
  bool is_integer;
  double lowest, highest;  ///< finite
};

InputType pick_input_type(Random& random);

/// Thresholds of one model: some ordinary ones, some at the edges of the type (zeros of both signs, the least and the
/// largest of the type, denormal, beyond the type, the largest double). Finite, for a document holds no infinity.
std::vector<double> threshold_pool(Random& random, const InputType& type, std::size_t size);

/// What the numbers of a model are like: leaves, weights.
enum class Texture { halves, shares, fractions, large, tiny, mixed_scale, negative };

Texture pick_texture(Random& random);
/// A number of this texture. Of mixed_scale `column` decides the scale.
double number(Random& random, Texture texture, std::size_t column);

}  // namespace emlc::random
