#include <fmt/format.h>

#include <array>
#include <charconv>
#include <iterator>

#include "formats/emlc_json/document.hpp"

namespace emlc::formats::emlc_json {
namespace {

using json::Fields;
using json::Presence;
using json::Shape;

const json::Choices<model::NumberType> float_types = {{"float32", model::NumberType::float32},
                                                      {"float64", model::NumberType::float64}};

/// The keys of a list by node id: `{"3": [0, 2]}`.
Shape categories(std::vector<NodeCategories>& into) {
  const auto list_of_node = [&into](std::string_view key, const json::Cursor& at) {
    NodeCategories& node = into.emplace_back();
    const bool is_number = key.find_first_not_of("0123456789") == std::string_view::npos &&
                           std::from_chars(key.data(), key.data() + key.size(), node.node).ec == std::errc();
    if (!is_number) at.fail(fmt::format("expected a node number as the key, found '{}'", printable(key)));
    return json::integers(node.categories, 0);
  };
  return {.take = json::refuse_scalar("an object"),
          .object = [list_of_node] { return Fields{.any_key = list_of_node}; }};
}

Shape missing_types(std::vector<MissingType>& into) {
  return {.take = json::refuse_scalar("a list of texts"), .list = [&into] {
            const auto chosen = json::choice_from(json::Choices<MissingType>{
                {"none", MissingType::none}, {"zero", MissingType::zero}, {"nan", MissingType::nan}});
            return Shape{.take = [&into, chosen](const json::Value& value, const json::Cursor& at) {
              into.push_back(chosen(value, at));
            }};
          }};
}

/// null, a number or a list of numbers for each node.
Shape leaf_values(Tree& into) {
  const auto add = [&into](json::Type type, std::size_t size) {
    const auto begin = static_cast<std::uint32_t>(into.leaf_numbers.size());
    into.value.push_back({type, begin, begin + static_cast<std::uint32_t>(size)});
  };
  const auto take = [&into, add](const json::Value& value, const json::Cursor& at) {
    if (value.type != json::Type::null && value.type != json::Type::number) {
      at.refuse(value, "null, a number or a list of numbers");
    }
    add(value.type, value.type == json::Type::number ? 1 : 0);
    if (value.type == json::Type::number) into.leaf_numbers.push_back(value.number);
  };
  const auto row = [&into, add] {
    add(json::Type::list, 0);
    return Shape{.take = [&into](const json::Value& value, const json::Cursor& at) {
      into.leaf_numbers.push_back(json::number_of(value, at));
      ++into.value.back().end;
    }};
  };
  return {.take = json::refuse_scalar("a list with one value per node"),
          .list = [take, row] { return Shape{.take = take, .list = row}; }};
}

Fields post_transform_fields(PostTransform& into) {
  using enum model::PostTransformKind;
  return {.fields = {{"name", Presence::required,
                      json::choice(into.value.kind,
                                   json::named({identity, sigmoid, softmax, exp, hinge, signed_square, log1p_exp,
                                                normalize, normalize_or_uniform, isolation, log_softmax}))},
                     {"scale", Presence::optional, json::number(into.value.scale)},
                     {"denominator", Presence::optional, json::number(into.value.denominator)},
                     {"offset", Presence::optional, json::number(into.value.offset)},
                     {"dtype", Presence::optional, json::choice(into.value.type, float_types)}},
          .found = &into.keys};
}

Fields layer_fields(DenseLayer& into) {
  using enum model::Activation;
  return {.fields = {{"weights", Presence::required, json::matrix(into.weights)},
                     {"bias", Presence::required, json::numbers(into.bias)},
                     {"activation", Presence::required,
                      json::choice(into.activation, json::named({identity, relu, relu6, leaky_relu, tanh, logistic,
                                                                 softmax, softplus, elu, prelu}))},
                     {"alpha", Presence::optional, json::number(into.alpha)},
                     {"slopes", Presence::optional, json::numbers(into.slopes)}},
          .found = &into.keys};
}

/// A key that some kinds of model have, see keys_of_models. The kind may come last, so all are optional at first.
constexpr auto by_kind = Presence::optional;

std::vector<json::Field> ensemble_fields(TreeEnsemble& into) {
  return {
      {"compare", by_kind, json::choice<Compare>(into.compare, {{"<=", Compare::less_equal}, {"<", Compare::less}})},
      {"feature_dtype", by_kind, json::choice(into.feature_type, float_types)},
      {"accumulate_dtype", by_kind, json::choice(into.sum_type, float_types)},
      {"leaf", by_kind,
       json::choice<LeafForm>(
           into.leaf,
           {{"vector", LeafForm::vector}, {"scalar", LeafForm::scalar}, {"class_index", LeafForm::class_index}})},
      {"aggregate", by_kind,
       json::choice<Aggregate>(into.aggregate, {{"sum", Aggregate::sum}, {"mean", Aggregate::mean}})},
      {"base_score", by_kind, json::numbers(into.base_score)},
      {"base_score_at", by_kind,
       json::choice<model::BaseScoreAt>(into.base_score_at,
                                        {{"start", model::BaseScoreAt::start}, {"end", model::BaseScoreAt::end}})},
      {"output_scale", by_kind, json::number(into.scale)},
      {"trees", by_kind, json::objects(into.trees, tree_fields)},
  };
}

std::vector<json::Field> sos_fields(Sos& into) {
  return {{"sample_rate", by_kind, json::number(into.sample_rate)},
          {"sections", by_kind, json::matrix(into.sections)},
          {"initial_state", by_kind, json::matrix(into.initial_state)}};
}

constexpr unsigned bit(Kind kind) { return 1U << static_cast<unsigned>(kind); }

/// Which kinds of model have a key, and which of them need it.
struct KeyOfModel {
  std::string_view key;
  unsigned kinds, needed_by;
};

constexpr unsigned trees_bit = bit(Kind::tree_ensemble), mlp_bit = bit(Kind::mlp), scaler_bit = bit(Kind::scaler),
                   sos_bit = bit(Kind::sos), pipeline_bit = bit(Kind::pipeline), combine_bit = bit(Kind::combine),
                   columns_bit = bit(Kind::columns), impute_bit = bit(Kind::impute),
                   indicator_bit = bit(Kind::missing_indicator), one_hot_bit = bit(Kind::one_hot),
                   lookup_bit = bit(Kind::lookup), bins_bit = bit(Kind::bins), binarize_bit = bit(Kind::binarize),
                   function_bit = bit(Kind::function), power_bit = bit(Kind::power), quantile_bit = bit(Kind::quantile),
                   linear_bit = bit(Kind::linear), polynomial_bit = bit(Kind::polynomial),
                   normalize_bit = bit(Kind::normalize);

/// Steps whose lists do not say how many columns they take.
constexpr unsigned counted_bits = indicator_bit | function_bit | polynomial_bit | normalize_bit;
constexpr unsigned listed_bits = scaler_bit | impute_bit | one_hot_bit | lookup_bit | bins_bit | binarize_bit |
                                 power_bit | quantile_bit | linear_bit;
constexpr unsigned step_bits = counted_bits | listed_bits | columns_bit;

constexpr std::array keys_of_models = {
    KeyOfModel{"compare", trees_bit, trees_bit},
    KeyOfModel{"feature_dtype", trees_bit, 0},
    KeyOfModel{"accumulate_dtype", trees_bit, 0},
    KeyOfModel{"leaf", trees_bit, trees_bit},
    KeyOfModel{"aggregate", trees_bit, trees_bit},
    KeyOfModel{"base_score", trees_bit, 0},
    KeyOfModel{"base_score_at", trees_bit, 0},
    KeyOfModel{"output_scale", trees_bit, 0},
    KeyOfModel{"missing", trees_bit | impute_bit | indicator_bit, 0},
    KeyOfModel{"trees", trees_bit, trees_bit},
    KeyOfModel{"post_transform", trees_bit | mlp_bit | combine_bit, 0},
    KeyOfModel{"layers", mlp_bit, mlp_bit},
    KeyOfModel{"op", scaler_bit, scaler_bit},
    KeyOfModel{"offset", scaler_bit, scaler_bit},
    KeyOfModel{"scale", scaler_bit, scaler_bit},
    KeyOfModel{"clip", scaler_bit, 0},
    KeyOfModel{"dtype", step_bits, 0},
    KeyOfModel{"first", listed_bits | counted_bits, 0},
    KeyOfModel{"n_columns", counted_bits, 0},
    KeyOfModel{"indices", columns_bit, columns_bit},
    KeyOfModel{"values", impute_bit, impute_bit},
    KeyOfModel{"categories", one_hot_bit, one_hot_bit},
    KeyOfModel{"from", lookup_bit, lookup_bit},
    KeyOfModel{"to", lookup_bit, lookup_bit},
    KeyOfModel{"otherwise", lookup_bit, lookup_bit},
    KeyOfModel{"edges", bins_bit, bins_bit},
    KeyOfModel{"thresholds", binarize_bit, binarize_bit},
    KeyOfModel{"name", function_bit, function_bit},
    KeyOfModel{"method", power_bit, power_bit},
    KeyOfModel{"lambdas", power_bit, power_bit},
    KeyOfModel{"quantiles", quantile_bit, quantile_bit},
    KeyOfModel{"references", quantile_bit, quantile_bit},
    KeyOfModel{"output", quantile_bit, quantile_bit},
    KeyOfModel{"weights", linear_bit, linear_bit},
    KeyOfModel{"bias", linear_bit, linear_bit},
    KeyOfModel{"terms", polynomial_bit, polynomial_bit},
    KeyOfModel{"norm", normalize_bit, normalize_bit},
    KeyOfModel{"sample_rate", sos_bit, 0},
    KeyOfModel{"sections", sos_bit, sos_bit},
    KeyOfModel{"initial_state", sos_bit, 0},
    KeyOfModel{"steps", pipeline_bit, pipeline_bit},
    KeyOfModel{"rule", combine_bit, combine_bit},
    KeyOfModel{"members", combine_bit, combine_bit},
    KeyOfModel{"chained", combine_bit, 0},
    KeyOfModel{"final", combine_bit, 0},
    KeyOfModel{"passthrough", combine_bit, 0},
};

const json::Choices<Kind> kinds = {{"tree_ensemble", Kind::tree_ensemble},
                                   {"mlp", Kind::mlp},
                                   {"scaler", Kind::scaler},
                                   {"sos", Kind::sos},
                                   {"pipeline", Kind::pipeline},
                                   {"combine", Kind::combine},
                                   {"columns", Kind::columns},
                                   {"impute", Kind::impute},
                                   {"missing_indicator", Kind::missing_indicator},
                                   {"one_hot", Kind::one_hot},
                                   {"lookup", Kind::lookup},
                                   {"bins", Kind::bins},
                                   {"binarize", Kind::binarize},
                                   {"function", Kind::function},
                                   {"power", Kind::power},
                                   {"quantile", Kind::quantile},
                                   {"linear", Kind::linear},
                                   {"polynomial", Kind::polynomial},
                                   {"normalize", Kind::normalize}};

}  // namespace

json::Fields tree_fields(Tree& into) {
  return {.fields = {{"output", Presence::optional, json::integer(into.output, 0)},
                     {"weight", Presence::optional, json::number(into.weight)},
                     {"feature", Presence::required, json::integers(into.feature, -1)},
                     {"threshold", Presence::required, json::numbers(into.threshold)},
                     {"left", Presence::required, json::integers(into.left, -1)},
                     {"right", Presence::required, json::integers(into.right, -1)},
                     {"default_left", Presence::optional, json::booleans(into.default_left)},
                     {"missing_type", Presence::optional, missing_types(into.missing_type)},
                     {"categories_left", Presence::optional, categories(into.categories_left)},
                     {"categories_right", Presence::optional, categories(into.categories_right)},
                     {"value", Presence::required, leaf_values(into)}},
          .found = &into.keys};
}

json::Fields model_fields(ModelPart& into) {
  Fields all = {.fields = {{"kind", Presence::required, json::choice(into.kind, kinds)},
                           {"post_transform", by_kind, json::object(into.post_transform, post_transform_fields)},
                           {"layers", by_kind, json::objects(into.layers, layer_fields)},
                           {"steps", by_kind, json::objects(into.steps, model_fields)}},
                .found = &into.keys};
  for (std::vector<json::Field>& of_kind :
       std::array{ensemble_fields(into.trees), step_fields(into), sos_fields(into.sos), combine_fields(into.combine)}) {
    std::move(of_kind.begin(), of_kind.end(), std::back_inserter(all.fields));
  }
  return all;
}

std::string_view name(Kind kind) {
  return std::find_if(kinds.begin(), kinds.end(), [&](const auto& choice) { return choice.second == kind; })->first;
}

std::string wrong_key_of_kind(const ModelPart& part) {
  const unsigned kind = bit(part.kind);
  for (const KeyOfModel& row : keys_of_models) {
    if (has(part.keys, row.key)) {
      if ((row.kinds & kind) == 0) return fmt::format("a model of kind '{}' has no key '{}'", name(part.kind), row.key);
    } else if ((row.needed_by & kind) != 0) {
      return fmt::format("the key '{}' is missing in a model of kind '{}'", row.key, name(part.kind));
    }
  }
  return {};
}

}  // namespace emlc::formats::emlc_json
