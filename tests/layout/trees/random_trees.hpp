#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "codegen/model/model.hpp"

/// Tree ensembles made up for tests; the same seed gives the same model on every machine.
namespace random_trees {

using emlc::model::NumberType;

enum class Rows { one_hot, shares, floats, one_column };
enum class Missing { none, some_left, all_left };

struct Plan {
  std::uint32_t seed = 1;
  int n_trees = 5;
  int n_splits = 40;  ///< of each tree
  int n_features = 7;
  int n_outputs = 3;
  int n_rows = 9;
  NumberType type = NumberType::float32;
  Rows rows = Rows::floats;
  Missing missing = Missing::none;
};

/// Every tree grows by splitting random leaves.
emlc::model::Model make_forest(const Plan& plan);

/// The same with rows of shares that sum to 1: one column has them all but a part 1 / n, n from 1 to `largest_n`, that
/// another has.
emlc::model::Model make_shares(const Plan& plan, std::size_t largest_n);

/// One tree whose splits hang on one another like a chain, on alternating sides.
emlc::model::Model make_chain(int n_splits, NumberType type);

/// Oblivious trees: all splits of a level ask the same, and each tree has 2^depth leaves of its own.
emlc::model::Model make_oblivious(int n_trees, int depth, NumberType type);

/// A tree in which several splits share each subtree: a lattice `depth` deep whose expansion has 2^depth leaves.
emlc::model::Model make_lattice(int depth);

/// Random inputs of the model's type, some of them exactly at thresholds, NaN among them where the model expects it.
std::vector<std::vector<double>> make_inputs(const emlc::model::Model& model, std::size_t count, bool with_missing);

/// Forests of every feature type, every kind of rows, and few rows to many, one after the other. A check that fails
/// says which one it was.
void for_each_forest(const std::function<void(const emlc::model::Model&)>& check);

}  // namespace random_trees
