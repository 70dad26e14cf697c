#include "cli/compile/carried_options.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <vector>

namespace emlc::cli {
namespace {

using model::Model;
using model::NumberType;

/// --features of a model whose thresholds are of another type than the device would have by itself.
template <NumberType type>
bool has_features(const Model& read, const Model& trained) {
  const NumberType declared = trained.input.type == NumberType::float64 ? NumberType::float32 : trained.input.type;
  return read.scalers.empty() && std::holds_alternative<model::TreeEnsemble>(read.predictor) &&
         read.input.type == type && declared != type;
}

bool has_hard_votes(const Model& read, const Model& trained) {
  const auto* votes = std::get_if<model::TreeEnsemble>(&read.predictor);
  const auto* shares = std::get_if<model::TreeEnsemble>(&trained.predictor);
  return votes != nullptr && shares != nullptr && trained.output.rule == model::DecisionRule::argmax &&
         model::is_one_hot(*votes) && !model::is_one_hot(*shares);
}

struct Row {
  std::string_view option;
  bool (*is_carried)(const Model& read, const Model& trained);
};
constexpr std::array rows = {
    Row{"--features float", has_features<NumberType::float32>},
    Row{"--features int16", has_features<NumberType::int16>},
    Row{"--features uint8", has_features<NumberType::uint8>},
    Row{"--features int8", has_features<NumberType::int8>},
    Row{"--voting hard", has_hard_votes},
};

}  // namespace

std::string carried_options(const Model& read, const Model& trained) {
  std::vector<std::string_view> carried;
  for (const Row& row : rows) {
    if (row.is_carried(read, trained)) carried.push_back(row.option);
  }
  return fmt::format("{}", fmt::join(carried, " "));
}

}  // namespace emlc::cli
