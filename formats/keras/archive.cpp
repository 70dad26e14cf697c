#include <fmt/format.h>

#include "codegen/model/error.hpp"
#include "formats/keras/hdf5_file.hpp"
#include "formats/keras/keras_files.hpp"
#include "formats/keras/network.hpp"
#include "formats/keras/zip_file.hpp"

namespace emlc::formats {
namespace {

using keras::Hdf5File;
using keras::Variable;

constexpr const char* weights_file = "model.weights.h5";

json::Fields version_fields(keras::Architecture& into) {
  return {.fields = {{"keras_version", json::Presence::optional, json::text(into.keras_version)}},
          .other_keys = json::OtherKeys::skipped};
}

/// Groups are called by the class of a layer and counted: dense, dense_1, dense_2.
std::string group_of(const Variable& variable) {
  const std::string number = variable.group_index == 0 ? "" : fmt::format("_{}", variable.group_index);
  return fmt::format("layers/{}{}/vars", variable.group, number);
}

std::vector<double> values(const Hdf5File& hdf5, const Variable& variable, std::string_view file) {
  const std::string group = group_of(variable);
  // Keras 3 says whose weights they are.
  const std::string owner = hdf5.text(group, "name").value_or(variable.layer);
  if (owner != variable.layer) {
    throw Error(
        {.file = std::string(file), .field = group},
        fmt::format("has the weights of '{}', expected those of '{}'", printable(owner), printable(variable.layer)));
  }
  return hdf5.numbers(fmt::format("{}/{}", group, variable.index), variable.shape);
}

}  // namespace

Reading read_keras_archive(std::string_view content, std::string_view file, const Supplement& supplement) {
  refuse_supplement(supplement, file);
  keras::Architecture architecture;
  const auto read = [&](const char* name, const json::Shape& shape) {
    json::read(keras::unzipped(content, file, name), fmt::format("{}/{}", file, name), shape,
               {.syntax = json::Syntax::lenient});
  };
  read("config.json", keras::architecture_shape(architecture));
  read("metadata.json", json::object(architecture, version_fields));
  const std::string weights = keras::unzipped(content, file, weights_file);
  const std::string weights_place = fmt::format("{}/{}", file, weights_file);
  const Hdf5File hdf5(weights, weights_place);
  if (!hdf5.has("layers")) {
    throw Error(
        {.file = weights_place, .field = "layers"},
        "is not there: Keras before 2.15 named groups otherwise; save the model as .h5, or again with a newer Keras");
  }
  return keras::build(
      architecture, [&](const Variable& variable) { return values(hdf5, variable, weights_place); }, file);
}

}  // namespace emlc::formats
