#include "cli/console/json_file.hpp"
#include "cli/report/report.hpp"

namespace emlc::cli::report {
namespace {

using Json = nlohmann::ordered_json;

Json block(const Table& table) { return {{"kind", "table"}, {"header", table.header}, {"rows", table.rows}}; }

Json block(const Bars& bars) {
  Json values = Json::object();
  for (const auto& [name, value] : bars.bars) values[name] = value;
  return {{"kind", "bars"}, {"unit", bars.unit}, {"values", std::move(values)}};
}

Json block(const Histogram& histogram) {
  Json from = Json::array(), to = Json::array();
  for (std::size_t bin = 0; bin < histogram.heights.size(); ++bin) {
    const auto ends = ends_of_bin(histogram, bin);
    from.push_back(ends.first);
    to.push_back(ends.second);
  }
  return {{"kind", "histogram"},      {"x", histogram.x},       {"y", histogram.y},
          {"first", histogram.first}, {"last", histogram.last}, {"heights", histogram.heights},
          {"from", std::move(from)},  {"to", std::move(to)}};
}

Json block(const Curve& curve) {
  Json result = {{"kind", "curve"}, {"x", curve.x}, {"y", curve.y}, {"points", curve.points}};
  if (!curve.before.empty()) result["before"] = curve.before;
  return result;
}

Json pairs(const std::vector<std::complex<double>>& roots) {
  Json list = Json::array();
  for (const std::complex<double>& root : roots) list.push_back({root.real() + 0.0, root.imag() + 0.0});
  return list;
}

Json block(const Roots& roots) {
  return {{"kind", "roots"}, {"poles", pairs(roots.poles)}, {"zeros", pairs(roots.zeros)}};
}

/// What there is no value for is null.
Json block(const Lines& lines) {
  Json series = Json::array();
  for (const Lines::Series& line : lines.series) series.push_back({{"name", line.name}, {"values", line.values}});
  Json result = {{"kind", "lines"}, {"x", lines.x}, {"y", lines.y}, {"x_values", lines.xs}, {"series", series}};
  result["chosen"] = lines.chosen ? Json(*lines.chosen) : Json();
  return result;
}

Json block(const Confusion& matrix) {
  return {{"kind", "confusion"}, {"classes", matrix.classes}, {"counts", matrix.counts}};
}

Json block(const Figures& figures) {
  Json list = Json::array();
  for (const Figures::Figure& figure : figures.figures) {
    list.push_back({{"name", figure.name}, {"value", figure.value}, {"note", figure.note}});
  }
  return {{"kind", "figures"}, {"figures", std::move(list)}};
}

Json block(const Commands& commands) { return {{"kind", "commands"}, {"lines", commands.lines}}; }

Json block(const Notes& notes) { return {{"kind", "notes"}, {"lines", notes.lines}}; }

}  // namespace

std::string json(const Report& report) {
  Json sections = Json::array();
  for (const Section& section : report.sections) {
    Json blocks = Json::array();
    for (const Block& part : section.blocks) {
      blocks.push_back(std::visit([](const auto& shown) { return block(shown); }, part));
    }
    sections.push_back({{"title", section.title}, {"text", section.text}, {"blocks", std::move(blocks)}});
  }
  const Json page = {
      {"schema", "emlc.report/1"}, {"title", report.title}, {"text", report.text}, {"sections", std::move(sections)}};
  return json_text(page);
}

}  // namespace emlc::cli::report
