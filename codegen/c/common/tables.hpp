#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"

namespace emlc::c {

/// Constant tables stay in flash. On most targets `static const` does that; on AVR flash is another address space, so
/// tables are PROGMEM and every element is read through a macro. Generated code therefore
///   defines a table with print_table (`DIGITS_TABLE uint8_t digits_rows_[4] = {...};`) and
///   reads it with `DIGITS_READ_U8(&digits_rows_[i])`; suffixes U8 I8 U16 I16 U32 I32 U64 I64 F32.
/// `DIGITS_SHARED_TABLE` is for a table of a source that other sources see.
/// table_macros(names, code) is the definition of the macros that `code` mentions, empty when it mentions none; the
/// frame puts it in front of the definitions of a Core. With Tables::in_memory they say the same on AVR as elsewhere.
std::string table_macros(const Names& names, std::string_view code);

/// `NAME_SECTION`, which puts a constant into the section; its user may say how, before the include. Empty without one.
std::string section_macro(const Names& names);

/// Prints `NAME_TABLE type name[n] = {literals};` in lines of at most 100 columns. There must be a literal. Texts of
/// long tables take more memory than all else: `literal` gives one at a time.
void print_table(Printer& out, const Names& names, std::string_view type, std::string_view name, std::size_t n,
                 const std::function<std::string(std::size_t)>& literal);
void print_table(Printer& out, const Names& names, std::string_view type, std::string_view name,
                 std::span<const std::string> literals);

}  // namespace emlc::c
