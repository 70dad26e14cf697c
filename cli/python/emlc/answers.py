"""`emlc run`: a model's answers on this computer."""

from __future__ import annotations

import csv
import dataclasses
import io
import os
from typing import TYPE_CHECKING, Any

from . import page
from .files import files
from .program import Error, call, options, sentence

if TYPE_CHECKING:
    import numpy


@dataclasses.dataclass(frozen=True)
class Predictions:
    """An answer for each row of X."""

    labels: list[Any] | None
    """[rows], or [rows][targets] of several; numbers where all labels are whole; None where the model does not decide"""
    values: numpy.ndarray[Any, Any]
    """[rows][outputs] of float64: probabilities, scores or regressions"""
    names: list[str]
    """[outputs]"""

    def _repr_html_(self) -> str:
        return page.predicted(self)


def run(model: Any, X: Any, *, export: dict[str, Any] | None = None, **keywords: Any) -> Predictions:
    """The answers of the trained model, or with as_emitted=True those of what convert would write.

    model     path of a model, or a fitted estimator
    X         rows [n][features], or the path of a CSV or NPY; of a filter a signal in each column
    export    what else export() takes, for an estimator
    keywords  options of `emlc run`: as_emitted=True, voting="hard", to="c", ...

    Raises Error with the program's sentence.
    """
    is_file = isinstance(model, (str, os.PathLike))
    with files() as made:
        source = made.model(model, None if is_file else X, **(export or {}))
        done = call(["run", source, "-i", made.table(X, "X") or "", "-q", *options(keywords)], made.renamed)
        if done.status != 0:
            raise Error(sentence(done.complaint))
        return _predictions(done.printed)


def _predictions(printed: str) -> Predictions:
    import numpy

    header, *rows = csv.reader(io.StringIO(printed))
    decided = [column for column, name in enumerate(header) if name == "label" or name.startswith("label_")]
    computed = [column for column in range(len(header)) if column not in decided]
    values = numpy.array([[float(row[column]) for column in computed] for row in rows]).reshape(len(rows), len(computed))
    labels: list[Any] | None = None
    if decided:
        columns = [_typed([row[column] for row in rows]) for column in decided]
        labels = columns[0] if len(columns) == 1 else [list(row) for row in zip(*columns)]
    return Predictions(labels, values, [header[column] for column in computed])


def _typed(labels: list[str]) -> list[Any]:
    try:
        return [int(label) for label in labels]
    except ValueError:
        return list(labels)
