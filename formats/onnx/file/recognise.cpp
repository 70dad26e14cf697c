#include <algorithm>
#include <string_view>

#include "formats/onnx/onnx.hpp"

namespace emlc::formats {

bool is_onnx(std::string_view content) {
  constexpr char newest_version = 30, producer_tag = '\x12';
  if (content.size() < 4 || content[0] != '\x08' || content[1] <= 0 || content[1] >= newest_version) return false;
  constexpr std::size_t looked_at = 4096;
  if (content.substr(0, looked_at).find("onnx") != std::string_view::npos) return true;
  if (content[2] != producer_tag || content[3] <= 0) return false;
  const auto producer_end = std::size_t{4} + static_cast<std::size_t>(content[3]);
  constexpr std::string_view next_tags = "\x1a\x22\x28\x32\x3a\x42";  // of fields 3 to 8
  if (producer_end >= content.size() || next_tags.find(content[producer_end]) == std::string_view::npos) return false;
  const std::string_view producer = content.substr(4, producer_end - 4);
  return std::all_of(producer.begin(), producer.end(), [](char c) { return c >= ' '; });
}

}  // namespace emlc::formats
