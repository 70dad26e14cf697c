#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "formats/onnx/file/graph.hpp"

namespace emlc::formats::onnx {

/// How many columns an input has that leaves it open.
struct OpenWidth {
  std::int64_t n_columns;
  bool is_least;  ///< trees need so many: there may be more, which nothing looks at
};

/// From the first node behind the input that says so: weights, coefficients, a number for each column, trees. Nothing
/// where none does.
std::optional<OpenWidth> find_width(const Graph& graph, const std::string& input);

}  // namespace emlc::formats::onnx
