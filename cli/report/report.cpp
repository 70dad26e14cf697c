#include "cli/report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "cli/compile/told/distance.hpp"
#include "cli/console/escape.hpp"
#include "cli/console/files.hpp"
#include "cli/gate/result.hpp"
#include "cli/trial/answers.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/sos/float_sections.hpp"

namespace emlc::cli::report {
namespace {

/// The name of a file as a word of a command line.
std::string file_word(const std::string& path) { return path == standard_stream ? path : shell_file(file_name(path)); }

Section bytes(const Converted& converted) {
  Bars bars{.unit = "bytes", .bars = {}};
  for (const layout::Part& part : converted.artifact.parts) {
    bars.bars.emplace_back(part.name, static_cast<double>(part.bytes));
  }
  return {.title = "Flash and RAM",
          .text = fmt::format("{} bytes of flash, {} bytes of RAM. Tables are counted, code is estimated.",
                              layout::flash(converted.artifact), converted.artifact.ram),
          .blocks = {bars}};
}

/// What the columns about errors say; nothing where there is nothing to measure or to decide.
std::vector<std::string> measured(const std::optional<model::Distance>& distance, const model::Output& output) {
  if (!distance || distance->n_inputs == 0) return std::vector<std::string>(4);
  const bool decides = output.rule != model::DecisionRule::none;
  return {number(distance->largest), number(distance->mean),
          decides ? fmt::format("{:.3g} %", 100.0 * distance->changed_decisions) : "",
          std::to_string(distance->n_inputs)};
}

Section passes(const Converted& converted) {
  Table table{.header = {"pass", "effect", "changes", "largest error", "mean error", "decisions changed", "inputs"},
              .rows = {}};
  Notes notes;
  const auto append_row = [&](std::vector<std::string> row, const std::optional<model::Distance>& distance) {
    const auto cells = measured(distance, converted.source.model.output);
    row.insert(row.end(), cells.begin(), cells.end());
    table.rows.push_back(std::move(row));
  };
  for (const passes::PassReport& report : converted.lowered.reports) {
    notes.lines.insert(notes.lines.end(), report.result.notes.begin(), report.result.notes.end());
    if (report.result.changes == 0 && !report.distance) continue;
    append_row(
        {std::string(report.pass), report.distance ? "approximate" : "exact", std::to_string(report.result.changes)},
        report.distance);
  }
  const auto total = total_distance(converted.source, converted.lowered);
  const bool is_measured = total && total->n_inputs != 0;
  if (is_measured) append_row({"all together", "approximate", ""}, total);
  Section section{.title = "Passes", .text = "No pass changed anything.", .blocks = {}};
  if (!table.rows.empty()) section = {.title = "Passes", .text = {}, .blocks = {without_empty_columns(table)}};
  if (is_measured) section.text = "Errors are those of one output, in its unit, on the inputs counted last.";
  if (!notes.lines.empty()) section.blocks.emplace_back(notes);
  return section;
}

/// The options with the name of a file: in place of its hash where there is that, else at the end.
std::string naming(std::string text, std::string_view option, const std::string& path) {
  if (path.empty()) return text;
  const std::string hash = fmt::format("{} sha256:", option), named = fmt::format("{} {}", option, file_word(path));
  const std::size_t at = text.find(hash);
  if (at == std::string::npos) return fmt::format("{}{}{}", text, text.empty() ? "" : " ", named);
  return text.replace(at, hash.size() + 16, named);
}

/// The banner's options, with the names of the data and its labels.
std::string options_text(const Job& job) {
  std::string text = naming(job.given, "--data", job.compile.data_path);
  text = naming(std::move(text), "--data-labels", job.compile.data_labels_path);
  if (!job.compile.name.empty()) text = fmt::format("--name {}{}{}", job.compile.name, text.empty() ? "" : " ", text);
  return text.empty() ? text : " " + text;
}

/// What inspect shows of the model as it was converted.
std::string inspect_options(const CompileOptions& options) {
  if (options.passes.arithmetic != model::Arithmetic::float32) {
    const std::string headroom = options.passes.headroom ? fmt::format(" --headroom {}", *options.passes.headroom) : "";
    return fmt::format(" --arithmetic {}{}", info(options.passes.arithmetic).name, headroom);
  }
  if (options.passes.structure) return fmt::format(" --structure {}", info(*options.passes.structure).name);
  if (!options.passes.weights) return "";
  const std::string data = options.data_path.empty() ? "" : " --data " + file_word(options.data_path);
  return fmt::format(" --weights int{}{}", model::form_of(*options.passes.weights).bits, data);
}

/// What the sizes on targets were asked for with.
std::string target_options(const Converted& converted) {
  if (converted.targets.empty()) return "";
  std::vector<std::string> names;
  for (const TargetSizes& sizes : converted.targets) names.push_back(sizes.target);
  const bool is_measured =
      std::any_of(converted.targets.begin(), converted.targets.end(),
                  [](const TargetSizes& sizes) { return sizes.source == SizeSource::measured || sizes.is_fallback; });
  return fmt::format(" --target {}{}", fmt::join(names, ","), is_measured ? " --measure" : "");
}

Section commands(const Job& job, const Converted& converted, const std::string& path) {
  const std::string model = file_word(job.model.path), output = file_word(job.output_path);
  const std::string options = options_text(job);
  const std::string from = job.model.format == nullptr ? "" : fmt::format(" --from {}", job.model.format->name);
  const std::string labels = job.labels_path.empty() ? "" : fmt::format(" --labels {}", file_word(job.labels_path));
  Commands commands;
  commands.lines.push_back(fmt::format("emlc convert {}{} -o {} --to {}{}{}{} --report {}", model, from, output,
                                       job.output->name, options, labels, target_options(converted), file_word(path)));
  if (output != standard_stream) {
    commands.lines.push_back(
        fmt::format("emlc verify {}{} {} --to {}{}", model, from, output, job.output->name, options));
  }
  commands.lines.push_back(fmt::format("emlc inspect {}{}{}", model, from, inspect_options(job.compile)));
  return {.title = "To reproduce", .text = {}, .blocks = {commands}};
}

}  // namespace

Report build(const Job& job, const Converted& converted, const std::string& path, Progress& progress) {
  Report page{.title = choose_name(converted.source, job.compile),
              .text = fmt::format("A {} as {}, by emlc {} from {} (SHA-256 {})",
                                  model::kind_name(converted.lowered.model), job.output->summary, EMLC_VERSION,
                                  file_name(job.model.path), converted.source.sha256.substr(0, 16)),
              .sections = {}};
  page.sections.push_back(key_figures(converted));
  auto clusters = compare_clusters(job, converted, progress);
  const bool has_front = clusters && !clusters->blocks.empty();
  if (has_front) page.sections.push_back(*clusters);
  if (converted.scores) page.sections.push_back(compare_with_labels(converted, *converted.scores));
  page.sections.push_back(bytes(converted));
  for (Section& section : describe_model(converted)) page.sections.push_back(std::move(section));
  page.sections.push_back(passes(converted));
  if (clusters && !has_front) page.sections.push_back(*clusters);  // which says why there is none
  page.sections.push_back(commands(job, converted, path));
  return page;
}

std::span<const Format> all_formats() {
  static constexpr std::array formats = {Format{".html", html}, Format{".md", markdown}, Format{".json", json}};
  return formats;
}

const Format& format_of_file(const std::string& path) {
  const auto formats = all_formats();
  const auto found = std::find_if(formats.begin(), formats.end(),
                                  [&](const Format& format) { return format.extension == extension(path); });
  if (found != formats.end()) return *found;
  throw Error({.file = {}, .line = 0, .field = "--report"},
              fmt::format("expected a name that ends in .html, .md or .json, found '{}'", printable(path)));
}

Table without_empty_columns(const Table& table) {
  Table result{.header = {}, .rows = std::vector<std::vector<std::string>>(table.rows.size())};
  for (std::size_t column = 0; column < table.header.size(); ++column) {
    if (std::all_of(table.rows.begin(), table.rows.end(), [&](const auto& row) { return row[column].empty(); }))
      continue;
    result.header.push_back(table.header[column]);
    for (std::size_t row = 0; row < table.rows.size(); ++row) result.rows[row].push_back(table.rows[row][column]);
  }
  return result;
}

std::pair<double, double> ends_of_bin(const Histogram& histogram, std::size_t bin) {
  const double width = (histogram.last - histogram.first) / static_cast<double>(histogram.heights.size());
  const double from = histogram.first + static_cast<double>(bin) * width;
  if (histogram.bins == Bins::ranges) return {from + 0.0, from + width};
  return {from + 0.5, from + width - 0.5};
}

std::optional<std::string> told_in_words(const Bars& bars) {
  const auto is_other = [&](const auto& bar) { return bar.second != bars.bars.front().second; };
  if (bars.bars.empty() || std::any_of(bars.bars.begin(), bars.bars.end(), is_other)) return std::nullopt;
  std::string names;
  for (const auto& [name, value] : bars.bars) names += (names.empty() ? "" : ", ") + name;
  return fmt::format("{}: {} {}{}", names, number(bars.bars.front().second), bars.unit,
                     bars.bars.size() == 1 ? "" : " each");
}

std::optional<std::string> told_in_words(const Histogram& chart) {
  const auto is_other = [&](double height) { return height != chart.heights.front(); };
  if (chart.heights.empty() || std::any_of(chart.heights.begin(), chart.heights.end(), is_other)) return std::nullopt;
  return fmt::format("{} by {}: {} everywhere, from {} to {}", chart.y, chart.x, number(chart.heights.front()),
                     number(ends_of_bin(chart, 0).first), number(ends_of_bin(chart, chart.heights.size() - 1).second));
}

std::string number(double value) {
  const std::string text = number_text(value);
  return text == "-0" ? "0" : text;
}

}  // namespace emlc::cli::report
