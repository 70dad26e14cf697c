#include "cli/inspection/filter_facts.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <nlohmann/json.hpp>
#include <numbers>

namespace emlc::cli {
namespace {

using Json = nlohmann::ordered_json;

/// 1, 2, 5, 10, ... below half the sample rate, that itself, and 0.
std::vector<double> interesting_frequencies(double sample_rate) {
  const double half = sample_rate / 2.0;
  std::vector<double> frequencies = {0.0};
  const double first_decade = std::pow(10.0, std::floor(std::log10(half)) - 3.0);
  for (const double decade : {1.0, 10.0, 100.0, 1000.0}) {
    for (const double step : {1.0, 2.0, 5.0}) {
      const double frequency = step * decade * first_decade;
      if (frequency >= half / 1000.0 && frequency < half * 0.999) frequencies.push_back(frequency);
    }
  }
  frequencies.push_back(half);
  return frequencies;
}

Json root_facts(std::size_t section, std::string_view kind, const std::vector<std::complex<double>>& roots,
                double sample_rate) {
  Json rows = Json::array();
  for (const std::complex<double>& root : roots) {
    if (root.imag() < 0.0) continue;  // the upper one of the pair stands for both
    rows.push_back({{"section", section},
                    {"kind", kind},
                    {"pair", root.imag() != 0.0},
                    {"radius", std::abs(root)},
                    {"frequency", std::arg(root) / (2.0 * std::numbers::pi) * sample_rate}});
  }
  return rows;
}

/// Rounded to what the arithmetic is good for. JSON has no infinity: no gain at all is null.
Json decibel(double gain) {
  constexpr double steps_per_decibel = 1e6;
  const double value = std::round(20.0 * std::log10(gain) * steps_per_decibel) / steps_per_decibel;
  if (!std::isfinite(value)) return {};
  return value + 0.0;  // no -0
}

Json all_roots(const model::SosCascade& cascade) {
  const double sample_rate = cascade.sample_rate.value_or(1.0);
  Json roots = Json::array();
  for (std::size_t index = 0; index < cascade.sections.size(); ++index) {
    for (const Json& rows : {root_facts(index, "pole", model::poles(cascade.sections[index]), sample_rate),
                             root_facts(index, "zero", model::zeros(cascade.sections[index]), sample_rate)}) {
      roots.insert(roots.end(), rows.begin(), rows.end());
    }
  }
  return roots;
}

/// Null where a gain is nothing but the rounding of what computes it.
Json deviation(double before, double after) {
  constexpr double least_gain = 1e-9;
  return std::max(before, after) < least_gain ? Json() : decibel(after / before);
}

Json coefficients(const model::SosCascade& cascade) {
  Json rows = Json::array();
  for (const model::SosIntegers& section : model::integers(cascade)) {
    const auto& [b0, b1, b2, a1, a2] = section;
    rows.push_back({{"section", rows.size()}, {"b0", b0}, {"b1", b1}, {"b2", b2}, {"a1", a1}, {"a2", a2}});
  }
  return rows;
}

}  // namespace

Json filter_facts(const model::SosCascade& cascade) {
  const double sample_rate = cascade.sample_rate.value_or(1.0);
  Json facts = {{"sections", cascade.sections.size()}};
  facts["sample_rate"] = cascade.sample_rate ? Json(*cascade.sample_rate) : Json();
  facts["frequency_unit"] = cascade.sample_rate ? "Hz" : "cycles per sample";
  Json response = Json::array();
  for (const double frequency : interesting_frequencies(sample_rate)) {
    response.push_back({{"frequency", frequency}, {"gain_db", decibel(model::gain(cascade, frequency / sample_rate))}});
  }
  facts["roots"] = all_roots(cascade);
  facts["response"] = std::move(response);
  return facts;
}

Json rounded_filter_facts(const model::SosCascade& designed, const model::SosCascade& rounded) {
  const double sample_rate = rounded.sample_rate.value_or(1.0);
  const model::FixedPoint& fixed = rounded.fixed.value();
  Json facts = {{"arithmetic", info(fixed.arithmetic).name},
                {"sample_bits", info(fixed.arithmetic).sample_bits},
                {"coefficient_bits", info(fixed.arithmetic).coefficient_bits},
                {"fraction_bits", fixed.fraction_bits},
                {"rounding", name(fixed.rounding)},
                {"saturates", fixed.overflow == model::Overflow::saturates || fixed.lift != 0},
                {"lift_bits", fixed.lift},
                {"headroom_bits", fixed.headroom}};
  Json response = Json::array();
  for (const double frequency : interesting_frequencies(sample_rate)) {
    const double before = model::gain(designed, frequency / sample_rate);
    const double after = model::gain(rounded, frequency / sample_rate);
    response.push_back(
        {{"frequency", frequency}, {"gain_db", decibel(after)}, {"deviation_db", deviation(before, after)}});
  }
  facts["coefficients"] = coefficients(rounded);
  facts["roots"] = all_roots(rounded);
  facts["response"] = std::move(response);
  return facts;
}

Json rounded_filter_facts(const model::Model& designed, const model::Model& rounded) {
  return rounded_filter_facts(std::get<model::SosCascade>(designed.predictor),
                              std::get<model::SosCascade>(rounded.predictor));
}

}  // namespace emlc::cli
