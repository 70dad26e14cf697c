#include "codegen/layout/trees/layer.hpp"

#include <emlc/activations.h>
#include <emlc/trees_body.h>
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "codegen/layout/bytes.hpp"
#include "codegen/layout/trees/leaves.hpp"
#include "codegen/layout/trees/table.hpp"
#include "codegen/model/error.hpp"

namespace emlc::layout {
namespace {

// A blob holds the number of the post-transform.
static_assert(static_cast<int>(model::PostTransformKind::normalize) == EMLC_POST_NORMALIZE);
static_assert(static_cast<int>(model::PostTransformKind::isolation) == EMLC_POST_ISOLATION);
static_assert(static_cast<int>(model::PostTransformKind::log_softmax) == EMLC_POST_LOG_SOFTMAX);

std::uint8_t code_of(LeafKind kind) {
  switch (kind) {
    case LeafKind::votes:
      return EMLC_LEAF_VOTES;
    case LeafKind::float_rows:
      return EMLC_LEAF_FLOAT_ROWS;
    case LeafKind::u8_rows:
      return EMLC_LEAF_U8_ROWS;
    case LeafKind::u16_rows:
      return EMLC_LEAF_U16_ROWS;
    case LeafKind::u32_rows:
    case LeafKind::fixed_rows:
      break;
  }
  throw std::logic_error("leaf kind without a code");
}

std::uint8_t code_of(ThresholdCode code) {
  switch (code) {
    case ThresholdCode::offset:
      return EMLC_THRESHOLD_OFFSET;
    case ThresholdCode::word:
      return EMLC_THRESHOLD_WORD;
    case ThresholdCode::index:
      return EMLC_THRESHOLD_INDEX;
  }
  throw std::logic_error("threshold code without a code");
}

std::uint8_t code_of(Missing missing) {
  switch (missing) {
    case Missing::right:
      return EMLC_MISSING_RIGHT;
    case Missing::left:
      return EMLC_MISSING_LEFT;
    case Missing::per_split:
      return EMLC_MISSING_PER_SPLIT;
  }
  throw std::logic_error("place for missing values without a code");
}

/// Writes the sections one after the other and notes their sizes.
class LayerWriter {
 public:
  LayerWriter(const model::TreeEnsemble& ensemble, const TreePlan& plan, const TreeTable& table,
              const LeafTable& leaves)
      : ensemble_(ensemble), plan_(plan), table_(table), leaves_(leaves) {}

  TreeLayer write();

 private:
  [[nodiscard]] int start_bytes() const { return table_.splits.size() > 0xffffU ? 4 : 2; }
  void put_header();
  void put_counts();
  void put_rows();
  void put_roots();
  void end_part(const char* name);

  const model::TreeEnsemble& ensemble_;
  const TreePlan& plan_;
  const TreeTable& table_;
  const LeafTable& leaves_;
  TreeLayer layer_;
  std::size_t accounted_ = 0;
};

void LayerWriter::end_part(const char* name) {
  if (layer_.body.size() == accounted_) return;
  layer_.parts.push_back({name, layer_.body.size() - accounted_});
  accounted_ = layer_.body.size();
}

void LayerWriter::put_counts() {
  std::vector<std::uint8_t>& out = layer_.body;
  put_bytes(out, static_cast<std::uint32_t>(ensemble_.n_features), 4);
  put_bytes(out, static_cast<std::uint32_t>(ensemble_.n_outputs), 4);
  put_bytes(out, plan_.tree_order.size(), 4);
  put_bytes(out, plan_.regions.size(), 4);
  put_bytes(out, plan_.n_leaf_codes, 4);
  put_bytes(out, leaves_.width, 4);
  put_bytes(out, table_.thresholds.size(), 4);
  put_bytes(out, static_cast<std::uint32_t>(table_.threshold_base), 4);
  put_bytes(out, table_.splits.size(), 4);
}

void LayerWriter::put_header() {
  const model::PostTransform& transform = ensemble_.post_transform;
  for (const int byte :
       {EMLC_TREES_VERSION, int{code_of(leaves_.kind)}, int{code_of(table_.head.threshold_code)},
        int{code_of(table_.head.missing)}, table_.head.bytes, table_.head.feature_bits, table_.head.threshold_bits,
        table_.leaf_bytes, start_bytes(), ensemble_.base_score_at == model::BaseScoreAt::end ? 1 : 0,
        static_cast<int>(transform.kind), static_cast<int>(plan_.feature_type)}) {
    put_bytes(layer_.body, static_cast<std::uint64_t>(byte), 1);
  }
  put_counts();
  const std::array<std::pair<const char*, double>, 6> numbers = {{{"model.leaf_values", leaves_.unit},
                                                                  {"model.aggregate", ensemble_.divisor},
                                                                  {"model.output_scale", ensemble_.scale},
                                                                  {"post_transform.scale", transform.scale},
                                                                  {"post_transform.denominator", transform.denominator},
                                                                  {"post_transform.offset", transform.offset}}};
  for (const auto& [field, number] : numbers) put_float(layer_.body, narrow(number, field));
  if (layer_.body.size() != EMLC_TREES_HEADER) throw std::logic_error("the header of a tree layer has another size");
}

void LayerWriter::put_rows() {
  for (const float value : leaves_.values) put_float(layer_.body, value);
  for (const std::int64_t value : leaves_.integers) {
    put_bytes(layer_.body, static_cast<std::uint64_t>(value), leaves_.kind == LeafKind::u8_rows ? 1 : 2);
  }
  end_part("leaf rows");
}

void LayerWriter::put_roots() {
  for (const std::uint32_t start : table_.starts) put_bytes(layer_.body, start, start_bytes());
  if (leaves_.kind != LeafKind::votes && ensemble_.leaf_width < ensemble_.n_outputs) {
    for (const std::uint32_t tree : plan_.tree_order) {
      put_bytes(layer_.body, static_cast<std::uint32_t>(ensemble_.trees[tree].first_output), 2);
    }
  }
  end_part("roots");
}

/// Sections go by their alignment: 4, 2, 1.
TreeLayer LayerWriter::write() {
  put_header();
  end_part("tree header");
  for (const double score : ensemble_.base_score) put_float(layer_.body, narrow(score, "model.base_score"));
  end_part("base score");
  for (const double threshold : table_.thresholds) put_number(layer_.body, table_.threshold_type, threshold, 4);
  end_part("thresholds");
  if (leaves_.kind == LeafKind::float_rows) put_rows();
  put_roots();
  if (leaves_.kind != LeafKind::float_rows) put_rows();
  layer_.body.insert(layer_.body.end(), table_.splits.begin(), table_.splits.end());
  end_part("splits");
  layer_.body.resize((layer_.body.size() + 7) / 8 * 8, 0);
  end_part("padding");
  return std::move(layer_);
}

void check_limits(const model::TreeEnsemble& ensemble) {
  if (ensemble.n_outputs > 0xffff) {
    throw Error({.file = "", .field = "output.n_outputs"}, "a tree layer has at most 65535 outputs");
  }
}

/// The float32 that the float32 nearest to x compares with as the int32 x does with the threshold: the nearest to the
/// first integer that goes right, if the integer before it is nearest to another one.
double float_threshold(const model::Split& split) {
  const double first_right = model::smallest_at_least(model::NumberType::int32, split.threshold);
  const double last_left = model::next_below(model::NumberType::int32, first_right);
  const double nearest = model::round_to(model::NumberType::float32, first_right);
  if (std::isinf(first_right) || nearest != model::round_to(model::NumberType::float32, last_left)) return nearest;
  throw Error({.field = "model.trees"},
              fmt::format("feature {} is compared with {}, which needs more than 24 bits, and a .tmdl takes its inputs "
                          "as float32; write c, cpp or csv",
                          split.feature, first_right));
}

/// A trainer that rounds to float32 itself has chosen such thresholds already.
bool needs_float_thresholds(const model::Model& model, const model::TreeEnsemble& ensemble) {
  return takes_inputs(model) && model.input.type == model::NumberType::int32 &&
         ensemble.feature_type != model::NumberType::float32;
}

model::TreeEnsemble with_float_thresholds(model::TreeEnsemble ensemble) {
  for (model::Tree& tree : ensemble.trees) {
    for (model::TreeNode& node : tree.nodes) {
      if (auto* split = std::get_if<model::Split>(&node)) split->threshold = float_threshold(*split);
    }
  }
  return ensemble;
}

TreeLayer lay_out(const model::Model& model, const model::TreeEnsemble& ensemble) {
  check_limits(ensemble);
  const LeafTable leaves = make_leaves(ensemble, LeafUse::blob);
  // x is float32 on its way in; the small integer types are kept, for splits that they cannot take.
  const model::NumberType input = model::predictor_input(model).type;
  const bool is_narrow = input != model::NumberType::int32 && input != model::NumberType::float64;
  const model::NumberType type = is_narrow ? input : model::NumberType::float32;
  const TreePlan plan = plan_trees(ensemble, type, leaves.codes, leaves.n_codes);
  const TreeTable table = encode_bytes(plan, model::NumberType::float32);
  return LayerWriter(ensemble, plan, table, leaves).write();
}

}  // namespace

float narrow(double value, const char* field) {
  const double rounded = model::round_to(model::NumberType::float32, value);
  if (!std::isfinite(rounded)) {
    throw Error({.file = "", .field = field}, fmt::format("{} does not fit float32", value));
  }
  return static_cast<float>(rounded);
}

void check_tree_layer(const model::Model& model) {
  const auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  check_limits(ensemble);
  if (needs_float_thresholds(model, ensemble)) (void)with_float_thresholds(ensemble);
}

TreeLayer lay_out_tree_layer(const model::Model& model) {
  const auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  return needs_float_thresholds(model, ensemble) ? lay_out(model, with_float_thresholds(ensemble))
                                                 : lay_out(model, ensemble);
}

}  // namespace emlc::layout
