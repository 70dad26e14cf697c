"""Missing values of scikit-learn's transformers: constants in their place, and columns that say where they were."""

from ..values import finite, listed


def _missing(estimator):
    """The key of the document for what counts as missing: NaN where there is none."""
    value = estimator.missing_values
    if value is None or isinstance(value, str):
        raise ValueError("missing_values=%r of a %s cannot be exported: a device gets numbers"
                         % (value, type(estimator).__name__))
    return {} if value != value else {"missing": finite(value, "missing_values")}


def _filled_in(estimator):
    """The statistics; later versions of scikit-learn round them to the type of the training data."""
    known = estimator.statistics_
    if not hasattr(estimator, "_fill_dtype") or estimator._fill_dtype.kind not in "fiu":
        return known
    rounded = known.astype("float64")
    is_known = rounded == rounded
    rounded[is_known] = rounded[is_known].astype(estimator._fill_dtype)
    return rounded


def simple_imputer(front, estimator, first, n):
    missing, values = _missing(estimator), listed(_filled_in(estimator))
    for column, value in enumerate(values):
        if isinstance(value, str):
            raise ValueError("fill_value %r of feature %d is text, a device gets numbers" % (value, column))
    # What had no value at all in training has none to stand for it: the imputer leaves its column out.
    known = [column for column, value in enumerate(values) if value == value]
    indicator = estimator.indicator_.features_.tolist() if getattr(estimator, "indicator_", None) is not None else []
    front.choose(first, n, [*known, *indicator])
    n_known, n_indicator = len(known), len(indicator)
    if known:
        front.add("impute", first, n_known, n_known, values=[finite(values[column], "statistics_") for column in known],
                  **missing)
    if indicator:
        front.add("missing_indicator", first + n_known, n_indicator, n_indicator, n_columns=n_indicator, **missing)
    return n_known + n_indicator


def missing_indicator(front, estimator, first, n):
    missing, chosen = _missing(estimator), estimator.features_.tolist()
    front.choose(first, n, chosen)
    return front.add("missing_indicator", first, len(chosen), len(chosen), n_columns=len(chosen), **missing)
