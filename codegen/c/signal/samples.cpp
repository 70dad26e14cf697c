#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/signal/look.hpp"
#include "codegen/c/signal/operations.hpp"

namespace emlc::c {
namespace {

using signal::Operation;
using signal::Signal;

/// What a sample is made of, operands first.
struct Chain {
  std::vector<std::int32_t> signals{};
  std::map<std::int32_t, std::size_t> places{};  ///< of each among them
  std::int32_t back = 0;                         ///< samples before the window that the first one needs
  bool is_step = false;                          ///< one difference of a kept signal: no walk begins before the window

  [[nodiscard]] std::string variable(std::int32_t index) const { return fmt::format("s{}", places.at(index)); }
};

Chain chain_of(const Making& making, std::int32_t index) {
  std::set<std::int32_t, std::greater<>> asked = {index};
  for (auto next = asked.begin(); next != asked.end(); ++next) {
    if (!at(making.uses, *next).is_late) continue;
    const Signal& signal = at(making.plan.signals, *next);
    asked.insert(signal.from.begin(), signal.from.end());  // operands have smaller indices
  }
  Chain chain;
  std::map<std::int32_t, std::int32_t> back;
  for (auto next = asked.rbegin(); next != asked.rend(); ++next) {
    chain.places.emplace(*next, chain.signals.size());
    chain.signals.push_back(*next);
    std::int32_t& own = back[*next];
    if (!at(making.uses, *next).is_late) continue;
    const Signal& signal = at(making.plan.signals, *next);
    for (const std::int32_t from : signal.from) own = std::max(own, back[from]);
    own += signal.operation == Operation::difference ? 1 : 0;
  }
  chain.back = back[index];
  chain.is_step = chain.signals.size() == 2 && at(making.plan.signals, index).operation == Operation::difference;
  return chain;
}

/// Whether anything is made of a sample, or a difference only hands on what it is taken of.
enum class Sample { is_used, is_passed };

void print_link(Look& look, const Chain& chain, std::int32_t index, Sample sample) {
  const Signal& signal = at(look.making.plan.signals, index);
  const std::string variable = chain.variable(index), type = sample_type(signal);
  if (!at(look.making.uses, index).is_late) {
    return look.out.line("const {} {} = {}[i];", type, variable, look.base(index));
  }
  std::vector<std::string> operands;
  for (const std::int32_t from : signal.from) operands.push_back(chain.variable(from));
  const std::string before = "before_" + variable;
  if (signal.operation == Operation::difference) operands.push_back(before);
  if (sample == Sample::is_used) {
    look.out.line("const {} {} = {};", type, variable,
                  operation_text(look.making.plan, look.names(), signal, operands));
  }
  if (signal.operation == Operation::difference) look.out.line("{} = {};", before, operands.front());
}

/// The place of a sample in the array of its window, and what is there.
std::string stored_in_array(const OrderWords& words, const std::string& x, const std::string& sample) {
  if (!words.is_used) return fmt::format("{}[i] = {};", x, sample);
  const std::string base = integer_literal(static_cast<std::int64_t>(words.base));
  const std::string place = words.has_parts ? fmt::format("{} < {} ? n_below++ : --n_above", sample, base) : "i";
  return fmt::format("{}[{}] = (uint32_t){};", x, place,
                     words.base == 0 ? sample : fmt::format("({} - {})", sample, base));
}

void print_array(Look& look, std::int32_t index, const std::string& x,
                 const std::function<void(const std::string& sample)>& body, const Ends& ends = {}) {
  if (look.words.has_parts) look.out.line("{} n_below = 0, n_above = {};", index_type(look), look.n());
  const auto stored = [&](const std::string& sample) {
    look.out.line("{}", stored_in_array(look.words, x, sample));
    if (body) body(sample);
  };
  print_samples(look, index, stored, ends);
}

const Signal& operand_of(const Look& look, std::int32_t index) {
  return at(look.making.plan.signals, at(look.making.plan.signals, index).from.front());
}

std::string operand_type(const Look& look, std::int32_t index) { return sample_type(operand_of(look, index)); }

/// Nothing is taken of samples before the window, but the last of them where a difference has to know it.
/// @param index  of that difference, or -1
void print_before_window(Look& look, const Chain& chain, std::int32_t index) {
  if (index < 0) return look.out.line("if (i < 0) continue;");
  const std::int32_t from = at(look.making.plan.signals, index).from.front();
  look.out.line("if (i < 0) {{");
  look.out.line("  first = {};", chain.variable(from));
  look.out.line("  continue;");
  look.out.line("}}");
}

void print_ends(Look& look, const Chain& chain, std::int32_t index, const Ends& ends) {
  const Signal& operand = operand_of(look, index);
  if (!chain.is_step) return ends(sample_of(operand, "first"), sample_of(operand, "before_" + chain.variable(index)));
  const std::string base = look.base(at(look.making.plan.signals, index).from.front());
  const auto sample = [&](const std::string& place) {
    return sample_of(operand, fmt::format("({}){}[{}]", sample_type(operand), base, place));
  };
  ends(sample("-1"), sample(fmt::format("{}", look.n() - 1)));
}

/// What is printed in a loop of a function, apart.
std::string printed_in_loop(Look& look, const std::function<void()>& print) {
  Printer kept = std::exchange(look.out, Printer{});
  {
    const auto function = look.out.indent(), loop = look.out.indent();
    print();
  }
  return std::exchange(look.out, std::move(kept)).text();
}

/// What is done with the samples of a signal.
struct Walk {
  std::function<void(const std::string& sample)> body;
  Sample sample = Sample::is_used;
  std::int32_t first_of = -1;  ///< the difference that wants to know the sample before the window
};

/// The loop over a window, with what differences in it keep.
void print_loop(Look& look, std::int32_t index, const Chain& chain, const Walk& walk) {
  for (const std::int32_t link : chain.signals) {
    const Signal& signal = at(look.making.plan.signals, link);
    if (!at(look.making.uses, link).is_late || signal.operation != Operation::difference) continue;
    const std::string first = chain.is_step ? look.base(signal.from.front()) + "[-1]" : "0";
    look.out.line("{} before_{} = {};", operand_type(look, link), chain.variable(link), first);
  }
  if (walk.first_of >= 0) look.out.line("{} first = 0;", operand_type(look, walk.first_of));
  const std::size_t n = signal::window_samples(look.making.plan, at(look.making.plan.signals, index));
  look.out.line("for (i = {}; i < {}; ++i) {{", chain.is_step ? 0 : -chain.back, n);
  {
    const auto inside = look.out.indent();
    for (const std::int32_t link : chain.signals) {
      print_link(look, chain, link, link == index ? walk.sample : Sample::is_used);
    }
    if (chain.back > 0 && !chain.is_step) print_before_window(look, chain, walk.first_of);
    walk.body(chain.variable(index));
  }
  look.out.line("}}");
}

/// What is taken of a difference besides its ends.
void print_between_ends(Look& look, std::int32_t index, const Chain& chain,
                        const std::function<void(const std::string& sample)>& body) {
  const std::string lines = printed_in_loop(look, [&] {
    const auto block = look.out.indent();
    body(chain.variable(index));
  });
  if (lines.empty() && chain.is_step) return;  // the ends are in an array
  const auto print = [&](const std::string& /*sample*/) { look.out.text(lines); };
  print_loop(look, index, chain,
             {.body = print,
              .sample = lines.empty() ? Sample::is_passed : Sample::is_used,
              .first_of = chain.is_step ? -1 : index});
}

/// Every sample less the mean of the window; only the quotient of exact integers rounds.
void print_without_mean(Look& look, std::int32_t from, const std::string& x) {
  const Signal& operand = at(look.making.plan.signals, from);
  const std::size_t n = look.n();
  if (!operand.is_integer) {
    look.out.line("float total = 0.0f;");
    print_array(look, from, x, [&](const std::string& sample) { look.out.line("total += {};", sample); });
    look.out.line("total = total / {};", count_literal(n));
    look.out.line("for (i = 0; i < {}; ++i) {}[i] -= total;", n, x);
    return;
  }
  const Exact one = sample_of(operand, "s");
  const Exact total = {"total", one.bound * static_cast<double>(n)};
  const std::string type = type_of(look.names(), total.bound);
  look.out.line("{} total = {};", type, width_of(total.bound) == 128 ? "{0, 0}" : "0");
  print_samples(look, from, [&](const std::string& sample) {
    look.out.line("{}", add_text(look.names(), total, sample_of(operand, sample)));
  });
  print_samples(look, from, [&](const std::string& sample) {
    const Exact scaled = times(look.names(), sample_of(operand, sample), constant(static_cast<std::int64_t>(n)));
    look.out.line("{}[i] = {} / {};", x, float_of(look.names(), minus(look.names(), scaled, total)), count_literal(n));
  });
}

void print_cumulative(Look& look, const Signal& signal, const std::string& x) {
  look.out.line("{} total = 0;", sample_type(signal));
  print_samples(look, signal.from.front(), [&](const std::string& sample) {
    look.out.line("total += {};", sample);
    look.out.line("{}[i] = total;", x);
  });
}

}  // namespace

std::string Look::base(std::int32_t index) {
  const auto found = std::find(bases.begin(), bases.end(), index);
  const auto place = found - bases.begin();
  if (found == bases.end()) bases.push_back(index);
  return fmt::format("a{}", place);
}

std::string count_literal(std::size_t n, int power) {
  signal::Wide product = 1;
  for (int i = 0; i < power; ++i) product *= static_cast<signal::Wide>(n);
  return float_literal(signal::to_float(product));
}

bool has_ends(const Making& making, std::int32_t index) {
  const Signal& signal = at(making.plan.signals, index);
  return at(making.uses, index).is_late && signal.operation == Operation::difference && signal.is_integer;
}

void print_samples(Look& look, std::int32_t index, const std::function<void(const std::string& sample)>& body,
                   const Ends& ends) {
  const Chain chain = chain_of(look.making, index);
  look.out.line("{{");
  {
    const auto block = look.out.indent();
    if (ends) {
      print_between_ends(look, index, chain, body);
      print_ends(look, chain, index, ends);
    } else {
      print_loop(look, index, chain, {.body = body});
    }
  }
  look.out.line("}}");
}

void print_window(Look& look, std::int32_t index, const std::string& x,
                  const std::function<void(const std::string& sample)>& body, const Ends& ends) {
  const Signal& signal = at(look.making.plan.signals, index);
  if (!signal.is_of_window) return print_array(look, index, x, body, ends);
  look.out.line("{{");
  {
    const auto block = look.out.indent();
    if (signal.operation == Operation::remove_mean) {
      print_without_mean(look, signal.from.front(), x);
    } else {
      print_cumulative(look, signal, x);
    }
  }
  look.out.line("}}");
  if (!body) return;
  const std::string lines = printed_in_loop(look, [&] { body("s"); });
  if (lines.empty()) return;  // nothing but the array is asked for
  look.out.line("for (i = 0; i < {}; ++i) {{", signal::window_samples(look.making.plan, signal));
  look.out.line("  const {} s = {}[i];", sample_type(signal), x);
  look.out.text(lines);
  look.out.line("}}");
}

}  // namespace emlc::c
