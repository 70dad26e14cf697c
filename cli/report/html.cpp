#include <fmt/format.h>

#include <algorithm>

#include "cli/console/escape.hpp"
#include "cli/report/report.hpp"

namespace emlc::cli::report {
namespace {

constexpr std::string_view style =
    R"(:root { color-scheme: light dark; --back: #ffffff; --text: #1c2128; --soft: #59636e;
  --grid: #e3e7eb; --mark: 31, 111, 191; --other: #b4530a; --panel: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --back: #12161c; --text: #e6eaee; --soft: #98a3ae; --grid: #2c343d;
  --mark: 92, 167, 236; --other: #f0a35e; --panel: #1b2129; } }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 46rem; background: var(--back); color: var(--text);
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
th, td { padding: .22rem .7rem; border-bottom: 1px solid var(--grid); text-align: right; }
td { white-space: nowrap; } th { font-weight: 600; color: var(--soft); } th:first-child, td:first-child { text-align: left; padding-left: 0; }
.confusion td, .confusion th { text-align: center; padding: .25rem .5rem; min-width: 1.6rem; border: 1px solid var(--back); }
.confusion td { background: rgba(var(--mark), var(--share)); } .confusion .zero { color: var(--soft); opacity: .7; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .8rem 1rem; background: var(--panel); border-radius: 6px; }
@media (max-width: 540px) { svg text { font-size: 19px; } .minor { display: none; }
  table { font-size: 14px; } th, td { padding: .22rem .4rem; } }
)";

std::string element(std::string_view name, const std::string& content) {
  return fmt::format("<{}>{}</{}>", name, xml_escaped(content), name);
}

std::string block(const Table& table) {
  std::string html = "<div class=\"wide\"><table>\n<tr>";
  for (const std::string& cell : table.header) html += element("th", cell);
  html += "</tr>\n";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (const std::string& cell : row) html += element("td", cell);
    html += "</tr>\n";
  }
  return html + "</table></div>\n";
}

std::string block(const Bars& bars) { return svg(bars); }
std::string block(const Histogram& histogram) { return svg(histogram); }
std::string block(const Curve& curve) { return svg(curve); }
std::string block(const Roots& roots) { return svg(roots); }
std::string block(const Lines& lines) { return svg(lines); }

/// Each row is shaded by the share of its class that was decided so.
std::string block(const Confusion& matrix) {
  std::string html =
      "<p>Rows: the label. Columns: the decision on the device.</p>\n"
      "<div class=\"wide\"><table class=\"confusion\">\n<tr><th></th>";
  for (const std::string& name : matrix.classes) html += element("th", name);
  html += "</tr>\n";
  for (std::size_t row = 0; row < matrix.counts.size(); ++row) {
    std::size_t all = 0;
    for (const std::size_t n : matrix.counts[row]) all += n;
    html += "<tr>" + element("th", matrix.classes[row]);
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
      "<style>\n{}</style>\n</head>\n<body>\n{}\n{}\n",
      xml_escaped(report.title), style, element("h1", report.title), element("p", report.text));
  for (const Section& section : report.sections) {
    page += fmt::format("<section>\n{}\n", element("h2", section.title));
    if (!section.text.empty()) page += element("p", section.text) + "\n";
    for (const Block& part : section.blocks) page += std::visit([](const auto& shown) { return block(shown); }, part);
    page += "</section>\n";
  }
  return page + "</body>\n</html>\n";
}

}  // namespace emlc::cli::report
