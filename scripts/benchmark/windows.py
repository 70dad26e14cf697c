#!/usr/bin/env python3
"""What a window of har.signal.json costs on a device, from the samples of a hop to the decision of a forest: `push` of 64
frames and `decide`.

    EMLC=build/release/cli/emlc scripts/benchmark/windows.py RECORDINGS [TARGET...]

RECORDINGS is a folder of NPY files of int16 with the label in the name. Forests are trained on every other one; the rows
are hops of the rest, one after the other as one stream. Flash is with the forest; `tables` are those of the forest and of
the thresholds of its keys; `without trees` is a program that ends with the ranks of the keys, less the tables. RAM is the state and the most that a call has on the stack. Answers are compared with
scikit-learn's. Needs scikit-learn, and what scripts/bench needs.
"""

import argparse
import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "formats/exporters")]

import numpy as np  # noqa: E402
from sklearn.ensemble import ExtraTreesClassifier, GradientBoostingClassifier, RandomForestClassifier  # noqa: E402

from benchmark import data, measure, report  # noqa: E402
from benchmark.pipelines import Labels  # noqa: E402
from benchmark.subjects import windows_of  # noqa: E402
from devices import machines  # noqa: E402
from emlc_export import export, features  # noqa: E402

EMLC = os.path.abspath(os.environ.get("EMLC", ROOT / "build/release/cli/emlc"))
DOCUMENT = ROOT / "tests/data/signals/har.signal.json"
LENGTH, HOP, N_CHANNELS, MOST_ROWS = 128, 64, 3, 60
FORESTS = {
    "random forest, 10 trees of 40 leaves": RandomForestClassifier(10, max_leaf_nodes=40, random_state=1),
    "extra trees, 5 of depth 6": ExtraTreesClassifier(5, max_depth=6, random_state=2),
    "boosting, 8 rounds of depth 3": GradientBoostingClassifier(n_estimators=8, max_depth=3, random_state=3),
}
TABLES = r"m_(ranked|thresholds)_"


def whole_recordings(folder):
    for path in sorted(folder.glob("*.npy")):
        try:
            if len(np.load(path)) >= LENGTH:
                yield path
        except (ValueError, EOFError):
            continue  # cut short


def hops_of(paths):
    """[hops][frames of a hop * channels] of recordings one after the other."""
    arrays = [np.load(path) for path in paths]
    return np.concatenate([array[:len(array) // HOP * HOP].reshape(-1, HOP * N_CHANNELS) for array in arrays])[:MOST_ROWS]


class Stream:
    """What measure.measure() takes: a header with a signal, fed with hops."""

    def __init__(self, folder, rows, labels):
        self.subject = windows_of("windows", "windows", HOP, rows.shape[1], ())
        self.folder, self.feature, self.n_features = folder, "int16_t", rows.shape[1]
        measure.write_subject(self, folder, self.subject.call)
        self.rows, self.row_bytes = data.pack(rows.tolist(), "int16_t"), 2 * self.n_features
        self.reference = Labels(rows, labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", type=pathlib.Path)
    parser.add_argument("targets", nargs="*", default=["m0", "m4f", "avr"])
    options = parser.parse_args()
    os.environ["PATH"] = f"{os.path.dirname(EMLC)}:{os.environ['PATH']}"
    paths = list(whole_recordings(options.recordings))
    table = features(DOCUMENT, paths[::2], labels=r"_([a-z]+)\.npy$")
    rows = hops_of(paths[1::2])
    lines = [("forest", "target", "a window", "flash", "tables", "without trees", "state", "stack", "agreement")]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        np.save(folder / "stream.npy", rows.reshape(-1, N_CHANNELS))
        windows = features(DOCUMENT, [folder / "stream.npy"]).values
        for index, (title, forest) in enumerate(FORESTS.items()):
            forest.fit(table.values, [row.label for row in table.index])
            own = folder / str(index)
            own.mkdir()
            export(forest, table.values[:5], own / "m.json", name="m", signal=DOCUMENT)
            machines.execute([EMLC, "convert", own / "m.json", "-o", own / "m.h", "--name", "m", "--quiet"])
            labels = [-1, *np.searchsorted(forest.classes_, forest.predict(windows))]  # the first hop completes none
            for target in options.targets:
                found = measure.measure(Stream(own, rows, labels), measure.TARGETS[target])
                count = f"{found['count']:,.0f}".replace(",", " ") if "count" in found else found.get("note", "")
                lines.append((title, measure.TARGETS[target].title, count, str(found["flash"]),
                              str(measure.symbol_bytes(measure.TARGETS[target].machine, own / target / "with", TABLES)),
                              str(found.get("code", "")), str(found["ram"]), str(found.get("stack", "")),
                              f"{100 * found['agreement']:.1f} %" if "agreement" in found else ""))
    print(report.markdown(lines), end="")


if __name__ == "__main__":
    main()
