"""`emlc convert`: a model as what a device takes."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
from typing import Any

from . import page
from .files import files, library_of
from .program import Error, OverBudget, call, options, sentence


@dataclasses.dataclass(frozen=True)
class Parts:
    """Bytes on a target."""

    flash: int | None
    ram: int | None
    stack: int | None
    source: str | None
    """`estimate`, or `measured` with the target's compiler; None where nothing is known"""
    problem: str | None
    """why something is not known"""


@dataclasses.dataclass(frozen=True)
class Converted:
    """What was written, and what it costs."""

    path: pathlib.Path
    output: str
    """what was written: c, cpp, csv, tmdl, tmdl-c or py"""
    flash: int | None
    """bytes; None where only a target's compiler can tell"""
    ram: int | None
    targets: dict[str, Parts]
    accuracy: float | None
    """on the device, of 1, where `labels` were given to a classifier of one target"""
    trained_accuracy: float | None
    changed_decisions: float | None
    """by approximate passes, of 1; None where there was none"""
    warnings: list[str]
    summary: dict[str, Any]
    """all of it, as docs/schemas/emlc.summary.schema.json says"""

    def _repr_html_(self) -> str:
        return page.converted(self)


def convert(model: Any, output: str | os.PathLike[str], *, X: Any = None, data: Any = None, labels: Any = None,
            export: dict[str, Any] | None = None, **keywords: Any) -> Converted:
    """Writes `output` (.h, .hpp, .csv, .tmdl, .c with a blob, .py) and returns what it costs.

    model     path of a model, or a fitted estimator, a network or a pipeline; also one of XGBoost, LightGBM or CatBoost
    X         of an estimator: rows [n][features]; some become its test vectors. Of a model that has none, `data`
    data      rows that approximate passes measure and calibrate on; default: the test vectors
    labels    the true label of each row of `data`
    export    what else export() takes, for an estimator: {"name": "digits", "dtype": "uint8"}
    keywords  options of `emlc convert`: voting="hard", leaf_bits=8, target="cortex-m0plus", max_flash="8KiB", ...

    Raises OverBudget where it takes more than a budget allows, Error with the program's sentence where it refuses;
    nothing is written then.
    """
    with files() as made:
        source = made.model(model, X, **(export or {}))
        if data is None and (labels is not None or library_of(model)):
            data = X
        given = made.tables(dict(keywords, data=data, labels=labels))
        report = made.folder / "summary.json"
        done = call(["convert", source, "-o", os.fspath(output), "-q", "--summary", str(report), *options(given)],
                    made.renamed)
        if done.status != 0:
            raise OverBudget(sentence(done.complaint))
        return _converted(pathlib.Path(output), json.loads(report.read_text(encoding="utf-8")))


def _converted(output: pathlib.Path, summary: dict[str, Any]) -> Converted:
    targets = {name: Parts(*map(parts.get, ("flash", "ram", "stack", "source", "problem")))
               for name, parts in summary.get("targets", {}).items()}
    labels, error = summary.get("labels", {}), summary.get("error") or {}
    return Converted(output, summary["output"], summary.get("flash"), summary.get("ram"), targets,
                     labels.get("device", {}).get("accuracy"), labels.get("trained", {}).get("accuracy"),
                     error.get("changed_decisions"), summary.get("warnings", []), summary)
