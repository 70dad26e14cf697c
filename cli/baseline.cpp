#include "cli/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/json_file.hpp"

namespace emlc::cli {
namespace {

using Json = nlohmann::ordered_json;
constexpr const char* schema = "emlc.sizes/1";

Json part_json(const std::vector<layout::Part>& parts) {
  Json object = Json::object();
  for (const layout::Part& part : parts) object[part.name] = part.bytes;
  return object;
}

Sizes read_entry(const JsonValue& entry) {
  Sizes sizes{.name = entry.at("name").text(), .output = entry.at("output").text()};
  const auto text_of = [&](const char* key) {
    const auto member = entry.find(key);
    return member ? member->text() : std::string();
  };
  sizes.version = text_of("emlc");
  sizes.model_sha256 = text_of("model_sha256");
  sizes.options = text_of("options");
  for (const JsonValue& part : entry.at("parts").members()) sizes.parts.push_back({part.key(), part.size()});
  sizes.flash = entry.at("flash").size();
  sizes.ram = entry.at("ram").size();
  if (const auto comparisons = entry.find("comparisons")) sizes.comparisons = comparisons->size();
  if (const auto error = entry.find("error")) sizes.error = error->number();
  if (const auto changed = entry.find("changed_decisions")) sizes.changed_decisions = changed->number();
  return sizes;
}

}  // namespace

nlohmann::ordered_json sizes_json(const Sizes& sizes) {
  Json object = {{"name", sizes.name},       {"output", sizes.output},
                 {"emlc", sizes.version},    {"model_sha256", sizes.model_sha256},
                 {"options", sizes.options}, {"parts", part_json(sizes.parts)},
                 {"flash", sizes.flash},     {"ram", sizes.ram}};
  if (sizes.comparisons) object["comparisons"] = *sizes.comparisons;
  if (sizes.error) object["error"] = *sizes.error;
  if (sizes.changed_decisions) object["changed_decisions"] = *sizes.changed_decisions;
  return object;
}

std::vector<Sizes> read_baseline(const std::string& path) {
  const JsonFile file = read_json_file(path);
  const JsonValue root(file);
  root.at("schema").expect(schema);
  std::vector<Sizes> models;
  for (const JsonValue& entry : root.at("models").items()) {
    models.push_back(read_entry(entry));
    if (find_entry(models, models.back()) != &models.back()) {
      entry.fail(fmt::format("{} is there twice", models.back().title()));
    }
  }
  return models;
}

std::string baseline_text(std::span<const Sizes> models) {
  Json list = Json::array();
  for (const Sizes& sizes : models) list.push_back(sizes_json(sizes));
  return Json{{"schema", schema}, {"models", std::move(list)}}.dump(2) + "\n";
}

const Sizes* find_entry(std::span<const Sizes> models, const Sizes& like) {
  const auto found = std::find_if(models.begin(), models.end(), [&](const Sizes& sizes) {
    return sizes.name == like.name && sizes.output == like.output;
  });
  return found == models.end() ? nullptr : &*found;
}

}  // namespace emlc::cli
