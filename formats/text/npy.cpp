#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "codegen/model/error.hpp"
#include "formats/text/matrix.hpp"
#include "formats/text/text.hpp"

namespace emlc::formats {
namespace {

enum class Kind { floating, signed_integer, unsigned_integer, boolean };

struct Dtype {
  std::string_view descr;  ///< as the header has it
  Kind kind;
  std::size_t bytes;
};
constexpr std::array dtypes = {
    Dtype{"<f4", Kind::floating, 4},       Dtype{"<f8", Kind::floating, 8},
    Dtype{"|i1", Kind::signed_integer, 1}, Dtype{"|u1", Kind::unsigned_integer, 1},
    Dtype{"<i2", Kind::signed_integer, 2}, Dtype{"<i4", Kind::signed_integer, 4},
    Dtype{"<i8", Kind::signed_integer, 8}, Dtype{"|b1", Kind::boolean, 1},
};

Where at_byte(std::string_view file, std::size_t byte, std::string_view field) {
  return {.file = std::string(file), .field = fmt::format("byte {} ({})", byte, field)};
}

struct Header {
  std::optional<Dtype> dtype;
  std::optional<bool> fortran_order;
  std::optional<std::vector<std::size_t>> shape;
};

/// Walks the header, which is a Python dict of three literals.
class HeaderCursor {
 public:
  HeaderCursor(std::string_view text, const Where& where) : text_(text), where_(where) {}

  [[noreturn]] void fail(std::string_view expected) const {
    throw Error(where_, fmt::format("expected {}, found '{}'", expected, printable(text_, 20)));
  }
  /// Skips blanks; then true, and past it, if `token` is next.
  bool accept(std::string_view token) {
    text_.remove_prefix(std::min(text_.find_first_not_of(" \n"), text_.size()));
    if (!text_.starts_with(token)) return false;
    text_.remove_prefix(token.size());
    return true;
  }
  void expect(std::string_view token) {
    if (!accept(token)) fail(fmt::format("'{}'", token));
  }
  std::string_view string() {
    const std::string_view quote = accept("'") ? "'" : "\"";
    if (quote == "\"") expect(quote);
    const std::size_t end = text_.find(quote);
    if (end == std::string_view::npos) fail("the end of a string");
    const std::string_view value = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return value;
  }
  std::size_t length() {
    accept("");
    const std::size_t digits = std::min(text_.find_first_not_of("0123456789"), text_.size());
    if (digits == 0) fail("a length");
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    const std::int64_t value = parse_integer(text_.substr(0, digits), 0, most, where_);
    text_.remove_prefix(digits);
    return static_cast<std::size_t>(value);
  }
  [[nodiscard]] bool at_end() const { return text_.find_first_not_of(" \n") == std::string_view::npos; }
  [[nodiscard]] const Where& where() const { return where_; }

 private:
  std::string_view text_;
  Where where_;
};

Dtype parse_descr(HeaderCursor& cursor) {
  const std::string_view descr = cursor.string();
  std::vector<std::string_view> known;
  for (const Dtype& dtype : dtypes) {
    if (dtype.descr == descr) return dtype;
    known.push_back(dtype.descr);
  }
  throw Error(cursor.where(), fmt::format("the type '{}' is not supported, expected one of {}", printable(descr),
                                          fmt::join(known, " ")));
}

bool parse_bool(HeaderCursor& cursor) {
  if (cursor.accept("True")) return true;
  if (!cursor.accept("False")) cursor.fail("True or False");
  return false;
}

std::vector<std::size_t> parse_shape(HeaderCursor& cursor) {
  std::vector<std::size_t> shape;
  cursor.expect("(");
  while (!cursor.accept(")")) {
    shape.push_back(cursor.length());
    if (!cursor.accept(",")) {
      cursor.expect(")");
      break;
    }
  }
  if (shape.empty() || shape.size() > 2) {
    throw Error(cursor.where(), fmt::format("the array has {} dimensions, expected 1 or 2", shape.size()));
  }
  return shape;
}

Header parse_header(std::string_view text, const Where& where) {
  Header header;
  HeaderCursor cursor(text, where);
  cursor.expect("{");
  while (!cursor.accept("}")) {
    const std::string_view key = cursor.string();
    cursor.expect(":");
    if (key == "descr" && !header.dtype) {
      header.dtype = parse_descr(cursor);
    } else if (key == "fortran_order" && !header.fortran_order) {
      header.fortran_order = parse_bool(cursor);
    } else if (key == "shape" && !header.shape) {
      header.shape = parse_shape(cursor);
    } else {
      throw Error(cursor.where(), fmt::format("unknown or repeated key '{}'", printable(key)));
    }
    if (!cursor.accept(",")) {
      cursor.expect("}");
      break;
    }
  }
  if (!cursor.at_end()) cursor.fail("nothing after the header");
  if (!header.dtype || !header.fortran_order || !header.shape) {
    throw Error(cursor.where(), "expected the keys descr, fortran_order and shape");
  }
  return header;
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return value;
}

/// One number of the array, for messages.
struct Element {
  std::string_view file;
  std::size_t byte = 0, row = 0, column = 0;

  [[noreturn]] void fail(std::string_view problem) const {
    throw Error(at_byte(file, byte, fmt::format("[{}][{}]", row, column)), problem);
  }
};

double decode(const Dtype& dtype, std::string_view bytes, const Element& element) {
  const std::uint64_t bits = little_endian(bytes);
  switch (dtype.kind) {
    case Kind::floating: {
      const double value = dtype.bytes == 4
                               ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)))
                               : std::bit_cast<double>(bits);
      if (std::isinf(value)) element.fail("is infinite");
      return value;
    }
    case Kind::signed_integer: {
      const std::size_t unused = 64 - 8 * dtype.bytes;
      const std::int64_t integer = static_cast<std::int64_t>(bits << unused) >> unused;
      constexpr std::int64_t exact = std::int64_t{1} << 53;
      if (integer < -exact || integer > exact) element.fail(fmt::format("{} is not exact in float64", integer));
      return static_cast<double>(integer);
    }
    case Kind::boolean:
      if (bits > 1) element.fail(fmt::format("a truth value is 0 or 1, found {}", bits));
      [[fallthrough]];
    case Kind::unsigned_integer:
      break;
  }
  return static_cast<double>(bits);
}

/// The array header and data behind the magic bytes: checks that both are there, whole, with nothing after them.
std::pair<Header, std::string_view> split_header(std::string_view content, std::string_view file) {
  const std::size_t size = content.size();
  const Where where = at_byte(file, 0, "header");
  constexpr std::size_t magic = 6;
  if (content.size() < magic + 4) throw Error(where, "the NPY header is cut off");
  const auto major = static_cast<unsigned char>(content[magic]);
  const auto minor = static_cast<unsigned char>(content[magic + 1]);
  if ((major != 1 && major != 2) || minor != 0) {
    throw Error(where, fmt::format("NPY version {}.{} is not supported, expected 1.0 or 2.0", major, minor));
  }
  const std::size_t length_bytes = major == 1 ? 2 : 4;
  content.remove_prefix(magic + 2);
  if (content.size() < length_bytes) throw Error(where, "the NPY header is cut off");
  const std::uint64_t length = little_endian(content.substr(0, length_bytes));
  content.remove_prefix(length_bytes);
  if (content.size() < length) throw Error(where, "the NPY header is cut off");
  const auto header_bytes = static_cast<std::size_t>(length);
  const Where dict = at_byte(file, size - content.size(), "header");
  return {parse_header(content.substr(0, header_bytes), dict), content.substr(header_bytes)};
}

}  // namespace

Matrix read_npy(std::string_view content, std::string_view file) {
  const auto [header, data] = split_header(content, file);
  const std::size_t n_rows = header.shape->front();
  const std::size_t n_columns = header.shape->size() == 2 ? header.shape->back() : 1;
  const std::size_t bytes = header.dtype->bytes;
  // Lengths are below 2^31, so their product fits; comparing quotients keeps the bytes from wrapping around too.
  const std::size_t start = content.size() - data.size();
  const Where where = at_byte(file, start, "data");
  if (data.size() % bytes != 0 || data.size() / bytes != std::uint64_t{n_rows} * n_columns) {
    throw Error(where, fmt::format("a {} x {} array of {}-byte numbers does not have {} bytes", n_rows, n_columns,
                                   bytes, data.size()));
  }
  if (n_rows == 0 || n_columns == 0) throw Error(where, "no row of numbers found");
  Matrix matrix;
  matrix.rows.assign(n_rows, std::vector<double>(n_columns));
  for (std::size_t row = 0; row < n_rows; ++row) {
    for (std::size_t column = 0; column < n_columns; ++column) {
      const std::size_t index = *header.fortran_order ? column * n_rows + row : row * n_columns + column;
      matrix.rows[row][column] =
          decode(*header.dtype, data.substr(index * bytes, bytes), {file, start + index * bytes, row, column});
    }
  }
  return matrix;
}

}  // namespace emlc::formats
