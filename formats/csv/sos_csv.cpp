#include <emlc/csv_text.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "codegen/model/error.hpp"
#include "codegen/model/sos/float_sections.hpp"
#include "formats/csv/csv.hpp"
#include "formats/text/text.hpp"

namespace emlc::formats {
namespace {

constexpr std::array<std::string_view, 6> coefficients = {"b0", "b1", "b2", "a0", "a1", "a2"};

/// The lines that may hold a section: neither blank nor a comment.
std::vector<Line> table_lines(std::string_view content) {
  std::vector<Line> lines = split_lines(content);
  std::erase_if(lines, [](const Line& line) {
    const std::string_view text = trim(line.text);
    return text.empty() || text.starts_with('#');
  });
  return lines;
}

bool is_word(std::string_view cell) { return emlc_csv_is_word(cell.data(), cell.size()) != 0; }

/// The names of the columns may come first; a line that begins with one and goes on with a number is refused.
bool is_header(const Line& line, std::string_view file) {
  const std::vector<std::string_view> cells = split_anywhere(line.text);
  if (!is_word(cells.front())) return false;
  for (const std::string_view cell : cells) {
    if (cell.empty() || is_word(cell)) continue;
    throw Error({.file = std::string(file), .line = line.number},
                fmt::format("a header has no number, this one has '{}'", printable(cell)));
  }
  return true;
}

/// The number, where the device reads one too; the float32 that it has of it goes to `narrow`.
double parse_coefficient(std::string_view cell, float& narrow, const Where& where) {
  narrow = static_cast<float>(parse_float(cell, where));
  return is_number(cell) ? parse_number(cell, where) : 0.0;  // 1e-400 is a number too
}

/// On the device every coefficient is divided by a0 in float32.
void check_on_device(const std::array<float, 6>& row, Where where) {
  where.field = coefficients[3];
  if (row[3] == 0.0F) throw Error(where, "must not be 0, every coefficient is divided by it");
  for (std::size_t i = 0; i < row.size(); ++i) {
    where.field = coefficients[i];
    if (std::isinf(row[i] / row[3])) throw Error(where, fmt::format("{} / {} does not fit float32", row[i], row[3]));
  }
}

model::SosSection parse_section(const Line& line, std::string_view file) {
  Where where{.file = std::string(file), .line = line.number};
  const std::vector<std::string_view> cells = split_anywhere(line.text);
  if (cells.size() != coefficients.size()) {
    throw Error(where, fmt::format("a section has 6 coefficients, this line has {}", cells.size()));
  }
  std::array<double, 6> values{};
  std::array<float, 6> device{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    where.field = coefficients[i];
    values[i] = parse_coefficient(cells[i], device[i], where);
  }
  check_on_device(device, where);
  return {values[0], values[1], values[2], values[3], values[4], values[5]};
}

/// The row b0 b1 b2 a0 a1 a2 of a section, divided by a0.
std::array<double, 6> normalised(const model::SosSection& s) {
  return {s.b0 / s.a0, s.b1 / s.a0, s.b2 / s.a0, 1.0, s.a1 / s.a0, s.a2 / s.a0};
}

bool is_stable_in_float32(const std::array<double, 6>& row) {
  const auto narrow = [](double value) { return model::round_to(model::NumberType::float32, value); };
  return model::pole_radius({.a1 = narrow(row[4]), .a2 = narrow(row[5])}) < 1.0;
}

/// Whoever reads a SOS CSV on a device (emlc's runtime, emlearn) computes in the direct form.
void check_direct(const model::SosCascade& cascade) {
  for (std::size_t index = 0; index < cascade.sections.size(); ++index) {
    const model::SosStructure structure = model::structure_of(cascade, index);
    if (structure == model::SosStructure::direct) continue;
    throw Error({.field = fmt::format("sections[{}]", index)},
                fmt::format("needs the structure '{}' in float32, readers of CSV have the direct one; write c, cpp or "
                            "tmdl",
                            info(structure).name));
  }
}

}  // namespace

bool is_sos_csv(std::string_view content) {
  std::vector<Line> lines = table_lines(content);
  if (lines.empty()) return false;
  const std::vector<std::string_view> first = split_anywhere(lines.front().text);
  // A table of numbers with a wrong count is recognised too, so that the reader can say what is wrong.
  return std::equal(first.begin(), first.end(), coefficients.begin(), coefficients.end()) || is_number(first.front());
}

std::string table_problem(std::string_view content) {
  const std::vector<Line> lines = table_lines(content);
  if (lines.size() < 2) return {};
  const std::vector<std::string_view> names = split_anywhere(lines[0].text), row = split_anywhere(lines[1].text);
  const auto is_each = [](const std::vector<std::string_view>& cells, bool (*has)(std::string_view)) {
    return std::all_of(cells.begin(), cells.end(), has);
  };
  if (names.size() != row.size() || !is_each(names, is_word) || !is_each(row, is_number)) return {};
  return fmt::format(
      "a table whose columns are called '{}' and so on is no model; a filter's are {} (--from sos-csv "
      "reads it as one)",
      printable(names.front()), fmt::join(coefficients, ","));
}

bool is_sos_q15_csv(std::string_view content) {
  const std::vector<Line> lines = split_lines(content);
  return std::any_of(lines.begin(), lines.end(), [](const Line& line) {
    if (!trim(line.text).starts_with('#')) return false;
    const std::vector<std::string_view> cells = split_anywhere(line.text);
    return std::find(cells.begin(), cells.end(), "emlearn_iir_q15") != cells.end();
  });
}

model::Model read_sos_csv(std::string_view content, std::string_view file) {
  if (is_sos_q15_csv(content)) {
    throw Error({.file = std::string(file)},
                "holds the integers of emlearn_iir_q15; give the filter they were made of");
  }
  std::vector<Line> lines = table_lines(content);
  if (!lines.empty() && is_header(lines.front(), file)) lines.erase(lines.begin());
  if (lines.empty()) throw Error({.file = std::string(file)}, "no second-order section found");
  model::SosCascade cascade;
  for (const Line& line : lines) cascade.sections.push_back(parse_section(line, file));
  model::Model model;
  model.input.n_features = 1;
  model.output.task = model::Task::filter;
  model.predictor = std::move(cascade);
  return model;
}

layout::Artifact write_sos_csv(const model::SosCascade& cascade) {
  if (cascade.fixed) return write_sos_q15_csv(cascade);
  check_direct(cascade);
  const auto is_zero = [](const std::array<double, 2>& z) { return z[0] == 0.0 && z[1] == 0.0; };
  if (!std::all_of(cascade.initial_state.begin(), cascade.initial_state.end(), is_zero)) {
    throw Error({.field = "model.initial_state"}, "a SOS CSV holds no initial state; write c, cpp or tmdl");
  }
  layout::Artifact artifact;
  for (std::size_t index = 0; index < cascade.sections.size(); ++index) {
    const std::array<double, 6> row = normalised(cascade.sections[index]);
    const std::string what = fmt::format("sections[{}]", index);
    for (std::size_t i = 0; i < row.size(); ++i) {
      artifact.bytes += fmt::format("{}{}", i == 0 ? "" : ",", float_text(row[i], what));
    }
    artifact.bytes += '\n';
    if (model::pole_radius(cascade.sections[index]) < 1.0 && !is_stable_in_float32(row)) {
      artifact.warnings.push_back(fmt::format("{}: rounded to float32 the section is unstable", what));
    }
  }
  constexpr std::size_t floats_per_section = 5 + 2;  // b0 b1 b2 a1 a2, and the state
  artifact.parts = {{"sections (text)", artifact.bytes.size()}};
  artifact.ram = cascade.sections.size() * floats_per_section * sizeof(float);
  return artifact;
}

}  // namespace emlc::formats
