#include "cli/trial/proof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <tuple>
#include <vector>

#include "cli/console/terminal.hpp"
#include "codegen/c/trees/readback/readback.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"
#include "formats/format.hpp"

namespace emlc::cli {
namespace {

constexpr std::size_t most_steps = 100'000'000;
constexpr double tolerance = 1e-4;  ///< of the largest leaf value of an output

/// [n_outputs] what two leaf values may differ by; float32 has no digits below its smallest normal number.
std::vector<double> tolerances_of(const model::TreeEnsemble& ensemble) {
  std::vector<double> tolerances(static_cast<std::size_t>(ensemble.n_outputs), std::numeric_limits<float>::min());
  model::for_each_value(ensemble, [&](std::size_t output, std::size_t at) {
    tolerances[output] = std::max(tolerances[output], tolerance * std::abs(ensemble.leaf_values[at]));
  });
  return tolerances;
}

std::string numbers_text(const std::vector<double>& x) {
  constexpr std::size_t most = 20;
  const auto shown = std::span(x).first(std::min(x.size(), most));
  return fmt::format("{}{}", fmt::join(shown, ","), x.size() > most ? ",..." : "");
}

Proof proof_of(const model::Equivalence& found, const model::TreeEnsemble& reference, const model::Input& input) {
  switch (found.verdict) {
    case model::Verdict::equal:
      return {found.verdict,
              fmt::format("every {} input reaches the same leaf in each of {} ({}), leaf values within {:.3g}",
                          model::info(input.type).name, count(reference.trees.size(), "tree"),
                          count(found.n_paths, "path"), found.largest_difference)};
    case model::Verdict::different:
      return {found.verdict,
              fmt::format("not the same trees: {}, for x = {}", found.reason, numbers_text(found.counter_example))};
    case model::Verdict::undecided:
      break;
  }
  return {found.verdict, found.reason};
}

/// Of code that is not what convert writes.
Proof strange(Claim claim, std::string text) {
  return {claim == Claim::same ? model::Verdict::different : model::Verdict::undecided, std::move(text)};
}

Proof prove_trees(const WrittenFile& artifact, const model::TreeEnsemble& reference, const model::Input& input) {
  const model::Model read =
      formats::recognise(artifact.bytes, artifact.file).read(artifact.bytes, artifact.file, {}).model;
  const auto* trees = std::get_if<model::TreeEnsemble>(&read.predictor);
  if (trees == nullptr) return {model::Verdict::different, fmt::format("it holds a {}", model::kind_name(read))};
  Proof proof =
      proof_of(model::compare_trees(reference, *trees, input, tolerances_of(reference), most_steps), reference, input);
  const bool has_steps = !read.steps.empty();
  if (proof.verdict == model::Verdict::equal && has_steps) {
    return {model::Verdict::undecided, "the same trees, behind steps that are computed"};
  }
  return proof;
}

std::string in_source(const WrittenFile& artifact) {
  return artifact.source.empty() ? "" : fmt::format("{}: ", printable(artifact.source_file));
}

/// Where a header or its source is not as convert writes it; nothing when they are.
std::optional<Proof> other_words(const WrittenFile& artifact, const HeaderProof& proof) {
  for (const auto& [text, expected, file] :
       {std::tuple{&artifact.bytes, &proof.expected.bytes, std::string()},
        std::tuple{&artifact.source, &proof.expected.beside, in_source(artifact)}}) {
    if (const auto difference = c::first_difference(*text, *expected)) {
      return strange(proof.claim, fmt::format("{}line {} has '{}', where convert writes '{}'", file, difference->line,
                                              printable(difference->found, 60), difference->expected));
    }
  }
  return std::nullopt;
}

/// Of headers of trees.
Proof prove_header_trees(const WrittenFile& artifact, const model::TreeEnsemble& reference,
                         const model::TreeEnsemble& lowered, const HeaderProof& proof) {
  const std::string& definitions = artifact.source.empty() ? artifact.bytes : artifact.source;
  const c::HeaderTrees header = c::read_header_trees(definitions, proof.lowered, lowered, proof.config);
  if (!header.trees) {
    return strange(proof.claim,
                   fmt::format("its trees cannot be read: {}{}", in_source(artifact), printable(header.problem, 200)));
  }
  const model::Input input = predictor_input(proof.lowered);
  Proof result =
      proof_of(model::compare_trees(reference, *header.trees, input, header.rounding, most_steps), reference, input);
  if (result.verdict == model::Verdict::different) return result;
  return other_words(artifact, proof).value_or(std::move(result));
}

/// Of headers of combinations: the trees of members are not read back.
Proof compare_words(const WrittenFile& artifact, const HeaderProof& proof) {
  const Proof as_written = {model::Verdict::undecided, "a combination, which is word for word what convert writes"};
  return other_words(artifact, proof).value_or(as_written);
}

}  // namespace

std::string_view verdict_word(model::Verdict verdict) {
  switch (verdict) {
    case model::Verdict::equal:
      return "proved";
    case model::Verdict::different:
      return "refuted";
    case model::Verdict::undecided:
      break;
  }
  return "measured";
}

std::string proof_text(const Proof& proof) {
  return fmt::format("{}{}: {}", verdict_word(proof.verdict),
                     proof.verdict == model::Verdict::undecided ? ", not proved" : "", proof.text);
}

std::optional<Proof> prove(const WrittenFile& artifact, const model::Model& reference, const model::Input& input) {
  using Result = std::optional<Proof>;
  return std::visit(
      model::Overloaded{[](std::monostate) -> Result { return {}; },
                        [&](const model::TreeEnsemble& trees) -> Result { return prove_trees(artifact, trees, input); },
                        [](const model::DenseNetwork&) -> Result { return {}; },
                        [](const model::SosCascade&) -> Result { return {}; },
                        [](const model::Combination&) -> Result { return {}; }},
      reference.predictor);
}

std::optional<Proof> prove_header(const WrittenFile& artifact, const HeaderProof& proof) {
  if (std::holds_alternative<model::Combination>(proof.lowered.predictor)) return compare_words(artifact, proof);
  const auto* reference = std::get_if<model::TreeEnsemble>(&proof.reference.predictor);
  const auto* lowered = std::get_if<model::TreeEnsemble>(&proof.lowered.predictor);
  if (reference == nullptr || lowered == nullptr) return std::nullopt;
  return prove_header_trees(artifact, *reference, *lowered, proof);
}

Proof prove_module(const WrittenFile& artifact, const layout::Artifact& expected, Claim claim) {
  if (artifact.bytes == expected.bytes) {
    return {model::Verdict::undecided, "a module, which is word for word what convert writes"};
  }
  const auto [found, wanted] =
      std::mismatch(artifact.bytes.begin(), artifact.bytes.end(), expected.bytes.begin(), expected.bytes.end());
  const auto line = 1 + std::count(artifact.bytes.begin(), found, '\n');
  return strange(claim, fmt::format("line {} is not what convert writes", line));
}

}  // namespace emlc::cli
