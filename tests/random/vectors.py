"""Test vectors as a trainer would put them into a document: emlc has to replay them before it does anything else."""

import bounds
import inputs
import numpy as np
import truth

N_ROWS, N_SAMPLES, WIDEST = 6, 50, 300


def with_vectors(case):
    """The document with answers of its own, on inputs that its device holds too; as it is where none is finite."""
    document = case.document
    found = _of_signal(document, case.rows) if case.is_filter else _of_rows(document, case)
    return {**document, "test_vectors": found} if found else document


def _of_signal(document, rows):
    """One signal, and the response from a zero state."""
    signal = rows[:N_SAMPLES]
    model = {name: value for name, value in document["model"].items() if name != "initial_state"}
    expected = truth.outputs({**document, "model": model}, signal)
    tolerance = bounds.filter_in_double(model, expected).max()
    return {"inputs": [signal[:, 0].tolist()], "outputs": [expected[:, 0].tolist()], "atol": float(tolerance)}


def _of_rows(document, case):
    if document["input"]["n_features"] > WIDEST:
        return None
    rows = case.device_rows[:N_ROWS]
    expected = truth.outputs(document, rows)
    # Rows on a jump that float32 may miss are no vectors: what a device says there is an error.
    _, off = bounds.tolerance(document, rows)
    usable = np.isfinite(expected).all(axis=1)
    largest = np.abs(expected[usable]).max(axis=0, initial=0.0)
    usable &= (off <= 2.0**-10 * largest).all(axis=1)
    if not usable.any():
        return None
    rows, expected = rows[usable], expected[usable]
    atol = bounds.of_run(document, rows, expected).max()
    if not np.isfinite(atol):
        return None
    found = {"inputs": [[None if np.isnan(x) else x for x in row] for row in rows.tolist()],
             "outputs": expected.tolist(), "atol": float(atol)}
    if case.n_targets() and bounds.decides_exactly(document):
        found["labels"] = labels(document, truth.decisions(document, expected))
    return found


def labels(document, decided):
    """A list of class names for each row."""
    targets = document["output"].get("targets", [{"size": document["output"]["n_outputs"]}])
    names = [target.get("class_names") or [str(index) for index in range(max(2, target["size"]))] for target in targets]
    return [[name[index] for name, index in zip(names, row)] for row in decided.tolist()]
