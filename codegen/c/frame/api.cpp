#include "codegen/c/frame/api.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <vector>

#include "codegen/c/common/template.hpp"
#include "codegen/c/dense/integer.hpp"
#include "codegen/c/frame/feature_codes.hpp"
#include "codegen/c/frame/kinds.hpp"
#include "codegen/c/sos/sos.hpp"
#include "codegen/signal/folded.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

/// The text of a piece of the API in both languages.
struct Piece {
  std::string_view c, cpp;
};

Piece piece_of(ApiForm form) {
  switch (form) {
    case ApiForm::one_class:
      return {templates::api_one_class_h, templates::api_one_class_hpp};
    case ApiForm::many_classes:
      return {templates::api_many_classes_h, templates::api_many_classes_hpp};
    case ApiForm::one_value:
      return {templates::api_one_value_h, templates::api_one_value_hpp};
    case ApiForm::many_values:
      return {templates::api_many_values_h, templates::api_many_values_hpp};
    case ApiForm::transform:
      return {templates::api_transform_h, templates::api_transform_hpp};
    case ApiForm::filter:
      return {templates::api_filter_h, templates::api_filter_hpp};
  }
  throw std::logic_error("API form without a template");
}

/// C spells the prefixes out; in C++ the namespace does, so that its templates have no place for them.
std::string fill_piece(const Piece& piece, const EmitConfig& config, const Names& names,
                       std::vector<TemplateValue> values) {
  if (config.language == Language::cpp) return fill(piece.cpp, values);
  values.emplace_back("symbol", names.symbol);
  values.emplace_back("macro", names.macro);
  return fill(piece.c, values);
}

enum class Input { features, codes };

/// predict, or with codes as its input predict_q.
std::string predict_text(const Piece& piece, const EmitConfig& config, const Names& names, Input input) {
  const bool takes_codes = input == Input::codes;
  return fill_piece(piece, config, names,
                    {{"q", takes_codes ? "_q" : ""},
                     {"tail", takes_codes ? "q_" : ""},
                     {"type", takes_codes ? "quantized" : "feature"}});
}

/// quantize and predict_q of an integer network.
std::string quantized_text(const model::Model& model, const Api& api, const EmitConfig& config, const Names& names) {
  const model::IntegerNetwork* integers = model::integers_of(model);
  if (integers == nullptr) return "";
  return "\n" +
         fill_piece({templates::api_quantize_h, templates::api_quantize_hpp}, config, names,
                    {{"meaning", code_meaning(*integers)}}) +
         "\n" + predict_text(piece_of(api.form), config, names, Input::codes);
}

std::string columns_text(const model::Model& model, const Api& api, const EmitConfig& config, const Names& names) {
  const bool is_single = api.form == ApiForm::one_class;
  const bool is_probability = api.outputs == Outputs::probabilities;
  const std::string constant = is_single ? "n_classes" : "n_outputs";
  const std::string what = is_probability ? "The probability of each class" : "The output of the model for each class";
  const bool compares = model.output.rule != model::DecisionRule::argmax;
  const std::string of_what = is_single ? "." : (compares ? " 1, target by target." : ", target after target.");
  return fill_piece({templates::api_columns_h, templates::api_columns_hpp}, config, names,
                    {{"comment", what + of_what},
                     {"columns_function", is_probability ? "predict_proba" : "scores"},
                     {"n_columns", config.language == Language::c ? upper_case(constant) : constant}});
}

std::string outputs_text(const model::Model& model, const Api& api, const EmitConfig& config, const Names& names) {
  if (api.outputs == Outputs::none) return "";
  if (api.outputs == Outputs::probabilities || api.outputs == Outputs::scores) {
    return "\n" + columns_text(model, api, config, names);
  }
  std::string text = "\n" + fill_piece({templates::api_score_h, templates::api_score_hpp}, config, names,
                                       {{"threshold", fmt::to_string(model.output.threshold)}});
  if (api.outputs == Outputs::score) return text;
  text += "\n";
  return text +
         fill_piece({templates::api_two_probabilities_h, templates::api_two_probabilities_hpp}, config, names, {});
}

/// Scalers alone give as many values as they take; steps give others.
std::string transform_text(const model::Model& model, const EmitConfig& config, const Names& names) {
  const bool is_scaled = model.steps.empty();
  std::string meaning = is_scaled ? "The scaled features." : "What the steps make of the features.";
  if (config.language == Language::c) {
    meaning += is_scaled ? " Float features may be scaled in place: out may be x." : " out must not be x.";
    return fill_piece(piece_of(ApiForm::transform), config, names, {{"meaning", meaning}});
  }
  return fill_piece(piece_of(ApiForm::transform), config, names,
                    {{"meaning", meaning}, {"n_out", is_scaled ? "n_features" : "n_outputs"}});
}

/// The row that decides about a window, and who is asked about it. In C++ the names of what is inside stand in
/// `detail`.
struct WindowRow {
  std::string type, size;     ///< of the row
  std::string fill;           ///< the function that makes it of the state
  std::string one, many;      ///< the answer about x, as a value or into `out`
  std::string vote;           ///< the answer for a filter of decisions
  std::string documented_as;  ///< the function whose answer it is
};

std::string vote_call(const Names& names, Language language) {
  return language == Language::c ? names.symbol + "voted_(x)" : fmt::format("detail::{}voted_(x.data())", names.symbol);
}

WindowRow feature_row(const Api& api, const EmitConfig& config, const Names& names) {
  const std::string function = names.symbol + (api.form == ApiForm::transform ? "transform" : "predict");
  const bool is_c = config.language == Language::c;
  return {.type = names.feature,
          .size = is_c ? names.macro + "N_FEATURES" : "n_features",
          .fill = names.symbol + "window_features_",
          .one = function + "(x)",
          .many = is_c ? function + "(x, out)" : fmt::format("out = {}(x)", function),
          .vote = vote_call(names, config.language),
          .documented_as = function};
}

/// Ranks, of which trees of their own give the same answers.
WindowRow rank_row(const Api& api, const EmitConfig& config, const Names& names) {
  const model::Model& model = config.folded->model;
  const Names own = names_of(model, ranked_config(config));
  const bool is_c = config.language == Language::c;
  const bool decides = api.form == ApiForm::one_class || api.form == ApiForm::many_classes;
  const std::string function = (is_c ? "" : "detail::") + own.symbol + (decides ? "classify_" : "outputs_");
  return {.type = own.feature,
          .size = fmt::to_string(model.input.n_features),
          .fill = names.symbol + "ranks_",
          .one = fmt::format("{}({})", api.form == ApiForm::one_value ? function + "1_" : function,
                             is_c ? "x" : "x.data()"),
          .many = fmt::format("{}({})", function, is_c ? "x, out" : "x.data(), out.data()"),
          .vote = vote_call(own, config.language),
          .documented_as = names.symbol + "predict"};
}

/// What a model of this form answers about a window.
std::string decision_text(const Api& api, const EmitConfig& config, const Names& names) {
  const bool is_c = config.language == Language::c;
  const WindowRow row = decides_by_ranks(config) ? rank_row(api, config, names) : feature_row(api, config, names);
  const auto filled = [&](const Piece& piece, std::vector<TemplateValue> values) {
    values.insert(values.end(), {{"row", row.type}, {"size", row.size}, {"fill", row.fill}});
    if (is_c) values.emplace_back("symbol", names.symbol);
    return fill(is_c ? piece.c : piece.cpp, values);
  };
  const auto many = [&](std::string_view type, const std::string& count) {
    return filled({templates::api_signal_decide_many_h, templates::api_signal_decide_many_hpp},
                  {{"function", row.documented_as},
                   {"answer", row.many},
                   {"type", std::string(type)},
                   {"count", is_c ? names.macro + upper_case(count) : count}});
  };
  if (config.decision != nullptr) {
    return filled({templates::api_signal_decide_settled_h, templates::api_signal_decide_settled_hpp},
                  {{"answer", row.vote}});
  }
  switch (api.form) {
    case ApiForm::one_class:
      return filled({templates::api_signal_decide_one_class_h, templates::api_signal_decide_one_class_hpp},
                    {{"answer", row.one}});
    case ApiForm::one_value:
      return filled({templates::api_signal_decide_one_value_h, templates::api_signal_decide_one_value_hpp},
                    {{"answer", row.one}});
    case ApiForm::many_classes:
      return many("int", "n_targets");
    case ApiForm::many_values:
    case ApiForm::transform:
      return many("float", "n_outputs");
    case ApiForm::filter:
      break;
  }
  throw std::logic_error("a filter of features");
}

/// From frames to decisions.
std::string streaming_text(const Api& api, const EmitConfig& config, const Names& names) {
  if (config.signal == nullptr) return "";
  return "\n" + fill_piece({templates::api_signal_h, templates::api_signal_hpp}, config, names, {}) + "\n" +
         fill_piece({templates::api_signal_features_h, templates::api_signal_features_hpp}, config, names, {}) + "\n" +
         decision_text(api, config, names);
}

}  // namespace

bool decides_by_ranks(const EmitConfig& config) {
  return config.signal != nullptr && config.folded != nullptr && !config.folded->keys.empty();
}

EmitConfig ranked_config(const EmitConfig& config) {
  EmitConfig ranked = config;
  ranked.part = "ranked_";
  ranked.signal = nullptr;
  ranked.folded = nullptr;
  return ranked;
}

std::string api_symbol(std::string_view name, Language language, std::string_view function) {
  return fmt::format("{}{}{}", name, language == Language::c ? "_" : "::", function);
}

std::string api_text(const model::Model& model, const EmitConfig& config) {
  const Names names = names_of(model, config);
  const Api api = api_of(model);
  if (api.filter != nullptr) {
    const FilterTypes types = filter_types(*api.filter);
    return fill_piece(piece_of(api.form), config, names,
                      {{"word", types.word},
                       {"words", filter_state_words(*api.filter, names, config)},
                       {"sample", types.sample},
                       {"init", types.init}});
  }
  const std::string behind = feature_codes_text(model, config, names) + streaming_text(api, config, names);
  if (api.form == ApiForm::transform) return transform_text(model, config, names) + behind;
  return predict_text(piece_of(api.form), config, names, Input::features) + outputs_text(model, api, config, names) +
         quantized_text(model, api, config, names) + behind;
}

}  // namespace emlc::c
