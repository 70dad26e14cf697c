#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/inspection/facts.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

constexpr const char* model = "model";  ///< the title of what is not in an object of its own

/// `used_features` is `used features`, `n_outputs` is `outputs`.
std::string spoken(std::string key) {
  if (key.starts_with("n_")) key.erase(0, 2);
  std::replace(key.begin(), key.end(), '_', ' ');
  return key;
}

std::string cell(const Json& value) {
  constexpr std::size_t most_characters = 300;
  if (value.is_string()) return printable(value.get_ref<const std::string&>(), most_characters);
  if (value.is_number_float()) return fmt::format("{:.6g}", value.get<double>());
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_null()) return "-";
  if (!value.is_array()) return value.dump();
  std::vector<std::string> items;
  for (const Json& item : value) items.push_back(cell(item));
  return fmt::format("{}", fmt::join(items, ", "));
}

bool is_list_of_objects(const Json& value) { return value.is_array() && !value.empty() && value.front().is_object(); }

/// One line per object, one column per key of the first one. What has a structure of its own is for JSON alone.
std::string list_text(const std::string& title, const Json& list) {
  Rows rows(1);
  std::vector<Align> aligns;
  std::vector<std::string> keys;
  for (const auto& [key, value] : list.front().items()) {
    if (value.is_object() || is_list_of_objects(value)) continue;
    keys.push_back(key);
    rows[0].push_back(spoken(key));
    aligns.push_back(value.is_number() ? Align::right : Align::left);
  }
  for (const Json& object : list) {
    rows.emplace_back();
    for (const std::string& key : keys) rows.back().push_back(object.contains(key) ? cell(object[key]) : "");
  }
  return fmt::format("\n{}\n{}", title, table(rows, aligns));
}

/// @param prefix  of the titles of its lists: `integers: `
void append(std::string& text, const std::string& title, const std::string& prefix, const Json& object, Detail detail) {
  Rows scalars;
  std::string lists;
  for (const auto& [key, value] : object.items()) {
    if (key == "schema" || (key == "features" && detail == Detail::normal)) continue;
    if (is_list_of_objects(value)) {
      lists += list_text(prefix + spoken(key), value);
    } else if (value.is_object()) {
      append(lists, key, title == model ? "" : spoken(key) + ": ", value, detail);
    } else if (!value.empty() || value.is_null()) {
      scalars.push_back({spoken(key), cell(value)});
    }
  }
  if (!scalars.empty()) text += fmt::format("\n{}\n{}", spoken(title), table(scalars, {}));
  text += lists;
}

}  // namespace

std::string facts_text(const nlohmann::ordered_json& facts, Detail detail) {
  std::string text;
  append(text, model, "", facts, detail);
  return text.substr(1);
}

}  // namespace emlc::cli
