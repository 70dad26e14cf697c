#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/texts.hpp"

namespace emlc::cli_test {

using Json = nlohmann::json;

inline cli::Finished convert(const Scratch& scratch, std::vector<std::string> options) {
  options.insert(options.begin(), {"convert", "-o", "o.h", "-q"});
  return run_emlc(options, {}, scratch.path());
}

/// The section of that title, null when there is none.
inline Json section(const Json& report, const std::string& title) {
  for (const Json& found : report["sections"]) {
    if (found["title"] == title) return found;
  }
  return {};
}

/// The blocks of a kind in a section.
inline std::vector<Json> blocks(const Json& report, const std::string& title, const std::string& kind) {
  std::vector<Json> found;
  const Json whole = section(report, title);
  const Json all = whole.is_null() ? Json::array() : whole["blocks"];
  for (const Json& each : all) {
    if (each["kind"] == kind) found.push_back(each);
  }
  return found;
}

/// The first of them.
inline Json block(const Json& report, const std::string& title, const std::string& kind) {
  const std::vector<Json> all = blocks(report, title, kind);
  return all.empty() ? Json() : all.front();
}

inline std::string data_of(const std::string& model, const char* file) { return model_file(model + "/" + file); }

}  // namespace emlc::cli_test
