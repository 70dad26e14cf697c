#include <fmt/format.h>

#include <array>
#include <sstream>
#include <string>

#include "codegen/c/common/template.hpp"
#include "codegen/c/signal/spectrum/fixed.hpp"
#include "codegen/c/signal/spectrum/tables.hpp"
#include "codegen/signal/spectrum/fixed.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

/// What is gathered: samples of a type, times a taper.
struct Gathered {
  std::size_t n = 0;
  std::string type, taper, table;  ///< the table is empty for the rectangular one and for samples that had theirs

  [[nodiscard]] bool is_plain() const { return taper == "plain"; }
  [[nodiscard]] bool has_pairs() const { return type == "int16_t"; }
};

/// The place of the taper at the sample `2 * i + place`: the table goes up to the middle.
std::string taper_place(const Gathered& gathered, std::size_t place) {
  return place < gathered.n / 2 ? fmt::format("2 * i + {}", place) : fmt::format("{} - 2 * i", gathered.n - place);
}

std::string sample_text(const Names& names, const Gathered& gathered, std::size_t place) {
  const std::string sample = fmt::format("s[2 * i + {}]", place);
  if (gathered.is_plain()) return sample;
  if (gathered.table.empty()) return fmt::format("(int32_t)((uint32_t){} << spare) >> 2", sample);
  return fmt::format("(int32_t)((uint32_t)((int32_t){} * {}READ_I16(&{}[{}]) + half) << spare) >> 16", sample,
                     names.macro, gathered.table, taper_place(gathered, place));
}

/// A pair of samples as one word.
std::string pair_text(const Names& names, const Gathered& gathered, std::size_t place) {
  if (gathered.is_plain()) return fmt::format("{}two_(s + 2 * i + {})", names.symbol, place);
  if (gathered.table.empty()) {
    return fmt::format("(int32_t){}pair_({}, {})", names.symbol, sample_text(names, gathered, place),
                       sample_text(names, gathered, place + 1));
  }
  const bool rises = place < gathered.n / 2;
  return fmt::format("{}{}_({}two_(s + 2 * i + {}), {}two_({} + ({})), half, spare)", names.symbol,
                     rises ? "rising" : "falling", names.symbol, place, names.symbol, gathered.table,
                     taper_place(gathered, place + (rises ? 0 : 1)));
}

void print_pairs(Printer& out, const Names& names, const signal::FixedShape& shape, const Gathered& gathered) {
  for (std::size_t j = 0; j < shape.radix; ++j) {
    out.line("const int32_t x{} = {};", j, pair_text(names, gathered, 2 * shape.n_groups * j));
  }
  if (shape.radix == 2) {
    out.line("p[0] = (uint32_t)__sadd16(x0, x1);");
    out.line("p[1] = (uint32_t)__ssub16(x0, x1);");
    return;
  }
  out.line("const int32_t a = __sadd16(x0, x2), b = __ssub16(x0, x2), c = __sadd16(x1, x3), d = __ssub16(x1, x3);");
  constexpr std::array made = {"__shadd16(a, c)", "__shsax(b, d)", "__shsub16(a, c)", "__shasx(b, d)"};
  for (std::size_t j = 0; j < made.size(); ++j) out.line("p[{}] = (uint32_t){};", j, made[j]);
}

void print_numbers(Printer& out, const Names& names, const signal::FixedShape& shape, const Gathered& gathered) {
  out.line("int32_t re[{0}], im[{0}];", shape.radix);
  for (std::size_t j = 0; j < shape.radix; ++j) {
    out.line("re[{}] = {};", j, sample_text(names, gathered, 2 * shape.n_groups * j));
    out.line("im[{}] = {};", j, sample_text(names, gathered, 2 * shape.n_groups * j + 1));
  }
  if (shape.radix == 2) {
    out.line("p[0] = {}pair_(re[0] + re[1], im[0] + im[1]);", names.symbol);
    out.line("p[1] = {}pair_(re[0] - re[1], im[0] - im[1]);", names.symbol);
  } else {
    out.line("{}four_pairs_(p, 1, re, im);", names.symbol);
  }
}

void print_group(Printer& out, Making& making, const signal::FixedShape& shape, const Gathered& gathered) {
  const Names& names = making.names;
  const bool is_byte = shape.n_groups <= 256;
  out.line("uint32_t *const p = x + {} * {}READ_U{}(&{}[i]);", shape.radix, names.macro, is_byte ? 8 : 16,
           fixed_groups_table(making, shape));
  if (!gathered.has_pairs()) return print_numbers(out, names, shape, gathered);
  out.line("#ifdef {}PAIRS", names.macro);
  print_pairs(out, names, shape, gathered);
  out.line("#else");
  print_numbers(out, names, shape, gathered);
  out.line("#endif");
}

std::string gather_text(Making& making, std::istringstream& words) {
  Gathered gathered;
  words >> gathered.n >> gathered.type >> gathered.taper >> gathered.table;
  const signal::FixedShape shape = signal::fixed_shape(gathered.n);
  const Names& names = making.names;
  Printer out;
  out.line("/* The first stage of a transform, from the samples of a window. */");
  out.line("{}ALONE void {}gather_q15_{}_{}_{}_(const {} *s, int spare, uint32_t *x) {{", names.macro, names.symbol,
           gathered.n, gathered.taper, gathered.type, gathered.type);
  {
    const auto body = out.indent();
    if (!gathered.table.empty()) out.line("const int32_t half = 0x8000 >> spare;");
    out.line("int i;");
    if (gathered.is_plain()) out.line("(void)spare;");
    out.line("for (i = 0; i < {}; ++i) {{", shape.n_groups);
    {
      const auto inside = out.indent();
      print_group(out, making, shape, gathered);
    }
    out.line("}}");
  }
  out.line("}}");
  return out.text() + "\n";
}

std::vector<TemplateValue> values_of(const Names& names) { return {{"macro", names.macro}, {"symbol", names.symbol}}; }

std::string transform_text(Making& making, std::istringstream& words, std::size_t longest) {
  std::size_t n = 0;
  words >> n;
  std::vector<TemplateValue> values = values_of(making.names);
  values.insert(values.end(), {{"n", fmt::to_string(n)},
                               {"half", fmt::to_string(n / 2)},
                               {"quarter", fmt::to_string(n / 4)},
                               {"radix", fmt::to_string(signal::fixed_shape(n).radix)},
                               {"sines", fixed_sines_table(making, longest)},
                               {"table_quarter", fmt::to_string(longest / 4)},
                               {"table_step", fmt::to_string(longest / n)}});
  return fill(templates::spectrum_q15_transform_c, values) + "\n";
}

std::string spare_text(Making& making, std::istringstream& words) {
  std::string type;
  words >> type;
  const std::string one =
      "  for (i = 0; i < n; ++i) {\n    const uint32_t one = (uint32_t)(int32_t)s[i];\n    bits |= one ^ (one << 1);\n "
      " }";
  std::string loop = one;
  if (type == "int16_t") {
    loop = fmt::format(
        "#ifdef {0}PAIRS\n  for (i = 0; i < n; i += 8) {{\n    const uint32_t a = (uint32_t){1}two_(s + i), b = "
        "(uint32_t){1}two_(s + i + 2);\n    const uint32_t c = (uint32_t){1}two_(s + i + 4), d = (uint32_t){1}two_(s + "
        "i + "
        "6);\n    bits |= (a ^ (a << 1)) | (b ^ (b << 1)) | (c ^ (c << 1)) | (d ^ (d << 1));\n  }}\n  bits |= bits >> "
        "16;\n#else"
        "\n{2}\n#endif",
        making.names.macro, making.names.symbol, one);
  }
  std::vector<TemplateValue> values = values_of(making.names);
  values.insert(values.end(), {{"type", type}, {"loop", loop}});
  return fill(templates::spectrum_q15_spare_c, values) + "\n";
}

}  // namespace

std::string fixed_function(Making& making, std::string_view asked, std::size_t longest) {
  std::istringstream words{std::string(asked)};
  std::string what;
  words >> what;
  if (what == "gather") return gather_text(making, words);
  if (what == "transform") return transform_text(making, words, longest);
  return spare_text(making, words);
}

}  // namespace emlc::c
