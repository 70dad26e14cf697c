#include "cli/compile/carried_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "codegen/model/sos/sos_model.hpp"

namespace emlc::cli {
namespace {

using model::Model;
using model::NumberType;

/// Has `wider` all values of `type`, both of integers?
bool holds(NumberType wider, NumberType type) {
  const model::NumberTypeInfo &outer = model::info(wider), &inner = model::info(type);
  return outer.is_integer && inner.is_integer && outer.lowest <= inner.lowest && inner.highest <= outer.highest;
}

/// --features of a model whose thresholds are of another type than the device would have by itself. Integers that hold
/// those of the declared type show nothing: emlearn's files know no others than int16.
template <NumberType type>
bool has_features(const Model& read, const Model& trained) {
  const NumberType declared = trained.input.type == NumberType::float64 ? NumberType::float32 : trained.input.type;
  return takes_inputs(read) && std::holds_alternative<model::TreeEnsemble>(read.predictor) && read.input.type == type &&
         declared != type && !holds(type, declared);
}

/// Leaves of one bit look like votes, but for what makes numbers of them again.
bool counts_votes(const model::TreeEnsemble& votes, const model::TreeEnsemble& shares) {
  const bool has_base =
      std::any_of(votes.base_score.begin(), votes.base_score.end(), [](double score) { return score != 0.0; });
  return model::is_one_hot(votes) && !has_base && static_cast<float>(votes.scale) == static_cast<float>(shares.scale);
}

bool has_hard_votes(const Model& read, const Model& trained) {
  const auto* votes = std::get_if<model::TreeEnsemble>(&read.predictor);
  const auto* shares = std::get_if<model::TreeEnsemble>(&trained.predictor);
  return votes != nullptr && shares != nullptr && trained.output.rule == model::DecisionRule::argmax &&
         counts_votes(*votes, *shares) && !model::is_one_hot(*shares);
}

/// --arithmetic of a filter whose blob has its integers.
template <model::Arithmetic arithmetic>
bool has_arithmetic(const Model& read, const Model& /*trained*/) {
  const model::FixedPoint* fixed = fixed_point_of(read);
  return fixed != nullptr && fixed->arithmetic == arithmetic;
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
    Row{"--arithmetic q15", has_arithmetic<model::Arithmetic::q15>},
    Row{"--arithmetic mixed", has_arithmetic<model::Arithmetic::mixed>},
    Row{"--arithmetic q31", has_arithmetic<model::Arithmetic::q31>},
    Row{"--arithmetic q15-cmsis", has_arithmetic<model::Arithmetic::q15_cmsis>},
};

}  // namespace

std::string carried_options(const Model& read, const Model& trained) {
  std::vector<std::string_view> carried;
  for (const Row& row : rows) {
    if (row.is_carried(read, trained)) carried.push_back(row.option);
  }
  std::string options = fmt::format("{}", fmt::join(carried, " "));
  const model::FixedPoint* fixed = fixed_point_of(read);
  if (fixed != nullptr && fixed->headroom != 0) options += fmt::format(" --headroom {}", fixed->headroom);
  return options;
}

}  // namespace emlc::cli
