#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/layout/trees/plan.hpp"

namespace emlc::c {

// Comparing floats as integers, for processors without an FPU. The bits of a positive float32 are an integer in the
// order of the floats, those of a negative one run the other way, and all bits above those of infinity are NaN.
//
// Inline code knows each threshold T and compares bits as they are: x < T is (signed) bits(x) < bits(T) for T > 0, and
// (unsigned) bits(x) > bits(T) for T <= 0, with bits(-0.0) for a T of either zero. That holds for every x but NaN, and
// also for NaN of one sign: a positive NaN goes right in both, a negative one left. clean_ gives NaN the sign that the
// model wants. Where splits differ in what they want, NaN is positive and those that send it left ask a longer
// question.
//
// A table knows no signs ahead: key_ maps a float to an integer in order, and NaN to the end that the model wants.

/// Whether the header compares floats as such: always, never, or as the compiler's macros say.
struct FloatCode {
  Fpu fpu = Fpu::automatic;
  layout::Missing missing = layout::Missing::right;
};

/// The condition of an #if for compilers whose floats are software.
std::string_view no_fpu_condition();

/// `on_fpu` or `on_bits`, or both in the macro that picks one.
std::string pick(const FloatCode& code, const Names& names, const std::string& on_fpu, const std::string& on_bits);

/// Prints the macros and functions of this page that the text after it may use; nothing for Fpu::yes:
///   #define NAME_ON_FPU(fpu, bits)   one of the two (Fpu::automatic)
///   #define NAME_FLOAT_KEYS          1 if that is `bits`, else 0
///   FUNCTION uint32_t bits_(float value);
///   FUNCTION float of_bits_(uint32_t bits);
///   FUNCTION const INPUT *clean_(const INPUT *x, INPUT *copy);   x, or if it holds a NaN of the other sign, the copy
void print_float_bits(Printer& out, const FloatCode& code, const Names& names, std::int32_t n_features);

/// Prints, at the top of a function of x, the statements that clean x.
void print_clean(Printer& out, const FloatCode& code, const Names& names, std::int32_t n_features);

/// Prints FUNCTION int32_t key_(float value) behind the above.
void print_key(Printer& out, const FloatCode& code, const Names& names);
/// What key_ is compared with: x < threshold is key_(x) < threshold_key(threshold).
std::int32_t threshold_key(double threshold);

/// Does `value`, a feature of a cleaned x, go to one side of the record? On bits.
std::string bits_condition(const FloatCode& code, const Names& names, const std::string& value,
                           const layout::Record& record, bool is_left);

}  // namespace emlc::c
