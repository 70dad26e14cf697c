#pragma once

#include <string_view>

namespace emlc::formats::onnx {

/// Walks through the messages of a file before the parser does. Throws Error naming the file for one that ends in the
/// middle of a field, with the byte, and for one whose messages would need more memory than sixteen times its size and
/// 32 MiB: two bytes can make a message of hundreds.
void check_wire(std::string_view content, std::string_view file);

}  // namespace emlc::formats::onnx
