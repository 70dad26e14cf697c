#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/error.hpp"
#include "formats/text/json_shape.hpp"

/// A model document of CatBoost as it is in the file.
namespace emlc::formats::catboost {

/// Where a document comes from: finds places in the file, by paths as the JSON form has them.
struct Origin {
  std::function<Where(const std::string& path)> find;
  [[noreturn]] void fail(const std::string& path, std::string_view problem) const { throw Error(find(path), problem); }
};

struct FloatFeature {
  std::int32_t index = -1;   ///< among float features, as splits name it
  std::int32_t column = -1;  ///< of the data
  std::string id;            ///< the name, or the column as a text
  bool has_nans = false;
  std::string missing;  ///< AsIs, AsFalse (NaN is below all borders), AsTrue (above)
};

/// True for x > border.
struct Split {
  std::string type;
  std::int32_t feature = -1;
  double border = 0.0;
};

struct ObliviousTree {
  std::vector<Split> splits;        ///< [depth] the first is the lowest bit of a leaf's index
  std::vector<double> leaf_values;  ///< [2^depth][n_outputs]
};

/// A node of a tree whose splits differ from branch to branch.
struct Node {
  std::vector<std::string_view> keys;  ///< has `split`, or `value`
  Split split;
  std::int32_t left = -1, right = -1;  ///< false goes left
  std::vector<double> value;
};

struct Tree {
  std::deque<Node> nodes;  ///< node 0 is the root; parents come before children
};

struct Document {
  std::vector<std::string_view> keys;
  std::vector<FloatFeature> features;
  std::vector<std::string> unsupported_features;  ///< what is in the lists of other kinds of features, by kind
  std::string parameters;                         ///< JSON text, when it is one in the file
  std::string loss;
  std::string class_parameters;
  std::vector<std::string> class_names;
  std::vector<ObliviousTree> oblivious_trees;
  std::deque<Tree> trees;
  std::vector<double> scale_and_bias;  ///< the scale, then a bias for each output
};

/// The shape of a whole document. `into` has to outlive the reading.
json::Shape document_shape(Document& into);

/// Fills the loss and the class names from parameters that the document has as texts.
void read_texts(Document& document, std::string_view file);

}  // namespace emlc::formats::catboost
