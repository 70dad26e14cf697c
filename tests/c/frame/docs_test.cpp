// The examples of docs/guide-headers.md and docs/headers.md are whole programs around the headers in tests/golden: each
// compiles without a warning and prints what the page says.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

#include "tests/support/compiled.hpp"

using namespace emlc;
namespace fs = std::filesystem;

namespace {

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Block {
  std::string language, text;
};

/// The fenced blocks of a page in order.
std::vector<Block> blocks_of(const std::string& page) {
  std::vector<Block> blocks;
  for (std::size_t start = 0; (start = page.find("```", start)) != std::string::npos;) {
    const std::size_t line_end = page.find('\n', start);
    const std::size_t end = page.find("```", line_end);
    REQUIRE(end != std::string::npos);
    blocks.push_back({page.substr(start + 3, line_end - start - 3), page.substr(line_end + 1, end - line_end - 1)});
    start = end + 3;
  }
  return blocks;
}

std::vector<test::SourceFile> golden_headers() {
  std::vector<test::SourceFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(EMLC_SOURCE_DIR) / "tests/golden")) {
    const std::string extension = entry.path().extension().string();
    if (extension == ".h" || extension == ".hpp") files.push_back({entry.path().filename().string(), read_file(entry)});
  }
  return files;
}

}  // namespace

TEST_CASE("docs: every example of the pages about headers compiles and prints what the page says") {
  std::vector<Block> blocks;
  for (const char* page : {"docs/guide-headers.md", "docs/headers.md"}) {
    const std::vector<Block> more = blocks_of(read_file(fs::path(EMLC_SOURCE_DIR) / page));
    blocks.insert(blocks.end(), more.begin(), more.end());
  }
  std::size_t n_examples = 0;
  for (std::size_t i = 0; i + 1 < blocks.size(); ++i) {
    const bool is_cpp = blocks[i].language == "cpp";
    if (!is_cpp && blocks[i].language != "c") continue;
    CAPTURE(blocks[i].text);
    REQUIRE(blocks[i + 1].language == "text");
    std::vector<test::SourceFile> files = golden_headers();
    files.push_back({is_cpp ? "main.cpp" : "main.c", blocks[i].text});
    const test::Program program(is_cpp ? "c++17" : "c99", files);
    CHECK(program.run("") == blocks[i + 1].text);
    ++n_examples;
  }
  CHECK(n_examples == 9);
}
