#include "codegen/layout/trees/bit_columns.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace emlc::layout {
namespace {

constexpr int max_record_bytes = 8;

/// The ways to cut so many bytes, the best first. Small processors read two bytes and shift them with less code than
/// four.
std::vector<std::vector<int>> cuts_of(int n_bytes) {
  switch (n_bytes) {
    case 1:
      return {{1}};
    case 2:
      return {{2}};
    case 3:
      return {{2, 1}};
    case 4:
      return {{2, 2}, {4}};
    case 5:
      return {{4, 1}};
    case 6:
      return {{4, 2}};
    case 7:
      return {{4, 2, 1}};
    case 8:
      return {{4, 2, 2}, {4, 4}};
    default:
      return {};
  }
}

/// Tries the columns for every field but the first, which has the last column, and the last, which takes what is left.
class Placer {
 public:
  Placer(std::span<Field* const> fields, Field& rest, const std::vector<int>& columns) : fields_(fields), rest_(rest) {
    for (const int bytes : columns) free_.push_back(8 * bytes);
  }

  bool place();

 private:
  bool place_from(std::size_t index);
  bool place_last();

  std::span<Field* const> fields_;
  Field& rest_;
  std::vector<int> free_;  ///< bits that are left in each column
};

bool Placer::place_last() {
  Field& last = *fields_.back();
  rest_ = {};
  std::vector<std::size_t> order(free_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return free_[a] > free_[b]; });
  const int bits = last.bits;
  last.column = static_cast<int>(order[0]);
  if (bits <= free_[order[0]]) return true;
  if (order.size() < 2 || bits > free_[order[0]] + free_[order[1]]) return false;
  last.bits = free_[order[0]];
  rest_ = {.bits = bits - last.bits, .column = static_cast<int>(order[1])};
  return true;
}

/// At most three columns and a handful of fields: recursion as deep as there are fields.
bool Placer::place_from(std::size_t index) {
  if (index + 1 == fields_.size()) return place_last();
  Field& field = *fields_[index];
  for (std::size_t column = free_.size(); column-- > 0;) {
    if (field.bits > free_[column]) continue;
    field.column = static_cast<int>(column);
    free_[column] -= field.bits;
    if (place_from(index + 1)) return true;
    free_[column] += field.bits;
  }
  return false;
}

bool Placer::place() {
  Field& first = *fields_.front();
  if (first.bits > free_.back()) return false;
  first.column = static_cast<int>(free_.size()) - 1;
  free_.back() -= first.bits;
  return place_from(1);
}

/// From bit 0 of each column upwards: the last field, the one before it, ...; the first field at the top.
void set_shifts(std::span<Field* const> fields, Field& rest, const std::vector<int>& columns) {
  std::vector<int> used(columns.size(), 0);
  std::vector<Field*> upwards = {&rest};
  for (std::size_t i = fields.size(); i-- > 1;) upwards.push_back(fields[i]);
  for (Field* field : upwards) {
    field->shift = used[static_cast<std::size_t>(field->column)];
    used[static_cast<std::size_t>(field->column)] += field->bits;
  }
  Field& first = *fields.front();
  first.shift = 8 * columns.back() - first.bits;
  for (Field* field : upwards) {
    const bool is_below_first = field->column == first.column && first.bits > 0;
    field->is_top = !is_below_first && field->shift + field->bits == used[static_cast<std::size_t>(field->column)];
  }
}

}  // namespace

std::size_t Columns::table_bytes() const {
  constexpr std::size_t read_at_once = 4;
  if (stream_bits != 0) return n_records() * static_cast<std::size_t>(stream_bits) / 8 + read_at_once;
  return n_records() * static_cast<std::size_t>(std::accumulate(bytes.begin(), bytes.end(), 0));
}

std::optional<Columns> place_in_stream(std::span<Field* const> fields) {
  int used = 0;
  for (std::size_t i = fields.size(); i-- > 0;) {
    *fields[i] = {.bits = fields[i]->bits, .column = 0, .shift = used, .is_top = false};
    used += fields[i]->bits;
  }
  if (used == 0 || used > max_stream_bits) return std::nullopt;
  for (Field* field : fields) field->is_top = field->shift + field->bits == used;
  return Columns{.bytes = {4}, .values = std::vector<std::vector<std::uint32_t>>(1), .stream_bits = used};
}

std::vector<std::uint8_t> stream_bytes(const Columns& columns) {
  std::vector<std::uint8_t> bytes(columns.table_bytes(), 0);
  std::size_t bit = 0;
  for (const std::uint32_t value : columns.values.front()) {
    for (int i = 0; i < columns.stream_bits; ++i, ++bit) {
      bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] | (value >> i & 1U) << bit % 8);
    }
  }
  return bytes;
}

std::optional<Columns> place_fields(std::span<Field* const> fields, Field& rest) {
  int bits = 0;
  for (const Field* field : fields) bits += field->bits;
  const int last_bits = fields.back()->bits;
  for (int n_bytes = std::max(1, (bits + 7) / 8); n_bytes <= max_record_bytes; ++n_bytes) {
    for (const std::vector<int>& columns : cuts_of(n_bytes)) {
      fields.back()->bits = last_bits;
      if (!Placer(fields, rest, columns).place()) continue;
      set_shifts(fields, rest, columns);
      return Columns{.bytes = columns, .values = std::vector<std::vector<std::uint32_t>>(columns.size())};
    }
  }
  return std::nullopt;
}

void add_record(Columns& columns) {
  for (auto& column : columns.values) column.push_back(0);
}

void put_field(Columns& columns, const Field& field, std::uint64_t value) {
  if (value >> field.bits != 0) throw std::logic_error("a field of a record is too narrow for its value");
  if (field.bits == 0) return;
  columns.values[static_cast<std::size_t>(field.column)].back() |= static_cast<std::uint32_t>(value << field.shift);
}

}  // namespace emlc::layout
