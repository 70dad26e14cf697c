#pragma once

#include <optional>
#include <string>

#include "codegen/model/model.hpp"

namespace emlc::cli {

/// A filter as SVG: the gain over the frequency, poles and zeros; with `rounded`, both of them and the deviation. The
/// same input gives the same bytes.
std::string filter_plot(const std::string& title, const model::SosCascade& cascade,
                        const std::optional<model::SosCascade>& rounded);
/// The same of a model as designed and after the passes. Throws Error for one that is no filter.
std::string filter_plot(const std::string& title, const model::Model& designed, const model::Model& lowered);

}  // namespace emlc::cli
