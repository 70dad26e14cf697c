#include "formats/lightgbm/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "codegen/model/error.hpp"
#include "codegen/model/number_type.hpp"
#include "formats/lightgbm/objective.hpp"
#include "formats/reading.hpp"

namespace emlc::formats::lightgbm {
namespace {

using model::infinity;

/// T of `x < T` for x <= t, where every |x| up to largest_zero counts as 0.
double strict_threshold(double t) {
  if (t < -largest_zero || t >= largest_zero) return std::nextafter(t, infinity);
  return t < 0.0 ? -largest_zero : std::nextafter(largest_zero, infinity);
}

/// The names that the library gives when it has none.
bool are_made_up(const std::vector<std::string>& names) {
  for (std::size_t index = 0; index < names.size(); ++index) {
    if (names[index] != fmt::format("Column_{}", index)) return false;
  }
  return true;
}

void check_header(const Header& header, std::size_t n_trees, const RefuseKey& refuse) {
  if (header.version.empty()) refuse("version", "is missing, this emlc reads v2, v3 and v4");
  constexpr std::array<std::string_view, 3> versions = {"v2", "v3", "v4"};
  if (std::find(versions.begin(), versions.end(), header.version) == versions.end()) {
    refuse("version", fmt::format("is '{}', this emlc reads v2, v3 and v4", printable(header.version)));
  }
  if (n_trees == 0) refuse("num_tree_per_iteration", "there is no tree");
  if (n_trees % static_cast<std::size_t>(header.trees_per_round) != 0) {
    refuse("num_tree_per_iteration",
           fmt::format("is {}, which does not divide the number of trees, {}", header.trees_per_round, n_trees));
  }
  if (header.n_classes > 1 && header.n_classes != header.trees_per_round) {
    refuse("num_class", fmt::format("is {}, but a round has {} trees", header.n_classes, header.trees_per_round));
  }
  if (!header.feature_names.empty() && std::cmp_not_equal(header.feature_names.size(), header.n_features)) {
    refuse("feature_names",
           fmt::format("has {} entries, the model has {} features", header.feature_names.size(), header.n_features));
  }
}

}  // namespace

ListedNode numeric_split(std::int32_t feature, double t, MissingType type, model::NodeId default_side) {
  const bool is_any = t == infinity;  // where only NaN, or zero too, goes the other way
  ListedNode node{
      .test = is_any ? NodeTest::any : NodeTest::below, .feature = feature, .threshold = strict_threshold(t)};
  if (type == MissingType::zero) node.test = is_any ? NodeTest::any_but_zero : NodeTest::zero_is_missing;
  const model::NodeId side_of_zero = t >= 0.0 ? to_left : to_right;
  node.missing = type == MissingType::none ? side_of_zero : default_side;
  return node;
}

CategorySides category_sides(const std::vector<std::int32_t>& categories) {
  CategorySides sides;
  for (const std::int32_t category : categories) sides.listed.emplace_back(category, to_left);
  std::sort(sides.listed.begin(), sides.listed.end());
  return sides;
}

model::Model make_model(Header& header, std::vector<model::Tree> trees, std::vector<double> leaf_values,
                        const RefuseKey& refuse) {
  check_header(header, trees.size(), refuse);
  const auto n_outputs = static_cast<std::size_t>(header.trees_per_round);
  model::Model model;
  model.input.n_features = header.n_features;
  model.input.type = model::NumberType::float64;
  if (!are_made_up(header.feature_names)) model.input.feature_names = std::move(header.feature_names);
  model::TreeEnsemble ensemble{.n_features = header.n_features,
                               .n_outputs = header.trees_per_round,
                               .leaf_width = 1,
                               .leaf_values = std::move(leaf_values),
                               .trees = std::move(trees),
                               .feature_type = model::NumberType::float64,
                               .base_score = std::vector<double>(n_outputs)};
  const std::size_t n_rounds = ensemble.trees.size() / n_outputs;
  if (header.is_average) ensemble.divisor = static_cast<double>(n_rounds);
  set_objective(header, model, ensemble.post_transform, refuse);
  model.predictor = std::move(ensemble);
  return model;
}

}  // namespace emlc::formats::lightgbm
