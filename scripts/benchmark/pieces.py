#!/usr/bin/env python3
"""Fits the bytes that code of filters, scalers and tables of trees is estimated to take: prints code_terms.inc of
codegen/c/frame.

usage: pieces.py --emlc PROGRAM --models PROGRAM --pieces PROGRAM [--seed N] [--cases N] [--jobs N] [--keep FILE.json]

Takes models of the random generator (random_cases.py), counts the terms of their headers with `header_pieces`, a target
of builds with tests, and lets `emlc check --measure` link them. Functions of libraries are linked by their names and
taken off. For each kind of code, each target and level the terms are fitted by least squares of relative errors, weighed
again until they are about absolute values; those that make the least difference are left out. Says what the rest
reaches on models that a fit did not see: of five parts, each in turn. --keep stores what
was measured, and reads it again. Needs numpy and the compilers of scripts/bench. What the table is held to is
tests/device/code_estimates_test.py, on models of another seed.
"""

import argparse
import collections
import concurrent.futures
import json
import pathlib
import subprocess
import sys
import tempfile
import zlib

import numpy

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "scripts"))
from benchmark import libraries, random_cases  # noqa: E402

TITLES = {"cortex-m0plus": "Cortex-M0+", "cortex-m4f": "Cortex-M4", "atmega328p": "ATmega328P", "rv32imc": "RV32IMC"}
LIBRARIES = {"cortex-m0plus": "cortex_m0", "cortex-m4f": "cortex_m4", "atmega328p": "avr", "rv32imc": "riscv"}
LEVELS = ("small", "fast")
KINDS = ("scaler", "filter", "table")
GROUPS = [(target, level) for target in TITLES for level in LEVELS]
N_PARTS = 5
GOOD, GOOD_BYTES = 0.10, 32
MOST_TERMS = 48  # of a kind
SMALLEST = 64  # bytes of flash: less is a model that a compiler sees through
FEWEST = 3  # models that a term is in
NOISE = 0.3  # of an error that is still good
PIECE, DETAIL, LINE = 1000.0, 100.0, 10.0  # bytes that a term may well have


def measure(options, linked, kind, file, arguments):
    """A row for each target; none for what emlc refuses."""
    header = file.with_suffix(".h")
    done = subprocess.run([options.emlc, "convert", file, *arguments, "--name", "m", "-o", header, "-q"],
                          capture_output=True, check=False, timeout=120)
    if done.returncode != 0:
        return []
    terms = json.loads(subprocess.run([options.pieces, "m", header], capture_output=True, text=True, check=True).stdout)
    checked = subprocess.run([options.emlc, "check", file, *arguments, "--to", "c", "--measure", "--include",
                              SOURCE / "runtime/src", "--target", ",".join(TITLES), "--format", "json"],
                             capture_output=True, text=True, check=True).stdout
    now = json.loads(checked)["models"][0]["now"]
    tables = sum(size for part, size in now["parts"].items() if part != "code (estimate)")
    rows = []
    for target, title in TITLES.items():
        found = now["targets"].get(target, {})
        if "flash" not in found:
            continue
        library = linked(target, found.get("stack_without", []))
        rows.append({"name": file.stem, "kind": kind, "target": target,
                     "level": "fast" if "--optimize=speed" in arguments else "small", "flash": found["flash"],
                     "code": found["flash"] - tables - library, "terms": {"1": 1, **terms[title]}})
    return rows


class Linked:
    """Bytes of the functions of libraries, each set of them linked once."""

    def __init__(self):
        self.known = {}

    def __call__(self, target, symbols):
        key = (target, *sorted(symbols))
        if key not in self.known:
            self.known[key] = libraries.linked_bytes(LIBRARIES[target], symbols)
        return self.known[key]


def measure_all(options):
    linked = Linked()
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        work = list(random_cases.make_up(options.models, options.seed, options.cases, pathlib.Path(folder)))
        fitted = [model for model in work if model[0] in KINDS]
        return [row for rows in pool.map(lambda model: measure(options, linked, *model), fitted) for row in rows]


def scales(rows):
    return numpy.array([max(GOOD_BYTES, GOOD * row["flash"]) for row in rows])


def usual_size(name):
    if name[-1] in ";" or not (name[0].isalnum() and name[-1] not in "*+") or name.startswith(("M:", "c:")):
        return LINE
    return DETAIL if "#" in name else PIECE


def matrix(rows, names):
    index = {name: place for place, name in enumerate(names)}
    lines = numpy.zeros((len(rows), len(names)))
    for row, counts in enumerate(rows):
        for name, count in counts["terms"].items():
            if name in index:
                lines[row, index[name]] = count
    return lines


def fit(lines, code, scale, names):
    scaled, wanted = lines / scale[:, None], code / scale
    pull = numpy.diag([(NOISE / usual_size(name)) ** 2 for name in names])
    weights = numpy.ones(len(code))
    for _ in range(12):
        weighed = scaled * weights[:, None]
        solved = numpy.linalg.solve(scaled.T @ weighed + pull, weighed.T @ wanted)
        weights = NOISE / 2 / numpy.maximum(numpy.abs(scaled @ solved - wanted), NOISE / 2)
    return solved


def data_of(rows, names):
    return matrix(rows, names), numpy.array([float(row["code"]) for row in rows]), scales(rows)


def chosen_terms(groups):
    """Those that make the most difference between models, over all targets."""
    counts = collections.Counter(name for rows in groups.values() for row in rows for name in row["terms"])
    names = sorted(name for name, count in counts.items() if count >= FEWEST * len(TITLES))
    effects = numpy.zeros(len(names))
    for rows in groups.values():
        lines, code, scale = data_of(rows, names)
        effects += ((lines - lines.mean(0)) * fit(lines, code, scale, names) / scale[:, None]).std(0)
    effects[names.index("1")] = numpy.inf
    return sorted(names[place] for place in numpy.argsort(-effects)[:MOST_TERMS])


def unseen_errors(rows, names):
    lines, code, scale = data_of(rows, names)
    part = numpy.array([zlib.crc32(row["name"].encode()) % N_PARTS for row in rows])
    errors = numpy.zeros(len(rows))
    for seen in range(N_PARTS):
        others = part != seen
        errors[~others] = lines[~others] @ fit(lines[others], code[others], scale[others], names) - code[~others]
    return errors


def number(value):
    return f"{round(float(value), 1) + 0.0:g}"


def print_kind(kind, rows):
    groups = {group: [row for row in rows if (row["target"], row["level"]) == group] for group in GROUPS}
    names = chosen_terms(groups)
    columns = []
    for group, found in groups.items():
        lines, code, scale = data_of(found, names)
        columns.append(fit(lines, code, scale, names))
        errors = numpy.abs(unseen_errors(found, names))
        print(f"{kind} {group}: {numpy.mean(errors <= scale):.1%} of {len(found)} within {GOOD:.0%} or {GOOD_BYTES} "
              f"bytes", file=sys.stderr)
    for place, name in enumerate(names):
        print(f'TERM("{kind}", "{name}", {", ".join(number(column[place]) for column in columns)})')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--emlc", required=True)
    parser.add_argument("--models", required=True)
    parser.add_argument("--pieces", required=True)
    parser.add_argument("--seed", type=int, default=77)
    parser.add_argument("--cases", type=int, default=4000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    if options.keep and options.keep.exists():
        rows = json.loads(options.keep.read_text())
    else:
        rows = measure_all(options)
        if options.keep:
            options.keep.write_text(json.dumps(rows))
    rows = [row for row in rows if row["flash"] >= SMALLEST]
    print("// Generated by scripts/benchmark/pieces.py from linked programs: not to be edited by hand.")
    for kind in KINDS:
        print_kind(kind, [row for row in rows if row["kind"] == kind])


if __name__ == "__main__":
    main()
