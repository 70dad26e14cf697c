#include "formats/emlc_signal/names.hpp"

#include <fmt/format.h>

#include <utility>

namespace emlc::formats::emlc_signal {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_name(std::string_view name) {
  return !name.empty() && is_letter(name.front()) && std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

void Scope::add(const std::string& name, Group group, const std::string& path) {
  if (!is_name(name)) {
    source_.fail(
        path, fmt::format("'{}' is no name, expected a letter, then letters, digits and underscores", printable(name)));
  }
  if (!groups_.emplace(name, std::move(group)).second) {
    source_.fail(path, fmt::format("the name '{}' is there twice", printable(name)));
  }
  names_.push_back(name);
}

const Group& Scope::find(const std::string& name, const std::string& path) const {
  const auto found = groups_.find(name);
  if (found != groups_.end()) return found->second;
  const std::vector<std::string_view> known(names_.begin(), names_.end());
  source_.fail(path, unknown_name("signal", name, known));
}

std::string item_path(const Names& names, std::size_t item, const std::string& path) {
  return names.is_single ? path : fmt::format("{}[{}]", path, item);
}

Group members_of(const Scope& scope, const signal::Plan& plan, const Names& names, const std::string& path) {
  if (names.items.empty()) scope.source().fail(path, "is empty, expected the name of a signal");
  if (names.is_single) return scope.find(names.items.front().front(), path);
  Group all{.is_single = false};
  for (std::size_t item = 0; item < names.items.size(); ++item) {
    const std::string place = item_path(names, item, path);
    if (names.is_list[item] != 0) scope.source().fail(place, "expected the name of a signal, found a list");
    for (const std::int32_t member : scope.find(names.items[item].front(), place).members) {
      all.members.push_back(member);
      all.suffixes.push_back(plan.signals[static_cast<std::size_t>(member)].name);
    }
  }
  return all;
}

}  // namespace emlc::formats::emlc_signal
