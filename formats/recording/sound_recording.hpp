#pragma once

#include "formats/recording/table.hpp"

namespace emlc::formats {

/// Does the content begin as a WAV (RIFF) or FLAC file?
bool is_sound(std::string_view content);

/// Proves that the header of a WAV file and what is there agree. Throws Error for one that is cut short, unless that is
/// allowed, and for one whose numbers contradict each other.
void check_wav(std::string_view content, std::string_view file, const RecordingOptions& options);

/// The frames of a sound file, by libsndfile; not there in an emlc that is built without it. Samples are those of the
/// file, never scaled: it has to have the type, the channels and the rate of the input.
FrameTable read_sound_frames(std::string_view content, std::string_view file, const signal::Input& input,
                             const RecordingOptions& options);

}  // namespace emlc::formats
