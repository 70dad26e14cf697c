// Models that nobody wrote by hand.
//   random_models cases SEED FIRST N    a line of JSON for each case: seed, case, family, options, document
//   random_models reduce                for the document on stdin: a line for each document that is a step smaller

#include <array>
#include <cstdint>
#include <iostream>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "tests/random/document.hpp"
#include "tests/random/options.hpp"
#include "tests/random/reduce.hpp"

namespace emlc::random {
namespace {

struct FamilyRow {
  Family family;
  std::string_view name;
  Json (*document)(Random&);
  std::uint64_t in_twenty;  ///< cases of twenty in a row
};

/// Of twenty cases in a row, those that are combinations of models; the truth has to know these.
constexpr std::uint64_t combinations_in_twenty = 2;

constexpr std::array<FamilyRow, 5> families = {
    {{Family::trees, "trees", tree_document, 13 - combinations_in_twenty},
     {Family::combination, "combination", combination_document, combinations_in_twenty},
     {Family::network, "network", network_document, 4},
     {Family::filter, "filter", filter_document, 2},
     {Family::scaler, "scaler", scaler_document, 1}}};

bool holds(const std::string& type, const std::string& declared) {
  static const std::map<std::string, std::pair<double, double>> ranges = {{"int8", {-128.0, 127.0}},
                                                                          {"uint8", {0.0, 255.0}},
                                                                          {"int16", {-32768.0, 32767.0}},
                                                                          {"int32", {-2147483648.0, 2147483647.0}}};
  if (!ranges.contains(type) || !ranges.contains(declared)) return true;
  const auto [low, high] = ranges.at(type);
  return low <= ranges.at(declared).first && ranges.at(declared).second <= high;
}

/// Leaves out the options that this document is refused with, for refusals test little.
Json sensible(Json options, const Json& document) {
  const Json& input = document["input"];
  if (options.contains("features") &&
      (input.contains("feature_min") || !holds(options["features"], input.value("dtype", "float32"))))
    options.erase("features");
  const Json& model = document["model"];
  const bool votes = model["kind"] == "tree_ensemble" && model["leaf"] == "vector" &&
                     document["output"].value("decision", Json::object()).value("rule", "none") == "argmax" &&
                     document["output"]["targets"].size() == 1;
  if (!votes) options.erase("voting");
  if (options.value("weights", "") != "int8") options.erase("tmdl-profile");
  return options;
}

/// What one case has, whatever cases are made before it.
Json make_case(std::uint64_t seed, std::uint64_t number) {
  std::uint64_t place = number % 20;
  std::size_t row = 0;
  for (; place >= families.at(row).in_twenty; ++row) place -= families.at(row).in_twenty;
  const FamilyRow& family = families.at(row);
  const std::uint64_t before = number / 20 * family.in_twenty + place;
  Random random(Random(seed).bits() ^ Random(number).bits());
  Json options = options_of(family.family, static_cast<std::size_t>(before + seed));
  // Half of the cases promise to be exact: they say more about what is wrong.
  for (const char* approximate : {"voting", "leaf-bits", "leaf-clusters", "share-thresholds", "weights", "arithmetic",
                                  "keep-trees", "prune", "keep-splits", "threshold-clusters"}) {
    if (number % 2 == 0) options.erase(approximate);
  }
  const bool is_sensible = random.chance(0.9);
  const Json document = family.document(random);
  if (is_sensible) options = sensible(options, document);
  return {{"seed", seed}, {"case", number}, {"family", family.name}, {"options", options}, {"document", document}};
}

int write_cases(std::uint64_t seed, std::uint64_t first, std::uint64_t n) {
  for (std::uint64_t number = first; number < first + n; ++number) std::cout << make_case(seed, number) << '\n';
  return 0;
}

int reduce() {
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  for_each_smaller(Json::parse(text), [](const Json& smaller) { std::cout << smaller << '\n'; });
  return 0;
}

int run(std::span<char*> arguments) {
  const std::string_view command = arguments.size() > 1 ? arguments[1] : "";
  if (command == "cases" && arguments.size() == 5)
    return write_cases(std::stoull(arguments[2]), std::stoull(arguments[3]), std::stoull(arguments[4]));
  if (command == "reduce" && arguments.size() == 2) return reduce();
  std::cerr << "usage: random_models cases SEED FIRST N | reduce < DOCUMENT\n";
  return 2;
}

}  // namespace
}  // namespace emlc::random

int main(int argc, char** argv) { return emlc::random::run({argv, static_cast<std::size_t>(argc)}); }
