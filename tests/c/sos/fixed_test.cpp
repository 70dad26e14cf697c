// Filters in integers: the bits of emitted headers, in the form for this computer and in the form for cores without
// long products, against the interpreter. (Products of pairs are for ARM with DSP instructions only.)
#include <doctest/doctest.h>

#include <array>
#include <random>
#include <utility>

#include "codegen/c/common/emit.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/passes.hpp"
#include "tests/support/header_run.hpp"
#include "tests/support/reference.hpp"

using namespace emlc;
using model::Arithmetic;

namespace {

/// Noise that fills the range, what saturates most, silence after noise.
test::Rows signals() {
  std::mt19937 random(9);
  const auto noise = [&] { return static_cast<double>(random()) / 2147483648.0 - 1.0; };
  test::Rows rows(4);
  for (int i = 0; i < 500; ++i) {
    rows[0].push_back(noise());
    rows[1].push_back(i / 7 % 2 == 0 ? 1.0 : -1.0);
    rows[2].push_back(i < 100 ? noise() : 0.0);
    rows[3].push_back(noise() < 0.0 ? 1.0 : -1.0);
  }
  return rows;
}

model::Model low_pass(double gain) {
  model::Model model;
  model.input.n_features = 1;
  model.output = {.task = model::Task::filter, .n_outputs = 1};
  model.predictor = model::SosCascade{.sections = {{0.1 * gain, 0.15 * gain, 0.05 * gain, 1.0, -1.2, 0.5},
                                                   {0.3, -0.1, 0.2, 1.0, -0.9, 0.6},
                                                   {1.0, 1.0, 0.0, 1.0, -0.4, 0.0}}};
  return model;
}

/// C++ has the loops of C in other words around them, which one setting shows.
void check_bits(const model::Model& quantized, const char* before) {
  using enum c::Optimize;
  using c::Language;
  for (const auto& [optimize, language] : {std::pair(size, Language::c), std::pair(balanced, Language::c),
                                           std::pair(speed, Language::c), std::pair(balanced, Language::cpp)}) {
    const c::EmitConfig config{.name = "m", .language = language, .optimize = optimize};
    const std::string header = before + c::emit_header(quantized, config).bytes;
    const test::Rows inputs = signals();
    const test::Rows found =
        test::run_header(header, quantized, config, inputs, language == Language::cpp ? "c++17" : "c99").outputs;
    for (std::size_t row = 0; row < inputs.size(); ++row) {
      CAPTURE(row);
      CHECK(found[row] == model::predict(quantized, inputs[row]));
    }
  }
}

void check_all(const model::Model& trained, std::initializer_list<Arithmetic> arithmetics) {
  for (const Arithmetic arithmetic : arithmetics) {
    CAPTURE(info(arithmetic).name);
    model::Model quantized = trained;
    passes::quantize_sos(quantized, {.arithmetic = arithmetic});
    check_bits(quantized, "");
    check_bits(quantized, "#define M_PLAIN\n");
  }
}

}  // namespace

TEST_CASE("header: a filter in integers has the interpreter's bits, whatever saturates") {
  check_all(low_pass(4.0), {Arithmetic::q15, Arithmetic::q15_cmsis, Arithmetic::mixed, Arithmetic::q31});
  check_all(test::read_model("aweight_16k"), {Arithmetic::q31});
}

TEST_CASE("header: a filter in integers with poles at high frequencies, where -a1 - 1 fits no word or just does") {
  for (const double a1 : {1.5, 1.0, 0.999}) {
    model::Model trained = low_pass(1.0);
    std::get<model::SosCascade>(trained.predictor).sections = {{0.3, -0.3, 0.2, 1.0, a1, 0.75}};
    check_all(trained, {Arithmetic::q15, Arithmetic::mixed, Arithmetic::q31});
    for (const Arithmetic arithmetic : {Arithmetic::mixed, Arithmetic::q31}) {
      model::Model quantized = trained;
      passes::quantize_sos(quantized, {.arithmetic = arithmetic});
      const std::string header = c::emit_header(quantized, {.name = "m"}).bytes;
      CAPTURE(a1);
      CHECK((header.find("sum = (int64_t)(uint64_t)(uint32_t)sum;") != std::string::npos) == (a1 > 1.0));
    }
  }
}

TEST_CASE("header: coefficients that are multiples of the first need no product, and the bits stay") {
  struct Row {
    double b1, b2;
    int n_products;
  };
  for (const Row row : {Row{2.0, 1.0, 1}, Row{-2.0, 1.0, 1}, Row{0.0, -1.0, 1}, Row{0.0, 1.0, 1}, Row{0.7, 1.0, 2},
                        Row{2.0, 0.4, 2}, Row{0.7, 0.4, 3}}) {
    const double b1 = row.b1, b2 = row.b2;
    CAPTURE(b1);
    CAPTURE(b2);
    model::Model trained = low_pass(1.0);
    std::get<model::SosCascade>(trained.predictor).sections = {{0.1, 0.1 * b1, 0.1 * b2, 1.0, -1.2, 0.5},
                                                               {0.2, 0.2 * b1, 0.2 * b2, 1.0, -0.9, 0.6}};
    check_all(trained, {Arithmetic::q15, Arithmetic::q15_cmsis});
    model::Model quantized = trained;
    passes::quantize_sos(quantized, {.arithmetic = Arithmetic::q15});
    const std::string header = c::emit_header(quantized, {.name = "m"}).bytes;
    int found = 0;
    for (std::size_t at = header.find("* in)"); at != std::string::npos; at = header.find("* in)", at + 1)) ++found;
    CHECK(found == row.n_products);
  }
}

TEST_CASE("header: a lift saturates behind the sections, and headroom is a number of the header") {
  model::Model trained = low_pass(1.0);
  // scipy.signal.butter(2, 100, 'highpass', fs=8000, output='sos')
  std::get<model::SosCascade>(trained.predictor).sections = {
      {0.9459779362322813, -1.8919558724645627, 0.9459779362322813, 1.0, -1.889033079394525, 0.8948786655345996}};
  for (const Arithmetic arithmetic : {Arithmetic::q15, Arithmetic::mixed, Arithmetic::q31}) {
    CAPTURE(info(arithmetic).name);
    for (const int headroom : {0, 1}) {
      model::Model quantized = trained;
      passes::quantize_sos(quantized, {.arithmetic = arithmetic, .headroom = headroom});
      CHECK(std::get<model::SosCascade>(quantized.predictor).fixed->lift > 0);
      check_bits(quantized, "");
      check_bits(quantized, "#define M_PLAIN\n");
      const std::string header = c::emit_header(quantized, {.name = "m"}).bytes;
      CHECK((header.find("#define M_HEADROOM 1 ") != std::string::npos) == (headroom == 1));
    }
  }
}

TEST_CASE("header: a filter in integers that cannot overflow has no saturation and the same bits") {
  const model::Model trained = low_pass(0.1);
  check_all(trained, {Arithmetic::q15, Arithmetic::mixed, Arithmetic::q31});
  for (const Arithmetic arithmetic : {Arithmetic::q15, Arithmetic::mixed, Arithmetic::q31}) {
    model::Model quantized = trained;
    passes::quantize_sos(quantized, {.arithmetic = arithmetic});
    const std::string header = c::emit_header(quantized, {.name = "m"}).bytes;
    CHECK(header.find("_MAX") == std::string::npos);
  }
}
