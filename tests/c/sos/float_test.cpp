// Filters in float32: the bits of emitted headers against the model of each structure.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "codegen/c/common/emit.hpp"
#include "codegen/model/sos/float_sections.hpp"
#include "tests/support/header_run.hpp"

using namespace emlc;
using model::SosCascade;
using model::SosStructure;

namespace {

test::Rows signals() {
  std::mt19937 random(5);
  test::Rows rows(2);
  for (int i = 0; i < 501; ++i) {  // no multiple of what a turn of the loop computes
    rows[0].push_back(static_cast<float>(static_cast<double>(random()) / 2147483648.0 - 1.0));
    rows[1].push_back(i / 100 % 2 == 0 ? 0.7F : -0.3F);
  }
  return rows;
}

model::Model filter_of(SosCascade cascade) {
  model::Model model;
  model.input.n_features = 1;
  model.output = {.task = model::Task::filter, .n_outputs = 1};
  model.predictor = std::move(cascade);
  return model;
}

/// Unrolled loops put the two parts of a compensated sum together once a turn, the model of the structure every sample.
enum class Expected { bits, rounding };

void check_samples(const std::vector<double>& found, const std::vector<float>& expected, Expected kind) {
  REQUIRE(found.size() == expected.size());
  float largest = 0.0F;
  for (const float y : expected) largest = std::max(largest, std::abs(y));
  const double allowed = kind == Expected::bits ? 0.0 : 1e-6 * largest;
  for (std::size_t n = 0; n < found.size(); ++n) {
    CAPTURE(n);
    CHECK(std::abs(found[n] - static_cast<double>(expected[n])) <= allowed);
  }
}

void check_header(const SosCascade& cascade, const c::EmitConfig& config) {
  const bool is_unrolled = config.optimize != c::Optimize::size && !config.use_runtime;
  const bool is_compensated = std::any_of(cascade.structures.begin(), cascade.structures.end(), model::is_compensated);
  const Expected kind = is_unrolled && is_compensated ? Expected::rounding : Expected::bits;
  const model::Model model = filter_of(cascade);
  const std::string header = c::emit_header(model, config).bytes;
  const char* standard = config.language == c::Language::c ? "c99" : "c++17";
  const test::Rows inputs = signals();
  const test::Rows found = test::run_header(header, model, config, inputs, standard).outputs;
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    CAPTURE(row);
    const std::vector<float> x(inputs[row].begin(), inputs[row].end());
    const std::vector<float> expected = model::filter_float32(cascade, x);
    check_samples(found[row], expected, kind);
  }
}

void check_all(const SosCascade& cascade) {
  for (const c::Optimize optimize : {c::Optimize::size, c::Optimize::balanced, c::Optimize::speed}) {
    for (const c::Language language : {c::Language::c, c::Language::cpp}) {
      check_header(cascade, {.name = "m", .language = language, .optimize = optimize});
    }
  }
  check_header(cascade, {.name = "m", .use_runtime = true});
}

const SosCascade slow{.sections = {{1.7131558368989693e-08, 3.4263116737979385e-08, 1.7131558368989693e-08, 1.0,
                                    -1.9996297597593817, 0.9996298282856152},
                                   {2.0, -1.0, 0.5, 2.0, -1.6, 0.8}}};

}  // namespace

TEST_CASE("header: a filter has the bits of its structure, from silence and from an initial state") {
  for (const SosStructure structure : {SosStructure::delta, SosStructure::compensated, SosStructure::pairs}) {
    CAPTURE(info(structure).name);
    SosCascade cascade = slow;
    cascade.structures = {structure, structure};
    check_all(cascade);
    cascade.initial_state = {{0.3, -0.2}, {0.1, 0.7}};
    check_all(cascade);
  }
}

TEST_CASE("header: sections of all structures in a row") {
  SosCascade cascade = slow;
  cascade.sections.insert(cascade.sections.end(), slow.sections.begin(), slow.sections.end());
  cascade.structures = {SosStructure::pairs, SosStructure::delta, SosStructure::compensated, SosStructure::delta};
  check_all(cascade);
}

TEST_CASE("header: words of state, and sums that must not be reordered") {
  struct Row {
    std::vector<SosStructure> structures;
    std::size_t small, unrolled, runtime;  // floats of state of a section
  };
  constexpr std::size_t frames = 68;  // on the stack
  using enum SosStructure;
  for (const Row& row : {Row{{direct, direct}, 2, 2, 2}, Row{{delta, direct}, 2, 2, 4},
                         Row{{compensated, direct}, 3, 4, 4}, Row{{direct, pairs}, 4, 5, 4}}) {
    SosCascade cascade = slow;
    cascade.structures = row.structures;
    CAPTURE(row.unrolled);
    const auto emitted = [&](const c::EmitConfig& config) { return c::emit_header(filter_of(cascade), config); };
    CHECK(emitted({.name = "m", .optimize = c::Optimize::size}).ram == frames + 8 * row.small);
    CHECK(emitted({.name = "m"}).ram == frames + 8 * row.unrolled);
    CHECK(emitted({.name = "m", .use_runtime = true}).ram == frames + 8 * row.runtime);
    const bool has_error = emitted({.name = "m"}).bytes.find("#error \"m keeps what its sums") != std::string::npos;
    CHECK(has_error == (row.small > 2));
  }
}
