"""What the steps before a model say, from the words of docs/formats.md, with numpy alone: rows [n][n_columns] in and out.

A step works on the columns from `first` on, as many as its lists have; what it gives stands in their place."""

import math
from statistics import NormalDist

import numpy as np

BOUND = 1e-7  # of a quantile step with a normal output: what is nearer to an end of the table counts as beyond it


def is_step(kind):
    return kind == "columns" or kind in STEPS


def stepped(step, values, _=None):
    """The rows behind a step, rounded to its dtype."""
    with np.errstate(all="ignore"):
        if step["kind"] == "columns":
            return values[:, step["indices"]]
        first = step.get("first", 0)
        last = first + width_of(step)
        result = np.asarray(STEPS[step["kind"]](step, values[:, first:last]), float)
        result = result.astype(step.get("dtype", "float64")).astype(float)
        return np.hstack([values[:, :first], result, values[:, last:]])


def width_of(step):
    """How many columns a step takes."""
    if "n_columns" in step:
        return step["n_columns"]
    if step["kind"] == "linear":
        return len(step["weights"][0])
    keys = {"scaler": "offset", "impute": "values", "one_hot": "categories", "lookup": "from", "bins": "edges",
            "binarize": "thresholds", "power": "lambdas", "quantile": "quantiles"}
    return len(step[keys[step["kind"]]])


def columnwise(function):
    """A step out of a function of its number and a column that gives one column, or several of them [n][k]."""
    def apply(step, values):
        parts = [np.reshape(function(step, index, column), (len(values), -1)) for index, column in enumerate(values.T)]
        return np.hstack(parts)

    return apply


def scaled(step, values):
    """A factor of 0 makes the offset of every value that is there, infinite ones included."""
    offset, scale = np.array(step["offset"], float), np.array(step["scale"], float)
    result = (values - offset) / scale if step["op"] == "subtract_divide" else (
        np.where(scale == 0.0, 0.0, values * scale) + offset)
    low, high = step.get("clip", (-math.inf, math.inf))
    return np.where(np.isnan(values), values, np.minimum(np.maximum(result, low), high))


def is_missing(step, values):
    missing = step.get("missing")
    return np.isnan(values) if missing is None else values == missing


def imputed(step, index, column):
    value = step["values"][index]
    return column if value is None else np.where(is_missing(step, column), value, column)


def one_hot(step, index, column):
    groups = step["categories"][index]
    if groups is None:
        return column
    return np.array([[float(any(x == category for category in group)) for group in groups] for x in column])


def looked_up(step, index, column):
    table, otherwise = dict(zip(step["from"][index], step["to"][index])), step["otherwise"][index]
    unknown = math.nan if otherwise is None else otherwise
    return [x if math.isnan(x) else table.get(x, unknown) for x in column]


def binned(step, index, column):
    return [x if math.isnan(x) else sum(edge <= x for edge in step["edges"][index]) for x in column]


FUNCTIONS = {"log": np.log, "log1p": np.log1p, "log2": np.log2, "log10": np.log10, "exp": np.exp, "expm1": np.expm1,
             "sqrt": np.sqrt, "square": lambda x: x * x, "abs": np.abs, "reciprocal": lambda x: 1.0 / x}


def box_cox(x, exponent):
    return math.log(x) if exponent == 0 else math.expm1(exponent * math.log(x)) / exponent


def yeo_johnson(x, exponent):
    """Below 0 that of -x with 2 - exponent, negative."""
    if x < 0:
        return -yeo_johnson(-x, 2 - exponent)
    return math.log1p(x) if abs(exponent) < 2.0**-52 else ((x + 1) ** exponent - 1) / exponent


def powered(step, index, column):
    function = box_cox if step["method"] == "box_cox" else yeo_johnson
    return [x if math.isnan(x) else function(x, step["lambdas"][index]) for x in column]


def at_quantile(step, index, column):
    known, references = np.array(step["quantiles"][index]), np.array(step["references"])
    up = np.interp(column, known, references)
    down = -np.interp(-column, -known[::-1], -references[::-1])
    share = (up + down) / 2
    if step["output"] == "uniform":
        share = np.where(column == known[-1], 1.0, share)
        share = np.where(column == known[0], 0.0, share)
        return np.where(np.isnan(column), column, share)
    share = np.where(column + BOUND > known[-1], 1.0, share)
    share = np.where(column - BOUND < known[0], 0.0, share)
    low, high = BOUND - np.spacing(1.0), 1.0 - (BOUND - np.spacing(1.0))
    normal = NormalDist()
    return [x if math.isnan(x) else normal.inv_cdf(min(max(p, low), high)) for x, p in zip(column, share)]


def products(step, values):
    return np.stack([np.prod(values[:, term], axis=1) for term in step["terms"]], axis=1)


def projected(step, values):
    """Products are added to the bias one by one, in the order of the columns."""
    sums = np.tile(np.array(step["bias"], float), (len(values), 1))
    for column, weights in zip(values.T, np.array(step["weights"], float).T):
        sums = sums + column[:, None] * weights
    return sums


def normalized(step, values):
    norms = {"l1": lambda: np.abs(values).sum(axis=1), "l2": lambda: np.sqrt((values * values).sum(axis=1)),
             "max": lambda: np.abs(values).max(axis=1)}[step["norm"]]()
    return values / np.where(norms == 0, 1.0, norms)[:, None]


STEPS = {
    "scaler": scaled,
    "impute": columnwise(imputed),
    "missing_indicator": lambda step, values: is_missing(step, values).astype(float),
    "one_hot": columnwise(one_hot),
    "lookup": columnwise(looked_up),
    "bins": columnwise(binned),
    "binarize": lambda step, values: (values > np.array(step["thresholds"])).astype(float),
    "function": lambda step, values: FUNCTIONS[step["name"]](values),
    "power": columnwise(powered),
    "quantile": columnwise(at_quantile),
    "linear": projected,
    "polynomial": products,
    "normalize": normalized,
}
