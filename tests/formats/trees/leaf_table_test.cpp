#include "formats/trees/leaf_table.hpp"

#include <doctest/doctest.h>

#include <vector>

using emlc::formats::LeafTable;

TEST_CASE("leaf table: equal rows have one entry, in the order of their first use") {
  LeafTable table(2);
  CHECK(table.add(std::vector{1.0, 2.0}) == 0);
  CHECK(table.add(std::vector{2.0, 1.0}) == 1);
  CHECK(table.add(std::vector{1.0, 2.0}) == 0);
  CHECK(table.add(std::vector{2.0, 2.0}) == 2);
  CHECK(table.add(std::vector{2.0, 1.0}) == 1);
  CHECK(table.take_values() == std::vector{1.0, 2.0, 2.0, 1.0, 2.0, 2.0});
}

TEST_CASE("leaf table: rows are equal when their bits are") {
  LeafTable table(1);
  CHECK(table.add(std::vector{0.0}) == 0);
  CHECK(table.add(std::vector{-0.0}) == 1);
  CHECK(table.add(std::vector{5e-324}) == 2);
  CHECK(table.add(std::vector{-0.0}) == 1);
}

TEST_CASE("leaf table: a hundred thousand rows stay apart") {
  LeafTable table(1);
  for (int round = 0; round < 2; ++round) {
    for (int row = 0; row < 100'000; ++row) REQUIRE(table.add(std::vector{row * 0.25}) == row);
  }
  CHECK(table.take_values().size() == 100'000);
}
