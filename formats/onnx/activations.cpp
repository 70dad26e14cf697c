#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "codegen/model/dense/dense_network.hpp"
#include "formats/onnx/call.hpp"
#include "formats/onnx/rows.hpp"

/// What is done to each number of a layer's outputs, or to a row of them together.
namespace emlc::formats::onnx {
namespace {

Outcome activation(const Call& call, model::Activation kind, double alpha) {
  return {{activated(call, call.rows(0), kind, alpha)}, fmt::format("activation {}", model::name(kind))};
}

Outcome relu(const Call& call) { return activation(call, model::Activation::relu, 0.0); }
Outcome tanh(const Call& call) { return activation(call, model::Activation::tanh, 0.0); }
Outcome softplus(const Call& call) { return activation(call, model::Activation::softplus, 0.0); }
Outcome leaky_relu(const Call& call) {
  return activation(call, model::Activation::leaky_relu, call.number("alpha", 0.01F));
}
Outcome elu(const Call& call) { return activation(call, model::Activation::elu, call.number("alpha", 1.0)); }

/// x * factor + addend, the same for all columns.
struct Line {
  double factor = 1.0, addend = 0.0;
};

Rows along(const Call& call, Rows rows, const Line& line) {
  if (line.factor == 1.0 && line.addend == 0.0) return rows;
  const auto n = static_cast<std::size_t>(rows.width);
  return adjusted(call, std::move(rows), std::vector<double>(n, line.factor), std::vector<double>(n, line.addend));
}

/// An activation with what is done before and behind it.
Rows rescaled(const Call& call, const Line& before, model::Activation kind, double alpha, const Line& behind) {
  return along(call, activated(call, along(call, call.rows(0), before), kind, alpha), behind);
}

/// gamma * elu(x)
Outcome selu(const Call& call) {
  const double alpha = call.number("alpha", 1.67326319217681884765625F);
  const double gamma = call.number("gamma", 1.05070102214813232421875F);
  return {{rescaled(call, {}, model::Activation::elu, alpha, {gamma, 0.0})},
          fmt::format("activation elu, times {}", gamma)};
}

/// max(0, x) + min(0, alpha (exp(x / alpha) - 1)), which is alpha elu(x / alpha).
Outcome celu(const Call& call) {
  const double alpha = call.number("alpha", 1.0);
  if (!(alpha > 0.0)) call.fail(fmt::format("has an alpha of {}, expected more than 0", alpha));
  return {{rescaled(call, {1.0 / alpha, 0.0}, model::Activation::elu, 1.0, {alpha, 0.0})},
          fmt::format("activation elu, in units of {}", alpha)};
}

/// alpha * x + beta, limited to 0 and 1: a sixth of relu6.
Outcome hard_sigmoid(const Call& call) {
  constexpr double six = 6.0;
  const double alpha = call.number("alpha", 0.2F), beta = call.number("beta", 0.5);
  return {{rescaled(call, {six * alpha, six * beta}, model::Activation::relu6, 0.0, {1.0 / six, 0.0})},
          "activation relu6, a sixth of it"};
}

/// Behind trees a post-transform, else an activation.
Outcome transformed(const Call& call, StepKind step, model::Activation kind) {
  const Rows& rows = call.rows(0);
  if (!rows.forest) return activation(call, kind, 0.0);
  return {{stepped(call, rows, {step})}, fmt::format("post-transform {}", model::name(kind))};
}

Outcome sigmoid(const Call& call) { return transformed(call, StepKind::sigmoid, model::Activation::logistic); }

/// Each row in the order of its columns.
Outcome in_order(const Call& call, Outcome outcome) {
  auto& lineage = std::get<Rows>(outcome.outputs.front()).lineage;
  lineage.insert(lineage.begin(), call.rows(0).lineage.begin(), call.rows(0).lineage.end());
  return outcome;
}

void require_whole_rows(const Call& call) {
  call.require_columns(call.integer("axis", call.node().opset < 13 ? 1 : -1));
}

Outcome softmax(const Call& call) {
  require_whole_rows(call);
  return in_order(call, transformed(call, StepKind::softmax, model::Activation::softmax));
}

Outcome log_softmax(const Call& call) {
  require_whole_rows(call);
  return in_order(call, {{stepped(call, call.rows(0), {StepKind::log_softmax})}, "post-transform log_softmax"});
}

Outcome p_relu(const Call& call) {
  const Rows& rows = call.rows(0);
  std::vector<double> slopes = by_column(call, call.constant(1), rows.width);
  const bool is_one = std::all_of(slopes.begin(), slopes.end(), [&](double slope) { return slope == slopes.front(); });
  if (is_one) return activation(call, model::Activation::leaky_relu, slopes.front());
  return {{sloped(call, rows, std::move(slopes))}, "activation prelu"};
}

/// Bounds of a Clip: from version 11 on inputs, before that attributes. Infinite where there is none.
std::pair<double, double> bounds_of(const Call& call) {
  const auto bound = [&](std::string_view attribute, std::size_t input, double otherwise) {
    const double value = call.has_input(input) ? call.vector(input, 1).front() : call.number(attribute, otherwise);
    return std::abs(value) >= std::numeric_limits<float>::max() ? otherwise : value;
  };
  return {bound("min", 1, -model::infinity), bound("max", 2, model::infinity)};
}

/// Limits of the outputs of a layer by ReLU and ReLU6, in another unit and from another zero.
Outcome clip_outputs(const Call& call, double low, double high) {
  if (!(low < high)) call.fail(fmt::format("clips to {} to {}, which leaves one number of all", low, high));
  if (low == 0.0 && std::isinf(high)) return activation(call, model::Activation::relu, 0.0);
  constexpr double six = 6.0;
  if (low == 0.0 && high == six) return activation(call, model::Activation::relu6, 0.0);
  const auto limited = [&](model::Activation kind, double unit, double zero) {
    return Outcome{{rescaled(call, {1.0 / unit, -zero / unit}, kind, 0.0, {unit, zero})},
                   fmt::format("activation {}, of (x - {}) / {}", model::name(kind), zero, unit)};
  };
  if (std::isinf(high)) return limited(model::Activation::relu, 1.0, low);
  if (std::isinf(low)) return limited(model::Activation::relu, -1.0, high);
  return limited(model::Activation::relu6, (high - low) / six, low);
}

/// Of the input a scaler that clips.
Outcome clip(const Call& call) {
  const auto [low, high] = bounds_of(call);
  const Rows& rows = call.rows(0);
  const auto n = static_cast<std::size_t>(rows.width);
  if (!(low <= high)) call.fail(fmt::format("clips to {} to {}, expected the lower one first", low, high));
  if (std::isinf(low) && std::isinf(high)) return {{rows}, "nothing: there is no limit"};
  if (!is_features(rows) || std::isinf(low) || std::isinf(high)) return clip_outputs(call, low, high);
  return {{scaled(rows, {.op = model::ScalerOp::multiply_add,
                         .offset = std::vector<double>(n, 0.0),
                         .scale = std::vector<double>(n, 1.0),
                         .clip = std::pair{low, high}})},
          "scaler that clips"};
}

}  // namespace

std::span<const Operator> activation_operators() {
  static constexpr std::array rows = {
      Operator{"", "Relu", 6, 26, "", relu},
      Operator{"", "LeakyRelu", 6, 26, "alpha", leaky_relu},
      Operator{"", "Elu", 6, 26, "alpha", elu},
      Operator{"", "PRelu", 7, 26, "", p_relu},
      Operator{"", "Tanh", 6, 26, "", tanh},
      Operator{"", "Sigmoid", 6, 26, "", sigmoid},
      Operator{"", "Softmax", 1, 26, "axis", softmax},
      Operator{"", "LogSoftmax", 1, 26, "axis", log_softmax},
      Operator{"", "Softplus", 1, 26, "", softplus},
      Operator{"", "Clip", 6, 26, "min max", clip},
      Operator{"", "Selu", 6, 26, "alpha gamma", selu},
      Operator{"", "Celu", 12, 26, "alpha", celu},
      Operator{"", "HardSigmoid", 6, 26, "alpha beta", hard_sigmoid},
  };
  return rows;
}

}  // namespace emlc::formats::onnx
