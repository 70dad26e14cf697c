#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace emlc::layout {

/// Bytes of one part of what lands in flash: `splits`, `leaf rows`, `weights`, `code (estimate)`.
struct Part {
  std::string name;
  std::size_t bytes = 0;
};

/// What a compiler makes of generated code for one target.
struct CodeEstimate {
  std::string target;  ///< `Cortex-M4`
  std::size_t bytes = 0;
};

/// What an output produced: the whole file, and what it will cost on the device.
struct Artifact {
  std::string bytes;        ///< the content of the file
  std::vector<Part> parts;  ///< flash, part by part
  std::size_t ram =
      0;  ///< bytes of working memory and state on the device; of a header with the stack frames, an estimate
  std::vector<std::string> warnings;  ///< one sentence each, for stderr
  std::vector<std::string> notes{};   ///< what its user needs to load it, one sentence each, for the summary
  /// Of the code of a header, for each target; `parts` has the first one. Empty for everything else.
  std::vector<CodeEstimate> code_estimates{};
  /// The estimate leaves functions out that the code calls, of libgcc (soft float) or libm: scalers and
  /// post-transforms of trees.
  bool calls_library = false;
  /// What the caller passes, and what the values of the leaves of trees are summed in: `float`, `int16_t`. Empty where
  /// it is not for the output to say.
  std::string input_type{}, sum_type{};
  /// The content of the file beside it: the definitions of a header that only declares, the header of a blob in C.
  std::string beside{};
};

std::size_t flash(const Artifact& artifact);  ///< sum of the parts

}  // namespace emlc::layout
