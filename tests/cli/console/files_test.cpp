#include "cli/console/files.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <system_error>

#include "tests/cli/program.hpp"

using namespace emlc::cli;
using emlc::cli_test::Scratch;

namespace {

void put(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

/// The message of the std::system_error that writing throws; empty when it throws none.
std::string refusal(const std::vector<OutputFile>& files) {
  try {
    write_files(files);
  } catch (const std::system_error& problem) {
    return problem.what();
  }
  return {};
}

}  // namespace

TEST_CASE("write_files: several files, and nothing else is left") {
  const Scratch scratch("write_files");
  const std::string zeros("a\0b", 3);
  write_files(std::vector<OutputFile>{{scratch / "a", zeros}, {scratch / "b", ""}});
  CHECK(read_file(scratch / "a") == zeros);
  CHECK(read_file(scratch / "b").empty());
  CHECK(scratch.names() == std::vector<std::string>{"a", "b"});
}

TEST_CASE("write_files: all or nothing") {
  const Scratch scratch("all_or_nothing");
  put(scratch / "old", "old");
  SUBCASE("a directory that does not exist") {
    const std::string missing = scratch / "missing/file";
    CHECK(refusal({{scratch / "old", "new"}, {missing, "new"}}) ==
          "cannot write '" + missing + "': No such file or directory");
  }
  SUBCASE("a directory in the place of the file") {
    std::filesystem::create_directory(scratch / "dir");
    CHECK(refusal({{scratch / "old", "new"}, {scratch / "dir", "new"}}) ==
          "cannot write '" + (scratch / "dir") + "': Is a directory");
    std::filesystem::remove(scratch / "dir");
  }
  CHECK(read_file(scratch / "old") == "old");
  CHECK(scratch.names() == std::vector<std::string>{"old"});
}

TEST_CASE("write_files: permissions stay, links are followed, devices are written to") {
  const Scratch scratch("permissions");
  put(scratch / "file", "old");
  chmod((scratch / "file").c_str(), 0640);
  std::filesystem::create_symlink("file", scratch / "link");
  write_files(std::vector<OutputFile>{{scratch / "link", "new"}, {"/dev/null", "gone"}});
  CHECK(read_file(scratch / "file") == "new");
  CHECK(std::filesystem::is_symlink(scratch / "link"));
  struct stat info {};
  stat((scratch / "file").c_str(), &info);
  CHECK((info.st_mode & 07777) == 0640);
  CHECK(std::filesystem::is_character_file("/dev/null"));
}

TEST_CASE("write_files: a link to nowhere makes its target") {
  const Scratch scratch("dangling");
  std::filesystem::create_symlink("target", scratch / "link");
  write_files(std::vector<OutputFile>{{scratch / "link", "new"}});
  CHECK(read_file(scratch / "target") == "new");
}

TEST_CASE("read_file: what cannot be read") {
  const Scratch scratch("unreadable");
  CHECK_THROWS_WITH_AS(read_file(scratch / "none"),
                       ("cannot read '" + (scratch / "none") + "': No such file or directory").c_str(),
                       std::system_error);
  CHECK_THROWS_WITH_AS(read_file(scratch.path()), ("cannot read '" + scratch.path() + "': Is a directory").c_str(),
                       std::system_error);
}

TEST_CASE("stem and extension: of the last component") {
  CHECK(stem("a.b/digits.v2.json") == "digits.v2");
  CHECK(extension("a.b/digits.v2.json") == ".json");
  CHECK(extension("a.b/digits").empty());
}
