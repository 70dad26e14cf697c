"""Steps that jump behind steps in whose last digits libraries differ.

The edges of a KBinsDiscretizer are values of its training data, and the same on a device may come out a rounding lower: in
another bin. So edges go down, and thresholds that have to be exceeded up, by what honest evaluations may be apart. Where a
column is a mix of several, a device has it in float32 alone, so there edges go by roundings of that. Thresholds do not:
somebody chose them, and data may lie on either side."""

from ..values import EPSILON, EPSILON32
from .errors import run_of, walked

MIXES = {"linear", "polynomial", "normalize"}
COMPARES = {"one_hot": "categories", "lookup": "from"}
FLOAT32 = EPSILON32 / EPSILON
SIGNS = {"bins": ("edges", -1.0), "binarize": ("thresholds", 1.0)}  # which way their numbers go


def settle(steps, rows, errors=None):
    """Moves the numbers of `steps` that jump, in place and once; `rows` [n][n_columns] say how large the errors in front of
    them are, `errors` those that the rows have already. Raises ValueError for categories that only equality in every bit
    would find."""
    for step, _, _, margins, _ in _met(steps, rows, errors):
        if step["kind"] in COMPARES:
            _refuse(step, margins)
        if step["kind"] not in SIGNS:
            continue
        key, sign = SIGNS[step["kind"]]
        for column, numbers in enumerate(step[key]):
            by = sign * margins[column]
            step[key][column] = [edge + by for edge in numbers] if isinstance(numbers, list) else numbers + by


def near_jumps(steps, rows, errors=None):
    """[n] of bool, of steps that are settled: the rows that have an error and are, within it, on an edge of the library
    behind a mix of columns. It answers them by the order in which it sums."""
    import numpy as np

    near = np.zeros(len(rows), bool)
    for step, values, off, margins, mixed in _met(steps, rows, errors):
        if step["kind"] not in SIGNS:
            continue
        key, sign = SIGNS[step["kind"]]
        for column in np.flatnonzero(mixed):
            edges = np.atleast_1d(np.array(step[key][column], float)) - sign * margins[column]
            distance = np.abs(values[:, column, None] - edges).min(axis=1, initial=np.inf)
            near |= (distance <= 4.0 * off[:, column]) & (off[:, column] > 0.0)
    return near


def _met(steps, rows, errors):
    """(step, values of its columns, their errors, how far the numbers of each go, which are mixes) of each step. Errors are
    bounds and may be loose, and data must not come to the other side: numbers go a small part of the range of the values."""
    import numpy as np

    mixed = None
    for step, values, off in walked(steps, rows, errors):
        mixed = np.zeros(values.shape[1], bool) if mixed is None else mixed
        if step is None:
            return
        if step["kind"] == "columns":
            mixed = mixed[step["indices"]]
            continue
        run = run_of(step)
        own, moved, mixes = values[:, run], off[:, run], mixed[run]
        yield step, own, moved, _margins(np, step["kind"], own, moved, mixes), mixes
        mixed = np.concatenate([mixed[:run.start], _mixed_behind(np, step, mixed[run]), mixed[run.stop:]])


def _margins(np, kind, values, off, mixed):
    known, moved = np.isfinite(values), np.where(np.isfinite(off), off, 0.0)
    spread = (np.where(known, values, -np.inf).max(axis=0, initial=-np.inf)
              - np.where(known, values, np.inf).min(axis=0, initial=np.inf))
    single = mixed & (kind == "bins")
    roundings = np.maximum(moved, EPSILON * np.where(known, np.abs(values), 0.0)) * FLOAT32
    largest = np.where(single, roundings, moved).max(axis=0, initial=0.0)
    return np.minimum(2.0 * largest, np.where(single, 1e-6, 1e-9) * np.maximum(spread, 0.0))


def _refuse(step, margins):
    for column, (known, margin) in enumerate(zip(step[COMPARES[step["kind"]]], margins)):
        if known and margin > 0.0:
            raise ValueError("the categories of column %d of an encoder are results of the steps in front of it, which a "
                             "rounding would make others: put the encoder first, or give it columns as they are" % column)


def _mixed_behind(np, step, mixed):
    if step["kind"] in MIXES:
        return np.ones(len(step["terms"] if step["kind"] == "polynomial" else
                           step["weights"] if step["kind"] == "linear" else mixed), bool)
    if step["kind"] == "one_hot":
        return np.zeros(sum(1 if groups is None else len(groups) for groups in step["categories"]), bool)
    return np.zeros_like(mixed) if step["kind"] in ("lookup", "bins", "binarize", "missing_indicator") else mixed
