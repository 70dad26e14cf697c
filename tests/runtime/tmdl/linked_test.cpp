#include <emlc/tmdl_typed.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "codegen/layout/trees/linked/layer.hpp"
#include "codegen/model/predict/predict.hpp"
#include "formats/tmdl/tmdl.hpp"
#include "formats/writers.hpp"
#include "tests/formats/tmdl/models.hpp"
#include "tests/layout/trees/random_trees.hpp"
#include "tests/runtime/blob.hpp"

/// Trees laid out for speed, and typed runs of both layers of trees, against the interpreter.
namespace {

using namespace emlc;
using namespace emlc::test;
using model::NumberType;

constexpr std::size_t packed_body = std::size_t{EMLC_TMDL_HEADER_SIZE} + std::size_t{EMLC_LAYER_HEADER_SIZE};

constexpr layout::TmdlForm for_speed = {.trees = layout::TmdlTrees::linked};

Blob linked_blob(const model::Model& model) { return to_blob(formats::write_tmdl(model, for_speed).bytes); }

bool is_linked(const Blob& blob) { return emlc_tmdl_first_type(blob.data()) == EMLC_LAYER_LINKED_TREES; }

template <class Value>
std::vector<Value> as(const std::vector<double>& x) {
  return {x.begin(), x.end()};
}

/// What the runtime answers to one input in one type.
struct Answer {
  emlc_status status = EMLC_OK;
  std::vector<float> y{};
  std::int32_t decided = 0;
};

template <class Value>
Answer ask(const emlc_model& model, const std::vector<double>& x,
           emlc_status (*run)(const emlc_model*, const Value*, float*, void*),
           std::int32_t (*decide)(const emlc_model*, const Value*, void*)) {
  const std::vector<Value> values = as<Value>(x);
  std::vector<std::uint32_t> work(model.work_size / 4), decide_work(emlc_decide_work_size(&model) / 4);
  Answer answer{.y = std::vector<float>(model.n_outputs)};
  answer.status = run(&model, values.data(), answer.y.data(), work.data());
  answer.decided = decide(&model, values.data(), decide_work.data());
  return answer;
}

Answer ask_typed(const emlc_model& model, const std::vector<double>& x, NumberType type) {
  switch (type) {
    case NumberType::int8:
      return ask<std::int8_t>(model, x, emlc_run_i8, emlc_decide_i8);
    case NumberType::uint8:
      return ask<std::uint8_t>(model, x, emlc_run_u8, emlc_decide_u8);
    case NumberType::int16:
      return ask<std::int16_t>(model, x, emlc_run_i16, emlc_decide_i16);
    case NumberType::int32:
      return ask<std::int32_t>(model, x, emlc_run_i32, emlc_decide_i32);
    default:
      return ask<float>(model, x, emlc_run, emlc_decide);
  }
}

/// Scores to the last digits of float32, and the class that the interpreter decides where it is no tie of roundings.
void check_answer(const model::Model& model, const std::vector<double>& x, const Answer& answer) {
  const std::vector<double> expected = model::predict(model, x);
  REQUIRE(answer.status == EMLC_OK);
  double largest = 1.0;
  for (const double value : expected) largest = std::max(largest, std::abs(value));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(std::abs(static_cast<double>(answer.y[i]) - expected[i]) <= 1e-5 * largest);
  }
  if (model.output.rule == model::DecisionRule::none) {
    CHECK(answer.decided == EMLC_ERR_UNSUPPORTED);
  } else if (model.output.targets.size() == 1) {
    const double own = expected[static_cast<std::size_t>(std::max(answer.decided, 0)) % expected.size()];
    const bool is_argmax = model.output.rule == model::DecisionRule::argmax;
    const bool is_tie = is_argmax && *std::max_element(expected.begin(), expected.end()) - own <= 1e-6 * largest;
    if (!is_tie) CHECK(answer.decided == model::decide(model.output, expected).front());
  }
}

void check_blob(const Blob& blob, const model::Model& model, std::size_t n_inputs, bool with_missing) {
  emlc_model opened;
  REQUIRE(emlc_tmdl_open(blob.data(), blob.size(), &opened) == EMLC_OK);
  const bool takes_integers = model::info(model.input.type).is_integer;
  for (const std::vector<double>& x : random_trees::make_inputs(model, n_inputs, with_missing)) {
    CAPTURE(x);
    check_answer(model, x, ask_typed(opened, x, NumberType::float32));
    if (takes_integers) check_answer(model, x, ask_typed(opened, x, model.input.type));
  }
}

void check_model(const model::Model& model, std::size_t n_inputs, bool with_missing) {
  check_blob(linked_blob(model), model, n_inputs, with_missing);
}

Blob packed_blob(const model::Model& model) { return to_blob(formats::write_tmdl(model).bytes); }

}  // namespace

TEST_CASE("linked trees: forests of every feature type answer as the interpreter does, in floats and in their type") {
  int n_linked = 0;
  random_trees::for_each_forest([&](const model::Model& model) {
    // A blob is given float32, which neither doubles nor all int32 are.
    if (model.input.type == NumberType::float64 || model.input.type == NumberType::int32) return;
    n_linked += is_linked(linked_blob(model)) ? 1 : 0;
    check_model(model, 40, false);
  });
  CHECK(n_linked > 10);
}

TEST_CASE("linked trees: missing values go where all splits send them") {
  for (const auto missing : {random_trees::Missing::none, random_trees::Missing::all_left}) {
    const model::Model model = random_trees::make_forest({.missing = missing});
    CHECK(is_linked(linked_blob(model)) == layout::lay_out_linked_layer(model).layer.has_value());
    check_model(model, 200, true);
  }
  const model::Model both = random_trees::make_forest({.missing = random_trees::Missing::some_left});
  CHECK_FALSE(is_linked(linked_blob(both)));
  CHECK(formats::write_tmdl(both, for_speed).notes.size() == 1);
  check_model(both, 50, true);
}

TEST_CASE("linked trees: shared subtrees, chains and votes") {
  for (const model::Model& model :
       {random_trees::make_lattice(6), random_trees::make_chain(300, NumberType::int16), votes(), proportions(),
        trees(), random_trees::make_oblivious(5, 4, NumberType::uint8)}) {
    check_model(model, 100, false);
  }
}

TEST_CASE("linked trees: int32 is compared as such") {
  model::Model model = votes();
  model.input.type = std::get<model::TreeEnsemble>(model.predictor).feature_type = NumberType::int32;
  check_model(model, 200, false);
}

TEST_CASE("linked trees: a float is compared with integers as it is, beyond the ends of the type too") {
  const Blob blob = linked_blob(votes());
  REQUIRE(is_linked(blob));
  for (const float value : {4.5F, 5.0F, 4.999F, -300.5F, -300.0F, -299.5F, 16.999F, 17.0F, 1e30F, -1e30F, -0.0F,
                            std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()}) {
    CAPTURE(value);
    const auto as_packed = run(to_blob(formats::write_tmdl(votes()).bytes), {value, value});
    CHECK(run(blob, {value, value}) == as_packed);
  }
}

TEST_CASE("linked trees: the same decisions are read back, and a wrong one is refused") {
  for (const model::Model& model : {votes(), proportions()}) {
    Blob blob = linked_blob(model);
    const std::string bytes(blob.begin(), blob.end());
    const model::Model read = formats::read_tmdl(bytes, "m.tmdl");
    CHECK((formats::write_tmdl(read, for_speed).bytes == bytes));
    constexpr std::size_t body = std::size_t{EMLC_TMDL_HEADER_SIZE} + std::size_t{EMLC_LAYER_HEADER_SIZE};
    put_u32(blob, body + EMLC_LINKED_AT_BOUND, 1);
    reseal(blob);
    CHECK_THROWS_WITH(formats::read_tmdl(std::string(blob.begin(), blob.end()), "m.tmdl"),
                      doctest::Contains("layers[0].decision): the majority is 1, that of the trees "));
  }
}

TEST_CASE("packed trees: forests of every type of integers answer in their type as the interpreter does") {
  int n_typed = 0;
  random_trees::for_each_forest([&](const model::Model& model) {
    // What is compared with more than 24 bits is no blob of layer 64.
    if (!model::info(model.input.type).is_integer || model.input.type == NumberType::int32) return;
    n_typed += 1;
    check_blob(packed_blob(model), model, 40, false);
  });
  CHECK(n_typed > 10);
  // Thresholds of int32 become those of float32, which is what the blob declares then.
  model::Model of_32_bits = votes();
  of_32_bits.input.type = std::get<model::TreeEnsemble>(of_32_bits.predictor).feature_type = NumberType::int32;
  CHECK(packed_blob(of_32_bits)[packed_body + EMLC_TREES_AT_FEATURE_TYPE] == EMLC_TYPE_F32);
}

TEST_CASE("packed trees: integers are compared with thresholds that are none, beside missing values per split") {
  const model::Model model = random_trees::make_forest({.missing = random_trees::Missing::some_left});
  Blob blob = packed_blob(model);
  REQUIRE(blob[packed_body + 3] == EMLC_MISSING_PER_SPLIT);
  REQUIRE(blob[packed_body + 2] != EMLC_THRESHOLD_OFFSET);
  using Declared = std::pair<std::uint8_t, NumberType>;
  for (const auto& [code, type] :
       {Declared{EMLC_TYPE_I16, NumberType::int16}, Declared{EMLC_TYPE_I32, NumberType::int32}}) {
    blob[packed_body + EMLC_TREES_AT_FEATURE_TYPE] = code;
    reseal(blob);
    emlc_model opened;
    REQUIRE(emlc_tmdl_open(blob.data(), blob.size(), &opened) == EMLC_OK);
    std::set<std::vector<float>> answers;
    for (std::vector<double> x : random_trees::make_inputs(model, 200, false)) {
      for (double& value : x) value = std::clamp(std::round(value), -32768.0, 32767.0);
      const Answer answer = ask_typed(opened, x, type);
      check_answer(model, x, answer);
      answers.insert(answer.y);
    }
    CHECK(answers.size() > 10);
  }
}

TEST_CASE("typed runs: a type that the blob does not declare, and blobs that declare none, are refused") {
  const std::vector<double> x = {6.0, 20.0};
  emlc_model model;
  for (const Blob& blob : {linked_blob(votes()), packed_blob(votes())}) {
    REQUIRE(emlc_tmdl_open(blob.data(), blob.size(), &model) == EMLC_OK);
    CHECK(ask_typed(model, x, NumberType::float32).decided == 2);
    CHECK(ask_typed(model, x, NumberType::int16).status == EMLC_OK);
    CHECK(ask_typed(model, x, NumberType::int16).decided == 2);
    for (const NumberType type : {NumberType::int8, NumberType::uint8, NumberType::int32}) {
      CHECK(ask_typed(model, x, type).status == EMLC_ERR_UNSUPPORTED);
      CHECK(ask_typed(model, x, type).decided == EMLC_ERR_UNSUPPORTED);
    }
  }
  model::Model in_meters = votes();
  in_meters.input.type = std::get<model::TreeEnsemble>(in_meters.predictor).feature_type = NumberType::float32;
  in_meters.scalers = {{.offset = {0.0, 1.0}, .scale = {2.0, 2.0}}};
  const Blob scaled = packed_blob(in_meters);
  REQUIRE(emlc_tmdl_open(scaled.data(), scaled.size(), &model) == EMLC_OK);
  REQUIRE(model.n_layers == 2);
  CHECK(ask_typed(model, x, NumberType::int16).status == EMLC_ERR_UNSUPPORTED);
  const Blob low_pass = to_blob(formats::write_tmdl(filter()).bytes);
  REQUIRE(emlc_tmdl_open(low_pass.data(), low_pass.size(), &model) == EMLC_OK);
  CHECK(ask_typed(model, {1.0}, NumberType::float32).decided == EMLC_ERR_UNSUPPORTED);
  CHECK(emlc_decide(nullptr, nullptr, nullptr) == EMLC_ERR_NULL);
  CHECK(emlc_run_u8(nullptr, nullptr, nullptr, nullptr) == EMLC_ERR_NULL);
}
