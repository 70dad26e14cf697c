#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "codegen/model/error.hpp"
#include "codegen/passes/passes.hpp"
#include "codegen/passes/sos/candidate.hpp"
#include "codegen/passes/sos/structures.hpp"

namespace emlc::passes {
namespace {

using model::SosCascade;
using model::SosStructure;

/// Does quantize-sos find nothing wrong with the filter in q31?
bool does_q31(model::Model model, const PassConfig& config) {
  PassConfig integers = config;
  integers.arithmetic = model::Arithmetic::q31;
  try {
    (void)quantize_sos(model, integers);
    return true;
  } catch (const Error&) {
    return false;
  }
}

[[noreturn]] void refuse_float(const model::Model& model, const PassConfig& config, const FloatDesign& design) {
  throw Error({.field = "--arithmetic"},
              fmt::format("float is not good enough for this filter: {}; {}", design.problem,
                          does_q31(model, config) ? "q31 would do"
                                                  : fmt::format("q31 would not do either: {}", easier_filter)));
}

[[noreturn]] void refuse_structure(SosStructure asked, const FloatDesign& design) {
  const FloatChoice choice = choose_structures(design.cascade);
  const std::string advice = choice.design.problem.empty()
                                 ? fmt::format("auto takes {}", structures_text(choice.design.cascade))
                                 : fmt::format("none is: {}", easier_filter);
  throw Error({.field = "--structure"},
              fmt::format("{} is not good enough for this filter: {}; {}", info(asked).name, design.problem, advice));
}

FloatDesign design_as_asked(const SosCascade& cascade, SosStructure asked) {
  SosCascade candidate = cascade;
  candidate.structures.assign(cascade.sections.size(), asked);
  FloatDesign design = measure_float(candidate);
  if (!design.problem.empty()) refuse_structure(asked, design);
  return design;
}

std::vector<std::string> notes_of(const FloatDesign& design, std::string_view why) {
  const std::string dc =
      design.dc_decibel ? fmt::format(", {:.2g} dB at 0 Hz", *design.dc_decibel + 0.0) : std::string();
  std::vector<std::string> notes;
  notes.push_back(fmt::format("structure: {}{}", structures_text(design.cascade), why));
  notes.push_back(fmt::format("response: off by at most {} within {} dB of the peak{}",
                              describe(design.deviation, design.cascade), deviation_range, dc));
  notes.push_back(
      fmt::format("rounding in float32: at most {:.2g} of the largest output on steps, square waves and noise, {:.2g} "
                  "RMS on noise",
                  design.errors.worst(), design.errors.rms_of_noise));
  return notes;
}

}  // namespace

PassResult structure_sos(model::Model& model, const PassConfig& config) {
  auto& cascade = std::get<SosCascade>(model.predictor);
  if (cascade.fixed || !cascade.structures.empty()) return {};
  if (!is_stable(cascade)) {
    const bool is_asked = config.structure && *config.structure != SosStructure::direct;
    if (is_asked) throw Error({.field = "--structure"}, "an unstable filter is computed as it is, in the direct form");
    return {.notes = {"structure: direct, not measured: the filter is unstable"}};
  }
  FloatChoice choice;
  if (config.structure) {
    choice.design = design_as_asked(cascade, *config.structure);
  } else {
    choice = choose_structures(cascade);
    if (!choice.design.problem.empty()) refuse_float(model, config, choice.design);
  }
  const std::string& problem = choice.problem_of_direct;
  PassResult result{.notes = notes_of(choice.design, problem.empty() ? "" : fmt::format("; with direct {}", problem))};
  cascade.structures = std::move(choice.design.cascade.structures);
  result.changes = model::is_direct(cascade) ? 0 : cascade.sections.size();
  return result;
}

}  // namespace emlc::passes
