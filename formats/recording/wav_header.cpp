#include <fmt/format.h>

#include <cstdint>
#include <optional>

#include "formats/recording/sound_recording.hpp"
#include "formats/text/npy_header.hpp"
#include "formats/text/text.hpp"

namespace emlc::formats {
namespace {

/// What the chunk `fmt ` says.
struct WavFormat {
  std::uint64_t n_channels = 0, rate = 0, bytes_per_second = 0, frame_bytes = 0, sample_bits = 0;
};

constexpr std::size_t riff_bytes = 12, chunk_bytes = 8, least_format_bytes = 16;

std::uint64_t number_at(std::string_view content, std::size_t at, std::size_t n) {
  return little_endian(content.substr(at, n));
}

WavFormat format_at(std::string_view content, std::size_t at) {
  return {.n_channels = number_at(content, at + 2, 2),
          .rate = number_at(content, at + 4, 4),
          .bytes_per_second = number_at(content, at + 8, 4),
          .frame_bytes = number_at(content, at + 12, 2),
          .sample_bits = number_at(content, at + 14, 2)};
}

void check_format(const WavFormat& format, const Where& where) {
  const std::uint64_t frame = format.n_channels * ((format.sample_bits + 7) / 8);
  if (format.frame_bytes == 0 || format.frame_bytes != frame) {
    throw Error(where, fmt::format("says {} bytes for a frame of {} channels of {} bits, expected {}",
                                   format.frame_bytes, format.n_channels, format.sample_bits, frame));
  }
  if (format.bytes_per_second == format.rate * format.frame_bytes) return;
  throw Error(where, fmt::format("says {} bytes a second, expected {}: {} frames of {} bytes", format.bytes_per_second,
                                 format.rate * format.frame_bytes, format.rate, format.frame_bytes));
}

void check_data(std::uint64_t says, std::uint64_t there, const WavFormat& format, const Where& where,
                const RecordingOptions& options) {
  if (says > there && !options.allows_truncated) {
    throw Error(where, fmt::format("is cut short: the header says {} frames, {} are there", says / format.frame_bytes,
                                   there / format.frame_bytes));
  }
  if (says <= there && says % format.frame_bytes != 0) {
    throw Error(where, fmt::format("has {} bytes, which are no whole frames of {}", says, format.frame_bytes));
  }
}

}  // namespace

bool is_sound(std::string_view content) { return content.starts_with("RIFF") || content.starts_with("fLaC"); }

void check_wav(std::string_view content, std::string_view file, const RecordingOptions& options) {
  std::optional<WavFormat> format;
  bool has_data = false;
  if (content.size() >= riff_bytes && content.substr(8, 4) != "WAVE") {
    throw Error(at_byte(file, 8, "header"), "is a RIFF file of another kind, expected WAVE");
  }
  std::size_t at = riff_bytes;
  while (!has_data && at + chunk_bytes <= content.size()) {
    const std::string_view id = content.substr(at, 4);
    const std::uint64_t says = number_at(content, at + 4, 4), there = content.size() - at - chunk_bytes;
    if (id == "fmt " && says >= least_format_bytes && there >= least_format_bytes) {
      format = format_at(content, at + chunk_bytes);
      check_format(*format, at_byte(file, at, "fmt"));
    }
    if (id == "data") {
      if (!format) throw Error(at_byte(file, at, "data"), "comes before the chunk 'fmt '");
      check_data(says, there, *format, at_byte(file, at, "data"), options);
      has_data = true;
    }
    at += chunk_bytes + static_cast<std::size_t>(says + says % 2);
  }
  if (has_data) return;
  throw Error(at_byte(file, content.size(), "header"), "is cut short: the file ends before the samples");
}

}  // namespace emlc::formats
