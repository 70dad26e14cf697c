#pragma once

#include <string>
#include <string_view>

namespace emlc::py {

/// A loop over the list `out` in which v is an element and `value` becomes of it.
std::string each_column(std::string_view value);

/// Each element divided by the sum of all.
std::string divided_by_sum();

/// The largest is taken off first, so that exp cannot overflow. Calls _exp, as what follows.
std::string softmax_columns();
std::string sigmoid_columns();
std::string log1p_exp_columns();

}  // namespace emlc::py
