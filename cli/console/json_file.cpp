#include "cli/console/json_file.hpp"

#include <fmt/format.h>

#include <set>

#include "cli/console/files.hpp"
#include "codegen/model/error.hpp"
#include "formats/text/json_events.hpp"

namespace emlc::cli {
namespace {

namespace json = formats::json;

/// The JSON library would silently keep the last of two equal keys.
class EachKeyOnce : public json::Events {
 public:
  void value(const json::Value& /*value*/, const json::Cursor& /*at*/) override {}
  void begin(json::Type /*type*/, const json::Cursor& /*at*/) override { open_.emplace_back(); }
  void end(const json::Cursor& /*at*/) override { open_.pop_back(); }
  void key(const json::Cursor& at) override {
    if (!open_.back().insert(at.steps().back().key).second) at.fail("this key is there twice");
  }

 private:
  std::vector<std::set<std::string>> open_;
};

}  // namespace

std::string json_text(const nlohmann::ordered_json& value) {
  return value.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

JsonFile read_json_file(const std::string& path) {
  JsonFile file{.file = path == standard_stream ? "stdin" : path, .content = read_file(path), .root = {}};
  EachKeyOnce events;
  json::walk(file.content, file.file, events);
  file.root = nlohmann::ordered_json::parse(file.content);
  return file;
}

JsonValue::JsonValue(const JsonValue& parent, std::string step, std::string key, const nlohmann::ordered_json& value)
    : file_(parent.file_), value_(&value), path_(parent.path_ + std::move(step)), key_(std::move(key)) {
  if (path_.starts_with('.')) path_.erase(0, 1);
}

void JsonValue::fail(std::string_view problem) const { json::Source{file_->content, file_->file}.fail(path_, problem); }

std::string JsonValue::found() const {
  constexpr std::size_t most_characters = 60;
  if (value_->is_object()) return "an object";
  if (value_->is_array()) return "a list";
  if (value_->is_string()) return fmt::format("'{}'", printable(value_->get_ref<const std::string&>()));
  return value_->dump().substr(0, most_characters);
}

std::optional<JsonValue> JsonValue::find(const std::string& key) const {
  if (!value_->is_object()) fail(fmt::format("expected an object, found {}", found()));
  const auto member = value_->find(key);
  if (member == value_->end()) return std::nullopt;
  return JsonValue(*this, "." + printable(key), key, *member);
}

JsonValue JsonValue::at(const std::string& key) const {
  const std::optional<JsonValue> member = find(key);
  if (!member) fail(fmt::format("the key '{}' is missing", key));
  return *member;
}

std::vector<JsonValue> JsonValue::items() const {
  if (!value_->is_array()) fail(fmt::format("expected a list, found {}", found()));
  std::vector<JsonValue> items;
  for (std::size_t index = 0; index < value_->size(); ++index) {
    items.push_back(JsonValue(*this, fmt::format("[{}]", index), {}, (*value_)[index]));
  }
  return items;
}

std::vector<JsonValue> JsonValue::members() const {
  if (!value_->is_object()) fail(fmt::format("expected an object, found {}", found()));
  std::vector<JsonValue> members;
  for (const auto& [key, value] : value_->items())
    members.push_back(JsonValue(*this, "." + printable(key), key, value));
  return members;
}

void JsonValue::check_keys(std::span<const std::string_view> known) const {
  for (const JsonValue& member : members()) {
    if (std::find(known.begin(), known.end(), member.key()) == known.end()) {
      member.fail(unknown_name("key", member.key(), known));
    }
  }
}

std::string JsonValue::text() const {
  if (!value_->is_string()) fail(fmt::format("expected a text, found {}", found()));
  return value_->get<std::string>();
}

bool JsonValue::boolean() const {
  if (!value_->is_boolean()) fail(fmt::format("expected true or false, found {}", found()));
  return value_->get<bool>();
}

double JsonValue::number() const {
  if (!value_->is_number() || value_->get<double>() < 0.0) {
    fail(fmt::format("expected a number that is not negative, found {}", found()));
  }
  return value_->get<double>();
}

std::size_t JsonValue::size() const {
  constexpr std::uint64_t largest = std::uint64_t{1} << 53;  // what every reader of JSON keeps
  if (!value_->is_number_unsigned() || value_->get<std::uint64_t>() > largest) {
    fail(fmt::format("expected an integer from 0 to 2^53, found {}", found()));
  }
  return value_->get<std::size_t>();
}

void JsonValue::expect(const std::string& text) const {
  if (!value_->is_string() || *value_ != text) fail(fmt::format("expected '{}', found {}", text, found()));
}

}  // namespace emlc::cli
