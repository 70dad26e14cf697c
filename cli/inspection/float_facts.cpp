#include "cli/inspection/float_facts.hpp"

#include <nlohmann/json.hpp>

#include "codegen/passes/sos/structures.hpp"

namespace emlc::cli {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json structure_names(const model::SosCascade& cascade) {
  Json names = Json::array();
  for (std::size_t section = 0; section < cascade.sections.size(); ++section) {
    names.push_back(info(model::structure_of(cascade, section)).name);
  }
  return names;
}

std::string problem_of_direct(model::SosCascade cascade) {
  cascade.structures.clear();
  return passes::measure_float(cascade).problem;
}

}  // namespace

void choose_structures(model::Model& filter) {
  auto& cascade = std::get<model::SosCascade>(filter.predictor);
  if (!cascade.structures.empty() || !passes::is_stable(cascade)) return;
  cascade = passes::choose_structures(cascade).design.cascade;
}

Json float_facts(const model::Model& filter) {
  const auto& cascade = std::get<model::SosCascade>(filter.predictor);
  Json facts = {{"structures", structure_names(cascade)}};
  if (!passes::is_stable(cascade)) {
    facts["problem"] = "the filter is unstable, nothing is measured";
    return facts;
  }
  const passes::FloatDesign design = passes::measure_float(cascade);
  facts["problem"] = text_or_null(design.problem);
  facts["problem_of_direct"] = text_or_null(problem_of_direct(cascade));
  facts["deviation_db"] = design.deviation.decibel;
  facts["deviation_frequency"] = design.deviation.frequency * cascade.sample_rate.value_or(1.0);
  facts["dc_deviation_db"] = design.dc_decibel ? Json(*design.dc_decibel) : Json();
  facts["largest_error"] = design.errors.worst();
  facts["rms_error_of_noise"] = design.errors.rms_of_noise;
  return facts;
}

}  // namespace emlc::cli
