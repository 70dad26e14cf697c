#include <doctest/doctest.h>
#include <emlc/sos_fixed.h>

#include <algorithm>
#include <array>
#include <limits>
#include <random>
#include <vector>

namespace {

using Row = std::array<std::int64_t, 5>;

/// The definition at the top of the header, sample by sample with all of the past at hand.
std::vector<std::int64_t> defined(const emlc_sos_steps& steps, int sample_bits, const std::vector<Row>& rows,
                                  std::vector<std::int64_t> x) {
  const std::int64_t step = std::int64_t{1} << steps.shift, grid = std::int64_t{1} << steps.guard;
  const std::int64_t limit = (std::int64_t{1} << (sample_bits - 1)) / grid;
  for (std::int64_t& sample : x) sample -= steps.unused_inputs != 0 ? ((sample % 2) + 2) % 2 : 0;
  for (const Row& c : rows) {
    std::int64_t rest = steps.rounding == EMLC_SOS_ROUND_DOWN ? 0 : step / 2;
    std::vector<std::int64_t> y;
    const auto past = [](const std::vector<std::int64_t>& signal, std::size_t n, std::size_t delay) {
      return n < delay ? 0 : signal[n - delay];
    };
    for (std::size_t n = 0; n < x.size(); ++n) {
      const std::int64_t sum = rest + c[0] * x[n] + c[1] * past(x, n, 1) + c[2] * past(x, n, 2) - c[3] * past(y, n, 1) -
                               c[4] * past(y, n, 2);
      std::int64_t floor = sum / step;
      if (floor * step > sum) --floor;
      if (steps.rounding == EMLC_SOS_ROUND_FEEDBACK) rest = sum - floor * step;
      y.push_back(std::min(std::max(floor, -limit), limit - 1) * grid);
    }
    x = y;
  }
  const std::int64_t unit = std::int64_t{1} << steps.lift, end = (std::int64_t{1} << (sample_bits - 1)) / unit;
  for (std::int64_t& sample : x) sample = std::min(std::max(sample, -end), end - 1) * unit;
  return x;
}

/// Noise that fills the range, and its ends.
template <class Sample>
std::vector<Sample> signal() {
  std::mt19937 random(4);
  std::vector<Sample> x;
  for (int i = 0; i < 700; ++i) {
    const auto noise = static_cast<Sample>(random());
    const bool is_end = i % 90 < 30;
    x.push_back(is_end ? (i / 7 % 2 == 0 ? std::numeric_limits<Sample>::min() : std::numeric_limits<Sample>::max())
                       : noise);
  }
  return x;
}

/// How samples of one width are filtered.
template <class Sample>
struct Form {
  emlc_status (*reset)(const emlc_sos_steps*, std::uint32_t*, std::size_t);
  emlc_status (*filter)(const emlc_sos_steps*, const Sample*, std::uint32_t*, std::size_t, const Sample*, Sample*,
                        std::size_t);
  std::size_t words;
};
constexpr Form<std::int16_t> of_16_bits = {emlc_sos_reset_q15, emlc_sos_filter_q15, EMLC_SOS_STATE_Q15};
constexpr Form<std::int32_t> of_32_bits = {emlc_sos_reset_q31, emlc_sos_filter_q31, EMLC_SOS_STATE_Q31};

template <class Sample>
void check_bits(const Form<Sample>& form, const emlc_sos_steps& steps, const std::vector<Row>& rows) {
  const std::vector<Sample> x = signal<Sample>();
  std::vector<Sample> sos;
  for (const Row& row : rows) {
    for (const std::int64_t c : row) sos.push_back(static_cast<Sample>(c));
  }
  const std::vector<std::int64_t> expected = defined(steps, 8 * sizeof(Sample), rows, {x.begin(), x.end()});
  for (const std::size_t block : {1U, 7U, 64U, 700U}) {
    std::vector<std::uint32_t> state(rows.size() * form.words, 77U);
    std::vector<Sample> y = x;
    REQUIRE(form.reset(&steps, state.data(), rows.size()) == EMLC_OK);
    for (std::size_t done = 0; done < y.size(); done += block) {
      const std::size_t n = std::min(block, y.size() - done);
      REQUIRE(form.filter(&steps, sos.data(), state.data(), rows.size(), &y[done], &y[done], n) == EMLC_OK);
    }
    CHECK(std::vector<std::int64_t>(y.begin(), y.end()) == expected);
  }
}

}  // namespace

TEST_CASE("sos fixed: samples of 16 bits follow the definition, whatever the rounding, block and lift") {
  for (const std::uint8_t rounding : {EMLC_SOS_ROUND_DOWN, EMLC_SOS_ROUND_NEAREST, EMLC_SOS_ROUND_FEEDBACK}) {
    for (const std::uint8_t lift : std::initializer_list<std::uint8_t>{0, 1, 7}) {
      check_bits(of_16_bits, {13, 0, rounding, lift, 0}, {{3000, -2900, 1200, -14000, 6000}, {8000, 4000, 0, 3000, 0}});
    }
  }
  // The largest sums that there can be.
  check_bits(of_16_bits, {14, 0, EMLC_SOS_ROUND_FEEDBACK, 0, 0}, {{32767, -1, 0, -32767, 0}});
  check_bits(of_16_bits, {15, 0, EMLC_SOS_ROUND_NEAREST, 0, 0}, {{32767, 0, 0, -32767, 0}});
}

TEST_CASE("sos fixed: samples of 32 bits follow the definition") {
  for (const std::uint8_t rounding : {EMLC_SOS_ROUND_DOWN, EMLC_SOS_ROUND_NEAREST, EMLC_SOS_ROUND_FEEDBACK}) {
    for (const std::uint8_t lift : std::initializer_list<std::uint8_t>{0, 3}) {
      check_bits(of_32_bits, {16, 2, rounding, lift, 1},
                 {{3000, -2900, 1200, -28000, 12001}, {8000, 4000, 0, 3000, 0}});
      check_bits(of_32_bits, {28, 3, rounding, lift, 0},
                 {{30000001, -2900000, 1200077, -64000000, 31000003}, {80000, 4000, 0, 3000, 0}});
    }
  }
  check_bits(of_32_bits, {28, 2, EMLC_SOS_ROUND_FEEDBACK, 0, 0}, {{(1 << 27) - 1, 0, 0, 1 - (1 << 27), 0}});
}

TEST_CASE("sos fixed: NULL and no section are refused, y and state stay as they are; no sample is fine") {
  const emlc_sos_steps steps = {14, 0, EMLC_SOS_ROUND_FEEDBACK, 1, 0};
  const std::array<std::int16_t, 5> sos = {16384, 0, 0, 0, 0};
  const std::array<std::int32_t, 5> wide = {16384, 0, 0, 0, 0};
  std::array<std::uint32_t, 4> state = {3, 4, 5, 6};
  std::array<std::int16_t, 1> y = {5};
  std::array<std::int32_t, 1> z = {5};
  CHECK(emlc_sos_filter_q15(nullptr, sos.data(), state.data(), 1, y.data(), y.data(), 1) == EMLC_ERR_NULL);
  CHECK(emlc_sos_filter_q15(&steps, nullptr, state.data(), 1, y.data(), y.data(), 1) == EMLC_ERR_NULL);
  CHECK(emlc_sos_filter_q15(&steps, sos.data(), nullptr, 1, y.data(), y.data(), 1) == EMLC_ERR_NULL);
  CHECK(emlc_sos_filter_q15(&steps, sos.data(), state.data(), 1, nullptr, y.data(), 1) == EMLC_ERR_NULL);
  CHECK(emlc_sos_filter_q15(&steps, sos.data(), state.data(), 1, y.data(), nullptr, 1) == EMLC_ERR_NULL);
  CHECK(emlc_sos_filter_q15(&steps, sos.data(), state.data(), 0, y.data(), y.data(), 1) == EMLC_ERR_SIZE);
  CHECK(emlc_sos_filter_q15(&steps, sos.data(), state.data(), 1, y.data(), y.data(), 0) == EMLC_OK);
  CHECK(emlc_sos_filter_q31(nullptr, wide.data(), state.data(), 1, z.data(), z.data(), 1) == EMLC_ERR_NULL);
  CHECK(emlc_sos_filter_q31(&steps, nullptr, state.data(), 1, z.data(), z.data(), 1) == EMLC_ERR_NULL);
  CHECK(emlc_sos_filter_q31(&steps, wide.data(), nullptr, 1, z.data(), z.data(), 1) == EMLC_ERR_NULL);
  CHECK(emlc_sos_filter_q31(&steps, wide.data(), state.data(), 1, nullptr, z.data(), 1) == EMLC_ERR_NULL);
  CHECK(emlc_sos_filter_q31(&steps, wide.data(), state.data(), 1, z.data(), nullptr, 1) == EMLC_ERR_NULL);
  CHECK(emlc_sos_filter_q31(&steps, wide.data(), state.data(), 0, z.data(), z.data(), 1) == EMLC_ERR_SIZE);
  for (const auto reset : {emlc_sos_reset_q15, emlc_sos_reset_q31}) {
    CHECK(reset(nullptr, state.data(), 1) == EMLC_ERR_NULL);
    CHECK(reset(&steps, nullptr, 1) == EMLC_ERR_NULL);
    CHECK(reset(&steps, state.data(), 0) == EMLC_ERR_SIZE);
  }
  CHECK(state == std::array<std::uint32_t, 4>{3, 4, 5, 6});
  CHECK(y[0] == 5);
  CHECK(z[0] == 5);
}
