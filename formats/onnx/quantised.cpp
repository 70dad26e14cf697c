#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "formats/onnx/call.hpp"
#include "formats/onnx/rows.hpp"

/// The two operators that quantisers put around all others: codes of constants are numbers when the file is read, those
/// of what the model computes are numbers on a grid.
namespace emlc::formats::onnx {
namespace {

/// Numbers for the columns of a quantised constant: one, or one for each step along the axis.
double along_axis(const Call& call, const Tensor& tensor, const std::vector<double>& numbers, std::size_t index) {
  if (numbers.size() == 1) return numbers.front();
  auto axis = call.integer("axis", 1);
  const auto n_axes = static_cast<std::int64_t>(tensor.shape.size());
  if (axis < 0) axis += n_axes;
  if (axis < 0 || axis >= n_axes || std::cmp_not_equal(numbers.size(), tensor.shape[static_cast<std::size_t>(axis)])) {
    call.fail(fmt::format("has {} scales along axis {}, which do not fit", numbers.size(), axis));
  }
  std::size_t inner = 1;
  for (std::int64_t behind = axis + 1; behind < n_axes; ++behind)
    inner *= static_cast<std::size_t>(tensor.shape[static_cast<std::size_t>(behind)]);
  return numbers[index / inner % numbers.size()];
}

void refuse_blocks(const Call& call) {
  if (call.integer("block_size", 0) != 0) call.fail("has a scale for each block of a column, expected one for all");
}

Outcome constant_of_codes(const Call& call, const Tensor& codes) {
  refuse_blocks(call);
  const Tensor& scale = call.constant(1);
  Tensor made{.type = ElementType::float32, .shape = codes.shape, .values = codes.values};
  call.make(made.values.size());
  for (std::size_t index = 0; index < made.values.size(); ++index) {
    const double zero = call.has_input(2) ? along_axis(call, codes, call.constant(2).values, index) : 0.0;
    made.values[index] = model::round_to(model::NumberType::float32,
                                         (made.values[index] - zero) * along_axis(call, codes, scale.values, index));
  }
  return {{std::move(made)}, "constant"};
}

struct CodeType {
  ElementType type;
  std::int32_t lowest, highest;
};
constexpr std::array code_types = {CodeType{ElementType::uint8, 0, 255}, CodeType{ElementType::int8, -128, 127},
                                   CodeType{ElementType::uint16, 0, 65535},
                                   CodeType{ElementType::int16, -32768, 32767}};

/// The type of the zero, or `otherwise` of a node without one.
const CodeType& code_type(const Call& call, ElementType otherwise) {
  const ElementType type = call.has_input(2) ? call.constant(2).type : otherwise;
  for (const CodeType& row : code_types) {
    if (row.type == type) return row;
  }
  call.fail(fmt::format("has codes of {}, expected int8, uint8, int16 or uint16", name(type)));
}

/// What QuantizeLinear says of its codes where it has no zero.
ElementType type_without_zero(const Call& call) {
  return static_cast<ElementType>(call.integer("output_dtype", static_cast<std::int64_t>(ElementType::uint8)));
}

/// The codes of what a model computes, with the one scale of all columns.
model::CodeGrid grid_of(const Call& call, const CodeType& type) {
  refuse_blocks(call);
  const std::vector<double>& scale = call.constant(1).values;
  if (scale.size() != 1)
    call.fail(fmt::format("has {} scales for what the model computes, expected one for all columns", scale.size()));
  if (!(scale.front() > 0.0 && std::isfinite(scale.front())))
    call.fail(fmt::format("has the scale {}, expected a finite number above 0", scale.front()));
  const double zero = call.has_input(2) ? call.vector(2, 1).front() : 0.0;
  return {
      .scale = scale.front(), .zero = static_cast<std::int32_t>(zero), .lowest = type.lowest, .highest = type.highest};
}

bool are_same(const model::CodeGrid& a, const model::CodeGrid& b) {
  return a.scale == b.scale && a.zero == b.zero && a.lowest == b.lowest && a.highest == b.highest;
}

Outcome codes_of_constant(const Call& call, const Tensor& numbers) {
  refuse_blocks(call);
  const CodeType& type = code_type(call, type_without_zero(call));
  Tensor made{.type = type.type, .shape = numbers.shape, .values = numbers.values};
  call.make(made.values.size());
  for (std::size_t index = 0; index < made.values.size(); ++index) {
    const double zero = call.has_input(2) ? along_axis(call, numbers, call.constant(2).values, index) : 0.0;
    const double scale = along_axis(call, numbers, call.constant(1).values, index);
    const double steps = std::nearbyint(model::round_to(model::NumberType::float32, made.values[index] / scale));
    made.values[index] = std::clamp<double>(steps + zero, type.lowest, type.highest);
  }
  return {{std::move(made)}, "constant"};
}

Outcome quantise(const Call& call) {
  if (const Tensor* numbers = call.constant_or_null(0)) return codes_of_constant(call, *numbers);
  Rows codes = call.rows(0);
  codes.codes = grid_of(call, code_type(call, type_without_zero(call)));
  codes.lineage = {call.new_tensor()};
  return {{std::move(codes)}, "codes for the DequantizeLinear behind it"};
}

Outcome dequantise(const Call& call) {
  if (const Tensor* codes = call.constant_or_null(0)) return constant_of_codes(call, *codes);
  const auto* rows = std::get_if<Rows>(&call.input(0));
  if (rows == nullptr || !rows->codes) call.fail("takes codes that no QuantizeLinear in front of it made");
  const CodeType made{ElementType::uint8, rows->codes->lowest, rows->codes->highest};
  const model::CodeGrid grid = grid_of(call, call.has_input(2) ? code_type(call, made.type) : made);
  if (!are_same(grid, *rows->codes))
    call.fail("has another scale, zero or type than the QuantizeLinear in front of it");
  Rows numbers = *rows;
  numbers.codes.reset();
  return {{rounded(call, std::move(numbers), grid)},
          fmt::format("rounded to {} codes, {} apart", grid.highest - grid.lowest + 1, grid.scale)};
}

}  // namespace

std::span<const Operator> quantised_operators() {
  static constexpr std::array rows = {
      Operator{"", "DequantizeLinear", 10, 26, "axis block_size output_dtype", dequantise},
      Operator{"", "QuantizeLinear", 10, 26, "axis block_size output_dtype saturate precision", quantise},
  };
  return rows;
}

}  // namespace emlc::formats::onnx
