#include "codegen/layout/trees/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>

#include "codegen/layout/bytes.hpp"
#include "codegen/model/error.hpp"

namespace emlc::layout {
namespace {

constexpr int max_head_bits = 32;
constexpr std::uint64_t max_table_bytes = std::numeric_limits<std::int32_t>::max();
/// Integers up to here are exact in float32, which a device may compare in.
constexpr double max_exact_integer = 16777216.0;

int bits_for(std::uint64_t largest) { return static_cast<int>(std::bit_width(largest)); }

/// All thresholds, ascending, each once.
std::vector<double> distinct_thresholds(const TreePlan& plan) {
  std::vector<double> thresholds;
  thresholds.reserve(plan.records.size());
  for (const Record& record : plan.records) {
    if (!is_lone_leaf(record)) thresholds.push_back(record.threshold);
  }
  std::sort(thresholds.begin(), thresholds.end());
  thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
  return thresholds;
}

/// Bits of a head's threshold field under `code`, nothing when the code cannot say the thresholds.
std::optional<int> threshold_bits(ThresholdCode code, const std::vector<double>& distinct) {
  if (code == ThresholdCode::word || distinct.empty()) return 0;
  if (code == ThresholdCode::index) return bits_for(distinct.size() - 1);
  const bool fits = std::all_of(distinct.begin(), distinct.end(), [](double threshold) {
    return std::abs(threshold) <= max_exact_integer && threshold == std::floor(threshold);
  });
  if (!fits) return std::nullopt;
  return bits_for(static_cast<std::uint64_t>(distinct.back() - distinct.front()));
}

/// The fields of the smallest table.
HeadFields choose_head(const TreePlan& plan, const std::vector<double>& distinct, model::NumberType threshold_type) {
  std::int32_t last_feature = 0;
  for (const Record& record : plan.records) last_feature = std::max(last_feature, record.feature);
  std::optional<HeadFields> best;
  std::size_t best_bytes = 0;
  for (const ThresholdCode code : {ThresholdCode::offset, ThresholdCode::word, ThresholdCode::index}) {
    const std::optional<int> bits = threshold_bits(code, distinct);
    if (!bits) continue;
    HeadFields head{.missing = missing_of(plan),
                    .threshold_code = code,
                    .feature_bits = bits_for(static_cast<std::uint64_t>(last_feature)),
                    .threshold_bits = *bits};
    const int head_bits = head.threshold_shift() + head.threshold_bits;
    if (head_bits > max_head_bits) continue;
    head.bytes = (head_bits + 7) / 8;
    std::size_t bytes = plan.records.size() * static_cast<std::size_t>(head.bytes);
    if (code == ThresholdCode::word) {
      bytes += static_cast<std::size_t>(word_bytes(threshold_type)) * plan.records.size();
    }
    if (code == ThresholdCode::index) {
      bytes += distinct.size() * static_cast<std::size_t>(model::info(threshold_type).bytes);
    }
    if (best && best_bytes <= bytes) continue;
    best = head;
    best_bytes = bytes;
  }
  if (!best) throw Error({.file = "", .field = "model"}, "has too many features for a tree table");
  return *best;
}

int jump_bytes(std::uint64_t jump) { return std::max(1, (bits_for(jump) + 6) / 7); }

/// Sizes and offsets of the records, known from the last one backwards since jumps only go forward.
class Encoder {
 public:
  Encoder(const TreePlan& plan, TreeTable& table) : plan_(plan), table_(table) {}

  void run();

 private:
  [[nodiscard]] std::uint64_t jump_of(std::size_t id) const;
  [[nodiscard]] std::uint64_t size_of(std::size_t id) const;
  [[nodiscard]] std::uint32_t head_of(const Record& record) const;
  void put_record(std::size_t id);
  void put_jump(std::uint64_t jump);

  const TreePlan& plan_;
  TreeTable& table_;
  std::vector<std::uint64_t> from_end_;  ///< bytes from the start of a record to the end of the table
};

std::uint64_t Encoder::jump_of(std::size_t id) const { return from_end_[id + 1] - from_end_[plan_.records[id].second]; }

std::uint64_t Encoder::size_of(std::size_t id) const {
  const Record& record = plan_.records[id];
  int size = table_.head.bytes;
  if (table_.head.threshold_code == ThresholdCode::word) size += word_bytes(table_.threshold_type);
  if (record.first_is_leaf) size += table_.leaf_bytes;
  size += record.second_is_leaf ? table_.leaf_bytes : jump_bytes(jump_of(id));
  return static_cast<std::uint64_t>(size);
}

std::uint32_t Encoder::head_of(const Record& record) const {
  const HeadFields& fields = table_.head;
  std::uint32_t head = 0;
  if (record.first_is_leaf) head |= HeadBit::first_is_leaf;
  if (record.second_is_leaf) head |= HeadBit::second_is_leaf;
  if (record.flip) head |= HeadBit::flip;
  if (fields.missing == Missing::per_split && record.default_left) head |= HeadBit::default_left;
  head |= static_cast<std::uint32_t>(record.feature) << fields.feature_shift();
  if (is_lone_leaf(record) || fields.threshold_bits == 0) return head;
  std::uint32_t field = 0;
  if (fields.threshold_code == ThresholdCode::index) {
    const auto found = std::lower_bound(table_.thresholds.begin(), table_.thresholds.end(), record.threshold);
    field = static_cast<std::uint32_t>(found - table_.thresholds.begin());
  } else {
    field = static_cast<std::uint32_t>(record.threshold - table_.threshold_base);
  }
  return head | field << fields.threshold_shift();
}

void Encoder::put_jump(std::uint64_t jump) {
  for (int digit = jump_bytes(jump) - 1; digit >= 0; --digit) {
    const std::uint64_t more = digit > 0 ? 0x80U : 0U;
    table_.splits.push_back(static_cast<std::uint8_t>((jump >> (7 * digit) & 0x7fU) | more));
  }
}

void Encoder::put_record(std::size_t id) {
  const Record& record = plan_.records[id];
  put_bytes(table_.splits, head_of(record), table_.head.bytes);
  if (table_.head.threshold_code == ThresholdCode::word) {
    put_number(table_.splits, table_.threshold_type, is_lone_leaf(record) ? 0.0 : record.threshold,
               word_bytes(table_.threshold_type));
  }
  if (record.first_is_leaf) put_bytes(table_.splits, record.first_leaf, table_.leaf_bytes);
  if (record.second_is_leaf) return put_bytes(table_.splits, record.second_leaf, table_.leaf_bytes);
  const std::uint64_t jump = jump_of(id);
  table_.longest_jump = std::max(table_.longest_jump, static_cast<std::uint32_t>(jump));
  put_jump(jump);
}

void Encoder::run() {
  const std::size_t n = plan_.records.size();
  from_end_.assign(n + 1, 0);
  for (std::size_t id = n; id-- > 0;) from_end_[id] = from_end_[id + 1] + size_of(id);
  if (from_end_[0] > max_table_bytes) {
    throw Error({.file = "", .field = "model"},
                fmt::format("the splits take {} bytes, a table holds at most {}", from_end_[0], max_table_bytes));
  }
  table_.splits.reserve(from_end_[0]);
  for (std::size_t id = 0; id < n; ++id) put_record(id);
  for (const RecordId start : plan_.regions) {
    table_.starts.push_back(static_cast<std::uint32_t>(from_end_[0] - from_end_[start]));
  }
}

}  // namespace

int word_bytes(model::NumberType threshold_type) { return std::max(4, model::info(threshold_type).bytes); }

TreeTable encode_bytes(const TreePlan& plan, model::NumberType threshold_type) {
  std::vector<double> distinct = distinct_thresholds(plan);
  TreeTable table{.head = choose_head(plan, distinct, threshold_type), .threshold_type = threshold_type};
  const bool has_shared = plan.regions.size() > plan.tree_order.size();
  const std::uint64_t n_codes = plan.n_leaf_codes + (has_shared ? plan.regions.size() : 0U);
  table.leaf_bytes = std::max(1, (bits_for(n_codes - 1) + 7) / 8);
  if (table.head.threshold_code == ThresholdCode::offset && !distinct.empty()) {
    // Without a base the device saves an addition.
    const bool fits_alone =
        distinct.front() >= 0.0 && bits_for(static_cast<std::uint64_t>(distinct.back())) == table.head.threshold_bits;
    if (!fits_alone) table.threshold_base = static_cast<std::int32_t>(distinct.front());
  }
  if (table.head.threshold_code == ThresholdCode::index) table.thresholds = std::move(distinct);
  Encoder(plan, table).run();
  return table;
}

}  // namespace emlc::layout
