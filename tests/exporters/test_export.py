"""emlc_export: every kind of estimator, through the schema, an independent interpreter and emlc itself."""

import json
import unittest

from cases import CASES, fitted
from common import SCHEMA
from fresh import answers, fresh_rows

import interpreter
import schema
from emlc_export import export


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
