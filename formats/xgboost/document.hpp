#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/text/json_shape.hpp"

/// A document of save_model as it is in the file. All lists of a tree are by node, node 0 is the root.
namespace emlc::formats::xgboost {

struct Tree {
  std::vector<std::int32_t> left, right, feature;  ///< a leaf has -1 on its left
  std::vector<double> condition;                   ///< threshold of a split, value of a leaf
  std::vector<char> default_left;
  std::vector<std::int32_t> split_type;  ///< 1: by categories; empty in old files
  std::vector<std::int32_t> categories_nodes, categories_segments, categories_sizes, categories;
  std::vector<double> base_weights, leaf_weights;  ///< leaves that are vectors are in one of the two
};

struct Booster {
  std::string name;
  std::int32_t n_parallel_trees = 1;
  std::int32_t leaf_vector = 0;  ///< size of the leaves that are vectors; 0 and 1: leaves are numbers
  std::vector<Tree> trees;
  std::vector<std::int32_t> tree_outputs;  ///< tree_info
  std::vector<std::int32_t> round_starts;  ///< iteration_indptr, from 2.0: the first tree of each round, and the end
  std::vector<double> tree_weights;        ///< weight_drop of dart
  std::vector<double> linear_weights;      ///< of gblinear: [n_features + 1][n_outputs], the biases last
};

struct Document {
  std::vector<std::int32_t> version;  ///< of the library that wrote it: major, minor, patch
  std::string objective;
  std::string base_score;
  std::int32_t n_features = 0, n_classes = 0, n_targets = 1;
  std::vector<std::string> feature_names;
  std::string best_iteration;  ///< empty when there is none
  std::string scikit_learn;    ///< what the scikit-learn interface keeps in its files, else empty
  Booster booster;
};

/// The shape of a whole document. `into` has to outlive the reading.
json::Shape document_shape(Document& into);

}  // namespace emlc::formats::xgboost
