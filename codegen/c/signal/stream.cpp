#include "codegen/c/signal/stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/signal/operations.hpp"

namespace emlc::c {
namespace {

using signal::Operation;
using signal::Plan;
using signal::Signal;

/// A signal on its way through a frame.
struct Step {
  Printer& out;
  Making& making;
  std::int32_t index;
  const Signal& signal;

  [[nodiscard]] const Signal& operand(std::size_t i = 0) const { return at(making.plan.signals, signal.from[i]); }
  [[nodiscard]] std::string value() const { return fmt::format("v{}", index); }
  [[nodiscard]] std::string from(std::size_t i = 0) const { return fmt::format("v{}", signal.from[i]); }
  /// A member that remembers samples of the operand; n 0: one of them.
  [[nodiscard]] std::string memory(std::size_t n) const {
    return making.member(stored_type(operand()), fmt::format("p{}", index), stored_bytes(operand()), n,
                         fmt::format("of {}", signal.name));
  }
  [[nodiscard]] std::string stored() const { return fmt::format("({}){}", stored_type(operand()), from()); }
  void set(const std::string& text) const { out.line("{} = {};", value(), text); }
};

void print_difference(const Step& step) {
  const std::string before = step.memory(0), type = sample_type(step.operand());
  step.out.line("if (is_first) {} = {};", before, step.stored());
  step.set(operation_text(step.making.plan, step.making.names, step.signal,
                          {step.from(), fmt::format("({}){}", type, before)}));
  step.out.line("{} = {};", before, step.stored());
}

/// The last samples, oldest first; all of them the first one before it.
void print_shift(const Step& step, const std::string& memory, std::size_t n) {
  for (std::size_t i = 0; i + 1 < n; ++i) step.out.line("{0}[{1}] = {0}[{2}];", memory, i, i + 1);
  step.out.line("{}[{}] = {};", memory, n - 1, step.stored());
}

void print_first(const Step& step, const std::string& memory, std::size_t n) {
  step.out.line("if (is_first) for (i = 0; i < {}; ++i) {}[i] = {};", n, memory, step.stored());
}

void print_median(const Step& step, std::size_t n) {
  const std::string type = sample_type(step.signal);
  const std::string memory = n == 3
                                 ? step.memory(n - 1)
                                 : step.making.member(type, fmt::format("p{}", step.index), type == "int64_t" ? 8 : 4,
                                                      n - 1, fmt::format("of {}", step.signal.name));
  print_first(step, memory, n - 1);
  step.making.helpers.insert(fmt::format("median_of_{} {}", n, type));
  const std::string function = fmt::format("{}median_of_{}_{}_", step.making.names.symbol, n, type);
  if (n == 3) {
    step.set(fmt::format("{}({}[0], {}[1], {})", function, memory, memory, step.from()));
  } else {
    step.set(fmt::format("{}({}, {})", function, memory, step.from()));
  }
  print_shift(step, memory, n - 1);
}

/// Of integers a running sum, of reals from the oldest to the newest.
void print_moving_sum(const Step& step, const std::string& place, std::size_t n) {
  const std::string memory = step.memory(n), sum = fmt::format("sum{}", step.index);
  print_first(step, memory, n);
  if (!step.operand().is_integer) {
    step.out.line("{}[{}] = {};", memory, place, step.from());
    step.out.line("if (++{0} == {1}) {0} = 0;", place, n);
    step.out.line("float {} = 0.0f;", sum);
    step.out.line("for (i = {}; i < {}; ++i) {} += {}[i];", place, n, sum, memory);
    step.out.line("for (i = 0; i < {}; ++i) {} += {}[i];", place, sum, memory);
    return;
  }
  const Names& names = step.making.names;
  const double bound = static_cast<double>(n) * static_cast<double>(magnitude(step.operand().range));
  const std::string type = width_of(bound) == 32 ? "int32_t" : "int64_t";
  const std::string total = step.making.member(type, fmt::format("t{}", step.index), type == "int32_t" ? 4 : 8, 0,
                                               fmt::format("sum of {}", step.signal.name));
  step.out.line("if (is_first) {} = ({}){} * {};", total, type, step.from(), n);
  const Exact oldest = sample_of(step.operand(), fmt::format("({}){}[{}]", sample_type(step.operand()), memory, place));
  step.out.line("{} += ({}){};", total, type, minus(names, sample_of(step.operand(), step.from()), oldest).text);
  step.out.line("{}[{}] = {};", memory, place, step.stored());
  step.out.line("if (++{0} == {1}) {0} = 0;", place, n);
  step.out.line("const {} {} = {};", type, sum, total);
}

void print_moving(const Step& step) {
  const auto n = static_cast<std::size_t>(step.signal.length);
  const std::string place = step.making.member("uint32_t", fmt::format("at{}", step.index), 4);
  step.out.line("{{");
  {
    const auto body = step.out.indent();
    print_moving_sum(step, place, n);
    const bool is_average = step.signal.operation == Operation::moving_average;
    const std::string sum = fmt::format("sum{}", step.index);
    step.set(is_average ? fmt::format("(float){} / {}", sum, float_literal(static_cast<float>(n)))
                        : fmt::format("({}){}", sample_type(step.signal), sum));
  }
  step.out.line("}}");
}

void print_step(const Step& step) {
  switch (step.signal.operation) {
    case Operation::channel:
      return step.set(fmt::format("frame[{}]", step.index));
    case Operation::difference:
      return print_difference(step);
    case Operation::median3:
      return print_median(step, 3);
    case Operation::median5:
      return print_median(step, 5);
    case Operation::moving_average:
    case Operation::moving_sum:
      return print_moving(step);
    case Operation::sos:
      return print_filter(step.out, step.making, step.index);
    case Operation::decimate:
      return step.set(step.from());
    default:
      break;
  }
  std::vector<std::string> operands;
  for (std::size_t i = 0; i < step.signal.from.size(); ++i) operands.push_back(step.from(i));
  step.set(operation_text(step.making.plan, step.making.names, step.signal, operands));
}

/// The sample goes into the window, or before it; the first one is also what was before.
void print_store(const Step& step) {
  const SignalUse& use = at(step.making.uses, step.index);
  const Plan& plan = step.making.plan;
  const std::string window =
      step.making.member(stored_type(step.signal), window_name(step.index), stored_bytes(step.signal),
                         kept_samples(plan, step.signal, use), step.signal.name);
  const std::string value = fmt::format("({}){}", stored_type(step.signal), step.value());
  if (use.back > 0) step.out.line("if (is_first) for (i = 0; i < {}; ++i) {}[i] = {};", use.back, window, value);
  const std::string stride = step.signal.stride > 1 ? fmt::format(" / {}", step.signal.stride) : "";
  const std::string place = fmt::format("state->at{}{}", stride, use.back > 0 ? fmt::format(" + {}", use.back) : "");
  const bool may_be_before = plan.window.hop > plan.window.length;
  step.out.line("{}{}[{}] = {};", may_be_before ? fmt::format("if ({} >= 0) ", place) : "", window, place, value);
}

/// The frames that have a sample of signals with this stride.
void print_due(Printer& out, Making& making, std::int32_t stride) {
  const std::string phase = making.member("uint32_t", fmt::format("phase{}", stride), 4);
  out.line("const int is_due_{} = {} == 0;", stride, phase);
  out.line("if (++{0} == {1}) {0} = 0;", phase, stride);
}

void print_signals(Printer& out, Making& making) {
  std::set<std::int32_t> strides;
  for (std::size_t index = 0; index < making.uses.size(); ++index) {
    const Signal& signal = making.plan.signals[index];
    if (!making.uses[index].is_streamed) continue;
    if (signal.stride > 1 && strides.insert(signal.stride).second) print_due(out, making, signal.stride);
    const Step step{out, making, static_cast<std::int32_t>(index), signal};
    out.line("{} v{} = 0;{}", sample_type(signal), index, fmt::format(" /* {} */", signal.name));
    if (signal.stride > 1) out.line("if (is_due_{}) {{", signal.stride);
    print_step(step);
    if (making.uses[index].is_kept) print_store(step);
    if (signal.stride > 1) out.line("}}");
  }
}

/// What the next window has in common with this one moves to the front.
void print_next(Printer& out, Making& making) {
  const Names& names = making.names;
  out.line("{} void {}next_({}state *state) {{", names.function, names.symbol, names.symbol);
  {
    const auto body = out.indent();
    for (std::size_t index = 0; index < making.uses.size(); ++index) {
      const Signal& signal = making.plan.signals[index];
      if (!making.uses[index].is_kept) continue;
      const std::size_t n = kept_samples(making.plan, signal, making.uses[index]),
                        hop = hop_samples(making.plan, signal);
      const std::string window = "state->" + window_name(static_cast<std::int32_t>(index));
      if (hop < n) out.line("memmove({0}, {0} + {1}, {2} * sizeof {0}[0]);", window, hop, n - hop);
    }
    out.line("state->at = {};", making.plan.window.length - making.plan.window.hop);
    out.line("state->is_complete = 0;");
  }
  out.line("}}");
}

}  // namespace

std::string Making::member(std::string_view type, const std::string& name, std::size_t bytes, std::size_t n,
                           std::string comment) {
  members.push_back({std::string(type), name, bytes, n, std::move(comment)});
  return "state->" + name;
}

std::string channel_type(const Plan& plan) { return std::string(model::info(plan.input.type).c_name); }

std::string window_name(std::int32_t index) { return fmt::format("w{}", index); }

std::size_t hop_samples(const Plan& plan, const Signal& signal) {
  return static_cast<std::size_t>(plan.window.hop / signal.stride);
}

std::string stream_text(Making& making) {
  Printer body;
  {
    const auto inside = body.indent();
    print_signals(body, making);
  }
  const Names& names = making.names;
  Printer out;
  out.line("/* One frame: a sample of each channel. */");
  out.line("{} void {}frame_({}state *state, const {}sample *frame) {{", names.function, names.symbol, names.symbol,
           names.symbol);
  const std::string& text = body.text();
  if (text.find("is_first") != std::string::npos) out.line("  const int is_first = !state->is_begun;");
  if (text.find("(i = ") != std::string::npos) out.line("  uint32_t i;");
  out.text(text);
  out.line("  state->is_begun = 1;");
  out.line("  if (++state->at == {}) state->is_complete = 1;", making.plan.window.length);
  out.line("}}");
  out.line("");
  print_next(out, making);
  return out.text();
}

}  // namespace emlc::c
