#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/model.hpp"
#include "codegen/signal/decision/decision.hpp"
#include "codegen/signal/plan.hpp"
#include "codegen/signal/decision/recorded.hpp"

namespace emlc::formats {

/// A file that another one names, in the same folder.
struct CompanionFile {
  std::string name{}, content{};
};

/// What some files leave out, so that whoever has the file says it.
struct Supplement {
  std::vector<double> base_score{};    ///< empty: not given; one for all outputs, or one for each
  std::string objective{};             ///< empty: not given
  std::vector<CompanionFile> files{};  ///< what Format::companions asks for
};

/// A part of a file that is a graph of operators or a chain of layers, and what it became.
struct ReadNode {
  std::string name{};    ///< may be empty
  std::string op{};      ///< as the format calls it: `Gemm`, `Dense`
  std::string became{};  ///< `layer 1`
};

/// A model as a file has it.
struct Reading {
  model::Model model{};
  std::vector<std::string> remarks{};  ///< sentences about what the file does not settle, and how it was read
  std::optional<signal::Plan> signal{};  ///< what makes the features of samples; filters as they were written
  std::optional<signal::DecisionFilter> decision{};    ///< of a document with signals
  std::vector<signal::RecordedWindows> recordings{};  ///< test vectors of frames
  std::vector<ReadNode> nodes{};       ///< in the order of the computation; empty for a format without operators
};

/// Throws Error when --objective or --base-score is given about a file that says all by itself.
void refuse_supplement(const Supplement& supplement, std::string_view file);

// Far above what a microcontroller takes; a small file must not ask for large tables.
constexpr std::int32_t most_features = 65536;
constexpr std::int32_t most_outputs = 4096;

}  // namespace emlc::formats
