#!/usr/bin/env python3
"""Fits the bytes that code of trees is estimated to take (codegen/c/trees/code_bytes.cpp) to linked programs.

usage: estimates.py --emlc PROGRAM [--jobs N] [--keep FILE.json]

Trains random forests and boosted trees of several sizes and types of features, lets `emlc check --measure` link their
headers in every layout at -Os and -O2, and prints for each target the constants with the smallest largest error of
flash, and that error. Tables, and the functions of soft float (FLOATS, as in code_bytes.cpp), are taken as they are.
--keep stores what was measured, and reads it again. What the constants are held to is tests/device/estimates_test.py,
on other models. Needs scikit-learn, scipy and the compilers of scripts/bench.
"""

import argparse
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy
from scipy.optimize import linprog
from sklearn import datasets, ensemble

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "formats/exporters"))
from emlc_export import export  # noqa: E402

TARGETS = {"cortex-m0plus": "Cortex-M0+", "cortex-m4f": "Cortex-M4", "atmega328p": "ATmega328P"}
OPTIONS = {"small": (("--layout", "inline"), (), ("--optimize", "size")),
           "fast": (("--layout", "inline", "--optimize", "speed"), ("--layout", "table", "--optimize", "speed"))}
TYPES = {"float32": ("f4", 1.0, 0.0), "uint8": ("u1", 255, 0), "int16": ("i2", 60000, -30000),
         "int32": ("i4", 2e9, -1e9)}

#          conversion, multiplication, division, addition, comparison, number of a power of two
FLOATS = {"cortex-m0plus": (208, 648, 712, 800, 520, 58), "cortex-m4f": (12, 6, 8, 6, 8, 10),
          "atmega328p": (150, 432, 442, 350, 140, 97)}

WALK = ("bytes", "scan", "links", "float_order", "row_loop", "narrow_moves", "wide_moves")
INLINE = ("frame", "nan_copy", "byte_split", "half_split", "word_split", "float_split", "vote", "row", "narrow_value",
          "wide_value", "float_value", "again", "tree", "call")
PRIOR = {"bytes": 150, "scan": 150, "links": 95, "float_order": 12, "row_loop": 30, "narrow_moves": 80,
         "wide_moves": 135, "frame": 30, "nan_copy": 30}  # where models say little, near this


def estimators():
    """(name, estimator, is it a classifier, classes, rows, features)."""
    boosted = {"subsample": 0.8, "random_state": 0}
    yield "gbr", ensemble.GradientBoostingRegressor(n_estimators=60, max_depth=3, **boosted), 0, 600, 10
    yield "gbr_deep", ensemble.GradientBoostingRegressor(n_estimators=20, max_depth=5, **boosted), 0, 500, 24
    yield "gbc", ensemble.GradientBoostingClassifier(n_estimators=50, max_depth=4, **boosted), 2, 600, 10
    yield "gbc_small", ensemble.GradientBoostingClassifier(n_estimators=20, max_depth=2, **boosted), 2, 500, 20
    yield "gbc_3", ensemble.GradientBoostingClassifier(n_estimators=20, max_depth=3, **boosted), 3, 600, 12
    yield "rfr", ensemble.RandomForestRegressor(n_estimators=12, max_depth=6, random_state=0), 0, 500, 8
    yield "rfc", ensemble.RandomForestClassifier(n_estimators=10, max_depth=6, random_state=0), 4, 600, 16
    yield "rfc_wide", ensemble.RandomForestClassifier(n_estimators=15, max_depth=4, random_state=0), 2, 600, 40


def train(folder):
    """The files of trained models."""
    for index, (dtype, (numpy_type, scale, offset)) in enumerate(TYPES.items()):
        for name, estimator, classes, rows, features in estimators():
            informative = max(4, features // 2)
            if classes:
                x, y = datasets.make_classification(rows, features, n_informative=informative, n_classes=classes,
                                                    random_state=index)
            else:
                x, y = datasets.make_regression(rows, features, n_informative=informative, noise=5, random_state=index)
            x = ((x - x.min()) / (x.max() - x.min()) * scale + offset).astype(numpy_type)
            file = folder / f"{name}_{dtype}.json"
            export(estimator.fit(x, y), x, str(file), name="m", dtype=dtype)
            yield file


def sizes(emlc, file, options):
    command = [emlc, "check", file, *options, "--to", "c", "--measure", "--target", ",".join(TARGETS), "--format", "json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["models"][0]["now"]


def header(emlc, file, options):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "m.h"
        subprocess.run([emlc, "convert", file, *options, "-o", path, "-q"], check=True)
        return path.read_text()


def leaves(text):
    """[leaf texts of each tree] of inline code, and how the trees stand in it: call, tree or votes."""
    functions = re.findall(r" m_tree_\d+_\(.*?\n}\n", text, re.S)
    if functions:
        return [re.findall(r"return (\S+);", function) for function in functions], "call"
    votes = re.findall(r"goto tree_(\d+)_gives_(\d+);", text)
    added = [(tree, leaf) for leaf, tree in re.findall(r"sum = \(\w+\)\(sum \+ (\S+)\); goto tree_(\d+);", text)]
    added += [(tree, leaf) for leaf, tree in re.findall(r"sum \+= (\S+); goto tree_(\d+);", text)]
    trees = {}
    for tree, leaf in votes or added:
        trees.setdefault(tree, []).append(leaf)
    return list(trees.values()), "tree"


def leaf_kind(text, all_leaves):
    if "m_vote_(" in text or "++sum[" in text:
        return "vote"
    if "m_add_row_(" in text:
        return "row"
    if any("." in leaf for leaf in all_leaves):
        return "float_value"
    return "wide_value" if max(abs(int(leaf.rstrip("uUlL"))) for leaf in all_leaves) > 0x7fff else "narrow_value"


def split_kind(text):
    return {"uint8_t": "byte_split", "int8_t": "byte_split", "uint16_t": "half_split", "int16_t": "half_split",
            "int32_t": "word_split", "float": "float_split"}[re.search(r"typedef (\w+) m_feature;", text)[1]]


def inline_terms(text):
    by_tree, form = leaves(text)
    every = [leaf for tree in by_tree for leaf in tree]
    distinct = sum(len(set(tree)) for tree in by_tree)
    is_float = split_kind(text) == "float_split"
    return {"frame": 1, split_kind(text): int(re.search(r"M_N_SPLITS (\d+)", text)[1]),
            leaf_kind(text, every): distinct, "again": len(every) - distinct, form: len(by_tree),
            "nan_copy": int(is_float), "row_loop": int("m_add_row_(" in text)}


def walk_terms(text):
    moves = re.search(r"m_add_moves_\(size_t at, (\w+)", text)
    walk = "bytes" if "m_leaf_(x" in text else "links" if "m_starts_[" in text else "scan"
    terms = {walk: 1, "float_order": int("m_order_(" in text), "row_loop": int("m_add_row_(" in text)}
    if moves:
        terms["wide_moves" if moves[1].endswith("32_t") else "narrow_moves"] = 1
    return terms


def float_bytes(text, target):
    """What predict needs of soft float."""
    conversion, multiplication, division, addition, comparison, power_of_two = FLOATS[target]
    if "m_decide_(" in text:
        return 0
    raw = re.search(r" m_raw_\(.*?\n}\n", text, re.S)[0]
    used = {conversion: "(float)" in raw, multiplication: " * " in raw, division: " / " in raw, addition: " + " in raw,
            comparison: "m_classify_(" in text, power_of_two: "m_number_(" in raw}
    return sum(size for size, is_used in used.items() if is_used)


def measure(emlc, file, options):
    text, now = header(emlc, file, options), sizes(emlc, file, options)
    tables = sum(size for part, size in now["parts"].items() if part != "code (estimate)")
    is_table = "for (int tree = 0" in text
    return {"name": file.stem, "options": " ".join(options), "terms": (walk_terms if is_table else inline_terms)(text),
            "flash": {target: now["targets"][target]["flash"] for target in TARGETS},
            "known": {target: tables + float_bytes(text, target) for target in TARGETS}}


def measure_all(emlc, jobs):
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        work = [(level, file, options) for file in train(pathlib.Path(folder)) for level in OPTIONS
                for options in OPTIONS[level]]
        rows = pool.map(lambda row: {"level": row[0], **measure(emlc, row[1], row[2])}, work)
        return list(rows)


def fit(rows, target):
    """({constant: bytes}, largest relative error): a linear program, with a slight pull to PRIOR."""
    names = WALK + INLINE
    n = len(names)
    above, below = [], []  # of the variables: constants, error, distances to PRIOR
    limits_above, limits_below = [], []
    for row in rows:
        flash, known = row["flash"][target], row["known"][target]
        line = [row["terms"].get(name, 0) / flash for name in names]
        above.append(line + [-1] + [0] * n)
        limits_above.append(1 - known / flash)
        below.append([-cell for cell in line] + [-1] + [0] * n)
        limits_below.append(known / flash - 1)
    for index, name in enumerate(names):
        for sign in (1, -1):
            line = [0] * (2 * n + 1)
            line[index], line[n + 1 + index] = sign, -1
            above.append(line)
            limits_above.append(sign * PRIOR.get(name, 8))
    cost = [0] * n + [1] + [1e-6] * n
    solved = linprog(cost, numpy.array(above + below), numpy.array(limits_above + limits_below), method="highs")
    return dict(zip(names, solved.x)), solved.x[n]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--emlc", required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    if options.keep and options.keep.exists():
        rows = json.loads(options.keep.read_text())
    else:
        rows = measure_all(options.emlc, options.jobs)
        if options.keep:
            options.keep.write_text(json.dumps(rows))
    for target, title in TARGETS.items():
        for level in OPTIONS:
            constants, error = fit([row for row in rows if row["level"] == level], target)
            print(f"{title} {level}: largest error {100 * error:.1f} %")
            for names in (WALK, INLINE):
                print("  {" + ", ".join(f".{name} = {constants[name]:.3g}" for name in names) + "}")


if __name__ == "__main__":
    main()
