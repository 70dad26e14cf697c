"""docs/exporter.md: the tables are those of the exporter, and name every estimator of scikit-learn."""

import pathlib
import subprocess
import sys
import unittest
import warnings

from common import ROOT

from emlc_export import SUPPORTED
from emlc_export.reference import BY_NAME, reference
from emlc_export.refused import REASONS, reason_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import sklearn.experimental.enable_halving_search_cv  # noqa: F401
    import sklearn.experimental.enable_iterative_imputer  # noqa: F401
    from sklearn.utils import all_estimators


class ReferenceTest(unittest.TestCase):
    def test_every_estimator_is_supported_or_refused(self):
        names = {name for name, _ in all_estimators()}
        self.assertGreater(len(names), 180)
        for name in sorted(names):
            with self.subTest(name):
                self.assertTrue((name in SUPPORTED) != (reason_of(name) is not None))

    def test_the_tables_have_each_of_them_once_as_a_model_and_once_as_a_step(self):
        tables = reference()
        for name in SUPPORTED:
            with self.subTest(name):
                found = [heading for heading, lines in tables.items() if any(
                    name in line.split(" | ")[0].lstrip("| ").split(", ") for line in lines)]
                self.assertTrue(found and "Refused" not in found, found)
        for name in REASONS:
            self.assertTrue(any(name in line for line in tables["Refused"]), name)
        self.assertTrue(set(BY_NAME) <= set(SUPPORTED))

    def test_reasons_are_sentences(self):
        for name, reason in REASONS.items():
            self.assertRegex(reason, r"^[a-z].* .*[a-z)*]$", name)

    def test_the_page_has_the_tables(self):
        script = pathlib.Path(ROOT) / "scripts" / "exporter-reference"
        done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_package_prints_them(self):
        done = subprocess.run([sys.executable, "-m", "emlc_export"], cwd=ROOT / "formats" / "exporters", capture_output=True,
                              text=True, check=True)
        self.assertEqual(done.stdout.count("## "), len(reference()))
        self.assertIn("| GaussianNB |", done.stdout)


if __name__ == "__main__":
    unittest.main()
