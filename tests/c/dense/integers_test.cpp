// Dense networks in integers: quantised, emitted, compiled, run, and compared with the interpreter, bit for bit.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <random>

#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/pass.hpp"
#include "tests/support/reference.hpp"

using namespace emlc;
using model::Activation;
using model::DecisionRule;
using model::IntegerWidth;
using model::NumberType;
using model::PostTransformKind;
using test::Rows;

namespace {

constexpr std::array optimizations = {c::Optimize::size, c::Optimize::balanced, c::Optimize::speed};
constexpr std::array widths = {IntegerWidth::bits8, IntegerWidth::bits16};

struct Shape {
  std::vector<std::int32_t> widths;
  Activation hidden = Activation::relu;
  NumberType type = NumberType::float32;
};

double uniform(std::mt19937& random) { return static_cast<double>(random()) / 2147483648.0 - 1.0; }

/// Weights in [-1, 1], as many classes as outputs, inputs from -3 to 5 as test vectors.
model::Model classifier(const Shape& shape) {
  std::mt19937 random(17);
  model::DenseNetwork network;
  for (std::size_t index = 0; index + 1 < shape.widths.size(); ++index) {
    model::DenseLayer layer{.n_in = shape.widths[index], .n_out = shape.widths[index + 1]};
    for (std::int32_t i = 0; i < layer.n_in * layer.n_out; ++i) layer.weights.push_back(uniform(random));
    for (std::int32_t i = 0; i < layer.n_out; ++i) layer.bias.push_back(uniform(random));
    if (index + 2 < shape.widths.size()) layer.activation = shape.hidden;
    if (layer.activation == Activation::leaky_relu) layer.alpha = 0.125;
    if (layer.activation == Activation::elu) layer.alpha = 1.5;
    network.layers.push_back(layer);
  }
  model::Model result;
  result.input = {.n_features = shape.widths.front(), .type = shape.type};
  result.output = {.task = model::Task::classification,
                   .n_outputs = shape.widths.back(),
                   .targets = {{.size = shape.widths.back()}},
                   .rule = DecisionRule::argmax};
  result.predictor = network;
  for (int row = 0; row < 100; ++row) {
    std::vector<double> x;
    for (std::int32_t i = 0; i < result.input.n_features; ++i) x.push_back(1.0 + 4.0 * uniform(random));
    for (double& value : x) {
      value = model::info(shape.type).is_integer ? std::round(16.0 * std::abs(value))
                                                 : model::round_to(NumberType::float32, value);
    }
    result.test_vectors.inputs.push_back(x);
  }
  return result;
}

model::DenseNetwork& network_of(model::Model& model) { return std::get<model::DenseNetwork>(model.predictor); }

model::Model quantised(model::Model model, IntegerWidth width) {
  const model::TestVectors vectors = std::move(model.test_vectors);
  model.test_vectors = {};
  passes::run_passes(model, {.weights = width, .data = vectors.inputs});
  model.test_vectors = vectors;
  return model;
}

/// The test vectors; every feature alone at the ends of float, where codes change, and at NaN; all at the extremes.
Rows inputs_of(const model::Model& model) {
  Rows rows = model.test_vectors.inputs;
  const model::NumberTypeInfo& type = model::info(model.input.type);
  std::vector<double> values = {type.lowest, type.highest, 0.0, 1.0};
  if (!type.is_integer) {
    const double step = std::ldexp(1.0, -model::integers_of(model)->exponent[0]);
    constexpr double infinity = std::numeric_limits<double>::infinity();
    for (const double value : {1e30, -1e30, infinity, -infinity, std::nan(""), 1e-40, -1e-40}) values.push_back(value);
    for (const double halves : {1.0, -1.0, 3.0, -5.0, 255.0, 8388607.0}) {
      const double tie = halves * step / 2.0;
      for (const double value :
           {tie, model::next_above(NumberType::float32, tie), model::next_below(NumberType::float32, tie)}) {
        values.push_back(value);
      }
    }
  }
  const std::vector<double> base = rows.front();
  for (const double value : values) {
    rows.emplace_back(base.size(), model::round_to(model.input.type, value));
    for (std::size_t i = 0; i < base.size(); ++i) {
      rows.push_back(base);
      rows.back()[i] = model::round_to(model.input.type, value);
    }
  }
  return rows;
}

/// The header as a core with the DSP extension compiles it: its instructions in plain C, as Arm defines them.
std::string as_with_dsp(std::string header) {
  constexpr std::string_view include = "#include <arm_acle.h>";
  constexpr std::string_view instructions = R"(
typedef int32_t int16x2_t;
typedef uint32_t uint8x4_t;
static inline uint32_t __uxtb16(uint8x4_t a) { return a & 0xff00ffu; }
static inline int32_t __usat(int32_t a, int bits) { return a < 0 ? 0 : (a >> bits != 0 ? (1 << bits) - 1 : a); }
static inline int32_t __smlad(int16x2_t a, int16x2_t b, int32_t sum) {
  const int32_t low = (int32_t)(int16_t)(a & 0xffff) * (int16_t)(b & 0xffff);
  const int32_t high = (int32_t)(int16_t)((uint32_t)a >> 16) * (int16_t)((uint32_t)b >> 16);
  return (int32_t)((uint32_t)sum + (uint32_t)low + (uint32_t)high);
}
static inline uint32_t __usada8(uint8x4_t a, uint8x4_t b, uint32_t sum) {
  for (int i = 0; i < 32; i += 8) {
    const int difference = (int)(a >> i & 255u) - (int)(b >> i & 255u);
    sum += (uint32_t)(difference < 0 ? -difference : difference);
  }
  return sum;
}
)";
  const std::size_t at = header.find(include);
  REQUIRE(at != std::string::npos);
  header.replace(at, include.size(), instructions);
  return "#define __ARM_FEATURE_DSP 1\n#define __ARM_FEATURE_SIMD32 1\n" + header;
}

struct Compiled {
  c::Language language = c::Language::c;
  const char* standard = "c99";
};

void check_answers(const model::Model& model, const Rows& inputs, const test::Answers& found) {
  std::size_t n_different = 0;
  Rows expected;
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    expected.push_back(model::predict(model, inputs[row]));
    n_different += found.classes[row] == model::decide(model.output, expected.back()) ? 0U : 1U;
  }
  CHECK(n_different == 0);
  CHECK(test::largest_difference(found.outputs, expected) < 2e-6);
}

/// Same decisions; real outputs as far as float32 goes. The program itself compares predict_q with predict.
void check_equal(const model::Model& model, const Compiled& compiled = {}) {
  const Rows inputs = inputs_of(model);
  for (const c::Optimize optimize : optimizations) {
    CAPTURE(optimize);
    const c::EmitConfig config{.name = "m", .language = compiled.language, .optimize = optimize};
    const std::string header = c::emit_header(model, config).bytes;
    check_answers(model, inputs, test::run_header(header, model, config, inputs, compiled.standard));
    if (optimize != c::Optimize::speed || compiled.language != c::Language::c) continue;
    check_answers(model, inputs, test::run_header(as_with_dsp(header), model, config, inputs, compiled.standard));
  }
}

}  // namespace

TEST_CASE("integers: a header decides like the interpreter, whatever the shape of the network") {
  for (const IntegerWidth width : widths) {
    for (const Shape& shape : {Shape{{64, 32, 16, 10}}, Shape{{5, 7, 3}}, Shape{{1, 1, 2}}, Shape{{3, 2}},
                               Shape{{7, 9, 6, 5, 4}}, Shape{{300, 4, 3}}}) {
      CAPTURE(shape.widths.size());
      check_equal(quantised(classifier(shape), width));
    }
  }
}

TEST_CASE("integers: every activation between layers") {
  for (const IntegerWidth width : widths) {
    for (const Activation hidden : {Activation::identity, Activation::relu6, Activation::leaky_relu, Activation::tanh,
                                    Activation::logistic, Activation::softplus, Activation::elu}) {
      CAPTURE(model::name(hidden));
      check_equal(quantised(classifier({{6, 8, 7, 3}, hidden}), width));
    }
  }
}

TEST_CASE("integers: every activation behind the last layer, where it is one of floats") {
  for (const IntegerWidth width : widths) {
    for (const Activation last : {Activation::relu, Activation::relu6, Activation::leaky_relu, Activation::tanh,
                                  Activation::softplus, Activation::elu}) {
      CAPTURE(model::name(last));
      model::Model model = classifier({{5, 7, 3}});
      model.output.task = model::Task::regression;
      model.output.rule = DecisionRule::none;
      model.output.targets.assign(3, {});
      network_of(model).layers.back().activation = last;
      network_of(model).layers.back().alpha = 0.5;
      check_equal(quantised(model, width));
    }
  }
}

TEST_CASE("integers: integer features, and features with a code each") {
  for (const IntegerWidth width : widths) {
    for (const NumberType type : {NumberType::uint8, NumberType::int8, NumberType::int16, NumberType::int32}) {
      check_equal(quantised(classifier({{6, 8, 3}, Activation::relu, type}), width));
    }
    for (const NumberType type : {NumberType::float32, NumberType::int32}) {
      model::Model model = classifier({{6, 8, 3}, Activation::relu, type});
      for (auto& x : model.test_vectors.inputs) x[0] *= 1024.0;
      for (std::size_t row = 0; row < 8; ++row) network_of(model).layers[0].weights[6 * row] /= 1024.0;
      const model::Model after = quantised(model, width);
      CHECK(model::integers_of(after)->exponent.size() == 6);
      check_equal(after);
    }
  }
}

TEST_CASE("integers: with the runtime the code is in the header all the same, and tables stay in flash") {
  const model::Model model = quantised(classifier({{5, 7, 3}}), IntegerWidth::bits8);
  const std::string header = c::emit_header(model, {.name = "m", .use_runtime = true}).bytes;
  CHECK(header.find("<emlc/") == std::string::npos);
  CHECK(header.find("PROGMEM") != std::string::npos);
}

TEST_CASE("integers: C++ headers") {
  for (const IntegerWidth width : widths) {
    check_equal(quantised(classifier({{5, 7, 3}}), width), {c::Language::cpp, "c++17"});
    check_equal(quantised(classifier({{5, 7, 3}, Activation::tanh}), width), {c::Language::c, "c++11"});
  }
}

TEST_CASE("integers: thresholds, several targets, and a last activation") {
  for (const IntegerWidth width : widths) {
    model::Model one = classifier({{5, 7, 1}});
    one.output.rule = DecisionRule::greater;
    one.output.threshold = 0.5;
    network_of(one).layers.back().activation = Activation::logistic;
    check_equal(quantised(one, width));
    network_of(one).layers.back().activation = Activation::tanh;
    check_equal(quantised(one, width));

    model::Model labels = classifier({{5, 7, 3}});
    labels.output.targets = {{}, {}, {}};
    labels.output.rule = DecisionRule::greater_equal;
    network_of(labels).post_transform.kind = PostTransformKind::sigmoid;
    labels.output.threshold = 0.25;
    check_equal(quantised(labels, width));

    model::Model targets = classifier({{5, 7, 5}});
    targets.output.targets = {{.size = 2}, {.size = 3}};
    check_equal(quantised(targets, width));
  }
}

TEST_CASE("integers: regression has the interpreter's real outputs") {
  for (const IntegerWidth width : widths) {
    for (const std::int32_t n_outputs : {1, 3}) {
      model::Model model = classifier({{5, 7, n_outputs}});
      model.output.task = model::Task::regression;
      model.output.rule = DecisionRule::none;
      model.output.targets.assign(static_cast<std::size_t>(n_outputs), {});
      check_equal(quantised(model, width));
    }
  }
}

TEST_CASE("integers: digits_mlp keeps 99.8 % of the trainer's labels, on any setting") {
  const model::Model trained = test::read_model("digits_mlp");
  const Rows inputs = test::read_rows("digits_mlp", "X_test.csv");
  const Rows labels = test::read_rows("digits_mlp", "y_pred.csv");
  for (const IntegerWidth width : widths) {
    const model::Model model = quantised(trained, width);
    for (const c::Optimize optimize : optimizations) {
      const c::EmitConfig config{.name = "m", .optimize = optimize};
      const auto found = test::run_header(c::emit_header(model, config).bytes, model, config, inputs);
      check_answers(model, inputs, found);
      std::size_t n_equal = 0;
      for (std::size_t row = 0; row < inputs.size(); ++row) {
        n_equal += found.classes[row][0] == labels[row][0] ? 1U : 0U;
      }
      CHECK(n_equal >= 539);
    }
    check_equal(model);
  }
}
