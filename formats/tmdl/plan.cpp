#include "formats/tmdl/plan.hpp"

#include <emlc/tmdl.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "codegen/layout/trees/leaves.hpp"
#include "codegen/layout/trees/linked/layer.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/model/sos/float_sections.hpp"
#include "formats/tmdl/int8.hpp"
#include "formats/tmdl/step_layers.hpp"

namespace emlc::formats {
namespace {

bool is_plain(const model::PostTransform& transform, model::PostTransformKind kind) {
  return transform.kind == kind && transform.scale == 1.0;
}

/// TinyMaix has activations only in convolutions: every layer but the last is a 1x1 convolution of a 1x1 picture.
void add_tinymaix_layers(TmdlPlan& plan, const model::DenseNetwork& network) {
  const std::size_t last = network.layers.size() - 1;
  for (std::size_t index = 0; index <= last; ++index) {
    const auto build = index == last ? fc_layer : conv_layer;
    plan.layers.push_back(build(network.layers[index], fmt::format("layers[{}]", index)));
  }
  if (ends_in_softmax(network)) plan.layers.push_back(softmax_layer(network.layers[last].n_out));
}

/// The steps and scalers that are left in a model; only emlc's own layers can follow.
void add_front_layers(TmdlPlan& plan, const model::Model& model) {
  auto width = static_cast<std::size_t>(model.input.n_features);
  for (std::size_t index = 0; index < model.steps.size(); ++index) {
    plan.layers.push_back(step_layer(model.steps[index], width, fmt::format("steps[{}]", index)));
    width = static_cast<std::size_t>(plan.layers.back().n_out);
  }
  for (std::size_t index = 0; index < model.scalers.size(); ++index) {
    plan.layers.push_back(scaler_layer(model.scalers[index], fmt::format("scalers[{}]", index)));
    plan.layers.back().keeps_columns = !model.steps.empty();  // blobs without steps are as they always were
  }
}

void add_dense_layers(TmdlPlan& plan, const model::DenseNetwork& network) {
  for (std::size_t index = 0; index < network.layers.size(); ++index) {
    plan.layers.push_back(dense_layer(network.layers[index], fmt::format("layers[{}]", index)));
  }
  if (is_plain(network.post_transform, model::PostTransformKind::identity)) return;
  plan.layers.push_back(post_transform_layer(network.post_transform, network.layers.back().n_out));
}

/// The last float layer writes to the caller's y.
std::uint32_t float_work_size(const TmdlPlan& plan) {
  std::uint32_t size = 0;
  for (std::size_t i = 0; i + 1 < plan.layers.size(); ++i) {
    size = std::max(size, plan.buffer.out_oft[i] + float_bytes(plan.layers[i].n_out));
  }
  return size;
}

void share_own_buffer(TmdlPlan& plan) {
  plan.buffer = plan_own_buffer(plan.layers);
  plan.work_size = float_work_size(plan);
}

TmdlPlan plan_scalers(const model::Model& model) {
  TmdlPlan plan;
  add_front_layers(plan, model);
  share_own_buffer(plan);
  return plan;
}

/// The layer that is alone in its blob and has the buffer to itself, where it holds the model and `trees` asks for it.
std::optional<TmdlLayer> choose_linked(const model::Model& model, layout::TmdlTrees trees, TmdlPlan& plan) {
  if (trees == layout::TmdlTrees::packed) return std::nullopt;
  layout::LinkedLayer linked = layout::lay_out_linked_layer(model);
  if (!linked.layer) {
    plan.notes.push_back(fmt::format("the trees are packed as for --optimize size: {}", linked.problem));
    return std::nullopt;
  }
  TmdlLayer layer = linked_trees_layer(model, *linked.layer);
  if (trees == layout::TmdlTrees::linked || layer.block.size() <= 2 * trees_layer(model).block.size()) return layer;
  return std::nullopt;
}

TmdlPlan plan_trees(const model::Model& model, const model::TreeEnsemble& ensemble, layout::TmdlTrees trees) {
  TmdlPlan plan{.sum_type = "float"};
  if (auto linked = choose_linked(model, trees, plan)) {
    plan.sum_type = "int32_t";
    plan.work_size =
        static_cast<std::uint32_t>((linked->ram + EMLC_TMDL_ALIGN - 1) / EMLC_TMDL_ALIGN) * EMLC_TMDL_ALIGN;
    plan.layers.push_back(std::move(*linked));
    plan.buffer = plan_own_buffer(plan.layers);
    return plan;
  }
  add_front_layers(plan, model);
  plan.layers.push_back(trees_layer(model));
  if (!takes_inputs(model)) {
    plan.warnings.push_back(
        fmt::format("the device {} in float32: decisions close to a threshold can differ",
                    model.steps.empty() ? "scales the input" : "computes what is in front of the trees"));
  }
  if (auto warning = layout::overflow_warning(ensemble)) plan.warnings.push_back(std::move(*warning));
  share_own_buffer(plan);
  return plan;
}

TmdlPlan plan_int8(const model::Model& model, const model::DenseNetwork& network, layout::TmdlProfile profile) {
  const std::string reason = beyond_tinymaix(model, network);
  if (!reason.empty()) throw Error({.field = "--weights"}, fmt::format("{}, which TinyMaix has not in int8", reason));
  TmdlPlan plan{.mdl_type = EMLC_TMDL_I8};
  plan.layers = int8_layers(model, network, profile, plan.warnings);
  plan.buffer = plan_int8_buffer(plan.layers);
  plan.work_size = int8_work_size(plan.layers, plan.buffer);
  return plan;
}

TmdlPlan plan_network(const model::Model& model, const model::DenseNetwork& network, layout::TmdlProfile profile) {
  if (model::has_slopes(network)) return plan_network(model, model::in_relu_pairs(network), profile);
  for (std::size_t index = 0; index < network.layers.size(); ++index) {
    check_width(network.layers[index].n_out, fmt::format("layers[{}].weights", index));
  }
  if (network.integers) return plan_int8(model, network, profile);
  const std::string reason = beyond_tinymaix(model, network);
  TmdlPlan plan;
  if (reason.empty()) {
    plan.mdl_type = EMLC_TMDL_F32;
    add_tinymaix_layers(plan, network);
    plan.buffer = plan_tinymaix_buffer(plan.layers);
    plan.work_size = float_work_size(plan);
    return plan;
  }
  plan.warnings.push_back(fmt::format("{}, which TinyMaix cannot say: the blob is for emlc's runtime only", reason));
  add_front_layers(plan, model);
  add_dense_layers(plan, network);
  share_own_buffer(plan);
  return plan;
}

/// Words of 4 bytes that the state of a section has.
std::size_t words_of_state(const model::SosCascade& cascade) {
  if (!cascade.fixed) return model::is_direct(cascade) ? EMLC_SOS_STATE : EMLC_SOS_STRUCTURES_STATE;
  return info(cascade.fixed->arithmetic).sample_bits == 16 ? EMLC_SOS_STATE_Q15 : EMLC_SOS_STATE_Q31;
}

TmdlPlan plan_filter(const model::SosCascade& cascade) {
  TmdlPlan plan;
  plan.layers.push_back(cascade.fixed ? sos_fixed_layer(cascade) : sos_layer(cascade, plan.warnings));
  plan.buffer = plan_own_buffer(plan.layers);
  plan.work_size = static_cast<std::uint32_t>(cascade.sections.size() * words_of_state(cascade) * sizeof(float));
  if (cascade.fixed) plan.input_type = fmt::format("int{}_t", info(cascade.fixed->arithmetic).sample_bits);
  return plan;
}

}  // namespace

std::string beyond_tinymaix(const model::Model& model, const model::DenseNetwork& network) {
  if (!model.steps.empty())
    return fmt::format("the step '{}' is computed in front of the network", name(model.steps.back()));
  if (!model.scalers.empty()) return "the input scaler is not folded into the first layer";
  const std::size_t last = network.layers.size() - 1;
  for (std::size_t index = 0; index <= last; ++index) {
    const model::Activation activation = network.layers[index].activation;
    const auto allowed = index == last ? model::Activation::softmax : model::Activation::relu;
    if (activation == model::Activation::identity || activation == allowed) continue;
    return fmt::format("layers[{}] has the activation '{}'", index, name(activation));
  }
  const bool is_linear = network.layers[last].activation == model::Activation::identity;
  if (is_plain(network.post_transform, model::PostTransformKind::identity)) return {};
  if (is_linear && is_plain(network.post_transform, model::PostTransformKind::softmax)) return {};
  const double scale = network.post_transform.scale;
  return fmt::format("the post-transform is '{}'{}", name(network.post_transform.kind),
                     scale == 1.0 ? "" : fmt::format(" with a scale of {}", scale));
}

TmdlPlan make_plan(const model::Model& model, layout::TmdlForm form) {
  return std::visit(
      model::Overloaded{[&](std::monostate) { return plan_scalers(model); },
                        [&](const model::TreeEnsemble& trees) { return plan_trees(model, trees, form.trees); },
                        [&](const model::DenseNetwork& network) { return plan_network(model, network, form.profile); },
                        [](const model::SosCascade& cascade) { return plan_filter(cascade); },
                        [](const model::Combination& combination) -> TmdlPlan {
                          throw Error(
                              {.file = "", .field = "model"},
                              fmt::format("a .tmdl holds one model, this is a combination of {}; write a header",
                                          combination.members.size()));
                        }},
      model.predictor);
}

}  // namespace emlc::formats
