#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "cli/console/escape.hpp"
#include "cli/gate/formats.hpp"

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

std::string limits_text(const MetricChange& row) {
  if (row.limits.empty()) return markdown_escaped(row.remark);
  std::vector<std::string> texts;
  for (const Limit& limit : row.limits) {
    const std::string text = fmt::format("{}{}, {}", limit.keeps == Keeps::unchecked ? "not checked: " : "",
                                         number_text(limit.value), limit.source);
    texts.push_back(limit.keeps == Keeps::yes ? text : fmt::format("**{}**", text));
  }
  return fmt::format("{}", fmt::join(texts, "; "));
}

/// By Keeps.
constexpr std::array<std::string_view, 2> marks = {"", "**not checked:** "};

std::string mark(const Message& message) {
  if (message.keeps == Keeps::no) return fmt::format("**{}:** ", beyond(message.bound));
  return std::string(marks[static_cast<std::size_t>(message.keeps)]);
}

std::string model_text(const ModelCheck& model) {
  std::string text = fmt::format("\n### {}: {}\n\n", markdown_escaped(model.now.title()), phrase(model.verdict));
  for (const Message& message : messages(model)) {
    text += fmt::format("- {}{}\n", mark(message), markdown_escaped(message.text));
  }
  for (const std::string& note : model.notes) text += fmt::format("- {}\n", markdown_escaped(note));
  if (!text.ends_with("\n\n")) text += "\n";
  text += "| | recorded | now | change | limit |\n| --- | ---: | ---: | ---: | --- |\n";
  for (const Change& part : model.parts) text += row_text(part, {});
  for (const MetricChange& row : model.metrics) text += row_text(row.change, limits_text(row));
  return text;
}

}  // namespace

std::string check_markdown(const CheckResult& result) {
  // The first line is invisible: a job that comments on a change finds its comment by it.
  std::string text = "<!-- emlc check -->\n## Model sizes\n", unchanged;
  for (const ModelCheck& model : result.models) {
    if (model.verdict == Verdict::unchanged) {
      unchanged += fmt::format("- {}: {}\n", markdown_escaped(model.now.title()), sizes_text(model.now));
      for (const std::string& note : model.notes) unchanged += fmt::format("  - {}\n", markdown_escaped(note));
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
