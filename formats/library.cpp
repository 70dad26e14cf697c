#include "formats/library.hpp"

#include <fmt/format.h>

namespace emlc::formats {

std::string way_to(const Library& library) {
  return fmt::format("build emlc with -D{}=ON (Debian: {})", library.option, library.packages);
}

std::string refusal_without(const Library& library) {
  return fmt::format("this emlc was built without the library that its format needs; {}", way_to(library));
}

}  // namespace emlc::formats
