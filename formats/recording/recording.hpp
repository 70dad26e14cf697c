#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "codegen/signal/plan.hpp"
#include "codegen/signal/stream.hpp"

namespace emlc::formats {

/// Frames that follow each other without a gap.
struct Run {
  std::size_t first = 0;
  std::vector<signal::Column> channels{};  ///< [n_channels], as long as each other, in the type of the input
};

struct Recording {
  std::vector<Run> runs{};
  std::size_t n_frames = 0;
  bool is_cut = false;  ///< there are fewer frames than were promised
};

struct RecordingOptions {
  bool allows_truncated = false;  ///< uses what is there of a recording that is cut short
  bool restarts_at_gaps = false;  ///< begins anew behind frames that are missing
};

/// Reads a recording, NPY ([frames][channels]), CSV or a sound file, by its content. A CSV may have a header with the
/// names of the channels in any order and a column `time` in seconds. Throws Error, naming file and frame, for a
/// recording that is cut short or has other channels, another type or rate than the input, values outside of the
/// declared range, or frames that are missing: NaN, empty cells, steps of the time that are not those of the rate.
Recording read_recording(std::string_view content, std::string_view file, const signal::Input& input,
                         const RecordingOptions& options);

}  // namespace emlc::formats
