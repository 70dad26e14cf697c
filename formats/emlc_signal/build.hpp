#pragma once

#include "formats/emlc_signal/document.hpp"
#include "formats/emlc_signal/names.hpp"

namespace emlc::formats::emlc_signal {

/// The signal, or for a list of operands the signals, that a part of the document stands for. Throws Error.
void build_signal(Scope& scope, signal::Plan& plan, const SignalPart& part);

/// The features that an entry stands for: each signal with each statistic. Throws Error.
/// @param path  of the entry
void build_features(const Scope& scope, signal::Plan& plan, const FeaturePart& part, const std::string& path);

}  // namespace emlc::formats::emlc_signal
