"""Stacking* of scikit-learn: a model on what members say; and chains, whose members see what those before them say."""

from functools import partial

from ..outputs import class_labels, classification, regression
from ..steps.front import Front
from ..values import listed
from ..vectors import asked
from .answers import answering, one_column
from .combine import Member, combined
from .members import chained, not_supported
from .parts import Part, layers_of, part_of


def stacking(convert, front, estimator):
    if not hasattr(estimator, "final_estimator_"):
        raise ValueError("the %s is not fitted" % type(estimator).__name__)
    is_classifier = hasattr(estimator, "classes_")
    if is_classifier and isinstance(estimator.classes_, list):
        raise not_supported(estimator, "of several labels")
    n_classes = len(estimator.classes_) if is_classifier else 0
    members = [_member(convert, estimator, member, front.width, method, n_classes)
               for member, method in zip(estimator.estimators_, estimator.stack_method_)]
    width = sum(member.width() for member in members) + (front.width if estimator.passthrough else 0)
    final = part_of(convert, estimator, estimator.final_estimator_, width)
    for index, member in enumerate(members):
        if member.result == "decision":
            final = _with_labels(final, width, index_of(members, index), member.part)
    output = final.result.output
    if is_classifier:
        labels = class_labels(estimator)[0]  # of which the final estimator knows the places, in the order of its decisions
        targets = [{**output["targets"][0], "class_names": [labels[place] for place in final.labels()]}]
        output = {**output, "targets": targets}
    answer = final.result.answer
    answer = partial(_final_answer, answer) if callable(answer) else answer
    made = combined(estimator, "concatenate", members, output, answer, final=final, passthrough=bool(estimator.passthrough))

    def scores():
        found = answering(final.result, final.estimator, "decision_function")
        return combined(estimator, "concatenate", members, {**output, "decision": found.output["decision"]},
                        "decision_function", final=final._replace(result=found), passthrough=bool(estimator.passthrough))

    return made._replace(scores=scores)


def _final_answer(answer, estimator, rows):
    return asked(answer, estimator.final_estimator_, estimator.transform(rows))


def index_of(members, index):
    """The column of a member's first value."""
    return sum(member.width() for member in members[:index])


def _member(convert, estimator, member, width, method, n_classes):
    if method == "predict" and hasattr(member, "classes_"):
        return Member(part_of(convert, estimator, member, width), result="decision")
    part = part_of(convert, estimator, member, width, None if method == "predict" else method)
    if isinstance(part.result.answer, str) and method != "predict" and n_classes == 2:
        found = one_column(part.result)
        return Member(part._replace(result=found)) if found is not None else Member(part, [1])
    if method == "predict_proba" and part.result.output["n_outputs"] != n_classes:
        raise not_supported(estimator, "a member of which does not know all classes,")
    return Member(part)


def _with_labels(part, width, column, member):
    """The part behind a column that is the place of a class of another part, where it was trained on the label itself."""
    labels = member.labels()
    if labels == list(range(len(labels))) or [bool(label) for label in labels] == [False, True] == labels:
        return part
    if any(isinstance(label, str) for label in labels):
        raise not_supported(member.estimator, "whose labels are text, in front of another model,")
    front = Front(width)
    front.add("lookup", column, 1, 1, **{"from": [[float(place) for place in range(len(labels))]],
                                         "to": [[float(label) for label in labels]], "otherwise": [None]})
    front.steps += part.front.steps
    return part._replace(front=front)


def regressor_chain(convert, front, estimator):
    parts = [part_of(convert, estimator, member, front.width + index) for index, member in enumerate(estimator.estimators_)]
    layers = layers_of(parts)
    found = chained(estimator, layers) if layers else None
    if found is not None:
        return found
    members = [Member(part) for part in parts]
    return _in_order(estimator, front.width, members, regression(len(members)), "predict")


def _in_order(estimator, width, members, output, answer):
    """A chain, and then its results in the order of the targets."""
    order = listed(estimator.order_)
    places = [order.index(target) for target in range(len(order))]
    if places == sorted(places):
        return combined(estimator, "concatenate", members, output, answer, chained=True)
    inner = combined(estimator, "concatenate", members, output, partial(_as_trained, answer, order), chained=True)
    return combined(estimator, "concatenate", [Member(Part(inner, Front(width), estimator), places)], output, answer)


def _as_trained(answer, order, estimator, rows):
    """The answers of a chain in the order of its members."""
    import numpy as np

    said = answer(estimator, rows) if callable(answer) else getattr(estimator, answer)(rows)
    return np.asarray(said)[:, order]


def classifier_chain(convert, front, estimator):
    """Its answers are its decisions, or with chain_method the scores that the next member sees."""
    method = getattr(estimator, "chain_method_", "predict")
    members = []
    for index, member in enumerate(estimator.estimators_):
        part = part_of(convert, estimator, member, front.width + index, None if method == "predict" else method)
        for before in range(index):
            if method == "predict":
                part = _with_labels(part, front.width + index, front.width + before, members[before].part)
        if method == "predict":
            members.append(Member(part, result="decision"))
            continue
        found = one_column(part.result)
        members.append(Member(part, [1]) if found is None else Member(part._replace(result=found)))
    labels = [listed(member.classes_) for member in estimator.estimators_]
    if any(len(of) != 2 for of in labels):
        raise not_supported(estimator, "of targets with more than two classes")
    threshold = 0.0 if method == "decision_function" else 0.5
    order = listed(estimator.order_)
    output = classification([labels[order.index(target)] for target in range(len(labels))], rule="greater",
                            threshold=threshold)
    return _in_order(estimator, front.width, members, output, _decided_places if method == "predict" else method)


def _decided_places(estimator, rows):
    """The decisions as places in the classes."""
    import numpy as np

    order = listed(estimator.order_)
    classes = [listed(estimator.estimators_[order.index(target)].classes_) for target in range(len(order))]
    return np.array([[float(of.index(label)) for of, label in zip(classes, row)] for row in listed(estimator.predict(rows))])
