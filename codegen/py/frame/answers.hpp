#pragma once

#include <string>

#include "codegen/model/model.hpp"
#include "codegen/py/common/module.hpp"

namespace emlc::py {

/// The functions of a module around the core of trees or a network:
///   predict(x)                            the class, where one target is decided; the value of the only output
///   predict(x, out=None)                  a list of the classes of several targets, or of all outputs
///   predict_proba(x, out=None), scores(x, out=None), score(x)   the outputs of a model that decides
/// and what they call.
std::string answers_text(const Core& core, const model::Model& model);

/// `predict_proba`, `scores` or `score`: what gives the outputs of a model that decides.
std::string_view outputs_function(const model::Model& model);

/// Of array.array, for the features: B b h i f.
char feature_code(const model::Model& model);

}  // namespace emlc::py
