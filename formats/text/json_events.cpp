#include "formats/text/json_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>

#include "formats/text/json_non_finite.hpp"

namespace emlc::formats::json {
namespace {

/// Reads bytes for the parser and tells how many it has read.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* consumed) : at_(at), consumed_(consumed) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*consumed_;
    return *this;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  std::size_t* consumed_;
};

/// What the parser stumbled over when it had read `n_read` bytes: the word, the text or the sign that they end in.
std::string_view stumbling_block(std::string_view content, std::size_t n_read) {
  constexpr std::string_view delimiters = ",:[]{}\" \t\r\n";
  if (n_read == 0) return {};
  const std::size_t last = n_read - 1;
  std::size_t first = last, end = n_read;
  if (content[last] == '"') {
    first = std::min(content.find_last_of('"', last == 0 ? 0 : last - 1), last);
  } else if (delimiters.find(content[last]) == std::string_view::npos) {
    first = content.find_last_of(delimiters, last) + 1;
    end = std::min(content.find_first_of(delimiters, last), content.size());
  }
  return content.substr(first, end - first);
}

/// The path as it is shown; of a very deep one the beginning and the end.
std::string path_of(std::span<const Cursor::Step> steps) {
  constexpr std::size_t shown_at_each_end = 32;
  if (steps.size() > 2 * shown_at_each_end + 1) {
    return fmt::format("{}...{}", path_of(steps.first(shown_at_each_end)), path_of(steps.last(shown_at_each_end)));
  }
  std::string path;
  for (const Cursor::Step& step : steps) {
    if (step.is_list) {
      path += fmt::format("[{}]", step.index);
    } else {
      path += fmt::format("{}{}", path.empty() ? "" : ".", printable(step.key));
    }
  }
  return path;
}

}  // namespace

/// The parser's SAX handler: keeps the cursor and passes the events on.
class Walk {
 public:
  Walk(std::string_view content, std::string_view file, Events& events, const Dialect& dialect)
      : cursor_(content, file, dialect.syntax), events_(events), dialect_(dialect) {}

  void run() {
    std::string masked;
    std::string_view text = cursor_.content_;
    if (dialect_.syntax == Syntax::lenient && mask_non_finite(text, masked)) text = masked;
    const char* first = text.data();
    const bool is_binary = dialect_.syntax == Syntax::universal;
    nlohmann::json::sax_parse(
        CountingIterator(first, &cursor_.consumed_), CountingIterator(first + text.size(), nullptr), this,
        is_binary ? nlohmann::json::input_format_t::ubjson : nlohmann::json::input_format_t::json);
    // The parser takes a zero byte for the end of the document, and nothing may follow that either.
    const bool has_zero = !is_binary && text.find('\0') != std::string_view::npos;
    if (has_zero) cursor_.fail("not valid JSON: unexpected '\\x00'");
  }

  bool null() { return value({.type = Type::null}); }
  bool boolean(bool value_) { return value({.type = Type::boolean, .number = value_ ? 1.0 : 0.0}); }
  bool number_integer(std::int64_t number) { return value({Type::number, static_cast<double>(number)}); }
  bool number_unsigned(std::uint64_t number) { return value({Type::number, static_cast<double>(number)}); }
  bool number_float(double number, const std::string& /*written*/) { return value({Type::number, number}); }
  bool string(const std::string& text) {
    if (dialect_.syntax == Syntax::lenient && cursor_.content_[cursor_.consumed_ - 1] != '"') {
      return value({Type::number, non_finite_value(text)});
    }
    return value({.type = Type::text, .text = text});
  }
  static bool binary(const nlohmann::json::binary_t& /*bytes*/) { return false; }  // in neither of the two
  bool start_object(std::size_t /*size*/) { return begin(Type::object); }
  bool start_array(std::size_t /*size*/) { return begin(Type::list); }
  bool end_object() { return end(); }
  bool end_array() { return end(); }

  bool key(const std::string& text) {
    cursor_.steps_.back().key = text;
    events_.key(cursor_);
    return true;
  }

  /// @param n_read  bytes up to and with the token; the end of the file counts as one
  bool parse_error(std::size_t n_read, const std::string& token, const nlohmann::json::exception& error) {
    constexpr int number_overflow = 406;  // the id the library documents for it
    if (error.id == number_overflow) cursor_.fail(fmt::format("the number {} is too large", printable(token)));
    const std::string_view name = dialect_.syntax == Syntax::universal ? "UBJSON" : "JSON";
    if (n_read > cursor_.content_.size()) {
      cursor_.fail(fmt::format("the file ends in the middle of the {} document", name));
    }
    if (dialect_.syntax == Syntax::universal) cursor_.fail("not valid UBJSON");
    cursor_.fail(
        fmt::format("not valid JSON: unexpected '{}'", printable(stumbling_block(cursor_.content_, n_read), 20)));
  }

 private:
  bool value(const Value& value) {
    // A list of UBJSON says the type of its elements once; null, true and false then take no byte each.
    if (++n_values_ > cursor_.content_.size()) cursor_.fail("there are more values than the file has bytes");
    cursor_.number_ = value.number;
    events_.value(value, cursor_);
    return next();
  }

  bool begin(Type type) {
    if (cursor_.steps_.size() >= dialect_.largest_depth) {
      cursor_.fail(fmt::format("lists and objects are nested more than {} deep", dialect_.largest_depth));
    }
    events_.begin(type, cursor_);
    cursor_.steps_.push_back({.is_list = type == Type::list});
    return true;
  }

  bool end() {
    cursor_.steps_.pop_back();
    events_.end(cursor_);
    return next();
  }

  bool next() {
    if (!cursor_.steps_.empty()) ++cursor_.steps_.back().index;
    return true;
  }

  Cursor cursor_;
  Events& events_;
  Dialect dialect_;
  std::size_t n_values_ = 0;
};

Where Cursor::where() const {
  if (syntax_ == Syntax::universal) {
    const std::string path = path_of(steps_);
    return {std::string(file_), 0, fmt::format("byte {}{}", consumed_, path.empty() ? "" : fmt::format(" ({})", path))};
  }
  // The last byte that was read belongs to the value or follows a number: neither starts a new line for it.
  const std::string_view before = content_.substr(0, consumed_ == 0 ? 0 : consumed_ - 1);
  const auto line_ends = std::count(before.begin(), before.end(), '\n');
  return {std::string(file_), static_cast<std::size_t>(line_ends) + 1, path()};
}

std::string Cursor::path() const { return path_of(steps_); }

std::string Cursor::written_number() const {
  if (syntax_ == Syntax::universal || !std::isfinite(number_)) return fmt::to_string(number_);
  constexpr std::string_view of_numbers = "+-.0123456789Ee";
  const std::string_view read = content_.substr(0, consumed_);
  const std::size_t end = read.find_last_of(of_numbers) + 1;
  const std::size_t start = read.substr(0, end).find_last_not_of(of_numbers) + 1;
  return std::string(read.substr(start, end - start));
}

void Cursor::refuse(const Value& found, std::string_view expected) const {
  const auto text = [&]() -> std::string {
    switch (found.type) {
      case Type::null:
        return "null";
      case Type::boolean:
        return found.number != 0.0 ? "true" : "false";
      case Type::number:
        return printable(written_number());
      case Type::text:
        return fmt::format("'{}'", printable(found.text));
      case Type::list:
        return "a list";
      case Type::object:
        return "an object";
    }
    return "a value";
  };
  fail(fmt::format("expected {}, found {}", expected, text()));
}

void walk(std::string_view content, std::string_view file, Events& events, const Dialect& dialect) {
  Walk(content, file, events, dialect).run();
}

}  // namespace emlc::formats::json
