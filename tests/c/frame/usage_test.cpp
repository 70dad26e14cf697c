// What the comment at the top of a header says of calling it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/support/compiled.hpp"

using namespace emlc;
namespace fs = std::filesystem;

namespace {

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The lines of code after a line of the comment, up to the next one that is no code.
std::string code_after(const std::string& header, const std::string& line) {
  std::string code;
  for (std::size_t at = header.find('\n', header.find(line)) + 1; header.compare(at, 5, " *   ") == 0;) {
    const std::size_t end = header.find('\n', at) + 1;
    code += header.substr(at + 5, end - at - 5);
    at = end;
  }
  return code;
}

struct Golden {
  std::string name, header;  ///< of the model; the content
  bool is_c = true;
};

std::vector<Golden> golden_headers() {
  std::vector<Golden> found;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(EMLC_SOURCE_DIR) / "tests/golden")) {
    const std::string extension = entry.path().extension().string();
    const bool is_blob = entry.path().stem().string().ends_with("_blob");
    if (is_blob || (extension != ".h" && extension != ".hpp")) continue;
    found.push_back({entry.path().stem().string(), read_file(entry.path()), extension == ".h"});
  }
  return found;
}

}  // namespace

TEST_CASE("usage: the example of every golden header is a program, and its prototypes are those of the functions") {
  const std::vector<Golden> headers = golden_headers();
  REQUIRE(headers.size() >= 22);
  for (const Golden& golden : headers) {
    CAPTURE(golden.header.substr(0, 2000));
    const std::string file = golden.is_c ? "model.h" : "model.hpp";
    const std::string example = code_after(golden.header, " * For example:\n");
    const std::string prototypes = code_after(golden.header, " * Functions");
    CHECK(std::count(example.begin(), example.end(), '\n') >= 3);
    CHECK(std::count(example.begin(), example.end(), '\n') <= 7);
    REQUIRE(!prototypes.empty());
    // A second declaration of another type would not compile; one of a function that is not there would not link, as
    // inline functions have to be defined.
    std::string again;
    for (std::size_t at = 0; at < prototypes.size(); at = prototypes.find('\n', at) + 1) {
      again += (golden.is_c ? "static inline " : "inline ") + prototypes.substr(at, prototypes.find('\n', at) + 1 - at);
    }
    const std::string declared = golden.is_c ? again : fmt::format("namespace {} {{\n{}}}\n", golden.name, again);
    const std::string main =
        fmt::format("#include \"{}\"\n{}int main(void) {{\n{}return 0;\n}}\n", file, declared, example);
    const std::string standard = golden.is_c ? "c99" : "c++17";
    const test::Program program(standard + " -Wno-unused -Wno-unused-but-set-variable",
                                {{file, golden.header}, {golden.is_c ? "main.c" : "main.cpp", main}});
    CHECK(program.run("").empty());
  }
}
