#include "codegen/c/trees/code_bytes.hpp"

#include <array>

namespace emlc::c {

/// Of programs linked by arm-none-eabi-gcc 12.2 and avr-gcc 5.4, each less the same program without the model. Inline
/// code: the smallest largest error over the ensembles of scripts/benchmark/estimates.py, at -Os with the bundled
/// models kept within 9.5 %, which the script does not ask for. Walks at -Os are fitted to the bundled models, those at
/// -O2 differ by what links took more on a few ensembles. The functions of soft float are linked one by one.
std::span<const CodeBytes> all_code_bytes() {
  static constexpr std::array rows = {
      CodeBytes{.target = code_part_target,
                .float_unit = FloatUnit::software,
                .floats = {.power_of_two = 58,
                           .conversion = 208,
                           .multiplication = 648,
                           .division = 712,
                           .addition = 800,
                           .comparison = 520},
                .small_walk = {156, 152, 92, 12, 25, 83, 139},
                .fast_walk = {156, 152, 200, 12, 25, 83, 139},
                .small_code = {33, 31, 10.4, 18, 16.3, 18.7, 17, 5.5, 3.9, 6.6, 6.5, 5.4, 0, 0, 8},
                .fast_code = {30, 30, 12.5, 23, 24.6, 22.3, 17, 8, 1.6, 8, 11.6, 8, 0, 0, 12.5}},
      CodeBytes{.target = "Cortex-M4",
                .float_unit = FloatUnit::hardware,
                .floats = {.power_of_two = 10,
                           .conversion = 12,
                           .multiplication = 6,
                           .division = 8,
                           .addition = 6,
                           .comparison = 8},
                .small_walk = {145, 149, 97, 10, 37, 72, 131},
                .fast_walk = {145, 149, 153, 10, 37, 72, 131},
                .small_code = {22, 0, 2.5, 9.3, 10.9, 11.8, 11.8, 8, 8, 9.7, 14.5, 9.2, 6.9, 7, 8},
                .fast_code = {22, 0, 5.2, 12.3, 16.9, 13.7, 13.7, 8, 8, 8, 15.8, 9.2, 8, 3.5, 8}},
      CodeBytes{.target = "ATmega328P",
                .float_unit = FloatUnit::software,
                .floats = {.power_of_two = 97,
                           .conversion = 150,
                           .multiplication = 432,
                           .division = 442,
                           .addition = 350,
                           .comparison = 140},
                .small_walk = {310, 314, 161, 129, 60, 161, 328},
                .fast_walk = {310, 314, 180, 129, 60, 161, 328},
                .small_code = {30, 167, 0, 4.3, 14.8, 18.2, 30, 0, 8, 8, 14.1, 1, 10.2, 14, 15.4},
                .fast_code = {30, 110, 18.6, 26.2, 40.8, 50.3, 50, 8, 0, 8, 0, 1, 5.3, 0, 31.3}},
  };
  return rows;
}

}  // namespace emlc::c
