#include "codegen/py/frame/answers.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>
#include <vector>

#include "codegen/c/common/template.hpp"
#include "codegen/layout/decision.hpp"
#include "codegen/py/common/columns.hpp"
#include "codegen/py/common/text.hpp"
#include "templates.hpp"

namespace emlc::py {
namespace {

using c::TemplateValue;
using layout::RawComparison;
using model::DecisionRule;
using model::PostTransform;
using model::PostTransformKind;

constexpr std::string_view body = "    ";

/// What is computed of the raw columns in `out`.
std::string kind_text(const PostTransform& transform) {
  switch (transform.kind) {
    case PostTransformKind::identity:
      return "";
    case PostTransformKind::sigmoid:
      return sigmoid_columns();
    case PostTransformKind::softmax:
      return softmax_columns();
    case PostTransformKind::exp:
      return each_column("_exp(v)");
    case PostTransformKind::hinge:
      return each_column("1.0 if v > 0.0 else 0.0");
    case PostTransformKind::signed_square:
      return each_column("v * abs(v)");
    case PostTransformKind::log1p_exp:
      return log1p_exp_columns();
    case PostTransformKind::normalize:
      return divided_by_sum();
    case PostTransformKind::normalize_or_uniform:
      return "if sum(out) == 0.0:\n    for i in range(len(out)):\n        out[i] = 1.0\n" + divided_by_sum();
    case PostTransformKind::isolation:
      return each_column(
          fmt::format("-_exp2(v / {}) - {}", number_literal(-transform.denominator), number_literal(transform.offset)));
    case PostTransformKind::log_softmax:
      return "a = max(out)\na += math.log(sum([_exp(v - a) for v in out]))\n" + each_column("v - a");
  }
  throw std::logic_error("a post-transform that a module does not compute");
}

std::string transform_text(const PostTransform& transform) {
  const std::string scale =
      transform.scale == 1.0 ? "" : each_column(fmt::format("v * {}", number_literal(transform.scale)));
  return scale + kind_text(transform);
}

/// `_exp` or `_exp2`, where outputs are made with it: what is beyond the largest number is infinite.
std::string exponential_text(const Core& core, const model::Model& model, std::string_view name,
                             std::string_view value) {
  const std::string text = core.outputs + transform_text(layout::post_transform_of(model));
  if (text.find(fmt::format("{}(", name)) == std::string::npos) return "";
  return fmt::format(
      "\n\ndef {}(v):\n    try:\n        return {}\n    except (OverflowError, ValueError):\n        return 1e999\n",
      name, value);
}

/// The arrays that are not given are made.
std::string make_text(std::int32_t n) { return fmt::format("if out is None:\n    out = [0.0] * {}\n", n); }

struct OutputsFunction {
  std::string_view name;
  bool makes_out = true, transforms = true;
};

/// Before viper gets a pointer to x.
std::string_view check_text(const Core& core) { return core.reads_in_python ? "" : "if x is not _x:\n    _check(x)\n"; }

/// A function that puts all columns into `out`.
std::string outputs_text(const Core& core, const model::Model& model, const OutputsFunction& function) {
  const std::string transform = function.transforms ? transform_text(layout::post_transform_of(model)) : "";
  return c::fill(templates::outputs_py,
                 std::array<TemplateValue, 7>{
                     {{"name", std::string(function.name)},
                      {"check", indented(check_text(core), body)},
                      {"default", function.makes_out ? "=None" : ""},
                      {"make", function.makes_out ? indented(make_text(model.output.n_outputs), body) : ""},
                      {"prepare", indented(core.prepare, body)},
                      {"outputs", indented(core.outputs, body)},
                      {"transform", indented(transform, body)}}});
}

/// The comparison of a column with the threshold of the rule; `is_raw` before the post-transform.
std::string comparison(const model::Model& model, std::string_view column, bool is_raw) {
  const model::Output& output = model.output;
  const auto raw = layout::raw_comparison(output, layout::post_transform_of(model));
  if (!is_raw || !raw) {
    return fmt::format("int({} {} {})", column,
                       output.rule == DecisionRule::greater ? ">" : ">=", number_literal(output.threshold));
  }
  const std::string bound = number_literal(static_cast<double>(raw->bound));
  switch (raw->kind) {
    case RawComparison::Kind::at_least:
      return fmt::format("int({} >= {})", column, bound);
    case RawComparison::Kind::at_most:
      return fmt::format("int({} <= {})", column, bound);
    case RawComparison::Kind::always:
      return "1";
    case RawComparison::Kind::never:
      return "0";
  }
  throw std::logic_error("a comparison without a text");
}

bool decides_on_raw(const model::Model& model) {
  if (model.output.rule == DecisionRule::argmax) return layout::argmax_is_on_raw(model);
  return layout::raw_comparison(model.output, layout::post_transform_of(model)).has_value();
}

/// The class of a target whose columns begin at `first`, of the columns in `a`.
std::string class_text(const model::Model& model, std::size_t target, std::int32_t first) {
  if (model.output.rule != DecisionRule::argmax) {
    return comparison(model, fmt::format("a[{}]", target), decides_on_raw(model));
  }
  const std::string largest = fmt::format("_largest(a, {}, {})", first, first + model.output.targets[target].size);
  return first == 0 ? largest : fmt::format("{} - {}", largest, first);
}

/// Of columns that outputs tell: `a` is what they are put into.
std::string columns_call(const model::Model& model) {
  const bool is_raw = decides_on_raw(model);
  return fmt::format("a = {}(x, _out)\n", is_raw                               ? "_raw"
                                          : outputs_function(model) == "score" ? "_outputs"
                                                                               : outputs_function(model));
}

bool is_single(const model::Model& model) { return model.output.targets.size() == 1; }

std::string decided_predict(const Core& core, const model::Model& model) {
  if (!core.decision.empty()) {
    const std::string statements = fmt::format("{}{}{}return {}\n", check_text(core), core.prepare,
                                               core.prepare.empty() ? "" : "\n", core.decision);
    return fmt::format("def predict(x):\n{}\n", indented(statements, body));
  }
  if (is_single(model)) {
    return fmt::format("def predict(x):\n{}\n    return {}\n", indented(columns_call(model), body),
                       class_text(model, 0, 0));
  }
  std::string text = fmt::format("def predict(x, out=None):\n    if out is None:\n        out = [0] * {}\n{}\n",
                                 model.output.targets.size(), indented(columns_call(model), body));
  std::int32_t first = 0;
  for (std::size_t target = 0; target < model.output.targets.size(); ++target) {
    text += fmt::format("    out[{}] = {}\n", target, class_text(model, target, first));
    first += model.output.targets[target].size;
  }
  return text + "    return out\n";
}

/// What gives the outputs of a model that decides.
std::string outputs_api(const Core& core, const model::Model& model) {
  const std::string_view function = outputs_function(model);
  if (function != "score") return outputs_text(core, model, {.name = function});
  std::string text = outputs_text(core, model, {.name = "_outputs", .makes_out = false}) +
                     "\n\ndef score(x):\n    return _outputs(x, _out)[0]\n";
  if (!layout::are_probabilities(model)) return text;
  return text +
         "\n\ndef predict_proba(x, out=None):\n    if out is None:\n        out = [0.0] * 2\n    a = score(x)\n"
         "    out[0] = 1.0 - a\n    out[1] = a\n    return out\n";
}

/// What several functions of the module call.
std::string helpers_text(const Core& core, const model::Model& model) {
  std::string text =
      exponential_text(core, model, "_exp", "math.exp(v)") + exponential_text(core, model, "_exp2", "2.0 ** v");
  const bool decides = model.output.rule != DecisionRule::none;
  const bool asks_outputs = decides && core.decision.empty();
  if (asks_outputs && model.output.rule == DecisionRule::argmax) {
    text +=
        "\n\ndef _largest(a, n, end):\n    for i in range(n + 1, end):\n        if a[i] > a[n]:\n"
        "            n = i\n    return n\n";
  }
  const bool is_list = !decides && model.output.n_outputs > 1;
  if (asks_outputs || outputs_function(model) == "score" || (!decides && !is_list)) {
    text += fmt::format("\n\n_out = [0.0] * {}\n", model.output.n_outputs);
  }
  if (asks_outputs && decides_on_raw(model)) {
    text += "\n\n" + outputs_text(core, model, {.name = "_raw", .makes_out = false, .transforms = false});
  }
  return text;
}

/// _check, which answers for the bytes that viper reads.
std::string shape_check(const model::Model& model) {
  const std::int32_t n = model.input.n_features;
  return c::fill(templates::check_py,
                 std::array<TemplateValue, 3>{{{"bytes", fmt::to_string(n * info(model.input.type).bytes)},
                                               {"n_features", fmt::to_string(n)},
                                               {"code", std::string(1, feature_code(model))}}});
}

}  // namespace

std::string_view outputs_function(const model::Model& model) {
  if (model.output.rule == DecisionRule::none) return "predict";
  if (model.output.rule != DecisionRule::argmax && is_single(model)) return "score";
  return layout::are_probabilities(model) ? "predict_proba" : "scores";
}

char feature_code(const model::Model& model) {
  switch (model.input.type) {
    case model::NumberType::float32:
    case model::NumberType::float64:
      return 'f';
    case model::NumberType::int8:
      return 'b';
    case model::NumberType::uint8:
      return 'B';
    case model::NumberType::int16:
      return 'h';
    case model::NumberType::int32:
      return 'i';
  }
  throw std::logic_error("features of a type that arrays do not have");
}

std::string answers_text(const Core& core, const model::Model& model) {
  std::string text = core.reads_in_python ? "" : shape_check(model);
  text += helpers_text(core, model);
  if (model.output.rule != DecisionRule::none) {
    return text + "\n\n" + decided_predict(core, model) + "\n\n" + outputs_api(core, model);
  }
  if (model.output.n_outputs > 1) return text + "\n\n" + outputs_text(core, model, {.name = "predict"});
  return text + "\n\n" + outputs_text(core, model, {.name = "_outputs", .makes_out = false}) +
         "\n\ndef predict(x):\n    return _outputs(x, _out)[0]\n";
}

}  // namespace emlc::py
