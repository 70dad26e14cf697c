"""Estimators of scikit-learn with parameters at random, and the data that each can be fitted to."""

import functools
import inspect
import warnings
from typing import NamedTuple

import numpy as np
from sklearn.base import is_classifier, is_regressor
from sklearn.ensemble import (GradientBoostingClassifier, GradientBoostingRegressor, HistGradientBoostingClassifier,
                              RandomForestClassifier, RandomForestRegressor)
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression, Ridge, RidgeClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, PolynomialFeatures, RobustScaler, StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier

N_ROWS, N_FRESH = 120, 60

# Parameters by name, for every estimator that has them; a set takes one value of each.
PARAMETERS = {
    "max_depth": [2, 3, 5, None],
    "min_samples_leaf": [1, 4],
    "max_leaf_nodes": [None, 6, 15],
    "n_estimators": [1, 3, 8],
    "max_iter": [40, 60],
    "learning_rate": [0.1, 0.5],
    "max_features": [None, 1.0],
    "max_bins": [8, 60],
    "l2_regularization": [0.0, 1.0],
    "hidden_layer_sizes": [(3,), (5, 4), (8,)],
    "activation": ["identity", "logistic", "tanh", "relu"],
    "alpha": [1e-4, 0.1],
    "fit_intercept": [True, False],
    "with_mean": [True, False],
    "with_std": [True, False],
    "with_centering": [True, False],
    "with_scaling": [True, False],
    "clip": [False, True],
    "feature_range": [(0, 1), (-3, 2)],
    "subsample": [1.0, 0.7],
    "C": [0.1, 1.0],
    "kernel": ["linear"],
    "n_components": [1, 2, 3],
    "whiten": [False, True],
    "degree": [1, 2, 3],
    "interaction_only": [False, True],
    "include_bias": [False, True],
    "k": [1, 3],
    "percentile": [30, 70],
    "add_indicator": [False, True],
    "standardize": [False, True],
    "n_quantiles": [7, 60, 120],
    "output_distribution": ["uniform", "normal"],
    "norm": ["l1", "l2", "max"],
    "n_bins": [2, 4, 7],
    "encode": ["ordinal", "onehot", "onehot-dense"],
    "random_state": list(range(10)),
}
NETWORK = {"learning_rate": ["constant"]}
TESTS = {"alpha": [0.05, 0.3]}
# What a name means for one estimator only, where the values above are not its own.
OWN = {
    "MLPClassifier": NETWORK,
    "MLPRegressor": NETWORK,
    "SGDRegressor": {"learning_rate": ["invscaling"], "loss": ["squared_error", "huber"]},
    "SGDClassifier": {"learning_rate": ["optimal"], "loss": ["hinge", "log_loss", "modified_huber"]},
    "SGDOneClassSVM": {"learning_rate": ["optimal"]},
    "HistGradientBoostingClassifier": {"max_iter": [2, 5], "max_features": [1.0]},
    "HistGradientBoostingRegressor": {"max_iter": [2, 5], "max_features": [1.0], "loss": ["squared_error", "poisson"]},
    "IsolationForest": {"max_features": [1.0]},
    "LogisticRegressionCV": {"Cs": [2], "cv": [2]},
    "PLSRegression": {"n_components": [1, 2]}, "PLSCanonical": {"n_components": [1]}, "CCA": {"n_components": [1]},
    "FactorAnalysis": {"max_iter": [300]}, "FastICA": {"whiten": ["unit-variance"], "max_iter": [300]},
    "LinearDiscriminantAnalysis": {"n_components": [1], "solver": ["svd", "eigen"]},
    "HuberRegressor": {"max_iter": [500]}, "TheilSenRegressor": {"max_subpopulation": [60]},
    "TweedieRegressor": {"power": [0, 1, 1.5, 2], "link": ["auto", "log"], "max_iter": [300]},
    "PoissonRegressor": {"max_iter": [300]}, "GammaRegressor": {"max_iter": [300]},
    "QuantileRegressor": {"solver": ["highs"], "quantile": [0.3, 0.5]},
    "NuSVC": {"nu": [0.1, 0.3]}, "NuSVR": {"nu": [0.3, 0.6]}, "OneClassSVM": {"nu": [0.1, 0.4]},
    "SimpleImputer": {"strategy": ["mean", "median", "most_frequent", "constant"], "fill_value": [0, -3]},
    "MissingIndicator": {"features": ["all", "missing-only"]},
    "OneHotEncoder": {"handle_unknown": ["ignore", "infrequent_if_exist"], "drop": [None, "first", "if_binary"],
                      "min_frequency": [None, 20]},
    "OrdinalEncoder": {"handle_unknown": ["use_encoded_value"], "unknown_value": [-9], "encoded_missing_value": [-5]},
    "KBinsDiscretizer": {"strategy": ["uniform", "quantile"], "subsample": [None]},
    "QuantileTransformer": {"subsample": [1000]}, "OrthogonalMatchingPursuitCV": {"max_iter": [3], "cv": [3]},
    "Binarizer": {"threshold": [0.0, 0.5]},
    "PowerTransformer": {"method": ["yeo-johnson", "box-cox"]},
    "FunctionTransformer": {"func": [np.log, np.log1p, np.log2, np.log10, np.expm1, np.sqrt, np.square, np.abs, np.reciprocal]},
    "VarianceThreshold": {"threshold": [0.0, 0.2]},
    "GenericUnivariateSelect": {"mode": ["k_best"], "param": [1, 3]},
    "SelectFpr": TESTS, "SelectFdr": TESTS, "SelectFwe": TESTS,
    "FeatureAgglomeration": {"n_clusters": [1, 2, 3]},
    "NeighborhoodComponentsAnalysis": {"max_iter": [3]},
    "RANSACRegressor": {"min_samples": [0.8]},
    "ComplementNB": {"norm": [False]},
    "BernoulliNB": {"binarize": [0.0, 0.5]},
}

REGRESSIONS = [Ridge(), make_pipeline(StandardScaler(), LinearRegression()), Lasso(0.01)]
TREES_OF_NUMBERS = [DecisionTreeRegressor(max_depth=4), RandomForestRegressor(5, max_depth=4),
                    GradientBoostingRegressor(n_estimators=4)]
LINEAR = [LogisticRegression(max_iter=300), make_pipeline(RobustScaler(), LogisticRegression(max_iter=300))]
SCORES = [RidgeClassifier(), LinearSVC(max_iter=300), SVC(kernel="linear", C=0.1)]
FORESTS = [DecisionTreeClassifier(max_depth=4), RandomForestClassifier(5, max_depth=4), ExtraTreeClassifier(max_depth=6)]
STAGES = [GradientBoostingClassifier(n_estimators=4)]
CURVES = [GaussianNB(), make_pipeline(StandardScaler(), PolynomialFeatures(2), LogisticRegression(max_iter=300)), MLPClassifier(
    (4,), max_iter=40), HistGradientBoostingClassifier(max_iter=4)]
PROBABLE = LINEAR + FORESTS + STAGES + CURVES
NUMBERS = [*REGRESSIONS, *TREES_OF_NUMBERS, make_pipeline(PolynomialFeatures(2), Ridge()),
           MLPRegressor(hidden_layer_sizes=(4,), max_iter=40)]
TARGETS = [StandardScaler(), MinMaxScaler((-1, 2)), RobustScaler(), MaxAbsScaler()]

# Estimators around others: arguments by (pick, name), pick(list) takes one of a list
AROUND = {
    **dict.fromkeys(("GridSearchCV", "HalvingGridSearchCV"), lambda pick: {
        "estimator": pick([DecisionTreeClassifier(), RandomForestClassifier(3)]), "param_grid": {"max_depth": [2, 4]}}),
    **dict.fromkeys(("RandomizedSearchCV", "HalvingRandomSearchCV"), lambda pick: {
        "estimator": pick([DecisionTreeClassifier(), RandomForestClassifier(3)]), "param_distributions": {"max_depth": [2, 4]},
        "random_state": 0, **({"n_iter": 2} if pick.name == "RandomizedSearchCV" else {})}),
    "SelfTrainingClassifier": lambda pick: {"estimator" if pick.knows("estimator") else "base_estimator": pick(
        LINEAR + FORESTS)},
    "FrozenEstimator": lambda pick: {"estimator": pick(LINEAR + FORESTS)},
    "FixedThresholdClassifier": lambda pick: {"estimator": pick(LINEAR + SCORES + FORESTS + STAGES),
                                              "threshold": pick([0.2, 0.7])},
    "TunedThresholdClassifierCV": lambda pick: {"estimator": pick(LINEAR + FORESTS + STAGES), "cv": 2},
    "VotingClassifier": lambda pick: pick([
        {"estimators": pick.several(pick([LINEAR, FORESTS, PROBABLE, PROBABLE])), "voting": "soft"},
        {"estimators": pick.several(PROBABLE + SCORES[:2]), "voting": "hard"}]),
    "VotingRegressor": lambda pick: {"estimators": pick.several(pick([REGRESSIONS, TREES_OF_NUMBERS, NUMBERS]))},
    "CalibratedClassifierCV": lambda pick: {pick.base(): pick(PROBABLE + SCORES[:2]), "method": pick(["sigmoid", "isotonic"]),
                                            "cv": pick([2, 3]), "ensemble": pick([True, True, False])},
    "StackingClassifier": lambda pick: pick([
        {"estimators": pick.several(PROBABLE + SCORES[:2]), **pick.stacked([LogisticRegression(), *FORESTS, *STAGES])},
        {"estimators": pick.several(LINEAR + STAGES + SCORES[:2]), "stack_method": "decision_function",
         **pick.stacked([make_pipeline(StandardScaler(), LogisticRegression(max_iter=300)), RidgeClassifier()])},
        {"estimators": pick.several(PROBABLE), "stack_method": "predict", **pick.stacked([LogisticRegression(), *FORESTS])}]),
    "StackingRegressor": lambda pick: {"estimators": pick.several(NUMBERS), **pick.stacked([Ridge(), *TREES_OF_NUMBERS])},
    "OneVsOneClassifier": lambda pick: {"estimator": pick(PROBABLE + SCORES)},
    "OutputCodeClassifier": lambda pick: {"estimator": pick(PROBABLE + SCORES), "code_size": pick([1.5, 3]), "random_state": 0},
    "ClassifierChain": lambda pick: {pick.base(): pick(PROBABLE + SCORES), "order": pick([[0, 1], [1, 0]])},
    "BaggingClassifier": lambda pick: {"n_estimators": pick([1, 3, 8]), "max_features": pick([1.0, 0.6]), "random_state": 0, **(
        pick([{}, {pick.base(): pick(LINEAR + CURVES + STAGES + SCORES[:2])}]))},
    "BaggingRegressor": lambda pick: {"n_estimators": pick([1, 3, 8]), "max_features": pick([1.0, 0.6]), "random_state": 0, **(
        pick([{}, {pick.base(): pick(NUMBERS)}]))},
    "OneVsRestClassifier": lambda pick: {"estimator": pick(PROBABLE + SCORES)},
    "MultiOutputClassifier": lambda pick: {"estimator": pick(PROBABLE)},
    "MultiOutputRegressor": lambda pick: {"estimator": pick(NUMBERS)},
    "RegressorChain": lambda pick: {pick.base(): pick(NUMBERS), "order": pick([[0, 1], [1, 0]])},
    "TransformedTargetRegressor": lambda pick: {"regressor": pick(REGRESSIONS + TREES_OF_NUMBERS), **pick([
        {"transformer": pick(TARGETS)}, {"func": np.log, "inverse_func": np.exp}])},
    "Pipeline": lambda pick: {"steps": [("scale", pick(TARGETS)), ("model", pick(LINEAR + FORESTS))]},
    "ColumnTransformer": lambda pick: {"transformers": [("a", pick(TARGETS), pick([[0, 2], slice(1, 3)])),
                                                        ("b", pick(TARGETS), [4])], "remainder": pick(["drop", "passthrough"])},
    "FeatureUnion": lambda pick: {"transformer_list": [("a", pick(TARGETS)), ("b", pick(TARGETS))]},
    **dict.fromkeys(("SelectFromModel", "RFE", "RFECV", "SequentialFeatureSelector"), lambda pick: {"estimator": Ridge()}),
}

POSITIVE = {"MultinomialNB", "ComplementNB", "FunctionTransformer", "PowerTransformer"}
WITH_GAPS = {"SimpleImputer", "MissingIndicator"}
CATEGORIES = {"OneHotEncoder", "OrdinalEncoder", "TargetEncoder", "CategoricalNB"}
TWO_CLASSES = {"SVC", "NuSVC", "FixedThresholdClassifier", "TunedThresholdClassifierCV"}
OF_NUMBERS = {"SelectFromModel", "RFE", "RFECV", "SequentialFeatureSelector", "PLSRegression", "PLSCanonical", "CCA"}


class Subject(NamedTuple):
    """A fitted estimator, what it was fitted to, and rows to ask it about."""

    made: object
    X: np.ndarray
    rows: np.ndarray
    generator: np.random.Generator


class Pick:
    def __init__(self, name, estimator, generator):
        self.name, self.estimator, self.generator = name, estimator, generator

    def __call__(self, values):
        return values[self.generator.integers(len(values))]

    def several(self, values):
        return [(f"m{index}", self(values)) for index in range(self.generator.integers(2, 4))]

    def knows(self, parameter):
        return parameter in inspect.signature(self.estimator).parameters

    def stacked(self, finals):
        return {"final_estimator": self(finals), "cv": 2, "passthrough": self([False, True])}

    def base(self):
        return "estimator" if self.knows("estimator") else "base_estimator"


def unfitted(name, estimator, pick):
    if name in AROUND:
        return estimator(**AROUND[name](pick))
    known = {**PARAMETERS, **OWN.get(name, {})}
    return estimator(**{parameter: pick(known[parameter]) for parameter in inspect.signature(estimator).parameters
                        if parameter in known})


def features(name, generator, n):
    """Real, rounded or whole features; those that are above 0 or categories for what needs them."""
    if name in CATEGORIES:
        return generator.integers(0, [4, 3, 9], (n, 3)).astype(float) ** [1, 1, 2] // [1, 1, 5]
    X = generator.normal(size=(n, 5)) * [1.0, 10.0, 0.1, 100.0, 3.0]
    if name.startswith("SGD") or name == "OneVsRestClassifier":  # scores of what is not scaled saturate probabilities
        X = X / [1.0, 10.0, 0.1, 100.0, 3.0]
    X = X / 20 if name == "FunctionTransformer" else X
    X = [X, np.round(X, 1), np.round(X * 10)][generator.integers(3)].astype(np.float32).astype(float)
    X = np.abs(X) + 0.125 if name in POSITIVE else X
    return np.where(generator.random(X.shape) < 0.15, np.nan, X) if name in WITH_GAPS else X


def targets(name, made, X, generator):
    Z = np.nan_to_num(X)
    signal = Z[:, 0] + Z[:, 1] / 10 - np.abs(Z[:, -1]) / 3 + generator.normal(size=len(Z)) * 0.3
    if name in ("MultiOutputClassifier", "ClassifierChain"):
        return np.stack([signal > np.median(signal), Z[:, 1] > np.median(Z[:, 1])], axis=1).astype(int)
    if name in ("MultiOutputRegressor", "RegressorChain", "MultiTaskLasso", "MultiTaskElasticNet", "MultiTaskLassoCV",
                "MultiTaskElasticNetCV"):
        return np.stack([signal, Z[:, 1] - signal], axis=1)
    if is_regressor(made) or name in OF_NUMBERS:
        return np.exp(signal / 8) if name in ("PoissonRegressor", "GammaRegressor", "TweedieRegressor",
                                              "TransformedTargetRegressor", "HistGradientBoostingRegressor") else signal
    shares = [[0.5], [0.3, 0.7], [0.2, 0.5, 0.8]][0 if name in TWO_CLASSES else generator.integers(3)]
    y = np.searchsorted(np.quantile(signal, shares), signal)
    return np.where(generator.random(len(y)) < 0.2, -1, y) if name == "SelfTrainingClassifier" else y


def _before_a_model(made, pick):
    """A transformer alone, or before a model."""
    model = pick([None, LogisticRegression(max_iter=300), DecisionTreeClassifier(max_depth=5), RandomForestClassifier(4)])
    return made if model is None else make_pipeline(made, model)


@functools.lru_cache(maxsize=4)
def subject(name, estimator, number):
    generator = np.random.default_rng([number, *name.encode()])
    pick = Pick(name, estimator, generator)
    made = unfitted(name, estimator, pick)
    X, fresh = features(name, generator, N_ROWS), features(name, generator, N_FRESH)
    y = targets(name, made, X, generator)
    if not (is_classifier(made) or is_regressor(made) or hasattr(made, "predict") or name in WITH_GAPS | OF_NUMBERS):
        made = _before_a_model(made, pick)
    np.random.seed(generator.integers(2**31))  # of estimators without a random_state
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if name == "FrozenEstimator":
            made.estimator.fit(X, y)
        made.fit(X, y)
    return Subject(made, X, np.vstack([X, fresh]), generator)
