"""`emlc verify`: does an artifact answer as the model does?"""

from __future__ import annotations

import dataclasses
import json
import os
from typing import Any

from . import page
from .files import files
from .program import Error, call, options, sentence


@dataclasses.dataclass(frozen=True)
class Comparison:
    """What was tried of one set of inputs."""

    inputs: str
    """where they are from: test vectors, around thresholds, drawn, a file"""
    tried: int
    same_decision: int | None
    """None where the model does not decide"""
    largest_difference: float | None
    """of one output value; None: it is not finite"""


@dataclasses.dataclass(frozen=True)
class Verified:
    """What was found."""

    is_faithful: bool
    """Does every answer keep to the bound that the model declares?"""
    is_proved: bool
    """Was that proved for every input, not only measured?"""
    proof: str | None
    """what was proved, or why it was not; None where nothing is read back"""
    comparisons: list[Comparison]
    """with the model after its approximate passes"""
    against_trained: list[Comparison] | None
    """with the model as it was trained, where approximate passes changed it"""
    problems: list[str]
    """the first input of each set with another answer"""
    findings: dict[str, Any]
    """all of it, as docs/schemas/emlc.verify.schema.json says"""

    def __bool__(self) -> bool:
        return self.is_faithful

    def _repr_html_(self) -> str:
        return page.verified(self)


def verify(model: str | os.PathLike[str], artifact: str | os.PathLike[str], *, X: Any = None, labels: Any = None,
           **keywords: Any) -> Verified:
    """Compares what convert wrote with the model, and proves it where that can be done.

    model     path of the model that the artifact was made of
    artifact  path of a .h, .hpp, .csv, .tmdl, .c or .py
    X         more rows [n][features] to compare on, or the path of a CSV or NPY
    labels    the true label of each row of X
    keywords  options of `emlc verify`; a header brings the options that it was made with

    Raises Error with the program's sentence where something cannot be read.
    """
    with files() as made:
        given = dict(keywords, input=made.table(X, "X"), labels=made.table(labels, "labels"))
        done = call(["verify", made.model(model), os.fspath(artifact), "--json", "-q", *options(given)], made.renamed)
        if not done.printed:
            raise Error(sentence(done.complaint))
        return _verified(json.loads(done.printed))


def _verified(found: dict[str, Any]) -> Verified:
    proof = found.get("proof", {})
    trained = found.get("against_trained")
    return Verified(found["faithful"], proof.get("verdict") == "proved", proof.get("text"),
                    [_comparison(row) for row in found["comparisons"]],
                    None if trained is None else [_comparison(row) for row in trained], found["problems"], found)


def _comparison(row: dict[str, Any]) -> Comparison:
    return Comparison(row["inputs"], row["tried"], row.get("same_decision"), row["largest_difference"])
