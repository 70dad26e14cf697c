#include "formats/text/json_events.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace emlc::formats;

namespace {

/// Writes down what is met, and where.
class Recorder : public json::Events {
 public:
  void value(const json::Value& value, const json::Cursor& at) override {
    const bool is_number = value.type == json::Type::number;
    add("value " + std::string(is_number ? at.written_number() : value.text), at);
  }
  void begin(json::Type type, const json::Cursor& at) override {
    add(type == json::Type::list ? "begin list" : "begin object", at);
  }
  void key(const json::Cursor& at) override { add("key", at); }
  void end(const json::Cursor& at) override { add("end", at); }

  std::vector<std::string> lines;

 private:
  void add(const std::string& what, const json::Cursor& at) { lines.push_back(what + " at " + at.where().text()); }
};

std::size_t line_of(std::string_view content, const std::string& path) {
  return json::Source{content, "f"}.find(path).line;
}

constexpr std::string_view sample = "{\"a\": [1,\n-2.50e+1,\n\n\"x\"], \"b\":\n{\"c\":{}}}";

}  // namespace

TEST_CASE("json: every part is met in file order, with its line and path") {
  Recorder recorder;
  json::walk(sample, "f", recorder);
  CHECK(recorder.lines ==
        std::vector<std::string>{"begin object at f:1", "key at f:1: a", "begin list at f:1: a", "value 1 at f:1: a[0]",
                                 "value -2.50e+1 at f:2: a[1]", "value x at f:4: a[2]", "end at f:4: a",
                                 "key at f:4: b", "begin object at f:5: b", "key at f:5: b.c",
                                 "begin object at f:5: b.c", "end at f:5: b.c", "end at f:5: b", "end at f:5"});
}

TEST_CASE("json: a number at the end of the document is written as it is") {
  Recorder recorder;
  json::walk("\n 12", "f", recorder);
  CHECK(recorder.lines == std::vector<std::string>{"value 12 at f:2"});
}

TEST_CASE("json: the line of a path is that of its value, or of what is around it") {
  CHECK(line_of(sample, "") == 1);
  CHECK(line_of(sample, "a[0]") == 1);
  CHECK(line_of(sample, "a[1]") == 2);
  CHECK(line_of(sample, "a[2]") == 4);
  CHECK(line_of(sample, "b.c") == 5);
  CHECK(line_of(sample, "b.d") == 5);
  CHECK(line_of(sample, "a[3]") == 1);
  CHECK(line_of(sample, "c") == 1);
  // Names that begin alike are not mistaken for one another, nor elements for those of another list.
  CHECK(line_of("{\"ab\":\n[0],\"a\":\n[0,\n0]}", "a[1]") == 4);
  CHECK(line_of("[[0],\n[0,\n0]]", "[0][1]") == 1);
  CHECK(line_of("[0,0,0,0,0,0,0,0,0,0,\n0,0]", "[1]") == 1);
}

TEST_CASE("json: numbers that are not finite are numbers in the lenient syntax alone") {
  constexpr std::string_view text = "[NaN, \"NaN, \\\"Infinity\",\n-Infinity, Infinity, \"N\", \"-Infini\"]";
  Recorder recorder;
  json::walk(text, "f", recorder, {json::Syntax::lenient});
  CHECK(recorder.lines == std::vector<std::string>{"begin list at f:1", "value nan at f:1: [0]",
                                                   "value NaN, \"Infinity at f:1: [1]", "value -inf at f:2: [2]",
                                                   "value inf at f:2: [3]", "value N at f:2: [4]",
                                                   "value -Infini at f:2: [5]", "end at f:2"});
  CHECK_THROWS_WITH_AS(json::walk(text, "f", recorder), "f:1: [0]: not valid JSON: unexpected 'NaN'", emlc::Error);
}

TEST_CASE("json: UBJSON has the same parts, their places are bytes") {
  Recorder recorder;
  // {"a": [1 as int8, 2.5 as float32], "b": true}; a list or an object begins where its first byte inside is known.
  const std::string bytes("{i\1a[i\1d\x40\x20\x00\x00]i\1bT}", 18);
  json::walk(bytes, "f", recorder, {json::Syntax::universal});
  CHECK(recorder.lines == std::vector<std::string>{
                              "begin object at f: byte 2", "key at f: byte 4 (a)", "begin list at f: byte 6 (a)",
                              "value 1 at f: byte 7 (a[0])", "value 2.5 at f: byte 12 (a[1])", "end at f: byte 13 (a)",
                              "key at f: byte 16 (b)", "value  at f: byte 17 (b)", "end at f: byte 18"});
}
