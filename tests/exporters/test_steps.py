"""emlc_export: steps before a model, through the schema and the interpreter of tests/random/truth_steps.py."""

import json
import math
import unittest
import warnings

import numpy as np
from common import SCHEMA
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import (FunctionTransformer, OneHotEncoder, OrdinalEncoder, PolynomialFeatures, PowerTransformer,
                                   QuantileTransformer, StandardScaler)
from sklearn.tree import DecisionTreeRegressor
from step_cases import CATEGORIES, CATEGORIES_WITH_GAPS, CLASSES, GAPS, NUMBERS, TARGET, models_behind, step_cases

import schema
import truth
from emlc_export import export


def rows_of(vectors):
    return np.array([[math.nan if value is None else value for value in row] for row in vectors["inputs"]])


class StepTest(unittest.TestCase):
    def check(self, estimator, X):
        """The document's vectors, in double so that categories with a fraction are there."""
        document = json.loads(json.dumps(export(estimator, X, dtype="float64"), allow_nan=False))
        self.assertEqual(schema.errors(document, SCHEMA), [])
        vectors = document["test_vectors"]
        expected = np.array(vectors["outputs"])
        found = truth.outputs(document, rows_of(vectors))
        self.assertTrue((np.abs(found - expected) <= vectors["atol"] + vectors["rtol"] * np.abs(expected)).all(),
                        np.abs(found - expected).max())
        self.assertLess(vectors["atol"], 1e-7 * max(1.0, np.abs(expected).max()))
        if "labels" in vectors:
            names = document["output"]["targets"][0]["class_names"]
            self.assertEqual([names[index] for index, in truth.decisions(document, found)], vectors["labels"])
        return document

    def fit(self, estimator, X, y):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return clone(estimator).fit(X, y)

    def test_every_step_alone(self):
        for name, (step, X, y) in step_cases().items():
            with self.subTest(name):
                self.check(self.fit(step, X, y), X)

    def test_every_step_before_a_model(self):
        for name, (step, X, _) in step_cases().items():
            if not hasattr(step, "transform") or "gaps are" in name:
                continue
            for pipeline in models_behind(clone(step)):
                with self.subTest(name, model=type(pipeline[-1]).__name__):
                    self.check(self.fit(pipeline, X, CLASSES), X)

    def test_chains(self):
        chain = make_pipeline(SimpleImputer(add_indicator=True), FeatureUnion([
            ("a", make_pipeline(StandardScaler(), PCA(2))), ("b", Pipeline([("none", "passthrough")])),
            ("c", FunctionTransformer(np.square))]), StandardScaler(), Ridge())
        document = self.check(self.fit(chain, GAPS, TARGET), GAPS)
        kinds = [step["kind"] for step in document["model"]["steps"]]
        # The indicator's columns and the three copies are one choice each; a run that is all columns has no first.
        self.assertEqual(kinds, ["columns", "impute", "missing_indicator", "columns", "scaler", "scaler", "linear", "function",
                                 "scaler", "mlp"])

    def test_columns_side_by_side_need_no_choice(self):
        step = ColumnTransformer([("a", StandardScaler(), [0, 1]), ("b", "passthrough", [2]), ("c", OneHotEncoder(), [3])])
        X = np.hstack([NUMBERS[:, :3], CATEGORIES[:, :1]])
        model = self.check(self.fit(step, X, None), X)["model"]
        self.assertEqual([(part["kind"], part.get("first", 0)) for part in model["steps"]], [("scaler", 0), ("one_hot", 3)])

    def test_names_of_columns(self):
        """A data frame's names in place of numbers: the same document, with feature_names in the frame's order."""
        step = ColumnTransformer([("a", StandardScaler(), [4, 0]), ("b", "passthrough", [2])]).fit(NUMBERS)
        plain = export(step)["model"]
        step.feature_names_in_ = np.array(list("vwxyz"), dtype=object)
        for columns in (["z", "v"], np.array(["z", "v"], dtype=object)):
            step.transformers_[0] = ("a", step.transformers_[0][1], columns)
            document = export(step)
            self.assertEqual((document["model"], document["input"]["feature_names"]), (plain, list("vwxyz")))
        step.transformers_[0] = ("a", step.transformers_[0][1], ["z", "q"])
        with self.assertRaisesRegex(ValueError, "^the ColumnTransformer was trained on columns with names, and knows no 'q'$"):
            export(step)

    def test_slices_of_names_have_both_ends(self):
        step = ColumnTransformer([("a", StandardScaler(), slice(1, 4))]).fit(NUMBERS)
        plain = export(step)["model"]
        step.feature_names_in_ = np.array(list("vwxyz"), dtype=object)
        step.transformers_[0] = ("a", step.transformers_[0][1], slice("w", "y"))
        self.assertEqual(export(step)["model"], plain)

    def test_missing_values_that_no_step_takes(self):
        tree = make_pipeline(StandardScaler(), DecisionTreeRegressor(max_depth=2)).fit(NUMBERS, TARGET)
        for keeps_gaps in (tree, make_pipeline(ColumnTransformer([("a", SimpleImputer(), [0])], remainder="passthrough"),
                                               Ridge()).fit(NUMBERS, TARGET)):
            with self.assertRaisesRegex(ValueError, "^X has a missing value in feature 3, which the estimator does not take$"):
                X = NUMBERS.copy()
                X[0, 3] = math.nan
                export(keeps_gaps, X)

    def test_missing_values_that_a_step_fills(self):
        model = make_pipeline(SimpleImputer(), DecisionTreeRegressor(max_depth=3)).fit(GAPS, TARGET)
        self.assertIn([None], [[value for value in row if value is None][:1] for row in export(model, GAPS)[
            "test_vectors"]["inputs"]])

    def test_unknown_categories(self):
        rows = np.array([[0.0, 10, 1.5, 0], [7, 10, 1.5, 1], [1, 99, -8, 5], [2, 12, 2.5, -4], [math.nan, 11, math.nan, 1e9]])
        for encoder in (OneHotEncoder(handle_unknown="ignore"), OneHotEncoder(handle_unknown="ignore", min_frequency=30),
                        OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=30),
                        OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=2, drop="first"),
                        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2)):
            for X in (CATEGORIES, CATEGORIES_WITH_GAPS):
                with self.subTest(encoder=encoder, gaps=X is CATEGORIES_WITH_GAPS):
                    fitted = self.fit(encoder, X, None)
                    found = truth.outputs(export(fitted, X), rows)
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")
                        expected = fitted.transform(rows)
                    expected = expected.toarray() if hasattr(expected, "toarray") else expected
                    self.assertEqual(found.tolist(), expected.tolist())

    def test_refusals(self):
        def refuse(sentence, estimator, X, y=None):
            estimator = self.fit(estimator, X, y)
            with self.assertRaises(ValueError) as caught:
                export(estimator)
            self.assertEqual(str(caught.exception), sentence)

        text = np.array([["red"], ["blue"]], dtype=object)
        for encoder in (OneHotEncoder(), OrdinalEncoder()):
            refuse("category 'blue' in column 0 of the %s is text, a device gets numbers: give each category a number before "
                   "training, X['colour'].map({'red': 0, 'green': 1})" % type(encoder).__name__, encoder, text)
        refuse("a QuantileTransformer with 300 quantiles is a table for each feature that no device has the memory for: train "
               "it with n_quantiles=256", QuantileTransformer(n_quantiles=300), np.arange(400.0)[:, None])
        shared = np.repeat([0.0, 1.0, 2.0, 3.0], 30)[:, None]
        near = make_pipeline(PowerTransformer(), QuantileTransformer(n_quantiles=30))
        value = near.fit(shared)[-1].quantiles_[10, 0]
        refuse("column 0 of the QuantileTransformer has %r in many rows, which a rounding of the steps in front of it would send "
               "elsewhere: put the QuantileTransformer first, or leave such columns out of it" % float(value), near, shared)
        for alone in (QuantileTransformer(n_quantiles=30), make_pipeline(StandardScaler(), QuantileTransformer(n_quantiles=30))):
            export(alone.fit(shared))  # every bit of what stands in front is scikit-learn's
        wide = make_pipeline(PolynomialFeatures(), PolynomialFeatures())
        refuse("the estimator has 4278 outputs, a document has at most 4096", wide, np.eye(13)[:, :12] + 0.5)
        refuse("65537 columns stand behind the step 'one_hot', a document has at most 65536: choose fewer in front of it",
               OneHotEncoder(), np.arange(65537.0)[:, None])
        functions = "log, log1p, log2, log10, exp, expm1, sqrt, square, absolute, fabs, reciprocal, negative"
        for function, name in ((np.cbrt, "cbrt"), (lambda X: X * 2, "<lambda>")):
            refuse("the function %r of a FunctionTransformer cannot be exported; supported are these of numpy, without "
                   "arguments: %s" % (name, functions), FunctionTransformer(function), NUMBERS)
        refuse("missing_values=None of a SimpleImputer cannot be exported: a device gets numbers",
               SimpleImputer(missing_values=None, strategy="most_frequent"), np.array([[1, None], [2, 3]], dtype=object))


if __name__ == "__main__":
    unittest.main()
