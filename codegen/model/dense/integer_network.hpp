#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "codegen/model/number_type.hpp"

namespace emlc::model {

enum class IntegerWidth { bits8, bits16 };  ///< of weights and activations

/// What follows from the width. A code is an activation as an integer network stores it.
struct IntegerForm {
  int bits;
  std::int32_t lowest_input, highest_input;  ///< codes of the input
  std::int32_t zero;                         ///< what an input code has more than the number that callers see
  std::int32_t highest;                      ///< code of a hidden activation, from 0
  std::int32_t largest_weight;               ///< magnitude
  int index_bits, fraction_bits;             ///< of a point on a curve
  int value_bits;                            ///< that values of a curve have more than codes
};
const IntegerForm& form_of(IntegerWidth width);

/// One layer in integers: sum = bias + weights * codes, exactly, in 32 bits. Rounding and the zero points of the codes
/// that come in are in the bias. The code of a hidden layer is sum >> shift, limited to 0..highest (which is ReLU), or,
/// with a curve, the curve's value at the point sum >> shift, limited to 0..2^(index_bits + fraction_bits) - 1.
struct IntegerLayer {
  std::vector<std::int16_t> weights{};  ///< [n_out][n_in]
  std::vector<std::int32_t> bias{};     ///< [n_out]
  int shift = 0;                        ///< 0 to 30; of the last layer 0
  /// The activation at every 2^fraction_bits-th point, [2^index_bits + 1] or empty; linear in between.
  std::vector<std::uint16_t> curve{};
  double curve_error = 0.0;  ///< largest difference of the curve to the activation, in real units
};

/// The smallest and the largest of some numbers.
struct ValueRange {
  double low = 0.0, high = 0.0;
};

/// A dense network in integers, bit for bit what every device computes. Input i has the code round(x * 2^exponent) +
/// offset, limited to the form's range, with halves rounded away from 0; NaN counts as 0. Real outputs are
/// scale * sums of the last layer, then the activation of the last layer of the network this belongs to.
struct IntegerNetwork {
  IntegerWidth width = IntegerWidth::bits8;
  std::vector<std::int32_t> exponent{};  ///< [1] for all features, or [n_features]
  std::vector<std::int32_t> offset{};    ///< as many
  std::vector<IntegerLayer> layers{};
  double scale = 1.0;  ///< positive
  std::vector<ValueRange>
      ranges{};  ///< on the data: of the input, then of each layer's output; the last before activation
};

/// The codes of an input whose values are of `type` (float64 is rounded to float32 first).
std::vector<std::int32_t> encode(const IntegerNetwork& network, NumberType type, std::span<const double> x);
/// Codes from layer to layer.
/// @return the sums of the last layer
std::vector<std::int32_t> integer_sums(const IntegerNetwork& network, std::vector<std::int32_t> codes);

/// What a layer computes of one input.
struct LayerTrace {
  std::vector<std::int32_t> sums;
  std::vector<std::int32_t> points;  ///< sum >> shift, before it is limited; of the last layer empty
};
/// The same from layer to layer, for who wants to see it.
std::vector<LayerTrace> trace(const IntegerNetwork& network, std::vector<std::int32_t> codes);
/// The largest point that a layer does not limit.
std::int32_t largest_point(const IntegerForm& form, const IntegerLayer& layer);
/// The value of a curve at `point`, which is limited to the curve.
std::int32_t curve_value(const IntegerForm& form, std::span<const std::uint16_t> curve, std::int32_t point);

}  // namespace emlc::model
