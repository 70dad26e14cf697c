#pragma once

#include <string_view>

#include "formats/reading.hpp"

/// Models as Keras 2 and 3 save them: HDF5 (.h5), and an archive of it with the architecture beside (.keras).
namespace emlc::formats {

bool is_keras_h5(std::string_view content);
bool is_keras_archive(std::string_view content);
Reading read_keras_h5(std::string_view content, std::string_view file, const Supplement& supplement);
Reading read_keras_archive(std::string_view content, std::string_view file, const Supplement& supplement);

}  // namespace emlc::formats
