#pragma once

#include <string>
#include <string_view>

#include "formats/onnx/file/graph.hpp"

namespace emlc::formats::onnx {

namespace wire {
class Tensor;
}

/// Throws Error with `field` for elements in another file, a negative size, a number of elements that is not the
/// product of the sizes, a type that emlc does not read, and integers beyond 2^53.
Tensor decode_tensor(const wire::Tensor& from, std::string_view file, const std::string& field);

}  // namespace emlc::formats::onnx
