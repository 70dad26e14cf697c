#include <fmt/format.h>

#include <limits>

#include "codegen/c/trees/readback/numbers.hpp"
#include "codegen/c/trees/readback/table_reader.hpp"
#include "codegen/layout/trees/split_order.hpp"

namespace emlc::c {
namespace {

using layout::PerfectTable;

/// The number that a key stands for.
double number_of_key(model::NumberType type, std::int64_t key) {
  const model::NumberTypeInfo& info = model::info(type);
  if (info.is_integer) return static_cast<double>(key);
  const layout::KeyRange range = layout::number_keys(type);
  if (key < range.lowest || key > range.highest) throw Unreadable{0, "a threshold is no number"};
  if (key == 0) throw Unreadable{0, "a threshold tells 0.0 from -0.0"};
  // What turns the bits of a negative number over takes that back, too.
  const std::int64_t rest = type == model::NumberType::float64 ? std::numeric_limits<std::int64_t>::max()
                                                               : std::numeric_limits<std::int32_t>::max();
  return number_of_bits(type, static_cast<std::uint64_t>(key < 0 ? key ^ rest : key));
}

/// The tables of a header, element by element of the planes.
class PerfectReader {
 public:
  PerfectReader(std::span<const Token> tokens, const TreeCode& code, const PerfectTable& shape)
      : code_(code),
        shape_(shape),
        features_(unsigned_table(tokens, code, "features_")),
        keys_(whole_table_of(tokens, fmt::format("{}thresholds_", code.names.symbol))) {
    if (!shape.names.empty()) names_ = unsigned_table(tokens, code, "names_");
    if (shape.has_codes) leaves_ = unsigned_table(tokens, code, "leaves_");
  }

  [[nodiscard]] EncodedTree read(std::uint32_t tree) const;

 private:
  [[nodiscard]] ReadSplit question(std::uint32_t plane, std::uint32_t tree) const;
  [[nodiscard]] Child child(std::uint32_t plane, std::uint32_t tree) const;

  const TreeCode& code_;
  const PerfectTable& shape_;
  std::vector<std::uint32_t> features_;
  std::vector<std::int64_t> keys_;
  std::vector<std::uint32_t> names_{}, leaves_{};
};

/// What a split asks; its children are still to come.
ReadSplit PerfectReader::question(std::uint32_t plane, std::uint32_t tree) const {
  const std::size_t at = std::size_t{plane} * shape_.n_trees + tree;
  const std::uint32_t feature = element(features_, at);
  if (feature >= static_cast<std::uint32_t>(code_.plan.n_features)) {
    throw Unreadable{0, fmt::format("there is no feature {}", feature)};
  }
  const std::int64_t key = element(keys_, names_.empty() ? at : element(names_, at));
  return {.feature = static_cast<std::int32_t>(feature),
          .threshold = number_of_key(code_.plan.feature_type, key),
          .nan_goes_left = shape_.missing == layout::Missing::left};
}

Child PerfectReader::child(std::uint32_t plane, std::uint32_t tree) const {
  const std::uint32_t n_splits = (1U << shape_.levels) - 1;
  if (plane < n_splits) return {Child::Kind::split, plane};
  const std::uint32_t number = (plane - n_splits) * shape_.n_trees + tree;
  return {Child::Kind::leaf, shape_.has_codes ? element(leaves_, number) : number};
}

EncodedTree PerfectReader::read(std::uint32_t tree) const {
  EncodedTree result{.splits = {}, .root = {Child::Kind::split, 0}};
  for (std::uint32_t level = 0; level < shape_.levels; ++level) {
    const std::uint32_t ahead = 1U << level;
    for (std::uint32_t plane = ahead - 1; plane < 2 * ahead - 1; ++plane) {
      ReadSplit split = question(plane, tree);
      split.left = child(plane + ahead, tree);
      split.right = child(plane + 2 * ahead, tree);
      result.splits[plane] = split;
    }
  }
  return result;
}

}  // namespace

std::vector<EncodedTree> read_perfect(std::span<const Token> tokens, const TreeCode& code, const PerfectTable& shape) {
  const PerfectReader reader(tokens, code, shape);
  std::vector<EncodedTree> trees;
  for (std::uint32_t tree = 0; tree < shape.n_trees; ++tree) trees.push_back(reader.read(tree));
  return trees;
}

}  // namespace emlc::c
