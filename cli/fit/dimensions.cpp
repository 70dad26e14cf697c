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
  using enum Order;
  using enum Learns;
  using model::Kind;
  constexpr auto any = std::nullopt;
  return {
      {"--voting", Changes::model, free, no, Kind::trees, {"", "--voting hard"}},
      {"--keep-trees", Changes::model, ordered, from_data, Kind::trees,
       numbers("--keep-trees", {300, 200, 150, 100, 80, 64, 48, 40, 32, 26, 20, 16, 13, 10, 8, 7, 6, 5, 4, 3, 2, 1})},
      {"--prune",
       Changes::model,
       ordered,
       from_data,
       Kind::trees,
       {"", "--prune 0.001", "--prune 0.002", "--prune 0.004", "--prune 0.008", "--prune 0.015", "--prune 0.03",
        "--prune 0.06"}},
      {"--keep-splits",
       Changes::model,
       ordered,
       from_data,
       Kind::trees,
       {"", "--keep-splits 0.95", "--keep-splits 0.9", "--keep-splits 0.85", "--keep-splits 0.8", "--keep-splits 0.7",
        "--keep-splits 0.6", "--keep-splits 0.5", "--keep-splits 0.4", "--keep-splits 0.3", "--keep-splits 0.2"}},
      {"--refine-leaves", Changes::model, free, from_data, Kind::trees, {"", "--refine-leaves"}},
      {"--keep-units", Changes::model, ordered, from_data, Kind::dense,
       numbers("--keep-units", {256, 192, 128, 96, 64, 56, 48, 44, 40, 36, 32, 28, 24, 20, 16, 12, 8})},
      {"--leaf-clusters", Changes::model, ordered, no, Kind::trees,
       numbers("--leaf-clusters", {512, 256, 128, 96, 64, 48, 32, 24, 16, 12, 8, 6, 5, 4, 3, 2})},
      {"--leaf-bits", Changes::model, ordered, no, Kind::trees,
       numbers("--leaf-bits", {14, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1})},
      {"--share-thresholds", Changes::model, free, from_data, Kind::trees, {"", "--share-thresholds"}},
      {"--feature-scale",
       Changes::model,
       free,
       from_data,
       any,
       {"", "--features int16 --feature-scale auto", "--features int16 --feature-scale per-feature",
        "--features int8 --feature-scale auto", "--features int8 --feature-scale per-feature",
        "--features uint8 --feature-scale per-feature"}},
      {"--threshold-clusters", Changes::model, ordered, no, Kind::trees,
       numbers("--threshold-clusters", {256, 128, 64, 48, 32, 24, 16, 12, 8, 6, 4})},
      {"--weights", Changes::model, ordered, from_data, Kind::dense, {"", "--weights int16", "--weights int8"}},
      {"--drop-rounding", Changes::model, free, no, Kind::dense, {"", "--drop-rounding"}},
      {"--arithmetic",
       Changes::model,
       free,
       no,
       Kind::sos,
       {"", "--arithmetic q31", "--arithmetic mixed", "--arithmetic q15", "--arithmetic q15 --headroom 1",
        "--arithmetic q15 --headroom 2", "--arithmetic q15-cmsis"}},
      {"--structure",
       Changes::model,
       free,
       no,
       Kind::sos,
       {"", "--structure direct", "--structure delta", "--structure compensated", "--structure pairs"}},
      {"--optimize", Changes::layout, free, no, any, {"--optimize size", "", "--optimize speed"}},
      {"--layout", Changes::layout, free, no, any, {"", "--layout table", "--layout inline"}},
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

std::vector<Dimension> dimensions_of(const CommandLine& line, Changes changes, model::Kind kind) {
  std::vector<Dimension> dimensions = all_dimensions();
  std::erase_if(dimensions, [&](const Dimension& row) {
    return row.changes != changes || (row.kind && *row.kind != kind) || is_chosen(line, row.name);
  });
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
