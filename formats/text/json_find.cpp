#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "formats/text/json_events.hpp"

namespace emlc::formats::json {
namespace {

/// Follows the walk along one path and remembers where the last value on it is.
class PathFinder : public Events {
 public:
  explicit PathFinder(std::string_view path) : rest_({path}) {}

  void value(const Value& /*value*/, const Cursor& at) override { look(at); }
  void begin(Type /*type*/, const Cursor& at) override {
    const std::optional<std::string_view> rest = look(at);
    if (rest) rest_.push_back(*rest);
  }
  void key(const Cursor& /*at*/) override {}
  void end(const Cursor& at) override { rest_.resize(std::min(rest_.size(), at.steps().size() + 1)); }

  [[nodiscard]] const Where& where() const { return where_; }

 private:
  /// What is left of the path below the value, nothing when the value is not on the path.
  std::optional<std::string_view> look(const Cursor& at) {
    if (at.steps().size() + 1 != rest_.size()) return std::nullopt;  // a list or object around it is not on the path
    std::string_view rest = rest_.back();
    if (!at.steps().empty()) {
      const Cursor::Step& step = at.steps().back();
      const std::string text = step.is_list ? fmt::format("[{}]", step.index) : printable(step.key);
      if (!step.is_list && rest.starts_with('.')) rest.remove_prefix(1);
      if (!rest.starts_with(text)) return std::nullopt;
      rest.remove_prefix(text.size());
      if (!rest.empty() && rest.front() != '.' && rest.front() != '[') return std::nullopt;
    }
    where_ = at.where();
    return rest;
  }

  /// The path, and what is left of it inside each list or object around the walk, as far as those are on the path.
  std::vector<std::string_view> rest_;
  Where where_;
};

}  // namespace

char first_mark(std::string_view content) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF", blanks = " \t\r\n";
  if (content.starts_with(byte_order_mark)) content.remove_prefix(byte_order_mark.size());
  const std::size_t at = content.find_first_not_of(blanks);
  return at == std::string_view::npos ? '\0' : content[at];
}

bool says_format(std::string_view content, std::string_view name) {
  if (first_mark(content) != '{') return false;
  const auto trim_end = [](std::string_view text) { return text.substr(0, text.find_last_not_of(" \t\r\n") + 1); };
  const std::string quoted = fmt::format("\"{}\"", name);
  for (std::size_t at = content.find(quoted); at != std::string_view::npos; at = content.find(quoted, at + 1)) {
    std::string_view before = trim_end(content.substr(0, at));
    if (!before.ends_with(':')) continue;
    before.remove_suffix(1);
    if (trim_end(before).ends_with("\"format\"")) return true;
  }
  return false;
}

Where Source::find(const std::string& path) const {
  PathFinder finder(path);
  walk(content, file, finder, dialect);
  Where where = finder.where();
  // The value itself may not be there: the place is that of what is around it, the path stays what was asked for.
  const bool is_binary = dialect.syntax == Syntax::universal;
  where.field = is_binary ? fmt::format("{} ({})", where.field.substr(0, where.field.find(" (")), path) : path;
  return where;
}

namespace {

/// Remembers the value at a path, or else the first one whose path ends with a text.
class TailFinder : public Events {
 public:
  TailFinder(std::string_view path, std::string_view tail) : path_(path), tail_(tail) {}

  void value(const Value& /*value*/, const Cursor& at) override { look(at); }
  void begin(Type /*type*/, const Cursor& at) override { look(at); }
  void key(const Cursor& /*at*/) override {}
  void end(const Cursor& /*at*/) override {}

  [[nodiscard]] std::optional<Where> found() const { return found_; }

 private:
  void look(const Cursor& at) {
    if (at.steps().empty()) return;
    const Cursor::Step& last = at.steps().back();
    const bool may_be = last.is_list ? tail_.ends_with(fmt::format("[{}]", last.index)) : tail_.ends_with(last.key);
    if (!may_be) return;  // most values: their paths are not made
    const std::string path = at.path();
    if (path != path_ && (found_ || !path.ends_with(tail_))) return;
    const std::string_view before = std::string_view(path).substr(0, path.size() - tail_.size());
    if (before.empty() || before.ends_with('.')) found_ = at.where();
  }

  std::string_view path_, tail_;
  std::optional<Where> found_;
};

}  // namespace

std::optional<Where> find_tail(std::string_view content, std::string_view file, std::string_view path,
                               std::string_view tail) {
  TailFinder finder(path, tail);
  walk(content, file, finder);
  return finder.found();
}

}  // namespace emlc::formats::json
