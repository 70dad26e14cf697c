"""Steps before a model: every transformer that emlc_export takes, alone and in front of trees and a linear model."""

import numpy as np
from sklearn.cluster import FeatureAgglomeration
from sklearn.compose import ColumnTransformer, make_column_transformer
from sklearn.decomposition import PCA, FactorAnalysis, FastICA, IncrementalPCA, TruncatedSVD
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.feature_selection import (RFE, RFECV, GenericUnivariateSelect, SelectFdr, SelectFpr, SelectFromModel, SelectFwe,
                                       SelectKBest, SelectPercentile, SequentialFeatureSelector, VarianceThreshold)
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import BernoulliNB, CategoricalNB, GaussianNB
from sklearn.neighbors import NeighborhoodComponentsAnalysis
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (Binarizer, FunctionTransformer, KBinsDiscretizer, MaxAbsScaler, Normalizer, OneHotEncoder,
                                   OrdinalEncoder, PolynomialFeatures, PowerTransformer, QuantileTransformer, RobustScaler,
                                   StandardScaler)
from sklearn.random_projection import GaussianRandomProjection, SparseRandomProjection

RANDOM = np.random.RandomState(3)
N = 160
NUMBERS = (RANDOM.normal(size=(N, 5)) * [1, 10, 0.1, 3, 2] + [0, 5, 1, 0, -3]).astype("float32").astype(float)
CLASSES = np.searchsorted([-0.5, 0.7], NUMBERS[:, 0] + NUMBERS[:, 4] / 4 + 0.7)
TARGET = NUMBERS[:, 0] - NUMBERS[:, 1] / 7
POSITIVE = np.abs(NUMBERS) + 0.125
# Few values in each column: whole numbers, some with a fraction or below 0, one of them rare.
CATEGORIES = np.column_stack([RANDOM.randint(0, 4, N), RANDOM.randint(10, 13, N), RANDOM.choice([1.5, 2.5, -1], N),
                              RANDOM.randint(0, 12, N) ** 2 // 9]).astype(float)


def gaps(X):
    X = X.copy()
    X[RANDOM.uniform(size=X.shape) < 0.15] = np.nan
    return X


GAPS, CATEGORIES_WITH_GAPS = gaps(NUMBERS), gaps(CATEGORIES)
MIXED = np.hstack([NUMBERS, CATEGORIES_WITH_GAPS])
IGNORE = {"handle_unknown": "ignore"}

ON_NUMBERS = {
    "principal components": PCA(3),
    "principal components, whitened": PCA(3, whiten=True),
    "principal components in parts": IncrementalPCA(2, whiten=True),
    "singular vectors": TruncatedSVD(3, random_state=0),
    "independent components": FastICA(3, random_state=0),
    "factors": FactorAnalysis(2, random_state=0),
    "random projection": GaussianRandomProjection(3, random_state=0),
    "sparse random projection": SparseRandomProjection(3, random_state=0),
    "neighbourhood components": NeighborhoodComponentsAnalysis(2, random_state=0, max_iter=5),
    "clusters of features": FeatureAgglomeration(2),
    "discriminants": LinearDiscriminantAnalysis(n_components=1),
    "discriminants by eigenvalues": LinearDiscriminantAnalysis(solver="eigen"),
    "polynomial": PolynomialFeatures(2),
    "polynomial of interactions": PolynomialFeatures(3, interaction_only=True, include_bias=False),
    "best features": SelectKBest(k=2),
    "best share of features": SelectPercentile(percentile=50),
    "features by false positives": SelectFpr(alpha=1e-3),
    "features by false discoveries": SelectFdr(alpha=1e-3),
    "features by family-wise error": SelectFwe(alpha=1e-3),
    "features by one test": GenericUnivariateSelect(mode="k_best", param=3),
    "features of a model": SelectFromModel(Ridge()),
    "features by elimination": RFE(Ridge(), n_features_to_select=2),
    "features by validated elimination": RFECV(Ridge(), min_features_to_select=2),
    "features one by one": SequentialFeatureSelector(Ridge(), n_features_to_select=2),
    "features that vary": VarianceThreshold(1.0),
    "power": PowerTransformer(),
    "power alone": PowerTransformer(standardize=False),
    "quantiles": QuantileTransformer(n_quantiles=50),
    "quantiles to normal": QuantileTransformer(n_quantiles=100, output_distribution="normal"),
    "length 1": Normalizer(),
    "sum 1": Normalizer("l1"),
    "largest 1": Normalizer("max"),
    "above a threshold": Binarizer(threshold=0.3),
    "bins": KBinsDiscretizer(4, encode="ordinal"),
    "bins, one-hot": KBinsDiscretizer(4, encode="onehot"),
    "bins, one-hot and dense": KBinsDiscretizer([2, 3, 4, 5, 6], encode="onehot-dense", strategy="uniform"),
    "square": FunctionTransformer(np.square),
    "negative": FunctionTransformer(np.negative),
    "union": FeatureUnion([("a", PCA(2)), ("b", SelectKBest(k=2)), ("c", "passthrough"), ("d", "drop")],
                          transformer_weights={"a": 2.0}),
}
ON_POSITIVE = {"box-cox": PowerTransformer(method="box-cox"), **{
    "function %s" % f.__name__: FunctionTransformer(f)
    for f in (np.log, np.log1p, np.log2, np.log10, np.expm1, np.sqrt, np.abs, np.reciprocal)}}
ON_GAPS = {
    "means for gaps": SimpleImputer(),
    "medians for gaps, and where": SimpleImputer(strategy="median", add_indicator=True),
    "constant for gaps": SimpleImputer(strategy="constant", fill_value=-7),
    "where gaps are": MissingIndicator(features="all"),
}
ON_CATEGORIES = {
    "one-hot": OneHotEncoder(**IGNORE),
    "one-hot without the first": OneHotEncoder(drop="first"),
    "one-hot without one of two": OneHotEncoder(drop="if_binary"),
    "one-hot, rare ones together": OneHotEncoder(min_frequency=30, **IGNORE),
    "one-hot, unknown as rare": OneHotEncoder(min_frequency=30, handle_unknown="infrequent_if_exist"),
    "one-hot, rare without the first": OneHotEncoder(max_categories=3, handle_unknown="infrequent_if_exist", drop="first"),
    "codes": OrdinalEncoder(encoded_missing_value=-5),
    "codes, unknown": OrdinalEncoder(encoded_missing_value=-5, handle_unknown="use_encoded_value", unknown_value=-9),
}
ON_MIXED = {
    "columns": ColumnTransformer([
        ("number", make_pipeline(SimpleImputer(add_indicator=True), StandardScaler()), [0, 5]), ("same", "passthrough", [2]),
        ("category", OneHotEncoder(**IGNORE), [6, 7]), ("none", "drop", [1, 8]), ("components", PCA(2), slice(2, 5))]),
    "columns by flags and from the end": make_column_transformer(
        (StandardScaler(), [True] * 5 + [False] * 4), (SimpleImputer(), [-1, -2])),
    "columns with a remainder": ColumnTransformer([("a", RobustScaler(), [0]), ("b", OneHotEncoder(**IGNORE), slice(5, 9))],
                                                  remainder=MaxAbsScaler(), transformer_weights={"b": 0.5}),
}


def _targets(name):
    return TARGET if "elimination" in name or "one by one" in name or "of a model" in name else CLASSES


def step_cases():
    """name: (unfitted estimator, X, y)"""
    tables = (ON_NUMBERS, NUMBERS), (ON_POSITIVE, POSITIVE), (ON_GAPS, GAPS), (ON_CATEGORIES, CATEGORIES_WITH_GAPS), (
        ON_MIXED, MIXED)
    cases = {name: (step, X, _targets(name)) for table, X in tables for name, step in table.items()}
    cases.update({
        "zeros as gaps": (SimpleImputer(missing_values=-1, strategy="most_frequent", add_indicator=True), CATEGORIES, CLASSES),
        "where gaps are, without the others": (MissingIndicator(), CATEGORIES_WITH_GAPS[:, [0, 2]], CLASSES),
        "one-hot without given ones": (OneHotEncoder(drop=[1, 11, 2.5, 9]), CATEGORIES, CLASSES),
        "gaussian bayes": (GaussianNB(), NUMBERS, CLASSES),
        "quadratic discriminants": (QuadraticDiscriminantAnalysis(), NUMBERS, CLASSES),
        "bernoulli bayes": (BernoulliNB(binarize=0.5), NUMBERS, CLASSES),
        "bernoulli bayes of bits": (BernoulliNB(binarize=None), (NUMBERS > 0).astype(float), CLASSES),
        "categorical bayes": (CategoricalNB(), CATEGORIES[:, [0, 3]], CLASSES),
    })
    return cases


def models_behind(step):
    """Pipelines with the step, a linear model and a tree."""
    from sklearn.tree import DecisionTreeClassifier

    return [make_pipeline(step, LogisticRegression(max_iter=300)),
            make_pipeline(step, DecisionTreeClassifier(max_depth=5, random_state=0))]
