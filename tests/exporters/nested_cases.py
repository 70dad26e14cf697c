"""Every estimator that takes decisions or outputs of others, around every kind of estimator that is made of others itself."""

import warnings

import numpy as np
from combine_cases import BAYES, CLASSES, LINE, MIXED, NUMBERS, PAIR, ROWS, STAGES, TREE, named
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import BaggingClassifier, StackingClassifier, VotingClassifier
from sklearn.linear_model import Perceptron
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier, OutputCodeClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

STUMP = DecisionTreeClassifier(max_depth=1, random_state=0)  # of one against the rest it says the same often

MEMBERS = {
    "one against the rest of trees": OneVsRestClassifier(STUMP),
    "one against the rest of stages": OneVsRestClassifier(STAGES),
    "one against the rest of lines": OneVsRestClassifier(LINE),
    "one against the rest behind steps": make_pipeline(StandardScaler(), OneVsRestClassifier(TREE)),
    "one against one of trees": OneVsOneClassifier(TREE),
    "one against one of lines": OneVsOneClassifier(LINE),
    "codes": OutputCodeClassifier(TREE, code_size=2, random_state=0),
    "hard votes": VotingClassifier(named(TREE, LINE, STUMP)),
    "soft votes": VotingClassifier(named(STUMP, LINE), voting="soft"),
    "stack": StackingClassifier(named(TREE, BAYES), cv=2),
    "stack under one against the rest": StackingClassifier(named(BAYES), OneVsRestClassifier(STUMP), cv=2),
    "calibrated": CalibratedClassifierCV(TREE, cv=2),
    "bagging": BaggingClassifier(LINE, n_estimators=2, max_features=0.7, random_state=0),
    "bagging of what has no probabilities": BaggingClassifier(Perceptron(random_state=0), n_estimators=3, random_state=0),
}

# Each with its targets; labels that are not the places of classes, where those are of numbers.
TAKERS = {
    "alone": (lambda member: member, NUMBERS),
    "hard votes": (lambda member: VotingClassifier(named(member, TREE, BAYES), weights=[2, 1, 0.5]), NUMBERS),
    "soft votes": (lambda member: VotingClassifier(named(member, TREE), voting="soft"), NUMBERS),
    **{f"stack of {method}": (lambda member, method=method: StackingClassifier(
        named(member), TREE, stack_method=method, cv=2), NUMBERS)
       for method in ("predict", "predict_proba", "decision_function")},
    "stack under": (lambda member: StackingClassifier(named(BAYES, TREE), member, cv=2), NUMBERS),
    "stack with features under": (lambda member: StackingClassifier(named(BAYES), member, cv=2, passthrough=True), NUMBERS),
    "chain": (ClassifierChain, PAIR * 2 + 1),
    "bagging": (lambda member: BaggingClassifier(member, n_estimators=3, random_state=0), NUMBERS),
    "one against the rest": (OneVsRestClassifier, NUMBERS),
    "one against one": (OneVsOneClassifier, NUMBERS),
    "codes": (lambda member: OutputCodeClassifier(member, code_size=2, random_state=0), NUMBERS),
    "calibration": (lambda member: CalibratedClassifierCV(member, cv=2), NUMBERS),
    "targets": (MultiOutputClassifier, np.column_stack([NUMBERS, CLASSES[::-1]])),
    "targets of two classes": (MultiOutputClassifier, PAIR * 2 + 1),
    "targets of two and of more": (MultiOutputClassifier, MIXED),
    "search": (lambda member: GridSearchCV(VotingClassifier(named(member, TREE, BAYES)), {"voting": ["hard"]}, cv=2), NUMBERS),
}
for name in ("stack", "stack under one against the rest"):  # version 1.2 knows the methods of one that is fitted
    MEMBERS[name].fit(ROWS, NUMBERS)
NESTED = {(taker, member): (make(inner), y) for taker, (make, y) in TAKERS.items() for member, inner in MEMBERS.items()}


def trained(taker, member):
    """(estimator, its rows, others); None where scikit-learn cannot train or ask it."""
    estimator, y = NESTED[taker, member]
    rows, fresh = ROWS[::2], ROWS[1::4]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            estimator.fit(rows, y[::2]).predict(fresh)
        except (AttributeError, NotImplementedError, TypeError, ValueError):
            return None
    return estimator, rows, fresh
