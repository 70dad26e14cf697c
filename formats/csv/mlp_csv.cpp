#include "formats/csv/mlp_csv.hpp"

#include <emlc/csv_limits.h>
#include <fmt/format.h>

#include <array>
#include <optional>

#include "formats/csv/csv.hpp"
#include "formats/csv/records.hpp"
#include "formats/text/text.hpp"

namespace emlc::formats {
namespace {

using model::Activation;
using model::ScalerOp;

/// The record that has to come next; `step` is any that is not inside a scaler or a layer.
enum class Next { step, offset, scale, weights, bias };

std::string_view record_name(Next next) {
  constexpr std::array<std::string_view, 5> names = {"scaler', 'layer' or 'end", "offset", "scale", "w", "b"};
  return names.at(static_cast<std::size_t>(next));
}

/// What has been read so far.
struct State {
  model::Model model = blank_model();
  model::DenseNetwork network;
  Next next = Next::step;
  std::optional<std::int64_t> n_scalers, n_layers;
  std::vector<std::string_view> seen;
};

void require_next(const State& state, Next next, const Record& record) {
  if (state.next == next) return;
  throw Error(record.at(""), fmt::format("expected a record '{}', found '{}'", record_name(state.next), record.kind));
}

/// The numbers of the record, which has to have `n` of them.
std::vector<double> parse_row(const Record& record, std::int32_t n) {
  if (record.fields.size() != static_cast<std::size_t>(n)) {
    throw Error(record.at(record.kind), fmt::format("has {} values, expected {}", record.fields.size(), n));
  }
  return parse_floats(record.fields, record);
}

void read_network(State& state, const Record& record) {
  record.expect_fields(2, 2);
  state.n_scalers = parse_whole(record.fields[0], 0, EMLC_CSV_MOST_STEPS, record.at("scalers"));
  state.n_layers = parse_whole(record.fields[1], 0, EMLC_CSV_MOST_STEPS, record.at("layers"));
}

void read_scaler(State& state, const Record& record) {
  require_next(state, Next::step, record);
  record.expect_fields(1, 3);
  if (state.model.input.n_features == 0) throw Error(record.at(""), "expected a record 'input' before 'scaler'");
  if (!state.network.layers.empty()) throw Error(record.at(""), "a scaler comes before the layers");
  model::Scaler scaler;
  scaler.op =
      parse_enum<ScalerOp>(record.fields[0], all_scaler_ops(), scaler_op_name, "operation", record.at("scaler"));
  if (record.fields.size() == 2) throw Error(record.at("clip"), "has one limit, expected two or none");
  if (record.fields.size() == 3) {
    const std::vector<double> limits = parse_floats(std::span(record.fields).subspan(1), record);
    if (limits[0] > limits[1]) throw Error(record.at("clip"), "the lower limit is above the upper one");
    scaler.clip = {limits[0], limits[1]};
  }
  state.model.scalers.push_back(std::move(scaler));
  state.next = Next::offset;
}

void read_offset(State& state, const Record& record) {
  require_next(state, Next::offset, record);
  state.model.scalers.back().offset = parse_row(record, state.model.input.n_features);
  state.next = Next::scale;
}

void read_scale(State& state, const Record& record) {
  require_next(state, Next::scale, record);
  model::Scaler& scaler = state.model.scalers.back();
  scaler.scale = parse_row(record, state.model.input.n_features);
  for (const double scale : scaler.scale) {
    if (scaler.op == ScalerOp::subtract_divide && scale == 0.0) {
      throw Error(record.at("scale"), "must not be 0, the feature is divided by it");
    }
  }
  state.next = Next::step;
}

void read_layer(State& state, const Record& record) {
  require_next(state, Next::step, record);
  record.expect_fields(3, 4);
  const bool is_first = state.network.layers.empty();
  const std::int32_t width = is_first ? state.model.input.n_features : state.network.layers.back().n_out;
  model::DenseLayer layer;
  layer.activation =
      parse_enum<Activation>(record.fields[0], all_activations(), model::name, "activation", record.at("activation"));
  layer.n_in = static_cast<std::int32_t>(parse_whole(record.fields[1], 1, EMLC_CSV_MOST_FEATURES, record.at("n_in")));
  layer.n_out = static_cast<std::int32_t>(parse_whole(record.fields[2], 1, EMLC_CSV_MOST_OUTPUTS, record.at("n_out")));
  if (layer.n_in != width) {
    throw Error(record.at("n_in"), fmt::format("the layer takes {} values, {} come in", layer.n_in, width));
  }
  if (record.fields.size() == 4) layer.alpha = parse_float(record.fields[3], record.at("alpha"));
  state.network.layers.push_back(std::move(layer));
  state.next = Next::weights;
}

void read_weights(State& state, const Record& record) {
  require_next(state, Next::weights, record);
  model::DenseLayer& layer = state.network.layers.back();
  const std::vector<double> row = parse_row(record, layer.n_in);
  layer.weights.insert(layer.weights.end(), row.begin(), row.end());
  if (layer.weights.size() == static_cast<std::size_t>(layer.n_in) * static_cast<std::size_t>(layer.n_out)) {
    state.next = Next::bias;
  }
}

void read_bias(State& state, const Record& record) {
  require_next(state, Next::bias, record);
  model::DenseLayer& layer = state.network.layers.back();
  layer.bias = parse_row(record, layer.n_out);
  state.next = Next::step;
}

void read_post(State& state, const Record& record) { state.network.post_transform = parse_post_transform(record); }

constexpr std::array kinds = {
    RecordKind<State>{"network", read_network},
    RecordKind<State>{"scaler", read_scaler, Occurs::often},
    RecordKind<State>{"offset", read_offset, Occurs::often},
    RecordKind<State>{"scale", read_scale, Occurs::often},
    RecordKind<State>{"layer", read_layer, Occurs::often},
    RecordKind<State>{"w", read_weights, Occurs::often},
    RecordKind<State>{"b", read_bias, Occurs::often},
    RecordKind<State>{"post", read_post},
};

/// The model, once every record has been read.
model::Model finish(State& state, std::string_view file) {
  const Where where{.file = std::string(file)};
  check_head(state.model, file);
  if (state.next != Next::step) throw Error(where, fmt::format("there is no record '{}'", record_name(state.next)));
  if (!state.n_layers) throw Error(where, "there is no record 'network'");
  const std::size_t n_scalers = state.model.scalers.size(), n_layers = state.network.layers.size();
  if (static_cast<std::size_t>(*state.n_scalers) != n_scalers ||
      static_cast<std::size_t>(*state.n_layers) != n_layers) {
    throw Error(where, fmt::format("'network' says {} scalers and {} layers, there are {} and {}", *state.n_scalers,
                                   *state.n_layers, n_scalers, n_layers));
  }
  if (n_scalers + n_layers == 0) throw Error(where, "there is neither a scaler nor a layer");
  const std::int32_t width = n_layers == 0 ? state.model.input.n_features : state.network.layers.back().n_out;
  if (width != state.model.output.n_outputs) {
    throw Error(where,
                fmt::format("the last step has {} outputs, 'output' says {}", width, state.model.output.n_outputs));
  }
  if (n_layers != 0) state.model.predictor = std::move(state.network);
  return std::move(state.model);
}

}  // namespace

std::span<const Activation> all_activations() {
  static constexpr std::array activations = {Activation::identity,   Activation::relu,     Activation::relu6,
                                             Activation::leaky_relu, Activation::tanh,     Activation::logistic,
                                             Activation::softmax,    Activation::softplus, Activation::elu};
  return activations;
}

std::span<const ScalerOp> all_scaler_ops() {
  static constexpr std::array ops = {ScalerOp::subtract_divide, ScalerOp::multiply_add};
  return ops;
}

std::string_view scaler_op_name(ScalerOp op) {
  return op == ScalerOp::subtract_divide ? "subtract_divide" : "multiply_add";
}

bool is_mlp_csv(std::string_view content) { return is_form(content, "mlp"); }

model::Model read_mlp_csv(std::string_view content, std::string_view file) {
  State state;
  for (const Record& record : split_records(content, "mlp", file)) {
    read_record(state, std::span<const RecordKind<State>>(kinds), record);
  }
  return finish(state, file);
}

}  // namespace emlc::formats
