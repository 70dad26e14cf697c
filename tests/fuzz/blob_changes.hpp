#pragma once

#include <cstdint>
#include <string>

#include "tests/support/random.hpp"

/// Changes of .tmdl blobs that get past what a blob says of itself (docs/tmdl.md).
namespace emlc::fuzz {

/// Puts right the size and the checksum of a blob with emlc's header; anything else stays as it is.
void reseal(std::string& blob);

/// One change that knows the form: a field of the header or of a layer becomes a number that is at some limit, or a
/// layer is doubled, taken out or swapped with the next one. The checksum is left as it was. What has no layers stays
/// as it is.
void change_blob(std::string& blob, test::Random& random);

}  // namespace emlc::fuzz
