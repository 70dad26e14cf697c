#include "formats/onnx/call.hpp"

#include <fmt/format.h>

namespace emlc::formats::onnx {
namespace {

const std::vector<std::string> no_texts;

}  // namespace

const Value& Call::input(std::size_t index) const {
  if (!has_input(index)) fail(fmt::format("input {} is missing", index));
  return *inputs_[index];
}

const Tensor& Call::constant(std::size_t index) const {
  const auto* tensor = std::get_if<Tensor>(&input(index));
  if (tensor == nullptr) {
    fail(fmt::format("input {} '{}' depends on the model's input, expected a constant", index,
                     printable(node_.inputs[index])));
  }
  return *tensor;
}

const Tensor* Call::constant_or_null(std::size_t index) const {
  return has_input(index) ? std::get_if<Tensor>(inputs_[index]) : nullptr;
}

const std::vector<double>& Call::vector(std::size_t index, std::size_t n) const {
  const Tensor& tensor = constant(index);
  if (tensor.values.size() != n) {
    fail(fmt::format("input {} '{}' has {} elements, expected {}", index, printable(node_.inputs[index]),
                     tensor.values.size(), n));
  }
  return tensor.values;
}

const Rows& Call::rows(std::size_t index) const {
  const auto* rows = std::get_if<Rows>(&input(index));
  if (rows == nullptr) {
    fail(fmt::format("input {} '{}' is {}, expected numbers that the model computes", index,
                     printable(node_.inputs[index]),
                     std::holds_alternative<Tensor>(input(index)) ? "a constant" : "a class"));
  }
  if (rows->codes) {
    fail(fmt::format("input {} '{}' has the codes of a QuantizeLinear, of which emlc reads what DequantizeLinear makes",
                     index, printable(node_.inputs[index])));
  }
  return *rows;
}

const Rows& Call::features(std::size_t index) const {
  const Rows& found = rows(index);
  if (!is_features(found))
    fail("expected the model's input in front of it, perhaps scaled, found what a model computes");
  return found;
}

const Attribute* Call::attribute(std::string_view name) const {
  for (const Attribute& attribute : node_.attributes) {
    if (attribute.name == name) return &attribute;
  }
  return nullptr;
}

double Call::number(std::string_view name, double otherwise) const {
  const Attribute* found = attribute(name);
  if (found == nullptr) return otherwise;
  if (!found->number) fail(fmt::format("attribute '{}' is no float", name));
  return *found->number;
}

std::int64_t Call::integer(std::string_view name, std::int64_t otherwise) const {
  const Attribute* found = attribute(name);
  if (found == nullptr) return otherwise;
  if (!found->integer) fail(fmt::format("attribute '{}' is no integer", name));
  return *found->integer;
}

std::string Call::text(std::string_view name, std::string_view otherwise) const {
  const Attribute* found = attribute(name);
  if (found == nullptr) return std::string(otherwise);
  if (!found->text) fail(fmt::format("attribute '{}' is no text", name));
  return *found->text;
}

std::vector<double> Call::numbers(std::string_view name) const {
  if (const Attribute* tensor = attribute(fmt::format("{}_as_tensor", name))) {
    if (!tensor->tensor) fail(fmt::format("attribute '{}' is no tensor", tensor->name));
    return tensor->tensor->values;
  }
  const Attribute* found = attribute(name);
  if (found == nullptr) return {};
  if (found->tensor) return found->tensor->values;
  return found->numbers;
}

std::vector<std::int64_t> Call::integers(std::string_view name) const {
  const Attribute* found = attribute(name);
  return found == nullptr ? std::vector<std::int64_t>{} : found->integers;
}

const std::vector<std::string>& Call::texts(std::string_view name) const {
  const Attribute* found = attribute(name);
  return found == nullptr ? no_texts : found->texts;
}

void Call::make(std::size_t n_elements) const {
  constexpr std::size_t free_elements = std::size_t{1} << 22U;
  const std::size_t most = free_elements + graph_.n_bytes;
  if (n_elements <= most && ledger_.n_elements + n_elements <= most) {
    ledger_.n_elements += n_elements;
    return;
  }
  fail(fmt::format("needs {} numbers, with those of all nodes before it more than {}", n_elements, most));
}

void Call::require_columns(std::int64_t axis) const {
  const auto* rows = has_input(0) ? std::get_if<Rows>(inputs_[0]) : nullptr;
  const std::int64_t last = rows != nullptr ? rows->n_axes - 1 : 1;
  if (axis != last && axis != -1)
    fail(fmt::format("works along axis {}, expected {}, the columns of a row", axis, last));
}

}  // namespace emlc::formats::onnx
