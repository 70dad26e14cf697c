#include "formats/recording/recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "built_with.hpp"
#include "formats/recording/csv_recording.hpp"
#include "formats/recording/sound_recording.hpp"
#include "formats/recording/table.hpp"
#include "formats/text/npy_header.hpp"

namespace emlc::formats {
namespace {

/// The types of channels as NPY calls them.
std::string_view descr_of(model::NumberType type) {
  switch (type) {
    case model::NumberType::float32:
      return "<f4";
    case model::NumberType::float64:
      return "<f8";
    case model::NumberType::int8:
      return "|i1";
    case model::NumberType::uint8:
      return "|u1";
    case model::NumberType::int16:
      return "<i2";
    case model::NumberType::int32:
      return "<i4";
  }
  return {};
}

void check_header(const NpyArray& array, std::string_view file, const signal::Input& input) {
  const Where where = at_byte(file, 0, "header");
  const std::string_view expected = descr_of(input.type);
  if (array.type.descr != expected) {
    throw Error(where, fmt::format("has samples of the type '{}', expected '{}' ({})", array.type.descr, expected,
                                   model::info(input.type).name));
  }
  if (array.n_columns != input.channels.size()) {
    throw Error(where, fmt::format("has {} x {} numbers, expected {} columns, one for each channel", array.n_rows,
                                   array.n_columns, input.channels.size()));
  }
}

/// Frames that are there as a whole; refuses fewer than the header says, unless that is allowed, and more.
std::size_t frames_of(const NpyArray& array, std::string_view file, const RecordingOptions& options) {
  if (is_whole(array)) return array.n_rows;
  const std::size_t frame = array.type.bytes * array.n_columns, there = array.data.size() / frame;
  const Where where = at_byte(file, array.start, "data");
  if (there >= array.n_rows) {
    throw Error(where, fmt::format("has {} bytes behind the {} frames that the header says",
                                   array.data.size() - array.n_rows * frame, array.n_rows));
  }
  if (array.is_fortran || !options.allows_truncated) {
    throw Error(where, fmt::format("is cut short: the header says {} frames, {} are there", array.n_rows, there));
  }
  return there;
}

template <class Sample>
Sample sample_at(std::string_view data, std::size_t index) {
  if constexpr (std::endian::native == std::endian::little) {
    Sample sample;
    std::memcpy(&sample, data.data() + index * sizeof(Sample), sizeof(Sample));
    return sample;
  }
  const std::uint64_t bits = little_endian(data.substr(index * sizeof(Sample), sizeof(Sample)));
  if constexpr (std::is_same_v<Sample, float>) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  } else {
    return static_cast<Sample>(static_cast<std::make_unsigned_t<Sample>>(bits));
  }
}

template <class Sample>
void take_samples(const NpyArray& array, FrameTable& table) {
  const std::size_t n_channels = array.n_columns;
  table.channels.resize(n_channels);
  for (std::size_t channel = 0; channel < n_channels; ++channel) {
    signal::Column& column = table.channels[channel];
    const std::size_t first = array.is_fortran ? channel * array.n_rows : channel;
    const std::size_t step = array.is_fortran ? 1 : n_channels;
    if constexpr (std::is_same_v<Sample, float>) {
      column.reals.resize(table.n_frames);
      for (std::size_t i = 0; i < table.n_frames; ++i) column.reals[i] = sample_at<float>(array.data, first + i * step);
    } else {
      column.integers.resize(table.n_frames);
      for (std::size_t i = 0; i < table.n_frames; ++i) {
        column.integers[i] = sample_at<Sample>(array.data, first + i * step);
      }
    }
  }
}

FrameTable read_npy_frames(std::string_view content, std::string_view file, const signal::Input& input,
                           const RecordingOptions& options) {
  const NpyArray array = open_npy(content, file);
  check_header(array, file, input);
  FrameTable table;
  table.n_frames = frames_of(array, file, options);
  table.is_cut = table.n_frames < array.n_rows;
  switch (input.type) {
    case model::NumberType::int8:
      take_samples<std::int8_t>(array, table);
      break;
    case model::NumberType::uint8:
      take_samples<std::uint8_t>(array, table);
      break;
    case model::NumberType::int16:
      take_samples<std::int16_t>(array, table);
      break;
    case model::NumberType::int32:
      take_samples<std::int32_t>(array, table);
      break;
    case model::NumberType::float32:
    case model::NumberType::float64:
      take_samples<float>(array, table);
      break;
  }
  return table;
}

FrameTable read_sound(std::string_view content, std::string_view file, const signal::Input& input,
                      const RecordingOptions& options) {
  if constexpr (with_sndfile.presence == Presence::built_in) {
    return read_sound_frames(content, file, input, options);
  } else {
    throw Error({.file = std::string(file), .line = 0, .field = {}}, refusal_without(with_sndfile));
  }
}

bool is_missing(const FrameTable& table, std::size_t frame) {
  return !table.is_missing.empty() && table.is_missing[frame] != 0;
}

/// NaN is a frame that is missing; infinities are refused.
void mark_missing(FrameTable& table, std::string_view file, const signal::Input& input) {
  for (std::size_t channel = 0; channel < table.channels.size(); ++channel) {
    const std::vector<float>& samples = table.channels[channel].reals;
    for (std::size_t frame = 0; frame < samples.size(); ++frame) {
      if (std::isfinite(samples[frame])) continue;
      const Where where = at_frame(file, table, frame, input.channels[channel].name);
      if (std::isinf(samples[frame])) throw Error(where, "is infinite");
      table.is_missing.resize(table.n_frames, 0);
      table.is_missing[frame] = 1;
    }
  }
}

void check_range(const FrameTable& table, std::string_view file, const signal::Input& input) {
  for (std::size_t channel = 0; channel < table.channels.size(); ++channel) {
    const signal::Channel& declared = input.channels[channel];
    if (!declared.minimum && !declared.maximum) continue;
    const model::NumberTypeInfo& type = model::info(input.type);
    const auto lowest = static_cast<std::int64_t>(declared.minimum.value_or(type.lowest));
    const auto highest = static_cast<std::int64_t>(declared.maximum.value_or(type.highest));
    const std::vector<std::int64_t>& samples = table.channels[channel].integers;
    for (std::size_t frame = 0; frame < samples.size(); ++frame) {
      if ((samples[frame] >= lowest && samples[frame] <= highest) || is_missing(table, frame)) continue;
      throw Error(at_frame(file, table, frame, declared.name),
                  fmt::format("is {}, the document says {} to {}", samples[frame], lowest, highest));
    }
  }
}

void refuse_gaps(const FrameTable& table, std::string_view file) {
  constexpr std::string_view way = "; --gaps restart begins anew behind it";
  for (std::size_t frame = 0; frame < table.n_frames; ++frame) {
    if (is_missing(table, frame)) {
      throw Error(at_frame(file, table, frame, {}), fmt::format("has a value that is missing{}", way));
    }
    if (!table.follows_gap.empty() && table.follows_gap[frame] != 0) {
      throw Error(at_frame(file, table, frame, {}), fmt::format("does not follow the frame before in time{}", way));
    }
  }
}

template <class Sample>
void copy_run(const std::vector<Sample>& from, std::size_t first, std::size_t end, std::vector<Sample>& into) {
  if (from.empty()) return;
  into.assign(from.begin() + static_cast<std::ptrdiff_t>(first), from.begin() + static_cast<std::ptrdiff_t>(end));
}

void add_run(const FrameTable& table, std::size_t first, std::size_t end, Recording& recording) {
  if (first == end) return;
  Run run{.first = first};
  for (const signal::Column& column : table.channels) {
    signal::Column& part = run.channels.emplace_back();
    copy_run(column.integers, first, end, part.integers);
    copy_run(column.reals, first, end, part.reals);
  }
  recording.runs.push_back(std::move(run));
}

Recording split_runs(FrameTable table) {
  Recording recording{.n_frames = table.n_frames, .is_cut = table.is_cut};
  if (table.is_missing.empty() && table.follows_gap.empty()) {
    if (table.n_frames != 0) recording.runs.push_back({.channels = std::move(table.channels)});
    return recording;
  }
  std::size_t first = 0;
  for (std::size_t frame = 0; frame < table.n_frames; ++frame) {
    const bool follows_gap = !table.follows_gap.empty() && table.follows_gap[frame] != 0;
    if (!follows_gap && !is_missing(table, frame)) continue;
    add_run(table, first, frame, recording);
    first = is_missing(table, frame) ? frame + 1 : frame;
  }
  add_run(table, first, table.n_frames, recording);
  return recording;
}

}  // namespace

Where at_frame(std::string_view file, const FrameTable& table, std::size_t frame, std::string_view channel) {
  Where where{.file = std::string(file), .line = table.lines.empty() ? 0 : table.lines[frame], .field = {}};
  where.field = channel.empty() ? fmt::format("frame {}", frame) : fmt::format("frame {}, {}", frame, channel);
  return where;
}

Recording read_recording(std::string_view content, std::string_view file, const signal::Input& input,
                         const RecordingOptions& options) {
  const Where whole{.file = std::string(file), .line = 0, .field = {}};
  if (content.empty()) {
    if (options.allows_truncated) return {.is_cut = true};
    throw Error(whole, "is cut short: the file is empty");
  }
  FrameTable table = is_sound(content)                  ? read_sound(content, file, input, options)
                     : content.starts_with("\x93NUMPY") ? read_npy_frames(content, file, input, options)
                                                        : read_csv_frames(content, file, input, options);
  mark_missing(table, file, input);
  check_range(table, file, input);
  if (!options.restarts_at_gaps) refuse_gaps(table, file);
  return split_runs(std::move(table));
}

}  // namespace emlc::formats
