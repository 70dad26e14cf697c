#include "codegen/layout/trees/leaves.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "codegen/layout/trees/leaf_units.hpp"

using namespace emlc;
using layout::LeafKind;
using layout::LeafTable;
using layout::LeafUse;

namespace {

/// `n_trees` trees of one split each whose leaves are the first two rows.
model::TreeEnsemble ensemble_of(std::vector<double> values, std::int32_t width, std::size_t n_trees) {
  model::TreeEnsemble ensemble{.n_features = 1, .n_outputs = width, .leaf_width = width};
  ensemble.leaf_values = std::move(values);
  ensemble.base_score.assign(static_cast<std::size_t>(width), 0.0);
  const model::Split split{.left = 1, .right = 2, .default_child = 2};
  const model::RowId last = ensemble.n_rows() > 1 ? 1 : 0;
  ensemble.trees.assign(n_trees, {.nodes = {split, model::Leaf{0}, model::Leaf{last}}});
  return ensemble;
}

LeafTable leaves_of(std::vector<double> values, std::int32_t width, std::size_t n_trees,
                    LeafUse use = LeafUse::decisions) {
  return layout::make_leaves(ensemble_of(std::move(values), width, n_trees), use);
}

}  // namespace

TEST_CASE("leaves: the unit is the smallest n of which all values are multiples") {
  CHECK(layout::find_unit(std::vector{0.0, 1.0, 7.0}, 100.0) == 1.0);
  CHECK(layout::find_unit(std::vector{0.5, 1.0 / 3.0, 0.25}, 100.0) == 12.0);
  CHECK(layout::find_unit(std::vector{1.0 / 32760.0, 0.2}, 65535.0) == 32760.0);
  CHECK(layout::find_unit(std::vector{1.0 / 8191.0, 1.0 / 2047.0, 300.0 / 89.0}, 1e9) == 8191.0 * 2047.0);
  CHECK(!layout::find_unit(std::vector{1.0 / 101.0}, 100.0));
  CHECK(!layout::find_unit(std::vector{-0.5}, 100.0));
  CHECK(!layout::find_unit(std::vector{std::sqrt(2.0)}, 1e9));
  // The same by trying all of them.
  for (int a = 1; a < 40; ++a) {
    for (int b = 1; b < 40; ++b) {
      const std::vector values = {1.0 / a, static_cast<double>(b - 1) / b};
      int expected = 1;
      while (std::round(values[0] * expected) / expected != values[0] ||
             std::round(values[1] * expected) / expected != values[1]) {
        ++expected;
      }
      CHECK(layout::find_unit(values, 1e6) == expected);
    }
  }
}

TEST_CASE("leaves: shares of one unit are integers as wide as they need to be, and blobs take 16 bits") {
  CHECK(leaves_of({1.0 / 255.0, 0.4, 1.0 / 3.0}, 3, 2).kind == LeafKind::u8_rows);
  CHECK(leaves_of({1.0 / 256.0, 1.0, 0.5}, 3, 2).kind == LeafKind::u16_rows);
  const std::vector<double> wide = {1.0 / 70000.0, 1.0, 0.5};
  const LeafTable leaves = leaves_of(wide, 3, 2);
  CHECK(leaves.kind == LeafKind::u32_rows);
  CHECK(leaves.integers == std::vector<std::int64_t>{1, 70000, 35000});
  CHECK(leaves_of(wide, 3, 2, LeafUse::blob).kind == LeafKind::float_rows);
  // The sum of so many trees would need more than 32 bits.
  CHECK(leaves_of(wide, 3, 70000).kind == LeafKind::fixed_rows);
}

TEST_CASE("leaves: two columns that add to the unit become one") {
  const LeafTable pair = leaves_of({0.25, 0.75, 1.0, 0.0, 0.5, 0.5}, 2, 3);
  CHECK(pair.is_pair);
  CHECK(pair.width == 1);
  CHECK(pair.unit == 4.0);
  CHECK(pair.integers == std::vector<std::int64_t>{3, 0, 2});
  CHECK(!leaves_of({0.25, 0.75, 0.5, 0.25}, 2, 3).is_pair);
  CHECK(!leaves_of({0.25, 0.75, 1.0, 0.0}, 2, 3, LeafUse::blob).is_pair);
}

TEST_CASE("leaves: fixed point takes the bits that the sum leaves, or as few as say the values exactly") {
  const LeafTable exact = leaves_of({-1.5, 0.25}, 1, 4, LeafUse::numbers);
  CHECK(exact.kind == LeafKind::fixed_rows);
  CHECK(exact.unit == 4.0);
  CHECK(exact.integers == std::vector<std::int64_t>{-6, 1});
  const double value = 100.0 / 3.0;
  const LeafTable rounded = leaves_of({value, -std::sqrt(2.0)}, 1, 10, LeafUse::numbers);
  CHECK(rounded.kind == LeafKind::fixed_rows);
  CHECK(rounded.unit == std::exp2(22));  // 10 * 33.3 * 2^22 is the last below 2^31
  CHECK(std::abs(static_cast<double>(rounded.integers[0]) / rounded.unit - value) <= 0.5 / rounded.unit);
}

TEST_CASE("leaves: numbers of one sign whose small sums fixed point would blur stay float32, decisions do not") {
  const std::vector<double> values = {std::sqrt(2.0) * 1e-9, std::sqrt(2.0) * 1e6};
  CHECK(leaves_of(values, 1, 10, LeafUse::numbers).kind == LeafKind::float_rows);
  CHECK(leaves_of(values, 1, 10, LeafUse::decisions).kind == LeafKind::fixed_rows);
  CHECK(leaves_of({-values[0], values[1]}, 1, 10, LeafUse::numbers).kind == LeafKind::fixed_rows);
  CHECK(leaves_of(values, 1, 10, LeafUse::blob).kind == LeafKind::float_rows);
}

TEST_CASE("leaves: scale, divisor and base score of one output move into the unit and the start of its sum") {
  model::TreeEnsemble ensemble;
  ensemble.leaf_values = {std::sqrt(1111.0), 7.1};
  for (int i = 0; i < 20; ++i) ensemble.trees.push_back({.nodes = {model::Leaf{i % 2}}});
  ensemble.base_score = {-2.5};
  ensemble.divisor = 20.0;
  const LeafTable leaves = layout::make_leaves(ensemble, LeafUse::numbers);
  REQUIRE(leaves.places);
  const double output = std::ldexp(
      static_cast<double>(leaves.start + 10 * leaves.integers[0] + 10 * leaves.integers[1]), -*leaves.places);
  CHECK(output == doctest::Approx((-2.5 + 10.0 * (std::sqrt(1111.0) + 7.1)) / 20.0).epsilon(1e-8));
  ensemble.scale = -1.0;  // would turn the order of the sums around
  CHECK(!layout::make_leaves(ensemble, LeafUse::numbers).places);
}

TEST_CASE("leaves: an output that one unit would blur gets its own, with divisor and scale in it") {
  model::TreeEnsemble ensemble = ensemble_of({101325.0, -12.5, 0.0021, 99800.0, 24.0, 0.0088}, 3, 100);
  ensemble.divisor = 100.0;
  for (const LeafUse use : {LeafUse::numbers, LeafUse::bounds}) {
    const LeafTable leaves = layout::make_leaves(ensemble, use);
    CHECK(leaves.kind == LeafKind::fixed_rows);
    REQUIRE(leaves.outputs.size() == 3);
    for (std::size_t i = 0; i < leaves.integers.size(); ++i) {
      const std::int64_t sum = 100 * leaves.integers[i];
      CHECK(std::abs(sum) <= 2147483647);
      const double output = std::ldexp(static_cast<double>(sum), -leaves.outputs[i % 3].places);
      CHECK(output == doctest::Approx(ensemble.leaf_values[i]).epsilon(1e-7));
    }
  }
  // Sums that are compared with each other have one unit, and so have outputs that it suits.
  CHECK(layout::make_leaves(ensemble, LeafUse::decisions).outputs.empty());
  CHECK(layout::make_leaves(ensemble_of({std::sqrt(2.0), -30.0, 0.1, 70.0}, 2, 10), LeafUse::numbers).outputs.empty());
}

TEST_CASE("leaves: a row that two outputs would make different integers of stays float32") {
  model::TreeEnsemble ensemble = ensemble_of({0.1, -3.3e5, -7.7, 0.25}, 1, 4);
  ensemble.n_outputs = 2;
  ensemble.base_score = {0.0, 0.0};
  ensemble.trees[1] = {.nodes = {model::Leaf{2}}, .first_output = 1};
  for (const std::size_t tree : {2U, 3U}) ensemble.trees[tree] = {.nodes = {model::Leaf{3}}, .first_output = 1};
  const LeafTable apart = layout::make_leaves(ensemble, LeafUse::numbers);
  CHECK(apart.kind == LeafKind::fixed_rows);
  CHECK(apart.outputs.size() == 2);
  ensemble.trees[3] = {.nodes = {model::Leaf{0}}, .first_output = 1};
  CHECK(layout::make_leaves(ensemble, LeafUse::numbers).kind == LeafKind::float_rows);
}

TEST_CASE("leaves: sums that float32 does not hold are told of") {
  CHECK(!layout::overflow_warning(ensemble_of({3e38, -1.0}, 1, 1)));
  CHECK(layout::overflow_warning(ensemble_of({3e38, -1.0}, 1, 2)).value_or("") ==
        "sums of leaves reach 6e+38, which float32 does not hold: the device gives infinity for those beyond 3.4e+38");
}
