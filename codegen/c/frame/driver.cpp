#include "codegen/c/frame/driver.hpp"

#include <fmt/format.h>

#include <vector>

#include "codegen/c/common/template.hpp"
#include "codegen/c/frame/kinds.hpp"
#include "codegen/c/sos/sos.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

/// How a program of either language spells the calls of the API.
struct Spelling {
  std::string name;
  Language language;

  [[nodiscard]] bool is_c() const { return language == Language::c; }
  [[nodiscard]] std::string symbol(std::string_view tail) const { return api_symbol(name, language, tail); }
  /// answer[first] = FUNCTION(x)
  [[nodiscard]] std::string value(std::string_view function, std::size_t first) const {
    return fmt::format("answer[{}] = (double){}(x);\n", first, symbol(function));
  }
  /// answer[first], answer[first + 1], ... = the n values that FUNCTION gives
  [[nodiscard]] std::string array(std::string_view type, std::string_view function, std::size_t n,
                                  std::size_t first) const {
    const std::string call = is_c() ? fmt::format("{} y[{}]; {}(x, y);", type, n, symbol(function))
                                    : fmt::format("const auto y = {}(x);", symbol(function));
    return fmt::format("{{ {} for (size_t i = 0; i < {}; ++i) answer[{} + i] = (double)y[i]; }}\n", call, n, first);
  }
  /// Declares what the caller of a model on a grid has, and makes the features of it.
  [[nodiscard]] std::string given(const model::Input& input) const {
    return is_c() ? fmt::format("float given[{}];", input.n_features)
                  : fmt::format("std::array<float, {}> given;", input.n_features);
  }
  [[nodiscard]] std::string make_codes() const {
    return is_c() ? symbol("quantize") + "(given, x);\n    " : fmt::format("x = {}(given);\n    ", symbol("quantize"));
  }
  /// Declares q, the codes of x.
  [[nodiscard]] std::string codes(std::int32_t n_features) const {
    if (!is_c()) return fmt::format("const auto q = {}(x);", symbol("quantize"));
    return fmt::format("{} q[{}]; {}(x, q);", symbol("quantized"), n_features, symbol("quantize"));
  }
};

/// Ends the program when predict_q does not answer the codes of x as predict answers x: the first n values.
std::string code_check(const Spelling& spelling, const model::Model& model, ApiForm form, std::size_t n) {
  if (model::integers_of(model) == nullptr) return "";
  const bool is_single = form == ApiForm::one_class || form == ApiForm::one_value;
  const std::string function = spelling.symbol("predict_q"), codes = spelling.codes(model.input.n_features);
  const std::string_view type = form == ApiForm::many_classes ? "int" : "float";
  std::string call = fmt::format("const auto y = {}(q);", function);
  if (spelling.is_c() && !is_single) call = fmt::format("{} y[{}]; {}(q, y);", type, n, function);
  if (is_single) {
    return fmt::format("{{ {} if ((double){}(q) != answer[0]) return {}; }}\n", codes, function, contradiction);
  }
  return fmt::format("{{ {} {} for (size_t i = 0; i < {}; ++i) if ((double)y[i] != answer[i]) return {}; }}\n", codes,
                     call, n, contradiction);
}

/// Ends the program when predict_proba does not give what is left of 1 and the score, which is in answer[first].
std::string two_check(const Spelling& spelling, std::size_t first) {
  const std::string function = spelling.symbol("predict_proba");
  const std::string call =
      spelling.is_c() ? fmt::format("float y[2]; {}(x, y);", function) : fmt::format("const auto y = {}(x);", function);
  return fmt::format(
      "{{ {} const float two[2] = {{1.0f - (float)answer[{}], (float)answer[{}]}}; for (size_t i = 0; i < 2; ++i) "
      "if (y[i] != two[i] && (y[i] == y[i] || two[i] == two[i])) return {}; }}\n",
      call, first, first, contradiction);
}

std::string output_calls(const Spelling& spelling, Outputs outputs, std::size_t n_outputs, std::size_t first) {
  switch (outputs) {
    case Outputs::none:
      return "";
    case Outputs::probabilities:
      return spelling.array("float", "predict_proba", n_outputs, first);
    case Outputs::scores:
      return spelling.array("float", "scores", n_outputs, first);
    case Outputs::score:
      return spelling.value("score", first);
    case Outputs::score_and_two:
      return spelling.value("score", first) + two_check(spelling, first);
  }
  return "";
}

std::string calls(const Spelling& spelling, const model::Model& model, const Api& api, Driver& driver) {
  driver.n_outputs = static_cast<std::size_t>(model.output.n_outputs);
  const auto checked = [&](std::size_t n) { return code_check(spelling, model, api.form, n); };
  switch (api.form) {
    case ApiForm::one_class:
      driver.n_classes = 1;
      return spelling.value("predict", 0) + output_calls(spelling, api.outputs, driver.n_outputs, 1) + checked(1);
    case ApiForm::many_classes:
      driver.n_classes = model.output.targets.size();
      return spelling.array("int", "predict", driver.n_classes, 0) +
             output_calls(spelling, api.outputs, driver.n_outputs, driver.n_classes) + checked(driver.n_classes);
    case ApiForm::one_value:
      return spelling.value("predict", 0) + checked(1);
    case ApiForm::many_values:
      return spelling.array("float", "predict", driver.n_outputs, 0) + checked(driver.n_outputs);
    case ApiForm::transform:
      return spelling.array("float", "transform", driver.n_outputs, 0);
    case ApiForm::filter:
      break;
  }
  return "";
}

std::string filter_text(const Spelling& spelling, const model::SosCascade& cascade, const std::string& header_path) {
  const FilterTypes types = filter_types(cascade);
  const std::string to_sample = cascade.fixed ? fmt::format("({})to_sample(sample, {})", types.sample, types.full_scale)
                                              : std::string("(float)sample");
  return fill(templates::driver_filter_c, std::vector<TemplateValue>{{"header", header_path},
                                                                     {"state", spelling.symbol("state")},
                                                                     {"init", spelling.symbol("init")},
                                                                     {"filter", spelling.symbol("filter")},
                                                                     {"reference", spelling.is_c() ? "&" : ""},
                                                                     {"sample", types.sample},
                                                                     {"to_sample", to_sample},
                                                                     {"one", types.one}});
}

/// The answers of decide, into the row behind the features.
std::string decide_text(const Spelling& spelling, ApiForm form, std::size_t n_features, Driver& driver,
                        const model::Output& output) {
  const std::string call = spelling.symbol("decide"), reference = spelling.is_c() ? "&" : "";
  if (form == ApiForm::one_class || form == ApiForm::one_value) {
    (form == ApiForm::one_class ? driver.n_classes : driver.n_outputs) = 1;
    return fmt::format("row[{}] = (double){}({}state);", n_features, call, reference);
  }
  const bool decides = form == ApiForm::many_classes;
  const std::size_t n = decides ? output.targets.size() : static_cast<std::size_t>(output.n_outputs);
  (decides ? driver.n_classes : driver.n_outputs) = n;
  const std::string_view type = decides ? "int" : "float";
  const std::string array =
      spelling.is_c() ? fmt::format("{} y[{}];", type, n) : fmt::format("std::array<{}, {}> y{{}};", type, n);
  return fmt::format("{{ {} {}({}state, y); for (size_t i = 0; i < {}; ++i) row[{} + i] = (double)y[i]; }}", array,
                     call, reference, n, n_features);
}

}  // namespace

Driver make_stream_driver(const model::Model& model, const signal::Plan& plan, const std::string& name,
                          Language language, const std::string& header_path) {
  const Spelling spelling{name, language};
  Driver driver;
  const auto n = static_cast<std::size_t>(model.input.n_features);
  const std::string feature = spelling.symbol("feature");
  const std::string decide = decide_text(spelling, api_of(model).form, n, driver, model.output);
  driver.text = fill(
      templates::driver_signal_c,
      std::vector<TemplateValue>{{"header", header_path},
                                 {"n_features", fmt::to_string(n)},
                                 {"n_answers", fmt::to_string(driver.n_classes + driver.n_outputs)},
                                 {"n_channels", fmt::to_string(plan.input.channels.size())},
                                 {"state", spelling.symbol("state")},
                                 {"sample", spelling.symbol("sample")},
                                 {"init", spelling.symbol("init")},
                                 {"push", spelling.symbol("push")},
                                 {"is_complete", spelling.symbol("is_complete")},
                                 {"features", spelling.symbol("features")},
                                 {"reference", spelling.is_c() ? "&" : ""},
                                 {"declare_x", spelling.is_c() ? fmt::format("{} x[{}];", feature, n)
                                                               : fmt::format("std::array<{}, {}> x{{}};", feature, n)},
                                 {"decide", decide}});
  return driver;
}

Driver make_driver(const model::Model& model, const std::string& name, Language language,
                   const std::string& header_path) {
  const Spelling spelling{name, language};
  const Api api = api_of(model);
  Driver driver;
  if (api.filter != nullptr) {
    driver.text = filter_text(spelling, *api.filter, header_path);
    return driver;
  }
  const std::string feature = spelling.symbol("feature");
  const std::string statements = calls(spelling, model, api, driver);
  const std::string x = spelling.is_c() ? fmt::format("{} x[{}];", feature, model.input.n_features)
                                        : fmt::format("std::array<{}, {}> x;", feature, model.input.n_features);
  const std::string feature_i = fmt::format("x[i] = ({})row[i];", feature);
  const bool has_codes = !model.input.grid.empty();
  driver.text = fill(templates::driver_c,
                     std::vector<TemplateValue>{{"header", header_path},
                                                {"n_features", fmt::to_string(model.input.n_features)},
                                                {"n_answers", fmt::to_string(driver.n_classes + driver.n_outputs)},
                                                {"declare_x", has_codes ? x + " " + spelling.given(model.input) : x},
                                                {"take", has_codes ? "given[i] = (float)row[i];" : feature_i},
                                                {"make_codes", has_codes ? spelling.make_codes() : ""},
                                                {"calls", statements}});
  return driver;
}

}  // namespace emlc::c
