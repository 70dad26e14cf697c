#include "formats/keras/keras_files.hpp"

namespace emlc::formats {

bool is_keras_h5(std::string_view content) { return content.starts_with("\x89HDF\r\n\x1a\n"); }

bool is_keras_archive(std::string_view content) {
  return content.starts_with("PK\x03\x04") && content.find("model.weights.h5") != std::string_view::npos;
}

}  // namespace emlc::formats
