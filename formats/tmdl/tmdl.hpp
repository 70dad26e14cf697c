#pragma once

#include <string_view>

#include "codegen/model/model.hpp"
#include "formats/reading.hpp"

namespace emlc::formats {

/// A blob that starts with `MAIX`.
bool is_tmdl(std::string_view content);

/// A .tmdl blob: emlc's, or a dense network of TinyMaix in float or int8, see docs/formats.md. Accepts what the device
/// runtime accepts, and says more about what it refuses. Throws Error naming the byte and the field.
model::Model read_tmdl(std::string_view content, std::string_view file);

/// The same with the signal in front of the model, where the blob has one; nobody knows names of its parts, so they get
/// some.
Reading read_tmdl_product(std::string_view content, std::string_view file, const Supplement& supplement);

}  // namespace emlc::formats
