#include "cli/compile/paths.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "cli/console/files.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {

void check_paths(std::span<const Written> written, std::span<const std::string> read) {
  std::set<std::string> sources;
  for (const std::string& path : read) {
    if (const auto place = source_place(path)) sources.insert(*place);
  }
  std::map<std::string, std::string_view> outputs;
  for (const Written& file : written) {
    if (file.path.empty()) continue;
    const std::string place = output_place(file.path);
    if (sources.contains(place)) {
      throw Error({.file = file.path}, "this file is read and cannot be the output too");
    }
    const auto [other, is_first] = outputs.emplace(place, file.flag);
    if (!is_first) throw Error({}, fmt::format("{} and {} name the same file", file.flag, other->second));
  }
  for (const Written& file : written) {
    if (!file.path.empty()) check_writable(file.path);
  }
}

}  // namespace emlc::cli
