#include <doctest/doctest.h>
#include <emlc/level.h>

#include <cmath>
#include <random>
#include <vector>

namespace {

double exact(const std::vector<std::int32_t>& samples) {
  double sum = 0.0;
  for (const std::int32_t x : samples) sum += std::pow(std::trunc(x / 4096.0), 2.0);
  return 1000.0 * std::log10(sum / static_cast<double>(samples.size()) / 0x1p38);
}

}  // namespace

TEST_CASE("level: within 0.01 dB of the logarithm of the mean square, over the whole range") {
  std::mt19937 random(1);
  for (int bits = 14; bits <= 31; ++bits) {
    for (int n = 1; n < 3000; n = n * 3 + 1) {
      std::vector<std::int32_t> samples;
      for (int i = 0; i < n; ++i) {
        samples.push_back(
            static_cast<std::int32_t>((static_cast<std::int64_t>(random()) - 2147483648LL) >> (31 - bits)));
      }
      samples.push_back(1 << (bits - 1));
      emlc_level level;
      emlc_level_reset(&level);
      emlc_level_add_i32(&level, samples.data(), samples.size());
      CHECK(std::abs(emlc_level_decibel(&level) - exact(samples)) < 1.0);
    }
  }
}

TEST_CASE("level: full scale, silence, and 16 bits as 32 bits") {
  emlc_level level;
  emlc_level_reset(&level);
  CHECK(emlc_level_decibel(&level) == EMLC_LEVEL_SILENCE);
  const std::vector<std::int32_t> square(1000, INT32_MIN);
  emlc_level_add_i32(&level, square.data(), square.size());
  CHECK(emlc_level_decibel(&level) == 0);
  std::vector<std::int16_t> sine;
  for (int i = 0; i < 16000; ++i) sine.push_back(static_cast<std::int16_t>(std::lrint(32767.0 * std::sin(i * 0.1))));
  emlc_level_reset(&level);
  emlc_level_add_i16(&level, sine.data(), sine.size());
  CHECK(std::abs(emlc_level_decibel(&level) + 301) <= 1);
}

TEST_CASE("level: decay keeps the level of a steady signal and forgets an old one") {
  emlc_level level;
  emlc_level_reset(&level);
  const std::vector<std::int16_t> loud(128, 16384), quiet(128, 1638);
  for (int i = 0; i < 100; ++i) {
    emlc_level_add_i16(&level, loud.data(), loud.size());
    emlc_level_decay(&level, 4);
  }
  CHECK(std::abs(emlc_level_decibel(&level) + 602) <= 1);
  for (int i = 0; i < 300; ++i) {
    emlc_level_add_i16(&level, quiet.data(), quiet.size());
    emlc_level_decay(&level, 4);
  }
  CHECK(std::abs(emlc_level_decibel(&level) + 2602) <= 2);
}

TEST_CASE("level: every shift ends, and 32 or more keep everything") {
  for (const unsigned shift : {0U, 1U, 4U, 16U, 24U, 31U, 32U, 33U, 63U, 64U, 65U, 1000U, ~0U}) {
    CAPTURE(shift);
    emlc_level level;
    emlc_level_reset(&level);
    const std::vector<std::int32_t> samples(4, 1 << 30);
    REQUIRE(emlc_level_add_i32(&level, samples.data(), samples.size()) == EMLC_OK);
    for (int i = 0; i < 3; ++i) emlc_level_decay(&level, shift);
    if (shift == 0) CHECK(emlc_level_decibel(&level) == EMLC_LEVEL_SILENCE);
    if (shift >= 31) CHECK(emlc_level_decibel(&level) == -602);
    if (shift >= 32) CHECK(level.sum_of_squares == std::uint64_t{4} << 36U);
  }
}

TEST_CASE("level: no samples are no level, whatever the energy says") {
  const emlc_level level = {1000, 0};
  CHECK(emlc_level_decibel(&level) == EMLC_LEVEL_SILENCE);
}

TEST_CASE("level: samples that there is no room for are refused, and nothing else is") {
  const std::int32_t loudest = INT32_MIN;
  emlc_level level = {(std::uint64_t{1} << 38U) * ((std::uint64_t{1} << 26U) - 2), 1000};
  CHECK(emlc_level_add_i32(&level, &loudest, 1) == EMLC_OK);
  const emlc_level full = level;
  CHECK(emlc_level_add_i32(&level, &loudest, 1) == EMLC_ERR_RANGE);
  CHECK(level.sum_of_squares == full.sum_of_squares);
  CHECK(level.n_samples == full.n_samples);
  level = {0, UINT32_MAX - 1};
  const std::int16_t quiet = 0;
  CHECK(emlc_level_add_i16(&level, &quiet, 1) == EMLC_OK);
  CHECK(emlc_level_add_i16(&level, &quiet, 1) == EMLC_ERR_RANGE);
  CHECK(emlc_level_decibel(&level) == EMLC_LEVEL_SILENCE);
}

TEST_CASE("level: no samples at all may be NULL") {
  emlc_level level = {5, 1};
  CHECK(emlc_level_add_i16(&level, nullptr, 0) == EMLC_OK);
  CHECK(emlc_level_add_i32(&level, nullptr, 0) == EMLC_OK);
  CHECK(level.sum_of_squares == 5);
  CHECK(emlc_level_add_i16(&level, nullptr, 1) == EMLC_ERR_NULL);
  CHECK(emlc_level_add_i32(nullptr, nullptr, 0) == EMLC_ERR_NULL);
}
