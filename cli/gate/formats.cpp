#include "cli/gate/formats.hpp"

#include <array>

namespace emlc::cli {

std::span<const CheckFormat> all_check_formats() {
  static constexpr std::array formats = {
      CheckFormat{"text", check_text},     CheckFormat{"md", check_markdown},
      CheckFormat{"json", check_json},     CheckFormat{"junit", check_junit},
      CheckFormat{"github", check_github}, CheckFormat{"openmetrics", check_openmetrics},
  };
  return formats;
}

}  // namespace emlc::cli
