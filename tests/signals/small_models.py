"""Small models at random, each with its answers in float64: trees of shares and of sums, networks, members."""

import numpy as np


class Trees:
    """Trees of three splits at random, their leaves as `leaf` makes them."""

    def __init__(self, rng, x, n_trees, leaf):
        self.trees = []
        for _ in range(n_trees):
            splits = []
            for _ in range(3):
                column = rng.randrange(x.shape[1])
                values = np.unique(x[:, column])
                at = rng.randrange(len(values) - 1)
                splits.append((column, float(np.float32((values[at] + values[at + 1]) / 2))))
            self.trees.append((splits, [leaf(rng) for _ in range(4)]))

    def leaves(self, x):
        """[tree][row] the leaf values."""
        found = []
        for (top, left, right), leaves in self.trees:
            first, second = x[:, top[0]] <= top[1], np.where(x[:, top[0]] <= top[1], 0, 2)
            inner = np.where(first, x[:, left[0]] <= left[1], x[:, right[0]] <= right[1])
            found.append(np.array(leaves)[second + np.where(inner, 0, 1)])
        return np.array(found, dtype=np.float64)

    def document(self, **keys):
        trees = []
        for index, (splits, leaves) in enumerate(self.trees):
            tree = {"feature": [s[0] for s in splits] + [-1] * 4, "threshold": [s[1] for s in splits] + [0] * 4,
                    "left": [1, 3, 5] + [-1] * 4, "right": [2, 4, 6] + [-1] * 4, "value": [None] * 3 + leaves}
            trees.append(tree | ({"output": index % keys["rounds"]} if "rounds" in keys else {}))
        keys.pop("rounds", None)
        return {"kind": "tree_ensemble", "compare": "<=", "missing": "none", "trees": trees} | keys


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def of_shares(rng, x, n):
    """A forest: a mean of votes, or of tenths."""
    if rng.random() < 0.5:
        trees = Trees(rng, x, rng.choice([5, 7, 10]), lambda rng: rng.choice(np.eye(n, dtype=int).tolist()))
    else:
        def tenths(rng):
            ends = sorted(rng.randint(0, 10) for _ in range(n - 1))
            return [(b - a) / 10 for a, b in zip([0, *ends], [*ends, 10])]
        trees = Trees(rng, x, rng.choice([4, 5, 8]), tenths)
    return trees.document(leaf="vector", aggregate="mean"), trees.leaves(x).mean(axis=0), True


def of_sums(rng, x, n, transform, is_exact):
    """Boosting, a sum for each output, of eighths or of any numbers."""
    trees = Trees(rng, x, 6 * n, lambda rng: rng.randint(-12, 12) / 8 if is_exact else rng.gauss(0, 1))
    keys = {"post_transform": {"name": transform}} if transform != "identity" else {}
    model = trees.document(leaf="scalar", aggregate="sum", rounds=n, **keys)
    sums = np.stack([trees.leaves(x)[i::n].sum(axis=0) for i in range(n)], axis=1)
    ends = {"identity": lambda z: z, "softmax": softmax, "sigmoid": sigmoid}
    return model, ends[transform](sums), is_exact and transform == "identity"


def of_network(rng, x, n, transform):
    sizes, weights = [x.shape[1], 5, n], []
    for n_in, n_out in zip(sizes, sizes[1:]):
        weights.append(([[rng.gauss(0, 1) / 200 if n_in == sizes[0] else rng.gauss(0, 1) for _ in range(n_in)]
                         for _ in range(n_out)], [rng.gauss(0, 0.3) for _ in range(n_out)]))
    hidden = np.maximum(x.astype(np.float64) @ np.array(weights[0][0]).T + weights[0][1], 0)
    z = hidden @ np.array(weights[1][0]).T + weights[1][1]
    layers = [{"weights": w, "bias": b, "activation": a} for (w, b), a in zip(weights, ["relu", "identity"])]
    model = {"kind": "mlp", "layers": layers} | (
        {"post_transform": {"name": transform}} if transform != "identity" else {})
    return model, {"identity": lambda z: z, "softmax": softmax, "sigmoid": sigmoid}[transform](z), False


def of_members(rng, x, n):
    """A mean of two forests, whose outputs are floats for the combination."""
    trees = [Trees(rng, x, 4, lambda rng: [rng.random() for _ in range(n)]) for _ in range(2)]
    output = {"n_outputs": n, "decision": {"rule": "argmax"}}
    members = [{"model": one.document(leaf="vector", aggregate="mean"), "output": output} for one in trees]
    outputs = sum(one.leaves(x).mean(axis=0) for one in trees) / 2
    return {"kind": "combine", "rule": "mean", "members": members}, outputs, False


# How many outputs, and what makes the key `model`, the outputs for rows of features in float64, and whether the device
# is exact.
KINDS = {"two shares": (2, lambda rng, x: of_shares(rng, x, 2)),
         "three shares": (3, lambda rng, x: of_shares(rng, x, 3)),
         "one sum": (1, lambda rng, x: of_sums(rng, x, 1, "identity", True)),
         "one real sum": (1, lambda rng, x: of_sums(rng, x, 1, "sigmoid", False)),
         "three sums": (3, lambda rng, x: of_sums(rng, x, 3, "identity", True)),
         "three real sums": (3, lambda rng, x: of_sums(rng, x, 3, "identity", False)),
         "softmax of sums": (3, lambda rng, x: of_sums(rng, x, 3, "softmax", False)),
         "network": (3, lambda rng, x: of_network(rng, x, 3, "softmax")),
         "network of one": (1, lambda rng, x: of_network(rng, x, 1, "sigmoid")),
         "members": (3, lambda rng, x: of_members(rng, x, 3))}
