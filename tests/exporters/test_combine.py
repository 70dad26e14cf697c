"""emlc_export: estimators around others that become combinations, by the schema, by tests/random/truth.py and by emlc."""

import functools
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from combine_cases import COMBINATIONS, fitted
from common import SCHEMA
from fresh import is_sure

import bounds
import numpy as np
import schema
import truth
from emlc_export import export
from emlc_export.wrappers.combine import depth

EMLC = os.environ.get("EMLC")
# What needs no combination, because one model says the same.
MERGED = {"sigmoids of lines": "mlp", "sigmoid of scores, two": "mlp"}


@functools.lru_cache(maxsize=None)
def document_of(name):
    estimator, X = fitted(name)
    return estimator, X, json.loads(json.dumps(export(estimator, X, dtype="float64"), allow_nan=False))


def labels_of(document, decided):
    names = [target["class_names"] for target in document["output"]["targets"]]
    return [[of[place] for of, place in zip(names, row)] for row in decided]


class CombinationTest(unittest.TestCase):
    def test_documents_are_of_the_schema_and_no_deeper_than_it_says(self):
        for name in COMBINATIONS:
            with self.subTest(name):
                _, _, document = document_of(name)
                self.assertEqual(schema.errors(document, SCHEMA), [])
                self.assertLessEqual(depth(document["model"]), 3)

    def test_outputs_are_those_of_scikit_learn(self):
        for name in COMBINATIONS:
            with self.subTest(name):
                _, _, document = document_of(name)
                vectors = document["test_vectors"]
                self.assertGreater(len(vectors["inputs"]), 10)
                found, expected = truth.outputs(document, np.array(vectors["inputs"])), np.array(vectors["outputs"])
                self.assertEqual(found.shape, expected.shape)
                bound = vectors["atol"] + vectors["rtol"] * np.abs(expected) + 1e-300
                np.testing.assert_array_less(np.abs(found - expected), bound)
                np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12 * max(1.0, np.abs(expected).max()))

    def test_decisions_are_those_of_predict_for_every_row(self):
        n_rows = n_sure = 0
        for name in COMBINATIONS:
            estimator, X, document = document_of(name)
            if document["output"]["task"] != "classification":
                continue
            with self.subTest(name):
                found = labels_of(document, truth.decisions(document, truth.outputs(document, X)))
                expected = np.asarray(estimator.predict(X)).reshape(len(X), -1).tolist()
                sure = is_sure(estimator, X)
                n_rows, n_sure = n_rows + len(X), n_sure + int(sure.sum())
                self.assertEqual([row for row, kept in zip(found, sure) if kept],
                                 [row for row, kept in zip(expected, sure) if kept])
        self.assertGreater(n_sure, 0.9 * n_rows)

    def test_bounds_of_float32_are_small(self):
        for name in COMBINATIONS:
            with self.subTest(name):
                _, X, document = document_of(name)
                outputs, (_, bound) = truth.outputs(document, X), bounds.tolerance(document, X)
                self.assertEqual(bound.shape, outputs.shape)
                self.assertTrue((bound >= 0).all())
                self.assertLess(np.median(bound), 1e-3 * max(1.0, np.abs(outputs).max()))

    def test_one_model_where_one_says_it(self):
        for name in COMBINATIONS:
            _, _, document = document_of(name)
            model = truth.steps_of(document["model"])[-1]
            kind = MERGED.get(name, model["kind"] if name.startswith(("one against", "labels", "targets")) else "combine")
            self.assertEqual(model["kind"], kind, name)


@unittest.skipUnless(EMLC, "EMLC is not set")
class EmlcTest(unittest.TestCase):
    def test_emlc_replays_the_vectors(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "model.json"
            for name in COMBINATIONS:
                with self.subTest(name):
                    _, _, document = document_of(name)
                    path.write_text(json.dumps(document))
                    done = subprocess.run([EMLC, "inspect", "--json", path], capture_output=True, text=True, check=False)
                    self.assertEqual((done.returncode, done.stderr), (0, ""))
                    self.assertEqual(json.loads(done.stdout)["test_vectors_replayed"], len(document["test_vectors"]["inputs"]))


if __name__ == "__main__":
    unittest.main()
