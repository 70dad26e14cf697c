#include "codegen/passes/chains/origins.hpp"

#include <algorithm>
#include <cmath>

namespace emlc::passes {
namespace {

using model::StepOutput;
using Outputs = std::vector<StepOutput>;

/// What a device that computes in float32 makes of a number.
enum class Device { exact, rounds };

bool is_float32(double number) {
  return std::isnan(number) || model::round_to(model::NumberType::float32, number) == number;
}
Device of_numbers(std::span<const double> numbers) {
  return std::all_of(numbers.begin(), numbers.end(), is_float32) ? Device::exact : Device::rounds;
}
bool is_power_of_two(double number) {
  int exponent = 0;
  return std::frexp(number, &exponent) == 0.5;
}

/// A column on its way back through the steps.
struct Trace {
  enum class State { open, at_ones, lost };

  Origin origin{};
  std::size_t column = 0;  ///< of the row in front of the last step that was passed
  State state = State::open;
  bool is_shared = false;  ///< another column is made of it, too

  void lose() { state = State::lost; }
};

/// Passes one step, in which the column is a function of one in front of it.
struct Passing {
  Trace& trace;
  const model::Step& step;
  std::size_t index;
  const Outputs& outputs;

  [[nodiscard]] const StepOutput& output() const { return outputs[trace.column]; }
  void go_back() const { trace.column = output().column; }
  void link() const { trace.origin.chain.links.push_back({&step, output()}); }
  void compute(Device device) const {
    if (trace.is_shared) return trace.lose();
    trace.origin.is_exact = trace.origin.is_exact && device == Device::exact;
    link();
    trace.origin.places.push_back({index, output().index});
    go_back();
  }

  void operator()(const model::Columns& /*step*/) const {
    const auto is_same_column = [&](const StepOutput& other) { return other.column == output().column; };
    trace.is_shared = trace.is_shared || std::count_if(outputs.begin(), outputs.end(), is_same_column) > 1;
    link();
    go_back();
  }
  void operator()(const model::OneHot& one_hot) const {
    if (one_hot.categories[output().index]) {
      trace.origin.input = {.type = model::NumberType::float32, .low = 0.0, .high = 1.0};
      trace.state = Trace::State::at_ones;
      return;
    }
    link();
    go_back();
  }
  void operator()(const model::Scaler& scaler) const {
    const std::size_t column = output().index;
    const bool is_free = scaler.op == model::ScalerOp::multiply_add && scaler.offset[column] == 0.0 && !scaler.clip;
    compute(is_free && is_power_of_two(scaler.scale[column]) ? Device::exact : Device::rounds);
  }
  void operator()(const model::Impute& impute) const { compute(of_numbers({&impute.values[output().index], 1})); }
  void operator()(const model::Lookup& lookup) const {
    const std::size_t column = output().index;
    compute(is_float32(lookup.otherwise[column]) ? of_numbers(lookup.to[column]) : Device::rounds);
  }
  void operator()(const model::MissingIndicator& /*step*/) const { compute(Device::exact); }
  void operator()(const model::Bins& /*step*/) const { compute(Device::exact); }
  void operator()(const model::Binarize& /*step*/) const { compute(Device::exact); }
  void operator()(const model::Function& /*step*/) const { compute(Device::rounds); }
  void operator()(const model::Power& /*step*/) const { compute(Device::rounds); }
  void operator()(const model::Quantile& /*step*/) const { compute(Device::rounds); }
  void operator()(const model::Linear& /*step*/) const { trace.lose(); }
  void operator()(const model::Polynomial& /*step*/) const { trace.lose(); }
  void operator()(const model::Normalize& /*step*/) const { trace.lose(); }
};

void pass(Trace& trace, const model::Step& step, std::size_t index, const Outputs& outputs) {
  if (trace.state != Trace::State::open) return;
  switch (outputs[trace.column].kind) {
    case StepOutput::Kind::same:
      trace.column = outputs[trace.column].column;
      break;
    case StepOutput::Kind::function:
      std::visit(Passing{trace, step, index, outputs}, step.kind);
      break;
    case StepOutput::Kind::mixed:
      trace.lose();
      break;
  }
}

std::optional<Origin> found(Trace& trace, const model::Input& input, model::NumberType type) {
  if (trace.state == Trace::State::lost) return std::nullopt;
  trace.origin.chain.column = trace.column;
  std::reverse(trace.origin.chain.links.begin(), trace.origin.chain.links.end());
  std::reverse(trace.origin.places.begin(), trace.origin.places.end());
  if (trace.state == Trace::State::open) {
    trace.origin.input.type = type;
    if (!input.minimum.empty()) trace.origin.input.low = input.minimum[trace.column];
    if (!input.maximum.empty()) trace.origin.input.high = input.maximum[trace.column];
  }
  return std::move(trace.origin);
}

}  // namespace

std::vector<std::optional<Origin>> origins_of(std::span<const model::Step> steps, std::size_t index, std::size_t n,
                                              const model::Input& input, model::NumberType type) {
  std::vector<Trace> traces(n);
  for (std::size_t i = 0; i < n; ++i) traces[i].column = static_cast<std::size_t>(steps[index].first) + i;
  const auto n_inputs = static_cast<std::size_t>(input.n_features);
  for (std::size_t at = index; at-- > 0;) {
    const Outputs outputs = model::outputs_of(steps[at], model::width_behind(steps.first(at), n_inputs));
    for (Trace& trace : traces) pass(trace, steps[at], at, outputs);
  }
  std::vector<std::optional<Origin>> origins;
  for (Trace& trace : traces) origins.push_back(found(trace, input, type));
  return origins;
}

}  // namespace emlc::passes
