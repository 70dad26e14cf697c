#include "codegen/c/frame/functions.hpp"

#include <fmt/format.h>

namespace emlc::c {
namespace {

constexpr std::string_view paragraph_end = "\n\n";

/// The start of the line that begins with `keywords`, after attributes; npos without one.
std::size_t line_with(std::string_view paragraph, const std::string& keywords) {
  for (std::size_t start = 0; start < paragraph.size(); ++start) {
    const std::size_t end = std::min(paragraph.find('\n', start), paragraph.size());
    std::string_view line = paragraph.substr(start, end - start);
    if (line.starts_with("[[")) line.remove_prefix(line.find("]] ") + 3);
    if (line.starts_with(keywords) && line.find_first_of("([") < line.find('=')) return start;
    start = end;
  }
  return std::string_view::npos;
}

Paragraph paragraph_of(std::string_view text, const Names& names) {
  Paragraph paragraph{.text = std::string(text)};
  const std::string function = names.function + " ", table = names.macro + "SHARED_TABLE ";
  const std::size_t start = std::min(line_with(text, function), line_with(text, table));
  if (start == std::string_view::npos) return paragraph;
  const bool is_table = text.substr(start).starts_with(table);
  const std::string& keywords = is_table ? table : function;
  const std::size_t head = text.find(keywords, start) + keywords.size(), body = text.find(is_table ? " =" : " {", head);
  const std::string attributes(text.substr(start, head - keywords.size() - start));
  paragraph.function.push_back({.comment = std::string(text.substr(0, start)),
                                .declared_as = is_table ? "extern const " : attributes,
                                .defined_as = is_table ? table : "",
                                .head = std::string(text.substr(head, body - head)),
                                .body = std::string(text.substr(body))});
  return paragraph;
}

template <class Text>
std::string joined(const std::vector<Paragraph>& api, const Text& text_of) {
  std::string all;
  for (const Paragraph& paragraph : api) {
    const std::string text = text_of(paragraph);
    if (!text.empty()) all += (all.empty() ? "" : "\n") + text;
  }
  return all;
}

}  // namespace

std::vector<Paragraph> paragraphs_of(std::string_view api, const Names& names) {
  std::vector<Paragraph> paragraphs;
  while (!api.empty()) {
    const std::size_t end = std::min(api.find(paragraph_end), api.size());
    const std::string_view text = api.substr(0, end);
    api.remove_prefix(std::min(end + paragraph_end.size(), api.size()));
    if (text.empty()) continue;
    paragraphs.push_back(paragraph_of(fmt::format("{}{}", text, text.ends_with('\n') ? "" : "\n"), names));
  }
  return paragraphs;
}

std::string declarations(const std::vector<Paragraph>& api) {
  return joined(api, [](const Paragraph& paragraph) {
    if (paragraph.function.empty()) return paragraph.text;
    const Function& function = paragraph.function.front();
    return fmt::format("{}{}{};\n", function.comment, function.declared_as, function.head);
  });
}

std::string definitions(const std::vector<Paragraph>& api) {
  return joined(api, [](const Paragraph& paragraph) {
    if (paragraph.function.empty()) return std::string();
    const Function& function = paragraph.function.front();
    return function.defined_as + function.head + function.body;
  });
}

std::vector<std::string> prototypes(const std::vector<Paragraph>& api) {
  std::vector<std::string> heads;
  for (const Paragraph& paragraph : api) {
    for (const Function& function : paragraph.function) {
      if (function.defined_as.empty()) heads.push_back(function.head);
    }
  }
  return heads;
}

}  // namespace emlc::c
