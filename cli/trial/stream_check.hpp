#pragma once

#include <string>

#include "cli/trial/artifact_run.hpp"

namespace emlc::cli {

/// How a recording that goes through a header frame by frame compares with its features in the interpreter.
struct StreamCheck {
  std::string text;     ///< a line about what was tried
  std::string problem;  ///< a sentence about the first difference; empty: every feature and answer is the same
};

/// Features have to be those of the interpreter in the type of the device, to the bit, and what decide says what the
/// header itself predicts from them.
/// @param model  after its passes
StreamCheck check_stream(const WrittenFile& artifact, c::Language language, const model::Model& model,
                         const signal::Plan& plan, const std::string& recording);

}  // namespace emlc::cli
