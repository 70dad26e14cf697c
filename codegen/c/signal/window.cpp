#include "codegen/c/signal/window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "codegen/c/signal/keys/keys.hpp"
#include "codegen/c/signal/look.hpp"
#include "codegen/c/signal/parts.hpp"
#include "codegen/c/signal/spectrum/spectrum.hpp"

namespace emlc::c {
namespace {

/// Of what is taken of a spectrum; of the rest one that is none.
signal::SpectrumForm form_of(const signal::Feature& feature) {
  return feature.statistic == signal::Statistic::spectral ? feature.spectrum.form : signal::SpectrumForm{};
}

std::vector<Subject> subjects_of(const std::vector<signal::Feature>& features) {
  std::vector<Subject> subjects;
  std::map<std::tuple<std::int32_t, std::int32_t, signal::SpectrumForm>, std::size_t> places;
  for (std::size_t index = 0; index < features.size(); ++index) {
    const signal::Feature& feature = features[index];
    const auto [found, is_new] =
        places.emplace(std::tuple{feature.of, feature.other, form_of(feature)}, subjects.size());
    if (is_new) {
      subjects.push_back({.of = feature.of, .other = feature.other, .first = index, .form = form_of(feature)});
    }
    Subject& subject = subjects[found->second];
    subject.features.push_back(&feature);
    subject.places.push_back(index - subject.first);
  }
  return subjects;
}

/// Keys of one signal, or one pair, stand one behind the other.
std::vector<Subject> ranked_subjects(const signal::Joined& joined) {
  std::vector<Subject> subjects;
  for (const signal::Key& key : joined.keys) {
    const bool is_feature = key.part == signal::Part::feature;
    const signal::Feature* feature = is_feature ? &at(joined.key_features, key.of) : nullptr;
    const std::int32_t of = is_feature ? feature->of : key.of, other = is_feature ? feature->other : -1;
    const signal::SpectrumForm form = is_feature ? form_of(*feature) : signal::SpectrumForm{};
    const bool goes_on =
        !subjects.empty() && subjects.back().of == of && subjects.back().other == other && subjects.back().form == form;
    if (!goes_on) subjects.push_back({.of = of, .other = other, .form = form});
    Subject& subject = subjects.back();
    subject.keys.push_back(&key);
    const bool is_new = is_feature && (subject.features.empty() || subject.features.back() != feature);
    if (is_new) subject.features.push_back(feature);
  }
  return subjects;
}

/// Is nothing taken of a window but its last sample?
bool asks_last_alone(const Subject& subject) {
  const auto is_last = [](const signal::Feature* feature) { return feature->statistic == signal::Statistic::level; };
  const auto is_feature = [](const signal::Key* key) { return key->part == signal::Part::feature; };
  return std::all_of(subject.features.begin(), subject.features.end(), is_last) &&
         std::all_of(subject.keys.begin(), subject.keys.end(), is_feature);
}

/// A function and a call of it.
struct Written {
  std::string head, body, arguments;
};

std::string parameters_of(const Look& look) {
  std::string text;
  for (std::size_t i = 0; i < look.bases.size(); ++i) {
    const signal::Signal& base = at(look.making.plan.signals, look.bases[i]);
    text += fmt::format("const {} *a{}, ", stored_type(base), i);
  }
  if (!look.subject.keys.empty()) return text + fmt::format("{}key_walk *walk", look.names().symbol);
  return text + fmt::format("{} *y", look.names().feature);
}

std::string arguments_of(const Look& look) {
  std::string text;
  for (const std::int32_t index : look.bases) {
    const std::int32_t back = at(look.making.uses, index).back;
    text += fmt::format("state->{}{}, ", window_name(index), back > 0 ? fmt::format(" + {}", back) : "");
  }
  if (!look.subject.keys.empty()) return text + "&walk";
  return text + (look.subject.first == 0 ? "y" : fmt::format("y + {}", look.subject.first));
}

/// The declaration of what the loops of a look count with, where it has any.
std::string counter_text(const Look& look) {
  const std::string& body = look.out.text();
  const bool counts = body.find("(i = ") != std::string::npos || body.find(" i = ") != std::string::npos;
  return counts ? fmt::format("  {} i;\n", index_type(look)) : std::string();
}

Written written(Making& making, const Subject& subject) {
  Look look{making, subject, order_words(making, subject)};
  {
    const auto body = look.out.indent();
    if (needs_array(making, subject) && !subject.is_spectral()) {
      look.out.line("{} x[{}];", array_type(look), look.n());
    }
    if (subject.is_spectral()) {
      print_spectrum(look);
    } else if (subject.other >= 0) {
      print_pair(look);
    } else {
      const auto print_parts = look.signal().is_integer ? print_integer_parts : print_real_parts;
      if (!asks_last_alone(subject)) print_parts(look);
      print_values(look);
    }
  }
  return {parameters_of(look), counter_text(look) + look.out.text(), arguments_of(look)};
}

/// The functions of subjects, each text once.
struct Functions {
  Printer text{};
  std::map<std::string, std::size_t> numbers{};
};

/// Calls of the functions of all subjects, which are written where they are new.
std::string calls_text(Making& making, const std::vector<Subject>& subjects, Functions& functions) {
  const Names& names = making.names;
  Printer calls;
  for (const Subject& subject : subjects) {
    const Written one = written(making, subject);
    const auto [found, is_new] = functions.numbers.emplace(one.head + one.body, functions.numbers.size());
    if (is_new) {
      functions.text.line("{}ALONE void {}look_{}_({}) {{", names.macro, names.symbol, found->second, one.head);
      functions.text.text(one.body);
      functions.text.line("}}");
      functions.text.line("");
    }
    const std::string& name = at(making.plan.signals, subject.of).name;
    calls.line("  {}look_{}_({}); /* {} */", names.symbol, found->second, one.arguments, name);
  }
  return calls.text();
}

/// The ranks of all keys, with what they are found by.
std::string ranks_text(Making& making, Functions& functions) {
  Names names = making.names;
  names.feature = rank_c_type(making.joined.keys);
  const RankCode code = rank_code(names, making.joined.keys);
  making.table_bytes += code.table_bytes;
  const std::string calls = calls_text(making, ranked_subjects(making.joined), functions);
  Printer out;
  out.text(code.definitions);
  out.text(functions.text.text());
  functions.text = {};
  out.line("/* The ranks of a complete window, which trees compare. */");
  out.line("{0} void {1}ranks_(const {1}state *state, {2} *y) {{", names.function, names.symbol, names.feature);
  out.line("  {}", code.start);
  out.text(calls);
  out.line("}}");
  out.line("");
  return out.text();
}

/// Bytes of the arrays of a function.
std::size_t array_bytes(const Making& making, const Subject& subject) {
  if (subject.is_spectral()) return spectrum_stack(making, subject);
  if (!needs_array(making, subject)) return 0;
  const bool has_words = order_words(making, subject).is_used;
  std::size_t bytes = 0;
  for (const std::int32_t index : {subject.of, subject.other}) {
    if (index < 0) continue;
    const signal::Signal& signal = at(making.plan.signals, index);
    bytes += signal::window_samples(making.plan, signal) * (sample_type(signal) == "int64_t" && !has_words ? 8 : 4);
  }
  return bytes;
}

/// Does a function compute a sum of 128 bits?
bool has_two_words(const Making& making, const Subject& subject) {
  const signal::Signal& signal = at(making.plan.signals, subject.of);
  if (!signal.is_integer) return false;
  const IntegerParts parts = integer_parts(signal, signal::window_samples(making.plan, signal));
  const signal::Needs needs = needs_of(subject);
  const auto is_wide = [&](signal::Needs some, const Exact& part) {
    return (needs & some) != 0 && width_of(part.bound) == 128;
  };
  return is_wide(signal::need_energy | any_moment, parts.energy) || is_wide(signal::need_third, parts.cubes) ||
         is_wide(signal::need_fourth, parts.fourths);
}

/// What is on the stack beside arrays from the caller to the deepest function, about, on a Cortex-M0+.
constexpr std::size_t narrow_frames = 130, wide_frames = 380;

}  // namespace

std::string window_text(Making& making) {
  const Names& names = making.names;
  Functions functions;
  std::string text = making.joined.keys.empty() ? "" : ranks_text(making, functions);
  const std::string calls = calls_text(making, subjects_of(making.plan.features), functions);
  Printer out;
  out.text(functions.text.text());
  out.line("/* The features of a complete window. */");
  out.line("{} void {}window_features_(const {}state *state, {} *y) {{", names.function, names.symbol, names.symbol,
           names.feature);
  out.text(calls);
  out.line("}}");
  return text + out.text();
}

std::size_t window_stack(const Making& making) {
  const bool has_keys = !making.joined.keys.empty();
  const std::vector<Subject> subjects = has_keys ? ranked_subjects(making.joined) : subjects_of(making.plan.features);
  std::size_t most = 0;
  for (const Subject& subject : subjects) {
    const std::size_t frames = has_two_words(making, subject) ? wide_frames : narrow_frames;
    most = std::max(most, array_bytes(making, subject) + frames);
  }
  return most;
}

}  // namespace emlc::c
