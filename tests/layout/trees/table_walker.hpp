/// The tables that headers hold, read by code that knows only what their headers in codegen/layout say.
#pragma once

#include <cstdint>
#include <vector>

#include "codegen/layout/trees/links.hpp"
#include "codegen/layout/trees/scan.hpp"

namespace table_walker {

/// What a record has in a field; 0 of a field without bits.
std::uint64_t number(const emlc::layout::Columns& columns, const emlc::layout::Field& field, std::size_t record);

/// Element `at` of a stream of elements of so many bits, bit by bit.
std::uint64_t stream_element(const std::vector<std::uint8_t>& bytes, std::size_t bits, std::size_t at);

/// A number of the floats' own order, NaN below or above all others as missing values go.
std::int64_t order_of(double x, emlc::model::NumberType type, emlc::layout::Missing missing);

/// Whether a value is below the threshold of that name.
bool goes_left(double x, emlc::model::NumberType type, emlc::layout::Missing missing,
               const emlc::layout::Thresholds& thresholds, std::uint64_t name);

/// The leaf codes that x reaches, tree after tree in the order of the plan.
std::vector<emlc::layout::LeafCode> walk_scan(const emlc::layout::ScanTable& table, const emlc::layout::TreePlan& plan,
                                              const std::vector<double>& x);

/// The same with jumps.
std::vector<emlc::layout::LeafCode> walk_jumps(const emlc::layout::ScanTable& table, const emlc::layout::TreePlan& plan,
                                               const std::vector<double>& x);

/// The codes that the links end in, less first_leaf_link.
std::vector<std::uint32_t> walk_links(const emlc::layout::LinkTable& table, emlc::model::NumberType type,
                                      const std::vector<double>& x);

/// The row of `width` integers that a code of a table with moves stands for.
std::vector<std::int64_t> row_of(const emlc::layout::LinkTable& table, std::size_t tree, std::uint32_t code,
                                 std::uint32_t width);

}  // namespace table_walker
