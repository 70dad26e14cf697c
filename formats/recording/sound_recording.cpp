#include "formats/recording/sound_recording.hpp"

#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace emlc::formats {
namespace {

/// The content, as a file that libsndfile reads.
struct Bytes {
  std::string_view content;
  sf_count_t at = 0;
};

sf_count_t length_of(void* user) { return static_cast<sf_count_t>(static_cast<Bytes*>(user)->content.size()); }
sf_count_t place_of(void* user) { return static_cast<Bytes*>(user)->at; }

sf_count_t move_to(sf_count_t offset, int whence, void* user) {
  auto& bytes = *static_cast<Bytes*>(user);
  const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? bytes.at : length_of(user);
  bytes.at = std::clamp<sf_count_t>(from + offset, 0, length_of(user));
  return bytes.at;
}

sf_count_t read_bytes(void* into, sf_count_t count, void* user) {
  auto& bytes = *static_cast<Bytes*>(user);
  const sf_count_t n = std::clamp<sf_count_t>(count, 0, length_of(user) - bytes.at);
  std::memcpy(into, bytes.content.data() + bytes.at, static_cast<std::size_t>(n));
  bytes.at += n;
  return n;
}

sf_count_t write_nothing(const void* /*from*/, sf_count_t /*count*/, void* /*user*/) { return 0; }

struct Close {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using Opened = std::unique_ptr<SNDFILE, Close>;

/// The samples of files that are those of a type of channels.
struct Coding {
  int subtype;
  model::NumberType type;
  std::string_view name;
};
constexpr std::array codings = {Coding{SF_FORMAT_PCM_S8, model::NumberType::int8, "8 bits"},
                                Coding{SF_FORMAT_PCM_U8, model::NumberType::uint8, "8 bits without a sign"},
                                Coding{SF_FORMAT_PCM_16, model::NumberType::int16, "16 bits"},
                                Coding{SF_FORMAT_PCM_24, model::NumberType::float64, "24 bits"},
                                Coding{SF_FORMAT_PCM_32, model::NumberType::int32, "32 bits"},
                                Coding{SF_FORMAT_FLOAT, model::NumberType::float32, "float32"}};

void check_sound(const SF_INFO& info, const Where& where, const signal::Input& input) {
  if (info.samplerate != input.sample_rate) {
    throw Error(where, fmt::format("has {} frames a second, expected {:.6g}: emlc does not resample", info.samplerate,
                                   input.sample_rate));
  }
  if (static_cast<std::size_t>(info.channels) != input.channels.size()) {
    throw Error(where, fmt::format("has {} channels, expected {}", info.channels, input.channels.size()));
  }
  const int subtype = info.format & SF_FORMAT_SUBMASK;
  const auto found =
      std::find_if(codings.begin(), codings.end(), [&](const Coding& row) { return row.subtype == subtype; });
  if (found != codings.end() && found->type == input.type) return;
  throw Error(where,
              fmt::format("has samples of {}, expected {}", found == codings.end() ? "another coding" : found->name,
                          model::info(input.type).name));
}

/// A whole number that libsndfile has in the upper bits of an int.
std::int64_t whole_number(int value, model::NumberType type) {
  constexpr int beside_8 = 24, beside_16 = 16, middle_of_uint8 = 128;
  if (type == model::NumberType::int16) return value >> beside_16;
  if (type == model::NumberType::int8) return value >> beside_8;
  return type == model::NumberType::uint8 ? (value >> beside_8) + middle_of_uint8 : value;
}

constexpr std::size_t frames_at_once = 4096;

/// Appends frames until there are none; as many as are there, whatever the header says.
void take_frames(SNDFILE* file, const signal::Input& input, FrameTable& table) {
  const std::size_t n_channels = input.channels.size();
  const bool is_real = input.type == model::NumberType::float32;
  std::vector<int> integers(is_real ? 0 : frames_at_once * n_channels);
  std::vector<float> reals(is_real ? frames_at_once * n_channels : 0);
  table.channels.resize(n_channels);
  while (true) {
    const sf_count_t n = is_real ? sf_readf_float(file, reals.data(), frames_at_once)
                                 : sf_readf_int(file, integers.data(), frames_at_once);
    if (n <= 0) return;
    for (std::size_t i = 0; i < static_cast<std::size_t>(n) * n_channels; ++i) {
      signal::Column& column = table.channels[i % n_channels];
      if (is_real) {
        column.reals.push_back(reals[i]);
      } else {
        column.integers.push_back(whole_number(integers[i], input.type));
      }
    }
    table.n_frames += static_cast<std::size_t>(n);
  }
}

}  // namespace

FrameTable read_sound_frames(std::string_view content, std::string_view file, const signal::Input& input,
                             const RecordingOptions& options) {
  const Where where{.file = std::string(file), .line = 0, .field = {}};
  if (content.starts_with("RIFF")) check_wav(content, file, options);
  Bytes bytes{content};
  SF_VIRTUAL_IO io{length_of, move_to, read_bytes, write_nothing, place_of};
  SF_INFO info{};
  const Opened opened(sf_open_virtual(&io, SFM_READ, &info, &bytes));
  if (!opened) throw Error(where, fmt::format("libsndfile does not read it: {}", printable(sf_strerror(nullptr))));
  check_sound(info, where, input);
  FrameTable table;
  take_frames(opened.get(), input, table);
  constexpr sf_count_t most_known = SF_COUNT_MAX / 2;  // a FLAC stream may not say how long it is
  if (info.frames < most_known && table.n_frames < static_cast<std::size_t>(std::max<sf_count_t>(info.frames, 0))) {
    table.is_cut = true;
    if (!options.allows_truncated) {
      throw Error(where,
                  fmt::format("is cut short: the header says {} frames, {} are there", info.frames, table.n_frames));
    }
  }
  return table;
}

}  // namespace emlc::formats
