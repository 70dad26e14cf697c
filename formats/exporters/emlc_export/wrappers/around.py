"""Estimators of scikit-learn around others: those that hold a fitted one, and those that average or count several.

Each function is called with convert(front, estimator), which gives a Layer or an Exported."""

from functools import partial

from ..outputs import class_labels, classification, regression
from ..values import listed
from .combine import Member, combined, of_classes
from .members import averaged, not_supported
from .merged_trees import averaged_trees
from .parts import layers_of, part_of, plain


def best_estimator(convert, front, estimator):
    if not hasattr(estimator, "best_estimator_"):
        raise ValueError("the %s has no best_estimator_: fit it, with refit=True" % type(estimator).__name__)
    return convert(front, estimator.best_estimator_)


def inner_estimator(convert, front, estimator):
    """SelfTrainingClassifier, RANSACRegressor: the fitted one inside. A FrozenEstimator has all attributes of its own."""
    names = ("estimator",) if type(estimator).__name__ == "FrozenEstimator" else ("estimator_", "base_estimator_")
    name = next((name for name in names if hasattr(estimator, name)), None)
    if name is None:
        raise ValueError("the %s is not fitted" % type(estimator).__name__)
    return convert(front, getattr(estimator, name))


def _weights(estimator):
    """One for each member that was not dropped; None where all are the same."""
    if estimator.weights is None:
        return None
    members = [member for _, member in estimator.estimators]
    return [float(weight) for member, weight in zip(members, listed(estimator.weights))
            if not (isinstance(member, str) and member == "drop")]


def voting(convert, front, estimator):
    weights = _weights(estimator)
    members = list(estimator.estimators_)
    if getattr(estimator, "voting", "soft") == "hard":
        parts = [part_of(convert, estimator, member, front.width) for member in members]
        return _votes(estimator, parts, weights, partial(_counted, weights or [1.0] * len(parts)))
    is_classifier = hasattr(estimator, "classes_")
    method = "predict_proba" if is_classifier else None
    parts = [part_of(convert, estimator, member, front.width, method) for member in members]
    shares = [weight / sum(weights) for weight in weights] if weights else [1.0 / len(parts)] * len(parts)
    layers, documents = layers_of(parts), plain(parts)
    result = averaged(estimator, layers, shares) if layers else None
    result = result or (averaged_trees(documents, shares) if documents else None)
    if result is not None:
        return _with_classes(estimator, result)
    places = [list(range(len(estimator.classes_)))] * len(parts) if is_classifier else None
    return _mean(estimator, parts, places, weights)


def _with_classes(estimator, result):
    """Members know the classes as indices."""
    if result.output["task"] != "classification":
        return result
    targets = [{**target, "class_names": labels} for target, labels in zip(result.output["targets"], class_labels(estimator))]
    return result._replace(output={**result.output, "targets": targets})


def _mean(estimator, parts, places, weights=None):
    """The mean of probabilities, of which each member knows those of the classes at its places; or of numbers."""
    weights = weights or [1.0] * len(parts)
    if places is None:
        n_outputs = {part.result.output["n_outputs"] for part in parts}
        if len(n_outputs) > 1:
            raise not_supported(estimator, "whose members have different numbers of outputs")
        members = [Member(part, weight=weight) for part, weight in zip(parts, weights)]
        return combined(estimator, "mean", members, regression(n_outputs.pop()), "predict")
    classes = class_labels(estimator)
    n_classes, is_whole = len(classes[0]), all(len(of) == len(classes[0]) for of in places)
    is_pair = n_classes == 2 and is_whole and any(part.result.output["n_outputs"] == 1 for part in parts)
    members = [of_classes(part, of, n_classes, is_pair)._replace(weight=weight)
               for part, of, weight in zip(parts, places, weights)]
    output = classification(classes, rule="greater", threshold=0.5) if is_pair else classification(classes)
    return combined(estimator, "mean", members, output, "predict_proba")


def _votes(estimator, parts, weights, answer):
    output = classification(class_labels(estimator))
    members = [Member(part, weight=weight) for part, weight in zip(parts, weights or [1.0] * len(parts))]
    return combined(estimator, "votes", members, output, answer)


def _counted(weights, estimator, rows):
    """The share of votes of each class; predict() of the members gives their places."""
    import numpy as np

    votes = []
    for row in zip(*(listed(member.predict(rows)) for member in estimator.estimators_)):
        shares = [0.0] * len(estimator.classes_)
        for label, weight in zip(row, weights):
            shares[label] += weight
        votes.append([share / sum(weights) for share in shares])
    return np.array(votes)


def bagging(of_trees):
    """Bagging*: of trees as it always was, else of layers, else of anything."""
    def convert_bagging(convert, front, estimator):
        if all(hasattr(member, "tree_") for member in estimator.estimators_):
            return of_trees(estimator)
        columns = [of.tolist() for of in estimator.estimators_features_]
        is_classifier = hasattr(estimator, "classes_")
        is_soft = is_classifier and hasattr(estimator.estimators_[0], "predict_proba")
        method = "predict_proba" if is_soft else None
        parts = [part_of(convert, estimator, member, front.width, method, of)
                 for member, of in zip(estimator.estimators_, columns)]
        places = [listed(member.classes_) for member in estimator.estimators_] if is_classifier else None
        is_whole = not is_classifier or all(len(of) == len(estimator.classes_) for of in places)
        layers = layers_of(parts)
        result = averaged(estimator, layers, [1.0 / len(parts)] * len(parts)) if layers and is_whole else None
        if result is not None:
            return result
        if not is_classifier or is_soft:
            return _mean(estimator, parts, places)
        if not is_whole:
            raise ValueError("a member of the %s does not know all classes, and has no probabilities: train it with larger "
                             "samples" % type(estimator).__name__)
        return _votes(estimator, parts, None, "predict_proba")

    return convert_bagging
