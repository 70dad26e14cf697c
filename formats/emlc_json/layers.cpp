#include <fmt/format.h>

#include <array>
#include <utility>

#include "formats/emlc_json/build.hpp"

namespace emlc::formats::emlc_json {
namespace {

bool takes_alpha(model::Activation activation) {
  return activation == model::Activation::leaky_relu || activation == model::Activation::elu;
}

void check_slopes(const Source& source, const model::DenseLayer& layer, const Keys& keys, const std::string& path) {
  const bool takes_slopes = layer.activation == model::Activation::prelu;
  if (takes_slopes && !has(keys, "slopes")) source.fail(path, "the activation 'prelu' needs the key 'slopes'");
  if (!takes_slopes && has(keys, "slopes")) {
    source.fail(path + ".slopes", fmt::format("the activation '{}' takes no slopes", name(layer.activation)));
  }
}

model::DenseLayer build_layer(const Source& source, DenseLayer& document, const std::string& path) {
  if (document.weights.empty()) source.fail(path + ".weights", "there is no row");
  const std::size_t n_in = document.weights.front().size();
  model::DenseLayer layer{.n_in = static_cast<std::int32_t>(n_in),
                          .n_out = static_cast<std::int32_t>(document.weights.size()),
                          .weights = {},
                          .bias = std::move(document.bias),
                          .activation = document.activation,
                          .alpha = document.alpha,
                          .slopes = std::move(document.slopes)};
  layer.weights.reserve(n_in * document.weights.size());
  for (std::size_t row = 0; row < document.weights.size(); ++row) {
    const std::vector<double> weights = std::exchange(document.weights[row], {});
    if (weights.size() != n_in) {
      source.fail(fmt::format("{}.weights[{}]", path, row),
                  fmt::format("has {} numbers, the first row has {}", weights.size(), n_in));
    }
    layer.weights.insert(layer.weights.end(), weights.begin(), weights.end());
  }
  const bool has_alpha = has(document.keys, "alpha");
  if (takes_alpha(layer.activation) && !has_alpha) {
    source.fail(path, fmt::format("the activation '{}' needs the key 'alpha'", name(layer.activation)));
  }
  if (!takes_alpha(layer.activation) && layer.alpha != 0.0) {
    source.fail(path + ".alpha", fmt::format("the activation '{}' takes no alpha", name(layer.activation)));
  }
  check_slopes(source, layer, document.keys, path);
  return layer;
}

}  // namespace

model::PostTransform build_post_transform(const Source& source, const Part& part) {
  const PostTransform& document = part.part->post_transform;
  const bool is_isolation = document.value.kind == model::PostTransformKind::isolation;
  for (const std::string_view key : {"denominator", "offset"}) {
    if (has(document.keys, key) && !is_isolation) {
      source.fail(fmt::format("{}.post_transform.{}", part.path, key),
                  fmt::format("'{}' takes none, only 'isolation' does", name(document.value.kind)));
    }
  }
  if (is_isolation && !has(document.keys, "denominator")) {
    source.fail(part.path + ".post_transform", "'isolation' needs the key 'denominator'");
  }
  return document.value;
}

model::DenseNetwork build_network(const Source& source, const Part& part) {
  model::DenseNetwork network{.layers = {}, .post_transform = build_post_transform(source, part)};
  for (std::size_t index = 0; index < part.part->layers.size(); ++index) {
    network.layers.push_back(
        build_layer(source, part.part->layers[index], fmt::format("{}.layers[{}]", part.path, index)));
  }
  return network;
}

model::SosCascade build_sos(const Source& source, const Part& part) {
  const Sos& document = part.part->sos;
  model::SosCascade cascade;
  const auto check_row = [&](std::string_view key, std::size_t row, std::size_t size, std::size_t expected) {
    if (size == expected) return;
    source.fail(fmt::format("{}.{}[{}]", part.path, key, row),
                fmt::format("has {} numbers, expected {}", size, expected));
  };
  for (const std::vector<double>& row : document.sections) {
    check_row("sections", cascade.sections.size(), row.size(), 6);
    cascade.sections.push_back({row[0], row[1], row[2], row[3], row[4], row[5]});
  }
  for (const std::vector<double>& row : document.initial_state) {
    check_row("initial_state", cascade.initial_state.size(), row.size(), 2);
    cascade.initial_state.push_back({row[0], row[1]});
  }
  if (has(part.part->keys, "sample_rate")) {
    if (document.sample_rate <= 0.0) source.fail(part.path + ".sample_rate", "must be above 0");
    cascade.sample_rate = document.sample_rate;
  }
  return cascade;
}

}  // namespace emlc::formats::emlc_json
