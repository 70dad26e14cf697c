#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/common/emit.hpp"

namespace emlc::test {

using Rows = std::vector<std::vector<double>>;

/// What a compiled header answers to each input.
struct Answers {
  std::vector<std::vector<std::int32_t>> classes;  ///< of each target; empty rows for a model without a rule
  Rows outputs;                                    ///< all columns; of a filter the samples
};

/// Compiles `header` (written by emit_header for the model and the config) as `standard` with the program of
/// codegen/c/driver.hpp around it, and runs it. For a filter each row is one signal.
Answers run_header(const std::string& header, const model::Model& model, const c::EmitConfig& config,
                   const Rows& inputs, std::string_view standard = "c99");

/// The same of a header that only declares, with the source that it goes with.
Answers run_pair(const layout::Artifact& pair, const model::Model& model, const c::EmitConfig& config,
                 const Rows& inputs, std::string_view standard = "c99");

}  // namespace emlc::test
