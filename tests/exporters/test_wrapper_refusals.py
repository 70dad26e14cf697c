"""emlc_export: what linear models and estimators around others cannot be, each with its sentence; and what saturates."""

import unittest
import warnings

import common  # noqa: F401, makes emlc_export and truth importable
import numpy as np
from sklearn.base import BaseEstimator
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import BaggingClassifier, RandomForestClassifier, StackingRegressor, VotingClassifier
from sklearn.linear_model import LogisticRegression, PoissonRegressor, Ridge, SGDClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, QuantileTransformer, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier
from step_cases import CLASSES, NUMBERS, TARGET

import truth
from emlc_export import export

COMBINATIONS = " cannot be exported: combinations of members are not supported yet"
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

    def test_combinations(self):
        tree, line = DecisionTreeClassifier(max_depth=2), LogisticRegression(max_iter=300)
        pair = [("a", tree), ("b", line)]
        self.refuse("a VotingClassifier with voting='hard'" + COMBINATIONS, VotingClassifier(pair), CLASSES)
        self.refuse("a VotingClassifier of DecisionTreeClassifier, LogisticRegression" + COMBINATIONS,
                    VotingClassifier(pair, voting="soft"), CLASSES)
        self.refuse("a BaggingClassifier of LogisticRegressions" + COMBINATIONS, BaggingClassifier(line, n_estimators=2), CLASSES)
        self.refuse("a BaggingClassifier of a RandomForestClassifier" + COMBINATIONS,
                    BaggingClassifier(RandomForestClassifier(2), n_estimators=2), CLASSES)
        self.refuse("a MultiOutputClassifier of LogisticRegressions" + COMBINATIONS, MultiOutputClassifier(line),
                    np.column_stack([CLASSES, CLASSES]))
        self.refuse("a MultiOutputRegressor whose members have steps of their own" + COMBINATIONS,
                    MultiOutputRegressor(make_pipeline(PolynomialFeatures(), Ridge())), np.column_stack([TARGET, -TARGET]))
        self.refuse("a OneVsRestClassifier whose members have steps of their own" + COMBINATIONS,
                    OneVsRestClassifier(GaussianNB()), CLASSES)
        self.refuse("cannot export a StackingRegressor: combinations of members are not supported yet; voting='soft' of linear "
                    "models or of forests, and Bagging* are", StackingRegressor([("a", Ridge())]), TARGET)

    def test_ties_of_trees(self):
        self.refuse("a OneVsRestClassifier of trees for 3 classes cannot be exported: of equal probabilities, which trees often "
                    "give, it takes the last one; a forest knows several classes by itself",
                    OneVsRestClassifier(DecisionTreeClassifier()), CLASSES)

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


if __name__ == "__main__":
    unittest.main()
