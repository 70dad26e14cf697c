#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codegen/model/number_type.hpp"
#include "codegen/model/sos/sos_cascade.hpp"
#include "codegen/signal/level/level.hpp"
#include "codegen/signal/spectrum/spectrum.hpp"

/// What happens to the samples of a sensor before a model sees features: channels, signals derived from them, a window,
/// features. Plain data with one meaning, which docs/signals.md writes down.
namespace emlc::signal {

/// Wide enough for every exact sum that a plan is allowed to need.
__extension__ using Wide = __int128;

/// A signal of integers takes at most this many bits with its sign, so that differences of differences fit in 64.
inline constexpr int most_sample_bits = 62;
/// What sums of a window may need, with the sign.
inline constexpr int most_sum_bits = 127;
/// A feature is an integer where it needs no more bits than this (exact in a float64), else the float32 nearest to it.
inline constexpr int most_feature_bits = 53;

inline constexpr std::int32_t most_window_frames = 1 << 20;
inline constexpr std::int32_t most_signals = 4096, most_features = 65536;

/// What a signal is computed from its operands by; rows of all_operations().
enum class Operation {
  channel,
  difference,
  absolute,
  square,
  norm1,
  norm2,
  norm2_squared,
  dot,
  scale,
  clip,
  median3,
  median5,
  moving_average,
  moving_sum,
  sos,
  decimate,
  remove_mean,
  cumulative_sum,
  weighting,
  mean_square,
  time_weighting,
};

/// What a feature takes of a window; rows of all_statistics(), and what is taken of its spectrum.
enum class Statistic {
  mean,
  sum,
  minimum,
  maximum,
  range,
  median,
  quantile,
  iqr,
  variance,
  deviation,
  rms,
  energy,
  mean_absolute,
  mad,
  skewness,
  kurtosis,
  zero_crossings,
  mean_crossings,
  slope_sign_changes,
  waveform_length,
  crest_factor,
  argmax,
  correlation,
  autocorrelation,
  mobility,
  complexity,
  entropy,
  spectral,  ///< Feature::spectrum says what
  level,
  level_max,
  level_min,
  leq,
};

/// Is it of sound levels?
inline bool is_of_levels(Operation operation) {
  return operation == Operation::weighting || operation == Operation::mean_square ||
         operation == Operation::time_weighting;
}

/// Of integers, both ends included.
struct Range {
  Wide lowest = 0, highest = 0;
};

inline Wide magnitude(const Range& range) { return range.highest > -range.lowest ? range.highest : -range.lowest; }

/// To the nearest float32, ties to even; 64 bits where these are enough, which takes a tenth of the time.
inline float to_float(Wide value) {
  const auto low = static_cast<std::int64_t>(value);
  return low == value ? static_cast<float>(low) : static_cast<float>(value);
}
inline float to_float(std::int64_t value) { return static_cast<float>(value); }
inline float to_float(float value) { return value; }

/// Two roundings: of the product, and of the sum.
inline float scaled(float x, float gain, float offset) { return x * gain + offset; }

struct Channel {
  std::string name{};
  std::optional<double> minimum{}, maximum{};  ///< as declared
};

/// A sound of this level, in decibels, has this root mean square, in the unit of the channels.
struct Calibration {
  double level = 0.0, rms = 1.0;
};

struct Input {
  std::vector<Channel> channels{};
  model::NumberType type = model::NumberType::int16;  ///< integers or float32
  double sample_rate = 0.0;                           ///< frames per second
  std::string unit{};                                 ///< for people
  std::optional<Calibration> calibration{};
};

/// A number for each frame, or for each stride-th frame. The first signals of a plan are its channels, in order;
/// operands come before what is made of them.
struct Signal {
  std::string name{};
  Operation operation = Operation::channel;
  std::vector<std::int32_t> from{};  ///< operands; of dot the left ones, then as many right ones
  std::int32_t length = 1;           ///< of moving_average and moving_sum; of decimate and mean_square what they divide
                                     ///< the rate by
  double gain = 1.0, offset = 0.0;   ///< of scale
  std::optional<double> minimum{}, maximum{};  ///< of clip
  model::SosCascade filter{};  ///< of sos; with integers once they are designed; of weighting by infer()
  model::Arithmetic arithmetic = model::Arithmetic::float32;
  LevelPart level{};   ///< of weighting, mean_square and time_weighting
  std::string path{};  ///< in the document, for messages

  // What infer() finds out.
  bool is_integer = true;
  Range range{};              ///< of integers: no sample is outside
  std::int32_t stride = 1;    ///< frames of the input for one sample
  bool is_of_window = false;  ///< begins anew with each window
  int input_shift = 0;        ///< bits that sos and weighting shift their operand to the left by
  std::int32_t phase = 0;     ///< frames from the first one to the one that has the first sample
  int unit_bits = 0;          ///< samples are 2^unit_bits times what they are in the unit of the channels
  bool is_power = false;      ///< a mean of squares, which has a level
  double power_scale = 1.0;   ///< of a power: what 1 stands for, in squares of the unit of the channels
};

/// Is it a cascade of sections that computes as those of filters do? Weightings in integers have a form of their own.
inline bool is_filter(const Signal& signal) {
  return signal.operation == Operation::sos ||
         (signal.operation == Operation::weighting && signal.arithmetic == model::Arithmetic::float32);
}

struct Feature {
  std::string name{};
  Statistic statistic = Statistic::mean;
  std::int32_t of = 0;         ///< signal
  std::int32_t other = -1;     ///< the second signal of correlation
  double quantile = 0.0;       ///< 0 to 1, of quantile
  bool is_linear = false;      ///< quantile between two samples, as numpy's linear method
  std::int32_t lag = 1;        ///< of autocorrelation, in samples
  std::vector<float> edges{};  ///< of entropy, rising
  SpectrumPart spectrum{};     ///< of spectral
  std::string path{};          ///< in the document, for messages

  // What infer() finds out.
  bool is_integer = true;  ///< else float32
  Range range{};           ///< of integers
  LevelScale level{};      ///< of levels
};

/// Frames of the input.
struct Window {
  std::int32_t length = 0, hop = 0;
};

struct Plan {
  std::string name{};
  Input input{};
  Window window{};
  std::vector<Signal> signals{};
  std::vector<Feature> features{};
};

/// The smallest type that every feature of the plan is exact in: int32, float32 or float64.
model::NumberType feature_type(const Plan& plan);

/// Bits of the smallest two's complement integer that holds the range: 8 for -128 to 127.
int bits_of(const Range& range);
/// 8, 16, 32 or 64: what a C variable for the range has.
int variable_bits(const Range& range);

/// In decimal digits.
std::string text_of(Wide value);

/// Samples of a signal in a window.
inline std::size_t window_samples(const Plan& plan, const Signal& signal) {
  return static_cast<std::size_t>(plan.window.length / signal.stride);
}

/// Bytes that one window takes as samples: of each signal that a feature looks at, in its own type.
std::size_t window_bytes(const Plan& plan);

}  // namespace emlc::signal
