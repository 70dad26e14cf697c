#include "codegen/c/frame/predictor.hpp"

#include "codegen/c/common/largest_two.hpp"
#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/post_transform.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/c/frame/api.hpp"
#include "codegen/c/scaler/scaler.hpp"
#include "codegen/layout/decision.hpp"
#include "codegen/signal/decision/decision.hpp"

namespace emlc::c {
namespace {

using model::DecisionRule;
using signal::DecisionFilter;

/// Prints into one Core.
struct Printing {
  Core& core;
  const model::Model& model;
  const Names& names;
  Printer& out;
  std::string_view tail{};  ///< of the functions: `q_` for those that take codes
  std::string type{};       ///< of the values they take
  /// What gives the raw outputs; a model that is its scalers alone has no function behind them.
  std::string_view raw = "raw_";
  bool scales = false;
};

/// The array that the core reads, after the scalers when there are any.
std::string_view print_input(const Printing& part) {
  if (!part.scales) return "x";
  part.out.line("float scaled[{}];", n_columns(part.model));
  part.out.line("{}scale_(x, scaled);", part.names.symbol);
  return "scaled";
}

void print_outputs(const Printing& part) {
  const Names& names = part.names;
  part.out.line("{} void {}outputs_{}(const {} *x, float *out) {{", names.function, names.symbol, part.tail, part.type);
  {
    const auto body = part.out.indent();
    const std::string_view input = print_input(part);
    part.out.line("{}{}{}({}, out);", names.symbol, part.raw, part.tail, input);
    print_post_transform(part.out, part.core, names, layout::post_transform_of(part.model),
                         {"out", part.model.output.n_outputs});
  }
  part.out.line("}}");
  part.out.line("");
}

/// What column `index` of out, which is raw or after the post-transform, says about class 1.
std::string comparison(const Printing& part, std::size_t index) {
  const model::Output& output = part.model.output;
  const std::string column = fmt::format("out[{}]", index);
  if (const auto raw = layout::raw_comparison(output, layout::post_transform_of(part.model))) {
    switch (raw->kind) {
      case layout::RawComparison::Kind::at_least:
        return fmt::format("{} >= {}", column, float_literal(static_cast<double>(raw->bound)));
      case layout::RawComparison::Kind::at_most:
        return fmt::format("{} <= {}", column, float_literal(static_cast<double>(raw->bound)));
      case layout::RawComparison::Kind::always:
        return "1";
      case layout::RawComparison::Kind::never:
        return "0";
    }
  }
  return passes_threshold(output, column);
}

std::string class_of_target(const Printing& part, std::size_t target, int first_column) {
  if (part.model.output.rule != DecisionRule::argmax) return comparison(part, target);
  part.core.helpers.insert(Helper::argmax);
  const std::string columns = first_column == 0 ? "out" : fmt::format("out + {}", first_column);
  return fmt::format("{}({}, {})", helper_name(Helper::argmax, part.names), columns,
                     part.model.output.targets[target].size);
}

bool decides_on_raw(const model::Model& model) {
  if (model.output.rule == DecisionRule::argmax) return layout::argmax_is_on_raw(model);
  return layout::raw_comparison(model.output, layout::post_transform_of(model)).has_value();
}

void print_classes(const Printing& part) {
  const Names& names = part.names;
  part.out.line("float out[{}];", part.model.output.n_outputs);
  if (decides_on_raw(part.model)) {
    const std::string_view input = print_input(part);
    part.out.line("{}{}{}({}, out);", names.symbol, part.raw, part.tail, input);
  } else {
    part.out.line("{}outputs_{}(x, out);", names.symbol, part.tail);
  }
  const auto& targets = part.model.output.targets;
  if (targets.size() == 1) return part.out.line("return {};", class_of_target(part, 0, 0));
  int column = 0;
  for (std::size_t target = 0; target < targets.size(); ++target) {
    part.out.line("classes[{}] = {};", target, class_of_target(part, target, column));
    column += targets[target].size;
  }
}

void print_classify(const Printing& part) {
  const Names& names = part.names;
  const bool is_single = part.model.output.targets.size() == 1;
  part.out.line("{} {} {}classify_{}(const {} *x{}) {{", names.function, is_single ? "int" : "void", names.symbol,
                part.tail, part.type, is_single ? "" : ", int *classes");
  {
    const auto body = part.out.indent();
    if (part.core.has_decide) {
      const std::string_view input = print_input(part);
      part.out.line("{}{}decide_{}({}{});", is_single ? "return " : "", names.symbol, part.tail, input,
                    is_single ? "" : ", classes");
    } else {
      print_classes(part);
    }
  }
  part.out.line("}}");
}

/// Of one output: votes change at most twice along it, mostly before the post-transform, so that none is computed.
void print_vote_of_one(const Printing& part, const DecisionFilter& filter) {
  const model::Output& output = part.model.output;
  const auto vote_of = [&](double value) { return signal::vote_of(filter, output, std::span(&value, 1)); };
  const auto of_raw = layout::raw_votes(layout::post_transform_of(part.model), vote_of);
  const std::string_view function = of_raw ? part.raw : "outputs_";
  const std::string_view input = of_raw ? print_input(part) : "x";
  part.out.line("float out;");
  part.out.line("{}{}({}, &out);", part.names.symbol, function, input);
  const layout::RawVotes votes = of_raw ? *of_raw : *layout::raw_votes({}, vote_of);
  if (votes.low == votes.high) return part.out.line("return out >= out ? {} : -1; /* NaN: none */", votes.low);
  part.out.line("if (out >= {}) return {};", float_literal(double{votes.first}), votes.high);
  part.out.line("return out <= {} ? {} : -1;", float_literal(double{votes.last}), votes.low);
}

void print_vote_of_largest(const Printing& part, const DecisionFilter& filter) {
  const std::int32_t n = part.model.output.n_outputs;
  part.out.line("float out[{}];", n);
  part.out.line("int best = 0, second = 1;");
  part.out.line("{}outputs_(x, out);", part.names.symbol);
  print_largest_two(part.out, "out", n);
  // Of two a NaN is in the difference anyway.
  if (n > 2) {
    part.out.line("for (int i = 0; i < {}; ++i) {{", n);
    part.out.line("  if (!(out[i] >= out[i])) return -1; /* NaN */");
    part.out.line("}}");
  }
  part.out.line("return out[best] - out[second] >= {} ? best : -1;",
                rounded_literal(*filter.reject_below, "decision.reject_below"));
}

/// What a window votes for.
void print_vote(const Printing& part, const DecisionFilter& filter) {
  const Names& names = part.names;
  part.out.line("");
  part.out.line("{} int {}voted_(const {} *x) {{", names.function, names.symbol, part.type);
  {
    const auto body = part.out.indent();
    if (!filter.reject_below) {
      part.out.line("return {}classify_(x);", names.symbol);
    } else if (part.core.has_judge) {
      const std::string_view input = print_input(part);
      part.out.line("return {}judge_({});", names.symbol, input);
    } else if (part.model.output.n_outputs == 1) {
      print_vote_of_one(part, filter);
    } else {
      print_vote_of_largest(part, filter);
    }
  }
  part.out.line("}}");
}

void print_answers(const Printing& part) {
  print_outputs(part);
  if (part.model.output.rule == DecisionRule::none) return;
  print_classify(part);
  if (!part.core.has_decide) part.core.ram += sizeof(float) * static_cast<std::size_t>(part.model.output.n_outputs);
}

}  // namespace

void add_predictor(Core& core, const model::Model& model, const DecisionFilter* filter, const Names& names) {
  Printer out;
  Printing part{core, model, names, out, "", names.feature, "raw_", !takes_inputs(model)};
  if (part.scales) {
    add_scaler(core, model, names);
    core.ram += sizeof(float) * static_cast<std::size_t>(n_columns(model));
    core.frames += 16;  // of the function that scales
  }
  print_answers(part);
  if (filter != nullptr) print_vote(part, *filter);
  if (integers_of(model) != nullptr) {
    const Printing of_codes{core, model, names, out, "q_", names.quantized, "raw_", part.scales};
    out.line("");
    print_answers(of_codes);
  }
  core.definitions += out.text();
}

void add_scaler_answers(Core& core, const model::Model& model, const Names& names) {
  Printer out;
  print_answers({core, model, names, out, "", names.feature, "scale_", false});
  core.definitions += out.text();
}

}  // namespace emlc::c
