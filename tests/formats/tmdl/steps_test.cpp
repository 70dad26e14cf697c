#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "formats/writers.hpp"
#include "tests/formats/tmdl/models.hpp"
#include "tests/formats/tmdl/reading.hpp"
#include "tests/runtime/blob.hpp"

namespace {

using namespace emlc;
using namespace emlc::test;
using model::Step;

Blob blob_of(const model::Model& model) { return to_blob(formats::write_tmdl(model).bytes); }

/// A number of every sort in each column, beside others in the other columns.
std::vector<std::vector<float>> rows_of(std::int32_t n_features) {
  constexpr float beyond = std::numeric_limits<float>::infinity(), missing = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> values = {0.0F, -0.0F, 0.25F, 0.5F,   1.0F,    -1.0F,   3.0F,
                                     4.0F, -3.5F, 7.0F,  beyond, -beyond, missing, 0.1F};
  std::vector<std::vector<float>> rows;
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t stride = 0; stride < 4; ++stride) {
      std::vector<float> row;
      for (std::size_t k = 0; k < static_cast<std::size_t>(n_features); ++k) {
        row.push_back(values[(i + k * stride) % values.size()]);
      }
      rows.push_back(row);
    }
  }
  return rows;
}

bool is_near(float found, double expected) {
  const auto y = static_cast<double>(found);
  if (std::isnan(y) || std::isnan(expected)) return std::isnan(y) && std::isnan(expected);
  return y == expected || std::abs(y - expected) <= 4e-6 * (1.0 + std::abs(expected));
}

/// The blob answers like the interpreter does to the model, and to what is read of the blob, whose blob is the same.
void check_steps(const model::Model& model) {
  const Blob blob = blob_of(model);
  const model::Model found = read(blob);
  CHECK(model::check(found, "m.tmdl").empty());
  CHECK((blob_of(found) == blob));
  CHECK(found.steps.size() == model.steps.size());
  for (const std::vector<float>& row : rows_of(model.input.n_features)) {
    const std::vector<double> x(row.begin(), row.end());
    const std::vector<double> expected = model::predict(model, x), of_found = model::predict(found, x);
    const std::vector<float> y = run(blob, row);
    CAPTURE(x);
    CAPTURE(expected);
    for (std::size_t i = 0; i < y.size(); ++i) {
      CAPTURE(y[i]);
      CHECK(is_near(y[i], expected[i]));
      CHECK(is_near(y[i], of_found[i]));
    }
  }
}

std::string refusal(const model::Model& model) {
  try {
    blob_of(model);
  } catch (const Error& error) {
    return error.what();
  }
  return "written";
}

}  // namespace

TEST_CASE("tmdl: a step of every kind answers like the interpreter and reads back") {
  using enum model::FunctionName;
  const std::vector<Step> steps = {
      {.first = 1, .kind = model::Scaler{.offset = {0.5}, .scale = {4.0}}},
      {.first = 1,
       .kind = model::Scaler{.op = model::ScalerOp::multiply_add, .offset = {0.5}, .scale = {4.0}, .clip = {{-1, 2}}}},
      {.kind = model::Columns{.indices = {2, 0, 0, 1}}},
      {.kind = model::Columns{.indices = {1}}},
      {.first = 1, .kind = model::Impute{.values = {5.0, model::no_value}}},
      {.kind = model::Impute{.values = {5.0, 6.0}, .missing = -1.0}},
      {.kind = model::MissingIndicator{.n_columns = 2}},
      {.first = 2, .kind = model::MissingIndicator{.n_columns = 1, .missing = 4.0}},
      {.kind = model::OneHot{.categories = {{{{0.0}, {1.0, 3.0}, {}}}, std::nullopt, {{{7.0}}}}}},
      {.first = 1, .kind = model::OneHot{.categories = {std::vector<std::vector<double>>{}}}},
      {.kind = model::Lookup{.from = {{}, {-1.0, 3.0}}, .to = {{}, {0.25, 9.0}}, .otherwise = {2.0, model::no_value}}},
      {.first = 1, .kind = model::Bins{.edges = {{}, {-1.0, 0.0, 0.0, 3.5}}}},
      {.first = 1, .kind = model::Binarize{.thresholds = {0.5}}},
      {.first = 1, .kind = model::Power{.lambdas = {0.5, 2.0}}},
      {.first = 1, .kind = model::Power{.method = model::PowerMethod::box_cox, .lambdas = {0.5, 0.0}}},
      {.kind = model::Quantile{.quantiles = {{-1.0, 1.0, 1.0, 4.0}}, .references = {0.0, 0.5, 0.75, 1.0}}},
      {.kind = model::Quantile{.quantiles = {{2.0}}, .references = {0.0}}},
      {.first = 1, .kind = model::Linear{.n_in = 2, .weights = {1.0, 2.0, 3.0, -1.0, 0.5, 1.0}, .bias = {1, 2, 3}}},
      {.first = 1, .kind = model::Linear{.n_in = 2, .weights = {}, .bias = {}}},
      {.first = 1, .kind = model::Polynomial{.n_columns = 2, .terms = {{}, {1}, {0, 1}, {1, 1, 1}}}},
      {.kind = model::Polynomial{.n_columns = 3, .terms = {{}}}},
      {.first = 1, .kind = model::Normalize{.norm = model::Norm::l1, .n_columns = 2}},
      {.kind = model::Normalize{.norm = model::Norm::max, .n_columns = 3}},
  };
  for (const Step& step : steps) {
    CAPTURE(name(step));
    CAPTURE(step.kind.index());
    check_steps(behind(3, {step}));
    // Behind another step it is in the buffer, and some work in place.
    check_steps(behind(3, {{.kind = model::Columns{.indices = {1, 2, 0}}}, step}));
  }
  for (const auto function : {log, log1p, log2, log10, exp, expm1, sqrt, square, abs, reciprocal}) {
    CAPTURE(name(function));
    check_steps(behind(3, {{.first = 1, .kind = model::Function{.function = function, .n_columns = 2}}}));
  }
}

TEST_CASE("tmdl: several steps, alone and in front of a network and a tree") {
  for (const model::Model& model : {tables(), mixtures(), sum_in_front_of_a_tree()}) check_steps(model);
  model::Model scaled = mixtures();
  scaled.scalers = {{.offset = {0.5, 0.25, 0.0}, .scale = {2.0, 4.0, 8.0}}};
  check_steps(scaled);
  model::Model on_integers = sum_in_front_of_a_tree();
  on_integers.input.type = model::NumberType::int16;  // the sum is no integer of 16 bits
  std::get<model::TreeEnsemble>(on_integers.predictor).trees[0].nodes[0] =
      model::Split{.feature = 0, .threshold = 40000.5, .left = 1, .right = 2, .default_child = 1};
  const Blob blob = blob_of(on_integers);
  CHECK(run(blob, {30000.0F, 10000.0F, 0.0F}) == std::vector<float>{1.0F});
  CHECK(run(blob, {30000.0F, 10001.0F, 0.0F}) == std::vector<float>{-0.5F});
}

TEST_CASE("tmdl: steps that keep their columns work in place") {
  const auto ram = [](const model::Model& model) { return formats::write_tmdl(model).ram; };
  CHECK(ram(curves()) == 16);                 // four columns, and the last layer writes to y
  CHECK(ram(tables()) == 16 + 16);            // one_hot makes four of three
  CHECK(ram(sum_in_front_of_a_tree()) == 8);  // two columns
  CHECK(ram(mixtures()) == 16 + 16);          // products, then linear and normalize in place
}

TEST_CASE("tmdl: numbers that float32 has not are never there, limits between its numbers are moved") {
  const double never = 16777217.0;  // 2^24 + 1
  check_steps(behind(2, {{.kind = model::Impute{.values = {5.0, 5.0}, .missing = 0.1}}}));
  const Blob indicator = blob_of(behind(1, {{.kind = model::MissingIndicator{.n_columns = 1, .missing = never}}}));
  CHECK(run(indicator, {16777216.0F}) == std::vector<float>{0.0F});
  const Blob one_hot = blob_of(behind(1, {{.kind = model::OneHot{.categories = {{{{never}, {never, 1.0}}}}}}}));
  CHECK(run(one_hot, {16777216.0F}) == std::vector<float>{0.0F, 0.0F});
  CHECK(run(one_hot, {1.0F}) == std::vector<float>{0.0F, 1.0F});
  const Blob lookup =
      blob_of(behind(1, {{.kind = model::Lookup{.from = {{1.0, never}}, .to = {{5.0, 6.0}}, .otherwise = {7.0}}}}));
  CHECK(run(lookup, {16777216.0F}) == std::vector<float>{7.0F});
  for (const double threshold : {0.1, -0.1, 1e300, -1e300}) {
    check_steps(behind(1, {{.kind = model::Binarize{.thresholds = {threshold}}}}));
    check_steps(behind(1, {{.kind = model::Bins{.edges = {{threshold}}}}}));
  }
}

TEST_CASE("tmdl: a step that float32 or the layer cannot say is refused by its number") {
  const auto of = [](model::StepKind kind) { return refusal(behind(1, {{.kind = std::move(kind)}})); };
  CHECK(of(model::Power{.lambdas = {1e39}}) == "steps[0].lambdas[0]: 1e+39 does not fit float32");
  CHECK(of(model::Impute{.values = {-1e39}}) == "steps[0].values[0]: -1e+39 does not fit float32");
  CHECK(of(model::Lookup{.from = {{1.0}}, .to = {{1e39}}, .otherwise = {0.0}}) ==
        "steps[0].to[0][0]: 1e+39 does not fit float32");
  CHECK(refusal(behind(2, {{.first = 1, .kind = model::Scaler{.offset = {0.0}, .scale = {1e-60}}}})) ==
        "steps[0].scale[0]: 1e-60 is 0 in float32, and something is divided by it");
  CHECK(of(model::Bins{.edges = {std::vector<double>(65535, 1.0)}}) ==
        "steps[0].edges[0]: 65535 numbers, a .tmdl holds at most 65534 in a list");
  CHECK(of(model::Polynomial{.n_columns = 1, .terms = {std::vector<std::int32_t>(65535, 0)}}) ==
        "steps[0].terms: 65535 numbers, a .tmdl holds at most 65534 in a list");
  const model::Polynomial ones{.n_columns = 1, .terms = std::vector<std::vector<std::int32_t>>(65536)};
  CHECK(refusal(behind(1, {{.kind = ones}, {.kind = model::Columns{.indices = {0}}}})) ==
        "steps[0]: 65536 values, a .tmdl holds at most 65535");
}

TEST_CASE("tmdl: steps that no model has are refused with the byte and the field") {
  const auto changed = [](Blob blob, std::size_t at, std::uint32_t value) {
    put_u32(blob, at, value);
    reseal(blob);
    CHECK(open(blob) == EMLC_OK);
    try {
      read(blob);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("read");
  };
  constexpr std::size_t data = std::size_t{EMLC_TMDL_HEADER_SIZE} + EMLC_STEP_AT_DATA;
  const Blob bins = blob_of(behind(1, {{.kind = model::Bins{.edges = {{1.0, 2.0}}}}}));
  CHECK(changed(bins, data + 8, 0) == "m.tmdl: byte 128 (layers[0].edges[0][1]): must ascend, 0 follows 1");
  CHECK(changed(bins, data + 8, 0x7FC00000U) == "m.tmdl: byte 128 (layers[0].edges[0][1]): must be a finite number");
  const Blob one_hot = blob_of(behind(2, {{.kind = model::OneHot{.categories = {{{{1.0}}}, std::nullopt}}}}));
  CHECK(changed(one_hot, data, 1U | 1U << 16U) ==
        "m.tmdl: byte 132 (layers[0].lists[1]): column 1 has to follow those before it, and to pass alone");
  const Blob linear = blob_of(behind(1, {{.kind = model::Linear{.n_in = 1, .weights = {1.0}, .bias = {0.0}}}}));
  CHECK(changed(linear, data, 0x7F800000U) == "m.tmdl: byte 128 (layers[0].weights[0]): not a finite number");
}
