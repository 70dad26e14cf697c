#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "codegen/model/check/parts.hpp"

namespace emlc::model {
namespace {

constexpr std::int32_t largest_exponent = 100;
constexpr std::int32_t largest_offset = 1 << 22;

void check_input(const Place& place, const IntegerNetwork& integers, std::size_t n_features) {
  const std::size_t n = integers.exponent.size() == 1 ? 1 : n_features;
  check_length(place, "integers.exponent", integers.exponent.size(), n);
  check_length(place, "integers.offset", integers.offset.size(), n);
  for (std::size_t i = 0; i < n; ++i) {
    place.require(std::abs(integers.exponent[i]) <= largest_exponent, fmt::format("integers.exponent[{}]", i),
                  fmt::format("must be from -{0} to {0}", largest_exponent));
    place.require(std::abs(integers.offset[i]) <= largest_offset, fmt::format("integers.offset[{}]", i),
                  fmt::format("must be from -{0} to {0}", largest_offset));
  }
}

/// No code that can come in takes a sum out of int32.
void check_row(const Place& place, const IntegerForm& form, const IntegerLayer& layer, std::size_t row,
               std::int64_t largest_code, const std::string& field) {
  const std::size_t n_in = layer.weights.size() / layer.bias.size();
  std::int64_t largest = std::abs(std::int64_t{layer.bias[row]});
  for (std::size_t column = 0; column < n_in; ++column) {
    const std::int64_t weight = std::abs(std::int64_t{layer.weights[row * n_in + column]});
    place.require(weight <= form.largest_weight, field + ".weights",
                  fmt::format("a weight of {} does not fit {} bits", weight, form.bits));
    largest += weight * largest_code;
  }
  place.require(largest <= std::numeric_limits<std::int32_t>::max(), field + ".weights",
                fmt::format("the sum of row {} can leave 32 bits", row));
}

void check_curve(const Place& place, const IntegerForm& form, const IntegerLayer& layer, const std::string& field) {
  if (layer.curve.empty()) return;
  check_length(place, field + ".curve", layer.curve.size(), (std::size_t{1} << form.index_bits) + 1);
  const auto largest = static_cast<std::uint16_t>(form.highest << form.value_bits);
  place.require(std::all_of(layer.curve.begin(), layer.curve.end(), [&](auto value) { return value <= largest; }),
                field + ".curve", fmt::format("values must be at most {}", largest));
}

}  // namespace

void check_integers(const Place& place, const IntegerNetwork& integers, const DenseNetwork& network,
                    const Model& model) {
  const IntegerForm& form = form_of(integers.width);
  place.require(takes_inputs(model), "model", "an integer network takes no scaler");
  place.require(std::isfinite(integers.scale) && integers.scale > 0.0, "integers.scale", "must be a positive number");
  check_input(place, integers, static_cast<std::size_t>(model.input.n_features));
  check_length(place, "integers.layers", integers.layers.size(), network.layers.size());
  std::int64_t largest_code = std::max(std::abs(form.lowest_input), std::abs(form.highest_input));
  for (std::size_t index = 0; index < integers.layers.size(); ++index) {
    const IntegerLayer& layer = integers.layers[index];
    const std::string field = fmt::format("integers.layers[{}]", index);
    check_length(place, field + ".weights", layer.weights.size(), network.layers[index].weights.size());
    check_length(place, field + ".bias", layer.bias.size(), network.layers[index].bias.size());
    place.require(layer.shift >= 0 && layer.shift <= 30, field + ".shift", "must be from 0 to 30");
    for (std::size_t row = 0; row < layer.bias.size(); ++row) {
      check_row(place, form, layer, row, largest_code, field);
    }
    check_curve(place, form, layer, field);
    largest_code = form.highest;
  }
  check_length(place, "integers.ranges", integers.ranges.size(), integers.layers.size() + 1);
  for (const ValueRange& range : integers.ranges) {
    place.require(std::isfinite(range.low) && std::isfinite(range.high) && range.low <= range.high, "integers.ranges",
                  "must be finite numbers, the lower one first");
  }
  place.require(integers.layers.back().shift == 0 && integers.layers.back().curve.empty(), "integers.layers",
                "the last layer must have neither shift nor curve");
}

}  // namespace emlc::model
