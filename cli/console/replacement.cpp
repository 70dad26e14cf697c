#include "cli/console/replacement.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "cli/console/sha256.hpp"

namespace emlc::cli {
namespace {

constexpr mode_t permission_bits = 07777;
constexpr std::string_view suffix = ".tmp";

/// What the names of all temporary files for a place begin with; no longer than a name may be, however long that of the
/// place is.
std::string prefix_of(const std::string& place) {
  constexpr std::size_t digits = 16;
  return fmt::format(".emlc-{}-", sha256(file_name(place)).substr(0, digits));
}

/// A name beside the place; the number tells those of one place apart.
std::string name_beside(const std::string& place, int number) {
  return beside(place, fmt::format("{}{}{}", prefix_of(place), number, suffix));
}

bool lock(const Descriptor& file) { return flock(file.number(), LOCK_EX | LOCK_NB) == 0; }

/// False once somebody has removed the file: its name may be another one's by now.
bool has_name(const Descriptor& file) {
  struct stat info {};
  return fstat(file.number(), &info) == 0 && info.st_nlink > 0;
}

/// False for a file that somebody else is about to remove as abandoned. Where a file system has no locks nobody is.
bool is_ours(const Descriptor& made) { return lock(made) ? has_name(made) : errno != EWOULDBLOCK; }

/// An empty file beside the place, which nobody else has. `asked` is the place in the user's words.
Temporary make_beside(const std::string& place, const std::string& asked) {
  for (int number = 0;; ++number) {
    std::string path = name_beside(place, number);
    Descriptor made(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_before_umask));
    if (!made.is_open() && errno != EEXIST) fail_on("write", asked);
    if (made.is_open() && is_ours(made)) return Temporary(std::move(path), std::move(made));
  }
}

void remove_if_abandoned(const std::string& path) {
  const Descriptor found(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (found.is_open() && lock(found) && has_name(found)) unlink(path.c_str());
}

/// Removes what killed runs have left of a place. In a directory that cannot be listed it stays: nothing depends on it.
void remove_abandoned(const std::string& place) {
  const std::string prefix = prefix_of(place);
  std::error_code problem;
  std::filesystem::directory_iterator entry(directory_of(place), problem);
  for (; !problem && entry != std::filesystem::directory_iterator(); entry.increment(problem)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with(prefix) && name.ends_with(suffix)) remove_if_abandoned(entry->path().string());
  }
}

/// Another name for the file at the place; none where the file system has no hard links.
Temporary link_beside(const std::string& place) {
  for (int number = 0;; ++number) {
    std::string path = name_beside(place, number);
    if (link(place.c_str(), path.c_str()) == 0) return Temporary(std::move(path), Descriptor());
    if (errno != EEXIST) return {};
  }
}

}  // namespace

Temporary::~Temporary() {
  if (exists()) unlink(path_.c_str());
}

Temporary::Temporary(Temporary&& other) noexcept
    : path_(std::exchange(other.path_, std::string())), lock_(std::move(other.lock_)) {}

Temporary& Temporary::operator=(Temporary&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  return *this;
}

bool Temporary::move_to(const std::string& place) noexcept {
  if (std::rename(path_.c_str(), place.c_str()) != 0) return false;
  path_.clear();
  return true;
}

Replacement::Replacement(const OutputFile& file) : asked_(file.path), place_(follow_links(file.path)) {
  struct stat old {};
  const bool is_there = stat(place_.c_str(), &old) == 0;
  if (is_there && access(place_.c_str(), W_OK) != 0) fail_on("write", asked_);
  remove_abandoned(place_);
  fresh_ = make_beside(place_, asked_);
  write_all(fresh_.descriptor(), file.bytes, asked_);
  if (is_there && fchmod(fresh_.descriptor(), old.st_mode & permission_bits) != 0) fail_on("write", asked_);
  if (fsync(fresh_.descriptor()) != 0) fail_on("write", asked_);
}

void Replacement::keep_old() {
  struct stat old {};
  if (stat(place_.c_str(), &old) != 0) return;
  old_ = link_beside(place_);
  if (old_.exists()) return;
  const std::string content = read_file(place_);
  old_ = make_beside(place_, asked_);
  write_all(old_.descriptor(), content, asked_);
  if (fchmod(old_.descriptor(), old.st_mode & permission_bits) != 0) fail_on("write", asked_);
}

void Replacement::move_into_place() {
  is_moved_ = fresh_.move_to(place_);
  if (!is_moved_) fail_on("write", asked_);
}

bool Replacement::put_back() noexcept {
  if (!is_moved_) return true;
  return old_.exists() ? old_.move_to(place_) : unlink(place_.c_str()) == 0;
}

std::string follow_links(const std::string& path) {
  constexpr int most_links = 40;  // as the kernel
  std::string place = path;
  std::error_code ignored;
  for (int n = 0; n < most_links && std::filesystem::is_symlink(place, ignored); ++n) {
    place = beside(place, std::filesystem::read_symlink(place).string());
  }
  return place;
}

std::string directory_of(const std::string& path) { return beside(path, "."); }

}  // namespace emlc::cli
