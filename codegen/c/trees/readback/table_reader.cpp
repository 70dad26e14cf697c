#include "codegen/c/trees/readback/table_reader.hpp"

#include <fmt/format.h>

#include <functional>
#include <set>

#include "codegen/c/trees/readback/numbers.hpp"
#include "codegen/c/trees/table/walks.hpp"

namespace emlc::c {
namespace {

using layout::Field;
using layout::HeadBit;
using layout::LinkTable;
using layout::Missing;
using layout::ScanTable;
using layout::ThresholdCode;
using layout::TreeTable;

/// Reads the splits that `root` leads to, each after its parents. `read` is given the place of one, and a child of what
/// it returns has to be further on.
EncodedTree follow(std::uint32_t root, const std::function<ReadSplit(std::uint32_t)>& read) {
  EncodedTree tree{.splits = {}, .root = {Child::Kind::split, root}};
  for (std::set<std::uint32_t> open = {root}; !open.empty(); open.erase(open.begin())) {
    const std::uint32_t place = *open.begin();
    const ReadSplit& split = tree.splits[place] = read(place);
    for (const Child& child : {split.left, split.right}) {
      if (child.kind == Child::Kind::leaf) continue;
      if (child.value <= place) throw Unreadable{0, "a split leads back to itself"};
      open.insert(child.value);
    }
  }
  return tree;
}

std::int32_t checked_feature(const TreeCode& code, std::uint32_t feature) {
  if (feature < static_cast<std::uint32_t>(code.plan.n_features)) return static_cast<std::int32_t>(feature);
  throw Unreadable{0, fmt::format("there is no feature {}", feature)};
}

/// The threshold of a head in the byte table.
double head_threshold(const TreeTable& shape, const std::vector<std::uint32_t>& bytes,
                      const std::vector<double>& thresholds, std::uint32_t at, std::uint32_t field) {
  const bool is_float = !model::info(shape.threshold_type).is_integer;
  if (shape.head.threshold_code == ThresholdCode::index) return element(thresholds, field);
  if (shape.head.threshold_code == ThresholdCode::word) {
    const std::uint64_t word = long_little_endian(bytes, at + static_cast<std::size_t>(shape.head.bytes),
                                                  layout::word_bytes(shape.threshold_type));
    return is_float ? number_of_bits(shape.threshold_type, word)
                    : static_cast<double>(static_cast<std::int32_t>(static_cast<std::uint32_t>(word)));
  }
  const std::int64_t sum = std::int64_t{shape.threshold_base} + field;
  return is_float ? static_cast<double>(sum) : wrapped(shape.threshold_type, sum);
}

/// The table of thresholds, whether it holds numbers or their bits.
std::vector<double> thresholds_of(std::span<const Token> tokens, const TreeCode& code, const TreeTable& shape) {
  if (shape.thresholds.empty()) return {};
  const std::string name = fmt::format("{}thresholds_", code.names.symbol);
  if (!holds_bits(shape)) return table_of(tokens, name);
  std::vector<double> thresholds;
  for (const std::int64_t bits : whole_table_of(tokens, name)) {
    thresholds.push_back(number_of_bits(shape.threshold_type, static_cast<std::uint64_t>(bits)));
  }
  return thresholds;
}

/// Where the children of a record of the byte table are.
struct ByteChildren {
  Child first, second;
};

class ByteReader {
 public:
  ByteReader(std::span<const Token> tokens, const TreeCode& code, const TreeTable& shape)
      : code_(code),
        shape_(shape),
        bytes_(unsigned_table(tokens, code, "splits_")),
        starts_(unsigned_table(tokens, code, "starts_")),
        thresholds_(thresholds_of(tokens, code, shape)) {}

  [[nodiscard]] ReadSplit read(std::uint32_t at) const;
  [[nodiscard]] std::uint32_t start(std::size_t region) const { return element(starts_, region); }

 private:
  [[nodiscard]] ByteChildren children(std::uint32_t head, std::uint32_t at) const;
  [[nodiscard]] Child leaf_at(std::uint32_t at) const;

  const TreeCode& code_;
  const TreeTable& shape_;
  std::vector<std::uint32_t> bytes_, starts_;
  std::vector<double> thresholds_;
};

/// A leaf, or the shared subtree that its code stands for.
Child ByteReader::leaf_at(std::uint32_t at) const {
  const std::uint32_t leaf = little_endian(bytes_, at, shape_.leaf_bytes);
  if (leaf < code_.plan.n_leaf_codes) return {Child::Kind::leaf, leaf};
  return {Child::Kind::split, start(leaf - code_.plan.n_leaf_codes)};
}

ByteChildren ByteReader::children(std::uint32_t head, std::uint32_t at) const {
  const auto leaf_bytes = static_cast<std::uint32_t>(shape_.leaf_bytes);
  if ((head & HeadBit::first_is_leaf) != 0) return {leaf_at(at), leaf_at(at + leaf_bytes)};
  if ((head & HeadBit::second_is_leaf) != 0) return {{Child::Kind::split, at + leaf_bytes}, leaf_at(at)};
  std::uint32_t jump = 0, digit = 0;
  do {
    digit = little_endian(bytes_, at++, 1);
    jump = jump << 7 | (digit & 127U);
  } while ((digit & 128U) != 0);
  return {{Child::Kind::split, at}, {Child::Kind::split, at + jump}};
}

ReadSplit ByteReader::read(std::uint32_t at) const {
  const layout::HeadFields& fields = shape_.head;
  const std::uint32_t head = little_endian(bytes_, at, fields.bytes);
  const auto field = [&](int shift, int bits) {
    return static_cast<std::uint32_t>((std::uint64_t{head} >> shift) & ((std::uint64_t{1} << bits) - 1));
  };
  const int word_bytes = fields.threshold_code == ThresholdCode::word ? layout::word_bytes(shape_.threshold_type) : 0;
  // The topmost field is read without a mask.
  const int head_bits = 8 * fields.bytes;
  const int feature_bits = fields.threshold_bits == 0 ? head_bits - fields.feature_shift() : fields.feature_bits;
  ReadSplit split{
      .feature = checked_feature(code_, fields.feature_bits == 0 ? 0 : field(fields.feature_shift(), feature_bits))};
  const int threshold_bits = fields.threshold_bits == 0 ? 0 : head_bits - fields.threshold_shift();
  split.threshold = head_threshold(shape_, bytes_, thresholds_, at, field(fields.threshold_shift(), threshold_bits));
  split.nan_goes_left =
      fields.missing == Missing::per_split ? (head & HeadBit::default_left) != 0 : fields.missing == Missing::left;
  auto [first, second] = children(head, at + static_cast<std::uint32_t>(fields.bytes + word_bytes));
  if ((head & HeadBit::flip) != 0) std::swap(first, second);
  split.left = first;
  split.right = second;
  return split;
}

/// One tree of the scan table from record `at` on, which is left behind it.
class ScanReader {
 public:
  ScanReader(std::span<const Token> tokens, const TreeCode& code, const ScanTable& shape)
      : code_(code),
        shape_(shape),
        records_(columns_table(tokens, code, shape.records, "split")),
        thresholds_(tokens, code, shape.missing, shape.thresholds) {
    if (!is_by_record()) last_leaves_ = unsigned_table(tokens, code, "last_leaves_");
    if (shape.way == ScanTable::Way::jump) sizes_ = unsigned_table(tokens, code, "sizes_");
  }

  EncodedTree read(std::size_t tree);

 private:
  /// A split that is to come, and the leaf where it ends on its far right.
  struct Open {
    std::uint32_t parent;
    bool is_left;
    std::uint32_t last_leaf;
    std::uint32_t size = 0;  ///< records, where there are jumps
  };
  /// Records of the subtrees of a split; 0 for a leaf. Where they are counted, 1 for any other.
  struct Below {
    std::uint32_t left, right;
  };
  [[nodiscard]] Below below(const Open& place, std::uint32_t id) const;
  [[nodiscard]] bool is_by_record() const { return shape_.leaf_place == ScanTable::LeafPlace::by_record; }
  [[nodiscard]] std::uint32_t leaf_before(std::uint32_t record, std::size_t tree) const;
  [[nodiscard]] std::uint32_t last_leaf(std::size_t tree) const;

  const TreeCode& code_;
  const ScanTable& shape_;
  std::vector<std::vector<std::uint32_t>> records_;
  ThresholdReader thresholds_;
  std::vector<std::uint32_t> last_leaves_{}, sizes_{};
  std::uint32_t at_ = 0;
};

std::uint32_t ScanReader::leaf_before(std::uint32_t record, std::size_t tree) const {
  if (is_by_record()) return record + (sizes_.empty() ? 0U : static_cast<std::uint32_t>(tree));
  return field_of(records_, shape_.leaf, record) | field_of(records_, shape_.leaf_high, record) << shape_.leaf.bits;
}

std::uint32_t ScanReader::last_leaf(std::size_t tree) const {
  if (!is_by_record()) return element(last_leaves_, tree);
  if (!sizes_.empty()) return leaf_before(at_ + element(sizes_, tree), tree);
  return static_cast<std::uint32_t>(shape_.records.n_records() + tree);
}

ScanReader::Below ScanReader::below(const Open& place, std::uint32_t id) const {
  if (shape_.way == ScanTable::Way::jump) {
    const std::uint32_t jump = field_of(records_, shape_.jump, id);
    if (jump == 0 || jump > place.size) throw Unreadable{0, "a jump leads out of its tree"};
    return {jump - 1, place.size - jump};
  }
  const unsigned inner = field_of(records_, shape_.inner, id);
  if (inner > (layout::left_is_inner | layout::right_is_inner)) throw Unreadable{0, "a record has strange children"};
  return {inner & layout::left_is_inner, inner >> 1};
}

EncodedTree ScanReader::read(std::size_t tree) {
  EncodedTree result{.splits = {}, .root = {Child::Kind::split, at_}};
  std::vector<Open> open = {{at_, false, last_leaf(tree), sizes_.empty() ? 0 : element(sizes_, tree)}};
  while (!open.empty()) {
    const Open place = open.back();
    open.pop_back();
    const std::uint32_t id = at_++;
    if (id != place.parent) {
      ReadSplit& parent = result.splits.at(place.parent);
      (place.is_left ? parent.left : parent.right) = {Child::Kind::split, id};
    }
    const Below inner = below(place, id);
    result.splits[id] = {.feature = checked_feature(code_, field_of(records_, shape_.feature, id)),
                         .threshold = thresholds_.threshold(field_of(records_, shape_.threshold, id)),
                         .nan_goes_left = shape_.missing == Missing::left,
                         .left = {Child::Kind::leaf, leaf_before(id, tree)},
                         .right = {Child::Kind::leaf, place.last_leaf}};
    // Left subtrees come first, so they are taken from the stack first.
    if (inner.right != 0) open.push_back({id, false, place.last_leaf, inner.right});
    if (inner.left != 0) open.push_back({id, true, leaf_before(id, tree), inner.left});
  }
  return result;
}

}  // namespace

std::vector<EncodedTree> read_links(std::span<const Token> tokens, const TreeCode& code, const LinkTable& shape) {
  const std::vector<std::uint32_t> bytes = unsigned_table(tokens, code, "splits_");
  const std::vector<std::uint32_t> starts = unsigned_table(tokens, code, "starts_");
  const ThresholdReader thresholds(tokens, code, shape.missing, shape.thresholds);
  const auto record_bytes = static_cast<std::uint32_t>(shape.record_bytes());
  const auto link = [&](std::uint32_t place, std::size_t at) -> Child {
    const std::uint32_t value = little_endian(bytes, at, shape.link_bytes);
    if (value >= shape.first_leaf_link) return {Child::Kind::leaf, value - shape.first_leaf_link};
    return {Child::Kind::split, place + record_bytes * value};
  };
  const auto read = [&](std::uint32_t at) -> ReadSplit {
    const std::size_t threshold_at = at + static_cast<std::size_t>(shape.feature_bytes);
    const std::size_t left_at = threshold_at + static_cast<std::size_t>(shape.threshold_bytes);
    return {.feature = checked_feature(code, little_endian(bytes, at, shape.feature_bytes)),
            .threshold = thresholds.threshold(little_endian(bytes, threshold_at, shape.threshold_bytes)),
            .nan_goes_left = shape.missing == Missing::left,
            .left = link(at, left_at),
            .right = link(at, left_at + static_cast<std::size_t>(shape.link_bytes))};
  };
  std::vector<EncodedTree> trees;
  for (std::size_t tree = 0; tree < code.ensemble.trees.size(); ++tree) {
    trees.push_back(follow(element(starts, tree), read));
  }
  return trees;
}

std::vector<EncodedTree> read_scan(std::span<const Token> tokens, const TreeCode& code, const ScanTable& shape) {
  ScanReader reader(tokens, code, shape);
  std::vector<EncodedTree> trees;
  for (std::size_t tree = 0; tree < code.ensemble.trees.size(); ++tree) trees.push_back(reader.read(tree));
  return trees;
}

std::vector<EncodedTree> read_bytes(std::span<const Token> tokens, const TreeCode& code, const TreeTable& shape) {
  const ByteReader reader(tokens, code, shape);
  std::vector<EncodedTree> trees;
  for (std::size_t tree = 0; tree < code.ensemble.trees.size(); ++tree) {
    trees.push_back(follow(reader.start(tree), [&](std::uint32_t at) { return reader.read(at); }));
  }
  return trees;
}

}  // namespace emlc::c
