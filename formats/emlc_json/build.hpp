#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/model.hpp"
#include "formats/emlc_json/document.hpp"

/// What an emlc model document means: from its parts to the IR.
namespace emlc::formats::emlc_json {

using json::Source;

/// One model object of a document, and the path to it.
struct Part {
  ModelPart* part;
  std::string path;
  int n_around = 0;  ///< combinations
};

/// Fills steps, scalers and predictor of `into`, whose input and output are there; a pipeline step by step.
void build_model(const Source& source, const Part& part, model::Model& into);
/// @param path  of the output in the document
model::Output build_output(const Source& source, Output& document, const std::string& path);

/// Empties `part`, tree by tree, while it reads.
model::TreeEnsemble build_trees(const Source& source, const Part& part, std::int32_t n_features,
                                std::int32_t n_outputs);
model::DenseNetwork build_network(const Source& source, const Part& part);
/// A step that finds `width` columns. Throws Error for one that cannot.
model::Step build_step(const Source& source, const Part& part, std::size_t width);
model::SosCascade build_sos(const Source& source, const Part& part);
/// @param model  what it is the predictor of, with all that is in front of it
model::Combination build_combination(const Source& source, const Part& part, const model::Model& model);

model::PostTransform build_post_transform(const Source& source, const Part& part);

}  // namespace emlc::formats::emlc_json
