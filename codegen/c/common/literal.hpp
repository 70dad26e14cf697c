#pragma once

#include <string>
#include <string_view>

namespace emlc::c {

/// The shortest text that reads back to exactly this float, as a C literal with the suffix f: `0.5f`, `-1e-08f`,
/// `16777216.0f`. The value must be finite and exact in float32 (std::logic_error otherwise).
std::string float_literal(double value);
/// The same for a double, without a suffix: `0.1`, `-1e-300`, `16777216.0`.
std::string double_literal(double value);
/// The literal of the float32 nearest to `value`, which is the documented precision of devices. Throws Error naming
/// `field` when the value is beyond the range of float32.
std::string rounded_literal(double value, std::string_view field);
/// An integer literal that C89 to C23 and C++ read as the value: -2147483648 becomes (-2147483647 - 1).
std::string integer_literal(long long value);
/// A string literal with its quotes; everything outside printable ASCII is an octal escape, `?` cannot start a
/// trigraph.
std::string string_literal(std::string_view text);

}  // namespace emlc::c
