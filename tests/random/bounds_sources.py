"""Which steps jump where the document does, though they come behind scalers that a device computes in float32: those whose
columns are made of one column each, which the device holds exactly and looks at instead (docs/headers.md, "How exact")."""

import numpy as np
import truth_steps

EXACT, LINE, FUNCTION, COMPUTED = range(4)  # the column itself; behind rising scalers; behind functions of it; nothing
JUMPS = {"bins": FUNCTION, "binarize": FUNCTION, "lookup": FUNCTION, "missing_indicator": FUNCTION, "one_hot": FUNCTION,
         "quantile": LINE}
OF_LIBM = {"log", "log1p", "log2", "log10", "exp", "expm1"}  # another one has other last digits


def given(error):
    """[n][columns]: of a row that is off by `error`."""
    return np.where(error == 0.0, EXACT, COMPUTED)


def looks_through(step, run):
    """[n] of bool. `run`: sources of the columns of the run of the step, [n][columns]."""
    if step["kind"] not in JUMPS:
        return np.zeros(len(run), bool)
    if step["kind"] == "one_hot":
        run = run[:, [outputs is not None for outputs in step["categories"]]]
    return (run <= JUMPS[step["kind"]]).all(axis=1)


def behind(step, sources):
    """[n][columns behind the step]."""
    if step["kind"] == "columns":
        indices = np.array(step["indices"])
        chosen = sources[:, indices]
        shared = np.bincount(indices, minlength=sources.shape[1])[indices] > 1
        return np.where(shared & (chosen != EXACT), COMPUTED, chosen)
    first = step.get("first", 0)
    end = first + truth_steps.columns_of(step, sources.shape[1] - first)
    return np.concatenate([sources[:, :first], _of_run(step, sources[:, first:end]), sources[:, end:]], axis=1)


def _of_run(step, run):
    function = np.where(run == COMPUTED, COMPUTED, FUNCTION)
    if step["kind"] in ("power", "quantile") or step.get("name") in OF_LIBM:
        return np.full(run.shape, COMPUTED)
    if step["kind"] in ("linear", "polynomial", "normalize"):
        width = {"linear": lambda: len(step["bias"]), "polynomial": lambda: len(step["terms"]),
                 "normalize": lambda: run.shape[1]}[step["kind"]]()
        return np.full((len(run), width), COMPUTED)
    if step["kind"] == "one_hot":
        return _one_hot(step, run)
    if step["kind"] == "scaler":
        rises = np.array(step["scale"], float) > 0.0 if step.get("clip") is None else np.zeros(run.shape[1], bool)
        return np.where((run <= LINE) & rises, LINE, function)
    if step["kind"] == "impute" and step.get("missing") is None:
        return np.where(run <= LINE, LINE, function)
    return function


def _one_hot(step, run):
    columns = [np.empty((len(run), 0), int)]
    for source, outputs in zip(run.T, step["categories"]):
        if outputs is None:
            columns.append(source[:, None])
        else:
            columns.append(np.repeat(np.where(source == COMPUTED, COMPUTED, EXACT)[:, None], len(outputs), axis=1))
    return np.concatenate(columns, axis=1)
