#pragma once

#include <cstdint>
#include <vector>

#include "codegen/layout/tree_plan.hpp"
#include "codegen/model/tree_ensemble.hpp"

namespace emlc::layout {

/// What a leaf adds on the device.
enum class LeafKind {
  votes,       ///< the code is an output column, which gets one more vote
  float_rows,  ///< the code is a row of float32 values
  u8_rows,     ///< the code is a row of integers: the model's values are integer / unit, exactly
  u16_rows,
};

struct LeafTable {
  LeafKind kind = LeafKind::float_rows;
  std::uint32_t width = 1;
  std::vector<LeafCode> codes{};  ///< [n_rows] of the model
  std::uint32_t n_codes = 0;
  std::vector<float> values{};            ///< float_rows: [n_codes][width]
  std::vector<std::uint16_t> integers{};  ///< u8_rows, u16_rows: [n_codes][width]
  double unit = 1.0;
};

/// The smallest representation that keeps every value: votes for one-hot rows of an ensemble without base score,
/// integers where the values are k / n for one n up to 65535, else float32.
/// Throws Error when a value is beyond float32.
LeafTable make_leaves(const model::TreeEnsemble& ensemble);

}  // namespace emlc::layout
