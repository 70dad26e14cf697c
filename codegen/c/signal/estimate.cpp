#include "codegen/c/signal/estimate.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <set>
#include <string>

namespace emlc::c {
namespace {

constexpr std::size_t n_terms = 7, n_targets = 4;
/// 1, then how many there are of: words and operators, `int64_t`, what has two words, floats, calls, looks at a signal.
using Terms = std::array<double, n_terms>;

struct FittedCode {
  std::string_view target;
  Terms bytes;
};

/// What a function of a template takes on each target beyond what its words say.
struct FunctionBytes {
  std::string_view name;  ///< without the symbol before it
  std::array<double, n_targets> bytes;
};

// Both are written by scripts/benchmark/fit_signals.py.
constexpr std::array<FittedCode, n_targets> fitted = {
#include "codegen/c/signal/estimate_terms.inc"
};
constexpr std::array functions = {
#include "codegen/c/signal/estimate_functions.inc"
};

bool is_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_of_operator(char c) { return std::string_view("-+*/<>=?:").find(c) != std::string_view::npos; }

/// Without what is there twice: the form that takes pairs of 16 bits at once goes, where another one is there too.
std::string without_pairs(std::string_view text) {
  std::string left;
  bool is_of_pairs = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    const std::string_view line = text.substr(0, end + 1);
    text.remove_prefix(end + 1);
    if (line.starts_with("#ifdef ") && line.ends_with("PAIRS\n")) is_of_pairs = true;
    if (!is_of_pairs) left += line;
    if (line.starts_with("#else") || line.starts_with("#endif")) is_of_pairs = false;
  }
  return left;
}

/// The bodies of functions by their names, from a line that begins one to a line `}`.
std::map<std::string, std::string, std::less<>> bodies_of(std::string_view text) {
  std::map<std::string, std::string, std::less<>> bodies;
  std::string* body = nullptr;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    const std::string_view line = text.substr(0, end + 1);
    text.remove_prefix(end + 1);
    if (body != nullptr) {
      body = line.starts_with("}") ? nullptr : &body->append(line);
      continue;
    }
    const std::size_t open = line.find('(');
    if (open == std::string_view::npos || !line.ends_with(") {\n") || !is_of_word(line.front())) continue;
    std::size_t first = open;
    while (first > 0 && is_of_word(line[first - 1])) --first;
    body = &bodies[std::string(line.substr(first, open - first))];
  }
  return bodies;
}

/// Calls `take` with each word of a text, with the names of macros among them, and each operator.
template <class Take>
void for_each_word(std::string_view text, const Take& take) {
  for (std::size_t at = 0; at < text.size();) {
    const auto belongs = is_of_word(text[at]) ? is_of_word : is_of_operator;
    std::size_t end = at;
    while (end < text.size() && belongs(text[end])) ++end;
    if (end > at) take(text.substr(at, end - at), end < text.size() && text[end] == '(');
    at = std::max(end, at + 1);
  }
}

Terms terms_of(std::string_view name, std::string_view text, const Names& names) {
  Terms terms = {};
  terms[6] = name.starts_with(names.symbol + "look_") ? 1 : 0;
  const std::string wide = names.symbol + "wide";
  for_each_word(text, [&](std::string_view word, bool is_called) {
    const bool is_number = std::isdigit(static_cast<unsigned char>(word.front())) != 0;
    terms[1] += 1;
    terms[2] += word.find("int64_t") != std::string_view::npos ? 1 : 0;
    terms[3] += word.starts_with(wide) ? 1 : 0;
    terms[4] += word.find("float") != std::string_view::npos ||
                        (is_number && word.back() == 'f' && word.find('x') == std::string_view::npos)
                    ? 1
                    : 0;
    terms[5] += is_called && word.back() == '_' ? 1 : 0;
  });
  return terms;
}

/// The functions that put samples where a transform begins are one for each length, window and type.
std::string_view kind_of(std::string_view name) {
  for (const std::string_view kind : {"gather_q15_", "gather_"}) {
    if (name.starts_with(kind)) return kind;
  }
  return name;
}

const FunctionBytes* bytes_of(std::string_view name, const Names& names) {
  if (!name.starts_with(names.symbol)) return nullptr;
  const std::string_view kind = kind_of(name.substr(names.symbol.size()));
  const auto found =
      std::find_if(functions.begin(), functions.end(), [&](const FunctionBytes& row) { return row.name == kind; });
  return found == functions.end() ? nullptr : &*found;
}

}  // namespace

std::vector<layout::CodeEstimate> estimate_signal(std::string_view definitions, std::string_view looks,
                                                  const Names& names) {
  const auto bodies = bodies_of(without_pairs(definitions));
  std::vector<std::string> asked = {names.symbol + "push_", names.symbol + std::string(looks)};
  std::set<std::string> reached;
  std::set<const FunctionBytes*> kinds;
  Terms sum = {};
  while (!asked.empty()) {
    const std::string name = asked.back();
    asked.pop_back();
    const auto body = bodies.find(name);
    if (body == bodies.end() || !reached.insert(name).second) continue;
    const Terms own = terms_of(name, body->second, names);
    for (std::size_t i = 0; i < n_terms; ++i) sum[i] += own[i];
    if (const FunctionBytes* more = bytes_of(name, names)) kinds.insert(more);
    for_each_word(body->second, [&](std::string_view word, bool is_called) {
      if (is_called) asked.emplace_back(word);
    });
  }
  sum[0] = 1;
  std::vector<layout::CodeEstimate> estimates;
  for (std::size_t target = 0; target < n_targets; ++target) {
    double bytes = 0;
    for (std::size_t i = 0; i < n_terms; ++i) bytes += fitted[target].bytes[i] * sum[i];
    for (const FunctionBytes* more : kinds) bytes += more->bytes[target];
    estimates.push_back(
        {std::string(fitted[target].target), static_cast<std::size_t>(std::lround(std::max(bytes, 0.0)))});
  }
  return estimates;
}

}  // namespace emlc::c
