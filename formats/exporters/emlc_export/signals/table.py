"""The table of features that `emlc features` makes of recordings."""

import csv
import json
import os
import tempfile
from typing import NamedTuple, Optional, Union

from . import program as emlc

# Command lines have an end; a table is made of parts of so many recordings.
AT_ONCE = 1000


class Row(NamedTuple):
    """Where a row of features comes from."""
    recording: Union[str, int]  # the path of the file; of an array its place among the recordings
    first_frame: int
    label: Optional[str] = None


class Table(NamedTuple):
    """`values` is an array [n_windows][n_features] of int32, float32 or float64, exact in any case; `names` are those of its
    columns, `index` has a Row for each of its rows."""
    values: "numpy.ndarray"  # noqa: F821, the package imports without numpy
    names: list
    index: list


def features(document, recordings, *, labels=None, allow_truncated=False, gaps="refuse", program=None):
    """The features of every complete window of recordings, by the program `emlc features`: what a device will see, bit for
    bit. Returns a Table.

    document         a signal document (docs/signals.md): a path or a dict
    recordings       a path, a pattern as 'data/*.npy', an array [frames][channels], or a list of these
    labels           a regular expression for the names of files; its first group is the label of all their rows
    allow_truncated  use recordings that are cut short as far as they go; without it they are refused by name
    gaps             'refuse', or 'restart' to begin anew behind frames that are missing
    program          path of the program; default: the variable EMLC, else `emlc` on the PATH

    Split rows by `recording`, never by row: windows overlap. Raises ValueError with the sentence of the program.
    """
    with tempfile.TemporaryDirectory() as folder:
        return _table(Described(document, folder, program), recordings, folder, labels, allow_truncated, gaps)


class Described:
    """A signal document and what the program says of it."""

    def __init__(self, document, folder, program):
        self.program, self.renamed = program, []
        if isinstance(document, dict):
            self.path, self.content = os.path.join(folder, "document.signal.json"), document
            with open(self.path, "w", encoding="utf-8") as stream:
                json.dump(document, stream)
            self.renamed = [(self.path, "the signal document")]
        else:
            self.path = os.fspath(document)
        self.facts = emlc.inspected(program, self.path, self.renamed)
        if self.facts.get("format") != "emlc-signal":
            raise ValueError("%s is no signal document: its format is %s" % (self.path, self.facts.get("format")))
        if not isinstance(document, dict):
            with open(self.path, encoding="utf-8") as stream:
                self.content = json.load(stream)

    @property
    def names(self):
        return [feature["name"] for feature in self.facts["features"]]

    @property
    def integers(self):
        """Of each feature: is it an integer?"""
        return [feature["type"] != "float32" for feature in self.facts["features"]]


def as_list(recordings):
    """The recordings one by one."""
    if isinstance(recordings, (str, os.PathLike)) or getattr(recordings, "ndim", 0) == 2:
        return [recordings]
    return list(recordings)


def as_frames(recording, dtype, name):
    """An array [frames][channels] in the type of the document's channels; refuses what would change a sample."""
    import numpy

    given = numpy.asarray(recording)
    if given.ndim != 2:
        raise ValueError("%s has the shape %s, expected [frames][channels]" % (name, given.shape))
    if given.dtype == dtype:
        return given
    frames = given.astype(dtype) if given.dtype.kind in ("iu" if dtype != "float32" else "iuf") else None
    if frames is None or (dtype != "float32" and (frames != given).any()):
        raise ValueError("%s is an array of %s with samples that are no %s" % (name, given.dtype, dtype))
    return frames


def _table(described, recordings, folder, labels, allow_truncated, gaps):
    import numpy

    given = as_list(recordings)
    if not given:
        raise ValueError("recordings is empty")
    paths, places = [], {}
    for place, recording in enumerate(given):
        if isinstance(recording, (str, os.PathLike)):
            paths.append(os.fspath(recording))
            continue
        name = "recordings[%d]" % place
        path = os.path.join(folder, "%d.npy" % place)
        numpy.save(path, as_frames(recording, described.facts["input"]["type"], name))
        paths.append(path)
        places[path] = place
    renamed = described.renamed + [(path, "recordings[%d]" % place) for path, place in places.items()]
    options = ["--gaps", gaps, *(["--allow-truncated"] if allow_truncated else []),
               *(["--labels-from-name", labels] if labels else [])]
    parts, index = [], []
    for first in range(0, len(paths), AT_ONCE):
        values, rows = _part(described, paths[first:first + AT_ONCE], folder, options, renamed)
        parts.append(values)
        index += [Row(places.get(row["file"], row["file"]), int(row["first_frame"]), row.get("label")) for row in rows]
    return Table(numpy.concatenate(parts), described.names, index)


def _part(described, paths, folder, options, renamed):
    import numpy

    table, rows = os.path.join(folder, "X.npy"), os.path.join(folder, "rows.csv")
    inputs = [word for path in paths for word in ("-i", path)]
    emlc.run(described.program, ["features", described.path, "-q", *options, *inputs, "-o", table, "--index", rows], renamed)
    with open(rows, encoding="utf-8", newline="") as stream:
        return numpy.load(table), list(csv.DictReader(stream))
