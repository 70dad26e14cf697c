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
  CHECK(json::find_line(sample, "") == 1);
  CHECK(json::find_line(sample, "a[0]") == 1);
  CHECK(json::find_line(sample, "a[1]") == 2);
  CHECK(json::find_line(sample, "a[2]") == 4);
  CHECK(json::find_line(sample, "b.c") == 5);
  CHECK(json::find_line(sample, "b.d") == 5);
  CHECK(json::find_line(sample, "a[3]") == 1);
  CHECK(json::find_line(sample, "c") == 1);
  // Names that begin alike are not mistaken for one another, nor elements for those of another list.
  CHECK(json::find_line("{\"ab\":\n[0],\"a\":\n[0,\n0]}", "a[1]") == 4);
  CHECK(json::find_line("[[0],\n[0,\n0]]", "[0][1]") == 1);
  CHECK(json::find_line("[0,0,0,0,0,0,0,0,0,0,\n0,0]", "[1]") == 1);
}
