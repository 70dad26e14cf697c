#include "cli/fit/dimensions.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emlc::cli::fit {
namespace {

/// `--leaf-bits 8` for each number; before them the default.
std::vector<std::string> numbers(std::string_view option, std::initializer_list<int> values) {
  std::vector<std::string> texts = {""};
  for (const int value : values) texts.push_back(fmt::format("{} {}", option, value));
  return texts;
}

/// A row for each thing that can be chosen; a new option of convert that makes models smaller is a row more.
std::vector<Dimension> all_dimensions() {
  using enum Changes;
  using enum Order;
  using enum Learns;
  return {
      {"--voting", model, free, no, {"", "--voting hard"}},
      {"--keep-trees", model, ordered, from_data,
       numbers("--keep-trees", {300, 200, 150, 100, 80, 64, 48, 40, 32, 26, 20, 16, 13, 10, 8, 7, 6, 5, 4, 3, 2, 1})},
      {"--prune",
       model,
       ordered,
       from_data,
       {"", "--prune 0.001", "--prune 0.002", "--prune 0.004", "--prune 0.008", "--prune 0.015", "--prune 0.03",
        "--prune 0.06"}},
      {"--refine-leaves", model, free, from_data, {"", "--refine-leaves"}},
      {"--keep-units", model, ordered, from_data,
       numbers("--keep-units", {256, 192, 128, 96, 64, 56, 48, 44, 40, 36, 32, 28, 24, 20, 16, 12, 8})},
      {"--leaf-clusters", model, ordered, no,
       numbers("--leaf-clusters", {512, 256, 128, 96, 64, 48, 32, 24, 16, 12, 8, 6, 5, 4, 3, 2})},
      {"--leaf-bits", model, ordered, no, numbers("--leaf-bits", {14, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1})},
      {"--share-thresholds", model, free, from_data, {"", "--share-thresholds"}},
      {"--feature-scale",
       model,
       free,
       from_data,
       {"", "--features int16 --feature-scale auto", "--features int16 --feature-scale per-feature",
        "--features int8 --feature-scale auto", "--features int8 --feature-scale per-feature",
        "--features uint8 --feature-scale per-feature"}},
      {"--weights", model, ordered, from_data, {"", "--weights int16", "--weights int8"}},
      {"--drop-rounding", model, free, no, {"", "--drop-rounding"}},
      {"--arithmetic",
       model,
       free,
       no,
       {"", "--arithmetic q31", "--arithmetic mixed", "--arithmetic q15", "--arithmetic q15 --headroom 1",
        "--arithmetic q15 --headroom 2", "--arithmetic q15-cmsis"}},
      {"--structure",
       model,
       free,
       no,
       {"", "--structure direct", "--structure delta", "--structure compensated", "--structure pairs"}},
      {"--optimize", layout, free, no, {"--optimize size", "", "--optimize speed"}},
      {"--layout", layout, free, no, {"", "--layout table", "--layout inline"}},
  };
}

/// Given by the user: --feature-scale belongs to the type of the features.
bool is_chosen(const CommandLine& line, std::string_view name) {
  const auto given = [&](std::string_view option) {
    const Option* found = find_option(line, option);
    return found != nullptr && is_given(*found);
  };
  return given(name) || (name == "--feature-scale" && given("--features"));
}

}  // namespace

std::vector<Dimension> dimensions_of(const CommandLine& line, Changes changes) {
  std::vector<Dimension> dimensions = all_dimensions();
  std::erase_if(dimensions, [&](const Dimension& row) { return row.changes != changes || is_chosen(line, row.name); });
  return dimensions;
}

std::string options_text(std::span<const Dimension> dimensions, const Choice& choice) {
  std::string text;
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    const std::string& value = dimensions[i].values[choice[i]];
    if (!value.empty()) text += (text.empty() ? "" : " ") + value;
  }
  return text;
}

bool learns(std::span<const Dimension> dimensions, const Choice& choice) {
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    if (choice[i] != 0 && dimensions[i].learns == Learns::from_data) return true;
  }
  return false;
}

}  // namespace emlc::cli::fit
