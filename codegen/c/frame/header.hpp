#pragma once

// What emitters of generated headers share. The contract is struct Core in emit.hpp:
//   names.hpp    how symbols, macros, functions and types are spelled in either language
//   tables.hpp   constant tables that stay in flash, on AVR too
//   helpers.hpp  small functions, activations among them, that the frame defines once
//   literal.hpp  numbers and strings as C text
//   printer.hpp, template.hpp  lines with indentation; templates/*.in
#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/helpers.hpp"
#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/c/common/tables.hpp"
#include "codegen/c/common/template.hpp"
