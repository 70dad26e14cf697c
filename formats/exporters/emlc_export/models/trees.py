"""Trees and forests of scikit-learn."""

import math
from functools import partial

from ..outputs import Exported, class_labels, classification, exact, regression, transcendental
from ..values import LARGEST, library_version

EULER_GAMMA = 0.5772156649015329


def tree_lists(tree, values, columns=None, takes_missing=False):
    """One tree_: `values` per node, of which the leaves' are kept; `columns` map its features to those of the input."""
    is_leaf = [child < 0 for child in tree.children_left.tolist()]
    features = tree.feature.tolist()
    document = {
        "feature": [-1 if leaf else (columns[f] if columns else f) for leaf, f in zip(is_leaf, features)],
        "threshold": [0.0 if leaf else finite_threshold(t) for leaf, t in zip(is_leaf, tree.threshold.tolist())],
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "value": [value if leaf else None for leaf, value in zip(is_leaf, values)],
    }
    if takes_missing:
        document["default_left"] = [bool(left) for left in tree.missing_go_to_left.tolist()]
    return document


def finite_threshold(threshold):
    """JSON has no infinity: a split that every number passes compares with the largest double."""
    return max(-LARGEST, min(LARGEST, threshold))


def tree_ensemble(trees, leaf, aggregate, **more):
    if not trees:
        raise ValueError("the ensemble has no tree")
    has_default = any("default_left" in tree for tree in trees)
    return {"kind": "tree_ensemble", "compare": "<=", "feature_dtype": "float32", "accumulate_dtype": "float64",
            "leaf": leaf, "aggregate": aggregate, "missing": "nan" if has_default else "none", **more, "trees": trees}


def takes_missing_values(estimator, tree):
    """Whether NaN is a value the estimator answers for: trees of the same version differ by kind and criterion."""
    if not hasattr(tree, "missing_go_to_left"):
        return False
    try:
        estimator.predict([[math.nan] * estimator.n_features_in_])
    except ValueError:
        return False
    return True


def _members(estimator):
    """The tree_ of a single tree or of each tree of a forest, in the order of summation."""
    return [member.tree_ for member in getattr(estimator, "estimators_", [estimator])]


def _forest(estimator, rows_of, leaf, output, answer):
    members = _members(estimator)
    takes_missing = takes_missing_values(estimator, members[0])
    trees = [tree_lists(tree, rows_of(tree), takes_missing=takes_missing) for tree in members]
    return Exported(tree_ensemble(trees, leaf, "mean"), output, answer, exact)


def tree_classifier(estimator):
    classes = class_labels(estimator)
    rows_of = partial(class_rows, n_classes=[len(labels) for labels in classes])
    return _forest(estimator, rows_of, "vector", classification(classes), "predict_proba")


def class_rows(tree, n_classes):
    """Per node the class proportions of all targets, divided as predict_proba() divides."""
    blocks = []
    for target, n in enumerate(n_classes):
        block = tree.value[:, target, :n]
        if library_version() < (1, 4):  # weighted counts; since then the proportions themselves
            total = block.sum(axis=1)
            total[total == 0.0] = 1.0
            block = block / total[:, None]
        blocks.append(block.tolist())
    return [sum(rows, []) for rows in zip(*blocks)]


def tree_regressor(estimator):
    n_outputs = estimator.n_outputs_
    if n_outputs == 1:
        return _forest(estimator, lambda tree: tree.value[:, 0, 0].tolist(), "scalar", regression(1), "predict")
    return _forest(estimator, lambda tree: tree.value[:, :, 0].tolist(), "vector", regression(n_outputs), "predict")


def isolation_forest(estimator):
    """score = -2^(-sum of path lengths / (n_trees * expected length)) - offset; the leaves hold the path lengths."""
    expected = _average_path_length(float(estimator.max_samples_))
    if expected == 0.0:
        raise ValueError("an IsolationForest with max_samples 1 isolates nothing")
    trees = [tree_lists(tree, _path_lengths(tree), columns.tolist())
             for tree, columns in zip(_members(estimator), estimator.estimators_features_)]
    transform = {"name": "isolation", "denominator": len(trees) * expected, "offset": float(estimator.offset_)}
    model = tree_ensemble(trees, "scalar", "sum", post_transform=transform)
    output = classification([[-1, 1]], "anomaly", "greater_equal", 0.0)
    return Exported(model, output, "decision_function", transcendental)


def _path_lengths(tree):
    lengths = [0.0] * tree.node_count
    left, right, samples = tree.children_left.tolist(), tree.children_right.tolist(), tree.n_node_samples.tolist()
    pending = [(0, 0)]
    while pending:
        node, depth = pending.pop()
        lengths[node] = (depth + 1.0) + _average_path_length(float(samples[node])) - 1.0
        if left[node] >= 0:
            pending += [(left[node], depth + 1), (right[node], depth + 1)]
    return lengths


def _average_path_length(n):
    """Of an unsuccessful search in a binary search tree of n samples."""
    if n <= 1.0:
        return 0.0
    if n == 2.0:
        return 1.0
    return 2.0 * (math.log(n - 1.0) + EULER_GAMMA) - 2.0 * (n - 1.0) / n
