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

double piece_bytes(const Survey& found, std::size_t target, Optimize optimize) {
  double sum = 0.0;
  for (const PieceBytes& row : all_piece_bytes()) {
    const auto piece = found.pieces.find(row.name);
    if (piece == found.pieces.end()) continue;
    const CountBytes& bytes = optimize == Optimize::speed ? row.fast : row.small;
    const auto& [functions, statements, single, repeated] = piece->second;
    const std::array<double, n_piece_counts> counts = {functions, statements, single, repeated};
    for (std::size_t i = 0; i < n_piece_counts; ++i) sum += bytes.at(target * n_piece_counts + i) * counts.at(i);
  }
  return std::max(sum, 0.0);
}

std::size_t library_bytes(std::string_view operations, const EstimatedTarget& target) {
  std::size_t sum = 0;
  for (const LibraryBytes& row : target.libraries) {
    if (row.operations.find_first_of(operations) != std::string_view::npos) sum += row.bytes;
  }
  return sum;
}

}  // namespace

std::vector<TargetSurvey> survey_targets(std::string_view definitions, const model::Model& model, const Names& names) {
  std::vector<TargetSurvey> surveys;
  for (const EstimatedTarget& target : all_estimated_targets()) {
    Survey found = survey(definitions, {.symbol = names.symbol,
                                        .macro = names.macro,
                                        .defined = target.defined,
                                        .conversion = conversion_of(model.input.type)});
    const std::size_t libraries = library_bytes(found.operations, target);
    surveys.push_back({target.name, std::move(found), libraries});
  }
  return surveys;
}

std::vector<layout::CodeEstimate> estimate_code(std::string_view definitions, const model::Model& model,
                                                const Names& names, Optimize optimize) {
  std::vector<layout::CodeEstimate> estimates;
  for (const TargetSurvey& target : survey_targets(definitions, model, names)) {
    const double code = piece_bytes(target.found, estimates.size(), optimize);
    estimates.push_back({std::string(target.name), static_cast<std::size_t>(std::lround(code)) + target.library_bytes});
  }
  return estimates;
}

}  // namespace emlc::c
