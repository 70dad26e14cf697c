#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "formats/csv/csv.hpp"
#include "tests/formats/csv/device.hpp"
#include "tests/formats/csv/mutate.hpp"

/// The reader of the program and the loader of the device hold the same files to be right, and find the same numbers
/// in them.
namespace {

using namespace emlc;
using Read = model::Model (*)(std::string_view, std::string_view);

/// What a reader makes of a text: its model, or why there is none.
struct Verdict {
  std::optional<model::Model> model{};
  std::string problem{};
};

Verdict read_with(Read read, const std::string& text) {
  try {
    model::Model model = read(text, "f.csv");
    model::check(model, "f.csv");
    return {.model = std::move(model)};
  } catch (const Error& error) {
    return {.problem = error.what()};
  }
}

/// What the loader of the device makes of it: the numbers in the order of the file.
struct Loaded {
  bool is_loaded = false;
  std::string problem{};
  std::vector<float> values{};
};

template <typename Load>
Loaded load_with(Load load, const std::string& text) {
  try {
    return {.is_loaded = true, .values = load(text)};
  } catch (const std::runtime_error& error) {
    return {.problem = error.what()};
  }
}

std::vector<float> trees_values(const std::string& text) { return test::TreesDevice(text).values(); }
std::vector<float> network_values(const std::string& text) { return test::NetworkDevice(text).values(); }

void append(std::vector<float>& all, const std::vector<double>& values) {
  for (const double value : values) all.push_back(static_cast<float>(value));
}

/// The same numbers out of the model that the reader has made. Trees: without the base scores.
std::vector<float> values_of(const model::Model& model) {
  std::vector<float> all;
  for (const model::Scaler& scaler : model.scalers) {
    append(all, scaler.offset);
    append(all, scaler.scale);
  }
  if (const auto* network = std::get_if<model::DenseNetwork>(&model.predictor)) {
    for (const model::DenseLayer& layer : network->layers) {
      append(all, layer.weights);
      append(all, layer.bias);
    }
  }
  if (const auto* cascade = std::get_if<model::SosCascade>(&model.predictor)) {
    for (const model::SosSection& s : cascade->sections) {
      const auto a0 = static_cast<float>(s.a0);
      for (const double c : {s.b0, s.b1, s.b2, s.a1, s.a2}) all.push_back(static_cast<float>(c) / a0);
    }
  }
  if (const auto* trees = std::get_if<model::TreeEnsemble>(&model.predictor)) append(all, trees->leaf_values);
  return all;
}

/// The device does not keep names, and does not look for what harms nobody: a node of no tree or of two.
bool is_only_for_the_program(std::string_view problem) {
  for (const char* part : {"belongs to", "name", "class", "\\\\", "tree"}) {
    if (problem.find(part) != std::string_view::npos) return true;
  }
  return false;
}

bool is_near(float a, float b) { return a == b || std::abs(a - b) <= 3e-7F * std::abs(b); }

/// Both verdicts on one text, and on the last numbers of it (base scores come before leaf rows).
template <typename Load>
bool compare(Read read, Load load, const std::string& text) {
  const Verdict program = read_with(read, text);
  const Loaded device = load_with(load, text);
  CAPTURE(text);
  CAPTURE(program.problem);
  CAPTURE(device.problem);
  if (program.model.has_value() != device.is_loaded) {
    CHECK((device.is_loaded && is_only_for_the_program(program.problem)));
    return false;
  }
  if (!device.is_loaded) return false;
  const std::vector<float> expected = values_of(*program.model);
  REQUIRE(device.values.size() >= expected.size());
  const std::size_t first = device.values.size() - expected.size();
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(is_near(device.values[first + i], expected[i]));
  return true;
}

template <typename Load>
void check_both(Read read, Load load, const std::string& text) {
  std::mt19937 random(11);
  REQUIRE(compare(read, load, text));
  int n_read = 0;
  constexpr int n_texts = 6000;
  for (int i = 0; i < n_texts; ++i) n_read += compare(read, load, test::mutate(text, random)) ? 1 : 0;
  CHECK(n_read > 50);
  CHECK(n_read < n_texts - 100);
}

/// The text without its lines of names.
std::string unnamed(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at) + 1;
    std::string line = text.substr(at, end - at);
    at = end;
    if (line.starts_with("name,") || line.starts_with("class,")) continue;
    if (line.starts_with("target,"))
      line = line.substr(0, line.find(',', 7)) + (line.find(',', 7) < line.size() ? "\n" : "");
    result += line;
  }
  return result;
}

}  // namespace

TEST_CASE("csv reader and loader: filters") {
  check_both(formats::read_sos_csv, test::sections_on_device, test::file_text("models/butter4_1k_16k/sos.csv"));
  check_both(formats::read_sos_csv, test::sections_on_device,
             "# a comment, with words\n b0; b1;b2 ;a0\ta1 a2\r\n\n1 -2 ,1;1\t-1.98 0.98\r\n.5,1e-3,+2.,1,-0,0\n");
}

TEST_CASE("csv reader and loader: trees") {
  check_both(formats::read_trees_csv, trees_values, unnamed(test::documented_csv("emlc,trees,1")));
  check_both(formats::read_trees_csv, trees_values,
             "emlc,trees,1\ninput,int8,2\noutput,regression,1\ntarget,1\ndecision,none\ntrees,2\nleaves,2,1\nsplits,2\n"
             "l,1\nl,0.5\nr,0\nr,1\nn,0,127,-1,-2\nn,1,-128,-2,-1\nend\n");
}

TEST_CASE("csv reader and loader: a damaged first line does not make emlearn's form of emlc's") {
  const std::string text = unnamed(test::documented_csv("emlc,trees,1"));
  for (const char* first : {"emlc,frees,1", "emlc;trees,1", "emlc", " emlc,,1"}) {
    CHECK_FALSE(compare(formats::read_emlearn_csv, trees_values, first + text.substr(text.find('\n'))));
  }
}

TEST_CASE("csv reader and loader: networks") {
  check_both(formats::read_mlp_csv, network_values, unnamed(test::documented_csv("emlc,mlp,1")));
}

TEST_CASE("csv reader and loader: what used to differ") {
  const auto filter = [](const std::string& text) {
    return compare(formats::read_sos_csv, test::sections_on_device, text);
  };
  const std::string row = "1,-2,1,1,-1.98,0.98\n", mark = "\xEF\xBB\xBF";
  CHECK(filter(row));
  CHECK(filter(mark + row));
  CHECK(filter("  " + mark + row));
  CHECK_FALSE(filter(row + mark + row));
  CHECK(filter("b0,b1,b2,a0,a1,a2\n" + row));
  CHECK(filter("# x\nfirst second\n" + row));
  CHECK_FALSE(filter("first,2\n" + row));
  CHECK_FALSE(filter("0.53 main std t,0.5*4\n" + row));
  CHECK_FALSE(filter("nan,nan,nan,nan,nan,nan\n" + row));
  CHECK_FALSE(filter("b0\nb1\n" + row));
  CHECK(filter("1.0000000000000000000000000000000000000,-2,1,1,-1.98,0.98\n"));
  CHECK_FALSE(filter("1.00000000000000000000000000000000000000000,-2,1,1,-1.98,0.98\n"));
  CHECK(filter("1e-400,-2,1,1,-1.98,0.98\n"));
  CHECK_FALSE(filter("1e39,-2,1,1,-1.98,0.98\n"));
  CHECK_FALSE(filter("1,-2,1,1e-50,-1.98,0.98\n"));
  CHECK_FALSE(filter("1e38,-2,1,1e-30,-1.98,0.98\n"));
  CHECK_FALSE(filter("# emlearn_iir_q15, times 8192: b0,0,b1,b2,-a1,-a2\n138,0,276,138,13203,-6099\n"));
  CHECK(filter("1, -2 ,1\t1 -1.98;0.98 \r\r\n"));
  CHECK_FALSE(filter("1,-2,1,1,-1.98,0.98,\n"));
}
