#include "codegen/c/trees/code_bytes.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace emlc::c {
namespace {

/// Trailing zero bits aside, at most 8 bits.
bool is_shifted_byte(std::uint32_t bits) { return bits == 0 || bits >> std::countr_zero(bits) < 256; }

/// An immediate of Thumb-2: a byte anywhere, or one that is repeated.
bool is_modified_immediate(std::uint32_t bits) {
  const std::uint32_t low = bits & 0xffU, second = bits >> 8U & 0xffU;
  return is_shifted_byte(bits) || bits == low * 0x10001U || bits == second * 0x1000100U || bits == low * 0x1010101U;
}

/// An instruction for what fits a byte, shifted or negated, else one and a literal.
int cortex_m0_compared(std::int64_t constant) {
  if (constant >= 0 && constant < 256) return 0;
  if (constant < 0 && constant > -256) return 2;
  return is_shifted_byte(static_cast<std::uint32_t>(constant)) ? 4 : 6;
}

/// The constant is in a register anyway.
int cortex_m0_added(std::int64_t constant) { return std::max(0, cortex_m0_compared(constant) - 2); }

int cortex_m4_compared(std::int64_t constant) {
  const auto bits = static_cast<std::uint32_t>(constant);
  if (bits < 256) return 0;
  if (is_modified_immediate(bits) || is_modified_immediate(~bits + 1)) return 2;
  return bits < 0x10000 ? 4 : 6;
}

int cortex_m4_added(std::int64_t constant) { return std::min(4, cortex_m4_compared(constant)); }

}  // namespace

/// Of programs linked by arm-none-eabi-gcc 12.2 and avr-gcc 5.4, each less the same program without the model. If/else
/// code is fitted as scripts/benchmark/estimates.py does, in the order of InlineTerms, to object files instead of
/// linked programs; terms that go together (a tree has a frame, a vote a tree) share what they take as the fit came
/// out. Splits that soft float compares (tuned on cancer_rf), and soft float itself are measured by hand.
std::span<const CodeBytes> all_code_bytes() {
  static constexpr std::array rows = {
      CodeBytes{
          .target = code_part_target,
          .processor = {FloatUnit::software, 4, 31, 16, 2048, cortex_m0_compared, cortex_m0_added},
          .floats = {.power_of_two = 58,
                     .conversion = 208,
                     .multiplication = 648,
                     .division = 712,
                     .addition = 800,
                     .comparison = 520,
                     .subtraction = 804},
          .small_code = {.sum = {1, -12.4, 16.4, 24, 15, 2.12, 0.594, 0, 12, -4.08, -8.57, -10.2, 0,
                                 0, 0,     52,   0,  0,  0,    0,     0, 0,  0,     0,     0,     0},
                         .functions = {1,     93.5,  27.3, 21.1, 14.9, 1.53, 0.0414, 0, 12, -3.42, -2.9, 0, 0.504,
                                       -10.4, -46.8, 69.7, 0,    0,    0,    0,      0, 0,  0,     0,    0, 0},
                         .votes = {1, 10.8, 3.56, 16,   5.07,  1.94, -0.266, 0,    12,   -2.86, 0, 0, 0,
                                   0, 0,    81.6, 9.44, -3.79, 20,   0.869,  10.3, 5.35, 0,     0, 0, 0}},
          .fast_code = {.sum = {1, -80.3, 23.6, 27.9, 14.9, 3.24, 1.15, 0, 12, -18.6, -4.18, -5.19, 0,
                                0, 0,     82.4, 0,    0,    0,    0,    0, 0,  6.14,  26,    53.2,  -0.917},
                        .functions = {1,    8.02,  23.8, 31, 18.7, 0.424, -0.808, 0, 12, -1.27, -11.2, 0,    5.11,
                                      14.5, -16.6, 114,  0,  0,    0,     0,      0, 0,  6.95,  -3.34, -8.7, 1.67},
                        .votes = {1, -80.3, 6.64, 18.8, 6.57,  1.35, -0.477, 0,     12,   -0.365, 0,  0,    0,
                                  0, 0,     113,  10.5, 0.968, 21.4, 4.92,   -6.84, 11.9, 2.66,   16, 6.78, 0.295}}},
      CodeBytes{
          .target = "Cortex-M4",
          .processor = {FloatUnit::hardware, 4, 31, 36, 2048, cortex_m4_compared, cortex_m4_added},
          .floats = {.power_of_two = 10,
                     .conversion = 12,
                     .multiplication = 6,
                     .division = 8,
                     .addition = 6,
                     .comparison = 8,
                     .subtraction = 0},
          .small_code = {.sum = {1, 8, 13.5, 19.6, 10.2, 1.44, -0.111, 14.2, 0, -4.07, 4.69, 0.184, 0,
                                 0, 0, 0,    0,    0,    0,    0,      0,    0, 0,     0,    0,     0},
                         .functions = {1,     59.7, 17, 20.6, 9.27, 1.4, 0.377, 14.5, 0, -2.67, -1.69, 0, 3.41,
                                       0.647, 10,   0,  0,    0,    0,   0,     0,    0, 0,     0,     0, 0},
                         .votes = {1, 7.6, 3.1, 14.9, 4.62,  1.82, 0.123, 14.4, 0,   -3.14, 0, 0, 0,
                                   0, 0,   0,   10.6, -5.58, 10.8, 5.49,  2.18, 4.9, 0,     0, 0, 0}},
          .fast_code = {.sum = {1, -29.9, 19.4, 30.4, 15.1, 0.736, 0.0185, 15.1, 0, -10.2, 4.59, -2.73, 0,
                                0, 0,     0,    0,    0,    0,     0,      0,    0, 1.71,  24.9, 35.7,  -2.58},
                        .functions = {1,    -0.414, 17.5, 27.2, 13.5, 0.271, 0.102, 12.3, 0, 4.15, -13.6, 0,     3.89,
                                      17.6, 35.3,   0,    0,    0,    0,     0,     0,    0, 2.76, 0.404, -17.7, 2.98},
                        .votes = {1, -41.1, -6.53, 20.4, 10,   0.0963, -0.361, 14.1, 0,    -3.84, 0,    0,   0,
                                  0, 0,     0,     11.5, 3.58, 17.6,   -3.43,  19.5, 6.81, 0.91,  7.61, 7.1, -0.327}}},
      CodeBytes{.target = "ATmega328P",
                .processor = {FloatUnit::software, 1, 63, 13, 3000, nullptr, nullptr},
                .floats = {.power_of_two = 97,
                           .conversion = 150,
                           .multiplication = 432,
                           .division = 442,
                           .addition = 350,
                           .comparison = 140,
                           .subtraction = 0},
                .small_code = {.sum = {1, 69.6, 7.87, 17.4, 8.38, 3.63, 10.6, 0, 27, -4.16, 5.67, -16.3, 0,
                                       0, 0,    154,  0,    0,    0,    0,    0, 0,  0,     0,    0,     0},
                               .functions = {1,    257,   16.3, 21.6, 8.17, 3.17, 8.63, 0, 27, -1.94, -0.226, 0, 8.91,
                                             8.13, -34.4, 102,  0,    0,    0,    0,    0, 0,  0,     0,      0, 0},
                               .votes = {1, -24.5, -1.06, 16.1, 6.7,   4.09,    12.4,  0,    27,   -4.08, 0, 0, 0,
                                         0, 0,     170,   11.2, -5.89, -0.0725, -1.16, -4.9, 12.4, 0,     0, 0, 0}},
                .fast_code = {.sum = {1, 46.5, 13.9, 21.6, 9.46, 4.09, 11.2, 0, 27, -4.25, -0.0455, -15.2, 0,
                                      0, 0,    133,  0,    0,    0,    0,    0, 0,  2.27,  0,       0,     0},
                              .functions = {1,    146,   27.5, 31.3, 9.82, 2.98, 12.1, 0, 27, -3.08, -3.32, 0, -0.224,
                                            72.6, -32.7, 92.9, 0,    0,    0,    0,    0, 0,  4.83,  0,     0, 0},
                              .votes = {1, -46, 3.72, 13.8, 11.7,  3.59, 11.4,  0,     27, -3.03, 0, 0, 0,
                                        0, 0,   154,  14.3, -12.7, 6.31, -3.98, -4.48, 15, 2.8,   0, 0, 0}}},
  };
  return rows;
}

}  // namespace emlc::c
