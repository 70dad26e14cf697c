#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>

#include "formats/onnx/call.hpp"
#include "formats/onnx/rows.hpp"
#include "formats/reading.hpp"

namespace emlc::formats::onnx {
namespace {

enum class Stored : char { in_out, out_in };  ///< the order of the sizes of a matrix of weights

/// A matrix as [n_out][n_in], for rows of n_in numbers. A list of weights makes one output.
std::vector<double> weights_of(const Call& call, const Tensor& matrix, Stored stored, std::int32_t n_in) {
  const bool is_turned = stored == Stored::in_out, is_list = matrix.shape.size() == 1 && is_turned;
  if ((matrix.shape.size() != 2 && !is_list) || matrix.type == ElementType::text) {
    call.fail(fmt::format("input 1 has {} dimensions, expected a matrix", matrix.shape.size()));
  }
  const std::int64_t inner = matrix.shape[is_turned ? 0 : 1], n_out = is_list ? 1 : matrix.shape[is_turned ? 1 : 0];
  if (inner != n_in) call.fail(fmt::format("takes rows of {} numbers, {} come in", inner, n_in));
  if (n_out < 1 || n_out > most_features)
    call.fail(fmt::format("gives {} outputs, expected 1 to {}", n_out, most_features));
  if (!is_turned) return matrix.values;
  const auto rows = static_cast<std::size_t>(n_out), columns = static_cast<std::size_t>(inner);
  std::vector<double> turned(matrix.values.size());
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column)
      turned[row * columns + column] = matrix.values[column * rows + row];
  }
  return turned;
}

Outcome layer(const Call& call, std::vector<double> weights, std::vector<double> bias) {
  const Rows& rows = call.rows(0);
  const std::string became = fmt::format("dense layer, {} to {}", rows.width, bias.size());
  return {{through_layer(call, rows, std::move(weights), std::move(bias))}, became};
}

Outcome mat_mul(const Call& call) {
  const std::int32_t width = call.rows(0).width;
  std::vector<double> weights = weights_of(call, call.constant(1), Stored::in_out, width);
  std::vector<double> bias(weights.size() / static_cast<std::size_t>(width), 0.0);
  return layer(call, std::move(weights), std::move(bias));
}

Outcome gemm(const Call& call) {
  if (call.integer("transA", 0) != 0) call.fail("turns its first input around, which has a row for each sample");
  const double alpha = call.number("alpha", 1.0), beta = call.number("beta", 1.0);
  const std::int32_t width = call.rows(0).width;
  const Stored stored = call.integer("transB", 0) != 0 ? Stored::out_in : Stored::in_out;
  std::vector<double> weights = weights_of(call, call.constant(1), stored, width);
  for (double& weight : weights) weight *= alpha;
  const std::size_t n_out = weights.size() / static_cast<std::size_t>(width);
  std::vector<double> bias(n_out, 0.0);
  if (call.has_input(2)) bias = by_column(call, call.constant(2), static_cast<std::int32_t>(n_out));
  for (double& value : bias) value *= beta;
  return layer(call, std::move(weights), std::move(bias));
}

Outcome batch_normalization(const Call& call) {
  const Rows& rows = call.rows(0);
  const auto n = static_cast<std::size_t>(rows.width);
  if (call.integer("training_mode", 0) != 0 || (call.node().opset < 7 && call.integer("is_test", 0) == 0))
    call.fail("is in training mode, expected a model for inference");
  const double epsilon = call.number("epsilon", 1e-5F);
  const std::vector<double>&scale = call.vector(1, n), &shift = call.vector(2, n), &mean = call.vector(3, n),
        &variance = call.vector(4, n);
  std::vector<double> by(n), add(n);
  for (std::size_t unit = 0; unit < n; ++unit) {
    const double deviation = std::sqrt(variance[unit] + epsilon);
    if (!(deviation > 0.0))
      call.fail(fmt::format("unit {} has the variance {}, expected a positive number", unit, variance[unit]));
    by[unit] = scale[unit] / deviation;
    add[unit] = shift[unit] - mean[unit] * by[unit];
  }
  return {{adjusted(call, rows, by, add)}, "folded into a dense layer"};
}

}  // namespace

std::span<const Operator> layer_operators() {
  static constexpr std::array rows = {
      Operator{"", "Gemm", 7, 26, "alpha beta transA transB", gemm},
      Operator{"", "MatMul", 1, 26, "", mat_mul},
      Operator{"", "BatchNormalization", 6, 26, "epsilon momentum training_mode is_test spatial", batch_normalization},
  };
  return rows;
}

}  // namespace emlc::formats::onnx
