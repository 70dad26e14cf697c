"""What the estimator itself answers: test vectors, and what rounding the inputs changes."""

import copy
import math
import warnings

from .rows import cast_rows
from .values import listed


def test_vectors(estimator, steps, exported, rows):
    serial = _serial(estimator)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rows are plain lists, without the feature names of the training data
        outputs = _outputs(getattr(serial, exported.answer)(rows), exported.output["n_outputs"])
        labels = None
        if exported.output["task"] in ("classification", "anomaly"):
            labels = serial.predict(rows).tolist()
        scaled = rows
        for step in steps[:-1]:
            scaled = step.transform(scaled).tolist()
    atol, rtol = exported.tolerance(scaled, outputs)
    inputs = [[None if math.isnan(value) else value for value in row] for row in rows]
    vectors = {"inputs": inputs, "outputs": outputs, "atol": atol, "rtol": rtol}
    if labels is not None:
        vectors["labels"] = labels
    return vectors


def _serial(estimator):
    """A shallow copy that predicts on one thread: forests otherwise sum their trees in the order the threads finish."""
    serial = copy.copy(estimator)
    if hasattr(serial, "steps"):
        serial.steps = [(name, _serial(step)) for name, step in serial.steps]
    elif hasattr(serial, "n_jobs"):
        serial.n_jobs = 1
    return serial


def _outputs(answer, n_outputs):
    """One row of n_outputs numbers per input, from whatever shape the estimator answers in."""
    if isinstance(answer, list):  # a classifier with several targets: one array each
        return [sum(parts, []) for parts in zip(*(part.tolist() for part in answer))]
    # Of the two columns of a binary classifier the document keeps the second, the probability of class_names[1].
    return [listed(row)[-n_outputs:] for row in answer.tolist()]


def warn_of_rounding(estimator, given, rounded):
    """Says how many rows of X get another answer as float32 than as they were given."""
    exact = cast_rows(given, "float64")
    if not any(one != other and one == one for pair in zip(exact, rounded) for one, other in zip(*pair)):
        return
    serial = _serial(estimator)
    if not hasattr(serial, "predict"):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before, after = (listed(serial.predict(rows)) for rows in (exact, rounded))
    # Of numbers any rounding moves the last digits; what is more is another leaf.
    changed = sum(not _is_same(one, other) for one, other in zip(before, after))
    if changed:
        warnings.warn("rounding X to float32 changes the answers of %d of %d rows (%.2g %%); dtype='float64' keeps them in "
                      "the document, and emlc convert --features double in the header of trees"
                      % (changed, len(exact), 100.0 * changed / len(exact)), stacklevel=3)


def _is_same(one, other):
    if isinstance(one, list):
        return all(map(_is_same, one, other))
    if isinstance(one, float):
        return abs(one - other) <= 1e-5 * max(abs(one), abs(other))
    return one == other
