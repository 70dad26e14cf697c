#include "codegen/signal/filtering.hpp"

#include <array>

#include "codegen/model/sos/float_sections.hpp"
#include "codegen/model/sos/settled.hpp"

namespace emlc::signal {
namespace {

std::vector<float> filter_reals(const Signal& signal, std::vector<float> samples) {
  const std::vector<std::array<float, 2>> words = settled_words(signal.filter);
  std::vector<model::Lanes<float>> lanes(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) lanes[i].fill(samples[i]);
  const float first = samples.front();
  for (std::size_t index = 0; index < words.size(); ++index) {
    model::Lanes<std::array<double, 2>> state{};
    const float z1 = words[index][0] * first, z2 = words[index][1] * first;
    state.fill({double{z1}, double{z2}});
    model::filter_float32(signal.filter.sections[index], model::SosStructure::direct, state, lanes);
  }
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = lanes[i][0];
  return samples;
}

}  // namespace

std::vector<std::array<float, 2>> settled_words(const model::SosCascade& filter) {
  std::vector<std::array<float, 2>> words;
  for (const auto& [z1, z2] : filter.initial_state) words.push_back({static_cast<float>(z1), static_cast<float>(z2)});
  if (!words.empty()) return words;
  double level = 1.0;
  for (const model::SosSection& s : filter.sections) {
    const std::array<double, 2> z = model::settled_state(s, level);
    words.push_back({static_cast<float>(z[0]), static_cast<float>(z[1])});
    level *= (s.b0 + s.b1 + s.b2) / (s.a0 + s.a1 + s.a2);
  }
  return words;
}

Column filter_column(const Signal& signal, const Column& operand) {
  if (signal.arithmetic == model::Arithmetic::float32) {
    std::vector<float> samples = operand.reals;
    if (!operand.integers.empty()) samples.assign(operand.integers.begin(), operand.integers.end());
    return {.reals = filter_reals(signal, std::move(samples))};
  }
  std::vector<std::int64_t> samples = operand.integers;
  for (std::int64_t& sample : samples) sample *= std::int64_t{1} << signal.input_shift;
  return {.integers = model::filter_settled_integers(signal.filter, samples)};
}

}  // namespace emlc::signal
