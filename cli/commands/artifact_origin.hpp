#pragma once

#include <string>

#include "cli/compile/options.hpp"
#include "cli/compile/output.hpp"
#include "cli/compile/pipeline.hpp"
#include "cli/trial/artifact_run.hpp"
#include "cli/trial/proof.hpp"

namespace emlc::cli {

/// How an artifact was made.
struct Origin {
  std::string given;  ///< the options as convert records them
  Claim claim = Claim::other;
};

/// The artifact gets its name, and the options that it shows it was made with are taken over into `line` where the
/// command line has no others; `options` are what `line` writes to. Warns of what is not as the artifact's banner says.
/// Throws Error when a header has no banner of emlc or another name than --name.
Origin take_over(WrittenFile& artifact, const Output& output, const Source& source, const CompileOptions& options,
                 CommandLine& line, const Terminal& terminal);

/// Reads the definitions of a header that only declares: what --source names (`given`), else the file that the banner
/// names, beside the header; nothing to do when both are empty. Throws Error when that file is not there.
void read_definitions(WrittenFile& artifact, const std::string& given, const std::string& in_banner);

}  // namespace emlc::cli
