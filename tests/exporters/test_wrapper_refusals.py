"""emlc_export: what linear models and estimators around others cannot be, each with its sentence; and what saturates."""

import unittest
import warnings

import common  # noqa: F401, makes emlc_export and truth importable
import numpy as np
import sklearn
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import (BaggingClassifier, GradientBoostingClassifier, RandomForestClassifier, StackingClassifier,
                              StackingRegressor, VotingClassifier)
from sklearn.linear_model import LogisticRegression, PoissonRegressor, Ridge, RidgeClassifier, SGDClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import MultiOutputClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer, StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier
from step_cases import CLASSES, NUMBERS, TARGET

import truth
from emlc_export import export

TREE, LINE = DecisionTreeClassifier(max_depth=2), LogisticRegression(max_iter=300)
STAGES = GradientBoostingClassifier(n_estimators=2)
POSITIVE = np.exp(TARGET / 4)


def fitted(estimator, y):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return estimator.fit(NUMBERS, y)


class WrapperRefusals(unittest.TestCase):
    def refuse(self, sentence, estimator, y):
        with self.assertRaises(ValueError) as caught:
            export(fitted(estimator, y))
        self.assertEqual(str(caught.exception), sentence)

    def test_support_vectors(self):
        self.refuse("a SVC with the kernel 'rbf' cannot be exported: it compares with rows of its training data; linear kernels "
                    "can, and networks (MLPClassifier, MLPRegressor) take curved boundaries", SVC(), CLASSES)
        self.refuse("a SVC of 3 classes cannot be exported: pairs of classes vote, which no layer does; "
                    "OneVsRestClassifier(SVC(kernel='linear')) and LinearSVC decide by one layer", SVC(kernel="linear"), CLASSES)

    def test_combinations_that_nest_too_deep(self):
        inner = VotingClassifier([("a", CalibratedClassifierCV(STAGES, cv=2)), ("b", TREE)], voting="soft")
        self.refuse("a VotingClassifier holds combinations in combinations 4 deep, a document takes 3: train the inner ones as "
                    "models of one kind, forests or linear models, or leave one of them out",
                    VotingClassifier([("a", inner), ("b", TREE)], voting="soft"), CLASSES)

    def test_members_that_do_not_know_all_classes(self):
        votes = fitted(BaggingClassifier(SVC(kernel="linear"), n_estimators=2, random_state=0), CLASSES > 0)
        votes.estimators_[0].classes_ = votes.estimators_[0].classes_[:1]
        with self.assertRaises(ValueError) as caught:
            export(votes)
        self.assertEqual(str(caught.exception), "a member of the BaggingClassifier does not know all classes, and has no probabilities: "
                                                "train it with larger samples")
        places = np.arange(len(CLASSES))
        folds = [(places[CLASSES < 2], places), (places, places)]
        model = fitted(CalibratedClassifierCV(MLPClassifier((3,), max_iter=20, random_state=0), cv=folds), CLASSES)
        if len(model.calibrated_classifiers_[0].calibrators) == 1:  # later versions ask for the second class alone
            return self.assertEqual(export(model)["model"]["kind"], "combine")
        with self.assertRaises(ValueError) as caught:
            export(model)
        self.assertEqual(str(caught.exception), "a CalibratedClassifierCV of a MLPClassifier of which a fold has seen two of 3 "
                                                "classes cannot be exported")

    def test_scores_that_a_member_has_not_in_its_document(self):
        self.refuse("in a CalibratedClassifierCV: the decision_function of a BaggingClassifier cannot be exported, only its "
                    "predict_proba: put boosted trees or a linear model in its place", CalibratedClassifierCV(BaggingClassifier(LINE, n_estimators=2), cv=2), CLASSES)
        self.refuse("a MultiOutputClassifier whose members decide by scores of two and of more classes cannot be exported: export "
                    "the targets of two classes and the others as two models, or train members that have probabilities, forests "
                    "or LogisticRegression", MultiOutputClassifier(RidgeClassifier()), np.column_stack([CLASSES, CLASSES > 0]).astype(int))

    def test_other_answers_than_numbers_and_classes(self):
        labels = np.column_stack([CLASSES > 0, CLASSES > 1]).astype(int)
        self.refuse("a StackingClassifier of several labels cannot be exported",
                    StackingClassifier([("a", TREE)], TREE, cv=2), labels)
        fitted_codes = fitted(CalibratedClassifierCV(TREE, cv=2), CLASSES)
        fitted_codes.method = "temperature"
        with self.assertRaises(ValueError) as caught:
            export(fitted_codes)
        self.assertEqual(str(caught.exception), "a CalibratedClassifierCV with method='temperature' cannot be exported; train it "
                                                "with method='sigmoid' or 'isotonic'")

    def test_what_is_not_fitted(self):
        for name, estimator in (("CalibratedClassifierCV", CalibratedClassifierCV(TREE)),
                                ("StackingRegressor", StackingRegressor([("a", Ridge())]))):
            with self.assertRaises(ValueError) as caught:
                export(estimator)
            self.assertEqual(str(caught.exception), "the %s is not fitted" % name)

    def test_classes_without_rows(self):
        weights = np.where(CLASSES == 2, 0.0, 1.0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = GaussianNB().fit(NUMBERS, CLASSES, weights)
        with self.assertRaises(ValueError) as caught:
            export(model)
        self.assertEqual(str(caught.exception), "a class of the GaussianNB has a prior of 0, whose logarithm is no number: train "
                                                "it without that class")

    def test_of_equal_scores_of_trees_the_class_is_that_of_predict(self):
        estimator = fitted(OneVsRestClassifier(DecisionTreeClassifier(max_depth=2)), CLASSES)
        document = export(estimator, NUMBERS)
        names = document["output"]["targets"][0]["class_names"]
        is_old = tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 6)  # it takes the last one, surely up to there
        self.assertIn(names, [[2, 1, 0]] if is_old else [[2, 1, 0], [0, 1, 2]])
        decided = truth.decisions(document, truth.outputs(document, NUMBERS))[:, 0]
        self.assertEqual([names[place] for place in decided], estimator.predict(NUMBERS).tolist())

    def test_targets(self):
        known = "; what can: scalers, and func=numpy.log with inverse_func=numpy.exp"
        self.refuse("a TransformedTargetRegressor whose target is transformed by a function whose inverse is expm1 cannot be "
                    "exported" + known, TransformedTargetRegressor(Ridge(), func=np.log1p, inverse_func=np.expm1), POSITIVE)
        self.refuse("a TransformedTargetRegressor whose target is transformed by a QuantileTransformer cannot be exported" + known,
                    TransformedTargetRegressor(Ridge(), transformer=QuantileTransformer(n_quantiles=9)), TARGET)
        self.refuse("a TransformedTargetRegressor of a model whose outputs are transformed already cannot be exported",
                    TransformedTargetRegressor(PoissonRegressor(), transformer=StandardScaler(with_mean=False)), POSITIVE)

    def test_probabilities_that_saturate(self):
        model = fitted(SGDClassifier(loss="log_loss", random_state=0), CLASSES)
        with self.assertRaisesRegex(ValueError, r"^the scores of one class against the rest go from \S+ to \S+ for a row of X: "
                                                r"their probabilities are equal numbers of float32, which decide nothing; put a "
                                                r"StandardScaler before the model$"):
            export(model, NUMBERS * 1000)
        scaled = make_pipeline(StandardScaler(), model)
        document = export(fitted(scaled, CLASSES), NUMBERS)
        decided = truth.decisions(document, truth.outputs(document, NUMBERS))[:, 0]
        self.assertEqual(decided.tolist(), scaled.predict(NUMBERS).tolist())


class Threshold(BaseEstimator):
    """FixedThresholdClassifier, which scikit-learn has from 1.5 on."""

    __module__ = "sklearn.model_selection._classification_threshold"

    def __init__(self, estimator, threshold="auto", pos_label=None, response_method="auto"):
        self.estimator, self.threshold, self.pos_label = estimator, threshold, pos_label
        self.response_method = response_method

    def fit(self, X, y):
        self.estimator_ = self.estimator.fit(X, y)
        self.classes_, self.n_features_in_ = self.estimator_.classes_, X.shape[1]
        return self

    def predict_proba(self, X):
        return self.estimator_.predict_proba(X)

    def predict(self, X):
        threshold = 0.5 if self.threshold == "auto" else self.threshold
        return self.classes_[(self.predict_proba(X)[:, 1] >= threshold).astype(int)]


Threshold.__name__ = "FixedThresholdClassifier"


class ThresholdTest(unittest.TestCase):
    def test_the_second_class_from_a_threshold_on(self):
        for model in (LogisticRegression(), DecisionTreeClassifier(max_depth=4), GaussianNB(),
                      RandomForestClassifier(5, random_state=0)):
            for threshold in (0.2, 0.75, "auto"):
                with self.subTest(type(model).__name__, threshold=threshold):
                    estimator = fitted(Threshold(model, threshold), np.where(CLASSES > 0, "on", "off"))
                    document = export(estimator, NUMBERS)
                    self.assertEqual(document["output"]["decision"]["rule"], "greater_equal")
                    decided = truth.decisions(document, truth.outputs(document, NUMBERS))[:, 0]
                    self.assertEqual([["off", "on"][index] for index in decided], estimator.predict(NUMBERS).tolist())

    def test_other_scores_are_refused(self):
        labels = (CLASSES > 0).astype(int)
        for sentence, options in (
                ("a FixedThresholdClassifier for the class 0, the first of the two, cannot be exported: the document has the "
                 "score of the second", {"pos_label": 0}),
                ("a FixedThresholdClassifier with response_method='decision_function' cannot be exported, its LogisticRegression "
                 "answers with predict_proba; train it with 'auto'", {"response_method": "decision_function"})):
            with self.assertRaises(ValueError) as caught:
                export(fitted(Threshold(LogisticRegression(), 0.5, **options), labels))
            self.assertEqual(str(caught.exception), sentence)

    def test_members_that_vote_have_no_probabilities_in_their_document(self):
        with self.assertRaises(ValueError) as caught:
            export(fitted(Threshold(OneVsRestClassifier(GradientBoostingClassifier(n_estimators=2)), 0.4), CLASSES > 0))
        self.assertEqual(str(caught.exception), "a FixedThresholdClassifier of a OneVsRestClassifier cannot be exported: its "
                                                "document has other numbers than predict_proba")


if __name__ == "__main__":
    unittest.main()
