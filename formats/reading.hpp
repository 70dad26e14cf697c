#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/model.hpp"

namespace emlc::formats {

/// What some files leave out, so that whoever has the file says it.
struct Supplement {
  std::vector<double> base_score{};  ///< empty: not given; one for all outputs, or one for each
  std::string objective{};           ///< empty: not given
};

/// A model as a file has it.
struct Reading {
  model::Model model{};
  std::vector<std::string> remarks{};  ///< sentences about what the file does not settle, and how it was read
};

/// Throws Error when something is given about a file that says all by itself.
void refuse_supplement(const Supplement& supplement, std::string_view file);

// Far above what a microcontroller takes; a small file must not ask for large tables.
constexpr std::int32_t most_features = 65536;
constexpr std::int32_t most_outputs = 4096;

}  // namespace emlc::formats
