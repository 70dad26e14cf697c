#pragma once

#include <string>
#include <string_view>

#include "formats/reading.hpp"

namespace emlc::formats {

/// A C or C++ text whose first initialised array begins with the bytes of a .tmdl blob.
bool is_tmdl_c(std::string_view content);

/// The bytes of the blob in such a text, or `content` as it is. Numbers of the array are decimal or hexadecimal, with
/// comments between them; what follows the array does not matter. Throws Error naming the line and the byte.
std::string blob_in(std::string_view content, std::string_view file);

/// The model of such a text, see read_tmdl(); and all that it has, see read_tmdl_product().
model::Model read_tmdl_c(std::string_view content, std::string_view file);
Reading read_tmdl_c_product(std::string_view content, std::string_view file, const Supplement& supplement);

}  // namespace emlc::formats
