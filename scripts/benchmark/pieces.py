#!/usr/bin/env python3
"""Fits the bytes that the code of networks, filters and scalers is estimated to take (codegen/c/frame/piece_bytes.cpp).

usage: pieces.py --emlc PROGRAM --models PROGRAM --pieces PROGRAM [--seed N] [--cases N] [--jobs N] [--keep FILE.json]

Takes models of the random generator (random_cases.py), counts the pieces of their headers with `header_pieces`, a target of builds with
tests, and lets `emlc check --measure` link them. Prints the rows of all_piece_bytes(), and what they reach on models
that they were not fitted to: of eight parts, each in turn. Functions of libraries count as header_pieces has them; their
table comes from libraries.py. --keep stores what was measured, and reads it again. Needs numpy and the compilers of
scripts/bench. What the constants are held to is tests/device/estimates_test.py, on models of another seed.
"""

import argparse
import concurrent.futures
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "scripts"))
from benchmark import random_cases  # noqa: E402

TARGETS = {"cortex-m0plus": "Cortex-M0+", "cortex-m4f": "Cortex-M4", "atmega328p": "ATmega328P", "rv32imc": "RV32IMC"}
N_COUNTS = 4
N_PARTS = 8
SMALL_PROGRAM = 320  # bytes: 10 % of it is the error that smaller ones may have
SMALLEST_CODE = 64  # less is a model that a compiler sees through: one class
PULL = 3e-3
FIRST = (30.0, 4.0, 0.0, 0.0)  # what a count is taken for where no model has it; twice that on AVR


def measure(options, family, file, arguments):
    """A row for each target; none for what emlc refuses."""
    header = file.with_suffix(".h")
    done = subprocess.run([options.emlc, "convert", file, *arguments, "--name", "m", "-o", header, "-q"],
                          capture_output=True, check=False, timeout=60)
    if done.returncode != 0:
        return []
    feature = json.loads(file.read_text())["input"].get("dtype", "float32")
    pieces = json.loads(subprocess.run([options.pieces, feature, "m", header], capture_output=True, text=True,
                                       check=True).stdout)
    checked = subprocess.run([options.emlc, "check", file, *arguments, "--to", "c", "--measure", "--include",
                              SOURCE / "runtime/src", "--target", ",".join(TARGETS), "--format", "json"], capture_output=True, text=True, check=True).stdout
    now = json.loads(checked)["models"][0]["now"]
    tables = sum(size for part, size in now["parts"].items() if part != "code (estimate)")
    rows = []
    for target, title in TARGETS.items():
        flash = now["targets"].get(target, {}).get("flash")
        if flash is None:
            continue
        found = pieces[title]
        rows.append({"family": family, "target": target, "level": "fast" if "--optimize=speed" in arguments else "small",
                     "flash": flash, "code": flash - tables - found["libraries"], "pieces": found["pieces"]})
    return rows


def measure_all(options):
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        work = list(random_cases.make_up(options.models, options.seed, options.cases, pathlib.Path(folder)))
        return [row for rows in pool.map(lambda model: measure(options, *model), work) for row in rows]


def scale(row):
    return max(row["flash"], SMALL_PROGRAM)


def first_guess(target):
    return numpy.array(FIRST) * (2 if target == "atmega328p" else 1)


def fit(rows, names, guess):
    """[piece][count] bytes: least squares of relative errors, weighed again until they are about absolute values."""
    lines = numpy.zeros((len(rows), len(names) * N_COUNTS))
    for index, row in enumerate(rows):
        for name, counts in row["pieces"].items():
            first = names.index(name) * N_COUNTS
            lines[index, first:first + N_COUNTS] = numpy.array(counts) / scale(row)
    wanted = numpy.array([row["code"] / scale(row) for row in rows])
    pull = numpy.eye(len(names) * N_COUNTS) * PULL
    weights = numpy.ones(len(rows))
    for _ in range(30):
        solved = numpy.linalg.lstsq(numpy.vstack([lines * weights[:, None], pull]),
                                    numpy.concatenate([wanted * weights, pull @ guess.ravel()]), rcond=None)[0]
        weights = 1 / numpy.sqrt(numpy.maximum(numpy.abs(lines @ solved - wanted), 0.03))
    return solved.reshape(len(names), N_COUNTS)


def fit_target(rows, names, target):
    """{level: constants}; what -O2 does not say is as at -Os."""
    of = {level: [row for row in rows if (row["target"], row["level"]) == (target, level)] for level in ("small", "fast")}
    small = fit(of["small"], names, numpy.tile(first_guess(target), (len(names), 1)))
    return {"small": small, "fast": fit(of["fast"], names, small)}


def error(row, constants, names):
    """Relative; 0 within 32 bytes."""
    code = sum(numpy.dot(counts, constants[names.index(name)]) for name, counts in row["pieces"].items())
    difference = max(code, 0) - row["code"]
    return 0.0 if abs(difference) <= 32 else difference / row["flash"]


def print_reached(rows, names):
    errors = {}
    for part in range(N_PARTS):
        others = [row for index, row in enumerate(rows) if index // len(TARGETS) % N_PARTS != part]
        constants = {target: fit_target(others, names, target) for target in TARGETS}
        for row in (row for index, row in enumerate(rows) if index // len(TARGETS) % N_PARTS == part):
            errors.setdefault((row["family"], row["target"]), []).append(
                error(row, constants[row["target"]][row["level"]], names))
    for (family, target), found in sorted(errors.items()):
        print(f"{family} on {target}: {numpy.mean(numpy.abs(found) <= 0.1):.0%} of {len(found)} within 10 %, "
              f"furthest {max(found, key=abs):+.0%}", file=sys.stderr)


def number(value):
    return f"{round(float(value), 1) + 0.0:g}"


def print_rows(rows, names):
    constants = {target: fit_target(rows, names, target) for target in TARGETS}
    for index, name in enumerate(names):
        levels = [", ".join(number(value) for target in TARGETS for value in constants[target][level][index])
                  for level in ("small", "fast")]
        print(f'      PieceBytes{{"{name}", {{{levels[0]}}}, {{{levels[1]}}}}},')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--emlc", required=True)
    parser.add_argument("--models", required=True)
    parser.add_argument("--pieces", required=True)
    parser.add_argument("--seed", type=int, default=77)
    parser.add_argument("--cases", type=int, default=700)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    if options.keep and options.keep.exists():
        rows = json.loads(options.keep.read_text())
    else:
        rows = measure_all(options)
        if options.keep:
            options.keep.write_text(json.dumps(rows))
    rows = [row for row in rows if row["flash"] >= SMALLEST_CODE]
    names = sorted({name for row in rows for name in row["pieces"]})
    print_reached(rows, names)
    print_rows(rows, names)


if __name__ == "__main__":
    main()
