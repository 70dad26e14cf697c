#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "codegen/model/error.hpp"
#include "formats/emlc_json/emlc_json.hpp"

namespace emlc::formats {
namespace {

constexpr std::string_view document = R"({"format": "emlc-model", "version": 1, "name": "walk",
 "input": {"n_features": 2, "dtype": "float32",
  "feature_names": ["x_mean", "x_max"]},
 "output": {"task": "classification", "n_outputs": 2, "targets": [{"size": 2}], "decision": {"rule": "argmax"}},
 "signal": {"format": "emlc-signal", "version": 1,
  "input": {"channels": ["x"], "dtype": "int16", "sample_rate": 50},
  "window": {"length": 8, "hop": 4},
  "features": [{"of": "x",
   "take": ["mean", "max"]}]},
 "model": {"kind": "tree_ensemble", "compare": "<=", "feature_dtype": "float32", "accumulate_dtype": "float64",
  "leaf": "vector", "aggregate": "mean", "missing": "none", "trees": [{"feature": [1, -1, -1],
  "threshold": [0.5, 0, 0], "left": [1, -1, -1], "right": [2, -1, -1], "value": [null, [1, 0], [0, 1]]}]}})";

std::string changed(std::string_view from, std::string_view to) {
  std::string text(document);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string refusal(const std::string& text) {
  try {
    read_emlc_product(text, "m.json", {});
  } catch (const Error& refused) {
    return refused.what();
  }
  return {};
}

TEST_CASE("signal of a model document: becomes a plan beside the model") {
  const Reading reading = read_emlc_product(document, "m.json", {});
  REQUIRE(reading.signal);
  CHECK(reading.model.input.n_features == 2);
  CHECK(reading.signal->window.hop == 4);
  REQUIRE(reading.signal->features.size() == 2);
  CHECK(reading.signal->features[1].name == "x_max");
  CHECK(reading.signal->features[1].range.highest == 32767);
  CHECK(reading.signal->features[1].path == "signal.features[0].take[1]");
  CHECK(reading.signal->signals[0].path == "signal.input.channels[0]");
  CHECK(read_emlc_json(document, "m.json").input.n_features == 2);
}

TEST_CASE("signal of a model document: what does not suit the model is refused with its place") {
  struct Row {
    std::string_view from, to, problem;
  };
  for (const Row& row : {
           Row{R"("n_features": 2)", R"("n_features": 3)",
               "m.json:2: input.n_features: is 3, the signal has 2 features"},
           Row{R"("x_mean", "x_max")", R"("x_mean", "x_min")",
               "m.json:3: input.feature_names[1]: is 'x_min', feature 1 of the signal is 'x_max'"},
           Row{",\n  \"feature_names\": [\"x_mean\", \"x_max\"]", "",
               "m.json:2: input: the key 'feature_names' is missing, expected the names of the features of the signal, "
               "in order"},
           Row{R"("dtype": "float32",)", R"("dtype": "int16",)",
               "m.json:2: input.dtype: is int16, the feature 'x_mean' is real: expected float32 or float64"},
           Row{R"("mean", "max")", R"("mean", "maxx")",
               "m.json:9: signal.features[0].take[1]: unknown statistic 'maxx', did you mean 'max'?"},
           Row{R"("dtype": "int16", "sample)", R"("dtype": "int12", "sample)",
               "m.json:6: signal.input.dtype: unknown value 'int12', did you mean 'int16'?"},
           Row{R"("length": 8, "hop": 4)", R"("length": 8)", "m.json:7: signal.window: the key 'hop' is missing"},
           Row{R"("version": 1,
  "input")",
               R"("version": 2,
  "input")",
               "m.json:5: signal.version: is 2, this emlc reads version 1"},
       }) {
    CAPTURE(row.from);
    CHECK(refusal(changed(row.from, row.to)) == row.problem);
  }
}

TEST_CASE("signal of a model document: a sum that is too long is refused at its place") {
  const std::string wide = changed(R"("take": ["mean", "max"])", R"("take": ["mean", "kurtosis"])");
  std::string text = wide;
  text.replace(text.find("\"x_max\""), 7, "\"x_kurtosis\"");
  text.replace(text.find(R"("dtype": "int16")"), 16, R"("dtype": "int32")");
  const std::string found = refusal(text);
  CHECK(found.starts_with("m.json:9: signal.features[0].take[1]: 'x_kurtosis' needs sums of "));
}

}  // namespace
}  // namespace emlc::formats
