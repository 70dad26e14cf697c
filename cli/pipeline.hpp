#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/options.hpp"
#include "codegen/model/model.hpp"

namespace emlc::cli {

/// A model as it was trained: parsed, checked, its test vectors replayed.
struct Source {
  std::string file;         ///< for messages
  std::string sha256;       ///< of the content
  std::string_view format;  ///< that read it
  model::Model model;
  std::vector<std::string> warnings;
};
Source read_source(const ModelOptions& options);

}  // namespace emlc::cli
