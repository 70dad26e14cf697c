#include "codegen/c/frame/statements.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <optional>

namespace emlc::c {
namespace {

using Token = std::string_view;

bool is_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_name(Token token) {
  return !token.empty() && is_of_name(token.front()) && std::isdigit(static_cast<unsigned char>(token.front())) == 0;
}
bool is_number(Token token) { return !token.empty() && std::isdigit(static_cast<unsigned char>(token.front())) != 0; }

template <std::size_t n>
bool is_one_of(Token token, const std::array<Token, n>& list) {
  return std::find(list.begin(), list.end(), token) != list.end();
}

constexpr std::array<Token, 18> long_operators = {"<<=", ">>=", "<<", ">>", "->", "++", "--", "&&", "||",
                                                  "<=",  ">=",  "==", "!=", "+=", "-=", "*=", "/=", "|="};
constexpr std::array<Token, 9> assignments = {"=", "+=", "-=", "*=", "/=", "<<=", ">>=", "|=", "&="};
constexpr std::array<Token, 10> branches = {"if", "else", "while", "do", "return", "goto", "break", "?", "&&", "||"};
constexpr std::array<Token, 6> quiet_words = {"const", "static", "sizeof", "unsigned", "void", "for"};

struct TypeName {
  Token name;
  NumberClass number;
};
constexpr std::array type_names = {TypeName{"int8_t", NumberClass::byte},   TypeName{"uint8_t", NumberClass::byte},
                                   TypeName{"int16_t", NumberClass::half},  TypeName{"uint16_t", NumberClass::half},
                                   TypeName{"int", NumberClass::half},      TypeName{"unsigned", NumberClass::half},
                                   TypeName{"size_t", NumberClass::half},   TypeName{"int32_t", NumberClass::word},
                                   TypeName{"uint32_t", NumberClass::word}, TypeName{"int64_t", NumberClass::wide},
                                   TypeName{"uint64_t", NumberClass::wide}, TypeName{"float", NumberClass::single},
                                   TypeName{"double", NumberClass::twice}};

std::optional<NumberClass> type_called(Token name) {
  const auto* const found =
      std::find_if(type_names.begin(), type_names.end(), [&](const TypeName& row) { return row.name == name; });
  return found == type_names.end() ? std::nullopt : std::optional(found->number);
}

char letter(NumberClass number) { return std::string_view("bhwqfd")[static_cast<std::size_t>(number)]; }

bool is_float(Token number) {
  return !number.starts_with("0x") && (number.find('.') != Token::npos || number.ends_with('f'));
}

/// `rows4_` is `rows`.
Token without_number(Token name) {
  const auto is_of_number = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  while (!name.starts_with("READ") && !name.empty() && is_of_number(name.back())) name.remove_suffix(1);
  return name;
}

std::size_t size_of_token(Token text) {
  const auto is_inside = [](char c) { return is_of_name(c) || c == '.'; };
  if (is_of_name(text.front())) {
    const bool is_digit = std::isdigit(static_cast<unsigned char>(text.front())) != 0;
    std::size_t size = 1;
    while (size < text.size() && (is_digit ? is_inside(text[size]) : is_of_name(text[size]))) ++size;
    const bool has_exponent = is_digit && !text.starts_with("0x") && text[size - 1] == 'e' && size + 1 < text.size();
    if (has_exponent) size += 1 + size_of_token(text.substr(size + 1));
    return size;
  }
  for (const Token operation : long_operators) {
    if (text.starts_with(operation)) return operation.size();
  }
  if (text.front() != '"') return 1;
  const std::size_t end = text.find('"', 1);
  return end == Token::npos ? text.size() : end + 1;
}

/// Goes through the tokens of one line.
class LineCounter {
 public:
  LineCounter(std::vector<Token> tokens, const Types& types, const LineNames& names, Terms& terms)
      : tokens_(std::move(tokens)), types_(types), names_(names), terms_(terms) {}

  void count() {
    number_ = letter(widest());
    for (at_ = 0; at_ < tokens_.size(); ++at_) count_token(tokens_[at_]);
  }

 private:
  [[nodiscard]] Token before() const { return at_ == 0 ? Token() : tokens_[at_ - 1]; }
  [[nodiscard]] Token after() const { return at_ + 1 < tokens_.size() ? tokens_[at_ + 1] : Token(); }
  void add(std::string name) { terms_[std::move(name)] += 1; }

  /// Outside of an index.
  [[nodiscard]] NumberClass widest() const {
    NumberClass most = NumberClass::byte;
    int depth = 0;
    for (const Token token : tokens_) {
      depth += token == "[" ? 1 : token == "]" ? -1 : 0;
      if (depth > 0) continue;
      const auto known = types_.find(token);
      if (known != types_.end()) most = std::max(most, known->second);
      if (const auto type = type_called(token)) most = std::max(most, *type);
      if (is_number(token) && is_float(token)) most = std::max(most, NumberClass::single);
    }
    return most;
  }

  void count_token(Token token) {
    if (token == "[") return open_index();
    if (token == "]") {
      --depth_;
    } else if (is_one_of(token, branches)) {
      add(std::string(token));
    } else if (is_one_of(token, assignments)) {
      add(std::string("=") + number_);
      if (token.size() > 1) add_operation(token.substr(0, token.size() - 1));
    } else if (is_number(token)) {
      count_number(token);
    } else if (is_name(token)) {
      count_name(token);
    } else if (token == "++" || token == "--" || token == "~" || token == "!") {
      add(std::string(token));
    } else if (Token("+-*/%<><=>===!=&|^<<>>").find(token) != Token::npos) {
      is_unary() ? count_unary(token) : add_operation(token);
    }
  }

  void open_index() {
    ++depth_;
    const auto known = types_.find(before());
    add(std::string("[") + (known == types_.end() ? '?' : letter(known->second)));
  }

  [[nodiscard]] bool is_unary() const {
    const Token left = before();
    const bool is_after_cast = left == ")" && at_ >= 2 && type_called(tokens_[at_ - 2]).has_value();
    const bool is_operand = is_number(left) || left == "]" || (left == ")" && !is_after_cast) ||
                            (is_name(left) && !type_called(left) && left != "return" && left != "const");
    return !is_operand;
  }

  void count_unary(Token token) {
    if (token == "-") add(is_number(after()) ? std::string("neglit") : std::string("neg") + number_);
    if (token == "*" && !type_called(before()) && before() != "const") add("deref");
  }

  void add_operation(Token token) {
    const bool is_order = token == "<" || token == ">" || token == "<=" || token == ">=";
    const bool is_equal = token == "==" || token == "!=";
    const bool is_logic = token == "&" || token == "|" || token == "^";
    const bool is_shift = token == "<<" || token == ">>";
    const std::string name(is_order ? "<" : is_equal ? "==" : is_logic ? "&" : is_shift ? "<<" : token);
    add(name + (depth_ > 0 ? 'i' : number_));
  }

  void count_number(Token token) {
    if (number_ == 'f' && is_float(token)) return add(token.find_first_of("123456789") == Token::npos ? "lf0" : "lf");
    constexpr std::uint64_t byte = 256, half = 65536;
    const bool is_hexadecimal = token.starts_with("0x");
    if (is_hexadecimal) token.remove_prefix(2);
    std::uint64_t value = 0;
    std::from_chars(token.data(), token.data() + token.size(), value, is_hexadecimal ? 16 : 10);
    if (depth_ == 0) return add(value == 0 ? "l0" : value < byte ? "l1" : value < half ? "l2" : "l4");
    constexpr std::uint64_t most_short = 31;
    if (value > most_short) add("i4");
  }

  void count_name(Token token) {
    if (const auto type = type_called(token)) {
      if (before() == "(" && after() == ")") add(std::string("cast") + letter(*type));
    } else if (token.starts_with(names_.macro)) {
      add("M:" + std::string(without_number(token.substr(names_.macro.size()))));
    } else if (after() == "(" && !is_one_of(token, quiet_words) && !types_.contains(token)) {
      add(token.starts_with(names_.symbol) ? std::string("call") : "c:" + std::string(token));
    } else if (after() == ":" && at_ == 0) {
      add("label");
    }
  }

  std::vector<Token> tokens_;
  const Types& types_;
  const LineNames& names_;
  Terms& terms_;
  char number_ = 'b';
  int depth_ = 0;
  std::size_t at_ = 0;
};

/// What a loop has behind its head.
std::vector<Token> without_head(std::vector<Token> tokens) {
  int depth = 0;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    depth += tokens[at] == "(" ? 1 : tokens[at] == ")" ? -1 : 0;
    if (tokens[at] == ")" && depth == 0) return {tokens.begin() + static_cast<std::ptrdiff_t>(at) + 1, tokens.end()};
  }
  return {};
}

}  // namespace

std::vector<std::string_view> tokens_in(std::string_view text) {
  std::vector<Token> tokens;
  while (!text.empty()) {
    const std::size_t size = size_of_token(text);
    if (text.front() != ' ' && text.front() != '\n') tokens.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return tokens;
}

void add_types(Types& types, const std::vector<std::string_view>& tokens, NumberClass feature) {
  std::optional<NumberClass> current;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    const Token token = tokens[at], left = at == 0 ? Token() : tokens[at - 1];
    if (token.ends_with("_feature")) {
      current = feature;
    } else if (const auto type = type_called(token)) {
      current = *type;
    } else if (token == ";" || token == ")" || token == "{" || token == "(") {
      current.reset();
    } else if (current && is_name(token) && token != "const") {
      const bool is_declared =
          left == "*" || left == "," || left == "const" || type_called(left) || left.ends_with("_feature");
      if (is_declared) types.emplace(token, *current);
    }
  }
}

void count_line(std::string_view line, const Types& types, const LineNames& names, Terms& terms) {
  std::vector<Token> tokens = tokens_in(line);
  if (tokens.empty()) return;
  if (line.find("\\n\\t") != std::string_view::npos || tokens.front() == "__asm__") return void(terms["asm"] += 1);
  if (tokens.front() == ":" || tokens.front().starts_with('"')) return;
  if (tokens.front() == "for") {
    terms["for"] += 1;
    tokens = without_head(std::move(tokens));
  }
  LineCounter(std::move(tokens), types, names, terms).count();
}

}  // namespace emlc::c
