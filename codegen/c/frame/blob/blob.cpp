#include "codegen/c/frame/blob/blob.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codegen/c/common/names.hpp"
#include "codegen/c/common/tables.hpp"
#include "codegen/c/common/template.hpp"
#include "codegen/c/frame/sections.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

/// The bytes in lines of `0x4d, 0x41, ...`.
std::string data_text(std::string_view bytes) {
  constexpr std::size_t per_line = 16;
  std::string text;
  text.reserve(bytes.size() * 6 + bytes.size() / per_line * 3);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text += i % per_line == 0 ? "    " : " ";
    fmt::format_to(std::back_inserter(text), "0x{:02x},", static_cast<unsigned char>(bytes[i]));
    if (i % per_line == per_line - 1 || i + 1 == bytes.size()) text += '\n';
  }
  return text;
}

/// What the user of the blob needs to know when the program is compiled.
std::string constants(const layout::Artifact& blob, const model::Model& model, const std::string& macro) {
  std::string text;
  if (!takes_signals(model)) {
    text += fmt::format("#define {0}N_FEATURES {1}\n#define {0}N_OUTPUTS {2}\n", macro, model.input.n_features,
                        model.output.n_outputs);
  }
  text += fmt::format("#define {}BYTES {} /* in flash */\n", macro, blob.bytes.size());
  return text + fmt::format("#define {}WORK_BYTES {} /* {} */\n", macro, blob.ram,
                            takes_signals(model) ? "state of one signal" : "working memory of emlc_run");
}

/// How the array is declared, with the macros that it needs.
std::string declaration_macros(const Names& names) {
  if (names.section.empty()) return fmt::format("#define {0}TABLE {0}ALIGN const\n", names.macro);
  return fmt::format(
      "#if !defined({0}SECTION) && defined(__AVR__)\n"
      "#define {0}SECTION /* the runtime reads RAM, and a section would be in flash */\n"
      "#endif\n"
      "{1}"
      "#define {0}TABLE {0}ALIGN {0}SECTION const\n",
      names.macro, section_macro(names));
}

std::string banner(const layout::Artifact& blob, const model::Model& model, const EmitConfig& config) {
  return banner_text(config, {.title = fmt::format("{}, a .tmdl blob", model::kind_name(model)),
                              .parts = blob.parts,
                              .ram = blob.ram,
                              .memory = takes_signals(model) ? "for each signal" : "from the caller"});
}

}  // namespace

layout::Artifact blob_in_c(layout::Artifact blob, const model::Model& model, const EmitConfig& config) {
  check_names(config);
  const std::string problem = file_name_problem(config.header_file);
  if (!problem.empty()) throw Error({.field = "--output"}, problem);
  // Macros of its own, so that a header of the same model and the blob go into one program.
  Names names;
  names.macro = upper_case(config.name) + "_BLOB_";
  names.section = config.section;
  const std::string about = banner(blob, model, config), size = fmt::to_string(blob.bytes.size());
  std::vector<TemplateValue> header = {
      {"banner", fmt::format("{}\n * The blob is in the source that was written with this header.", about)},
      {"name", config.name},
      {"macro", names.macro},
      {"constants", constants(blob, model, names.macro)},
      {"bytes", size},
  };
  std::vector<TemplateValue> source = {
      {"banner", fmt::format("{}\n * Declared in {}.", about, config.header_file)},
      {"name", config.name},
      {"macro", names.macro},
      {"header", config.header_file},
      {"section", declaration_macros(names)},
      {"bytes", size},
      {"data", data_text(blob.bytes)},
  };
  std::vector<TemplateValue> all = header;
  all.insert(all.end(), source.begin(), source.end());
  const std::string number = number_of(all);
  header.emplace_back("number", number);
  source.emplace_back("number", number);
  blob.beside = fill(templates::blob_header_h, header);
  blob.bytes = fill(templates::blob_source_c, source);
  return blob;
}

}  // namespace emlc::c
