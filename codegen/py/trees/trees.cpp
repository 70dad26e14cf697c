#include "codegen/py/trees/trees.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <vector>

#include "codegen/py/common/text.hpp"
#include "codegen/py/trees/walker.hpp"

namespace emlc::py {
namespace {

using layout::OutputUnit;

/// The base scores in the unit of the place where they are added: behind the division, but for sums of floats that
/// start from theirs.
std::vector<double> base_scores(const c::TreeCode& code) {
  std::vector<double> base = code.ensemble.base_score;
  const bool was_divided = c::has_integer_sums(code) && code.ensemble.base_score_at == model::BaseScoreAt::start;
  for (double& score : base) score = was_divided ? score / code.ensemble.divisor * code.ensemble.scale : score;
  return base;
}

bool starts_with_base(const c::TreeCode& code) {
  return !c::has_integer_sums(code) && code.ensemble.base_score_at == model::BaseScoreAt::start;
}

std::string tuple(const std::vector<double>& values) {
  std::string text = "(";
  for (const double value : values) text += number_literal(value) + ", ";
  text.back() = ')';
  return values.size() == 1 ? text.substr(0, text.size() - 1) + ",)" : text;
}

/// What is behind the sum of an output. What differs between outputs is a table of the module, and its name stands
/// here.
struct PerOutput {
  std::string base{};   ///< to be added, or empty: `0.5`, `_base`
  std::string units{};  ///< `_units`, or empty

  [[nodiscard]] std::string base_of(std::string_view index) const {
    return base.starts_with('_') ? fmt::format("{}[{}]", base, index) : base;
  }
};

PerOutput add_output_tables(Core& core, const c::TreeCode& code) {
  PerOutput text;
  const std::vector<double> base = base_scores(code);
  const bool has_base = c::has_base(code) && !code.leaves.places;
  const auto is_first = [&](double score) { return score == base.front(); };
  if (has_base && std::all_of(base.begin(), base.end(), is_first)) {
    text.base = number_literal(base.front());
  } else if (has_base) {
    core.definitions += fmt::format("_base = {}\n", tuple(base));
    text.base = "_base";
  }
  if (code.leaves.outputs.empty()) return text;
  std::vector<double> units;
  for (const OutputUnit& output : code.leaves.outputs) units.push_back(std::exp2(-output.places));
  core.definitions += fmt::format("_units = {}\n", tuple(units));
  text.units = "_units";
  return text;
}

/// Output `index` of the sum `sum`, an expression that binds like a product.
std::string finished(const c::TreeCode& code, const PerOutput& of_output, std::string sum, std::string_view index) {
  if (code.leaves.places) {
    const int places = *code.leaves.places;
    return places == 0 ? "float(" + sum + ")" : sum + " * " + number_literal(std::exp2(-places));
  }
  const double divisor = code.ensemble.divisor * code.leaves.unit;
  if (!of_output.units.empty()) {
    sum += fmt::format(" * {}[{}]", of_output.units, index);
  } else if (code.ensemble.scale != 1.0) {
    sum += " * " + number_literal(code.ensemble.scale / divisor);
  } else if (divisor != 1.0) {
    sum += " / " + number_literal(divisor);
  } else {
    sum = "float(" + sum + ")";
  }
  if (starts_with_base(code) || of_output.base.empty()) return sum;
  return fmt::format("{} + {}", sum, of_output.base_of(index));
}

/// Of leaves in float: _run has their codes, and Python adds up.
std::string float_outputs(Core& core, const Trees& trees, const PerOutput& of_output) {
  const c::TreeCode& code = trees.code;
  std::vector<std::int64_t> bits;
  for (const float value : code.leaves.values) bits.push_back(std::bit_cast<std::int32_t>(value));
  core.definitions += fmt::format("_v = array(\"f\", {})\n", bytes_literal(little_endian(bits, 4), "    "));
  core.parts.push_back({"leaf values", 4 * bits.size()});
  core.ram += 4 * bits.size();
  const std::string start = starts_with_base(code) && !of_output.base.empty() ? of_output.base_of("i") : "0.0";
  std::string text = fmt::format("for i in range({}):\n    out[i] = {}\n", code.ensemble.n_outputs, start);
  if (code.leaves.width > 1) {
    text +=
        fmt::format("for c in _w:\n    for i in range({0}):\n        out[i] += _v[c * {0} + i]\n", code.leaves.width);
  } else if (code.ensemble.n_outputs == 1) {
    text += "for c in _w:\n    out[0] += _v[c]\n";
  } else {
    std::vector<std::int64_t> outputs;
    for (const std::uint32_t tree : code.plan.tree_order) outputs.push_back(code.ensemble.trees[tree].first_output);
    core.definitions += table_line("_o", outputs, 2);
    core.parts.push_back({"tree outputs", 2 * outputs.size()});
    core.ram += 2 * outputs.size();
    text += fmt::format("for i in range({}):\n    out[_o[i]] += _v[_w[i]]\n", trees.n_trees());
  }
  const std::string value = finished(code, of_output, "out[i]", "i");
  if (value == "float(out[i])") return text;
  return text + fmt::format("for i in range({}):\n    out[i] = {}\n", code.ensemble.n_outputs, value);
}

/// The only sum with what it begins with.
std::string whole_sum(const Trees& trees) {
  const std::int64_t start = trees.code.leaves.start;
  const std::string call = run_call(trees, Until::all);
  return start == 0 ? call : fmt::format("({} + {})", call, start);
}

std::string outputs_text(Core& core, const Trees& trees) {
  const c::TreeCode& code = trees.code;
  const PerOutput of_output = add_output_tables(core, code);
  if (trees.sums == Sums::single && code.leaves.is_pair) {
    const auto total = static_cast<std::int64_t>(code.leaves.unit) * static_cast<std::int64_t>(trees.n_trees());
    return fmt::format("a = {}\nout[0] = {}\nout[1] = {}\n", whole_sum(trees),
                       finished(code, of_output, fmt::format("({} - a)", total), "0"),
                       finished(code, of_output, "a", "1"));
  }
  if (trees.sums == Sums::single) return fmt::format("out[0] = {}\n", finished(code, of_output, whole_sum(trees), "0"));
  const std::string call = run_call(trees, Until::all) + "\n";
  if (trees.sums == Sums::codes) return call + float_outputs(core, trees, of_output);
  return call + fmt::format("for i in range({}):\n    out[i] = {}\n", code.ensemble.n_outputs,
                            finished(code, of_output, "_w[i]", "i"));
}

/// The class of the only target, where the sums tell.
std::string decision_text(const Trees& trees) {
  const c::TreeCode& code = trees.code;
  if (trees.finds_largest()) return run_call(trees, Until::decided);
  if (trees.sums != Sums::single) return "";
  if (code.leaves.is_pair && c::keeps_order(code)) {
    const auto total = static_cast<std::int64_t>(code.leaves.unit) * static_cast<std::int64_t>(trees.n_trees());
    return fmt::format("int({} > {})", run_call(trees, Until::all), total / 2);
  }
  const std::optional<layout::SumRule> rule = c::find_sum_rule(code);
  if (!rule) return "";
  if (rule->holds_at_lowest == rule->holds_at_highest) return rule->holds_at_lowest ? "1" : "0";
  return fmt::format("int({} {} {})", run_call(trees, Until::all), rule->holds_at_highest ? ">=" : "<",
                     rule->first - code.leaves.start);
}

}  // namespace

Core emit_trees(const model::Model& model, const model::TreeEnsemble& ensemble, const c::EmitConfig& config) {
  c::TreeCode code = c::make_tree_code(model, ensemble, config);
  code.plan = layout::plan_trees(ensemble, predictor_input(model).type, code.leaves.codes, code.leaves.n_codes,
                                 layout::ChildOrder::left, c::tree_order(code));
  const Trees trees = plan_trees(code);
  Core core;
  add_walker(core, trees);
  core.outputs = outputs_text(core, trees);
  core.decision = decision_text(trees);
  return core;
}

}  // namespace emlc::py
