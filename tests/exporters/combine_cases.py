"""Estimators around others that become combinations of members, each with the data it was trained on: small whole features,
so that scores of trees are equal often, and classes of any kind of label."""

import functools
import warnings

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from sklearn.ensemble import (AdaBoostClassifier, BaggingClassifier, BaggingRegressor, GradientBoostingClassifier,
                              GradientBoostingRegressor, HistGradientBoostingClassifier, RandomForestClassifier,
                              StackingClassifier, StackingRegressor, VotingClassifier, VotingRegressor)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, RidgeClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier, OutputCodeClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier, MultiOutputRegressor, RegressorChain
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

GENERATOR = np.random.default_rng(5)
ROWS = np.round(GENERATOR.normal(size=(160, 4)) * [2, 3, 1, 4])
TARGET = ROWS[:, 0] + np.abs(ROWS[:, 1]) - ROWS[:, 2] * ROWS[:, 0] / 4 + GENERATOR.normal(size=160)
CLASSES = np.digitize(TARGET, np.quantile(TARGET, [0.3, 0.7]))
NAMES = np.array(["low", "middle", "high"])[CLASSES]
NUMBERS = np.array([7, -2, 3])[CLASSES]
FIVE = np.digitize(TARGET, np.quantile(TARGET, [0.2, 0.4, 0.6, 0.8])) * 10
TWO = np.where(TARGET > np.median(TARGET), "yes", "no")
PAIR = np.column_stack([CLASSES > 0, ROWS[:, 1] > 0]).astype(int)
MIXED = np.column_stack([CLASSES, ROWS[:, 1] > 0]).astype(int)
LABELS = np.column_stack([PAIR, np.zeros(160), np.ones(160)]).astype(int)  # the last two never and always
GAPS = np.where(GENERATOR.random(ROWS.shape) < 0.1, np.nan, ROWS)
PLANE = np.column_stack([TARGET, TARGET**2 / 8 + 1, ROWS[:, 3] - TARGET])

TREE = DecisionTreeClassifier(max_depth=3, random_state=0)
FOREST = RandomForestClassifier(4, max_depth=3, random_state=0)
STAGES = GradientBoostingClassifier(n_estimators=3, random_state=0)
LINE = LogisticRegression(max_iter=300)
SCORE = RidgeClassifier()
BAYES = GaussianNB()
CURVE = make_pipeline(StandardScaler(), PolynomialFeatures(2), LogisticRegression(max_iter=300))
NUMBER = DecisionTreeRegressor(max_depth=3, random_state=0)
CURVES = make_pipeline(PolynomialFeatures(2), Ridge())


class Lacking:
    """Folds that have not seen the first or the last class."""

    def __init__(self, of):
        self.of = of

    def split(self, X, y, groups=None):
        places = np.arange(len(X))
        yield places[self.of != self.of.max()][::2], places[1::2]
        yield places[::2], places[1::2]
        yield places[self.of != self.of.min()][::2], places[1::2]

    def get_n_splits(self, *_):
        return 3


def named(*members):
    return [("m%d" % index, member) for index, member in enumerate(members)]


def calibrations():
    for method in ("sigmoid", "isotonic"):
        for name, member in (("trees", FOREST), ("stages", STAGES), ("bayes", BAYES), ("scores", SCORE), ("curves", CURVE),
                             ("votes of trees", AdaBoostClassifier(n_estimators=3, random_state=0)),
                             ("quadratic", QuadraticDiscriminantAnalysis())):
            yield f"{method} of {name}", CalibratedClassifierCV(member, method=method, cv=2), ROWS, NAMES
            yield f"{method} of {name}, two", CalibratedClassifierCV(member, method=method, cv=2), ROWS, TWO
        yield f"{method}, one", CalibratedClassifierCV(TREE, method=method, cv=2, ensemble=False), ROWS, NUMBERS
        yield f"{method}, two as one", CalibratedClassifierCV(STAGES, method=method, cv=2, ensemble=False), ROWS, TWO
        for name, member in (("tree", TREE), ("line", LINE), ("stages", STAGES)):
            lacking = CalibratedClassifierCV(member, method=method, cv=Lacking(NUMBERS))
            yield f"{method} of a {name}, classes lack", lacking, ROWS, NUMBERS
        network = MLPClassifier((4,), max_iter=40, random_state=0)
        lacking = CalibratedClassifierCV(network, method=method, cv=Lacking(FIVE))
        yield f"{method} of a network, classes lack", lacking, ROWS, FIVE
        yield f"{method}, one feature", CalibratedClassifierCV(TREE, method=method, cv=2), ROWS[:, [1]], TWO
    yield "sigmoids of lines", CalibratedClassifierCV(LinearSVC(random_state=0), cv=2), ROWS, TWO


def votes():
    for voting in ("soft", "hard"):
        for name, y in (("names", NAMES), ("numbers", NUMBERS), ("two", TWO)):
            yield f"{voting} votes, {name}", VotingClassifier(named(TREE, LINE, BAYES), voting=voting), ROWS, y
            yield (f"{voting} votes with weights, {name}",
                   VotingClassifier(named(TREE, CURVE, STAGES, FOREST), voting=voting, weights=[1, 0, 0.5, 0.5]), ROWS, y)
    trees = VotingClassifier(named(TREE, FOREST, STAGES, HistGradientBoostingClassifier(max_iter=3)))
    yield "hard votes of trees", trees, ROWS, FIVE
    inner = VotingClassifier(named(TREE, LINE), voting="soft")
    yield "votes in votes", VotingClassifier(named(inner, CalibratedClassifierCV(STAGES, cv=2)), voting="soft"), ROWS, NAMES
    yield "average", VotingRegressor(named(NUMBER, LinearRegression(), CURVES), weights=[1, 0, 2]), ROWS, TARGET
    for name, member in (("scores", SCORE), ("lines", LINE), ("curves", CURVE), ("stages", STAGES), ("votes", inner)):
        yield f"bagging of {name}", BaggingClassifier(member, n_estimators=3, max_features=0.7, random_state=0), ROWS, NAMES
    few = BaggingClassifier(MLPClassifier((4,), max_iter=40, random_state=0), n_estimators=4, max_samples=6, random_state=1)
    yield "bagging, classes lack", few, ROWS, NUMBERS
    yield "bagging of curves of numbers", BaggingRegressor(CURVES, n_estimators=3, max_features=0.7, random_state=0), ROWS, TARGET


def stacks():
    for passthrough in (False, True):
        more = {"cv": 2, "passthrough": passthrough}
        for name, y in (("names", NAMES), ("two", TWO)):
            ending = f", {name}" + (", passed through" if passthrough else "")
            yield "stack" + ending, StackingClassifier(named(TREE, LINE, SCORE, CURVE), **more), ROWS, y
            yield "stack of probabilities" + ending, StackingClassifier(
                named(FOREST, STAGES, BAYES), TREE, stack_method="predict_proba", **more), ROWS, y
            yield "stack of scores" + ending, StackingClassifier(
                named(STAGES, LINE, SCORE), make_pipeline(StandardScaler(), SCORE), stack_method="decision_function", **more), ROWS, y
            yield "stack of decisions" + ending, StackingClassifier(
                named(TREE, SCORE, BAYES), STAGES, stack_method="predict", **more), ROWS, y
        yield f"stack of numbers, {passthrough}", StackingRegressor(named(NUMBER, Ridge(), CURVES), **more), ROWS, TARGET
        yield (f"stack of numbers under stages, {passthrough}",
               StackingRegressor(named(NUMBER, Ridge()), GradientBoostingRegressor(n_estimators=3), **more), ROWS, TARGET)
    fitted = [member.fit(ROWS, NUMBERS) for member in (DecisionTreeClassifier(max_depth=2), RidgeClassifier(), GaussianNB())]
    if "prefit" in str(StackingClassifier._parameter_constraints["cv"]):
        yield "stack of labels", StackingClassifier(named(*fitted), cv="prefit", stack_method="predict"), ROWS, NUMBERS
    inner = StackingClassifier(named(TREE, LINE), cv=2, final_estimator=LogisticRegression())
    yield "stack calibrated", CalibratedClassifierCV(inner, cv=2), ROWS, NAMES


def several_classifiers():
    for name, member in (("trees", TREE), ("forests", FOREST), ("stages", STAGES), ("bayes", BAYES), ("curves", CURVE), ("lines", LINE)):
        yield f"one against the rest, {name}", OneVsRestClassifier(member), ROWS, NAMES
        yield f"one against one, {name}", OneVsOneClassifier(member), ROWS, FIVE
        yield f"one against one, {name} of two", OneVsOneClassifier(member), ROWS, TWO
        yield f"codes, {name}", OutputCodeClassifier(member, code_size=2, random_state=0), ROWS, FIVE
        yield f"labels, {name}", OneVsRestClassifier(member), ROWS, LABELS
        yield f"targets, {name}", MultiOutputClassifier(member), ROWS, MIXED
        yield f"chain, {name}", ClassifierChain(member, order=[1, 0]), ROWS, PAIR * 2 + 1
    yield "one against the rest, support vectors", OneVsRestClassifier(make_pipeline(
        PolynomialFeatures(2), StandardScaler(), SVC(kernel="linear"))), ROWS, NUMBERS
    yield "chain of scores", ClassifierChain(SCORE), ROWS, PAIR
    yield "targets of numbers", MultiOutputRegressor(CURVES), ROWS, PLANE
    yield "chain of trees", RegressorChain(NUMBER, order=[2, 0, 1]), ROWS, PLANE
    average = VotingRegressor(named(NUMBER, CURVES))
    yield "scaled target of an average", TransformedTargetRegressor(average, transformer=StandardScaler()), ROWS, TARGET
    stack = StackingRegressor(named(NUMBER, Ridge()), GradientBoostingRegressor(n_estimators=3), cv=2)
    yield "scaled target of a stack", TransformedTargetRegressor(stack, transformer=StandardScaler()), ROWS, TARGET
    yield ("logarithm of the target of an average", TransformedTargetRegressor(average, func=np.log, inverse_func=np.exp), ROWS,
           np.exp(TARGET / 8))
    for name, member in (("one against the rest", OneVsRestClassifier(CURVE)), ("one against one", OneVsOneClassifier(TREE)),
                         ("codes", OutputCodeClassifier(BAYES, code_size=2, random_state=0)),
                         ("hard votes", VotingClassifier(named(TREE, BAYES, CURVE)))):
        yield f"behind steps: {name}", make_pipeline(StandardScaler(), "passthrough", member), ROWS, NAMES
    yield "behind steps: chain", make_pipeline(StandardScaler(), ClassifierChain(TREE)), ROWS, PAIR
    yield "behind steps: targets", make_pipeline(StandardScaler(), MultiOutputClassifier(BAYES)), ROWS, PAIR
    search = GridSearchCV(OneVsRestClassifier(BAYES), {"estimator__var_smoothing": [1e-9, 1e-3]}, cv=2)
    yield "found by search", search, ROWS, NAMES
    yield "votes behind steps", make_pipeline(StandardScaler(), VotingClassifier(named(TREE, CURVE), voting="soft")), ROWS, NAMES


def gaps():
    filled = make_pipeline(SimpleImputer(add_indicator=True), LINE)
    trees = HistGradientBoostingClassifier(max_iter=3, random_state=0)
    yield "votes on gaps", VotingClassifier(named(filled, trees), voting="soft"), GAPS, NAMES
    yield "stack on gaps", StackingClassifier(named(filled, trees), cv=2), GAPS, TWO
    yield "calibration on gaps", CalibratedClassifierCV(trees, method="isotonic", cv=2), GAPS, NUMBERS


COMBINATIONS = {name: row for rows in (calibrations, votes, stacks, several_classifiers, gaps) for name, *row in rows()}


@functools.lru_cache(maxsize=None)
def fitted(name):
    estimator, X, y = COMBINATIONS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return estimator.fit(X, y), X
