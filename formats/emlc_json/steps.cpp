#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "formats/emlc_json/build.hpp"

namespace emlc::formats::emlc_json {
namespace {

model::Scaler build_scaler(const Source& source, const Part& part) {
  Scaler& document = part.part->scaler;
  model::Scaler scaler{.op = document.op,
                       .offset = std::move(document.offset),
                       .scale = std::move(document.scale),
                       .clip = std::nullopt,
                       .type = part.part->step.type};
  if (!has(part.part->keys, "clip")) return scaler;
  if (document.clip.size() != 2) {
    source.fail(part.path + ".clip", fmt::format("has {} numbers, expected 2", document.clip.size()));
  }
  scaler.clip = std::pair{document.clip[0], document.clip[1]};
  return scaler;
}

/// Whose numbers may come in any order in the document.
model::Lookup build_lookup(const Source& source, const Part& part) {
  Step& document = part.part->step;
  for (std::size_t column = 0; column < std::min(document.from.size(), document.to.size()); ++column) {
    std::vector<double>&from = document.from[column], &to = document.to[column];
    if (from.size() != to.size()) continue;  // is refused
    std::vector<std::size_t> order(from.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return from[a] < from[b]; });
    std::vector<double> sorted_from, sorted_to;
    for (const std::size_t index : order) {
      if (!sorted_from.empty() && sorted_from.back() == from[index]) {
        source.fail(fmt::format("{}.from[{}]", part.path, column), fmt::format("has {} twice", from[index]));
      }
      sorted_from.push_back(from[index]);
      sorted_to.push_back(to[index]);
    }
    from = std::move(sorted_from);
    to = std::move(sorted_to);
  }
  return {std::move(document.from), std::move(document.to), std::move(document.otherwise)};
}

model::Linear build_linear(const Source& source, const Part& part) {
  Step& document = part.part->step;
  const std::size_t n_in = document.weights.empty() ? 0 : document.weights.front().size();
  model::Linear linear{.n_in = static_cast<std::int32_t>(n_in), .weights = {}, .bias = std::move(document.bias)};
  for (std::size_t row = 0; row < document.weights.size(); ++row) {
    const std::vector<double> weights = std::exchange(document.weights[row], {});
    if (weights.size() != n_in) {
      source.fail(fmt::format("{}.weights[{}]", part.path, row),
                  fmt::format("has {} numbers, the first row has {}", weights.size(), n_in));
    }
    linear.weights.insert(linear.weights.end(), weights.begin(), weights.end());
  }
  return linear;
}

model::StepKind build_kind(const Source& source, const Part& part, std::int32_t n_columns) {
  Step& step = part.part->step;
  switch (part.part->kind) {
    case Kind::scaler:
      return build_scaler(source, part);
    case Kind::columns:
      return model::Columns{std::move(step.indices)};
    case Kind::impute:
      return model::Impute{std::move(step.values), step.missing};
    case Kind::missing_indicator:
      return model::MissingIndicator{n_columns, step.missing};
    case Kind::one_hot:
      return model::OneHot{std::move(step.categories)};
    case Kind::lookup:
      return build_lookup(source, part);
    case Kind::bins:
      return model::Bins{std::move(step.edges)};
    case Kind::binarize:
      return model::Binarize{std::move(step.thresholds)};
    case Kind::function:
      return model::Function{step.function, n_columns};
    case Kind::power:
      return model::Power{step.method, std::move(step.lambdas)};
    case Kind::quantile:
      return model::Quantile{std::move(step.quantiles), std::move(step.references), step.output};
    case Kind::linear:
      return build_linear(source, part);
    case Kind::polynomial:
      return model::Polynomial{n_columns, std::move(step.terms)};
    case Kind::normalize:
      return model::Normalize{step.norm, n_columns};
    case Kind::tree_ensemble:
    case Kind::mlp:
    case Kind::sos:
    case Kind::pipeline:
    case Kind::combine:
      break;
  }
  throw std::logic_error("a model is no step");
}

}  // namespace

model::Step build_step(const Source& source, const Part& part, std::size_t width) {
  const Step& document = part.part->step;
  const bool says_missing = part.part->missing_is != MissingIs::left_out;
  if (says_missing && part.part->missing_is != MissingIs::number) {
    source.fail(part.path + ".missing", "expected a number or null, found a text");
  }
  const auto n_left = static_cast<std::int32_t>(width) - std::min(document.first, static_cast<std::int32_t>(width));
  const std::int32_t n_columns = has(part.part->keys, "n_columns") ? document.n_columns : n_left;
  model::Step step{
      .first = document.first,
      .type = part.part->kind == Kind::scaler ? model::NumberType::float64 : document.type,  // a scaler has its own
      .kind = build_kind(source, part, n_columns)};
  if (const auto wrong = problem_of(step, width))
    source.fail(fmt::format("{}.{}", part.path, wrong->key), wrong->problem);
  return step;
}

}  // namespace emlc::formats::emlc_json
