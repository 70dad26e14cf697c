#pragma once

#include <string>

#include "codegen/model/model.hpp"

namespace emlc::cli {

/// The model as text, one node, leaf row, layer or section per line: what --dump-after prints.
std::string dump(const model::Model& model);

}  // namespace emlc::cli
