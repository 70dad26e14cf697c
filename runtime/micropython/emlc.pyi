"""Models of emlc on MicroPython: trees, networks, filters, signals, and the level of a sound. See docs/micropython.md.

Values are arrays of b, B, h, H, i or f, bytes, bytearrays, memoryviews of them, and ulab's arrays of these types. What does not
fit raises TypeError or ValueError with a sentence, and too little memory MemoryError. Nothing is allocated after open and
load_csv but the floats that Python makes of numbers."""

from array import array
from typing import Any, Protocol, Sequence

Values = array[Any] | bytes | bytearray | memoryview

class _Lines(Protocol):
    def readline(self) -> str | bytes: ...

class Model:
    """A checked model; one at a time may use it: it has one set of working arrays."""

    n_features: int
    """Values of an input; 1 of a filter."""
    n_outputs: int
    class_names: Sequence[str] | None
    """As given to open or load_csv."""

    def predict(self, x: Values, target: int = 0) -> int | float:
        """The class of one target, an index from 0; of a model without a decision (a regression, say) output `target`."""

    def predict_proba(self, x: Values, out: array[float] | memoryview) -> array[float] | memoryview:
        """All outputs, after softmax or post-transform, into an array of f with n_outputs values. Returns out."""

    def filter(self, samples: array[Any] | memoryview) -> None:
        """Filters samples in place and keeps the state: h, for a filter in 32-bit integers also i, for one in float also f.
        Samples of h saturate; those of a filter in float are rounded."""

    def push(self, samples: array[Any] | memoryview) -> int | float | None:
        """Samples of a sensor, frame by frame, into a model with a signal (a module that was built with EMLC_SIGNALS=1): what
        is decided behind the last window that they complete, -1 for no class; None where they complete none. Of a model without
        a decision the first output."""

    def reset(self) -> None:
        """The filter, or the stream of samples, begins anew."""

    def info(self) -> dict[str, int | str]:
        """kind, n_features, n_outputs, n_targets, n_layers, and ram: the bytes that the model takes beside its blob."""

class Level:
    """A sound level meter: frequency weighting A, C or Z, exponential time weighting.

    sample_rate: 4000 to 400000 Hz; time: the time constant in seconds, 0.125 is `fast`, 1 `slow`."""

    def __init__(self, sample_rate: float, weighting: str = "A", time: float = 0.125) -> None: ...
    def add(self, samples: array[Any] | memoryview) -> None:
        """Samples of h, i or f, whose full scale is 2^15, 2^31 and 1. They stay as they are."""

    def decibel(self) -> float:
        """The level now, relative to a square wave of full scale: a sine of full scale at 1 kHz has -3.01, silence -200."""

    def reset(self) -> None:
        """Begins anew."""

def open(blob: bytes | memoryview, class_names: Sequence[str] | None = None) -> Model:
    """A model of a .tmdl blob, which is checked in full. Bytes at a multiple of 8 stay where they are, and are kept; of what
    can be written to, or lies elsewhere, a copy is made."""

def load_csv(file: _Lines, class_names: Sequence[str] | None = None) -> Model:
    """Trees of emlearn's loadable CSV, read line by line. Features are int16."""
