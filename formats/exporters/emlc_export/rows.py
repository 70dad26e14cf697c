"""Rows of the caller as inputs of the document."""

import math
import struct

from .values import finite, listed

N_TEST_VECTORS = 40
INTEGER_RANGES = {"int8": (-128, 127), "uint8": (0, 255), "int16": (-32768, 32767), "int32": (-(2**31), 2**31 - 1)}
DTYPES = ["float32", "float64", *INTEGER_RANGES]
# The smallest type of the document that holds every value of an array's type; wide integers are checked row by row.
DTYPE_OF_ARRAY = {"bool": "uint8", "uint16": "int32", "int64": "int32", "uint32": "int32", "uint64": "int32",
                  **{name: name for name in INTEGER_RANGES}}


def check_columns(X, names):
    """A data frame with the columns of the training data has them in that order, since only their places are exported."""
    if names is None or not hasattr(X, "columns"):
        return
    found, expected = [str(name) for name in X.columns], [str(name) for name in names]
    if found != expected and sorted(found) == sorted(expected):
        place = next(i for i, name in enumerate(found) if name != expected[i])
        raise ValueError("X has its columns in another order than the training data: column %d is %r, expected %r"
                         % (place, found[place], expected[place]))


def _check_table(X):
    if not hasattr(X, "__len__") or not hasattr(X, "__getitem__") or isinstance(X, (str, bytes, dict)):
        raise ValueError("X is a %s, expected rows: an array, a data frame or a list of lists" % type(X).__name__)


def given_rows(X, dtype, n_features):
    """At most N_TEST_VECTORS rows of X by their index, and the dtype."""
    if dtype is not None:
        dtype = dtype if isinstance(dtype, str) else getattr(dtype, "name", getattr(dtype, "__name__", str(dtype)))
        if dtype not in DTYPES:
            raise ValueError("dtype %r is not one of %s" % (dtype, ", ".join(DTYPES)))
    if X is None:
        return {}, dtype or "float32"
    if hasattr(X, "toarray"):
        raise ValueError("X is sparse, pass a dense array: %d rows are enough" % N_TEST_VECTORS)
    if hasattr(X, "to_numpy"):  # a data frame
        X = X.to_numpy()
    _check_table(X)
    if len(X) == 0:
        raise ValueError("X has no row")
    steps = max(1, min(N_TEST_VECTORS, len(X)) - 1)
    chosen = sorted({step * (len(X) - 1) // steps for step in range(steps + 1)})
    rows = {index: listed(X[index]) for index in chosen}
    for index, row in rows.items():
        if len(row) != n_features:
            raise ValueError("X[%d] has %d values, the estimator has %d features" % (index, len(row), n_features))
    return rows, dtype or _dtype_of(X, rows.values())


def cast_rows(rows, dtype):
    """The rows as lists of numbers that `dtype` holds exactly."""
    return [[_cast(cell, dtype, "X[%d][%d]" % (index, j)) for j, cell in enumerate(row)] for index, row in rows.items()]


def _dtype_of(X, rows):
    if hasattr(X, "dtype"):
        return DTYPE_OF_ARRAY.get(str(X.dtype), "float32")
    return "int32" if all(isinstance(cell, int) for row in rows for cell in row) else "float32"


def _cast(value, dtype, where):
    """`value` as an input of the type; NaN (missing) stays NaN."""
    if isinstance(value, float) and math.isnan(value) and dtype not in INTEGER_RANGES:
        return value
    number = finite(value, where)
    if dtype in INTEGER_RANGES:
        low, high = INTEGER_RANGES[dtype]
        if number != int(number) or not low <= number <= high:
            raise ValueError("%s is %r, which %s cannot hold" % (where, value, dtype))
        return int(number)
    if dtype == "float64":
        return number
    try:
        return struct.unpack("<f", struct.pack("<f", number))[0]
    except OverflowError:
        raise ValueError("%s is %r, which float32 cannot hold" % (where, value)) from None


def check_rows(rows, document):
    """The vectors keep the promises of the document: all are in its range."""
    low, high = (document["input"].get(key) for key in ("feature_min", "feature_max"))
    for row in rows:
        for feature, value in enumerate(row):
            if (low and value < low[feature]) or (high and value > high[feature]):
                raise ValueError("X has %r in feature %d, outside feature_min and feature_max" % (value, feature))


def check_missing(rows, inputs, document):
    """No missing value is left in front of the model, in `inputs`, unless that takes them. Members of a combination have
    steps of their own; what they do not take their estimators refuse."""
    last = document["model"]["steps"][-1] if document["model"]["kind"] == "pipeline" else document["model"]
    is_taken = last.get("missing", "none") != "none" or last["kind"] == "combine"
    if is_taken or document["output"]["task"] == "transform":
        return
    for row, values in zip(rows, inputs):
        if any(math.isnan(value) for value in values):
            feature = next((index for index, value in enumerate(row) if math.isnan(value)), None)
            if feature is None:
                raise ValueError("the steps before the model make no number of %r" % (row,))
            raise ValueError("X has a missing value in feature %d, which the estimator does not take" % feature)


def table_like(X, has_steps):
    """A function that makes rows a data frame as X is one, so that the estimator finds its columns by their names; or an
    array for steps, which of lists may make objects."""
    columns = getattr(X, "columns", None)
    if columns is None:
        return _array if has_steps else lambda rows: rows

    def table_of(rows):
        for keys in ({"columns": columns}, {"schema": list(columns), "orient": "row"}):
            try:
                return type(X)(rows, **keys)
            except TypeError:
                continue
        return rows

    return table_of


def _array(rows):
    import numpy as np

    return np.array(rows)
