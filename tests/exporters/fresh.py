"""Rows that are not among the test vectors of a document, and what the estimator says to them."""

import math

import joblib
import numpy as np


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


def answers(estimator, document, rows):
    """What the estimator says: outputs [n][n_outputs] and labels or None."""
    with joblib.parallel_backend("sequential"):  # threads would sum in any order
        return _answers(estimator, rows, document["output"]["task"], document["output"]["n_outputs"])


def _answers(estimator, rows, task, n_outputs):
    labels = np.asarray(estimator.predict(rows)).tolist() if task in ("classification", "anomaly") else None
    if task != "classification":
        method = {"regression": "predict", "anomaly": "decision_function", "transform": "transform"}[task]
        outputs = getattr(estimator, method)(rows)
        outputs = outputs.toarray() if hasattr(outputs, "toarray") else outputs
        return outputs.reshape(len(rows), n_outputs), labels
    if hasattr(estimator, "predict_proba") and getattr(estimator, "loss", None) != "modified_huber":
        outputs = estimator.predict_proba(rows)
    elif hasattr(estimator, "decision_function"):
        outputs = estimator.decision_function(rows)
    else:  # a classifier of several targets has none for all of them
        outputs = [member.decision_function(rows) for member in estimator.estimators_]
    if isinstance(outputs, list):  # one array for each target; of two classes the second has a column
        outputs = [part.reshape(len(rows), -1) for part in outputs]
        width = n_outputs // len(outputs)
        outputs = np.hstack([part[:, -width:] if n_outputs == len(outputs) else part for part in outputs])
    return outputs.reshape(len(rows), -1)[:, -n_outputs:], labels
