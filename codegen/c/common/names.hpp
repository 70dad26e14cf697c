#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/common/emit.hpp"

namespace emlc::c {

/// Where constant tables are on AVR, whose flash is an address space of its own.
enum class Tables { in_flash, in_memory };

/// How generated code spells what it defines. The same core text serves both languages: in C every symbol starts with
/// the model's name, in C++ the namespaces `NAME` and `NAME::detail` hold it.
struct Names {
  std::string symbol;                ///< before functions, types and tables: `digits_`; empty in C++
  std::string macro;                 ///< before macros: `DIGITS_`
  std::string shared;                ///< before helpers, which all parts of a combination share: `digits_`
  std::string function;              ///< before a function: `static inline`; `inline` in C++
  std::string feature;               ///< type of the values the caller gives: `digits_feature`; `feature` in C++
  std::string quantized;             ///< type of the codes an integer network takes: `digits_quantized`
  std::string input;                 ///< type of the x that raw_ and decide_ take: `feature`, or float behind a scaler
  Tables tables = Tables::in_flash;  ///< the runtime reads tables through plain pointers: in_memory
  std::string section{};             ///< of the linker, that tables are put into; empty: the compiler's
};

Names names_of(const model::Model& model, const EmitConfig& config);

/// Why tables cannot be put into a section of this name, as the problem of an Error; empty when they can.
std::string section_problem(std::string_view section);
/// The same for a file name that stands in an #include.
std::string file_name_problem(std::string_view file);

/// `text` as the tail of an identifier: lower case, each run of anything but letters and digits one `_`, none at the
/// ends, at most as long as a name may be. Empty when nothing is left.
std::string identifier_part(std::string_view text);

/// identifier_part of every text, unique: an empty one becomes its index, a repeated one gets `_2`, `_3`, ...
std::vector<std::string> unique_identifiers(const std::vector<std::string>& texts);

std::string upper_case(std::string_view text);

/// `text` on one line that may stand inside a comment: nothing but printable ASCII, no comment marks, no trigraphs.
std::string comment_text(std::string_view text);

}  // namespace emlc::c
