"""emlc_export: what scikit-learn changed after the version these tests run with, by stand-ins."""

import math
import sys
import types
import unittest
from unittest import mock

import numpy as np
import sklearn
from common import GRID, SCHEMA, XOR
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression

import interpreter
import schema
from emlc_export import export


def stub_tree(value, **more):
    """A scikit-learn tree_ by hand: x0 <= 0.5 goes left."""
    return types.SimpleNamespace(
        children_left=np.array([1, -1, -1]), children_right=np.array([2, -1, -1]), feature=np.array([0, -2, -2]),
        threshold=np.array([0.5, -2.0, -2.0]), value=np.array(value), node_count=3, **more)


def stub_classifier(takes_missing, **more):
    """A DecisionTreeClassifier as a later scikit-learn leaves it: proportions, and NaN goes left when it is taken."""
    rows = [[[0.5, 0.25, 0.25]], [[0.1, 0.2, 0.7]], [[1.0, 0.0, 0.0]]]  # 0.1 + 0.2 + 0.7 is not 1

    def predict_proba(self, X):
        return np.array([rows[2][0] if x[0] > 0.5 else rows[1][0] for x in X])

    def predict(self, X):
        if any(math.isnan(x[0]) for x in X) and not takes_missing:
            raise ValueError("Input X contains NaN.")
        return self.classes_[np.argmax(self.predict_proba(X), axis=1)]

    body = {"__module__": "sklearn.tree._classes", "predict_proba": predict_proba, "predict": predict,
            "classes_": np.array([0, 1, 2]), "n_features_in_": 1, "tree_": stub_tree(rows, **more)}
    return type("DecisionTreeClassifier", (), body)()


def stub_max_abs_scaler(clip):
    """A MaxAbsScaler with what 1.9 adds: what was larger in absolute value than all of the training stays within 1."""
    def transform(self, X):
        scaled = np.asarray(X, float) / self.scale_
        return np.clip(scaled, -1.0, 1.0) if self.clip else scaled

    body = {"__module__": "sklearn.preprocessing._data", "transform": transform, "scale_": np.array([2.0, 0.5]),
            "n_features_in_": 2, "clip": clip}
    return type("MaxAbsScaler", (), body)()


class VersionTest(unittest.TestCase):
    def test_max_abs_scaler_clips_from_1_9(self):
        rows = [[0.0, 0.0], [2.0, -0.5], [5.0, -0.75], [-2.5, 0.4]]
        for clip in (True, False):
            scaler = stub_max_abs_scaler(clip)
            document = export(scaler, rows)
            self.assertEqual(schema.errors(document, SCHEMA), [])
            for row, expected in zip(rows, scaler.transform(rows)):
                self.assertEqual(interpreter.outputs(document, row), list(expected))

    def test_proportions_are_not_divided_again_from_1_3(self):
        with mock.patch.object(sklearn, "__version__", "1.4.0"):
            document = export(stub_classifier(False), [[0.0], [1.0]])
        self.assertEqual(document["model"]["trees"][0]["value"], [None, [0.1, 0.2, 0.7], [1.0, 0.0, 0.0]])
        self.assertEqual(interpreter.outputs(document, [0.0]), document["test_vectors"]["outputs"][0])

    def test_missing_values_go_their_way_from_1_3(self):
        with mock.patch.object(sklearn, "__version__", "1.4.0"):
            document = export(stub_classifier(True, missing_go_to_left=np.array([1, 0, 0], dtype="uint8")),
                              [[0.0], [1.0], [math.nan]])
        self.assertEqual(document["model"]["missing"], "nan")
        self.assertEqual(document["model"]["trees"][0]["default_left"], [True, False, False])
        self.assertEqual(document["test_vectors"]["inputs"][2], [None])
        self.assertEqual(interpreter.outputs(document, [None]), [0.1, 0.2, 0.7])
        self.assertEqual(schema.errors(document, SCHEMA), [])

    def test_1_3_has_counts_as_before(self):
        tree = stub_classifier(False)
        tree.tree_.value = np.array([[[4.0, 2.0, 2.0]], [[1.0, 1.0, 2.0]], [[4.0, 0.0, 0.0]]])
        tree.tree_.missing_go_to_left = np.array([0, 0, 0], dtype="uint8")
        answers = np.array([[0.25, 0.25, 0.5], [1.0, 0.0, 0.0]])
        tree.predict_proba = lambda X: answers[[int(x[0] > 0.5) for x in X]]
        with mock.patch.object(sklearn, "__version__", "1.3.2"):
            document = export(tree, [[0.0], [1.0]])
        self.assertEqual(document["model"]["trees"][0]["value"][1:], [[0.25, 0.25, 0.5], [1.0, 0.0, 0.0]])

    def test_an_estimator_that_refuses_missing_values_has_none(self):
        with mock.patch.object(sklearn, "__version__", "1.4.0"):
            document = export(stub_classifier(False, missing_go_to_left=np.array([1, 0, 0], dtype="uint8")), [[0.0]])
        self.assertEqual(document["model"]["missing"], "none")
        self.assertNotIn("default_left", document["model"]["trees"][0])

    def test_an_infinite_threshold_becomes_the_largest_double(self):
        estimator = stub_classifier(True, missing_go_to_left=np.array([0, 0, 0], dtype="uint8"))
        estimator.tree_.threshold[0] = math.inf  # missing or not
        with mock.patch.object(sklearn, "__version__", "1.4.0"):
            document = export(estimator)
        self.assertEqual(document["model"]["trees"][0]["threshold"], [sys.float_info.max, 0.0, 0.0])

    def test_partial_least_squares_divides_from_1_5(self):
        """coef_ is [outputs][features] since 1.3, divided by the deviation of each feature since 1.5."""
        body = {"__module__": "sklearn.cross_decomposition._pls", "n_features_in_": 2, "coef_": np.array([[3.0, -1.0]]),
                "_x_mean": np.array([1.0, 2.0]), "_x_std": np.array([2.0, 4.0]), "_y_mean": np.array([0.5])}
        found = {}
        for version in ("1.3.2", "1.4.2", "1.5.0"):
            with mock.patch.object(sklearn, "__version__", version):
                found[version] = export(type("PLSRegression", (), body)())["model"]["layers"][0]["weights"]
        self.assertEqual(found, {"1.3.2": [[1.5, -0.25]], "1.4.2": [[1.5, -0.25]], "1.5.0": [[3.0, -1.0]]})

    def test_gradient_boosting_decides_by_sign_from_1_4(self):
        model = GradientBoostingClassifier(n_estimators=2).fit(GRID, XOR)
        self.assertEqual(export(model)["output"]["decision"], {"rule": "greater", "threshold": 0.5})
        with mock.patch.object(sklearn, "__version__", "1.4.2"):
            self.assertEqual(export(model)["output"]["decision"], {"rule": "greater_equal", "threshold": 0.5})

    def test_logistic_regression_without_multi_class_is_multinomial(self):
        model = LogisticRegression(max_iter=500).fit(GRID, GRID[:, 0] // 3)
        for value in ("auto", "deprecated"):
            model.multi_class = value
            self.assertEqual(export(model)["model"]["layers"][0]["activation"], "softmax")

    def test_categories_that_hist_gradient_boosting_encoded_come_back(self):
        """From 1.4 on the trees see [encoded categories, other features] in place of the input's columns."""
        random = np.random.RandomState(3)
        names = np.array([3.0, 20.0, 77.0, 300.0, math.nan])
        codes = random.randint(0, 5, 300)
        numbers = random.normal(size=300)
        encoded = np.column_stack([np.where(codes == 4, math.nan, codes), numbers])
        inner = HistGradientBoostingRegressor(max_iter=5, categorical_features=[0]).fit(
            encoded, (codes % 2) * 3 + numbers)

        def predict(self, X):
            X = np.asarray(X)
            code = [np.flatnonzero(names == name) for name in X[:, 1]]
            return inner.predict(np.column_stack([[c[0] if len(c) else math.nan for c in code], X[:, 0]]))

        later = type("HistGradientBoostingRegressor", (HistGradientBoostingRegressor,), {"predict": predict})()
        later.__dict__.update(inner.__dict__)
        encoder = types.SimpleNamespace(categories_=[names])
        later._preprocessor = types.SimpleNamespace(named_transformers_={"encoder": encoder})
        later.is_categorical_ = np.array([False, True])
        document = export(later, np.column_stack([numbers, names[codes]]))
        for row, expected in zip(document["test_vectors"]["inputs"], document["test_vectors"]["outputs"]):
            self.assertEqual(interpreter.outputs(document, row), expected)
        unknown = [0.5, 4.0]
        self.assertEqual(interpreter.outputs(document, unknown), later.predict([unknown]).tolist())
        encoder.categories_ = [np.array(["red", "green", "blue", "black"], dtype=object)]
        with self.assertRaisesRegex(ValueError, r"^category 'red' of feature 1 is no integer from 0 up, which emlc "
                                                r"needs; encode it before training$"):
            export(later)
