#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

#include "codegen/c/common/printer.hpp"
#include "codegen/c/signal/stream.hpp"

/// What becomes of one signal in a frame.
namespace emlc::c {

/// A signal on its way through a frame.
struct Step {
  Printer& out;
  Making& making;
  std::int32_t index;
  const signal::Signal& signal;
  std::int32_t after = 0;  ///< frames that are counted when it is printed, with the one that it is of

  [[nodiscard]] const signal::Signal& operand(std::size_t i = 0) const {
    return at(making.plan.signals, signal.from[i]);
  }
  /// Frames for a sample of the operand; 0 of a channel, which has none.
  [[nodiscard]] std::int32_t operand_stride() const { return signal.from.empty() ? 0 : operand().stride; }
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

/// The frames that have a sample: one of a stride, counted from the first frame.
using Due = std::pair<std::int32_t, std::int32_t>;
inline Due due_of(const signal::Signal& signal) { return {signal.stride, signal.phase}; }

/// `4`, or `16_15` of those that are not the first ones.
std::string due_name(const Due& due);

/// What a signal does with each sample of its operand, where it has fewer samples itself.
void print_between(const Step& step);
/// Its sample, into its variable.
void print_step(const Step& step);
/// The sample goes into the window, or before it; the first one is also what was before.
void print_store(const Step& step);

}  // namespace emlc::c
