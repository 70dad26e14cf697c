#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "cli/console/escape.hpp"
#include "cli/report/report.hpp"

namespace emlc::cli::report {
namespace {

constexpr std::string_view style =
    R"(:root { color-scheme: light dark; --back: #ffffff; --text: #1c2128; --soft: #59636e;
  --grid: #e3e7eb; --mark: 31, 111, 191; --other: #b4530a; --panel: #f6f8fa; --depth: 1; }
@media (prefers-color-scheme: dark) { :root { --back: #12161c; --text: #e6eaee; --soft: #98a3ae; --grid: #2c343d;
  --mark: 92, 167, 236; --other: #f0a35e; --panel: #1b2129; --depth: .6; } }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 46rem; box-sizing: border-box; background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.7rem; overflow-wrap: anywhere; } h2 { margin: 2.2rem 0 .5rem; font-size: 1.15rem; }
p { margin: .3rem 0 .8rem; color: var(--soft); overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: auto; margin: .8rem 0; } svg text { fill: var(--soft); font-size: 12px; }
.mark { fill: rgb(var(--mark)); } .grid { stroke: var(--grid); }
.series0, .series1 { stroke-width: 2; stroke-linejoin: round; } .series0 path, .series1 path { fill: none; }
.series0 { stroke: rgb(var(--mark)); fill: rgb(var(--mark)); } .series1 { stroke: var(--other); fill: var(--other); }
.series1 path { stroke-dasharray: 6 3; } .outline { fill: none; stroke: var(--soft); } .root { fill: none; stroke-width: 2; }
.chosen { stroke: var(--text); stroke-dasharray: 2 3; }
.curve { fill: none; stroke: rgb(var(--mark)); stroke-width: 2; stroke-linejoin: round; }
ul { margin: .4rem 0; padding-left: 1.2rem; } .wide { overflow-x: auto; } table { border-collapse: collapse; margin: .6rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: .22rem .5rem; border-bottom: 1px solid var(--grid); text-align: right; }
td { white-space: nowrap; } th { font-weight: 600; color: var(--soft); }
th[scope=row] { font-weight: inherit; color: inherit; white-space: nowrap; } th:first-child, td:first-child { text-align: left; padding-left: 0; }
.confusion td, .confusion th { text-align: center; padding: .25rem .5rem; min-width: 1.6rem; border: 1px solid var(--back); }
.confusion td { background: rgba(var(--mark), calc(var(--share, 0) * var(--depth))); } .confusion .zero { color: var(--soft); }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .8rem 1rem; background: var(--panel); border-radius: 6px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .7rem; margin: .9rem 0; }
.figures div { padding: .6rem .8rem; background: var(--panel); border-radius: 6px; } dt, .note { color: var(--soft); font-size: .85rem; }
dd { margin: 0; } dd:not(.note) { font-size: 1.5rem; font-variant-numeric: tabular-nums; }
:focus-visible { outline: 2px solid rgb(var(--mark)); outline-offset: 2px; }
svg, table, pre { break-inside: avoid; } h2, h2 + p { break-after: avoid; } section:first-of-type h2 { margin-top: 1.2rem; }
@media (min-width: 1150px) { body { max-width: 82rem; } main { columns: 2; column-gap: 3.5rem; }
  section { break-inside: avoid; } table { font-size: 14px; } th, td { padding: .22rem .35rem; } section:first-of-type { column-span: all; } }
@media print { :root { color-scheme: light; --back: #ffffff; --text: #000000; --soft: #444444; --grid: #cccccc;
  --mark: 31, 111, 191; --other: #b4530a; --panel: #f2f2f2; --depth: 1; } body { max-width: none; padding: 0; font-size: 10pt; }
  main { columns: 1; } svg { max-width: 13cm; } .wide { overflow: visible; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
@media (max-width: 540px) { svg text { font-size: 20px; } .minor { display: none; }
  table { font-size: 14px; } th, td { padding: .22rem .3rem; } td, th[scope=row] { white-space: normal; }
  .confusion td, .confusion th { min-width: 1rem; padding: .2rem .18rem; font-size: 13px; } }
)";

std::string element(std::string_view name, const std::string& content) {
  return fmt::format("<{}>{}</{}>", name, xml_escaped(content), name);
}

/// What is wider than the page scrolls, by the keyboard too.
constexpr std::string_view wide = R"(<div class="wide" tabindex="0" role="group" aria-label="table">)";

/// A column's name, if it has one.
std::string column_head(const std::string& name) {
  return name.empty() ? "<td></td>" : fmt::format("<th scope=\"col\">{}</th>", xml_escaped(name));
}

std::string row_head(const std::string& name) { return fmt::format("<th scope=\"row\">{}</th>", xml_escaped(name)); }

std::string block(const Figures& figures) {
  std::string html = "<dl class=\"figures\">\n";
  for (const auto& [name, value, note] : figures.figures) {
    html += "<div>" + element("dt", name) + element("dd", value);
    if (!note.empty()) html += fmt::format("<dd class=\"note\">{}</dd>", xml_escaped(note));
    html += "</div>\n";
  }
  return html + "</dl>\n";
}

std::string block(const Table& table) {
  std::string html = fmt::format("{}<table>\n<tr>", wide);
  for (const std::string& name : table.header) html += column_head(name);
  html += "</tr>\n";
  for (const auto& row : table.rows) {
    html += "<tr>" + row_head(row.front());
    for (const std::string& cell : std::span(row).subspan(1)) html += element("td", cell);
    html += "</tr>\n";
  }
  return html + "</table></div>\n";
}

/// A picture, or the sentence that says as much.
template <class Chart>
std::string picture_or_words(const Chart& chart) {
  const auto words = told_in_words(chart);
  return words ? element("p", *words) + "\n" : svg(chart);
}

std::string block(const Bars& bars) { return picture_or_words(bars); }
std::string block(const Histogram& histogram) { return picture_or_words(histogram); }
std::string block(const Curve& curve) { return svg(curve); }
std::string block(const Roots& roots) { return svg(roots); }
std::string block(const Lines& lines) { return svg(lines); }

/// Each row is shaded by the share of its class that was decided so.
std::string block(const Confusion& matrix) {
  std::string html = "<p>Rows: the label. Columns: the decision on the device.</p>\n";
  html += fmt::format("{}<table class=\"confusion\">\n<tr><td></td>", wide);
  for (const std::string& name : matrix.classes) html += column_head(name);
  html += "</tr>\n";
  for (std::size_t row = 0; row < matrix.counts.size(); ++row) {
    std::size_t all = 0;
    for (const std::size_t n : matrix.counts[row]) all += n;
    html += "<tr>" + row_head(matrix.classes[row]);
    for (const std::size_t n : matrix.counts[row]) {
      const double share = all == 0 ? 0.0 : static_cast<double>(n) / static_cast<double>(all);
      html += fmt::format("<td style=\"--share:{:.2f}\"{}>{}</td>", 0.75 * share, n == 0 ? " class=\"zero\"" : "", n);
    }
    html += "</tr>\n";
  }
  return html + "</table></div>\n";
}

std::string block(const Commands& commands) {
  return fmt::format("<pre>{}</pre>\n", xml_escaped(fmt::format("{}", fmt::join(commands.lines, "\n"))));
}

std::string block(const Notes& notes) {
  std::string html = "<ul>\n";
  for (const std::string& line : notes.lines) html += element("li", line) + "\n";
  return html + "</ul>\n";
}

}  // namespace

std::string html(const Report& report) {
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{} - emlc</title>\n"
      "<style>\n{}</style>\n</head>\n<body>\n<header>\n{}\n{}\n</header>\n<main>\n",
      xml_escaped(report.title), style, element("h1", report.title), element("p", report.text));
  for (const Section& section : report.sections) {
    page += fmt::format("<section aria-label=\"{0}\">\n<h2>{0}</h2>\n", xml_escaped(section.title));
    if (!section.text.empty()) page += element("p", section.text) + "\n";
    for (const Block& part : section.blocks) page += std::visit([](const auto& shown) { return block(shown); }, part);
    page += "</section>\n";
  }
  return page + "</main>\n</body>\n</html>\n";
}

}  // namespace emlc::cli::report
