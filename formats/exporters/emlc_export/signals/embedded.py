"""A model document with the signals in front of the model, and raw windows as test vectors."""

import glob
import os
import tempfile

from . import decisions
from .table import Described, as_frames, as_list, features

# Enough to notice what is wrong, and little enough for a document that people open.
MOST_SLICES, WINDOWS_OF_SLICE, MOST_NUMBERS = 4, 3, 20000


class Signal:
    """A signal document with the recordings that a model is exported with."""

    def __init__(self, document, recordings, program):
        with tempfile.TemporaryDirectory() as folder:
            self.described = Described(document, folder, program)
        self.document, self.program = document, program
        self.slices = [] if recordings is None else self._slices(recordings)
        self.table = features(self.described.content, self.slices, program=program) if self.slices else None

    def check_names(self, n_features, names):
        own = self.described.names
        if n_features != len(own):
            raise ValueError("the estimator takes %d features, the signal document makes %d" % (n_features, len(own)))
        if names is not None and [str(name) for name in names] != own:
            place = next(i for i, (a, b) in enumerate(zip(names, own)) if str(a) != b)
            raise ValueError("feature %d is %r, in the signal document it is %r" % (place, str(names[place]), own[place]))

    def _slices(self, recordings):
        """Stretches from the middle of a few recordings."""
        window, channels = self.described.facts["window"], self.described.facts["input"]["channels"]
        n_windows = WINDOWS_OF_SLICE
        while n_windows > 1 and (window["length"] + (n_windows - 1) * window["hop"]) * len(channels) > MOST_NUMBERS // 2:
            n_windows -= 1
        arrays = [array for array in self._arrays(recordings) if len(array) >= window["length"]]
        if not arrays:
            raise ValueError("no recording has a complete window, which takes %d frames" % window["length"])
        n_numbers = (window["length"] + (n_windows - 1) * window["hop"]) * len(channels)
        n_slices = max(1, min(MOST_SLICES, len(arrays), MOST_NUMBERS // n_numbers))
        chosen = [arrays[(2 * i + 1) * len(arrays) // (2 * n_slices)] for i in range(n_slices)]
        return [self._stretch(array, n_windows) for array in chosen]

    def _stretch(self, array, n_windows):
        window = self.described.facts["window"]
        n_windows = min(n_windows, (len(array) - window["length"]) // window["hop"] + 1)
        n_frames = window["length"] + (n_windows - 1) * window["hop"]
        first = (len(array) - n_frames) // 2
        return array[first:first + n_frames]

    def _arrays(self, recordings):
        import numpy

        dtype = self.described.facts["input"]["type"]
        for place, recording in enumerate(as_list(recordings)):
            if not isinstance(recording, (str, os.PathLike)):
                yield as_frames(recording, dtype, "recordings[%d]" % place)
                continue
            pattern = os.fspath(recording)
            paths = [pattern] if os.path.exists(pattern) else sorted(glob.glob(pattern))
            if not paths:
                raise ValueError("no file matches %r" % pattern)
            for path in paths:
                try:
                    yield as_frames(numpy.load(path), dtype, path)
                except (ValueError, EOFError) as wrong:
                    raise ValueError("%s: %s; give export() whole recordings as NPY, or arrays" % (path, wrong)) from None

    def vectors(self, answer, output, decision):
        """`test_vectors.recordings`. `answer(X)` gives outputs, and class indices and labels where the model decides."""
        window, rate = self.described.facts["window"], self.described.facts["input"]["sample_rate"]
        outputs, classes, labels = answer(self.table.values)
        vectors = []
        for place, frames in enumerate(self.slices):
            rows = [i for i, row in enumerate(self.table.index) if row.recording == place]
            vector = {"frames": [[_number(value, frames.dtype != "float32") for value in frame] for frame in frames],
                      "features": [[_number(value, is_integer) for value, is_integer
                                    in zip(self.table.values[i], self.described.integers)] for i in rows],
                      "predictions": [labels[i] if labels else outputs[i] for i in rows]}
            if decision is not None:
                votes = decisions.votes(decision, output, [outputs[i] for i in rows], [classes[i] for i in rows])
                names = output["targets"][0].get("class_names") or list(range(_n_classes(output)))
                if votes is not None:
                    settled = decisions.Filter(decision, len(names), window["hop"], rate)
                    made = [settled.take(vote) for vote in votes]
                    vector["decisions"] = [None if index == decisions.NONE else names[index] for index in made]
            vectors.append(vector)
        return vectors


def _n_classes(output):
    size = output["targets"][0]["size"]
    return size if output["decision"]["rule"] == "argmax" else 2


def _number(value, is_integer):
    """An integer, or the shortest decimal that is the same float32."""
    import numpy

    return int(value) if is_integer else float(str(numpy.float32(value)))
