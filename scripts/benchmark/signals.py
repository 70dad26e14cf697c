#!/usr/bin/env python3
"""Time of the 82 features of har.signal.json over a folder of recordings: `emlc features`, one process from the command to
the table on the disk, against numpy, the arrays loaded already and all windows of a recording at once.

    EMLC=build/release/cli/emlc scripts/benchmark/signals.py FOLDER [--runs N]

User time of one core, the least of the runs.
"""

import argparse
import os
import pathlib
import resource
import subprocess
import tempfile
import time

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "tests/data/signals/har.signal.json"
LENGTH, HOP = 128, 64


def difference(x):
    return np.diff(x, prepend=x[:1])


def statistics(x, names):
    """Of all windows at once, as somebody would write it with numpy."""
    windows = np.lib.stride_tricks.sliding_window_view(x, LENGTH)[::HOP]
    ordered = np.sort(windows, axis=1)
    quarter = {"q25": ordered[:, LENGTH // 4], "q75": ordered[:, 3 * LENGTH // 4]}
    take = {"mean": lambda: windows.mean(axis=1), "max": lambda: ordered[:, -1], "min": lambda: ordered[:, 0],
            "median": lambda: ordered[:, LENGTH // 2], "q25": lambda: quarter["q25"], "q75": lambda: quarter["q75"],
            "iqr": lambda: quarter["q75"] - quarter["q25"], "std": lambda: windows.std(axis=1),
            "rms": lambda: np.sqrt(np.mean(np.square(windows, dtype=float), axis=1))}
    return [take[name]() for name in names]


def features(frames):
    x = frames.astype(np.int64)
    last = np.concatenate([x[:1], x[:-1]]), np.concatenate([x[:1], x[:1], x[:-2]])
    m = np.median(np.stack([x, *last]), axis=0).astype(np.int64)
    jerk = np.stack([difference(m[:, i]) for i in range(3)], axis=1)
    l1, sq = np.abs(m).sum(axis=1), np.square(m).sum(axis=1)
    nine = ["mean", "max", "min", "median", "q25", "q75", "iqr", "rms", "std"]
    seven = ["mean", "min", "max", "median", "iqr", "rms", "std"]
    columns = []
    for group in (m, jerk):
        for axis in range(3):
            columns += statistics(group[:, axis], nine)
    for signal in (l1, sq, difference(l1), difference(sq)):
        columns += statistics(signal, seven)
    return np.stack(columns, axis=1)


def user_seconds(who, work):
    before, start = resource.getrusage(who).ru_utime, time.perf_counter()
    work()
    return resource.getrusage(who).ru_utime - before, time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    arrays, paths = [], []
    for path in sorted(arguments.folder.glob("*.npy")):
        try:
            arrays.append(np.load(path))
            paths.append(str(path))
        except (ValueError, EOFError):
            continue  # cut short
    long = [array for array in arrays if len(array) >= LENGTH]
    with tempfile.TemporaryDirectory() as folder:
        table = os.path.join(folder, "X.npy")
        command = [os.environ["EMLC"], "features", str(DOCUMENT), "-q", "-o", table]
        for path in paths:
            command += ["-i", path]
        run = lambda: subprocess.run(command, check=True)  # noqa: E731
        ours = min(user_seconds(resource.RUSAGE_CHILDREN, run) for _ in range(arguments.runs))
        theirs = min(user_seconds(resource.RUSAGE_SELF, lambda: [features(a) for a in long]) for _ in range(arguments.runs))
        rows = np.load(table)
        off = np.abs(np.concatenate([features(a) for a in long]) - rows) / np.maximum(np.abs(rows), 1.0)
    print(f"{len(paths)} recordings, {len(rows)} windows, largest relative difference {off.max():.2g}")
    print(f"numpy {np.__version__}: {1e3 * theirs[0]:.1f} ms of user time, {1e3 * theirs[1]:.1f} ms in all")
    print(f"emlc features: {1e3 * ours[0]:.1f} ms of user time, {1e3 * ours[1]:.1f} ms in all")
    print(f"1/{theirs[0] / ours[0]:.1f} of numpy's user time")


if __name__ == "__main__":
    main()
