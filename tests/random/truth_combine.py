"""What the kind "combine" of a document says, computed from the words of docs/formats.md with numpy alone: members that answer
the same row, a rule that joins what they say, and a model that may follow. Everything is in float64.

`evaluate(model, rows, n_outputs)` gives what a model part says, after its own post-transform."""

import numpy as np


def raw(model, rows, evaluate, n_outputs):
    """[n][k] of the rule; or of the final model, where there is one."""
    joined = joined_values(model, rows, evaluate)
    if "final" not in model:
        return joined
    return evaluate(model["final"], final_rows(model, rows, joined, evaluate), n_outputs)


def final_rows(model, rows, joined, evaluate):
    """What the final model takes."""
    joined = evaluate.transform(model.get("post_transform", {"name": "identity"}), joined)
    return np.hstack([joined, rows]) if model.get("passthrough") else joined


def joined_values(model, rows, evaluate):
    """What the rule gives."""
    outputs, values = [], []
    for member in model["members"]:
        said = evaluate(member["model"], rows, member["output"]["n_outputs"])
        outputs.append(said)
        values.append(result_of(member, said))
        if model.get("chained"):
            rows = np.hstack([rows, values[-1]])
    with np.errstate(all="ignore"):
        return RULES[model["rule"]](model["members"], outputs, values)


def result_of(member, outputs):
    """What is taken of a member: the place of its class, or its outputs through their calibration."""
    if member.get("result") == "decision":
        return decided(member, outputs)[:, None].astype(float)
    taken = outputs[:, member["columns"]] if "columns" in member else outputs
    if "calibration" not in member:
        return taken
    return np.stack([calibrated(entry, column) for entry, column in zip(member["calibration"], taken.T)], axis=1)


def calibrated(entry, x):
    with np.errstate(over="ignore"):
        if entry["method"] == "sigmoid":
            return 1.0 / (1.0 + np.exp(entry["slope"] * x + entry["offset"]))
    points, heights = np.array(entry["x"], float), np.array(entry["y"], float)
    result = np.where(x >= points[-1], heights[-1], heights[0])
    for low in range(len(points) - 1):
        inside = (x >= points[low]) & (x < points[low + 1])
        slope = (heights[low + 1] - heights[low]) / (points[low + 1] - points[low])
        result = np.where(inside, slope * (x - points[low]) + heights[low], result)
    return np.where(np.isnan(x), x, result)


def decided(member, outputs):
    """[n]: the place of the class that a member decides for, by its own rule on its own outputs."""
    decision = member["output"]["decision"]
    if decision["rule"] == "argmax":
        best = np.zeros(len(outputs), int)
        for column in range(1, outputs.shape[1]):
            best = np.where(outputs[:, column] > outputs[np.arange(len(outputs)), best], column, best)
        return best
    compare = np.greater if decision["rule"] == "greater" else np.greater_equal
    return compare(outputs[:, 0], decision["threshold"]).astype(int)


def n_classes(member):
    """How many classes a member decides between."""
    return member["output"]["n_outputs"] if member["output"]["decision"]["rule"] == "argmax" else 2


def _weights(members):
    return [member.get("weight", 1.0) for member in members]


def _mean(members, outputs, values):
    weights = _weights(members)
    total, sum_of_weights = np.zeros(values[0].shape), 0.0
    for weight, value in zip(weights, values):
        total, sum_of_weights = total + weight * value, sum_of_weights + weight
    return total / sum_of_weights


def _votes(members, outputs, values):
    weights = _weights(members)
    total, sum_of_weights = np.zeros((len(outputs[0]), n_classes(members[0]))), 0.0
    for member, weight, said in zip(members, weights, outputs):
        total[np.arange(len(said)), decided(member, said)] += weight
        sum_of_weights += weight
    return total / sum_of_weights


def pairs(n_members):
    """The classes (first, second) of each member of one_vs_one."""
    n = next(n for n in range(2, n_members + 2) if n * (n - 1) // 2 == n_members)
    return n, [(i, j) for i in range(n) for j in range(i + 1, n)]


def _one_vs_one(members, outputs, values):
    n, places = pairs(len(members))
    votes, sums = (np.zeros((len(outputs[0]), n)) for _ in range(2))
    for (i, j), member, said, value in zip(places, members, outputs, values):
        chosen = decided(member, said)
        votes[:, i] += chosen == 0
        votes[:, j] += chosen == 1
        sums[:, i] -= value[:, 0]
        sums[:, j] += value[:, 0]
    return votes + sums / (3.0 * (np.abs(sums) + 1.0))


RULES = {"mean": _mean, "votes": _votes, "one_vs_one": _one_vs_one,
         "concatenate": lambda members, outputs, values: np.hstack(values)}
