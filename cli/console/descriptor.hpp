#pragma once

#include <sys/types.h>

#include <cerrno>
#include <string>
#include <string_view>

namespace emlc::cli {

inline constexpr mode_t mode_before_umask = 0666;  ///< of new files

/// An open file, closed when it goes out of scope. A negative number is none.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

/// Throws std::system_error: `cannot read 'm.json': No such file or directory`.
[[noreturn]] void fail_on(std::string_view verb, const std::string& path, int code = errno);

/// Writes everything. `path` is for the message of the std::system_error.
void write_all(int descriptor, std::string_view bytes, const std::string& path);

}  // namespace emlc::cli
