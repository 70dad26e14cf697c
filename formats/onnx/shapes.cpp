#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "formats/onnx/call.hpp"
#include "formats/onnx/rows.hpp"

namespace emlc::formats::onnx {
namespace {

constexpr std::string_view nothing = "nothing: the numbers stay";

/// A number as a value of another type.
double converted(double value, ElementType type) {
  if (type == ElementType::boolean) return value != 0.0 ? 1.0 : 0.0;
  return is_integer(type) ? std::trunc(value) : model::round_to(number_type(type), value);
}

std::vector<std::string> as_texts(const Call& call, const std::vector<double>& values) {
  std::vector<std::string> texts;
  for (const double value : values) {
    if (value != std::trunc(value)) call.fail(fmt::format("makes a text of {}, expected an integer", value));
    texts.push_back(fmt::format("{:.0f}", value));
  }
  return texts;
}

/// Of constants and of classes.
void convert(const Call& call, ElementType type, std::vector<double>& values, std::vector<std::string>& texts) {
  if (type == ElementType::text) {
    if (texts.empty()) texts = as_texts(call, values);
    values.clear();
    return;
  }
  if (!texts.empty()) call.fail("makes numbers of texts");
  for (double& value : values) value = converted(value, type);
}

Outcome cast_rows(const Call& call, const Rows& rows, ElementType type) {
  const bool is_number = type == ElementType::float32 || type == ElementType::float64;
  if (is_features(rows)) {
    if (!is_number && type != rows.type)
      call.fail(fmt::format("makes {} of the input, which the model has no place for", name(type)));
    return {{cast_features(rows, type)}, "the type of the input"};
  }
  Rows made = rows;
  if (is_leaf_value(rows))
    made = with_leaves(call, rows, [type](double value) { return converted(value, type); });
  else if (!is_number)
    call.fail(fmt::format("makes {} of what the model computes, which it has no place for", name(type)));
  made.type = type;
  made.lineage = rows.lineage;
  return {{std::move(made)}, std::string(nothing)};
}

Outcome cast(const Call& call) {
  const auto type = static_cast<ElementType>(call.integer("to", 0));
  if (name(type).starts_with("type "))
    call.fail(fmt::format("makes numbers of {}, which emlc does not read", name(type)));
  if (std::holds_alternative<Rows>(call.input(0))) return cast_rows(call, call.rows(0), type);
  Value made = call.input(0);
  std::visit(
      [&](auto& any) {
        any.type = type;
        if constexpr (!std::is_same_v<std::decay_t<decltype(any)>, Rows>) {
          auto& values = any.values;
          convert(call, type, values, any.texts);
        }
      },
      made);
  return {{std::move(made)}, std::string(nothing)};
}

Outcome identity(const Call& call) { return {{call.input(0)}, std::string(nothing)}; }

Outcome dropout(const Call& call) {
  if (call.has_input(2) && call.vector(2, 1).front() != 0.0)
    call.fail("is in training mode, expected a model for inference");
  return identity(call);
}

/// The shape that a constant has afterwards; one size may be -1.
std::vector<std::int64_t> resolved(const Call& call, const Tensor& tensor, const std::vector<double>& sizes) {
  std::vector<std::int64_t> shape;
  double known = 1.0;
  for (std::size_t axis = 0; axis < sizes.size(); ++axis) {
    double size = sizes[axis];
    if (size == 0.0 && axis < tensor.shape.size()) size = static_cast<double>(tensor.shape[axis]);
    if (size < -1.0 || size > static_cast<double>(tensor.values.size()))
      call.fail(fmt::format("makes a size of {}", size));
    if (size >= 0.0) known *= size;
    shape.push_back(static_cast<std::int64_t>(size));
  }
  const auto n = static_cast<double>(tensor.values.size());
  for (std::int64_t& size : shape) {
    if (size == -1) size = known == 0.0 ? 0 : static_cast<std::int64_t>(n / known);
  }
  double product = 1.0;
  for (const std::int64_t size : shape) product *= static_cast<double>(size);
  if (product != n) call.fail(fmt::format("makes [{}] of {} elements", fmt::join(shape, ", "), n));
  return shape;
}

/// Refuses another shape than one row for each sample, perhaps with axes of size 1 in front of its columns.
void check_rows(const Call& call, const std::vector<double>& sizes, std::int32_t width) {
  const bool is_open = !sizes.empty() && (sizes[0] == -1.0 || sizes[0] == 0.0);
  const bool is_column = sizes.size() == 1 && sizes[0] == -1.0 && width == 1;
  bool is_table = sizes.size() >= 2 && is_open && (sizes.back() == width || (sizes[0] == 0.0 && sizes.back() == -1.0));
  for (std::size_t axis = 1; axis + 1 < sizes.size(); ++axis) is_table = is_table && sizes[axis] == 1.0;
  if (!is_column && !is_table) {
    call.fail(fmt::format("makes the shape [{}], expected a row of {} for each sample", fmt::join(sizes, ", "), width));
  }
}

/// The numbers as they are, in tables of `n_axes`.
Outcome with_axes(const Call& call, std::size_t n_axes) {
  Value made = call.input(0);
  if (auto* rows = std::get_if<Rows>(&made)) rows->n_axes = static_cast<std::int32_t>(std::max<std::size_t>(n_axes, 2));
  return {{std::move(made)}, std::string(nothing)};
}

Outcome reshape(const Call& call) {
  const std::vector<double>& sizes = call.constant(1).values;
  if (const Tensor* tensor = call.constant_or_null(0)) {
    if (tensor->type == ElementType::text) call.fail("reshapes texts");
    Tensor made = *tensor;
    made.shape = resolved(call, made, sizes);
    return {{std::move(made)}, "constant"};
  }
  const auto* rows = std::get_if<Rows>(&call.input(0));
  check_rows(call, sizes, rows != nullptr ? rows->width : 1);
  return with_axes(call, sizes.size());
}

Outcome flatten(const Call& call) {
  if (call.integer("axis", 1) != 1)
    call.fail(fmt::format("works along axis {}, expected 1: a row for each sample", call.integer("axis", 1)));
  Rows rows = call.rows(0);
  rows.n_axes = 2;
  return {{std::move(rows)}, std::string(nothing)};
}

/// Axes of size 1 between samples and columns, added or taken away. Without a list Squeeze takes all.
Outcome of_axes_between(const Call& call, const Rows& rows) {
  const bool is_more = call.node().op == "Unsqueeze";
  std::vector<double> axes = call.has_input(1) ? call.constant(1).values : std::vector<double>();
  for (const std::int64_t axis : call.integers("axes")) axes.push_back(static_cast<double>(axis));
  const std::size_t n_before = static_cast<std::size_t>(rows.n_axes), n = axes.size();
  if (axes.empty() && !is_more) return with_axes(call, 2);
  const std::size_t n_axes = is_more ? n_before + n : n_before;
  if (!is_more && n + 2 > n_before) call.fail(fmt::format("takes {} of {} axes away", n, n_before));
  for (double& axis : axes) {
    if (axis < 0.0) axis += static_cast<double>(n_axes);
    if (!(axis >= 1.0 && axis + 1.0 < static_cast<double>(n_axes)))
      call.fail(
          fmt::format("changes axis {} of rows of {}, expected one between samples and columns", axis, rows.width));
  }
  return with_axes(call, is_more ? n_axes : n_before - n);
}

/// An axis of size 1 more or less.
Outcome thinner_or_thicker(const Call& call) {
  const auto* rows = std::get_if<Rows>(&call.input(0));
  if (rows != nullptr && rows->width != 1) return of_axes_between(call, *rows);
  if (const Tensor* tensor = call.constant_or_null(0)) {
    Tensor made = *tensor;
    made.shape = {static_cast<std::int64_t>(std::max(made.values.size(), made.texts.size()))};
    return {{std::move(made)}, "constant"};
  }
  return identity(call);
}

/// Of a constant matrix: the weights of a layer, whichever way round an exporter has them.
Outcome transpose(const Call& call) {
  const Tensor& matrix = call.constant(0);
  const std::vector<std::int64_t> axes = call.integers("perm");
  const bool is_turned = axes.empty() || axes == std::vector<std::int64_t>{1, 0};
  if (matrix.shape.size() != 2 || !is_turned || matrix.type == ElementType::text)
    call.fail("turns something else than a matrix of numbers around");
  const auto n_rows = static_cast<std::size_t>(matrix.shape[0]), n_columns = static_cast<std::size_t>(matrix.shape[1]);
  Tensor made{.type = matrix.type, .shape = {matrix.shape[1], matrix.shape[0]}};
  call.make(matrix.values.size());
  made.values.reserve(matrix.values.size());
  for (std::size_t column = 0; column < n_columns; ++column) {
    for (std::size_t row = 0; row < n_rows; ++row) made.values.push_back(matrix.values[row * n_columns + column]);
  }
  return {{std::move(made)}, "constant"};
}

Outcome constant(const Call& call) {
  if (const Attribute* tensor = call.attribute("value"); tensor != nullptr && tensor->tensor)
    return {{*tensor->tensor}, "constant"};
  Tensor made{.shape = {}};
  if (call.attribute("value_float") != nullptr) {
    made.values = {call.number("value_float", 0.0)};
  } else if (call.attribute("value_int") != nullptr) {
    made.type = ElementType::int64;
    made.values = {static_cast<double>(call.integer("value_int", 0))};
  } else if (call.attribute("value_floats") != nullptr) {
    made.values = call.numbers("value_floats");
    made.shape = {static_cast<std::int64_t>(made.values.size())};
  } else if (call.attribute("value_ints") != nullptr) {
    made.type = ElementType::int64;
    for (const std::int64_t value : call.integers("value_ints")) made.values.push_back(static_cast<double>(value));
    made.shape = {static_cast<std::int64_t>(made.values.size())};
  } else {
    call.fail("has none of the attributes value, value_float, value_int, value_floats, value_ints");
  }
  return {{std::move(made)}, "constant"};
}

}  // namespace

std::span<const Operator> shape_operators() {
  static constexpr std::array rows = {
      Operator{"", "Cast", 6, 26, "to saturate", cast},
      Operator{"", "Identity", 1, 26, "", identity},
      Operator{"", "Dropout", 7, 26, "ratio seed", dropout},
      Operator{"", "Reshape", 5, 26, "allowzero", reshape},
      Operator{"", "Flatten", 1, 26, "axis", flatten},
      Operator{"", "Squeeze", 1, 26, "axes", thinner_or_thicker},
      Operator{"", "Unsqueeze", 1, 26, "axes", thinner_or_thicker},
      Operator{"", "Transpose", 1, 26, "perm", transpose},
      Operator{"", "Constant", 1, 26, "value value_float value_int value_floats value_ints", constant},
  };
  return rows;
}

}  // namespace emlc::formats::onnx
