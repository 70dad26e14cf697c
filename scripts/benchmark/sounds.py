#!/usr/bin/env python3
"""Time of a Mel spectrogram over minutes of sound (16 kHz, 512 samples, 256 new ones, 32 bands), by `emlc features` and by
scipy and numpy, which take all windows at once. Both are processes from the command to the table on the disk; user time of
one core, the least of the runs.

    EMLC=build/release/cli/emlc scripts/benchmark/sounds.py [--minutes 60] [--runs N] [--scale power|log] [--arithmetic float|q15]
"""

import argparse
import json
import os
import pathlib
import sys
import tempfile

os.environ["OMP_NUM_THREADS"] = "1"
sys.dont_write_bytecode = True

import numpy as np  # noqa: E402
import scipy  # noqa: E402
import scipy.fft  # noqa: E402

from signals import seconds_of  # noqa: E402

RATE, LENGTH, HOP, BANDS, FLOOR = 16000, 512, 256, 32, 1e-10
AT_ONCE = 4096  # windows that scipy takes at once, which is faster than all


def document(scale, arithmetic):
    return {"format": "emlc-signal", "version": 1, "name": "sounds",
            "input": {"channels": ["x"], "dtype": "int16", "sample_rate": RATE}, "window": {"length": LENGTH, "hop": HOP},
            "features": [{"of": "x", "spectrum": {"n_fft": LENGTH} | ({"arithmetic": "q15"} if arithmetic == "q15" else {}),
                          "take": [{"mel": BANDS, "scale": scale}]}]}


def triangles():
    edges = 700 * (10**(np.linspace(0, 2595 * np.log10(1 + RATE / 2 / 700), BANDS + 2) / 2595) - 1)
    hertz = np.arange(LENGTH // 2 + 1) * RATE / LENGTH
    rises = (hertz - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falls = (edges[2:, None] - hertz) / np.diff(edges)[1:, None]
    return np.maximum(0, np.minimum(rises, falls)).astype(np.float32).T


def by_scipy(sound, table, scale):
    """As somebody would write it who wants it fast: float32, a real transform, a product with a matrix."""
    samples = np.load(sound)[:, 0]
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(LENGTH) / LENGTH)).astype(np.float32)
    weights = triangles() * np.float32(2 / (LENGTH * np.sum(window.astype(float)**2)))
    weights[[0, -1]] /= 2
    frames = np.lib.stride_tricks.sliding_window_view(samples, LENGTH)[::HOP]
    rows = np.empty((len(frames), BANDS), np.float32)
    for first in range(0, len(frames), AT_ONCE):
        spectrum = scipy.fft.rfft(frames[first:first + AT_ONCE] * window)
        power = spectrum.real**2 + spectrum.imag**2
        rows[first:first + AT_ONCE] = power @ weights
    np.save(table, rows if scale == "power" else np.log(np.maximum(rows, np.float32(FLOOR))))


def measure(arguments, folder):
    rng = np.random.default_rng(1)
    t = np.arange(int(arguments.minutes * 60 * RATE)) / RATE
    sound = (9000 * np.sin(2 * np.pi * (200 + 0.5 * t) * t) + rng.normal(0, 900, len(t))).astype(np.int16)
    np.save(folder / "sound.npy", sound.reshape(-1, 1))
    (folder / "sounds.signal.json").write_text(json.dumps(document(arguments.scale, arguments.arithmetic)))
    ours = [os.environ["EMLC"], "features", folder / "sounds.signal.json", "-q", "-i", folder / "sound.npy", "-o",
            folder / "ours.npy"]
    theirs = [sys.executable, __file__, "--scipy", folder / "sound.npy", "--table", folder / "theirs.npy", "--scale",
              arguments.scale]
    seconds = [min(seconds_of(command) for _ in range(arguments.runs)) for command in (ours, theirs)]
    rows, expected = np.load(folder / "ours.npy"), np.load(folder / "theirs.npy")
    off = np.abs(rows - expected) / np.maximum(np.abs(expected), np.mean(np.abs(expected)))
    print(f"{arguments.minutes:g} minutes, {len(rows)} windows; largest difference {off.max():.2g}")
    print(f"emlc {seconds[0]:.2f} s, scipy {scipy.__version__} {seconds[1]:.2f} s, {seconds[0] / seconds[1]:.2f} of it")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--scale", choices=("power", "log"), default="power")
    parser.add_argument("--arithmetic", choices=("float", "q15"), default="float")
    parser.add_argument("--scipy", help="do the work with scipy on this recording")
    parser.add_argument("--table", help="and write it there")
    arguments = parser.parse_args()
    if arguments.scipy:
        return by_scipy(arguments.scipy, arguments.table, arguments.scale)
    with tempfile.TemporaryDirectory() as folder:
        measure(arguments, pathlib.Path(folder))


if __name__ == "__main__":
    main()
