#include "codegen/c/scaler/scaler.hpp"

#include <algorithm>
#include <cmath>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/tables.hpp"
#include "codegen/c/scaler/steps.hpp"

namespace emlc::c {
namespace {

using model::Scaler;
using model::ScalerOp;

/// What a scaler does to z: the expressions are literals, or elements of tables printed to `tables`.
struct ScalerCode {
  Printer& tables;
  const Names& names;
  std::size_t bytes = 0;  ///< of the tables
};

/// One number per feature as an expression of i: a literal when all features have the same.
std::string per_feature(ScalerCode& code, const std::vector<double>& values, const std::string& name) {
  std::vector<std::string> literals;
  literals.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    literals.push_back(rounded_literal(values[i], fmt::format("{}[{}]", name, i)));
  }
  if (std::equal(literals.begin() + 1, literals.end(), literals.begin())) return literals[0];
  const std::string symbol = fmt::format("{}{}_", code.names.symbol, name);
  print_table(code.tables, code.names, "float", symbol, literals);
  code.bytes += sizeof(float) * values.size();
  return fmt::format("{}READ_F32(&{}[i])", code.names.macro, symbol);
}

/// True when the first scaler takes a number off an int32 that float32 cannot tell from its neighbours.
bool is_far_off(const model::Model& model) {
  constexpr double last_without_gaps = 0x1p24;
  const Scaler& first = model.scalers.front();
  return model.steps.empty() && model.input.type == model::NumberType::int32 && first.op == ScalerOp::subtract_divide &&
         std::any_of(first.offset.begin(), first.offset.end(),
                     [](double offset) { return std::abs(offset) >= last_without_gaps; });
}

/// z - offset. A difference of int32 is taken of two parts that are floats exactly, the larger one first.
std::string difference(const model::Model& model, std::size_t index, const std::string& offset) {
  if (index == 0 && is_far_off(model)) {
    return fmt::format("((float)(x[i] & ~(int32_t)255) - {}) + (float)(x[i] & 255)", offset);
  }
  return fmt::format("z - {}", offset);
}

/// Dividing costs several times a product without an FPU divider, so the reciprocal is stored; x - offset comes first,
/// as in the model, so that large offsets do not cancel badly.
std::string scaled(ScalerCode& code, const model::Model& model, std::size_t index) {
  const Scaler& scaler = model.scalers[index];
  std::vector<double> factor = scaler.scale;
  if (scaler.op == ScalerOp::subtract_divide) {
    for (double& value : factor) value = 1.0 / value;
  }
  const std::string offset = per_feature(code, scaler.offset, fmt::format("scaler{}_offset", index));
  if (std::all_of(factor.begin(), factor.end(), [](double value) { return value == 1.0; })) {
    return scaler.op == ScalerOp::subtract_divide ? difference(model, index, offset) : fmt::format("z + {}", offset);
  }
  const std::string scale = per_feature(code, factor, fmt::format("scaler{}_scale", index));
  if (scaler.op == ScalerOp::multiply_add) return fmt::format("z * {} + {}", scale, offset);
  return fmt::format("({}) * {}", difference(model, index, offset), scale);
}

void print_clip(Printer& out, const Scaler& scaler) {
  const auto [low, high] = *scaler.clip;
  out.line("if (z < {0}) z = {0};", rounded_literal(low, "scaler.clip"));
  out.line("if (z > {0}) z = {0};", rounded_literal(high, "scaler.clip"));
}

/// The scalers, one after the other for each column: from x, or behind steps of what they left in out.
void print_scalers(ScalerCode& code, Printer& out, const model::Model& model) {
  out.line("for (size_t i = 0; i < {}; ++i) {{", n_columns(model));
  {
    const auto loop = out.indent();
    if (is_far_off(model)) {
      out.line("float z;");
    } else {
      out.line("float z = {};", model.steps.empty() ? "(float)x[i]" : "out[i]");
    }
    for (std::size_t index = 0; index < model.scalers.size(); ++index) {
      out.line("z = {};", scaled(code, model, index));
      if (model.scalers[index].clip) print_clip(out, model.scalers[index]);
    }
    out.line("out[i] = z;");
  }
  out.line("}}");
}

}  // namespace

void add_scaler(Core& core, const model::Model& model, const Names& names) {
  Printer tables, out;
  ScalerCode code{tables, names};
  out.line("{} void {}scale_(const {} *x, float *out) {{", names.function, names.symbol, names.feature);
  {
    const auto body = out.indent();
    if (!model.steps.empty()) print_steps(core, tables, out, code.bytes, model, names);
    if (!model.scalers.empty()) print_scalers(code, out, model);
  }
  out.line("}}");
  out.line("");
  std::string text = out.text();
  // Integers are never missing: what asks for that alone reads nothing.
  if (text.find("x[") == std::string::npos) text.insert(text.find("{\n") + 2, "  (void)x;\n");
  core.definitions += tables.text() + "\n" + text;
  if (code.bytes != 0) core.parts.push_back({model.steps.empty() ? "scaler" : "steps", code.bytes});
}

Core emit_scaler(const model::Model& model, const Names& names) {
  Core core;
  add_scaler(core, model, names);
  core.frames = 24;
  core.code_kind = "scaler";
  return core;
}

}  // namespace emlc::c
