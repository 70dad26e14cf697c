#pragma once

#include <string>
#include <vector>

#include "cli/trial/answers.hpp"
#include "codegen/c/common/emit.hpp"
#include "codegen/model/model.hpp"
#include "codegen/signal/plan.hpp"
#include "formats/recording/recording.hpp"

namespace emlc::cli {

/// Something that emlc wrote, to be run on this computer.
struct WrittenFile {
  std::string file;                                ///< for messages
  std::string bytes;                               ///< its content
  std::string name;                                ///< a header's: what its symbols start with
  std::vector<std::string> include_directories{};  ///< a header's: where it finds <emlc/...>
  std::string header_file{};                       ///< a header's: what its source includes it as; empty: it has none
  std::string source_file{}, source{};             ///< that source: for messages, and its content
};

/// The answers of an artifact, as the device gives them. `model` is the one it was written from (after the passes).
/// All throw Error when the artifact is damaged or is not one of this model.
std::vector<Answer> run_c_header(const WrittenFile& artifact, const model::Model& model, const Inputs& inputs);
std::vector<Answer> run_cpp_header(const WrittenFile& artifact, const model::Model& model, const Inputs& inputs);
std::vector<Answer> run_csv(const WrittenFile& artifact, const model::Model& model, const Inputs& inputs);
std::vector<Answer> run_py(const WrittenFile& artifact, const model::Model& model, const Inputs& inputs);
/// A blob as it is, or as a constant of a C source.
std::vector<Answer> run_tmdl(const WrittenFile& artifact, const model::Model& model, const Inputs& inputs);

/// What an artifact with a signal says about one window.
struct StreamRow {
  std::vector<double> features, answers;
};
/// The complete windows of recordings that go through an artifact frame by frame. Throws Error as above.
using StreamFunction = std::vector<StreamRow>(const WrittenFile& artifact, const model::Model& model,
                                              const signal::Plan& plan, const std::vector<formats::Run>& recordings);
StreamFunction run_c_stream, run_cpp_stream, run_tmdl_stream;

}  // namespace emlc::cli
