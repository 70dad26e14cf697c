#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/error.hpp"

namespace emlc::formats::json {

enum class Type { null, boolean, number, text, list, object };

/// A value as it is met; of a list or an object only its type.
struct Value {
  Type type = Type::null;
  double number = 0.0;      ///< of a number; 0 or 1 of a boolean
  std::string_view text{};  ///< of a text, valid during the call
};

/// Where in a document the reading is.
class Cursor {
 public:
  Cursor(std::string_view content, std::string_view file) : content_(content), file_(file) {}

  /// The file, the line and the path of the value that was met last: `model.trees[3].threshold[7]`.
  [[nodiscard]] Where where() const;
  [[nodiscard]] std::string path() const;  ///< of that value
  /// The number that was met last, as it is written in the file.
  [[nodiscard]] std::string_view written_number() const;

  [[noreturn]] void fail(std::string_view problem) const { throw Error(where(), problem); }
  /// Throws `expected a number, found 'abc'`.
  [[noreturn]] void refuse(const Value& found, std::string_view expected) const;

  /// One step from the document down to the value: a place in a list, or a key.
  struct Step {
    bool is_list = false;
    std::size_t index = 0;
    std::string key{};
  };
  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }

 private:
  friend class Walk;
  std::string_view content_, file_;
  std::size_t consumed_ = 0;  ///< bytes of the document up to and with the value; one more after a number
  std::vector<Step> steps_;
};

/// Takes the parts of a document in file order. Anything it throws ends the walk.
class Events {
 public:
  virtual ~Events() = default;
  virtual void value(const Value& value, const Cursor& at) = 0;  ///< neither a list nor an object
  virtual void begin(Type type, const Cursor& at) = 0;           ///< a list or an object; `at` is still outside
  virtual void key(const Cursor& at) = 0;  ///< of the member that comes next; `at` is at the member
  virtual void end(const Cursor& at) = 0;  ///< of the list or object; `at` is outside again
};

constexpr std::size_t largest_depth = 64;

/// Walks over a whole JSON document without keeping any of it. Throws Error for text that is not JSON, for a number
/// beyond the range of double, and for lists and objects nested deeper than largest_depth.
void walk(std::string_view content, std::string_view file, Events& events);

/// The line of the value at `path` (as Cursor writes it), or of the nearest value around it that the document has.
std::size_t find_line(std::string_view content, std::string_view path);

/// The place of the value at `path`, or else of the first one whose path ends with `tail`, which `path` ends with: as
/// `layers[0].bias` is the end of `model.steps[1].layers[0].bias`.
std::optional<Where> find_tail(std::string_view content, std::string_view file, std::string_view path,
                               std::string_view tail);

}  // namespace emlc::formats::json
