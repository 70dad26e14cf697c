#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/model.hpp"
#include "formats/trees/listed_tree.hpp"

/// What the two forms of a LightGBM model have in common.
namespace emlc::formats::lightgbm {

/// What a file says about all its trees.
struct Header {
  std::string version{};
  std::int32_t n_classes = 1, trees_per_round = 1;
  std::int32_t n_features = 0;
  std::string objective{};  ///< a name, then options: `binary sigmoid:1`; empty for one of the user's own
  bool is_average = false;  ///< of the rounds, as random forests have it
  std::vector<std::string> feature_names{};
};

/// Throws Error about a key of the header.
using RefuseKey = std::function<void(std::string_view key, std::string_view problem)>;

enum class MissingType : std::int32_t { none, zero, nan };

/// A split by x <= t, t not NaN. The library takes every |x| up to largest_zero for 0 before it compares, and NaN too
/// unless the missing type says otherwise.
ListedNode numeric_split(std::int32_t feature, double t, MissingType type, model::NodeId default_side);

/// Listed categories go left; all others, negative numbers and NaN right.
CategorySides category_sides(const std::vector<std::int32_t>& categories);

/// The model of a header and its trees, in the order of the file.
/// @param leaf_values  [n_rows] one value each
model::Model make_model(Header& header, std::vector<model::Tree> trees, std::vector<double> leaf_values,
                        const RefuseKey& refuse);

}  // namespace emlc::formats::lightgbm
