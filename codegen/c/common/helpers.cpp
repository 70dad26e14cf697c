#include "codegen/c/common/helpers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

#include "codegen/c/common/names.hpp"
#include "codegen/c/common/template.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

enum class Needs { nothing, libm };

/// A row either has an `expression` of z, the old value of each element, or a `text`, a template of its own.
struct HelperRow {
  Helper helper;
  std::string_view name;
  Needs needs;
  std::string_view parameters;
  std::string_view expression;
  std::string_view text{};
  std::optional<Helper> calls = std::nullopt, calls_too = std::nullopt;  ///< rows above
};

// The casts: in avr-libc expf, logf and tanhf are macros for functions of double.
constexpr std::array helper_rows = {
    HelperRow{Helper::log1p, "log1p", Needs::libm, "", "", templates::helper_log1p_c},
    HelperRow{Helper::expm1, "expm1", Needs::libm, "", "", templates::helper_expm1_c},
    HelperRow{Helper::multiply, "multiply", Needs::nothing, ", float factor", "z * factor"},
    HelperRow{Helper::relu, "relu", Needs::nothing, "", "z < 0.0f ? 0.0f : z"},
    HelperRow{Helper::relu6, "relu6", Needs::nothing, "", "z < 0.0f ? 0.0f : (z > 6.0f ? 6.0f : z)"},
    HelperRow{Helper::leaky_relu, "leaky_relu", Needs::nothing, ", float alpha", "z < 0.0f ? alpha * z : z"},
    HelperRow{Helper::elu, "elu", Needs::libm, "", "", templates::helper_elu_c, Helper::expm1},
    HelperRow{Helper::tanh, "tanh", Needs::libm, "", "(float)tanhf(z)"},
    HelperRow{Helper::sigmoid, "sigmoid", Needs::libm, "", "1.0f / (1.0f + (float)expf(-z))"},
    HelperRow{Helper::softplus, "softplus", Needs::libm, "", "", templates::helper_softplus_c, Helper::log1p},
    HelperRow{Helper::exp, "exp", Needs::libm, "", "(float)expf(z)"},
    HelperRow{Helper::hinge, "hinge", Needs::nothing, "", "z > 0.0f ? 1.0f : 0.0f"},
    HelperRow{Helper::signed_square, "signed_square", Needs::nothing, "", "z < 0.0f ? -z * z : z * z"},
    HelperRow{Helper::isolation, "isolation", Needs::libm, ", float rate, float offset",
              "-(float)expf(rate * z) - offset"},
    HelperRow{Helper::divide_by_sum, "divide_by_sum", Needs::nothing, "", "", templates::helper_divide_by_sum_c},
    HelperRow{Helper::share_of_sum, "share_of_sum", Needs::nothing, "", "", templates::helper_share_of_sum_c},
    HelperRow{Helper::softmax, "softmax", Needs::libm, "", "", templates::helper_softmax_c, Helper::divide_by_sum},
    HelperRow{Helper::log_softmax, "log_softmax", Needs::libm, "", "", templates::helper_log_softmax_c},
    HelperRow{Helper::argmax, "argmax", Needs::nothing, "", "", templates::helper_argmax_c},
    HelperRow{Helper::log1p_any, "log1p_any", Needs::libm, "", "", templates::helper_log1p_any_c},
    HelperRow{Helper::expm1_any, "expm1_any", Needs::libm, "", "", templates::helper_expm1_any_c},
    HelperRow{Helper::log, "log", Needs::libm, "", "(float)logf(z)"},
    HelperRow{Helper::log2, "log2", Needs::libm, "", "(float)logf(z) * 1.442695f"},
    HelperRow{Helper::log10, "log10", Needs::libm, "", "(float)logf(z) * 0.4342945f"},
    HelperRow{Helper::each_log1p, "each_log1p", Needs::libm, "", "", templates::helper_each_log1p_c, Helper::log1p_any},
    HelperRow{Helper::each_expm1, "each_expm1", Needs::libm, "", "", templates::helper_each_expm1_c, Helper::expm1_any},
    HelperRow{Helper::sqrt, "sqrt", Needs::libm, "", "(float)sqrtf(z)"},
    HelperRow{Helper::square, "square", Needs::nothing, "", "z * z"},
    HelperRow{Helper::abs, "abs", Needs::nothing, "", "z < 0.0f ? -z : z"},
    HelperRow{Helper::reciprocal, "reciprocal", Needs::nothing, "", "1.0f / (z + 0.0f)"},
    HelperRow{Helper::yeo_johnson, "yeo_johnson", Needs::libm, "", "", templates::helper_yeo_johnson_c,
              Helper::log1p_any, Helper::expm1_any},
    HelperRow{Helper::box_cox, "box_cox", Needs::libm, "", "", templates::helper_box_cox_c, Helper::expm1_any},
    HelperRow{Helper::normal_quantile, "normal_quantile", Needs::libm, "", "", templates::helper_normal_quantile_c},
    HelperRow{Helper::normalize_l1, "normalize_l1", Needs::nothing, "", "", templates::helper_normalize_l1_c},
    HelperRow{Helper::normalize_l2, "normalize_l2", Needs::libm, "", "", templates::helper_normalize_l2_c},
    HelperRow{Helper::normalize_max, "normalize_max", Needs::nothing, "", "", templates::helper_normalize_max_c},
};

const HelperRow& row_of(Helper helper) {
  for (const HelperRow& row : helper_rows) {
    if (row.helper == helper) return row;
  }
  throw std::logic_error("helper without a row in the table");
}

std::string definition(const HelperRow& row, const Names& names) {
  if (!row.text.empty()) {
    return fill(row.text, std::array<TemplateValue, 2>{{{"function", names.function}, {"symbol", names.shared}}});
  }
  return fill(templates::helper_each_c, std::array<TemplateValue, 5>{{{"function", names.function},
                                                                      {"symbol", names.shared},
                                                                      {"name", std::string(row.name)},
                                                                      {"parameters", std::string(row.parameters)},
                                                                      {"expression", std::string(row.expression)}}});
}

}  // namespace

std::string helper_name(Helper helper, const Names& names) {
  return fmt::format("{}{}_", names.shared, row_of(helper).name);
}

std::string helper_definitions(const std::set<Helper>& helpers, const Names& names) {
  std::set<Helper> wanted = helpers;
  for (const Helper helper : helpers) {
    for (const std::optional<Helper> callee : {row_of(helper).calls, row_of(helper).calls_too}) {
      if (callee) wanted.insert(*callee);
    }
  }
  std::string result;
  for (const HelperRow& row : helper_rows) {
    if (wanted.contains(row.helper)) result += definition(row, names) + "\n";
  }
  return result;
}

std::string apart_macro(std::string_view name, std::string_view why, const Names& names) {
  const bool is_c = !names.symbol.empty();
  return fmt::format(
      "#if defined(__GNUC__)\n"
      "#define {0}{1} {2} /* {3} */\n"
      "#else\n"
      "#define {0}{1} {4}\n"
      "#endif\n",
      names.macro, name, is_c ? "static __attribute__((noinline, unused))" : "inline __attribute__((noinline))", why,
      names.function);
}

bool call_libm(const std::set<Helper>& helpers) {
  return std::any_of(helpers.begin(), helpers.end(), [](Helper helper) { return row_of(helper).needs == Needs::libm; });
}

}  // namespace emlc::c
