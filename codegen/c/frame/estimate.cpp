#include "codegen/c/frame/estimate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "codegen/c/frame/piece_bytes.hpp"
#include "codegen/c/frame/survey.hpp"

namespace emlc::c {
namespace {

std::string_view conversion_of(model::NumberType feature) {
  const model::NumberTypeInfo& type = model::info(feature);
  if (!type.is_integer) return "";
  return type.lowest < 0 ? "i" : "u";
}

NumberClass class_of(model::NumberType feature) {
  const model::NumberTypeInfo& type = model::info(feature);
  if (!type.is_integer) return type.bytes > 4 ? NumberClass::twice : NumberClass::single;
  return type.bytes == 1 ? NumberClass::byte : type.bytes == 2 ? NumberClass::half : NumberClass::word;
}

double count_of(const Terms& terms, const std::string& name) {
  const auto found = terms.find(name);
  return found == terms.end() ? 0.0 : found->second;
}

double network_bytes(const Terms& terms, std::size_t target, Optimize optimize) {
  static constexpr std::array<std::string_view, n_piece_counts> counts = {"", ";", "*", "+"};
  double sum = 0.0;
  for (const PieceBytes& row : all_piece_bytes()) {
    const CountBytes& bytes = optimize == Optimize::speed ? row.fast : row.small;
    for (std::size_t i = 0; i < n_piece_counts; ++i) {
      sum += bytes.at(target * n_piece_counts + i) * count_of(terms, std::string(row.name) + std::string(counts.at(i)));
    }
  }
  return sum;
}

double kind_bytes(const Terms& terms, std::string_view kind, std::size_t target, Optimize optimize) {
  const std::size_t column = 2 * target + (optimize == Optimize::speed ? 1 : 0);
  double sum = 0.0;
  for (const TermBytes& row : all_term_bytes()) {
    if (row.kind != kind) continue;
    sum += row.bytes.at(column) * (row.name == "1" ? 1.0 : count_of(terms, std::string(row.name)));
  }
  return sum;
}

std::size_t place_of(std::string_view target) {
  const auto targets = all_estimated_targets();
  const auto found =
      std::find_if(targets.begin(), targets.end(), [&](const EstimatedTarget& row) { return row.name == target; });
  return static_cast<std::size_t>(found - targets.begin());
}

std::size_t library_bytes(std::string_view operations, const EstimatedTarget& target) {
  std::size_t sum = 0;
  for (const LibraryBytes& row : target.libraries) {
    if (row.operations.find_first_of(operations) != std::string_view::npos) sum += row.bytes;
  }
  return sum;
}

}  // namespace

std::vector<TargetSurvey> survey_targets(std::string_view text, const model::Model& model, const Names& names,
                                         const SurveyHints& hints) {
  std::vector<TargetSurvey> surveys;
  for (const EstimatedTarget& target : all_estimated_targets()) {
    if (model.input.type == model::NumberType::float64 && !target.has_double) continue;
    Survey found = survey(text, {.symbol = names.symbol,
                                 .macro = names.macro,
                                 .predefined = target.predefined,
                                 .conversion = conversion_of(model.input.type),
                                 .feature = class_of(model.input.type),
                                 .shape = hints.shape});
    found.operations += hints.operations;
    const std::size_t libraries = library_bytes(found.operations, target);
    surveys.push_back({target.name, std::move(found), libraries});
  }
  return surveys;
}

std::string definitions_text(const Core& core, const Names& names) {
  return helper_definitions(core.helpers, names) + core.definitions;
}

namespace {

/// What a target takes for the code of a core, and apart from it for what its operations in float call.
struct TargetEstimate {
  std::string_view target;
  std::size_t bytes = 0, library_bytes = 0;
  std::string operations{};
};

/// The definitions of a part with helpers of its own, as the text of a whole model has them.
std::string as_alone(const Core& core, const Names& names) {
  Names own = names;
  own.shared = names.symbol;
  std::string text = core.definitions;
  for (const Helper helper : core.helpers) {
    const std::string shared = helper_name(helper, names) + "(", alone = helper_name(helper, own) + "(";
    if (shared == alone) continue;
    for (std::size_t at = text.find(shared); at != std::string::npos; at = text.find(shared, at + alone.size())) {
      text.replace(at, shared.size(), alone);
    }
  }
  return helper_definitions(core.helpers, own) + text;
}

std::vector<TargetEstimate> estimate_targets(const Core& core, std::string_view definitions, const model::Model& model,
                                             const Names& names, Optimize optimize) {
  std::vector<TargetEstimate> estimates;
  const std::string text = core.prologue + std::string(definitions);
  const SurveyHints hints = {core.code_shape, core.float_operations};
  for (TargetSurvey& target : survey_targets(text, model, names, hints)) {
    const std::size_t column = place_of(target.name);
    const double code = core.code_kind.empty() ? network_bytes(target.found.terms, column, optimize)
                                               : kind_bytes(target.found.terms, core.code_kind, column, optimize);
    estimates.push_back({target.name, static_cast<std::size_t>(std::lround(std::max(code, 0.0))), target.library_bytes,
                         std::move(target.found.operations)});
  }
  return estimates;
}

}  // namespace

std::vector<layout::CodeEstimate> estimate_code(const Core& core, std::string_view definitions,
                                                const model::Model& model, const Names& names, Optimize optimize) {
  std::vector<layout::CodeEstimate> estimates;
  for (const TargetEstimate& estimate : estimate_targets(core, definitions, model, names, optimize)) {
    estimates.push_back({std::string(estimate.target), estimate.bytes + estimate.library_bytes});
  }
  return estimates;
}

void add_code_estimates(Core& core, const model::Model& model, const Names& names, Optimize optimize) {
  if (!core.code_estimates.empty()) return;
  for (TargetEstimate& estimate : estimate_targets(core, as_alone(core, names), model, names, optimize)) {
    core.code_estimates.push_back({std::string(estimate.target), estimate.bytes + estimate.library_bytes});
    core.library_operations.push_back(std::move(estimate.operations));
  }
  core.parts.push_back({std::string(code_part), core.code_estimates.front().bytes});
}

void add_part_estimates(Core& core, std::span<const Core> parts) {
  core.code_estimates.clear();
  core.library_operations.clear();
  for (const EstimatedTarget& target : all_estimated_targets()) {
    layout::CodeEstimate sum{std::string(target.name)};
    std::string operations;
    std::size_t n_found = 0;
    for (const Core& part : parts) {
      for (std::size_t i = 0; i < part.code_estimates.size(); ++i) {
        if (part.code_estimates[i].target != target.name) continue;
        const std::string of_part = part.library_operations.empty() ? "" : part.library_operations[i];
        sum.bytes += part.code_estimates[i].bytes - library_bytes(of_part, target);
        operations += of_part;
        ++n_found;
      }
    }
    if (n_found != parts.size()) continue;  // there is none of if/else code for every target
    sum.bytes += library_bytes(operations, target);
    core.code_estimates.push_back(std::move(sum));
    core.library_operations.push_back(std::move(operations));
  }
  std::erase_if(core.parts, [](const layout::Part& part) { return part.name == code_part; });
  core.parts.push_back({std::string(code_part), core.code_estimates.front().bytes});
}

}  // namespace emlc::c
