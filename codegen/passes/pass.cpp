#include "codegen/passes/pass.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "codegen/model/check/check.hpp"
#include "codegen/model/combine/members.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/passes/passes.hpp"

namespace emlc::passes {
namespace {

using model::Model;

bool always(const Model& /*model*/, const PassConfig& /*config*/) { return true; }
bool for_trees(const Model& model, const PassConfig& /*config*/) { return kind(model) == model::Kind::trees; }
bool when_scaled(const Model& model, const PassConfig& /*config*/) { return !takes_inputs(model); }
bool when_shared(const Model& /*model*/, const PassConfig& config) { return config.thresholds == Thresholds::shared; }
bool when_hard(const Model& /*model*/, const PassConfig& config) { return config.voting == Voting::hard; }
bool when_kept(const Model& /*model*/, const PassConfig& config) { return config.keep_trees.has_value(); }
bool when_pruned(const Model& /*model*/, const PassConfig& config) { return config.prune || config.keep_splits; }
bool has_prune(const Model& /*model*/, const PassConfig& config) { return config.prune.has_value(); }
bool has_keep_splits(const Model& /*model*/, const PassConfig& config) { return config.keep_splits.has_value(); }
bool when_clustered(const Model& /*model*/, const PassConfig& config) { return config.leaf_clusters.has_value(); }
bool when_coarse(const Model& /*model*/, const PassConfig& config) { return config.threshold_clusters.has_value(); }
bool when_refined(const Model& /*model*/, const PassConfig& config) { return config.refine_leaves; }
bool when_refitted(const Model& /*model*/, const PassConfig& config) {
  return config.refine_leaves && config.leaf_clusters.has_value();
}
bool when_quantized(const Model& /*model*/, const PassConfig& config) { return config.leaf_bits.has_value(); }

bool when_arithmetic(const Model& /*model*/, const PassConfig& config) {
  return config.arithmetic != model::Arithmetic::float32;
}
bool when_feature_scale(const Model& /*model*/, const PassConfig& config) { return config.feature_scale.has_value(); }
bool when_double(const Model& /*model*/, const PassConfig& config) {
  return config.features == model::NumberType::float64;
}
bool when_headroom(const Model& /*model*/, const PassConfig& config) { return config.headroom.has_value(); }
bool when_float_filter(const Model& model, const PassConfig& config) {
  return kind(model) == model::Kind::sos && config.arithmetic == model::Arithmetic::float32;
}
bool when_structure(const Model& /*model*/, const PassConfig& config) { return config.structure.has_value(); }
bool when_weights(const Model& /*model*/, const PassConfig& config) { return config.weights.has_value(); }
bool when_units(const Model& /*model*/, const PassConfig& config) { return config.keep_units.has_value(); }
bool when_dropped(const Model& /*model*/, const PassConfig& config) { return config.drop_rounding; }
/// Integers of emlc's own take the place of those codes.
bool when_rounded(const Model& model, const PassConfig& config) {
  return n_rounded_layers(model) != 0 && (config.drop_rounding || config.weights);
}

// What drops splits comes before share-thresholds and cluster-thresholds, which then have fewer to meet, and behind
// hard-vote: it is to see what the device will decide. merge-equal-leaves and dedupe-leaves come after the passes that
// make leaves equal.
constexpr std::array passes = {
    Pass{"quantize-features", "features become integers on a grid", Effect::approximate, when_feature_scale,
         quantize_features},
    Pass{"drop-rounding", "a network that was quantised before computes without rounding to codes", Effect::approximate,
         when_rounded, drop_rounding},
    Pass{"fold-scaler", "an input scaler disappears into thresholds or into the first dense layer", Effect::exact,
         when_scaled, fold_scaler},
    Pass{"narrow-features", "thresholds become values of the type that features have on the device", Effect::exact,
         always, narrow_features},
    Pass{"prune-unreachable", "drops branches that no input of the declared type and range can take", Effect::exact,
         for_trees, prune_unreachable},
    Pass{"hard-vote", "class proportions become one class per leaf", Effect::approximate, when_hard, hard_vote},
    Pass{"drop-trees", "the first trees of a boosting, the best of a forest", Effect::approximate, when_kept,
         drop_trees},
    Pass{"prune-subtrees", "splits become leaves, as few as are asked for or as the decisions about the data allow",
         Effect::approximate, when_pruned, prune_subtrees},
    Pass{"share-thresholds", "the fewest distinct thresholds that keep every path of the data", Effect::approximate,
         when_shared, share_thresholds},
    Pass{"cluster-thresholds", "thresholds become the centroids of K clusters", Effect::approximate, when_coarse,
         cluster_thresholds},
    Pass{"refine-leaves", "leaf values become those that fit the labels best", Effect::approximate, when_refined,
         refine_leaves},
    Pass{"cluster-leaves", "leaf rows become the centroids of K clusters", Effect::approximate, when_clustered,
         cluster_leaves},
    Pass{"refit-clusters", "the centroids become those that fit the labels best", Effect::approximate, when_refitted,
         refit_clusters},
    Pass{"quantize-leaves", "leaf values become integers of N bits", Effect::approximate, when_quantized,
         quantize_leaves},
    Pass{"quantize-sos", "a filter computes in integers: its gains are balanced, its coefficients rounded",
         Effect::approximate, when_arithmetic, quantize_sos},
    Pass{"structure-sos", "each section of a filter in float32 gets a structure that is precise enough", Effect::exact,
         when_float_filter, structure_sos},
    Pass{"drop-units", "hidden units go that the others of their layer can stand in for", Effect::approximate,
         when_units, drop_units},
    Pass{"quantize-dense", "a dense network computes in integers of 8 or 16 bits", Effect::approximate, when_weights,
         quantize_dense},
    Pass{"merge-equal-leaves", "a split whose two sides give the same leaf row becomes that leaf", Effect::exact,
         for_trees, merge_equal_leaves},
    Pass{"dedupe-leaves", "equal leaf rows share one row of the table", Effect::exact, for_trees, dedupe_leaves},
    Pass{"share-subtrees", "equal subtrees of a tree become one", Effect::exact, for_trees, share_subtrees},
};

void require(bool holds, std::string_view option, std::string_view problem) {
  if (!holds) throw Error({.field = std::string(option)}, problem);
}

void check_leaf_clusters(const PassConfig& config, std::string_view option) {
  require(*config.leaf_clusters >= 1, option, "must be at least 1, found 0");
}

void check_threshold_clusters(const PassConfig& config, std::string_view option) {
  require(*config.threshold_clusters >= 1, option, "must be at least 1, found 0");
}

void check_keep_trees(const PassConfig& config, std::string_view option) {
  require(*config.keep_trees >= 1, option, "must be at least 1, found 0");
}

void check_refined(const PassConfig& config, std::string_view option) {
  require(!config.labels.empty(), option, "fits leaf values to labels: needs --data-labels");
}

void check_keep_units(const PassConfig& config, std::string_view option) {
  require(*config.keep_units >= 1, option, "must be at least 1, found 0");
}

void check_prune(const PassConfig& config, std::string_view option) {
  const bool is_share = *config.prune >= 0.0 && *config.prune < 1.0;
  require(is_share, option, fmt::format("must be a share from 0 to below 1, found {}", *config.prune));
}

void check_keep_splits(const PassConfig& config, std::string_view option) {
  const bool is_share = *config.keep_splits > 0.0 && *config.keep_splits <= 1.0;
  require(is_share, option, fmt::format("must be a share above 0 up to 1, found {}", *config.keep_splits));
}

void check_leaf_bits(const PassConfig& config, std::string_view option) {
  const bool is_in_range = *config.leaf_bits >= 1 && *config.leaf_bits <= 16;
  require(is_in_range, option, fmt::format("must be from 1 to 16, found {}", *config.leaf_bits));
}

void check_shared_thresholds(const PassConfig& config, std::string_view option) {
  require(!config.data.empty(), option, "keeps the paths of data: needs --data with at least one row");
}

void check_headroom(const PassConfig& config, std::string_view option) {
  require(config.arithmetic != model::Arithmetic::float32, option,
          "is for filters in integers: needs --arithmetic q15, mixed, q31 or q15-cmsis");
}

void check_structure(const PassConfig& config, std::string_view option) {
  require(config.arithmetic == model::Arithmetic::float32, option,
          fmt::format("is of filters in float, --arithmetic is {}", info(config.arithmetic).name));
}

void check_nothing(const PassConfig& /*config*/, std::string_view /*option*/) {}

/// An option that is for one kind of model.
struct KindOption {
  std::string_view name;
  bool (*is_given)(const Model&, const PassConfig&);
  model::Kind kind;
  std::string_view needed;  ///< the kind, as the refusal of another one calls it
  void (*check)(const PassConfig&, std::string_view option);
};

constexpr std::array kind_options = {
    KindOption{"--keep-trees", when_kept, model::Kind::trees, "a tree ensemble", check_keep_trees},
    KindOption{"--prune", has_prune, model::Kind::trees, "a tree ensemble", check_prune},
    KindOption{"--keep-splits", has_keep_splits, model::Kind::trees, "a tree ensemble", check_keep_splits},
    KindOption{"--threshold-clusters", when_coarse, model::Kind::trees, "a tree ensemble", check_threshold_clusters},
    KindOption{"--leaf-clusters", when_clustered, model::Kind::trees, "a tree ensemble", check_leaf_clusters},
    KindOption{"--refine-leaves", when_refined, model::Kind::trees, "a tree ensemble", check_refined},
    KindOption{"--leaf-bits", when_quantized, model::Kind::trees, "a tree ensemble", check_leaf_bits},
    KindOption{"--share-thresholds", when_shared, model::Kind::trees, "a tree ensemble", check_shared_thresholds},
    KindOption{"--arithmetic", when_arithmetic, model::Kind::sos, "a filter", check_nothing},
    KindOption{"--headroom", when_headroom, model::Kind::sos, "a filter", check_headroom},
    KindOption{"--structure", when_structure, model::Kind::sos, "a filter", check_structure},
    KindOption{"--features double", when_double, model::Kind::trees, "a tree ensemble", check_nothing},
    KindOption{"--weights", when_weights, model::Kind::dense, "a dense network", check_nothing},
    KindOption{"--keep-units", when_units, model::Kind::dense, "a dense network", check_keep_units},
    KindOption{"--drop-rounding", when_dropped, model::Kind::dense, "a dense network", check_nothing},
};

void check_feature_scale(const Model& model, const PassConfig& config) {
  constexpr std::string_view option = "--feature-scale";
  if (!config.feature_scale) return;
  require(kind(model) != model::Kind::combine, option,
          "is not for combinations: their members share the features, and each would need a grid of its own");
  require(!takes_signals(model), option, "is for features, a filter has samples");
  const bool has_codes = config.features && info(*config.features).is_integer;
  require(has_codes, option, "makes integers of features: needs --features int8, int16 or uint8");
  require(!config.weights, option, "networks in integers make codes of their features themselves, leave it out");
  const model::NumberTypeInfo& declared = info(model.input.type);
  require(!declared.is_integer || !model.input.grid.empty(), option,
          fmt::format("the features of the model are {} already", declared.name));
}

/// Devices have no such rounding: what would be left out without a word is asked for.
void check_rounding(const Model& model, const PassConfig& config) {
  const std::size_t n = n_rounded_layers(model);
  require(n == 0 || config.drop_rounding || config.weights, "--drop-rounding",
          fmt::format("the network rounds to the codes of a quantiser in {} {}, which no output does: give this option "
                      "to leave the rounding out, or --weights int8 for integers of emlc's own; the error is measured",
                      n, n == 1 ? "place" : "places"));
}

void check_labels(const PassConfig& config) {
  const std::size_t n_labels = std::max(config.labels.classes.size(), config.labels.values.size());
  require(n_labels == 0 || n_labels == config.data.size(), "--data-labels",
          fmt::format("{} labels, --data has {} rows", n_labels, config.data.size()));
}

void check_config(const Model& model, const PassConfig& config) {
  check_labels(config);
  check_feature_scale(model, config);
  check_rounding(model, config);
  for (const KindOption& option : kind_options) {
    if (!option.is_given(model, config)) continue;
    require(kind(model) == option.kind, option.name,
            fmt::format("needs {}, the model is a {}", option.needed, kind_name(model)));
    option.check(config, option.name);
  }
  if (takes_signals(model)) return;  // rows are signals of any length
  for (std::size_t row = 0; row < config.data.size(); ++row) {
    const std::size_t n_values = config.data[row].size();
    require(n_values == static_cast<std::size_t>(model.input.n_features), "--data",
            fmt::format("row {} has {} values, the model has {} features", row, n_values, model.input.n_features));
  }
}

/// What keeps the paths of the data shows its changes on other inputs.
const std::vector<std::vector<double>>& measured_inputs(const Pass& pass, const Model& model,
                                                        const PassConfig& config) {
  const bool keeps_data = pass.run == share_thresholds && !model.test_vectors.inputs.empty();
  return keeps_data ? model.test_vectors.inputs : sample_inputs(model, config);
}

/// What the options say to a part of a combination. --features is about what the caller gives; the final model takes
/// none of that, and behind steps and in a chain all is float32.
PassConfig config_inside(const PassConfig& config, const Model& model, const model::Combination& combination) {
  PassConfig inside = config;
  inside.data.clear();
  if (combination.is_chained || !takes_inputs(model)) inside.features.reset();
  return inside;
}

void append(PassResult& result, PassResult&& part) {
  result.changes += part.changes;
  // What is common to all members is said once.
  for (std::string& warning : part.warnings) {
    const bool is_new = std::find(result.warnings.begin(), result.warnings.end(), warning) == result.warnings.end();
    if (is_new) result.warnings.push_back(std::move(warning));
  }
  std::move(part.notes.begin(), part.notes.end(), std::back_inserter(result.notes));
}

PassReport run_pass(const Pass& pass, Model& model, const PassConfig& config) {
  const std::optional<Model> before = pass.effect == Effect::approximate ? std::optional(model) : std::nullopt;
  PassReport report{.pass = pass.name, .result = run_over(pass, model, config)};
  if (before) report.distance = model::measure_distance(*before, model, measured_inputs(pass, model, config));
  if (report.result.changes != 0) check(model, fmt::format("after {}", pass.name));
  return report;
}

}  // namespace

std::span<const Pass> all_passes() { return passes; }

bool is_wanted(const Pass& pass, const Model& model, const PassConfig& config) {
  if (pass.wanted(model, config)) return true;
  const auto* combination = std::get_if<model::Combination>(&model.predictor);
  if (combination == nullptr) return false;
  bool is_any = false;
  for_each_part(*combination, [&](const Model& part) { is_any = is_any || is_wanted(pass, part, config); });
  return is_any;
}

PassResult run_over(const Pass& pass, Model& model, const PassConfig& config) {
  PassResult result;
  if (pass.wanted(model, config)) result = pass.run(model, config);
  auto* combination = std::get_if<model::Combination>(&model.predictor);
  if (combination == nullptr) return result;
  give_inputs(model);
  PassConfig inside = config_inside(config, model, *combination);
  for (model::Member& member : combination->members) append(result, run_over(pass, member.model, inside));
  inside.features.reset();
  for (Model& last : combination->last) append(result, run_over(pass, last, inside));
  return result;
}

const std::vector<std::vector<double>>& sample_inputs(const Model& model, const PassConfig& config) {
  return config.data.empty() ? model.test_vectors.inputs : config.data;
}

std::vector<PassReport> run_passes(Model& model, const PassConfig& config, const Observer& observer) {
  check_config(model, config);
  std::vector<PassReport> reports;
  for (const Pass& pass : all_passes()) {
    if (!is_wanted(pass, model, config)) continue;
    reports.push_back(run_pass(pass, model, config));
    if (observer) observer(pass, model);
  }
  return reports;
}

}  // namespace emlc::passes
