"""The module emlc (cli/python): what its functions return is what the estimator says, and what the program writes.

    emlc_test.py    of the sources, with the program EMLC; or of an installed wheel (--installed)
"""

import hashlib
import html.parser
import json
import os
import pathlib
import subprocess
import sys
import unittest

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
if "--installed" in sys.argv:
    sys.argv.remove("--installed")
    os.environ.pop("EMLC", None)
else:
    sys.path[:0] = [str(ROOT / "cli/python"), str(ROOT / "formats/exporters")]

import tempfile  # noqa: E402

import emlc  # noqa: E402

MODELS = ROOT / "tests/data/models"
DIGITS = MODELS / "digits_rf10"


def table(path):
    return np.loadtxt(path, delimiter=",", ndmin=2)


class Page(html.parser.HTMLParser):
    """Refuses tags that do not close in order, and keeps the text."""

    def __init__(self, content):
        super().__init__()
        self.open, self.text = [], ""
        self.feed(content)
        self.close()
        assert self.open == [], self.open

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text += data


class Functions(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.X = table(DIGITS / "X_test.csv")
        self.y = (DIGITS / "y_test.csv").read_text().split()

    def test_run(self):
        found = emlc.run(DIGITS / "model.json", self.X)
        trained = [int(float(line.split(",")[0])) for line in (DIGITS / "y_pred.csv").read_text().split() if line[0].isdigit()]
        self.assertEqual(found.labels, trained)
        self.assertEqual(found.values.shape, (len(self.X), 10))
        np.testing.assert_allclose(found.values.sum(axis=1), 1, atol=1e-6)
        for X in (self.X.astype("int64"), self.X.astype("float32"), self.X.tolist(), DIGITS / "X_test.csv"):
            self.assertEqual(emlc.run(str(DIGITS / "model.json"), X).labels, trained)

    def test_regression_has_no_labels(self):
        folder = MODELS / "diabetes_rfr"
        found = emlc.run(folder / "model.json", table(folder / "X_test.csv"))
        self.assertIsNone(found.labels)
        self.assertEqual(found.values.shape[1], 1)

    def test_convert(self):
        output = self.folder / "digits.h"
        made = emlc.convert(DIGITS / "model.json", output, data=self.X, labels=self.y, voting="hard",
                            target=["cortex-m0plus", "esp32"])
        self.assertEqual((made.path, made.output), (output, "c"))
        self.assertEqual(made.flash, sum(part["bytes"] for part in made.summary["parts"]))
        self.assertEqual((made.targets["cortex-m0plus"].source, made.targets["esp32"].source), ("estimate", None))
        found = emlc.run(DIGITS / "model.json", self.X, as_emitted=True, to="c", voting="hard")
        right = np.mean([str(label) == true for label, true in zip(found.labels, self.y)])
        self.assertAlmostEqual(made.accuracy, right)
        again = self.folder / "again.h"
        emlc.convert(DIGITS / "model.json", output, data=DIGITS / "X_test.csv", voting="hard")
        subprocess.run([emlc.path(), "convert", DIGITS / "model.json", "-o", again, "-q", "--voting", "hard", "--data",
                        DIGITS / "X_test.csv"], check=True)
        self.assertEqual(output.read_text(), again.read_text())
        page = Page(made._repr_html_())
        self.assertIn("cortex-m0plus", page.text)
        self.assertIn(f"{100 * made.accuracy:.2f} %", page.text)

    def test_verify(self):
        output = self.folder / "digits.h"
        emlc.convert(DIGITS / "model.json", output)
        found = emlc.verify(DIGITS / "model.json", output, X=self.X, labels=self.y)
        self.assertTrue(found)
        self.assertTrue(found.is_proved)
        self.assertEqual([(row.inputs, row.tried) for row in found.comparisons if row.inputs == "X"], [("X", len(self.X))])
        Page(found._repr_html_())
        emlc.convert(DIGITS / "model.json", output, voting="hard")
        found = emlc.verify(DIGITS / "model.json", output)
        self.assertTrue(found and found.against_trained)
        found = emlc.verify(DIGITS / "model.json", output, voting="soft")
        self.assertFalse(found)
        self.assertTrue(found.problems)
        Page(found._repr_html_())

    def test_fit(self):
        output = self.folder / "digits.h"
        found = emlc.fit(DIGITS / "model.json", output, data=self.X, labels=self.y, max_flash="3KiB", max_loss=0.05,
                         trials=12)
        self.assertTrue(found)
        self.assertEqual((found.path, found.measure, found.trials, found.ending), (output, "accuracy", 12, "trials"))
        written = output.read_bytes()
        self.assertEqual(hashlib.sha256(written).hexdigest(), found.chosen.sha256)
        meeting = [point for point in found.points if point.meets]
        self.assertTrue(all(point.flash <= 3072 and point.validation.loss <= 0.05 for point in meeting))
        self.assertEqual(found.chosen.flash, min(point.flash for point in meeting))
        again = emlc.convert(DIGITS / "model.json", self.folder / "again.h", **found.chosen.options)
        self.assertEqual((self.folder / "again.h").read_bytes(), written)
        self.assertEqual(again.flash, found.chosen.flash)
        told = subprocess.run([emlc.path(), "fit", DIGITS / "model.json", "--data", DIGITS / "X_test.csv", "--labels",
                               DIGITS / "y_test.csv", "--max-flash", "3KiB", "--max-loss", "0.05", "--trials", "12", "-q",
                               "--json"], check=True, capture_output=True, text=True).stdout
        rows = json.loads(told)["points"]
        self.assertEqual([(row["flash"], row["validation"]["device"]) for row in rows],
                         [(point.flash, point.validation.device) for point in found.points])
        page = Page(found._repr_html_())
        self.assertIn(f"chosen: {found.chosen.flash} bytes of flash", page.text)
        self.assertEqual(found._repr_html_().count("<circle"), len(found.points))

    def test_fit_finds_nothing(self):
        output = self.folder / "digits.h"
        found = emlc.fit(DIGITS / "model.json", output, data=self.X, labels=self.y, max_flash=50, trials=3)
        self.assertFalse(found)
        self.assertEqual((found.chosen, found.path, output.exists()), (None, None, False))
        self.assertIn(found.nearest, found.points)
        self.assertIn("no point meets what was asked", Page(found._repr_html_()).text)

    def test_pages_of_answers(self):
        shown = Page(emlc.run(DIGITS / "model.json", self.X)._repr_html_())
        self.assertIn(f"and {len(self.X) - 10} more", shown.text)
        folder = MODELS / "diabetes_rfr"
        found = emlc.run(folder / "model.json", table(folder / "X_test.csv")[:3])
        shown = Page(found._repr_html_())
        self.assertIn(f"{found.values[2, 0]:.4g}", shown.text)
        self.assertNotIn("label", shown.text)

    def test_estimators(self):
        try:
            from sklearn.ensemble import RandomForestClassifier
        except ImportError:
            self.skipTest("no scikit-learn")
        names = np.array(["calm", "walk", "run"])
        forest = RandomForestClassifier(5, max_depth=4, random_state=1).fit(self.X, names[np.arange(len(self.X)) % 3])
        made = emlc.convert(forest, self.folder / "moves.tmdl", X=self.X, export={"dtype": "uint8", "name": "moves"})
        self.assertGreater(made.flash, 0)
        self.assertEqual(made.summary["name"], "moves")
        self.assertEqual(emlc.run(forest, self.X).labels, list(forest.predict(self.X)))

    def test_models_that_save_themselves(self):
        """By stand-ins, which save a file of the library; tests/pypi/estimators.py has the libraries."""
        file = ROOT / "tests/data/boosted_digits/digits_xgb/model.json"

        def save_model(_self, path):
            pathlib.Path(path).write_bytes(file.read_bytes())

        booster = type("Booster", (), {"__module__": "xgboost.core", "save_model": save_model})()
        inside = type("LGBMClassifier", (), {"__module__": "lightgbm.sklearn", "booster_": booster})()
        expected = emlc.run(file, self.X)
        for model in (booster, inside):
            self.assertEqual(emlc.run(model, self.X).labels, expected.labels)
        output = self.folder / "digits.h"
        made = emlc.convert(booster, output, X=self.X, labels=self.y, name="digits")
        self.assertEqual(made.summary["name"], "digits")
        self.assertGreater(made.accuracy, 0.9)
        with self.assertRaisesRegex(emlc.Error, "^what export.. takes is for estimators of scikit-learn; the Booster saves"):
            emlc.convert(booster, output, export={"dtype": "uint8"})
        unfitted = type("XGBClassifier", (), {"__module__": "xgboost.sklearn"})()
        with self.assertRaisesRegex(emlc.Error, "^the XGBClassifier does not save itself: "):
            emlc.convert(unfitted, output)
        with self.assertRaisesRegex(emlc.Error, "^cannot export a XGBClassifier: emlc reads the file that its save_model"):
            emlc.export(unfitted, None, self.folder / "m.json")

    def test_refused(self):
        output = self.folder / "digits.h"
        cases = [
            ("cannot read 'none.json': ", lambda: emlc.convert("none.json", output)),
            ("unknown option '--vooting', did you mean '--voting'", lambda: emlc.convert(DIGITS / "model.json", output, vooting=1)),
            ("data: ", lambda: emlc.convert(DIGITS / "model.json", output, leaf_bits=8, data=self.X[:, :3])),
            ("data has cells that are no numbers", lambda: emlc.convert(DIGITS / "model.json", output, data=[["a", "b"]])),
            ("labels:4: ", lambda: emlc.convert(DIGITS / "model.json", output, data=self.X, labels=[*self.y[:3], "x", *self.y[4:]])),
            ("X and what export() takes are for estimators", lambda: emlc.convert(DIGITS / "model.json", output, X=self.X)),
            ("cannot read ", lambda: emlc.verify(DIGITS / "model.json", output)),
            ("X: ", lambda: emlc.run(DIGITS / "model.json", self.X[:, :5])),
            ("data: ", lambda: emlc.fit(DIGITS / "model.json", data=self.X[:, :5])),
            ("--max-loss: ", lambda: emlc.fit(DIGITS / "model.json", data=self.X, max_loss="much")),
            ("cannot read 'none.json'", lambda: emlc.features("none.json", self.X)),
            ("no estimator", lambda: emlc.export(object())),
        ]
        for text, call in cases:
            with self.subTest(text=text), self.assertRaises(emlc.Error) as refused:
                call()
            self.assertIn(text, str(refused.exception))
            self.assertNotIn(tempfile.gettempdir() + "/emlc-", str(refused.exception))
        self.assertFalse(output.exists())
        with self.assertRaisesRegex(emlc.OverBudget, "more than --max-flash 100 allows"):
            emlc.convert(DIGITS / "model.json", output, max_flash=100)
        self.assertFalse(output.exists())

    def test_features(self):
        document = ROOT / "tests/data/signals/har.signal.json"
        frames = (np.arange(3 * 300).reshape(300, 3) * 7919 % 4001 - 2000).astype("int16")
        values, names, index = emlc.features(document, frames)
        before = np.vstack([frames[:1], frames[:1], frames])
        smooth = np.median([before[:-2], before[1:-1], before[2:]], axis=0)
        expected = [smooth[row.first_frame:row.first_frame + 128, 0].max() for row in index]
        self.assertEqual([row.first_frame for row in index], [0, 64, 128])
        self.assertEqual(list(values[:, names.index("m_x_max")]), expected)
        found = emlc.features(document, [frames], labels=None)
        self.assertIsInstance(found, emlc.Features)
        self.assertEqual(found.index[1], emlc.Window(0, 64, None))
        self.assertIn("3 windows, %d features" % len(names), Page(found._repr_html_()).text)

    def test_command(self):
        told = subprocess.run([emlc.path(), "--version"], check=True, capture_output=True, text=True).stdout
        self.assertIn(emlc.__version__, told)


if __name__ == "__main__":
    unittest.main()
