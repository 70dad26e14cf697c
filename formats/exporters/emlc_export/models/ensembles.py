"""Ensembles of scikit-learn that can be made of anything, here of trees: bagging and AdaBoost."""

import math
from functools import partial

from ..outputs import Exported, class_labels, classification, exact, regression, transcendental
from ..values import EPSILON
from .trees import class_rows, takes_missing_values, tree_ensemble, tree_lists


def _inner_trees(estimator, kind):
    """The members of an ensemble that can be made of anything, each with its columns; all have to be trees."""
    columns = getattr(estimator, "estimators_features_", None)
    members = list(estimator.estimators_)
    for member in members:
        if type(member).__name__ not in ("DecisionTree" + kind, "ExtraTree" + kind):
            raise ValueError("a %s of a %s cannot be exported, only of trees"
                             % (type(estimator).__name__, type(member).__name__))
    takes_missing = takes_missing_values(members[0], members[0].tree_)
    for index, member in enumerate(members):
        own = None if columns is None else columns[index].tolist()
        yield member, partial(tree_lists, member.tree_, columns=own, takes_missing=takes_missing)


def bagging_classifier(estimator):
    """Each member knows the classes that its sample had, as indices."""
    n_classes, trees = len(estimator.classes_), []
    for member, tree in _inner_trees(estimator, "Classifier"):
        places = [int(label) for label in member.classes_.tolist()]
        rows = []
        for shares in class_rows(member.tree_, [len(places)]):
            row = [0.0] * n_classes
            for place, share in zip(places, shares):
                row[place] = share
            rows.append(row)
        trees.append(tree(rows))
    output = classification(class_labels(estimator))
    return Exported(tree_ensemble(trees, "vector", "mean"), output, "predict_proba", exact)


def bagging_regressor(estimator):
    trees = [tree(member.tree_.value[:, 0, 0].tolist()) for member, tree in _inner_trees(estimator, "Regressor")]
    return Exported(tree_ensemble(trees, "scalar", "mean"), regression(1), "predict", exact)


def ada_boost_classifier(estimator):
    """Votes with the weights of their trees (SAMME), or logarithms of class proportions (SAMME.R, up to 1.5)."""
    classes = estimator.classes_.tolist()
    weights = estimator.estimator_weights_.tolist()
    is_real = getattr(estimator, "algorithm", None) == "SAMME.R"
    other = 0.0 if is_real else _share_of_other_classes(estimator)
    trees = []
    for weight, (member, tree) in zip(weights, _inner_trees(estimator, "Classifier")):
        if member.classes_.tolist() != classes:
            raise ValueError("a tree of the AdaBoostClassifier does not know all classes")
        rows = class_rows(member.tree_, [len(classes)])
        rows = [_log_shares(row) if is_real else _weighted_vote(row, weight, other) for row in rows]
        trees.append(tree(rows if len(classes) > 2 else [row[1] - row[0] for row in rows]))
    scale = 1.0 / (sum(weights) * (len(classes) - 1))
    if len(classes) > 2:
        link, output = {"name": "softmax", "scale": scale}, classification([classes])
    else:
        link, output = {"name": "sigmoid", "scale": scale}, classification([classes], rule="greater", threshold=0.5)
    leaf = "vector" if len(classes) > 2 else "scalar"
    model = tree_ensemble(trees, leaf, "sum", post_transform=link)
    return Exported(model, output, "predict_proba", transcendental, score=1.0 / sum(weights))


def _weighted_vote(shares, weight, other):
    largest = shares.index(max(shares))
    return [weight if place == largest else other * weight for place in range(len(shares))]


def _log_shares(shares):
    logs = [math.log(max(share, EPSILON)) for share in shares]
    return [(len(logs) - 1) * (log - sum(logs) / len(logs)) for log in logs]


def _share_of_other_classes(estimator):
    """What a vote of weight 1 adds to the classes that it is not for: nothing in old versions, -1 / (n - 1) in newer."""
    n = len(estimator.classes_)
    row = [[0.0] * estimator.n_features_in_]
    votes = [0.0] * n
    for member, weight in zip(estimator.estimators_, estimator.estimator_weights_.tolist()):
        votes[estimator.classes_.tolist().index(member.predict(row).tolist()[0])] += weight
    answer = estimator.decision_function(row).tolist()[0]
    found = [answer] if n == 2 else answer
    total = sum(votes)
    plain = [vote / total for vote in votes]
    expected = [plain[1] - plain[0]] if n == 2 else plain
    is_plain = all(abs(a - b) <= 1e-9 for a, b in zip(found, expected))  # the other rule is off by 1 / n at least
    return 0.0 if is_plain else -1.0 / (n - 1)
