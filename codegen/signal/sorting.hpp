#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace emlc::signal {

/// Sorts windows that overlap: window w is samples [w * hop, w * hop + length). Where hop divides length each stretch
/// of hop samples is sorted once, and windows are merged from these.
/// @param samples  at least (n_windows - 1) * hop + length
/// @param sorted   [n_windows][length]
void sort_windows(std::span<const std::int64_t> samples, std::size_t length, std::size_t hop,
                  std::span<std::int64_t> sorted);
void sort_windows(std::span<const float> samples, std::size_t length, std::size_t hop, std::span<float> sorted);

}  // namespace emlc::signal
