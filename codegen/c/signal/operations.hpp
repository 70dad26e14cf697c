#pragma once

#include <string>
#include <vector>

#include "codegen/c/common/names.hpp"
#include "codegen/c/signal/exact.hpp"
#include "codegen/signal/plan.hpp"

namespace emlc::c {

/// A sample of a signal of integers as an exact value. `variable` is of sample_type().
Exact sample_of(const signal::Signal& signal, const std::string& variable);

/// The product as a float that no compiler joins with a sum behind it.
std::string rounded_product(const Names& names, const std::string& a, const std::string& b);

/// A sample of a signal that needs its operands now, or of a difference now and one before, as an expression of
/// sample_type(). Of other operations a std::logic_error.
/// @param operands  variables of the operands' sample_type(); of a difference the one before stands behind
std::string operation_text(const signal::Plan& plan, const Names& names, const signal::Signal& signal,
                           const std::vector<std::string>& operands);

}  // namespace emlc::c
