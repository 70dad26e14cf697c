#include "codegen/c/signal/keys/keys.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>
#include <sstream>

#include "codegen/c/common/tables.hpp"
#include "tests/support/compiled.hpp"

using namespace emlc;
using signal::Key;
using signal::Wide;

namespace {

c::Names c_names() {
  c::Names names;
  names.symbol = names.shared = "t_";
  names.macro = "T_";
  names.function = "static inline";
  names.feature = "t_feature";
  return names;
}
const c::Names names = c_names();

__extension__ using Unsigned = unsigned __int128;

Wide random_wide(std::mt19937_64& random, const signal::Range& range) {
  const auto bits = static_cast<Unsigned>(random()) << 64 | random();
  return range.lowest + static_cast<Wide>(bits % static_cast<Unsigned>(range.highest - range.lowest + 1));
}

Key key_of_integers(std::mt19937_64& random, const signal::Range& range, std::size_t n) {
  Key key{.part = signal::Part::sum, .range = range};
  for (std::size_t i = 0; i < n; ++i) key.thresholds.push_back(random_wide(random, range));
  std::sort(key.thresholds.begin(), key.thresholds.end());
  key.thresholds.erase(std::unique(key.thresholds.begin(), key.thresholds.end()), key.thresholds.end());
  return key;
}

/// Of every width, with few and with many thresholds, none among them.
std::vector<Key> make_keys() {
  std::mt19937_64 random(3);
  std::vector<Key> keys;
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{60}}) {
    for (const int bits : {10, 16, 17, 32, 33, 64, 65, 100, 126}) {
      keys.push_back(key_of_integers(random, {-(Wide{1} << (bits - 1)), (Wide{1} << (bits - 1)) - 1}, n));
    }
    for (const bool is_low : {false, true}) {
      Key key{.is_integer = false, .nan_is_low = is_low};
      for (std::size_t i = 0; i < n; ++i)
        key.real_thresholds.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(random())));
      std::erase_if(key.real_thresholds, [](float x) { return std::isnan(x); });
      if (n == 7) key.real_thresholds = {-INFINITY, -1.5F, -1e-45F, 0.0F, 1e-45F, 2.0F, INFINITY};
      std::sort(key.real_thresholds.begin(), key.real_thresholds.end());
      keys.push_back(std::move(key));
    }
  }
  return keys;
}

/// At a threshold, beside it, an end of the range or anything.
Wide value_for(const Key& key, std::mt19937_64& random) {
  Wide value = random_wide(random, key.range);
  if (!key.thresholds.empty() && random() % 4 != 0) {
    value = key.thresholds[random() % key.thresholds.size()] + static_cast<Wide>(random() % 3) - 1;
  }
  if (random() % 16 == 0) value = random() % 2 == 0 ? key.range.lowest : key.range.highest;
  return std::clamp(value, key.range.lowest, key.range.highest);
}

float real_for(const Key& key, std::mt19937_64& random) {
  const auto bits = static_cast<std::uint32_t>(random());
  if (random() % 8 == 0) return std::bit_cast<float>(bits | 0x7f800000U);  // infinite or NaN, of both signs
  if (key.real_thresholds.empty() || random() % 4 == 0) return random() % 4 == 0 ? -0.0F : std::bit_cast<float>(bits);
  const float at = key.real_thresholds[random() % key.real_thresholds.size()];
  return random() % 3 == 0 ? at : std::nextafter(at, random() % 2 == 0 ? INFINITY : -INFINITY);
}

std::string text_of(Wide value, int width) {
  const auto low = static_cast<std::uint64_t>(value);
  const std::string high = fmt::format("(int64_t)UINT64_C({})", static_cast<std::uint64_t>(value >> 64));
  if (width == 128) return fmt::format("{}, UINT64_C({})", high, low);
  return fmt::format("(int64_t)UINT64_C({})", low);
}

/// A program that prints the ranks of the keys for values at random, and those that are expected.
struct Asked {
  std::string program;
  std::vector<std::int32_t> expected;
};

Asked ask(const std::vector<Key>& keys) {
  const c::RankCode code = c::rank_code(names, keys);
  std::mt19937_64 random(5);
  Asked asked;
  std::string body;
  for (int round = 0; round < 60; ++round) {
    body += "  {\n    t_feature y[N];\n    int i;\n    " + code.start + "\n";
    for (const Key& key : keys) {
      if (key.is_integer) {
        const Wide value = value_for(key, random);
        asked.expected.push_back(signal::rank_of(key, value));
        body += "    " + c::rank_statement(names, key, "&walk", text_of(value, c::rank_width(key))) + "\n";
      } else {
        const float value = real_for(key, random);
        asked.expected.push_back(signal::rank_of(key, value));
        body += "    " +
                c::rank_statement(names, key, "&walk", fmt::format("real({}u)", std::bit_cast<std::uint32_t>(value))) +
                "\n";
      }
    }
    body += "    for (i = 0; i < N; ++i) printf(\"%d\\n\", y[i]);\n  }\n";
  }
  asked.program = "#include <stdint.h>\n#include <stdio.h>\n#include <string.h>\ntypedef uint8_t t_feature;\n" +
                  fmt::format("#define N {}\n", keys.size()) + c::table_macros(names, code.definitions) +
                  code.definitions +
                  "static float real(uint32_t bits) {\n  float x;\n  memcpy(&x, &bits, sizeof x);\n  return x;\n}\n" +
                  "int main(void) {\n" + body + "  return 0;\n}\n";
  return asked;
}

}  // namespace

TEST_CASE("ranks of keys: generated code counts the thresholds that are not above, in C and in C++") {
  const Asked asked = ask(make_keys());
  for (const auto& [standard, file] : {std::pair{"c99", "ranks.c"}, std::pair{"c++11", "ranks.cpp"}}) {
    const test::Program program(standard, {{file, asked.program}});
    std::istringstream printed(program.run(""));
    std::vector<std::int32_t> ranks;
    for (std::int32_t rank = 0; printed >> rank;) ranks.push_back(rank);
    CHECK(ranks == asked.expected);
  }
}

TEST_CASE("ranks of keys: a key takes the width that its range needs, and tables their bytes") {
  Key small{.part = signal::Part::lowest, .range = {-32768, 32767}, .thresholds = {1, 2}};
  Key large{.part = signal::Part::sum, .range = {-32768, 32768}, .thresholds = {3}};
  const Key real{.is_integer = false, .real_thresholds = {0.5F}};
  CHECK(c::rank_width(small) == 16);
  CHECK(c::rank_width(large) == 32);
  CHECK(c::rank_width(real) == 32);
  const std::vector<Key> keys = {small, large, real};
  CHECK(c::rank_code(names, keys).table_bytes == 3 + 2 * 2 + 4 + 4);  // how many each has, and they
}
