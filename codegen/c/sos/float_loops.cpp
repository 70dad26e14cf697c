#include "codegen/c/sos/float_loops.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/sos/float_forms.hpp"

namespace emlc::c {
namespace {

using model::SosStructure;

/// One sample of one section: x[i] to y[i].
void print_step(Printer& out, int i, const SectionForm& form) {
  out.line("in = x[{}];", i);
  for (const std::string_view statement : form.sample) out.line("{}", statement);
  out.line("y[{}] = out;", i);
}

void print_put_together(Printer& out, const SectionForm& form) {
  for (const std::string_view statement : form.put_together) out.line("{}", statement);
}

enum class After { nothing, put_together };

void print_loop(Printer& out, int n_samples, const SectionForm& form, After after) {
  if (n_samples == 1) {
    out.line("for (; left != 0; --left, ++x, ++y) {{");
  } else {
    out.line("for (; left >= {0}; left -= {0}, x += {0}, y += {0}) {{", n_samples);
  }
  {
    const auto body = out.indent();
    for (int i = 0; i < n_samples; ++i) print_step(out, i, form);
    if (after == After::put_together) print_put_together(out, form);
  }
  out.line("}}");
}

/// Sums are put together after every n_samples of the signal, wherever its blocks end: the state has a count.
void print_loops_with_count(Printer& out, int n_samples, const SectionForm& form) {
  out.line("size_t count = (size_t)z[{}]; /* samples since the sums were put together */", form.state.size());
  out.line("for (; left != 0 && count != 0; --left, ++x, ++y) {{");
  {
    const auto body = out.indent();
    print_step(out, 0, form);
    out.line("count = (count + 1) % {};", n_samples);
    out.line("if (count == 0) {{");
    {
      const auto branch = out.indent();
      print_put_together(out, form);
    }
    out.line("}}");
  }
  out.line("}}");
  print_loop(out, n_samples, form, After::put_together);
  out.line("count += left;");
  print_loop(out, 1, form, After::nothing);
  out.line("z[{}] = (float)count;", form.state.size());
}

void print_loops(Printer& out, int n_samples, const SectionForm& form) {
  if (n_samples > 1 && !form.put_together.empty()) return print_loops_with_count(out, n_samples, form);
  // One formula in both loops: how a signal is cut into blocks makes no difference.
  print_loop(out, n_samples, form, After::put_together);
  if (n_samples > 1) print_loop(out, 1, form, After::put_together);
}

void print_section(Printer& out, const Names& names, const SectionForm& form, int n_samples) {
  out.line("{} void {}{}_(const float *sos, float *z, const float *x, float *y, size_t n) {{", names.function,
           names.symbol, form.function);
  {
    const auto body = out.indent();
    for (std::size_t i = 0; i < form.coefficients.size(); ++i) {
      out.line("const float {} = {}READ_F32(&sos[{}]);", form.coefficients[i], names.macro, i);
    }
    std::string state;
    for (std::size_t i = 0; i < form.state.size(); ++i) state += fmt::format("{} = z[{}], ", form.state[i], i);
    out.line("float {}in, out{};", state, form.more_variables);
    out.line("size_t left = n;");
    print_loops(out, n_samples, form);
    for (std::size_t i = 0; i < form.state.size(); ++i) out.line("z[{}] = {};", i, form.state[i]);
  }
  out.line("}}");
  out.line("");
}

/// Sections in a row that have one structure.
struct Run {
  SosStructure structure;
  std::size_t first, last;  ///< sections [first, last)
};

std::vector<Run> runs_of(const model::SosCascade& cascade) {
  std::vector<Run> runs;
  for (std::size_t section = 0; section < cascade.sections.size(); ++section) {
    const SosStructure structure = model::structure_of(cascade, section);
    if (runs.empty() || runs.back().structure != structure) runs.push_back({structure, section, section});
    ++runs.back().last;
  }
  return runs;
}

std::set<SosStructure> structures_of(const model::SosCascade& cascade) {
  std::set<SosStructure> used;
  for (const Run& run : runs_of(cascade)) used.insert(run.structure);
  return used;
}

void print_run(Printer& out, const Names& names, const Run& run, std::size_t words) {
  out.line("for (size_t section = {}; section < {}; ++section) {{", run.first, run.last);
  {
    const auto loop = out.indent();
    out.line("{0}{1}_(&{0}sos_[5 * section], &z[{2} * section], x, y, n);", names.symbol,
             form_of(run.structure, 1).function, words);
    out.line("x = y; /* the next section filters what this one gave */");
  }
  out.line("}}");
}

/// Sections that a turn of the loop computes at once, and how many times: with three of them the coefficients, states
/// and samples just fit the 32 registers of a small floating-point unit, and a sample is loaded and stored once for
/// all.
struct Group {
  std::size_t n_sections, first, last;  ///< sections [first, last) in groups of n_sections
};

std::vector<Group> groups_of(std::size_t n_sections) {
  constexpr std::size_t most = 3;
  const std::size_t n_groups = (n_sections + most - 1) / most, size = n_sections / n_groups;
  const std::size_t larger = (n_sections - n_groups * size) * (size + 1);  // sections in groups of size + 1
  std::vector<Group> groups;
  if (larger != 0) groups.push_back({size + 1, 0, larger});
  if (larger != n_sections) groups.push_back({size, larger, n_sections});
  return groups;
}

/// One sample through all sections of a group: x[i] to y[i].
void print_group_step(Printer& out, std::size_t n_sections, int i) {
  out.line("in = x[{}];", i);
  for (std::size_t s = 0; s < n_sections; ++s) {
    out.line("out = b0_{0} * in + z1_{0};", s);
    out.line("z1_{0} = (b1_{0} * in + z2_{0}) - a1_{0} * out;", s);
    out.line("z2_{0} = b2_{0} * in - a2_{0} * out;", s);
    out.line("in = out;");
  }
  out.line("y[{}] = out;", i);
}

void print_group_loop(Printer& out, std::size_t n_sections, int n_samples) {
  out.line("for (; n >= {0}; n -= {0}, x += {0}, y += {0}) {{", n_samples);
  {
    const auto body = out.indent();
    for (int i = 0; i < n_samples; ++i) print_group_step(out, n_sections, i);
  }
  out.line("}}");
}

void print_group(Printer& out, const Names& names, std::size_t n_sections, int n_samples) {
  out.line("{} void {}sections_{}_(const float *sos, float *z, const float *x, float *y, size_t n) {{", names.function,
           names.symbol, n_sections);
  {
    const auto body = out.indent();
    for (std::size_t s = 0; s < n_sections; ++s) {
      for (std::size_t i = 0; i < direct_names.size(); ++i) {
        out.line("const float {}_{} = {}READ_F32(&sos[{}]);", direct_names[i], s, names.macro, 5 * s + i);
      }
    }
    for (std::size_t s = 0; s < n_sections; ++s)
      out.line("float z1_{0} = z[{1}], z2_{0} = z[{2}];", s, 2 * s, 2 * s + 1);
    out.line("float in, out;");
    print_group_loop(out, n_sections, n_samples);
    print_group_loop(out, n_sections, 1);
    for (std::size_t s = 0; s < n_sections; ++s) {
      out.line("z[{}] = z1_{};", 2 * s, s);
      out.line("z[{}] = z2_{};", 2 * s + 1, s);
    }
  }
  out.line("}}");
  out.line("");
}

}  // namespace

void print_section_filter(Printer& out, const Names& names, const model::SosCascade& cascade, Optimize optimize) {
  for (const SosStructure structure : structures_of(cascade)) {
    const int n_samples = samples_per_turn(optimize, structure);
    print_section(out, names, form_of(structure, n_samples), n_samples);
  }
  out.line("{} void {}filter_(float *z, const float *x, float *y, size_t n) {{", names.function, names.symbol);
  {
    const auto body = out.indent();
    for (const Run& run : runs_of(cascade)) print_run(out, names, run, section_filter_words(cascade, optimize));
  }
  out.line("}}");
  out.line("");
}

void print_grouped_filter(Printer& out, const Names& names, std::size_t n_sections) {
  const std::vector<Group> groups = groups_of(n_sections);
  for (const Group& group : groups)
    print_group(out, names, group.n_sections, samples_per_turn(Optimize::speed, SosStructure::direct));
  out.line("{} void {}filter_(float *z, const float *x, float *y, size_t n) {{", names.function, names.symbol);
  {
    const auto body = out.indent();
    for (const Group& group : groups) {
      out.line("for (size_t section = {}; section < {}; section += {}) {{", group.first, group.last, group.n_sections);
      out.line("  {0}sections_{1}_(&{0}sos_[5 * section], &z[2 * section], x, y, n);", names.symbol, group.n_sections);
      out.line("  x = y; /* the next sections filter what these gave */");
      out.line("}}");
    }
  }
  out.line("}}");
  out.line("");
}

std::size_t section_filter_words(const model::SosCascade& cascade, Optimize optimize) {
  const std::size_t words = model::state_words(cascade);
  const bool has_count = optimize != Optimize::size && words > model::info(SosStructure::direct).state_words;
  return words + (has_count ? 1 : 0);
}

}  // namespace emlc::c
