#include "formats/recording/csv_recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

#include "formats/text/matrix.hpp"
#include "formats/text/text.hpp"

namespace emlc::formats {
namespace {

/// Which column of the file is which channel, and which one is the time.
struct Columns {
  std::vector<std::size_t> of_channel{};
  std::optional<std::size_t> time{};
};

bool is_time(std::string_view name) { return name == "time" || name == "t" || name == "timestamp"; }

std::string_view unquoted(std::string_view cell) {
  cell = trim(cell);
  return cell.size() >= 2 && cell.front() == '"' && cell.back() == '"' ? cell.substr(1, cell.size() - 2) : cell;
}

Columns columns_without_names(std::size_t width, const Where& where, const signal::Input& input) {
  if (width != input.channels.size()) {
    throw Error(where, fmt::format("has {} columns, expected {}, one for each channel", width, input.channels.size()));
  }
  Columns columns;
  for (std::size_t column = 0; column < width; ++column) columns.of_channel.push_back(column);
  return columns;
}

Columns columns_of(const Matrix& matrix, std::string_view file, const signal::Input& input) {
  const Where where{.file = std::string(file), .line = 1, .field = {}};
  const std::size_t width = matrix.rows.front().size();
  if (matrix.names.empty()) return columns_without_names(width, where, input);
  if (matrix.names.size() != width) {
    throw Error(where, fmt::format("names {} columns, the rows have {}", matrix.names.size(), width));
  }
  std::vector<std::string_view> header;
  for (const std::string& name : matrix.names) header.push_back(unquoted(name));
  Columns columns;
  std::vector<std::string_view> known;
  for (const signal::Channel& channel : input.channels) {
    known.push_back(channel.name);
    const auto found = std::find(header.begin(), header.end(), channel.name);
    if (found == header.end()) throw Error(where, fmt::format("has no column for the channel '{}'", channel.name));
    columns.of_channel.push_back(static_cast<std::size_t>(found - header.begin()));
  }
  for (std::size_t column = 0; column < header.size(); ++column) {
    if (std::find(known.begin(), known.end(), header[column]) != known.end()) continue;
    if (!is_time(header[column]) || columns.time) throw Error(where, unknown_name("channel", header[column], known));
    columns.time = column;
  }
  return columns;
}

/// Samples of one channel; what is missing is 0, or NaN among reals.
void take_channel(const Matrix& matrix, std::size_t column, std::size_t channel, std::string_view file,
                  const signal::Input& input, FrameTable& table) {
  const model::NumberTypeInfo& type = model::info(input.type);
  signal::Column& samples = table.channels[channel];
  for (std::size_t frame = 0; frame < table.n_frames; ++frame) {
    const double value = matrix.rows[frame][column];
    if (!type.is_integer) {
      samples.reals.push_back(static_cast<float>(value));
      continue;
    }
    if (std::isnan(value)) {
      table.is_missing.resize(table.n_frames, 0);
      table.is_missing[frame] = 1;
    } else if (value != std::floor(value) || value < type.lowest || value > type.highest) {
      throw Error(at_frame(file, table, frame, input.channels[channel].name),
                  fmt::format("is {}, expected a whole number from {} to {} ({})", value, type.lowest, type.highest,
                              type.name));
    }
    samples.integers.push_back(std::isnan(value) ? 0 : static_cast<std::int64_t>(value));
  }
}

/// Frames whose time is not one period after the frame before; refuses another rate.
void find_gaps(const Matrix& matrix, std::size_t column, std::string_view file, const signal::Input& input,
               FrameTable& table) {
  std::vector<double> steps;
  const double period = 1.0 / input.sample_rate;
  for (std::size_t frame = 1; frame < table.n_frames; ++frame) {
    const double step = matrix.rows[frame][column] - matrix.rows[frame - 1][column];
    if (!std::isnan(step)) steps.push_back(step);
    if (std::abs(step - period) <= 0.5 * period) continue;
    table.follows_gap.resize(table.n_frames, 0);
    table.follows_gap[frame] = 1;
  }
  if (steps.empty()) return;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  constexpr double tolerance = 0.02;
  if (std::abs(*middle - period) <= tolerance * period) return;
  throw Error({.file = std::string(file), .line = table.lines.front(), .field = "time"},
              fmt::format("has {:.6g} frames a second, expected {:.6g}", 1.0 / *middle, input.sample_rate));
}

}  // namespace

FrameTable read_csv_frames(std::string_view content, std::string_view file, const signal::Input& input,
                           const RecordingOptions& options) {
  FrameTable table;
  const std::size_t last = content.find_last_of('\n');
  if (options.allows_truncated && last != std::string_view::npos && last + 1 < content.size()) {
    content = content.substr(0, last + 1);  // a line without its end may be half of one
    table.is_cut = true;
  }
  const Matrix matrix = read_matrix_csv(content, file);
  const Columns columns = columns_of(matrix, file, input);
  table.n_frames = matrix.rows.size();
  table.lines = matrix.lines;
  table.channels.resize(input.channels.size());
  for (std::size_t channel = 0; channel < table.channels.size(); ++channel) {
    take_channel(matrix, columns.of_channel[channel], channel, file, input, table);
  }
  if (columns.time) find_gaps(matrix, *columns.time, file, input, table);
  return table;
}

}  // namespace emlc::formats
