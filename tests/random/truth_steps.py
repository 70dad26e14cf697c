"""The steps in front of a model, computed from the words of docs/formats.md with numpy alone.

Each takes rows [n][width] and gives rows of the width behind it. Elementwise functions are rounded once; of linear,
polynomial and normalize each operation.
"""

import math

import numpy as np

TYPES = {"float32": np.float32, "float64": np.float64}


def rounded(values, dtype):
    """float64 values that are numbers of the type."""
    with np.errstate(over="ignore"):
        return np.asarray(values, np.float64).astype(TYPES[dtype]).astype(np.float64)


def stepped(step, values):
    """The rows behind the step."""
    values = np.asarray(values, np.float64)
    dtype = step.get("dtype", "float64")
    with np.errstate(all="ignore"):
        if step["kind"] == "columns":
            return rounded(values[:, step["indices"]], dtype)
        first = step.get("first", 0)
        n_columns = columns_of(step, values.shape[1] - first)
        run = values[:, first:first + n_columns]
        made = STEPS[step["kind"]](step, run, lambda numbers: rounded(numbers, dtype))
    return np.concatenate([values[:, :first], np.asarray(made, float),
                           values[:, first + n_columns:]], axis=1)


def columns_of(step, rest):
    """How many columns a step takes, of the `rest` that there are from its first one on."""
    if step["kind"] == "linear":
        return len(step["weights"][0])
    for key in ("offset", "values", "categories", "from", "edges", "thresholds", "lambdas", "quantiles"):
        if key in step:
            return len(step[key])
    return step.get("n_columns", rest)


def _each(function):
    """A step that makes one column of each: function(step, index, column) -> column."""

    def apply(step, run, rounding):
        return rounding(np.stack([function(step, index, column) for index, column in enumerate(run.T)], axis=1))

    return apply


def _scaler(step, run, rounding):
    """A factor of 0 makes the offset of every value that is there, infinite ones included."""
    offset, scale = np.array(step["offset"], float), np.array(step["scale"], float)
    if step["op"] == "subtract_divide":
        result = rounding(rounding(run - offset) / scale)
    else:
        result = rounding(np.where(scale == 0.0, 0.0, rounding(run * scale)) + offset)
    low, high = step.get("clip", (-math.inf, math.inf))
    return np.where(np.isnan(run), run, np.minimum(np.maximum(result, low), high))


def _is_missing(step, column):
    missing = step.get("missing")
    return np.isnan(column) if missing is None else column == missing


def _impute(step, index, column):
    value = step["values"][index]
    return column if value is None else np.where(_is_missing(step, column), value, column)


def _one_hot(step, run, rounding):
    columns = []
    for column, outputs in zip(run.T, step["categories"]):
        if outputs is None:
            columns.append(column)
        else:
            columns += [np.isin(column, listed).astype(float) for listed in outputs]
    return rounding(np.stack(columns, axis=1)) if columns else np.empty((len(run), 0))


def _lookup(step, index, column):
    otherwise = step["otherwise"][index]
    result = np.full(len(column), np.nan if otherwise is None else otherwise)
    for source, code in zip(step["from"][index], step["to"][index]):
        result[column == source] = code
    return np.where(np.isnan(column), column, result)


def _bins(step, index, column):
    count = sum(((column >= edge).astype(float) for edge in step["edges"][index]), np.zeros(len(column)))
    return np.where(np.isnan(column), column, count)


FUNCTIONS = {"log": np.log, "log1p": np.log1p, "log2": np.log2, "log10": np.log10, "exp": np.exp, "expm1": np.expm1,
             "sqrt": np.sqrt, "square": np.square, "abs": np.abs, "reciprocal": lambda x: 1.0 / (x + 0.0)}


def _power(step, index, column):
    power = step["lambdas"][index]
    if step["method"] == "box_cox":
        result = np.log(column) if abs(power) < 1e-19 else np.expm1(power * np.log(column)) / power
        return np.where(column < 0.0, np.nan, result)
    above, below = np.maximum(column, 0.0), np.minimum(column, 0.0)
    spacing = np.spacing(1.0)
    of_positive = np.log1p(above) if abs(power) < spacing else ((above + 1.0) ** power - 1.0) / power
    of_negative = (-((1.0 - below) ** (2.0 - power) - 1.0) / (2.0 - power) if abs(power - 2.0) > spacing
                   else -np.log1p(-below))
    return np.where(np.isnan(column), column, np.where(column >= 0.0, of_positive, of_negative))


def _quantile(step, index, column):
    from scipy.stats import norm

    quantiles, references = np.array(step["quantiles"][index]), np.array(step["references"])
    normal = step["output"] == "normal"
    share = 0.5 * (np.interp(column, quantiles, references) -
                   np.interp(-column, -quantiles[::-1], -references[::-1]))
    if normal:
        low, high = column - 1e-7 < quantiles[0], column + 1e-7 > quantiles[-1]
    else:
        low, high = column <= quantiles[0], column >= quantiles[-1]
    share = np.where(low, 0.0, np.where(high, 1.0, share))
    if normal:
        end = norm.ppf(1e-7 - np.spacing(1.0))
        share = np.clip(norm.ppf(share), end, norm.ppf(1.0 - (1e-7 - np.spacing(1.0))))
    return np.where(np.isnan(column), column, share)


def _linear(step, run, rounding):
    sums = np.tile(np.array(step["bias"], float), (len(run), 1))
    for column, weights in zip(run.T, np.array(step["weights"], float).T):
        sums = rounding(sums + rounding(column[:, None] * weights))
    return sums


def _polynomial(step, run, rounding):
    columns = []
    for term in step["terms"]:
        product = np.ones(len(run))
        for place, column in enumerate(term):
            product = rounding(run[:, column] if place == 0 else product * run[:, column])
        columns.append(product)
    return np.stack(columns, axis=1) if columns else np.empty((len(run), 0))


def _normalize(step, run, rounding):
    total = np.zeros(len(run))
    for column in run.T:
        if step["norm"] == "max":
            total = np.where(np.isnan(total) | np.isnan(column), np.nan, np.maximum(total, np.abs(column)))
        else:
            total = rounding(total + (np.abs(column) if step["norm"] == "l1" else rounding(column * column)))
    total = rounding(np.sqrt(total)) if step["norm"] == "l2" else total
    return np.where((total == 0.0)[:, None], run, rounding(run / total[:, None]))


STEPS = {
    "scaler": _scaler,
    "impute": _each(_impute),
    "missing_indicator": _each(lambda step, index, column: _is_missing(step, column).astype(float)),
    "one_hot": _one_hot,
    "lookup": _each(_lookup),
    "bins": _each(_bins),
    "binarize": _each(lambda step, index, column: (column > step["thresholds"][index]).astype(float)),
    "function": _each(lambda step, index, column: FUNCTIONS[step["name"]](column)),
    "power": _each(_power),
    "quantile": _each(_quantile),
    "linear": _linear,
    "polynomial": _polynomial,
    "normalize": _normalize,
}
KINDS = {"columns", *STEPS}
