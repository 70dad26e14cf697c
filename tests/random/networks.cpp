#include <string>

#include "tests/random/document.hpp"

namespace emlc::random {
namespace {

Texture pick_weight_texture(Random& random) {
  return random.pick(
      {Texture::halves, Texture::fractions, Texture::fractions, Texture::fractions, Texture::mixed_scale});
}

Json row(Random& random, Texture texture, std::size_t size) {
  Json numbers = Json::array();
  for (std::size_t column = 0; column < size; ++column) {
    numbers.push_back(random.chance(0.05) ? 0.0 : number(random, texture, column));
  }
  return numbers;
}

Json layer(Random& random, std::size_t n_in, std::size_t n_out) {
  const Texture texture = pick_weight_texture(random);
  Json weights = Json::array();
  for (std::size_t unit = 0; unit < n_out; ++unit) weights.push_back(row(random, texture, n_in));
  const std::string activation = random.pick(
      {"identity", "relu", "relu", "relu6", "leaky_relu", "tanh", "logistic", "softmax", "softplus", "elu", "prelu"});
  Json result = {{"weights", weights}, {"bias", row(random, texture, n_out)}, {"activation", activation}};
  if (activation == "leaky_relu" || activation == "elu") result["alpha"] = random.pick({0.01, 0.3, 1.0, 0.0});
  if (activation == "prelu") result["slopes"] = row(random, Texture::fractions, n_out);
  return result;
}

}  // namespace

Json network(Random& random, const Shape& shape) {
  Json layers = Json::array();
  std::size_t width = shape.n_features;
  for (std::int64_t hidden = random.between(0, 2); hidden > 0; --hidden) {
    const std::size_t next = random.index(random.chance(0.1) ? 40 : 8) + 1;
    layers.push_back(layer(random, width, next));
    width = next;
  }
  layers.push_back(layer(random, width, shape.n_outputs));
  Json model = {{"kind", "mlp"}, {"layers", layers}};
  if (random.chance(0.3)) {
    model["post_transform"] = {
        {"name", random.pick({"identity", "sigmoid", "softmax", "hinge", "log1p_exp", "log_softmax"})}};
  }
  return model;
}

}  // namespace emlc::random
