#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/sos/sos_cascade.hpp"
#include "codegen/model/sos/sos_response.hpp"

/// The design of a filter in integers: which sections, in which order, with which gains and which coefficients.
namespace emlc::passes {

/// What the gain up to each section but the last is scaled to: the largest output for any input within the range (no
/// section overflows, whatever comes in), or for any sine.
enum class SosBound { any_input, any_sine };
std::string_view name(SosBound bound);

/// Poles and zeros paired, and sections ordered, for the least rounding noise: swaps of two sections' poles or zeros as
/// long as that wins; more than 16 sections stay in order. a0 is 1 and the coefficients of x start with 1 in all
/// sections but the first, which has the gain.
model::SosCascade order_sections(const model::SosCascade& cascade, model::SosRounding rounding);

/// At most `count` orders, those with the least rounding noise first: of up to 4 sections all that differ, of more
/// those that a swap makes of what `order_sections` gives. In the form that it has.
std::vector<model::SosCascade> likely_orders(const model::SosCascade& cascade, model::SosRounding rounding,
                                             std::size_t count);

/// Spreads the gain of the cascade: up to each section but the last it is `target` by the measure of `bound`; the last
/// section makes up for the rest.
model::SosCascade balance_gains(const model::SosCascade& cascade, SosBound bound, double target);

/// Coefficients rounded to nearest at the finest scale that fits, ratios of small integers between coefficients of x
/// kept (so that zeros stay where they are, at 0 Hz for example). What rounding does to the gain of a section, the
/// following ones make up for. Nothing when no scale fits.
std::optional<model::SosCascade> round_coefficients(const model::SosCascade& cascade, model::FixedPoint fixed);

}  // namespace emlc::passes
