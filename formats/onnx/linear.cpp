#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "formats/onnx/call.hpp"
#include "formats/onnx/classes.hpp"
#include "formats/onnx/rows.hpp"
#include "formats/reading.hpp"

namespace emlc::formats::onnx {
namespace {

/// The sums of linear functions of the columns, [n] of them.
Rows sums_of(const Call& call, std::vector<double> weights, std::vector<double> bias) {
  const Rows& input = call.rows(0);
  const auto width = static_cast<std::size_t>(input.width);
  if (bias.empty() || bias.size() > most_outputs)
    call.fail(fmt::format("has {} outputs, expected 1 to {}", bias.size(), most_outputs));
  if (weights.size() != bias.size() * width) {
    call.fail(
        fmt::format("has {} coefficients, expected {} for each of {} outputs", weights.size(), width, bias.size()));
  }
  return through_layer(call, input, std::move(weights), std::move(bias));
}

std::vector<double> intercepts_of(const Call& call, std::size_t n) {
  std::vector<double> intercepts = call.numbers("intercepts");
  if (intercepts.empty()) intercepts.assign(n, 0.0);
  if (intercepts.size() != n) call.fail(fmt::format("has {} intercepts, expected {}", intercepts.size(), n));
  return intercepts;
}

/// The post_transform as the activation of the layer; classes keep their order.
Rows with_post_transform(const Call& call, Rows sums, const std::string& post) {
  if (post == "NONE") return sums;
  const std::vector<std::int32_t> lineage = sums.lineage;
  if (post != "LOGISTIC" && post != "SOFTMAX")
    call.fail(fmt::format("has the post_transform '{}', expected NONE, LOGISTIC or SOFTMAX", printable(post)));
  sums = activated(call, std::move(sums), post == "LOGISTIC" ? model::Activation::logistic : model::Activation::softmax,
                   0.0);
  sums.lineage.insert(sums.lineage.begin(), lineage.begin(), lineage.end());
  return sums;
}

/// A single sum s for two classes: the second one above 0. ONNX Runtime's scores are (1 - s, s).
Outcome two_classes(const Call& call, ClassNames names, const std::string& post) {
  Rows scores = sums_of(call, call.numbers("coefficients"), intercepts_of(call, 1));
  const bool is_logistic = post == "LOGISTIC";
  // ONNX Runtime takes no softmax of a single sum.
  if (is_logistic) scores = with_post_transform(call, std::move(scores), post);
  Choice choice = choice_of(scores, model::DecisionRule::greater, std::move(names));
  choice.threshold = is_logistic ? 0.5 : 0.0;
  scores.form = Form::pair;
  scores.width = 2;
  return {{std::move(choice), std::move(scores)}, "a linear layer with 1 output"};
}

Outcome linear_classifier(const Call& call) {
  ClassNames names = class_names(call, "classlabels_ints", "classlabels_strings");
  const std::string post = call.text("post_transform", "NONE");
  const std::size_t n_weights = call.numbers("coefficients").size();
  if (names.size() == 2 && n_weights == static_cast<std::size_t>(call.rows(0).width))
    return two_classes(call, std::move(names), post);
  const std::size_t n = names.size();
  Rows sums = sums_of(call, call.numbers("coefficients"), intercepts_of(call, n));
  Choice choice = choice_of(sums, model::DecisionRule::argmax, std::move(names));
  return {{std::move(choice), with_post_transform(call, std::move(sums), post)},
          fmt::format("a linear layer with {} outputs", n)};
}

Outcome linear_regressor(const Call& call) {
  const std::int64_t n = call.integer("targets", 1);
  if (n < 1 || n > most_outputs) call.fail(fmt::format("has {} targets, expected 1 to {}", n, most_outputs));
  Rows sums = sums_of(call, call.numbers("coefficients"), intercepts_of(call, static_cast<std::size_t>(n)));
  const std::string post = call.text("post_transform", "NONE");
  return {{with_post_transform(call, std::move(sums), post)},
          fmt::format("a linear layer with {} {}", n, n == 1 ? "output" : "outputs")};
}

void require_linear_kernel(const Call& call) {
  const std::string kernel = call.text("kernel_type", "LINEAR");
  if (kernel != "LINEAR")
    call.fail(fmt::format("has the kernel {}, emlc reads LINEAR alone: the model has no place for support vectors",
                          printable(kernel)));
}

/// The linear function that support vectors with a coefficient each are: [width] weights.
std::vector<double> weights_of_vectors(const Call& call, const std::vector<double>& coefficients) {
  const auto width = static_cast<std::size_t>(call.rows(0).width);
  const std::vector<double> vectors = call.numbers("support_vectors");
  if (vectors.size() != coefficients.size() * width) {
    call.fail(fmt::format("has {} numbers in support_vectors, expected {} for each of {} coefficients", vectors.size(),
                          width, coefficients.size()));
  }
  std::vector<double> sums(width, 0.0);
  for (std::size_t index = 0; index < vectors.size(); ++index)
    sums[index % width] += coefficients[index / width] * vectors[index];
  return sums;
}

/// One linear function: the support vectors with their coefficients, or the coefficients alone.
Outcome svm_regressor(const Call& call) {
  require_linear_kernel(call);
  if (call.integer("one_class", 0) != 0)
    call.fail("is a one-class SVM, whose output is a sign, which the model has no place for");
  std::vector<double> weights = call.numbers("coefficients");
  const std::vector<double> rho = call.numbers("rho");
  if (rho.size() != 1) call.fail(fmt::format("has {} values of rho, expected 1", rho.size()));
  const bool has_vectors = !call.numbers("support_vectors").empty() || call.integer("n_supports", 0) != 0;
  if (has_vectors) weights = weights_of_vectors(call, weights);
  const std::string post = call.text("post_transform", "NONE");
  if (post != "NONE") call.fail(fmt::format("has the post_transform '{}', expected NONE", printable(post)));
  return {{sums_of(call, std::move(weights), rho)}, "a linear layer with 1 output"};
}

/// The support vectors of two classes are one linear function, above 0 for the first one. ONNX Runtime's scores are
/// (-s, s) for s > 0 at the first class.
Outcome svm_of_two_classes(const Call& call, ClassNames names) {
  const std::vector<double> coefficients = call.numbers("coefficients"), rho = call.numbers("rho");
  const std::vector<std::int64_t> counts = call.integers("vectors_per_class");
  if (names.size() != 2) {
    call.fail(fmt::format(
        "has a linear kernel and support vectors of {} classes, whose pairs vote, expected 2 classes: export "
        "a LinearSVC or another linear model",
        names.size()));
  }
  if (rho.size() != 1) call.fail(fmt::format("has {} values of rho, expected 1", rho.size()));
  if (!call.numbers("prob_a").empty()) {
    call.fail(
        "has a linear kernel and probabilities that ONNX Runtime comes near by steps, which the model has no place "
        "for: train it with probability=False, or export a LogisticRegression");
  }
  const bool has_negative = std::any_of(coefficients.begin(), coefficients.end(), [](double c) { return c < 0.0; });
  const std::string post = call.text("post_transform", "NONE");
  if (counts.size() != 2 || !has_negative || post != "NONE") {
    call.fail(fmt::format(
        "has {} entries in vectors_per_class, {} and the post_transform '{}', expected 2, some and NONE", counts.size(),
        has_negative ? "negative coefficients" : "no negative coefficient", printable(post)));
  }
  std::reverse(names.numbers.begin(), names.numbers.end());
  std::reverse(names.texts.begin(), names.texts.end());
  Rows scores = sums_of(call, weights_of_vectors(call, coefficients), rho);
  Choice choice = choice_of(scores, model::DecisionRule::greater, std::move(names));
  scores.form = Form::mirror;
  scores.width = 2;
  return {{std::move(choice), std::move(scores)}, "a linear layer with 1 output"};
}

/// Without support vectors a linear function for each class, the largest of which decides.
Outcome svm_classifier(const Call& call) {
  require_linear_kernel(call);
  ClassNames names = class_names(call, "classlabels_ints", "classlabels_strings");
  if (!call.numbers("support_vectors").empty() || !call.integers("vectors_per_class").empty())
    return svm_of_two_classes(call, std::move(names));
  const std::vector<double> rho = call.numbers("rho");
  const std::string post = call.text("post_transform", "NONE");
  const std::size_t n = names.size();
  // ONNX Runtime's label of two classes is always the second one.
  if (n < 3 || rho.size() != 1 || post != "NONE") {
    call.fail(
        fmt::format("has {} classes, {} values of rho and the post_transform '{}', expected at least 3, 1 and NONE", n,
                    rho.size(), printable(post)));
  }
  Rows sums = sums_of(call, call.numbers("coefficients"), std::vector<double>(n, rho.front()));
  Choice choice = choice_of(sums, model::DecisionRule::argmax, std::move(names));
  return {{std::move(choice), std::move(sums)}, fmt::format("a linear layer with {} outputs", n)};
}

}  // namespace

std::span<const Operator> linear_operators() {
  constexpr std::string_view svm_attributes =
      "coefficients kernel_params kernel_type n_supports one_class post_transform rho support_vectors classlabels_ints "
      "classlabels_strings prob_a prob_b vectors_per_class";
  static constexpr std::array rows = {
      Operator{"ai.onnx.ml", "LinearClassifier", 1, 5,
               "coefficients intercepts multi_class classlabels_ints classlabels_strings post_transform",
               linear_classifier},
      Operator{"ai.onnx.ml", "LinearRegressor", 1, 5, "coefficients intercepts targets post_transform",
               linear_regressor},
      Operator{"ai.onnx.ml", "SVMClassifier", 1, 5, svm_attributes, svm_classifier},
      Operator{"ai.onnx.ml", "SVMRegressor", 1, 5, svm_attributes, svm_regressor},
  };
  return rows;
}

}  // namespace emlc::formats::onnx
