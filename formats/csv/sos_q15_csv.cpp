#include <fmt/format.h>

#include "codegen/model/error.hpp"
#include "formats/csv/csv.hpp"
#include "formats/text/text.hpp"

namespace emlc::formats {
namespace {

constexpr std::string_view first_line = "# emlearn_iir_q15, times 8192: b0,0,b1,b2,-a1,-a2\n";
constexpr std::size_t numbers_per_section = 6;

}  // namespace

layout::Artifact write_sos_q15_csv(const model::SosCascade& cascade) {
  if (cascade.fixed.value().arithmetic != model::Arithmetic::q15_cmsis) {
    throw Error({.field = "--arithmetic"}, "a CSV holds filters in float, or with q15-cmsis those of emlearn_iir_q15");
  }
  layout::Artifact artifact;
  artifact.bytes = first_line;
  for (const auto& [b0, b1, b2, a1, a2] : integers(cascade)) {
    artifact.bytes += fmt::format("{},0,{},{},{},{}\n", b0, b1, b2, -a1, -a2);
  }
  constexpr std::size_t bytes_per_section = (6 + 4) * sizeof(std::int16_t);  // coefficients and state
  artifact.parts = {{"sections (text)", artifact.bytes.size()}};
  artifact.ram = cascade.sections.size() * bytes_per_section;
  return artifact;
}

std::vector<model::SosIntegers> read_sos_q15_csv(std::string_view content, std::string_view file) {
  std::vector<model::SosIntegers> sections;
  for (const Line& line : split_lines(content)) {
    if (line.text.empty() || line.text.starts_with('#')) continue;
    const Where where{.file = std::string(file), .line = line.number};
    const std::vector<std::string_view> cells = split_fields(line.text, ',');
    if (cells.size() != numbers_per_section) {
      throw Error(where, fmt::format("a section has 6 numbers, this line has {}", cells.size()));
    }
    std::array<std::int32_t, numbers_per_section> c{};
    for (std::size_t i = 0; i < c.size(); ++i) {
      c[i] = static_cast<std::int32_t>(parse_whole(cells[i], INT16_MIN, INT16_MAX, where));
    }
    if (c[1] != 0) throw Error(where, fmt::format("the second number has to be 0, found {}", c[1]));
    sections.push_back({c[0], c[2], c[3], -c[4], -c[5]});
  }
  return sections;
}

}  // namespace emlc::formats
