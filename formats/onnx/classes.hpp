#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "formats/onnx/call.hpp"

namespace emlc::formats::onnx {

/// Of all classes, integers or texts.
struct ClassNames {
  std::vector<double> numbers{};
  std::vector<std::string> texts{};

  [[nodiscard]] std::size_t size() const { return numbers.empty() ? texts.size() : numbers.size(); }
};

/// From the one of two attributes that is not empty. Throws Error when both are, or both are not.
ClassNames class_names(const Call& call, std::string_view integers, std::string_view texts);

/// The class that `rule` finds in the scores, one column for each, or a single one.
Choice choice_of(Rows scores, model::DecisionRule rule, ClassNames names);

}  // namespace emlc::formats::onnx
