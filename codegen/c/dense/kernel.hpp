#pragma once

#include <cstdint>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"

namespace emlc::c {

/// How the sums of an integer layer are computed, see note [sums of integers] in dense_kernel.cpp.
struct Kernel {
  model::IntegerWidth width = model::IntegerWidth::bits8;
  std::int32_t rows = 1;     ///< in a block; sums are padded to whole blocks
  std::int32_t columns = 1;  ///< in a turn of the inner loop; codes are padded to whole turns
  std::int32_t words = 1;    ///< of `columns` codes in a turn with the DSP extension

  [[nodiscard]] bool is_8_bit() const { return width == model::IntegerWidth::bits8; }
  [[nodiscard]] std::string_view code() const { return is_8_bit() ? "uint8_t" : "int16_t"; }
  [[nodiscard]] std::string_view weight() const { return code(); }
  /// On cores with the DSP extension words of codes are loaded and multiplied at once.
  [[nodiscard]] bool has_words() const { return columns > 1; }
};

Kernel plan_kernel(const model::DenseNetwork& network, model::IntegerWidth width, Optimize optimize);

/// `n` rounded up to a multiple of `step`.
constexpr std::int32_t padded(std::int32_t n, std::int32_t step) { return (n + step - 1) / step * step; }

/// The weights of one layer as the kernel reads them.
void append_kernel_weights(std::vector<std::string>& literals, const model::IntegerLayer& layer,
                           const model::DenseLayer& shape, const Kernel& kernel);
/// FUNCTION void sums_(const WEIGHT *w, const CODE *x, size_t n_in, int32_t *sums, size_t n_out): sums of `n_out` rows,
/// a multiple of the rows of a block, without bias. In 8 bits they are too large by 128 times the sum of all codes.
void print_kernel(Printer& out, const Names& names, const Kernel& kernel, std::int32_t widest);
/// The macros that the functions need: NAME_SHARED in front of those that several layers call, NAME_DSP and its
/// include.
std::string kernel_prologue(const Names& names, const Kernel& kernel);

}  // namespace emlc::c
