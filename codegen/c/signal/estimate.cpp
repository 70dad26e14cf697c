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

constexpr std::size_t n_terms = 6;
/// 1, then how many there are of: words and operators, `int64_t`, what has two words, floats, calls.
using Terms = std::array<double, n_terms>;

struct FittedCode {
  std::string_view target;
  Terms bytes;
};

constexpr std::array fitted = {
    FittedCode{"Cortex-M0+", {53.3, 0.78, 10.2, 17.5, 6.1, 6.6}},
    FittedCode{"Cortex-M4", {107.4, 0.68, 7.9, 9.0, 6.7, 6.6}},
    FittedCode{"ATmega328P", {-244.1, 1.91, 70.4, 184.0, 19.3, 30.0}},
    FittedCode{"RV32IMC", {49.8, 0.86, 11.7, 13.6, 7.6, 8.6}},
};

bool is_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_of_operator(char c) { return std::string_view("-+*/<>=?:").find(c) != std::string_view::npos; }

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

Terms terms_of(std::string_view text, const Names& names) {
  Terms terms = {};
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

}  // namespace

std::vector<layout::CodeEstimate> estimate_signal(std::string_view definitions, std::string_view looks,
                                                  const Names& names) {
  const auto bodies = bodies_of(definitions);
  std::vector<std::string> asked = {names.symbol + "push_", names.symbol + std::string(looks)};
  std::set<std::string> reached;
  Terms sum = {};
  while (!asked.empty()) {
    const std::string name = asked.back();
    asked.pop_back();
    const auto body = bodies.find(name);
    if (body == bodies.end() || !reached.insert(name).second) continue;
    const Terms own = terms_of(body->second, names);
    for (std::size_t i = 0; i < n_terms; ++i) sum[i] += own[i];
    for_each_word(body->second, [&](std::string_view word, bool is_called) {
      if (is_called) asked.emplace_back(word);
    });
  }
  sum[0] = 1;
  std::vector<layout::CodeEstimate> estimates;
  for (const FittedCode& row : fitted) {
    double bytes = 0;
    for (std::size_t i = 0; i < n_terms; ++i) bytes += row.bytes[i] * sum[i];
    estimates.push_back({std::string(row.target), static_cast<std::size_t>(std::lround(std::max(bytes, 0.0)))});
  }
  return estimates;
}

}  // namespace emlc::c
