#include "codegen/c/signal/stream.hpp"

#include <fmt/format.h>

#include <set>
#include <string_view>
#include <utility>

#include "codegen/c/signal/level/level.hpp"
#include "codegen/c/signal/steps/steps.hpp"

namespace emlc::c {
namespace {

using signal::Plan;
using signal::Signal;

void print_due(Printer& out, Making& making, const Due& due) {
  const std::string name = due_name(due), phase = making.member("uint32_t", "phase" + name, 4);
  if (due.second == due.first - 1) {  // the last frame of each block: one comparison
    out.line("const int is_due_{} = ++{} == {};", name, phase, due.first);
    return out.line("if (is_due_{}) {} = 0;", name, phase);
  }
  out.line("const int is_due_{} = {} == {};", name, phase, due.second);
  out.line("if (++{0} == {1}) {0} = 0;", phase, due.first);
}

/// Which signals are printed: all of a frame, or apart those with a sample for each frame and those with fewer.
enum class Rate { all, each, block };

/// A block, where what has fewer samples than frames is made of sums over it, and nothing else is kept; 0: there is
/// none.
std::int32_t block_of(const Making& making) {
  std::int32_t block = 0;
  for (std::size_t index = 0; index < making.uses.size(); ++index) {
    const Signal& signal = making.plan.signals[index];
    if (!making.uses[index].is_streamed) continue;
    if (signal.stride == 1) {
      if (making.uses[index].is_kept) return 0;
      continue;
    }
    const bool is_other = block != 0 && signal.stride != block;
    if (is_other || signal.phase != signal.stride - 1) return 0;
    block = signal.stride;
  }
  return block;
}

/// What begins with its first sample, of those that have it later than the first frame. Printed where it is used first.
std::string with_own_first(Printer& out, Making& making, const Signal& signal, Rate rate, std::string text,
                           std::set<Due>& begun) {
  constexpr std::string_view word = "is_first";
  if (signal.phase == 0 || text.find(word) == std::string::npos) return text;
  const std::string name = due_name(due_of(signal)), own = fmt::format("is_first_{}", name);
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += own.size()) {
    text.replace(at, word.size(), own);
  }
  if (!begun.insert(due_of(signal)).second) return text;
  const std::string member = making.member("uint8_t", "begun" + name, 1);
  const std::string due = rate == Rate::block ? "" : fmt::format("is_due_{} && ", name);
  out.line("const int {} = {}!{};", own, due, member);
  out.line("{}{} = 1;", rate == Rate::block ? "" : fmt::format("if (is_due_{}) ", name), member);
  return text;
}

/// A signal with its sample, and what is kept of it.
std::string step_text(const Step& step, bool is_kept) {
  Printer text;
  const auto inside = text.indent(), block = text.indent();
  const Step apart{text, step.making, step.index, step.signal, step.after};
  print_step(apart);
  if (is_kept) print_store(apart);
  return text.text();
}

void print_signals(Printer& out, Making& making, Rate rate) {
  std::set<Due> printed, begun;
  for (std::size_t index = 0; index < making.uses.size(); ++index) {
    const Signal& signal = making.plan.signals[index];
    if (!making.uses[index].is_streamed) continue;
    const bool is_rare = signal.stride > 1, has_due = is_rare && rate == Rate::all;
    const std::int32_t after = rate == Rate::block ? 1 : 0;
    const Step step{out, making, static_cast<std::int32_t>(index), signal, after};
    if (has_due && printed.insert(due_of(signal)).second) print_due(out, making, due_of(signal));
    if (rate != Rate::block && (!is_rare || step.operand_stride() == 1 || has_due)) print_between(step);
    if (rate != Rate::all && is_rare != (rate == Rate::block)) continue;
    out.line("{} v{} = 0;{}", sample_type(signal), index, fmt::format(" /* {} */", signal.name));
    const std::string text =
        with_own_first(out, making, signal, rate, step_text(step, making.uses[index].is_kept), begun);
    if (has_due) out.line("if (is_due_{}) {{", due_name(due_of(signal)));
    out.text(text);
    if (has_due) out.line("}}");
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

namespace {

std::string signals_text(Making& making, Rate rate) {
  Printer body;
  {
    const auto inside = body.indent();
    print_signals(body, making, rate);
  }
  return body.text();
}

/// The declaration of what loops in a body count with, where it has any.
void print_counter(Printer& out, const std::string& body) {
  if (body.find("(i = ") != std::string::npos) out.line("  uint32_t i;");
}

void print_frame(Printer& out, Making& making) {
  const Names& names = making.names;
  const std::string text = signals_text(making, Rate::all);
  out.line("/* One frame: a sample of each channel. */");
  out.line("{} void {}frame_({}state *state, const {}sample *frame) {{", names.function, names.symbol, names.symbol,
           names.symbol);
  if (text.find("(is_first)") != std::string::npos) out.line("  const int is_first = !state->is_begun;");
  print_counter(out, text);
  out.text(text);
  out.line("  state->is_begun = 1;");
  out.line("  if (++state->at == {}) state->is_complete = 1;", making.plan.window.length);
  out.line("}}");
}

/// What is done with every frame in a loop of its own, so that nothing else takes its registers.
void print_blocks(Printer& out, Making& making) {
  const Names& names = making.names;
  const std::string each = signals_text(making, Rate::each);
  out.line("/* Frames up to the end of a block: a sample of each channel. */");
  out.line("{} void {}run_({}state *state, const {}sample *frame, size_t n) {{", names.function, names.symbol,
           names.symbol, names.symbol);
  const bool has_first = each.find("(is_first)") != std::string::npos;
  if (has_first) out.line("  int is_first = !state->is_begun;");
  print_counter(out, each);
  for (std::size_t index = 0; index < making.uses.size(); ++index) {
    if (!making.uses[index].is_streamed) continue;
    const std::string settled = settled_text(making, static_cast<std::int32_t>(index));
    if (!settled.empty()) out.line("  {}", settled);
  }
  out.line("  for (; n != 0; --n, frame += {}) {{", making.plan.input.channels.size());
  out.text(each);
  if (has_first) out.line("  is_first = 0;");
  out.line("  }}");
  out.line("  state->is_begun = 1;");
  out.line("}}");
  out.line("");
  const std::string block = signals_text(making, Rate::block);
  out.line("{} void {}end_block_({}state *state) {{", names.function, names.symbol, names.symbol);
  print_counter(out, block);
  out.text(block);
  out.line("  if (state->at == {}) state->is_complete = 1;", making.plan.window.length);
  out.line("}}");
  making.member("uint32_t", "in_block", 4);
}

}  // namespace

std::string stream_text(Making& making) {
  Printer out;
  making.block = block_of(making);
  if (making.block == 0) {
    print_frame(out, making);
  } else {
    print_blocks(out, making);
  }
  out.line("");
  print_next(out, making);
  return out.text();
}

}  // namespace emlc::c
