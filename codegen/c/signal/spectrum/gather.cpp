#include "codegen/c/signal/spectrum/gather.hpp"

#include <fmt/format.h>

#include <sstream>

#include "codegen/c/signal/spectrum/tables.hpp"
#include "codegen/signal/spectrum/fourier.hpp"

namespace emlc::c {
namespace {

/// What is gathered: samples of a type, times a taper.
struct Gathered {
  std::size_t n = 0;
  std::string type, table;  ///< of the taper; empty: rectangular
};

/// `s[i * 2 + 128]` times the taper there: the table goes up to the middle.
std::string sample_text(const Names& names, const Gathered& gathered, std::size_t place) {
  const std::string sample = fmt::format("(float)s[2 * i + {}]", place);
  if (gathered.table.empty()) return sample;
  const std::string at =
      place < gathered.n / 2 ? fmt::format("2 * i + {}", place) : fmt::format("{} - 2 * i", gathered.n - place);
  return fmt::format("{}PRODUCT({}, {}READ_F32(&{}[{}]))", names.macro, sample, names.macro, gathered.table, at);
}

/// The transform of the 4 complex numbers r0 + i i0, ... into p.
void print_four(Printer& out) {
  out.line("const float ar = r0 + r2, ai = i0 + i2, br = r0 - r2, bi = i0 - i2;");
  out.line("const float cr = r1 + r3, ci = i1 + i3, dr = r1 - r3, di = i1 - i3;");
  for (const std::string_view line : {"p[0] = ar + cr;", "p[1] = ai + ci;", "p[2] = br + di;", "p[3] = bi - dr;",
                                      "p[4] = ar - cr;", "p[5] = ai - ci;", "p[6] = br - di;", "p[7] = bi + dr;"}) {
    out.line("{}", line);
  }
}

void print_group(Printer& out, const Names& names, const signal::TransformShape& shape, const Gathered& gathered) {
  const bool is_at_once = shape.radix == 4;
  for (std::size_t j = 0; j < shape.radix; ++j) {
    for (std::size_t part = 0; part < 2; ++part) {
      const std::string sample = sample_text(names, gathered, 2 * shape.n_groups * j + part);
      if (is_at_once) {
        out.line("const float {}{} = {};", part == 0 ? "r" : "i", j, sample);
      } else {
        out.line("p[{}] = {};", 2 * j + part, sample);
      }
    }
  }
  if (is_at_once) print_four(out);
}

}  // namespace

bool can_gather(const Look& look, const signal::SpectrumPart& part) {
  const SignalUse& use = at(look.making.uses, look.subject.of);
  return !look.signal().is_of_window && !use.is_late && part.n_samples == part.form.n_fft;
}

std::string gather_call(Look& look, const signal::SpectrumPart& part) {
  const std::string type = stored_type(look.signal());
  const std::string table = taper_table(look.making, part.form.taper, look.n());
  look.making.helpers.insert(fmt::format("spectral gather {} {} {}", part.form.n_fft, type, table));
  return fmt::format("{}gather_{}_{}_{}_({}, x)", look.names().symbol, part.form.n_fft, signal::name(part.form.taper),
                     type, look.base(look.subject.of));
}

std::string gather_function(Making& making, std::string_view asked) {
  const Names& names = making.names;
  Gathered gathered;
  std::istringstream words{std::string(asked)};
  words >> gathered.n >> gathered.type >> gathered.table;
  const signal::TransformShape shape = signal::transform_shape(gathered.n);
  std::string taper = "rectangular";
  if (!gathered.table.empty())
    taper =
        gathered.table.substr(names.symbol.size(), gathered.table.find('_', names.symbol.size()) - names.symbol.size());
  Printer out;
  out.line("/* The first stage of a transform, from the samples of a window. */");
  out.line("{}EXACT void {}gather_{}_{}_{}_(const {} *s, float *x) {{", names.macro, names.symbol, gathered.n, taper,
           gathered.type, gathered.type);
  {
    const auto body = out.indent();
    out.line("{}UNJOINED", names.macro);
    out.line("int i;");
    out.line("for (i = 0; i < {}; ++i) {{", shape.n_groups);
    {
      const auto inside = out.indent();
      out.line("float *const p = x + {} * {}READ_U8(&{}[i]);", 2 * shape.radix, names.macro,
               groups_table(making, shape));
      print_group(out, names, shape, gathered);
    }
    out.line("}}");
    if (shape.radix != 4) out.line("{}eight_(x, {});", names.symbol, gathered.n);
  }
  out.line("}}");
  return out.text() + "\n";
}

}  // namespace emlc::c
