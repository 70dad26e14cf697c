"""How far another honest evaluation of a combination may be from the library's, and for which rows nobody can say what its
members decide: where their answers are as near to one another as roundings are."""

import numpy as np

from ..steps.errors import propagated
from ..values import EPSILON, EPSILON32


def tolerance_of(combination, inputs, errors, outputs):
    """(atol, rtol), from the answers of the members to the rows."""
    values, off, _ = _answers(combination, np.array(inputs, float), np.array(errors, float))
    if combination.final is not None:
        return _of_part(combination.final, values, off, outputs)
    return 2 * float(off.max()), 0.0


def unsure_rows(combination, inputs, errors):
    """[n] of bool."""
    values, off, unsure = _answers(combination, np.array(inputs, float), np.array(errors, float))
    final = combination.final
    if final is not None:
        unsure |= final.front.near_jumps(values, off)
        if final.exported().unsure:
            own_values, own_off = propagated(final.front.steps, values.tolist(), off.tolist())
            unsure |= np.array(final.exported().unsure(own_values, own_off))
        outputs = np.array(final.ask(values), float)
        atol, rtol = _of_part(final, values, off, outputs.tolist())
        values, off = outputs, atol + rtol * np.abs(outputs)
    decision, first = combination.output["decision"], 0
    for target in combination.output["targets"] if decision["rule"] != "none" else ():
        run = slice(first, first + target["size"])
        _decided(decision, values[:, run], off[:, run], unsure)
        first = run.stop
    return unsure.tolist()


def _answers(combination, rows, errors):
    """(values, errors, unsure) of the row that the final model takes, or that the outputs are."""
    unsure = np.zeros(len(rows), bool)
    joined, off = _joined(combination, rows, errors, unsure)
    if combination.transform:
        total, total_off = joined.sum(axis=1, keepdims=True), off.sum(axis=1, keepdims=True)
        unsure |= ((total <= 4 * total_off) & (total_off > 0))[:, 0]  # shares of what may be nothing
        shares = np.where(total == 0.0, 1.0 / joined.shape[1], joined / np.where(total == 0.0, 1.0, total))
        off = (off + np.abs(shares) * total_off) / np.where(total == 0.0, 1.0, np.abs(total)) + 4 * joined.shape[1] * EPSILON
        joined = shares
    if combination.passthrough:
        joined, off = np.hstack([joined, rows]), np.hstack([off, errors])
    return joined, off, unsure


def _joined(combination, rows, errors, unsure):
    members, rule = combination.members, combination.rule
    found = []
    for member in members:
        found.append(_member(member, rows, errors, unsure, rule in ("votes", "one_vs_one")))
        if combination.chained:
            rows, errors = np.hstack([rows, found[-1][0]]), np.hstack([errors, found[-1][1]])
    if rule == "concatenate":
        return np.hstack([values for values, _, _ in found]), np.hstack([off for _, off, _ in found])
    if rule == "one_vs_one":
        return _pairs(found, combination.n_values)
    weights = np.array([member.weight for member in members]) / sum(member.weight for member in members)
    if rule == "votes":
        votes = sum(weight * np.eye(combination.n_values)[decided] for weight, (_, _, decided) in zip(weights, found))
        return votes, np.full(votes.shape, 2 * len(members) * EPSILON)
    values = sum(weight * values for weight, (values, _, _) in zip(weights, found))
    sizes = sum(weight * np.abs(values) for weight, (values, _, _) in zip(weights, found))
    return values, sum(weight * off for weight, (_, off, _) in zip(weights, found)) + (len(members) + 2) * EPSILON * sizes


def _pairs(found, n):
    votes, sums, off = (np.zeros((len(found[0][0]), n)) for _ in range(3))
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    for (i, j), (values, error, decided) in zip(pairs, found):
        votes[:, i] += decided == 0
        votes[:, j] += decided == 1
        sums[:, i] -= values[:, 0]
        sums[:, j] += values[:, 0]
        off[:, [i, j]] += error[:, :1] + n * EPSILON * np.abs(values[:, :1])
    return votes + sums / (3 * (np.abs(sums) + 1)), off / 3 + 4 * n * EPSILON


def _of_part(part, rows, errors, outputs):
    own_rows, own_errors = propagated(part.front.steps, rows.tolist(), errors.tolist())
    return part.exported().tolerance(own_rows, own_errors, outputs)


def _member(member, rows, errors, unsure, decides):
    """(values, errors, decided) of what is taken of a member."""
    part = member.part
    unsure |= part.front.near_jumps(rows, errors)
    outputs = np.array(part.ask(rows), float)
    atol, rtol = _of_part(part, rows, errors, outputs.tolist())
    off = atol + rtol * np.abs(outputs)
    exported = part.exported()
    if exported.unsure:
        own_rows, own_errors = propagated(part.front.steps, rows.tolist(), errors.tolist())
        unsure |= np.array(exported.unsure(own_rows, own_errors))
    decided = None
    if decides or member.result == "decision":
        decided = _decided(exported.output["decision"], outputs, off, unsure)
    if member.result == "decision":
        return decided[:, None].astype(float), np.zeros((len(rows), 1)), decided
    if member.columns is not None:
        outputs, off = outputs[:, member.columns], off[:, member.columns]
    if member.calibration:
        pairs = [_calibrated(entry, *columns) for entry, *columns in zip(member.calibration, outputs.T, off.T)]
        outputs, off = (np.stack(columns, axis=1) for columns in zip(*pairs))
    return outputs, off, decided


def _decided(decision, outputs, off, unsure):
    rows = np.arange(len(outputs))
    if decision["rule"] == "argmax":
        best = outputs.argmax(axis=1)
        gap = outputs[rows, best][:, None] - outputs
        # Sums that are no whole numbers are the same but for their last digits, whichever order they have.
        is_sum = (outputs != np.round(outputs)) & (gap <= 4 * EPSILON * np.abs(outputs))
        near = ((gap <= off[rows, best][:, None] + off) & (off > 0)) | is_sum
        near[rows, best] = False
        unsure |= near.any(axis=1)
        return best
    value, threshold = outputs[:, 0], decision["threshold"]
    gap = np.abs(value - threshold)
    is_sum = (value != np.round(value)) & (gap <= 4 * EPSILON * np.abs(value))
    unsure |= ((gap <= off[:, 0]) & (off[:, 0] > 0)) | is_sum
    return (value > threshold if decision["rule"] == "greater" else value >= threshold).astype(int)


def _calibrated(entry, x, off):
    """What comes of the ends of the interval around x: calibrations are monotone between their points."""
    ends = [calibration(entry, x + sign * off) for sign in (-1, 0, 1)]
    spread = np.maximum(np.abs(ends[2] - ends[1]), np.abs(ends[0] - ends[1]))
    if entry["method"] == "sigmoid":
        spread = spread + EPSILON * (np.abs(entry["slope"] * x) + abs(entry["offset"]) + 8)
    elif entry not in _EXACT:
        spread = spread + _unit(entry) * np.abs(entry["y"]).max()
    return ends[1], spread


_EXACT = [{"method": "isotonic", "x": [0.0], "y": [0.0]}]


def _unit(entry):
    """Calibrators that were trained on float32 answer in it."""
    is_single = all(float(np.float32(value)) == value for value in entry["x"] + entry["y"])
    return 4 * (EPSILON32 if is_single and len(entry["x"]) > 2 else EPSILON)


def calibration(entry, x):
    if entry["method"] == "sigmoid":
        with np.errstate(over="ignore"):
            return 1.0 / (1.0 + np.exp(entry["slope"] * x + entry["offset"]))
    return np.interp(x, entry["x"], entry["y"])
