#include "formats/keras/tfjs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "codegen/model/error.hpp"
#include "formats/keras/network.hpp"

namespace emlc::formats {
namespace {

using json::Fields;
using json::Presence;

struct Entry {
  std::string name, type;
  std::vector<std::int32_t> shape;
  std::vector<std::string_view> keys;
};

struct Group {
  std::vector<std::string> paths;
  std::vector<Entry> entries;
};

struct Document {
  std::string format = "layers-model";
  keras::Architecture architecture;
  std::vector<Group> groups;
};

Fields fields(std::vector<json::Field> known, std::vector<std::string_view>* found = nullptr) {
  return {.fields = std::move(known), .other_keys = json::OtherKeys::skipped, .found = found};
}

Fields entry_fields(Entry& into) {
  return fields({{"name", Presence::required, json::text(into.name)},
                 {"shape", Presence::required, json::integers(into.shape, 0)},
                 {"dtype", Presence::required, json::text(into.type)},
                 {"quantization", Presence::optional, json::anything()}},
                &into.keys);
}

Fields group_fields(Group& into) {
  return fields({{"paths", Presence::required, json::texts(into.paths)},
                 {"weights", Presence::required, json::objects(into.entries, entry_fields)}});
}

Fields document_fields(Document& into) {
  return fields({{"format", Presence::optional, json::text(into.format)},
                 {"modelTopology", Presence::required, keras::architecture_shape(into.architecture)},
                 {"weightsManifest", Presence::required, json::objects(into.groups, group_fields)}});
}

Document parse(std::string_view content, std::string_view file) {
  Document document;
  json::read(content, file, json::object(document, document_fields), {.syntax = json::Syntax::lenient});
  if (document.format == "layers-model") return document;
  throw Error(
      {.file = std::string(file), .field = "format"},
      fmt::format("is '{}', expected 'layers-model': a graph of operations has no layers; convert the Keras model "
                  "with tensorflowjs_converter --output_format tfjs_layers_model",
                  printable(document.format)));
}

/// Only files in the folder of the model.
void check_path(const std::string& path, std::string_view file) {
  const bool is_plain = !path.empty() && path != "." && path != ".." &&
                        path.find_first_of(std::string_view("/\\:\0", 4)) == std::string::npos;
  if (is_plain) return;
  throw Error({.file = std::string(file), .field = "weightsManifest"},
              fmt::format("names '{}', expected the name of a file beside it", printable(path)));
}

struct TypeSize {
  std::string_view type;
  std::size_t bytes;
};
constexpr std::array type_sizes = {TypeSize{"float32", 4}, TypeSize{"int32", 4}, TypeSize{"bool", 1}};

std::size_t bytes_of(const Entry& entry, std::string_view type, const Where& where) {
  const auto* const found =
      std::find_if(type_sizes.begin(), type_sizes.end(), [&](const TypeSize& row) { return row.type == type; });
  if (found == type_sizes.end()) {
    throw Error(where, fmt::format("is of type '{}', only float32 is supported", printable(type)));
  }
  if (std::find(entry.keys.begin(), entry.keys.end(), "quantization") != entry.keys.end()) {
    throw Error(where, "is quantized; convert the model without quantization");
  }
  return found->bytes;
}

/// The weights of all groups, by name, as views of their bytes.
class Manifest {
 public:
  Manifest(const Document& document, std::string_view file, const Supplement& supplement) : file_(file) {
    for (const Group& group : document.groups) add(group, supplement);
  }

  [[nodiscard]] std::vector<double> values(const keras::Variable& variable) const {
    const Place& place = find(variable);
    const std::vector<std::int64_t> shape(place.entry->shape.begin(), place.entry->shape.end());
    if (shape != variable.shape) {
      throw Error(where(*place.entry), fmt::format("has the shape {}, expected {}", keras::shape_text(shape),
                                                   keras::shape_text(variable.shape)));
    }
    if (place.entry->type != "float32") {
      throw Error(where(*place.entry), fmt::format("is of type '{}', expected float32", place.entry->type));
    }
    std::vector<double> values(place.n_bytes / sizeof(float));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = little_endian(place.at + i * sizeof(float));
    return values;
  }

 private:
  struct Place {
    const Entry* entry;
    std::size_t at, n_bytes;  ///< in bytes_
  };

  [[nodiscard]] Where where(const Entry& entry) const {
    return {.file = std::string(file_), .field = fmt::format("weightsManifest '{}'", printable(entry.name))};
  }

  [[nodiscard]] double little_endian(std::size_t at) const {
    std::uint32_t bits = 0;
    for (std::size_t byte = sizeof(float); byte-- != 0;) {
      bits = bits << 8 | static_cast<unsigned char>(bytes_[at + byte]);
    }
    return std::bit_cast<float>(bits);
  }

  void add(const Group& group, const Supplement& supplement) {
    const std::size_t begin = bytes_.size();
    for (const std::string& path : group.paths) {
      const auto found = std::find_if(supplement.files.begin(), supplement.files.end(),
                                      [&](const CompanionFile& beside) { return beside.name == path; });
      if (found == supplement.files.end()) {
        throw Error({.file = std::string(file_)}, fmt::format("its weights are in '{}', which is not given", path));
      }
      bytes_ += found->content;
    }
    std::size_t at = begin;
    for (const Entry& entry : group.entries) {
      const std::size_t n_bytes = size_of(entry, bytes_.size() - at);
      places_.push_back({&entry, at, n_bytes});
      at += n_bytes;
    }
    if (at == bytes_.size()) return;
    throw Error({.file = std::string(file_), .field = "weightsManifest"},
                fmt::format("{} of {} bytes of '{}' are of no weight", bytes_.size() - at, bytes_.size() - begin,
                            fmt::join(group.paths, "', '")));
  }

  [[nodiscard]] std::size_t size_of(const Entry& entry, std::size_t left) const {
    std::size_t n_bytes = bytes_of(entry, entry.type, where(entry));
    for (const std::int32_t extent : entry.shape) {
      n_bytes *= static_cast<std::size_t>(extent);
      if (n_bytes > left) break;
    }
    if (n_bytes <= left) return n_bytes;
    throw Error(where(entry), fmt::format("is longer than the {} bytes that are left of its files", left));
  }

  [[nodiscard]] const Place& find(const keras::Variable& variable) const {
    const std::string name = fmt::format("{}/{}", variable.layer, variable.name);
    const auto is_it = [&](const Place& place) {
      const std::string& found = place.entry->name;
      return found == name || found.ends_with("/" + name);
    };
    const auto found = std::find_if(places_.begin(), places_.end(), is_it);
    const auto refuse = [&](std::string_view problem) {
      throw Error({.file = std::string(file_), .field = fmt::format("weightsManifest '{}'", printable(name))}, problem);
    };
    if (found == places_.end()) refuse("is not there");
    if (std::any_of(found + 1, places_.end(), is_it)) refuse("is there twice");
    return *found;
  }

  std::string_view file_;
  std::string bytes_;
  std::vector<Place> places_;
};

}  // namespace

bool is_tfjs(std::string_view content) {
  const auto has = [content](std::string_view part) { return content.find(part) != std::string_view::npos; };
  return json::first_mark(content) == '{' && has("\"modelTopology\"") && has("\"weightsManifest\"");
}

std::vector<std::string> tfjs_files(std::string_view content, std::string_view file) {
  const Document document = parse(content, file);
  std::vector<std::string> files;
  for (const Group& group : document.groups) {
    for (const std::string& path : group.paths) {
      check_path(path, file);
      if (std::find(files.begin(), files.end(), path) != files.end()) {
        throw Error({.file = std::string(file), .field = "weightsManifest"}, fmt::format("names '{}' twice", path));
      }
      files.push_back(path);
    }
  }
  return files;
}

Reading read_tfjs(std::string_view content, std::string_view file, const Supplement& supplement) {
  refuse_supplement(supplement, file);
  const Document document = parse(content, file);
  const Manifest manifest(document, file, supplement);
  return keras::build(
      document.architecture, [&](const keras::Variable& variable) { return manifest.values(variable); }, file);
}

}  // namespace emlc::formats
