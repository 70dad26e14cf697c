"""What every estimator, step and layer becomes, as the tables of docs/exporter.md: made of the tables that convert.

    python3 -m emlc_export          prints them"""

from .estimators import LAYERS, LAYERS_WITH_STEPS, MODELS, TRANSFORMERS, UNIONS, WRAPPERS
from .models import bayes, linear, vector_machines
from .models.boosting import gradient_boosting_classifier, gradient_boosting_regressor
from .models.dense import mlp_classifier, mlp_regressor
from .models.ensembles import ada_boost_classifier
from .models.histograms import hist_classifier, hist_regressor
from .models.trees import isolation_forest, tree_classifier, tree_regressor
from .networks.keras_layers import KERAS_LAYERS
from .networks.torch_layers import TORCH_LAYERS
from .refused import REFUSED
from .steps import encoders, imputers, projections, scalers, unions
from .wrappers import around, calibrated, multiclass, stacked, targets

BITS = "every bit"
SUMS = "rounding of sums"
EXP = "rounding of exp"
INNER = "as what is inside"

# Converter: what its estimators become; how near the answers are
FORMS = {
    tree_classifier: ("trees with class proportions, averaged; several targets too", BITS),
    tree_regressor: ("trees with numbers, averaged; several targets too", BITS),
    isolation_forest: ("trees with path lengths; an anomaly below 0", EXP),
    ada_boost_classifier: ("trees with weighted votes or logarithms of proportions, then sigmoid or softmax", EXP),
    gradient_boosting_classifier: ("a sum of trees, then sigmoid or softmax; the start must be a constant", EXP),
    gradient_boosting_regressor: ("a sum of trees; the start must be a constant", SUMS),
    hist_classifier: ("a sum of trees, compared in double, with missing values and categories; sigmoid or softmax", EXP),
    hist_regressor: ("a sum of trees, compared in double, with missing values and categories; exp for poisson and gamma",
                     BITS + ", else " + EXP),
    mlp_classifier: ("dense layers; softmax, or sigmoid for two classes or for each label", SUMS),
    mlp_regressor: ("dense layers", SUMS),
    linear.linear_regressor: ("a dense layer", SUMS),
    linear.generalized_linear_regressor: ("a dense layer, then exp where the link is a logarithm", SUMS),
    linear.partial_least_squares_regressor: ("a dense layer, with the means and deviations in its weights", SUMS),
    linear.sign_classifier: ("a dense layer with scores: of two classes the second above 0, else the largest", SUMS),
    linear.gradient_descent_classifier: ("a dense layer with scores; with the logistic loss sigmoid, for several classes "
                                         "divided by their sum", SUMS),
    linear.logistic_regression: ("a dense layer with sigmoid or softmax; one against the rest: sigmoid divided by the sum",
                                 SUMS),
    linear.discriminant_analysis: ("a dense layer with sigmoid or softmax", SUMS),
    linear.linear_outlier_detector: ("a dense layer; inside from 0 on", SUMS),
    vector_machines.vector_classifier: ("linear kernel, two classes: a dense layer with the score", SUMS),
    vector_machines.vector_regressor: ("linear kernel: a dense layer", SUMS),
    vector_machines.vector_outlier_detector: ("linear kernel: a dense layer; inside above 0", SUMS),
    bayes.multinomial_bayes: ("a dense layer with softmax", SUMS),
    bayes.complement_bayes: ("a dense layer with softmax", SUMS),
    bayes.bernoulli_bayes: ("`binarize`, a dense layer with softmax", SUMS),
    bayes.categorical_bayes: ("`one_hot`, a dense layer with softmax", SUMS),
    bayes.gaussian_bayes: ("`scaler`, `polynomial` of squares, a dense layer with softmax", SUMS),
    bayes.quadratic_discriminants: ("`scaler`, `polynomial` of products, a dense layer with softmax", SUMS),
    around.best_estimator: ("its best_estimator_", INNER),
    around.inner_estimator: ("the fitted estimator inside", INNER),
    around.voting: ("soft votes and regressions: forests and trees one ensemble, linear regressors one layer, linear "
                    "classifiers of two classes two layers; else and hard votes: `combine`", SUMS),
    calibrated.calibrated: ("`combine`, of sigmoids or isotonic steps; sigmoids of linear scores of two classes: dense layers",
                            SUMS),
    stacked.stacking: ("`combine` with a final model", SUMS),
    multiclass.one_against_rest: ("linear members: a dense layer with a row for each; trees of two classes or several labels: "
                                  "one ensemble; else `combine`", SUMS),
    multiclass.one_against_one: ("`combine`, votes of pairs", SUMS),
    multiclass.output_codes: ("`combine`, with a dense layer for the nearest code", SUMS),
    multiclass.several_outputs: ("linear members: one dense layer; trees: one ensemble; else `combine`", SUMS),
    stacked.regressor_chain: ("linear members: one dense layer; else `combine`", SUMS),
    stacked.classifier_chain: ("`combine`, whose members see the decisions before them", SUMS),
    targets.decision_threshold: ("what is inside, the second class from the threshold on", INNER),
    scalers.standard_scaler: ("`scaler`", BITS),
    scalers.min_max_scaler: ("`scaler`", BITS),
    scalers.robust_scaler: ("`scaler`", BITS),
    scalers.max_abs_scaler: ("`scaler`", BITS),
    scalers.binarizer: ("`binarize`", BITS),
    scalers.normalizer: ("`normalize`", SUMS),
    scalers.function_transformer: ("`function`, by the name of the function of numpy: %s; `scaler` for negative"
                                   % ", ".join(scalers.FUNCTIONS), "rounding of the function"),
    scalers.power_transformer: ("`power`, `scaler`", "rounding of pow"),
    scalers.quantile_transformer: ("`quantile`, of at most %d quantiles" % scalers.MOST_QUANTILES, "rounding of the inverse"),
    scalers.polynomial_features: ("`polynomial`", SUMS),
    encoders.one_hot_encoder: ("`one_hot` of numbers; `impute` where missing is a category, `lookup` where unknown is a rare "
                               "one", BITS),
    encoders.ordinal_encoder: ("`lookup` of numbers; `impute` where missing values have a code", BITS),
    encoders.target_encoder: ("`columns`, `impute`, `lookup` of numbers", BITS),
    encoders.bins_discretizer: ("`bins`, `one_hot`", BITS),
    imputers.simple_imputer: ("`columns`, `impute`, `missing_indicator`", BITS),
    imputers.missing_indicator: ("`columns`, `missing_indicator`", BITS),
    projections.principal_components: ("`scaler` for the mean, `linear`", SUMS),
    projections.components: ("`linear`", SUMS),
    projections.independent_components: ("`scaler` for the mean, `linear`", SUMS),
    projections.factor_analysis: ("`scaler` for the mean, `linear`", SUMS),
    projections.discriminant_projection: ("`scaler` for the mean, `linear`", SUMS),
    projections.partial_least_squares: ("`scaler`, `linear`", SUMS),
    projections.feature_agglomeration: ("`linear`, of means", SUMS),
    unions.selector: ("`columns`", BITS),
    unions.column_transformer: ("`columns`, then the steps of each member on its own columns", INNER),
    unions.feature_union: ("`columns`, then the steps of each member on its own copy", INNER),
}
BY_NAME = {
    "BaggingClassifier": ("trees: one ensemble, averaged; linear classifiers of two classes: two dense layers; else `combine`",
                          BITS + ", else " + SUMS),
    "BaggingRegressor": ("trees: one ensemble, averaged; linear regressors: one dense layer; else `combine`", BITS + ", else " + SUMS),
    "TransformedTargetRegressor": ("what is inside, its outputs scaled where a scaler transformed the target; exp where "
                                   "inverse_func is numpy.exp", INNER),
    "Pipeline": ("its steps, then its model", INNER),
}


def _table(title, tables, extra=()):
    """Rows of a Markdown table; estimators of one converter share one."""
    rows = {}
    for name, converter in sorted({name: row for table in tables for name, row in table.items()}.items()):
        rows.setdefault(BY_NAME.get(name) or FORMS[converter], []).append(name)
    for name in extra:
        rows[BY_NAME[name]] = [name]
    lines = ["| %s | what it becomes | the same up to |" % title, "| --- | --- | --- |"]
    for form, names in sorted(rows.items(), key=lambda row: row[1]):
        lines.append("| %s | %s | %s |" % (", ".join(names), *form))
    return lines


def reference():
    """The tables, by the heading that they stand under."""
    refused = ["| refused | because |", "| --- | --- |"]
    refused += ["| %s | %s |" % (", ".join(sorted(names.split())), reason) for reason, names in REFUSED.items()]
    layers = ["| library | layers |", "| --- | --- |", "| Keras | %s |" % ", ".join(sorted(KERAS_LAYERS)),
              "| PyTorch, in a Sequential | %s |" % ", ".join(sorted(TORCH_LAYERS))]
    return {
        "Models": _table("estimator", (MODELS, LAYERS, LAYERS_WITH_STEPS)),
        "Estimators around others": _table("estimator", (WRAPPERS,), ("TransformedTargetRegressor", "Pipeline")),
        "Steps before a model": _table("transformer", (TRANSFORMERS, UNIONS)),
        "Networks": layers,
        "Refused": refused,
    }
