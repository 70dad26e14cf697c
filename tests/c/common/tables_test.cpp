#include "codegen/c/common/tables.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <stdexcept>
#include <vector>

using namespace emlc::c;

namespace {

Names c_names() { return names_of({}, {.name = "m"}); }

}  // namespace

TEST_CASE("tables: macros are defined when the code mentions them, and only then") {
  CHECK(table_macros(c_names(), "int x;").empty());
  CHECK(table_macros(c_names(), "M_TABLE uint8_t m_t_[1] = {1};\nM_READ_U8(&m_t_[0])\nM_READ_I16(p)") ==
        "#if defined(__AVR__) /* flash is an address space of its own */\n"
        "#include <avr/pgmspace.h>\n"
        "#define M_TABLE static const PROGMEM\n"
        "#define M_READ_U8(p) pgm_read_byte(p)\n"
        "#define M_READ_I16(p) ((int16_t)pgm_read_word(p))\n"
        "#else\n"
        "#define M_TABLE static const\n"
        "#define M_READ_U8(p) (*(p))\n"
        "#define M_READ_I16(p) (*(p))\n"
        "#endif\n");
}

TEST_CASE("tables: in C++ a table is one object for all files") {
  const Names names = names_of({}, {.name = "m", .language = Language::cpp});
  CHECK(table_macros(names, "M_TABLE").find("#define M_TABLE inline constexpr\n") != std::string::npos);
}

TEST_CASE("tables: elements keep their order in lines that fit") {
  Printer out;
  print_table(out, c_names(), "uint8_t", "m_t_", std::vector<std::string>{"1", "2", "3"});
  CHECK(out.text() == "M_TABLE uint8_t m_t_[3] = {\n  1, 2, 3};\n");

  std::vector<std::string> literals;
  for (int i = 0; i < 500; ++i) literals.push_back(std::to_string(i * i));
  Printer longer;
  print_table(longer, c_names(), "int32_t", "m_t_", literals);
  std::istringstream lines(longer.text());
  std::string line, joined;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    CHECK(line.size() <= 100);
    joined += line;
  }
  std::istringstream elements(joined);
  for (int i = 0; i < 500; ++i) {
    int value = -1;
    char separator = 0;
    elements >> value >> separator;
    CHECK(value == i * i);
  }
}

TEST_CASE("tables: an empty table is a bug of the emitter") {
  Printer out;
  CHECK_THROWS_AS(print_table(out, c_names(), "uint8_t", "m_t_", {}), std::logic_error);
}
