#include "codegen/py/trees/walker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "codegen/c/common/template.hpp"
#include "codegen/py/common/text.hpp"
#include "codegen/py/trees/printing.hpp"
#include "templates.hpp"

namespace emlc::py {
namespace {

using c::TemplateValue;
using layout::LeafKind;

constexpr std::string_view body = "    ", loop = "        ";

/// What compares an unsigned element of the sums with another one.
std::string comparable(const Trees& trees, std::string_view index) {
  if (trees.sum_bytes < 4) return fmt::format("w[{}]", index);
  return fmt::format("uint(w[{}]{})", index, trees.has_sign ? " ^ m" : "");
}

/// What reads the name of the threshold of split p; makes its table.
std::string name_read(Printing& printing) {
  const Comparison& comparison = printing.trees.comparison;
  if (const std::optional<PackedTable>& packed = printing.trees.packed) {
    std::string read = add_planes(printing, "t", "thresholds and leaves", packed->names, "p");
    if (packed->bits == 0) return read;
    const std::string name = fmt::format("{} >> {}", read, packed->bits);
    return comparison.base == 0 ? name : fmt::format("({})", name);
  }
  return add_planes(printing, "t", "thresholds", comparison.names, "p");
}

/// The thresholds that names tell the place of.
void add_thresholds(Printing& printing) {
  const Comparison& comparison = printing.trees.comparison;
  if (!comparison.has_table()) return;
  const std::size_t bytes = comparison.ordinals.size() * static_cast<std::size_t>(comparison.bytes);
  printing.core.definitions += table_line("_h", comparison.ordinals, comparison.bytes);
  printing.core.parts.push_back({"distinct thresholds", bytes});
  printing.core.ram += bytes;
  add_array(printing, "h", "_h", comparison.bytes);
}

std::string walk_text(Printing& printing) {
  const Trees& trees = printing.trees;
  const std::vector<std::int64_t>& slots = trees.packed ? trees.packed->slots : trees.table.slots;
  const std::vector<std::int64_t>& jumps = trees.packed ? trees.packed->jumps : trees.table.jumps;
  const std::string slot = add_planes(printing, "f", "features", slots, "p");
  const std::string name = name_read(printing);
  const int jump_width = width_of(jumps);
  const std::string jump = add_planes(printing, "j", "jumps", jumps, "p");
  const std::string next = jump_width == 1 ? jump : fmt::format("({})", jump);
  add_thresholds(printing);
  if (trees.comparison.is_wide()) printing.core.viper.insert(Viper::uint);
  return c::fill(templates::tree_walk_py,
                 std::array<TemplateValue, 3>{
                     {{"goes_left", goes_left(trees.comparison, slot, name)}, {"next_jump", next}, {"jump", jump}}});
}

/// Two codes in a byte where they are small.
std::string nibble_codes(Printing& printing, std::span<const std::int64_t> codes, std::string_view place) {
  std::vector<std::uint8_t> bytes((codes.size() + 1) / 2, 0);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    bytes[i / 2] = static_cast<std::uint8_t>(bytes[i / 2] | codes[i] << (4 * (i % 2)));
  }
  add_bytes(printing, "c", "leaves", bytes);
  return fmt::format("l {}\nl = c[l >> 1] >> ((l & 1) << 2) & 15\n", place);
}

/// From the split l, where the walk went left last, to the code of the leaf; `region` is the number of the tree.
std::string leaf_text(Printing& printing, std::string_view region) {
  const std::vector<std::int64_t>& codes = printing.trees.table.leaves;
  if (printing.trees.packed) return fmt::format("l = t[l] & {}\n", (1 << printing.trees.packed->bits) - 1);
  if (!printing.trees.has_leaf_codes) return fmt::format("l += {}\n", region);
  constexpr std::int64_t nibble = 15;
  const std::string place = fmt::format("+= {}", region);
  if (*std::max_element(codes.begin(), codes.end()) <= nibble) return nibble_codes(printing, codes, place);
  const std::string read = add_planes(printing, "c", "leaves", codes, "l");
  return fmt::format("l {}\nl = {}\n", place, read);
}

/// One tree after the other: from the split where the last one ended to the code of a leaf.
std::string tree_text(Printing& printing) {
  const WalkTable& table = printing.trees.table;
  const std::string walk = walk_text(printing);
  std::vector<std::int64_t> sizes;
  for (std::size_t i = 0; i + 1 < table.starts.size(); ++i) sizes.push_back(table.starts[i + 1] - table.starts[i]);
  const std::string size = add_planes(printing, "s", "tree sizes", sizes, "i");
  return fmt::format("end = p + {}\nn = end\n{}{}", width_of(sizes) == 1 ? size : fmt::format("({})", size), walk,
                     leaf_text(printing, "i"));
}

/// The same where leaves may be subtrees that several splits share.
std::string shared_tree_text(Printing& printing) {
  const WalkTable& table = printing.trees.table;
  const std::string walk = walk_text(printing);
  const int width = width_of(table.starts);
  const std::string start = add_planes(printing, "s", "starts", table.starts, "r");
  const std::string end = plane_read("s", "r + 1", table.starts.size(), width);
  const std::string text = fmt::format("p = {}\nend = {}\n{}{}r = l - {}\n", start, end, walk, leaf_text(printing, "r"),
                                       printing.trees.n_codes);
  return fmt::format("r = i\nwhile r >= 0:\n{}\n", indented(text, body));
}

/// Votes may decide before all trees are asked.
bool takes_enough(const Trees& trees) { return trees.sums == Sums::votes && trees.finds_largest(); }

bool has_array(Sums sums) { return sums != Sums::single; }

/// What sums begin with.
std::string start_text(const Trees& trees) {
  std::string text = trees.sums == Sums::single ? "a = 0\n" : "";
  if (trees.sums == Sums::by_output && c::has_rounds(trees.code)) text += "r_out = 0\n";
  const bool has_xor = trees.comparison.is_wide() && !trees.comparison.is_float && trees.comparison.bias != 0;
  if (has_xor || (trees.finds_largest() && trees.has_sign)) text += "m = 1\nm <<= 31\n";
  if (!has_array(trees.sums) || trees.sums == Sums::codes) return text;
  return text + fmt::format("i = 0\nwhile i < {}:\n    w[i] = 0\n    i += 1\n", trees.code.n_sums);
}

std::string end_text(const Trees& trees) {
  if (trees.sums == Sums::single) return fmt::format("    return {}\n", trees.has_sign ? "a" : "uint(a)");
  if (!trees.finds_largest()) return "";
  return c::fill(templates::largest_py, std::array<TemplateValue, 3>{{{"n", fmt::to_string(trees.code.n_sums)},
                                                                      {"sum_of_i", comparable(trees, "i")},
                                                                      {"sum_of_n", comparable(trees, "n")}}});
}

std::string_view result_text(const Trees& trees) {
  if (trees.sums == Sums::single) return trees.has_sign ? " -> int" : " -> uint";
  return trees.finds_largest() ? " -> int" : "";
}

/// The features as numbers that compare like the floats.
void add_keys(Core& core, const Trees& trees) {
  const std::vector<std::int64_t>& used = trees.table.used;
  const std::size_t n = used.size(), n_right = trees.table.n_right;
  bool is_all = true;
  for (std::size_t i = 0; i < n; ++i) is_all = is_all && std::cmp_equal(used[i], i);
  Printing printing{core, trees};
  const std::string feature = is_all ? "i" : add_planes(printing, "u", "used features", used, "i");
  const std::string missing = n_right == n ? "-1" : n_right == 0 ? "0" : fmt::format("-1 if i < {} else 0", n_right);
  core.definitions += array_line("_k", n, 4, true);
  core.ram += 4 * n;
  core.definitions += c::fill(templates::keys_py, std::array<TemplateValue, 4>{{{"used", indented(printing.tables, "")},
                                                                                {"n_slots", fmt::to_string(n)},
                                                                                {"feature", feature},
                                                                                {"missing", missing}}});
  core.prepare = "_keys(x, _k)";
  pointer(core, 4);
}

int sum_bytes(const c::TreeCode& code, Sums sums) {
  if (sums == Sums::codes || sums == Sums::single) return 4;
  if (sums != Sums::votes) return static_cast<int>(c::type_bytes(code.sum_type));
  const int width = unsigned_width(code.ensemble.trees.size());
  return width == 3 ? 4 : width;
}

Sums sums_of(const c::TreeCode& code) {
  switch (code.leaves.kind) {
    case LeafKind::votes:
      return Sums::votes;
    case LeafKind::float_rows:
      return Sums::codes;
    case LeafKind::u8_rows:
    case LeafKind::u16_rows:
    case LeafKind::u32_rows:
    case LeafKind::fixed_rows:
      break;
  }
  if (code.leaves.width > 1) return Sums::rows;
  return code.n_sums == 1 ? Sums::single : Sums::by_output;
}

/// The codes take room that values in the order of the leaves do not.
bool wants_leaf_codes(const Trees& trees) {
  if (trees.sums != Sums::single && trees.sums != Sums::by_output) return true;
  if (trees.has_shared()) return true;
  const std::vector<std::int64_t>& integers = trees.code.leaves.integers;
  const auto [low, high] = std::minmax_element(integers.begin(), integers.end());
  const auto width = static_cast<std::size_t>(*low < 0 ? signed_width(*low, *high)
                                                       : unsigned_width(static_cast<std::uint64_t>(*high)));
  const std::size_t n = trees.table.leaves.size();
  const std::size_t codes = n * static_cast<std::size_t>(width_of(trees.table.leaves));
  return codes + integers.size() * width < n * width;
}

/// Moves in place of rows, where they are smaller. What was moved is in a sum for a while.
void take_moves(Trees& trees) {
  trees.moves = make_moves(trees.code.leaves, trees.n_trees());
  if (!trees.moves) return;
  trees.sums = Sums::moves;
  const auto most = static_cast<std::uint64_t>(trees.moves->whole) * trees.n_trees();
  const int width = unsigned_width(most);
  if (!trees.has_sign) trees.sum_bytes = width == 3 ? 4 : width;
  const std::int64_t n_codes = trees.moves->n_codes(trees.code.leaves.width);
  for (std::int64_t& code : trees.table.leaves) {
    code = code < trees.n_codes ? trees.moves->codes[static_cast<std::size_t>(code)] : code - trees.n_codes + n_codes;
  }
  trees.n_codes = n_codes;
}

}  // namespace

bool Trees::finds_largest() const { return sums != Sums::single && sums != Sums::codes && keeps_order(code); }

Trees plan_trees(const c::TreeCode& code) {
  Trees trees{.code = code, .table = make_walk_table(code.plan), .comparison = {}};
  trees.comparison = make_comparison(trees.table, predictor_input(code.model));
  trees.sums = sums_of(code);
  trees.has_sign = code.leaves.kind == LeafKind::fixed_rows;
  trees.sum_bytes = trees.has_sign ? 4 : sum_bytes(code, trees.sums);
  trees.n_codes = code.leaves.n_codes;
  if (trees.sums == Sums::rows) take_moves(trees);
  trees.has_leaf_codes = wants_leaf_codes(trees);
  if (trees.has_leaf_codes) trees.packed = pack(trees.table, trees.comparison.names, trees.n_trees());
  return trees;
}

void add_walker(Core& core, const Trees& trees) {
  if (trees.comparison.is_float) add_keys(core, trees);
  Printing printing{core, trees};
  std::string tree = trees.has_shared() ? shared_tree_text(printing) : tree_text(printing);
  tree += added_text(printing);
  if (!trees.has_shared()) tree += trees.packed ? "p = n + 1\n" : "p = n\n";
  if (has_array(trees.sums)) {
    const std::size_t n = trees.sums == Sums::codes ? trees.n_trees() : static_cast<std::size_t>(trees.code.n_sums);
    core.definitions += array_line("_w", n, trees.sum_bytes, trees.has_sign);
    core.ram += n * static_cast<std::size_t>(trees.sum_bytes);
    add_array(printing, "w", "_w", trees.sum_bytes);
  }
  if (trees.sums == Sums::single && !trees.has_sign) core.viper.insert(Viper::uint);
  if (trees.finds_largest() && trees.sum_bytes == 4) core.viper.insert(Viper::uint);
  const bool is_float = trees.comparison.is_float;
  core.casts_arguments = predictor_input(trees.code.model).type != model::NumberType::uint8;
  core.definitions +=
      c::fill(templates::tree_run_py,
              std::array<TemplateValue, 8>{
                  {{"input", fmt::format("{}: {}", is_float ? "k" : "x", pointer(core, trees.comparison.bytes))},
                   {"parameters", takes_enough(trees) ? ", enough: int" : ""},
                   {"result", std::string(result_text(trees))},
                   {"tables", indented(printing.tables, "")},
                   {"start", indented(start_text(trees), body)},
                   {"n_trees", fmt::to_string(trees.n_trees())},
                   {"tree", indented(tree, loop)},
                   {"end", end_text(trees)}}});
}

std::string run_call(const Trees& trees, Until until) {
  const std::string_view input = trees.comparison.is_float ? "_k" : "x";
  if (!takes_enough(trees)) return fmt::format("_run(0, {}, 0)", input);
  const std::size_t enough = until == Until::all ? trees.n_trees() : trees.n_trees() / 2;
  return fmt::format("_run(0, {}, 0, {})", input, enough);
}

}  // namespace emlc::py
