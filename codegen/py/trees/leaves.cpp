#include <fmt/format.h>

#include <algorithm>

#include "codegen/py/common/text.hpp"
#include "codegen/py/trees/printing.hpp"

namespace emlc::py {
namespace {

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
  if (*low >= 0) return add_planes(printing, "v", "leaf values", values, index);
  const int width = signed_width(*low, *high);
  add_bytes(printing, "v", "leaf values", planes(values, width));
  return signed_plane_read("v", index, values.size(), width);
}

/// The output that tree i of the plan adds to.
std::string output_read(Printing& printing) {
  const c::TreeCode& code = printing.trees.code;
  std::vector<std::int64_t> outputs;
  for (const std::uint32_t tree : code.plan.tree_order) outputs.push_back(code.ensemble.trees[tree].first_output);
  return add_planes(printing, "o", "tree outputs", outputs, "i");
}

/// The whole to one column, then amounts from there to others.
std::string moved_text(Printing& printing) {
  const Moves& moves = *printing.trees.moves;
  const std::uint32_t n = printing.trees.code.leaves.width;
  const std::string from = add_planes(printing, "g", "moves", moves.from, "l");
  const std::string amount = add_planes(printing, "y", "moves", moves.amounts, "l");
  const std::string to = add_planes(printing, "z", "moves", moves.to, "l");
  const std::string value = add_planes(printing, "v", "amounts", moves.values, "b");
  std::string text = fmt::format("a = 0\nq = l\nif l >= {0}:\n    l -= {0}\n    q = {1}\n    a = 1\n", n, from);
  text += fmt::format("w[q] = w[q] + {}\nwhile a & 1:\n", moves.whole);
  return text + fmt::format(
                    "    a = {}\n    b = a >> 1\n    b = {}\n    w[q] = w[q] - b\n    r = {}\n"
                    "    w[r] = w[r] + b\n    l += 1\n",
                    amount, value, to);
}

}  // namespace

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
    case Sums::moves:
      return moved_text(printing);
    case Sums::codes:
      return "w[i] = l\n";
  }
  return "";
}

void add_bytes(Printing& printing, std::string_view name, std::string_view part,
               const std::vector<std::uint8_t>& bytes) {
  printing.tables +=
      fmt::format("    {} = {}({})\n", name, pointer(printing.core, 1), bytes_literal(bytes, "        "));
  printing.core.parts.push_back({std::string(part), bytes.size()});
}

std::string add_planes(Printing& printing, std::string_view name, std::string_view part,
                       std::span<const std::int64_t> values, std::string_view index) {
  const int width = width_of(values);
  add_bytes(printing, name, part, planes(values, width));
  return plane_read(name, index, values.size(), width);
}

void add_array(Printing& printing, std::string_view name, std::string_view array, int bytes) {
  printing.tables += fmt::format("    {} = {}({})\n", name, pointer(printing.core, bytes), array);
}

int width_of(std::span<const std::int64_t> values) {
  return unsigned_width(static_cast<std::uint64_t>(*std::max_element(values.begin(), values.end())));
}

}  // namespace emlc::py
