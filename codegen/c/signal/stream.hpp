#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/c/signal/memory.hpp"
#include "codegen/signal/folded.hpp"
#include "codegen/signal/plan.hpp"

/// What happens to each frame: signals of the stream are computed, and those that are kept go into the window.
namespace emlc::c {

/// A member of the struct `state`.
struct Member {
  std::string type, name;
  std::size_t bytes = 0;  ///< of one; of a struct its alignment
  std::size_t n = 0;      ///< of an array; 0: it is none
  std::string comment{};
  std::size_t struct_bytes = 0;  ///< of a struct
};

/// What is made for one plan.
struct Making {
  const signal::Joined& joined;
  const signal::Plan& plan;  ///< of `joined`
  const Names& names;
  std::vector<SignalUse> uses{};
  std::vector<Member> members{};
  std::set<std::string, std::less<>> helpers{};  ///< templates that the code calls: `median_of_3 int32_t`
  std::string tables{};
  std::size_t table_bytes = 0;  ///< thresholds of keys
  std::int32_t block = 0;       ///< frames of a block, where nothing is kept but at their ends; 0: of every frame

  /// Adds a member of the state and says how the frame's code spells it.
  std::string member(std::string_view type, const std::string& name, std::size_t bytes, std::size_t n = 0,
                     std::string comment = {});
};

/// The C type of a channel's samples as the caller has them.
std::string channel_type(const signal::Plan& plan);

/// `w3`, the array of a kept signal in the state.
std::string window_name(std::int32_t index);
/// Samples of the signal from one window to the next.
std::size_t hop_samples(const signal::Plan& plan, const signal::Signal& signal);

/// The functions `next_(state)`, which moves on to the next window, and `frame_(state, frame)`, or where there is a
/// block `run_(state, frames, n)`, of frames that end with it or before, and `end_block_(state)`.
std::string stream_text(Making& making);

/// The sample of a filter, into `v<index>`, which is declared.
void print_filter(Printer& out, Making& making, std::int32_t index);

}  // namespace emlc::c
