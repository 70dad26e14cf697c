#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "formats/onnx/arithmetic.hpp"
#include "formats/onnx/call.hpp"
#include "formats/onnx/rows.hpp"

namespace emlc::formats::onnx {
namespace {

constexpr std::array two_sided = {
    Arithmetic{"Add", [](double a, double b) { return a + b; }},
    Arithmetic{"Sub", [](double a, double b) { return a - b; }},
    Arithmetic{"Mul", [](double a, double b) { return a * b; }},
    Arithmetic{"Div", [](double a, double b) { return a / b; }},
    Arithmetic{"Pow", [](double a, double b) { return std::pow(a, b); }},
    Arithmetic{"Max", [](double a, double b) { return a < b ? b : a; }},
    Arithmetic{"Min", [](double a, double b) { return b < a ? b : a; }},
    Arithmetic{"Greater", [](double a, double b) { return a > b ? 1.0 : 0.0; }, Result::truth},
    Arithmetic{"GreaterOrEqual", [](double a, double b) { return a >= b ? 1.0 : 0.0; }, Result::truth},
    Arithmetic{"Less", [](double a, double b) { return a < b ? 1.0 : 0.0; }, Result::truth},
    Arithmetic{"LessOrEqual", [](double a, double b) { return a <= b ? 1.0 : 0.0; }, Result::truth},
    Arithmetic{"Equal", [](double a, double b) { return a == b ? 1.0 : 0.0; }, Result::truth},
};
constexpr std::array one_sided = {
    Arithmetic{"Neg", [](double a, double) { return -a; }},
    Arithmetic{"Abs", [](double a, double) { return std::abs(a); }},
    Arithmetic{"Log", [](double a, double) { return std::log(a); }},
    Arithmetic{"Exp", [](double a, double) { return std::exp(a); }},
    Arithmetic{"Sqrt", [](double a, double) { return std::sqrt(a); }},
    Arithmetic{"Not", [](double a, double) { return a == 0.0 ? 1.0 : 0.0; }, Result::truth},
};

template <std::size_t n>
const Arithmetic& called(const std::array<Arithmetic, n>& table, std::string_view op) {
  return *std::find_if(table.begin(), table.end(), [&](const Arithmetic& row) { return row.op == op; });
}

/// Element by element of constants, one of which may be a single number.
Tensor of_constants(const Call& call, const Rounded& compute, const Tensor& a, const Tensor& b) {
  const bool is_a_larger = a.values.size() >= b.values.size();
  const Tensor& large = is_a_larger ? a : b;
  const Tensor& small = is_a_larger ? b : a;
  if (small.values.size() != 1 && small.shape != large.shape)
    call.fail("computes on constants of two shapes, expected one or a single number");
  call.make(large.values.size());
  Tensor made{.type = compute.result_type(), .shape = large.shape};
  for (std::size_t index = 0; index < large.values.size(); ++index) {
    const auto at = [&](const Tensor& tensor) { return tensor.values[tensor.values.size() == 1 ? 0 : index]; };
    made.values.push_back(compute(at(a), at(b)));
  }
  return made;
}

/// Leaf by leaf, of two values of one tree.
Rows of_same_tree(const Call& call, const Rounded& compute, const Rows& a, const Rows& b) {
  const std::vector<double>& other = b.forest->members.front()->leaves;
  if (other.size() != a.forest->members.front()->leaves.size() ||
      b.forest->base_score != std::vector<double>(b.forest->base_score.size(), 0.0)) {
    call.fail("computes on two values of one tree that do not fit");
  }
  std::size_t leaf = 0;
  return with_leaves(call, a, [&](double value) { return compute(value, other[leaf++]); });
}

bool have_same_input(const Rows& a, const Rows& b) {
  const auto same = [](const model::Scaler& x, const model::Scaler& y) {
    return x.op == y.op && x.offset == y.offset && x.scale == y.scale && x.clip == y.clip && x.type == y.type;
  };
  // Steps have no comparison: tensors that come of one node are known by their lineage.
  const bool same_steps = a.features.steps.empty() && b.features.steps.empty();
  return a.features.columns == b.features.columns && (same_steps || a.lineage.front() == b.lineage.front()) &&
         std::equal(a.features.scalers.begin(), a.features.scalers.end(), b.features.scalers.begin(),
                    b.features.scalers.end(), same);
}

/// The trees of both in one sum.
Rows sum_of(const Call& call, const Rows& a, const Rows& b) {
  const auto is_plain = [](const Rows& rows) {
    return rows.forest && rows.steps.empty() && rows.form == Form::plain && rows.forest->divisor == 1.0 &&
           std::all_of(rows.forest->base_score.begin(), rows.forest->base_score.end(),
                       [](double base) { return base == 0.0; });
  };
  if (!is_plain(a) || !is_plain(b) || a.width != b.width ||
      a.forest->members.front()->leaf_width != b.forest->members.front()->leaf_width ||
      a.forest->feature_type != b.forest->feature_type || !have_same_input(a, b)) {
    call.fail("adds two results that are no sums of trees on the same input");
  }
  Rows made = a;
  Forest forest = *a.forest;
  forest.members.insert(forest.members.end(), b.forest->members.begin(), b.forest->members.end());
  made.forest = std::make_shared<const Forest>(std::move(forest));
  made.lineage = {call.new_tensor()};
  return made;
}

ElementType type_of(const Value& value) {
  return std::visit([](const auto& any) { return any.type; }, value);
}

/// Two values of whatever kind.
Outcome of_two(const Call& call, const Arithmetic& arithmetic, const Value& a, const Value& b) {
  const Rounded compute{arithmetic, type_of(a)};
  const auto *constant_a = std::get_if<Tensor>(&a), *constant_b = std::get_if<Tensor>(&b);
  for (const Tensor* constant : {constant_a, constant_b}) {
    if (constant != nullptr && (constant->type == ElementType::text || constant->values.empty()))
      call.fail("computes on a constant without numbers");
  }
  if (constant_a != nullptr && constant_b != nullptr)
    return {{of_constants(call, compute, *constant_a, *constant_b)}, "constant"};
  if (const auto* choice = std::get_if<Choice>(&a); choice != nullptr && constant_b != nullptr)
    return of_choice(call, compute, *choice, *constant_b, Side::model_first);
  if (const auto* choice = std::get_if<Choice>(&b); choice != nullptr && constant_a != nullptr)
    return of_choice(call, compute, *choice, *constant_a, Side::model_second);
  const auto *rows_a = std::get_if<Rows>(&a), *rows_b = std::get_if<Rows>(&b);
  for (const Rows* rows : {rows_a, rows_b}) {
    if (rows != nullptr && rows->codes) call.fail("computes on the codes of a QuantizeLinear");
  }
  if (rows_a != nullptr && constant_b != nullptr)
    return of_rows(call, compute, *rows_a, *constant_b, Side::model_first);
  if (rows_b != nullptr && constant_a != nullptr)
    return of_rows(call, compute, *rows_b, *constant_a, Side::model_second);
  if (rows_a == nullptr || rows_b == nullptr) call.fail("computes on two classes, or on a class and a number");
  if (is_leaf_value(*rows_a) && is_leaf_value(*rows_b) &&
      rows_a->forest->members.front()->tree == rows_b->forest->members.front()->tree) {
    Rows made = of_same_tree(call, compute, *rows_a, *rows_b);
    made.type = compute.result_type();
    return {{std::move(made)}, "values of leaves"};
  }
  if (arithmetic.op != "Add")
    call.fail("computes on two results of the model, which emlc reads for sums of trees alone");
  return {{sum_of(call, *rows_a, *rows_b)}, "one sum of trees"};
}

Outcome binary(const Call& call) {
  const Arithmetic& arithmetic = called(two_sided, call.node().op);
  if (call.n_inputs() < 2) call.fail(fmt::format("has {} inputs, expected 2", call.n_inputs()));
  Outcome outcome = of_two(call, arithmetic, call.input(0), call.input(1));
  for (std::size_t index = 2; index < call.n_inputs(); ++index) {
    const Value before = std::move(outcome.outputs.front());
    outcome = of_two(call, arithmetic, before, call.input(index));
  }
  return outcome;
}

constexpr Arithmetic addition = two_sided.front();

Outcome sum(const Call& call) {
  Outcome outcome{{call.input(0)}, "one sum of trees"};
  for (std::size_t index = 1; index < call.n_inputs(); ++index) {
    const Value before = std::move(outcome.outputs.front());
    outcome = of_two(call, addition, before, call.input(index));
  }
  return outcome;
}

Outcome unary(const Call& call) {
  const Arithmetic& arithmetic = called(one_sided, call.node().op);
  const Rounded compute{arithmetic, type_of(call.input(0))};
  if (const Tensor* constant = call.constant_or_null(0)) {
    Tensor made = *constant;
    call.make(made.values.size());
    for (double& value : made.values) value = compute(value);
    return {{std::move(made)}, "constant"};
  }
  if (const auto* choice = std::get_if<Choice>(&call.input(0))) {
    Choice made = *choice;
    for (double& value : made.values) value = compute(value);
    return {{std::move(made)}, "names of the classes"};
  }
  const Rows& rows = call.rows(0);
  if (is_leaf_value(rows)) {
    Rows made = with_leaves(call, rows, [&](double value) { return compute(value); });
    made.type = compute.result_type();
    return {{std::move(made)}, "values of leaves"};
  }
  if (arithmetic.op == "Neg")
    return {{with_constant(call, "Mul", rows, {.values = {-1.0}}, Side::model_first)}, "the other sign"};
  if (arithmetic.op == "Exp" && !is_features(rows))
    return {{stepped(call, rows, {StepKind::exp})}, "post-transform exp"};
  call.fail("computes on what the model gives, which it has a place for in front of a tree's sum alone");
}

}  // namespace

std::span<const Operator> arithmetic_operators() {
  static constexpr std::array rows = {
      Operator{"", "Add", 7, 26, "", binary},
      Operator{"", "Sub", 7, 26, "", binary},
      Operator{"", "Mul", 7, 26, "", binary},
      Operator{"", "Div", 7, 26, "", binary},
      Operator{"", "Pow", 7, 26, "", binary},
      Operator{"", "Max", 8, 26, "", binary},
      Operator{"", "Min", 8, 26, "", binary},
      Operator{"", "Greater", 7, 26, "", binary},
      Operator{"", "GreaterOrEqual", 12, 26, "", binary},
      Operator{"", "Less", 7, 26, "", binary},
      Operator{"", "LessOrEqual", 12, 26, "", binary},
      Operator{"", "Equal", 7, 26, "", binary},
      Operator{"", "Sum", 8, 26, "", sum},
      Operator{"", "Neg", 6, 26, "", unary},
      Operator{"", "Abs", 6, 26, "", unary},
      Operator{"", "Log", 6, 26, "", unary},
      Operator{"", "Exp", 6, 26, "", unary},
      Operator{"", "Sqrt", 6, 26, "", unary},
      Operator{"", "Not", 1, 26, "", unary},
  };
  return rows;
}

}  // namespace emlc::formats::onnx
