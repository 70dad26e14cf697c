#pragma once

#include <nlohmann/json_fwd.hpp>

#include "codegen/model/model.hpp"

/// A filter as it is computed in float32.
namespace emlc::cli {

/// Gives a filter that names no structures those that convert takes; where none is good enough, the best. An unstable
/// one stays direct.
void choose_structures(model::Model& filter);

/// The structure of each section, what is wrong with them and with the direct form (null: nothing), how far the
/// response is off (dB, within 40 dB of its peak), and the output, as a share of its largest value. Frequencies are in
/// Hz, or in cycles per sample where there is no sample rate. An unstable filter is not measured.
nlohmann::ordered_json float_facts(const model::Model& filter);

}  // namespace emlc::cli
