"""How conversion time grows with the number of splits: made-up ensembles from a fixed seed, as emlc model JSON."""

import pathlib
import random
import tempfile

from .conversions import convert

SPLITS_PER_TREE = 1000
N_FEATURES, N_CLASSES = 32, 4
SMALLEST = 1000
OUTPUTS = ("tmdl", "h")

HEAD = """{"format": "emlc-model", "version": 1, "name": "made_up",
"input": {"n_features": %d, "dtype": "float32"},
"output": {"task": "classification", "n_outputs": %d, "targets": [{"size": %d}], "decision": {"rule": "argmax"}},
"model": {"kind": "tree_ensemble", "compare": "<=", "feature_dtype": "float32", "accumulate_dtype": "float64",
"leaf": "vector", "aggregate": "mean", "missing": "none", "trees": [
"""


def leaf_value(generator):
    """Shares of 20 samples in the classes."""
    cuts = sorted(generator.randrange(21) for _ in range(N_CLASSES - 1))
    return [(high - low) / 20 for low, high in zip([0, *cuts], [*cuts, 20])]


def grow(generator, n_splits):
    """A tree that splits leaves at random. Every threshold lies in the part of the inputs that comes there."""
    feature, threshold, left, right, value = [-1], [0.0], [-1], [-1], [None]
    leaves = [(0, ((0.0, 1.0),) * N_FEATURES)]
    for _ in range(n_splits):
        index = generator.randrange(len(leaves))
        leaves[index], leaves[-1] = leaves[-1], leaves[index]
        node, ranges = leaves.pop()
        split = generator.randrange(N_FEATURES)
        low, high = ranges[split]
        at = low + (high - low) * generator.uniform(0.25, 0.75)
        feature[node], threshold[node], left[node], right[node] = split, at, len(feature), len(feature) + 1
        for part in ((low, at), (at, high)):
            leaves.append((len(feature), ranges[:split] + (part,) + ranges[split + 1:]))
            for column, filler in ((feature, -1), (threshold, 0.0), (left, -1), (right, -1), (value, None)):
                column.append(filler)
    for node, _ in leaves:
        value[node] = leaf_value(generator)
    return feature, threshold, left, right, value


def as_json(tree):
    names = ("feature", "threshold", "left", "right", "value")
    columns = (f'"{name}": {column}'.replace("None", "null") for name, column in zip(names, tree))
    return "{" + ", ".join(columns) + "}"


def write_ensemble(path, n_splits):
    generator = random.Random(n_splits)
    n_trees = n_splits // SPLITS_PER_TREE
    with open(path, "w", encoding="ascii") as file:
        file.write(HEAD % (N_FEATURES, N_CLASSES, N_CLASSES))
        for index in range(n_trees):
            file.write((",\n" if index else "") + as_json(grow(generator, SPLITS_PER_TREE)))
        file.write("\n]}}\n")


def run(emlc, largest):
    """[(splits, bytes of the model file, {output: Conversion})] for 1 000 splits, ten times as many, ... `largest`."""
    measured, n_splits = [], SMALLEST
    with tempfile.TemporaryDirectory() as folder:
        model = pathlib.Path(folder) / "made_up.json"
        while n_splits <= largest:
            write_ensemble(model, n_splits)
            products = {output: pathlib.Path(folder) / f"made_up.{output}" for output in OUTPUTS}
            conversions = {output: convert(emlc, model, product, ["--layout", "table"])
                           for output, product in products.items()}
            measured.append((n_splits, model.stat().st_size, conversions))
            n_splits *= 10
    return measured


def table(measured):
    rows = [["splits", "model file, MB", *(cell for output in OUTPUTS for cell in (
        f".{output}, CPU s", "us a split", "MB resident", "MB written"))]]
    for n_splits, size, conversions in measured:
        row = [f"{n_splits:,}".replace(",", " "), f"{size / 1e6:.1f}"]
        for output in OUTPUTS:
            done = conversions[output]
            row += [f"{done.cpu_seconds:.3f}", f"{1e6 * done.cpu_seconds / n_splits:.2f}", f"{done.resident_mb:.0f}",
                    f"{done.product_bytes / 1e6:.2f}"]
        rows.append(row)
    return rows
