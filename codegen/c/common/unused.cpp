#include "codegen/c/common/unused.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace emlc::c {
namespace {

bool is_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// All identifiers of a text.
std::set<std::string_view> identifiers_of(std::string_view text) {
  std::set<std::string_view> found;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_of_name(text[end])) ++end;
    if (end != at) found.insert(text.substr(at, end - at));
    at = end == at ? at + 1 : end;
  }
  return found;
}

/// The identifier that ends where `end` is.
std::string_view name_before(std::string_view line, std::size_t end) {
  std::size_t first = end;
  while (first > 0 && is_of_name(line[first - 1])) --first;
  return line.substr(first, end - first);
}

/// Some lines that stay or go together; without a name they stay.
struct Block {
  std::string_view name;
  std::string text{};
};

enum class Shape { other, comment, function, table };

Shape shape_of(std::string_view line, const Names& names) {
  if (line.starts_with("/*")) return Shape::comment;
  if (line.starts_with(names.function + " ") && line.ends_with(") {")) return Shape::function;
  const std::string_view word = line.substr(0, line.find(' '));
  return word.ends_with("_TABLE") ? Shape::table : Shape::other;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<Block> blocks_of(std::string_view definitions, const Names& names) {
  std::vector<Block> blocks;
  std::string before;  // a comment of what follows
  const std::vector<std::string_view> lines = lines_of(definitions);
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const Shape shape = shape_of(lines[at], names);
    if (shape == Shape::comment) {
      before += std::string(lines[at]) + "\n";
      while (lines[at].find("*/") == std::string_view::npos && at + 1 < lines.size()) {
        before += std::string(lines[++at]) + "\n";
      }
      continue;
    }
    Block block{.name = {}, .text = std::move(before)};
    before.clear();
    if (shape != Shape::other) block.name = name_before(lines[at], lines[at].find(shape == Shape::table ? '[' : '('));
    const auto ends = [&](std::string_view line) { return shape == Shape::table ? line.ends_with("};") : line == "}"; };
    block.text += std::string(lines[at]) + "\n";
    while (shape != Shape::other && !ends(lines[at]) && at + 1 < lines.size()) {
      block.text += std::string(lines[++at]) + "\n";
    }
    const bool has_empty_line = shape != Shape::other && at + 1 < lines.size() && lines[at + 1].empty();
    if (has_empty_line) block.text += std::string(lines[++at]) + "\n";
    blocks.push_back(std::move(block));
  }
  if (!before.empty()) blocks.push_back({.name = {}, .text = std::move(before)});
  return blocks;
}

}  // namespace

std::string without_unused(std::string_view definitions, std::string_view users, const Names& names) {
  const std::vector<Block> blocks = blocks_of(definitions, names);
  std::multimap<std::string_view, const Block*> named;
  std::set<std::string_view> reached;
  std::vector<std::string_view> pending = {users};
  for (const Block& block : blocks) {
    if (block.name.empty()) {
      pending.push_back(block.text);
    } else {
      named.emplace(block.name, &block);
    }
  }
  while (!pending.empty()) {
    const std::string_view text = pending.back();
    pending.pop_back();
    for (const std::string_view name : identifiers_of(text)) {
      if (!named.contains(name) || !reached.insert(name).second) continue;
      const auto [first, last] = named.equal_range(name);
      for (auto entry = first; entry != last; ++entry) pending.push_back(entry->second->text);
    }
  }
  std::string kept;
  for (const Block& block : blocks) {
    if (block.name.empty() || reached.contains(block.name)) kept += block.text;
  }
  return kept;
}

}  // namespace emlc::c
