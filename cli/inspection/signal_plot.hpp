#pragma once

#include <string>

#include "codegen/signal/plan.hpp"

namespace emlc::cli {

/// The filters of a signal document as SVG, one below the other, each as filter_plot() draws it.
/// @param written   with the sections of the document
/// @param designed  the same plan with the integers of its filters
/// Throws Error where there is no filter.
std::string signal_plot(const signal::Plan& written, const signal::Plan& designed);

}  // namespace emlc::cli
