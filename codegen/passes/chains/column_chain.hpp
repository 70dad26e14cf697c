#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "codegen/model/model.hpp"
#include "codegen/model/steps/column_functions.hpp"
#include "codegen/model/trees/region_splits.hpp"

/// A column behind steps that mix no columns is a chain of functions of one column in front of them.
namespace emlc::passes {

struct Link {
  const model::Step* step = nullptr;
  model::StepOutput output{};
};

struct ColumnChain {
  std::size_t column = 0;  ///< in front of the steps
  std::vector<Link> links{};

  [[nodiscard]] double operator()(double x) const;
};

/// The chains of all columns behind the steps, which outlive them; nothing where a step mixes columns.
/// @param width  of the row in front of the steps
std::optional<std::vector<ColumnChain>> chains_of(std::span<const model::Step> steps, std::size_t width);

/// Values of a type, numbered as ordinals() does, on which a chain is monotone or NaN.
struct Piece {
  std::int64_t first = 0, last = 0;
};
/// The values of the type, in ascending order. Where there are several pieces, no more than hold what the column can
/// be.
/// @param low, high  the declared range of the column; infinite where nothing is known
std::vector<Piece> pieces_of(const ColumnChain& chain, model::NumberType type, double low, double high);

/// The splits, for model::splits_of_regions, of a column of `type` that stand for `chain(x) < threshold`, compared as
/// numbers of `compared`.
struct FoldedTest {
  std::vector<model::Region> regions{};
  model::NodeId missing = model::to_right;
};
/// @param missing  where NaN behind the chain goes
FoldedTest fold_test(const ColumnChain& chain, std::span<const Piece> pieces, model::NumberType type,
                     model::NumberType compared, double threshold, model::NodeId missing);

}  // namespace emlc::passes
