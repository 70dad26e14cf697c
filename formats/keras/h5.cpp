#include <fmt/format.h>

#include "codegen/model/error.hpp"
#include "formats/keras/hdf5_file.hpp"
#include "formats/keras/keras_files.hpp"
#include "formats/keras/network.hpp"

namespace emlc::formats {
namespace {

using keras::Hdf5File;
using keras::Variable;

/// `sequential/dense/kernel` and `dense/kernel:0` are called kernel.
std::string_view last_name(std::string_view weight) {
  const std::size_t slash = weight.rfind('/');
  if (slash != std::string_view::npos) weight.remove_prefix(slash + 1);
  return weight.substr(0, weight.find(':'));
}

/// The dataset of a variable: the group of its layer lists the names below it.
std::vector<double> values(const Hdf5File& hdf5, const Variable& variable, std::string_view file) {
  const std::string group = fmt::format("model_weights/{}", variable.layer);
  std::vector<std::string> paths;
  for (const std::string& weight : hdf5.texts(group, "weight_names")) {
    if (last_name(weight) == variable.name) paths.push_back(fmt::format("{}/{}", group, weight));
  }
  if (paths.size() == 1) return hdf5.numbers(paths.front(), variable.shape);
  throw Error({.file = std::string(file), .field = printable(group)},
              fmt::format("has {} weights called '{}', expected 1", paths.size(), variable.name));
}

}  // namespace

Reading read_keras_h5(std::string_view content, std::string_view file, const Supplement& supplement) {
  refuse_supplement(supplement, file);
  const Hdf5File hdf5(content, file);
  const auto config = hdf5.text("", "model_config");
  if (!config) {
    throw Error({.file = std::string(file)},
                "has no architecture (attribute model_config), only weights perhaps; save the whole model with Keras: "
                "model.save('m.keras')");
  }
  keras::Architecture architecture;
  json::read(*config, fmt::format("{}/model_config", file), keras::architecture_shape(architecture),
             {.syntax = json::Syntax::lenient});
  architecture.keras_version = hdf5.text("", "keras_version").value_or(architecture.keras_version);
  return keras::build(
      architecture, [&](const Variable& variable) { return values(hdf5, variable, file); }, file);
}

}  // namespace emlc::formats
