"""Classifiers of scikit-learn made of classifiers of two classes, and those of several targets."""

import copy
from functools import partial

from ..models.dense import dense_layer, dense_network
from ..outputs import class_labels, classification, named_targets, regression
from ..steps.front import Front
from ..values import EPSILON, listed
from .answers import has_scores, one_column
from .combine import OTHER, SAME, Member, combined
from .members import answers_of_members, not_supported, one_vs_rest, several_targets
from .merged_trees import joined_outputs, second_class, several_trees
from .parts import Part, constant_part, layers_of, part_of, plain


def _is_constant(member):
    return type(member).__name__ == "_ConstantPredictor"


def _score(convert, estimator, width, member):
    """A member by the one number that decides: its score, or the probability of the second class."""
    if _is_constant(member):
        output = classification([[0, 1]], rule="greater", threshold=0.0)
        return Member(constant_part(member, width, listed(member.y_)[0], output))
    if not hasattr(member, "classes_"):
        return Member(part_of(convert, estimator, member, width))
    part = part_of(convert, estimator, member, width, "decision_function" if has_scores(member) else "predict_proba")
    found = one_column(part.result)
    return Member(part, [1]) if found is None else Member(part._replace(result=found))


def _threshold(member):
    return 0.0 if has_scores(member) and hasattr(member, "classes_") or _is_constant(member) else 0.5


def _scores(places, estimator, rows):
    """What decides, in the order of the document's classes."""
    import numpy as np

    columns = []
    for place in places:
        member = estimator.estimators_[place]
        if not hasattr(member, "classes_") and not _is_constant(member):
            columns.append(listed(member.predict(rows)))
        elif has_scores(member):
            columns.append([listed(row)[0] for row in listed(member.decision_function(rows))])
        else:
            columns.append([row[1] for row in listed(member.predict_proba(rows))])
    return np.array(columns, float).T


def one_against_rest(convert, front, estimator):
    found = _merged_one_against_rest(convert, front, estimator)
    if found is not None:
        return found
    members = [_score(convert, estimator, front.width, member) for member in estimator.estimators_]
    places = list(range(len(members)))
    threshold = _threshold(estimator.estimators_[0])
    if estimator.multilabel_:
        output = classification([[0, 1] for _ in members], rule="greater", threshold=threshold)
        return combined(estimator, "concatenate", members, output, partial(_scores, places))
    if len(members) == 1:
        return _of_two(front, estimator, members[0], threshold)
    # The last of equal scores is the first, where the classes stand the other way round.
    classes = class_labels(estimator)[0]
    if not all(_is_continuous(member.part) for member in members) and _takes_last(estimator):
        members, places, classes = members[::-1], places[::-1], classes[::-1]
    return combined(estimator, "concatenate", members, classification([classes]), partial(_scores, places))


def _is_continuous(part):
    """Whether its scores are hardly ever equal to others: they are not those of leaves."""
    return _is_constant(part.estimator) or part.exported().model["kind"] == "mlp"


def _takes_last(estimator):
    """Whether predict() takes the last class of those with equal scores, as it did for long: asked with members that all say
    the same."""
    import numpy as np
    from sklearn.multiclass import _ConstantPredictor

    member, probe = _ConstantPredictor(), copy.copy(estimator)
    member.y_ = np.zeros(1)
    probe.estimators_ = [member] * len(estimator.estimators_)
    return listed(probe.predict(np.zeros((1, 1))))[0] == listed(estimator.classes_)[-1]


def _of_two(front, estimator, member, threshold):
    """Two classes have one member: it is the model, where its score is its only output."""
    output = classification(class_labels(estimator), rule="greater", threshold=threshold)
    answer = partial(_scores, [0])
    alone = combined(estimator, "concatenate", [member], output, answer)
    if member.columns is not None:
        return alone
    unsure = None if member.part.front.steps else partial(_unsure_of_two, alone, member.part, threshold)
    front.append(member.part.front)
    return member.part.exported()._replace(output=output, answer=answer, unsure=unsure)


def _unsure_of_two(alone, part, threshold, inputs, errors):
    """The vote of the member decides: at equal scores of both classes, which are sums in any order, by their last digits."""
    import numpy as np

    scores = part.ask(np.array(inputs, float))
    return [unsure or abs(row[0] - threshold) <= 8 * EPSILON for unsure, row in zip(alone.unsure(inputs, errors), scores)]


def _merged_one_against_rest(convert, front, estimator):
    if any(_is_constant(member) for member in estimator.estimators_):
        return None
    parts = [part_of(convert, estimator, member, front.width) for member in estimator.estimators_]
    layers, documents = layers_of(parts), plain(parts)
    if layers:
        return one_vs_rest(estimator, layers)
    if not documents or (len(parts) > 1 and not estimator.multilabel_):
        return None
    documents = [second_class(part) for part in documents]
    if not all(documents):
        return None
    if estimator.multilabel_:
        targets = named_targets([{"size": 1, "class_names": [0, 1]} for _ in documents])
        output = {**documents[0].output, "n_outputs": len(documents), "targets": targets}
        return several_trees(documents, output, "predict_proba")
    target = {**documents[0].output["targets"][0], "class_names": class_labels(estimator)[0]}
    return documents[0]._replace(output={**documents[0].output, "targets": [target]})


def one_against_one(convert, front, estimator):
    if any(not hasattr(member, "classes_") and not _is_constant(member) for member in estimator.estimators_):
        raise not_supported(estimator, "of regressors")
    members = [_score(convert, estimator, front.width, member) for member in estimator.estimators_]
    if len(estimator.classes_) == 2:
        return _of_two(front, estimator, members[0], _threshold(estimator.estimators_[0]))
    return combined(estimator, "one_vs_one", members, classification(class_labels(estimator)), "decision_function")


def output_codes(convert, front, estimator):
    """The class whose code is nearest: the largest product with it, less half of the code's square."""
    members = [_score(convert, estimator, front.width, member) for member in estimator.estimators_]
    codes = listed(estimator.code_book_)
    bias = [-0.5 * sum(value * value for value in code) for code in codes]
    output = classification(class_labels(estimator))
    nearness = dense_network([dense_layer(codes, bias, "identity")], output, partial(_products, codes, bias))
    final = Part(nearness, Front(len(members)), estimator)
    return combined(estimator, "concatenate", members, output, partial(_nearness, codes, bias), final=final)


def _nearness(codes, bias, estimator, rows):
    return _products(codes, bias, estimator, _scores(range(len(estimator.estimators_)), estimator, rows))


def _products(codes, bias, estimator, scores):
    import numpy as np

    return scores @ np.array(codes).T + np.array(bias)


def several_outputs(convert, front, estimator):
    """MultiOutputClassifier, MultiOutputRegressor."""
    parts = [part_of(convert, estimator, member, front.width) for member in estimator.estimators_]
    layers, documents = layers_of(parts), plain(parts)
    is_regression = parts[0].result.output["task"] == "regression"
    methods = [part.result.answer for part in parts]
    found = several_targets(estimator, layers) if layers else None
    if found is None and documents:
        output = regression(len(documents)) if is_regression else joined_outputs(documents)
        found = output and several_trees(documents, output, "predict" if is_regression else partial(answers_of_members,
                                                                                                   methods))
    if found is not None:
        return found
    members = [Member(part) for part in parts]
    if is_regression:
        return combined(estimator, "concatenate", members, regression(len(parts)), "predict")
    output = joined_outputs([part.exported() for part in parts])
    if output is None:
        members = [_by_largest(estimator, member) for member in members]
        output = classification([member.part.labels() for member in members])
    return combined(estimator, "concatenate", members, output, partial(answers_of_members, methods))


def _by_largest(estimator, member):
    """Both probabilities of two classes, beside members whose largest output decides."""
    output = member.part.result.output
    if output["decision"]["rule"] == "argmax":
        return member
    if member.part.result.answer != "predict_proba":
        raise ValueError("a %s whose members decide by scores of two and of more classes cannot be exported: export the targets "
                         "of two classes and the others as two models, or train members that have probabilities, forests or "
                         "LogisticRegression" % type(estimator).__name__)
    return Member(member.part, [0, 0], [OTHER, SAME])
