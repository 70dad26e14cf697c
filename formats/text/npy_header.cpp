#include "formats/text/npy_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "formats/text/text.hpp"

namespace emlc::formats {
namespace {

constexpr std::array dtypes = {
    NpyType{"<f4", NpyKind::floating, 4},       NpyType{"<f8", NpyKind::floating, 8},
    NpyType{"|i1", NpyKind::signed_integer, 1}, NpyType{"|u1", NpyKind::unsigned_integer, 1},
    NpyType{"<i2", NpyKind::signed_integer, 2}, NpyType{"<i4", NpyKind::signed_integer, 4},
    NpyType{"<i8", NpyKind::signed_integer, 8}, NpyType{"|b1", NpyKind::boolean, 1},
};

struct Header {
  std::optional<NpyType> dtype;
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

NpyType parse_descr(HeaderCursor& cursor) {
  const std::string_view descr = cursor.string();
  std::vector<std::string_view> known;
  for (const NpyType& dtype : dtypes) {
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

Where at_byte(std::string_view file, std::size_t byte, std::string_view field) {
  return {.file = std::string(file), .field = fmt::format("byte {} ({})", byte, field)};
}

NpyArray open_npy(std::string_view content, std::string_view file) {
  const auto [header, data] = split_header(content, file);
  return {.type = *header.dtype,
          .is_fortran = *header.fortran_order,
          .n_rows = header.shape->front(),
          .n_columns = header.shape->size() == 2 ? header.shape->back() : 1,
          .start = content.size() - data.size(),
          .data = data};
}

bool is_whole(const NpyArray& array) {
  // Lengths are below 2^31, so their product fits; comparing quotients keeps the bytes from wrapping around too.
  const std::size_t bytes = array.type.bytes;
  return array.data.size() % bytes == 0 && array.data.size() / bytes == std::uint64_t{array.n_rows} * array.n_columns;
}

}  // namespace emlc::formats
