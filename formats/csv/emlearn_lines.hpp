#pragma once

#include <emlc/csv_limits.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/error.hpp"

namespace emlc::formats {

// What the int8 and int16 fields of emlearn's device structs hold.
constexpr std::int64_t highest_feature = EMLC_CSV_EMLEARN_FEATURE, most_classes = EMLC_CSV_EMLEARN_CLASSES;
constexpr std::int64_t int16_lowest = -32768, int16_highest = 32767;

struct LeafLine {
  std::size_t number = 0;
  std::string text;  ///< a class index, a float, or a bracketed row of bytes
};
struct RootLine {
  std::size_t number = 0;
  std::int64_t node = 0;
};
struct NodeLine {
  std::size_t number = 0;
  std::string_view feature, threshold, left, right;
};

/// An emlearn trees CSV: its lines by kind, nodes still as written.
struct EmlearnLines {
  std::string_view file{};
  std::optional<std::int64_t> n_features{}, n_classes{}, leaf_bits{};
  std::vector<LeafLine> leaves{};
  std::vector<RootLine> roots{};
  std::vector<NodeLine> nodes{};

  [[nodiscard]] Where at(std::size_t line, std::string_view field) const {
    return {.file = std::string(file), .line = line, .field = std::string(field)};
  }
  /// Files from before emlearn 0.20.4: neither f nor c, children are absolute.
  [[nodiscard]] bool is_old() const { return !n_features && !n_classes; }
};

/// True when the line is of a kind that emlearn's reader knows.
bool is_emlearn_line(std::string_view line);

/// Sorts the lines of a file; the views point into `content`. Lines of unknown kind are skipped, as the device's reader
/// does. Throws Error for a wrong number of fields, a number out of range, or a file without a tree.
EmlearnLines scan_emlearn(std::string_view content, std::string_view file);

}  // namespace emlc::formats
