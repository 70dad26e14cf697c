#pragma once

#include <variant>
#include <vector>

#include "codegen/model/model.hpp"
#include "codegen/model/predict/predict.hpp"

/// What tests of the reader of emlc's format look at in a model.
namespace emlc::formats::documents {

inline const model::TreeEnsemble& trees_of(const model::Model& model) {
  return std::get<model::TreeEnsemble>(model.predictor);
}
inline const model::Split& root_of(const model::Model& model) {
  return std::get<model::Split>(trees_of(model).trees.at(0).nodes.at(0));
}

inline std::vector<double> predict(const model::Model& model, const std::vector<double>& x) {
  return model::predict(model, x);
}

}  // namespace emlc::formats::documents
