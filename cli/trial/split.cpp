#include "cli/trial/split.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "cli/trial/row_texts.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

/// SplitMix64, so that a seed means the same everywhere: the standard library's distributions do not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  /// From 0 to n - 1. n is a number of rows: what the remainder prefers is far below one in 2^32.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }

 private:
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }

  std::uint64_t state_;
};

/// The rows of each group, groups in order of their first row.
std::vector<std::vector<std::size_t>> rows_of_groups(std::size_t n_rows, std::span<const std::string> groups) {
  std::vector<std::vector<std::size_t>> rows;
  std::map<std::string, std::size_t> place;
  for (std::size_t row = 0; row < n_rows; ++row) {
    const std::size_t group = groups.empty() ? row : place.emplace(groups[row], place.size()).first->second;
    if (group == rows.size()) rows.emplace_back();
    rows[group].push_back(row);
  }
  return rows;
}

}  // namespace

RowSplit split_rows(std::size_t n_rows, std::span<const std::string> groups, std::uint64_t seed) {
  std::vector<std::vector<std::size_t>> rows = rows_of_groups(n_rows, groups);
  Random random(seed);
  for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[random.below(i)]);
  RowSplit split;
  for (std::size_t group = 0; group < rows.size(); ++group) {
    const bool is_last = group + 1 == rows.size() && group > 0;  // of two parts none is empty
    auto& part = 2 * split.search.size() < n_rows && !is_last ? split.search : split.validation;
    part.insert(part.end(), rows[group].begin(), rows[group].end());
  }
  std::sort(split.search.begin(), split.search.end());
  std::sort(split.validation.begin(), split.validation.end());
  return split;
}

std::vector<std::string> read_groups(std::size_t n_rows, const std::string& path) {
  std::vector<std::string> groups;
  if (path.empty()) return groups;
  for (RowTexts& row : read_row_texts(path, {.n_rows = n_rows, .width = 1, .noun = "groups", .inputs = "--data"})) {
    groups.push_back(std::move(row.cells.front()));
  }
  return groups;
}

RowSplit split_rows(std::size_t n_rows, const SplitOptions& options) {
  RowSplit split = split_rows(n_rows, read_groups(n_rows, options.groups_path), options.seed);
  if (!split.validation.empty()) return split;
  if (!options.groups_path.empty()) {
    throw Error({.file = options.groups_path}, "all rows are of one group: two parts need two groups at least");
  }
  throw Error({.field = "--data"}, "two parts need two rows at least");
}

}  // namespace emlc::cli
