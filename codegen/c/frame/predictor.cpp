#include "codegen/c/frame/predictor.hpp"

#include <cmath>
#include <stdexcept>

#include "codegen/c/common/decision.hpp"
#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/c/frame/api.hpp"
#include "codegen/c/scaler/scaler.hpp"

namespace emlc::c {
namespace {

using model::DecisionRule;
using model::PostTransform;
using model::PostTransformKind;

/// Prints into one Core.
struct Part {
  Core& core;
  const model::Model& model;
  const Names& names;
  Printer& out;
  std::string_view tail{};  ///< of the functions: `q_` for those that take codes
  std::string type{};       ///< of the values they take
};

/// Calls a helper on the output columns; `arguments` begin with a comma.
void call(const Part& part, Helper helper, std::string_view arguments = "") {
  part.core.helpers.insert(helper);
  part.out.line("{}(out, {}{});", helper_name(helper, part.names), part.model.output.n_outputs, arguments);
}

void call_isolation(const Part& part, const PostTransform& transform) {
  const double rate = -std::log(2.0) / transform.denominator;
  call(part, Helper::isolation,
       fmt::format(", {}, {}", rounded_literal(rate, "post_transform.denominator"),
                   rounded_literal(transform.offset, "post_transform.offset")));
}

void print_post_transform(const Part& part) {
  const PostTransform& transform = post_transform_of(part.model);
  if (transform.scale != 1.0) {
    call(part, Helper::multiply, ", " + rounded_literal(transform.scale, "post_transform.scale"));
  }
  switch (transform.kind) {
    case PostTransformKind::identity:
      return;
    case PostTransformKind::sigmoid:
      return call(part, Helper::sigmoid);
    case PostTransformKind::softmax:
      return call(part, Helper::softmax);
    case PostTransformKind::exp:
      return call(part, Helper::exp);
    case PostTransformKind::hinge:
      return call(part, Helper::hinge);
    case PostTransformKind::signed_square:
      return call(part, Helper::signed_square);
    case PostTransformKind::log1p_exp:
      return call(part, Helper::softplus);
    case PostTransformKind::normalize:
      return call(part, Helper::divide_by_sum);
    case PostTransformKind::isolation:
      return call_isolation(part, transform);
    case PostTransformKind::log_softmax:
      return call(part, Helper::log_softmax);
  }
  throw std::logic_error("post-transform without device code");
}

/// The array that the core reads, after the scalers when there are any.
std::string_view print_input(const Part& part) {
  if (takes_inputs(part.model)) return "x";
  part.out.line("float scaled[{}];", n_columns(part.model));
  part.out.line("{}scale_(x, scaled);", part.names.symbol);
  return "scaled";
}

void print_outputs(const Part& part) {
  const Names& names = part.names;
  part.out.line("{} void {}outputs_{}(const {} *x, float *out) {{", names.function, names.symbol, part.tail, part.type);
  {
    const auto body = part.out.indent();
    const std::string_view input = print_input(part);
    part.out.line("{}raw_{}({}, out);", names.symbol, part.tail, input);
    print_post_transform(part);
  }
  part.out.line("}}");
  part.out.line("");
}

/// What column `index` of out, which is raw or after the post-transform, says about class 1.
std::string comparison(const Part& part, std::size_t index) {
  const model::Output& output = part.model.output;
  if (const auto raw = raw_comparison(output, post_transform_of(part.model))) {
    switch (raw->kind) {
      case RawComparison::Kind::at_least:
        return fmt::format("out[{}] >= {}", index, float_literal(static_cast<double>(raw->bound)));
      case RawComparison::Kind::at_most:
        return fmt::format("out[{}] <= {}", index, float_literal(static_cast<double>(raw->bound)));
      case RawComparison::Kind::always:
        return "1";
      case RawComparison::Kind::never:
        return "0";
    }
  }
  // The smallest float that passes: the threshold itself need not be one.
  const double bound = output.rule == DecisionRule::greater_equal
                           ? output.threshold
                           : model::next_above(model::NumberType::float64, output.threshold);
  return fmt::format(
      "out[{}] >= {}", index,
      rounded_literal(model::smallest_at_least(model::NumberType::float32, bound), "output.decision.threshold"));
}

std::string class_of_target(const Part& part, std::size_t target, int first_column) {
  if (part.model.output.rule != DecisionRule::argmax) return comparison(part, target);
  part.core.helpers.insert(Helper::argmax);
  const std::string columns = first_column == 0 ? "out" : fmt::format("out + {}", first_column);
  return fmt::format("{}({}, {})", helper_name(Helper::argmax, part.names), columns,
                     part.model.output.targets[target].size);
}

bool decides_on_raw(const model::Model& model) {
  if (model.output.rule == DecisionRule::argmax) return argmax_is_on_raw(model);
  return raw_comparison(model.output, post_transform_of(model)).has_value();
}

void print_classes(const Part& part) {
  const Names& names = part.names;
  part.out.line("float out[{}];", part.model.output.n_outputs);
  if (decides_on_raw(part.model)) {
    const std::string_view input = print_input(part);
    part.out.line("{}raw_{}({}, out);", names.symbol, part.tail, input);
  } else {
    part.out.line("{}outputs_{}(x, out);", names.symbol, part.tail);
  }
  const auto& targets = part.model.output.targets;
  if (targets.size() == 1) return part.out.line("return {};", class_of_target(part, 0, 0));
  int column = 0;
  for (std::size_t target = 0; target < targets.size(); ++target) {
    part.out.line("classes[{}] = {};", target, class_of_target(part, target, column));
    column += targets[target].size;
  }
}

void print_classify(const Part& part) {
  const Names& names = part.names;
  const bool is_single = part.model.output.targets.size() == 1;
  part.out.line("{} {} {}classify_{}(const {} *x{}) {{", names.function, is_single ? "int" : "void", names.symbol,
                part.tail, part.type, is_single ? "" : ", int *classes");
  {
    const auto body = part.out.indent();
    if (part.core.has_decide) {
      const std::string_view input = print_input(part);
      part.out.line("{}{}decide_{}({}{});", is_single ? "return " : "", names.symbol, part.tail, input,
                    is_single ? "" : ", classes");
    } else {
      print_classes(part);
    }
  }
  part.out.line("}}");
}

}  // namespace

void add_predictor(Core& core, const model::Model& model, const Names& names) {
  Printer out;
  const Part part{core, model, names, out, "", names.feature};
  if (!takes_inputs(model)) {
    add_scaler(core, model, names);
    core.ram += sizeof(float) * static_cast<std::size_t>(n_columns(model));
    core.frames += 16;  // of the function that scales
  }
  print_outputs(part);
  if (model.output.rule != DecisionRule::none) {
    print_classify(part);
    if (!core.has_decide) core.ram += sizeof(float) * static_cast<std::size_t>(model.output.n_outputs);
  }
  if (integers_of(model) != nullptr) {
    const Part of_codes{core, model, names, out, "q_", names.quantized};
    out.line("");
    print_outputs(of_codes);
    if (model.output.rule != DecisionRule::none) print_classify(of_codes);
  }
  core.definitions += out.text();
}

}  // namespace emlc::c
