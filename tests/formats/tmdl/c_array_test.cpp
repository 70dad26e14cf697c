#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "codegen/model/error.hpp"
#include "formats/format.hpp"
#include "formats/tmdl/c_array.hpp"
#include "formats/writers.hpp"
#include "tests/formats/tmdl/models.hpp"

/// A blob as an array of bytes in C, whoever wrote it.
namespace {

using namespace emlc;

std::string blob() { return formats::write_tmdl(test::trees()).bytes; }

/// `before` each byte and `after` it, by a format for the number: "0x{:02x}," and the like.
std::string array_of(std::string_view bytes, fmt::format_string<int> number) {
  std::string text;
  for (const char c : bytes) text += fmt::format(number, int{static_cast<unsigned char>(c)});
  return text;
}

std::string refusal(const std::string& text) {
  try {
    static_cast<void>(formats::read_tmdl_c(text, "m.c"));
  } catch (const Error& refused) {
    return refused.what();
  }
  return "";
}

}  // namespace

TEST_CASE("blob in C: the bytes of an array in every way that C writes them") {
  const std::string bytes = blob();
  for (const std::string& text :
       {"unsigned char m_tmdl[] = {\n" + array_of(bytes, "0x{:02x},\n") + "};\nunsigned int m_tmdl_len = 216;\n",
        "const uint8_t a[]={" + array_of(bytes, "{},") + "};",
        "/* = { 1, 2 */ // = {\nconst uint8_t a[9] /* x */ = // y\n {" + array_of(bytes, " 0X{:X}u /* , */,") + "\n}",
        "int b = 1 == 2;\r\nstatic const char m[] =\r\n{" + array_of(bytes, "\r\n{} ,") + "/**/};"}) {
    CAPTURE(text);
    CHECK(formats::is_tmdl_c(text));
    CHECK(formats::recognise(text, "m.c").name == "tmdl-c");
    CHECK(formats::blob_in(text, "m.c") == bytes);
    CHECK(formats::write_tmdl(formats::read_tmdl_c(text, "m.c")).bytes == bytes);
  }
  CHECK(formats::blob_in(bytes, "m.tmdl") == bytes);
}

TEST_CASE("blob in C: what is no array of a blob is not recognised") {
  const std::string numbers = array_of(blob(), "{},");
  for (const std::string& text :
       {std::string(), std::string("="), std::string("= {"), std::string("a[] = {77, 65, 73"), "{" + numbers + "}",
        "/* a[] = {" + numbers + "}", "a[] = {1," + numbers + "}", std::string("a[] = {'M', 'A', 'I', 'X'}"),
        std::string("a[] = {0115, 0101, 0111, 0130}"), std::string("a[] = {77 65 73 88}"),
        std::string("a[] = \"MAIX\""), std::string("a = /*/*/*/*/*/*/*/*/*/*")}) {
    CAPTURE(text);
    CHECK_FALSE(formats::is_tmdl_c(text));
    CHECK(refusal(text) == "m.c: there is no array of bytes that begins as a .tmdl blob does");
  }
}

TEST_CASE("blob in C: what is wrong in the array is refused with its line and its byte") {
  const std::string start = "a[] = {\n77, 65, 73, 88,\n";
  struct Bad {
    std::string text, message;
  };
  const std::string expected = "expected a number from 0 to 255 and a comma or the end of the array, found ";
  for (const Bad& bad : {
           Bad{start + "256, 1}", "m.c:3: byte 4: " + expected + "'256'"},
           Bad{start + "1,\n\n -1}", "m.c:5: byte 5: " + expected + "'-1'"},
           Bad{start + "0x1ff}", "m.c:3: byte 4: " + expected + "'0x1ff'"},
           Bad{start + "0x}", "m.c:3: byte 4: " + expected + "'0x'"},
           Bad{start + "017}", "m.c:3: byte 4: " + expected + "'017'"},
           Bad{start + "1.0}", "m.c:3: byte 4: " + expected + "'1.0'"},
           Bad{start + "x}", "m.c:3: byte 4: " + expected + "'x'"},
           Bad{start + ",}", "m.c:3: byte 4: " + expected + "''"},
           Bad{start + "1 2}", "m.c:3: byte 4: " + expected + "'1'"},
           Bad{start + "1", "m.c:3: byte 4: " + expected + "'1'"},
           Bad{start + "1,", "m.c:3: byte 5: " + expected + "the end of the file"},
           Bad{start + "1, /* }", "m.c:3: byte 5: " + expected + "the end of the file"},
           Bad{start + "}", "m.c: byte 4 (mdl_type): the file is cut off: it has 4 bytes, 1 are needed here"},
       }) {
    CAPTURE(bad.text);
    CHECK(refusal(bad.text) == bad.message);
  }
}
