#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/compile/options.hpp"
#include "cli/compile/output.hpp"
#include "cli/console/terminal.hpp"
#include "cli/trial/answers.hpp"
#include "codegen/layout/artifact.hpp"
#include "codegen/model/model.hpp"
#include "codegen/passes/pass.hpp"
#include "codegen/signal/decision/decision.hpp"
#include "codegen/signal/decision/recorded.hpp"
#include "codegen/signal/folded.hpp"
#include "codegen/signal/plan.hpp"
#include "formats/reading.hpp"

namespace emlc::cli {

/// Throws Error for what only headers have, and for a --source that is none of this output's language.
void check_header_options(const Output& output, const CompileOptions& options);

/// A model as it was trained: parsed, checked, its test vectors replayed.
struct Source {
  std::string file;         ///< for messages
  std::string sha256;       ///< of the content, and of the files that belong to it
  std::string_view format;  ///< that read it
  model::Model model;
  std::vector<std::string> warnings;
  std::vector<formats::ReadNode> nodes{};  ///< of a graph of operators or a chain of layers, as it was read
  std::vector<std::string> companions{};   ///< paths of the files that belong to it
  std::optional<signal::Plan> signal{};    ///< what makes the features of samples, with the integers of its filters
  std::optional<signal::DecisionFilter> decision{};   ///< what becomes of answers about windows
  std::vector<signal::RecordedWindows> recordings{};  ///< test vectors of frames, replayed too
};
/// @param known  the content of the file, where it has been read already
Source read_source(const ModelOptions& options, const std::optional<std::string>& known = std::nullopt);

/// Rows of features for the model: a CSV or NPY file of them, or where the source has a signal those of the complete
/// windows of a recording.
Inputs read_rows(const Source& source, const std::string& path);

/// The features of the same windows, as trained and as a device has them: [n_windows][n_features].
struct BothFeatures {
  std::vector<std::vector<double>> trained{}, device{};
};

/// The model after its passes, as the device will hold it.
struct Lowered {
  model::Model model;
  std::vector<passes::PassReport> reports;
  std::vector<double> seconds{};                     ///< that each pass took, with its check and measurement
  std::vector<std::vector<double>> data{};           ///< what --data named
  passes::Labels labels{};                           ///< what --data-labels named
  std::optional<signal::Folded> folded{};            ///< of trees behind a signal: what decides in a header
  std::vector<passes::PassReport> signal_reports{};  ///< of the passes that made it
  std::optional<signal::Plan> signal{};              ///< with spectra in integers; nothing: that of the source
  BothFeatures both{};                               ///< what that was measured on
};
Lowered lower(const Source& source, const CompileOptions& options, const passes::Observer& observer = {});

/// The options with what has been read already in the place of the files of --data and --data-labels: for converting
/// the model once more.
CompileOptions with_data(CompileOptions options, const Lowered& lowered);

/// Every symbol's start: --name, else the model's own, else made from the file name. Throws Error for a --name that is
/// no identifier.
std::string choose_name(const Source& source, const CompileOptions& options);

/// What an emitter is told. `given` is what the banner records, see given_compile_options().
c::EmitConfig emit_config(const Source& source, const Lowered& lowered, const Output& output,
                          const CompileOptions& options, const std::string& given);

/// The content of the output. `given` is what the banner records, see given_compile_options().
layout::Artifact emit(const Source& source, const Lowered& lowered, const Output& output, const CompileOptions& options,
                      const std::string& given);

}  // namespace emlc::cli
