#include "cli/console/descriptor.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <system_error>
#include <utility>

#include "codegen/model/error.hpp"

namespace emlc::cli {

Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

void fail_on(std::string_view verb, const std::string& path, int code) {
  constexpr std::size_t longest = 300;
  throw std::system_error(code, std::generic_category(), fmt::format("cannot {} '{}'", verb, printable(path, longest)));
}

void write_all(int descriptor, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_on("write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace emlc::cli
