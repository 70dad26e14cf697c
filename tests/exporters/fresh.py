"""Rows that are not among the test vectors of a document, and what the estimator says to them."""

import math

import common  # noqa: F401, makes emlc_export importable
import joblib
import numpy as np

from emlc_export.estimators import converted
from emlc_export.steps.errors import propagated
from emlc_export.steps.jumps import near_jumps, settle


def fresh_rows(X, document):
    """The odd rows of X, as the document's input type holds them, and the same moved exactly onto thresholds."""
    dtype = document["input"]["dtype"]
    rows = np.asarray(X)[1::2].astype(dtype).astype("float64")[:80]
    model = document["model"]
    if model["kind"] != "tree_ensemble":
        return rows
    splits = [(f, t) for tree in model["trees"] for f, t in zip(tree["feature"], tree["threshold"])
              if f >= 0 and abs(t) < 1e30]
    if not splits:
        return rows
    moved = np.resize(rows, (min(len(splits), 80), rows.shape[1]))
    for row, (feature, threshold) in zip(moved, splits):
        if not math.isnan(row[feature]):
            row[feature] = np.float64(np.asarray(threshold, dtype))
    return np.vstack([rows, moved])


def is_sure(estimator, rows):
    """[n] of bool: not where scikit-learn decides by the last digits of steps or members, which differ from machine to
    machine."""
    exported, steps = converted(estimator)
    rows = np.asarray(rows, float).tolist()
    settle(steps, rows)
    unsure = near_jumps(steps, rows)
    if exported.unsure is not None:
        unsure |= np.array(exported.unsure(*propagated(steps, rows)))
    return ~unsure


def answers(estimator, document, rows):
    """What the estimator says: outputs [n][n_outputs] and labels or None."""
    with joblib.parallel_backend("sequential"):  # threads would sum in any order
        return _answers(estimator, document, rows)


def _answers(estimator, document, rows):
    task, n_outputs = document["output"]["task"], document["output"]["n_outputs"]
    labels = np.asarray(estimator.predict(rows)).tolist() if task in ("classification", "anomaly") else None
    if task != "classification":
        method = {"regression": "predict", "anomaly": "decision_function", "transform": "transform"}[task]
        outputs = getattr(estimator, method)(rows)
        outputs = outputs.toarray() if hasattr(outputs, "toarray") else outputs
        return outputs.reshape(len(rows), n_outputs), labels
    outputs = deciding(estimator, document, rows)
    if isinstance(outputs, list):  # one array for each target; of two classes the second has a column
        sizes = [target["size"] for target in document["output"]["targets"]]
        outputs = np.hstack([part.reshape(len(rows), -1)[:, -size:] for part, size in zip(outputs, sizes)])
    return outputs.reshape(len(rows), -1)[:, -n_outputs:], labels


def deciding(estimator, document, rows):
    """The numbers that predict() decides by, in the order of the document's classes."""
    if hasattr(estimator, "steps"):
        for _, step in estimator.steps[:-1]:
            rows = rows if step is None or isinstance(step, str) else step.transform(rows)
        return deciding(estimator.steps[-1][1], document, rows)
    if hasattr(estimator, "best_estimator_"):
        return deciding(estimator.best_estimator_, document, rows)
    found = DECIDING.get(type(estimator).__name__)
    outputs = found(estimator, document, rows) if found else None
    if outputs is not None:
        return outputs
    if hasattr(estimator, "predict_proba") and getattr(estimator, "loss", None) != "modified_huber":
        return estimator.predict_proba(rows)
    if hasattr(estimator, "decision_function"):
        return estimator.decision_function(rows)
    # a classifier of several targets has none for all of them
    return [member.decision_function(rows) for member in estimator.estimators_]


def _scores(estimator, rows):
    """[n][members]: decision_function of each member where it has one, else the probability of its second class."""
    return np.stack([np.ravel(member.decision_function(rows)) if hasattr(member, "decision_function")
                     else member.predict_proba(rows)[:, 1] for member in estimator.estimators_], axis=1)


def _against_rest(estimator, document, rows):
    """One layer or one ensemble says probabilities, as the estimator; a combination what each member says."""
    model = document["model"]
    model = model["steps"][-1] if model["kind"] == "pipeline" else model
    members = len(estimator.estimators_)
    is_merged = model["kind"] != "combine" and (members > 1 or document["output"]["decision"].get("threshold") == 0.5)
    if is_merged:
        return None
    scores = _scores(estimator, rows)
    classes = document["output"]["targets"][0]["class_names"]
    is_in_order = members == 1 or estimator.multilabel_ or classes == np.asarray(estimator.classes_).tolist()
    return scores if is_in_order else scores[:, ::-1]


def _votes(estimator, document, rows):
    if estimator.voting != "hard":
        return None
    weights = np.ones(len(estimator.estimators_)) if estimator.weights is None else np.array(estimator.weights, float)
    said = estimator.transform(rows)
    return np.stack([(said == label) @ weights for label in range(len(estimator.classes_))], axis=1) / weights.sum()


def _pairs(estimator, document, rows):
    return _scores(estimator, rows) if len(estimator.classes_) == 2 else estimator.decision_function(rows)


def _codes(estimator, document, rows):
    """As far as the squares of all distances differ: the product with a code less half of its square."""
    codes = estimator.code_book_
    return _scores(estimator, rows) @ codes.T - (codes * codes).sum(axis=1) / 2


def _chain(estimator, document, rows):
    method = getattr(estimator, "chain_method_", "predict")
    if method != "predict":
        return getattr(estimator, method)(rows)
    labels = np.asarray(estimator.predict(rows))
    names = [target["class_names"] for target in document["output"]["targets"]]
    return np.stack([np.array([of.index(label) for label in column.tolist()]) for of, column in zip(names, labels.T)], axis=1)


DECIDING = {"OneVsRestClassifier": _against_rest, "VotingClassifier": _votes, "OneVsOneClassifier": _pairs,
            "OutputCodeClassifier": _codes, "ClassifierChain": _chain}
