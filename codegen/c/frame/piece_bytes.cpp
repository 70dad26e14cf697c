#include "codegen/c/frame/piece_bytes.hpp"

namespace emlc::c {
namespace {

constexpr std::array cortex_m0_macros = {Macro{"__GNUC__", 12}, Macro{"__arm__"}, Macro{"__thumb__"},
                                         Macro{"__SOFTFP__"}};
constexpr std::array cortex_m4_macros = {
    Macro{"__GNUC__", 12},     Macro{"__arm__"},       Macro{"__thumb__"},         Macro{"__thumb2__"},
    Macro{"__ARM_FP", 4},      Macro{"__ARM_ARCH", 7}, Macro{"__ARM_FEATURE_DSP"}, Macro{"__ARM_FEATURE_SIMD32"},
    Macro{"__ARM_FEATURE_SAT"}};
constexpr std::array avr_macros = {Macro{"__GNUC__", 5}, Macro{"__AVR__"}, Macro{"__AVR_HAVE_MUL__"},
                                   Macro{"__AVR_HAVE_LPMX__"}};
constexpr std::array riscv_macros = {Macro{"__GNUC__", 12}, Macro{"__riscv"}};

/// Of linked programs that do one operation each: arm-none-eabi-gcc 12.2 with newlib-nano, avr-gcc 5.4 with avr-libc,
/// riscv64-unknown-elf-gcc 12.2 with picolibc.
constexpr std::array cortex_m0_libraries = {
    LibraryBytes{"+elt", 772}, LibraryBytes{"+-*/iuzelt", 60}, LibraryBytes{"-zelt", 804}, LibraryBytes{"*elt", 636},
    LibraryBytes{"/elt", 700}, LibraryBytes{"<>zelt", 512},    LibraryBytes{"ielt", 152},  LibraryBytes{"u", 132},
    LibraryBytes{"z", 48},     LibraryBytes{"zet", 64},        LibraryBytes{"e", 716},     LibraryBytes{"elt", 12},
    LibraryBytes{"el", 1},     LibraryBytes{"l", 825},         LibraryBytes{"lt", 44},     LibraryBytes{"t", 1120},
    LibraryBytes{"d", 720}};
constexpr std::array cortex_m4_libraries = {LibraryBytes{"e", 644}, LibraryBytes{"elt", 12}, LibraryBytes{"el", 1},
                                            LibraryBytes{"l", 629}, LibraryBytes{"t", 948},  LibraryBytes{"d", 272}};
constexpr std::array avr_libraries = {
    LibraryBytes{"+-elt", 218}, LibraryBytes{"+-*/elt", 80}, LibraryBytes{"+-*/zelt", 82}, LibraryBytes{"*t", 8},
    LibraryBytes{"*elt", 210},  LibraryBytes{"/et", 228},    LibraryBytes{"<", 10},        LibraryBytes{"<>", 72},
    LibraryBytes{">", 10},      LibraryBytes{"iul", 122},    LibraryBytes{"z", 94},        LibraryBytes{"et", 392},
    LibraryBytes{"elt", 106},   LibraryBytes{"l", 250},      LibraryBytes{"t", 159}};
constexpr std::array riscv_libraries = {
    LibraryBytes{"+elt", 1136}, LibraryBytes{"+-*/iuelt", 332}, LibraryBytes{"-elt", 1212}, LibraryBytes{"*elt", 820},
    LibraryBytes{"/elt", 880},  LibraryBytes{"<t", 220},        LibraryBytes{">e", 220},    LibraryBytes{"ielt", 276},
    LibraryBytes{"u", 232},     LibraryBytes{"z", 96},          LibraryBytes{"e", 800},     LibraryBytes{"et", 156},
    LibraryBytes{"l", 1656},    LibraryBytes{"t", 1412},        LibraryBytes{"d", 272}};

}  // namespace

std::span<const EstimatedTarget, n_estimated_targets> all_estimated_targets() {
  static constexpr std::array targets = {EstimatedTarget{"Cortex-M0+", cortex_m0_macros, cortex_m0_libraries},
                                         EstimatedTarget{"Cortex-M4", cortex_m4_macros, cortex_m4_libraries},
                                         EstimatedTarget{"ATmega328P", avr_macros, avr_libraries, false},
                                         EstimatedTarget{"RV32IMC", riscv_macros, riscv_libraries}};
  return targets;
}

/// Of networks, fitted to linked programs by the same compilers; in the order of CountBytes.
std::span<const PieceBytes> all_piece_bytes() {
  static constexpr std::array rows = {
      PieceBytes{"argmax",
                 {26.3, -7.2, 0, 0, 27.4, -3.9, 0, 0, 61.7, 13.2, 0, 0, 27.1, -4.6, 0, 0},
                 {37.6, 26.9, 0, -11.3, 29, 0.9, 0, 18.7, 58.8, 4.3, 0, -14.2, 40.9, 36.6, 0, -7.3}},
      PieceBytes{"classify",
                 {-22.6, 17.5, 0, 0, -49.7, 22.6, 0, 0, -85.5, 46.4, 0, 0, -9, 20, 0, 0},
                 {-53.7, 2.7, 0, 0, -5.7, 3.5, 0, 0, -75.4, 23.8, 0, 0, -37.1, -3.1, 0, 0}},
      PieceBytes{"code",
                 {-30.3, 24.8, 0, 0, -24.6, 21.5, 0, 0, -28.9, 28.8, 0, 0, -20, 29.2, 0, 0},
                 {-35.9, 42.7, 0, 0, -18.8, 23.3, 0, 0, -42.4, 51.5, 0, 0, -35, 66.3, 0, 0}},
      PieceBytes{"curve_codes",
                 {22.6, 5.6, -51.9, 24.2, -11.3, 11, -47.9, 38.1, 71.2, 23.5, -88.4, 65.5, 29.8, 6.9, -38, 48.6},
                 {44.2, 11.4, -50.3, 14.7, -8.1, 16.9, -79.9, 67.8, 63.3, 29.8, -102.8, 83.3, 41.1, 6.3, -38.3, 26.1}},
      PieceBytes{"decide",
                 {-4.5, 9.1, 0, 0, -10.4, 13, 0, 0, -10.2, 61.3, 0, 0, 3.5, 6.2, 0, 0},
                 {-5.3, 38.8, 0, 0, -14.5, 1.7, 0, 0, -14.3, 38.4, 0, 0, 5, 40, 0, 0}},
      PieceBytes{"dense.float",
                 {16.4, -9.6, -6.4, 19.7, 15.2, -10.8, -8, 17.1, 24.4, -27.6, -18.6, 14, 20.5, -5.5, -8.3, -16.6},
                 {11.7, -14.3, 4.1, -1.5, -16.5, -42.5, 16.1, -65.5, 8.4, -43.6, 26, -61.3, -2.6, -28.6, -15.9, -32.7}},
      PieceBytes{"divide_by_sum",
                 {30.1, 4.3, 0, 0, 31.3, 7.9, 0, 0, 59.6, 6.7, 0, 0, 31.2, 7.7, 0, 0},
                 {22.8, -17.7, 0, 0, 29.9, 3.7, 0, 0, 58.6, 3.7, 0, 0, 21.5, -21.4, 0, 0}},
      PieceBytes{"elu",
                 {31.6, 5.6, -4.7, 0.6, 31.3, 5.3, -10, 3, 55.6, 3.6, -39.5, 25.7, 32.9, 6.9, -5.4, 8.1},
                 {38.1, 12.1, 8.6, 0.6, 35.2, 9.2, 18.6, 3, 67.5, 15.5, -4.3, 25.7, 38.5, 12.5, 9.3, 8.1}},
      PieceBytes{"emlc_dense_f32",
                 {54.5, 71.2, 0, 0, -28.8, 82.4, 0, 0, -9.8, 195.6, 0, 0, 69.3, 74.1, 0, 0},
                 {70.4, 155.2, 0, 0, 0.3, 104, 0, 0, 30.5, 224.8, 0, 0, 85.2, 140.7, 0, 0}},
      PieceBytes{"encode",
                 {-30.3, 11.7, -24, 0, -24.6, 6.3, -33.8, 0, -28.9, -38.1, -43.6, 0, -20, 11, -39.3, 0},
                 {-35.9, -24.3, -78.1, 0, -18.8, 10.1, -44, 0, -42.4, 18.2, -75.5, 0, -35, -30, -66.3, 0}},
      PieceBytes{"expm",
                 {31.6, 8.9, 0, 0, 31.3, 7.9, 0, 0, 55.6, -5.2, 0, 0, 32.9, 12.7, 0, 0},
                 {38.1, 28.2, 0, 0, 35.2, 19.5, 0, 0, 67.5, 30.6, 0, 0, 38.5, 29.4, 0, 0}},
      PieceBytes{"finish",
                 {-28.7, 3.6, -0.2, 0, -23.9, 4.6, 4.8, 0, -29.3, 36.1, 1.6, 0, -18, -14.1, -7, 0},
                 {-37.7, -17, -45.4, 0, -18.9, 13, -52.8, 0, -45.7, 15.6, -81.1, 0, -37.1, -51.3, -80.5, 0}},
      PieceBytes{"hinge",
                 {31.3, 6.7, -1.5, 0, 29.2, 2.3, -4.2, 0, 59.3, 6.7, 1.6, 0, 30.5, 5.1, -2.3, 0},
                 {21.8, -12.3, -1.5, 0, 32.7, 9.3, -4.2, 0, 53.3, -5.5, 1.6, 0, 42.5, 29.1, -2.3, 0}},
      PieceBytes{"largest",
                 {28.4, -7, 0, 32.7, 29.3, -0.7, 0, 14.1, 60.4, 10.9, 0, -29.2, 28, -10.3, 0, 7.6},
                 {31.8, 16.7, 0, 90.5, 30.1, 4.8, 0, 48.8, 63.3, 30.9, 0, 6.1, 32.1, 18.9, 0, 51.4}},
      PieceBytes{"leaky_relu",
                 {25.9, -4.2, 1.3, 10.3, 24.3, -7.4, 11.4, 9.3, 43.2, -25.6, 18.9, 16.5, 32.2, 8.5, 5.1, 10.5},
                 {32.4, 8.7, -12.9, 10.3, 32.8, 9.6, -17.8, 9.3, 64.9, 17.9, -75.6, 16.5, 22.1, -11.8, -0.5, 10.5}},
      PieceBytes{"log1p",
                 {37, 17.9, 0, 0, 36.4, 16.8, 0, 0, 69.1, 26.2, 0, 0, 35.5, 14.9, 0, 0},
                 {35.5, 14.9, 0, 0, 32.9, 9.8, 0, 0, 63.3, 14.5, 0, 0, 34.3, 12.7, 0, 0}},
      PieceBytes{"network",
                 {-30.3, 16.9, 0, 0, -24.6, 9.4, 0, 0, -28.9, 22.2, 0, 0, -20, 4.6, 0, 0},
                 {-35.9, 4.2, 0, 0, -18.8, -7.7, 0, 0, -42.4, -8.2, 0, 0, -35, -7.4, 0, 0}},
      PieceBytes{"outputs",
                 {18.6, -16.3, 0, 0, 24.1, -21.2, 0, 0, 21.9, -0.3, 0, 0, 41.6, -15.9, 0, 0},
                 {35.4, 31.6, 0, 0, -60.4, 17.7, 0, 0, -43.6, 23.3, 0, 0, 109, 58.9, 0, 0}},
      PieceBytes{"pair",
                 {30, 4, 0, 0, 23.3, -16.2, 0, 0, 60, 8, 0, 0, 30, 4, 0, 0},
                 {30, 4, 0, 0, 23.3, -16.2, 0, 0, 60, 8, 0, 0, 30, 4, 0, 0}},
      PieceBytes{"prelu",
                 {25.9, -4.2, 1.3, 10.3, 24.3, -7.4, 11.4, 9.3, 43.2, -25.6, 18.9, 16.5, 32.2, 8.5, 5.1, 10.5},
                 {32.4, 8.7, -12.9, 10.3, 32.8, 9.6, -17.8, 9.3, 64.9, 17.9, -75.6, 16.5, 22.1, -11.8, -0.5, 10.5}},
      PieceBytes{"raw",
                 {22.4, 9.4, -42.8, 0, 38.6, 11.6, -40.2, 0, 20.8, 61.5, -58, 0, 35.1, 7.3, -49.9, 0},
                 {11.1, 42.5, -135.9, 0, 26.9, 9.7, -44.4, 0, 29.5, 72.1, -125.7, 0, 53.9, 34, -170.1, 0}},
      PieceBytes{"raw.float",
                 {32.8, 5.5, 0, 0, 82.9, 1.4, 0, 0, 68, 47.8, 0, 0, 26.2, 4.4, 0, 0},
                 {44.8, 3, 0, 0, 62.5, -10.8, 0, 0, 56, -3.3, 0, 0, 40.8, 7, 0, 0}},
      PieceBytes{"relu",
                 {28, -0.1, -42.6, 18.5, 29.8, 3.7, -74.1, 99.4, 53, -6.1, -147.3, 44.2, 32.3, 8.6, -57.6, 14.8},
                 {45.5, 34.9, -57.4, 58.2, 29.2, 2.5, -35.8, 63.9, 57.9, 3.7, -139.1, 117.1, 42.7, 29.4, -97, 41.1}},
      PieceBytes{"relu_codes",
                 {54.5, -6.2, 48, 8.4, 47.3, -1.5, 54.5, 28.4, 77.5, -5.6, 21.2, 68, 44.8, -0.6, 41.3, 5.8},
                 {31.6, 4.5, 13, -33.6, 41.6, 3.1, -16.9, 20.8, 72.8, 8.2, -2.6, 47.8, 25.2, -0.3, 42, -29}},
      PieceBytes{"rows.float",
                 {15.6, 6.6, -9.5, 16.5, 16.9, 2.5, -41.6, 23.1, -23.7, 20.8, -59.9, 24.5, 17.6, 7.2, -10.8, 10.4},
                 {31.1, 5, -14, 24.8, 26.7, 5.9, -32.9, 51.9, -44.5, 28.4, -8.3, 68.1, 56.9, 6.5, -5.4, 18.6}},
      PieceBytes{"sample",
                 {30, 4, 0, 0, 23.3, -16.2, 0, -13.5, 60, 8, 0, 0, 30, 4, 0, 0},
                 {30, 4, 0, 0, 23.3, -16.2, 0, -13.5, 60, 8, 0, 0, 30, 4, 0, 0}},
      PieceBytes{"scale",
                 {14.4, 17.7, -31.2, 0, -8.5, 20.3, -29.8, 0, 30.5, 31.1, -84.1, 0, 23.6, 27.5, -46.4, 0},
                 {32.3, 16, -65.5, 0, -9.7, 20.9, -18.3, 0, 62.4, 29.2, -127.3, 0, 22.2, 24, -73.8, 0}},
      PieceBytes{"sigmoid",
                 {33.8, 11.6, -11.9, 0, 33, 10, -54.4, 0, 65.3, 18.6, -46.6, 0, 34.7, 13.5, -14.3, 0},
                 {34.8, 13.5, -8.8, 0, 31, 6, -26.2, 0, 56.1, 0.1, -32.5, 0, 26.7, -2.5, -16.9, 0}},
      PieceBytes{"softmax",
                 {30.1, 4.4, -26.4, 0.5, 31.3, 9.3, -85.7, -4.5, 59.6, 6.3, -157.2, 1.6, 31.2, 8.9, -27.7, -0.5},
                 {22.8, -25, -28.4, 0.5, 29.9, 3.6, -87.4, -4.5, 58.6, 2.3, -174.6, 1.6, 21.5, -29.9, -24.2, -0.5}},
      PieceBytes{"softplus",
                 {37, 17.9, -4.9, 6.2, 36.4, 16.8, -46, 25, 69.1, 26.2, -38, 30.3, 35.5, 14.9, -0.1, 7.4},
                 {35.5, 14.9, -16.4, 7.6, 32.9, 9.8, -68.1, 35.2, 63.3, 14.5, -60.4, 30.1, 34.3, 12.7, -8.8, 7.3}},
      PieceBytes{"sums.int16_t",
                 {24.5, 2.4, -5.2, 27, 6.7, 1.8, -13.6, 32.9, 31.9, 8.6, -47.9, 90.8, 18.6, 1.6, -5.6, 28.7},
                 {27.1, -6, -18.4, 8.3, 8.3, 4.7, -12, 46.1, 19.6, 5, -16.6, 57.2, 17.5, -10.6, -3.1, 1.1}},
      PieceBytes{"sums.uint8_t",
                 {-24.8, 2.2, -47.5, 22.8, -1.3, 2.4, -25, 9.6, -0.8, 6.6, -26, 71.5, -8.6, 3.7, -49.2, 40.2},
                 {-33, 1.7, -47.5, -11.4, 3, 3.7, -25, 16, -2, 1.6, -26, 90, -22.5, 0.8, -49.2, 2.2}},
      PieceBytes{"tanh",
                 {19.8, -16.4, -20.6, 1.7, 21.9, -12.2, -30.1, -8.9, 42.3, -27.4, -69.6, -34.6, 16.8, -22.5, -12.3, 7},
                 {5.8, -44.5, -17.2, 2.3, 27.6, -0.9, -38.6, 12.1, 51.9, -8.2, -47.7, -4.9, -7.2, -70.3, -10.3, -8.3}},
  };
  return rows;
}

std::span<const TermBytes> all_term_bytes() {
  static constexpr TermBytes rows[] = {
#define TERM(kind, name, ...) {kind, name, {__VA_ARGS__}},
#include "codegen/c/frame/code_terms.inc"
#undef TERM
  };
  return rows;
}

}  // namespace emlc::c
