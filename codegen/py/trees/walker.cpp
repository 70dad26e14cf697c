#include "codegen/py/trees/walker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "codegen/c/common/template.hpp"
#include "codegen/py/common/text.hpp"
#include "templates.hpp"

namespace emlc::py {
namespace {

using c::TemplateValue;
using layout::LeafKind;

constexpr std::string_view body = "    ", loop = "        ";

/// Prints one _run.
struct Printing {
  Core& core;
  const Trees& trees;
  std::string tables{};  ///< lines

  /// Makes `name` a table of values in planes and gives what reads element `index`.
  std::string planes_of(std::string_view name, std::string_view part, std::span<const std::int64_t> values, int width,
                        std::string_view index) {
    add_bytes(name, part, planes(values, width));
    return plane_read(name, index, values.size(), width);
  }
  void add_bytes(std::string_view name, std::string_view part, const std::vector<std::uint8_t>& bytes) {
    tables += fmt::format("    {} = {}({})\n", name, pointer(core, 1), bytes_literal(bytes, loop));
    core.parts.push_back({std::string(part), bytes.size()});
  }
  /// Makes `name` a pointer to an array of the module.
  void add_array(std::string_view name, std::string_view array, int bytes) {
    tables += fmt::format("    {} = {}({})\n", name, pointer(core, bytes), array);
  }
};

std::int64_t largest(std::span<const std::int64_t> values) { return *std::max_element(values.begin(), values.end()); }

int width_of(std::span<const std::int64_t> values) { return unsigned_width(static_cast<std::uint64_t>(largest(values))); }

/// What compares an unsigned element of the sums with another one.
std::string comparable(const Trees& trees, std::string_view index) {
  if (trees.sum_bytes < 4) return fmt::format("w[{}]", index);
  return fmt::format("uint(w[{}]{})", index, trees.has_sign ? " ^ m" : "");
}

/// What reads the name of the threshold of split p; makes its table.
std::string name_read(Printing& printing) {
  const Comparison& comparison = printing.trees.comparison;
  if (const std::optional<PackedTable>& packed = printing.trees.packed) {
    const std::string read = printing.planes_of("t", "thresholds and leaves", packed->names, 1, "p");
    if (packed->bits == 0) return read;
    const std::string name = fmt::format("{} >> {}", read, packed->bits);
    return comparison.base == 0 ? name : fmt::format("({})", name);
  }
  return printing.planes_of("t", "thresholds", comparison.names, comparison.name_width, "p");
}

/// The thresholds that names tell the place of.
void add_thresholds(Printing& printing) {
  const Comparison& comparison = printing.trees.comparison;
  if (!comparison.has_table()) return;
  const std::size_t bytes = comparison.ordinals.size() * static_cast<std::size_t>(comparison.bytes);
  printing.core.definitions += table_line("_h", comparison.ordinals, comparison.bytes);
  printing.core.parts.push_back({"distinct thresholds", bytes});
  printing.core.ram += bytes;
  printing.add_array("h", "_h", comparison.bytes);
}

std::string walk_text(Printing& printing) {
  const Trees& trees = printing.trees;
  const std::vector<std::int64_t>& slots = trees.packed ? trees.packed->slots : trees.table.slots;
  const std::vector<std::int64_t>& jumps = trees.packed ? trees.packed->jumps : trees.table.jumps;
  const std::string slot = printing.planes_of("f", "features", slots, width_of(slots), "p");
  const std::string name = name_read(printing);
  const int jump_width = width_of(jumps);
  const std::string jump = printing.planes_of("j", "jumps", jumps, jump_width, "p");
  const std::string next = jump_width == 1 ? jump : fmt::format("({})", jump);
  add_thresholds(printing);
  if (trees.comparison.is_wide()) printing.core.viper.insert(Viper::uint);
  return c::fill(templates::tree_walk_py, std::array<TemplateValue, 3>{{{"goes_left", goes_left(trees.comparison, slot, name)},
                                                                     {"next_jump", next},
                                                                     {"jump", jump}}});
}

/// Two codes in a byte where they are small.
std::string nibble_codes(Printing& printing, std::span<const std::int64_t> codes, std::string_view place) {
  std::vector<std::uint8_t> bytes((codes.size() + 1) / 2, 0);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    bytes[i / 2] = static_cast<std::uint8_t>(bytes[i / 2] | codes[i] << (4 * (i % 2)));
  }
  printing.add_bytes("c", "leaves", bytes);
  return fmt::format("l {}\nl = c[l >> 1] >> ((l & 1) << 2) & 15\n", place);
}

/// From the split l, where the walk went left last, to the code of the leaf; `region` is the number of the tree.
std::string leaf_text(Printing& printing, std::string_view region) {
  const std::vector<std::int64_t>& codes = printing.trees.table.leaves;
  if (printing.trees.packed) return fmt::format("l = t[l] & {}\n", (1 << printing.trees.packed->bits) - 1);
  if (!printing.trees.has_leaf_codes) return fmt::format("l += {}\n", region);
  constexpr std::int64_t nibble = 15;
  const std::string place = fmt::format("+= {}", region);
  if (largest(codes) <= nibble) return nibble_codes(printing, codes, place);
  const std::string read = printing.planes_of("c", "leaves", codes, width_of(codes), "l");
  return fmt::format("l {}\nl = {}\n", place, read);
}

/// One tree after the other: from the split where the last one ended to the code of a leaf.
std::string tree_text(Printing& printing) {
  const WalkTable& table = printing.trees.table;
  const std::string walk = walk_text(printing);
  std::vector<std::int64_t> sizes;
  for (std::size_t i = 0; i + 1 < table.starts.size(); ++i) sizes.push_back(table.starts[i + 1] - table.starts[i]);
  const std::string size = printing.planes_of("s", "tree sizes", sizes, width_of(sizes), "i");
  return fmt::format("end = p + {}\nn = end\n{}{}", width_of(sizes) == 1 ? size : fmt::format("({})", size), walk,
                     leaf_text(printing, "i"));
}

/// The same where leaves may be subtrees that several splits share.
std::string shared_tree_text(Printing& printing) {
  const WalkTable& table = printing.trees.table;
  const std::string walk = walk_text(printing);
  const int width = width_of(table.starts);
  const std::string start = printing.planes_of("s", "starts", table.starts, width, "r");
  const std::string end = plane_read("s", "r + 1", table.starts.size(), width);
  const std::string text = fmt::format("p = {}\nend = {}\n{}{}r = l - {}\n", start, end, walk, leaf_text(printing, "r"),
                                       printing.trees.code.leaves.n_codes);
  return fmt::format("r = i\nwhile r >= 0:\n{}\n", indented(text, body));
}

/// The values of the leaves: by code, or in the order of the leaves.
std::vector<std::int64_t> leaf_values(const Trees& trees) {
  if (trees.has_leaf_codes) return trees.code.leaves.integers;
  std::vector<std::int64_t> values;
  for (const std::int64_t code : trees.table.leaves) {
    values.push_back(trees.code.leaves.integers[static_cast<std::size_t>(code)]);
  }
  return values;
}

/// What reads a value at `index`; makes its table.
std::string value_read(Printing& printing, std::string_view index) {
  const std::vector<std::int64_t> values = leaf_values(printing.trees);
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  if (*low >= 0) return printing.planes_of("v", "leaf values", values, width_of(values), index);
  const int width = signed_width(*low, *high);
  printing.add_bytes("v", "leaf values", planes(values, width));
  return signed_plane_read("v", index, values.size(), width);
}

/// The output that tree i of the plan adds to.
std::string output_read(Printing& printing) {
  const c::TreeCode& code = printing.trees.code;
  std::vector<std::int64_t> outputs;
  for (const std::uint32_t tree : code.plan.tree_order) outputs.push_back(code.ensemble.trees[tree].first_output);
  return printing.planes_of("o", "tree outputs", outputs, width_of(outputs), "i");
}

/// What becomes of the leaf l.
std::string added_text(Printing& printing) {
  const std::uint32_t width = printing.trees.code.leaves.width;
  switch (printing.trees.sums) {
    case Sums::votes:
      if (!printing.trees.finds_largest()) return "w[l] = w[l] + 1\n";
      return "a = w[l] + 1\nw[l] = a\nif a > enough:\n    return l\n";
    case Sums::single:
      return fmt::format("a += {}\n", value_read(printing, "l"));
    case Sums::by_output:
      if (c::has_rounds(printing.trees.code)) {
        return fmt::format("w[r_out] = w[r_out] + ({})\nr_out += 1\nif r_out == {}:\n    r_out = 0\n",
                           value_read(printing, "l"), printing.trees.code.ensemble.n_outputs);
      }
      return fmt::format("q = {}\nw[q] = w[q] + ({})\n", output_read(printing), value_read(printing, "l"));
    case Sums::rows:
      return fmt::format("l *= {0}\nq = 0\nwhile q < {0}:\n    w[q] = w[q] + ({1})\n    l += 1\n    q += 1\n", width,
                         value_read(printing, "l"));
    case Sums::codes:
      return "w[i] = l\n";
  }
  return "";
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
  const std::string feature = is_all ? "i" : printing.planes_of("u", "used features", used, width_of(used), "i");
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
  const auto width = static_cast<std::size_t>(
      *low < 0 ? signed_width(*low, *high) : unsigned_width(static_cast<std::uint64_t>(*high)));
  const std::size_t n = trees.table.leaves.size();
  const std::size_t codes = n * static_cast<std::size_t>(width_of(trees.table.leaves));
  return codes + integers.size() * width < n * width;
}

}  // namespace

bool Trees::finds_largest() const {
  return (sums == Sums::votes || sums == Sums::by_output || sums == Sums::rows) && keeps_order(code);
}

Trees plan_trees(const c::TreeCode& code) {
  Trees trees{.code = code, .table = make_walk_table(code.plan), .comparison = {}};
  trees.comparison = make_comparison(trees.table, predictor_input(code.model));
  trees.sums = sums_of(code);
  trees.has_sign = code.leaves.kind == LeafKind::fixed_rows;
  trees.sum_bytes = trees.has_sign ? 4 : sum_bytes(code, trees.sums);
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
    printing.add_array("w", "_w", trees.sum_bytes);
  }
  if (trees.sums == Sums::single && !trees.has_sign) core.viper.insert(Viper::uint);
  if (trees.finds_largest() && trees.sum_bytes == 4) core.viper.insert(Viper::uint);
  const bool is_float = trees.comparison.is_float;
  core.casts_arguments = predictor_input(trees.code.model).type != model::NumberType::uint8;
  core.definitions += c::fill(
      templates::tree_run_py,
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
