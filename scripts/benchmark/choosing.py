#!/usr/bin/env python3
"""The table of docs/choosing.md: what options of `emlc convert` cost and win on bundled models.

    choosing.py [--update]    with the program EMLC (default build/release/cli/emlc); needs arm-none-eabi-gcc

Flash and RAM are measured with the compiler for a Cortex-M0+; accuracy is that of the header on the test set. Without
--update it fails where the page has other numbers; bytes may be a tenth off, as another compiler makes them.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
EMLC = os.environ.get("EMLC", str(ROOT / "build/release/cli/emlc"))
PAGE = ROOT / "docs/choosing.md"
BEGIN, END = "<!-- scripts/benchmark/choosing.py writes from here -->\n", "<!-- to here -->\n"
BYTES_OFF = 0.1
HEADER = ["model", "options", "flash", "RAM", "most comparisons", "accuracy or R2", "is exact"]
# Model, options; what needs data gets the first half of the test set, and is judged by the other one.
ROWS = [
    ("digits_rf10", []),
    ("digits_rf10", ["--optimize", "size"]),
    ("digits_rf10", ["--optimize", "speed"]),
    ("digits_rf10", ["--voting", "hard"]),
    ("digits_rf10", ["--voting", "hard", "--optimize", "size"]),
    ("digits_rf10", ["--leaf-clusters", "16", "--leaf-bits", "8"]),
    ("digits_rf10", ["--keep-trees", "5"]),
    ("digits_rf10", ["--prune", "1%"]),
    ("cancer_gbc", []),
    ("cancer_gbc", ["--optimize", "size"]),
    ("cancer_gbc", ["--leaf-bits", "8"]),
    ("cancer_gbc", ["--keep-trees", "20"]),
    ("wine_hgb", []),
    ("wine_hgb", ["--features", "double"]),
    ("digits_mlp", []),
    ("digits_mlp", ["--weights", "int16"]),
    ("digits_mlp", ["--weights", "int8"]),
    ("digits_mlp", ["--weights", "int8", "--optimize", "size"]),
    ("diabetes_rfr", []),
    ("diabetes_rfr", ["--leaf-clusters", "64"]),
    ("diabetes_rfr", ["--share-thresholds"]),
]

# What `emlc fit` finds by itself: model, its options.
SEARCHES = [
    ("digits_rf10", ["--max-loss", "1%"]),
    ("digits_rf10", ["--max-loss", "3%"]),
    ("cancer_gbc", ["--max-loss", "1%"]),
    ("digits_mlp", ["--max-loss", "1%"]),
    ("diabetes_rfr", ["--max-loss", "1%"]),
]


def row_of_search(model, options):
    at = ROOT / "tests/data/models" / model
    done = subprocess.run([EMLC, "fit", at / "model.json", "--data", at / "X_test.csv", "--labels", at / "y_test.csv",
                           "-q", "--json", "--target", "cortex-m0plus", "--measure", "--trials", "100", *options],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"fit {model} {options}: {done.stderr}")
    told = json.loads(done.stdout)
    point = told["points"][told["chosen"]]
    measure = point["validation"]["device"]
    quality = f"R2 {measure:.4f}" if told["goal"]["measure"] == "R2" else f"{100 * measure:.2f} %"
    comparisons = "" if point["comparisons"] is None else f"{point['comparisons']:g}"
    return [model, f"fit `{' '.join(options)}` found `{point['chosen']}`", f"{point['flash']:g}", f"{point['ram']:g}",
            comparisons, quality, ""]


def row_of(model, options, folder):
    at = ROOT / "tests/data/models" / model
    summary = folder / "summary.json"
    done = subprocess.run(
        [EMLC, "convert", at / "model.json", "-o", folder / "model.h", "-q", "--target", "cortex-m0plus", "--measure",
         "--data", at / "X_test.csv", "--labels", at / "y_test.csv", "--split-seed", "1", "--summary", summary, *options],
        capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{model} {options}: {done.stderr}")
    told = json.loads(summary.read_text())
    target, score = told["targets"]["cortex-m0plus"], told["labels"]["device"]
    comparisons = (told.get("comparisons") or {}).get("worst")
    is_exact = all(step["effect"] == "exact" for step in told["passes"])
    quality = f"{100 * score['accuracy']:.2f} %" if "accuracy" in score else f"R2 {score['r2']:.4f}"
    return [model, f"`{' '.join(options)}`" if options else "(none)", str(target["flash"]), str(target["ram"]),
            "" if comparisons is None else str(comparisons), quality, "yes" if is_exact else "no"]


def is_like(found, expected):
    """Is one row of the page what was measured?"""
    return all(a == b or (place in (2, 3) and abs(int(a) - int(b)) <= BYTES_OFF * int(b))
               for place, (a, b) in enumerate(zip(found, expected, strict=True)))


def main():
    with tempfile.TemporaryDirectory() as work:
        rows = [row_of(model, options, pathlib.Path(work)) for model, options in ROWS]
    rows += [row_of_search(model, options) for model, options in SEARCHES]
    lines = ["| " + " | ".join(row) + " |" for row in [HEADER, ["---", "---", *["---:"] * 4, "---"], *rows]]
    before, _, rest = PAGE.read_text().partition(BEGIN)
    there, _, after = rest.partition(END)
    if "--update" in sys.argv:
        PAGE.write_text(before + BEGIN + "\n".join(lines) + "\n" + END + after)
        return 0
    told = [[cell.strip() for cell in line.split("|")[1:-1]] for line in there.splitlines()[2:]]
    if len(told) != len(rows):
        sys.exit(f"docs/choosing.md has {len(told)} rows, there are {len(rows)}: choosing.py --update")
    for found, expected in zip(rows, told):
        if not is_like(found, expected):
            sys.exit(f"docs/choosing.md says {expected}, found {found}: choosing.py --update")
    print(f"docs/choosing.md: {len(rows)} rows are as measured")
    return 0


if __name__ == "__main__":
    sys.exit(main())
