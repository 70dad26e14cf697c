"""Scalers of scikit-learn, and what else works on each value alone."""

from ..values import listed


def standard_scaler(front, estimator, first, n):
    return front.scale(first, n, "subtract_divide", estimator.mean_ if estimator.with_mean else None,
                       estimator.scale_ if estimator.with_std else None)


def min_max_scaler(front, estimator, first, n):
    clip = {"clip": [float(end) for end in estimator.feature_range]} if getattr(estimator, "clip", False) else {}
    return front.scale(first, n, "multiply_add", estimator.min_, estimator.scale_, **clip)


def robust_scaler(front, estimator, first, n):
    return front.scale(first, n, "subtract_divide", estimator.center_ if estimator.with_centering else None,
                       estimator.scale_ if estimator.with_scaling else None)


def max_abs_scaler(front, estimator, first, n):
    clip = {"clip": [-1.0, 1.0]} if getattr(estimator, "clip", False) else {}  # scikit-learn 1.9
    return front.scale(first, n, "subtract_divide", None, estimator.scale_, **clip)


def binarizer(front, estimator, first, n):
    return front.add("binarize", first, n, n, thresholds=[float(estimator.threshold)] * n)


def normalizer(front, estimator, first, n):
    return front.add("normalize", first, n, n, norm=estimator.norm, n_columns=n)


# Functions of numpy by their names, as the document calls them.
FUNCTIONS = {"log": "log", "log1p": "log1p", "log2": "log2", "log10": "log10", "exp": "exp", "expm1": "expm1",
             "sqrt": "sqrt", "square": "square", "absolute": "abs", "fabs": "abs", "reciprocal": "reciprocal"}


def function_transformer(front, estimator, first, n):
    function = estimator.func
    if function is None:
        return n
    name = getattr(function, "__name__", type(function).__name__)
    if type(function).__name__ != "ufunc" or estimator.kw_args:
        raise ValueError("the function %r of a FunctionTransformer cannot be exported; supported are these of numpy, "
                         "without arguments: %s, negative" % (name, ", ".join(FUNCTIONS)))
    if name in ("negative", "positive"):
        return n if name == "positive" else front.scale(first, n, "multiply_add", None, [-1.0] * n)
    if name not in FUNCTIONS:
        raise ValueError("the function %r of a FunctionTransformer cannot be exported; supported are these of numpy, "
                         "without arguments: %s, negative" % (name, ", ".join(FUNCTIONS)))
    return front.add("function", first, n, n, name=FUNCTIONS[name], n_columns=n)


def power_transformer(front, estimator, first, n):
    method = estimator.method.replace("-", "_")
    front.add("power", first, n, n, method=method, lambdas=listed(estimator.lambdas_))
    return standard_scaler(front, estimator._scaler, first, n) if estimator.standardize else n


MOST_QUANTILES = 256


def quantile_transformer(front, estimator, first, n):
    references = listed(estimator.references_)
    if len(references) > MOST_QUANTILES:
        raise ValueError("a QuantileTransformer with %d quantiles is a table for each feature that no device has the memory "
                         "for: train it with n_quantiles=%d" % (len(references), MOST_QUANTILES))
    quantiles = [list(column) for column in zip(*estimator.quantiles_.tolist())]
    _check_plateaus([known if is_near else [] for known, is_near in zip(quantiles, front.is_near[first:])])
    return front.add("quantile", first, n, n, quantiles=quantiles, references=references,
                     output=estimator.output_distribution)


def _check_plateaus(quantiles):
    """A value that many rows share is several quantiles, and the middle of their references; a rounding beside it is the
    first of them or the last. At both ends scikit-learn itself takes what is near for the same."""
    for column, known in enumerate(quantiles):
        for low, high in zip(known, known[1:]):
            if low == high and known[0] < low < known[-1]:
                raise ValueError("column %d of the QuantileTransformer has %r in many rows, which a rounding of the steps in "
                                 "front of it would send elsewhere: put the QuantileTransformer first, or leave such columns "
                                 "out of it" % (column, low))


def polynomial_features(front, estimator, first, n):
    terms = [[column for column, power in enumerate(row) for _ in range(int(power))]
             for row in estimator.powers_.tolist()]
    return front.add("polynomial", first, n, len(terms), n_columns=n, terms=terms)
