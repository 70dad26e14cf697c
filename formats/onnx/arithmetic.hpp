#pragma once

#include <string_view>

#include "formats/onnx/call.hpp"

namespace emlc::formats::onnx {

enum class Result : char { number, truth };

/// An operator of two numbers, or of one.
struct Arithmetic {
  std::string_view op;
  double (*compute)(double a, double b);
  Result result = Result::number;
};

/// The operator on numbers of a type, each result rounded to it; quotients of integers have no fraction.
struct Rounded {
  const Arithmetic& arithmetic;
  ElementType type;

  double operator()(double a, double b = 0.0) const;
  [[nodiscard]] ElementType result_type() const {
    return arithmetic.result == Result::truth ? ElementType::boolean : type;
  }
};

/// Which of the two inputs is computed by the model; the other one is a constant.
enum class Side : char { model_first, model_second };

/// Sums and products with constants: scalers of features, of a layer its weights, steps behind trees.
/// @param op  Add, Sub, Mul or Div
Rows with_constant(const Call& call, std::string_view op, const Rows& rows, const Tensor& constant, Side side);
/// The same and whatever else an operator makes of numbers and a constant: leaves of a tree, 1 - p, a decision.
Outcome of_rows(const Call& call, const Rounded& compute, const Rows& rows, const Tensor& constant, Side side);
/// Other numbers for the classes.
Outcome of_choice(const Call& call, const Rounded& compute, Choice choice, const Tensor& constant, Side side);

}  // namespace emlc::formats::onnx
