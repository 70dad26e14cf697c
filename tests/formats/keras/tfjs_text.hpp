#pragma once

#include <fmt/format.h>

#include <bit>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/error.hpp"
#include "formats/format.hpp"

/// Small models as TensorFlow.js writes them, put together from their layers and weights.
namespace emlc::formats::keras_test {

struct Weight {
  std::string name;  ///< `d/kernel`
  std::vector<int> shape{};
  std::vector<float> values{};
};

inline std::string bytes_of(const std::vector<Weight>& weights) {
  std::string bytes;
  for (const Weight& weight : weights) {
    for (const float value : weight.values) {
      const auto bits = std::bit_cast<std::uint32_t>(value);
      for (int byte = 0; byte < 4; ++byte) bytes += static_cast<char>(bits >> (8 * byte) & 0xFFU);
    }
  }
  return bytes;
}

inline std::string manifest_of(const std::vector<Weight>& weights) {
  std::vector<std::string> entries;
  for (const Weight& weight : weights) {
    entries.push_back(
        fmt::format(R"({{"name":"{}","shape":[{}],"dtype":"float32"}})", weight.name, fmt::join(weight.shape, ",")));
  }
  return fmt::format(R"([{{"paths":["w.bin"],"weights":[{}]}}])", fmt::join(entries, ","));
}

/// A layer: `layer("Dense", "d", R"("units":2)")`.
inline std::string layer(std::string_view class_name, std::string_view name, std::string_view config = {}) {
  return fmt::format(R"({{"class_name":"{}","config":{{"name":"{}"{}{}}}}})", class_name, name,
                     config.empty() ? "" : ",", config);
}

struct Files {
  std::string model, weights;
};

/// @param topology  the object `modelTopology`
inline Files files(std::string_view topology, const std::vector<Weight>& weights) {
  return {fmt::format(R"({{"format":"layers-model","modelTopology":{},"weightsManifest":{}}})", topology,
                      manifest_of(weights)),
          bytes_of(weights)};
}

/// A Sequential model whose input has the shape.
inline Files sequential(std::string_view shape, const std::vector<std::string>& layers,
                        const std::vector<Weight>& weights, std::string_view version = "tfjs-layers 4.22.0") {
  return files(
      fmt::format(R"({{"class_name":"Sequential","config":{{"name":"s","layers":[{}{}{}]}},"keras_version":"{}"}})",
                  layer("InputLayer", "in", fmt::format(R"("batch_input_shape":[null,{}])", shape)),
                  layers.empty() ? "" : ",", fmt::join(layers, ","), version),
      weights);
}

inline Reading read(const Files& from) {
  return recognise(from.model, "m.json").read(from.model, "m.json", {.files = {{"w.bin", from.weights}}});
}

inline std::string refusal(const Files& from) {
  try {
    read(from);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace emlc::formats::keras_test
