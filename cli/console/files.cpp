#include "cli/console/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/console/signals.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

constexpr std::size_t size_limit = std::size_t{1} << 30;
constexpr mode_t mode_before_umask = 0666, permission_bits = 07777;

[[noreturn]] void fail(std::string_view what, const std::string& path, int code = errno) {
  throw std::system_error(code, std::generic_category(), fmt::format("cannot {} '{}'", what, printable(path, 300)));
}

/// An open file, closed when it goes out of scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

void write_all(int descriptor, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::optional<struct stat> status(const std::string& path) {
  struct stat result {};
  if (stat(path.c_str(), &result) == 0) return result;
  return std::nullopt;
}

/// Something else than a file: a pipe, a terminal, /dev/null.
bool is_stream(const std::string& path) {
  if (path == standard_stream) return true;
  const auto found = status(path);
  if (found && S_ISDIR(found->st_mode)) fail("write", path, EISDIR);
  return found && !S_ISREG(found->st_mode);
}

void write_stream(const OutputFile& file) {
  if (file.path == standard_stream) return write_stdout(file.bytes);
  const Descriptor out(open(file.path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!out.is_open()) fail("write", file.path);
  write_all(out.number(), file.bytes, file.path);
}

/// Where a symbolic link leads, whether something is there or not.
std::string follow_links(const std::string& path) {
  constexpr int most_links = 40;  // as the kernel
  std::filesystem::path place(path);
  std::error_code ignored;
  for (int n = 0; n < most_links && std::filesystem::is_symlink(place, ignored); ++n) {
    place = place.parent_path() / std::filesystem::read_symlink(place);
  }
  return place.string();
}

/// The complete content of a file under another name in the same directory; removed unless it was moved into place.
class Temporary {
 public:
  explicit Temporary(const OutputFile& file) : asked_(file.path), place_(follow_links(file.path)) {
    const auto old = status(place_);
    if (old && access(place_.c_str(), W_OK) != 0) fail("write", asked_);
    const Descriptor out(create());
    try {
      write_all(out.number(), file.bytes, asked_);
      if (old && fchmod(out.number(), old->st_mode & permission_bits) != 0) fail("write", asked_);
      if (fsync(out.number()) != 0) fail("write", asked_);
    } catch (...) {
      unlink(path_.c_str());
      throw;
    }
  }
  ~Temporary() {
    if (!path_.empty()) unlink(path_.c_str());
  }
  Temporary(Temporary&& other) noexcept
      : asked_(std::move(other.asked_)),
        place_(std::move(other.place_)),
        path_(std::exchange(other.path_, std::string())) {}
  Temporary& operator=(Temporary&&) = delete;

  void move_into_place() {
    if (std::rename(path_.c_str(), place_.c_str()) != 0) fail("write", asked_);
    path_.clear();
  }

 private:
  /// Sets path_ to a name that nobody uses.
  int create() {
    for (int number = 0;; ++number) {
      path_ = std::filesystem::path(place_).replace_filename(fmt::format(".emlc-{}-{}.tmp", getpid(), number)).string();
      const int descriptor = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_before_umask);
      if (descriptor >= 0) return descriptor;
      if (errno != EEXIST) fail("write", asked_);
    }
  }

  std::string asked_;  ///< as the user wrote it
  std::string place_;  ///< where it goes
  std::string path_;   ///< where it is; empty once it is in place
};

}  // namespace

std::string read_file(const std::string& path) {
  const bool is_stdin = path == standard_stream;
  const Descriptor in(is_stdin ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in.is_open()) fail("read", path);
  struct stat info {};
  std::string content;
  if (fstat(in.number(), &info) == 0 && S_ISREG(info.st_mode) && static_cast<std::size_t>(info.st_size) <= size_limit) {
    content.reserve(static_cast<std::size_t>(info.st_size));
  }
  std::array<char, 1 << 16> chunk;
  while (true) {
    const ssize_t got = read(in.number(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read", path);
    if (got == 0) return content;
    content.append(chunk.data(), static_cast<std::size_t>(got));
    if (content.size() > size_limit) throw Error({.file = path}, "larger than 1 GiB, the most that emlc reads");
  }
}

void append_to_file(const std::string& path, std::string_view bytes) {
  const Descriptor out(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode_before_umask));
  if (!out.is_open()) fail("write", path);
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
  std::vector<Temporary> temporaries;
  for (const OutputFile* file : regular) {
    temporaries.emplace_back(*file);
    throw_if_interrupted();
  }
  for (Temporary& temporary : temporaries) temporary.move_into_place();
}

bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code ignored;
  return std::filesystem::equivalent(a, b, ignored);
}

std::string stem(const std::string& path) { return std::filesystem::path(path).stem().string(); }

std::string extension(const std::string& path) { return std::filesystem::path(path).extension().string(); }

}  // namespace emlc::cli
