#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/reading.hpp"

/// Layers models of TensorFlow.js: model.json with the architecture as Keras has it, and files beside it with the
/// weights, one after the other.
namespace emlc::formats {

bool is_tfjs(std::string_view content);
/// The files of its weights, plain names.
std::vector<std::string> tfjs_files(std::string_view content, std::string_view file);
Reading read_tfjs(std::string_view content, std::string_view file, const Supplement& supplement);

}  // namespace emlc::formats
