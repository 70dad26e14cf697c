#include "cli/sizes/frame_bytes.hpp"

namespace emlc::cli {

std::span<const FrameBytes> all_frame_bytes() {
  static constexpr FrameBytes rows[] = {
#define FRAMES(form, ...) {form, {__VA_ARGS__}},
#include "cli/sizes/frame_bytes.inc"
#undef FRAMES
  };
  return rows;
}

}  // namespace emlc::cli
