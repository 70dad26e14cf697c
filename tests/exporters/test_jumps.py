"""emlc_export: edges and thresholds behind steps in whose last digits libraries differ, against evaluations that are a
rounding off."""

import unittest
import warnings

import numpy as np
from common import SCHEMA
from sklearn.ensemble import VotingClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (Binarizer, KBinsDiscretizer, Normalizer, OneHotEncoder, OrdinalEncoder,
                                   PolynomialFeatures, PowerTransformer, StandardScaler)

import schema
import truth
from emlc_export import export

GENERATOR = np.random.default_rng(5)
# Of few values, and 5 quantiles of 401 rows are rows: edges lie on many. All are there in float32.
UNITS = np.array([0.5, 1.0, 3.7])
COARSE = np.round(GENERATOR.normal(size=(401, 3)) * [1.0, 8.0, 3.0] / UNITS) * UNITS + [0.0, 2.0, -5.0]
COARSE = COARSE.astype(np.float32).astype(float)
TARGET = COARSE[:, 0] + COARSE[:, 1] / 5
warnings.filterwarnings("ignore", "Bins whose width are too small")
QUANTILES = KBinsDiscretizer(5, encode="ordinal", strategy="quantile")


def jump_of(document):
    return next(step for step in truth.steps_of(document["model"]) if step["kind"] in ("bins", "binarize"))


class JumpTest(unittest.TestCase):
    def test_a_rounding_changes_no_bin(self):
        made = make_pipeline(PowerTransformer(), QUANTILES).fit(COARSE)
        document = export(made, COARSE)
        self.assertEqual(schema.errors(document, SCHEMA), [])
        expected, edges = made.transform(COARSE), jump_of(document)["edges"]
        transformed = made[0].transform(COARSE)
        n_on_edges = 0
        for column, own in enumerate(made[-1].bin_edges_):
            n_on_edges += np.isin(transformed[:, column], own[1:-1]).sum()
            for units in (-2.0, 0.0, 2.0):
                values = transformed[:, column] + units * np.spacing(transformed[:, column])
                self.assertEqual(np.searchsorted(edges[column], values, "right").tolist(), expected[:, column].tolist())
        self.assertGreater(n_on_edges, 100)

    def test_float32_changes_no_bin_of_a_mix(self):
        made = make_pipeline(Normalizer("l2"), QUANTILES).fit(COARSE)
        document = export(made, COARSE)
        single = COARSE.astype(np.float32)
        values = single / np.sqrt((single * single).sum(axis=1, keepdims=True))
        self.assertEqual(values.dtype, np.float32)
        transformed, expected = made[0].transform(COARSE), made.transform(COARSE)
        n_on_edges = 0
        for column, own in enumerate(made[-1].bin_edges_):
            n_on_edges += np.isin(transformed[:, column], own[1:-1]).sum()
            found = np.searchsorted(jump_of(document)["edges"][column], values[:, column], "right")
            self.assertEqual(found.tolist(), expected[:, column].tolist())
        self.assertGreater(n_on_edges, 10)

    def test_rows_that_a_mix_has_on_an_edge_are_no_vectors(self):
        made = make_pipeline(Normalizer("l2"), QUANTILES).fit(COARSE[:30])
        rows = np.array(export(made, COARSE[:30])["test_vectors"]["inputs"])
        on_edge = [np.isin(column, own[1:-1]) for column, own in zip(made[0].transform(rows).T, made[-1].bin_edges_)]
        self.assertFalse(np.any(on_edge))
        self.assertGreater(len(rows), 5)
        same = np.repeat(COARSE[:1], 4, axis=0)
        made = make_pipeline(Normalizer("l2"), Binarizer(threshold=float(made[0].transform(same)[0, 0])))
        rows = np.vstack([same, COARSE[5:9]])
        self.assertLessEqual(len(export(made.fit(rows), rows)["test_vectors"]["inputs"]), 4)

    def test_a_rounding_above_a_threshold_is_still_below_it(self):
        made = make_pipeline(PowerTransformer(), Binarizer(threshold=0.0))
        limit = float(np.sort(made.fit(COARSE)[0].transform(COARSE)[:, 0])[200])
        made = make_pipeline(made[0], Binarizer(threshold=limit)).fit(COARSE)
        transformed = made[0].transform(COARSE)[:, 0]
        self.assertGreater((transformed == limit).sum(), 1)
        threshold = jump_of(export(made, COARSE))["thresholds"][0]
        for units in (-2.0, 0.0, 2.0):
            found = transformed + units * np.spacing(transformed) > threshold
            self.assertEqual(found.tolist(), (transformed > limit).tolist())

    def test_a_product_just_above_a_threshold_stays_above(self):
        X = np.array([[-0.1, -5.0], [0.5, 1.0], [0.25, 1.0], [1.0, 1.0]], np.float32).astype(float)
        made = make_pipeline(PolynomialFeatures(interaction_only=True, include_bias=False), Binarizer(threshold=0.5)).fit(X)
        self.assertEqual(made.transform(X)[:, 2].tolist(), [1.0, 0.0, 0.0, 1.0])
        self.assertEqual(truth.outputs(export(made, X), X).tolist(), made.transform(X).tolist())

    def test_edges_stay_where_every_bit_is_the_same(self):
        made = make_pipeline(StandardScaler(), QUANTILES).fit(COARSE)
        self.assertEqual(jump_of(export(made, COARSE))["edges"], [own[1:-1].tolist() for own in made[-1].bin_edges_])

    def test_members_of_a_combination(self):
        member = make_pipeline(PowerTransformer(), QUANTILES, LogisticRegression())
        made = VotingClassifier([("a", member), ("b", LogisticRegression())], voting="soft").fit(COARSE, TARGET > 1)
        document = export(made, COARSE)
        own = made.estimators_[0]
        edges = next(step for step in truth.steps_of(document["model"]["members"][0]["model"]) if step["kind"] == "bins")["edges"]
        lowered = [np.array(mine) < theirs[1:-1] for mine, theirs in zip(edges, own[1].bin_edges_)]
        self.assertTrue(np.concatenate(lowered).all())
        gap = max(np.abs(np.array(mine) - theirs[1:-1]).max() for mine, theirs in zip(edges, own[1].bin_edges_))
        self.assertLess(gap, 1e-10)

    def test_categories_that_are_results_are_refused(self):
        for encoder in (OneHotEncoder(), OrdinalEncoder()):
            made = make_pipeline(PowerTransformer(), encoder, Ridge()).fit(COARSE, TARGET)
            with self.assertRaises(ValueError) as caught:
                export(made, COARSE)
            self.assertEqual(str(caught.exception),
                             "the categories of column 0 of an encoder are results of the steps in front of it, which a "
                             "rounding would make others: put the encoder first, or give it columns as they are")
            export(make_pipeline(StandardScaler(), encoder, Ridge()).fit(COARSE, TARGET), COARSE)


if __name__ == "__main__":
    unittest.main()
