#!/usr/bin/env python3
"""Time of the 82 features of har.signal.json over a folder of recordings, by `emlc features` and by numpy, which takes all
windows of a recording at once. Both are processes from the command to the table on the disk; user time of one core, the
least of the runs. `a pass more` is without what a process takes to begin.

    EMLC=build/release/cli/emlc scripts/benchmark/signals.py FOLDER [--runs N]
"""

import argparse
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "tests/data/signals/har.signal.json"
LENGTH, HOP = 128, 64
PASSES = 11


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


def load(folder):
    """Arrays and paths of the recordings that are whole."""
    arrays, paths = [], []
    for path in sorted(folder.glob("*.npy")):
        try:
            arrays.append(np.load(path))
            paths.append(str(path))
        except (ValueError, EOFError):
            continue  # cut short
    return [array for array in arrays if len(array) >= LENGTH], paths


def by_numpy(folder, table, times):
    """The whole job, `times` times over."""
    arrays, _ = load(folder)
    np.save(table, np.concatenate([features(array) for _ in range(times) for array in arrays]))


def seconds_of(command):
    """Of the processor, in user mode."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(command, check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def measure(arguments, folder):
    """Least user seconds of numpy and of emlc, for one pass and for each of many."""
    _, paths = load(arguments.folder)
    ours, theirs = {}, {}
    for times in (1, PASSES):
        command = [os.environ["EMLC"], "features", str(DOCUMENT), "-q", "-o", f"{folder}/ours.npy"]
        for path in paths * times:
            command += ["-i", path]
        numpys = [sys.executable, __file__, str(arguments.folder), "--numpy", f"{folder}/numpy.npy", "--times", str(times)]
        ours[times] = min(seconds_of(command) for _ in range(arguments.runs))
        theirs[times] = min(seconds_of(numpys) for _ in range(arguments.runs))
    off = np.abs(np.load(f"{folder}/numpy.npy") - np.load(f"{folder}/ours.npy"))
    print(f"{len(paths)} recordings; largest difference {(off / np.maximum(np.abs(np.load(f'{folder}/ours.npy')), 1)).max():.2g}")
    for what, ours_, theirs_ in [
            ("a process", ours[1], theirs[1]),
            ("a pass more", *((t[PASSES] - t[1]) / (PASSES - 1) for t in (ours, theirs)))]:
        print(f"{what}: numpy {np.__version__} {1e3 * theirs_:.1f} ms, emlc {1e3 * ours_:.1f} ms, {theirs_ / ours_:.1f} times")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--numpy", help="do the work with numpy, and write the table there")
    parser.add_argument("--times", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.numpy:
        return by_numpy(arguments.folder, arguments.numpy, arguments.times)
    with tempfile.TemporaryDirectory() as folder:
        measure(arguments, folder)


if __name__ == "__main__":
    main()
