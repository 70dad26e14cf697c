"""Support vector machines of scikit-learn with a linear kernel; the others keep their training data."""

from ..outputs import class_labels, classification, regression
from ..values import listed
from .layers import layer_of
from .linear import decided_by_scores


def _require_linear(estimator):
    if estimator.kernel != "linear":
        raise ValueError("a %s with the kernel %r cannot be exported: it compares with rows of its training data; linear "
                         "kernels can, and networks (MLPClassifier, MLPRegressor) take curved boundaries"
                         % (type(estimator).__name__, getattr(estimator.kernel, "__name__", estimator.kernel)))


def _sums(estimator):
    """libsvm multiplies with its support vectors one by one."""
    coefficients, vectors = (abs(array) for array in (estimator.dual_coef_, estimator.support_vectors_))
    bias = [abs(value) for value in listed(estimator.intercept_)]
    return listed(coefficients @ vectors), bias, sum(vectors.shape)


def vector_classifier(estimator):
    _require_linear(estimator)
    classes = class_labels(estimator)
    if len(classes[0]) > 2:
        raise ValueError("a %s of %d classes cannot be exported: pairs of classes vote, which no layer does; "
                         "OneVsRestClassifier(SVC(kernel='linear')) and LinearSVC decide by one layer"
                         % (type(estimator).__name__, len(classes[0])))
    return layer_of(listed(estimator.coef_), listed(estimator.intercept_), "identity", decided_by_scores(classes),
                    "decision_function", _sums(estimator))


def vector_regressor(estimator):
    _require_linear(estimator)
    return layer_of(listed(estimator.coef_), listed(estimator.intercept_), "identity", regression(1), "predict",
                    _sums(estimator))


def vector_outlier_detector(estimator):
    _require_linear(estimator)
    output = classification([[-1, 1]], "anomaly", "greater", 0.0)
    return layer_of(listed(estimator.coef_), listed(estimator.intercept_), "identity", output, "decision_function",
                    _sums(estimator))
