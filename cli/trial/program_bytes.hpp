#pragma once

#include <cstddef>
#include <string>

#include "cli/console/process.hpp"
#include "cli/trial/answers.hpp"

namespace emlc::cli {

/// What the program around an artifact reads from stdin: all inputs as doubles, around a filter each with its length.
std::string to_bytes(const Inputs& inputs, bool is_filter);

/// A program around an artifact.
struct Program {
  std::string file;                          ///< the artifact, for messages
  std::size_t n_classes = 0, n_outputs = 0;  ///< doubles of each answer; around a filter as many as samples
  bool is_filter = false;
};
/// What it has written to stdout. Throws Error when that is not an answer to each input.
std::vector<Answer> answers_of(const Finished& finished, const Program& program, const Inputs& inputs);

}  // namespace emlc::cli
