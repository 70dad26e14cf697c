#pragma once

#include "codegen/passes/pass.hpp"

/// The passes, one function and one file each, in the order of the table in pass.cpp. Each takes any model that
/// model::check accepts, keeps it that way, and changes nothing when it runs a second time, but for prune-subtrees and
/// refine-leaves: what they may lose, or fit, counts from the model that they are given.
namespace emlc::passes {

/// The device takes features as codes of config.features, integers on a grid: the input gets its grid, and a scaler in
/// front that makes values of codes, which fold-scaler takes away. Throws Error for data that codes cannot stand for,
/// and when nothing says how large features are.
PassResult quantize_features(model::Model& model, const PassConfig& config);

/// The layers of a dense network give what they compute, without rounding it to codes. A layer whose codes end at 0 and
/// that has no other activation keeps that as ReLU (ReLU6 where they reach from 0 to 6): quantisers leave out an
/// activation that their codes imply. Layers that did nothing but round go, and those of one input for each unit (a
/// bias that was rounded apart) join the layer before them.
PassResult drop_rounding(model::Model& model, const PassConfig& config);

/// An input scaler disappears into the thresholds of a tree ensemble, exactly: `scale(x) < T` becomes `x < T'` for
/// every x of the input type (float64 counts as float32 unless it is asked for), with the children swapped where the
/// scaler falls. A dense network takes it into its first layer, which only rounds; see fold_scaler.cpp for the scalers
/// it leaves.
PassResult fold_scaler(model::Model& model, const PassConfig& config);

/// The input gets the device's type, and every threshold the smallest value of that type that decides alike. Throws
/// Error when the asked type cannot hold what the model declares, its test vectors or the data.
PassResult narrow_features(model::Model& model, const PassConfig& config);

/// Splits that every input of the declared type and range passes on the same side give way to that side.
PassResult prune_unreachable(model::Model& model, const PassConfig& config);

/// Of each output's trees, which boosting adds in order, the first config.keep_trees stay; of a forest, whose order
/// says nothing, those that decide best together about the sample inputs, by config.labels or by what all trees decide.
PassResult drop_trees(model::Model& model, const PassConfig& config);

/// Splits become leaves from the bottom up, those first whose sides say nearly the same or which few of the sample
/// inputs pass, as long as no more than the share config.prune of the decisions about them changes. Of a
/// model that decides nothing they lose no more than that of R2, measured by what it answered before. With
/// config.keep_splits at least so many that no more than this share of the splits stays.
PassResult prune_subtrees(model::Model& model, const PassConfig& config);

/// The thresholds of all splits that the data reaches become as few values as keep every path of the data.
PassResult share_thresholds(model::Model& model, const PassConfig& config);

/// The thresholds of all splits become the centroids of at most config.threshold_clusters clusters, those with the
/// smallest sum of squared differences over the splits; infinite ones stay.
PassResult cluster_thresholds(model::Model& model, const PassConfig& config);

/// Each leaf row becomes one-hot at its first maximum, so that a tree votes for one class. Throws Error for a model
/// whose rows are not class proportions of a single target.
PassResult hard_vote(model::Model& model, const PassConfig& config);

/// Leaf values become those that fit the labels of the sample inputs best, by least squares or by the log-loss of
/// sigmoid and softmax, as far from where they were as cross-validation allows. Each leaf gets a value of its own, but
/// for rows of several values that no clustering follows: those that are equal stay so. Throws Error without labels,
/// for leaves that are votes and for other transforms.
PassResult refine_leaves(model::Model& model, const PassConfig& config);

/// The leaf rows become the centroids of at most config.leaf_clusters clusters: optimal for scalar leaves, k-means++
/// and Lloyd for rows. A row weighs as often as leaves refer to it plus as often as the sample inputs visit those.
PassResult cluster_leaves(model::Model& model, const PassConfig& config);

/// The same behind cluster-leaves, for the centroids: leaves of one cluster stay equal.
PassResult refit_clusters(model::Model& model, const PassConfig& config);

/// Leaf values become integers from 0 to 2^config.leaf_bits - 1; step and offset move into scale and base_score.
PassResult quantize_leaves(model::Model& model, const PassConfig& config);

/// A filter gets the integers of config.arithmetic: sections ordered, gains balanced, coefficients rounded. Throws
/// Error, with the reason and the arithmetic that would do, when the result would be unstable or useless, and for a
/// filter that has other integers already.
PassResult quantize_sos(model::Model& model, const PassConfig& config);

/// Each section of a filter in float32 gets the structure of config.structure, or without one the cheapest that
/// computes what the model says, see structures.hpp. Coefficients and what the interpreter says stay as they are. An
/// unstable filter stays direct. Throws Error, with the reason and what would do, when no structure is good enough.
PassResult structure_sos(model::Model& model, const PassConfig& config);

/// A dense network gets integers beside its layers, which then compute: weights and activations of config.weights bits.
/// Scalers that are left are folded. Throws Error for a softmax between layers, a scaler that clips, and when there
/// is no data to calibrate on.
PassResult quantize_dense(model::Model& model, const PassConfig& config);

/// config.keep_units units of the hidden layers stay, at least one in each. The others go one after the other, those
/// first that the rest of their layer can stand in for: the layer behind takes what they gave from the units that are
/// left, by least squares on the sample inputs. Layers whose activation takes all units, a softmax, stay as they are.
PassResult drop_units(model::Model& model, const PassConfig& config);

/// A split whose two sides give the same leaf row becomes that leaf, bottom-up.
PassResult merge_equal_leaves(model::Model& model, const PassConfig& config);

/// Equal leaf rows (bit for bit, -0 equals 0) share one row; rows come in order of first use, unused ones go.
PassResult dedupe_leaves(model::Model& model, const PassConfig& config);

/// Equal subtrees of a tree become one, where they are large enough for a reference to be smaller.
PassResult share_subtrees(model::Model& model, const PassConfig& config);

}  // namespace emlc::passes
