#pragma once

#include <string_view>

#include "formats/reading.hpp"

namespace emlc::formats {

/// A model in ONNX: the version of the format (field 1), who wrote it (field 2, a text with its length), then another
/// field; or the version and what a tool of ONNX calls itself.
bool is_onnx(std::string_view content);

/// Reads a graph of trees, of a linear model or of a dense network, with what is around it. A build may be without it
/// (EMLC_WITH_ONNX).
Reading read_onnx(std::string_view content, std::string_view file, const Supplement& supplement);

}  // namespace emlc::formats
