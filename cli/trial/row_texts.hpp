#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace emlc::cli {

/// A line of a table of words: its number in the file (0 of an NPY), and its cells without quotes.
struct RowTexts {
  std::size_t line = 0;
  std::vector<std::string> cells;
};

/// What such a table has to be: rows for the inputs of `inputs` (`--data`), `width` of the `noun` in each.
struct RowTextsShape {
  std::size_t n_rows = 0, width = 1;
  std::string_view noun;    ///< `labels`
  std::string_view inputs;  ///< what has as many rows, for messages
};

/// Reads CSV or NPY; one line more than there are rows is a header. Throws Error for another number of rows or cells.
std::vector<RowTexts> read_row_texts(const std::string& path, const RowTextsShape& shape);

}  // namespace emlc::cli
