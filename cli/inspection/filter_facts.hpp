#pragma once

#include <nlohmann/json_fwd.hpp>

#include "codegen/model/model.hpp"

namespace emlc::cli {

/// Poles, zeros and the response of a filter. Frequencies are in Hz, or in cycles per sample where there is no sample
/// rate; a gain of 0 is null.
nlohmann::ordered_json filter_facts(const model::SosCascade& cascade);

/// The same of a filter in integers, with its coefficients times 2^fraction_bits and how far its gain is from that of
/// the filter as it was designed; null where one of them is 0. Its sections may be in another order.
/// @param rounded  has `fixed`
nlohmann::ordered_json rounded_filter_facts(const model::SosCascade& designed, const model::SosCascade& rounded);
/// The same of two models that are filters.
nlohmann::ordered_json rounded_filter_facts(const model::Model& designed, const model::Model& rounded);

}  // namespace emlc::cli
