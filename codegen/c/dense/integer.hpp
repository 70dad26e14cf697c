#pragma once

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"

namespace emlc::c {

/// A dense network that computes in integers: raw_ and decide_ for features, raw_q_ and decide_q_ for codes, and
/// quantize_(const FEATURE *x, QUANTIZED *q) between them.
Core emit_integer_network(const model::Model& model, const model::DenseNetwork& network, const Names& names,
                          const EmitConfig& config);

/// What a code of the input means, one sentence for the user of the header.
std::string code_meaning(const model::IntegerNetwork& integers);

}  // namespace emlc::c
