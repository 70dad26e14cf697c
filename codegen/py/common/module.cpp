#include "codegen/py/common/module.hpp"

#include <fmt/format.h>

#include "codegen/py/common/text.hpp"

namespace emlc::py {
namespace {

/// Of array.array, which takes I and i as 32 bits on every port that has viper.
char type_code(int bytes, bool has_sign) {
  const char code = bytes == 2 ? 'H' : 'I';
  return has_sign ? static_cast<char>(code + ('a' - 'A')) : code;
}

}  // namespace

std::string array_line(std::string_view name, std::size_t n, int bytes, bool has_sign) {
  if (bytes == 1) return fmt::format("{} = bytearray({})\n", name, n);
  return fmt::format("{} = array(\"{}\", bytes({}))\n", name, type_code(bytes, has_sign),
                     n * static_cast<std::size_t>(bytes));
}

std::string table_line(std::string_view name, std::span<const std::int64_t> values, int bytes) {
  return fmt::format("{} = array(\"{}\", {})\n", name, type_code(bytes, false),
                     bytes_literal(little_endian(values, bytes), "    "));
}

std::string_view pointer(Core& core, int bytes) {
  core.viper.insert(bytes == 1 ? Viper::ptr8 : bytes == 2 ? Viper::ptr16 : Viper::ptr32);
  return bytes == 1 ? "ptr8" : bytes == 2 ? "ptr16" : "ptr32";
}

}  // namespace emlc::py
