#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/trial/artifact_run.hpp"
#include "codegen/signal/decision/decision.hpp"
#include "codegen/signal/decision/recorded.hpp"
#include "formats/recording/recording.hpp"

namespace emlc::cli {

/// Frames that go through an artifact, from its beginning.
struct StreamInput {
  std::string name;  ///< for messages
  formats::Run run{};
};

/// The runs of a recording, where there is one, and the recordings among the test vectors of a document.
/// @param path  nothing: there is no recording
std::vector<StreamInput> stream_inputs(const std::optional<std::string>& path, const signal::Plan& plan,
                                       const std::vector<signal::RecordedWindows>& recorded);

/// How frames that go through an artifact compare with their features in the interpreter.
struct StreamCheck {
  std::string text;     ///< a line about what was tried
  std::string problem;  ///< a sentence about the first difference; empty: every feature and answer is the same
};

/// How an artifact answers about features, and about frames.
struct StreamForm {
  std::vector<Answer> (*run)(const WrittenFile& artifact, const model::Model& model, const Inputs& inputs);
  StreamFunction* stream;
  model::NumberType features;  ///< the type that it has them in
};

/// What an artifact was made of.
struct StreamMeaning {
  const model::Model& model;  ///< after its passes
  const signal::Plan& plan;
  const std::optional<signal::DecisionFilter>& decision;
};

/// Features have to be those of the interpreter in the type of the device, to the bit. What decide says has to be what
/// the artifact itself predicts from them, and with a filter of decisions what the filter makes of these answers.
/// @param inputs  at least one
StreamCheck check_stream(const WrittenFile& artifact, const StreamForm& form, const StreamMeaning& meaning,
                         const std::vector<StreamInput>& inputs);

}  // namespace emlc::cli
