#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codegen/signal/plan.hpp"

namespace emlc::signal {

/// The samples of one signal: those of its kind are filled.
struct Column {
  std::vector<std::int64_t> integers{};
  std::vector<float> reals{};

  [[nodiscard]] std::size_t size() const { return integers.empty() ? reals.size() : integers.size(); }
};

/// All signals of the stream, [n_signals of the plan]; those of the window stay empty. Each sample depends on its frame
/// and those before; before the first frame stands the first frame itself.
/// @param channels  [n_channels], of the type of the input and as long as each other, at least one frame
std::vector<Column> stream(const Plan& plan, std::vector<Column> channels);

/// Samples of a signal of the window, as long as those of its operand in it.
Column of_window(const Signal& signal, std::span<const std::int64_t> x);
Column of_window(const Signal& signal, std::span<const float> x);

}  // namespace emlc::signal
