"""Small models that no data set was needed for: steps in front of models, and combinations of models. The same documents
in every run."""

import random

N_FEATURES = 4
INPUT = {"n_features": N_FEATURES, "feature_min": [-3] * N_FEATURES, "feature_max": [3] * N_FEATURES}
ARGMAX = {"rule": "argmax"}
HALF = {"rule": "greater", "threshold": 0.5}
NONE = {"rule": "none"}


def tree(r, n_features, n_splits, value, output=None):
    """Node after node in the lists of a document."""
    made = {"feature": [-1], "threshold": [0], "left": [-1], "right": [-1], "value": [None]}
    leaves = [0]
    for _ in range(n_splits):
        node, first = leaves.pop(r.randrange(len(leaves))), len(made["feature"])
        made["feature"][node], made["threshold"][node] = r.randrange(n_features), round(r.uniform(-1.5, 1.5), 3)
        made["left"][node], made["right"][node] = first, first + 1
        leaves += [first, first + 1]
        for key, empty in (("feature", -1), ("threshold", 0), ("left", -1), ("right", -1), ("value", None)):
            made[key] += [empty, empty]
    for leaf in leaves:
        made["value"][leaf] = value()
    return made if output is None else made | {"output": output}


def votes(r, n_features, n_trees=5, n_classes=3):
    """A forest that votes."""
    trees = [tree(r, n_features, 9, lambda: r.randrange(n_classes)) for _ in range(n_trees)]
    return {"kind": "tree_ensemble", "compare": "<=", "leaf": "class_index", "aggregate": "mean", "trees": trees}


def shares(r, n_features, n_trees=3, value=lambda r: r.randrange(21) / 20):
    """Trees with the share of one class."""
    trees = [tree(r, n_features, 5, lambda: value(r), 0) for _ in range(n_trees)]
    return {"kind": "tree_ensemble", "compare": "<=", "leaf": "scalar", "aggregate": "mean", "trees": trees}


def network(r, widths):
    def layer(n_in, n_out, activation):
        return {"weights": [[r.uniform(-1, 1) for _ in range(n_in)] for _ in range(n_out)],
                "bias": [r.uniform(-1, 1) for _ in range(n_out)], "activation": activation}
    inner = [layer(n_in, n_out, "relu") for n_in, n_out in zip(widths[:-2], widths[1:-1])]
    return {"kind": "mlp", "layers": [*inner, layer(widths[-2], widths[-1], "identity")]}


def document(model, n_outputs, decision):
    task = "regression" if decision == NONE else "classification"
    return {"format": "emlc-model", "version": 1, "input": INPUT, "output": {"task": task, "n_outputs": n_outputs, "decision": decision}, "model": model}


def behind(steps, model):
    return {"kind": "pipeline", "steps": [*steps, model]}


ONE_HOT = [{"kind": "one_hot", "categories": [[[0], [1], [2]], [[-1], [1]], None, None]}]  # 7 columns
IMPUTE = [{"kind": "impute", "values": [1, -0.5, 0.25, None]},
          {"kind": "scaler", "op": "subtract_divide", "offset": [0.5, 1, -2, 0], "scale": [3, 0.1, 7, 2]}]
PCA = [IMPUTE[0], {"kind": "linear", "weights": [[0.5, -0.5, 0.5, 0.5], [0.1, 0.7, -0.1, 0.7], [-0.7, 0, 0.7, 0.1]],
                   "bias": [0.1, -0.2, 0.3]}]
PRODUCTS = [{"kind": "polynomial", "terms": [[0], [1], [2], [3], [0, 1], [2, 2], [3, 0]]}]
CURVE = [[-2, -1, 0, 0, 1, 2], [-1, -0.5, 0, 0.5, 1, 1.5], [0, 0, 0, 1, 1, 2], [-3, -2, -1, 0, 1, 2]]
QUANTILE = [{"kind": "quantile", "quantiles": CURVE, "references": [0, 0.2, 0.4, 0.6, 0.8, 1], "output": "uniform"}]
NORMAL = [QUANTILE[0] | {"output": "normal"}]
POWER = [{"kind": "power", "method": "yeo_johnson", "lambdas": [0, 2, 0.5, -0.3]},
         {"kind": "scaler", "op": "multiply_add", "offset": [0, 0, 0, 0], "scale": [1, 1, 1, 1], "clip": [-4, 4]}]
CODES = [{"kind": "columns", "indices": [3, 0, 1, 2]}, {"kind": "bins", "edges": [[0, 1], [], [-1, 0, 1], [0.5]]},
         {"kind": "lookup", "from": [[0, 1], [0], [1, 2], []], "to": [[0.5, -1], [2], [1, 0.1], []],
          "otherwise": [0, 1, None, 0.75]}, {"kind": "normalize", "norm": "l1"}]


def stepped(steps, width, seed):
    """Steps in front of trees and of a network."""
    r = random.Random(seed)
    return (document(behind(steps, votes(r, width)), 3, ARGMAX),
            document(behind(steps, network(r, [width, 5, 2])), 2, NONE))


def member(model, n_outputs, decision, **more):
    return {"model": model, "output": {"n_outputs": n_outputs, "decision": decision}, **more}


def combined(rule, members, **more):
    return {"kind": "combine", "rule": rule, "members": members, **more}


def pairs(r, make):
    """One model for each pair of three classes."""
    return document(combined("one_vs_one", [member(make(r), 1, HALF) for _ in range(3)]), 3, ARGMAX)


def calibrated(r, calibration):
    """Forests whose shares are calibrated, and their mean."""
    members = [member(shares(r, N_FEATURES), 1, HALF, calibration=[calibration]) for _ in range(3)]
    return document(combined("mean", members), 1, HALF)


def stacked(r):
    """Steps in front of members, weights of 0 and a final layer that takes the columns too."""
    members = [member(behind(QUANTILE, network(r, [N_FEATURES, 3, 2])), 2, NONE),
               member(shares(r, N_FEATURES), 1, NONE), member(shares(r, N_FEATURES), 1, NONE)]
    return document(combined("concatenate", members, passthrough=True, final=network(r, [8, 3])), 3, ARGMAX)


def voting(r):
    members = [member(votes(r, N_FEATURES), 3, ARGMAX, weight=weight) for weight in (1, 0, 1.5)]
    members.append(member(behind(PCA, network(r, [3, 3])), 3, ARGMAX))
    return document(combined("votes", members), 3, ARGMAX)


def documents():
    """Documents by name."""
    made = {}
    for seed, (name, steps, width) in enumerate((
            ("one_hot", ONE_HOT, 7), ("impute", IMPUTE, 4), ("pca", PCA, 3), ("polynomial", PRODUCTS, 7),
            ("quantile", QUANTILE, 4), ("normal", NORMAL, 4), ("power", POWER, 4), ("codes", CODES, 4))):
        made[f"{name}_trees"], made[f"{name}_network"] = stepped(steps, width, seed)
    made["pairs_of_trees"] = pairs(random.Random(20), lambda r: shares(r, N_FEATURES, 1))
    made["pairs_of_forests"] = pairs(random.Random(21), lambda r: shares(r, N_FEATURES, 9, lambda r: r.random()))
    made["pairs_of_lines"] = pairs(random.Random(22), lambda r: network(r, [N_FEATURES, 1]))
    made["calibrated"] = calibrated(random.Random(23), {"method": "sigmoid", "slope": -3.5, "offset": 1.25})
    made["isotonic"] = calibrated(random.Random(24), {"method": "isotonic", "x": [0.1, 0.3, 0.35, 0.8],
                                                      "y": [0, 0.2, 0.2, 1]})
    made["stacked"] = stacked(random.Random(25))
    made["voting"] = voting(random.Random(26))
    return made


DOCUMENTS = documents()
