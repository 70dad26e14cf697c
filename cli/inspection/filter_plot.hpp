#pragma once

#include <optional>
#include <string>

#include "codegen/model/sos/sos_cascade.hpp"

namespace emlc::cli {

/// A filter as SVG: the gain over the frequency, poles and zeros; with `rounded`, both of them and the deviation. The
/// same input gives the same bytes.
std::string filter_plot(const std::string& title, const model::SosCascade& cascade,
                        const std::optional<model::SosCascade>& rounded);

}  // namespace emlc::cli
