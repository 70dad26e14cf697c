#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/model.hpp"
#include "codegen/model/predict/predict.hpp"

namespace emlc::passes {

enum class Voting { soft, hard };
enum class Thresholds { own, shared };

/// --feature-scale: a factor for all features or one for each, chosen or given.
struct FeatureScale {
  enum class Choice { one, per_feature, given };
  Choice choice = Choice::one;
  std::vector<double> factors{};  ///< given: one, or [n_features]; positive float32
};

/// What is true of sample inputs: of each a class per target, or of a model that decides nothing a number per output.
struct Labels {
  std::vector<std::vector<std::int32_t>> classes{};
  std::vector<std::vector<double>> values{};

  [[nodiscard]] bool empty() const { return classes.empty() && values.empty(); }
};

/// What the options ask of the passes.
struct PassConfig {
  std::optional<model::NumberType> features{};      ///< --features; nothing: as declared, and float32 for float64
  std::optional<FeatureScale> feature_scale{};      ///< --feature-scale, with an integer type as `features`
  Voting voting = Voting::soft;                     ///< --voting
  Thresholds thresholds = Thresholds::own;          ///< --share-thresholds
  std::optional<std::size_t> keep_trees{};          ///< --keep-trees, at least 1
  std::optional<double> prune{};                    ///< --prune, a share from 0 to below 1
  std::optional<double> keep_splits{};              ///< --keep-splits, a share above 0 up to 1
  std::optional<std::size_t> threshold_clusters{};  ///< --threshold-clusters, at least 1
  std::optional<std::size_t> leaf_clusters{};       ///< --leaf-clusters, at least 1
  bool refine_leaves = false;                       ///< --refine-leaves
  std::optional<int> leaf_bits{};                   ///< --leaf-bits, 1 to 16
  model::Arithmetic arithmetic = model::Arithmetic::float32;  ///< --arithmetic, of filters
  std::optional<int> headroom{};                   ///< --headroom, of filters in integers, 0 to model::max_headroom
  std::optional<model::SosStructure> structure{};  ///< --structure, of filters in float; nothing: chosen
  std::optional<model::IntegerWidth> weights{};    ///< --weights, of dense networks; nothing: float
  std::optional<std::size_t> keep_units{};         ///< --keep-units, of dense networks, at least 1
  bool drop_rounding = false;                      ///< --drop-rounding, of dense networks that round to codes
  std::vector<std::vector<double>> data{};         ///< --data; test vectors stand in when it is empty
  Labels labels{};                                 ///< --data-labels, of `data`
  /// Is told by passes that take long which share of their work is done, about, from 0 to 1; may be empty.
  std::function<void(double)> watch{};
};

enum class Effect { exact, approximate };  ///< does a prediction keep every bit?

struct PassResult {
  std::size_t changes = 0;              ///< how many things changed; 0: the model is as it was
  std::vector<std::string> warnings{};  ///< what the user has to know, one sentence each
  std::vector<std::string> notes{};     ///< what the pass found out, one line each
};

struct Pass {
  std::string_view name;     ///< as written in --passes
  std::string_view summary;  ///< one line of `emlc list passes`
  Effect effect;
  bool (*wanted)(const model::Model&, const PassConfig&);
  PassResult (*run)(model::Model&, const PassConfig&);
};
std::span<const Pass> all_passes();  ///< in the order the compiler runs them

/// True when the pass runs: it is wanted for the model, or for a model that a combination is made of.
bool is_wanted(const Pass& pass, const model::Model& model, const PassConfig& config);
/// Runs the pass where it is wanted: on the model, then on each model that a combination is made of.
PassResult run_over(const Pass& pass, model::Model& model, const PassConfig& config);

/// What a pass did; `distance` to the model before it, on --data or the test vectors, is there for approximate passes.
struct PassReport {
  std::string_view pass;
  PassResult result{};
  std::optional<model::Distance> distance{};
};

/// Is shown the model after each pass that ran.
using Observer = std::function<void(const Pass&, const model::Model&)>;

/// Runs every wanted pass in order, with model::check after each that changed something. Test vectors of the model are
/// left as the trainer gave them. Throws Error, the option as its field, for an option that is out of range or does
/// not suit the model.
std::vector<PassReport> run_passes(model::Model& model, const PassConfig& config, const Observer& observer = {});

/// The inputs that approximate passes measure on: --data, or the test vectors of the model.
const std::vector<std::vector<double>>& sample_inputs(const model::Model& model, const PassConfig& config);

}  // namespace emlc::passes
