#include "codegen/py/sos/sos.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <vector>

#include "codegen/c/common/template.hpp"
#include "codegen/py/common/text.hpp"
#include "templates.hpp"

namespace emlc::py {
namespace {

using c::TemplateValue;
using model::FixedPoint;

constexpr std::size_t state_values = 5;  ///< of a section: x1, x2, y1, y2 and the rest

std::string lift_text(const FixedPoint& fixed) {
  if (fixed.lift == 0) return "";
  const int limit = 1 << (model::info(fixed.arithmetic).sample_bits - 1 - fixed.lift);
  return c::fill(templates::filter_lift_py, std::array<TemplateValue, 3>{{{"highest", fmt::to_string(limit - 1)},
                                                                          {"lowest", fmt::to_string(-limit)},
                                                                          {"lift", fmt::to_string(fixed.lift)}}});
}

/// With error feedback what a sum loses goes into the next one.
std::string rest_text(const FixedPoint& fixed) {
  if (fixed.rounding != model::SosRounding::feedback) return "";
  return fmt::format("            r = a & {}", (1 << fixed.shift()) - 1);
}

std::string scale_note(const FixedPoint& fixed) {
  return fixed.headroom == 0 ? "" : fmt::format("Full scale of the output stands for {}.", 1 << fixed.headroom);
}

}  // namespace

Core emit_filter(const model::SosCascade& cascade) {
  const FixedPoint& fixed = *cascade.fixed;
  std::vector<std::int64_t> coefficients;
  for (const model::SosIntegers& section : model::integers(cascade)) {
    coefficients.insert(coefficients.end(), section.begin(), section.end());
  }
  const std::size_t n = coefficients.size();
  const auto coefficient = [&](int place) {
    return signed_plane_read("c", place == 0 ? "j" : fmt::format("j + {}", place), n, 2);
  };
  Core core;
  pointer(core, 1);
  pointer(core, 2);
  core.parts.push_back({"coefficients", 2 * n});
  core.ram = 2 * state_values * cascade.sections.size();
  const std::string note = scale_note(fixed);
  if (!note.empty()) core.notes.push_back(note);
  core.definitions =
      c::fill(templates::filter_py,
              std::array<TemplateValue, 10>{{{"coefficients", bytes_literal(planes(coefficients, 2), "        ")},
                                             {"n_coefficients", fmt::to_string(n)},
                                             {"coefficient_0", coefficient(0)},
                                             {"coefficient_1", coefficient(1)},
                                             {"coefficient_2", coefficient(2)},
                                             {"coefficient_3", coefficient(3)},
                                             {"coefficient_4", coefficient(4)},
                                             {"shift", fmt::to_string(fixed.shift())},
                                             {"rest", rest_text(fixed)},
                                             {"lift", lift_text(fixed)}}});
  return core;
}

std::string filter_api(const model::SosCascade& cascade) {
  const std::size_t n = cascade.sections.size();
  return c::fill(templates::filter_api_py,
                 std::array<TemplateValue, 3>{{{"rest", fmt::to_string(cascade.fixed->first_rest())},
                                               {"n_sections", fmt::to_string(n)},
                                               {"state_bytes", fmt::to_string(2 * state_values * n)}}});
}

}  // namespace emlc::py
