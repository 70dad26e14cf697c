#include "formats/onnx/classes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "formats/onnx/rows.hpp"
#include "formats/reading.hpp"

namespace emlc::formats::onnx {
namespace {

/// The column of the largest number, as a class of numbers from 0 on.
Outcome arg_max(const Call& call) {
  call.require_columns(call.integer("axis", 0));
  if (call.integer("select_last_index", 0) != 0)
    call.fail("takes the last one of equal numbers, expected the first one");
  Rows rows = call.rows(0);
  if (rows.width < 2) call.fail(fmt::format("chooses among {} columns, expected at least 2", rows.width));
  ClassNames names;
  for (std::int32_t column = 0; column < rows.width; ++column) names.numbers.push_back(column);
  if (rows.form == Form::plain) {
    return {{choice_of(std::move(rows), model::DecisionRule::argmax, std::move(names))},
            "the class: the first largest output"};
  }
  // p > 1 - p, or p > -p: exactly where p is above the middle.
  const double threshold = rows.form == Form::mirror ? 0.0 : 0.5;
  rows.form = Form::plain;
  rows.width = 1;
  Choice choice = choice_of(std::move(rows), model::DecisionRule::greater, std::move(names));
  choice.threshold = threshold;
  return {{std::move(choice)}, fmt::format("the class: the second one above {}", threshold)};
}

/// Texts or numbers by class, for one that is a number.
Choice renamed(const Call& call, Choice choice, const Tensor& names) {
  const std::size_t n_names = names.type == ElementType::text ? names.texts.size() : names.values.size();
  std::vector<double> numbers;
  std::vector<std::string> texts;
  if (!choice.texts.empty()) call.fail("is given classes that are texts, expected numbers");
  for (const double value : choice.values) {
    if (!(value >= 0.0) || value >= static_cast<double>(n_names) || value != std::floor(value)) {
      call.fail(fmt::format("is asked for element {}, there are {}", value, n_names));
    }
    const auto index = static_cast<std::size_t>(value);
    if (names.type == ElementType::text) {
      texts.push_back(names.texts[index]);
    } else {
      numbers.push_back(names.values[index]);
    }
  }
  choice.values = std::move(numbers);
  choice.texts = std::move(texts);
  choice.type = names.type;
  return choice;
}

/// Picks columns of the input; or the name of a class out of a list.
Outcome array_feature_extractor(const Call& call) {
  if (const Tensor* names = call.constant_or_null(0)) {
    const auto* choice = std::get_if<Choice>(&call.input(1));
    if (choice == nullptr) call.fail("picks out of a constant, expected the place of a class");
    return {{renamed(call, *choice, *names)}, "names of the classes"};
  }
  return {{columns_of(call, call.features(0), call.constant(1))}, "columns of the input"};
}

/// The pairs of a LabelEncoder: numbers or texts on either side.
struct Pairs {
  std::vector<double> from_numbers{}, to_numbers{};
  std::vector<std::string> from_texts{}, to_texts{};
  double otherwise_number = 0.0;
  std::string otherwise_text{};
};

std::vector<double> side_numbers(const Call& call, std::string_view side) {
  std::vector<double> numbers = call.numbers(fmt::format("{}_floats", side));
  for (const std::int64_t number : call.integers(fmt::format("{}_int64s", side)))
    numbers.push_back(static_cast<double>(number));
  const Attribute* tensor = call.attribute(fmt::format("{}_tensor", side));
  if (tensor != nullptr && tensor->tensor)
    numbers.insert(numbers.end(), tensor->tensor->values.begin(), tensor->tensor->values.end());
  return numbers;
}

std::vector<std::string> side_texts(const Call& call, std::string_view side) {
  std::vector<std::string> texts = call.texts(fmt::format("{}_strings", side));
  const Attribute* tensor = call.attribute(fmt::format("{}_tensor", side));
  if (tensor != nullptr && tensor->tensor)
    texts.insert(texts.end(), tensor->tensor->texts.begin(), tensor->tensor->texts.end());
  return texts;
}

/// What a number or text that is no key becomes.
void read_otherwise(const Call& call, Pairs& pairs) {
  const bool has_floats = call.attribute("values_floats") != nullptr;
  pairs.otherwise_number =
      has_floats ? call.number("default_float", -0.0) : static_cast<double>(call.integer("default_int64", -1));
  pairs.otherwise_text = call.text("default_string", "_Unused");
  const Attribute* tensor = call.attribute("default_tensor");
  if (tensor == nullptr || !tensor->tensor) return;
  if (!tensor->tensor->values.empty()) pairs.otherwise_number = tensor->tensor->values.front();
  if (!tensor->tensor->texts.empty()) pairs.otherwise_text = tensor->tensor->texts.front();
}

Pairs pairs_of(const Call& call) {
  Pairs pairs{side_numbers(call, "keys"), side_numbers(call, "values"), side_texts(call, "keys"),
              side_texts(call, "values")};
  const std::size_t n_keys = pairs.from_numbers.size() + pairs.from_texts.size();
  const std::size_t n_values = pairs.to_numbers.size() + pairs.to_texts.size();
  if (n_keys != n_values) call.fail(fmt::format("has {} keys and {} values", n_keys, n_values));
  if (!pairs.from_numbers.empty() && !pairs.from_texts.empty()) call.fail("has keys of two types");
  if (!pairs.to_numbers.empty() && !pairs.to_texts.empty()) call.fail("has values of two types");
  read_otherwise(call, pairs);
  return pairs;
}

template <class Key>
std::optional<std::size_t> place_of(const std::vector<Key>& keys, const Key& key) {
  const auto found = std::find(keys.begin(), keys.end(), key);
  if (found == keys.end()) return std::nullopt;
  return static_cast<std::size_t>(found - keys.begin());
}

Choice encoded(const Pairs& pairs, Choice choice) {
  std::vector<double> numbers;
  std::vector<std::string> texts;
  const std::size_t n = std::max(choice.values.size(), choice.texts.size());
  for (std::size_t index = 0; index < n; ++index) {
    const auto place = choice.texts.empty() ? place_of(pairs.from_numbers, choice.values[index])
                                            : place_of(pairs.from_texts, choice.texts[index]);
    if (pairs.to_texts.empty()) {
      numbers.push_back(place ? pairs.to_numbers[*place] : pairs.otherwise_number);
    } else {
      texts.push_back(place ? pairs.to_texts[*place] : pairs.otherwise_text);
    }
  }
  choice.type = texts.empty() ? ElementType::float32 : ElementType::text;
  choice.values = std::move(numbers);
  choice.texts = std::move(texts);
  return choice;
}

Outcome label_encoder(const Call& call) {
  const Pairs pairs = pairs_of(call);
  if (const auto* choice = std::get_if<Choice>(&call.input(0)))
    return {{encoded(pairs, *choice)}, "names of the classes"};
  const Rows& rows = call.rows(0);
  if (!is_leaf_value(rows)) call.fail("encodes numbers that are no class and no leaf of a single tree");
  if (!pairs.to_texts.empty() || pairs.from_numbers.empty()) call.fail("makes texts of numbers that are no class");
  std::map<double, double> table;
  for (std::size_t index = 0; index < pairs.from_numbers.size(); ++index)
    table.emplace(pairs.from_numbers[index], pairs.to_numbers[index]);
  const auto encode = [&](double value) {
    const auto found = table.find(value);
    return found == table.end() ? pairs.otherwise_number : found->second;
  };
  Rows made = with_leaves(call, rows, encode);
  made.type = ElementType::float32;
  return {{std::move(made)}, "values of leaves"};
}

/// A dictionary for each row: scores by class.
Outcome zip_map(const Call& call) {
  Rows rows = call.rows(0);
  const ClassNames names = class_names(call, "classlabels_int64s", "classlabels_strings");
  if (std::cmp_not_equal(names.size(), rows.width))
    call.fail(fmt::format("has {} class labels for {} columns", names.size(), rows.width));
  return {{std::move(rows)}, "the scores of the classes"};
}

}  // namespace

ClassNames class_names(const Call& call, std::string_view integers, std::string_view texts) {
  ClassNames names{.texts = call.texts(texts)};
  for (const std::int64_t number : call.integers(integers)) names.numbers.push_back(static_cast<double>(number));
  if (names.numbers.empty() == names.texts.empty()) {
    call.fail(
        fmt::format("expected either {} or {}, found {}", integers, texts, names.texts.empty() ? "neither" : "both"));
  }
  if (names.size() > most_outputs) call.fail(fmt::format("has {} classes, more than {}", names.size(), most_outputs));
  return names;
}

Choice choice_of(Rows scores, model::DecisionRule rule, ClassNames names) {
  const ElementType type = names.texts.empty() ? ElementType::int64 : ElementType::text;
  return {.scores = std::move(scores),
          .rule = rule,
          .type = type,
          .values = std::move(names.numbers),
          .texts = std::move(names.texts)};
}

std::span<const Operator> class_operators() {
  static constexpr std::array rows = {
      Operator{"", "ArgMax", 1, 26, "axis keepdims select_last_index", arg_max},
      Operator{"ai.onnx.ml", "ArrayFeatureExtractor", 1, 5, "", array_feature_extractor},
      Operator{
          "ai.onnx.ml", "LabelEncoder", 2, 5,
          "keys_floats keys_int64s keys_strings keys_tensor values_floats values_int64s values_strings values_tensor "
          "default_float default_int64 default_string default_tensor",
          label_encoder},
      Operator{"ai.onnx.ml", "ZipMap", 1, 5, "classlabels_int64s classlabels_strings", zip_map},
  };
  return rows;
}

}  // namespace emlc::formats::onnx
