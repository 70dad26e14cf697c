"""What the estimator itself answers: test vectors, and what rounding the inputs changes."""

import copy
import math
import warnings

from .rows import cast_rows
from .values import listed


def test_vectors(estimator, exported, rows, table_of, inputs, errors, unsure):
    """`inputs` are the rows as they come to the model, with the errors that they may have. Rows for which steps (`unsure`,
    [n] of bool) or members of a combination decide by their last digits are left out."""
    rows, inputs, errors = _sure(exported, rows, inputs, errors, unsure)
    outputs, labels = _answers(estimator, exported, rows, table_of)
    atol, rtol = exported.tolerance(inputs, errors, outputs)
    vectors = {"inputs": _without_nan(rows), "outputs": outputs, "atol": atol, "rtol": rtol}
    if labels is not None:
        _check_labels(estimator, exported.output, outputs, labels)
        vectors["labels"] = _as_named(exported.output["targets"], labels)
    return vectors


def _answers(estimator, exported, rows, table_of):
    """Outputs, and what predict() says where that is a class."""
    serial, table = _serial(estimator), table_of(rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rows are plain lists, without the feature names of the training data
        outputs = answered_rows(asked(exported.answer, serial, table), exported.output)
        labels = None
        if exported.output["task"] in ("classification", "anomaly"):
            labels = listed(serial.predict(table))
    return outputs, labels


def answers_of(estimator, exported, rows, table_of):
    """Of each row the outputs; where the model decides the class of its first target and the labels as the document has
    them, else None twice."""
    outputs, labels = _answers(estimator, exported, rows, table_of)
    rule, first = exported.output["decision"], exported.output["targets"][0]
    if rule["rule"] == "none":
        return outputs, None, None
    classes = [_decided(rule, row[:first["size"]]) for row in outputs]
    return outputs, classes, _as_named(exported.output["targets"], labels) if labels is not None else classes


def asked(answer, estimator, rows):
    """What the estimator answers: by a method of its own, or by a function of the one inside that has members."""
    if not callable(answer):
        return getattr(estimator, answer)(rows)
    if hasattr(estimator, "steps"):
        before = estimator[:-1]
        return asked(answer, estimator[-1], before.transform(rows) if len(before) else rows)
    if not hasattr(estimator, "estimators_"):
        for name in ("best_estimator_", "estimator_", "base_estimator_"):
            if hasattr(estimator, name):
                return asked(answer, getattr(estimator, name), rows)
    return answer(estimator, rows)


def _as_named(targets, labels):
    """Labels as the document writes them: predict() of several targets may make 1.0 of 1."""
    def named(target, label):
        names = target.get("class_names", [])
        return names[names.index(label)] if label in names else label

    if len(targets) == 1:
        return [named(targets[0], label) for label in labels]
    return [[named(*pair) for pair in zip(targets, row)] for row in labels]


def _sure(exported, rows, inputs, errors, unsure):
    inside = unsure if exported.unsure is None else exported.unsure(inputs, errors)
    kept = [index for index, either in enumerate(zip(unsure, inside)) if not any(either)]
    if not kept:
        raise ValueError("members or steps decide every row of X by their last digits, where libraries differ: give export "
                         "other rows")
    return ([values[index] for index in kept] for values in (rows, inputs, errors))


def _without_nan(rows):
    return [[None if math.isnan(value) else value for value in row] for row in rows]


def _serial(estimator):
    """A shallow copy that predicts on one thread, since forests otherwise sum their trees in the order the threads finish,
    and in double: an imputer has its inputs in the type that it was fitted to, and what follows it computes in that."""
    serial = copy.copy(estimator)
    if hasattr(serial, "steps"):
        serial.steps = [(name, _serial(step)) for name, step in serial.steps]
    elif hasattr(serial, "n_jobs"):
        serial.n_jobs = 1
    for name in ("transformers_", "transformer_list"):
        if isinstance(getattr(serial, name, None), list):
            setattr(serial, name, [(key, _serial(member), *more) for key, member, *more in getattr(serial, name)])
    if getattr(getattr(serial, "_fit_dtype", None), "kind", "O") in "fiub":
        serial._fit_dtype = serial.statistics_.astype("float64").dtype
    for name in ("best_estimator_", "estimator_", "base_estimator_", "regressor_", "final_estimator_", "estimator",
                 "base_estimator"):
        if name in getattr(serial, "__dict__", {}):
            setattr(serial, name, _serial(getattr(serial, name)))
    for name in ("estimators_", "calibrated_classifiers_"):
        if isinstance(getattr(serial, name, None), (list, tuple)):
            setattr(serial, name, [_serial(member) for member in getattr(serial, name)])
    return serial


def answered_rows(answer, output):
    """One row of numbers per input, from whatever shape the estimator answers in."""
    if isinstance(answer, list):  # a classifier with several targets: one array each
        parts = [[listed(row)[-target["size"]:] for row in listed(part)] for part, target in zip(answer, output["targets"])]
        return [sum(rows, []) for rows in zip(*parts)]
    answer = answer.to_numpy() if hasattr(answer, "to_numpy") else answer
    # Of the two columns of a binary classifier the document keeps the second, the probability of class_names[1].
    rows = [listed(row)[-output["n_outputs"]:] for row in listed(answer)]
    return [[float(value) if isinstance(value, bool) else value for value in row] for row in rows]


def _check_labels(estimator, output, outputs, labels):
    """The outputs decide as predict() does: probabilities that are rounded to the same number cannot."""
    rule, names = output["decision"], [target.get("class_names") for target in output["targets"]]
    if rule["rule"] == "none" or None in names:
        return
    for row, (values, label) in enumerate(zip(outputs, labels)):
        for target, expected in zip(output["targets"], label if isinstance(label, list) else [label]):
            own, values = values[:target["size"]], values[target["size"]:]
            found = target["class_names"][_decided(rule, own)]
            if found != expected:
                raise ValueError("test row %d: predict() of the %s says %r, its outputs say %r: probabilities that are the "
                                 "same number decide nothing; put a StandardScaler before the model"
                                 % (row, type(estimator).__name__, expected, found))


def _decided(rule, values):
    if rule["rule"] == "argmax":
        return values.index(max(values))
    return int(values[0] > rule["threshold"] if rule["rule"] == "greater" else values[0] >= rule["threshold"])


def warn_of_rounding(estimator, given, rounded, table_of):
    """Says how many rows of X get another answer as float32 than as they were given."""
    exact = cast_rows(given, "float64")
    if not any(one != other and one == one for pair in zip(exact, rounded) for one, other in zip(*pair)):
        return
    serial = _serial(estimator)
    if not hasattr(serial, "predict"):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before, after = (listed(serial.predict(table_of(rows))) for rows in (exact, rounded))
    # Of numbers any rounding moves the last digits; what is more is another leaf.
    changed = sum(not _is_same(one, other) for one, other in zip(before, after))
    if changed:
        warnings.warn("rounding X to float32 changes the answers of %d of %d rows (%.2g %%); dtype='float64' keeps them in "
                      "the document, and emlc convert --features double in the header of trees"
                      % (changed, len(exact), 100.0 * changed / len(exact)), stacklevel=3)


def _is_same(one, other):
    if isinstance(one, list):
        return all(map(_is_same, one, other))
    if isinstance(one, float):
        return abs(one - other) <= 1e-5 * max(abs(one), abs(other))
    return one == other
