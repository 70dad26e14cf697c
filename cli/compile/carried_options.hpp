#pragma once

#include <string>

#include "codegen/model/model.hpp"

namespace emlc::cli {

/// The compile options that a CSV or a blob shows it was made with, of models that emlc reads back: `read` is what it
/// holds, `trained` the model that it is compared with. As given_compile_options() writes them; empty when it shows
/// none.
std::string carried_options(const model::Model& read, const model::Model& trained);

}  // namespace emlc::cli
