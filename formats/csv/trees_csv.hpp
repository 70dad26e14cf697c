#pragma once

#include <string>

#include "codegen/model/model.hpp"
#include "formats/csv/node_table.hpp"

namespace emlc::formats {

/// The text of emlc's extended form; docs/formats.md. `table` holds the trees with thresholds of `type`.
std::string extended_text(const model::Model& model, const model::TreeEnsemble& ensemble, const NodeTable& table,
                          model::NumberType type);

}  // namespace emlc::formats
