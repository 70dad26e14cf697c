#include "codegen/c/signal/window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "codegen/c/signal/look.hpp"

namespace emlc::c {
namespace {

std::vector<Subject> subjects_of(const signal::Plan& plan) {
  std::vector<Subject> subjects;
  std::map<std::pair<std::int32_t, std::int32_t>, std::size_t> places;
  for (std::size_t index = 0; index < plan.features.size(); ++index) {
    const signal::Feature& feature = plan.features[index];
    const auto [found, is_new] = places.emplace(std::pair{feature.of, feature.other}, subjects.size());
    if (is_new) subjects.push_back({.of = feature.of, .other = feature.other, .first = index});
    Subject& subject = subjects[found->second];
    subject.features.push_back(&feature);
    subject.places.push_back(index - subject.first);
  }
  return subjects;
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
  return text + fmt::format("{} *y", look.names().feature);
}

std::string arguments_of(const Look& look) {
  std::string text;
  for (const std::int32_t index : look.bases) {
    const std::int32_t back = at(look.making.uses, index).back;
    text += fmt::format("state->{}{}, ", window_name(index), back > 0 ? fmt::format(" + {}", back) : "");
  }
  return text + (look.subject.first == 0 ? "y" : fmt::format("y + {}", look.subject.first));
}

Written written(Making& making, const Subject& subject) {
  Look look{making, subject, order_words(making, subject)};
  {
    const auto body = look.out.indent();
    look.out.line("{} i;", look.n() > most_in_int ? "int32_t" : "int");
    if (needs_array(making, subject)) look.out.line("{} x[{}];", array_type(look), look.n());
    if (subject.other >= 0) {
      print_pair(look);
    } else {
      const auto print_parts = look.signal().is_integer ? print_integer_parts : print_real_parts;
      print_parts(look);
      print_values(look);
    }
  }
  return {parameters_of(look), look.out.text(), arguments_of(look)};
}

}  // namespace

std::string window_text(Making& making) {
  const Names& names = making.names;
  Printer functions, calls;
  std::map<std::string, std::size_t> numbers;  // of functions, by their text
  for (const Subject& subject : subjects_of(making.plan)) {
    const Written one = written(making, subject);
    const auto [found, is_new] = numbers.emplace(one.head + one.body, numbers.size());
    if (is_new) {
      functions.line("{} void {}look_{}_({}) {{", names.function, names.symbol, found->second, one.head);
      functions.text(one.body);
      functions.line("}}");
      functions.line("");
    }
    const std::string& name = at(making.plan.signals, subject.of).name;
    calls.line("  {}look_{}_({}); /* {} */", names.symbol, found->second, one.arguments, name);
  }
  functions.line("/* The features of a complete window. */");
  functions.line("{} void {}features_(const {}state *state, {} *y) {{", names.function, names.symbol, names.symbol,
                 names.feature);
  functions.text(calls.text());
  functions.line("}}");
  return functions.text();
}

std::size_t window_stack(const Making& making) {
  std::size_t most = 0;
  for (const Subject& subject : subjects_of(making.plan)) {
    if (!needs_array(making, subject)) continue;
    std::size_t bytes = 0;
    const bool has_words = order_words(making, subject).is_used;
    for (const std::int32_t index : {subject.of, subject.other}) {
      if (index < 0) continue;
      const signal::Signal& signal = at(making.plan.signals, index);
      bytes += signal::window_samples(making.plan, signal) * (sample_type(signal) == "int64_t" && !has_words ? 8 : 4);
    }
    most = std::max(most, bytes);
  }
  return most;
}

}  // namespace emlc::c
