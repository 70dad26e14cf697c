#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/text/json_events.hpp"

/// The shape of a document, declared as functions that say which values are expected and where they go. Nothing of the
/// document is kept but what the shape asks for. Targets are taken by reference and have to outlive the reading.
namespace emlc::formats::json {

struct Fields;

/// What is expected of one value.
struct Shape {
  /// Takes a value that is neither a list nor an object. Refuses, with Cursor::refuse, everything it has no use for; it
  /// is also asked to refuse lists and objects when the functions below are empty.
  std::function<void(const Value&, const Cursor&)> take;
  std::function<Shape()> list{};     ///< called when a list begins: the shape of its elements
  std::function<Fields()> object{};  ///< called when an object begins: its keys
};

enum class Presence { required, optional };

struct Field {
  std::string_view key;
  Presence presence;
  Shape shape;
};

enum class OtherKeys {
  refused,  ///< except those that start with `x_`: they are skipped
  skipped,  ///< of documents that newer versions of a library add to
};

/// The keys of an object.
struct Fields {
  std::vector<Field> fields{};
  OtherKeys other_keys = OtherKeys::refused;
  std::vector<std::string_view>* found = nullptr;                               ///< gets each key that is there
  std::function<Shape(std::string_view key, const Cursor&)> any_key = nullptr;  ///< instead of `fields`
};

Shape anything();  ///< skipped
Shape text(std::string& into);
Shape any_text();                      ///< a text that nobody needs
Shape only(std::string_view text);     ///< a text that can be nothing else
Shape version(std::int32_t readable);  ///< of a document: the only one that this emlc reads
Shape label(std::string& into);        ///< a text, number or boolean, as it is written
Shape number(double& into);
Shape integer(std::int32_t& into, std::int32_t lowest, std::int32_t highest = INT32_MAX);
enum class Numbers { finite, any };
Shape numbers(std::vector<double>& into, Numbers allowed = Numbers::finite);
Shape texts(std::vector<std::string>& into);
Shape labels(std::vector<std::string>& into);
Shape boolean(bool& into);
Shape booleans(std::vector<char>& into);
Shape integers(std::vector<std::int32_t>& into, std::int32_t lowest);
enum class NullIs { refused, nan };
Shape matrix(std::vector<std::vector<double>>& into, NullIs null_is = NullIs::refused);

/// The number of a value that is one, and finite; refuses every other value.
double number_of(const Value& value, const Cursor& at);
/// A whole number in [lowest, highest]; 3.0 and 3e0 are whole.
std::int32_t integer_of(const Value& value, const Cursor& at, std::int32_t lowest, std::int32_t highest = INT32_MAX);
std::string label_of(const Value& value, const Cursor& at);
/// The text of a value that is one of `names`: its place among them.
std::size_t choice_of(const Value& value, const Cursor& at, const std::vector<std::string_view>& names);

/// A shape that is never right for a scalar: a list or an object, called `expected` in the refusal.
std::function<void(const Value&, const Cursor&)> refuse_scalar(std::string_view expected);

/// An object that goes into `into`, by the fields that `fields_of(into)` gives.
template <class T>
Shape object(T& into, Fields (*fields_of)(T&)) {
  return {.take = refuse_scalar("an object"), .object = [&into, fields_of] { return fields_of(into); }};
}

/// A list of objects, each a new element of `into`.
template <class T>
Shape objects(std::vector<T>& into, Fields (*fields_of)(T&)) {
  return {.take = refuse_scalar("a list of objects"), .list = [&into, fields_of] {
            return Shape{.take = refuse_scalar("an object"),
                         .object = [&into, fields_of] { return fields_of(into.emplace_back()); }};
          }};
}

template <class E>
using Choices = std::vector<std::pair<std::string_view, E>>;

/// One of a few texts; each stands for a value of `E`.
template <class E>
std::function<E(const Value&, const Cursor&)> choice_from(const Choices<E>& choices) {
  std::vector<std::string_view> names;
  for (const auto& choice : choices) names.push_back(choice.first);
  return [choices, names = std::move(names)](const Value& value, const Cursor& at) {
    return choices[choice_of(value, at, names)].second;
  };
}

template <class E>
Shape choice(E& into, const Choices<E>& choices) {
  return {.take = [&into, chosen = choice_from(choices)](const Value& value, const Cursor& at) {
    into = chosen(value, at);
  }};
}

/// The choices of an enumeration whose values have a `name`.
template <class E>
Choices<E> named(std::initializer_list<E> values) {
  Choices<E> choices;
  for (const E value : values) choices.emplace_back(name(value), value);
  return choices;
}

/// Reads a whole document of this shape. Throws Error with file, line and path for JSON that is broken, a value of
/// another type, a number out of range, and a key that is missing, unknown or there twice.
void read(std::string_view content, std::string_view file, const Shape& document, const Dialect& dialect = {});

}  // namespace emlc::formats::json
