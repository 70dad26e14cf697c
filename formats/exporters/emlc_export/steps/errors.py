"""How far another honest evaluation of steps may be from the library's: errors of rounding, carried from step to step.

Each function takes a step, the values of its run [n_rows][n] and the errors they may have, and returns those behind the
step. What decides (categories, bins) gives numbers without an error; what only subtracts, multiplies and divides as the
document says has none of its own."""

import statistics

from ..values import EPSILON


def propagated(steps, rows, errors=None):
    """(values [n_rows][n], errors of each) in front of the model, for rows in which NaN is missing; `errors` are those that
    the rows have already."""
    if not steps:
        return rows, [[0.0] * len(row) for row in rows] if errors is None else errors
    *_, (_, values, errors) = walked(steps, rows, errors)
    return values.tolist(), errors.tolist()


def walked(steps, rows, errors=None):
    """Yields (step, values, errors), arrays of the whole row in front of each step; at last those of the model, with None."""
    import numpy as np

    values = np.array(rows, float)
    errors = np.zeros_like(values) if errors is None else np.array(errors, float)
    for step in steps:
        yield step, values, errors
        if step["kind"] == "columns":
            values, errors = values[:, step["indices"]], errors[:, step["indices"]]
            continue
        run = run_of(step)
        with np.errstate(all="ignore"):
            found = STEPS[step["kind"]](np, step, values[:, run], errors[:, run])
        values, errors = (np.hstack([whole[:, :run.start], part, whole[:, run.stop:]])
                          for whole, part in zip((values, errors), found))
    yield None, values, errors


def run_of(step):
    """The columns that a step takes, a slice."""
    first = step.get("first", 0)
    return slice(first, first + _n_columns(step))


def _n_columns(step):
    lists = ("offset", "values", "categories", "from", "edges", "thresholds", "lambdas", "quantiles")
    if step["kind"] == "linear":
        return len(step["weights"][0])
    return step["n_columns"] if "n_columns" in step else len(step[next(key for key in lists if key in step)])


def _scaler(np, step, x, error):
    offset, scale = np.array(step["offset"]), np.array(step["scale"])
    y = (x - offset) / scale if step["op"] == "subtract_divide" else x * scale + offset
    factor = np.abs(1.0 / scale) if step["op"] == "subtract_divide" else np.abs(scale)
    size = (np.abs(x) + np.abs(offset)) * factor if step["op"] == "subtract_divide" else np.abs(x) * factor + np.abs(offset)
    error = np.where(error > 0, error * factor + 3 * EPSILON * size, 0.0)
    low, high = step.get("clip", (-np.inf, np.inf))
    return np.clip(y, low, high), error


def _impute(np, step, x, error):
    missing = np.isnan(x) if step.get("missing") is None else x == step["missing"]
    replaced = missing & np.array([value is not None for value in step["values"]])
    return np.where(replaced, np.array([value or 0.0 for value in step["values"]]), x), np.where(replaced, 0.0, error)


def _missing_indicator(np, step, x, error):
    missing = np.isnan(x) if step.get("missing") is None else x == step["missing"]
    return missing.astype(float), np.zeros_like(error)


def _one_hot(np, step, x, error):
    columns = []
    for column, groups in zip(x.T, step["categories"]):
        columns += [column] if groups is None else [np.isin(column, group).astype(float) for group in groups]
    y = np.array(columns).reshape(-1, len(x)).T
    return y, np.zeros_like(y)


def _lookup(np, step, x, error):
    y = np.full_like(x, np.nan)
    for column, (known, codes, otherwise) in enumerate(zip(step["from"], step["to"], step["otherwise"])):
        y[:, column] = np.where(np.isnan(x[:, column]) | (otherwise is None), np.nan, otherwise or 0.0)
        for value, code in zip(known, codes):
            y[x[:, column] == value, column] = code
    return y, np.zeros_like(y)


def _bins(np, step, x, error):
    y = np.array([np.searchsorted(edges, column, "right") for edges, column in zip(step["edges"], x.T)], float).T
    return np.where(np.isnan(x), x, y), np.zeros_like(y)


def _binarize(np, step, x, error):
    return (x > np.array(step["thresholds"])).astype(float), np.zeros_like(error)


def _moved(np, function, x, error):
    """How far errors of the arguments move a monotone or smooth function."""
    y = function(x)
    moves = [np.abs(np.nan_to_num(function(x + sign * error) - y)) for sign in (-1, 1)]
    return y, np.where(error > 0, np.maximum(*moves), 0.0)


def _function(np, step, x, error):
    y, moved = _moved(np, getattr(np, {"abs": "absolute"}.get(step["name"], step["name"])), x, error)
    is_exact = step["name"] in ("sqrt", "square", "abs", "reciprocal")
    return y, moved + (0.0 if is_exact else 4 * EPSILON) * np.abs(y)


def _power(np, step, x, error):
    lambdas = np.array(step["lambdas"])

    def box_cox(x):
        return np.where(lambdas == 0, np.log(x), np.expm1(lambdas * np.log(x)) / np.where(lambdas == 0, 1, lambdas))

    def yeo_johnson(x):
        exponents = np.where(x >= 0, lambdas, 2 - lambdas)
        logs = np.log1p(np.abs(x))
        y = np.where(exponents == 0, logs, np.expm1(exponents * logs) / np.where(exponents == 0, 1, exponents))
        return np.where(x >= 0, y, -y)

    y, moved = _moved(np, box_cox if step["method"] == "box_cox" else yeo_johnson, x, error)
    # (x^lambda - 1) / lambda: the power is off by some of its last digits, the difference by as much.
    exponents = lambdas if step["method"] == "box_cox" else np.where(x >= 0, lambdas, 2 - lambdas)
    small = np.maximum(np.abs(exponents), EPSILON)
    return y, moved + 8 * EPSILON * (np.abs(y) + (np.abs(exponents * y) + 1) * (1 + np.abs(y)) / small)


def _quantile(np, step, x, error):
    references = np.array(step["references"])

    def uniform(x):
        columns = [np.interp(column, known, references) for column, known in zip(x.T, step["quantiles"])]
        return np.array(columns).T

    p, p_error = _moved(np, uniform, x, error)
    p_error = p_error + 8 * EPSILON
    if step["output"] == "uniform":
        return np.where(np.isnan(x), x, p), p_error
    normal = statistics.NormalDist()
    z = np.vectorize(lambda value: normal.inv_cdf(min(max(value, 1e-7), 1 - 1e-7)), otypes=[float])(np.nan_to_num(p))
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    return np.where(np.isnan(x), x, z), p_error / density + 32 * EPSILON * np.abs(z)


def _linear(np, step, x, error):
    weights, bias = np.array(step["weights"]), np.array(step["bias"])
    size = np.abs(x) @ np.abs(weights).T + np.abs(bias)
    return x @ weights.T + bias, error @ np.abs(weights).T + (weights.shape[1] + 1) * EPSILON * size


def _polynomial(np, step, x, error):
    columns, errors = [], []
    for term in step["terms"]:
        product = np.prod(x[:, term], axis=1)
        size, largest = np.prod(np.abs(x[:, term]), axis=1), np.prod(np.abs(x[:, term]) + error[:, term], axis=1)
        columns.append(product)
        # One product is rounded once, whoever makes it.
        errors.append(largest - size + (len(term) * EPSILON * largest if len(term) > 2 else 0.0))
    return np.array(columns).T, np.array(errors).T


def _normalize(np, step, x, error):
    norm = {"l1": lambda: np.abs(x).sum(axis=1), "l2": lambda: np.sqrt((x * x).sum(axis=1)),
            "max": lambda: np.abs(x).max(axis=1)}[step["norm"]]()
    norm = np.where(norm == 0, 1.0, norm)[:, None]
    y = x / norm
    return y, error / norm + np.abs(y) * error.sum(axis=1, keepdims=True) / norm + (x.shape[1] + 4) * EPSILON * np.abs(y)


STEPS = {"scaler": _scaler, "impute": _impute, "missing_indicator": _missing_indicator, "one_hot": _one_hot,
         "lookup": _lookup, "bins": _bins, "binarize": _binarize, "function": _function, "power": _power,
         "quantile": _quantile, "linear": _linear, "polynomial": _polynomial, "normalize": _normalize}
