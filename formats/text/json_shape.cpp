#include "formats/text/json_shape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace emlc::formats::json {
namespace {

/// A list whose elements are scalars, each added to `into` by `element_of(value, cursor)`.
template <class T, class ElementOf>
Shape scalars(std::vector<T>& into, std::string_view expected, ElementOf element_of) {
  return {.take = refuse_scalar(expected), .list = [&into, element_of] {
            return Shape{.take = [&into, element_of](const Value& value, const Cursor& at) {
              into.push_back(element_of(value, at));
            }};
          }};
}

std::string text_of(const Value& value, const Cursor& at) {
  if (value.type != Type::text) at.refuse(value, "a text");
  return std::string(value.text);
}

char boolean_of(const Value& value, const Cursor& at) {
  if (value.type != Type::boolean) at.refuse(value, "true or false");
  return value.number != 0.0 ? 1 : 0;
}

/// Gives each value of a document to the shape that is in charge of it.
class ShapeReader : public Events {
 public:
  explicit ShapeReader(const Shape& document) : document_(document) {}

  void value(const Value& value, const Cursor& at) override { shape().take(value, at); }

  void begin(Type type, const Cursor& at) override {
    const Shape& outer = shape();
    const bool is_expected = type == Type::list ? outer.list != nullptr : outer.object != nullptr;
    if (!is_expected) {
      outer.take({.type = type}, at);
      throw std::logic_error("a JSON shape took a list or an object that it does not expect");
    }
    Level level;
    if (type == Type::list) {
      level.current = outer.list();
    } else {
      level.fields = outer.object();
      level.is_found.resize(level.fields.fields.size());
    }
    levels_.push_back(std::move(level));
  }

  void key(const Cursor& at) override {
    const std::string_view key = at.steps().back().key;
    Level& level = levels_.back();
    if (level.fields.any_key) {
      level.current = level.fields.any_key(key, at);
      return;
    }
    std::vector<Field>& fields = level.fields.fields;
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.key == key; });
    if (field == fields.end()) {
      const bool is_skipped = level.fields.other_keys == OtherKeys::skipped || key.starts_with("x_");
      if (!is_skipped) refuse_key(key, fields, at);
      level.current = anything();
      return;
    }
    char& is_found = level.is_found[static_cast<std::size_t>(field - fields.begin())];
    if (is_found != 0) at.fail("the key is there twice");
    is_found = 1;
    if (level.fields.found != nullptr) level.fields.found->push_back(field->key);
    level.current = std::move(field->shape);
  }

  void end(const Cursor& at) override {
    const Level& level = levels_.back();
    for (std::size_t index = 0; index < level.is_found.size(); ++index) {
      const Field& field = level.fields.fields[index];
      if (level.is_found[index] != 0 || field.presence == Presence::optional) continue;
      at.fail(fmt::format("the key '{}' is missing", field.key));
    }
    levels_.pop_back();
  }

 private:
  /// A list or an object that has begun and not ended.
  struct Level {
    Shape current{};  ///< of the next element or member
    Fields fields{};
    std::vector<char> is_found{};
  };

  [[noreturn]] static void refuse_key(std::string_view key, std::span<const Field> fields, const Cursor& at) {
    std::vector<std::string_view> known;
    for (const Field& field : fields) known.push_back(field.key);
    at.fail(unknown_name("key", key, known));
  }

  [[nodiscard]] const Shape& shape() const { return levels_.empty() ? document_ : levels_.back().current; }

  const Shape& document_;
  std::vector<Level> levels_;
};

}  // namespace

std::function<void(const Value&, const Cursor&)> refuse_scalar(std::string_view expected) {
  return [expected](const Value& value, const Cursor& at) { at.refuse(value, expected); };
}

double number_of(const Value& value, const Cursor& at) {
  if (value.type != Type::number) at.refuse(value, "a number");
  if (!std::isfinite(value.number)) at.refuse(value, "a finite number");
  return value.number;
}

std::int32_t integer_of(const Value& value, const Cursor& at, std::int32_t lowest, std::int32_t highest) {
  const bool is_whole = value.type == Type::number && value.number == std::floor(value.number);
  if (!is_whole || value.number < lowest || value.number > highest) {
    at.refuse(value, highest == INT32_MAX ? fmt::format("an integer, {} or more", lowest)
                                          : fmt::format("an integer from {} to {}", lowest, highest));
  }
  return static_cast<std::int32_t>(value.number);
}

std::string label_of(const Value& value, const Cursor& at) {
  switch (value.type) {
    case Type::text:
      return std::string(value.text);
    case Type::number:
      return at.written_number();
    case Type::boolean:
      return value.number != 0.0 ? "true" : "false";
    case Type::null:
    case Type::list:
    case Type::object:
      break;
  }
  at.refuse(value, "a text, a number, true or false");
}

std::size_t choice_of(const Value& value, const Cursor& at, const std::vector<std::string_view>& names) {
  if (value.type != Type::text) at.refuse(value, fmt::format("one of {}", fmt::join(names, ", ")));
  const auto found = std::find(names.begin(), names.end(), value.text);
  if (found == names.end()) at.fail(unknown_name("value", value.text, names));
  return static_cast<std::size_t>(found - names.begin());
}

Shape anything() {
  return {.take = [](const Value&, const Cursor&) {},
          .list = anything,
          .object = [] { return Fields{.any_key = [](std::string_view, const Cursor&) { return anything(); }}; }};
}

Shape text(std::string& into) {
  return {.take = [&into](const Value& value, const Cursor& at) { into = text_of(value, at); }};
}

Shape any_text() {
  return {.take = [](const Value& value, const Cursor& at) {
    if (value.type != Type::text) at.refuse(value, "a text");
  }};
}

Shape only(std::string_view text) {
  return {.take = [text](const Value& value, const Cursor& at) { choice_of(value, at, {text}); }};
}

Shape version(std::int32_t readable) {
  return {.take = [readable](const Value& value, const Cursor& at) {
    const std::int32_t found = integer_of(value, at, 1);
    if (found != readable) at.fail(fmt::format("is {}, this emlc reads version {}", found, readable));
  }};
}

Shape label(std::string& into) {
  return {.take = [&into](const Value& value, const Cursor& at) { into = label_of(value, at); }};
}

Shape number(double& into) {
  return {.take = [&into](const Value& value, const Cursor& at) { into = number_of(value, at); }};
}

Shape integer(std::int32_t& into, std::int32_t lowest, std::int32_t highest) {
  return {.take = [&into, lowest, highest](const Value& value, const Cursor& at) {
    into = integer_of(value, at, lowest, highest);
  }};
}

Shape numbers(std::vector<double>& into, Numbers allowed) {
  return scalars(into, "a list of numbers", [allowed](const Value& value, const Cursor& at) {
    return allowed == Numbers::any && value.type == Type::number ? value.number : number_of(value, at);
  });
}
Shape texts(std::vector<std::string>& into) { return scalars(into, "a list of texts", text_of); }
Shape labels(std::vector<std::string>& into) { return scalars(into, "a list of labels", label_of); }
Shape boolean(bool& into) {
  return {.take = [&into](const Value& value, const Cursor& at) { into = boolean_of(value, at) != 0; }};
}

Shape booleans(std::vector<char>& into) { return scalars(into, "a list of true and false", boolean_of); }

Shape integers(std::vector<std::int32_t>& into, std::int32_t lowest) {
  return scalars(into, "a list of integers",
                 [lowest](const Value& value, const Cursor& at) { return integer_of(value, at, lowest); });
}

Shape matrix(std::vector<std::vector<double>>& into, NullIs null_is) {
  const auto cell = [null_is](const Value& value, const Cursor& at) {
    const bool is_missing = value.type == Type::null && null_is == NullIs::nan;
    return is_missing ? std::numeric_limits<double>::quiet_NaN() : number_of(value, at);
  };
  return {.take = refuse_scalar("a list of rows"), .list = [&into, cell] {
            return Shape{.take = refuse_scalar("a list of numbers"),
                         .list = [&into, cell] { return scalars(into.emplace_back(), "", cell).list(); }};
          }};
}

void read(std::string_view content, std::string_view file, const Shape& document, const Dialect& dialect) {
  ShapeReader reader(document);
  walk(content, file, reader, dialect);
}

}  // namespace emlc::formats::json
