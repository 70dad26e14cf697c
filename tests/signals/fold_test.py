#!/usr/bin/env python3
"""Trees behind a signal plan, as passes fold the ends of features into them, against scikit-learn: documents and forests that
nobody wrote by hand, and har.signal.json with three forests on recordings that they have not seen.

    fold_test.py [--first SEED] [--cases N] [--recordings FOLDER]

EMLC is the program, SIGNAL_FOLD the program that folds. Half of all thresholds are moved to where a feature of a tested
window is, or to the float32 beside it, so that every comparison is as close as it gets. What emlc decides has to be what
scikit-learn decides about the same features; where features of truth_signals.py are decided otherwise, a threshold has to
lie between the two.
"""

import argparse
import collections
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, GradientBoostingClassifier, RandomForestClassifier

import documents
import told
import truth_signals

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "formats/exporters"))
from emlc_export import export  # noqa: E402

DATA = HERE.parent / "data/signals"
EMLC, FOLD = (os.path.abspath(os.environ[name]) for name in ("EMLC", "SIGNAL_FOLD"))
REFUSALS = ("needs sums of", "is not good enough for this filter", "the lag is")
# Powers of spectra, and what no threshold takes the logarithm of.
LOGARITHM = re.compile(r"(hz|_mel_\d+)_(log|db)$")
# Statistics of integers that end in nothing but roots, divisions and roundings.
MONOTONE = re.compile(r"_(mean|std|variance|rms|mean_abs|sum|energy|min|max|median|q\d+(_\d+)?|waveform_length)$")


def run(*arguments):
    done = subprocess.run([*map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return done.stdout


def table_of(document, recordings, folder):
    """Rows of features as float32, as the recordings have them one after the other."""
    inputs = [word for recording in recordings for word in ("-i", recording)]
    run(EMLC, "features", document, "-q", *inputs, "-o", folder / "X.npy")
    return np.load(folder / "X.npy").astype(np.float32)


def trees_of(forest):
    found = forest.estimators_
    return [tree.tree_ for tree in (found.ravel() if isinstance(found, np.ndarray) else found)]


def move_thresholds(forest, rows, rng):
    """To values of the rows, or beside them."""
    for tree in trees_of(forest):
        for node in np.flatnonzero(tree.children_left >= 0):
            if rng.random() < 0.5:
                continue
            value = rows[rng.integers(len(rows)), tree.feature[node]]
            beside = rng.choice([value, np.nextafter(value, np.float32(np.inf)), np.nextafter(value, np.float32(-np.inf))])
            if np.isfinite(beside):
                tree.threshold[node] = beside


def thresholds_between(forest, a, b):
    """Is there a threshold of a feature between two rows?"""
    for tree in trees_of(forest):
        inner = tree.children_left >= 0
        for feature, threshold in zip(tree.feature[inner], tree.threshold[inner]):
            low, high = sorted((a[feature], b[feature]))
            if low <= threshold <= high and low != high:
                return True
    return False


def check_same(windows):
    for index, window in enumerate(windows):
        if window["before"] != window["after"]:
            raise RuntimeError(f"window {index}: {window['after']} instead of {window['before']}")


def check_decisions(forest, windows, rows):
    decided = [window["after"]["decision"][0] for window in windows]
    expected = np.searchsorted(forest.classes_, forest.predict(rows))
    wrong = [index for index, (a, b) in enumerate(zip(decided, expected)) if a != b]
    if wrong:
        raise RuntimeError(f"{len(wrong)} decisions are not scikit-learn's, that of window {wrong[0]} first")


def check_truth(forest, document, frames, filters, windows, found):
    """The same of features that emlc has not computed."""
    truth = truth_signals.features(document, frames, filters)
    rows = np.array([[float(value) for value, _ in row.values()] for row in truth]).astype(np.float32)
    expected = np.searchsorted(forest.classes_, forest.predict(rows))
    for window, row, decision in zip(windows, rows, expected):
        own = [float(value) for value in window["features"]]
        if window["after"]["decision"][0] == decision:
            found["decisions of truth"] += 1
        elif thresholds_between(forest, own, row):
            found["decisions at a threshold"] += 1
        else:
            raise RuntimeError(f"decision {window['after']['decision'][0]} instead of {decision}")


def check_left(document, result):
    """No monotone end of integers is left that could be folded."""
    if document["input"]["dtype"] == "float32":
        return
    channels = [c if isinstance(c, str) else c["name"] for c in document["input"]["channels"]]
    for key in result["keys"]:
        of_channel = any(key["name"].startswith(name + "_") for name in channels)
        if of_channel and key["part"] == "feature" and MONOTONE.search(key["name"]):
            raise RuntimeError(f"{key['name']} is compared behind its end")
    if any(feature in key["name"] for feature in result["features"] for key in result["keys"] if key["part"] != "feature"):
        raise RuntimeError("a feature is left that nothing compares")


def check_logarithms(document, forest, names, result):
    """No logarithm is left in front of trees but for cepstra, and no more are gone than features were asked for."""
    if "mfcc" in json.dumps(document["features"]):
        return
    asked = {names[feature] for tree in trees_of(forest) for feature in tree.feature if feature >= 0}
    expected = sum(LOGARITHM.search(name) is not None for name in asked)
    if result["figures"]["window_logarithms"] > expected:
        raise RuntimeError(f"{result['figures']['window_logarithms']} logarithms less instead of {expected}")
    left = [key["name"] for key in result["keys"] if LOGARITHM.search(key["name"])]
    if left:
        raise RuntimeError(f"{left[0]} is compared behind its logarithm")


def forest_of(rng, seed):
    size = {"n_estimators": int(rng.integers(1, 8)), "max_depth": int(rng.integers(1, 9)), "random_state": seed % 2**31}
    return [RandomForestClassifier, ExtraTreesClassifier, GradientBoostingClassifier][rng.integers(3)](**size)


def labels_of(rng, rows):
    """Of some features, with noise."""
    score = np.zeros(len(rows))
    for feature in rng.integers(0, rows.shape[1], 3):
        column = np.nan_to_num(rows[:, feature].astype(float), posinf=0.0, neginf=0.0)
        score += (column - column.mean()) / (column.std() + 1e-9)
    score += rng.normal(0, 0.5, len(rows))
    labels = np.digitize(score, np.quantile(score, [0.3, 0.7]))
    labels[:2] = [0, 2]
    return labels


def try_random(seed, folder, found):
    document, bounds = documents.document(seed)
    path, model = folder / "random.signal.json", folder / "model.json"
    path.write_text(json.dumps(document))
    rng = np.random.default_rng(seed)
    recordings = []
    for index in range(8):
        recordings.append(folder / f"r{index}.npy")
        np.save(recordings[-1], documents.recording(seed + 7919 * index, document, bounds))
    try:
        rows = table_of(path, recordings, folder)
    except RuntimeError as refused:
        if any(words in str(refused) for words in REFUSALS):
            found["refused"] += 1
            return
        raise
    if not np.isfinite(rows).all() or len(rows) < 3:
        found["not for scikit-learn"] += 1
        return
    forest = forest_of(rng, seed).fit(rows, labels_of(rng, rows))
    tested = table_of(path, recordings[:1], folder)
    move_thresholds(forest, tested, rng)
    export(forest, rows[:5], model, dtype="float32")
    result = json.loads(run(FOLD, path, model, recordings[0]))
    check_same(result["windows"])
    check_decisions(forest, result["windows"], tested)
    filters = truth_signals.filters_of(json.loads(run(EMLC, "inspect", path, "--json")))
    check_truth(forest, document, np.load(recordings[0]), filters, result["windows"], found)
    check_left(document, result)
    names = [row["name"] for row in json.loads(run(EMLC, "inspect", path, "--json"))["features"]]
    check_logarithms(document, forest, names, result)
    for name, figure in result["figures"].items():
        found["sum of " + name] += figure
    found["documents"] += 1


def whole_recordings(folder):
    """Those that are not cut short, long enough for a window."""
    for path in sorted(folder.glob("*.npy")):
        try:
            if len(np.load(path)) >= 128:
                yield path
        except (ValueError, EOFError):
            continue


FORESTS = {
    "random forest, 10 trees of 40 leaves": RandomForestClassifier(10, max_leaf_nodes=40, random_state=1),
    "extra trees, 5 of depth 6": ExtraTreesClassifier(5, max_depth=6, random_state=2),
    "boosting, 8 rounds of depth 3": GradientBoostingClassifier(n_estimators=8, max_depth=3, random_state=3),
}


def try_recordings(folder, scratch, found):
    """Three forests trained on every other recording, tested on the rest."""
    path = DATA / "har.signal.json"
    document = json.loads(path.read_text())
    paths = list(whole_recordings(folder))
    training, unseen = paths[::2], paths[1::2]
    tables = [table_of(path, [recording], scratch) for recording in training]
    labels = [recording.stem.split("_")[-1] for recording, table in zip(training, tables) for _ in table]
    for name, forest in FORESTS.items():
        forest.fit(np.concatenate(tables), labels)
        export(forest, tables[0][:5], scratch / "model.json", dtype="float32")
        for recording in unseen:
            result = json.loads(run(FOLD, path, scratch / "model.json", recording))
            check_same(result["windows"])
            rows = table_of(path, [recording], scratch)
            check_decisions(forest, result["windows"], rows)
            check_truth(forest, document, np.load(recording), [], result["windows"], found)
            found["windows of recordings"] += len(rows)
        check_figures(forest, result["figures"], document)
        print(f"{name}:", "; ".join(note for row in result["passes"] for note in row["notes"]))


def check_figures(forest, figures, document):
    """What the passes say they won, counted again from scikit-learn's own trees."""
    names = [name for name in truth_signals.features(document, np.zeros((128, 3), np.int16))[0]]
    splits = {(names[feature], np.float32(threshold)) for tree in trees_of(forest)
              for feature, threshold in zip(tree.feature, tree.threshold) if feature >= 0}
    asked = {name for name, _ in splits}
    folded = {name for name in asked if MONOTONE.search(name)}
    roots = {name for name in asked if name.endswith(("_std", "_rms"))}
    expected = {"features": len(names), "features_dropped": len(names) - len(asked), "features_folded": len(folded),
                "window_roots": len(roots),
                "window_divisions": len(roots) + sum(name.endswith("_mean") for name in asked)}
    for what, figure in expected.items():
        if figures[what] != figure:
            raise RuntimeError(f"{what} is {figures[what]} instead of {figure}")
    if figures["features_left"] != len(asked - folded) or figures["reals_left"] != 0:
        raise RuntimeError("features that fold are still computed to their end")
    if not len(asked) >= figures["keys"] > 0 or figures["thresholds_after"] > figures["thresholds_before"]:
        raise RuntimeError(f"figures that cannot be: {figures}")


def main():
    today = int(datetime.date.today().strftime("%Y%m%d")) * 1000
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", type=int, default=int(os.environ.get("EMLC_SEED", today)))
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--recordings", type=pathlib.Path, default=DATA)
    arguments = parser.parse_args()
    found, problems = collections.Counter(), []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        try_recordings(arguments.recordings, folder, found)
        for seed in range(arguments.first, arguments.first + arguments.cases):
            try:
                try_random(seed, folder, found)
            except RuntimeError as wrong:
                problems.append(f"seed {seed}: {wrong}")
    told.told(arguments.first, found, problems)


if __name__ == "__main__":
    main()
