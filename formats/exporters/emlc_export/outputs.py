"""What an estimator becomes, and what its outputs mean."""

from typing import Callable, NamedTuple, Optional, Union

from .values import listed

EXACT = (0.0, 0.0)
# Sums agree to the last bit; exp() and log() of two mathematical libraries differ by a few.
TRANSCENDENTAL = (1e-15, 1e-13)


class Exported(NamedTuple):
    """What one estimator becomes."""

    model: dict  # the "model" of the document, without the steps in front of it
    output: dict  # the "output" of the document
    answer: Union[str, Callable]  # what gives the outputs: a method, or a function of the estimator and rows
    # (inputs of the model, errors they may have, expected outputs), all lists of rows -> (atol, rtol) that an honest
    # evaluation meets
    tolerance: Callable
    score: float = 1.0  # decision_function is so many times the sums before a sigmoid or softmax
    # (inputs of the model, errors they may have) -> [n] of bool, the rows whose decision inside is as near as roundings are
    unsure: Optional[Callable] = None
    scores: Optional[Callable] = None  # () -> the same with decision_function in place of predict_proba, where there is one


def exact(inputs, errors, outputs):
    return EXACT


def transcendental(inputs, errors, outputs):
    return TRANSCENDENTAL


def class_labels(estimator):
    """The class labels, one list per target."""
    classes = estimator.classes_
    return [listed(labels) for labels in classes] if isinstance(classes, list) else [listed(classes)]


def classification(classes, task="classification", rule="argmax", threshold=None):
    """One column per class with rule argmax; one column per target, and two classes, with a rule that compares."""
    for labels in classes:
        for label in labels:
            if not isinstance(label, (str, int, float)):
                raise ValueError("class label %r is neither text nor a number" % (label,))
    if rule != "argmax" and any(len(labels) != 2 for labels in classes):
        raise ValueError("the estimator was trained on a single class")
    sizes = [len(labels) if rule == "argmax" else 1 for labels in classes]
    targets = [{"size": size, "class_names": labels} for size, labels in zip(sizes, classes)]
    decision = {"rule": rule} if threshold is None else {"rule": rule, "threshold": threshold}
    return {"task": task, "n_outputs": sum(sizes), "targets": named_targets(targets), "decision": decision}


def regression(n_outputs):
    targets = named_targets([{"size": 1} for _ in range(n_outputs)])
    return {"task": "regression", "n_outputs": n_outputs, "targets": targets, "decision": {"rule": "none"}}


def named_targets(targets):
    if len(targets) == 1:
        return targets
    return [{"name": "y%d" % index, **target} for index, target in enumerate(targets)]


def transformed(n_outputs):
    return {"task": "transform", "n_outputs": n_outputs, "targets": [{"size": n_outputs}], "decision": {"rule": "none"}}
