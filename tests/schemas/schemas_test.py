#!/usr/bin/env python3
"""What emlc (the variable EMLC) writes as JSON is as docs/schemas says, for models of all kinds and the options that add
keys; and the schemas refuse documents with a key more, one less or one of another type."""

import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests/exporters"))

sys.path.insert(0, str(SOURCE / "tests/signals"))

import documents  # noqa: E402
import schema  # noqa: E402

EMLC = os.path.abspath(os.environ["EMLC"])
MODELS, GOLDEN = SOURCE / "tests/data/models", SOURCE / "tests/golden"
GRAPH = SOURCE / "tests/data/graphs/onnx-1.23.2/skl_scaler_mlp/model.onnx"
# Model, options: each kind, what is approximate, what has targets, labels and outputs of other forms.
CONVERSIONS = [
    ("digits_rf10", "-o o.h"),
    ("digits_rf10", "-o o.h --voting hard --data {X} --labels {y} --target cortex-m0plus,rv32imc"),
    ("digits_rf10", "-o o.csv --voting hard"),
    ("digits_mlp", "-o o.tmdl --weights int8"),
    ("iris_dt", "-o o.c --section .models"),
    ("digits_mlp", "-o o.hpp --weights int16 --data {X} --labels {y}"),
    ("diabetes_rfr", "-o o.h --leaf-bits 8 --data {X} --labels {y}"),
    ("diabetes_mlpr", "-o o.h --use-runtime"),
    ("butter4_1k_16k", "-o o.h --arithmetic q15"),
    ("aweight_16k", "-o o.csv"),
]
INSPECTIONS = [("digits_rf10", ""), ("digits_mlp", "--weights int8"), ("butter4_1k_16k", "--arithmetic q31"),
               ("diabetes_mlpr", ""), ("cancer_gbc", ""), ("iris_vote", ""), ("../networks/tfjs-4.22.0/bn_leaky_reg", "")]

GESTURE = SOURCE / "examples/gesture/gesture.json"

SIGNAL = json.loads((SOURCE / "docs/emlc-signal.schema.json").read_text())


def schema_of(name):
    return json.loads((SOURCE / f"docs/schemas/emlc.{name}.schema.json").read_text())


class Schemas(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def emlc(self, *arguments, code=0):
        done = subprocess.run([EMLC, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout

    def assert_fits(self, name, document):
        self.assertEqual(document["schema"], f"emlc.{name}/1")
        self.assertEqual(schema.errors(document, schema_of(name)), [])

    def converted(self, model, options):
        folder = MODELS / model
        options = options.format(X=folder / "X_test.csv", y=folder / "y_test.csv").split()
        self.emlc("convert", folder / "model.json", "-q", *options, "--summary", "summary.json", "--size-report",
                  "size.json", "--report", "report.json")
        return {name: json.loads((self.folder / f"{name}.json").read_text()) for name in ("summary", "size", "report")}

    def test_conversions(self):
        keys = set()
        for model, options in CONVERSIONS:
            with self.subTest(model=model, options=options):
                documents = self.converted(model, options)
                for name, document in documents.items():
                    self.assert_fits(name, document)
                keys |= set(documents["summary"])
        self.emlc("convert", GESTURE, "-q", "-o", "o.h", "--summary", "summary.json")
        told = json.loads((self.folder / "summary.json").read_text())
        self.assert_fits("summary", told)
        self.assert_decides_as_documented(told["decision"])
        self.assertEqual(keys | set(told), set(schema_of("summary")["properties"]))  # every key was seen

    def assert_decides_as_documented(self, told):
        """Besides what the document says, the hold in windows."""
        self.assertEqual(told.pop("hold_windows"), 4)  # a second at 100 Hz is more than three hops of 32
        self.assertEqual(told, json.loads(GESTURE.read_text())["decision"])

    def verified(self, model, artifact, options="", code=0):
        folder = MODELS / model
        self.emlc("convert", folder / "model.json", "-q", "-o", artifact, *options.split())
        return json.loads(self.emlc("verify", folder / "model.json", artifact, "--json", *options.split(), code=code))

    def test_verifications(self):
        """Forms of proof and of outputs; counts are held against those that are known, or follow from others."""
        labelled = ["-i", MODELS / "digits_rf10/X_test.csv", "--labels", MODELS / "digits_rf10/y_test.csv"]
        self.emlc("convert", MODELS / "digits_rf10/model.json", "-q", "-o", "o.h", "--voting", "hard")
        told = json.loads(self.emlc("verify", MODELS / "digits_rf10/model.json", "o.h", "--json", "--voting", "hard", *labelled))
        keys = set(told)
        self.assert_fits("verify", told)
        self.assertEqual((told["faithful"], told["proof"]["verdict"]), (True, "proved"))
        n_rows = len((MODELS / "digits_rf10/y_test.csv").read_text().split())
        self.assertEqual(told["labels"]["inputs"], n_rows)
        self.assertEqual([row["same_decision"] for row in told["comparisons"]], [row["tried"] for row in told["comparisons"]])
        for model, artifact in [("diabetes_rfr", "o.tmdl"), ("digits_mlp", "o.h"), ("butter4_1k_16k", "o.h")]:
            with self.subTest(model=model):
                told = self.verified(model, artifact)
                self.assert_fits("verify", told)
                self.assertTrue(told["faithful"])
                keys |= set(told)
        self.assertEqual(keys, set(schema_of("verify")["properties"]))  # every key was seen

    def test_verification_that_fails(self):
        self.emlc("convert", MODELS / "digits_rf10/model.json", "-q", "-o", "o.h", "--voting", "hard", "--layout", "table")
        told = json.loads(self.emlc("verify", MODELS / "digits_rf10/model.json", "o.h", "--json", "--voting", "soft", code=1))
        self.assert_fits("verify", told)
        self.assertFalse(told["faithful"])
        self.assertTrue(told["problems"])

    def test_signals(self):
        document = SOURCE / "tests/data/signals/har.signal.json"
        self.assertEqual(schema.errors(json.loads(document.read_text()), SIGNAL), [])
        self.assert_fits("inspect", json.loads(self.emlc("inspect", document, "--json")))
        for seed in range(200):
            self.assertEqual(schema.errors(documents.document(seed)[0], SIGNAL), [], seed)
        for seed in range(6):  # some have filters in integers
            path = self.folder / "random.signal.json"
            path.write_text(json.dumps(documents.document(seed)[0]))
            done = subprocess.run([EMLC, "inspect", path, "--json"], capture_output=True, text=True, check=False)
            if done.returncode == 0:
                self.assert_fits("inspect", json.loads(done.stdout))

    def test_signal_schema_refuses(self):
        good = json.loads((SOURCE / "tests/data/signals/har.signal.json").read_text())
        for path, value in [(["version"], 2), (["window", "hop"], 0), (["input", "dtype"], "float64"), (["windows"], 1),
                            (["signals", "m"], {"median4": "x"}), (["signals", "9"], {"abs": "x"}),
                            (["features", 0, "take"], "average"), (["features", 0, "take"], {"quantile": 2}),
                            (["features"], []), (["features", 0], {"of": "x", "take": "centroid"}),
                            (["features", 0], {"of": "x", "spectrum": {}, "take": "mean"}),
                            (["features", 0], {"of": "x", "spectrum": {"n_fft": 100}, "take": "centroid"}),
                            (["features", 0], {"of": "x", "spectrum": {}, "take": {"mfcc": 13}})]:
            document = copy.deepcopy(good)
            place = document
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = value
            self.assertNotEqual(schema.errors(document, SIGNAL), [], path)

    def behind_steps(self):
        """A stump behind a product and a function."""
        stump = {"kind": "tree_ensemble", "compare": "<=", "leaf": "scalar", "aggregate": "sum",
                 "trees": [{"feature": [1, -1, -1], "threshold": [0.5, 0, 0], "left": [1, -1, -1],
                            "right": [2, -1, -1], "value": [None, 0, 1]}]}
        steps = [{"kind": "linear", "weights": [[1, 0, 0], [0, 1, 1]], "bias": [0, 0]},
                 {"kind": "function", "name": "abs"}]
        path = self.folder / "steps.json"
        path.write_text(json.dumps({"format": "emlc-model", "version": 1, "input": {"n_features": 3},
                                    "output": {"task": "regression", "n_outputs": 1},
                                    "model": {"kind": "pipeline", "steps": [*steps, stump]}}))
        return path

    def test_inspections(self):
        for model, options in INSPECTIONS:
            with self.subTest(model=model):
                self.assert_fits("inspect", json.loads(self.emlc("inspect", MODELS / model / "model.json", "--json",
                                                                 *options.split())))
        told = json.loads(self.emlc("inspect", self.behind_steps(), "--json"))
        self.assert_fits("inspect", told)
        self.assertEqual([(step["kind"], step["columns_behind"], step["became"]) for step in told["steps"]],
                         [("linear", 2, "code in front of the model"), ("function", 2, "part of the comparisons")])
        told = json.loads(self.emlc("inspect", GESTURE, "--json"))
        self.assert_fits("inspect", told)
        self.assert_decides_as_documented(told["decision"])
        told = json.loads(self.emlc("inspect", GRAPH, "--json"))
        self.assert_fits("inspect", told)
        self.assertEqual(told["nodes"][0]["op"], "Scaler")
        self.assert_fits("inspect", json.loads(self.emlc("inspect", __file__, "--json", code=2)))

    def test_check(self):
        model = MODELS / "digits_rf10"
        command = ["check", model / "model.json", "--baseline", "sizes.json", "--data", model / "X_test.csv", "--labels",
                   model / "y_test.csv", "--target", "cortex-m0plus,rv32imc", "--format", "json"]
        self.assert_fits("check", json.loads(self.emlc(*command, "--update")))
        self.assert_fits("sizes", json.loads((self.folder / "sizes.json").read_text()))
        told = json.loads(self.emlc(*command, "--voting", "hard", "--min-accuracy", "99%", "--max-growth", "1B", code=1))
        self.assert_fits("check", told)
        self.assertTrue(told["exceeded"])
        self.assert_fits("check", json.loads(self.emlc("check", "none.json", "--format", "json", code=3)))

    def test_fit(self):
        keys = set()
        for model, options in (("cancer_gbc", "--target cortex-m0plus --max-flash 9kB"), ("digits_mlp", "--split-seed 2"),
                               ("diabetes_rfr", "--max-loss 0.05")):
            folder = MODELS / model
            told = json.loads(self.emlc("fit", folder / "model.json", "--data", folder / "X_test.csv", "--labels",
                                        folder / "y_test.csv", "--trials", 12, "--json", *options.split()))
            self.assert_fits("fit", told)
            keys |= set(told["points"][0])
        self.assertEqual(keys, set(schema_of("fit")["anyOf"][0]["properties"]["points"]["items"]["properties"]))
        self.assert_fits("fit", json.loads(self.emlc("fit", MODELS / "iris_dt/model.json", "--json", code=2)))

    def test_project_repeats_a_fit(self):
        folder = MODELS / "cancer_gbc"
        for name in ("model.json", "X_test.csv"):
            (self.folder / name).write_bytes((folder / name).read_bytes())
        told = self.emlc("fit", "model.json", "--data", "X_test.csv", "--trials", 24, "-o", "fitted.h", "--json")
        (self.folder / "cancer.fit.json").write_text(told)
        project = {"schema": "emlc.project/1",
                   "models": [{"model": "model.json", "output": "built.h", "fit": "cancer.fit.json"}]}
        self.assert_fits("project", project)
        (self.folder / "emlc.json").write_text(json.dumps(project))
        self.emlc("convert", "--all", "-q")
        self.assertEqual((self.folder / "built.h").read_text(), (self.folder / "fitted.h").read_text())
        self.emlc("check")
        project["models"][0]["options"] = {"leaf-bits": 12}
        (self.folder / "emlc.json").write_text(json.dumps(project))
        done = subprocess.run([EMLC, "check"], cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0)
        self.assertIn("is not what emlc fit found in 'cancer.fit.json'", done.stderr)

    def test_project(self):
        model = str(MODELS / "iris_dt")
        entry = {"model": model + "/model.json", "output": "iris.h", "options": {"source": "iris.c", "leaf-bits": 8},
                 "data": model + "/X_test.csv", "labels": model + "/y_test.csv", "min_accuracy": "80%", "max_flash": "9kB"}
        project = {"schema": "emlc.project/1", "targets": ["cortex-m0plus"], "models": [entry]}
        self.assert_fits("project", project)
        (self.folder / "emlc.json").write_text(json.dumps(project))
        self.emlc("convert", "--all", "-q")
        self.emlc("check")

    def test_changed_documents_do_not_fit(self):
        documents = self.converted(*CONVERSIONS[0])
        for name, document in documents.items():
            rules = schema_of(name)
            for key in document:
                less, other = copy.deepcopy(document), copy.deepcopy(document)
                del less[key]
                other[key] = 1.5 if not isinstance(document[key], (int, float)) else "text"
                self.assertNotEqual(schema.errors(less, rules), [] if key in rules["required"] else None, (name, key))
                self.assertNotEqual(schema.errors(other, rules), [], (name, key))
            self.assertNotEqual(schema.errors(dict(document, more=1), rules), [], name)


if __name__ == "__main__":
    unittest.main()
