#include "cli/console/files.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <system_error>

#include "cli/console/replacement.hpp"
#include "codegen/model/error.hpp"
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

TEST_CASE("write_files: what a killed run has left of a file goes, what another one still writes stays") {
  const Scratch scratch("abandoned");
  const std::string path = scratch / "a";
  const pid_t killed = fork();
  if (killed == 0) {
    const Replacement abandoned({path, "abandoned"});
    _exit(0);
  }
  REQUIRE(waitpid(killed, nullptr, 0) == killed);
  REQUIRE(scratch.names().size() == 1);
  put(scratch / ".emlc-0123456789abcdef-0.tmp", "of another file");
  Replacement slow({path, "slow"});
  write_files(std::vector<OutputFile>{{path, "fast"}});
  CHECK(read_file(path) == "fast");
  CHECK(scratch.names().size() == 3);
  slow.move_into_place();
  CHECK(read_file(path) == "slow");
  CHECK(scratch.names() == std::vector<std::string>{".emlc-0123456789abcdef-0.tmp", "a"});
}

TEST_CASE("write_files: a name as long as names may be") {
  const Scratch scratch("long_name");
  const std::string name(255, 'n');
  write_files(std::vector<OutputFile>{{scratch / name, "text"}, {scratch / "b", ""}});
  CHECK(read_file(scratch / name) == "text");
}

TEST_CASE("places: one for each file, under all of its names and before it is there") {
  const Scratch scratch("places");
  put(scratch / "file", "text");
  std::filesystem::create_symlink("file", scratch / "link");
  std::filesystem::create_symlink("later", scratch / "dangling");
  std::filesystem::create_directory(scratch / "dir");
  std::filesystem::create_symlink(".", scratch / "here");
  CHECK(output_place(scratch / "file") == source_place(scratch / "link"));
  CHECK(output_place(scratch / "later") == output_place(scratch / "dir/../later"));
  CHECK(output_place(scratch / "later") == output_place(scratch / "here/later"));
  CHECK(output_place(scratch / "later") == output_place(scratch / "dangling"));
  CHECK(output_place(scratch / "later") != output_place(scratch / "dir/later"));
  CHECK(output_place(scratch / "later") != output_place(scratch / "file"));
  CHECK_FALSE(source_place(scratch / "later"));
  CHECK_FALSE(source_place("/dev/null"));
}

TEST_CASE("check_writable: says what writing would say") {
  const Scratch scratch("writable");
  check_writable(scratch / "new");
  check_writable("/dev/null");
  const auto problem = [&](const std::string& path) -> std::string {
    try {
      check_writable(path);
    } catch (const std::system_error& refused) {
      return refused.what();
    }
    return {};
  };
  CHECK(problem(scratch.path()) == refusal({{scratch.path(), ""}}));
  CHECK(problem(scratch / "missing/new") == refusal({{scratch / "missing/new", ""}}));
  CHECK(problem(scratch / "missing/new").ends_with("': No such file or directory"));
}

TEST_CASE("read_file: a file of at most 256 MiB, said before one of more is read") {
  const Scratch scratch("large_file");
  put(scratch / "large", "");
  std::filesystem::resize_file(scratch / "large", largest_file + 1);  // without a byte on the disk
  CHECK_THROWS_WITH_AS(read_file(scratch / "large"),
                       ((scratch / "large") + ": larger than 256 MiB, the most that emlc reads").c_str(), emlc::Error);
  CHECK_THROWS_WITH_AS(read_file("/dev/zero"), "/dev/zero: larger than 256 MiB, the most that emlc reads", emlc::Error);
}

TEST_CASE("read_file: what cannot be read") {
  const Scratch scratch("unreadable");
  CHECK_THROWS_WITH_AS(read_file(scratch / "none"),
                       ("cannot read '" + (scratch / "none") + "': No such file or directory").c_str(),
                       std::system_error);
  CHECK_THROWS_WITH_AS(read_file(scratch.path()), ("cannot read '" + scratch.path() + "': Is a directory").c_str(),
                       std::system_error);
}

TEST_CASE("file_name, beside: the last component, and another one in its place") {
  CHECK(file_name("a/b.h") == "b.h");
  CHECK(file_name("b.h") == "b.h");
  CHECK(beside("a/b.h", "c") == "a/c");
  CHECK(beside("b.h", "c") == "c");
  CHECK(beside("/b.h", "../c") == "/../c");
  CHECK(beside("a/b.h", "/c") == "/c");
}

TEST_CASE("stem and extension: of the last component") {
  CHECK(stem("a.b/digits.v2.json") == "digits.v2");
  CHECK(extension("a.b/digits.v2.json") == ".json");
  CHECK(extension("a.b/digits").empty());
}
