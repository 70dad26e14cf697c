#include "codegen/signal/ends.hpp"

#include <algorithm>
#include <cmath>

namespace emlc::signal {
namespace {

/// An integer until an operation makes a real of it.
struct Number {
  bool is_integer = true;
  Wide integer = 0;
  float real = 0.0F;

  [[nodiscard]] float as_real() const { return is_integer ? to_float(integer) : real; }
};

Number real_number(float value) { return {.is_integer = false, .real = value}; }

Number clipped(const Link& link, Number x) {
  if (x.is_integer) {
    if (link.minimum) x.integer = std::max(x.integer, static_cast<Wide>(*link.minimum));
    if (link.maximum) x.integer = std::min(x.integer, static_cast<Wide>(*link.maximum));
    return x;
  }
  if (link.minimum) x.real = std::max(x.real, static_cast<float>(*link.minimum));
  if (link.maximum) x.real = std::min(x.real, static_cast<float>(*link.maximum));
  return x;
}

Number apply(const Link& link, const Number& x) {
  switch (link.kind) {
    case Link::Kind::affine:
      return {.integer = x.integer * link.factor + link.addend};
    case Link::Kind::ratio:
      return real_number(x.as_real() / to_float(link.factor));
    case Link::Kind::root:
      return real_number(std::sqrt(x.as_real()));
    case Link::Kind::scale:
      return real_number(scaled(x.as_real(), link.gain, link.offset));
    case Link::Kind::clip:
      return clipped(link, x);
  }
  return x;
}

}  // namespace

double value_behind(std::span<const Link> links, Wide integer) {
  Number x{.integer = integer};
  for (const Link& link : links) x = apply(link, x);
  return x.is_integer ? static_cast<double>(x.integer) : static_cast<double>(x.real + 0.0F);
}

bool is_falling(std::span<const Link> links) {
  const auto falls = [](const Link& link) {
    return (link.kind == Link::Kind::affine && link.factor < 0) || (link.kind == Link::Kind::scale && link.gain < 0);
  };
  return std::count_if(links.begin(), links.end(), falls) % 2 != 0;
}

std::size_t count_links(std::span<const Link> links, Link::Kind kind) {
  return static_cast<std::size_t>(
      std::count_if(links.begin(), links.end(), [&](const Link& link) { return link.kind == kind; }));
}

}  // namespace emlc::signal
