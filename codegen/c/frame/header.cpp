#include "codegen/c/frame/header.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "codegen/c/common/unused.hpp"
#include "codegen/c/frame/estimate.hpp"
#include "codegen/c/frame/feature_codes.hpp"
#include "codegen/c/frame/functions.hpp"
#include "codegen/c/frame/kinds.hpp"
#include "codegen/c/frame/labels.hpp"
#include "codegen/c/frame/sections.hpp"
#include "codegen/c/frame/usage.hpp"
#include "codegen/c/signal/signal.hpp"
#include "codegen/layout/decision.hpp"
#include "codegen/signal/decision/decision.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

/// What declarations need: `body` is those that may say string_view.
struct Includes {
  std::string language, code;  ///< in this order, and then standard_includes
};
constexpr std::string_view libm = "math.h";
constexpr std::string_view standard_includes = "#include <stddef.h>\n#include <stdint.h>\n";

Includes includes_of(const Core& core, Language language, std::string_view body) {
  Includes includes;
  if (language == Language::cpp) includes.language += "#include <array>\n#include <cstddef>\n";
  if (body.find("string_view") != std::string_view::npos) includes.language += "#include <string_view>\n";
  for (const std::string& file : core.headers) {
    if (file != libm) includes.code += fmt::format("#include <{}>\n", file);
  }
  if (call_libm(core.helpers) || core.headers.contains(std::string(libm))) includes.code += "#include <math.h>\n";
  return includes;
}

/// `text` with one line end at its end: the templates put the blank lines between sections.
std::string section(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text.empty() ? text : text + '\n';
}

bool is_decided_on_raw(const model::Model& model) {
  if (model.output.rule == model::DecisionRule::none) return false;
  if (model.output.rule == model::DecisionRule::argmax) return layout::argmax_is_on_raw(model);
  return layout::raw_comparison(model.output, layout::post_transform_of(model)).has_value();
}

/// If/else code of trees counts itself; what it leaves out is `calls_library`.
void add_estimates(layout::Artifact& artifact, Core& core, const model::Model& model, const Names& names,
                   Optimize optimize) {
  if (core.code_estimates.empty()) {
    add_code_estimates(core, model, names, optimize);
  } else {
    // Where what is in front of the post-transform decides, only other functions call it.
    const bool calls_libm = call_libm(core.helpers) && !core.has_decide && !is_decided_on_raw(model);
    artifact.calls_library = calls_libm || !takes_inputs(model);
  }
  // No constants are fitted to the code of steps.
  artifact.calls_library = artifact.calls_library || !model.steps.empty() || core.leaves_code_out;
  artifact.code_estimates = core.code_estimates;
  artifact.parts = core.parts;
}

/// All that is printed of a model, by what it is; each has its line ends.
struct Texts {
  const EmitConfig& config;
  const Names& names;
  const Core& core;
  std::string banner, constants, types, definitions, api, labels, table_macros;
  Includes includes;
  std::vector<Paragraph> paragraphs{};  ///< of api and labels
  std::string usage{};
};

/// What becomes of the answers about windows.
std::optional<DecisionCode> decision_code_of(const model::Model& model, const EmitConfig& config, const Names& names) {
  if (config.decision == nullptr) return std::nullopt;
  const std::int32_t hold = signal::hold_windows(*config.decision, *config.signal);
  const auto n_classes = static_cast<std::int32_t>(model::class_names(model, 0).size());
  return decision_code(*config.decision, hold, n_classes, names);
}

/// The one output as a value.
std::string one_output_text(const Names& names) {
  Printer out;
  out.line("{} float {}outputs_1_(const {} *x) {{", names.function, names.symbol, names.feature);
  out.line("  float out;");
  out.line("  {}outputs_(x, &out);", names.symbol);
  out.line("  return out;");
  out.line("}}");
  return out.text();
}

/// The trees that compare ranks, behind those that compare features; a compiler drops the ones that nobody calls.
void add_ranked_model(Core& core, const EmitConfig& config) {
  model::Model model = config.folded->model;
  prepare(model);
  const EmitConfig ranked = ranked_config(config);
  const Names names = names_of(model, ranked);
  Core own = core_of(model, ranked, names);
  add_code_estimates(own, model, names, config.optimize);
  core.parts = own.parts;  // of what decides, which leaves the other trees to those who call predict
  core.code_estimates = own.code_estimates;
  core.prologue += own.prologue + table_macros(names, own.definitions);
  core.helpers.insert(own.helpers.begin(), own.helpers.end());
  core.headers.insert(own.headers.begin(), own.headers.end());
  core.ram = std::max(core.ram, own.ram);
  core.frames = std::max(core.frames, own.frames);
  core.has_unused = core.has_unused || own.has_unused;
  core.definitions += "\n" + own.definitions;
  if (api_of(model).form == ApiForm::one_value) core.definitions += "\n" + one_output_text(names);
}

/// Thresholds, and the code of push and of what looks at a window with that of the model.
void add_signal_sizes(Core& core, const SignalCode& signal) {
  for (layout::CodeEstimate& estimate : core.code_estimates) {
    for (const layout::CodeEstimate& own : signal.code_estimates) {
      if (own.target == estimate.target) estimate.bytes += own.bytes;
    }
  }
  for (layout::Part& part : core.parts) {
    if (part.name == code_part) part.bytes = core.code_estimates.front().bytes;
  }
  if (signal.table_bytes == 0) return;
  const auto code =
      std::find_if(core.parts.begin(), core.parts.end(), [](const auto& part) { return part.name == code_part; });
  core.parts.insert(code, {"thresholds", signal.table_bytes});
}

/// What makes the features of samples stands behind the model.
SignalCode add_signal(Core& core, const model::Model& model, const EmitConfig& config, const Names& names) {
  if (config.signal == nullptr) return {};
  const std::optional<DecisionCode> decision = decision_code_of(model, config, names);
  if (decides_by_ranks(config)) {
    add_ranked_model(core, config);
  } else {
    add_code_estimates(core, model, names, config.optimize);
  }
  SignalCode code = emit_signal(
      decides_by_ranks(config) ? signal::join(*config.signal, *config.folded) : signal::Joined{.plan = *config.signal},
      names, config.language, decision ? &*decision : nullptr);
  core.definitions += "\n" + code.definitions;
  core.headers.insert(code.headers.begin(), code.headers.end());
  core.facts.insert(core.facts.end(), code.facts.begin(), code.facts.end());
  core.leaves_code_out = true;  // no constants are fitted to it
  add_signal_sizes(core, code);
  core.notes.push_back(
      fmt::format("A stream takes {} bytes of state, and about {} on the stack while a window is looked at.",
                  code.state_bytes, code.stack_bytes));
  if (config.decision != nullptr) {
    core.notes.push_back(fmt::format("Decisions: {}.", signal::description(*config.decision, *config.signal)));
  }
  return code;
}

Texts texts_of(const model::Model& model, const EmitConfig& config, const Names& names, const Core& core,
               const SignalCode& signal) {
  Texts texts{.config = config,
              .names = names,
              .core = core,
              .banner = banner_text(model, config, core),
              .constants = constants_text(model, core, names, config.language),
              .types = types_text(model, names, config.language) + signal.types,
              .definitions = section(definitions_text(core, names)),
              .api = api_text(model, config),
              .labels = labels_text(model, config),
              .table_macros = {},
              .includes = {}};
  if (core.has_unused) texts.definitions = section(without_unused(texts.definitions, texts.api, names));
  texts.table_macros = table_macros(names, texts.definitions + texts.labels + texts.api);
  texts.includes = includes_of(core, config.language, texts.labels);
  texts.paragraphs = paragraphs_of(fmt::format("{}\n{}", texts.api, texts.labels), names);
  texts.usage = usage_text(model, config, prototypes(texts.paragraphs));
  return texts;
}

/// The template of a language.
struct Templates {
  std::string_view c, cpp;
  [[nodiscard]] std::string_view of(Language language) const { return language == Language::c ? c : cpp; }
};

/// A header that defines all it declares.
std::string whole_header(const Texts& texts) {
  const Includes& includes = texts.includes;
  std::vector<TemplateValue> values = {
      {"banner", texts.banner},
      {"name", texts.config.name},
      {"macro", texts.names.macro},
      {"includes", fmt::format("{}{}{}{}", includes.language, includes.code, standard_includes, texts.core.prologue)},
      {"constants", texts.constants},
      {"types", texts.types},
      {"table_macros", texts.table_macros},
      {"definitions", texts.definitions},
      {"api", texts.api},
      {"labels", texts.labels},
  };
  values.emplace_back("number", number_of(values));
  values.emplace_back("usage", texts.usage);
  return fill(Templates{templates::header_h, templates::header_hpp}.of(texts.config.language), values);
}

/// A header that declares, and the source with its definitions.
struct Pair {
  std::string header, source;
};

Pair pair_of(const Texts& texts) {
  const EmitConfig& config = texts.config;
  // The size of the state may be a macro of the prologue, which else is for the definitions alone.
  const bool declares_prologue = !texts.core.ram_code.empty();
  const std::string& prologue = texts.core.prologue;
  std::vector<TemplateValue> header = {
      {"banner", fmt::format("{}\n * Its functions are defined in {}.", texts.banner, config.source_file)},
      {"name", config.name},
      {"macro", texts.names.macro},
      {"includes",
       fmt::format("{}{}{}", texts.includes.language, standard_includes, declares_prologue ? prologue : "")},
      {"constants", texts.constants},
      {"types", texts.types},
      {"api", declarations(texts.paragraphs)},
  };
  std::vector<TemplateValue> source = {
      {"banner", fmt::format("{}\n * The definitions of {}.", texts.banner, config.header_file)},
      {"macro", texts.names.macro},
      {"header", config.header_file},
      {"includes", texts.includes.code + (declares_prologue ? "" : prologue)},
      {"table_macros", texts.table_macros},
      {"definitions", texts.definitions},
      {"api", definitions(texts.paragraphs)},
  };
  if (config.language == Language::cpp) source.emplace_back("name", config.name);
  std::vector<TemplateValue> all = header;
  all.insert(all.end(), source.begin(), source.end());
  const std::string number = number_of(all);
  header.emplace_back("number", number);
  header.emplace_back("usage", texts.usage);
  source.emplace_back("number", number);
  return {fill(Templates{templates::pair_header_h, templates::pair_header_hpp}.of(config.language), header),
          fill(Templates{templates::pair_source_c, templates::pair_source_cpp}.of(config.language), source)};
}

}  // namespace

layout::Artifact emit_header(const model::Model& original, const EmitConfig& config) {
  check_names(config);
  model::Model model = original;
  model.test_vectors = {};
  prepare(model);
  const Names names = names_of(model, config);
  EmitConfig of_model = config;
  if (decides_by_ranks(config)) of_model.decision = nullptr;  // it is the other trees that vote
  Core core = core_of(model, of_model, names);
  const SignalCode signal = add_signal(core, model, config, names);
  add_feature_codes(core, model, names);
  layout::Artifact artifact;
  add_estimates(artifact, core, model, names, config.optimize);
  const Texts texts = texts_of(model, config, names, core, signal);
  std::string().swap(core.definitions);  // they are in the texts: of large models no second copy is kept
  if (config.source_file.empty()) {
    artifact.bytes = whole_header(texts);
  } else {
    Pair pair = pair_of(texts);
    artifact.bytes = std::move(pair.header);
    artifact.beside = std::move(pair.source);
  }
  // A window is looked at before the model is asked.
  artifact.ram = std::max(core.ram + core.frames, signal.stack_bytes) + signal.state_bytes;
  artifact.input_type = input_c_type(model);
  artifact.sum_type = core.sum_type;
  artifact.warnings = core.warnings;
  // The macros of tables that are inside of a combination are in front of all, in the prologue.
  const bool has_tables = !texts.table_macros.empty() || core.prologue.find("_TABLE ") != std::string::npos;
  if (!config.section.empty() && !has_tables) {
    artifact.warnings.push_back(
        fmt::format("the section {} stays empty: this header has no tables, only code", config.section));
  }
  if (config.class_names == ClassNameForm::array && texts.labels.find("class_names") == std::string::npos) {
    artifact.warnings.emplace_back("the model has no class names, so the header has no array of them");
  }
  return artifact;
}

}  // namespace emlc::c
