"""`emlc fit`: the options with which a model takes least."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
from typing import Any

from . import page
from .artifact import Parts
from .files import TABLES, files
from .program import Error, call, options, sentence


@dataclasses.dataclass(frozen=True)
class Measured:
    """How good a point is on one half of the rows."""

    n: int
    """rows, or blocks of a filter's signal"""
    trained: float
    """the measure, of the trained model: accuracy, agreement and R2 are 1 at best"""
    device: float
    """the same of what a device answers"""
    loss: float
    """trained - device; below 0 where the device is better"""
    lowest: float
    """of the interval of 95 % around the loss"""
    highest: float


@dataclasses.dataclass(frozen=True)
class Point:
    """A model that the search made, and what it costs."""

    flash: int
    """bytes in flash; with targets on the one that takes most"""
    ram: int
    """bytes, found in the same way"""
    comparisons: float | None
    """of trees, in the worst case; None of other models"""
    operations: float | None
    """of one input, on average"""
    targets: dict[str, Parts]
    search: Measured
    """on the half that options were chosen on"""
    validation: Measured
    """on the half that was asked at the end alone"""
    meets: bool
    """Does it keep to the budgets and to max_loss, on both halves?"""
    command: str
    sha256: str
    """of what the command writes"""
    options: dict[str, Any] = dataclasses.field(repr=False, compare=False)
    """for convert(model, output, **options), which makes this point again, byte for byte"""


@dataclasses.dataclass(frozen=True)
class Fitted:
    """What the search found; true where a point meets the budgets and the loss."""

    path: pathlib.Path | None
    """what was written: the chosen point; None where no output was asked for, or nothing meets what was asked"""
    measure: str
    """what a loss is one of: accuracy (of labels), agreement (with the trained model), R2, fidelity (of a filter)"""
    points: list[Point]
    """the front and the defaults, by rising objective"""
    chosen: Point | None
    nearest: Point
    """the chosen one, else the one that misses what was asked by the least"""
    trials: int
    ending: str
    """why the search stopped: complete, trials, seconds, interrupted"""
    warnings: list[str]
    findings: dict[str, Any]
    """all of it, as docs/schemas/emlc.fit.schema.json says"""

    def __bool__(self) -> bool:
        return self.chosen is not None

    def _repr_html_(self) -> str:
        return page.fitted(self)


def fit(model: Any, output: str | os.PathLike[str] | None = None, *, data: Any, labels: Any = None, X: Any = None,
        export: dict[str, Any] | None = None, **keywords: Any) -> Fitted:
    """Searches the options of convert() for the model that takes least, and writes it to `output` if one is named.

    model     path of a model, or a fitted estimator
    output    path of a .h, .hpp, .csv, .tmdl, .c or .py; None: only search
    data      rows [n][features] that the model was not trained on, or the path of a CSV or NPY: half of them to search
              on, half to validate
    labels    the true label of each row of `data`; without them the loss is the share of changed decisions
    X         of an estimator: rows [n][features] for its test vectors; default: `data` where that is an array
    export    what else export() takes, for an estimator
    keywords  options of `emlc fit`: max_flash="4KiB" (bytes, or with a unit), max_ram=512, max_loss="1%" (or 0.01, a
              share), target="cortex-m0plus", trials=100, seconds=10, ...

    That no point meets what was asked is no error: the result is false then, and nothing is written. Raises Error with
    the program's sentence where it refuses.
    """
    with files() as made:
        is_file = isinstance(model, (str, os.PathLike))
        if X is None and not is_file and not isinstance(data, (str, os.PathLike)):
            X = data
        source = made.model(model, X, **(export or {}))
        given = dict(keywords, data=data, labels=labels)
        written = [] if output is None else ["-o", os.fspath(output)]
        done = call(["fit", source, "--json", "-q", *written, *options(made.tables(given))], made.renamed)
        if not done.printed:
            raise Error(sentence(done.complaint))
        return _fitted(output, json.loads(done.printed), done.complaint, dict(given, data_labels=labels))


def _fitted(output: Any, found: dict[str, Any], complaint: str, given: dict[str, Any]) -> Fitted:
    """`given` are the tables that the options of a point name."""
    points = [_point(row, given) for row in found["points"]]
    chosen = None if found["chosen"] is None else points[found["chosen"]]
    start = "emlc: warning: "
    warnings = [line[len(start):] for line in complaint.splitlines() if line.startswith(start)]
    path = None if output is None or chosen is None else pathlib.Path(output)
    return Fitted(path, found["goal"]["measure"], points, chosen, points[found["nearest"]], found["trials"],
                  found["ending"], warnings, found)


def _point(row: dict[str, Any], given: dict[str, Any]) -> Point:
    targets = {at["target"]: Parts(at["flash"], at["ram"], None, at["source"], None) for at in row["targets"]}
    named = {name.replace("-", "_"): value for name, value in row["options"].items()}
    named.update((name, given[name]) for name in TABLES if name in named)
    halves = Measured(**row["search"]), Measured(**row["validation"])
    return Point(int(row["flash"]), int(row["ram"]), row["comparisons"], row["operations"], targets, *halves,
                 row["meets"], row["command"], row["sha256"], named)
