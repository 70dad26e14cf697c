#include <doctest/doctest.h>
#include <emlc/trees.h>

#include <cmath>
#include <memory>
#include <random>

#include "codegen/layout/trees/layer.hpp"
#include "codegen/model/error.hpp"
#include "tests/layout/trees/random_trees.hpp"

/// Compiled with the address and undefined-behaviour sanitizers.
namespace {

using namespace emlc;
using namespace random_trees;
using Bytes = std::vector<std::uint8_t>;

std::vector<Bytes> some_bodies() {
  std::vector<Bytes> bodies;
  for (const model::Model& model :
       {make_forest({.n_splits = 12, .type = NumberType::uint8, .rows = Rows::one_hot}),
        make_forest({.n_trees = 3, .n_splits = 12, .rows = Rows::shares, .missing = Missing::some_left}),
        make_forest({.n_trees = 6, .n_splits = 5, .rows = Rows::one_column}), make_lattice(5)}) {
    bodies.push_back(layout::lay_out_tree_layer(model).body);
  }
  return bodies;
}

/// Runs a body in a block of exactly its size if the check lets it pass, and reads it back.
bool try_body(const Bytes& body) {
  const auto exact = std::make_unique<std::uint8_t[]>(body.size());
  std::copy(body.begin(), body.end(), exact.get());
  constexpr std::uint32_t n_features = 7;
  emlc_trees trees;
  if (emlc_trees_open(exact.get(), body.size(), &trees) != EMLC_OK) return false;
  if (emlc_trees_check(exact.get(), body.size(), n_features, trees.n_outputs) != EMLC_OK) return false;
  std::vector<float> out(trees.n_outputs);
  for (const float value : {0.0F, -1e30F, INFINITY, std::nanf("")}) {
    const std::vector<float> x(n_features, value);
    emlc_trees_run(exact.get(), x.data(), out.data());
  }
  try {
    layout::read_tree_layer({exact.get(), body.size()});
  } catch (const Error&) {
    // The check of the device accepts more than a model may be: a feature type without a name, for example.
  }
  return true;
}

}  // namespace

TEST_CASE("tree layer: with any bit changed the runtime refuses the body or stays inside it") {
  std::size_t n_refused = 0, n_tried = 0;
  for (const Bytes& body : some_bodies()) {
    CHECK(try_body(body));
    for (std::size_t bit = 0; bit < 8 * body.size(); ++bit) {
      Bytes changed = body;
      changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
      ++n_tried;
      if (!try_body(changed)) ++n_refused;
    }
  }
  CHECK(n_refused > n_tried / 10);
}

TEST_CASE("tree layer: with several bytes changed the runtime refuses the body or stays inside it") {
  std::mt19937 random(7);
  std::size_t n_refused = 0;
  for (const Bytes& body : some_bodies()) {
    for (int round = 0; round < 2000; ++round) {
      Bytes changed = body;
      for (int i = 0; i < 3; ++i) changed[random() % changed.size()] = static_cast<std::uint8_t>(random());
      if (!try_body(changed)) ++n_refused;
    }
  }
  CHECK(n_refused > 2000);
}
