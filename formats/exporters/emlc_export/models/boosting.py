"""Gradient boosting of scikit-learn."""

from ..outputs import Exported, class_labels, classification, regression, transcendental
from ..values import EPSILON, library_version
from .trees import tree_ensemble, tree_lists


def boosted(trees, base_score, link, **more):
    return tree_ensemble(trees, "scalar", "sum", base_score=base_score, base_score_at="start", post_transform=link,
                          **more)


def _stages(estimator):
    """GradientBoosting: one tree per stage and column. estimators_ is [n_stages][n_columns]."""
    trees = []
    for stage in estimator.estimators_.tolist():
        for column, member in enumerate(stage):
            values = [estimator.learning_rate * value for value in member.tree_.value[:, 0, 0].tolist()]
            trees.append({"output": column, **tree_lists(member.tree_, values)})
    return trees


def _start_scores(estimator):
    """What GradientBoosting starts from, as one number per column; an initial model that looks at x has none."""
    init = estimator.init_
    is_constant = isinstance(init, str) or (
        type(init).__name__ in ("DummyClassifier", "DummyRegressor") and init.strategy != "stratified")
    if not is_constant:
        raise ValueError("a %s whose init is a %s cannot be exported: the start of the sum must be a constant"
                         % (type(estimator).__name__, type(init).__name__))
    return estimator._raw_predict_init([[0.0] * estimator.n_features_in_]).tolist()[0]


def gradient_boosting_regressor(estimator):
    trees = _stages(estimator)

    def tolerance(inputs, errors, outputs):  # a compiler may fuse learning_rate * value and the addition into one rounding
        return len(trees) * EPSILON * max(abs(y) for row in outputs for y in row), 0.0

    model = boosted(trees, _start_scores(estimator), {"name": "identity"})
    return Exported(model, regression(1), "predict", tolerance)


def gradient_boosting_classifier(estimator):
    start, is_exponential = _start_scores(estimator), estimator.loss == "exponential"
    if len(start) > 1:
        link, output = {"name": "softmax"}, classification(class_labels(estimator))
    else:
        # predict() looks at the sign of the raw score since 1.4 and for the exponential loss, else at probabilities.
        rule = "greater_equal" if is_exponential or library_version() >= (1, 4) else "greater"
        link = {"name": "sigmoid", "scale": 2.0 if is_exponential else 1.0}
        output = classification(class_labels(estimator), rule=rule, threshold=0.5)
    model = boosted(_stages(estimator), start, link)
    return Exported(model, output, "predict_proba", transcendental)
