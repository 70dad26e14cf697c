#!/usr/bin/env python3
"""Fits the bytes that if/else code of trees is estimated to take (codegen/c/trees/code_bytes.cpp) to linked programs.

usage: estimates.py --emlc PROGRAM --terms PROGRAM [--models N] [--jobs N] [--keep FILE.json]

Makes up ensembles (ensembles.py), counts what their code has with the program `inline_terms`, a target of builds with
tests, lets `emlc check --measure` link their headers at -Os and at -O2, and prints the constants of each target and
form, in the order of the members of InlineTerms, with what they reach on ensembles that they were not fitted to: of ten
parts, each in turn. Constants have the smallest relative errors, large ones counting less than squares would make them.
Soft float (FLOATS, as in
code_bytes.cpp) is taken as it is, and so are the walkers of tables, which do not depend on the model. --keep stores
what was measured, and reads it again. What the constants are held to is tests/device/estimates_test.py, on ensembles
of other sizes. Needs numpy and the compilers of scripts/bench.
"""

import argparse
import concurrent.futures
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import numpy

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "scripts"))
from benchmark import ensembles  # noqa: E402

TARGETS = {"cortex-m0plus": "Cortex-M0+", "cortex-m4f": "Cortex-M4", "atmega328p": "ATmega328P"}
LEVELS = {"small": ("balanced", ()), "fast": ("speed", ("--optimize", "speed"))}
FORMS = ("sum", "functions", "votes")
FIRST_SEED = 1000  # those of the test are smaller
N_PARTS = 10
SMALL_PROGRAM = 320  # bytes: 10 % of it is the error that smaller ones may have

#          conversion, multiplication, division, addition, comparison, number of a power of two
FLOATS = {"cortex-m0plus": (208, 648, 712, 800, 520, 58), "cortex-m4f": (12, 6, 8, 6, 8, 10),
          "atmega328p": (150, 432, 442, 350, 140, 97)}
SOFT_SPLIT = {"cortex-m0plus": 12, "cortex-m4f": 0, "atmega328p": 27}  # of --fpu yes, which nothing here asks for
ACROSS_TREES = {"learnt", "crowd", "kept"}  # nothing where trees are kept apart, at -Os and on AVR


def make_up(folder, seed):
    """(file, voting) of an ensemble; every third is a forest whose trees vote."""
    generator = random.Random(seed)
    voting = "hard" if seed % 3 == 0 else "soft"
    kind = "forest" if voting == "hard" else generator.choice(["boosted_classes", "boosted_number", "forest", "forest"])
    depth = generator.randint(2, 8 if kind == "forest" else 6)
    n_splits = 2 ** generator.uniform(4, 10.3)
    outputs = {"forest": [2, 3, 5, 10], "boosted_classes": [1, 1, 3], "boosted_number": [1]}[kind]
    file = folder / f"{seed}.json"
    ensembles.write(file, kind=kind, dtype=generator.choice(["float32", "uint8", "int16", "int32"]), depth=depth,
                    trees=max(1, min(60, round(n_splits / 2 ** depth / 0.7))), outputs=generator.choice(outputs),
                    features=generator.randint(3, 70), seed=seed)
    return file, voting


def output(command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def float_bytes(text, target):
    """What predict needs of soft float."""
    conversion, multiplication, division, addition, comparison, power_of_two = FLOATS[target]
    if "m_decide_(" in text:
        return 0
    raw = re.search(r" m_raw_\(.*?\n}\n", text, re.S)[0]
    used = {conversion: "(float)" in raw, multiplication: " * " in raw, division: " / " in raw, addition: " + " in raw,
            comparison: "m_classify_(" in text, power_of_two: "m_number_(" in raw}
    return sum(size for size, is_used in used.items() if is_used)


def measure(options, file, voting, level):
    """A row for each target: what the code has, its bytes, and those of the program."""
    optimize, more = LEVELS[level]
    arguments = ("--layout", "inline", "--voting", voting, *more)
    terms = json.loads(output([options.terms, voting, optimize, file]))
    header = file.with_suffix(f".{level}.h")
    output([options.emlc, "convert", file, *arguments, "--name", "m", "-o", header, "-q"])
    now = json.loads(output([options.emlc, "check", file, *arguments, "--to", "c", "--measure", "--target",
                             ",".join(TARGETS), "--format", "json"]))["models"][0]["now"]
    tables = sum(size for part, size in now["parts"].items() if part != "code (estimate)")
    for target, title in TARGETS.items():
        flash = now["targets"].get(target, {}).get("flash")
        if flash is not None:  # else a jump does not reach
            code = flash - tables - float_bytes(header.read_text(), target)
            yield {"level": level, "target": target, "form": terms["form"], "terms": terms[title], "code": code,
                   "flash": flash}


def measure_all(options):
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        models = [make_up(pathlib.Path(folder), seed) for seed in range(FIRST_SEED, FIRST_SEED + options.models)]
        work = [(*model, level) for model in models for level in LEVELS]
        return [row for rows in pool.map(lambda job: list(measure(options, *job)), work) for row in rows]


def estimate(row, constants):
    return row["terms"]["constants"] + sum(row["terms"][name] * size for name, size in constants.items())


def scale(row):
    return max(row["flash"], SMALL_PROGRAM)


def fit(rows, names):
    """{term: bytes}: least squares of relative errors, weighed again until they are about absolute values."""
    lines = numpy.array([[row["terms"][name] / scale(row) for name in names] for row in rows])
    wanted = numpy.array([(row["code"] - row["terms"]["constants"]) / scale(row) for row in rows])
    pull = numpy.diag(numpy.full(len(names), 1e-3))  # towards 0, of what the rows do not say
    weights = numpy.ones(len(rows))
    for _ in range(40):
        solved = numpy.linalg.lstsq(numpy.vstack([lines * weights[:, None], pull]),
                                    numpy.concatenate([wanted * weights, numpy.zeros(len(names))]), rcond=None)[0]
        weights = 1 / numpy.sqrt(numpy.maximum(numpy.abs(lines @ solved - wanted), 0.03))
    return dict(zip(names, solved))


def reached(rows, names):
    """Relative errors of rows that the constants were not fitted to."""
    errors = []
    for part in range(N_PARTS):
        constants = fit([row for index, row in enumerate(rows) if index % N_PARTS != part], names)
        errors += [(estimate(row, constants) - row["code"]) / scale(row) for row in rows[part::N_PARTS]]
    return numpy.abs(errors)


def print_fit(rows, level, target, form):
    rows = [row for row in rows if (row["level"], row["target"], row["form"]) == (level, target, form)]
    if not rows:
        return
    without = {"constants"} if level == "fast" else {"constants", "distant"}
    if level == "small" or target == "atmega328p":
        without |= ACROSS_TREES
    names = [name for name in rows[0]["terms"] if name not in without and any(row["terms"][name] for row in rows)]
    errors = reached(rows, names)
    print(f"{TARGETS[target]} {level} {form}: {numpy.mean(errors <= 0.1):.0%} of {len(rows)} within 10 %, "
          f"{numpy.mean(errors <= 0.25):.0%} within 25 %")
    constants = {"constants": 1, "soft": SOFT_SPLIT[target], **fit(rows, names)}
    print(f"  .{form} = {{{', '.join(f'{constants.get(name, 0) + 0.0:.3g}' for name in rows[0]['terms'])}}},")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--emlc", required=True)
    parser.add_argument("--terms", required=True)
    parser.add_argument("--models", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    if options.keep and options.keep.exists():
        rows = json.loads(options.keep.read_text())
    else:
        rows = measure_all(options)
        if options.keep:
            options.keep.write_text(json.dumps(rows))
    for target in TARGETS:
        for level in LEVELS:
            for form in FORMS:
                print_fit(rows, level, target, form)


if __name__ == "__main__":
    main()
