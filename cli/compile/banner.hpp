#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace emlc::cli {

/// What the first comment of a generated header says.
struct Banner {
  std::string name;        ///< what symbols start with
  std::string version;     ///< of emlc
  std::string model_hash;  ///< empty when it does not say
  std::string options;     ///< as given to convert
};

/// Nothing when the text does not begin with a banner of emlc.
std::optional<Banner> read_banner(std::string_view text);

}  // namespace emlc::cli
