#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

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

void print_link(Look& look, const Chain& chain, std::int32_t index) {
  const Signal& signal = at(look.making.plan.signals, index);
  const std::string variable = chain.variable(index), type = sample_type(signal);
  if (!at(look.making.uses, index).is_late) {
    return look.out.line("const {} {} = {}[i];", type, variable, look.base(index));
  }
  std::vector<std::string> operands;
  for (const std::int32_t from : signal.from) operands.push_back(chain.variable(from));
  const std::string before = "before_" + variable;
  if (signal.operation == Operation::difference) operands.push_back(before);
  look.out.line("const {} {} = {};", type, variable, operation_text(look.making.plan, look.names(), signal, operands));
  if (signal.operation == Operation::difference) look.out.line("{} = {};", before, operands.front());
}

void print_array(Look& look, std::int32_t index, const std::string& x,
                 const std::function<void(const std::string& sample)>& body) {
  print_samples(look, index, [&](const std::string& sample) {
    const OrderWords& words = look.words;
    if (words.is_used) {
      const std::string above =
          fmt::format("({} - {})", sample, integer_literal(static_cast<std::int64_t>(words.lowest)));
      look.out.line("{}[i] = (uint32_t){};", x, above);
    } else {
      look.out.line("{}[i] = {};", x, sample);
    }
    if (body) body(sample);
  });
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

void print_samples(Look& look, std::int32_t index, const std::function<void(const std::string& sample)>& body) {
  const Chain chain = chain_of(look.making, index);
  const std::size_t n = signal::window_samples(look.making.plan, at(look.making.plan.signals, index));
  look.out.line("{{");
  {
    const auto block = look.out.indent();
    for (const std::int32_t link : chain.signals) {
      const Signal& signal = at(look.making.plan.signals, link);
      if (!at(look.making.uses, link).is_late || signal.operation != Operation::difference) continue;
      const std::string first = chain.is_step ? look.base(signal.from.front()) + "[-1]" : "0";
      look.out.line("{} before_{} = {};", sample_type(at(look.making.plan.signals, signal.from.front())),
                    chain.variable(link), first);
    }
    look.out.line("for (i = {}; i < {}; ++i) {{", chain.is_step ? 0 : -chain.back, n);
    {
      const auto inside = look.out.indent();
      for (const std::int32_t link : chain.signals) print_link(look, chain, link);
      if (chain.back > 0 && !chain.is_step) look.out.line("if (i < 0) continue;");
      body(chain.variable(index));
    }
    look.out.line("}}");
  }
  look.out.line("}}");
}

void print_window(Look& look, std::int32_t index, const std::string& x,
                  const std::function<void(const std::string& sample)>& body) {
  const Signal& signal = at(look.making.plan.signals, index);
  if (!signal.is_of_window) return print_array(look, index, x, body);
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
  look.out.line("for (i = 0; i < {}; ++i) {{", signal::window_samples(look.making.plan, signal));
  {
    const auto inside = look.out.indent();
    look.out.line("const {} s = {}[i];", sample_type(signal), x);
    body("s");
  }
  look.out.line("}}");
}

}  // namespace emlc::c
