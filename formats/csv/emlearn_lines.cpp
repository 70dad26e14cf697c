#include "formats/csv/emlearn_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "formats/csv/csv.hpp"
#include "formats/text/text.hpp"

namespace emlc::formats {
namespace {

using Cells = std::span<const std::string_view>;

void set_once(std::optional<std::int64_t>& value, std::string_view cell, std::int64_t lowest, std::int64_t highest,
              const Where& where) {
  if (value) throw Error(where, "a second line of this kind");
  value = parse_whole(cell, lowest, highest, where);
}

void add_features(EmlearnLines& lines, std::size_t number, Cells cells) {
  set_once(lines.n_features, cells[1], 1, EMLC_CSV_MOST_FEATURES, lines.at(number, "f"));
}

void add_classes(EmlearnLines& lines, std::size_t number, Cells cells) {
  set_once(lines.n_classes, cells[1], 0, most_classes, lines.at(number, "c"));
}

void add_leaf_bits(EmlearnLines& lines, std::size_t number, Cells cells) {
  const Where where = lines.at(number, "lb");
  set_once(lines.leaf_bits, cells[1], 0, 32, where);
  const std::int64_t bits = *lines.leaf_bits;
  if (bits == 0 || bits == 32 || (bits >= 2 && bits <= 8)) return;
  throw Error(where, fmt::format("expected 0, 2 to 8 or 32, found {}", bits));
}

void add_leaf(EmlearnLines& lines, std::size_t number, Cells cells) {
  lines.leaves.push_back({number, std::string(trim(cells[1]))});
}

void add_root(EmlearnLines& lines, std::size_t number, Cells cells) {
  lines.roots.push_back({number, parse_whole(cells[1], 0, EMLC_CSV_EMLEARN_ROOT, lines.at(number, "root"))});
}

void add_node(EmlearnLines& lines, std::size_t number, Cells cells) {
  lines.nodes.push_back({number, cells[1], trim(cells[2]), cells[3], cells[4]});
}

struct Kind {
  std::string_view name;
  std::size_t n_cells;  ///< with the kind itself
  void (*add)(EmlearnLines&, std::size_t number, Cells cells);
};
constexpr std::array kinds = {
    Kind{"f", 2, add_features}, Kind{"c", 2, add_classes}, Kind{"lb", 2, add_leaf_bits},
    Kind{"l", 2, add_leaf},     Kind{"r", 2, add_root},    Kind{"n", 5, add_node},
};

const Kind* kind_of(std::string_view line) {
  const std::string_view name = trim(line.substr(0, line.find(',')));
  const auto* const found =
      std::find_if(kinds.begin(), kinds.end(), [&](const Kind& kind) { return kind.name == name; });
  return found == kinds.end() ? nullptr : found;
}

/// numpy breaks long rows: the lines up to the closing bracket belong to the leaf. Returns the line after them.
std::size_t join_broken_row(EmlearnLines& lines, const std::vector<Line>& all, std::size_t next) {
  LeafLine& leaf = lines.leaves.back();
  while (leaf.text.starts_with('[') && !leaf.text.ends_with(']')) {
    if (next == all.size() || kind_of(all[next].text) != nullptr) {
      throw Error(lines.at(leaf.number, "l"), "the row of the leaf has no closing bracket");
    }
    leaf.text += ' ';
    leaf.text += trim(all[next++].text);
  }
  return next;
}

void check_complete(const EmlearnLines& lines) {
  const Where where{.file = std::string(lines.file)};
  if (lines.n_features && !lines.n_classes) throw Error(where, "there is a line 'f' but no line 'c'");
  if (lines.n_classes && !lines.n_features) throw Error(where, "there is a line 'c' but no line 'f'");
  if (lines.roots.empty()) throw Error(where, "there is no tree (line 'r')");
}

}  // namespace

bool is_emlearn_line(std::string_view line) {
  return kind_of(line) != nullptr && line.find(',') != std::string_view::npos;
}

EmlearnLines scan_emlearn(std::string_view content, std::string_view file) {
  EmlearnLines lines{.file = file};
  const std::vector<Line> all = split_lines(content);
  for (std::size_t i = 0; i < all.size();) {
    const Line& line = all[i++];
    const Kind* kind = kind_of(line.text);
    if (trim(line.text.substr(0, line.text.find(','))) == "emlc") {
      throw Error(lines.at(line.number, ""), "expected 'emlc,trees,1' in the first line, or no such record");
    }
    if (kind == nullptr) continue;
    const std::vector<std::string_view> cells = split_fields(line.text, ',');
    if (cells.size() != kind->n_cells) {
      throw Error(lines.at(line.number, ""),
                  fmt::format("a line '{}' has {} fields, this one has {}", kind->name, kind->n_cells, cells.size()));
    }
    kind->add(lines, line.number, cells);
    if (kind->name == "l") i = join_broken_row(lines, all, i);
  }
  check_complete(lines);
  return lines;
}

}  // namespace emlc::formats
