"""How far the answers of a combination may be off on a device that computes in float32: the bounds of the members, through
calibration and rule. Where a member may decide either way, so does what is made of its decision."""

import numpy as np
import truth_combine
from bounds_steps import TINY, UNIT

ROUNDING = 8  # steps: of a product, a sum and a quotient, each of numbers that are rounded themselves


def through(model, x, error, part, transform):
    """(raw values, bound) of a combination: of what its rule gives, or of its final model.

    part(model, rows, error, n_outputs) is (outputs, bound) of a member, transform(transform, values, bound) of a
    post-transform."""
    said, values, flips = [], [], []
    rows, row_error = x, error
    for member in model["members"]:
        outputs, bound = part(member["model"], rows, row_error, member["output"]["n_outputs"])
        said.append(outputs)
        flips.append(possible(member, outputs, bound))
        values.append(_result(member, outputs, bound, flips[-1]))
        if model.get("chained"):
            rows, row_error = np.hstack([rows, values[-1][0]]), np.hstack([row_error, values[-1][1]])
    joined = truth_combine.RULES[model["rule"]](model["members"], said, [value for value, _ in values])
    bound = RULES[model["rule"]](model["members"], values, flips, joined)
    if "final" not in model:
        return joined, bound
    joined, bound = transform(model.get("post_transform", {"name": "identity"}), joined, bound)
    if model.get("passthrough"):
        joined, bound = np.hstack([joined, x]), np.hstack([bound, error])
    return part(model["final"], joined, bound, None)


def possible(member, outputs, bound):
    """[n][classes] of bool: what the member may decide for, by outputs within their bounds."""
    decision = member["output"].get("decision", {"rule": "none"})
    if decision["rule"] == "none":
        return None
    if decision["rule"] == "argmax":
        rows, best = np.arange(len(outputs)), truth_combine.decided(member, outputs)
        near = outputs[rows, best][:, None] - outputs <= bound[rows, best][:, None] + bound
        near[rows, best] = True
        return near
    decided = truth_combine.decided(member, outputs)
    near = ~(np.abs(outputs[:, 0] - decision["threshold"]) > bound[:, 0])
    return np.stack([near | (decided == 0), near | (decided == 1)], axis=1)


def _result(member, outputs, bound, flips):
    values = truth_combine.result_of(member, outputs)
    if member.get("result") == "decision":
        places = np.arange(flips.shape[1])
        return values, np.max(np.where(flips, np.abs(places - values), 0.0), axis=1, keepdims=True)
    taken, off = (table[:, member["columns"]] if "columns" in member else table for table in (outputs, bound))
    if "calibration" not in member:
        return values, off
    columns = [_calibrated(entry, *pair) for entry, *pair in zip(member["calibration"], taken.T, off.T)]
    return values, np.stack(columns, axis=1)


def _calibrated(entry, x, off):
    """What comes of the ends of the interval around x: calibrations are monotone, or at least linear between points."""
    y = truth_combine.calibrated(entry, x)
    if entry["method"] == "sigmoid":
        slope = abs(entry["slope"])
        if slope > 0.0:
            off = off + ROUNDING * UNIT * (np.abs(x) + abs(entry["offset"]) / slope)
        ends = [truth_combine.calibrated(entry, x + sign * off) for sign in (-1, 1)]
        spread = np.max([np.abs(end - y) for end in ends], axis=0)
        return np.where(np.isinf(off), np.inf, spread + 16 * UNIT * y + (UNIT if slope == 0.0 else 0.0)) + TINY
    points, heights = np.array(entry["x"], float), np.array(entry["y"], float)
    largest = np.abs(heights).max()
    if len(points) == 1:
        return np.full(len(x), UNIT * largest)
    place = np.clip(np.searchsorted(points, x, "right"), 1, len(points) - 1)
    off = off + ROUNDING * UNIT * (np.abs(x) + np.maximum(np.abs(points[place]), np.abs(points[place - 1])))
    ends = [truth_combine.calibrated(entry, x + sign * off) for sign in (-1, 1)]
    inside = [np.where((points > low) & (points < high), np.abs(heights - own), 0.0).max() for low, high, own in
              zip(x - off, x + off, y)]
    spread = np.max([np.abs(end - y) for end in ends] + [np.array(inside)], axis=0)
    return np.where(np.isinf(off), np.inf, spread) + ROUNDING * UNIT * largest + TINY


def _shares(members):
    weights = np.array([member.get("weight", 1.0) for member in members])
    return weights / weights.sum()


def _mean(members, values, flips, joined):
    bound, size = (np.zeros(joined.shape) for _ in range(2))
    for share, (value, off) in zip(_shares(members), values):
        if share > 0.0:
            bound, size = bound + share * off, size + share * np.abs(value)
    return bound + (len(members) + ROUNDING) * 2 * UNIT * size + TINY


def _votes(members, values, flips, joined):
    bound = np.zeros(joined.shape)
    for share, near in zip(_shares(members), flips):
        several = near.sum(axis=1, keepdims=True) > 1
        bound = bound + np.where(near & several, share, 0.0)
    return bound + (len(members) + ROUNDING) * UNIT


def _one_vs_one(members, values, flips, joined):
    n, places = truth_combine.pairs(len(members))
    bound = np.zeros(joined.shape)
    for (i, j), (value, off), near in zip(places, values, flips):
        either = np.where(near.all(axis=1), 1.0, 0.0)
        for place in (i, j):
            bound[:, place] += off[:, 0] / 3.0 + either + n * UNIT * np.abs(value[:, 0])
    return bound + ROUNDING * 2 * UNIT * n


RULES = {"mean": _mean, "votes": _votes, "one_vs_one": _one_vs_one,
         "concatenate": lambda members, values, flips, joined: np.hstack([off for _, off in values])}
