"""How far the columns behind the steps may be off on a device that computes them in float32."""

import bounds_sources
import numpy as np
import truth_steps

UNIT = 2.0**-24  # of float32: half a step between 1 and 2
DOUBLE = 2.0**-53
TINY = 2.0**-120  # denormal numbers have no digits
OF_FUNCTION = 16  # steps: functions of libm, and what is computed around them


def is_mixing(step):
    """Whether a step makes columns of several ones: what is in front of it is computed on the device."""
    if step["kind"] == "polynomial":
        return any(len(set(term)) > 1 for term in step["terms"])
    return step["kind"] in ("linear", "normalize")


def through(step, x, error, sources, computed=True, unit=UNIT):
    """(values, error) behind the step. `sources`: see bounds_sources. `computed`: by the device in float32; else it is part
    of a comparison. `unit`: half a step of the numbers that it is computed in, between 1 and 2."""
    y = truth_steps.stepped(step, x)
    if step["kind"] == "columns":
        return y, error[:, step["indices"]]
    first = step.get("first", 0)
    n_columns = truth_steps.columns_of(step, x.shape[1] - first)
    run, run_error = x[:, first:first + n_columns], error[:, first:first + n_columns]
    made = y[:, first:first + y.shape[1] - x.shape[1] + n_columns]
    run_bound = BOUNDS.get(step["kind"], _elementwise)(step, run, run_error, made, unit)
    right = bounds_sources.looks_through(step, sources[:, first:first + n_columns])
    if right.any():
        run_bound = np.where(right[:, None], _with_right_jumps(step, run, run_error, made, unit), run_bound)
    if not computed:
        run_bound = np.where(_largest(step, run_error, made) == 0.0, 0.0, run_bound)
    return y, np.concatenate([error[:, :first], run_bound, error[:, first + n_columns:]], axis=1)


def _with_right_jumps(step, x, error, y, unit):
    """Of a step that jumps where the document does."""
    if step["kind"] == "quantile":
        return _along_quantiles(step, x, error, y, unit)
    if step["kind"] == "one_hot":
        compared = [outputs is not None for outputs in step["categories"]]
        return _one_hot(step, x, np.where(compared, 0.0, error), y, unit)
    return _elementwise(step, x, np.zeros_like(error), y, unit)


def _along_quantiles(step, x, error, y, unit):
    """Between two quantiles there is no jump, and the device sees whether a value is one. A normal distribution ends a
    little beside its quantiles: where several are the end, that is a jump."""
    bounds = np.empty_like(y)
    normal = step["output"] == "normal"
    for i, quantiles in enumerate(np.array(step["quantiles"], float)):
        column = {**step, "first": 0, "quantiles": [quantiles]}
        at = x[:, i]
        off = error[:, i] + 4 * unit * np.maximum(np.abs(at), np.abs(quantiles).max())
        before, after = np.searchsorted(quantiles, at, "left"), np.searchsorted(quantiles, at, "right")
        padded = np.concatenate([[-np.inf], quantiles, [np.inf]])
        low = np.maximum(at - off, np.nextafter(padded[before], np.inf))
        high = np.minimum(at + off, np.nextafter(padded[after + 1], -np.inf))
        ends = [truth_steps.stepped(column, end[:, None])[:, 0] for end in (low, high)]
        spread = np.maximum(np.abs(ends[0] - y[:, i]), np.abs(ends[1] - y[:, i]))
        spread = np.where(after - before > 1, 0.0, np.where(np.isnan(spread), 0.0, spread))
        if normal:
            for end, next_to_it, distance in ((quantiles[0], quantiles[1:2], at - quantiles[0]),
                                              (quantiles[-1], quantiles[-2:-1], quantiles[-1] - at)):
                beside = (distance > 0.0) & (distance <= 4e-7 + off)
                spread = np.where(beside & bool(np.all(next_to_it == end)), np.inf, spread)
        steepness = 1.0 + np.sqrt(2 * np.pi) * np.exp(0.5 * y[:, i] ** 2) if normal else 1.0
        bounds[:, i] = spread + OF_FUNCTION * unit * steepness * (1.0 + np.abs(y[:, i]))
    return np.where(np.isnan(bounds), 0.0, bounds)


def _largest(step, run_error, made):
    """The error that goes into each output."""
    if made.shape[1] == run_error.shape[1] and step["kind"] not in ("linear", "normalize", "polynomial", "one_hot"):
        return run_error
    return np.broadcast_to(run_error.max(axis=1, keepdims=True, initial=0.0), made.shape)


def _elementwise(step, x, error, y, unit):
    """What comes of the ends of the interval around x. A number beside which something else happens is far away from all
    others: where one lies inside, anything may come out."""
    inner = {**step, "first": 0}
    low, high = truth_steps.stepped(inner, x - error), truth_steps.stepped(inner, x + error)
    spread = np.maximum(np.abs(high - y), np.abs(low - y))
    spread = np.where(np.isnan(low) != np.isnan(high), np.inf, np.where(np.isnan(spread), 0.0, spread))
    spread = np.where((error > 0.0) & _inside(step, x, error), np.inf, spread)
    spread = np.where(error == 0.0, 0.0, spread)
    exact = step["kind"] in ("impute", "missing_indicator", "lookup", "bins", "binarize")
    rounding = unit * np.abs(y) if exact else OF_FUNCTION * unit * (np.abs(y) + _size(step, x)) * _exponents(step, x)
    return spread + np.where(np.isnan(rounding), 0.0, rounding) + (TINY if unit == UNIT else 0.0)


def _exponents(step, x):
    """A power is exp of a product, whose digits before the point are lost behind it."""
    if step["kind"] != "power":
        return 1.0
    powers = np.array(step["lambdas"], float)
    return 1.0 + (np.abs(powers) + np.abs(2.0 - powers)) * np.abs(np.log(np.abs(x) + 1e-38))


def _size(step, x):
    """What cancels inside of a formula."""
    if step["kind"] == "power":
        powers = np.array(step["lambdas"], float)
        return np.abs(1.0 / np.where(powers == 0.0, 1.0, powers)) + np.abs(1.0 / np.where(powers == 2.0, 1.0, 2.0 - powers)) + np.abs(x) * 0.0
    if step["kind"] == "quantile":
        return 10.0 * _steepness(step, x)
    return np.ones_like(x)


def _steepness(step, x):
    """Of the steepest piece times what a float32 is off by near it; near the ends of a normal distribution more."""
    columns = []
    references = np.diff(np.array(step["references"]))
    for quantiles in step["quantiles"]:
        gaps = np.diff(np.array(quantiles))
        slopes = references[gaps > 0] / gaps[gaps > 0]
        columns.append(slopes.max(initial=0.0) * np.abs(quantiles).max() + 1.0)
    factor = 1e6 if step["output"] == "normal" else 1.0
    return factor * np.broadcast_to(np.array(columns), x.shape)


def _inside(step, x, error):
    """Whether a single number that counts lies within the error of x."""
    numbers = {"lookup": lambda i: step["from"][i], "impute": lambda i: [step.get("missing")],
               "missing_indicator": lambda i: [step.get("missing")]}.get(step["kind"])
    if step["kind"] == "function":
        at = {"log1p": [-1.0], "log": [0.0], "log2": [0.0], "log10": [0.0], "sqrt": [0.0], "reciprocal": [0.0]}
        numbers = lambda i: at.get(step["name"], [])
    if step["kind"] == "power" and step["method"] == "box_cox":
        numbers = lambda i: [0.0]
    if numbers is None:
        return np.zeros(x.shape, bool)
    columns = [np.any([np.abs(column - number) <= of_column for number in numbers(i) if number is not None] or [np.zeros(len(x), bool)], axis=0)
               for i, (column, of_column) in enumerate(zip(x.T, error.T))]
    return np.stack(columns, axis=1)


def _scaler(step, x, error, y, unit):
    offset, scale = np.array(step["offset"], float), np.array(step["scale"], float)
    factor = np.abs(1.0 / scale) if step["op"] == "subtract_divide" else np.abs(scale)
    size = (np.abs(x) + np.abs(offset)) * factor if step["op"] == "subtract_divide" else np.abs(x) * factor + np.abs(offset)
    return error * factor + 6 * unit * size + (TINY if unit == UNIT else 0.0)


def _one_hot(step, x, error, y, unit):
    columns = []
    for i, outputs in enumerate(step["categories"]):
        if outputs is None:
            columns.append(error[:, i] + unit * np.abs(x[:, i]))
            continue
        for listed in outputs:
            near = np.any([np.abs(x[:, i] - number) <= error[:, i] for number in listed] or [np.zeros(len(x), bool)], axis=0)
            columns.append(np.where(near & (error[:, i] > 0.0), 1.0, 0.0))
    return np.stack(columns, axis=1) if columns else np.empty((len(x), 0))


def _linear(step, x, error, y, unit):
    weights = np.abs(np.array(step["weights"], float))
    size = np.abs(x) @ weights.T + np.abs(np.array(step["bias"], float))
    return error @ weights.T + (weights.shape[1] + 4) * 2 * unit * size + (TINY if unit == UNIT else 0.0)


def _polynomial(step, x, error, y, unit):
    columns = []
    for term in step["terms"]:
        size, bound = np.ones(len(x)), np.zeros(len(x))
        for column in term:
            bound = bound * (np.abs(x[:, column]) + error[:, column]) + size * error[:, column]
            size = size * np.abs(x[:, column])
        columns.append(bound + 4 * unit * size + (TINY if unit == UNIT else 0.0))
    return np.stack(columns, axis=1)


def _normalize(step, x, error, y, unit):
    """Quotients that are up to 1: off by what their parts are off by, relative to the norm."""
    size = np.abs(x)
    if step["norm"] == "l1":
        norm, norm_error = size.sum(axis=1), error.sum(axis=1)
    elif step["norm"] == "l2":
        norm, norm_error = np.sqrt((x * x).sum(axis=1)), np.sqrt((error * error).sum(axis=1))
    else:
        norm, norm_error = size.max(axis=1), error.max(axis=1)
    safe = norm > 2.0 * norm_error
    small = (norm == 0.0) & (norm_error == 0.0)
    bound = 2.0 * (error + np.abs(y) * norm_error[:, None]) / np.where(safe, norm, 1.0)[:, None]
    bound = bound + (x.shape[1] + 16) * unit * np.abs(y) + (TINY if unit == UNIT else 0.0)
    # Squares leave float32 before their root does.
    odd = (norm > 1e18) | ((norm < 1e-18) & ~small)
    return np.where((~safe & ~small)[:, None] | odd[:, None], np.inf, bound)


BOUNDS = {"scaler": _scaler, "one_hot": _one_hot, "linear": _linear, "polynomial": _polynomial, "normalize": _normalize}
