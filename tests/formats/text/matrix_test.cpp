#include "formats/text/matrix.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>

#include "codegen/model/error.hpp"

namespace {

using Rows = std::vector<std::vector<double>>;
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

std::string npy_file(const std::string& name) {
  std::ifstream in(EMLC_SOURCE_DIR "/tests/data/npy/" + name + ".npy", std::ios::binary);
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

Rows read(std::string_view content) { return emlc::formats::read_matrix(content, "x").rows; }

/// Equal, with NaN equal to NaN and 0 different from -0.
bool same(const Rows& a, const Rows& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].size() != b[i].size()) return false;
    for (std::size_t j = 0; j < a[i].size(); ++j) {
      if (std::isnan(a[i][j]) && std::isnan(b[i][j])) continue;
      if (a[i][j] != b[i][j] || std::signbit(a[i][j]) != std::signbit(b[i][j])) return false;
    }
  }
  return true;
}

/// An NPY 1.0 file with this header and data.
std::string npy(std::string header, std::string_view data = "") {
  std::string file("\x93NUMPY\x01\x00", 8);
  file += static_cast<char>(header.size() & 0xff);
  file += static_cast<char>(header.size() >> 8);
  return file + header + std::string(data);
}

}  // namespace

TEST_CASE("matrix: CSV with and without a header, comments, separators and line ends") {
  CHECK(read("1,2\n3,4\n") == Rows{{1, 2}, {3, 4}});
  CHECK(read("a,b\r\n1,2\r\n3,4") == Rows{{1, 2}, {3, 4}});
  CHECK(read("\xEF\xBB\xBF# made by numpy\nwidth;height\n1.5;-2e3\n\n") == Rows{{1.5, -2000}});
  CHECK(read("1\t+2\n") == Rows{{1, 2}});
  CHECK(read("  1   2\n3 4\n") == Rows{{1, 2}, {3, 4}});
  CHECK(read("7\n8\n") == Rows{{7}, {8}});
}

TEST_CASE("matrix: an empty cell and nan are missing") {
  CHECK(same(read("1,,nan\n, 2 ,NaN\n"), {{1, missing, missing}, {missing, 2, missing}}));
  CHECK(same(read("1\n\n2\n"), {{1}, {missing}, {2}}));
  CHECK(same(read("a\n\n2\n"), {{missing}, {2}}));
}

TEST_CASE("matrix: blank lines mean nothing where a row has several cells, nor around the table") {
  CHECK(read("\n\na,b\n\n1,2\n \n3,4\n\n\n") == Rows{{1, 2}, {3, 4}});
  CHECK(read("\n7\n8\n") == Rows{{7}, {8}});
  const auto table = emlc::formats::read_matrix("a,b\n1,2\n\n3,4\n", "x");
  CHECK(table.lines == std::vector<std::size_t>{2, 4});
}

TEST_CASE("matrix: semicolons separate where there are some, also when a name has a comma") {
  CHECK(read("width, cm;height\n1.5;2\n") == Rows{{1.5, 2}});
  CHECK(read("a,b;c\n1,2\n") == Rows{{1, 2}});
}

TEST_CASE("matrix: a bad CSV is refused with line and column") {
  struct Bad {
    const char* text;
    const char* message;
  };
  for (const Bad& bad : {
           Bad{"", "x: the file is empty"},
           Bad{"a,b\n", "x:1: no row of numbers found"},
           Bad{"# only a comment\n", "x:1: no row of numbers found"},
           Bad{"a;b\n1,5;2\n", "x:2: column 1: '1,5' has a decimal comma, expected a point: '1.5'"},
           Bad{"1\t-2,25e3\n", "x:1: column 2: '-2,25e3' has a decimal comma, expected a point: '-2.25e3'"},
           Bad{"1;1,234,5\n", "x:1: column 2: not a finite number: '1,234,5'"},
           Bad{"1,2\n3\n", "x:2: has 1 columns, the rows before have 2"},
           Bad{"1,2\n3,4,5\n", "x:2: has 3 columns, the rows before have 2"},
           Bad{"1,2\n\n3\n", "x:3: has 1 columns, the rows before have 2"},
           Bad{"1,two\n", "x:1: column 2: not a finite number: 'two'"},
           Bad{"a,b\n1,2\n3,inf\n", "x:3: column 2: not a finite number: 'inf'"},
           Bad{"1 2\n3\n", "x:2: has 1 columns, the rows before have 2"},
           Bad{"1,1e999\n", "x:1: column 2: not a finite number: '1e999'"},
       }) {
    CAPTURE(bad.text);
    CHECK_THROWS_WITH_AS(read(bad.text), bad.message, emlc::Error);
  }
}

TEST_CASE("matrix: NPY files that numpy wrote") {
  const double tenth = 0.1F, thousandth = 1e-3F;
  CHECK(same(read(npy_file("f4")), {{tenth, -2.5, missing}, {thousandth, 16777216, -0.0}}));
  CHECK(same(read(npy_file("f8")), {{0.1, -2.5, missing}, {1e-3, 16777216, -0.0}}));
  CHECK(read(npy_file("i1")) == Rows{{0, 1, 127}, {-128, 7, 42}});
  CHECK(read(npy_file("u1")) == Rows{{0, 1, 255}, {0, 7, 42}});
  CHECK(read(npy_file("i2")) == Rows{{0, 1, 32767}, {-32768, 7, 42}});
  CHECK(read(npy_file("i4")) == Rows{{0, 1, 2147483647}, {-2147483648.0, 7, 42}});
  CHECK(read(npy_file("i8")) == Rows{{0, 1, 0x1p53}, {-0x1p53, 7, 42}});
  CHECK(read(npy_file("b1")) == Rows{{1, 0, 1}, {0, 0, 1}});
  CHECK(read(npy_file("fortran_f8")) == Rows{{1, 2, 3}, {4, 5, 6}});
  CHECK(read(npy_file("column_i8")) == Rows{{3}, {1}, {2}});
  CHECK(read(npy_file("version2_f4")) == Rows{{1.5, 2.5}});
}

TEST_CASE("matrix: an NPY header may have its keys in any order and either quotes") {
  CHECK(read(npy("{\"shape\": (1, 2), 'fortran_order': False, 'descr': '|u1'}\n", "\x05\x06")) == Rows{{5, 6}});
}

TEST_CASE("matrix: an NPY file that is not supported or damaged is refused") {
  struct Bad {
    std::string content;
    const char* message;
  };
  const std::string start = "{'descr': '|u1', 'fortran_order': False, ";
  const std::string version_3 = npy("{}").replace(6, 1, "\x03");
  for (const Bad& bad : {
           Bad{npy_file("big_endian_f8"),
               "x: byte 10 (header): the type '>f8' is not supported, expected one of <f4 <f8 |i1 |u1 <i2 <i4 <i8 |b1"},
           Bad{npy_file("infinite_f4"), "x: byte 132 ([0][1]): is infinite"},
           Bad{npy_file("inexact_i8"), "x: byte 128 ([0][0]): 9007199254740993 is not exact in float64"},
           Bad{npy_file("three_dimensions_f4"), "x: byte 10 (header): the array has 3 dimensions, expected 1 or 2"},
           Bad{version_3, "x: byte 0 (header): NPY version 3.0 is not supported, expected 1.0 or 2.0"},
           Bad{"\x93NUMPY", "x: byte 0 (header): the NPY header is cut off"},
           Bad{npy("{}").substr(0, 11), "x: byte 0 (header): the NPY header is cut off"},
           Bad{npy(""), "x: byte 10 (header): expected '{', found ''"},
           Bad{npy("{}"), "x: byte 10 (header): expected the keys descr, fortran_order and shape"},
           Bad{npy("{'descr': '|u1'} x"), "x: byte 10 (header): expected nothing after the header, found ' x'"},
           Bad{npy("{'descr"), "x: byte 10 (header): expected the end of a string, found 'descr'"},
           Bad{npy("{1: 2}"), "x: byte 10 (header): expected '\"', found '1: 2}'"},
           Bad{npy("{'descr': '|u1', 'descr': '|u1'}"), "x: byte 10 (header): unknown or repeated key 'descr'"},
           Bad{npy("{'fortran_order': 1}"), "x: byte 10 (header): expected True or False, found '1}'"},
           Bad{npy(start + "'shape': (-1,)}"), "x: byte 10 (header): expected a length, found '-1,)}'"},
           Bad{npy(start + "'shape': ()}"), "x: byte 10 (header): the array has 0 dimensions, expected 1 or 2"},
           Bad{npy(start + "'shape': (9999999999,)}"),
               "x: byte 10 (header): expected an integer from 0 to 2147483647, found '9999999999'"},
           Bad{npy(start + "'shape': (2147483647, 2147483647)}", "abc"),
               "x: byte 85 (data): a 2147483647 x 2147483647 array of 1-byte numbers does not have 3 bytes"},
           Bad{npy(start + "'shape': (0, 3)}"), "x: byte 67 (data): no row of numbers found"},
           Bad{npy(start + "'shape': (3,)}", "ab"),
               "x: byte 65 (data): a 3 x 1 array of 1-byte numbers does not have 2 bytes"},
           Bad{npy(start + "'shape': (1,)}", "ab"),
               "x: byte 65 (data): a 1 x 1 array of 1-byte numbers does not have 2 bytes"},
           Bad{npy("{'descr': '|b1', 'fortran_order': False, 'shape': (1,)}", "\x02"),
               "x: byte 65 ([0][0]): a truth value is 0 or 1, found 2"},
       }) {
    CAPTURE(bad.message);
    CHECK_THROWS_WITH_AS(read(bad.content), bad.message, emlc::Error);
  }
}

TEST_CASE("matrix: an NPY file cut anywhere is refused") {
  const std::string whole = npy_file("i2");
  for (std::size_t size = 6; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(read(whole.substr(0, size)), emlc::Error);
  }
}
