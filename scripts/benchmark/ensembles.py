"""Made-up ensembles that look like trained ones, from a fixed seed, as emlc model documents. Needs nothing but Python."""

import json
import random

RANGES = {"float32": (-3.0, 3.0), "uint8": (0, 255), "int8": (-128, 127), "int16": (-30000, 30000),
          "int32": (-10**9, 10**9)}
PURE = 0.4  # share of leaves of a forest that have samples of one class only


def threshold(generator, dtype, low, high):
    at = low + (high - low) * generator.uniform(0.3, 0.7)
    return round(at, 6) if dtype == "float32" else int(at) + 0.5


def proportions(generator, n_classes):
    if generator.random() < PURE:
        column = generator.randrange(n_classes)
        return [1.0 if index == column else 0.0 for index in range(n_classes)]
    samples = generator.randrange(2, 30)
    counts = [0] * n_classes
    for _ in range(samples):
        counts[generator.randrange(n_classes)] += 1
    return [count / samples for count in counts]


def grow(generator, ensemble, output):
    """A tree of the depth of the ensemble; one in six leaves above it stays a leaf."""
    tree = {"feature": [], "threshold": [], "left": [], "right": [], "value": []}
    if ensemble["kind"] != "forest":
        tree["output"] = output

    def add(depth, ranges):
        node = len(tree["feature"])
        for column, filler in zip(tree.values(), (-1, 0, -1, -1, None)):
            column.append(filler)
        if depth == 0 or (depth < ensemble["depth"] and generator.random() < 1 / 6):
            is_forest = ensemble["kind"] == "forest"
            tree["value"][node] = (proportions(generator, ensemble["outputs"]) if is_forest
                                   else generator.gauss(0.0, 0.7))
            return node
        feature = generator.randrange(len(ranges))
        low, high = ranges[feature]
        at = threshold(generator, ensemble["dtype"], low, high)
        tree["feature"][node], tree["threshold"][node] = feature, at
        for side, part in (("left", (low, at)), ("right", (at, high))):
            tree[side][node] = add(depth - 1, {**ranges, feature: part})
        return node

    add(ensemble["depth"], {feature: RANGES[ensemble["dtype"]] for feature in range(ensemble["features"])})
    return tree


def document(kind, dtype, trees, depth, features, outputs, seed):
    """kind: forest (class proportions), boosted_classes (a margin each, or one for two classes), boosted_number."""
    ensemble = {"kind": kind, "dtype": dtype, "depth": depth, "features": features, "outputs": outputs}
    generator = random.Random(seed)
    grown = [grow(generator, ensemble, index % outputs) for index in range(trees)]
    output = {"task": "regression", "n_outputs": outputs}
    model = {"kind": "tree_ensemble", "compare": "<=", "leaf": "scalar", "aggregate": "sum", "trees": grown,
             "base_score": [round(generator.gauss(0.0, 1.0), 6) for _ in range(outputs)]}
    if kind == "forest":
        output["task"] = "classification"
        model.update(leaf="vector", aggregate="mean")
        del model["base_score"]
    elif kind == "boosted_classes":
        output["task"] = "classification"
        is_binary = outputs == 1
        model["post_transform"] = {"name": "sigmoid" if is_binary else "softmax"}
        if is_binary:
            output["decision"] = {"rule": "greater", "threshold": 0.5}
            output["targets"] = [{"size": 1, "class_names": ["no", "yes"]}]
    return {"format": "emlc-model", "version": 1, "name": "m", "input": {"n_features": features, "dtype": dtype},
            "output": output, "model": model}


def write(path, **ensemble):
    path.write_text(json.dumps(document(**ensemble)))
