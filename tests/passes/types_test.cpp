#include <algorithm>

#include "codegen/passes/value_order.hpp"
#include "tests/passes/models.hpp"

/// Every type that a model can declare with every type that --features can ask for: what the passes assume of one must
/// hold for what the device is given.
using namespace emlc;
using namespace emlc::passes::testing;
using model::NumberType;
using model::ScalerOp;

namespace {

constexpr std::int32_t n_features = 2;

/// A tree as the document says it, walked in the plainest way; no code of the interpreter.
double plain_walk(const model::Model& model, const model::Tree& tree, const std::vector<double>& x) {
  const auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  std::size_t id = 0;
  while (const auto* split = std::get_if<model::Split>(&tree.nodes[id])) {
    const auto feature = static_cast<std::size_t>(split->feature);
    double z = x[feature];
    for (const model::Scaler& scaler : model.scalers) {
      const double offset = scaler.offset[feature], scale = scaler.scale[feature];
      z = scaler.op == ScalerOp::subtract_divide ? (z - offset) / scale : z * scale + offset;
      if (scaler.clip && z < scaler.clip->first) z = scaler.clip->first;
      if (scaler.clip && z > scaler.clip->second) z = scaler.clip->second;
    }
    if (ensemble.feature_type == NumberType::float32) z = static_cast<double>(static_cast<float>(z));
    const model::NodeId next = std::isnan(z) ? split->default_child : z < split->threshold ? split->left : split->right;
    id = static_cast<std::size_t>(next);
  }
  return ensemble.leaf_values[static_cast<std::size_t>(std::get<model::Leaf>(tree.nodes[id]).row)];
}

double plain_sum(const model::Model& model, const std::vector<double>& x) {
  double sum = 0.0;
  for (const model::Tree& tree : std::get<model::TreeEnsemble>(model.predictor).trees)
    sum += plain_walk(model, tree, x);
  return sum;
}

struct Chain {
  const char* what;
  std::vector<model::Scaler> scalers;
};

const std::vector<Chain>& chains() {
  static const std::vector<Chain> all = {
      {"none", {}},
      {"standard", {{.op = ScalerOp::subtract_divide, .offset = {-2.665, 30.05}, .scale = {31.3, -7.25}}}},
      {"min-max", {{.op = ScalerOp::multiply_add, .offset = {0.1, 0.5}, .scale = {0.01, -0.03}, .clip = {{0.0, 1.0}}}}},
      {"constant", {{.op = ScalerOp::multiply_add, .offset = {0.25, -0.25}, .scale = {0.0, 0.0}}}},
      {"two",
       {{.op = ScalerOp::subtract_divide, .offset = {1000.5, 0.0}, .scale = {0.1, 3.0}},
        {.op = ScalerOp::multiply_add, .offset = {1000.0, 0.0}, .scale = {0.1, -1.0}}}},
  };
  return all;
}

/// Values from lowest to highest that the type has: whole numbers, and between them for floats.
std::vector<double> values_of(NumberType type, double lowest, double highest) {
  std::vector<double> values;
  const double step = model::info(type).is_integer ? 1.0 : 0.25;
  for (double x = lowest; x <= highest; x += step) values.push_back(x);
  if (model::info(type).is_integer) return values;
  for (double x = lowest; x <= highest; x += 0.7) values.push_back(model::round_to(type, x));
  values.push_back(nan_value);
  return values;
}

model::Model random_model(std::mt19937& generator, NumberType declared, NumberType compared, const Chain& chain,
                          double lowest, double highest) {
  const auto threshold = [&](std::mt19937& random) {
    // A scaled value that occurs, or one near it: half of them would separate what an integer type does not.
    double z = lowest + (highest - lowest) * static_cast<double>(random() % 1000) / 1000.0;
    if (random() % 2 == 0) z = std::round(z * 4.0) / 4.0;
    const auto feature = static_cast<std::size_t>(random() % n_features);
    for (const model::Scaler& scaler : chain.scalers) z = model::apply_scaler(scaler, feature, z);
    return model::next_above(NumberType::float64, model::round_to(compared, z));
  };
  std::vector<model::Tree> trees;
  model::RowId row = 0;
  for (int tree = 0; tree < 4; ++tree, row += 17) {
    trees.push_back(random_tree(generator, n_features, 16, row, threshold));
  }
  model::Model model = regression(n_features, declared, std::move(trees), {});
  for (model::RowId value = 0; value < row; ++value) {
    // Few values, so that merge-equal-leaves and share-subtrees have something to do.
    trees_of(model).leaf_values.push_back(std::ldexp(static_cast<double>(generator() % 4), value / 17 * 2));
  }
  trees_of(model).feature_type = compared;
  model.scalers = chain.scalers;
  model.input.minimum.assign(n_features, lowest);
  model.input.maximum.assign(n_features, highest);
  return model;
}

void check_pair(NumberType declared, NumberType asked) {
  const NumberType device = passes::device_type(declared, asked);
  const bool has_negative = model::info(declared).lowest < 0.0 && model::info(device).lowest < 0.0;
  const double lowest = has_negative ? -100.0 : 0.0, highest = 127.0;
  const std::vector<double> values = values_of(device, lowest, highest);
  std::mt19937 generator(11);
  for (const Chain& chain : chains()) {
    CAPTURE(std::string(chain.what));
    for (const NumberType compared : {NumberType::float32, NumberType::float64}) {
      const model::Model before = random_model(generator, declared, compared, chain, lowest, highest);
      model::Model after = before;
      passes::run_passes(after, {.features = asked});
      CHECK(after.input.type == device);
      CHECK(after.scalers.empty());
      for (std::size_t i = 0; i < values.size(); ++i) {
        const std::vector<double> x = {values[i], values[(i * 37 + 11) % values.size()]};
        CAPTURE(x);
        REQUIRE(model::predict(after, x)[0] == plain_sum(before, x));
      }
    }
  }
}

}  // namespace

TEST_CASE("passes: every declared type with every type of --features answers as the document says") {
  for (const model::NumberTypeInfo& declared : model::all_number_types()) {
    for (const model::NumberTypeInfo& asked : model::all_number_types()) {
      CAPTURE(declared.name);
      CAPTURE(asked.name);
      check_pair(declared.type, asked.type);
    }
  }
}
