#include "formats/emlc_json/document.hpp"

namespace emlc::formats::emlc_json {
namespace {

using json::Shape;

double number_or_none(const json::Value& value, const json::Cursor& at) {
  if (value.type != json::Type::null && value.type != json::Type::number) at.refuse(value, "a number or null");
  return value.type == json::Type::null ? model::no_value : json::number_of(value, at);
}

Shape numbers_or_none(std::vector<double>& into) {
  return {.take = json::refuse_scalar("a list of numbers or null"), .list = [&into] {
            return Shape{.take = [&into](const json::Value& value, const json::Cursor& at) {
              into.push_back(number_or_none(value, at));
            }};
          }};
}

/// What trees and steps call missing: a text, or a number or null.
Shape missing(ModelPart& part) {
  const auto chosen = json::choice_from(
      json::Choices<Missing>{{"none", Missing::none}, {"nan", Missing::nan}, {"per_node", Missing::per_node}});
  return {.take = [&part, chosen](const json::Value& value, const json::Cursor& at) {
    const bool is_of_step = value.type == json::Type::number || value.type == json::Type::null;
    part.missing_is = is_of_step ? MissingIs::number : MissingIs::text;
    if (is_of_step) {
      part.step.missing = number_or_none(value, at);
    } else {
      part.trees.missing = chosen(value, at);
    }
  }};
}

Shape categories(std::vector<model::Categories>& into) {
  const auto take = [&into](const json::Value& value, const json::Cursor& at) {
    if (value.type != json::Type::null) at.refuse(value, "null or a list of lists of numbers");
    into.emplace_back();
  };
  const auto column = [&into] { return json::matrix(into.emplace_back(std::in_place).value()).list(); };
  return {.take = json::refuse_scalar("a list with one entry per column"),
          .list = [take, column] { return Shape{.take = take, .list = column}; }};
}

Shape terms(std::vector<std::vector<std::int32_t>>& into) {
  return {.take = json::refuse_scalar("a list of lists of columns"), .list = [&into] {
            return Shape{.take = json::refuse_scalar("a list of columns"),
                         .list = [&into] { return json::integers(into.emplace_back(), 0).list(); }};
          }};
}

}  // namespace

std::vector<json::Field> step_fields(ModelPart& part) {
  constexpr auto by_kind = json::Presence::optional;
  Scaler& scaler = part.scaler;
  Step& step = part.step;
  using enum model::FunctionName;
  return {
      {"op", by_kind,
       json::choice<model::ScalerOp>(scaler.op, {{"subtract_divide", model::ScalerOp::subtract_divide},
                                                 {"multiply_add", model::ScalerOp::multiply_add}})},
      {"offset", by_kind, json::numbers(scaler.offset)},
      {"scale", by_kind, json::numbers(scaler.scale)},
      {"clip", by_kind, json::numbers(scaler.clip)},
      {"first", by_kind, json::integer(step.first, 0)},
      {"n_columns", by_kind, json::integer(step.n_columns, 1)},
      {"dtype", by_kind,
       json::choice<model::NumberType>(
           step.type, {{"float32", model::NumberType::float32}, {"float64", model::NumberType::float64}})},
      {"indices", by_kind, json::integers(step.indices, 0)},
      {"values", by_kind, numbers_or_none(step.values)},
      {"missing", by_kind, missing(part)},
      {"categories", by_kind, categories(step.categories)},
      {"from", by_kind, json::matrix(step.from)},
      {"to", by_kind, json::matrix(step.to)},
      {"otherwise", by_kind, numbers_or_none(step.otherwise)},
      {"edges", by_kind, json::matrix(step.edges)},
      {"thresholds", by_kind, json::numbers(step.thresholds)},
      {"name", by_kind,
       json::choice(step.function, json::named({log, log1p, log2, log10, exp, expm1, sqrt, square, abs, reciprocal}))},
      {"method", by_kind,
       json::choice(step.method, json::named({model::PowerMethod::yeo_johnson, model::PowerMethod::box_cox}))},
      {"lambdas", by_kind, json::numbers(step.lambdas)},
      {"quantiles", by_kind, json::matrix(step.quantiles)},
      {"references", by_kind, json::numbers(step.references)},
      {"output", by_kind,
       json::choice(step.output, json::named({model::QuantileOutput::uniform, model::QuantileOutput::normal}))},
      {"weights", by_kind, json::matrix(step.weights)},
      {"bias", by_kind, json::numbers(step.bias)},
      {"terms", by_kind, terms(step.terms)},
      {"norm", by_kind, json::choice(step.norm, json::named({model::Norm::l1, model::Norm::l2, model::Norm::max}))}};
}

}  // namespace emlc::formats::emlc_json
