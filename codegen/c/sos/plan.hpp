#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/c/common/template.hpp"
#include "codegen/model/sos/sos_cascade.hpp"

/// What the emitters of filters in integers share.
namespace emlc::c {

/// The filter and how it is to be written.
struct SosPlan {
  const model::SosCascade& cascade;
  const model::FixedPoint& fixed;
  const Names& names;
  Optimize optimize;

  [[nodiscard]] std::vector<TemplateValue> values() const {
    return {{"function", names.function}, {"symbol", names.symbol}};
  }
  /// Can a section saturate? What has a lift saturates behind them, too.
  [[nodiscard]] bool saturates() const { return fixed.overflow == model::Overflow::saturates; }
  [[nodiscard]] std::size_t n_sections() const { return cascade.sections.size(); }
};

/// Words of state of a section: with products of 64 bits or of pairs, and without.
struct StateWords {
  std::size_t wide, narrow;
};
StateWords state_words(const model::FixedPoint& fixed);

std::string fill_with(std::string_view text, std::vector<TemplateValue> values,
                      std::initializer_list<TemplateValue> more);

/// b0 b1 b2 -a1 -a2 of each section: the generated code adds all products.
std::vector<std::array<std::int64_t, 5>> sos_coefficients(const SosPlan& plan);

void print_sos_table(Printer& out, const SosPlan& plan, std::string_view type, const std::vector<std::int64_t>& values);

/// What the code for one kind of core has for each section.
struct SosForm {
  std::string_view type;   ///< of the numbers of the table
  std::size_t numbers;     ///< in the table
  std::size_t words;       ///< of state
  std::string first_rest;  ///< in the first word before the first sample; 0 when it is empty
};

/// The functions reset_ and filter_.
std::string sos_reset_text(const SosPlan& plan, const SosForm& form);
std::string sos_filter_text(const SosPlan& plan, const SosForm& form);

/// Adds table, functions and prologue of a filter with samples of 16 or of 32 bits. `out` has the comment above the
/// table.
void add_sos_16_bits(Printer& out, const SosPlan& plan, Core& core);
void add_sos_32_bits(Printer& out, const SosPlan& plan, Core& core);

}  // namespace emlc::c
