#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "codegen/c/common/names.hpp"
#include "codegen/signal/folded.hpp"

/// Ranks of keys among their thresholds, see signal::Folded: `NAME_key_walk` goes over tables in which the thresholds
/// of all keys of one width are one after the other, and over a table of how many each key has. A key takes a call with
/// two arguments, whatever signal it is of, so that functions for signals that are looked at alike can be one.
namespace emlc::c {

/// Bits of the integers that a key and its thresholds are compared as: 16, 32, 64 or 128. Reals are compared as
/// integers of 32 bits in the order of floats, so that no soft float is called.
int rank_width(const signal::Key& key);

struct RankCode {
  std::string definitions{};  ///< tables, the struct `key_walk`, functions
  std::string start{};        ///< a statement: `NAME_key_walk walk = {...};`, the ranks go to y, an array of features
  std::size_t table_bytes = 0;
};

/// The C type of ranks: the narrowest one that the longest list of thresholds leaves.
std::string rank_c_type(std::span<const signal::Key> keys);

/// @param keys  in the order in which generated code gives them
RankCode rank_code(const Names& names, std::span<const signal::Key> keys);

/// A statement that puts the rank of the next key to the next place of y.
/// @param walk   an expression of the type `NAME_key_walk *`
/// @param value  of an integer type that holds the key; of a real a float. A key of 128 bits: its upper 64 bits with
/// the
///               sign and its lower 64 bits without, as two expressions with a comma between them
std::string rank_statement(const Names& names, const signal::Key& key, const std::string& walk,
                           const std::string& value);

/// The integer that a float32 is in the order of floats; the same for both zeros.
std::int32_t float_order(float value);

}  // namespace emlc::c
