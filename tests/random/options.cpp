#include "tests/random/options.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/random/random.hpp"

namespace emlc::random {
namespace {

/// An option and its values; null is left out.
struct Factor {
  std::string option;
  std::vector<Json> values;
};

const std::vector<Factor>& factors(Family family) {
  static const std::vector<Factor> trees = {
      {"layout", {nullptr, "auto", "inline", "table"}},
      {"optimize", {nullptr, "size", "speed", "balanced"}},
      {"fpu", {nullptr, "auto", "yes", "no"}},
      {"features", {nullptr, nullptr, "auto", "float", "double", "int16", "uint8", "int8"}},
      {"feature-scale", {nullptr, nullptr, nullptr, nullptr, 1, 16, 0.1}},
      {"voting", {nullptr, nullptr, "soft", "hard"}},
      {"leaf-bits", {nullptr, nullptr, nullptr, 1, 8, 16}},
      {"threshold-clusters", {nullptr, nullptr, nullptr, 1, 4}},
      {"leaf-clusters", {nullptr, nullptr, nullptr, 1, 3, 16}},
      {"keep-trees", {nullptr, nullptr, nullptr, 1, 3}},
      {"prune", {nullptr, nullptr, nullptr, "0", "5%"}},
      {"keep-splits", {nullptr, nullptr, nullptr, "100%", "40%"}},
      {"share-thresholds", {nullptr, nullptr, true}},
  };
  static const std::vector<Factor> network = {
      {"optimize", {nullptr, "size", "speed", "balanced"}},
      {"weights", {nullptr, nullptr, nullptr, "float", "int8", "int16"}},
      {"features", {nullptr, nullptr, "float", "double", "int16", "int8"}},
      {"feature-scale", {nullptr, nullptr, nullptr, nullptr, 16}},
      {"tmdl-profile", {nullptr, "tinymaix", "emlearn-cnn"}},
      {"use-runtime", {nullptr, true}},
  };
  static const std::vector<Factor> filter = {
      {"optimize", {nullptr, "size", "speed", "balanced"}},
      {"headroom", {nullptr, nullptr, nullptr, nullptr, 1, 4}},
      {"arithmetic", {nullptr, nullptr, "auto", "float", "q15", "mixed", "q31", "q15-cmsis"}},
      {"structure", {nullptr, nullptr, nullptr, "auto", "direct", "delta", "compensated", "pairs"}},
      {"use-runtime", {nullptr, true}},
  };
  static const std::vector<Factor> scaler = {
      {"optimize", {nullptr, "size", "speed", "balanced"}},
      {"features", {nullptr, "auto", "float", "int16", "uint8", "int8"}},
  };
  static const std::vector<Factor> combination = {
      {"layout", {nullptr, "auto", "inline", "table"}},
      {"optimize", {nullptr, "size", "speed", "balanced"}},
      {"fpu", {nullptr, "auto", "yes", "no"}},
      {"features", {nullptr, nullptr, "auto", "float", "int16", "uint8", "int8"}},
      {"use-runtime", {nullptr, true}},
  };
  switch (family) {
    case Family::combination:
      return combination;
    case Family::trees:
      return trees;
    case Family::network:
      return network;
    case Family::filter:
      return filter;
    case Family::scaler:
      return scaler;
  }
  throw std::logic_error("a family without options");
}

using Row = std::vector<std::size_t>;                                         ///< an index of a value per factor
using Pair = std::tuple<std::size_t, std::size_t, std::size_t, std::size_t>;  ///< factor, value, factor, value

std::set<Pair> pairs_of(const Row& row) {
  std::set<Pair> pairs;
  for (std::size_t a = 0; a < row.size(); ++a) {
    for (std::size_t b = a + 1; b < row.size(); ++b) pairs.insert({a, row[a], b, row[b]});
  }
  return pairs;
}

std::set<Pair> all_pairs(const std::vector<Factor>& table) {
  std::set<Pair> pairs;
  for (std::size_t a = 0; a < table.size(); ++a) {
    for (std::size_t b = a + 1; b < table.size(); ++b) {
      for (std::size_t i = 0; i < table[a].values.size(); ++i) {
        for (std::size_t j = 0; j < table[b].values.size(); ++j) pairs.insert({a, i, b, j});
      }
    }
  }
  return pairs;
}

/// A random row that has the first of the missing pairs.
Row row_with(Random& random, const std::vector<Factor>& table, const Pair& pair) {
  Row row;
  for (const Factor& factor : table) row.push_back(random.index(factor.values.size()));
  row[std::get<0>(pair)] = std::get<1>(pair);
  row[std::get<2>(pair)] = std::get<3>(pair);
  return row;
}

std::size_t n_new(const std::set<Pair>& missing, const Row& row) {
  const std::set<Pair> pairs = pairs_of(row);
  return static_cast<std::size_t>(
      std::count_if(pairs.begin(), pairs.end(), [&](const Pair& pair) { return missing.contains(pair); }));
}

/// Of many random rows the one with the most missing pairs, until none is missing.
std::vector<Row> covering_rows(const std::vector<Factor>& table) {
  Random random(1);
  std::set<Pair> missing = all_pairs(table);
  std::vector<Row> rows;
  while (!missing.empty()) {
    Row best = row_with(random, table, *missing.begin());
    for (int attempt = 0; attempt < 60; ++attempt) {
      Row row = row_with(random, table, *missing.begin());
      if (n_new(missing, row) > n_new(missing, best)) best = std::move(row);
    }
    for (const Pair& pair : pairs_of(best)) missing.erase(pair);
    rows.push_back(std::move(best));
  }
  return rows;
}

const std::vector<Row>& cover(Family family) {
  static const std::array<std::vector<Row>, 5> covers = {
      covering_rows(factors(Family::trees)), covering_rows(factors(Family::network)),
      covering_rows(factors(Family::filter)), covering_rows(factors(Family::scaler)),
      covering_rows(factors(Family::combination))};
  return covers.at(static_cast<std::size_t>(family));
}

}  // namespace

std::size_t cover_size(Family family) { return cover(family).size(); }

Json options_of(Family family, std::size_t index) {
  const std::vector<Factor>& table = factors(family);
  const Row& row = cover(family).at(index % cover_size(family));
  Json options = Json::object();
  for (std::size_t factor = 0; factor < table.size(); ++factor) {
    const Json& value = table[factor].values[row[factor]];
    if (!value.is_null()) options[table[factor].option] = value;
  }
  return options;
}

}  // namespace emlc::random
