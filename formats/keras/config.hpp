#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "formats/text/json_shape.hpp"

/// What Keras writes of an architecture, in JSON: the same in model.json of TensorFlow.js, in .h5 and in .keras, with
/// the differences of Keras 1, 2 and 3.
namespace emlc::formats::keras {

/// A value of a layer's config, whatever its type.
struct Setting {
  json::Type type = json::Type::null;
  double number = 0.0;            ///< of a number; 0 or 1 of a boolean
  std::string text{};             ///< a text; of an object its config where that is a text
  std::string class_name{};       ///< of an object
  std::string name{};             ///< of an object: the one in its config
  std::vector<double> numbers{};  ///< of a list, lists in it put together, and of an array in an object; null is NaN
};

/// Where a layer is called in a functional model.
struct Node {
  std::vector<std::string> producers{};  ///< names of the layers whose outputs it takes
};

struct Layer {
  std::string class_name, name;
  std::map<std::string, Setting, std::less<>> settings{};  ///< of those that any layer here has a use for
  std::vector<double> build_shape{};                       ///< of its input, the batch first; empty: not said
  std::vector<Node> nodes{};
};

struct Architecture {
  std::string class_name{};  ///< Sequential, Functional, Model
  std::vector<Layer> layers{};
  std::vector<std::string> inputs{}, outputs{};  ///< of a functional model: names of layers
  std::vector<double> build_shape{};
  std::string keras_version{};  ///< empty: not said
};

/// The object {class_name, config}, perhaps inside of `model_config`. `into` has to outlive the reading.
json::Shape architecture_shape(Architecture& into);

/// The setting, or nullptr where the layer has none or null.
const Setting* find(const Layer& layer, std::string_view key);

}  // namespace emlc::formats::keras
