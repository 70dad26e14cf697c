#!/usr/bin/env python3
"""`emlc check --measure` gives what scripts/benchmark measures by a program and a build of its own.

usage: sizes_test.py --emlc PROGRAM --work FOLDER [--all] [--required]

Of the rows of the benchmark and of the golden models one in SHARE, with --all every one.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "scripts"))

from benchmark import measure, subjects  # noqa: E402
from devices import machines  # noqa: E402

SKIPPED = 77
SHARE = 3
MODELS, GOLDEN = SOURCE / "tests/data/models", SOURCE / "tests/golden"

# emlc's targets, and those of the benchmark that are compiled in the same way.
TARGETS = {"cortex-m0plus": "m0", "cortex-m4f": "m4s", "atmega328p": "avr"}
# Targets that the benchmark does not have: close to another one, in bytes of each byte of it.
NEIGHBOURS = (("cortex-m33", "cortex-m4f", 0.95, 1.05), ("cortex-m7", "cortex-m4f", 0.95, 1.05),
              ("rv32imc", "cortex-m0plus", 0.8, 2.0))
SUBJECTS = ("digits hard size", "digits soft size", "digits clusters", "cancer i16 size", "diabetes size",
            "mlp int8 size", "sos q15 size")
MOST_OF_FRAMES = 84  # bytes of the RAM that emlc estimates that are frames, which other targets may not need
MOST_OF_CPP = 48  # bytes that the C++ header of the same model may differ by
MOST_OF_CALL = 80  # bytes that a call into a source of its own takes more than one that the compiler sees through
MOST_OF_INITIALISATION = 60  # bytes; the benchmark only filters, a program has to initialise too


ALL = {"c": [*TARGETS, *(row[0] for row in NEIGHBOURS)], "cpp": ["cortex-m0plus", "cortex-m4f"]}  # those with <array>


def emlc_sizes(emlc, model, options, output="c"):
    done = subprocess.run([emlc, "check", model, *options, "--to", output, "--measure", "--target",
                           ",".join(ALL[output]), "--format", "json"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{model}, {output}: {done.stderr}")
    return json.loads(done.stdout)["models"][0]["now"]



def wrong_numbers(subject, given, expected):
    """Sentences; `expected` has the flash of the benchmark by target."""
    initialisation = MOST_OF_INITIALISATION if subject.inputs == "signal" else 0
    for name, sizes in given.items():
        if sizes["source"] != "measured" or sizes["ram"] != sizes["data"] + sizes["bss"] + sizes["stack"]:
            yield f"{subject.name}, {name}: {sizes}"
    for name, flash in expected.items():
        if not flash <= given[name]["flash"] <= flash + initialisation:
            yield f"{subject.name}, {name}: flash is {given[name]['flash']}, the benchmark measures {flash}"
    for name, other, lowest, highest in NEIGHBOURS:
        ratio = given[name]["flash"] / given[other]["flash"]
        if not lowest <= ratio <= highest and subject.family == "trees":
            yield f"{subject.name}, {name}: flash is {ratio:.2f} of that of {other}"


def check(emlc, subject, work):
    build = measure.Build(emlc, MODELS.parent, subject, work / subject.name.replace(" ", "_"))
    expected = {}
    for name, target in TARGETS.items():
        folder = build.folder / target
        folder.mkdir()
        expected[name] = measure.flash_and_ram(build, measure.TARGETS[target], folder)[0][0]
    model, options = MODELS / subject.model / "model.json", subject.options.split()
    given = emlc_sizes(emlc, model, options)["targets"]
    wrong = list(wrong_numbers(subject, given, expected))
    if subject.family == "trees":
        for name, sizes in emlc_sizes(emlc, model, options, "cpp")["targets"].items():
            if abs(sizes["flash"] - expected[name]) > MOST_OF_CPP:
                wrong.append(f"{subject.name}, {name}: the C++ header takes {sizes['flash']}, in C {expected[name]}")
        for name, sizes in emlc_sizes(emlc, model, [*options, "--source", "model.c"])["targets"].items():
            if not 0 <= sizes["flash"] - given[name]["flash"] <= MOST_OF_CALL:
                wrong.append(f"{subject.name}, {name}: with a source it takes {sizes['flash']}, without {given[name]['flash']}")
    return wrong


def check_forms(emlc, share):
    """Every form of the API is called, and no tables, arrays or states are left out."""
    for model in sorted(GOLDEN.glob("*/model.json"))[::share]:
        option = [f"--{line.replace(' ', '=', 1)}" for line in (model.parent / "options").read_text().splitlines()
                  if not line.startswith(("encoding ", "blob "))]  # which no command line has
        for output in ALL:
            now = emlc_sizes(emlc, model, option, output)
            tables = sum(size for part, size in now["parts"].items() if part != "code (estimate)")
            for name, sizes in now["targets"].items():
                if sizes["flash"] <= tables or sizes["ram"] < now["ram"] - MOST_OF_FRAMES:
                    yield f"{model.parent.name}, {output}, {name}: {sizes}, tables {tables}, RAM {now['ram']}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--emlc", required=True)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--required", action="store_true")
    options = parser.parse_args()
    riscv = machines.Machine("rv32imc", "", "riscv64-unknown-elf-", machines.RV32, machines.HOST.board)
    compiled = [measure.TARGETS[name].machine for name in TARGETS.values()] + [riscv]
    missing = {tool for machine in compiled  # nothing is run: no simulator is needed
               for tool in dataclasses.replace(machine, board=machines.HOST.board).missing_tools()}
    if missing:
        print(f"not installed: {', '.join(sorted(missing))}")
        return 1 if options.required or os.environ.get("CI") else SKIPPED
    share = 1 if options.all else SHARE
    names = SUBJECTS[::share]
    wrong = [text for subject in subjects.SUBJECTS if subject.name in names
             for text in check(options.emlc, subject, options.work)]
    wrong += check_forms(options.emlc, share)
    print("\n".join(wrong) or f"{len(names)} headers take on all targets what the benchmark measures")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
