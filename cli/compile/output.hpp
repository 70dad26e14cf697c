#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/trial/artifact_run.hpp"
#include "codegen/c/common/emit.hpp"
#include "codegen/layout/artifact.hpp"
#include "codegen/model/model.hpp"

namespace emlc::cli {

enum class Content { text, binary };
enum class ReadsBack { no, yes };  ///< can emlc read as a model what it wrote?

/// Something that emlc writes.
struct Output {
  std::string_view name;        ///< as written in --to
  std::string_view summary;     ///< one line of `emlc list outputs`
  std::string_view extensions;  ///< of the files that mean it, separated by blanks
  Content content;
  ReadsBack reads_back;
  std::optional<c::Language> language;  ///< of a header; nothing: it is none
  std::string_view source_extensions;   ///< of the file with its definitions, separated by blanks
  std::string_view header_extension;    ///< of the header that is written beside a source; empty: there is none
  /// Throws Error for a model that the output cannot hold.
  layout::Artifact (*emit)(const model::Model& model, const c::EmitConfig& config);
  /// The answers of the artifact on this computer, see artifact_run.hpp.
  std::vector<Answer> (*run)(const WrittenFile& artifact, const model::Model& model, const Inputs& inputs);
  /// What it says of the frames of recordings; nullptr: it has the model alone, and takes features.
  StreamFunction* stream = nullptr;
};
std::span<const Output> all_outputs();

const Output& output_called(std::string_view name);

/// The output that the extension of `path` means; throws Error when there is none.
const Output& output_of_file(const std::string& path);

/// The header of an output that is written to `path`: that file, or the one beside it. Throws Error for a path that a
/// source of two files cannot have.
std::string header_path(const Output& output, const std::string& path);

/// True for the extension of a file that a header of this output may be defined in.
bool is_source_of(const Output& output, std::string_view extension);

}  // namespace emlc::cli
