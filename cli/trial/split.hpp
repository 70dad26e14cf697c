#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace emlc::cli {

/// The rows of a table in two parts, each in ascending order and each row in one of them.
struct RowSplit {
  std::vector<std::size_t> search;      ///< what a search and its passes see
  std::vector<std::size_t> validation;  ///< what they do not
};

/// Which rows are kept together, and how the rest is drawn.
struct SplitOptions {
  std::uint64_t seed = 1;
  std::string groups_path{};  ///< --groups, empty when each row is for itself
};

/// Halves: groups are drawn in an order that depends on the seed alone, and the first ones are the search part until
/// it has half of the rows. The same on every machine.
/// @param groups  of each row its group, or empty: each row is one
RowSplit split_rows(std::size_t n_rows, std::span<const std::string> groups, std::uint64_t seed);

/// The same with the groups of a file, which has a line for each row: CSV or NPY. Throws Error for another number of
/// them, and where fewer than two groups leave a part empty.
RowSplit split_rows(std::size_t n_rows, const SplitOptions& options);

/// The group of each row of the file of --groups; nothing without one.
std::vector<std::string> read_groups(std::size_t n_rows, const std::string& path);

template <class Row>
std::vector<Row> rows_at(const std::vector<Row>& rows, std::span<const std::size_t> places) {
  std::vector<Row> chosen;
  chosen.reserve(places.size());
  for (const std::size_t place : places) chosen.push_back(rows[place]);
  return chosen;
}

}  // namespace emlc::cli
