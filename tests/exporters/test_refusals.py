"""emlc_export: what cannot be exported is refused with one sentence."""

import math
import unittest

import numpy as np
import scipy.signal
import scipy.sparse
from common import GRID, XOR, grid_tree
from sklearn.decomposition import NMF
from sklearn.ensemble import (AdaBoostClassifier, BaggingClassifier, GradientBoostingRegressor,
                              HistGradientBoostingRegressor, IsolationForest, RandomForestClassifier)
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from emlc_export import export, export_sos


class Frame:
    """What export() looks at in a data frame."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows

    def to_numpy(self):
        return self.rows


class RefusalTest(unittest.TestCase):
    def refuse(self, sentence, *arguments, call=export, **options):
        with self.assertRaises(ValueError) as caught:
            call(*arguments, **options)
        self.assertEqual(str(caught.exception), sentence)

    def test_estimators(self):
        unknown = ": it is no estimator of scikit-learn that emlc knows; docs/exporter.md lists those"
        neighbours = KNeighborsClassifier().fit(GRID, XOR)
        self.refuse("cannot export a KNeighborsClassifier: it compares with rows of its training data, which a device has no "
                    "memory for; trees and networks take curved boundaries", neighbours)
        search = GridSearchCV(DecisionTreeClassifier(), {"max_depth": [2]}, refit=False).fit(GRID, XOR)
        self.refuse("the GridSearchCV has no best_estimator_: fit it, with refit=True", search)
        self.refuse("cannot export a int" + unknown, 5)
        self.refuse("the RandomForestClassifier is not fitted", RandomForestClassifier())
        self.refuse("the StandardScaler is not fitted", make_pipeline(StandardScaler(), DecisionTreeClassifier()))
        self.refuse("cannot export a NMF: it solves a problem of its own for every row; PCA and TruncatedSVD are one matrix",
                    make_pipeline(NMF(1), DecisionTreeClassifier()).fit(GRID, XOR))
        pipeline = make_pipeline(StandardScaler(), StandardScaler()).fit(GRID)
        pipeline.steps[0] = ("tree", grid_tree())
        self.refuse("a pipeline is steps and then one model, this one has a DecisionTreeClassifier before its last step",
                    pipeline)
        pipeline.steps = [("none", "passthrough")]
        self.refuse("the pipeline has no step that does anything", pipeline)
        self.refuse("RandomForestClassifier is a class, expected an estimator that was fitted", RandomForestClassifier)
        self.refuse("Pipeline is a class, expected an estimator that was fitted", type(pipeline))
        foreign = type("RandomForestClassifier", (), {"__module__": "cuml.ensemble"})()
        self.refuse("cannot export a RandomForestClassifier" + unknown, foreign)

    def test_models_without_a_form(self):
        start = DecisionTreeRegressor(max_depth=1)
        boosted = GradientBoostingRegressor(init=start, n_estimators=2).fit(GRID, GRID[:, 0])
        self.refuse("a GradientBoostingRegressor whose init is a DecisionTreeRegressor cannot be exported: the start "
                    "of the sum must be a constant", boosted)
        hist = HistGradientBoostingRegressor(max_iter=2).fit(GRID, GRID[:, 0])
        hist.loss = "something_new"
        self.refuse("the loss 'something_new' of a HistGradientBoostingRegressor cannot be exported", hist)
        hist.loss, hist._predictors = "squared_error", []
        self.refuse("the ensemble has no tree", hist)
        for kind in (RandomForestClassifier, BaggingClassifier, AdaBoostClassifier, IsolationForest):
            empty = kind(n_estimators=2).fit(GRID, XOR)
            empty.estimators_ = []
            self.refuse("the %s has no tree" % kind.__name__, empty)
        lonely = IsolationForest(max_samples=1, n_estimators=2).fit(GRID)
        self.refuse("an IsolationForest with max_samples 1 isolates nothing", lonely)
        tree = grid_tree()
        tree.classes_ = np.array([None, 1], dtype=object)
        self.refuse("class label None is neither text nor a number", tree)

    def test_arguments(self):
        tree = grid_tree()
        self.refuse("name 'my-model' is no C identifier", tree, name="my-model")
        reserved = (" would start symbols that C and C++ reserve for compilers: no underscore may be at an end or next to "
                    "another")
        for name, problem in (("__x", "'__x'" + reserved), ("x_", "'x_'" + reserved), ("a__b", "'a__b'" + reserved),
                              ("int", "'int' is a keyword of C or C++"), ("main", "'main' is a keyword of C or C++"),
                              ("Emlc_x", "'Emlc_x' would start symbols as emlc's runtime does"), (5, "5 is no C identifier"),
                              ("x" * 101, "has 101 characters, it may have 100")):
            self.refuse("name " + problem, tree, name=name)
        self.refuse("dtype 'int64' is not one of float32, float64, int8, uint8, int16, int32", tree, GRID,
                    dtype="int64")
        self.refuse("feature_names has 1 entries, the estimator has 2 features", tree, feature_names=["a"])
        self.refuse("feature_min has 3 entries, the estimator has 2 features", tree, feature_min=[0, 0, 0])
        self.refuse("feature_max is 'x', expected a number", tree, feature_max=[0, "x"])
        self.refuse("X has 7 in feature 1, outside feature_min and feature_max", tree, GRID, feature_max=[9, 6])

    def test_rows(self):
        tree = grid_tree()
        self.refuse("X has no row", tree, GRID[:0])
        self.refuse("X is a generator, expected rows: an array, a data frame or a list of lists", tree,
                    (row for row in GRID))
        self.refuse("X is a int, expected rows: an array, a data frame or a list of lists", tree, 5)
        self.refuse("X is a dict, expected rows: an array, a data frame or a list of lists", tree, {"a": [1], "b": [2]})
        self.refuse("X[0] has 3 values, the estimator has 2 features", tree, [[1, 2, 3]])
        self.refuse("X[1][0] is 'red', expected a number", tree, [[1, 2], ["red", 3]])
        self.refuse("X[0][1] is 300, which uint8 cannot hold", tree, [[1, 300]], dtype="uint8")
        self.refuse("X[0][1] is 0.5, which int16 cannot hold", tree, [[1, 0.5]], dtype="int16")
        self.refuse("X[0][0] is 5000000000, which int32 cannot hold", tree, [[5000000000, 1]])
        self.refuse("X[0][0] is 1e+39, which float32 cannot hold", tree, [[1e39, 1]])
        self.refuse("X[0][0] is inf, expected a finite number", tree, [[math.inf, 1]])
        self.refuse("X[0][0] is nan, expected a finite number", tree, [[math.nan, 1]], dtype="int8")
        self.refuse("X has a missing value in feature 1, which the estimator does not take", tree, [[1, math.nan]])
        self.refuse("X is sparse, pass a dense array: 40 rows are enough", tree, scipy.sparse.csr_matrix(GRID))

    def test_columns(self):
        tree = grid_tree()
        tree.feature_names_in_ = np.array(["a", "b"], dtype=object)
        self.refuse("X has its columns in another order than the training data: column 0 is 'b', expected 'a'", tree,
                    Frame(["b", "a"], GRID))
        for columns in (["a", "b"], [0, 1]):  # names of somebody else say nothing about order
            self.assertEqual(len(export(tree, Frame(columns, GRID))["test_vectors"]["inputs"]), 40)

    def test_filters(self):
        self.refuse("sos has no section", [], call=export_sos)
        self.refuse("sos[1] has 5 numbers, a section has 6: b0 b1 b2 a0 a1 a2; give b and a, or zeros, poles and gain, "
                    "as a tuple", [[1, 0, 0, 1, 0, 0], [1, 0, 0, 1, 0]], call=export_sos)
        self.refuse("sos[0]: a0 must not be 0, every coefficient is divided by it", [[1, 0, 0, 0, 0, 0]],
                    call=export_sos)
        self.refuse("sos[0][2] is nan, expected a finite number", [[1, 0, math.nan, 1, 0, 0]], call=export_sos)
        self.refuse("sample_rate is -1, it must be above 0", [[1, 0, 0, 1, 0, 0]], -1, call=export_sos)
        self.refuse("name '2nd' is no C identifier", [[1, 0, 0, 1, 0, 0]], call=export_sos, name="2nd")

    def test_designs(self):
        self.refuse("b has no number but 0: the filter would give nothing", ([0, 0], [1]), call=export_sos)
        self.refuse("a[0] must not be 0, every coefficient is divided by it", ([1], [0, 1]), call=export_sos)
        self.refuse("a[0] must not be 0, every coefficient is divided by it", ([1], []), call=export_sos)
        self.refuse("b[1] is 1j, expected a number", ([1, 1j], [1]), call=export_sos)
        self.refuse("the gain is 0: the filter would give nothing", ([], [], 0), call=export_sos)
        self.refuse("a pole is (inf+0j), expected a finite number", ([], [math.inf], 1.0), call=export_sos)
        with self.assertRaisesRegex(ValueError, "^zeros and poles make no real filter: .*conjugate"):
            export_sos(([0.5j], [0.3], 1.0))
        with self.assertRaisesRegex(ValueError, r"^\(b, a\) does not hold this filter in double precision: as sections "
                                                r"its response is off by [\d.e+]+ of the peak; design it with output='sos'$"):
            export_sos(scipy.signal.butter(8, 0.001))

    def test_states_and_units_of_filters(self):
        sos, ba = scipy.signal.butter(2, 0.1, output="sos"), scipy.signal.butter(2, 0.1)
        self.refuse("zi has 3 numbers, for this (b, a) it has 2, as lfilter_zi makes it", ba, zi=[1, 2, 3],
                    call=export_sos)
        self.refuse("zi has no meaning for zeros and poles: give it with (b, a) or with sections",
                    scipy.signal.butter(2, 0.1, output="zpk"), zi=[1, 2], call=export_sos)
        self.refuse("zi has to be [1][2], two numbers for each section, as sosfilt_zi makes it", sos, zi=[1, 2],
                    call=export_sos)
        self.refuse("zi[0][1] is nan, expected a finite number", sos, zi=[[1, math.nan]], call=export_sos)
        self.refuse("lowest and highest are a range: give both or none", sos, lowest=1, call=export_sos)
        self.refuse("lowest is 1, above highest, which is 0", sos, lowest=1, highest=0, call=export_sos)
        self.refuse("the range from -3 to 0 goes beyond full_scale, which is 2.0", sos, lowest=-3, highest=0,
                    full_scale=2, call=export_sos)
        self.refuse("full_scale is -2, it must be above 0", sos, full_scale=-2, call=export_sos)
