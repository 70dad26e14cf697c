#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "codegen/layout/trees/leaf_units.hpp"
#include "codegen/layout/trees/plan.hpp"
#include "codegen/model/trees/tree_ensemble.hpp"

namespace emlc::layout {

/// What a leaf adds on the device.
enum class LeafKind {
  votes,       ///< the code is an output column, which gets one more vote
  float_rows,  ///< the code is a row of float32 values
  u8_rows,     ///< the code is a row of integers: the model's values are integer / unit, exactly
  u16_rows,
  u32_rows,
  fixed_rows,  ///< int32: the model's values are integer / unit, rounded to nearest
};

/// Who reads the leaves, and so what they may be.
enum class LeafUse {
  blob,       ///< a .tmdl layer: votes, float_rows, u8_rows, u16_rows
  decisions,  ///< generated code of a model that decides: every kind
  bounds,     ///< generated code that compares each output with a bound: where one unit blurs one, each has its own
  numbers,    ///< generated code whose sums are the answer: as bounds, and small sums stay as exact as in float32
};

struct LeafTable {
  LeafKind kind = LeafKind::float_rows;
  std::uint32_t width = 1;
  std::vector<LeafCode> codes{};  ///< [n_rows] of the model
  std::uint32_t n_codes = 0;
  std::vector<float> values{};           ///< float_rows: [n_codes][width]
  std::vector<std::int64_t> integers{};  ///< rows of integers: [n_codes][width]; the sum of all trees fits 32 bits
  double unit = 1.0;
  double rounding = 0.0;        ///< fixed_rows: how far an integer / unit is from the model's value at most
  std::optional<int> places{};  ///< fixed_rows of a single output: the output is sum / 2^places, the sum beginning with
  std::int64_t start = 0;       ///< the base score
  double start_rounding = 0.0;  ///< how far start / unit is from it
  std::vector<OutputUnit>
      outputs{};  ///< fixed_rows of several outputs with a unit each, instead of `unit`: [n_outputs]
  /// The model has two outputs and each of its integer rows sums to `unit`: the rows here hold the second output alone.
  bool is_pair = false;
};

/// The smallest representation that keeps every value: votes for one-hot rows of an ensemble without base score,
/// integers where the values are k / n for one n, else fixed point, else float32.
///
/// Fixed point takes as many bits as the sum of all trees leaves free in 31, so that a sum is off by less than
/// n_trees * |largest sum| / 2^31: a hundredth of what summing in float32 may lose. Single numbers that decide, or are
/// compared with one bound, get no more bits than it takes to be as exact as that (LeafPrecision::of_float_sums). Where
/// the sums are the answer and have one sign, the error relative to each of them is also at most that of float32,
/// n_trees / 2^24. Several outputs that are not compared with each other get a unit each where one would blur the small
/// ones. Throws Error when a value is beyond float32.
LeafTable make_leaves(const model::TreeEnsemble& ensemble, LeafUse use);

/// Sums in float32 can become infinite where those of the model do not: what to tell the user, one sentence.
std::optional<std::string> overflow_warning(const model::TreeEnsemble& ensemble);

/// A table whose row i is row numbers[i] of `leaves`; its `codes` are empty. Not for votes.
LeafTable select_leaves(const LeafTable& leaves, std::span<const LeafCode> numbers);

}  // namespace emlc::layout
