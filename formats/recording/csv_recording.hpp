#pragma once

#include "formats/recording/table.hpp"

namespace emlc::formats {

/// The frames of a CSV.
FrameTable read_csv_frames(std::string_view content, std::string_view file, const signal::Input& input,
                           const RecordingOptions& options);

}  // namespace emlc::formats
