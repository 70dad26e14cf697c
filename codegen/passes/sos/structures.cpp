#include "codegen/passes/sos/structures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "codegen/passes/sos/candidate.hpp"

namespace emlc::passes {
namespace {

using model::SosCascade;
using model::SosStructure;

/// What makes a filter useless: a response that is this far off within deviation_range of its peak, a gain at DC, and
/// an error of the output as a share of its largest value. What is promised is twice that error: other signals may be
/// worse than those of the trial.
constexpr double largest_dc = 0.01, largest_error = 5e-5;

double decibel(double ratio) { return 20.0 * std::log10(ratio); }

/// Nothing where the gain at DC is too small to count.
std::optional<double> dc_deviation(const SosCascade& cascade, const SosCascade& rounded) {
  const double gain = model::gain(cascade, 0.0);
  if (gain == 0.0 || decibel(gain / model::peak_gain(cascade)) < -deviation_range) return std::nullopt;
  return decibel(model::gain(rounded, 0.0) / gain);
}

std::string problem_of(const FloatDesign& design, const SosCascade& rounded) {
  for (const model::SosSection& section : rounded.sections) {
    const double radius = model::pole_radius(section);
    if (radius >= 1.0) return fmt::format("rounded to float32 a pole has radius {:.6g}", radius);
  }
  if (!(std::abs(design.deviation.decibel) <= largest_deviation)) {
    return fmt::format("the response would be off by {}, more than {} dB within {} dB of its peak",
                       describe(design.deviation, design.cascade), largest_deviation, deviation_range);
  }
  if (design.dc_decibel && !(std::abs(*design.dc_decibel) <= largest_dc)) {
    return fmt::format("the gain at 0 Hz would be off by {:.2g} dB, more than {}", *design.dc_decibel, largest_dc);
  }
  if (!(design.errors.worst() <= largest_error)) {
    return fmt::format("the output would be off by {:.2g} of its largest value, more than {:g}", design.errors.worst(),
                       largest_error);
  }
  return {};
}

FloatDesign measure(const SosCascade& cascade, const model::TrialSignals& signals) {
  FloatDesign design{.cascade = cascade};
  const SosCascade rounded = model::as_rounded(cascade);
  design.deviation = model::largest_deviation(cascade, rounded, deviation_range);
  design.dc_decibel = dc_deviation(cascade, rounded);
  design.errors = model::float_errors(cascade, signals);
  design.problem = problem_of(design, rounded);
  return design;
}

bool is_better(const FloatDesign& one, const FloatDesign& other) {
  if (one.problem.empty() != other.problem.empty()) return one.problem.empty();
  return one.errors.worst() < other.errors.worst();
}

std::size_t place_of(SosStructure structure) { return static_cast<std::size_t>(structure); }

/// For each section the cheapest structure whose share of the error is small enough.
std::vector<SosStructure> first_guess(const std::vector<model::StructureErrors>& errors) {
  const double share = largest_error / static_cast<double>(errors.size());
  std::vector<SosStructure> structures;
  for (const model::StructureErrors& section : errors) {
    SosStructure chosen = SosStructure::pairs;
    for (const model::SosStructureInfo& row : model::all_sos_structures()) {
      if (!(section[place_of(row.structure)] <= share)) continue;
      chosen = row.structure;
      break;
    }
    structures.push_back(chosen);
  }
  return structures;
}

/// The next structure for the section that the error comes from. False when no section has a better one.
bool improve(std::vector<SosStructure>& structures, const std::vector<model::StructureErrors>& errors) {
  std::optional<std::size_t> worst;
  const auto error = [&](std::size_t section) { return errors[section][place_of(structures[section])]; };
  for (std::size_t section = 0; section < structures.size(); ++section) {
    if (structures[section] == SosStructure::pairs) continue;
    if (!worst || error(section) > error(*worst)) worst = section;
  }
  if (!worst) return false;
  structures[*worst] = model::all_sos_structures()[place_of(structures[*worst]) + 1].structure;
  return true;
}

}  // namespace

bool is_stable(const SosCascade& cascade) {
  return std::all_of(cascade.sections.begin(), cascade.sections.end(),
                     [](const model::SosSection& section) { return model::pole_radius(section) < 1.0; });
}

FloatDesign measure_float(const SosCascade& cascade) { return measure(cascade, model::trial_signals(cascade)); }

FloatChoice choose_structures(const SosCascade& cascade) {
  constexpr int most_steps = 4;  // each measures the whole cascade
  const model::TrialSignals signals = model::trial_signals(cascade);
  SosCascade candidate = cascade;
  candidate.structures.clear();
  FloatChoice choice{.design = measure(candidate, signals)};
  if (choice.design.problem.empty()) return choice;
  choice.problem_of_direct = choice.design.problem;
  const auto try_out = [&](std::vector<SosStructure> structures) {
    candidate.structures = std::move(structures);
    FloatDesign design = measure(candidate, signals);
    if (is_better(design, choice.design)) choice.design = std::move(design);
    return choice.design.problem.empty();
  };
  const std::vector<model::StructureErrors> errors = model::section_errors(cascade, signals);
  std::vector<SosStructure> structures = first_guess(errors);
  if (try_out(structures)) return choice;
  for (int step = 0; step < most_steps && improve(structures, errors); ++step) {
    if (try_out(structures)) return choice;
  }
  try_out(std::vector<SosStructure>(cascade.sections.size(), SosStructure::pairs));
  return choice;
}

std::string structures_text(const SosCascade& cascade) {
  const std::size_t n = cascade.sections.size();
  std::string text;
  for (std::size_t first = 0; first < n;) {
    const SosStructure structure = model::structure_of(cascade, first);
    std::size_t last = first;
    while (last + 1 < n && model::structure_of(cascade, last + 1) == structure) ++last;
    const std::string where =
        last == first ? fmt::format(" in section {}", first) : fmt::format(" in sections {} to {}", first, last);
    text += fmt::format("{}{}{}", first == 0 ? "" : ", ", info(structure).name, last - first + 1 == n ? "" : where);
    first = last + 1;
  }
  return text;
}

}  // namespace emlc::passes
