#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/sizes/target_sizes.hpp"
#include "cli/sizes/targets.hpp"
#include "codegen/c/common/emit.hpp"
#include "codegen/model/model.hpp"

namespace emlc::cli {

/// A header of a model, as text.
struct HeaderText {
  const model::Model& model;  ///< as the device holds it
  std::string name;           ///< what its symbols start with
  c::Language language;
  c::Optimize optimize;
  std::string_view text;
  std::string header_file{};  ///< as its source includes it; for a header without one any name will do
  std::string_view source{};  ///< its definitions, where they are apart
};

/// Compiles and links a program that calls the header once, and the same program without the call, with the target's
/// compiler: the sizes are the difference. At -O2 for --optimize speed, else at -Os.
/// Nothing when the compiler is not in PATH. A header that does not compile or link there has no numbers, and the first
/// line of what the compiler says as the problem. Throws Error when not even an empty program does;
/// std::system_error when another of its tools cannot be run.
/// @param includes   directories with <emlc/...>, for a header made with --use-runtime
std::optional<TargetSizes> measure_on(const Target& target, const HeaderText& header,
                                      const std::vector<std::string>& includes);

/// `gcc` or `g++`.
std::string_view compiler_name(c::Language language);

}  // namespace emlc::cli
