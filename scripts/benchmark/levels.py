#!/usr/bin/env python3
"""What a sound level meter costs on a device: sound at 16 kHz, A-weighted, "fast", with the level, its maximum and the Leq
of each eighth of a second, in q31 and in float32.

    EMLC=build/release/cli/emlc scripts/benchmark/levels.py [TARGET...]

Instructions are those of a sample, of windows of 2000 samples with their features. Flash is with what the features call.
Levels are compared with those of `emlc features`, to the bit. Needs what scripts/bench needs.
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
RATE, HOP, HOPS = 16000, 2000, 8
NAMES = ("squares_leq", "fast_level", "fast_level_max")
PRELUDE = f"static m_state stream;\nstatic m_feature levels[{len(NAMES)}];\nstatic union {{ float f; int32_t i; }} bits;"
PUSH = f"m_push(&stream, features, {HOP})"
# The sum of all, so that none is left out.
CALLS = {"push alone": f"({PUSH}, 0)",
         "push and levels": f"({PUSH}, m_features(&stream, levels), bits.f = levels[0] + levels[1] + levels[2], bits.i)"}


def document(arithmetic, by=40):
    return {"format": "emlc-signal", "version": 1, "name": "m",
            "input": {"channels": ["x"], "dtype": "int16", "sample_rate": RATE, "calibration": {"level": 94, "rms": 1035}},
            "window": {"length": HOP, "hop": HOP},
            "signals": {"a": {"weighting": "x", "curve": "A", "arithmetic": arithmetic},
                        "squares": {"mean_square": "a", "by": by},
                        "fast": {"time_weighting": "squares", "seconds": 0.125}},
            "features": [{"of": "squares", "take": "leq"}, {"of": "fast", "take": ["level", "level_max"]}]}


def sound(seed=1):
    """A tone that rises, and noise that comes and goes."""
    t = np.arange(HOP * HOPS) / RATE
    noise = np.random.default_rng(seed).normal(0, 900, len(t)) * np.sin(2 * np.pi * 1.5 * t)**2
    return (9000 * np.sin(2 * np.pi * (200 + 3000 * t) * t) + noise).astype(np.int16)


def sums_of(folder, samples):
    """The levels of each window added up as the device does, as the bits of a float32."""
    np.save(folder / "sound.npy", samples.reshape(-1, 1))
    machines.execute([EMLC, "features", folder / "m.signal.json", "-q", "-i", folder / "sound.npy", "-o", folder / "X.npy"])
    table = np.load(folder / "X.npy").astype(np.float32)
    return ((table[:, 0] + table[:, 1]) + table[:, 2]).view(np.int32)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", default=["m0", "m4f"])
    options = parser.parse_args()
    samples = sound()
    rows = samples.reshape(-1, HOP)
    lines = [("meter", "", "target", "a sample", "flash", "RAM", "stack", "agreement")]
    with tempfile.TemporaryDirectory() as name:
        for arithmetic in ("q31", "float"):
            folder = pathlib.Path(name) / arithmetic
            folder.mkdir()
            (folder / "m.signal.json").write_text(json.dumps(document(arithmetic)))
            expected = sums_of(folder, samples)
            for index, (title, call) in enumerate(CALLS.items()):
                own = folder / str(index)
                own.mkdir()
                machines.execute([EMLC, "convert", folder / "m.signal.json", "-o", own / "m.h", "--name", "m", "--quiet"])
                for target in options.targets:
                    stream = hops.Stream("levels", PRELUDE, own, call, rows, expected.tolist() if index else [0] * len(rows))
                    found = measure.measure(stream, measure.TARGETS[target])
                    count = f"{found['count'] / HOP:.1f}" if "count" in found else found.get("note", "")
                    lines.append((arithmetic, title, measure.TARGETS[target].title, count, str(found["flash"]),
                                  str(found["ram"]), str(found.get("stack", "")), f"{100 * found.get('agreement', 0):.1f} %"))
    print(report.markdown(lines), end="")


if __name__ == "__main__":
    main()
