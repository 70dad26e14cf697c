#include "cli/features/feature_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace emlc::cli {
namespace {

void append_little_endian(std::string& bytes, std::uint64_t bits, std::size_t n_bytes) {
  std::array<char, 8> low{};
  for (std::size_t i = 0; i < low.size(); ++i) low[i] = static_cast<char>((bits >> (8 * i)) & 0xff);
  bytes.append(low.data(), n_bytes);
}

/// Little endian too, in one go: tables are millions of numbers.
template <class Bits>
void append_all(std::string& bytes, const std::vector<double>& values, Bits bits_of) {
  std::size_t at = bytes.size();
  bytes.resize(at + values.size() * sizeof(bits_of(0.0)));
  for (const double value : values) {
    auto cell = std::bit_cast<std::array<char, sizeof(bits_of(0.0))>>(bits_of(value));
    if constexpr (std::endian::native != std::endian::little) std::reverse(cell.begin(), cell.end());
    std::memcpy(bytes.data() + at, cell.data(), cell.size());
    at += cell.size();
  }
}

/// The header of NPY 1.0, which ends at a multiple of 64 bytes.
std::string npy_header(std::string_view descr, std::size_t n_rows, std::size_t n_columns) {
  constexpr std::size_t before_dict = 10, alignment = 64;
  std::string dict =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}, {}), }}", descr, n_rows, n_columns);
  dict.append(alignment - 1 - (before_dict + dict.size()) % alignment, ' ');
  dict.push_back('\n');
  std::string bytes("\x93NUMPY\x01\x00", 8);
  append_little_endian(bytes, dict.size(), 2);
  return bytes + dict;
}

/// As CSV has it: in quotes where a comma, a quote or a line end is in it.
std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string cell = "\"";
  for (const char c : text) {
    if (c == '"') cell.push_back('"');
    cell.push_back(c);
  }
  return cell + '"';
}

}  // namespace

std::string feature_npy(const signal::Plan& plan, const FeatureTable& table) {
  const model::NumberType type = signal::feature_type(plan);
  const auto table_of = [&](std::string_view descr, auto bits_of) {
    std::string bytes = npy_header(descr, table.origins.size(), plan.features.size());
    append_all(bytes, table.values, bits_of);
    return bytes;
  };
  if (type == model::NumberType::int32) {
    return table_of("<i4", [](double v) { return static_cast<std::uint32_t>(static_cast<std::int32_t>(v)); });
  }
  if (type == model::NumberType::float32) {
    return table_of("<f4", [](double v) { return std::bit_cast<std::uint32_t>(static_cast<float>(v)); });
  }
  return table_of("<f8", [](double v) { return std::bit_cast<std::uint64_t>(v); });
}

std::string feature_csv(const signal::Plan& plan, const FeatureTable& table) {
  std::string text;
  const std::size_t n = plan.features.size();
  for (std::size_t column = 0; column < n; ++column) {
    text += plan.features[column].name;
    text.push_back(column + 1 == n ? '\n' : ',');
  }
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    const double value = table.values[i];
    if (plan.features[i % n].is_integer) {
      fmt::format_to(std::back_inserter(text), "{}", static_cast<std::int64_t>(value));
    } else {
      fmt::format_to(std::back_inserter(text), "{}", static_cast<float>(value));
    }
    text.push_back((i + 1) % n == 0 ? '\n' : ',');
  }
  return text;
}

std::string index_csv(const FeatureTable& table, bool has_labels) {
  std::string text = has_labels ? "file,first_frame,label\n" : "file,first_frame\n";
  for (const FeatureTable::Origin& origin : table.origins) {
    text += fmt::format("{},{}", csv_cell(origin.file), origin.first_frame);
    if (has_labels) text += ',' + csv_cell(origin.label);
    text.push_back('\n');
  }
  return text;
}

}  // namespace emlc::cli
