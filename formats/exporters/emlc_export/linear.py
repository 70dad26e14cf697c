"""Linear models of scikit-learn: one dense layer."""

from .dense import dense_layer, dense_network
from .outputs import class_labels, classification, regression
from .values import listed


def linear_regressor(estimator):
    layer = dense_layer(listed(estimator.coef_), listed(estimator.intercept_), "identity")
    return dense_network([layer], regression(len(layer["weights"])), "predict")


def logistic_regression(estimator):
    classes = class_labels(estimator)
    weights, bias = listed(estimator.coef_), listed(estimator.intercept_)
    multi_class = getattr(estimator, "multi_class", "auto")
    is_multinomial = multi_class == "multinomial" or (
        multi_class in ("auto", "deprecated") and len(classes[0]) > 2 and estimator.solver != "liblinear")
    if len(classes[0]) == 2:
        # softmax over (-z, z) is the sigmoid of 2z; doubling is exact.
        factor = 2.0 if is_multinomial else 1.0
        layer = dense_layer([[factor * w for w in weights[0]]], [factor * b for b in bias], "logistic")
        return dense_network([layer], classification(classes, rule="greater", threshold=0.5), "predict_proba")
    if is_multinomial:
        return dense_network([dense_layer(weights, bias, "softmax")], classification(classes), "predict_proba")
    return dense_network([dense_layer(weights, bias, "logistic")], classification(classes), "predict_proba",
                         post_transform={"name": "normalize"})
