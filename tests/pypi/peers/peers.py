"""The table of docs/migrating.md: forests that scikit-learn trained, in C by other tools and by emlc, and how often
each decides otherwise than scikit-learn.

    peers.py [--update]    with the program EMLC; needs gcc and g++, for the bytes those of arm-none-eabi too

Rows are those of the test set, and rows around thresholds: for each split a row that reaches it, its feature at the
threshold, one float32 below and one above. Fails when emlc decides otherwise about a row that is no tie, or the page
has other numbers. A tie is a row whose two best classes have the same share, which scikit-learn's sum in double tells
apart by its rounding.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "cli/python"), str(ROOT / "formats/exporters"),
                str(pathlib.Path(__file__).parent / "makers")]

import tools  # noqa: E402

PAGE = ROOT / "docs/migrating.md"
BEGIN, END = "<!-- tests/pypi/peers writes from here -->\n", "<!-- to here -->\n"
ARM = ["-mcpu=cortex-m0plus", "-mthumb", "-Os"]
DRIVER = """#include <stdio.h>
#include <stdlib.h>
%(include)s
int decide(const float* row);
int decide(const float* row) {
%(decide)s
}
#ifndef OBJECT
int main(void) {
  static float row[%(n)d];
  while (fread(row, sizeof row[0], %(n)d, stdin) == %(n)d) printf("%%d\\n", decide(row));
  return 0;
}
#endif
"""


def subjects():
    """(name, X as float32, estimator, test rows, type of the features)"""
    from sklearn.datasets import load_breast_cancer, load_digits
    from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier

    X, y = load_digits(return_X_y=True)
    forest = RandomForestClassifier(10, max_leaf_nodes=100, random_state=0).fit(X[:1200], y[:1200])
    yield "digits, 10 trees, integers", forest, X[1200:].astype("float32"), "uint8"
    X, y = load_breast_cancer(return_X_y=True)
    X = X.astype("float32")
    forest = RandomForestClassifier(10, max_leaf_nodes=20, random_state=0).fit(X[::2], y[::2])
    yield "cancer, 10 trees, floats", forest, X[1::2], "float32"
    boosted = GradientBoostingClassifier(n_estimators=40, random_state=0).fit(X[::2], y[::2])
    yield "cancer, boosted, floats", boosted, X[1::2], "float32"


def around_thresholds(estimator, X, dtype):
    """[rows][features], as the type of the features has them."""
    rows = []
    for member in np.ravel(estimator.estimators_):
        tree = member.tree_
        reached = tree.decision_path(X).tocsc()
        for node in np.flatnonzero(tree.children_left >= 0):
            passing = reached.indices[reached.indptr[node]:reached.indptr[node + 1]]
            if len(passing) == 0:
                continue
            at = np.float32(tree.threshold[node])
            values = [np.floor(at), np.floor(at) + 1] if dtype == "uint8" else [
                np.nextafter(at, np.float32(-np.inf)), at, np.nextafter(at, np.float32(np.inf))]
            for value in values:
                rows.append(X[passing[0]].copy())
                rows[-1][tree.feature[node]] = value
    return np.array(rows, dtype="float32")


def is_tie(estimator, X):
    shares = np.sort(estimator.predict_proba(X), axis=1)
    return shares[:, -1] - shares[:, -2] < 1e-12


def decisions(made, X, folder):
    source = folder / ("main.cpp" if made.is_cpp else "main.c")
    source.write_text(DRIVER % {"include": made.include, "decide": made.decide, "n": X.shape[1]})
    compiler = ["g++", "-std=c++17"] if made.is_cpp else ["gcc", "-std=c99"]
    flags = ["-w", "-O1", *(f"-I{path}" for path in (folder, *made.paths))]
    subprocess.run([*compiler, *flags, source, *made.sources, "-o", folder / "program", "-lm"], check=True)
    told = subprocess.run([folder / "program"], input=X.tobytes(), check=True, capture_output=True).stdout
    return np.array(told.split(), dtype=int)


def flash(made, folder):
    """Bytes of code and constants as objects for a Cortex-M0+, without library functions that they call."""
    compiler = ["arm-none-eabi-g++", "-std=c++17"] if made.is_cpp else ["arm-none-eabi-gcc", "-std=c99"]
    if not shutil.which(compiler[0]):
        return None
    objects = []
    for source in [folder / ("main.cpp" if made.is_cpp else "main.c"), *made.sources]:
        objects.append(folder / f"{pathlib.Path(source).stem}.o")
        includes = [f"-I{path}" for path in (folder, *made.paths)]
        subprocess.run([*compiler, *ARM, "-w", "-DOBJECT", *includes, "-c", source, "-o", objects[-1]], check=True)
    told = subprocess.run(["arm-none-eabi-size", *objects], check=True, capture_output=True, text=True).stdout
    return sum(int(line.split()[0]) + int(line.split()[1]) for line in told.splitlines()[1:])


def rows_of_table():
    for name, estimator, X, dtype in subjects():
        near = around_thresholds(estimator, X, dtype)
        for tool, make in tools.TOOLS:
            with tempfile.TemporaryDirectory() as work:
                folder = pathlib.Path(work)
                made = make(estimator, X, dtype, folder)
                if made is None:
                    yield [name, tool, "not taken", "", ""]
                    continue
                wrong = [decisions(made, rows, folder) != estimator.predict(rows) for rows in (X, near)]
                if tool == "emlc" and any((at & ~is_tie(estimator, rows)).any() for at, rows in zip(wrong, (X, near))):
                    sys.exit(f"{name}: emlc decides otherwise about a row that is no tie")
                size = flash(made, folder)
                yield [name, tool, *(f"{at.sum()} of {len(at)}" for at in wrong), "" if size is None else str(size)]


def main():
    warnings.simplefilter("ignore")
    header = ["model", "tool", "test rows decided otherwise", "rows at thresholds decided otherwise",
              "bytes, Cortex-M0+"]
    lines = ["| " + " | ".join(header) + " |", "| --- | --- | ---: | ---: | ---: |"]
    lines += ["| " + " | ".join(row) + " |" for row in rows_of_table()]
    table = "".join(line + "\n" for line in lines)
    print(table)
    before, _, rest = PAGE.read_text().partition(BEGIN)
    there, _, after = rest.partition(END)
    if "--update" in sys.argv:
        PAGE.write_text(before + BEGIN + table + END + after)
    elif table != there and shutil.which("arm-none-eabi-gcc"):
        sys.exit("docs/migrating.md has another table: peers.py --update")


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
