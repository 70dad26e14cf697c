#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace emlc::formats::keras {

/// A variable of a layer, as the ways of storing it need it.
struct Variable {
  std::string layer{};          ///< the name in the config
  std::string_view group{};     ///< its class as .keras has it: `batch_normalization`
  std::size_t group_index = 0;  ///< how many layers of that class come before it
  std::string_view name{};      ///< `kernel`
  std::size_t index = 0;        ///< among the variables of the layer
  std::vector<std::int64_t> shape{};
};

/// Numbers of a variable in C order, as many as its shape says. Throws Error where it is not there, or is of another
/// shape, without asking for memory that the file does not account for.
using Weights = std::function<std::vector<double>(const Variable&)>;

std::int64_t n_values(const std::vector<std::int64_t>& shape);
/// `(8, 12)`, as Python has it
std::string shape_text(const std::vector<std::int64_t>& shape);

}  // namespace emlc::formats::keras
