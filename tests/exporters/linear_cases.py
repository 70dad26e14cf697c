"""Linear models, and estimators around others that become one dense layer or one ensemble, as rows of cases.CASES."""

import numpy as np
from sklearn.compose import TransformedTargetRegressor
from sklearn.cross_decomposition import PLSRegression
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (BaggingClassifier, BaggingRegressor, ExtraTreesClassifier, GradientBoostingClassifier,
                              GradientBoostingRegressor, HistGradientBoostingRegressor, RandomForestClassifier,
                              RandomForestRegressor, VotingClassifier, VotingRegressor)
from sklearn.linear_model import (ARDRegression, BayesianRidge, GammaRegressor, HuberRegressor, Lasso, LassoLarsCV,
                                  LinearRegression, LogisticRegression, LogisticRegressionCV, MultiTaskElasticNet,
                                  OrthogonalMatchingPursuit, PassiveAggressiveClassifier, Perceptron, PoissonRegressor,
                                  RANSACRegressor, Ridge, RidgeClassifier, RidgeClassifierCV, SGDClassifier, SGDOneClassSVM,
                                  TheilSenRegressor, TweedieRegressor)
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor, RegressorChain
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.semi_supervised import SelfTrainingClassifier
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR, NuSVC, OneClassSVM
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier


def linear_cases(iris, names, two, pair, labels, diabetes, target, plane):
    """name: (unfitted estimator, X, y). iris has three classes as `names`, two as `two`, two targets of 3 and 2 as `pair`,
    three labels as `labels`; target and plane are numbers of diabetes, one and two of them."""
    partly = np.where(np.arange(len(two)) % 5 == 0, -1, two)
    both = np.column_stack([two, iris[:, 1] > 3])
    models = {
        "ridge classifier, two classes": (RidgeClassifier(), iris, two),
        "ridge classifier, three classes": (RidgeClassifierCV(), iris, names),
        "ridge classifier, several labels": (RidgeClassifier(), iris, labels),
        "perceptron": (Perceptron(random_state=0), iris, names),
        "passive aggressive": (PassiveAggressiveClassifier(random_state=0), iris, two),
        "stochastic gradient, hinge": (SGDClassifier(random_state=0), iris, names),
        "stochastic gradient, logistic": (SGDClassifier(loss="log_loss", random_state=0), iris, two),
        "stochastic gradient, logistic of three": (make_pipeline(StandardScaler(), SGDClassifier(
            loss="log_loss", alpha=0.1, random_state=0)), iris, names),
        "stochastic gradient, modified huber": (SGDClassifier(loss="modified_huber", random_state=0), iris, names),
        "logistic regression, cross-validated": (LogisticRegressionCV(Cs=2, cv=2, max_iter=200), iris, names),
        "discriminant analysis, two classes": (LinearDiscriminantAnalysis(), iris, two),
        "discriminant analysis, three classes": (LinearDiscriminantAnalysis(), iris, names),
        "linear support vectors": (LinearSVC(random_state=0), iris, names),
        "support vectors": (SVC(kernel="linear"), iris, two),
        "nu support vectors": (NuSVC(kernel="linear", nu=0.1), iris, two),
        "support vectors of one class": (OneClassSVM(kernel="linear"), iris, None),
        "stochastic gradient of one class": (SGDOneClassSVM(random_state=0), iris, None),
        "multinomial bayes": (MultinomialNB(), iris, names),
        "complement bayes": (ComplementNB(), iris, two),
        "support vector regression": (SVR(kernel="linear"), diabetes, target),
        "linear support vector regression": (LinearSVR(random_state=0), diabetes, target),
        "partial least squares": (PLSRegression(3), diabetes, plane),
        "huber": (HuberRegressor(max_iter=500), diabetes, target),
        "bayesian ridge": (BayesianRidge(), diabetes, target),
        "relevance determination": (ARDRegression(), diabetes, target),
        "theil-sen": (TheilSenRegressor(max_subpopulation=100, random_state=0), diabetes, target),
        "matching pursuit": (OrthogonalMatchingPursuit(), diabetes, target),
        "lasso by lars": (LassoLarsCV(cv=3), diabetes, target),
        "several tasks": (MultiTaskElasticNet(0.01), diabetes, plane),
        "consensus": (RANSACRegressor(random_state=0), diabetes, target),
        "poisson": (PoissonRegressor(), diabetes, target),
        "gamma": (GammaRegressor(), diabetes, target),
        "tweedie": (TweedieRegressor(power=1.5), diabetes, target),
        "tweedie, identity": (TweedieRegressor(power=0), diabetes, target),
    }
    scaled = make_pipeline(StandardScaler(), Ridge())
    forest = RandomForestRegressor(5, max_depth=4, random_state=0)
    around = {
        "grid search": (GridSearchCV(DecisionTreeClassifier(random_state=0), {"max_depth": [2, 3]}), iris, names),
        "self-training": (SelfTrainingClassifier(LogisticRegression()), iris, partly),
        "scaled target of a line": (TransformedTargetRegressor(Ridge(), transformer=StandardScaler()), diabetes, target),
        "scaled target of a forest": (TransformedTargetRegressor(forest, transformer=MinMaxScaler((-1, 1))), diabetes, target),
        "scaled targets of a forest": (TransformedTargetRegressor(forest, transformer=StandardScaler()), diabetes, plane),
        "scaled target of stages": (TransformedTargetRegressor(GradientBoostingRegressor(n_estimators=5, random_state=0),
                                                               transformer=StandardScaler()), diabetes, target),
        "scaled target of a network": (TransformedTargetRegressor(MLPRegressor((4,), max_iter=50, random_state=0),
                                                                  transformer=StandardScaler()), diabetes, target),
        "logarithm of the target": (TransformedTargetRegressor(LinearRegression(), func=np.log, inverse_func=np.exp), diabetes,
                                    target),
        "logarithm of the target of a forest": (TransformedTargetRegressor(forest, func=np.log, inverse_func=np.exp), diabetes,
                                                target),
        "one vs rest, logistic": (OneVsRestClassifier(LogisticRegression()), iris, names),
        "one vs rest, pipelines": (OneVsRestClassifier(make_pipeline(StandardScaler(), PCA(3), LogisticRegression())), iris,
                                   names),
        "one vs rest, support vectors": (OneVsRestClassifier(SVC(kernel="linear")), iris, names),
        "one vs rest, two classes": (OneVsRestClassifier(LogisticRegression()), iris, two),
        "one vs rest, several labels": (OneVsRestClassifier(LinearSVC(random_state=0)), iris, labels),
        "one vs rest, several labels of forests": (OneVsRestClassifier(RandomForestClassifier(5, max_depth=3, random_state=0)),
                                                   iris, labels),
        "several targets, logistic": (MultiOutputClassifier(LogisticRegression()), iris, both),
        "several targets, scores": (MultiOutputClassifier(RidgeClassifier()), iris, both),
        "several targets, forests": (MultiOutputClassifier(RandomForestClassifier(5, max_depth=3, random_state=0)), iris, pair),
        "several targets, stages": (MultiOutputClassifier(GradientBoostingClassifier(n_estimators=3, random_state=0)), iris,
                                    both),
        "several numbers, lines": (MultiOutputRegressor(scaled), diabetes, plane),
        "several numbers, stages": (MultiOutputRegressor(HistGradientBoostingRegressor(max_iter=4)), diabetes, plane),
        "several numbers, forests": (MultiOutputRegressor(forest), diabetes, plane),
        "chain of regressions": (RegressorChain(Ridge(), order=[1, 0]), diabetes, plane),
        "bagging, logistic": (BaggingClassifier(LogisticRegression(), n_estimators=5, max_features=0.6, random_state=0), iris,
                              two),
        "bagging, lines": (BaggingRegressor(scaled, n_estimators=5, max_features=0.6, random_state=0), diabetes, target),
        "voting, logistic": (VotingClassifier([("a", LogisticRegression()), ("b", LinearDiscriminantAnalysis())], voting="soft",
                                              weights=[1, 3]), iris, two),
        "voting, forests": (VotingClassifier([
            ("a", RandomForestClassifier(4, max_depth=3, random_state=0)), ("b", ExtraTreesClassifier(7, random_state=1)),
            ("c", ExtraTreeClassifier(random_state=2))], voting="soft", weights=[0.2, 0.5, 0.1]), iris, names),
        "voting, lines": (VotingRegressor([("a", Ridge()), ("b", Lasso(0.1)), ("c", scaled)]), diabetes, target),
        "voting, stages and forests": (VotingRegressor([
            ("a", GradientBoostingRegressor(n_estimators=4, random_state=0)), ("b", forest)]), diabetes, target),
        "voting, trees": (VotingRegressor([("a", DecisionTreeRegressor(max_depth=3)), ("b", forest)], weights=[1, 2]), diabetes,
                          target),
    }
    return {**models, **around}
