#include "codegen/c/scaler/step_code.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/scaler/curves.hpp"

namespace emlc::c {
namespace {

using model::NumberType;

/// Lists that are not longer are written out.
constexpr std::size_t most_written = 4;

bool is_float32(double value) { return model::round_to(NumberType::float32, value) == value; }

/// `z == number`, of values that the device has: 0 where none of them is.
std::string equals(const StepCode& code, std::string_view z, double number) {
  const model::NumberTypeInfo& type = model::info(code.from.type);
  if (!type.is_integer) return is_float32(number) ? fmt::format("{} == {}", z, float_literal(number)) : "0";
  const bool is_value = number == std::floor(number) && number >= type.lowest && number <= type.highest;
  return is_value ? fmt::format("{} == {}", z, integer_literal(static_cast<long long>(number))) : "0";
}

/// True where z, of the row's type, is missing.
std::string is_missing(const StepCode& code, std::string_view z, double missing) {
  if (!std::isnan(missing)) return equals(code, z, missing);
  return model::info(code.from.type).is_integer ? "0" : fmt::format("{0} != {0}", z);
}

std::string any_equal(const StepCode& code, std::string_view z, const std::vector<double>& numbers) {
  std::vector<std::string> terms;
  for (const double number : numbers) {
    std::string term = equals(code, z, number);
    if (term != "0") terms.push_back(std::move(term));
  }
  return terms.empty() ? "0" : fmt::format("{}", fmt::join(terms, " || "));
}

/// One element of a list for each column of the run: the expression of i.
std::string per_column(const StepCode& code, std::string_view name, const std::vector<double>& values) {
  const bool is_one = std::all_of(values.begin(), values.end(), [&](double value) { return value == values.front(); });
  return is_one ? rounded_literal(values.front(), name) : code.floats(name, values, "i");
}

/// The type of the row that a step reads, for values that are compared as they come.
std::string type_of(const StepCode& code) {
  return model::info(code.from.type).is_integer ? code.names.feature : std::string("float");
}

struct Printing {
  const StepCode& code;

  void set(std::string_view index, std::string_view value) const {
    code.out.line("{} = {};", code.result(index), value);
  }
  void set_flag(std::string_view index, const std::string& condition) const {
    set(index, condition == "0" ? "0.0f" : fmt::format("{} ? 1.0f : 0.0f", condition));
  }

  void operator()(const model::Scaler& scaler) const {
    code.each(scaler.offset.size(), [&] {
      std::vector<double> factor = scaler.scale;
      const bool divides = scaler.op == model::ScalerOp::subtract_divide;
      if (divides) {
        for (double& value : factor) value = 1.0 / value;
      }
      const std::string offset = per_column(code, "offset", scaler.offset), scale = per_column(code, "scale", factor);
      code.out.line("z = {};",
                    divides ? fmt::format("(z - {}) * {}", offset, scale) : fmt::format("z * {} + {}", scale, offset));
      if (scaler.clip) {
        code.out.line("if (z < {0}) z = {0};", rounded_literal(scaler.clip->first, "clip"));
        code.out.line("if (z > {0}) z = {0};", rounded_literal(scaler.clip->second, "clip"));
      }
      set("i", "z");
    });
  }
  void operator()(const model::Columns& columns) const {
    if (columns.indices.size() <= most_written) {
      for (std::size_t i = 0; i < columns.indices.size(); ++i) {
        set(fmt::to_string(i), fmt::format("(float){}", code.in(fmt::to_string(columns.indices[i]))));
      }
      return;
    }
    const std::vector<std::size_t> indices(columns.indices.begin(), columns.indices.end());
    const std::string index = code.numbers("columns", indices, "i");
    code.out.line("for (size_t i = 0; i < {}; ++i) {} = (float){};", indices.size(), code.result("i"), code.in(index));
  }
  void operator()(const model::Impute& impute) const {
    for (std::size_t i = 0; i < impute.values.size(); ++i) {
      const std::string z = code.in(fmt::to_string(i)), column = fmt::to_string(i);
      const std::string missing = is_missing(code, z, impute.missing);
      const bool can_be = !std::isnan(impute.values[i]) && missing != "0";
      if (!can_be && code.from.array == code.to.array) continue;
      set(column, can_be ? fmt::format("{} ? {} : (float){}", missing, rounded_literal(impute.values[i], "values"), z)
                         : fmt::format("(float){}", z));
    }
  }
  void operator()(const model::MissingIndicator& indicator) const {
    const std::string missing = is_missing(code, code.in("i"), indicator.missing);
    code.out.line("for (size_t i = 0; i < {}; ++i) {} = {};", indicator.n_columns, code.result("i"),
                  missing == "0" ? "0.0f" : fmt::format("{} ? 1.0f : 0.0f", missing));
  }
  void operator()(const model::OneHot& one_hot) const {
    std::size_t next = 0;
    for (std::size_t i = 0; i < one_hot.categories.size(); ++i) {
      const model::Categories& column = one_hot.categories[i];
      const std::string z = code.in(fmt::to_string(i));
      if (!column) {
        set(fmt::to_string(next++), fmt::format("(float){}", z));
        continue;
      }
      print_one_hot(*column, i, next);
      next += column->size();
    }
  }
  void print_one_hot(const std::vector<std::vector<double>>& outputs, std::size_t column, std::size_t next) const {
    const bool are_single = std::all_of(outputs.begin(), outputs.end(), [](const auto& listed) {
      return listed.size() == 1 && is_float32(listed.front());
    });
    const bool is_table = are_single && outputs.size() > most_written && !model::info(code.from.type).is_integer;
    const std::string z = code.in(fmt::to_string(column));
    if (!is_table) {
      for (std::size_t part = 0; part < outputs.size(); ++part) {
        set_flag(fmt::to_string(next + part), any_equal(code, z, outputs[part]));
      }
      return;
    }
    std::vector<double> numbers;
    for (const auto& listed : outputs) numbers.push_back(listed.front());
    const std::string number = code.floats(fmt::format("categories{}", column), numbers, "i");
    code.out.line("for (size_t i = 0; i < {}; ++i) {} = {} == {} ? 1.0f : 0.0f;", numbers.size(),
                  code.result(fmt::format("{} + i", next)), z, number);
  }
  void operator()(const model::Lookup& lookup) const {
    for (std::size_t i = 0; i < lookup.from.size(); ++i) print_lookup(lookup, i);
  }
  void print_lookup(const model::Lookup& lookup, std::size_t column) const {
    std::vector<double> from, to;
    for (std::size_t i = 0; i < lookup.from[column].size(); ++i) {
      if (equals(code, "z", lookup.from[column][i]) == "0") continue;  // no value of the device
      from.push_back(lookup.from[column][i]);
      to.push_back(lookup.to[column][i]);
    }
    const bool has_other = !std::isnan(lookup.otherwise[column]);
    if (!has_other) code.core.headers.insert("math.h");
    const std::string otherwise = has_other ? rounded_literal(lookup.otherwise[column], "otherwise") : "NAN";
    const bool has_nan = !model::info(code.from.type).is_integer && has_other;
    code.out.line("{{");
    {
      const auto body = code.out.indent();
      code.out.line("const {} z = {};", type_of(code), code.in(fmt::to_string(column)));
      code.out.line("float y = {};", has_nan ? fmt::format("z == z ? {} : z", otherwise) : otherwise);
      if (from.size() <= most_written || model::info(code.from.type).is_integer) {
        for (std::size_t i = 0; i < from.size(); ++i) {
          code.out.line("if ({}) y = {};", equals(code, "z", from[i]), rounded_literal(to[i], "to"));
        }
      } else {
        const std::string source = code.floats(fmt::format("from{}", column), from, "i");
        const std::string target = code.floats(fmt::format("to{}", column), to, "i");
        code.out.line("for (size_t i = 0; i < {}; ++i) {{", from.size());
        code.out.line("  if (z == {}) y = {};", source, target);
        code.out.line("}}");
      }
      if (from.empty() && !has_nan) code.out.line("(void)z;");
      set(fmt::to_string(column), "y");
    }
    code.out.line("}}");
  }
  void operator()(const model::Bins& bins) const {
    for (std::size_t i = 0; i < bins.edges.size(); ++i) code.one(i, [&] { print_bins(bins.edges[i], i); });
  }
  void print_bins(const std::vector<double>& edges, std::size_t column) const {
    std::vector<double> in_float32;
    for (const double edge : edges) in_float32.push_back(model::smallest_at_least(NumberType::float32, edge));
    const bool are_finite =
        std::all_of(in_float32.begin(), in_float32.end(), [](double e) { return std::isfinite(e); });
    code.out.line("if (z == z) {{");
    {
      const auto body = code.out.indent();
      code.out.line("float n = 0.0f;");
      if (edges.size() <= most_written || !are_finite) {
        for (const double edge : edges) code.out.line("if ({}) n += 1.0f;", at_least("z", edge));
      } else {
        const std::string edge = code.floats(fmt::format("edges{}", column), in_float32, "i");
        code.out.line("for (size_t i = 0; i < {}; ++i) {{", edges.size());
        code.out.line("  if (z >= {}) n += 1.0f;", edge);
        code.out.line("}}");
      }
      code.out.line("z = n;");
    }
    code.out.line("}}");
    set(fmt::to_string(column), "z");
  }
  void operator()(const model::Binarize& binarize) const {
    for (std::size_t i = 0; i < binarize.thresholds.size(); ++i) {
      const double above = model::next_above(NumberType::float64, binarize.thresholds[i]);
      set_flag(fmt::to_string(i), at_least(fmt::format("(float){}", code.in(fmt::to_string(i))), above));
    }
  }
  void operator()(const model::Function& function) const { print_function(code, function); }
  void operator()(const model::Power& power) const { print_power(code, power); }
  void operator()(const model::Quantile& quantile) const { print_quantile(code, quantile); }
  void operator()(const model::Linear& linear) const {
    if (linear.bias.empty()) return;  // nothing behind it looks at its results
    const auto n_in = static_cast<std::size_t>(linear.n_in);
    code.out.line("for (size_t k = 0; k < {}; ++k) {{", linear.bias.size());
    {
      const auto body = code.out.indent();
      code.out.line("float z = {};", code.floats("bias", linear.bias, "k"));
      code.out.line("for (size_t i = 0; i < {}; ++i) z += {} * (float){};", n_in,
                    code.floats("weights", linear.weights, fmt::format("k * {} + i", n_in)), code.in("i"));
      set("k", "z");
    }
    code.out.line("}}");
  }
  void operator()(const model::Polynomial& polynomial) const {
    for (std::size_t i = 0; i < polynomial.terms.size(); ++i) {
      std::vector<std::string> factors;
      for (const std::int32_t column : polynomial.terms[i]) {
        factors.push_back(fmt::format("(float){}", code.in(fmt::to_string(column))));
      }
      set(fmt::to_string(i), factors.empty() ? "1.0f" : fmt::format("{}", fmt::join(factors, " * ")));
    }
  }
  void operator()(const model::Normalize& normalize) const { print_normalize(code, normalize); }
};

/// Does a step make each column of itself?
struct KeepsColumns {
  bool operator()(const model::Scaler& /*step*/) const { return true; }
  bool operator()(const model::Columns& /*step*/) const { return false; }
  bool operator()(const model::Impute& /*step*/) const { return true; }
  bool operator()(const model::MissingIndicator& /*step*/) const { return true; }
  bool operator()(const model::OneHot& /*step*/) const { return false; }
  bool operator()(const model::Lookup& /*step*/) const { return true; }
  bool operator()(const model::Bins& /*step*/) const { return true; }
  bool operator()(const model::Binarize& /*step*/) const { return true; }
  bool operator()(const model::Function& /*step*/) const { return true; }
  bool operator()(const model::Power& /*step*/) const { return true; }
  bool operator()(const model::Quantile& /*step*/) const { return true; }
  bool operator()(const model::Linear& /*step*/) const { return false; }
  bool operator()(const model::Polynomial& /*step*/) const { return false; }
  bool operator()(const model::Normalize& /*step*/) const { return true; }
};

}  // namespace

bool is_in_place(const model::Step& step) { return std::visit(KeepsColumns{}, step.kind); }

void print_step(const StepCode& code, const model::Step& step) { std::visit(Printing{code}, step.kind); }

}  // namespace emlc::c
