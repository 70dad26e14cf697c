#include <fmt/format.h>

#include <algorithm>

#include "cli/console/escape.hpp"
#include "cli/gate/formats.hpp"

namespace emlc::cli {
namespace {

std::string failure(const ModelCheck& model) {
  std::vector<std::string> sentences;
  for (Message& message : messages(model)) {
    if (message.keeps != Keeps::yes) sentences.push_back(std::move(message.text));
  }
  if (sentences.empty()) return {};
  return fmt::format("      <failure type=\"size\" message=\"{}\">{}</failure>\n", xml_escaped(sentences.front()),
                     xml_escaped(fmt::format("{}", fmt::join(sentences, "\n"))));
}

}  // namespace

std::string check_junit(const CheckResult& result) {
  std::string cases;
  for (const ModelCheck& model : result.models) {
    cases += fmt::format(
        "    <testcase classname=\"emlc.check\" name=\"{}\" file=\"{}\">\n{}      <system-out>{}</system-out>\n"
        "    </testcase>\n",
        xml_escaped(model.now.title()), xml_escaped(model.file), failure(model),
        xml_escaped(check_text({.models = {model}, .unused = {}})));
  }
  const auto failures = std::count_if(result.models.begin(), result.models.end(),
                                      [](const ModelCheck& model) { return is_exceeded(model); });
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
      "  <testsuite name=\"emlc check\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\">\n{}  </testsuite>\n"
      "</testsuites>\n",
      result.models.size(), failures, cases);
}

}  // namespace emlc::cli
