#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <span>

#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/dense/calibration.hpp"
#include "codegen/passes/dense/fold_into_layer.hpp"
#include "codegen/passes/dense/integer_layers.hpp"
#include "codegen/passes/passes.hpp"

// note [how a network becomes integers]
// The data shows the range of every feature and the largest activation of every unit. Features get a scale that is a
// power of two, so that a device makes a code of a float by moving its bits. The weights of a unit are scaled so that
// its activation comes out as a code after a shift: ReLU lets every unit have a factor of its own, which the next
// layer takes back. How many bits a shift drops divides the precision between weights and activations; each layer's
// shift is searched for with the error of the outputs on the data.
// Inputs at the ends of the features drive units further than data does, and where units are at the end of their codes
// the decision may become another one. How much room the codes leave for that is found by trying.

namespace emlc::passes {
namespace {

using model::Activation;
using model::DenseLayer;
using model::DenseNetwork;
using model::IntegerForm;
using model::IntegerNetwork;
using model::IntegerWidth;

struct InputCode {
  std::int32_t exponent = 0, offset = 0;
};

/// The finest power of two with which the range fits the codes. A device takes the steps of a float up to 2^23 from its
/// bits; whatever is beyond has to be beyond every code, so half of that is left to the values and to the codes.
InputCode fit(Range range, const IntegerForm& form, model::NumberType type) {
  constexpr double largest_step = (1 << 22) - (1 << 16);
  const double span = form.highest_input - form.lowest_input;
  const bool is_integer = model::info(type).is_integer;
  const double magnitude = std::max(std::abs(range.low), std::abs(range.high));
  std::int32_t exponent = is_integer ? 0 : 30;
  const auto step = [&](double value) { return std::round(std::ldexp(value, exponent)); };
  while (exponent > -100 && (step(range.high) - step(range.low) > span || step(magnitude) > largest_step)) --exponent;
  const double low = step(range.low), high = step(range.high);
  if (low >= form.lowest_input - form.zero && high <= form.highest_input - form.zero) return {exponent, form.zero};
  const double slack = low == 0.0 ? 0.0 : std::floor((span - (high - low)) / 2.0);
  return {exponent, static_cast<std::int32_t>(form.lowest_input - low + slack)};
}

IntegerNetwork with_one_code(const Calibration& calibration, IntegerWidth width) {
  const InputCode code = fit(range_of(calibration.features), form_of(width), calibration.type);
  return {.width = width, .exponent = {code.exponent}, .offset = {code.offset}};
}

IntegerNetwork with_a_code_each(const Calibration& calibration, IntegerWidth width) {
  IntegerNetwork integers{.width = width};
  for (const Range& feature : calibration.features) {
    const InputCode code = fit(feature, form_of(width), calibration.type);
    integers.exponent.push_back(code.exponent);
    integers.offset.push_back(code.offset);
  }
  return integers;
}

CodeMeaning meaning_of_input(const IntegerNetwork& integers, const Calibration& calibration) {
  CodeMeaning codes{.scale = {}, .zero = {}, .mean = calibration.means[0]};
  for (std::size_t i = 0; i < calibration.features.size(); ++i) {
    const std::size_t feature = integers.exponent.size() == 1 ? 0 : i;
    codes.scale.push_back(std::ldexp(1.0, -integers.exponent[feature]));
    codes.zero.push_back(integers.offset[feature]);
  }
  return codes;
}

/// Where a curve has to be right: where it bends, or where the data goes.
Range curve_range(Activation activation, const std::vector<Range>& ranges, const IntegerForm& form) {
  const double reach = form.bits == 8 ? 4.0 : 5.0;
  if (activation == Activation::tanh) return {-reach, reach};
  if (activation == Activation::logistic) return {-2.0 * reach, 2.0 * reach};
  return range_of(ranges);
}

enum class Place { hidden, last };

Place place_of(std::size_t index, std::size_t n_layers) { return index + 1 == n_layers ? Place::last : Place::hidden; }

QuantizedLayer quantize_layer(const LayerInput& input, const std::vector<Range>& ranges, Place place, int shift) {
  if (place == Place::last) {
    const Range all = range_of(ranges);
    return quantize_last(input, all.high - all.low);
  }
  if (input.layer.activation != Activation::relu) {
    return quantize_curve(input, curve_range(input.layer.activation, ranges, input.form));
  }
  std::vector<double> highest(ranges.size());
  for (std::size_t row = 0; row < ranges.size(); ++row) highest[row] = std::max(ranges[row].high, 0.0);
  return quantize_relu(input, highest, shift);
}

/// What a search changes.
struct Choice {
  LayerRanges ranges{};
  std::vector<int> shifts{};  ///< [n_layers]
};

/// Fills in the layers behind the input codes of `integers`.
void quantize_layers(const Calibration& calibration, const Choice& choice, IntegerNetwork& integers) {
  const IntegerForm& form = form_of(integers.width);
  CodeMeaning codes = meaning_of_input(integers, calibration);
  std::int32_t largest_code = std::max(std::abs(form.lowest_input), std::abs(form.highest_input));
  integers.layers.clear();
  const std::size_t n_layers = calibration.network.layers.size();
  for (std::size_t index = 0; index < n_layers; ++index) {
    const LayerInput input{calibration.network.layers[index], form, codes, largest_code, calibration.means[index + 1],
                           calibration.compensations[index]};
    QuantizedLayer result =
        quantize_layer(input, choice.ranges[index], place_of(index, n_layers), choice.shifts[index]);
    integers.layers.push_back(std::move(result.layer));
    codes = std::move(result.codes);
    largest_code = form.highest;
  }
  integers.scale = codes.scale[0];
}

/// Mean difference of the outputs to those of the float network.
double error_of(const Calibration& calibration, const IntegerNetwork& integers) {
  double sum = 0.0;
  for (std::size_t row = 0; row < calibration.inputs.size(); ++row) {
    const auto sums = model::integer_sums(integers, model::encode(integers, calibration.type, calibration.inputs[row]));
    for (std::size_t i = 0; i < sums.size(); ++i)
      sum += std::abs(integers.scale * sums[i] - calibration.outputs[row][i]);
  }
  return sum;
}

struct Trial {
  IntegerNetwork integers;
  Choice choice;
  double error;
};

Trial candidate(const Calibration& calibration, IntegerNetwork integers, Choice choice) {
  quantize_layers(calibration, choice, integers);
  const double error = error_of(calibration, integers);
  return {std::move(integers), std::move(choice), error};
}

/// One layer after the other: the shift goes up or down for as long as that lowers the error.
Trial search_shifts(const Calibration& calibration, const IntegerNetwork& integers, const LayerRanges& ranges) {
  constexpr int highest_shift = 20;
  const auto& layers = calibration.network.layers;
  const int first = form_of(integers.width).bits == 8 ? 8 : 14;
  Trial best = candidate(calibration, integers, {ranges, std::vector<int>(layers.size(), first)});
  for (std::size_t index = 0; index + 1 < layers.size(); ++index) {
    if (layers[index].activation != Activation::relu) continue;
    for (const int direction : {-1, 1}) {
      for (int shift = best.choice.shifts[index] + direction; shift >= 0 && shift <= highest_shift;
           shift += direction) {
        Choice choice = best.choice;
        choice.shifts[index] = shift;
        Trial next = candidate(calibration, integers, std::move(choice));
        if (next.error >= best.error) break;
        best = std::move(next);
      }
    }
  }
  return best;
}

/// Inputs that have the lowest codes, and the highest.
std::vector<std::vector<double>> code_ends(const IntegerNetwork& integers, std::size_t n_features) {
  const IntegerForm& form = form_of(integers.width);
  std::vector<std::vector<double>> result;
  for (const std::int32_t code : {form.lowest_input, form.highest_input}) {
    std::vector<double> x;
    for (std::size_t i = 0; i < n_features; ++i) {
      const std::size_t feature = integers.exponent.size() == 1 ? 0 : i;
      x.push_back(std::ldexp(code - integers.offset[feature], -integers.exponent[feature]));
    }
    result.push_back(std::move(x));
  }
  return result;
}

enum class Ends { features, codes };

/// Where inputs count besides the data, and how far units may go there, in ranges of the data.
struct Reach {
  Ends ends;
  double furthest;
};

/// Gives `best` more room for the ends of the features and for those of the codes, if that keeps decisions there and
/// the data does not pay too much. Returns a sentence about those that change all the same.
std::vector<std::string> reach_further(const model::Model& model, const Calibration& calibration, Trial& best) {
  constexpr double no_limit = 1e6, worth_it = 2.0;
  constexpr std::array reaches = {Reach{Ends::features, no_limit}, Reach{Ends::codes, 4.0},
                                  Reach{Ends::codes, no_limit}};
  const std::vector<std::vector<double>> ends = extremes_of(calibration);
  std::vector<std::vector<double>> all_ends = code_ends(best.integers, calibration.features.size());
  all_ends.insert(all_ends.begin(), ends.begin(), ends.end());
  model::Model integers = model;
  const auto count_changed = [&](const Trial& candidate) {
    std::get<DenseNetwork>(integers.predictor).integers = candidate.integers;
    return model::measure_distance(model, integers, all_ends).changed_decisions;
  };
  const double affordable = worth_it * best.error;
  double fewest = count_changed(best);
  for (const Reach& reach : reaches) {
    if (fewest == 0.0) break;
    const LayerRanges ranges = ranges_reaching(calibration.network, calibration.layers,
                                               reach.ends == Ends::features ? ends : all_ends, reach.furthest);
    Trial next = search_shifts(calibration, best.integers, ranges);
    const double changed = count_changed(next);
    if (changed >= fewest || next.error > affordable) continue;
    best = std::move(next);
    fewest = changed;
  }
  if (fewest == 0.0) return {};
  return {fmt::format("with all features at an end of their range or of their codes, {:.0f} of {} decisions change",
                      fewest * static_cast<double>(all_ends.size()), all_ends.size())};
}

void refuse(std::string_view problem) { throw Error({.field = "--weights"}, problem); }

void check_model(const model::Model& model, const DenseNetwork& network, const std::vector<std::vector<double>>& data) {
  for (std::size_t index = 0; index + 1 < network.layers.size(); ++index) {
    if (network.layers[index].activation != Activation::softmax) continue;
    refuse(fmt::format("layers[{}] is a softmax between layers, which has no form in integers", index));
  }
  if (!model.steps.empty()) {
    refuse(
        fmt::format("the step '{}' in front of the network is computed in float32, which codes of the input cannot do",
                    name(model.steps.back())));
  }
  for (const model::Scaler& scaler : model.scalers) {
    if (scaler.clip) refuse("the input scaler clips, which codes of the input cannot do");
  }
  constexpr double largest_value = 1e36;  // with a step of 2^100
  for (const std::vector<double>& x : data) {
    for (const double value : x) {
      if (std::isfinite(value) && std::abs(value) > largest_value) refuse(fmt::format("{} has no code", value));
    }
  }
  if (data.empty()) refuse("the ranges of the activations are not known: the model has no test vectors, give --data");
}

}  // namespace

PassResult quantize_dense(model::Model& model, const PassConfig& config) {
  auto& network = std::get<DenseNetwork>(model.predictor);
  if (network.integers) return {};
  const std::vector<std::vector<double>>& data = sample_inputs(model, config);
  check_model(model, network, data);
  // Units of a layer share a curve, so slopes of their own become units.
  if (model::has_slopes(network)) network = model::in_relu_pairs(network);
  // In integers a scaler costs no precision, whatever its shift: the codes of a feature begin at its lowest value.
  for (; !model.scalers.empty(); model.scalers.pop_back())
    fold_into_layer(model.scalers.back(), network.layers.front());
  const Calibration calibration = calibrate(model, network, data);
  const IntegerWidth width = config.weights.value();
  constexpr double usual_reach = 2.0;  // costs a bit at most
  const LayerRanges ranges =
      ranges_reaching(calibration.network, calibration.layers, extremes_of(calibration), usual_reach);
  Trial best = search_shifts(calibration, with_one_code(calibration, width), ranges);
  if (calibration.features.size() > 1) {
    // A table of scales has to earn its bytes.
    constexpr double worth_it = 0.7;
    Trial each = search_shifts(calibration, with_a_code_each(calibration, width), ranges);
    if (each.error < worth_it * best.error) best = std::move(each);
  }
  PassResult result{.changes = network.layers.size(), .notes = reach_further(model, calibration, best)};
  network.integers = std::move(best.integers);
  network.integers->ranges = observed_ranges(calibration);
  return result;
}

}  // namespace emlc::passes
