#pragma once

#include <span>
#include <string_view>

#include "codegen/signal/plan.hpp"

namespace emlc::signal {

/// How many signals an operation makes of the signals that it is given.
enum class Arity {
  each,  ///< one of each
  all,   ///< one of all together
  pair,  ///< one of two lists that are as long as each other
};

/// Keys of an operation beside its own.
enum class Keys { none, length, by, scale, clip, sos, weighting, seconds };

/// Which numbers come out.
struct Numbers {
  bool is_integer = true;
  Range range{};
};

struct OperationInfo {
  Operation operation = Operation::channel;
  std::string_view name{};  ///< the key in a document; channels have none
  Arity arity = Arity::each;
  Keys keys = Keys::none;
  bool is_of_window = false;
  /// The type rule: what the operation makes of operands that are integers, all of them. Of reals it makes reals.
  Numbers (*numbers)(const Plan& plan, const Signal& signal) = nullptr;
  std::string_view summary{};  ///< half a line, for people
};

std::span<const OperationInfo> all_operations();
const OperationInfo& info(Operation operation);

}  // namespace emlc::signal
