#include "cli/sizes/stack_usage.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <vector>

#include "formats/text/text.hpp"

namespace emlc::cli {
namespace {

enum class Walk { not_begun, begun, done };

struct Function {
  std::optional<std::size_t> frame = 0;  ///< nothing: not known before it runs
  std::vector<std::string> callees{};
  Walk walk = Walk::not_begun;
  std::optional<std::size_t> deepest{};
};
using Functions = std::map<std::string, Function, std::less<>>;

/// The text between the quotes after `key: `.
std::string_view quoted(std::string_view line, std::string_view key) {
  const std::size_t at = line.find(std::string(key) + ": \"");
  if (at == std::string_view::npos) return {};
  const std::string_view rest = line.substr(at + key.size() + 3);
  return rest.substr(0, rest.find('"'));
}

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// `m_predict\nm.h:10:5\n48 bytes (static)`: the function has a frame; without such an end it is of a library.
std::optional<std::size_t> frame_of(std::string_view label) {
  const std::size_t at = label.find(" bytes (");
  if (at == std::string_view::npos)
    return label.starts_with("Indirect Call") ? std::nullopt : std::optional<std::size_t>(0);
  if (label.substr(at).starts_with(" bytes (dynamic)")) return std::nullopt;
  const std::size_t digits = label.find_last_not_of("0123456789", at - 1) + 1;
  return number(label.substr(digits, at - digits));
}

Functions read_call_graph(std::string_view text) {
  Functions functions;
  for (const formats::Line& line : formats::split_lines(text)) {
    if (line.text.starts_with("node:")) {
      functions[std::string(quoted(line.text, "title"))].frame = frame_of(quoted(line.text, "label"));
    } else if (line.text.starts_with("edge:")) {
      functions[std::string(quoted(line.text, "sourcename"))].callees.emplace_back(quoted(line.text, "targetname"));
    }
  }
  return functions;
}

std::optional<std::size_t> deepest(Functions& functions, Function& function) {
  if (function.walk == Walk::begun) return std::nullopt;
  if (function.walk == Walk::done) return function.deepest;
  function.walk = Walk::begun;
  std::optional<std::size_t> below = 0;
  for (const std::string& callee : function.callees) {
    const auto depth = deepest(functions, functions[callee]);
    below = below && depth ? std::optional(std::max(*below, *depth)) : std::nullopt;
  }
  function.walk = Walk::done;
  if (function.frame && below) function.deepest = *function.frame + *below;
  return function.deepest;
}

}  // namespace

std::optional<std::size_t> deepest_path(std::string_view call_graph, std::string_view function) {
  Functions functions = read_call_graph(call_graph);
  const auto found = std::find_if(functions.begin(), functions.end(),
                                  [&](const auto& entry) { return entry.first.find(function) != std::string::npos; });
  return found == functions.end() ? std::nullopt : deepest(functions, found->second);
}

std::optional<std::size_t> sum_of_frames(std::string_view stack_usage) {
  std::optional<std::size_t> sum;
  for (const formats::Line& line : formats::split_lines(stack_usage)) {
    const std::vector<std::string_view> cells = formats::split_fields(line.text, '\t');
    if (cells.size() != 3) continue;
    if (cells[0].ends_with(":main") || cells[0].ends_with("int main()")) continue;
    const auto frame = number(cells[1]);
    if (!frame || cells[2] == "dynamic") return std::nullopt;
    sum = sum.value_or(0) + *frame;
  }
  return sum;
}

}  // namespace emlc::cli
