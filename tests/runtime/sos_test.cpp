#include <doctest/doctest.h>
#include <emlc/sos.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace {

struct Filter {
  const char* name;
  std::vector<float> sos;         // rows of b0 b1 b2 a1 a2
  std::vector<double> impulse;    // the first 12 samples of the impulse response
  std::vector<double> responses;  // to `signal` below
  [[nodiscard]] std::size_t n_sections() const { return sos.size() / EMLC_SOS_COEFFICIENTS; }
};

const std::vector<float> signal = {0.0F,    0.1913F, 0.3536F, 0.4619F,  0.5F,     0.4619F,
                                   0.3536F, 0.1913F, 0.0F,    -0.1913F, -0.3536F, -0.4619F};

/// Computed with scipy.signal.sosfilt in double.
const std::vector<Filter> filters = {
    {"Butterworth low-pass, order 4, 1 kHz at 16 kHz",
     {0.0009334986129548442F, 0.0018669972259096883F, 0.0009334986129548442F, -1.3651172372392975F, 0.4775922500725171F,
      1.0F, 2.0F, 1.0F, -1.6117270964574348F, 0.7445208382054344F},
     {0.000933498613, 0.00651287451, 0.0217940841, 0.0479898456, 0.0805064542, 0.112029803, 0.135942774, 0.148008822,
      0.146831866, 0.133536631, 0.111035024, 0.0831590752},
     {0, 0.000178578285, 0.001575998, 0.00690334372, 0.0203618916, 0.0461244018, 0.086300317, 0.139348663, 0.199502056,
      0.257377495, 0.301620075, 0.321188849}},
    {"A-weighting at 16 kHz",
     {0.5314898298235572F, 1.0629796596471144F, 0.5314898298235572F, 0.8215638179811064F, 0.16874177675392316F, 1.0F,
      -2.0F, 1.0F, -1.7055096337052893F, 0.7159875753453993F, 1.0F, -2.0F, 1.0F, -1.9838867572679788F,
      0.9839516664158141F},
     {0.53148983, 0.461244187, -0.389234392, -0.256760186, -0.0906190149, -0.151496999, -0.0565533495, -0.0699894286,
      -0.0346145408, -0.0314538087, -0.0178243787, -0.0131489613},
     {0, 0.101674004, 0.276170817, 0.334130558, 0.2920421, 0.188204061, 0.0267445083, -0.149642427, -0.316667011,
      -0.442022383, -0.506169995, -0.496672347}},
};

std::vector<float> run_in_blocks(const Filter& filter, const std::vector<float>& x, std::size_t block) {
  std::vector<float> state(filter.n_sections() * EMLC_SOS_STATE, 77.0F), y(x.size());
  REQUIRE(emlc_sos_reset_f32(state.data(), filter.n_sections(), nullptr) == EMLC_OK);
  for (std::size_t first = 0; first < x.size(); first += block) {
    const std::size_t n = std::min(block, x.size() - first);
    REQUIRE(emlc_sos_filter_f32(filter.sos.data(), state.data(), filter.n_sections(), &x[first], &y[first], n) ==
            EMLC_OK);
  }
  return y;
}

void check_near(const std::vector<float>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t n = 0; n < found.size(); ++n) {
    CAPTURE(n);
    CHECK(std::abs(static_cast<double>(found[n]) - expected[n]) <= 2e-6);
  }
}

}  // namespace

TEST_CASE("sos: impulse and signal responses are scipy's") {
  for (const Filter& filter : filters) {
    CAPTURE(filter.name);
    std::vector<float> impulse(12, 0.0F);
    impulse[0] = 1.0F;
    check_near(run_in_blocks(filter, impulse, 12), filter.impulse);
    check_near(run_in_blocks(filter, signal, 12), filter.responses);
  }
}

TEST_CASE("sos: blocks of any length and in place give the same bits as sample by sample") {
  for (const Filter& filter : filters) {
    const std::vector<float> one_by_one = run_in_blocks(filter, signal, 1);
    for (const std::size_t block : {2U, 5U, 11U, 12U}) CHECK(run_in_blocks(filter, signal, block) == one_by_one);
    std::vector<float> in_place = signal, state(filter.n_sections() * EMLC_SOS_STATE, 0.0F);
    REQUIRE(emlc_sos_filter_f32(filter.sos.data(), state.data(), filter.n_sections(), in_place.data(), in_place.data(),
                                in_place.size()) == EMLC_OK);
    CHECK(in_place == one_by_one);
  }
}

TEST_CASE("sos: an initial state of the step response makes a constant come out at once") {
  // One pole at 0.5 with gain 0.5: y[n] = 0.5 x[n] + 0.5 y[n-1]; in the steady state of x = 4, z1 = 0.5 * 4.
  const std::array<float, 5> sos = {0.5F, 0.0F, 0.0F, -0.5F, 0.0F};
  const std::array<float, 2> initial = {2.0F, 0.0F};
  std::array<float, 2> state{};
  std::array<float, 3> y = {4.0F, 4.0F, 4.0F};
  REQUIRE(emlc_sos_reset_f32(state.data(), 1, initial.data()) == EMLC_OK);
  REQUIRE(emlc_sos_filter_f32(sos.data(), state.data(), 1, y.data(), y.data(), 3) == EMLC_OK);
  CHECK(y == std::array<float, 3>{4.0F, 4.0F, 4.0F});
}

TEST_CASE("sos: a structure for each section; blocks of any length give the same bits") {
  // f0 f1 f2 e1 e2 of y[n] = 0.5 x[n] + 0.5 y[n-1], and the section itself.
  const std::vector<float> sos = {0.5F, 1.0F, 0.5F, 1.5F, 0.5F, 0.5F, 1.0F, 0.5F, 1.5F,  0.5F,
                                  0.5F, 1.0F, 0.5F, 1.5F, 0.5F, 0.5F, 0.0F, 0.0F, -0.5F, 0.0F};
  const std::vector<std::uint8_t> structures = {EMLC_SOS_DELTA, EMLC_SOS_COMPENSATED, EMLC_SOS_PAIRS, EMLC_SOS_DIRECT};
  std::vector<double> expected(signal.begin(), signal.end());
  for (int section = 0; section < 4; ++section) {
    double y = 0.0;
    for (double& sample : expected) sample = y = 0.5 * sample + 0.5 * y;
  }
  std::vector<float> whole;
  for (const std::size_t block : {12U, 1U, 5U}) {
    std::vector<float> state(std::size_t{4} * EMLC_SOS_STRUCTURES_STATE, 77.0F), y(signal.size());
    REQUIRE(emlc_sos_reset_structures_f32(state.data(), 4, nullptr) == EMLC_OK);
    for (std::size_t first = 0; first < signal.size(); first += block) {
      const std::size_t n = std::min(block, signal.size() - first);
      REQUIRE(emlc_sos_filter_structures_f32(structures.data(), sos.data(), state.data(), 4, &signal[first], &y[first],
                                             n) == EMLC_OK);
    }
    check_near(y, expected);
    if (whole.empty()) whole = y;
    CHECK(y == whole);
  }
}

TEST_CASE("sos: what a filter with structures refuses leaves y and state as they are") {
  const std::array<float, 10> sos = {1.0F, 0.0F, 0.0F, 0.0F, 0.0F, 1.0F, 0.0F, 0.0F, 0.0F, 0.0F};
  const std::array<std::uint8_t, 2> good = {0, 0}, unknown = {0, 4};
  std::array<float, 8> state{};
  std::array<float, 1> y = {5.0F};
  const auto run = [&](const std::uint8_t* structures, const float* numbers, float* z, std::size_t n, const float* x,
                       float* out) { return emlc_sos_filter_structures_f32(structures, numbers, z, n, x, out, 1); };
  CHECK(run(nullptr, sos.data(), state.data(), 2, y.data(), y.data()) == EMLC_ERR_NULL);
  CHECK(run(good.data(), nullptr, state.data(), 2, y.data(), y.data()) == EMLC_ERR_NULL);
  CHECK(run(good.data(), sos.data(), nullptr, 2, y.data(), y.data()) == EMLC_ERR_NULL);
  CHECK(run(good.data(), sos.data(), state.data(), 2, nullptr, y.data()) == EMLC_ERR_NULL);
  CHECK(run(good.data(), sos.data(), state.data(), 2, y.data(), nullptr) == EMLC_ERR_NULL);
  CHECK(run(good.data(), sos.data(), state.data(), 0, y.data(), y.data()) == EMLC_ERR_SIZE);
  CHECK(run(unknown.data(), sos.data(), state.data(), 2, y.data(), y.data()) == EMLC_ERR_UNSUPPORTED);
  CHECK(emlc_sos_reset_structures_f32(nullptr, 2, nullptr) == EMLC_ERR_NULL);
  CHECK(emlc_sos_reset_structures_f32(state.data(), 0, nullptr) == EMLC_ERR_SIZE);
  CHECK(state == std::array<float, 8>{});
  CHECK(y[0] == 5.0F);
}

TEST_CASE("sos: NULL and no section are refused, y and state stay as they are; no sample is fine") {
  const std::array<float, 5> sos = {1.0F, 0.0F, 0.0F, 0.0F, 0.0F};
  std::array<float, 2> state = {3.0F, 4.0F};
  std::array<float, 1> y = {5.0F};
  CHECK(emlc_sos_filter_f32(nullptr, state.data(), 1, y.data(), y.data(), 1) == EMLC_ERR_NULL);
  CHECK(emlc_sos_filter_f32(sos.data(), nullptr, 1, y.data(), y.data(), 1) == EMLC_ERR_NULL);
  CHECK(emlc_sos_filter_f32(sos.data(), state.data(), 1, nullptr, y.data(), 1) == EMLC_ERR_NULL);
  CHECK(emlc_sos_filter_f32(sos.data(), state.data(), 1, y.data(), nullptr, 1) == EMLC_ERR_NULL);
  CHECK(emlc_sos_filter_f32(sos.data(), state.data(), 0, y.data(), y.data(), 1) == EMLC_ERR_SIZE);
  CHECK(emlc_sos_filter_f32(sos.data(), state.data(), 1, y.data(), y.data(), 0) == EMLC_OK);
  CHECK(emlc_sos_reset_f32(nullptr, 1, nullptr) == EMLC_ERR_NULL);
  CHECK(emlc_sos_reset_f32(state.data(), 0, nullptr) == EMLC_ERR_SIZE);
  CHECK(state == std::array<float, 2>{3.0F, 4.0F});
  CHECK(y[0] == 5.0F);
}
