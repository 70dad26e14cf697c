#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "formats/onnx/arithmetic.hpp"
#include "formats/onnx/rows.hpp"

namespace emlc::formats::onnx {
namespace {

/// The rule of a comparison with a constant, and the truth of both of its classes.
Choice compared(const Call& call, const Rows& rows, const Tensor& constant, const Rounded& compute, Side side) {
  const std::string_view op = compute.arithmetic.op;
  if (side != Side::model_first || rows.width != 1 || rows.form != Form::plain || constant.values.size() != 1 ||
      op == "Equal") {
    call.fail(
        "compares what the model computes, expected one number, before a constant, by another comparison than Equal");
  }
  // Class 1 is where the number is above the constant, or for a Less no less than it.
  const bool is_above = op == "Greater" || op == "LessOrEqual";
  Choice choice{.scores = rows,
                .rule = is_above ? model::DecisionRule::greater : model::DecisionRule::greater_equal,
                .threshold = constant.values.front(),
                .type = ElementType::boolean};
  const double at = constant.values.front();
  choice.values = {compute(std::nextafter(at, -model::infinity), at), compute(std::nextafter(at, model::infinity), at)};
  return choice;
}

}  // namespace

double Rounded::operator()(double a, double b) const {
  const double exact = arithmetic.compute(a, b);
  if (arithmetic.result == Result::truth) return exact;
  return is_integer(type) ? std::trunc(exact) : model::round_to(number_type(type), exact);
}

std::vector<double> by_column(const Call& call, const Tensor& tensor, std::int32_t width) {
  const auto n = static_cast<std::size_t>(width);
  if (tensor.values.size() == 1) return std::vector<double>(n, tensor.values.front());
  const bool is_row = !tensor.shape.empty() && tensor.shape.back() == width;
  if (tensor.values.size() != n || !is_row)
    call.fail(fmt::format("has a constant of {} numbers for rows of {}, expected one number, or one for each column",
                          tensor.values.size(), width));
  return tensor.values;
}

Rows with_constant(const Call& call, std::string_view op, const Rows& rows, const Tensor& constant, Side side) {
  const auto n = static_cast<std::size_t>(rows.width);
  const std::vector<double> c = by_column(call, constant, rows.width);
  const bool is_first = side == Side::model_first;
  const bool divides = op == "Div", multiplies = op == "Mul";
  if (divides && (!is_first || std::any_of(c.begin(), c.end(), [](double value) { return value == 0.0; }))) {
    call.fail(is_first ? "divides by 0"
                       : "divides a constant by what the model computes, which the model has no place for");
  }
  std::vector<double> by(n, op == "Sub" && !is_first ? -1.0 : 1.0), add(n, 0.0);
  if (multiplies) by = c;
  if (op == "Add" || op == "Sub") add = c;
  if (op == "Sub" && is_first)
    std::transform(c.begin(), c.end(), add.begin(), [](double value) { return 0.0 - value; });
  if (is_features(rows)) {
    Rows made = scaled(rows, {.op = divides ? model::ScalerOp::subtract_divide : model::ScalerOp::multiply_add,
                              .offset = std::move(add),
                              .scale = divides ? c : by});
    made.lineage = {call.new_tensor()};
    return made;
  }
  if (divides) std::transform(c.begin(), c.end(), by.begin(), [](double value) { return 1.0 / value; });
  if (!rows.forest) return adjusted(call, rows, by, add);
  const auto is_one = [](const std::vector<double>& values) {
    return std::all_of(values.begin(), values.end(), [&](double value) { return value == values.front(); });
  };
  if (!is_one(by)) call.fail("multiplies the outputs of trees by several numbers, expected one for all");
  Rows made = rows;
  if (divides) return stepped(call, std::move(made), {StepKind::divide, {c.front()}});
  if (by.front() != 1.0) made = stepped(call, std::move(made), {StepKind::multiply, {by.front()}});
  if (!std::all_of(add.begin(), add.end(), [](double value) { return value == 0.0; }))
    made = stepped(call, std::move(made), {StepKind::add, add});
  return made;
}

Outcome of_choice(const Call& call, const Rounded& compute, Choice choice, const Tensor& constant, Side side) {
  if (!choice.texts.empty() || constant.values.size() != 1) call.fail("computes on a class that is a text");
  for (double& value : choice.values)
    value =
        side == Side::model_first ? compute(value, constant.values.front()) : compute(constant.values.front(), value);
  choice.type = compute.result_type();
  return {{std::move(choice)}, "names of the classes"};
}

Outcome of_rows(const Call& call, const Rounded& compute, const Rows& rows, const Tensor& constant, Side side) {
  if (is_leaf_value(rows) && constant.values.size() == 1) {
    const double c = constant.values.front();
    Rows made = with_leaves(
        call, rows, [&](double value) { return side == Side::model_first ? compute(value, c) : compute(c, value); });
    made.type = compute.result_type();
    return {{std::move(made)}, "values of leaves"};
  }
  const std::string_view op = compute.arithmetic.op;
  if (compute.arithmetic.result == Result::truth)
    return {{compared(call, rows, constant, compute, side)}, "the class: a comparison"};
  const bool is_one = constant.values.size() == 1 && constant.values.front() == 1.0;
  if (op == "Sub" && side == Side::model_second && is_one && rows.width == 1 && rows.form == Form::plain &&
      !is_features(rows)) {
    Rows made = rows;
    made.form = Form::complement;
    return {{std::move(made)}, "the other probability of the single output"};
  }
  const bool is_base_two = constant.values.size() == 1 && constant.values.front() == 2.0;
  if (op == "Pow" && side == Side::model_second && is_base_two && rows.forest)
    return {{stepped(call, rows, {StepKind::power_of_two})}, "post-transform: a power of 2"};
  if (op != "Add" && op != "Sub" && op != "Mul" && op != "Div")
    call.fail("computes on what the model gives, which it has a place for in front of a tree's sum alone");
  return {{with_constant(call, op, rows, constant, side)},
          is_features(rows) ? "scaler"
          : rows.forest     ? "behind the sums of trees"
                            : "folded into a dense layer"};
}

}  // namespace emlc::formats::onnx
