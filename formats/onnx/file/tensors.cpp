#include "formats/onnx/file/tensors.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "formats/onnx/file/schema.pb.h"

namespace emlc::formats::onnx {
namespace {

/// What a tensor is decoded from.
struct Source {
  const wire::Tensor& tensor;
  std::string_view file;
  const std::string& field;

  [[noreturn]] void fail(std::string_view problem) const { refuse(file, field, problem); }
};

template <class Number>
std::vector<double> from_bytes(const Source& source) {
  const std::string& bytes = source.tensor.raw_data();
  if (bytes.size() % sizeof(Number) != 0) {
    source.fail(fmt::format("has {} bytes, no whole number of elements of {} bytes", bytes.size(), sizeof(Number)));
  }
  std::vector<double> values(bytes.size() / sizeof(Number));
  for (std::size_t index = 0; index < values.size(); ++index) {
    Number number;
    std::memcpy(&number, bytes.data() + index * sizeof(Number), sizeof(Number));
    values[index] = static_cast<double>(number);
  }
  return values;
}

template <class List>
std::vector<double> from_list(const List& list) {
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(list.size()));
  for (const auto number : list) values.push_back(static_cast<double>(number));
  return values;
}

std::vector<double> floats(const wire::Tensor& tensor) { return from_list(tensor.float_data()); }
std::vector<double> doubles(const wire::Tensor& tensor) { return from_list(tensor.double_data()); }
std::vector<double> words(const wire::Tensor& tensor) { return from_list(tensor.int32_data()); }
std::vector<double> longs(const wire::Tensor& tensor) { return from_list(tensor.int64_data()); }
std::vector<double> unsigned_longs(const wire::Tensor& tensor) { return from_list(tensor.uint64_data()); }

/// How the elements of a type are stored: little-endian bytes, or a list of the message.
struct Storage {
  ElementType type;
  std::string_view name;
  std::vector<double> (*raw)(const Source& source);
  std::vector<double> (*listed)(const wire::Tensor& tensor);
  double lowest, highest;  ///< of integers that a list can have
};

template <class Number>
constexpr Storage storage(ElementType type, std::string_view name, std::vector<double> (*listed)(const wire::Tensor&)) {
  constexpr double exact = 9007199254740992.0;  // 2^53
  constexpr bool is_wide = sizeof(Number) == sizeof(std::int64_t);
  const double lowest = is_wide ? -exact : static_cast<double>(std::numeric_limits<Number>::lowest());
  const double highest = is_wide ? exact : static_cast<double>(std::numeric_limits<Number>::max());
  return {type, name, from_bytes<Number>, listed, lowest, highest};
}

std::span<const Storage> storages() {
  using enum ElementType;
  static constexpr std::array all = {
      storage<float>(float32, "float", floats),        storage<double>(float64, "double", doubles),
      storage<std::uint8_t>(uint8, "uint8", words),    storage<std::int8_t>(int8, "int8", words),
      storage<std::uint16_t>(uint16, "uint16", words), storage<std::int16_t>(int16, "int16", words),
      storage<std::int32_t>(int32, "int32", words),    storage<std::int64_t>(int64, "int64", longs),
      storage<std::uint8_t>(boolean, "bool", words),   storage<std::uint32_t>(uint32, "uint32", unsigned_longs),
  };
  return all;
}

const Storage* storage_of(ElementType type) {
  for (const Storage& row : storages()) {
    if (row.type == type) return &row;
  }
  return nullptr;
}

/// The product of the sizes.
std::size_t n_elements(const Source& source, const std::vector<std::int64_t>& shape) {
  // Nothing that a file holds has more elements.
  constexpr std::int64_t most = std::int64_t{1} << 31U;
  std::int64_t n = 1;
  for (const std::int64_t size : shape) {
    if (size < 0) source.fail(fmt::format("expected sizes from 0 on, found {}", size));
    if (size > most) source.fail(fmt::format("has a size of {}, more than any file holds", size));
    n *= size;
    if (n > most)
      source.fail(fmt::format("has a shape of more elements than any file holds: {}", fmt::join(shape, " x ")));
  }
  return static_cast<std::size_t>(n);
}

std::vector<double> decode_values(const Source& source, const Storage& storage) {
  std::vector<double> values = source.tensor.has_raw_data() ? storage.raw(source) : storage.listed(source.tensor);
  if (!is_integer(storage.type)) return values;
  for (const double value : values) {
    if (value >= storage.lowest && value <= storage.highest) continue;
    source.fail(fmt::format("the element {} is out of the range of {}, {} to {}", value, storage.name, storage.lowest,
                            storage.highest));
  }
  return values;
}

}  // namespace

std::string name(ElementType type) {
  if (type == ElementType::text) return "string";
  const Storage* storage = storage_of(type);
  return storage != nullptr ? std::string(storage->name) : fmt::format("type {}", static_cast<std::int32_t>(type));
}

bool is_integer(ElementType type) {
  return type != ElementType::float32 && type != ElementType::float64 && type != ElementType::text;
}

Tensor decode_tensor(const wire::Tensor& from, std::string_view file, const std::string& field) {
  const Source source{from, file, field};
  if (from.data_location() != 0 || from.external_data_size() != 0) {
    source.fail("has its elements in another file, which emlc never opens: save the model with all of its data inside");
  }
  if (from.has_segment()) source.fail("is one of several segments, expected a whole tensor");
  Tensor to{.type = static_cast<ElementType>(from.data_type()), .shape = {from.dims().begin(), from.dims().end()}};
  const std::size_t n = n_elements(source, to.shape);
  const auto check_count = [&](std::size_t found) {
    if (found != n) source.fail(fmt::format("has {} elements, its shape [{}] {}", found, fmt::join(to.shape, ", "), n));
  };
  if (to.type == ElementType::text) {
    check_count(static_cast<std::size_t>(from.string_data_size()));
    to.texts.assign(from.string_data().begin(), from.string_data().end());
    return to;
  }
  const Storage* storage = storage_of(to.type);
  if (storage == nullptr) source.fail(fmt::format("has elements of {}, which emlc does not read", name(to.type)));
  to.values = decode_values(source, *storage);
  check_count(to.values.size());
  return to;
}

}  // namespace emlc::formats::onnx
