#pragma once

#include <cstdint>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/c/dense/kernel.hpp"

/// What stands between the sums of an integer network: codes of the input, biases, activations.
namespace emlc::c {

/// How all biases are stored.
struct BiasTable {
  bool is_16_bit = false;   ///< in units of 2^grid[layer]
  std::vector<int> grid{};  ///< [n_layers]
};
BiasTable plan_bias(const model::IntegerNetwork& integers);
void print_bias_table(Printer& out, const model::IntegerNetwork& integers, const BiasTable& bias, const Names& names);

/// An integer network while it is printed.
struct IntegerCode {
  const model::Model& model;
  const model::DenseNetwork& network;
  const model::IntegerNetwork& integers;
  const Names& names;
  Kernel kernel;
  BiasTable bias;
  Printer& out;

  [[nodiscard]] std::string argument() const;  ///< `, x_sum`: in 8 bits functions take the sum of their codes
};

/// encode_(x, codes), encode_q_(q, codes) and quantize_(x, q). The first two fill the buffer of codes, padding
/// included, and return the sum of all codes in 8 bits.
void print_encoders(const IntegerCode& code);
/// finish_, relu_ and curve_, as far as the layers call them.
void print_activations(const IntegerCode& code);
/// What puts codes into `x` after layer `index`, or finishes the last sums.
std::string activation_call(const IntegerCode& code, std::size_t index, std::size_t first_bias);

}  // namespace emlc::c
