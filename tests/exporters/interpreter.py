"""Evaluates emlc model documents, straight from the words of the format: a truth apart from emlc and scikit-learn. Steps
before a model are those of tests/random/truth_steps.py."""

import math
import struct

import common  # makes truth_steps importable
import numpy as np

import truth_steps


def outputs(document, row):
    """The outputs for one input: after the post-transform, before the decision. None and NaN are missing values."""
    values = [math.nan if value is None else float(value) for value in row]
    return _evaluate(document["model"], values, document["output"]["n_outputs"])


def labels(document, row):
    """The class per target; one label when there is one target."""
    values, decision = outputs(document, row), document["output"]["decision"]
    chosen = []
    for target in document["output"]["targets"]:
        columns, values = values[: target["size"]], values[target["size"]:]
        if decision["rule"] == "argmax":
            index = columns.index(max(columns))
        elif decision["rule"] == "greater":
            index = int(columns[0] > decision["threshold"])
        else:
            index = int(columns[0] >= decision["threshold"])
        chosen.append(target["class_names"][index])
    return chosen[0] if len(chosen) == 1 else chosen


def _evaluate(model, values, n_outputs):
    if model["kind"] == "pipeline":
        for step in model["steps"]:
            values = _evaluate(step, values, n_outputs)
        return values
    if model["kind"] in truth_steps.KINDS:
        return truth_steps.stepped(model, np.array([values])).tolist()[0]
    return {"tree_ensemble": _trees, "mlp": _mlp, "sos": _sos}[model["kind"]](model, values, n_outputs)


def _float32(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def _trees(model, values, n_outputs):
    assert model["compare"] == "<=" and model["accumulate_dtype"] == "float64"
    if model["feature_dtype"] == "float32":
        values = [_float32(value) for value in values]
    base, at_end = model.get("base_score", [0.0] * n_outputs), model.get("base_score_at") == "end"
    sums = [0.0] * n_outputs if at_end else list(base)
    for tree in model["trees"]:
        value, weight = tree["value"][_leaf(tree, values)], tree.get("weight", 1.0)
        if model["leaf"] == "vector":
            sums = [total + weight * part for total, part in zip(sums, value)]
        else:
            sums[tree.get("output", 0)] += weight * value
    if model["aggregate"] == "mean":
        sums = [total / len(model["trees"]) for total in sums]
    sums = [model.get("output_scale", 1.0) * total for total in sums]
    sums = [total + part for total, part in zip(sums, base)] if at_end else sums
    return _transform(model.get("post_transform", {"name": "identity"}), sums)


def _leaf(tree, values):
    node = 0
    while tree["left"][node] != -1:
        node = tree["left" if _goes_left(tree, node, values[tree["feature"][node]]) else "right"][node]
    return node


def _goes_left(tree, node, value):
    if math.isnan(value):
        return tree["default_left"][node]
    left = tree.get("categories_left", {}).get(str(node))
    if left is None:
        return value <= tree["threshold"][node]
    if int(value) in left:
        return True
    if int(value) in tree["categories_right"][str(node)]:
        return False
    return tree["default_left"][node]


def _sigmoid(value):
    return 1.0 / (1.0 + math.exp(-value)) if value >= 0 else math.exp(value) / (1.0 + math.exp(value))


def _softmax(values):
    powers = [math.exp(value - max(values)) for value in values]
    return [power / sum(powers) for power in powers]


def _transform(transform, values):
    values = [transform.get("scale", 1.0) * value for value in values]
    name = transform["name"]
    if name == "softmax":
        return _softmax(values)
    if name == "log_softmax":
        largest = max(values)
        logarithm = largest + math.log(math.fsum(math.exp(value - largest) for value in values))
        return [value - logarithm for value in values]
    if name == "normalize":
        return [value / sum(values) for value in values]
    if name == "isolation":
        return [-(2.0 ** (-value / transform["denominator"])) - transform["offset"] for value in values]
    return [{"identity": float, "sigmoid": _sigmoid, "exp": math.exp}[name](value) for value in values]


def _mlp(model, values, n_outputs):
    for layer in model["layers"]:
        values = [math.fsum([bias, *(w * x for w, x in zip(row, values))])
                  for row, bias in zip(layer["weights"], layer["bias"])]
        if layer["activation"] == "softmax":
            values = _softmax(values)
        else:
            values = _activated(layer, values)
    return _transform(model.get("post_transform", {"name": "identity"}), values)


def _activated(layer, values):
    alpha = layer.get("alpha", 0.0)
    if layer["activation"] == "prelu":
        return [slope * z if z < 0 else z for slope, z in zip(layer["slopes"], values)]
    return [{
        "identity": float,
        "relu": lambda z: max(z, 0.0),
        "relu6": lambda z: min(max(z, 0.0), 6.0),
        "leaky_relu": lambda z: alpha * z if z < 0 else z,
        "elu": lambda z: alpha * math.expm1(z) if z < 0 else z,
        "softplus": lambda z: max(z, 0.0) + math.log1p(math.exp(-abs(z))),
        "tanh": math.tanh,
        "logistic": _sigmoid,
    }[layer["activation"]](value) for value in values]


def _sos(model, signal, n_outputs):
    """The difference equation itself, section after section."""
    for b0, b1, b2, a0, a1, a2 in model["sections"]:
        x1 = x2 = y1 = y2 = 0.0
        response = []
        for x in signal:
            y = (b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2) / a0
            x1, x2, y1, y2 = x, x1, y, y1
            response.append(y)
        signal = response
    return signal
