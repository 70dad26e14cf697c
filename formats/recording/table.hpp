#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/error.hpp"
#include "formats/recording/recording.hpp"

namespace emlc::formats {

/// All frames of a recording, with what is missing among them.
struct FrameTable {
  std::vector<signal::Column> channels{};  ///< [n_channels][n_frames]; what is missing is 0
  std::vector<char> is_missing{};          ///< [n_frames], empty: none
  std::vector<char> follows_gap{};         ///< [n_frames], empty: none; by the time
  std::vector<std::size_t> lines{};        ///< [n_frames] of a text
  std::size_t n_frames = 0;
  bool is_cut = false;
};

/// `frame 5` in a file, `line 7 (frame 5)` in a text.
Where at_frame(std::string_view file, const FrameTable& table, std::size_t frame, std::string_view channel);

}  // namespace emlc::formats
