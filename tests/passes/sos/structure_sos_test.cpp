#include <doctest/doctest.h>

#include "codegen/model/error.hpp"
#include "codegen/passes/passes.hpp"
#include "codegen/passes/sos/structures.hpp"
#include "tests/model/samples.hpp"

using namespace emlc;
using model::SosCascade;
using model::SosStructure;

namespace {

// Designed by scipy.signal.butter.
const SosCascade low_pass_2_hz{.sections = {{1.7131558368989693e-08, 3.4263116737979385e-08, 1.7131558368989693e-08,
                                             1.0, -1.9996297597593817, 0.9996298282856152}},
                               .sample_rate = 48000.0};
const SosCascade high_pass_1_hz{.sections = {{0.9999074442223385, -1.999814888444677, 0.9999074442223385, 1.0,
                                              -1.9998148798781055, 0.9998148970112495}},
                                .sample_rate = 48000.0};
const SosCascade low_pass_1_khz{.sections = {{0.0009334986129548442, 0.0018669972259096883, 0.0009334986129548442, 1.0,
                                              -1.3651172372392975, 0.4775922500725171},
                                             {1.0, 2.0, 1.0, 1.0, -1.6117270964574348, 0.7445208382054344}},
                                .sample_rate = 16000.0};

passes::PassResult run(model::Model& model, std::optional<SosStructure> structure = {}) {
  return passes::structure_sos(model, {.structure = structure});
}

std::vector<SosStructure> chosen(const SosCascade& cascade) {
  model::Model model = model::samples::filter_of(cascade);
  run(model);
  return std::get<SosCascade>(model.predictor).structures;
}

void check_refused(const SosCascade& cascade, std::optional<SosStructure> structure, const char* message) {
  model::Model model = model::samples::filter_of(cascade);
  CHECK_THROWS_WITH_AS(run(model, structure), message, Error);
  CHECK(std::get<SosCascade>(model.predictor).structures.empty());
}

}  // namespace

TEST_CASE("structure-sos: direct where that is enough, and nothing changes") {
  model::Model model = model::samples::filter_of(low_pass_1_khz);
  const passes::PassResult result = run(model);
  CHECK(result.changes == 0);
  CHECK(std::get<SosCascade>(model.predictor).structures.empty());
  REQUIRE(result.notes.size() == 3);
  CHECK(result.notes[0] == "structure: direct");
}

TEST_CASE("structure-sos: a low corner gets what it needs, and is left alone the second time") {
  for (const SosCascade& cascade : {low_pass_2_hz, high_pass_1_hz}) {
    model::Model model = model::samples::filter_of(cascade);
    const passes::PassResult result = run(model);
    CHECK(result.changes == 1);
    const auto& lowered = std::get<SosCascade>(model.predictor);
    REQUIRE(lowered.structures.size() == 1);
    CHECK(lowered.structures[0] != SosStructure::direct);
    const passes::FloatDesign design = passes::measure_float(lowered);
    CHECK(design.errors.worst() <= 5e-5);
    CHECK(std::abs(design.deviation.decibel) < 0.001);
    CHECK(run(model).changes == 0);
  }
}

TEST_CASE("structure-sos: only the sections that need it") {
  SosCascade both = low_pass_1_khz;
  both.sections.push_back(high_pass_1_hz.sections[0]);
  const std::vector<SosStructure> structures = chosen(both);
  REQUIRE(structures.size() == 3);
  CHECK(structures[0] == SosStructure::direct);
  CHECK(structures[1] == SosStructure::direct);
  CHECK(structures[2] != SosStructure::direct);
}

TEST_CASE("structure-sos: a structure that is named is taken, or refused with what would do") {
  for (const model::SosStructureInfo& row : model::all_sos_structures()) {
    model::Model model = model::samples::filter_of(low_pass_1_khz);
    run(model, row.structure);
    CHECK(std::get<SosCascade>(model.predictor).structures == std::vector(2, row.structure));
  }
  model::Model model = model::samples::filter_of(low_pass_2_hz);
  CHECK_NOTHROW(run(model, SosStructure::pairs));
  check_refused(low_pass_2_hz, SosStructure::direct,
                "--structure: direct is not good enough for this filter: the response would be off by -4.8 dB at 0 Hz, "
                "more than 0.5 dB within 40 dB of its peak; auto takes compensated");
  model::Model integers = model::samples::filter_of(low_pass_1_khz);
  const passes::PassConfig both{.arithmetic = model::Arithmetic::q15, .structure = SosStructure::pairs};
  CHECK_THROWS_WITH_AS(passes::run_passes(integers, both), "--structure: is of filters in float, --arithmetic is q15",
                       Error);
}

TEST_CASE("structure-sos: what no structure computes is refused, and q31 named where it does") {
  const SosCascade very_slow{.sections = {{.b0 = 1e-9, .a1 = -(1.0 - 1e-9)}}};
  check_refused(very_slow, {},
                "--arithmetic: float is not good enough for this filter: the output would be off by 0.00093 of its "
                "largest value, more than 5e-05; q31 would not do either: "
                "take fewer sections, or a lower sample rate");
  const SosCascade loud{.sections = {{.b0 = 3e38}, {.b0 = 3e38}, {.b0 = 1e-38}, {.b0 = 1e-38}}};
  check_refused(loud, {},
                "--arithmetic: float is not good enough for this filter: the output would be off by inf of its largest "
                "value, more than 5e-05; q31 would not do either: "
                "take fewer sections, or a lower sample rate");
}

TEST_CASE("structure-sos: an unstable filter stays as it is") {
  const SosCascade integrator{.sections = {{.a1 = -1.0}}};
  model::Model model = model::samples::filter_of(integrator);
  const passes::PassResult result = run(model);
  CHECK(result.changes == 0);
  CHECK(result.notes == std::vector<std::string>{"structure: direct, not measured: the filter is unstable"});
  CHECK_NOTHROW(run(model, SosStructure::direct));
  check_refused(integrator, SosStructure::pairs,
                "--structure: an unstable filter is computed as it is, in the direct form");
}
