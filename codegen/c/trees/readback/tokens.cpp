#include "codegen/c/trees/readback/tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>

namespace emlc::c {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Where the comment or blank at `at` ends; `at` when there is none.
std::size_t end_of_gap(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  const auto behind = [&](std::string_view mark) {
    const std::size_t found = text.find(mark, at + 2);
    return found == std::string_view::npos ? text.size() : found + mark.size();
  };
  if (rest.starts_with("/*")) return behind("*/");
  if (rest.starts_with("//")) return behind("\n");
  return std::isspace(static_cast<unsigned char>(text[at])) != 0 ? at + 1 : at;
}

std::size_t end_of_number(std::string_view text, std::size_t at) {
  const bool is_hex = text.substr(at).starts_with("0x");
  for (; at < text.size(); ++at) {
    const bool is_sign = (text[at] == '-' || text[at] == '+') && !is_hex && (text[at - 1] == 'e');
    if (!is_word(text[at]) && text[at] != '.' && !is_sign) break;
  }
  return at;
}

std::size_t end_of_token(std::string_view text, std::size_t at) {
  static constexpr std::string_view pairs[] = {"<=", ">=", "==", "!=", "+=", "-=", "++", "--", "||", "&&", "<<", ">>"};
  if (is_digit(text[at]) || (text[at] == '.' && at + 1 < text.size() && is_digit(text[at + 1]))) {
    return end_of_number(text, at);
  }
  if (is_word(text[at])) {
    while (at < text.size() && is_word(text[at])) ++at;
    return at;
  }
  if (text[at] == '"') {
    const std::size_t closing = text.find('"', at + 1);
    return closing == std::string_view::npos ? text.size() : closing + 1;
  }
  for (const std::string_view pair : pairs) {
    if (text.substr(at).starts_with(pair)) return at + 2;
  }
  return at + 1;
}

std::vector<std::string_view> split_words(std::string_view words) {
  std::vector<std::string_view> parts;
  for (const Token& token : tokens_of(words)) parts.push_back(token.text);
  return parts;
}

/// The value of a literal without a sign; nothing for anything else.
bool read_literal(std::string_view text, double& value) {
  if (text.starts_with("0x")) {
    text.remove_prefix(2);
    while (!text.empty() && (text.back() == 'u' || text.back() == 'U')) text.remove_suffix(1);
    unsigned long long number = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number, 16);
    value = static_cast<double>(number);
    return end.ec == std::errc() && end.ptr == text.data() + text.size();
  }
  const bool is_float = text.ends_with('f');
  while (!text.empty() && std::isalpha(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  if (text.empty()) return false;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (is_float) value = static_cast<double>(std::strtof(std::string(text).c_str(), nullptr));
  return end.ec == std::errc() && end.ptr == text.data() + text.size();
}

/// The elements of the table `name`, one taken after the other.
template <typename Value, typename Take>
std::vector<Value> elements_of(std::span<const Token> tokens, std::string_view name, const Take& take) {
  std::span<const Token> rest = after(tokens, fmt::format("{}[", name));
  for (; !rest.empty(); rest = after(rest, fmt::format("{}[", name))) {
    TokenReader reader(rest);
    if (reader.peek(1) != "]" || !is_digit(reader.peek().front())) continue;  // not where the table is
    const double size = reader.take_number();
    if (!reader.accept("] = {")) continue;
    std::vector<Value> values = {take(reader)};
    while (reader.accept(",")) values.push_back(take(reader));
    reader.expect("};");
    if (static_cast<double>(values.size()) != size) reader.fail(fmt::format("{} numbers", size));
    return values;
  }
  throw Unreadable{0, fmt::format("there is no table {}", name)};
}

}  // namespace

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t line = 1;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t gap = end_of_gap(text, at);
    const std::size_t end = gap == at ? end_of_token(text, at) : gap;
    if (gap == at) tokens.push_back({text.substr(at, end - at), line});
    line += static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(at),
                                                text.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
    at = end;
  }
  return tokens;
}

std::string_view TokenReader::peek(std::size_t ahead) const {
  return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead].text : std::string_view();
}

void TokenReader::fail(std::string_view expected) const {
  const std::size_t line = tokens_.empty() ? 0 : tokens_[std::min(at_, tokens_.size() - 1)].line;
  throw Unreadable{line, fmt::format("expected {}, found '{}'", expected, peek())};
}

bool TokenReader::accept(std::string_view words) {
  const std::vector<std::string_view> parts = split_words(words);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (peek(i) != parts[i]) return false;
  }
  at_ += parts.size();
  return true;
}

void TokenReader::expect(std::string_view words) {
  if (!accept(words)) fail(fmt::format("'{}'", words));
}

std::string_view TokenReader::take() {
  if (is_at_end()) fail("more");
  return tokens_[at_++].text;
}

double TokenReader::take_number() {
  if (accept("(-")) {
    const double magnitude = take_number();
    expect("- 1)");
    return -magnitude - 1.0;
  }
  const double sign = accept("-") ? -1.0 : 1.0;
  double value = 0.0;
  if (!read_literal(peek(), value)) fail("a number");
  ++at_;
  return sign * value;
}

std::int64_t TokenReader::take_whole() {
  const std::uint64_t sign = accept("-") ? ~std::uint64_t{0} : 1U;
  std::string_view digits = peek();
  const int base = digits.starts_with("0x") ? 16 : 10;
  if (base == 16) digits.remove_prefix(2);
  if (digits.ends_with('u')) digits.remove_suffix(1);
  std::uint64_t value = 0;
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || end.ec != std::errc() || end.ptr != digits.data() + digits.size()) fail("an integer");
  ++at_;
  return static_cast<std::int64_t>(sign * value);
}

std::span<const Token> after(std::span<const Token> tokens, std::string_view words) {
  const std::vector<std::string_view> parts = split_words(words);
  const auto found = std::search(tokens.begin(), tokens.end(), parts.begin(), parts.end(),
                                 [](const Token& token, std::string_view word) { return token.text == word; });
  if (found == tokens.end()) return {};
  return tokens.subspan(static_cast<std::size_t>(found - tokens.begin()) + parts.size());
}

std::vector<double> table_of(std::span<const Token> tokens, std::string_view name) {
  return elements_of<double>(tokens, name, [](TokenReader& reader) { return reader.take_number(); });
}

std::vector<std::int64_t> whole_table_of(std::span<const Token> tokens, std::string_view name) {
  return elements_of<std::int64_t>(tokens, name, [](TokenReader& reader) { return reader.take_whole(); });
}

}  // namespace emlc::c
