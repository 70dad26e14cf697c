"""Linear models of scikit-learn."""

from ..outputs import class_labels, classification, regression
from ..values import library_version, listed
from .layers import layer_of


def linear_regressor(estimator):
    weights = listed(estimator.coef_)
    n_outputs = len(weights) if isinstance(weights[0], list) else 1
    return layer_of(weights, listed(estimator.intercept_), "identity", regression(n_outputs), "predict")


def generalized_linear_regressor(estimator):
    """Poisson, gamma and Tweedie: exp where the link is a logarithm."""
    link = {"PoissonRegressor": "log", "GammaRegressor": "log"}.get(type(estimator).__name__, getattr(estimator, "link", "log"))
    if link == "auto":
        link = "identity" if estimator.power <= 0 else "log"
    layer = linear_regressor(estimator)
    return layer._replace(link="exp" if link == "log" else "identity")


def partial_least_squares_regressor(estimator):
    """y = coefficients (x - mean) / deviation + mean of y; from version 1.5 on coef_ is divided by the deviation."""
    mean, spread = listed(estimator._x_mean), listed(estimator._x_std)
    if library_version() >= (1, 3):  # [outputs][features], as _coef_ had them
        rows = listed(estimator.coef_)
    else:
        rows = listed(estimator._coef_ if hasattr(estimator, "_coef_") else estimator.coef_.T)
    if library_version() < (1, 5):
        rows = [[w / s for w, s in zip(row, spread)] for row in rows]
    shifts = [[w * m for w, m in zip(row, mean)] for row in rows]
    intercept = listed(estimator._y_mean)
    bias = [b - sum(shift) for b, shift in zip(intercept, shifts)]
    sizes = [abs(b) + sum(map(abs, shift)) for b, shift in zip(intercept, shifts)]
    sums = [[abs(w) for w in row] for row in rows], sizes, len(mean) + 3
    return layer_of(rows, bias, "identity", regression(len(rows)), "predict", sums)


def sign_classifier(estimator):
    """decision_function: above 0 is the second of two classes, of more the largest."""
    classes = class_labels(estimator)
    weights, bias = listed(estimator.coef_), listed(estimator.intercept_)
    labels = getattr(estimator, "_label_binarizer", None)  # of a RidgeClassifier
    if labels is not None and labels.y_type_.startswith("multilabel"):
        return layer_of(weights, bias, "identity", several_labels(len(weights), 0.0), "decision_function")
    return layer_of(weights, bias, "identity", decided_by_scores(classes), "decision_function")


def decided_by_scores(classes):
    if len(classes[0]) == 2:
        return classification(classes, rule="greater", threshold=0.0)
    return classification(classes)


def several_labels(n, threshold):
    """Labels that are each there or not."""
    return classification([[0, 1] for _ in range(n)], rule="greater", threshold=threshold)


def gradient_descent_classifier(estimator):
    """Probabilities with the logistic loss. Those of modified_huber are 0 and 1 for whatever is far from the boundary, so
    that predict() decides by other numbers; its outputs are these."""
    if estimator.loss not in ("log_loss", "log"):
        return sign_classifier(estimator)
    return _one_vs_rest(class_labels(estimator), listed(estimator.coef_), listed(estimator.intercept_))


def _one_vs_rest(classes, weights, bias):
    if len(classes[0]) == 2:
        return layer_of(weights, bias, "logistic", classification(classes, rule="greater", threshold=0.5), "predict_proba")
    return layer_of(weights, bias, "normalize", classification(classes), "predict_proba")


def logistic_regression(estimator):
    classes = class_labels(estimator)
    weights, bias = listed(estimator.coef_), listed(estimator.intercept_)
    multi_class = getattr(estimator, "multi_class", "auto")
    is_multinomial = multi_class == "multinomial" or (
        multi_class in ("auto", "deprecated") and len(classes[0]) > 2 and estimator.solver != "liblinear")
    if len(classes[0]) == 2 and is_multinomial:
        # softmax over (-z, z) is the sigmoid of 2z; doubling is exact.
        weights, bias = [[2.0 * w for w in weights[0]]], [2.0 * b for b in bias]
        return _one_vs_rest(classes, weights, bias)._replace(score=0.5)
    if is_multinomial and len(classes[0]) > 2:
        return layer_of(weights, bias, "softmax", classification(classes), "predict_proba")
    return _one_vs_rest(classes, weights, bias)


def discriminant_analysis(estimator):
    classes = class_labels(estimator)
    weights, bias = listed(estimator.coef_), listed(estimator.intercept_)
    if len(classes[0]) == 2:
        return _one_vs_rest(classes, weights, bias)
    return layer_of(weights, bias, "softmax", classification(classes), "predict_proba")


def linear_outlier_detector(estimator):
    """SGDOneClassSVM: inside from 0 on."""
    output = classification([[-1, 1]], "anomaly", "greater_equal", 0.0)
    bias = [-offset for offset in listed(estimator.offset_)]
    return layer_of(listed(estimator.coef_), bias, "identity", output, "decision_function")
