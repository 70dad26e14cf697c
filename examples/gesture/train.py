#!/usr/bin/env python3
"""Trains the forest of this example on the features that the device will compute, and writes gesture.json.

    python3 train.py                     needs scikit-learn, the package emlc_export and the program emlc

The recordings are split, never their windows: windows of one recording overlap and look alike.
"""

import pathlib
import sys

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GroupKFold

HERE = pathlib.Path(__file__).resolve().parent
try:
    from emlc_export import export, features
except ImportError:  # beside the sources of emlc
    sys.path.append(str(HERE.parents[1] / "formats/exporters"))
    from emlc_export import export, features

SIGNAL = HERE / "gesture.signal.json"
RECORDINGS = sorted((HERE / "data").glob("*.npy"))
# At least two of three windows in a row have to agree, a fifth of the votes has to separate the first class from the
# second, and what is decided stays for a second.
DECISION = {"reject_below": 0.2, "majority": 3, "hold_seconds": 1}
# Whole recordings that the forest never sees, one of each class: main.c replays them.
HELD_BACK = {"2025-06-15T192803_snake.npy", "2025-06-15T192839_updown.npy", "2025-06-15T192927_wave.npy",
             "2025-06-15T193716_idle.npy"}


def forest():
    return RandomForestClassifier(n_estimators=10, max_leaf_nodes=16, random_state=1)


def accuracy_on_unseen(table, labels):
    """Every recording is left out once, by groups of them."""
    groups = np.array([row.recording for row in table.index])
    right = 0
    for train, test in GroupKFold(5).split(table.values, labels, groups):
        right += (forest().fit(table.values[train], labels[train]).predict(table.values[test]) == labels[test]).sum()
    return right / len(labels)


def main():
    table = features(SIGNAL, RECORDINGS, labels=r"_([a-z]+)\.npy$")
    labels = np.array([row.label for row in table.index])
    print(f"{len(RECORDINGS)} recordings, {len(labels)} windows, {len(table.names)} features; "
          f"accuracy on recordings left out {accuracy_on_unseen(table, labels):.3f}")
    is_seen = np.array([pathlib.Path(row.recording).name not in HELD_BACK for row in table.index])
    model = forest().fit(table.values[is_seen], labels[is_seen])
    right = (model.predict(table.values[~is_seen]) == labels[~is_seen]).sum()
    print(f"held back for main.c: {right} of {(~is_seen).sum()} windows right")
    export(model, table.values, HERE / "gesture.json", name="gesture", signal=SIGNAL, decision=DECISION,
           recordings=[path for path in RECORDINGS if path.name in HELD_BACK])


if __name__ == "__main__":
    main()
