#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "codegen/model/check/check.hpp"
#include "codegen/model/predict/predict.hpp"
#include "formats/emlc_json/emlc_json.hpp"

/// Small emlc model documents for tests.
namespace emlc::formats::documents {

/// The smallest complete document, as published with the format.
constexpr std::string_view smallest =
    R"({"format":"emlc-model","version":1,"input":{"n_features":2,"dtype":"float32"},
 "output":{"task":"classification","n_outputs":2,"targets":[{"size":2,"class_names":["off","on"]}],"decision":{"rule":"argmax"}},
 "model":{"kind":"tree_ensemble","compare":"<=","feature_dtype":"float32","leaf":"vector","aggregate":"mean",
   "trees":[{"feature":[1,-1,-1],"threshold":[0.5,0,0],"left":[1,-1,-1],"right":[2,-1,-1],"value":[null,[0.75,0.25],[0,1]]}]},
 "test_vectors":{"inputs":[[0,0.5],[0,0.625]],"outputs":[[0.75,0.25],[0,1]],"labels":["off","on"],"atol":0,"rtol":0}})";

/// A regression over `model`; `more` are further keys, each with a comma in front.
inline std::string regression(std::string_view model, int n_features = 1, int n_outputs = 1,
                              std::string_view more = "") {
  return fmt::format(R"({{"format":"emlc-model","version":1,"input":{{"n_features":{}}},)"
                     R"("output":{{"task":"regression","n_outputs":{}}},"model":{}{}}})",
                     n_features, n_outputs, model, more);
}

/// A sum of scalar leaves over `trees`, a list; `more` are further keys of the model, each with a comma behind.
inline std::string scalar_trees(std::string_view trees, std::string_view more = "") {
  return fmt::format(R"({{"kind":"tree_ensemble","compare":"<=","leaf":"scalar","aggregate":"sum",{}"trees":{}}})",
                     more, trees);
}

/// One split of feature 0 at 2.5 with leaves 10 and 20; `more` are further keys of the tree, each with a comma behind.
inline std::string stump(std::string_view more = "") {
  return fmt::format(R"({{{}"feature":[0,-1,-1],"threshold":[2.5,0,0],"left":[1,-1,-1],"right":[2,-1,-1],)"
                     R"("value":[null,10,20]}})",
                     more);
}

/// Reads, checks and replays.
inline model::Model read(std::string_view document) {
  model::Model model = read_emlc_json(document, "m.json");
  model::check(model, "m.json");
  model::replay(model, "m.json");
  return model;
}

inline double predict_one(const model::Model& model, double x) { return model::predict(model, std::vector{x}).at(0); }

}  // namespace emlc::formats::documents
