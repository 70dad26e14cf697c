"""emlc reads what emlc_export writes, and replays its test vectors. EMLC in the environment is the program."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import common  # makes emlc_export importable
import numpy as np
import scipy.signal
from cases import CASES, fitted
from fresh import answers, fresh_rows
from sklearn.base import clone
from step_cases import CLASSES, models_behind, step_cases

from emlc_export import KEYWORDS, export, export_sos

EMLC = os.environ.get("EMLC")


def label_cells(label):
    """Class names as the document writes them, one per target."""
    labels = label if isinstance(label, list) else [label]
    return [name if isinstance(name, str) else json.dumps(name) for name in labels]


@unittest.skipUnless(EMLC, "EMLC is not set")
class EmlcTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "model.json"

    def emlc(self, *arguments):
        return subprocess.run([EMLC, *map(str, arguments)], capture_output=True, text=True, check=False)

    def inspect(self):
        result = self.emlc("inspect", "--json", self.path)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return json.loads(result.stdout)

    def test_every_kind_replays(self):
        for name in CASES:
            with self.subTest(name):
                estimator, X = fitted(name)
                export(estimator, X, self.path)
                self.assertEqual(self.inspect()["test_vectors_replayed"], 40)

    def test_every_kind_answers_fresh_rows_as_the_estimator(self):
        for name in CASES:
            with self.subTest(name):
                estimator, X = fitted(name)
                document = export(estimator, X, self.path)
                rows = fresh_rows(X, document)
                outputs, labels = answers(estimator, document, rows)
                found_labels, found_outputs = self.run_model(rows, 0 if labels is None else len(
                    document["output"]["targets"]))
                vectors = document["test_vectors"]
                np.testing.assert_allclose(found_outputs, outputs, 4 * vectors["rtol"], 4 * vectors["atol"])
                if labels is not None:
                    self.assertEqual(found_labels, [label_cells(label) for label in labels])

    def test_steps_alone_and_before_models_replay_and_answer_as_the_estimator(self):
        for name, (step, X, y) in step_cases().items():
            for estimator in [step, *(models_behind(step) if hasattr(step, "transform") and "gaps are" not in name else [])]:
                with self.subTest(name, estimator=type(estimator).__name__):
                    estimator = clone(estimator)
                    estimator.fit(X, y if estimator.__class__ is step.__class__ else CLASSES)
                    document = export(estimator, X, self.path, dtype="float64")
                    self.assertEqual(len(document["test_vectors"]["inputs"]), 40)
                    outputs, labels = answers(estimator, document, X)
                    found_labels, found_outputs = self.run_model(X, 0 if labels is None else 1)
                    vectors = document["test_vectors"]
                    np.testing.assert_allclose(found_outputs, outputs, 4 * vectors["rtol"], 4 * vectors["atol"])
                    if labels is not None:
                        self.assertEqual(found_labels, [label_cells(label) for label in labels])

    def run_model(self, rows, n_labels):
        """Labels as text and outputs as numbers, one list per row."""
        inputs = self.path.with_name("x.csv")
        cells = [["" if value != value else repr(value) for value in row] for row in rows.tolist()]
        inputs.write_text("".join(",".join(row) + "\n" for row in cells))
        result = self.emlc("run", self.path, "-i", inputs)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        cells = [line.split(",") for line in result.stdout.splitlines()[1:]]
        return [row[:n_labels] for row in cells], [[float(cell) for cell in row[n_labels:]] for row in cells]

    def test_names_are_those_that_emlc_takes(self):
        source = (common.ROOT / "codegen" / "model" / "names.cpp").read_text()
        keywords = set("".join(re.findall(r'"(.*?)"', source[source.index("keywords ="):source.index(";")])).split())
        self.assertEqual(KEYWORDS, keywords)
        document = export(common.grid_tree())
        for name in ("box", "x" * 100, "x" * 101, "_x", "__x", "x_", "a__b", "a_b", "emlc", "EMLC_1", "emlcx", "2nd", "int",
                     "Int", "exp", "size_t", "a-b", "ä"):
            with self.subTest(name):
                try:
                    export(common.grid_tree(), name=name)
                    is_taken = True
                except ValueError:
                    is_taken = False
                self.path.write_text(json.dumps({**document, "name": name}))
                self.assertEqual(self.emlc("inspect", self.path).returncode, 0 if is_taken else 2)

    def test_filters_replay(self):
        export_sos(scipy.signal.cheby2(7, 40, 500, fs=8000, output="sos"), 8000, self.path)
        self.assertEqual(self.inspect()["test_vectors_replayed"], 2)

    def test_a_wrong_output_is_noticed(self):
        for name in CASES:
            with self.subTest(name):
                estimator, X = fitted(name)
                document = export(estimator, X)
                outputs = document["test_vectors"]["outputs"]
                outputs[7][-1] += 1e-6 * max(1.0, *(abs(value) for row in outputs for value in row))
                self.path.write_text(json.dumps(document))
                result = self.emlc("inspect", self.path)
                self.assertEqual(result.returncode, 2)
                self.assertIn("test_vectors.outputs[7][%d]: the trainer's answer is" % (len(outputs[7]) - 1),
                              result.stderr)
