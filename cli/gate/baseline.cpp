#include "cli/gate/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/console/json_file.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

using Json = nlohmann::ordered_json;
constexpr const char* schema = "emlc.sizes/1";

Json part_json(const std::vector<layout::Part>& parts) {
  Json object = Json::object();
  for (const layout::Part& part : parts) object[part.name] = part.bytes;
  return object;
}

/// The numbers of a target, in the order of its members.
struct TargetMember {
  const char* key;
  std::optional<std::size_t> TargetSizes::*number;
};
constexpr std::array target_members = {
    TargetMember{"flash", &TargetSizes::flash}, TargetMember{"ram", &TargetSizes::ram},
    TargetMember{"text", &TargetSizes::text},   TargetMember{"data", &TargetSizes::data},
    TargetMember{"bss", &TargetSizes::bss},     TargetMember{"stack", &TargetSizes::stack}};

TargetSizes read_target(const JsonValue& entry) {
  TargetSizes sizes{.target = entry.key()};
  const std::string source = entry.at("source").text();
  if (source != name(SizeSource::measured) && source != name(SizeSource::estimate)) {
    entry.at("source").fail(fmt::format("expected measured or estimate, found '{}'", printable(source)));
  }
  sizes.source = source == name(SizeSource::measured) ? SizeSource::measured : SizeSource::estimate;
  if (const auto compiler = entry.find("compiler")) sizes.compiler = compiler->text();
  if (const auto incomplete = entry.find("incomplete")) sizes.is_incomplete = incomplete->boolean();
  for (const TargetMember& member : target_members) {
    if (const auto number = entry.find(member.key)) sizes.*member.number = number->size();
  }
  return sizes;
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
  if (const auto accuracy = entry.find("accuracy")) sizes.accuracy = accuracy->number();
  if (const auto targets = entry.find("targets")) {
    for (const JsonValue& target : targets->members()) sizes.targets.push_back(read_target(target));
  }
  return sizes;
}

}  // namespace

Json targets_json(const std::vector<TargetSizes>& targets) {
  Json object = Json::object();
  for (const TargetSizes& sizes : targets) {
    if (sizes.source == SizeSource::none) continue;
    Json& target = object[sizes.target] = {{"source", name(sizes.source)}};
    if (!sizes.compiler.empty()) target["compiler"] = sizes.compiler;
    for (const TargetMember& member : target_members) {
      if (sizes.*member.number) target[member.key] = *(sizes.*member.number);
    }
    if (!sizes.library_functions.empty()) target["stack_without"] = sizes.library_functions;
    if (sizes.is_incomplete) target["incomplete"] = true;
  }
  return object;
}

nlohmann::ordered_json sizes_json(const Sizes& sizes) {
  Json object = {{"name", sizes.name},       {"output", sizes.output},
                 {"emlc", sizes.version},    {"model_sha256", sizes.model_sha256},
                 {"options", sizes.options}, {"parts", part_json(sizes.parts)},
                 {"flash", sizes.flash},     {"ram", sizes.ram}};
  if (sizes.comparisons) object["comparisons"] = *sizes.comparisons;
  if (sizes.error) object["error"] = *sizes.error;
  if (sizes.changed_decisions) object["changed_decisions"] = *sizes.changed_decisions;
  if (sizes.accuracy) object["accuracy"] = *sizes.accuracy;
  if (!sizes.targets.empty()) object["targets"] = targets_json(sizes.targets);
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
  return json_text({{"schema", schema}, {"models", std::move(list)}});
}

const Sizes* find_entry(std::span<const Sizes> models, const Sizes& like) {
  const auto found = std::find_if(models.begin(), models.end(), [&](const Sizes& sizes) {
    return sizes.name == like.name && sizes.output == like.output;
  });
  return found == models.end() ? nullptr : &*found;
}

}  // namespace emlc::cli
