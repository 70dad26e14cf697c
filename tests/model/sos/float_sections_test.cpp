#include "codegen/model/sos/float_sections.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "codegen/model/predict/predict.hpp"
#include "codegen/model/sos/float_trial.hpp"

using namespace emlc::model;

namespace {

/// butter(2, 2 Hz) at 48 kHz.
const SosSection low_pass = {1.7131558368989693e-08, 3.4263116737979385e-08, 1.7131558368989693e-08, 1.0,
                             -1.9996297597593817,    0.9996298282856152};

std::vector<float> noise(std::size_t n) {
  std::mt19937 random(3);
  std::vector<float> samples;
  for (std::size_t i = 0; i < n; ++i) {
    samples.push_back(static_cast<float>(static_cast<double>(random()) / 2147483648.0 - 1.0));
  }
  return samples;
}

SosCascade with(SosCascade cascade, SosStructure structure) {
  cascade.structures.assign(cascade.sections.size(), structure);
  return cascade;
}

}  // namespace

TEST_CASE("float sections: coefficients in d = z - 1 are those of exact fractions, and come back") {
  // With Python's fractions of the doubles above.
  const std::array<double, 5> expected = {1.7131558368989693e-08, 6.852623347595877e-08, 6.852623347595877e-08,
                                          0.0003702402406182692, 6.852623346542686e-08};
  const auto found = coefficients(low_pass, SosStructure::pairs);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(std::abs(found[i] - expected[i]) <= 1e-15 * std::abs(expected[i]));
  }
  const SosSection section = {0.5, -1.0, 0.25, 2.0, -1.5, 0.75};
  for (const SosStructureInfo& row : all_sos_structures()) {
    const SosSection back = section_of(coefficients(section, row.structure), row.structure);
    CHECK(back.b0 == 0.25);
    CHECK(back.b1 == -0.5);
    CHECK(back.b2 == 0.125);
    CHECK(back.a0 == 1.0);
    CHECK(back.a1 == -0.75);
    CHECK(back.a2 == 0.375);
    CHECK(direct_state(initial_words({0.1, 0.7}, row.structure), row.structure)[0] ==
          doctest::Approx(0.1).epsilon(1e-7));
    CHECK(direct_state(initial_words({0.1, 0.7}, row.structure), row.structure)[1] ==
          doctest::Approx(0.7).epsilon(1e-7));
  }
}

TEST_CASE("float sections: every structure is the same filter, from an initial state too") {
  const SosCascade cascade{.sections = {{0.5, 1.0, 0.5, 2.0, -1.0, 0.5}, {1.0, -1.0, 0.3, 1.0, -0.75, 0.1}},
                           .initial_state = {{0.25, -0.125}, {0.5, 0.1}}};
  const std::vector<float> x = noise(300);
  const std::vector<double> expected = filter(cascade, std::vector<double>(x.begin(), x.end()));
  for (const SosStructureInfo& row : all_sos_structures()) {
    CAPTURE(row.name);
    const std::vector<float> found = filter_float32(with(cascade, row.structure), x);
    REQUIRE(found.size() == expected.size());
    for (std::size_t n = 0; n < x.size(); ++n) CHECK(std::abs(found[n] - expected[n]) < 2e-6);
  }
}

TEST_CASE("float sections: what the direct form does to a low corner, and what each structure leaves of it") {
  const SosCascade cascade{.sections = {low_pass}};
  const TrialSignals signals = trial_signals(cascade);
  CHECK(signals.growth == 1.0);
  const auto error = [&](SosStructure structure) { return float_errors(with(cascade, structure), signals).worst(); };
  CHECK(error(SosStructure::direct) > 0.3);  // a constant comes out with half of its size
  CHECK(error(SosStructure::delta) < 0.01);
  CHECK(error(SosStructure::compensated) < 1e-3);
  CHECK(error(SosStructure::pairs) < 2e-6);
  // 200 000 samples of 0.5: scipy's sosfilt gives 0.5.
  const std::vector<float> y = filter_float32(with(cascade, SosStructure::pairs), std::vector<float>(200000, 0.5F));
  CHECK(std::abs(y.back() - 0.5F) < 1e-6F);
  CHECK(filter_float32(cascade, std::vector<float>(200000, 0.5F)).back() == doctest::Approx(0.25).epsilon(0.02));
}

TEST_CASE("float sections: signals end when a pole has settled, and errors of slower ones are multiplied") {
  const auto of_pole = [](double pole) { return trial_signals({.sections = {{.a1 = -pole}}}); };
  CHECK(of_pole(0.5).samples.size() == 8192);
  CHECK(of_pole(0.9999).samples.size() == doctest::Approx(4.0 / 1e-4).epsilon(0.01));
  CHECK(of_pole(1.0 - 1e-7).samples.size() == 262144);
  CHECK(of_pole(1.0 - 1e-7).growth == doctest::Approx(4e7 / 262144).epsilon(0.01));
  for (const auto& sample : of_pole(0.5).samples) {
    for (const double x : sample) CHECK((x == static_cast<float>(x) && std::abs(x) <= 1.0));
  }
}

TEST_CASE("float sections: an output that is no number, or beyond float32, is an infinite error") {
  const SosCascade loud{.sections = {{.b0 = 3e38}, {.b0 = 3e38}, {.b0 = 1e-38}, {.b0 = 1e-38}}};
  CHECK(std::isinf(float_errors(loud, trial_signals(loud)).worst()));
}
