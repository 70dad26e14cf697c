#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using Json = nlohmann::json;

namespace {

struct Layer {
  int shift = 0;
  std::vector<long> bias;
  std::vector<std::vector<long>> weights;
};

/// The integer layers of a dump, read as the text they are.
struct Dumped {
  int exponent = 0;
  long offset = 0;
  std::vector<Layer> layers;
};

Dumped read_dump(const std::string& text) {
  Dumped network;
  std::istringstream lines(text.substr(text.find("integers of ")));
  for (std::string line, word; std::getline(lines, line);) {
    std::istringstream words(line);
    if (line.starts_with("input exponent ")) words >> word >> word >> network.exponent;
    if (line.starts_with("input offset ")) words >> word >> word >> network.offset;
    if (line.starts_with("integer layer ")) {
      words >> word >> word >> word >> word >> network.layers.emplace_back().shift;
    }
    long bias = 0;
    if (line.find(": bias ") == std::string::npos || !(words >> word >> word >> bias)) continue;
    words.ignore(2) >> word;
    Layer& layer = network.layers.back();
    layer.bias.push_back(bias);
    layer.weights.emplace_back();
    for (long weight = 0; words >> weight;) layer.weights.back().push_back(weight);
  }
  return network;
}

/// The class that the integers decide for, computed in the plainest way.
long decide(const Dumped& network, const std::vector<double>& x) {
  std::vector<long> values;
  for (const double value : x) {
    const long code = std::lround(std::ldexp(value, network.exponent)) + network.offset;
    values.push_back(std::clamp(code, 0L, 255L));
  }
  for (std::size_t index = 0; index < network.layers.size(); ++index) {
    const Layer& layer = network.layers[index];
    std::vector<long> sums = layer.bias;
    for (std::size_t row = 0; row < sums.size(); ++row) {
      for (std::size_t i = 0; i < values.size(); ++i) sums[row] += layer.weights[row][i] * values[i];
      if (index + 1 < network.layers.size()) sums[row] = std::clamp(sums[row] >> layer.shift, 0L, 255L);
    }
    values = sums;
  }
  return std::max_element(values.begin(), values.end()) - values.begin();
}

std::vector<std::vector<double>> rows_of(const std::string& csv) {
  std::vector<std::vector<double>> rows;
  std::istringstream lines(csv);
  for (std::string line, cell; std::getline(lines, line);) {
    rows.emplace_back();
    for (std::istringstream cells(line); std::getline(cells, cell, ',');) rows.back().push_back(std::stod(cell));
  }
  return rows;
}

const std::string model = model_file("digits_mlp/model.json"), data = model_file("digits_mlp/X_test.csv");

}  // namespace

TEST_CASE("convert: a dump of integers is all that is needed to compute what the artifact answers") {
  const Scratch scratch("dump_integers");
  const auto dumped = run_emlc(
      {"convert", model, "-o", "o.h", "-q", "--weights", "int8", "--dump-after=quantize-dense"}, {}, scratch.path());
  REQUIRE(dumped.exit_code == 0);
  const Dumped network = read_dump(dumped.out);
  REQUIRE(network.layers.size() == 3);
  std::string expected;
  for (const auto& x : rows_of(emlc::cli::read_file(data))) expected += std::to_string(decide(network, x)) + "\n";
  const auto run =
      run_emlc({"run", model, "-i", data, "--as-emitted", "--to", "c", "--weights", "int8", "--outputs", "labels"});
  REQUIRE(run.exit_code == 0);
  CHECK(run.out.substr(run.out.find('\n') + 1) == expected);
}

TEST_CASE("inspect: a network in integers has the ranges of its dump") {
  const Scratch scratch("inspect_integers");
  const auto dumped = run_emlc(
      {"convert", model, "-o", "o.h", "-q", "--weights", "int8", "--data", data, "--dump-after=quantize-dense"}, {},
      scratch.path());
  const Dumped network = read_dump(dumped.out);
  const Json facts = Json::parse(run_emlc({"inspect", model, "--json", "--weights", "int8", "--data", data}).out);
  const Json integers = facts["dense_network"]["integers"];
  CHECK(integers["bits"] == 8);
  CHECK(integers["input_exponent"] == Json({network.exponent}));
  CHECK(integers["measured_inputs"] == 540);
  CHECK(integers["input_saturated"] == 0.0);  // its range comes from the same data
  REQUIRE(integers["layers"].size() == network.layers.size());
  for (std::size_t index = 0; index < network.layers.size(); ++index) {
    const Json& layer = integers["layers"][index];
    const auto& bias = network.layers[index].bias;
    long smallest = 0, largest = 0;
    for (const auto& row : network.layers[index].weights) {
      smallest = std::min(smallest, *std::min_element(row.begin(), row.end()));
      largest = std::max(largest, *std::max_element(row.begin(), row.end()));
    }
    CHECK(layer["shift"] == network.layers[index].shift);
    CHECK(layer["smallest_weight"] == smallest);
    CHECK(layer["largest_weight"] == largest);
    CHECK(layer["smallest_bias"] == *std::min_element(bias.begin(), bias.end()));
    CHECK(layer["largest_bias"] == *std::max_element(bias.begin(), bias.end()));
    CHECK(layer["curve_error"].is_null());
    CHECK(layer["saturated"].is_null() == (index == 2));
  }
  const auto text = run_emlc({"inspect", model, "--weights", "int8"});
  CHECK(text.out.find("\nintegers\n  bits  ") != std::string::npos);
  CHECK(text.out.find("\nlayers\n") == text.out.rfind("\nlayers\n"));
  CHECK(text.out.find("\nintegers: layers\n") != std::string::npos);
  CHECK_FALSE(Json::parse(run_emlc({"inspect", model, "--json"}).out)["dense_network"].contains("integers"));
}

TEST_CASE("inspect: --weights is for networks, --data for --weights") {
  const auto trees = run_emlc({"inspect", "-", "--weights", "int8"}, std::string(tiny_model));
  CHECK(trees.exit_code == 2);
  CHECK(trees.err == "emlc: error: --weights: needs a dense network, the model is a tree ensemble\n");
  const auto alone = run_emlc({"inspect", model, "--data", data});
  CHECK(alone.exit_code == 2);
  CHECK(alone.err.starts_with("emlc: error: --data requires --weights"));
}
