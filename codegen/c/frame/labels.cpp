#include "codegen/c/frame/labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/c/common/template.hpp"
#include "codegen/model/error.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

constexpr std::size_t longest_name = 4000;  ///< C99 compilers take literals of 4095 characters

/// Class names of all targets, and where each target begins.
struct ClassNames {
  std::vector<std::string> names;
  std::vector<std::size_t> first;  ///< [n_targets + 1]
};

ClassNames class_names_of(const model::Model& model) {
  ClassNames result;
  const auto& targets = model.output.targets;
  for (std::size_t target = 0; target < targets.size(); ++target) {
    result.first.push_back(result.names.size());
    for (const std::string& name : model::class_names(model, target)) {
      if (name.size() > longest_name) {
        throw Error({.file = "", .field = fmt::format("output.targets[{}].class_names", target)},
                    fmt::format("a name has {} bytes, a header takes at most {}", name.size(), longest_name));
      }
      result.names.push_back(name);
    }
  }
  result.first.push_back(result.names.size());
  return result;
}

std::string literal_lines(const std::vector<std::string>& names, std::string_view indentation) {
  std::vector<std::string> literals;
  literals.reserve(names.size());
  for (const std::string& name : names) literals.push_back(fmt::format("{}{}", indentation, string_literal(name)));
  return fmt::format("{}", fmt::join(literals, ",\n"));
}

/// Class names in a table of characters, which AVR can have in program memory.
struct NameTable {
  std::string count, length;  ///< as C
};

std::string array_of_names(const ClassNames& classes, const NameTable& table, const EmitConfig& config,
                           const Names& names) {
  if (config.class_names == ClassNameForm::function) return "";
  const bool is_shared = !config.source_file.empty();
  return fill(templates::class_names_h, std::array<TemplateValue, 6>{{
                                            {"comment", classes.first.size() == 2 ? "" : ", target after target"},
                                            {"table", names.macro + (is_shared ? "SHARED_TABLE" : "TABLE")},
                                            {"symbol", names.symbol},
                                            {"count", table.count},
                                            {"length", table.length},
                                            {"names", literal_lines(classes.names, "  ")},
                                        }}) +
         "\n";
}

std::string c_class_names(const model::Model& model, const EmitConfig& config) {
  const Names names = names_of(model, config);
  const ClassNames classes = class_names_of(model);
  const bool is_single = model.output.targets.size() == 1;
  std::size_t length = 0;
  for (const std::string& name : classes.names) length = std::max(length, name.size() + 1);
  const NameTable table = {is_single ? names.macro + "N_CLASSES" : fmt::to_string(classes.names.size()),
                           fmt::to_string(length)};
  const std::string array = array_of_names(classes, table, config, names);
  const std::string own = array.empty() ? fmt::format("  {}TABLE char names[{}][{}] = {{\n{}\n  }};", names.macro,
                                                      table.count, table.length, literal_lines(classes.names, "    "))
                                        : "";
  std::vector<TemplateValue> values = {{"symbol", names.symbol},
                                       {"macro", names.macro},
                                       {"own_names", own},
                                       {"array", array.empty() ? "names" : names.symbol + "class_names"}};
  if (is_single) return array + fill(templates::class_name_h, values);
  values.emplace_back("first", fmt::format("{}", fmt::join(classes.first, ", ")));
  return array + fill(templates::class_name_of_target_h, values);
}

std::string class_names_text(const model::Model& model, const EmitConfig& config) {
  const auto& targets = model.output.targets;
  const auto is_named = [](const model::Target& target) { return !target.class_names.empty(); };
  if (model.output.rule == model::DecisionRule::none || std::none_of(targets.begin(), targets.end(), is_named)) {
    return "";
  }
  if (config.language == Language::c) return c_class_names(model, config);
  const ClassNames classes = class_names_of(model);
  const std::string comment = targets.size() == 1 ? "" : ", target after target";
  return fill(templates::class_names_hpp,
              std::array<TemplateValue, 3>{{{"comment", comment},
                                            {"n_names", fmt::to_string(classes.names.size())},
                                            {"names", literal_lines(classes.names, "    ")}}});
}

std::string feature_names_text(const model::Model& model, const EmitConfig& config) {
  if (model.input.feature_names.empty()) return "";
  const Names names = names_of(model, config);
  const bool is_c = config.language == Language::c;
  std::vector<std::string> lines;
  for (const std::string& name : unique_identifiers(model.input.feature_names)) {
    const std::string enumerator = is_c ? names.macro + "FEATURE_" + upper_case(name) : "feature_" + name;
    lines.push_back(fmt::format("  {} = {}", enumerator, lines.size()));
  }
  return fmt::format("{}\nenum {}feature_index{} {{\n{}\n}};\n",
                     is_c ? "/* Where each feature is in x. */" : "/// Where each feature is in x.", names.symbol,
                     is_c ? "" : " : std::size_t", fmt::join(lines, ",\n"));
}

}  // namespace

std::string labels_text(const model::Model& model, const EmitConfig& config) {
  const std::string classes = class_names_text(model, config);
  const std::string features = feature_names_text(model, config);
  return classes + (classes.empty() || features.empty() ? "" : "\n") + features;
}

}  // namespace emlc::c
