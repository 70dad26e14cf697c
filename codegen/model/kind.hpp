#pragma once

#include <string_view>

#include "codegen/model/model.hpp"

/// The kinds of predictor, and how to ask a model for its own: by std::visit with Overloaded, or by a switch over Kind
/// without `default`. Both stop to compile when there is another kind; scripts/lint-rules has the places that ask.
namespace emlc::model {

/// The alternatives of Predictor, in its order.
enum class Kind { scaler, trees, dense, sos, combine };

/// A function for each kind of predictor, for std::visit, which does not compile while a kind has none; so none of them
/// takes `auto`.
template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

/// What one input of a model is.
enum class InputForm {
  features,  ///< n_features values; the answer has n_outputs
  signal,    ///< any number of samples; the answer has as many
};

/// What is true of every model of a kind.
struct KindInfo {
  Kind kind;
  std::string_view name;  ///< `tree ensemble`, `dense network`, `sos filter`, `combination` or `scaler`
  InputForm input;
};
const KindInfo& info(Kind kind);

Kind kind(const Model& model);
bool takes_signals(const Model& model);  ///< see InputForm

}  // namespace emlc::model
