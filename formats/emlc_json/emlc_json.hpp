#pragma once

#include <string_view>

#include "codegen/model/model.hpp"
#include "formats/reading.hpp"

namespace emlc::formats {

/// A JSON object that says `"format": "emlc-model"`.
bool is_emlc_json(std::string_view content);

/// An emlc model document, version 1, see docs/formats.md. Guarantees what memory safety needs (tree nodes, rows that
/// fit their table); model::check has to prove the rest. Throws Error with file, line and path.
model::Model read_emlc_json(std::string_view content, std::string_view file);

/// The same with the plan of the document's key `signal`, whose features are those of the model.
Reading read_emlc_product(std::string_view content, std::string_view file, const Supplement& supplement);

}  // namespace emlc::formats
