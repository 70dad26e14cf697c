#include <fmt/format.h>

#include "cli/console/escape.hpp"
#include "cli/report/report.hpp"

namespace emlc::cli::report {
namespace {

std::string table_row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += fmt::format(" {} |", markdown_escaped(cell));
  return line + "\n";
}

std::string block(const Table& table) {
  std::string text = table_row(table.header) + "| --- |";
  for (std::size_t column = 1; column < table.header.size(); ++column) text += " ---: |";
  text += "\n";
  for (const auto& row : table.rows) text += table_row(row);
  return text;
}

std::string block(const Bars& bars) {
  if (const auto words = told_in_words(bars)) return markdown_escaped(*words) + "\n";
  Table table{.header = {"", bars.unit}, .rows = {}};
  for (const auto& [name, value] : bars.bars) table.rows.push_back({name, number(value)});
  return block(table);
}

/// A bin of a single number is that number.
std::string block(const Histogram& histogram) {
  if (const auto words = told_in_words(histogram)) return markdown_escaped(*words) + "\n";
  const auto first = ends_of_bin(histogram, 0);
  const bool has_numbers = first.first == first.second;
  Table table{.header = {histogram.x + (has_numbers ? "" : ": from"), has_numbers ? "" : "to", histogram.y},
              .rows = {}};
  for (std::size_t index = 0; index < histogram.heights.size(); ++index) {
    if (histogram.heights[index] == 0.0) continue;
    const auto [from, to] = ends_of_bin(histogram, index);
    table.rows.push_back({number(from), has_numbers ? "" : number(to), number(histogram.heights[index])});
  }
  return block(without_empty_columns(table));
}

/// Every 20th point and the last one.
std::string block(const Curve& curve) {
  constexpr std::size_t every = 20;
  Table table{.header = {curve.x, curve.y}, .rows = {}};
  if (!curve.before.empty()) table.header.push_back(curve.y + " before rounding");
  for (std::size_t index = 0; index < curve.points.size(); ++index) {
    if (index % every != 0 && index + 1 != curve.points.size()) continue;
    table.rows.push_back({number(curve.points[index].first), number(curve.points[index].second)});
    if (!curve.before.empty()) table.rows.back().push_back(number(curve.before[index].second));
  }
  return block(table);
}

std::string block(const Roots& roots) {
  Table table{.header = {"root", "real part", "imaginary part"}, .rows = {}};
  for (const auto& pole : roots.poles) table.rows.push_back({"pole", number(pole.real()), number(pole.imag())});
  for (const auto& zero : roots.zeros) table.rows.push_back({"zero", number(zero.real()), number(zero.imag())});
  return block(table);
}

std::string block(const Lines& lines) {
  Table table{.header = {lines.x}, .rows = {}};
  for (const Lines::Series& series : lines.series) table.header.push_back(series.name);
  for (std::size_t index = 0; index < lines.xs.size(); ++index) {
    table.rows.push_back({number(lines.xs[index])});
    for (const Lines::Series& series : lines.series) table.rows.back().push_back(number(series.values[index]));
  }
  return block(table);
}

std::string block(const Confusion& matrix) {
  Table table{.header = {"label \\ decision"}, .rows = {}};
  table.header.insert(table.header.end(), matrix.classes.begin(), matrix.classes.end());
  for (std::size_t row = 0; row < matrix.counts.size(); ++row) {
    table.rows.push_back({matrix.classes[row]});
    for (const std::size_t n : matrix.counts[row]) table.rows.back().push_back(std::to_string(n));
  }
  return block(table);
}

std::string block(const Figures& figures) {
  Table table{.header = {"", "", ""}, .rows = {}};
  for (const auto& [name, value, note] : figures.figures) table.rows.push_back({name, value, note});
  return block(table);
}

std::string block(const Commands& commands) {
  std::string text;
  for (const std::string& line : commands.lines) text += "    " + line + "\n";
  return text;
}

std::string block(const Notes& notes) {
  std::string text;
  for (const std::string& line : notes.lines) text += "- " + markdown_escaped(line) + "\n";
  return text;
}

}  // namespace

std::string markdown(const Report& report) {
  std::string text = fmt::format("# {}\n\n{}\n", markdown_escaped(report.title), markdown_escaped(report.text));
  for (const Section& section : report.sections) {
    text += fmt::format("\n## {}\n", markdown_escaped(section.title));
    if (!section.text.empty()) text += fmt::format("\n{}\n", markdown_escaped(section.text));
    for (const Block& part : section.blocks) {
      text += "\n" + std::visit([](const auto& shown) { return block(shown); }, part);
    }
  }
  return text;
}

}  // namespace emlc::cli::report
