#pragma once

#include "formats/emlc_signal/document.hpp"
#include "formats/emlc_signal/names.hpp"

namespace emlc::formats::emlc_signal {

/// The signal, or for a list of operands the signals, that a part of the document stands for. Throws Error.
void build_signal(Scope& scope, signal::Plan& plan, const SignalPart& part);

/// What one entry of `take` says, and how a feature of it is called behind the name of its signal.
struct Taken {
  signal::Feature feature;
  std::string name;
};

/// Proves what an entry says of its spectrum. Throws Error.
/// @param path  of the entry
void check_spectrum(const json::Source& source, FeaturePart& part, const std::string& path);

/// What an entry of `take` says of the spectrum of its feature. Throws Error.
/// @param path  of the entry of `take`
std::vector<Taken> spectral(const json::Source& source, const FeaturePart& feature, const TakePart& take,
                            const std::string& path);

/// Throws Error where an entry of `take` without a spectrum has a key that only spectra have.
void refuse_spectral_keys(const json::Source& source, const TakePart& take, const std::string& path);

/// The features that an entry stands for: each signal with each statistic. Throws Error.
/// @param path  of the entry
void build_features(const Scope& scope, signal::Plan& plan, FeaturePart& part, const std::string& path);

}  // namespace emlc::formats::emlc_signal
