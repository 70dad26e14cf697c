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

/// How a document is written down.
enum class Syntax {
  json,      ///< as the standard has it
  lenient,   ///< with NaN, Infinity and -Infinity as numbers, as Python and some C++ libraries write them
  universal  ///< UBJSON, draft 12: the same parts in bytes
};

/// What a format expects of all its documents.
struct Dialect {
  Syntax syntax = Syntax::json;
  std::size_t largest_depth = 64;  ///< of lists and objects inside of one another
};

/// Where in a document the reading is.
class Cursor {
 public:
  Cursor(std::string_view content, std::string_view file, Syntax syntax = Syntax::json)
      : content_(content), file_(file), syntax_(syntax) {}

  /// The file, the line and the path of the value that was met last: `model.trees[3].threshold[7]`. In UBJSON, which
  /// has no lines, `byte 118 (model.trees[3].threshold[7])`.
  [[nodiscard]] Where where() const;
  [[nodiscard]] std::string path() const;  ///< of that value
  /// The number that was met last, as it is written in the file; in UBJSON its shortest decimal digits.
  [[nodiscard]] std::string written_number() const;

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
  Syntax syntax_;
  std::size_t consumed_ = 0;  ///< bytes of the document up to and with the value; one more after a number
  double number_ = 0.0;       ///< the one that was met last
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

/// Walks over a whole document without keeping any of it. Throws Error for text that is not JSON, for a number beyond
/// the range of double, for lists and objects nested deeper than the dialect says, and for UBJSON that stands for more
/// values than it has bytes.
void walk(std::string_view content, std::string_view file, Events& events, const Dialect& dialect = {});

/// The first byte of a text that is neither blank nor of a byte order mark; 0 when there is none.
char first_mark(std::string_view content);

/// Is this the text of an object in which `"format": "NAME"` stands somewhere? Also of one that is broken elsewhere.
bool says_format(std::string_view content, std::string_view name);

/// A document that has been walked over once, to locate what turns out to be wrong with it.
struct Source {
  std::string_view content, file;
  Dialect dialect{};

  /// Where the value at `path` is (as Cursor writes it), or the nearest value around it that the document has.
  [[nodiscard]] Where find(const std::string& path) const;
  [[noreturn]] void fail(const std::string& path, std::string_view problem) const { throw Error(find(path), problem); }
};

/// The place of the value at `path`, or else of the first one whose path ends with `tail`, which `path` ends with: as
/// `layers[0].bias` is the end of `model.steps[1].layers[0].bias`.
std::optional<Where> find_tail(std::string_view content, std::string_view file, std::string_view path,
                               std::string_view tail);

}  // namespace emlc::formats::json
