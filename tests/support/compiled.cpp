#include "tests/support/compiled.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace emlc::test {
namespace {

constexpr std::string_view flags =
    "-pedantic -Wall -Wextra -Wconversion -Wsign-conversion -Wdouble-promotion -Wshadow -Werror -ffp-contract=off -O1";

std::filesystem::path fresh_folder() {
  static std::atomic<int> count = 0;
  const auto folder = std::filesystem::path(EMLC_SCRATCH_DIR) / fmt::format("{}_{}", getpid(), count++);
  std::filesystem::create_directories(folder);
  return folder;
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Runs a command of the shell; throws with what it wrote to `messages` when it fails.
void run_command(const std::string& command, const std::filesystem::path& messages) {
  if (std::system(command.c_str()) == 0) return;
  throw std::runtime_error(fmt::format("{}\n{}", command, read_file(messages)));
}

}  // namespace

Program::Program(std::string_view standard, const std::vector<SourceFile>& files) : folder_(fresh_folder()) {
  const bool is_cpp = standard.starts_with("c++");
  std::string sources;
  for (const SourceFile& file : files) {
    write_file(folder_ / file.path, file.text);
    if (file.path.ends_with(".c") || file.path.ends_with(".cpp")) sources += " " + file.path;
  }
  run_command(fmt::format("cd '{}' && {} -x {} -std={} {} -I'{}'{} -o program -lm >messages 2>&1", folder_.string(),
                          is_cpp ? "c++" : "cc", is_cpp ? "c++" : "c", standard, flags, EMLC_RUNTIME_DIR, sources),
              folder_ / "messages");
}

Program::~Program() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string Program::run(std::string_view input) const {
  write_file(folder_ / "input", input);
  run_command(fmt::format("cd '{}' && ./program <input >output 2>messages", folder_.string()), folder_ / "messages");
  return read_file(folder_ / "output");
}

}  // namespace emlc::test
