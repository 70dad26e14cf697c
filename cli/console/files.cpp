#include "cli/console/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/console/descriptor.hpp"
#include "cli/console/replacement.hpp"
#include "cli/console/signals.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

std::optional<struct stat> status(const std::string& path) {
  struct stat result {};
  if (stat(path.c_str(), &result) == 0) return result;
  return std::nullopt;
}

std::optional<struct stat> status(int descriptor) {
  struct stat result {};
  if (fstat(descriptor, &result) == 0) return result;
  return std::nullopt;
}

std::string identity(const struct stat& info) { return fmt::format("{}:{}", info.st_dev, info.st_ino); }

/// Something else than a file: a pipe, a terminal, /dev/null.
bool is_stream(const std::string& path) {
  if (path == standard_stream) return true;
  const auto found = status(path);
  if (found && S_ISDIR(found->st_mode)) fail_on("write", path, EISDIR);
  return found && !S_ISREG(found->st_mode);
}

void write_stream(const OutputFile& file) {
  if (file.path == standard_stream) return write_stdout(file.bytes);
  const Descriptor out(open(file.path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!out.is_open()) fail_on("write", file.path);
  write_all(out.number(), file.bytes, file.path);
}

/// Puts back what has been moved, and says so in the error where that is not possible.
[[noreturn]] void undo(std::span<Replacement> moved, const std::system_error& cause) {
  for (Replacement& replacement : moved) {
    if (replacement.put_back()) continue;
    throw std::system_error(cause.code(), fmt::format("'{}' is written, and what it was before could not be put back; "
                                                      "then writing failed",
                                                      printable(replacement.asked())));
  }
  throw cause;
}

void move_all_into_place(std::span<Replacement> replacements) {
  if (replacements.size() > 1) {
    for (Replacement& replacement : replacements) replacement.keep_old();
  }
  for (std::size_t index = 0; index < replacements.size(); ++index) {
    try {
      replacements[index].move_into_place();
    } catch (const std::system_error& cause) {
      undo(replacements.first(index), cause);
    }
  }
}

}  // namespace

void occupy_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) >= 0) continue;
    // It gets the lowest number that is free, and can only be used the other way round.
    static_cast<void>(open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

std::string read_file(const std::string& path) {
  const bool is_stdin = path == standard_stream;
  const std::string name = is_stdin ? "stdin" : path;
  const Descriptor in(is_stdin ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in.is_open()) fail_on("read", name);
  const auto check_size = [&name](std::size_t size) {
    if (size <= largest_file) return;
    throw Error({.file = name}, fmt::format("larger than {} MiB, the most that emlc reads", largest_file >> 20));
  };
  std::string content;
  if (const auto info = status(in.number()); info && S_ISREG(info->st_mode)) {
    check_size(static_cast<std::size_t>(info->st_size));
    content.reserve(static_cast<std::size_t>(info->st_size));
  }
  std::array<char, 1 << 16> chunk;
  while (true) {
    const ssize_t got = read(in.number(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_on("read", name);
    if (got == 0) return content;
    check_size(content.size() + static_cast<std::size_t>(got));  // before the text doubles its memory once more
    content.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

void append_to_file(const std::string& path, std::string_view bytes) {
  const Descriptor out(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode_before_umask));
  if (!out.is_open()) fail_on("write", path);
  write_all(out.number(), bytes, path);
}

void write_stdout(std::string_view bytes) { write_all(STDOUT_FILENO, bytes, "stdout"); }

void write_files(std::span<const OutputFile> files) {
  std::vector<const OutputFile*> regular;
  for (const OutputFile& file : files) {
    if (!is_stream(file.path)) {
      regular.push_back(&file);
    } else {
      write_stream(file);
    }
  }
  const SignalsHeld held;
  std::vector<Replacement> replacements;
  replacements.reserve(regular.size());
  for (const OutputFile* file : regular) {
    replacements.emplace_back(*file);
    throw_if_interrupted();
  }
  move_all_into_place(replacements);
}

void check_writable(const std::string& path) {
  if (is_stream(path)) return;
  const std::string place = follow_links(path);
  const bool is_there = access(place.c_str(), F_OK) == 0;
  if (is_there && access(place.c_str(), W_OK) != 0) fail_on("write", path);
  if (access(directory_of(place).c_str(), W_OK | X_OK) != 0) fail_on("write", path);
}

std::optional<std::string> source_place(const std::string& path) {
  const auto found = path == standard_stream ? status(STDIN_FILENO) : status(path);
  if (!found || !S_ISREG(found->st_mode)) return std::nullopt;
  return identity(*found);
}

std::string output_place(const std::string& path) {
  const bool is_stdout = path == standard_stream;
  if (const auto found = is_stdout ? status(STDOUT_FILENO) : status(path)) return identity(*found);
  if (is_stdout) return path;
  const std::string place = follow_links(path);
  const auto directory = status(directory_of(place));
  return directory ? fmt::format("{}/{}", identity(*directory), file_name(place)) : place;
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string beside(const std::string& path, const std::string& name) {
  return name.starts_with('/') ? name : path.substr(0, path.rfind('/') + 1) + name;
}

std::string stem(const std::string& path) { return std::filesystem::path(path).stem().string(); }

std::string extension(const std::string& path) { return std::filesystem::path(path).extension().string(); }

}  // namespace emlc::cli
