#include "cli/compile/output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include "cli/console/files.hpp"
#include "codegen/c/frame/blob/blob.hpp"
#include "codegen/model/error.hpp"
#include "codegen/py/frame/module.hpp"
#include "formats/text/text.hpp"
#include "formats/writers.hpp"

namespace emlc::cli {
namespace {

layout::Artifact emit_c(const model::Model& model, const c::EmitConfig& config) {
  return c::emit_header(model, config);
}

layout::Artifact emit_cpp(const model::Model& model, const c::EmitConfig& config) {
  c::EmitConfig cpp = config;
  cpp.language = c::Language::cpp;
  return c::emit_header(model, cpp);
}

/// After the passes features are double where --features says so.
void require_no_doubles(const model::Model& model, std::string_view output) {
  if (model.input.type != model::NumberType::float64) return;
  throw Error({.field = "--features"},
              fmt::format("{} holds no double; write c or cpp, or take --features float", output));
}

layout::Artifact emit_csv(const model::Model& model, const c::EmitConfig& /*config*/) {
  require_no_doubles(model, "a CSV");
  return formats::write_csv(model);
}

layout::Artifact emit_tmdl(const model::Model& model, const c::EmitConfig& config) {
  require_no_doubles(model, "a .tmdl");
  return formats::write_tmdl(model, config.tmdl, {config.signal, config.decision});
}

layout::Artifact emit_tmdl_c(const model::Model& model, const c::EmitConfig& config) {
  return c::blob_in_c(emit_tmdl(model, config), model, config);
}

bool is_one_of(std::string_view extension, std::string_view list) {
  const auto extensions = formats::split_fields(list, ' ');
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

}  // namespace

std::span<const Output> all_outputs() {
  static constexpr std::array outputs = {
      Output{"c", "C99 header that is also valid C++11, self-contained", ".h", Content::text, ReadsBack::no,
             c::Language::c, ".c", "", emit_c, run_c_header, run_c_stream},
      Output{"cpp", "C++17 header with a namespace, self-contained", ".hpp .hh .hxx", Content::text, ReadsBack::no,
             c::Language::cpp, ".cpp .cc .cxx", "", emit_cpp, run_cpp_header, run_cpp_stream},
      Output{"csv", "text that the runtime and emlearn-micropython load", ".csv", Content::text, ReadsBack::yes,
             std::nullopt, "", "", emit_csv, run_csv},
      Output{"tmdl", "blob that the runtime runs in place, networks also TinyMaix", ".tmdl", Content::binary,
             ReadsBack::yes, std::nullopt, "", "", emit_tmdl, run_tmdl, run_tmdl_stream},
      Output{"tmdl-c", "the same blob as a constant: a C source, and the header that declares it", ".c", Content::text,
             ReadsBack::yes, std::nullopt, "", ".h", emit_tmdl_c, run_tmdl, run_tmdl_stream},
      Output{"py", "MicroPython module of one file without native code, also for CPython", ".py", Content::text,
             ReadsBack::no, std::nullopt, "", "", py::emit_module, run_py},
  };
  return outputs;
}

const Output& output_called(std::string_view name) {
  const auto outputs = all_outputs();
  const auto found =
      std::find_if(outputs.begin(), outputs.end(), [&](const Output& output) { return output.name == name; });
  if (found == outputs.end()) throw std::logic_error("no output of that name");
  return *found;
}

const Output& output_of_file(const std::string& path) {
  const auto outputs = all_outputs();
  const auto found = std::find_if(outputs.begin(), outputs.end(),
                                  [&](const Output& output) { return is_one_of(extension(path), output.extensions); });
  if (found != outputs.end()) return *found;
  std::vector<std::string_view> known;
  for (const Output& output : outputs) known.push_back(output.name);
  throw Error({.file = {}, .line = 0, .field = "--to"},
              fmt::format("the name '{}' does not tell what to write; give one of {}", printable(path),
                          fmt::join(known, ", ")));
}

std::string header_path(const Output& output, const std::string& path) {
  if (output.header_extension.empty()) return path;
  const std::string found = extension(path);
  if (path == standard_stream || !is_one_of(found, output.extensions)) {
    throw Error({.file = {}, .line = 0, .field = "--to"},
                fmt::format("a {} is a source and the header beside it: expected a name that ends in {}, found '{}'",
                            output.name, output.extensions, printable(path)));
  }
  return fmt::format("{}{}", path.substr(0, path.size() - found.size()), output.header_extension);
}

bool is_source_of(const Output& output, std::string_view extension) {
  return is_one_of(extension, output.source_extensions);
}

}  // namespace emlc::cli
