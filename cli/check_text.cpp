#include <fmt/format.h>

#include "cli/check_formats.hpp"
#include "cli/terminal.hpp"

namespace emlc::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::vector<std::string> cells(const Change& change) {
  return {change.name, number_text(change.before), number_text(change.now), difference_text(change),
          percent_text(change)};
}

std::string limit_text(const MetricChange& row) {
  if (!row.limit) return row.remark;
  if (row.is_unchecked()) return fmt::format("not checked: {} ({})", number_text(row.limit), row.limit_source);
  return fmt::format("{} {} ({})", row.is_exceeded() ? "over" : "limit", number_text(row.limit), row.limit_source);
}

std::string changes_table(const ModelCheck& model) {
  Rows rows = {{"", "recorded", "now", "change"}};
  for (const Change& part : model.parts) rows.push_back(cells(part));
  for (const MetricChange& row : model.metrics) {
    rows.push_back(cells(row.change));
    rows.back().push_back(limit_text(row));
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
