#include "cli/sizes/stack_usage.hpp"

#include <doctest/doctest.h>

#include <string>

using emlc::cli::deepest_path;
using emlc::cli::sum_of_frames;

namespace {

std::string node(const std::string& name, const std::string& frame) {
  return "node: { title: \"" + name + "\" label: \"" + name + "\\nm.c:1:2\\n" + frame + "\" }\n";
}
std::string library(const std::string& name) {
  return "node: { title: \"" + name + "\" label: \"" + name + "\\n<built-in>\" shape : ellipse }\n";
}
std::string edge(const std::string& from, const std::string& to) {
  return "edge: { sourcename: \"" + from + "\" targetname: \"" + to + "\" label: \"m.c:3:4\" }\n";
}

}  // namespace

TEST_CASE("stack usage: the deepest path, libraries aside") {
  const std::string calls = edge("call", "m.c:a") + edge("call", "m.c:b") + edge("m.c:a", "m.c:c") +
                            edge("m.c:b", "m.c:c") + edge("m.c:c", "memset") + edge("main", "call");
  const auto graph = [&](const std::string& frame_of_c) {
    return "graph: { title: \"m.c\"\n" + node("call", "8 bytes (static)") + node("m.c:a", "100 bytes (static)") +
           node("m.c:b", "16 bytes (static)") + node("m.c:c", frame_of_c) + library("memset") +
           node("main", "1000 bytes (static)") + calls + "}\n";
  };
  CHECK(deepest_path(graph("32 bytes (static)"), "call") == 140);
  CHECK(deepest_path(graph("32 bytes (dynamic,bounded)"), "call") == 140);
  CHECK(deepest_path(graph("0 bytes (static)"), "call") == 108);
  CHECK(!deepest_path(graph("32 bytes (dynamic)"), "call"));
  CHECK(!deepest_path(graph("32 bytes (static)"), "predict"));
  CHECK(!deepest_path("", "call"));
}

TEST_CASE("stack usage: a cycle or a call through a pointer has no deepest path") {
  const std::string nodes = node("call", "8 bytes (static)") + node("m.c:a", "100 bytes (static)");
  CHECK(deepest_path(nodes + edge("call", "m.c:a"), "call") == 108);
  CHECK(!deepest_path(nodes + edge("call", "m.c:a") + edge("m.c:a", "call"), "call"));
  CHECK(!deepest_path(nodes + edge("m.c:a", "m.c:a") + edge("call", "m.c:a"), "call"));
  const std::string pointer =
      "node: { title: \"__indirect_call\" label: \"Indirect Call Placeholder\" shape : ellipse }\n";
  CHECK(!deepest_path(nodes + pointer + edge("call", "__indirect_call"), "call"));
}

TEST_CASE("stack usage: all frames but main's") {
  CHECK(sum_of_frames("m.h:4:5:a\t10\tstatic\nsize.c:9:1:call\t12\tdynamic,bounded\nsize.c:20:5:main\t99\tstatic\n") ==
        22);
  CHECK(sum_of_frames("m.h:4:5:a\t10\tstatic\nsize.cpp:20:5:int main()\t99\tstatic\n") == 10);
  CHECK(!sum_of_frames("m.h:4:5:a\t10\tdynamic\n"));
  CHECK(!sum_of_frames("m.h:4:5:a\tten\tstatic\n"));
  CHECK(!sum_of_frames("garbage\n"));
  CHECK(!sum_of_frames(""));
}
