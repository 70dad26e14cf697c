#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emlc::py {

/// A string that Python and MicroPython read as the same text: `'0'`, `'caf\xe9'`. `text` is UTF-8.
std::string string_literal(std::string_view text);

/// A table as a `bytes` literal, one on a line where it fits and else in parentheses, each line behind `indentation`.
std::string bytes_literal(std::span<const std::uint8_t> bytes, std::string_view indentation);

/// The shortest decimal that reads back as this double; infinities as 1e999, which every port overflows to.
std::string number_literal(double value);

/// Values of `width` bytes as planes: all lowest bytes, then all of the next ones. What a viper function assembles from
/// bytes needs no alignment, which frozen and mapped modules do not give. Negative values are in two's complement.
std::vector<std::uint8_t> planes(std::span<const std::int64_t> values, int width);

/// The same values one after the other, little-endian, as array.array takes them.
std::vector<std::uint8_t> little_endian(std::span<const std::int64_t> values, int width);

/// What reads a value of `width` planes of `count` elements each, unsigned: `t[i] | t[i + 90] << 8`; no parentheses.
std::string plane_read(std::string_view table, std::string_view index, std::size_t count, int width);
/// The same, of values that are negative too.
std::string signed_plane_read(std::string_view table, std::string_view index, std::size_t count, int width);

/// The bytes that 0..largest, or lowest..highest with a sign, take: 1 to 4.
int unsigned_width(std::uint64_t largest);
int signed_width(std::int64_t lowest, std::int64_t highest);

/// Lines, each behind `indentation`; the last one without its end.
std::string indented(std::string_view lines, std::string_view indentation);

}  // namespace emlc::py
