#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emlc::cli {

/// JSON as all of it is written: indented, with a line end; what is not UTF-8 becomes a replacement character.
std::string json_text(const nlohmann::ordered_json& value);

/// A JSON file of the user, read whole.
struct JsonFile {
  std::string file;     ///< for messages
  std::string content;  ///< as it is in the file, for line numbers
  nlohmann::ordered_json root;
};

/// Throws Error, with file, line and field, for text that is not JSON, for a key that is there twice and for lists and
/// objects that are nested too deep; std::system_error when the file cannot be read.
JsonFile read_json_file(const std::string& path);

/// A value of such a file, and where it is. What is not as asked for is an Error that names file, line and field. The
/// file has to outlive it.
class JsonValue {
 public:
  explicit JsonValue(const JsonFile& file) : file_(&file), value_(&file.root) {}

  [[nodiscard]] const nlohmann::ordered_json& json() const { return *value_; }
  [[noreturn]] void fail(std::string_view problem) const;

  [[nodiscard]] JsonValue at(const std::string& key) const;  ///< of an object, which has to have it
  [[nodiscard]] std::optional<JsonValue> find(const std::string& key) const;
  [[nodiscard]] std::vector<JsonValue> items() const;    ///< of a list
  [[nodiscard]] std::vector<JsonValue> members() const;  ///< of an object
  [[nodiscard]] const std::string& key() const { return key_; }
  /// Refuses a key that is none of the known ones.
  void check_keys(std::span<const std::string_view> known) const;

  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] double number() const;         ///< at least 0
  [[nodiscard]] std::size_t size() const;      ///< an integer from 0 to 2^53
  void expect(const std::string& text) const;  ///< the value has to be this text

 private:
  JsonValue(const JsonValue& parent, std::string step, std::string key, const nlohmann::ordered_json& value);
  [[nodiscard]] std::string found() const;

  const JsonFile* file_;
  const nlohmann::ordered_json* value_;
  std::string path_;  ///< from the document down: `models[0].options`
  std::string key_;   ///< the last step when that is a key
};

}  // namespace emlc::cli
