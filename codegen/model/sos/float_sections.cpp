#include "codegen/model/sos/float_sections.hpp"

#include <algorithm>
#include <stdexcept>

#include "codegen/model/number_type.hpp"

namespace emlc::model {
namespace {

constexpr std::array structures = {
    SosStructureInfo{SosStructure::direct, "direct", "transposed direct form II", 2},
    SosStructureInfo{SosStructure::delta, "delta", "transposed, in d = z - 1", 2},
    SosStructureInfo{SosStructure::compensated, "compensated", "in d = z - 1, the slow sum compensated", 3},
    SosStructureInfo{SosStructure::pairs, "pairs", "in d = z - 1, both sums compensated", 4},
};

/// Moves what fits from `rest` into `sum`; exact where `sum` is the larger one.
void put_together(float& sum, float& rest) {
  const float next = sum + rest;
  rest -= next - sum;
  sum = next;
}

/// The state of a section: z1 z2, or s1 s2, then what s2 and s1 lack.
struct State {
  Lanes<float> first{}, second{}, second_rest{}, first_rest{};
};

float step_direct(const std::array<float, 5>& c, State& z, std::size_t i, float x) {
  const auto& [b0, b1, b2, a1, a2] = c;
  const float y = b0 * x + z.first[i];
  z.first[i] = (b1 * x + z.second[i]) - a1 * y;
  z.second[i] = b2 * x - a2 * y;
  return y;
}

float step_delta(const std::array<float, 5>& c, State& z, std::size_t i, float x) {
  const auto& [f0, f1, f2, e1, e2] = c;
  const float y = f0 * x + z.first[i];
  z.first[i] += (f1 * x + z.second[i]) - e1 * y;
  z.second[i] += f2 * x - e2 * y;
  return y;
}

float step_compensated(const std::array<float, 5>& c, State& z, std::size_t i, float x) {
  const auto& [f0, f1, f2, e1, e2] = c;
  const float y = f0 * x + z.first[i], second = z.second[i] + z.second_rest[i];
  z.first[i] += (f1 * x + second) - e1 * y;
  z.second_rest[i] = (f2 * x + z.second_rest[i]) - e2 * y;
  put_together(z.second[i], z.second_rest[i]);
  return y;
}

float step_pairs(const std::array<float, 5>& c, State& z, std::size_t i, float x) {
  const auto& [f0, f1, f2, e1, e2] = c;
  const float y = f0 * x + (z.first[i] + z.first_rest[i]), second = z.second[i] + z.second_rest[i];
  z.first_rest[i] = ((z.first_rest[i] + second) + f1 * x) - e1 * y;
  z.second_rest[i] = (f2 * x + z.second_rest[i]) - e2 * y;
  put_together(z.first[i], z.first_rest[i]);
  put_together(z.second[i], z.second_rest[i]);
  return y;
}

template <class Step>
void filter_with(Step step, const std::array<float, 5>& c, State& z, std::span<Lanes<float>> signals) {
  for (Lanes<float>& sample : signals) {
    for (std::size_t i = 0; i < n_lanes; ++i) sample[i] = step(c, z, i, sample[i]);
  }
}

void filter_section(const SosSection& section, SosStructure structure, State& z, std::span<Lanes<float>> signals) {
  const std::array<double, 5> exact = coefficients(section, structure);
  std::array<float, 5> c{};
  std::transform(exact.begin(), exact.end(), c.begin(), [](double value) { return static_cast<float>(value); });
  // A lambda of its own for each: a pointer to a function would not be inlined.
  switch (structure) {
    case SosStructure::direct:
      return filter_with([](auto&&... all) { return step_direct(all...); }, c, z, signals);
    case SosStructure::delta:
      return filter_with([](auto&&... all) { return step_delta(all...); }, c, z, signals);
    case SosStructure::compensated:
      return filter_with([](auto&&... all) { return step_compensated(all...); }, c, z, signals);
    case SosStructure::pairs:
      return filter_with([](auto&&... all) { return step_pairs(all...); }, c, z, signals);
  }
}

}  // namespace

std::span<const SosStructureInfo> all_sos_structures() { return structures; }

const SosStructureInfo& info(SosStructure structure) {
  for (const SosStructureInfo& row : structures) {
    if (row.structure == structure) return row;
  }
  throw std::logic_error("structure without a row in the table");
}

bool is_compensated(SosStructure structure) { return info(structure).state_words > 2; }

SosStructure structure_of(const SosCascade& cascade, std::size_t section) {
  return cascade.structures.empty() ? SosStructure::direct : cascade.structures.at(section);
}

bool is_direct(const SosCascade& cascade) {
  return std::all_of(cascade.structures.begin(), cascade.structures.end(),
                     [](SosStructure structure) { return structure == SosStructure::direct; });
}

std::size_t state_words(const SosCascade& cascade) {
  std::size_t most = info(SosStructure::direct).state_words;
  for (const SosStructure structure : cascade.structures) most = std::max(most, info(structure).state_words);
  return most;
}

std::array<double, 5> coefficients(const SosSection& s, SosStructure structure) {
  const double b0 = s.b0 / s.a0, b1 = s.b1 / s.a0, b2 = s.b2 / s.a0, a1 = s.a1 / s.a0, a2 = s.a2 / s.a0;
  if (structure == SosStructure::direct) return {b0, b1, b2, a1, a2};
  // In this order sums of numbers that nearly cancel are exact.
  return {b0, (b0 + b1) + b0, (b0 + b1) + b2, (1.0 + a1) + 1.0, (1.0 + a1) + a2};
}

SosSection section_of(const std::array<double, 5>& coefficients, SosStructure structure) {
  if (structure == SosStructure::direct) {
    const auto& [b0, b1, b2, a1, a2] = coefficients;
    return {b0, b1, b2, 1.0, a1, a2};
  }
  const auto& [f0, f1, f2, e1, e2] = coefficients;
  return {f0, f1 - 2.0 * f0, (f2 - f1) + f0, 1.0, e1 - 2.0, (e2 - e1) + 1.0};
}

std::array<double, 4> initial_words(const std::array<double, 2>& z, SosStructure structure) {
  const bool is_delta = structure != SosStructure::direct;
  const double first = z[0], second = is_delta ? z[0] + z[1] : z[1];
  const auto lacking = [](double value) { return value - round_to(NumberType::float32, value); };
  std::array<double, 4> words = {first, second, lacking(second), lacking(first)};
  for (std::size_t i = info(structure).state_words; i < words.size(); ++i) words[i] = 0.0;
  return words;
}

std::array<double, 2> direct_state(std::span<const double> words, SosStructure structure) {
  const auto error = [&](std::size_t i) { return i < words.size() ? words[i] : 0.0; };
  const double first = words[0] + error(3), second = words[1] + error(2);
  return {first, structure == SosStructure::direct ? second : second - first};
}

SosCascade as_rounded(const SosCascade& cascade) {
  SosCascade rounded{.sample_rate = cascade.sample_rate};
  for (std::size_t index = 0; index < cascade.sections.size(); ++index) {
    const SosStructure structure = structure_of(cascade, index);
    std::array<double, 5> c = coefficients(cascade.sections[index], structure);
    for (double& value : c) value = static_cast<float>(value);
    rounded.sections.push_back(section_of(c, structure));
  }
  return rounded;
}

std::array<double, 2> settled_state(const SosSection& section, double x) {
  const auto [f0, f1, f2, e1, e2] = coefficients(section, SosStructure::delta);
  const auto [b0, b1, b2, a1, a2] = coefficients(section, SosStructure::direct);
  const double y = f2 / e2 * x, z2 = b2 * x - a2 * y;
  return {b1 * x - a1 * y + z2, z2};
}

void filter_float32(const SosSection& section, SosStructure structure, const Lanes<std::array<double, 2>>& z,
                    std::span<Lanes<float>> signals) {
  State state;
  for (std::size_t i = 0; i < n_lanes; ++i) {
    const std::array<double, 4> words = initial_words(z[i], structure);
    state.first[i] = static_cast<float>(words[0]);
    state.second[i] = static_cast<float>(words[1]);
    state.second_rest[i] = static_cast<float>(words[2]);
    state.first_rest[i] = static_cast<float>(words[3]);
  }
  filter_section(section, structure, state, signals);
}

std::vector<float> filter_float32(const SosCascade& cascade, std::span<const float> signal) {
  std::vector<Lanes<float>> lanes(signal.size());
  for (std::size_t n = 0; n < signal.size(); ++n) lanes[n].fill(signal[n]);
  for (std::size_t index = 0; index < cascade.sections.size(); ++index) {
    Lanes<std::array<double, 2>> z{};
    if (!cascade.initial_state.empty()) z.fill(cascade.initial_state[index]);
    filter_float32(cascade.sections[index], structure_of(cascade, index), z, lanes);
  }
  std::vector<float> result;
  for (const Lanes<float>& lane : lanes) result.push_back(lane[0]);
  return result;
}

}  // namespace emlc::model
