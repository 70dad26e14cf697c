#pragma once

#include <string>
#include <utility>

#include "cli/console/descriptor.hpp"
#include "cli/console/files.hpp"

namespace emlc::cli {

/// A file beside another one, which goes away with this object. Its name says beside which, and it is locked for as
/// long as its writer lives: what a killed run has left is known by that, and removed by the next one.
class Temporary {
 public:
  Temporary() = default;  ///< none
  Temporary(std::string path, Descriptor lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  ~Temporary();
  Temporary(Temporary&& other) noexcept;
  Temporary& operator=(Temporary&& other) noexcept;
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  [[nodiscard]] bool exists() const { return !path_.empty(); }
  [[nodiscard]] int descriptor() const { return lock_.number(); }
  /// In the place of whatever is there; false, with errno set, when the system refuses that.
  [[nodiscard]] bool move_to(const std::string& place) noexcept;

 private:
  std::string path_;  ///< empty when there is none, or when it has moved
  Descriptor lock_;
};

/// The new content of a file, complete and synced, waiting beside it. It goes away unless it is moved into place. Links
/// are followed, permissions of an old file stay.
class Replacement {
 public:
  explicit Replacement(const OutputFile& file);  ///< throws std::system_error

  void keep_old();         ///< what is at the place now, so that put_back() can; throws std::system_error
  void move_into_place();  ///< throws std::system_error, with the place as it was
  /// Undoes move_into_place(), after keep_old(). False when the system refuses that.
  [[nodiscard]] bool put_back() noexcept;

  [[nodiscard]] const std::string& asked() const { return asked_; }

 private:
  std::string asked_;  ///< as the user wrote it
  std::string place_;  ///< where it goes
  Temporary fresh_, old_;
  bool is_moved_ = false;
};

/// Where a symbolic link leads, whether something is there or not.
std::string follow_links(const std::string& path);

/// The directory that a file is in: `a/.` of `a/b`, `.` of a bare name.
std::string directory_of(const std::string& path);

}  // namespace emlc::cli
