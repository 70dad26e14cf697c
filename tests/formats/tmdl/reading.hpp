#pragma once

#include <string>

#include "formats/tmdl/tmdl.hpp"
#include "tests/runtime/blob.hpp"

/// What tests of the reader of .tmdl share.
namespace emlc::test {

inline std::string to_text(const Blob& blob) { return {blob.begin(), blob.end()}; }

inline model::Model read(const Blob& blob) { return formats::read_tmdl(to_text(blob), "m.tmdl"); }

}  // namespace emlc::test
