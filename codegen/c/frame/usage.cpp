#include "codegen/c/frame/usage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/c/frame/api.hpp"
#include "codegen/c/frame/kinds.hpp"
#include "codegen/c/sos/sos.hpp"
#include "codegen/model/error.hpp"

namespace emlc::c {
namespace {

constexpr std::size_t most_named_features = 2;

/// Prints code of a program around the header, each line behind the star of a comment.
struct Code {
  Printer& out;
  const model::Model& model;
  std::string name;
  Language language;
  bool has_class_names = false;

  [[nodiscard]] bool is_c() const { return language == Language::c; }
  [[nodiscard]] std::string symbol(std::string_view tail) const { return api_symbol(name, language, tail); }
  /// `DIGITS_N_CLASSES`, in C++ `digits::n_classes`.
  [[nodiscard]] std::string constant(std::string_view tail) const {
    return is_c() ? upper_case(fmt::format("{}_{}", name, tail)) : symbol(tail);
  }
  void line(std::string_view text) const { out.line(" *   {}", text); }
  /// A call whose answer is one value: `const int index = digits_predict(x);`.
  void value(std::string_view type, std::string_view variable, std::string_view function) const {
    line(fmt::format("const {} {} = {}(x);", type, variable, symbol(function)));
  }
  /// A call whose answer is an array.
  void array(std::string_view type, std::string_view variable, std::string_view count,
             std::string_view function) const {
    if (!is_c()) return line(fmt::format("const auto {} = {}(x);", variable, symbol(function)));
    line(fmt::format("{} {}[{}];", type, variable, constant(count)));
    line(fmt::format("{}(x, {});", symbol(function), variable));
  }
};

/// Declares x and sets a few features, by their names where they have some.
void print_input(const Code& code) {
  const std::string count = code.constant("n_features"), type = code.symbol("feature");
  code.line(code.is_c() ? fmt::format("{} x[{}] = {{0}};", type, count)
                        : fmt::format("std::array<{}, {}> x{{}};", type, count));
  const std::vector<std::string>& names = code.model.input.feature_names;
  const std::vector<std::string> identifiers = unique_identifiers(names);
  if (names.empty()) return code.line("x[0] = 1;  // and so on");
  const std::size_t n_shown = std::min(names.size(), most_named_features);
  for (std::size_t i = 0; i < n_shown; ++i) {
    std::vector<std::string> remarks;
    if (names[i] != identifiers[i]) remarks.push_back(printable(comment_text(names[i])));  // a unit, for example
    if (i + 1 == n_shown && i + 1 < names.size()) remarks.emplace_back("and so on");
    code.line(fmt::format("x[{}] = 1;{}{}", code.constant("feature_" + identifiers[i]), remarks.empty() ? "" : "  // ",
                          fmt::join(remarks, ", ")));
  }
}

void print_outputs(const Code& code, Outputs outputs, std::string_view count) {
  switch (outputs) {
    case Outputs::none:
      return;
    case Outputs::probabilities:
      return code.array("float", "probabilities", count, "predict_proba");
    case Outputs::scores:
      return code.array("float", "scores", count, "scores");
    case Outputs::score:
    case Outputs::score_and_two:
      return code.value("float", "score", "score");
  }
}

void print_class_name(const Code& code) {
  if (!code.has_class_names) return;
  code.line(code.is_c() ? fmt::format("const char *label = {}(index);", code.symbol("class_name"))
                        : fmt::format("const std::string_view label = {}[static_cast<std::size_t>(index)];",
                                      code.symbol("class_names")));
}

void print_filter(const Code& code, const model::SosCascade& cascade) {
  const std::string sample = filter_types(cascade).sample;
  const std::string_view reference = code.is_c() ? "&" : "";
  code.line(fmt::format("static {} state;  // one for each signal", code.symbol("state")));
  code.line(fmt::format("{}({}state);", code.symbol("init"), reference));
  const std::string rate = cascade.sample_rate ? fmt::format(", at {} Hz", *cascade.sample_rate) : std::string();
  code.line(fmt::format("{} block[64] = {{0}};  // the next samples{}", sample, rate));
  code.line(fmt::format("{}({}state, block, block, 64);  // block by block", code.symbol("filter"), reference));
}

void print_calls(const Code& code, const Api& api) {
  if (api.filter != nullptr) return print_filter(code, *api.filter);
  print_input(code);
  switch (api.form) {
    case ApiForm::one_class:
      code.value("int", "index", "predict");
      print_class_name(code);
      return print_outputs(code, api.outputs, "n_classes");
    case ApiForm::many_classes:
      code.array("int", "classes", "n_targets", "predict");
      return print_outputs(code, api.outputs, "n_outputs");
    case ApiForm::one_value:
      return code.value("float", "y", "predict");
    case ApiForm::many_values:
      return code.array("float", "y", "n_outputs", "predict");
    case ApiForm::transform:
      return code.array("float", "y", "n_outputs", "transform");
    case ApiForm::filter:
      return;
  }
}

/// Frames come in blocks, which may complete several windows.
void print_stream(const Code& code, const Api& api) {
  const std::string_view reference = code.is_c() ? "&" : "";
  const std::string channels = code.constant("n_channels");
  code.line(fmt::format("static {} state;  // one for each stream", code.symbol("state")));
  code.line(fmt::format("{}({}state);", code.symbol("init"), reference));
  code.line(fmt::format("{} frames[64 * {}] = {{0}};  // the next 64 frames", code.symbol("sample"), channels));
  code.line("for (size_t taken = 0; taken < 64;) {");
  code.line(fmt::format("  taken += {}({}state, frames + taken * {}, 64 - taken);", code.symbol("push"), reference,
                        channels));
  code.line(fmt::format("  if (!{}({}state)) continue;", code.symbol("is_complete"), reference));
  if (api.form == ApiForm::one_class || api.form == ApiForm::one_value) {
    code.line(fmt::format("  const {} answer = {}({}state);", api.form == ApiForm::one_class ? "int" : "float",
                          code.symbol("decide"), reference));
    code.line("  (void)answer;  // what it means is for the program to say");
  } else {
    const bool decides = api.form == ApiForm::many_classes;
    const std::string count = code.constant(decides ? "n_targets" : "n_outputs");
    const std::string_view type = decides ? "int" : "float";
    code.line(code.is_c() ? fmt::format("  {} answers[{}];", type, count)
                          : fmt::format("  std::array<{}, {}> answers{{}};", type, count));
    code.line(fmt::format("  {}({}state, answers);", code.symbol("decide"), reference));
  }
  code.line("}");
}

}  // namespace

std::string usage_text(const model::Model& model, const EmitConfig& config,
                       const std::vector<std::string>& prototypes) {
  Printer out;
  const auto& targets = model.output.targets;
  const bool has_names = targets.size() == 1 && !targets[0].class_names.empty();
  const Code code{out, model, config.name, config.language, has_names};
  out.line(" *");
  out.line(" * Functions{}:", code.is_c() ? "" : fmt::format(", in the namespace {}", config.name));
  for (const std::string& prototype : prototypes) code.line(prototype + ";");
  out.line(" * For example:");
  if (config.signal != nullptr) {
    print_stream(code, api_of(model));
  } else {
    print_calls(code, api_of(model));
  }
  std::string text = out.text();
  text.pop_back();  // the template ends the line
  return text;
}

}  // namespace emlc::c
