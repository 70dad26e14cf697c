#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/common/names.hpp"

namespace emlc::c {

/// A function for the user of a header, or a table that a source shares, taken apart.
struct Function {
  std::string comment;      ///< the lines before it
  std::string declared_as;  ///< what a declaration has before the head: `[[nodiscard]] `, `extern const ` or nothing
  std::string defined_as;   ///< the same of a definition
  std::string head;         ///< from the result on: `int digits_predict(const digits_feature x[DIGITS_N_FEATURES])`
  std::string body;         ///< from the blank behind it on, with the line end
};

/// Declarations and definitions as the templates of the API have them: paragraphs with an empty line in between, each
/// a function or something else (a type, a constant).
struct Paragraph {
  std::string text;
  std::vector<Function> function{};  ///< one, or none
};
std::vector<Paragraph> paragraphs_of(std::string_view api, const Names& names);

/// The same with functions declared only, and what is left for a source: their definitions.
std::string declarations(const std::vector<Paragraph>& api);
std::string definitions(const std::vector<Paragraph>& api);

/// As a program calls it: `int digits_predict(const digits_feature x[64])`, on one line.
std::vector<std::string> prototypes(const std::vector<Paragraph>& api);

}  // namespace emlc::c
