#pragma once

#include <emlc/tmdl_open.h>

#include <cstdint>
#include <string>
#include <vector>

#include "codegen/layout/artifact.hpp"
#include "formats/reading.hpp"
#include "formats/tmdl/view.hpp"
#include "formats/writers.hpp"

/// The layer of a signal (docs/tmdl.md, layer 73), written and read.
namespace emlc::formats {

/// A layer as a whole, and what the state of a stream takes.
struct SignalLayer {
  std::vector<std::uint64_t> words{};  ///< the bytes, aligned as on a device
  std::uint32_t state_size = 0;        ///< bytes
  std::vector<layout::Part> parts{};   ///< they add up to the bytes

  [[nodiscard]] std::string bytes() const;
};

/// @param model  the blob without the signal, opened; it has as many features as the plan
/// Throws Error with the path of what a blob does not carry.
SignalLayer signal_layer(const TmdlSignal& signal, const emlc_model& model);

/// The signal and the decision of an opened blob, with names of their own: c0, c1 for channels, s2 for signals, f0 for
/// features. Throws Error for a layer that is wrong, and for one that signal_layer() would write otherwise.
void read_signal(const TmdlView& view, const emlc_model& model, Reading& reading);

}  // namespace emlc::formats
