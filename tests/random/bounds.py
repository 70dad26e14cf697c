"""How far the answers of a device may be from the truth: what rounding to float32 and fixed point can do, no more.

Each bound follows the computation (docs/headers.md, "How exact"): errors of the values that come in, times what the
step does to them, plus the rounding of the step itself.
"""

import math
from typing import NamedTuple

import bounds_combine
import bounds_sources
import bounds_steps
import numpy as np
import truth
import truth_steps

UNIT = 2.0**-24  # of float32: half a step between 1 and 2
TINY = 2.0**-120  # denormal numbers have no digits
LARGEST = 3.4028234663852886e38


class Device(NamedTuple):
    """What a bound depends on besides the step."""

    n_outputs: int
    softmax_off: float  # what a softmax takes off each numerator


def tolerance(document, rows, softmax_off=0.0):
    """(raw bound, output bound), each [n][n_outputs], for inputs that are float32 or integers."""
    device = Device(document["output"]["n_outputs"], softmax_off)
    with np.errstate(all="ignore"):
        values, error = np.asarray(rows, np.float64), np.zeros(np.shape(rows))
        steps = truth.steps_of(document["model"])
        error = np.where(np.abs(values) > 2.0**24, UNIT * np.abs(values), error) if is_mixed(steps) else error
        raw, error = _part(document["model"], values, error, device)
        return error, _through_transform(truth.last_transform(steps[-1]), raw, error, device)


def _of_missing(values, error):
    """What is NaN is so on the device, but where it may be anything there."""
    return np.where(np.isnan(values) & ~np.isinf(error), 0.0, error)


def _part(model, values, error, device):
    """(values, bound) of a model before its post-transform, for inputs that are off by up to `error`."""
    rows, steps = values, truth.steps_of(model)
    computed, sources = computed_steps(steps), bounds_sources.given(error)
    for index, step in enumerate(steps):
        if step["kind"] in truth_steps.KINDS:
            values, error = bounds_steps.through(step, values, error, sources, index < computed)
            sources = bounds_sources.behind(step, sources)
            error = np.where(np.abs(values) > 1e-3 * LARGEST, math.inf, error)
            error = _of_missing(values, error)
        else:
            values, error = BOUNDS[step["kind"]](step, values, error, device)
    # What is beyond float32 has no digits, and where libm decides all is right.
    libm = decided_by_libm({"model": model, "output": {"n_outputs": device.n_outputs}}, rows)
    error = np.where(libm[:, None] | np.isnan(error), math.inf, error)
    return values, np.where(np.abs(values) > 1e-3 * LARGEST, math.inf, error)


def _combination(model, x, error, device):
    def part(inner, rows, row_error, n_outputs):
        own = device._replace(n_outputs=device.n_outputs if n_outputs is None else n_outputs)
        return behind(truth.last_transform(truth.steps_of(inner)[-1]), *_part(inner, rows, row_error, own))

    def behind(transform, raw, bound):
        return truth.post_transformed(transform, raw), _through_transform(transform, raw, bound, device)

    return bounds_combine.through(model, x, error, part, behind)


def is_mixed(steps):
    """Whether there is more in front of a model than scalers."""
    return any(step["kind"] in truth_steps.KINDS and step["kind"] != "scaler" for step in steps)


def computed_steps(steps):
    """How many steps, from the first one on, a device computes: in front of trees what comes behind the last step that
    mixes columns is part of their comparisons."""
    if steps[-1]["kind"] != "tree_ensemble":
        return len(steps)
    return max((index + 1 for index, step in enumerate(steps[:-1]) if bounds_steps.is_mixing(step)), default=0)


def _trees(model, x, error, device):
    """Splits decide exactly, but for columns that are off; a sum is off by the rounding of its terms."""
    n_outputs = device.n_outputs
    raw = truth.RAW["tree_ensemble"](model, x, n_outputs)
    size = np.abs(np.array(model.get("base_score", [0.0] * n_outputs), float))
    for tree in model["trees"]:
        columns, table = truth.leaf_rows(model, tree, n_outputs)
        size[columns] += np.abs(table).max(axis=0)
    if model["aggregate"] == "mean" and model.get("base_score_at", "start") == "start":
        size = size / len(model["trees"])
    size = size * max(1.0, abs(model.get("output_scale", 1.0)))
    n = len(model["trees"])
    bound = (n + 6) * 2 * UNIT * size + n * 2.0**-30 * size.max() + TINY
    return raw, np.broadcast_to(bound, raw.shape) + _other_leaves(model, x, error, n_outputs)


def _other_leaves(model, x, error, n_outputs):
    """What the leaves that the trees may reach add to the bound, where columns are off."""
    spread = np.zeros((len(x), n_outputs))
    if not error.any():
        return spread
    factor = abs(model.get("output_scale", 1.0)) / (len(model["trees"]) if model["aggregate"] == "mean" else 1)
    values = truth.rounded(x, model.get("feature_dtype", "float32"))
    for tree in model["trees"]:
        columns, table = truth.leaf_rows(model, tree, n_outputs)
        own = table[truth.leaves_reached(model, tree, values)]
        low, high = own.copy(), own.copy()
        for node, reached in truth.nodes_within(model, tree, x, error).items():
            if tree["left"][node] == -1:
                low[reached], high[reached] = np.minimum(low[reached], table[node]), np.maximum(high[reached], table[node])
        spread[:, columns] += np.maximum(high - own, own - low) * factor
    return spread


def _network(model, x, error, device):
    beyond = np.isinf(error).any(axis=1)  # of float32: what comes of it may be NaN, which no activation limits
    for layer in model["layers"]:
        weights = np.abs(np.array(layer["weights"], float))
        z = truth.layer_sums(layer, x)
        size = np.abs(x) @ weights.T + np.abs(np.array(layer["bias"], float))
        beyond |= (size > 1e-3 * LARGEST).any(axis=1)
        z_error = error @ weights.T + (weights.shape[1] + 4) * 2 * UNIT * size + TINY
        x, error = truth.activated(layer, z), _activation_error(layer, z, z_error, device)
    return x, np.where(beyond[:, None], math.inf, error)


def _activation_error(layer, z, error, device):
    name = layer["activation"]
    y = truth.activated(layer, z)
    if name == "softmax":
        return _softmax_error(y, error, z, device)
    # None of them is steeper.
    slope = max(1.0, abs(layer.get("alpha", 0.0)), *(abs(slope) for slope in layer.get("slopes", [])))
    rounding = {"identity": 0, "relu": 0, "relu6": 0, "leaky_relu": 2, "prelu": 2, "elu": 8}.get(name, 8)
    # softplus and elu as exp and log of float32 lose digits near 0, but not more than those of 1.
    floor = 8 * UNIT * slope if name in ("softplus", "elu", "tanh", "logistic") else 0.0
    return slope * error + rounding * UNIT * np.abs(y) + floor


def _softmax_error(y, error, z, device):
    spread = np.abs(z - z.max(axis=1, keepdims=True))
    worst = 2.0 * error.max(axis=1, keepdims=True) + 4 * UNIT * spread + (z.shape[1] + 16) * UNIT
    bound = y * np.expm1(np.minimum(worst, 50.0)) + 1e-30 + device.softmax_off * (1.0 + z.shape[1] * y)
    return np.where(np.isinf(worst), math.inf, bound)  # infinity less infinity is NaN


def _filter(model, x, error, device):
    """What docs/headers.md promises of filters in float32: 1e-4 of the largest output, or of a hundredth of what the
    largest gain makes of the signal."""
    y = truth.RAW["sos"](model, x, device.n_outputs)
    unit = max(np.abs(y).max(), 0.01 * truth.peak_gain(model) * np.abs(x).max())
    return y, np.full(y.shape, 1e-4 * unit)


def filter_in_double(model, y):
    """Another order of sums: rounding comes back through the feedback."""
    amplified = 1.0
    for _, _, _, a0, a1, a2 in model["sections"]:
        closest = min(1.0 - abs(pole) for pole in np.roots([a0, a1, a2]))
        amplified *= 1.0 + 1.0 / closest**2
    return np.full(y.shape, 64 * 2.0**-52 * len(model["sections"]) * amplified * max(1.0, np.abs(y).max()))


def of_run(document, rows, expected):
    """What `emlc run` may be off by: nothing for trees without a transform; for the rest what another exp, or another
    order of sums, may change."""
    last = truth.steps_of(document["model"])[-1]
    transform = truth.last_transform(last)
    exact = last["kind"] == "tree_ensemble" or not is_mixed(truth.steps_of(document["model"])) and last["kind"] == "scaler"
    either = decided_by_libm(document, rows)
    if exact and transform["name"] in ("identity", "hinge", "signed_square"):
        return np.where(either[:, None], math.inf, 0.0) * np.ones(expected.shape)
    if last["kind"] == "sos":
        return filter_in_double(last, expected)
    with np.errstate(all="ignore"):
        _, single = tolerance(document, rows)
        single = np.where(either[:, None], math.inf, single)
        if last["kind"] == "combine":  # members may decide otherwise where another libm has another last digit
            tossed = single > 1e-3 * np.maximum(np.abs(expected), 1.0)
            single = np.where(tossed, single * 2.0**26, single)
        return single * 2.0**-26 + np.abs(expected) * (3e-7 if transform.get("dtype") == "float32" else 1e-12) + 1e-300


def decided_by_libm(document, rows):
    """[n] of bool: the rows that trees may send either way, as another libm has another last digit."""
    *steps, model = truth.steps_of(document["model"])
    if model["kind"] != "tree_ensemble" or not any(step["kind"] in ("function", "power", "quantile") for step in steps):
        return np.zeros(len(rows), bool)
    values, error = np.asarray(rows, np.float64), np.zeros(np.shape(rows))
    computed = np.full(error.shape, bounds_sources.COMPUTED)  # by whoever runs it
    with np.errstate(all="ignore"):
        for step in steps:
            values, error = bounds_steps.through(step, values, error, computed, True, bounds_steps.DOUBLE)
            error, computed = _of_missing(values, error), np.full(values.shape, bounds_sources.COMPUTED)
        return _other_leaves(model, values, error, document["output"]["n_outputs"]).any(axis=1)


BOUNDS = {"tree_ensemble": _trees, "mlp": _network, "sos": _filter, "combine": _combination}


def _through_transform(transform, raw, error, device):
    """Transforms of one number are monotone: what comes out lies between what comes of the ends."""
    out = truth.post_transformed(transform, raw)
    if transform["name"] == "identity" and "scale" not in transform:
        return error
    scale = abs(transform.get("scale", 1.0))
    error = scale * error + 2 * UNIT * scale * np.abs(raw)
    exact = {**transform, "scale": 1.0, "dtype": "float64"}
    z = raw * transform.get("scale", 1.0)
    if transform["name"] == "softmax":
        return _softmax_error(out, error, z, device)
    if transform["name"] == "log_softmax":
        return error + error.max(axis=1, keepdims=True) + 8 * UNIT * (1.0 + np.abs(out)) + (z.shape[1] + 4) * UNIT
    if transform["name"] in ("normalize", "normalize_or_uniform"):
        total, total_error = np.abs(z.sum(axis=1, keepdims=True)), error.sum(axis=1, keepdims=True)
        total_error = total_error + UNIT * z.shape[1] * np.abs(z).sum(axis=1, keepdims=True)
        bound = (error + np.abs(out) * total_error) * 2.0 / total + 4 * UNIT * np.abs(out) + TINY
        return np.where(total > 2 * total_error, bound, math.inf)
    low, high = truth.post_transformed(exact, z - error), truth.post_transformed(exact, z + error)
    spread = np.maximum(np.abs(high - out), np.abs(low - out))
    floor = 8 * UNIT if transform["name"] in ("log1p_exp", "isolation") else TINY
    bound = spread + 16 * UNIT * np.abs(out) + floor
    return np.where(np.abs(out) > 1e-3 * LARGEST, math.inf, bound)


def decides_exactly(document):
    """Trees whose leaves are multiples of a half, that sum to less than 2^20: no sum is rounded anywhere."""
    model = document["model"]
    if model["kind"] != "tree_ensemble" or "output_scale" in model or "post_transform" in model:
        return False
    if truth.rule_of(document)["rule"] != "argmax":
        return False
    n_outputs = document["output"]["n_outputs"]
    tables = [np.array(model.get("base_score", [0.0]), float)]
    tables += [truth.leaf_rows(model, tree, n_outputs)[1] for tree in model["trees"]]
    if model["aggregate"] == "mean" and np.any(tables[0] != 0.0):
        return False
    return all(np.all(np.abs(table) < 2**12) and np.all(table * 2 == np.round(table * 2)) for table in tables)


def wrong_decision(document, values, bound, found, exact):
    """The first (row, target) where `found` [n][targets] is not what the outputs decide; None if there is none.

    Where two outputs, or an output and the threshold, are within their bounds the device may decide either way."""
    expected = truth.decisions(document, values)
    if exact:
        bound = np.zeros(np.shape(values))
    rule = truth.rule_of(document)
    for row, target in np.argwhere(expected != found):
        first, size = truth.targets_of(document)[target]
        if rule["rule"] == "argmax":
            if not 0 <= found[row, target] < size:
                return row, target
            best, other = first + expected[row, target], first + found[row, target]
            gap = values[row, best] - values[row, other]
            within = not exact and gap <= bound[row, best] + bound[row, other]
        else:
            within = abs(values[row, first] - rule["threshold"]) <= bound[row, first]
        if not within and not np.isnan(values[row, first:first + size]).any():
            return row, target
    return None


def wrong_output(values, bound, found):
    """The first (row, column) where `found` is beyond its bound; None if there is none."""
    with np.errstate(all="ignore"):
        same = (values == found) | (np.isnan(values) & np.isnan(found))
        wrong = ~same & ~(np.abs(values - found) <= bound) & ~np.isinf(bound) & ~np.isnan(bound)
    places = np.argwhere(wrong)
    return tuple(places[0]) if len(places) else None
