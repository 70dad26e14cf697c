#pragma once

#include <string>

#include "codegen/model/sos/sos_cascade.hpp"
#include "codegen/py/common/module.hpp"

namespace emlc::py {

/// The core of a filter whose samples have 16 bits: _filter, which runs a block through one section after the other.
Core emit_filter(const model::SosCascade& cascade);

/// filter(samples, state) and new_state().
std::string filter_api(const model::SosCascade& cascade);

}  // namespace emlc::py
