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

std::string depfile_rule(const std::string& target, std::span<const std::string> prerequisites) {
  std::string rule = escaped(target) + ":";
  for (const std::string& path : prerequisites) {
    if (path != standard_stream) rule += " " + escaped(path);
  }
  return rule + "\n";
}

}  // namespace emlc::cli
