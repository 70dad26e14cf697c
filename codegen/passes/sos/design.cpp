#include "codegen/passes/sos/design.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace emlc::passes {
namespace {

using model::FixedPoint;
using model::SosCascade;
using model::SosSection;

void multiply(SosSection& section, double factor) {
  section.b0 *= factor;
  section.b1 *= factor;
  section.b2 *= factor;
}

/// [n_sections] How much the first sections amplify, one and more of them.
std::vector<double> amplifications(std::span<const SosSection> sections, SosBound bound) {
  std::vector<double> found;
  if (bound == SosBound::any_input) {
    for (const model::ImpulseNorms& norms : model::norms_of_prefixes(sections)) found.push_back(norms.absolute_sum);
    return found;
  }
  SosCascade prefix;
  for (const SosSection& section : sections) {
    prefix.sections.push_back(section);
    found.push_back(model::peak_gain(prefix));
  }
  return found;
}

/// `value` where it is one of -2, -1, 0, 1, 2 but for the rounding of its computation.
std::optional<double> small_integer(double value) {
  constexpr double tolerance = 1e-9, largest = 2.0;
  const double nearest = std::round(value);
  if (std::abs(nearest) > largest || std::abs(value - nearest) > tolerance) return std::nullopt;
  return nearest;
}

/// The coefficients of x, rounded in one of the ways that keep the zeros where they are.
struct Numerator {
  std::array<double, 3> integers{};
  double gain = 1.0;  ///< of the rounded ones, relative to the real ones; 0 when nothing is left
};

/// `lead`: the integer that the first coefficient becomes.
Numerator round_to_lead(const SosSection& s, double scale, double lead) {
  const std::array<double, 3> b = {s.b0 * scale, s.b1 * scale, s.b2 * scale};
  const std::size_t first = b[0] != 0.0 ? 0 : (b[1] != 0.0 ? 1 : 2);
  Numerator result;
  if (b[first] == 0.0) return result;
  for (std::size_t i = first; i < b.size(); ++i) {
    const std::optional<double> ratio = small_integer(b[i] / b[first]);
    result.integers[i] = ratio ? *ratio * lead : std::round(b[i] / b[first] * lead);
  }
  result.gain = lead / b[first];
  return result;
}

double lead_of(const SosSection& s, double scale) { return (s.b0 != 0.0 ? s.b0 : (s.b1 != 0.0 ? s.b1 : s.b2)) * scale; }

/// So many integers are tried for a lead: all that 16 bits leave room for.
constexpr double most_leads = 4096;

/// Integers from `highest` down to `lowest` times that, for the lead of the last section but one; the last section's
/// then is `last` * highest / lead. All of them; where they are too many, those that make the last one nearly round,
/// and where these are too many, too, the highest: both leads have so many bits then that any of them will do.
std::vector<double> possible_leads(double highest, double last, double lowest) {
  const double top = std::floor(highest), bottom = std::max(1.0, std::ceil(lowest * highest));
  std::vector<double> leads;
  const double first = std::ceil(last), end = std::floor(last * highest / bottom);
  if (top - bottom >= most_leads && end - first < most_leads) {
    leads.push_back(top);
    for (double round = first; round <= end; ++round) {
      leads.push_back(std::clamp(std::round(last * highest / round), bottom, top));
    }
  } else {
    for (double lead = top; lead >= bottom && top - lead < most_leads; --lead) leads.push_back(lead);
  }
  return leads;
}

/// The last section but one may have a little less gain than it could, if that makes the last one's round number exact:
/// of the integers down to `lowest` times `lead` the one that leaves the least error.
double best_lead(double lead, double last_lead, double lowest) {
  double best = std::round(lead), least = HUGE_VAL;
  for (const double candidate : possible_leads(std::abs(lead), std::abs(last_lead), lowest)) {
    const double last = last_lead * std::abs(lead) / candidate;
    const double error = std::abs(std::round(last) - last) / std::abs(last);
    if (error < least) {
      least = error;
      best = std::copysign(candidate, lead);
    }
  }
  return best;
}

std::optional<SosCascade> round_at(SosCascade cascade, const FixedPoint& fixed, double lowest) {
  const double scale = std::ldexp(1.0, fixed.fraction_bits);
  const std::size_t n = cascade.sections.size();
  for (std::size_t index = 0; index < n; ++index) {
    SosSection& s = cascade.sections[index];
    double lead = std::round(lead_of(s, scale));
    if (index + 2 == n) lead = best_lead(lead_of(s, scale), lead_of(cascade.sections[index + 1], scale), lowest);
    const Numerator b = round_to_lead(s, scale, lead);
    if (index + 1 < n && b.gain != 0.0) multiply(cascade.sections[index + 1], 1.0 / b.gain);
    s = {b.integers[0] / scale,
         b.integers[1] / scale,
         b.integers[2] / scale,
         1.0,
         std::round(s.a1 * scale) / scale,
         std::round(s.a2 * scale) / scale};
    for (const double value : {s.b0, s.b1, s.b2, s.a1, s.a2}) {
      if (!(std::abs(value * scale) < 0x1p31)) return std::nullopt;
    }
  }
  cascade.fixed = fixed;
  for (const model::SosIntegers& section : integers(cascade)) {
    if (!fit(fixed, section)) return std::nullopt;
  }
  return cascade;
}

}  // namespace

std::string_view name(SosBound bound) {
  return bound == SosBound::any_input ? "any input (L1)" : "any sine (L-infinity)";
}

SosCascade balance_gains(const SosCascade& cascade, SosBound bound, double target) {
  SosCascade result = cascade;
  std::vector<SosSection>& sections = result.sections;
  // What one section gives away the next one gets, so that the gain up to a section is that of the cascade as it came.
  const std::vector<double> gains = amplifications(std::span(cascade.sections).first(sections.size() - 1), bound);
  for (std::size_t index = 0; index < gains.size(); ++index) {
    const double gain = gains[index] / target;
    if (!(gain > 0.0)) continue;
    multiply(sections[index], 1.0 / gain);
    multiply(sections[index + 1], gain);
  }
  return result;
}

std::optional<SosCascade> round_coefficients(const SosCascade& cascade, FixedPoint fixed) {
  const model::ArithmeticInfo& row = info(fixed.arithmetic);
  // What the last section but one gives away has to fit the last one; where it does not, nothing is given away.
  for (const double lowest : {0.875, 1.0}) {
    for (int bits = row.most_fraction_bits; bits >= row.fewest_fraction_bits; --bits) {
      fixed.fraction_bits = bits;
      if (std::optional<SosCascade> rounded = round_at(cascade, fixed, lowest)) return rounded;
    }
  }
  return std::nullopt;
}

}  // namespace emlc::passes
