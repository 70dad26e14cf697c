#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "codegen/signal/plan.hpp"

/// The end of a feature: what is done to one exact integer of a window before a model sees the feature. Each operation
/// is monotone, rounding included, so what is compared behind the end can be compared in front of it.
namespace emlc::signal {

/// Of one sample, or of one sum. Integers become float32 where an operation makes reals.
struct Link {
  enum class Kind {
    affine,  ///< integer * factor + addend
    ratio,   ///< / float(factor)
    root,    ///< of a real
    scale,   ///< real * gain + offset, two roundings
    clip,    ///< not below minimum, not above maximum
  };
  Kind kind = Kind::affine;
  Wide factor = 1, addend = 0;  ///< the factor of ratio is positive, that of affine not 0
  float gain = 1.0F, offset = 0.0F;
  std::optional<double> minimum{}, maximum{};
};

/// What comes out at the end: an integer that a float64 holds, or a float32; never -0.
double value_behind(std::span<const Link> links, Wide integer);

/// Do larger integers have smaller values at the end?
bool is_falling(std::span<const Link> links);

/// How many operations of a kind there are.
std::size_t count_links(std::span<const Link> links, Link::Kind kind);

}  // namespace emlc::signal
