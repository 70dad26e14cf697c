#pragma once

#include <cstdint>
#include <string_view>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"

namespace emlc::c {

/// How the layers of a network are computed, see note [rows at a time] in dense_blocks.cpp.
struct Blocks {
  std::int32_t rows = 1;    ///< in a block
  std::int32_t inputs = 1;  ///< in a turn of the inner loop of a whole block; divides n_in of every layer
  bool has_relu = false;    ///< blocks take a lowest result: 0 for ReLU
};

Blocks plan_blocks(const model::DenseNetwork& network, Optimize optimize);

/// The table of one layer, biases and weights in the order in which the blocks read them.
void print_block_table(Printer& out, const model::DenseLayer& layer, std::size_t index, const Names& names,
                       const Blocks& blocks);
/// The functions that the layers call.
void print_block_functions(Printer& out, const model::DenseNetwork& network, const Names& names, const Blocks& blocks);
/// The calls that compute one layer, ReLU included if blocks have it, from the array `x` to the array `y`.
void print_block_calls(Printer& out, const model::DenseLayer& layer, std::size_t index, const Names& names,
                       const Blocks& blocks, std::string_view x, std::string_view y);

}  // namespace emlc::c
