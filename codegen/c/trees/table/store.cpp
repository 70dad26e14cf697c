#include "codegen/c/trees/table/store.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/trees/table/text.hpp"

namespace emlc::c {
namespace {

using layout::Columns;
using layout::Field;

/// Of a Cortex-M0+: to put a value together from two columns, and to read a stream.
constexpr std::size_t column_code_bytes = 16, stream_code_bytes = 64;

struct Range {
  std::int64_t low = 0, high = 0;
};

Range range_of(const TreeCode& code) {
  const auto [low, high] = std::minmax_element(code.leaves.integers.begin(), code.leaves.integers.end());
  return {*low, *high};
}

bool can_be_stored(const TreeCode& code) {
  return code.leaves.kind == layout::LeafKind::fixed_rows && code.leaves.width == 1 && !code.leaves.integers.empty();
}

int bits_of(const Range& range) {
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(range.high - range.low)));
}

/// Every sum has as many trees as the others whenever it is looked at, and one that is compared with bounds has all.
bool adds_without_offset(const TreeCode& code) { return code.n_sums == 1 ? !has_stages(code) : has_rounds(code); }

constexpr int low_bits = 16, high_bits = 8;  ///< of a store with a sign

/// Where an offset would be added to each value, and two columns hold values with their sign as well.
bool has_sign(const TreeCode& code, const LeafStore& store, const Range& range) {
  constexpr std::int64_t end = std::int64_t{1} << (low_bits + high_bits - 1);
  const bool is_split = store.low.bits == low_bits && store.high.bits > 0 && store.high.bits <= high_bits;
  return is_split && !adds_without_offset(code) && range.low < 0 && range.low >= -end && range.high < end;
}

void fill(LeafStore& store, const TreeCode& code) {
  const std::uint64_t mask = store.sign == LeafStore::Sign::in_high ? 0xffffffU : ~std::uint64_t{0};
  for (const std::int64_t integer : code.leaves.integers) {
    const auto value = static_cast<std::uint64_t>(integer - store.offset) & mask;
    layout::add_record(store.columns);
    layout::put_field(store.columns, store.low, value & ((std::uint64_t{1} << store.low.bits) - 1));
    layout::put_field(store.columns, store.high, value >> store.low.bits);
  }
}

enum class Form { columns, stream };

std::optional<LeafStore> placed(const TreeCode& code, Form form) {
  const Range range = range_of(code);
  LeafStore store{.offset = range.low};
  store.low.bits = bits_of(range);
  if (store.low.bits == 0) return std::nullopt;
  Field none;
  const std::array<Field*, 2> fields = {&none, &store.low};
  std::optional<Columns> columns =
      form == Form::stream ? layout::place_in_stream(fields) : layout::place_fields(fields, store.high);
  if (!columns) return std::nullopt;
  store.columns = *std::move(columns);
  if (form == Form::stream || !has_sign(code, store, range)) return store;
  store.sign = LeafStore::Sign::in_high;
  store.offset = 0;
  store.high.bits = high_bits;
  return store;
}

/// Bytes of what is stored and of the code that reads it.
std::size_t cost_of(const LeafStore& store) {
  return store.columns.table_bytes() + (store.columns.stream_bits != 0 ? stream_code_bytes : column_code_bytes);
}

}  // namespace

std::size_t leaf_bits(const TreeCode& code) {
  if (code.leaves.kind == layout::LeafKind::votes) return 0;
  if (const std::optional<RowWord> word = row_word(code)) return 8 * static_cast<std::size_t>(word->bytes);
  const std::size_t whole = 8 * type_bytes(leaf_value_type(code)) * code.leaves.width;
  if (!can_be_stored(code)) return whole;
  const auto bits = static_cast<std::size_t>(bits_of(range_of(code)));
  if (code.optimize == Optimize::size && bits > 0 && bits <= layout::max_stream_bits) return std::min(whole, bits);
  return std::min(whole, (bits + 7) / 8 * 8);
}

std::optional<LeafStore> make_store(const TreeCode& code) {
  if (!can_be_stored(code) || code.optimize == Optimize::speed) return std::nullopt;
  std::size_t least = code.leaves.integers.size() * type_bytes(leaf_value_type(code));
  std::optional<LeafStore> best;
  for (const Form form : {Form::columns, Form::stream}) {
    if (form == Form::stream && code.optimize != Optimize::size) continue;
    std::optional<LeafStore> store = placed(code, form);
    if (!store) continue;
    fill(*store, code);
    if (cost_of(*store) >= least) continue;
    least = cost_of(*store);
    best = std::move(store);
  }
  return best;
}

void take_store(TreeCode& code, std::optional<LeafStore> store) {
  code.store = std::move(store);
  if (!code.store || !adds_without_offset(code)) return;
  code.shift = code.store->offset * static_cast<std::int64_t>(code.ensemble.trees.size()) / code.n_sums;
}

namespace {

std::vector<std::int64_t> signed_bytes(const std::vector<std::uint32_t>& bytes) {
  std::vector<std::int64_t> values;
  values.reserve(bytes.size());
  for (const std::uint32_t byte : bytes) values.push_back(static_cast<std::int8_t>(byte));
  return values;
}

}  // namespace

layout::Part print_store(Printer& out, const TreeCode& code) {
  const auto& values = code.store->columns.values;
  if (code.store->sign == LeafStore::Sign::in_high) {
    layout::Part part =
        print_integers(out, code, "leaf rows", "row_0s_", "uint16_t", {values[0].begin(), values[0].end()});
    part.bytes += print_integers(out, code, "", "row_1s_", "int8_t", signed_bytes(values[1])).bytes;
    return part;
  }
  return ColumnText(code, code.store->columns, "row").print_tables(out, "leaf rows");
}

std::string print_stored_value(Printer& out, const TreeCode& code) {
  const LeafStore& store = *code.store;
  if (store.sign == LeafStore::Sign::in_high) {
    out.line("const unsigned row_0 = {}(&{}row_0s_[leaf]);", read_macro(code, "uint16_t"), code.names.symbol);
    out.line("const int row_1 = {}(&{}row_1s_[leaf]); /* has the sign */", read_macro(code, "int8_t"),
             code.names.symbol);
    return fmt::format("(int32_t)(row_0 | (uint32_t)row_1 << {})", low_bits);
  }
  const ColumnText columns(code, store.columns, "row");
  columns.print_record(out, "leaf");
  std::string value = columns.variable(store.low.column);
  if (store.high.bits != 0) {
    value = fmt::format("({} | (uint32_t){} << {})", value, columns.variable(store.high.column), store.low.bits);
  }
  if (store.offset == 0 || adds_without_offset(code)) return "(int32_t)" + value;
  return fmt::format("(int32_t){} {} {}", value, store.offset < 0 ? "-" : "+", integer_literal(std::abs(store.offset)));
}

}  // namespace emlc::c
