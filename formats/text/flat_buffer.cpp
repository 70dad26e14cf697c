#include "formats/text/flat_buffer.hpp"

#include <fmt/format.h>

#include <bit>

#include "codegen/model/error.hpp"

namespace emlc::formats::flat {
namespace {

constexpr std::size_t word_size = 4;

/// `bytes` as a number, the first byte the lowest.
std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) number = number << 8U | static_cast<unsigned char>(bytes[i]);
  return number;
}

double double_of(std::string_view bytes) { return std::bit_cast<double>(little_endian(bytes)); }
float float_of(std::string_view bytes) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(little_endian(bytes)));
}
std::int32_t integer_of(std::string_view bytes) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(little_endian(bytes)));
}

template <class Number>
std::vector<Number> numbers(std::string_view bytes, std::size_t size, Number (*number_of)(std::string_view)) {
  std::vector<Number> found;
  found.reserve(bytes.size() / size);
  for (std::size_t at = 0; at < bytes.size(); at += size) found.push_back(number_of(bytes.substr(at, size)));
  return found;
}

}  // namespace

void Buffer::fail(std::size_t at, std::string_view field, std::string_view problem) const {
  throw Error({.file = std::string(file), .line = 0, .field = fmt::format("byte {} ({})", first + at, field)}, problem);
}

std::string_view Buffer::part(std::size_t at, std::size_t size, std::string_view field) const {
  if (at > bytes.size() || size > bytes.size() - at) {
    fail(at, field,
         fmt::format("{} bytes are expected here, the file has {}", size, at > bytes.size() ? 0 : bytes.size() - at));
  }
  return bytes.substr(at, size);
}

std::uint32_t Buffer::word(std::size_t at, std::string_view field) const {
  return static_cast<std::uint32_t>(little_endian(part(at, word_size, field)));
}

Table::Table(const Buffer& buffer, std::size_t at, std::string_view name) : buffer_(&buffer), at_(at) {
  // The vtable may stand before the table or behind it.
  const auto vtable = static_cast<std::int64_t>(at) - integer_of(buffer.part(at, word_size, name));
  if (vtable < 0) buffer.fail(at, name, "the table of its fields begins before the file does");
  vtable_ = static_cast<std::size_t>(vtable);
  vtable_size_ = static_cast<std::size_t>(little_endian(buffer.part(vtable_, 2, name)));
  if (vtable_size_ < word_size) buffer.fail(vtable_, name, "the table of its fields has less than 4 bytes");
  (void)buffer.part(vtable_, vtable_size_, name);
}

std::optional<std::size_t> Table::find(int field, std::size_t size, std::string_view name) const {
  const std::size_t slot = word_size + 2 * static_cast<std::size_t>(field);
  if (slot + 2 > vtable_size_) return std::nullopt;
  const auto offset = static_cast<std::size_t>(little_endian(buffer_->part(vtable_ + slot, 2, name)));
  if (offset == 0) return std::nullopt;
  (void)buffer_->part(at_ + offset, size, name);
  return at_ + offset;
}

std::optional<std::size_t> Table::follow(int field, std::string_view name) const {
  const std::optional<std::size_t> at = find(field, word_size, name);
  if (!at) return std::nullopt;
  return *at + buffer_->word(*at, name);
}

std::string_view Table::elements(int field, std::size_t size, std::string_view name) const {
  const std::optional<std::size_t> at = follow(field, name);
  if (!at) return {};
  return buffer_->part(*at + word_size, buffer_->word(*at, name) * size, name);
}

bool Table::flag(int field, std::string_view name) const { return byte(field, name) != 0; }

std::uint8_t Table::byte(int field, std::string_view name) const {
  const std::optional<std::size_t> at = find(field, 1, name);
  return at ? static_cast<std::uint8_t>(buffer_->part(*at, 1, name).front()) : std::uint8_t{0};
}

std::int32_t Table::integer(int field, std::string_view name) const {
  const std::optional<std::size_t> at = find(field, word_size, name);
  return at ? integer_of(buffer_->part(*at, word_size, name)) : 0;
}

std::optional<double> Table::real(int field, std::string_view name) const {
  const std::optional<std::size_t> at = find(field, sizeof(double), name);
  if (!at) return std::nullopt;
  return double_of(buffer_->part(*at, sizeof(double), name));
}

std::string_view Table::text(int field, std::string_view name) const { return elements(field, 1, name); }

Table Table::table(int field, std::string_view name) const {
  const std::optional<std::size_t> at = follow(field, name);
  if (!at) buffer_->fail(at_, name, "is missing");
  return {*buffer_, *at, name};
}

std::vector<Table> Table::tables(int field, std::string_view name) const {
  std::vector<Table> found;
  const std::optional<std::size_t> at = follow(field, name);
  for (std::size_t i = 0; i < length(field, name); ++i) {
    const std::size_t place = *at + word_size * (i + 1);
    found.emplace_back(*buffer_, place + buffer_->word(place, name), name);
  }
  return found;
}

std::size_t Table::length(int field, std::string_view name) const {
  const std::optional<std::size_t> at = follow(field, name);
  return at ? buffer_->word(*at, name) : 0;
}

std::vector<std::int32_t> Table::integers(int field, std::string_view name) const {
  return numbers(elements(field, word_size, name), word_size, integer_of);
}

std::vector<float> Table::floats(int field, std::string_view name) const {
  return numbers(elements(field, word_size, name), word_size, float_of);
}

std::vector<double> Table::doubles(int field, std::string_view name) const {
  return numbers(elements(field, sizeof(double), name), sizeof(double), double_of);
}

Table root(const Buffer& buffer, std::string_view name) { return {buffer, buffer.word(0, name), name}; }

}  // namespace emlc::formats::flat
