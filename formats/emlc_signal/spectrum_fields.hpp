#pragma once

#include "formats/emlc_signal/document.hpp"

namespace emlc::formats::emlc_signal {

/// The value of the key `spectrum` of an entry of features.
json::Fields spectrum_fields(SpectrumSettings& into);

/// Adds the keys that an entry of `take` has beside a `spectrum`.
void add_spectral_fields(SpectralTake& into, json::Fields& fields);

}  // namespace emlc::formats::emlc_signal
