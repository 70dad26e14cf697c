"""Small trained estimators of every kind that emlc_export takes, each with the data it was trained on."""

import functools

import numpy as np
from linear_cases import linear_cases
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris
from sklearn.ensemble import (AdaBoostClassifier, BaggingClassifier, BaggingRegressor, ExtraTreesClassifier, ExtraTreesRegressor, GradientBoostingClassifier,
                              GradientBoostingRegressor, HistGradientBoostingClassifier, HistGradientBoostingRegressor,
                              IsolationForest, RandomForestClassifier, RandomForestRegressor)
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, LogisticRegression, Ridge, SGDRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor

IRIS, IRIS_Y = load_iris(return_X_y=True)
CANCER, CANCER_Y = load_breast_cancer(return_X_y=True)
DIABETES, DIABETES_Y = load_diabetes(return_X_y=True)
DIGITS, DIGITS_Y = load_digits(return_X_y=True)
NAMES = np.array(["setosa", "versicolor", "virginica"])[IRIS_Y]
TWO = IRIS_Y > 0  # two classes, labels False and True
PAIR = np.column_stack([IRIS_Y, TWO])  # two targets of 3 and 2 classes
PLANE = np.column_stack([DIABETES_Y, -2 * DIABETES_Y])  # two regression targets
LABELS = np.column_stack([IRIS_Y == 0, IRIS_Y == 1, IRIS[:, 0] > 5.5]).astype(int)
WEIGHTS = np.random.RandomState(0).uniform(0.1, 2.0, len(IRIS))


def _gaps(X, share):
    X = X.copy()
    X[np.random.RandomState(1).uniform(size=X.shape) < share] = np.nan
    return X


def _categorical():
    """One numerical feature and two categorical ones, some values missing."""
    random = np.random.RandomState(2)
    X = np.column_stack([random.normal(size=400), random.randint(0, 7, 400), random.randint(0, 40, 400)])
    y = X[:, 0] + np.isin(X[:, 1], [1, 4]) * 3 + (X[:, 2] % 3)
    return _gaps(X, 0.05), y


def _early(**options):
    return {"max_iter": 12, "max_leaf_nodes": 8, "random_state": 0, **options}


GAPS = _gaps(CANCER, 0.1)
CATEGORIES, CATEGORIES_Y = _categorical()
NET = {"hidden_layer_sizes": (6, 5), "max_iter": 60, "random_state": 0}

# name: (unfitted estimator, X, y, options of fit)
CASES = {
    "decision tree": (DecisionTreeClassifier(max_depth=3, random_state=0), IRIS, IRIS_Y),
    "decision tree, text labels": (DecisionTreeClassifier(max_leaf_nodes=5, random_state=0), IRIS, NAMES),
    "decision tree, boolean labels": (DecisionTreeClassifier(max_depth=2, random_state=0), IRIS, TWO),
    "decision tree, real labels": (DecisionTreeClassifier(max_depth=2, random_state=0), IRIS, IRIS_Y.astype(float)),
    "decision tree, sample weights": (DecisionTreeClassifier(max_depth=3), IRIS, IRIS_Y, {"sample_weight": WEIGHTS}),
    "decision tree, one leaf": (DecisionTreeClassifier(max_depth=3), IRIS, np.zeros(len(IRIS), int)),
    "decision tree, two targets": (DecisionTreeClassifier(max_depth=3, random_state=0), IRIS, PAIR),
    "extra tree": (ExtraTreeClassifier(max_depth=4, random_state=0), IRIS, IRIS_Y),
    "random forest": (RandomForestClassifier(9, max_depth=4, random_state=0), CANCER, CANCER_Y),
    "random forest, integers": (RandomForestClassifier(5, max_depth=6, random_state=0),
                                DIGITS.astype("uint8"), DIGITS_Y),
    "random forest, class weights": (RandomForestClassifier(9, max_depth=3, class_weight="balanced", random_state=0,
                                                            n_jobs=2), IRIS, NAMES),
    "random forest, two targets": (RandomForestClassifier(5, max_depth=3, random_state=0), IRIS, PAIR),
    "extra trees": (ExtraTreesClassifier(7, max_depth=4, random_state=0), IRIS, IRIS_Y),
    "decision tree regressor": (DecisionTreeRegressor(max_depth=4, random_state=0), DIABETES, DIABETES_Y),
    "extra tree regressor": (ExtraTreeRegressor(max_depth=4, random_state=0), DIABETES, DIABETES_Y),
    "random forest regressor": (RandomForestRegressor(6, max_depth=5, random_state=0), DIABETES, DIABETES_Y),
    "random forest regressor, two targets": (RandomForestRegressor(4, max_depth=4, random_state=0), DIABETES, PLANE),
    "extra trees regressor": (ExtraTreesRegressor(6, max_depth=5, random_state=0), DIABETES, DIABETES_Y),
    "extra trees regressor, two targets": (ExtraTreesRegressor(4, max_depth=4, random_state=0), DIABETES, PLANE),
    "gradient boosting, two classes": (GradientBoostingClassifier(n_estimators=8, random_state=0), CANCER, CANCER_Y),
    "gradient boosting, three classes": (GradientBoostingClassifier(n_estimators=5, random_state=0), IRIS, NAMES),
    "gradient boosting, exponential": (GradientBoostingClassifier(n_estimators=8, loss="exponential", random_state=0),
                                       CANCER, CANCER_Y),
    "gradient boosting, init zero": (GradientBoostingClassifier(n_estimators=4, init="zero", random_state=0),
                                     IRIS, IRIS_Y),
    "gradient boosting regressor": (GradientBoostingRegressor(n_estimators=9, random_state=0), DIABETES, DIABETES_Y),
    "gradient boosting regressor, quantile": (GradientBoostingRegressor(n_estimators=9, loss="quantile", subsample=0.7,
                                                                        random_state=0), DIABETES, DIABETES_Y),
    "gradient boosting regressor, init zero": (GradientBoostingRegressor(n_estimators=9, init="zero", random_state=0),
                                               DIABETES, DIABETES_Y),
    "bagging": (BaggingClassifier(n_estimators=7, max_samples=0.5, random_state=0), IRIS, NAMES),
    "bagging, few columns": (BaggingClassifier(n_estimators=8, max_features=0.3, bootstrap_features=True, random_state=0),
                             CANCER, CANCER_Y),
    "bagging, rare classes": (BaggingClassifier(n_estimators=9, max_samples=4, random_state=0), IRIS, IRIS_Y),
    "bagging regressor": (BaggingRegressor(n_estimators=6, max_features=0.6, random_state=0), DIABETES, DIABETES_Y),
    "ada boost, two classes": (AdaBoostClassifier(n_estimators=9, random_state=0), CANCER, CANCER_Y),
    "ada boost, three classes": (AdaBoostClassifier(n_estimators=9, random_state=0), IRIS, NAMES),
    "ada boost, votes": (AdaBoostClassifier(n_estimators=9, random_state=0, algorithm="SAMME"), IRIS, IRIS_Y),
    "ada boost, votes of two classes": (AdaBoostClassifier(n_estimators=9, random_state=0, algorithm="SAMME"), IRIS, TWO),
    "hist gradient boosting, two classes": (HistGradientBoostingClassifier(**_early()), GAPS, CANCER_Y),
    "hist gradient boosting, three classes": (HistGradientBoostingClassifier(**_early()), IRIS, NAMES),
    "hist gradient boosting, categories": (HistGradientBoostingClassifier(**_early(categorical_features=[1, 2])),
                                           CATEGORIES, CATEGORIES_Y > 2),
    "hist gradient boosting regressor": (HistGradientBoostingRegressor(**_early()), DIABETES, DIABETES_Y),
    "hist gradient boosting regressor, missing": (HistGradientBoostingRegressor(**_early()), _gaps(DIABETES, 0.2),
                                                  DIABETES_Y),
    "hist gradient boosting regressor, poisson": (HistGradientBoostingRegressor(**_early(loss="poisson")), DIABETES,
                                                  DIABETES_Y),
    "hist gradient boosting regressor, categories": (
        HistGradientBoostingRegressor(**_early(categorical_features=[False, True, True])), CATEGORIES, CATEGORIES_Y),
    "isolation forest": (IsolationForest(n_estimators=12, max_samples=64, random_state=0), CANCER, None),
    "isolation forest, some features": (
        IsolationForest(n_estimators=9, max_features=0.5, contamination=0.1, random_state=0), CANCER, None),
    "network, two classes": (MLPClassifier(activation="tanh", **NET), IRIS, TWO),
    "network, three classes": (MLPClassifier(activation="relu", **NET), IRIS, NAMES),
    "network, several labels": (MLPClassifier(activation="logistic", **NET), IRIS, LABELS),
    "network regressor": (MLPRegressor(activation="identity", **NET), DIABETES, DIABETES_Y / 100),
    "network regressor, two targets": (MLPRegressor(activation="tanh", **NET), DIABETES, PLANE / 100),
    "network regressor, float32": (MLPRegressor(**NET), DIABETES.astype("float32"), DIABETES_Y / 100),
    "logistic regression, two classes": (LogisticRegression(max_iter=50), IRIS, TWO),
    "logistic regression, multinomial": (LogisticRegression(max_iter=50), IRIS, NAMES),
    "logistic regression, one vs rest": (LogisticRegression(solver="liblinear", multi_class="ovr"), IRIS, IRIS_Y),
    "logistic regression, two classes multinomial": (LogisticRegression(multi_class="multinomial", max_iter=50), IRIS,
                                                     TWO),
    "linear regression": (LinearRegression(), DIABETES, DIABETES_Y),
    "linear regression, two targets": (LinearRegression(fit_intercept=False), DIABETES, PLANE),
    "ridge": (Ridge(), DIABETES, DIABETES_Y),
    "lasso": (Lasso(0.1), DIABETES, DIABETES_Y),
    "elastic net": (ElasticNet(0.01), DIABETES, DIABETES_Y),
    "stochastic gradient regressor": (SGDRegressor(random_state=0), DIABETES, DIABETES_Y),
    "standard scaler": (StandardScaler(), CANCER, None),
    "standard scaler, mean only": (StandardScaler(with_std=False), CANCER, None),
    "standard scaler, deviation only": (StandardScaler(with_mean=False), CANCER, None),
    "min max scaler": (MinMaxScaler((-1, 2)), CANCER, None),
    "min max scaler, clipped": (MinMaxScaler(clip=True), CANCER[:100], None),
    "robust scaler": (RobustScaler(), CANCER, None),
    "robust scaler, centre only": (RobustScaler(with_scaling=False), CANCER, None),
    "max abs scaler": (MaxAbsScaler(), CANCER, None),
    "pipeline, scaler and network": (make_pipeline(StandardScaler(), MLPClassifier(**NET)), CANCER, CANCER_Y),
    "pipeline, scaler and forest": (make_pipeline(MinMaxScaler(), RandomForestClassifier(5, n_jobs=2, random_state=0)),
                                    IRIS, NAMES),
    "pipeline, two scalers and regression": (make_pipeline(RobustScaler(), MaxAbsScaler(), Ridge()), DIABETES,
                                             DIABETES_Y),
    "pipeline, nested, with steps that do nothing": (
        Pipeline([("none", "passthrough"), ("inner", make_pipeline(StandardScaler())), ("last", LogisticRegression())]),
        IRIS, TWO),
    "pipeline, scalers alone": (make_pipeline(StandardScaler(), MinMaxScaler()), CANCER, None),
    "pipeline, scaler and isolation forest": (
        make_pipeline(StandardScaler(), IsolationForest(n_estimators=7, random_state=0)), CANCER, None),
}

CASES.update(linear_cases(IRIS, NAMES, TWO, PAIR, LABELS, DIABETES, DIABETES_Y, PLANE + [0, 800]))


@functools.lru_cache(maxsize=None)
def fitted(name):
    """The estimator of a case, trained on the even rows; the data; its odd rows are fresh."""
    estimator, X, y, *options = CASES[name]
    fit = {key: values[::2] for key, values in (options[0] if options else {}).items()}
    estimator.fit(X[::2], None if y is None else y[::2], **fit)
    return estimator, X
