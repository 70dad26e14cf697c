#include <fmt/format.h>

#include "cli/gate/formats.hpp"

namespace emlc::cli {
namespace {

/// As the runner undoes it: `%` and line ends everywhere, `:` and `,` in properties.
std::string escaped(std::string_view text, std::string_view special) {
  std::string result;
  for (const char c : text) {
    if (special.find(c) == std::string_view::npos) {
      result += c;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return result;
}
constexpr std::string_view in_message = "%\r\n", in_property = "%\r\n:,";

std::string annotation(std::string_view level, const ModelCheck& model, const std::string& message) {
  return fmt::format("::{} file={},title={}::{}\n", level, escaped(model.file, in_property),
                     escaped(model.now.title(), in_property), escaped(message, in_message));
}

}  // namespace

std::string check_github(const CheckResult& result) {
  std::string text;
  for (const ModelCheck& model : result.models) {
    for (const Message& message : messages(model)) {
      text += annotation(message.keeps == Keeps::yes ? "notice" : "error", model, message.text);
    }
    for (const std::string& note : model.notes) text += annotation("warning", model, note);
    if (model.verdict == Verdict::unrecorded) {
      text += annotation("notice", model, "not recorded: " + sizes_text(model.now));
    }
  }
  return text;
}

}  // namespace emlc::cli
