#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace emlc::formats {

enum class Presence : std::uint8_t { built_in, left_out };

/// A library that only some formats need, so that emlc may be built without it. built_with.hpp, which CMake writes, has
/// one constant for each.
struct Library {
  std::string_view option;    ///< of CMake: `EMLC_WITH_ONNX`
  std::string_view packages;  ///< of Debian, with blanks between them
  Presence presence;          ///< in this build
};

/// How to get an emlc with the library: `build emlc with EMLC_WITH_ONNX=ON (Debian: libprotobuf-dev
/// protobuf-compiler)`.
std::string way_to(const Library& library);
/// The problem of a file whose format needs a library that this build is without.
std::string refusal_without(const Library& library);

}  // namespace emlc::formats
