#pragma once

#include <string>
#include <string_view>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/model/model.hpp"

namespace emlc::c {

/// What the functions of a header look like; docs/headers.md has an example of each.
enum class ApiForm {
  one_class,     ///< int predict(x): one target, decided by the rule of the model
  many_classes,  ///< void predict(x, int classes[N_TARGETS])
  one_value,     ///< float predict(x): no rule, one output
  many_values,   ///< void predict(x, float out[N_OUTPUTS])
  transform,     ///< void transform(x, float out[N_OUTPUTS]): the model is its scalers
  filter,        ///< state, init, reset, filter
};

/// What else a classifier gives: all output columns after the post-transform.
enum class Outputs {
  none,           ///< not a classifier
  probabilities,  ///< void predict_proba(x, float proba[N_OUTPUTS])
  scores,         ///< void scores(x, float out[N_OUTPUTS]): columns that are no probabilities
  score,          ///< float score(x): the one column that the rule compares with a threshold
  score_and_two,  ///< score, and void predict_proba(x, float proba[2]) as the score is the probability of class 1
};

struct Api {
  ApiForm form = ApiForm::one_value;
  Outputs outputs = Outputs::none;
  const model::SosCascade* filter = nullptr;  ///< of the form filter; a part of the model
};

/// Does a header ask trees about ranks of keys, see signal::Folded?
bool decides_by_ranks(const EmitConfig& config);
/// What the emitter of those trees is told.
EmitConfig ranked_config(const EmitConfig& config);

/// How a program calls it: `NAME_predict` in C, `NAME::predict` in C++.
std::string api_symbol(std::string_view name, Language language, std::string_view function);

/// The declarations and bodies of the API; they call outputs_, decide_ and what the core of a filter or a scaler has.
std::string api_text(const model::Model& model, const EmitConfig& config);

}  // namespace emlc::c
