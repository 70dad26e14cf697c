"""emlc reads what emlc_export.py writes, and replays its test vectors. EMLC in the environment is the program."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import common  # noqa: F401, makes emlc_export importable
import scipy.signal
from cases import CASES, fitted

from emlc_export import export, export_sos

EMLC = os.environ.get("EMLC")


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
