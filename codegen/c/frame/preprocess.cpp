#include "codegen/c/frame/preprocess.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <functional>
#include <map>

namespace emlc::c {
namespace {

using Macros = std::map<std::string, long, std::less<>>;

bool is_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// Takes the longest name or number in front; nothing when there is none.
std::string_view take_word(std::string_view& text) {
  const std::size_t size =
      static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_of_name) - text.begin());
  const std::string_view word = text.substr(0, size);
  text.remove_prefix(size);
  return word;
}

struct Operator {
  std::string_view text;
  int rank;  ///< a higher one binds tighter
  long (*apply)(long, long);
};
/// Longer ones first, so that `<` does not take the start of `<<`.
constexpr std::array operators = {Operator{"||", 0, [](long a, long b) { return static_cast<long>(a != 0 || b != 0); }},
                                  Operator{"&&", 1, [](long a, long b) { return static_cast<long>(a != 0 && b != 0); }},
                                  Operator{"==", 2, [](long a, long b) { return static_cast<long>(a == b); }},
                                  Operator{"!=", 2, [](long a, long b) { return static_cast<long>(a != b); }},
                                  Operator{"<=", 3, [](long a, long b) { return static_cast<long>(a <= b); }},
                                  Operator{">=", 3, [](long a, long b) { return static_cast<long>(a >= b); }},
                                  Operator{">>", 4, [](long a, long b) { return a >> b; }},
                                  Operator{"<", 3, [](long a, long b) { return static_cast<long>(a < b); }},
                                  Operator{">", 3, [](long a, long b) { return static_cast<long>(a > b); }},
                                  Operator{"+", 5, [](long a, long b) { return a + b; }},
                                  Operator{"-", 5, [](long a, long b) { return a - b; }}};
constexpr int tightest = 6;

/// The condition of an #if. Its depth is that of the brackets that emlc prints.
class Condition {
 public:
  Condition(std::string_view text, const Macros& macros) : rest_(text), macros_(macros) {}
  long value() { return binary(0); }

 private:
  long binary(int rank) {
    if (rank == tightest) return operand();
    long left = binary(rank + 1);
    for (const Operator* found = next(rank); found != nullptr; found = next(rank)) {
      rest_.remove_prefix(found->text.size());
      left = found->apply(left, binary(rank + 1));
    }
    return left;
  }

  const Operator* next(int rank) {
    rest_ = trimmed(rest_);
    const auto* const found = std::find_if(operators.begin(), operators.end(),
                                           [&](const Operator& row) { return rest_.starts_with(row.text); });
    return found == operators.end() || found->rank != rank ? nullptr : found;
  }

  bool take(char c) {
    rest_ = trimmed(rest_);
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  long operand() {
    if (take('!')) return operand() == 0 ? 1 : 0;
    if (take('-')) return -operand();
    if (take('(')) {
      const long value = binary(0);
      take(')');
      return value;
    }
    const std::string_view word = take_word(rest_);
    if (word == "defined") {
      const bool has_bracket = take('(');
      const bool is_defined = macros_.contains(take_word(rest_));
      if (has_bracket) take(')');
      return is_defined ? 1 : 0;
    }
    long number = 0;
    if (std::from_chars(word.data(), word.data() + word.size(), number).ec == std::errc()) return number;
    const auto macro = macros_.find(word);
    return macro == macros_.end() ? 0 : macro->second;
  }

  std::string_view rest_;
  const Macros& macros_;
};

/// Lines that end with a backslash go on; comments are gone.
std::string joined(std::string_view text) {
  std::string rest;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at, 2) == "\\\n") {
      ++at;
    } else if (text.substr(at, 2) == "/*") {
      at = std::min(text.find("*/", at), text.size()) + 1;
    } else {
      rest += text[at];
    }
  }
  return rest;
}

class Preprocessor {
 public:
  explicit Preprocessor(std::span<const Macro> predefined) {
    for (const Macro& macro : predefined) macros_.emplace(macro.name, macro.value);
  }

  void take(std::string_view line) {
    if (!line.starts_with('#')) {
      if (is_taken() && !trimmed(line).empty()) lines.emplace_back(line);
      return;
    }
    line = trimmed(line.substr(1));
    const std::string_view directive = take_word(line);
    line = trimmed(line);
    if (directive == "ifdef") return open(is_defined(line));
    if (directive == "ifndef") return open(!is_defined(line));
    if (directive == "if") return open(holds(line));
    if (directive == "endif" && !branches_.empty()) return branches_.pop_back();
    if (directive.starts_with("el") && !branches_.empty()) return turn(directive == "else" || holds(line));
    if (directive == "define" && is_taken()) define(line);
  }

  std::vector<std::string> lines;

 private:
  struct Branch {
    bool is_taken, was_taken;
  };

  [[nodiscard]] bool is_taken() const {
    return std::all_of(branches_.begin(), branches_.end(), [](const Branch& branch) { return branch.is_taken; });
  }
  [[nodiscard]] bool is_defined(std::string_view name) const { return macros_.contains(take_word(name)); }
  [[nodiscard]] bool holds(std::string_view condition) const { return Condition(condition, macros_).value() != 0; }
  void open(bool holds) { branches_.push_back({holds, holds}); }
  void turn(bool holds) {
    Branch& branch = branches_.back();
    branch.is_taken = !branch.was_taken && holds;
    branch.was_taken = branch.was_taken || branch.is_taken;
  }
  void define(std::string_view line) {
    const std::string_view name = take_word(line);
    line = trimmed(line);
    long value = 1;
    std::from_chars(line.data(), line.data() + line.size(), value);
    macros_.insert_or_assign(std::string(name), value);
  }

  Macros macros_;
  std::vector<Branch> branches_;
};

}  // namespace

std::vector<std::string> compiled_lines(std::string_view text, std::span<const Macro> predefined) {
  const std::string plain = joined(text);
  Preprocessor preprocessor(predefined);
  for (std::string_view rest = plain; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    preprocessor.take(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::move(preprocessor.lines);
}

}  // namespace emlc::c
