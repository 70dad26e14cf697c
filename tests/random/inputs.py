"""Inputs for a document: at random, and at, below and above the thresholds of its trees, in the type of its features."""

import math

import crossings
import numpy as np
import truth
import truth_steps

INTEGERS = {"int8": (-128, 127), "uint8": (0, 255), "int16": (-32768, 32767), "int32": (-(2**31), 2**31 - 1)}
WIDEST = 1000  # features above which few rows have to do


def device_type(document, options):
    """What the features are on the device."""
    asked = options.get("features", "auto")
    if asked == "auto":
        declared = document["input"].get("dtype", "float32")
        return "float32" if declared == "float64" else declared
    return {"float": "float32", "double": "float64"}.get(asked, asked)


def on_grid(document, options):
    """Whether the device is given codes, which stand for the floats of its caller."""
    declared = document["input"].get("dtype", "float32")
    return "feature-scale" in options and device_type(document, options) in INTEGERS and declared not in INTEGERS


def codes_of(document, options, rows):
    """The codes of rows: value times factor in float32, to nearest with halves away from 0, limited to the type."""
    with np.errstate(over="ignore"):
        steps = (np.asarray(rows, np.float32) * np.float32(options["feature-scale"])).astype(float)
    return np.clip(np.sign(steps) * np.floor(np.abs(steps) + 0.5), *INTEGERS[device_type(document, options)])


def values_of_codes(options, codes):
    return codes / float(np.float32(options["feature-scale"]))


def rows_of(document, dtype, generator):
    """[n][n_features] of finite or missing values that the type holds and that are in the declared range."""
    n_features = document["input"]["n_features"]
    n_random, n_boundary = (3, 6) if n_features > WIDEST else (40, 80)
    rows = _random_rows(document, dtype, generator, n_random)
    boundary = _boundary_values(document, dtype)
    generator.shuffle(boundary)
    moved = _random_rows(document, dtype, generator, min(len(boundary), n_boundary))
    for row, (feature, value) in zip(moved, boundary):
        row[feature] = value
    rows = _in_range(document, np.vstack([rows, moved]))
    if dtype not in INTEGERS:
        holes = generator.random(rows.shape) < (0.1 if n_features <= WIDEST else 0.0)
        rows[:: 5] = np.where(holes[:: 5], math.nan, rows[:: 5])
    return rows


def with_infinities(rows, generator):
    """Copies of some rows with infinite values in them; for what is no text file."""
    some = np.array(rows[:20])
    places = generator.random(some.shape) < 0.3
    return np.where(places, generator.choice([-math.inf, math.inf], some.shape), some)


def signals(generator):
    """[n][1]: a step, noise, silence, and a constant for long enough to hear a low corner."""
    parts = [np.full(60, 0.5), generator.uniform(-0.9, 0.9, 100), np.zeros(40), np.full(1800, 0.7)]
    return np.concatenate(parts).astype(np.float32).astype(float)[:, None]


def _random_rows(document, dtype, generator, n):
    shape = (n, document["input"]["n_features"])
    if dtype in INTEGERS:
        low, high = INTEGERS[dtype]
        narrow = generator.integers(max(low, -1000), min(high, 1000), shape, endpoint=True)
        return np.where(generator.random(shape) < 0.7, narrow, generator.integers(low, high, shape, endpoint=True)).astype(float)
    scale = 10.0 ** generator.integers(-2, 4, shape)
    values = generator.uniform(-1.0, 1.0, shape) * scale
    return _cast(np.where(generator.random(shape) < 0.2, np.round(values), values), dtype)


def _cast(values, dtype):
    if dtype in INTEGERS:
        return np.clip(np.round(values), *INTEGERS[dtype])
    with np.errstate(over="ignore"):
        largest = np.finfo(dtype).max
        return np.clip(np.asarray(values, float), -largest, largest).astype(dtype).astype(float)


def _in_range(document, rows):
    for key, limit in (("feature_min", np.maximum), ("feature_max", np.minimum)):
        if key in document["input"]:
            rows = limit(rows, np.array(document["input"][key], float))
    return rows


def _boundary_values(document, dtype):
    """(feature, value) around every threshold and category, and at the ends of the type."""
    *steps, model = truth.steps_of(document["model"])
    n_features = document["input"]["n_features"]
    if any(step["kind"] != "scaler" or len(step["offset"]) != n_features for step in [*steps, model]
           if step["kind"] in truth_steps.KINDS):
        return crossings.around_steps(document, dtype, lambda value: _around(value, dtype))
    if model["kind"] == "combine" and not steps:
        return _around_members(model, n_features, dtype)
    if model["kind"] != "tree_ensemble":
        return []
    thresholds = {(feature, float(value)) for tree in model["trees"]
                  for feature, value in zip(tree["feature"], tree["threshold"]) if feature >= 0}
    for tree in model["trees"]:
        for key in ("categories_left", "categories_right"):
            for node, listed in tree.get(key, {}).items():
                thresholds |= {(tree["feature"][int(node)], float(category)) for category in listed[:3]}
    edges = [(feature, value) for feature in sorted({feature for feature, _ in thresholds})
             for value in (0.0, -0.0, -1e300, 1e300, 1e-45, -1e-45)]
    values = []
    for feature, threshold in sorted(thresholds):
        values += [(feature, value) for value in _around(_unscaled(steps, feature, threshold), dtype)]
    return values + [(feature, float(_cast(value, dtype))) for feature, value in edges]


def _around_members(model, n_features, dtype):
    """Around the thresholds of members that are trees on columns of the row."""
    values = []
    for member in model["members"]:
        *steps, last = truth.steps_of(member["model"])
        columns = steps[0]["indices"] if steps and steps[0]["kind"] == "columns" else range(n_features)
        if last["kind"] == "tree_ensemble" and len(steps) <= 1:
            for tree in last["trees"]:
                values += [(columns[feature], near) for feature, value in zip(tree["feature"], tree["threshold"])
                           if 0 <= feature < len(columns) and columns[feature] < n_features for near in _around(float(value), dtype)]
    return values


def _unscaled(scalers, feature, value):
    """About the input that the scalers turn into this value."""
    for step in reversed(scalers):
        offset, scale = step["offset"][feature], step["scale"][feature]
        value = value * scale + offset if step["op"] == "subtract_divide" else (value - offset) / (scale or 1.0)
    return value


def _around(value, dtype):
    if dtype in INTEGERS:
        whole = math.floor(min(max(value, -1e12), 1e12))
        return [float(_cast(whole + step, dtype)) for step in (-1, 0, 1)]
    middle = _cast(value, dtype).astype(dtype)
    with np.errstate(all="ignore"):
        below, above = (np.nextafter(middle, np.asarray(end, dtype)) for end in (-math.inf, math.inf))
    return [float(_cast(float(at), dtype)) for at in (below, middle, above)]
