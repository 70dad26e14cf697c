"""The exporter's functions, with the program of this package."""

from __future__ import annotations

import functools
from typing import Any

import emlc_export

from .program import path

_exporter: Any = emlc_export  # has no annotations of types


@functools.wraps(_exporter.export)
def export(*arguments: Any, **keywords: Any) -> Any:
    if keywords.get("signal") is not None and keywords.get("program") is None:
        keywords["program"] = path()
    return _exporter.export(*arguments, **keywords)


@functools.wraps(_exporter.features)
def features(*arguments: Any, **keywords: Any) -> Any:
    if keywords.get("program") is None:
        keywords["program"] = path()
    return _exporter.features(*arguments, **keywords)
