#include "codegen/c/signal/steps/steps.hpp"

#include <algorithm>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/signal/level/level.hpp"
#include "codegen/c/signal/operations.hpp"

namespace emlc::c {
namespace {

using signal::Operation;
using signal::Plan;
using signal::Signal;

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

}  // namespace

std::string due_name(const Due& due) {
  return due.second == 0 ? fmt::format("{}", due.first) : fmt::format("{}_{}", due.first, due.second);
}

void print_between(const Step& step) {
  if (step.signal.operation != Operation::mean_square) return;
  const bool is_rare = step.operand().stride > 1;
  if (is_rare) step.out.line("if (is_due_{}) {{", due_name(due_of(step.operand())));
  print_square(step.out, step.making, step.index);
  if (is_rare) step.out.line("}}");
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
    case Operation::weighting:
      return is_filter(step.signal) ? print_filter(step.out, step.making, step.index)
                                    : print_weighting(step.out, step.making, step.index);
    case Operation::mean_square:
      return print_mean_square(step.out, step.making, step.index);
    case Operation::time_weighting:
      return print_time_weighting(step.out, step.making, step.index);
    default:
      break;
  }
  std::vector<std::string> operands;
  for (std::size_t i = 0; i < step.signal.from.size(); ++i) operands.push_back(step.from(i));
  step.set(operation_text(step.making.plan, step.making.names, step.signal, operands));
}

void print_store(const Step& step) {
  const SignalUse& use = at(step.making.uses, step.index);
  const Plan& plan = step.making.plan;
  const std::string window =
      step.making.member(stored_type(step.signal), window_name(step.index), stored_bytes(step.signal),
                         kept_samples(plan, step.signal, use), step.signal.name);
  const std::string value = fmt::format("({}){}", stored_type(step.signal), step.value());
  if (use.back > 0) step.out.line("if (is_first) for (i = 0; i < {}; ++i) {}[i] = {};", use.back, window, value);
  // From the first frame of its stride on, which may be before the window.
  const std::int32_t ahead = step.signal.phase + step.after;
  const std::string frame = ahead == 0 ? "state->at" : fmt::format("(state->at - {})", ahead);
  const std::string stride = step.signal.stride > 1 ? fmt::format(" / {}", step.signal.stride) : "";
  const std::string place = fmt::format("{}{}{}", frame, stride, use.back > 0 ? fmt::format(" + {}", use.back) : "");
  const bool may_be_before = plan.window.hop > plan.window.length;
  step.out.line("{}{}[{}] = {};", may_be_before ? fmt::format("if ({} >= 0) ", place) : "", window, place, value);
}

}  // namespace emlc::c
