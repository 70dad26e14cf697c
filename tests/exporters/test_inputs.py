"""emlc_export: input types, test rows and the file that is written."""

import io
import json
import math
import os
import pathlib
import re
import tempfile
import unittest

import numpy as np
import sklearn
from common import GRID, ROOT, SCHEMA, XOR, grid_tree
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

import emlc_export
import interpreter
import schema
from emlc_export import export


class InputTest(unittest.TestCase):
    def test_dtype_follows_the_array(self):
        for given, expected in {"uint8": "uint8", "int8": "int8", "int16": "int16", "int32": "int32", "bool": "uint8",
                                "uint16": "int32", "int64": "int32", "uint32": "int32", "uint64": "int32",
                                "float16": "float32", "float32": "float32", "float64": "float32"}.items():
            with self.subTest(given):
                self.assertEqual(export(grid_tree(), GRID.astype(given))["input"]["dtype"], expected)

    def test_dtype_follows_the_numbers_of_a_list(self):
        self.assertEqual(export(grid_tree(), GRID.tolist())["input"]["dtype"], "int32")
        self.assertEqual(export(grid_tree(), [[0, 1], [2, 3.5]])["input"]["dtype"], "float32")

    def test_dtype_that_is_asked_for_wins(self):
        for asked in ("uint8", np.uint8, np.dtype("uint8")):
            document = export(grid_tree(), GRID.astype(float), dtype=asked)
            self.assertEqual(document["input"]["dtype"], "uint8")
            self.assertEqual(document["test_vectors"]["inputs"][0], [0, 0])
            self.assertIsInstance(document["test_vectors"]["inputs"][0][0], int)

    def test_rows_are_spread_over_X(self):
        X = np.column_stack([np.arange(1000), np.zeros(1000)])
        first = [row[0] for row in export(grid_tree(), X)["test_vectors"]["inputs"]]
        self.assertEqual((first[0], first[-1], len(first)), (0, 999, 40))
        self.assertLessEqual(max(b - a for a, b in zip(first, first[1:])), 26)

    def test_few_rows_are_all_there(self):
        self.assertEqual(export(grid_tree(), GRID[:3])["test_vectors"]["inputs"], [[0, 0], [0, 1], [0, 2]])
        self.assertEqual(len(export(grid_tree(), GRID[:1])["test_vectors"]["inputs"]), 1)

    def test_without_X_there_are_no_vectors(self):
        document = export(grid_tree())
        self.assertNotIn("test_vectors", document)
        self.assertEqual(document["input"]["dtype"], "float32")
        self.assertEqual(schema.errors(document, SCHEMA), [])

    def test_floats_are_rounded_to_float32_before_the_estimator_sees_them(self):
        tree = DecisionTreeClassifier().fit([[0.1], [0.3]], [0, 1])
        vectors = export(tree, [[0.2], [0.2000000001], [0.20000002]])["test_vectors"]
        self.assertEqual(vectors["inputs"], [[0.20000000298023224], [0.20000000298023224], [0.20000001788139343]])
        self.assertEqual(vectors["labels"], [0, 0, 1])
        vectors = export(tree, [[0.2000000001]], dtype="float64")["test_vectors"]
        self.assertEqual(vectors["inputs"], [[0.2000000001]])

    def test_hist_gradient_boosting_compares_doubles(self):
        X = np.array([[1.0], [1.0 + 1e-12]] * 20)
        model = HistGradientBoostingRegressor(max_iter=1, min_samples_leaf=1).fit(X, X[:, 0] > 1)
        document = export(model, X, dtype="float64")
        for row, expected in zip(X, model.predict(X)):
            self.assertEqual(interpreter.outputs(document, row), [expected])

    def test_forests_sum_on_one_thread(self):
        asked = []

        class Forest(RandomForestClassifier):
            def predict_proba(self, X):
                asked.append(self.n_jobs)
                return super().predict_proba(X)

        forest = Forest(3, n_jobs=2).fit(GRID, XOR)
        export(forest, GRID)
        export(make_pipeline(StandardScaler(), Forest(3, n_jobs=2)).fit(GRID, XOR), GRID)
        self.assertEqual((set(asked), forest.n_jobs), ({1}, 2))

    def test_feature_names_come_from_the_data_frame(self):
        tree = grid_tree()
        tree.feature_names_in_ = np.array(["width", "height"], dtype=object)
        self.assertEqual(export(tree, GRID)["input"]["feature_names"], ["width", "height"])
        self.assertEqual(export(tree, GRID, feature_names=["a", "b"])["input"]["feature_names"], ["a", "b"])

    def test_ranges_are_written_when_asked_for(self):
        described = export(grid_tree(), GRID, feature_min=np.array([0, 0]), feature_max=[7, 7.0])["input"]
        self.assertEqual((described["feature_min"], described["feature_max"]), ([0.0, 0.0], [7.0, 7.0]))
        self.assertNotIn("feature_min", export(grid_tree(), GRID)["input"])


class FileTest(unittest.TestCase):
    def test_the_file_holds_the_document(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "xor.json")
            document = export(grid_tree(), GRID, path, name="parity")
            self.assertEqual(json.loads(pathlib.Path(path).read_text()), document)
        self.assertEqual(document["name"], "parity")
        stream = io.StringIO()
        export(grid_tree(), GRID, stream, name="parity")
        self.assertEqual(json.loads(stream.getvalue()), document)

    def test_the_producer_is_named(self):
        self.assertEqual(export(grid_tree())["producer"],
                         {"tool": "emlc_export", "tool_version": emlc_export.__version__, "library": "scikit-learn",
                          "library_version": sklearn.__version__, "estimator": "DecisionTreeClassifier"})

    def test_the_version_is_the_one_of_emlc(self):
        cmake = (ROOT / "CMakeLists.txt").read_text()
        self.assertEqual(emlc_export.__version__, re.search(r"project\(emlc VERSION ([0-9.]+)", cmake).group(1))

    def test_nothing_is_written_for_a_model_with_a_number_that_is_not_finite(self):
        model = LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0])
        model.coef_[0] = math.nan
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "line.json")
            with self.assertRaisesRegex(ValueError, r"^model\.layers\[0\]\.weights\[0\]\[0\] is not a finite number$"):
                export(model, file=path)
            self.assertFalse(os.path.exists(path))
