#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/trial/artifact_run.hpp"
#include "codegen/c/common/emit.hpp"
#include "codegen/model/model.hpp"
#include "codegen/model/trees/equivalence.hpp"

namespace emlc::cli {

/// What reading an artifact back shows for all inputs.
struct Proof {
  model::Verdict verdict = model::Verdict::undecided;
  std::string text;  ///< one sentence
};

/// `proved`, `refuted` or `measured`.
std::string_view verdict_word(model::Verdict verdict);

/// The verdict, and the sentence.
std::string proof_text(const Proof& proof);

/// Compares the trees that `artifact` (CSV or .tmdl) holds with those of `reference`, path by path, for every input of
/// `input`, which is what the trees take. Nothing for a reference that is not made of trees. Throws Error when the
/// artifact is damaged.
std::optional<Proof> prove(const WrittenFile& artifact, const model::Model& reference, const model::Input& input);

/// What a header's banner says of where it is from.
enum class Claim {
  same,  ///< this emlc, this model, these options: every word of the code has to be as convert writes it
  other  ///< code that is not as convert writes it shows nothing
};

/// What a header is compared with.
struct HeaderProof {
  const model::Model& reference;
  const model::Model& lowered;  ///< after the passes
  const c::EmitConfig& config;
  const layout::Artifact& expected;  ///< the header as convert writes it
  Claim claim;
};
/// Reads the trees of a header back from its text and compares them in the same way; what is around them has to be what
/// convert writes, in the header and in its source. Code that cannot be read is undecided, or different with
/// Claim::same. The words of a combination are compared alone. Nothing for other models.
std::optional<Proof> prove_header(const WrittenFile& artifact, const HeaderProof& proof);

/// A MicroPython module, which is not read back: its words have to be those that convert writes.
Proof prove_module(const WrittenFile& artifact, const layout::Artifact& expected, Claim claim);

}  // namespace emlc::cli
