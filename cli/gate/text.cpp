#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "cli/console/terminal.hpp"
#include "cli/gate/formats.hpp"

namespace emlc::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::vector<std::string> cells(const Change& change) {
  return {change.name, number_text(change.before), number_text(change.now), difference_text(change),
          percent_text(change)};
}

/// By Keeps.
constexpr std::array<std::string_view, 2> marks = {"limit", "not checked:"};

std::string_view mark(Keeps keeps, Bound bound) {
  return keeps == Keeps::no ? beyond(bound) : marks[static_cast<std::size_t>(keeps)];
}

std::string limits_text(const MetricChange& row) {
  if (row.limits.empty()) return row.remark;
  std::vector<std::string> texts;
  for (const Limit& limit : row.limits) {
    texts.push_back(
        fmt::format("{} {} ({})", mark(limit.keeps, row.metric->bound), number_text(limit.value), limit.source));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string changes_table(const ModelCheck& model) {
  Rows rows = {{"", "recorded", "now", "change"}};
  for (const Change& part : model.parts) rows.push_back(cells(part));
  for (const MetricChange& row : model.metrics) {
    rows.push_back(cells(row.change));
    rows.back().push_back(limits_text(row));
  }
  return table(rows, {Align::left, Align::right, Align::right, Align::right, Align::right});
}

std::string notes_text(const ModelCheck& model) {
  std::string text;
  for (const std::string& note : model.notes) text += fmt::format("  {}\n", note);
  return text;
}

std::string model_text(const ModelCheck& model) {
  const std::string title = fmt::format("{}: {}", model.now.title(), phrase(model.verdict));
  if (model.verdict == Verdict::unchanged) {
    return fmt::format("{}, {}\n{}", title, sizes_text(model.now), notes_text(model));
  }
  const std::string why = model.causes.empty() ? "" : fmt::format("; {}", fmt::join(model.causes, "; "));
  return fmt::format("{}{}\n{}{}", title, why, changes_table(model), notes_text(model));
}

}  // namespace

std::string check_text(const CheckResult& result) {
  std::string text;
  for (const ModelCheck& model : result.models) text += model_text(model);
  for (const std::string& title : result.unused) text += fmt::format("{}: recorded, but not in the project\n", title);
  return text;
}

}  // namespace emlc::cli
