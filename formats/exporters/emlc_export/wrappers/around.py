"""Estimators of scikit-learn around others: those that hold a fitted one, and those that average or join several.

Each function is called with convert(front, estimator), which gives a Layer or an Exported."""

from ..models.layers import Layer, exported_layer
from ..outputs import class_labels, named_targets, regression
from ..steps.front import Front
from ..values import listed
from .members import (answers_of_members, averaged, bagged, chained, folded, is_affine, not_supported, one_vs_rest,
                      several_targets)
from .merged_trees import averaged_trees, joined_outputs, second_class, several_trees


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


def _converted(convert, estimator, members, width_of):
    """(layers or None, documents or None) of members that stand alone: all of one form."""
    found = []
    for member in members:
        front = Front(width_of(member))
        try:
            result = convert(front, member)
        except ValueError as problem:
            raise ValueError("in a %s: %s" % (type(estimator).__name__, problem)) from None
        if isinstance(result, Layer) and is_affine(front):
            found.append(folded(front, result))
        elif front.steps:
            raise not_supported(estimator, "whose members have steps of their own")
        else:
            found.append(result)
    layers = found if all(isinstance(result, Layer) for result in found) else None
    documents = [exported_layer(part) if isinstance(part, Layer) else part for part in found]
    return layers, documents


def _features(estimator):
    return lambda member: estimator.n_features_in_


def _shares(estimator, members):
    weights = estimator.weights
    if weights is None:
        return [1.0 / len(members)] * len(members)
    given = [name for name, member in estimator.estimators if not (isinstance(member, str) and member == "drop")]
    kept = [float(weight) for (name, member), weight in zip(estimator.estimators, listed(weights)) if name in given]
    return [weight / sum(kept) for weight in kept]


def voting(convert, front, estimator):
    if getattr(estimator, "voting", "soft") == "hard":
        raise not_supported(estimator, "with voting='hard'")
    members = list(estimator.estimators_)
    layers, documents = _converted(convert, estimator, members, _features(estimator))
    shares = _shares(estimator, members)
    result = averaged(estimator, layers, shares) if layers else None
    result = result or averaged_trees(documents, shares)
    if result is None:
        raise not_supported(estimator, "of %s" % ", ".join(sorted({type(member).__name__ for member in members})))
    if result.output["task"] != "classification":
        return result
    classes = class_labels(estimator)  # the members know them as indices
    targets = [{**target, "class_names": labels} for target, labels in zip(result.output["targets"], classes)]
    return result._replace(output={**result.output, "targets": targets})


def bagging(of_trees):
    """Bagging*: of trees as it always was, else of layers."""
    def convert_bagging(convert, front, estimator):
        if all(hasattr(member, "tree_") for member in estimator.estimators_):
            return of_trees(estimator)
        widths = iter([len(columns) for columns in estimator.estimators_features_])
        layers, _ = _converted(convert, estimator, estimator.estimators_, lambda member: next(widths))
        if layers is None:
            raise not_supported(estimator, "of a %s" % type(estimator.estimators_[0]).__name__)
        if hasattr(estimator, "classes_") and any(len(member.classes_) != len(estimator.classes_)
                                                  for member in estimator.estimators_):
            raise ValueError("a member of the %s does not know all classes" % type(estimator).__name__)
        return bagged(estimator, layers)

    return convert_bagging


def one_against_rest(convert, front, estimator):
    for member in estimator.estimators_:
        if type(member).__name__ == "_ConstantPredictor":
            raise ValueError("a OneVsRestClassifier with a class that all or no rows have cannot be exported")
    layers, documents = _converted(convert, estimator, estimator.estimators_, _features(estimator))
    if layers:
        return one_vs_rest(estimator, layers)
    parts = [second_class(part) for part in documents]
    if not all(parts):
        raise not_supported(estimator, "of %ss" % type(estimator.estimators_[0]).__name__)
    if estimator.multilabel_:
        targets = named_targets([{"size": 1, "class_names": [0, 1]} for _ in parts])
        return several_trees(parts, {**parts[0].output, "n_outputs": len(parts), "targets": targets}, "predict_proba")
    if len(parts) > 1:
        raise ValueError("a OneVsRestClassifier of trees for %d classes cannot be exported: of equal probabilities, which "
                         "trees often give, it takes the last one; a forest knows several classes by itself" % len(parts))
    target = {**parts[0].output["targets"][0], "class_names": class_labels(estimator)[0]}
    return parts[0]._replace(output={**parts[0].output, "targets": [target]})


def several_outputs(convert, front, estimator):
    """MultiOutputClassifier, MultiOutputRegressor."""
    layers, documents = _converted(convert, estimator, estimator.estimators_, _features(estimator))
    if layers:
        return several_targets(estimator, layers)
    is_regression = documents[0].output["task"] == "regression"
    output = regression(len(documents)) if is_regression else joined_outputs(documents)

    def answer(estimator, rows):
        return answers_of_members(documents[0].answer, estimator, rows)

    result = output and several_trees(documents, output, "predict" if is_regression else answer)
    if result is None:
        raise not_supported(estimator, "of %ss" % type(estimator.estimators_[0]).__name__)
    return result


def regressor_chain(convert, front, estimator):
    widths = iter(range(estimator.n_features_in_, estimator.n_features_in_ + len(estimator.estimators_)))
    layers, _ = _converted(convert, estimator, estimator.estimators_, lambda member: next(widths))
    if layers is None:
        raise not_supported(estimator, "of %ss" % type(estimator.estimators_[0]).__name__)
    return chained(estimator, layers)
