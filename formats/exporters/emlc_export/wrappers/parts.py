"""Estimators inside of another one, each as a model of its own."""

from typing import NamedTuple, Optional, Union

from ..models.layers import Layer, exported_layer
from ..models.trees import tree_ensemble
from ..outputs import Exported, class_labels, exact
from ..steps.front import Front
from ..vectors import answered_rows, asked
from .affine import folded, is_affine
from .answers import answering


class Part(NamedTuple):
    """A fitted estimator on a row of columns."""

    result: Union[Layer, Exported]
    front: Front  # the steps before it
    estimator: object
    columns: Optional[list] = None  # of the row, where it sees some of them

    def exported(self):
        return exported_layer(self.result) if isinstance(self.result, Layer) else self.result

    def labels(self):
        """The classes in the order of its decisions: not that of classes_ where of equal scores the last one decides."""
        return self.result.output["targets"][0]["class_names"]

    def is_in_order(self):
        return self.labels() == class_labels(self.estimator)[0]

    def ask(self, rows):
        """What the estimator says to rows [n][width], as the document has it: [n][n_outputs]."""
        import numpy as np

        rows = np.asarray(rows)
        rows = _named(self.estimator, rows if self.columns is None else rows[:, self.columns])
        return answered_rows(asked(self.result.answer, self.estimator, rows), self.result.output)


def _named(estimator, rows):
    """A data frame for an estimator that finds its columns by name."""
    names = getattr(estimator, "feature_names_in_", None)
    if names is None:
        return rows
    import pandas

    return pandas.DataFrame(rows, columns=names)


def part_of(convert, around, estimator, width, method=None, columns=None):
    """The part that an estimator is of the one around it, answering with `method`; None for its own choice."""
    front = Front(width)
    try:
        if columns is not None:
            front.choose(0, width, columns)
        result = answering(convert(front, estimator), estimator, method)
    except ValueError as problem:
        raise ValueError("in a %s: %s" % (type(around).__name__, problem)) from None
    return Part(result, front, estimator, columns)


def constant_part(estimator, width, value, output):
    """A member of one answer for all rows, those with missing values too."""
    leaf = {"feature": [-1], "threshold": [0.0], "left": [-1], "right": [-1], "value": [float(value)],
            "default_left": [True]}
    exported = Exported(tree_ensemble([leaf], "scalar", "sum"), output, "decision_function", exact)
    return Part(exported, Front(width), estimator)


def layers_of(parts):
    """All parts as layers on the row of columns; None where one is more than that."""
    if not all(isinstance(part.result, Layer) and is_affine(part.front) for part in parts):
        return None
    return [folded(part.front, part.result) for part in parts]


def plain(parts):
    """All parts as documents without steps; None where one has steps."""
    return None if any(part.front.steps for part in parts) else [part.exported() for part in parts]
