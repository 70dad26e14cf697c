// Filters in float32: the bits of emitted headers against the model of each structure.
#include <doctest/doctest.h>

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

void check_bits(const SosCascade& cascade, const c::EmitConfig& config) {
  const model::Model model = filter_of(cascade);
  const std::string header = c::emit_header(model, config).bytes;
  const char* standard = config.language == c::Language::c ? "c99" : "c++17";
  const test::Rows inputs = signals();
  const test::Rows found = test::run_header(header, model, config, inputs, standard).outputs;
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    CAPTURE(row);
    const std::vector<float> x(inputs[row].begin(), inputs[row].end());
    const std::vector<float> expected = model::filter_float32(cascade, x);
    CHECK(found[row] == std::vector<double>(expected.begin(), expected.end()));
  }
}

void check_all(const SosCascade& cascade) {
  for (const c::Optimize optimize : {c::Optimize::size, c::Optimize::balanced, c::Optimize::speed}) {
    for (const c::Language language : {c::Language::c, c::Language::cpp}) {
      check_bits(cascade, {.name = "m", .language = language, .optimize = optimize});
    }
  }
  check_bits(cascade, {.name = "m", .use_runtime = true});
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

constexpr std::size_t emitted_frames = 68;  // on the stack

TEST_CASE("header: words of state, and sums that must not be reordered") {
  SosCascade cascade = slow;
  const auto emitted = [&](const c::EmitConfig& config) { return c::emit_header(filter_of(cascade), config); };
  const auto has_error = [&] {
    return emitted({.name = "m"}).bytes.find("#error \"m keeps what its sums round off") != std::string::npos;
  };
  const auto state = [&](const c::EmitConfig& config) { return emitted(config).ram - emitted_frames; };
  CHECK(state({.name = "m"}) == 16);
  CHECK_FALSE(has_error());
  cascade.structures = {SosStructure::delta, SosStructure::direct};
  CHECK(state({.name = "m"}) == 16);
  CHECK(state({.name = "m", .use_runtime = true}) == 32);
  CHECK_FALSE(has_error());
  cascade.structures = {SosStructure::compensated, SosStructure::direct};
  CHECK(state({.name = "m"}) == 24);
  CHECK(has_error());
  cascade.structures = {SosStructure::direct, SosStructure::pairs};
  CHECK(state({.name = "m"}) == 32);
  CHECK(has_error());
}
