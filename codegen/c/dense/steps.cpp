#include "codegen/c/dense/steps.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/tables.hpp"
#include "codegen/c/common/template.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

using model::IntegerForm;

const IntegerForm& form_of(const IntegerCode& code) { return model::form_of(code.integers.width); }

std::string dsp(const IntegerCode& code) { return fmt::format("#if defined({}DSP)", code.names.macro); }

bool has_code_each(const IntegerCode& code) { return code.integers.exponent.size() > 1; }

/// The arguments that tell how feature i becomes a code, when each has its own way.
std::string code_arguments(const IntegerCode& code) {
  if (!has_code_each(code)) return "";
  return fmt::format(", {0}READ_I8(&{1}exponents_[i]), {0}READ_I32(&{1}offsets_[i])", code.names.macro,
                     code.names.symbol);
}

void print_code_tables(const IntegerCode& code) {
  if (!has_code_each(code)) return;
  std::vector<std::string> exponents, offsets;
  for (const std::int32_t exponent : code.integers.exponent) exponents.push_back(fmt::to_string(exponent));
  for (const std::int32_t offset : code.integers.offset) offsets.push_back(fmt::to_string(offset));
  print_table(code.out, code.names, "int8_t", code.names.symbol + "exponents_", exponents);
  print_table(code.out, code.names, "int32_t", code.names.symbol + "offsets_", offsets);
}

/// code_(value): the template of the feature's type, and the end that both have.
void print_code_function(const IntegerCode& code) {
  const IntegerForm& form = form_of(code);
  const bool is_integer = model::info(code.model.input.type).is_integer;
  const bool each = has_code_each(code);
  const std::int32_t exponent = code.integers.exponent[0], offset = code.integers.offset[0];
  std::vector<TemplateValue> values = {
      {"function", code.names.function},
      {"symbol", code.names.symbol},
      {"feature", code.names.feature},
      {"code", std::string(code.kernel.code())},
      {"parameters", each ? ", int exponent, int32_t offset" : ""},
      {"lowest", integer_literal(form.lowest_input)},
      {"highest", integer_literal(form.highest_input)},
      {"offset", each ? "offset" : integer_literal(offset)},
  };
  if (is_integer) {
    const std::string divide =
        each ? "if (exponent < 0) steps = ((steps >> (-exponent - 1)) + 1u) >> 1;"
             : (exponent < 0 ? fmt::format("steps = ((steps >> {}) + 1u) >> 1;", -exponent - 1) : "");
    values.emplace_back("divide", divide);
    code.out.unindented(fill(templates::dense_code_integer_c, values));
    return;
  }
  values.emplace_back("shift", each ? "149 - exponent" : fmt::to_string(149 - exponent));
  code.out.unindented(fill(templates::dense_code_float_c, values));
}

std::int32_t padded_inputs(const IntegerCode& code) { return padded(code.model.input.n_features, code.kernel.columns); }

void print_padding(const IntegerCode& code) {
  for (std::int32_t i = code.model.input.n_features; i < padded_inputs(code); ++i) code.out.line("codes[{}] = 0;", i);
}

void open_encoder(const IntegerCode& code, std::string_view name, std::string_view type) {
  code.out.line("{} {} {}{}(const {} *x, {} *codes) {{", code.names.function,
                code.kernel.is_8_bit() ? "uint32_t" : "void", code.names.symbol, name, type, code.kernel.code());
}

void print_encode(const IntegerCode& code) {
  Printer& out = code.out;
  open_encoder(code, "encode_", code.names.feature);
  {
    const auto body = out.indent();
    if (code.kernel.is_8_bit()) out.line("uint32_t sum = 0;");
    out.line("for (size_t i = 0; i < {}; ++i) {{", code.model.input.n_features);
    {
      const auto loop = out.indent();
      out.line("codes[i] = {}code_(x[i]{});", code.names.symbol, code_arguments(code));
      if (code.kernel.is_8_bit()) out.line("sum += codes[i];");
    }
    out.line("}}");
    print_padding(code);
    if (code.kernel.is_8_bit()) out.line("return sum;");
  }
  out.line("}}");
  out.line("");
}

/// From int8 to bytes; four at a time where words are free.
void print_encode_bytes(const IntegerCode& code) {
  Printer& out = code.out;
  out.line("uint32_t sum = 0;");
  out.line("size_t i = 0;");
  if (code.kernel.has_words()) {
    out.unindented(dsp(code));
    out.line("for (; i + 4 <= {}; i += 4) {{", code.model.input.n_features);
    {
      const auto loop = out.indent();
      out.line("uint32_t word;");
      out.line("memcpy(&word, x + i, 4);");
      out.line("word ^= 0x80808080u;");
      out.line("memcpy(codes + i, &word, 4);");
      out.line("sum = __usada8((uint8x4_t)word, 0, sum);");
    }
    out.line("}}");
    out.unindented("#endif");
  }
  out.line("for (; i < {}; ++i) {{", code.model.input.n_features);
  {
    const auto loop = out.indent();
    out.line("codes[i] = (uint8_t)(x[i] + 128);");
    out.line("sum += codes[i];");
  }
  out.line("}}");
  print_padding(code);
  out.line("return sum;");
}

void print_encode_q(const IntegerCode& code) {
  open_encoder(code, "encode_q_", code.names.quantized);
  {
    const auto body = code.out.indent();
    if (code.kernel.is_8_bit()) {
      print_encode_bytes(code);
    } else {
      code.out.line("memcpy(codes, x, {} * sizeof *x);", code.model.input.n_features);
      print_padding(code);
    }
  }
  code.out.line("}}");
  code.out.line("");
}

void print_quantize(const IntegerCode& code) {
  Printer& out = code.out;
  const std::string value = fmt::format("{}code_(x[i]{})", code.names.symbol, code_arguments(code));
  out.line("{} void {}quantize_(const {} *x, {} *q) {{", code.names.function, code.names.symbol, code.names.feature,
           code.names.quantized);
  out.line("  for (size_t i = 0; i < {}; ++i) q[i] = {};", code.model.input.n_features,
           code.kernel.is_8_bit() ? fmt::format("({})({} - 128)", code.names.quantized, value) : value);
  out.line("}}");
  out.line("");
}

/// `sums[i]` with its bias, and in 8 bits without what the weights have too much.
std::string finished_sum(const IntegerCode& code) {
  const std::string macro = code.names.macro;
  const std::string bias = code.bias.is_16_bit
                               ? fmt::format("(int32_t){}READ_I16(&bias[i]) * ((int32_t)1 << grid)", macro)
                               : fmt::format("{}READ_I32(&bias[i])", macro);
  return fmt::format("sums[i]{} + {}", code.kernel.is_8_bit() ? " - offset" : "", bias);
}

enum class Step { finish, relu, curve };

/// Names that no helper has: the one of ReLU on floats, behind the last layer, is relu_.
std::string_view name_of(Step step) {
  return step == Step::finish ? "finish_" : (step == Step::relu ? "relu_codes_" : "curve_codes_");
}

Step step_of(const IntegerCode& code, std::size_t index) {
  if (index + 1 == code.integers.layers.size()) return Step::finish;
  return code.integers.layers[index].curve.empty() ? Step::relu : Step::curve;
}

void print_relu(const IntegerCode& code) {
  Printer& out = code.out;
  const bool saturates = code.kernel.has_words() && code.kernel.is_8_bit();
  if (saturates) {
    out.unindented(dsp(code));
    out.line("z = (int32_t)__usat(z >> shift, 8);");
    out.unindented("#else");
  }
  out.line("if (z < 0) z = 0;");
  out.line("z >>= shift;");
  out.line("if (z > {0}) z = {0};", form_of(code).highest);
  if (saturates) out.unindented("#endif");
}

void print_curve(const IntegerCode& code) {
  const IntegerForm& form = form_of(code);
  const int turn = 1 << form.fraction_bits, cut = form.fraction_bits + form.value_bits;
  Printer& out = code.out;
  out.line("uint32_t point = z < 0 ? 0u : (uint32_t)z >> shift;");
  out.line("if (point > {0}u) point = {0}u;", (1 << (form.index_bits + form.fraction_bits)) - 1);
  out.line("const uint16_t *knot = curve + (point >> {});", form.fraction_bits);
  out.line("const uint32_t part = point & {}u;", turn - 1);
  out.line("z = (int32_t)(({0}READ_U16(&knot[0]) * ({1}u - part) + {0}READ_U16(&knot[1]) * part + {2}u) >> {3});",
           code.names.macro, turn, 1 << (cut - 1), cut);
}

std::size_t count(const IntegerCode& code, Step step) {
  std::size_t n = 0;
  for (std::size_t index = 0; index < code.integers.layers.size(); ++index) n += step_of(code, index) == step ? 1U : 0U;
  return n;
}

void print_step(const IntegerCode& code, Step step) {
  Printer& out = code.out;
  const bool is_8_bit = code.kernel.is_8_bit(), gives_codes = step != Step::finish;
  const std::string type(code.kernel.code());
  out.line("{} {} {}{}({}int32_t *sums, const {} *bias{}{}{}{}, size_t n) {{",
           count(code, step) > 1 ? code.names.macro + "SHARED" : code.names.function,
           gives_codes && is_8_bit ? "uint32_t" : "void", code.names.symbol, name_of(step), gives_codes ? "const " : "",
           code.bias.is_16_bit ? "int16_t" : "int32_t", code.bias.is_16_bit ? ", int grid" : "",
           is_8_bit ? ", uint32_t x_sum" : "", step == Step::curve ? ", const uint16_t *curve" : "",
           gives_codes ? fmt::format(", int shift, {} *y", type) : "");
  {
    const auto body = out.indent();
    if (is_8_bit) out.line("const int32_t offset = (int32_t)(x_sum << 7);");
    if (gives_codes && is_8_bit) out.line("uint32_t y_sum = 0;");
    out.line("for (size_t i = 0; i < n; ++i) {{");
    {
      const auto loop = out.indent();
      if (gives_codes) {
        out.line("int32_t z = {};", finished_sum(code));
        if (step == Step::relu) print_relu(code);
        if (step == Step::curve) print_curve(code);
        out.line("y[i] = ({})z;", type);
        if (is_8_bit) out.line("y_sum += (uint32_t)z;");
      } else {
        out.line("sums[i] = {};", finished_sum(code));
      }
    }
    out.line("}}");
    if (gives_codes && is_8_bit) out.line("return y_sum;");
  }
  out.line("}}");
  out.line("");
}

}  // namespace

std::string IntegerCode::argument() const { return kernel.is_8_bit() ? ", sum" : ""; }

BiasTable plan_bias(const model::IntegerNetwork& integers) {
  BiasTable table{.is_16_bit = true};
  for (const model::IntegerLayer& layer : integers.layers) {
    int grid = 0;
    for (const std::int32_t value : layer.bias) {
      while (std::abs(std::int64_t{value}) > std::int64_t{32767} << grid) ++grid;
    }
    const auto is_on_grid = [&](std::int32_t value) { return value % (std::int32_t{1} << grid) == 0; };
    table.is_16_bit = table.is_16_bit && std::all_of(layer.bias.begin(), layer.bias.end(), is_on_grid);
    table.grid.push_back(grid);
  }
  return table;
}

void print_bias_table(Printer& out, const model::IntegerNetwork& integers, const BiasTable& bias, const Names& names) {
  std::vector<std::string> literals;
  for (std::size_t index = 0; index < integers.layers.size(); ++index) {
    const std::int32_t unit = bias.is_16_bit ? std::int32_t{1} << bias.grid[index] : 1;
    for (const std::int32_t value : integers.layers[index].bias) literals.push_back(integer_literal(value / unit));
  }
  print_table(out, names, bias.is_16_bit ? "int16_t" : "int32_t", names.symbol + "bias_", literals);
}

void print_encoders(const IntegerCode& code) {
  print_code_tables(code);
  print_code_function(code);
  print_encode(code);
  print_encode_q(code);
  print_quantize(code);
}

void print_activations(const IntegerCode& code) {
  for (const Step step : {Step::relu, Step::curve, Step::finish}) {
    if (count(code, step) != 0) print_step(code, step);
  }
}

std::string activation_call(const IntegerCode& code, std::size_t index, std::size_t first_bias) {
  const Step step = step_of(code, index);
  const std::string& symbol = code.names.symbol;
  const bool gives_codes = step != Step::finish;
  const std::string bias = fmt::format("{}bias_{}", symbol, first_bias == 0 ? "" : fmt::format(" + {}", first_bias));
  return fmt::format("{}{}{}(sums, {}{}{}{}{}, {});", gives_codes && code.kernel.is_8_bit() ? "sum = " : "", symbol,
                     name_of(step), bias, code.bias.is_16_bit ? fmt::format(", {}", code.bias.grid[index]) : "",
                     code.argument(), step == Step::curve ? fmt::format(", {}curve{}_", symbol, index) : "",
                     gives_codes ? fmt::format(", {}, x", code.integers.layers[index].shift) : "",
                     code.network.layers[index].n_out);
}

}  // namespace emlc::c
