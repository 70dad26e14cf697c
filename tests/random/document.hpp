#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>

#include "tests/random/numbers.hpp"

namespace emlc::random {

using Json = nlohmann::ordered_json;

/// What the parts of a document have to agree on.
struct Shape {
  InputType type;
  std::size_t n_features = 1;
  std::size_t n_outputs = 1;
  Json output;  ///< the document's key `output`
};

/// Features and outputs of a model that decides or estimates: mostly a few, rarely as many as a document can hold, or
/// more.
Shape pick_shape(Random& random);

/// `input` with its type and, sometimes, a declared range that holds the values of the tests: lowest to highest.
Json input_of(Random& random, const Shape& shape);

Json tree_ensemble(Random& random, const Shape& shape);
Json network(Random& random, const Shape& shape);
/// One to five members of any kind, behind steps or not, up to three combinations in each other.
Json combination(Random& random, const Shape& shape);
/// One scaler for n features: either operation, factors of both signs, clipped or not.
Json scaler(Random& random, std::size_t n_features);

/// One to four steps, any of the kinds that documents know, in front of which a row has `width` columns; behind them it
/// has the new `width`.
Json steps(Random& random, std::size_t& width);

/// Whole documents, one function per family.
Json tree_document(Random& random);
Json network_document(Random& random);
Json filter_document(Random& random);
Json scaler_document(Random& random);
Json combination_document(Random& random);

}  // namespace emlc::random
