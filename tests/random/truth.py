"""What an emlc model document says, computed from the words of docs/formats.md with numpy alone.

The tests of the exporter have an interpreter too: of what the exporter writes, one row at a time. This one knows the
whole format, and rounds each step as the document says, so that trees can be compared bit for bit.
"""

import math

import numpy as np

import truth_combine
from truth_steps import KINDS, rounded, stepped
from truth_transforms import post_transformed

NEAR_ZERO = 1.0000000180025095e-35  # up to here a value counts as missing where missing_type is zero


def steps_of(model):
    """The steps and the model behind them, in order, without pipelines."""
    if model["kind"] != "pipeline":
        return [model]
    return [step for part in model["steps"] for step in steps_of(part)]


def targets_of(document):
    """(first column, size) of each target."""
    sizes = [target["size"] for target in document["output"].get("targets", [{"size": document["output"]["n_outputs"]}])]
    return [(sum(sizes[:index]), size) for index, size in enumerate(sizes)]


def rule_of(document):
    default = {"rule": "argmax" if document["output"]["task"] == "classification" else "none"}
    return document["output"].get("decision", default)


def outputs(document, rows):
    """[n][n_outputs] after the post-transform, for rows [n][n_features]; NaN is a missing value."""
    return transformed(document, raw_outputs(document, rows))


def raw_outputs(document, rows):
    """The same before the post-transform."""
    values = np.asarray(rows, np.float64)
    for step in steps_of(document["model"]):
        values = RAW[step["kind"]](step, values, document["output"]["n_outputs"])
    return values


def transformed(document, raw):
    return post_transformed(last_transform(steps_of(document["model"])[-1]), raw)


def last_transform(model):
    """What the outputs go through; in a combination with a final model that is the final one's, which its raw outputs have
    behind them."""
    if model["kind"] == "combine" and "final" in model:
        return {"name": "identity"}
    return model.get("post_transform", {"name": "identity"})


class _Parts:
    """How a combination evaluates its members."""

    transform = staticmethod(lambda transform, raw: post_transformed(transform, raw))

    def __call__(self, model, rows, n_outputs):
        return outputs({"model": model, "output": {"n_outputs": n_outputs}}, rows)


def _combination(model, values, n_outputs):
    return truth_combine.raw(model, values, _Parts(), n_outputs)


def decisions(document, values):
    """[n][targets]: the class of each target, from the outputs; no column where the document decides nothing."""
    rule = rule_of(document)
    if rule["rule"] == "none":
        return np.empty((len(values), 0), int)
    columns = []
    for first, size in targets_of(document):
        if rule["rule"] == "argmax":
            columns.append(_first_maximum(values[:, first:first + size]))
        else:
            compare = np.greater if rule["rule"] == "greater" else np.greater_equal
            columns.append(compare(values[:, first], rule["threshold"]).astype(int))
    return np.stack(columns, axis=1)


def _first_maximum(values):
    best = np.zeros(len(values), int)
    for column in range(1, values.shape[1]):
        best = np.where(values[:, column] > values[np.arange(len(values)), best], column, best)
    return best


def scaled(step, values, _=None):
    return stepped(step, values)


def _trees(model, values, n_outputs):
    values = rounded(values, model.get("feature_dtype", "float32"))
    dtype = model.get("accumulate_dtype", "float64")
    base = np.array(model.get("base_score", [0.0] * n_outputs), float)
    at = model.get("base_score_at", "start")
    sums = np.tile(base if at == "start" else 0.0 * base, (len(values), 1))
    with np.errstate(all="ignore"):
        for tree in model["trees"]:
            columns, table = leaf_rows(model, tree, n_outputs)
            sums[:, columns] = rounded(sums[:, columns] + table[leaves_reached(model, tree, values)], dtype)
        if model["aggregate"] == "mean":
            sums = rounded(sums / len(model["trees"]), dtype)
        sums = rounded(sums * model.get("output_scale", 1.0), dtype)
        return rounded(sums + base, dtype) if at == "end" else sums


def leaf_rows(model, tree, n_outputs):
    """The columns that a tree adds to, and what each of its nodes adds to them: zeros for splits."""
    leaf, columns = model["leaf"], slice(0, n_outputs)
    if leaf == "scalar":
        columns = slice(tree.get("output", 0), tree.get("output", 0) + 1)
    table = np.zeros((len(tree["value"]), columns.stop - columns.start))
    for node, value in enumerate(tree["value"]):
        if value is None:
            continue
        if leaf == "class_index":
            table[node, value] = 1.0
        else:
            table[node] = value
    if "weight" not in tree:
        return columns, table
    return columns, rounded(table * tree["weight"], model.get("accumulate_dtype", "float64"))


def leaves_reached(model, tree, values):
    """[n]: the node at which each row ends. `values` are rounded as the trees compare them."""
    left, right = np.array(tree["left"]), np.array(tree["right"])
    nodes = np.zeros(len(values), int)
    for node in _parents_first(tree):
        here = np.flatnonzero(nodes == node)
        if len(here) and left[node] != -1:
            goes_left = _goes_left(model, tree, node, values[here, tree["feature"][node]])
            nodes[here] = np.where(goes_left, left[node], right[node])
    return nodes


def nodes_within(model, tree, values, error):
    """{node: [n] of bool}: the rows that may reach a node, with values that are off by up to `error` before they are
    rounded."""
    dtype = model.get("feature_dtype", "float32")
    reached = {0: np.ones(len(values), bool)}
    for node in _parents_first(tree):
        left, right = tree["left"][node], tree["right"][node]
        if left == -1:
            continue
        x, off = values[:, tree["feature"][node]], error[:, tree["feature"][node]]
        goes_left = _goes_left(model, tree, node, rounded(x, dtype))
        ends = [_goes_left(model, tree, node, rounded(end, dtype)) for end in (x - off, x + off)]
        either = (off > 0.0) & ((ends[0] != goes_left) | (ends[1] != goes_left) | np.isinf(off))
        reached[left] = reached.get(left, np.zeros(len(values), bool)) | (reached[node] & (goes_left | either))
        reached[right] = reached.get(right, np.zeros(len(values), bool)) | (reached[node] & (~goes_left | either))
    return reached


def _parents_first(tree):
    order = [0]
    for node in order:
        order.extend(child for child in (tree["left"][node], tree["right"][node]) if child != -1)
    return order


def _goes_left(model, tree, node, x):
    default = np.full(len(x), tree["default_left"][node] if "default_left" in tree else False)
    lists = [tree.get(key, {}).get(str(node)) for key in ("categories_left", "categories_right")]
    if lists != [None, None]:
        return _category_goes_left(*lists, "default_left" in tree, default, x)
    compare = np.less_equal if model["compare"] == "<=" else np.less
    missing, threshold = model.get("missing", "none"), tree["threshold"][node]
    if missing == "none":
        return compare(x, threshold)
    kind = "nan" if missing == "nan" else tree["missing_type"][node]
    if kind == "none":
        return compare(np.where(np.isnan(x), 0.0, x), threshold)
    is_missing = np.isnan(x) | ((np.abs(x) <= NEAR_ZERO) if kind == "zero" else False)
    return np.where(is_missing, default, compare(x, threshold))


def _category_goes_left(left, right, has_default, default, x):
    category = np.trunc(np.where(np.isnan(x), -1.0, x))
    goes_left = np.isin(category, left) if left is not None else ~np.isin(category, right)
    unlisted = left is None
    is_missing = category < 0
    if left is not None and right is not None:
        is_missing |= ~np.isin(category, left) & ~np.isin(category, right)
    return np.where(is_missing, default if has_default else unlisted, goes_left)


def _network(model, values, _):
    for layer in model["layers"]:
        values = activated(layer, layer_sums(layer, values))
    return values


def layer_sums(layer, values):
    """Products are added to the bias one by one, in the order of the inputs."""
    sums = np.tile(np.array(layer["bias"], float), (len(values), 1))
    with np.errstate(all="ignore"):
        for column, weights in enumerate(np.array(layer["weights"], float).T):
            sums = sums + values[:, column:column + 1] * weights
    return sums


def activated(layer, z):
    with np.errstate(all="ignore"):
        return ACTIVATIONS[layer["activation"]](z, layer.get("slopes", layer.get("alpha", 0.0)))


def _softmax(z, _=None):
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


ACTIVATIONS = {
    "identity": lambda z, _: z,
    "relu": lambda z, _: np.maximum(z, 0.0),
    "relu6": lambda z, _: np.minimum(np.maximum(z, 0.0), 6.0),
    "leaky_relu": lambda z, alpha: np.where(z < 0.0, alpha * z, z),
    "prelu": lambda z, slopes: np.where(z < 0.0, np.array(slopes) * z, z),
    "tanh": lambda z, _: np.tanh(z),
    "logistic": lambda z, _: 1.0 / (1.0 + np.exp(-z)),
    "softmax": _softmax,
    "softplus": lambda z, _: np.logaddexp(0.0, z),
    "elu": lambda z, alpha: np.where(z < 0.0, alpha * np.expm1(np.minimum(z, 0.0)), z),
}


def _filter(model, values, _):
    """The difference equation itself, section after section; `values` [n][1] is one signal. What its past samples add at
    first, z1 to the first sample and z2 to the second, is the initial state."""
    signal = values[:, 0]
    states = model.get("initial_state", [(0.0, 0.0)] * len(model["sections"]))
    for (b0, b1, b2, a0, a1, a2), past in zip(model["sections"], states):
        x1 = x2 = y1 = y2 = 0.0
        response = []
        for n, x in enumerate(signal):
            y = (b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2) / a0 + (past[n] if n < 2 else 0.0)
            x1, x2, y1, y2 = x, x1, y, y1
            response.append(y)
        signal = response
    return np.array(signal, float)[:, None]


def peak_gain(model):
    """The largest |H| of a filter, on a grid that is dense around its poles."""
    poles = np.concatenate([np.roots(section[3:]) for section in model["sections"]])
    angles = np.concatenate([np.linspace(0, np.pi, 2000), np.geomspace(1e-7, np.pi, 2000), np.abs(np.angle(poles))])
    delay = np.exp(-1j * angles)
    gain = np.ones(angles.size)
    for b0, b1, b2, a0, a1, a2 in model["sections"]:
        gain *= np.abs((b0 + delay * (b1 + delay * b2)) / (a0 + delay * (a1 + delay * a2)))
    return gain.max()


RAW = {"tree_ensemble": _trees, "mlp": _network, "sos": _filter, "combine": _combination, **dict.fromkeys(KINDS, scaled)}
