#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "codegen/c/trees/code.hpp"
#include "codegen/c/trees/readback/tokens.hpp"
#include "codegen/layout/trees/bit_columns.hpp"
#include "codegen/layout/trees/split_order.hpp"

namespace emlc::c {

/// The whole numbers, 0 to 2^32 - 1, of the table `name` (with names.symbol in front). Throws Unreadable.
std::vector<std::uint32_t> unsigned_table(std::span<const Token> tokens, const TreeCode& code, std::string_view name);

/// Element `at`; throws Unreadable behind the end.
template <typename Value>
Value element(const std::vector<Value>& table, std::size_t at) {
  if (at < table.size()) return table[at];
  throw Unreadable{0, "a number leads behind the end of a table"};
}

/// `count` bytes, least significant first.
std::uint64_t long_little_endian(const std::vector<std::uint32_t>& bytes, std::size_t at, int count);
/// At most four of them.
std::uint32_t little_endian(const std::vector<std::uint32_t>& bytes, std::size_t at, int count);

/// The number of a floating type that has these bits.
double number_of_bits(model::NumberType type, std::uint64_t bits);

/// The columns of records as the header has them, `name` as in ColumnText.
std::vector<std::vector<std::uint32_t>> columns_table(std::span<const Token> tokens, const TreeCode& code,
                                                      const layout::Columns& shape, std::string_view name);
std::uint32_t field_of(const std::vector<std::vector<std::uint32_t>>& columns, const layout::Field& field,
                       std::size_t record);

/// Thresholds by their names, as SplitText compares them.
class ThresholdReader {
 public:
  ThresholdReader(std::span<const Token> tokens, const TreeCode& code, layout::Missing missing,
                  const layout::Thresholds& shape);
  [[nodiscard]] double threshold(std::uint32_t name) const;

 private:
  const TreeCode& code_;
  layout::Missing missing_;
  std::int64_t base_;
  std::vector<std::int64_t> ordinals_{};
};

/// `number` modulo the type, in its range.
double wrapped(model::NumberType type, std::int64_t number);

}  // namespace emlc::c
