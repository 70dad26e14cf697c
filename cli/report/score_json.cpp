#include "cli/report/score_json.hpp"

#include <utility>

namespace emlc::cli::report {

nlohmann::ordered_json score_json(const model::Model& model, const Score& score) {
  using Json = nlohmann::ordered_json;
  if (score.errors) {
    const RegressionErrors& found = *score.errors;
    return {{"r2", found.r2 ? Json(*found.r2) : Json()},
            {"root_mean_square_error", found.root_mean_square},
            {"mean_absolute_error", found.mean_absolute},
            {"largest_error", found.largest}};
  }
  Json targets = Json::array();
  for (std::size_t target = 0; target < score.targets.size(); ++target) {
    const Confusion& matrix = score.targets[target];
    targets.push_back({{"name", target_name(model, target)},
                       {"accuracy", accuracy(matrix)},
                       {"classes", matrix.classes},
                       {"confusion", matrix.counts}});
  }
  return {{"accuracy", *accuracy(score)}, {"targets", std::move(targets)}};
}

}  // namespace emlc::cli::report
