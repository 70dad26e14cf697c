#include "cli/compile/depfile.hpp"

#include "cli/console/files.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

std::string escaped(const std::string& path) {
  std::string text;
  for (const char c : path) {
    if (c == '\n' || c == '\r') throw Error({.file = path}, "a depfile cannot name a file with a line end in its name");
    if (c == ' ' || c == '#') text += '\\';
    if (c == '$') text += '$';
    text += c;
  }
  return text;
}

}  // namespace

std::string depfile_rule(std::span<const std::string> targets, std::span<const std::string> prerequisites) {
  std::string rule;
  for (const std::string& target : targets) rule += (rule.empty() ? "" : " ") + escaped(target);
  rule += ":";
  for (const std::string& path : prerequisites) {
    if (path != standard_stream) rule += " " + escaped(path);
  }
  return rule + "\n";
}

}  // namespace emlc::cli
