#include "codegen/c/signal/keys/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/c/common/tables.hpp"

namespace emlc::c {
namespace {

using signal::Key;
using signal::Wide;

/// With more thresholds than these, halves of them are left out at once.
constexpr std::size_t most_one_by_one = 12;

constexpr std::array widths = {16, 32, 64, 128};

std::int64_t upper(Wide value) { return static_cast<std::int64_t>(value >> 64); }
std::int64_t lower(Wide value) { return static_cast<std::int64_t>(value); }

/// Thresholds of one width.
struct Table {
  int width = 32;
  std::size_t longest = 0;             ///< thresholds of a key
  std::vector<std::int64_t> values{};  ///< of one key after the other; of 128 bits each as two
  [[nodiscard]] int bits() const { return std::min(width, 64); }
  [[nodiscard]] std::string element() const { return fmt::format("int{}_t", bits()); }
  [[nodiscard]] std::size_t bytes() const { return values.size() * static_cast<std::size_t>(bits()) / 8; }
};

void append(Table& table, const Key& key) {
  table.longest = std::max(table.longest, key.n_thresholds());
  for (const float threshold : key.real_thresholds) table.values.push_back(float_order(threshold));
  for (const Wide threshold : key.thresholds) {
    if (table.width == 128) table.values.push_back(upper(threshold));
    table.values.push_back(lower(threshold));
  }
}

std::vector<Table> tables_of(std::span<const Key> keys) {
  std::vector<Table> tables;
  for (const int width : widths) {
    Table table{.width = width};
    bool is_used = false;
    for (const Key& key : keys) {
      if (rank_width(key) != width) continue;
      is_used = true;
      append(table, key);
    }
    if (table.values.empty()) table.values.push_back(0);  // no array is empty
    if (is_used) tables.push_back(std::move(table));
  }
  return tables;
}

/// `-2^63` has no literal of its own.
std::string literal_of(const Table& table, std::int64_t value) {
  if (table.bits() < 64) return integer_literal(value);
  return value == INT64_MIN ? "(-INT64_C(9223372036854775807) - 1)" : fmt::format("INT64_C({})", value);
}

std::string read(const Names& names, const Table& table, std::string_view place) {
  return fmt::format("{}READ_I{}(&t[{}])", names.macro, table.bits(), place);
}

/// Is the threshold at a place not above the key?
std::string is_reached(const Names& names, const Table& table, std::string_view place) {
  if (table.width != 128) return fmt::format("{} <= key", read(names, table, place));
  const std::string high = read(names, table, fmt::format("2 * ({})", place));
  const std::string low = fmt::format("(uint64_t){}", read(names, table, fmt::format("2 * ({}) + 1", place)));
  return fmt::format("{0} < high || ({0} == high && {1} <= low)", high, low);
}

/// What reads the number of thresholds of a key, which is of the type of ranks.
std::string count_macro(const Names& names, std::string_view type) {
  const std::string_view suffix = type == "uint8_t" ? "U8" : type == "int16_t" ? "I16" : "I32";
  return fmt::format("{}READ_{}", names.macro, suffix);
}

void print_rank(Printer& out, const Names& names, const Table& table, std::string_view count_type) {
  const std::string parameters = table.width == 128 ? "int64_t high, uint64_t low" : table.element() + " key";
  out.line("{} void {}rank_{}_({}key_walk *walk, {}) {{", names.function, names.symbol, table.width, names.symbol,
           parameters);
  out.line("  const {} *t = walk->next_{};", table.element(), table.width);
  out.line("  int32_t n = {}(walk->n++), rank = 0;", count_macro(names, count_type));
  out.line("  walk->next_{} = t + {}n;", table.width, table.width == 128 ? "2 * " : "");
  if (table.longest <= most_one_by_one) {
    out.line("  while (rank < n && ({})) ++rank;", is_reached(names, table, "rank"));
  } else {
    out.line("  while (n > 0) {{ /* of n thresholds from rank on it is not known */");
    out.line("    const int32_t half = n >> 1;");
    out.line("    if ({}) {{", is_reached(names, table, "rank + half"));
    out.line("      rank += half + 1;");
    out.line("      n -= half + 1;");
    out.line("    }} else {{");
    out.line("      n = half;");
    out.line("    }}");
    out.line("  }}");
  }
  out.line("  *walk->rank++ = ({})rank;", names.feature);
  out.line("}}");
  out.line("");
}

void print_struct(Printer& out, const Names& names, std::span<const Table> tables, std::string_view count_type) {
  out.line("/* How many thresholds the next key has, where those of the next keys are, and where its rank goes. */");
  out.line("typedef struct {{");
  out.line("  const {} *n;", count_type);
  for (const Table& table : tables) out.line("  const {} *next_{};", table.element(), table.width);
  out.line("  {} *rank;", names.feature);
  out.line("}} {}key_walk;", names.symbol);
  out.line("");
}

/// Positive floats are ordered as their bits, negative ones the other way round, and beyond infinity is NaN.
void print_float_order(Printer& out, const Names& names) {
  out.line("/* A float as an integer in the same order; what NaN is says the caller. */");
  out.line("{} int32_t {}float_order_(float value, int32_t nan) {{", names.function, names.symbol);
  out.line("  uint32_t bits;");
  out.line("  memcpy(&bits, &value, sizeof bits);");
  out.line("  if ((bits & 0x7fffffffu) > 0x7f800000u) return nan;");
  out.line("  return bits >> 31 ? -(int32_t)(bits & 0x7fffffffu) : (int32_t)bits;");
  out.line("}}");
  out.line("");
}

}  // namespace

std::int32_t float_order(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto magnitude = static_cast<std::int32_t>(bits & 0x7fffffffU);
  return (bits >> 31) != 0 ? -magnitude : magnitude;
}

int rank_width(const Key& key) {
  if (!key.is_integer) return 32;
  const int bits = signal::bits_of(key.range);
  return *std::find_if(widths.begin(), widths.end(), [&](int width) { return bits <= width; });
}

std::string rank_c_type(std::span<const Key> keys) { return std::string(model::info(signal::rank_type(keys)).c_name); }

RankCode rank_code(const Names& names, std::span<const Key> keys) {
  const std::vector<Table> tables = tables_of(keys);
  Printer out;
  RankCode code;
  const std::string count_type = rank_c_type(keys);
  std::string starts = fmt::format("{}thresholds_n_, ", names.symbol);
  out.line("/* How many thresholds each key has. */");
  print_table(out, names, count_type, starts.substr(0, starts.size() - 2), keys.size(),
              [&](std::size_t index) { return fmt::to_string(keys[index].n_thresholds()); });
  code.table_bytes += keys.size() * static_cast<std::size_t>(model::info(signal::rank_type(keys)).bytes);
  for (const Table& table : tables) {
    const std::string name = fmt::format("{}thresholds_{}_", names.symbol, table.width);
    out.line("/* Thresholds of keys of {} bits. */", table.width);
    print_table(out, names, table.element(), name, table.values.size(),
                [&](std::size_t index) { return literal_of(table, table.values[index]); });
    starts += name + ", ";
    code.table_bytes += table.bytes();
  }
  out.line("");
  print_struct(out, names, tables, count_type);
  if (std::any_of(keys.begin(), keys.end(), [](const Key& key) { return !key.is_integer; })) {
    print_float_order(out, names);
  }
  for (const Table& table : tables) print_rank(out, names, table, count_type);
  code.definitions = out.text();
  code.start = fmt::format("{}key_walk walk = {{{}y}};", names.symbol, starts);
  return code;
}

std::string rank_statement(const Names& names, const Key& key, const std::string& walk, const std::string& value) {
  const int width = rank_width(key);
  if (!key.is_integer) {
    const std::string_view nan = key.nan_is_low ? "-INT32_MAX" : "INT32_MAX";
    return fmt::format("{0}rank_32_({1}, {0}float_order_({2}, {3}));", names.symbol, walk, value, nan);
  }
  const std::string cast = width == 128 ? "" : fmt::format("(int{}_t)", width);
  const bool is_plain = width == 128 || value.find(' ') == std::string::npos;
  return fmt::format("{}rank_{}_({}, {}{});", names.symbol, width, walk, cast, is_plain ? value : "(" + value + ")");
}

}  // namespace emlc::c
