"""Pipelines of one to four steps at random, on a table of numbers and categories in which values may be missing."""

import warnings

import numpy as np
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (BaggingClassifier, ExtraTreesClassifier, GradientBoostingRegressor,
                              HistGradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor,
                              StackingClassifier, StackingRegressor, VotingClassifier, VotingRegressor)
from sklearn.feature_selection import SelectKBest, VarianceThreshold
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, RidgeClassifier, SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import (Binarizer, FunctionTransformer, KBinsDiscretizer, MaxAbsScaler, MinMaxScaler, Normalizer,
                                   OneHotEncoder, OrdinalEncoder, PolynomialFeatures, PowerTransformer, QuantileTransformer,
                                   RobustScaler, StandardScaler)
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from zoo_subjects import N_FRESH, N_ROWS, Subject

N_NUMBERS, N_CATEGORIES = 4, 2
COLUMNS = N_NUMBERS + N_CATEGORIES


def table(generator, n, share_of_gaps):
    numbers = generator.normal(size=(n, N_NUMBERS)) * [1.0, 10.0, 0.5, 4.0] + [0.0, 5.0, 1.0, -3.0]
    # Of few values, quantiles and edges of bins lie on many rows.
    coarse = generator.random(N_NUMBERS) < 0.4
    unit = generator.choice([0.1, 0.5, 1.0, 3.7], N_NUMBERS)
    numbers = np.where(coarse, np.round(numbers / unit) * unit, numbers)
    categories = generator.integers(0, [4, 7], (n, N_CATEGORIES)) + [0, 10]
    X = np.hstack([numbers, categories]).astype(np.float32).astype(float)
    return np.where(generator.random(X.shape) < share_of_gaps, np.nan, X)


def first_steps(pick, has_gaps):
    """What stands at the begin: it knows the columns, and fills the gaps."""
    imputer = SimpleImputer(strategy=pick(["mean", "median", "most_frequent"]), add_indicator=pick([False, True]))
    encoder = OneHotEncoder(handle_unknown="ignore", drop=pick([None, "if_binary"]), min_frequency=pick([None, 15]))
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2)
    numbers = pick([StandardScaler(), PowerTransformer(), QuantileTransformer(n_quantiles=40), RobustScaler(), "passthrough",
                    KBinsDiscretizer(5, encode="onehot-dense", strategy=pick(["uniform", "quantile"])), PolynomialFeatures(2, include_bias=False)])
    if has_gaps:
        numbers = imputer if isinstance(numbers, str) else make_pipeline(imputer, numbers)
    places = [*range(N_NUMBERS)]
    some = sorted(pick.generator.choice(N_NUMBERS, 2, replace=False).tolist())
    others = [column for column in places if column not in some]
    rest = clone(imputer) if has_gaps else pick(["drop", "passthrough", MaxAbsScaler()])
    return pick([
        imputer,
        ColumnTransformer([("numbers", numbers, places), ("categories", pick([encoder, codes]), slice(N_NUMBERS, COLUMNS))]),
        ColumnTransformer([("categories", encoder, [N_NUMBERS, -1]), ("some", numbers, some)], remainder=rest),
        ColumnTransformer([("some", numbers, some), ("none", "drop", [N_NUMBERS]), ("others", rest, others)]),
    ])


def middle_steps(pick):
    """What takes any numbers, and gives some."""
    union = FeatureUnion([("components", PCA(2)), ("same", pick(["passthrough", MinMaxScaler()]))],
                         transformer_weights=pick([None, {"components": 0.5}]))
    return [StandardScaler(), MinMaxScaler(clip=True), RobustScaler(), PCA(pick([1, 2, 3]), whiten=pick([False, True])),
            TruncatedSVD(2), SelectKBest(k=pick([1, 2, 3])), VarianceThreshold(0.01), Normalizer(pick(["l1", "l2", "max"])),
            PowerTransformer(standardize=pick([False, True])), QuantileTransformer(
                n_quantiles=pick([5, 60]), output_distribution=pick(["uniform", "normal"])), Binarizer(threshold=0.5),
            KBinsDiscretizer(3, encode=pick(["ordinal", "onehot-dense"]), strategy=pick(["uniform", "quantile", "kmeans"])),
            FunctionTransformer(pick([np.square, np.abs, None])), PolynomialFeatures(2, interaction_only=True), "passthrough",
            Pipeline([("inner", StandardScaler())]), union]


def classifiers(pick):
    return [LogisticRegression(max_iter=300), make_pipeline(StandardScaler(), SGDClassifier(random_state=0)), RidgeClassifier(),
            DecisionTreeClassifier(max_depth=6), RandomForestClassifier(5, max_depth=5), LinearDiscriminantAnalysis(),
            HistGradientBoostingClassifier(max_iter=4), MLPClassifier((5,), max_iter=60), GaussianNB(),
            GridSearchCV(DecisionTreeClassifier(), {"max_depth": [2, 4]}, cv=2), VotingClassifier(
                [("a", RandomForestClassifier(3)), ("b", ExtraTreesClassifier(4))], voting="soft"), *around(pick),
            SVC(kernel="linear")]


def around(pick):
    """Classifiers around others, which become combinations."""
    line, tree, curve = LogisticRegression(max_iter=300), DecisionTreeClassifier(max_depth=4), make_pipeline(
        StandardScaler(), PolynomialFeatures(2), LogisticRegression(max_iter=300))
    some = [line, tree, RandomForestClassifier(4, max_depth=4), GaussianNB(), HistGradientBoostingClassifier(max_iter=3)]
    pair = [("a", pick(some)), ("b", pick(some)), ("c", curve)]
    return [VotingClassifier(pair, voting=pick(["soft", "hard"])),
            StackingClassifier(pair, cv=2, passthrough=pick([False, True])),
            CalibratedClassifierCV(pick(some), method=pick(["sigmoid", "isotonic"]), cv=2),
            OneVsRestClassifier(pick([curve, tree])),
            BaggingClassifier(curve, n_estimators=2, random_state=0), OneVsOneClassifier(pick(some)),
            VotingClassifier([("a", CalibratedClassifierCV(tree, cv=2)), ("b", pick(some))], voting="soft")]


def regressors(pick):
    pair = [("a", DecisionTreeRegressor(max_depth=4)), ("b", make_pipeline(PolynomialFeatures(2), Ridge()))]
    return [Ridge(), LinearRegression(), DecisionTreeRegressor(max_depth=5), RandomForestRegressor(4, max_depth=5),
            GradientBoostingRegressor(n_estimators=5), SVR(kernel="linear"),
            TransformedTargetRegressor(Ridge(), transformer=StandardScaler()), VotingRegressor(pair),
            TransformedTargetRegressor(VotingRegressor(pair), transformer=StandardScaler()),
            StackingRegressor(pair, cv=2, passthrough=pick([False, True]))]


def pipeline(pick):
    """A Subject. What scikit-learn refuses to fit, components of a single column for example, is drawn again, and what
    takes more memory than there is (products of all bins of all columns)."""
    while True:
        try:
            return _fitted(pick)
        except (ValueError, MemoryError):
            continue


def _fitted(pick):
    generator = pick.generator
    share = pick([0.0, 0.1])
    X, fresh = table(generator, N_ROWS, share), table(generator, N_FRESH, share)
    signal = np.nan_to_num(X[:, 0] + X[:, 1] / 5 - X[:, 3] / 4) + (X[:, 4] % 2 == 1) + generator.normal(size=N_ROWS) * 0.2
    end = pick(["classes", "two classes", "numbers", "steps"])
    shares = [0.5] if end == "two classes" else [0.3, 0.7]
    y = signal if end == "numbers" else np.searchsorted(np.quantile(signal, shares), signal)
    models = classifiers(pick)[:-1] if end == "classes" else classifiers(pick)
    last = {"numbers": regressors(pick), "steps": [None]}.get(end, models)
    steps = [first_steps(pick, share > 0)]
    steps += [pick(middle_steps(pick)) for _ in range(generator.integers(0, 4))]
    model = pick(last)
    made = Pipeline([(f"s{index}", step) for index, step in enumerate([*steps, *([] if model is None else [model])])])
    np.random.seed(generator.integers(2**31))  # of estimators without a random_state
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made.fit(X, y)
    return Subject(made, X, np.vstack([X, fresh]), generator)
