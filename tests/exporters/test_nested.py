"""emlc_export: estimators that take what others decide or say, around all kinds of estimators of members: the document decides
about rows it has not seen as predict() does, by tests/random/truth.py and by emlc, or is refused with a sentence."""

import collections
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from combine_cases import NAMES, NUMBERS, ROWS, TREE, named
from fresh import is_sure
from nested_cases import MEMBERS, NESTED, TAKERS, trained
from test_combine import labels_of

import numpy as np
import truth
from emlc_export import export
from sklearn.ensemble import HistGradientBoostingClassifier, VotingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier, OutputCodeClassifier
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

EMLC = os.environ.get("EMLC")
REFUSED = (r"^a \w+ holds combinations in combinations 4 deep, |"
           r"^in a \w+: the (predict_proba|decision_function) of a \w+ cannot be exported, only .*: put .* in its place$|"
           r"^a MultiOutputClassifier whose members decide by scores of two and of more classes cannot be exported: ")


def decided_by_emlc(document, rows):
    with tempfile.TemporaryDirectory() as folder:
        model, table = pathlib.Path(folder) / "model.json", pathlib.Path(folder) / "rows.csv"
        model.write_text(json.dumps(document))
        np.savetxt(table, rows, delimiter=",", fmt="%.17g")
        done = subprocess.run([EMLC, "run", model, "-i", table, "--outputs", "labels"], capture_output=True, text=True, check=True)
    return [[float(value) for value in line.split(",")] for line in done.stdout.split()[1:]]


class NestedTest(unittest.TestCase):
    def test_all_takers_decide_as_predict_does(self):
        found = collections.Counter()
        for taker, member in NESTED:
            with self.subTest(taker, member=member):
                found[taker, self.check(taker, member)] += 1
        for taker in TAKERS:  # each with some member, most with most
            self.assertGreater(found[taker, "equal"], 0, taker)
        self.assertGreater(sum(count for (_, what), count in found.items() if what == "equal"), 0.6 * len(NESTED))

    def check(self, taker, member):
        fitted = trained(taker, member)
        if fitted is None:
            return "not of scikit-learn"
        estimator, rows, fresh = fitted
        try:
            document = json.loads(json.dumps(export(estimator, rows, dtype="float64")))
        except ValueError as problem:
            self.assertRegex(str(problem), REFUSED)
            return "refused"
        self.assertEqual(document["model"], export(estimator)["model"])
        sure = is_sure(estimator, fresh)
        self.assertGreater(sure.mean(), 0.4)
        expected = np.asarray(estimator.predict(fresh)).reshape(len(fresh), -1)[sure].tolist()
        decided = truth.decisions(document, truth.outputs(document, fresh))
        self.assertEqual(labels_of(document, decided[sure]), expected)
        if EMLC:
            self.assertEqual(decided_by_emlc(document, fresh[sure]), expected)
        return "equal"

    def test_the_order_of_classes_reaches_a_stack_above_a_stack_and_its_names(self):
        for y in (NAMES, NUMBERS):
            inner = MEMBERS["stack under one against the rest"]
            for estimator in (inner, VotingClassifier(named(OneVsRestClassifier(TREE), TREE))):
                document = export(estimator.fit(ROWS, y), ROWS, dtype="float64")
                sure = is_sure(estimator, ROWS)
                decided = truth.decisions(document, truth.outputs(document, ROWS))
                self.assertEqual([row[0] for row in labels_of(document, decided[sure])], estimator.predict(ROWS[sure]).tolist())


class GapsTest(unittest.TestCase):
    def test_codes_of_one_value_say_the_same_where_values_are_missing(self):
        gaps = np.where(np.arange(ROWS.size).reshape(ROWS.shape) % 7 == 0, np.nan, ROWS)
        for member in (HistGradientBoostingClassifier(max_iter=2), make_pipeline(SimpleImputer(), LogisticRegression(max_iter=300))):
            for seed in range(3):  # some make a code that is the same for all classes
                estimator = OutputCodeClassifier(member, code_size=1.5, random_state=seed).fit(gaps[::2], NUMBERS[::2])
                document = json.loads(json.dumps(export(estimator, gaps[::2], dtype="float64"), allow_nan=False))
                sure = is_sure(estimator, gaps)
                decided = truth.decisions(document, truth.outputs(document, gaps))
                expected = estimator.predict(gaps[sure]).tolist()
                self.assertEqual([row[0] for row in labels_of(document, decided[sure])], expected)


class SentencesTest(unittest.TestCase):
    def test_a_way_out_where_something_cannot_be_exported(self):
        targets = np.column_stack([NUMBERS, NUMBERS > 0]).astype(int)
        for sentence, estimator, y in (
                ("in a VotingClassifier: the predict_proba of a OneVsRestClassifier cannot be exported, only what it decides by: "
                 "put a forest, boosted trees or a LogisticRegression in its place",
                 VotingClassifier(named(OneVsRestClassifier(TREE)), voting="soft"), NUMBERS),
                ("a MultiOutputClassifier whose members decide by scores of two and of more classes cannot be exported: export "
                 "the targets of two classes and the others as two models, or train members that have probabilities, forests or "
                 "LogisticRegression", MultiOutputClassifier(LinearSVC()), targets)):
            with self.assertRaises(ValueError) as caught:
                export(estimator.fit(ROWS, y))
            self.assertEqual(str(caught.exception), sentence)


if __name__ == "__main__":
    unittest.main()
