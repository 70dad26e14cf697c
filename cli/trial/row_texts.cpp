#include "cli/trial/row_texts.hpp"

#include <fmt/format.h>

#include "cli/console/files.hpp"
#include "codegen/model/error.hpp"
#include "formats/text/matrix.hpp"
#include "formats/text/text.hpp"

namespace emlc::cli {
namespace {

std::string unquoted(std::string_view cell) {
  cell = formats::trim(cell);
  if (cell.size() >= 2 && cell.starts_with('"') && cell.ends_with('"')) cell = cell.substr(1, cell.size() - 2);
  return std::string(cell);
}

std::vector<RowTexts> read_rows(const std::string& content, const std::string& file) {
  std::vector<RowTexts> rows;
  if (content.starts_with("\x93NUMPY")) {
    for (const auto& row : formats::read_npy(content, file).rows) {
      rows.emplace_back();
      for (const double value : row) rows.back().cells.push_back(fmt::to_string(value));
    }
    return rows;
  }
  for (const formats::Line& line : formats::split_lines(content)) {
    if (formats::trim(line.text).empty() || line.text.starts_with('#')) continue;
    rows.push_back({.line = line.number, .cells = {}});
    for (const std::string_view cell : formats::split_fields(line.text, ',')) {
      rows.back().cells.push_back(unquoted(cell));
    }
  }
  return rows;
}

}  // namespace

std::vector<RowTexts> read_row_texts(const std::string& path, const RowTextsShape& shape) {
  std::vector<RowTexts> rows = read_rows(read_file(path), path);
  if (rows.size() == shape.n_rows + 1) rows.erase(rows.begin());  // a header line
  if (rows.size() != shape.n_rows || rows.empty()) {
    throw Error({.file = path},
                fmt::format("{} {}, {} has {} rows", rows.size(), shape.noun, shape.inputs, shape.n_rows));
  }
  for (const RowTexts& row : rows) {
    if (row.cells.size() == shape.width) continue;
    throw Error({.file = path, .line = row.line},
                fmt::format("expected {} {}, found {}", shape.width, shape.noun, row.cells.size()));
  }
  return rows;
}

}  // namespace emlc::cli
