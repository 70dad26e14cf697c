#!/usr/bin/env python3
"""What a Mel spectrogram costs on a device: a header that takes 256 new samples of sound at 16 kHz and makes 32 Mel bands of
the last 512, in float32 or in integers.

    EMLC=build/release/cli/emlc scripts/benchmark/spectra.py [TARGET...] [--arithmetic float|q15]

`push` is what becomes of the samples alone. Flash is with all tables, without the model behind the features. Bands are
compared with those of `emlc features`, to the bit. Needs what scripts/bench needs.
"""

import argparse
import json
import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "scripts")]

import numpy as np  # noqa: E402

from benchmark import hops, measure, report  # noqa: E402
from devices import machines  # noqa: E402

EMLC = os.path.abspath(os.environ.get("EMLC", ROOT / "build/release/cli/emlc"))
RATE, LENGTH, HOP, BANDS, HOPS = 16000, 512, 256, 32, 40
DOCUMENT = {"format": "emlc-signal", "version": 1, "name": "m",
            "input": {"channels": ["x"], "dtype": "int16", "sample_rate": RATE}, "window": {"length": LENGTH, "hop": HOP},
            "features": [{"of": "x", "spectrum": {"n_fft": LENGTH}, "take": {"mel": BANDS}}]}
PRELUDE = f"static m_state stream;\nstatic m_feature bands[{BANDS}];\nstatic union {{ float f; int32_t i; }} bits;"
PUSH = f"m_push(&stream, features, {HOP})"
# The sum of all, so that none is left out; 0 where the window is not complete.
CALLS = {"push alone": f"({PUSH}, 0)",
         "push and bands": f"({PUSH}, bits.f = 0, m_features(&stream, bands) ? (bits.f = bands[{BANDS - 1}], bits.i) : 0)"}


def sound(seed=1):
    """A tone that rises, and noise."""
    t = np.arange(HOP * HOPS) / RATE
    x = 9000 * np.sin(2 * np.pi * (200 + 3000 * t) * t) + np.random.default_rng(seed).normal(0, 900, len(t))
    return x.astype(np.int16)


def model():
    names = [f"x_mel_{index}" for index in range(BANDS)]
    tree = {"feature": [0, -1, -1], "threshold": [1e6, 0, 0], "left": [1, -1, -1], "right": [2, -1, -1],
            "value": [None, 0, 1]}
    return {"format": "emlc-model", "version": 1, "name": "m",
            "input": {"n_features": BANDS, "dtype": "float32", "feature_names": names},
            "output": {"task": "regression", "n_outputs": 1}, "signal": DOCUMENT,
            "model": {"kind": "tree_ensemble", "compare": "<=", "leaf": "scalar", "aggregate": "sum", "trees": [tree]}}


def bands_of(folder, samples, arithmetic):
    """The last Mel band of each window, as the bits of its float32."""
    (folder / "m.signal.json").write_text(json.dumps(DOCUMENT))
    np.save(folder / "sound.npy", samples.reshape(-1, 1))
    machines.execute([EMLC, "features", folder / "m.signal.json", "-q", "-i", folder / "sound.npy", "-o", folder / "X.npy",
                      "--arithmetic", arithmetic])
    return np.load(folder / "X.npy")[:, -1].copy().view(np.int32)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", default=["m4f"])
    parser.add_argument("--arithmetic", choices=("float", "q15"), default="float")
    options = parser.parse_args()
    samples = sound()
    lines = [("a hop of 256 samples", "target", "instructions", "flash", "RAM", "stack", "agreement")]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        expected = [0, *bands_of(folder, samples, options.arithmetic)]  # the first hop completes no window
        (folder / "m.json").write_text(json.dumps(model()))
        for index, (title, call) in enumerate(CALLS.items()):
            own = folder / str(index)
            own.mkdir()
            machines.execute([EMLC, "convert", folder / "m.json", "-o", own / "m.h", "--name", "m", "--quiet",
                              "--arithmetic", options.arithmetic])
            for target in options.targets:
                rows = samples.reshape(-1, HOP)
                stream = hops.Stream("spectra", PRELUDE, own, call, rows, expected if index else [0] * len(rows))
                found = measure.measure(stream, measure.TARGETS[target])
                count = f"{found['count']:,.0f}".replace(",", " ") if "count" in found else found.get("note", "")
                lines.append((title, measure.TARGETS[target].title, count, str(found["flash"]), str(found["ram"]),
                              str(found.get("stack", "")), f"{100 * found.get('agreement', 0):.1f} %"))
    print(report.markdown(lines), end="")


if __name__ == "__main__":
    main()
