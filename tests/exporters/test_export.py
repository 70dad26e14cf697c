"""emlc_export.py: every kind of estimator, through the schema, an independent interpreter and emlc itself."""

import json
import math
import unittest

import joblib
import numpy as np
from cases import CASES, fitted
from common import SCHEMA

import interpreter
import schema
from emlc_export import export


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
    """What the estimator says: outputs [n][n_outputs] and labels or None. Exactly the scikit-learn calls."""
    task, n_outputs = document["output"]["task"], document["output"]["n_outputs"]
    if task == "classification":
        outputs = estimator.predict_proba(rows)
        outputs = np.hstack(outputs) if isinstance(outputs, list) else outputs[:, -n_outputs:]
    else:
        method = {"regression": "predict", "anomaly": "decision_function", "transform": "transform"}[task]
        outputs = getattr(estimator, method)(rows).reshape(len(rows), n_outputs)
    labels = estimator.predict(rows).tolist() if task in ("classification", "anomaly") else None
    return outputs, labels


class ExportTest(unittest.TestCase):
    def assert_close(self, found, expected, tolerance, what):
        atol, rtol = tolerance
        for column, (a, b) in enumerate(zip(found, expected)):
            self.assertLessEqual(abs(a - b), atol + rtol * abs(b), "%s, output %d: %r, not %r" % (what, column, a, b))
        self.assertEqual(len(found), len(expected))

    def check_vectors(self, document):
        vectors = document["test_vectors"]
        for row, (x, y) in enumerate(zip(vectors["inputs"], vectors["outputs"])):
            found = interpreter.outputs(document, x)
            self.assert_close(found, y, (vectors["atol"], vectors["rtol"]), "vector %d" % row)
            if "labels" in vectors:
                self.assertEqual(interpreter.labels(document, x), vectors["labels"][row])

    def check_fresh(self, document, estimator, X):
        rows = fresh_rows(X, document)
        with joblib.parallel_backend("sequential"):  # threads would sum in any order
            outputs, labels = answers(estimator, document, rows)
        vectors = document["test_vectors"]
        for index, row in enumerate(rows):
            # The bounds come from the largest inputs of the vectors; fresh rows may be somewhat larger.
            tolerance = (4 * vectors["atol"], 4 * vectors["rtol"])
            self.assert_close(interpreter.outputs(document, row), outputs[index], tolerance, "fresh row %d" % index)
            if labels is not None:
                self.assertEqual(interpreter.labels(document, row), labels[index], "fresh row %d" % index)

    def test_a_category_is_on_one_side(self):
        estimator, X = fitted("hist gradient boosting, categories")
        trees = export(estimator)["model"]["trees"]
        pairs = [(left, tree["categories_right"][node]) for tree in trees
                 for node, left in tree.get("categories_left", {}).items()]
        self.assertTrue(pairs)
        for left, right in pairs:
            self.assertFalse(set(left) & set(right))

    def test_every_kind(self):
        for name in CASES:
            with self.subTest(name):
                estimator, X = fitted(name)
                document = json.loads(json.dumps(export(estimator, X), allow_nan=False))
                self.assertEqual(schema.errors(document, SCHEMA), [])
                self.assertEqual(len(document["test_vectors"]["inputs"]), 40)
                self.check_vectors(document)
                self.check_fresh(document, estimator, X)
