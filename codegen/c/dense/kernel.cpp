#include "codegen/c/dense/kernel.hpp"

#include <algorithm>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/template.hpp"
#include "templates.hpp"

// note [sums of integers]
// A block of rows shares each code, as in dense_blocks.cpp. In 8 bits codes and weights are unsigned bytes: a
// Cortex-M0+ loads those at a fixed distance from a pointer, which it cannot do with signed ones, and their products
// fit 16 bits on AVR. Weights are therefore stored with 128 added, which 128 times the sum of the codes takes back. The
// table holds, block after block and turn after turn of the inner loop, the weights of each row: four bytes or two
// 16-bit numbers, one word. The DSP extension of Cortex-M4 and larger multiplies and adds two pairs of 16-bit numbers
// in one instruction; of bytes, the even and the odd ones of a word make pairs. There two words of codes share a turn
// where all layers have an even number of them, and an empty assembly after every second row keeps gcc from loading the
// weights of more rows than it has registers for. On AVR a row is computed by itself, in assembly, because avr-gcc
// keeps neither the sum nor the pointers in registers. All ways give the same sums.

namespace emlc::c {
namespace {

/// Every product of a byte and a byte, summed up.
constexpr std::int64_t largest_byte_product = 65025;  // 255 * 255

/// One word of codes, `word` words after p and w.
void print_dsp_word(Printer& out, const Kernel& kernel, std::int32_t word) {
  const int first = word * kernel.columns, weights = first * kernel.rows;
  if (kernel.is_8_bit()) {
    out.line("memcpy(&word, p + {}, 4);", first);
    out.line("even = (int16x2_t)(word & mask);");
    out.line("odd = (int16x2_t)(word >> 8 & mask);");
  } else {
    out.line("memcpy(&pair, p + {}, 4);", first);
  }
  for (int row = 0; row < kernel.rows; ++row) {
    out.line("memcpy(&word, w + {}, 4);", weights + row * kernel.columns);
    if (kernel.is_8_bit()) {
      out.line("sum{0} = __smlad((int16x2_t)(word & mask), even, sum{0});", row);
      out.line("sum{0} = __smlad((int16x2_t)(word >> 8 & mask), odd, sum{0});", row);
      if (row % 2 == 1) out.line(R"(__asm__ volatile("" : "+r"(sum{}));)", row);
    } else {
      out.line("sum{0} = __smlad((int16x2_t)word, pair, sum{0});", row);
    }
  }
}

void print_dsp_turn(Printer& out, const Kernel& kernel) {
  out.line("uint32_t word;");
  out.line("int16x2_t {};", kernel.is_8_bit() ? "even, odd" : "pair");
  for (std::int32_t word = 0; word < kernel.words; ++word) print_dsp_word(out, kernel, word);
}

void print_plain_turn(Printer& out, const Names& names, const Kernel& kernel) {
  const std::string read = names.macro + (kernel.is_8_bit() ? "READ_U8" : "READ_I16");
  out.line("int32_t code;");
  for (int column = 0; column < kernel.columns; ++column) {
    out.line("code = p[{}];", column);
    for (int row = 0; row < kernel.rows; ++row) {
      out.line("sum{} += (int32_t){}(&w[{}]) * code;", row, read, row * kernel.columns + column);
    }
  }
}

void print_step(Printer& out, const Kernel& kernel, std::int32_t words) {
  out.line("p += {};", words * kernel.columns);
  out.line("w += {};", words * kernel.columns * kernel.rows);
}

void print_turn(Printer& out, const Names& names, const Kernel& kernel) {
  if (kernel.has_words()) {
    out.unindented(fmt::format("#if defined({}DSP)", names.macro));
    print_dsp_turn(out, kernel);
    print_step(out, kernel, kernel.words);
    out.unindented("#else");
  }
  print_plain_turn(out, names, kernel);
  print_step(out, kernel, 1);
  if (kernel.has_words()) out.unindented("#endif");
}

/// The least code: one row and one code at a time, from the last.
void print_each_row(Printer& out, const Names& names, const Kernel& kernel) {
  out.line("for (; n_out != 0; --n_out) {{");
  {
    const auto block = out.indent();
    out.line("int32_t sum = 0;");
    if (kernel.is_8_bit()) {
      out.line("for (size_t i = n_in; i-- != 0;) sum += (int32_t){}READ_U8(&w[i]) * x[i];", names.macro);
      out.line("w += n_in;");
    } else {  // on AVR, too, where an index costs more than a pointer
      out.line("for (size_t i = 0; i != n_in; ++i, ++w) sum += (int32_t){}READ_I16(w) * x[i];", names.macro);
    }
    out.line("*sums++ = sum;");
  }
  out.line("}}");
}

void print_rows(Printer& out, const Names& names, const Kernel& kernel) {
  out.line("int32_t *const last = sums + n_out;");
  if (kernel.has_words() && kernel.is_8_bit()) {
    out.unindented(fmt::format("#if defined({}DSP)", names.macro));
    out.line(
        "const uint32_t mask = (uint32_t)__uxtb16((uint8x4_t)0xffffffffu); /* 0xff00ff, and stays in a register */");
    out.unindented("#endif");
  }
  out.line("do {{");
  {
    const auto block = out.indent();
    out.line("const {} *p = x;", kernel.code());
    out.line("const {} *const end = w + {}n_in;", kernel.weight(),
             kernel.rows == 1 ? "" : fmt::format("{} * ", kernel.rows));
    for (int row = 0; row < kernel.rows; ++row) out.line("int32_t sum{} = 0;", row);
    out.line("do {{");
    {
      const auto turn = out.indent();
      print_turn(out, names, kernel);
    }
    out.line("}} while (w != end);");
    for (int row = 0; row < kernel.rows; ++row) out.line("sums[{0}] = sum{0};", row);
    out.line("sums += {};", kernel.rows);
  }
  out.line("}} while (sums != last);");
}

/// One instruction per line of the string.
void print_assembly(Printer& out, const Kernel& kernel, bool fits_24_bits) {
  const auto instruction = [&](std::string_view text) { out.line(R"("{}\n\t")", text); };
  for (int column = 0; column < kernel.columns; ++column) {
    for (const std::string_view text : {"lpm r0, Z+", "ld %[code], X+", "mul r0, %[code]", "add %A[sum], r0",
                                        "adc %B[sum], r1", "adc %C[sum], %[zero]"}) {
      instruction(text);
    }
    if (!fits_24_bits) instruction("adc %D[sum], %[zero]");
  }
  if (kernel.rows > 1) instruction(fmt::format("adiw r30, {}", (kernel.rows - 1) * kernel.columns));
  for (const std::string_view text : {"cp r26, %A[end]", "cpc r27, %B[end]", "brne 1b"}) instruction(text);
  out.line("\"clr __zero_reg__\"");
}

/// Row after row: the words of a row are `rows` words apart, and the last row of a block ends a block further.
void print_avr_rows(Printer& out, const Kernel& kernel, bool fits_24_bits) {
  out.line("const uint8_t *const end = x + n_in;");
  out.line("for (; n_out != 0; --n_out) {{");
  {
    const auto row = out.indent();
    out.line("const uint8_t *p = x, *v = w;");
    out.line("uint32_t sum = 0;");
    out.line("uint8_t code;");
    out.line(R"(__asm__ __volatile__("1:\n\t")");
    {
      const auto assembly = out.indent();
      print_assembly(out, kernel, fits_24_bits);
      out.line(R"(: [sum] "+r"(sum), [code] "=&r"(code), "+z"(v), "+x"(p))");
      out.line(R"(: [end] "r"(end), [zero] "r"((uint8_t)0))");
      out.line(R"(: "r0", "memory");)");
    }
    out.line("*sums++ = (int32_t)sum;");
    if (kernel.rows == 1) {
      out.line("w = v;");
    } else {
      out.line("w = (n_out & {}u) == 1 ? v - {} : w + {};", kernel.rows - 1, (kernel.rows - 1) * kernel.columns,
               kernel.columns);
    }
  }
  out.line("}}");
}

bool wastes(const model::DenseNetwork& network, std::int32_t rows) {
  std::int64_t needed = 0, stored = 0;
  for (const model::DenseLayer& layer : network.layers) {
    needed += std::int64_t{layer.n_in} * layer.n_out;
    stored += std::int64_t{layer.n_in} * padded(layer.n_out, rows);
  }
  return stored * 10 > needed * 11;
}

}  // namespace

Kernel plan_kernel(const model::DenseNetwork& network, model::IntegerWidth width, Optimize optimize) {
  Kernel kernel{.width = width};
  if (optimize == Optimize::size) return kernel;
  kernel.columns = kernel.is_8_bit() ? 4 : 2;
  kernel.rows = 4;
  while (kernel.rows > 1 && wastes(network, kernel.rows)) kernel.rows /= 2;
  const auto has_even_words = [&](const model::DenseLayer& layer) {
    return padded(layer.n_in, kernel.columns) % (2 * kernel.columns) == 0;
  };
  if (std::all_of(network.layers.begin(), network.layers.end(), has_even_words)) kernel.words = 2;
  return kernel;
}

void append_kernel_weights(std::vector<std::string>& literals, const model::IntegerLayer& layer,
                           const model::DenseLayer& shape, const Kernel& kernel) {
  const int added = kernel.is_8_bit() ? 128 : 0;
  const auto at = [&](std::int32_t row, std::int32_t column) -> int {
    if (row >= shape.n_out || column >= shape.n_in) return 0;
    return layer.weights[static_cast<std::size_t>(row) * static_cast<std::size_t>(shape.n_in) +
                         static_cast<std::size_t>(column)];
  };
  for (std::int32_t first = 0; first < shape.n_out; first += kernel.rows) {
    for (std::int32_t column = 0; column < shape.n_in; column += kernel.columns) {
      for (std::int32_t i = 0; i < kernel.rows * kernel.columns; ++i) {
        literals.push_back(fmt::to_string(at(first + i / kernel.columns, column + i % kernel.columns) + added));
      }
    }
  }
}

void print_kernel(Printer& out, const Names& names, const Kernel& kernel, std::int32_t widest) {
  constexpr std::int64_t largest_24_bits = (1 << 24) - 1;
  out.line("{}SHARED void {}sums_(const {} *w, const {} *x, size_t n_in, int32_t *sums, size_t n_out) {{", names.macro,
           names.symbol, kernel.weight(), kernel.code());
  if (kernel.is_8_bit()) {
    out.unindented("#if defined(__AVR_HAVE_MUL__) && defined(__AVR_HAVE_LPMX__)");
    {
      const auto body = out.indent();
      print_avr_rows(out, kernel, widest * largest_byte_product <= largest_24_bits);
    }
    out.unindented("#else");
  }
  {
    const auto body = out.indent();
    (kernel.has_words() ? print_rows : print_each_row)(out, names, kernel);
  }
  if (kernel.is_8_bit()) out.unindented("#endif");
  out.line("}}");
  out.line("");
}

std::string kernel_prologue(const Names& names, const Kernel& kernel) {
  const bool is_c = names.function.find("static") != std::string::npos;
  std::string shared = fill(templates::dense_shared_c,
                            std::array<TemplateValue, 3>{{{"macro", names.macro},
                                                          {"function", names.function},
                                                          {"noinline", is_c ? "static __attribute__((noinline, unused))"
                                                                            : "__attribute__((noinline)) inline"}}});
  if (!kernel.has_words()) return shared;
  return shared + fill(templates::dense_dsp_c, std::array<TemplateValue, 1>{{{"macro", names.macro}}});
}

}  // namespace emlc::c
