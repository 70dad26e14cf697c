#include "codegen/c/frame/size_program.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <vector>

#include "codegen/c/common/template.hpp"
#include "codegen/c/frame/kinds.hpp"
#include "codegen/c/sos/sos.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

constexpr std::size_t block = 64;  ///< samples

/// What differs between the forms of the API.
struct Call {
  std::string value;  ///< type of one feature or sample
  std::size_t n_values = 0;
  std::string result = "int32_t";
  std::string statements;
  std::string answers{};  ///< declares emlc_answers, which the caller holds; empty when the call returns its answer
  std::string declarations{};  ///< what the model holds
};

struct Spelling {
  std::string name;
  Language language;

  [[nodiscard]] bool is_c() const { return language == Language::c; }
  [[nodiscard]] std::string symbol(std::string_view tail) const { return api_symbol(name, language, tail); }
  [[nodiscard]] std::string array(std::string_view type, std::size_t n, std::string_view variable) const {
    return is_c() ? fmt::format("{} {}[{}]", type, variable, n)
                  : fmt::format("std::array<{}, {}> {}", type, n, variable);
  }
  /// A function that gives an array of answers.
  void answers(Call& call, std::string_view type, std::string_view function, std::size_t n) const {
    call.answers = array(type, n, "emlc_answers") + ";";
    call.statements = is_c() ? fmt::format("{}(*x, emlc_answers);", symbol(function))
                             : fmt::format("emlc_answers = {}(*x);", symbol(function));
    call.statements += "\n  return 0;";
  }
};

Call filter_call(const Spelling& spelling, const model::SosCascade& cascade) {
  const std::string_view reference = spelling.is_c() ? "&" : "";
  Call call{.value = filter_types(cascade).sample, .n_values = block, .statements = {}};
  call.answers = spelling.array(call.value, block, "emlc_answers") + ";";
  call.declarations = fmt::format("static {} emlc_state;", spelling.symbol("state"));
  call.statements = fmt::format("{}({}emlc_state);\n  {}({}emlc_state, &(*x)[0], &emlc_answers[0], {});\n  return 0;",
                                spelling.symbol("init"), reference, spelling.symbol("filter"), reference, block);
  return call;
}

Call call_of(const model::Model& model, const Spelling& spelling) {
  const Api api = api_of(model);
  if (api.filter != nullptr) return filter_call(spelling, *api.filter);
  Call call{.value = spelling.symbol("feature"),
            .n_values = static_cast<std::size_t>(model.input.n_features),
            .statements = fmt::format("return {}(*x);", spelling.symbol("predict"))};
  const auto n_outputs = static_cast<std::size_t>(model.output.n_outputs);
  switch (api.form) {
    case ApiForm::one_value:
      call.result = "float";
      break;
    case ApiForm::many_classes:
      spelling.answers(call, "int", "predict", model.output.targets.size());
      break;
    case ApiForm::many_values:
      spelling.answers(call, "float", "predict", n_outputs);
      break;
    case ApiForm::transform:
      spelling.answers(call, "float", "transform", n_outputs);
      break;
    case ApiForm::one_class:
    case ApiForm::filter:
      break;
  }
  return call;
}

}  // namespace

std::string make_size_program(const model::Model& model, const std::string& name, Language language,
                              const std::string& header_path) {
  const Spelling spelling{name, language};
  const Call call = call_of(model, spelling);
  const std::string declarations =
      call.declarations.empty() ? call.answers : fmt::format("{}\n{}", call.answers, call.declarations);
  return fill(templates::size_program_c,
              std::vector<TemplateValue>{
                  {"header", header_path},
                  {"row", fmt::format("typedef {};", spelling.array(call.value, call.n_values, "emlc_row"))},
                  {"declarations", declarations},
                  {"value", call.value},
                  {"n_values", fmt::to_string(call.n_values)},
                  {"result", call.result},
                  {"call", std::string(size_program_call)},
                  {"statements", call.statements},
                  {"keep", call.answers.empty() ? "" : "EMLC_KEEP(&emlc_answers);"}});
}

}  // namespace emlc::c
