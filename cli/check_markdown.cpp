#include <fmt/format.h>

#include "cli/check_formats.hpp"
#include "cli/escape.hpp"

namespace emlc::cli {
namespace {

std::string signed_text(const Change& change) {
  const std::string percent = percent_text(change);
  return difference_text(change) + (percent.empty() ? "" : fmt::format(" ({})", percent));
}

std::string row_text(const Change& change, const std::string& limit) {
  return fmt::format("| {} | {} | {} | {} | {} |\n", markdown_escaped(change.name), number_text(change.before),
                     number_text(change.now), signed_text(change), limit);
}

std::string limit_text(const MetricChange& row) {
  if (!row.limit) return {};
  const std::string text = fmt::format("{}, {}", number_text(row.limit), row.limit_source);
  return row.is_exceeded() ? fmt::format("**{}**", text) : text;
}

std::string model_text(const ModelCheck& model) {
  std::string text = fmt::format("\n### {}: {}\n\n", markdown_escaped(model.now.title()), phrase(model.verdict));
  for (const MetricChange& row : model.metrics) {
    if (row.is_exceeded() || (row.change.before && row.change.differs())) {
      text += fmt::format("- {}{}\n", row.is_exceeded() ? "**over:** " : "", markdown_escaped(sentence(model, row)));
    }
  }
  if (!text.ends_with("\n\n")) text += "\n";
  text += "| | recorded | now | change | limit |\n| --- | ---: | ---: | ---: | --- |\n";
  for (const Change& part : model.parts) text += row_text(part, {});
  for (const MetricChange& row : model.metrics) text += row_text(row.change, limit_text(row));
  return text;
}

}  // namespace

std::string check_markdown(const CheckResult& result) {
  // The first line is invisible: a job that comments on a change finds its comment by it.
  std::string text = "<!-- emlc check -->\n## Model sizes\n", unchanged;
  for (const ModelCheck& model : result.models) {
    if (model.verdict == Verdict::unchanged) {
      unchanged += fmt::format("- {}: {} bytes of flash, {} of RAM\n", markdown_escaped(model.now.title()),
                               model.now.flash, model.now.ram);
    } else {
      text += model_text(model);
    }
  }
  if (!unchanged.empty()) text += "\n### Unchanged\n\n" + unchanged;
  if (!result.unused.empty()) text += "\n### Recorded, but not in the project\n\n";
  for (const std::string& title : result.unused) text += fmt::format("- {}\n", markdown_escaped(title));
  return text;
}

}  // namespace emlc::cli
