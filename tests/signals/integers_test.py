#!/usr/bin/env python3
"""What `--arithmetic q15` makes of the spectra of a model whose features were in float: what `convert` says of features and
decisions against what this file counts, the header against `emlc features`, `verify`, and what is refused.
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy as np

EMLC = os.path.abspath(os.environ["EMLC"])
SPECTRUM = {"of": "x", "spectrum": {"n_fft": 64}, "take": [{"mel": 6, "scale": "log"}, {"bands_hz": [[0, 1000], [1000, 4000]]},
                                                        "centroid"]}
DOCUMENT = {"format": "emlc-signal", "version": 1, "name": "sounds",
            "input": {"channels": ["x"], "dtype": "int16", "sample_rate": 8000}, "window": {"length": 64, "hop": 32},
            "features": [SPECTRUM]}


def recording(seed):
    rng = np.random.default_rng(seed)
    loudness = np.repeat(10 ** rng.uniform(0, 4, 60), 32)
    tone = np.sin(np.cumsum(np.repeat(rng.uniform(0, 2.5, 60), 32)))
    return np.clip(loudness * (tone + rng.normal(0, 0.3, len(tone))), -32768, 32767).astype(np.int16).reshape(-1, 1)


def model_of(rows, names, document):
    """Ten trees of a split each, at values of windows."""
    rng = np.random.default_rng(3)
    trees = []
    for index in range(10):
        column = index % len(names)
        trees.append({"feature": [column, -1, -1], "threshold": [float(rows[rng.integers(len(rows)), column]), 0, 0],
                      "left": [1, -1, -1], "right": [2, -1, -1], "value": [None, [1, 0], [0, 1]]})
    return {"format": "emlc-model", "version": 1, "name": "sounds",
            "input": {"n_features": len(names), "dtype": "float32", "feature_names": names},
            "output": {"task": "classification", "n_outputs": 2, "targets": [{"size": 2}], "decision": {"rule": "argmax"}},
            "signal": document,
            "model": {"kind": "tree_ensemble", "compare": "<=", "leaf": "vector", "aggregate": "mean", "trees": trees}}


class Integers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.write("doc.json", DOCUMENT)
        np.save(self.folder / "sound.npy", recording(1))
        self.rows = self.table("doc.json")
        self.integers = self.table("doc.json", "--arithmetic", "q15")
        names = [row["name"] for row in json.loads(self.run_emlc("inspect", "doc.json", "--json").stdout)["features"]]
        self.write("model.json", model_of(self.rows, names, DOCUMENT))

    def write(self, name, document):
        (self.folder / name).write_text(json.dumps(document))

    def run_emlc(self, *arguments, code=0):
        done = subprocess.run([EMLC, *arguments], cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def table(self, document, *options):
        self.run_emlc("features", document, "-q", "-i", "sound.npy", "-o", "X.npy", *options)
        return np.load(self.folder / "X.npy")

    def decisions(self, rows):
        trees = json.loads((self.folder / "model.json").read_text())["model"]["trees"]
        above = sum(rows[:, tree["feature"][0]] > np.float32(tree["threshold"][0]) for tree in trees)
        return 2 * above > len(trees)

    def test_features_are_those_of_the_document_that_says_so(self):
        self.assertTrue((self.rows != self.integers).any())
        self.write("fixed.json", {**DOCUMENT, "features": [{**SPECTRUM, "spectrum": {"n_fft": 64, "arithmetic": "q15"}}]})
        np.testing.assert_array_equal(self.table("fixed.json"), self.integers)

    def test_convert_says_how_far_off_features_and_decisions_are(self):
        said = self.run_emlc("convert", "model.json", "-o", "m.h", "--arithmetic", "q15", "--data", "sound.npy", "--summary",
                             "report.json").stderr
        off, deviation = np.abs(self.integers - self.rows), np.std(self.rows.astype(float), axis=0)
        self.assertIn("quantize-spectra", said)
        found = float(said.split("is off by up to ")[1].split(", ")[1].split(" of its")[0])
        self.assertAlmostEqual(found, (off.max(axis=0) / deviation).max(), delta=0.01 * found)
        report = json.loads((self.folder / "report.json").read_text())
        error = next(row for row in report["passes"] if row["name"] == "quantize-spectra")["error"]
        changed = np.mean(self.decisions(self.rows) != self.decisions(self.integers))
        self.assertEqual(error["inputs"], len(self.rows))
        self.assertAlmostEqual(error["changed_decisions"], changed, delta=1e-9)

    def test_without_recordings_nothing_is_measured_and_it_says_so(self):
        said = self.run_emlc("convert", "model.json", "-o", "m.h", "--arithmetic", "q15").stderr
        self.assertIn("features: not measured, the document has no recordings: give --data a recording", said)

    def test_verify_pushes_frames_through_the_header(self):
        self.run_emlc("convert", "model.json", "-q", "-o", "m.h", "--arithmetic", "q15")
        said = self.run_emlc("verify", "model.json", "m.h", "-i", "sound.npy").stdout
        self.assertIn("features and decisions the same", said)
        self.assertTrue(said.endswith("faithful\n"), said)
        header = (self.folder / "m.h").read_text()
        wrong = header.replace("+ 0x4000) >> 15", "+ 0x4000) >> 14").replace("(0x4000 + ", "(0x2000 + ")
        self.assertNotEqual(wrong, header)
        (self.folder / "m.h").write_text(wrong)
        done = subprocess.run([EMLC, "verify", "model.json", "m.h", "-i", "sound.npy"], cwd=self.folder,
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 1)

    def refused(self, document, *options):
        self.write("refused.json", document)
        return self.run_emlc("features", "refused.json", "-i", "sound.npy", "-o", "-", *options, code=2).stderr

    def test_refusals(self):
        for options, problem in [
                ((), "'flatness' has no form in q15, expected the arithmetic float"),
                (("--arithmetic", "q31"), "--arithmetic: is q31, spectra are in float or in q15")]:
            fixed = {**SPECTRUM, "spectrum": {"arithmetic": "q15"}, "take": ["flatness"]}
            self.assertIn(problem, self.refused({**DOCUMENT, "features": [fixed if not options else SPECTRUM]}, *options))
        said = self.refused({**DOCUMENT, "features": [{"of": "x", "take": "mean"}]}, "--arithmetic", "q15")
        self.assertIn("--arithmetic: is for spectra and filters, and the signal has no feature of a spectrum", said)
        said = self.refused({**DOCUMENT, "features": [{**SPECTRUM, "take": ["flatness"]}]}, "--arithmetic", "q15")
        self.assertIn("refused.json:1: features[0].take[0]: 'flatness' has no form in q15", said)
        said = self.refused({**DOCUMENT, "features": [{**SPECTRUM, "spectrum": {"arithmetic": "q7"}}]})
        self.assertIn("features[0].spectrum.arithmetic", said)


if __name__ == "__main__":
    unittest.main()
