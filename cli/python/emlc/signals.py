"""The exporter's functions, with the program of this package."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import emlc_export

from . import page
from .program import Error, path

if TYPE_CHECKING:
    import numpy

_exporter: Any = emlc_export  # has no annotations of types


class Window(NamedTuple):
    """Where a row of features comes from."""

    recording: str | int
    """the path of the file; of an array its place among the recordings"""
    first_frame: int
    label: str | None = None


class Features(NamedTuple):
    """What the device will see of recordings, to the bit."""

    values: numpy.ndarray[Any, Any]
    """[windows][features] of int32, float32 or float64, exact in any case"""
    names: list[str]
    """[features]"""
    index: list[Window]  # type: ignore[assignment]  # as the exporter calls it, over the method of tuples
    """[windows]"""

    def _repr_html_(self) -> str:
        return page.featured(self)


def features(document: Any, recordings: Any, *, labels: str | None = None, allow_truncated: bool = False,
             gaps: str = "refuse", program: str | os.PathLike[str] | None = None) -> Features:
    """The features of every complete window of recordings.

    document         a signal document (docs/signals.md): a path or a dict
    recordings       a path, a pattern as 'data/*.npy', an array [frames][channels], or a list of these
    labels           a regular expression for the names of files; its first group is the label of all their windows
    allow_truncated  uses recordings that are cut short as far as they go; without it they are refused by name
    gaps             'refuse', or 'restart' to begin anew behind frames that are missing
    program          default: the one of this package

    Split by `recording`, never by window: windows overlap. Raises Error with the program's sentence.
    """
    try:
        table = _exporter.features(document, recordings, labels=labels, allow_truncated=allow_truncated, gaps=gaps,
                                   program=os.fspath(program or path()))
    except Error:
        raise
    except ValueError as refused:
        raise Error(str(refused)) from refused
    return Features(table.values, table.names, [Window(*row) for row in table.index])


def export(estimator: Any, X: Any = None, file: Any = None, **keywords: Any) -> dict[str, Any]:
    if keywords.get("signal") is not None and keywords.get("program") is None:
        keywords["program"] = path()
    try:
        document: dict[str, Any] = _exporter.export(estimator, X, file, **keywords)
    except Error:
        raise
    except ValueError as refused:
        raise Error(str(refused)) from refused
    return document


export.__doc__ = _exporter.export.__doc__
