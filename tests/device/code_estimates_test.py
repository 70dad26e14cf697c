#!/usr/bin/env python3
"""What emlc estimates for networks, filters, scalers and tables of trees is what their headers take when they are linked.

usage: code_estimates_test.py --emlc PROGRAM --models PROGRAM --work FOLDER [--cases N] [--required]

Models of the random generator with a seed that no constant was fitted to, and bundled ones, on every target that has an
estimate: SHARES of the numbers of flash are within 10 % or 32 bytes, and but for trees, some of which a compiler sees
through, none is further off than the second number. SHARES_OF_RAM are.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "scripts"))

from benchmark import measure, random_cases  # noqa: E402
from devices import machines  # noqa: E402

SKIPPED = 77
SEED = 5  # those of scripts/benchmark/pieces.py are others
BUNDLED = SOURCE / "tests/data/models"
MACHINES = ("m0", "m4s", "avr")
GOOD, GOOD_BYTES = 0.10, 32
SMALLEST = 64  # bytes of flash: less is a model that a compiler sees through
#          the smallest share within 10 % or 32 bytes, and the furthest of all
SHARES = {"cortex-m0plus": (0.85, 0.60), "cortex-m4f": (0.70, 1.00), "cortex-m33": (0.70, 1.00),
          "cortex-m7": (0.70, 1.00), "atmega328p": (0.70, 0.80), "rv32imc": (0.70, 0.60)}
SHARES_OF_RAM = {"cortex-m0plus": 0.80, "cortex-m4f": 0.75, "cortex-m33": 0.75, "cortex-m7": 0.75, "atmega328p": 0.75,
                 "rv32imc": 0.75}
OTHERS = (("digits_mlp", ()), ("digits_mlp", ("--weights", "int8")), ("digits_mlp", ("--weights", "int16")),
          ("diabetes_mlpr", ()), ("diabetes_mlpr", ("--weights", "int8")), ("aweight_16k", ()),
          ("aweight_16k", ("--arithmetic", "q31")), ("butter4_1k_16k", ("--arithmetic", "q15")))


def sizes(emlc, model, options):
    """What is estimated and what is measured; None for models that emlc refuses."""
    command = [emlc, "check", model, *options, "--to", "c", "--target", ",".join(SHARES), "--format", "json"]
    answers = []
    for more in ((), ("--measure", "--include", SOURCE / "runtime/src")):
        done = subprocess.run([*command, *more], capture_output=True, text=True, check=False)
        if done.returncode == 2 and not answers:
            return None
        if done.returncode != 0:
            sys.exit(f"{model} {options}: {done.stderr}")
        answers.append(json.loads(done.stdout)["models"][0]["now"]["targets"])
    return answers


def ram_rows(name, estimated, measured):
    """(target, is it good, sentence) of each estimate of RAM."""
    for target in SHARES_OF_RAM:
        said, found = estimated.get(target, {}).get("ram"), measured.get(target, {}).get("ram")
        if said is not None and found is not None:
            yield target, abs(said - found) <= max(GOOD_BYTES, GOOD * found), (
                f"{name}: RAM on {target} is estimated as {said}, measured {found}")


def check(emlc, model, options):
    """(target, relative error, sentence) of each estimate of flash, and what ram_rows gives."""
    found = sizes(emlc, model, options)
    if found is None:
        return [], []
    estimated, measured = found
    rows = []
    for target in SHARES:
        flash, linked = estimated.get(target, {}).get("flash"), measured.get(target, {}).get("flash", 0)
        if flash is None or linked < SMALLEST:  # or nothing: a compiler that refuses the header
            continue
        difference = flash - linked
        error = 0.0 if abs(difference) <= GOOD_BYTES else difference / linked
        rows.append((target, error, f"{model.parent.name}/{model.stem} {' '.join(options)}: flash on {target} is "
                                    f"estimated as {flash}, linked {linked} ({difference / linked:+.0%})"))
    return rows, [*ram_rows(f"{model.parent.name}/{model.stem} {' '.join(options)}", estimated, measured)]


def ram_problems(rows):
    for target, share in SHARES_OF_RAM.items():
        good = [is_good for of, is_good, _ in rows if of == target]
        print(f"{target}: RAM of {sum(good)} of {len(good)} within {GOOD:.0%} or {GOOD_BYTES} bytes")
        if sum(good) < share * len(good):
            yield f"{target}: RAM of fewer than {share:.0%} is within {GOOD:.0%} or {GOOD_BYTES} bytes"


def problems(rows):
    for target, (share, most) in SHARES.items():
        errors = [abs(error) for of, error, _ in rows if of == target]
        good = sum(error <= GOOD for error in errors)
        print(f"{target}: {good} of {len(errors)} within {GOOD:.0%} or {GOOD_BYTES} bytes, furthest {max(errors):.0%}")
        if good < share * len(errors):
            yield f"{target}: fewer than {share:.0%} are within {GOOD:.0%} or {GOOD_BYTES} bytes"
        yield from (text for of, error, text in rows if of == target and abs(error) > most and "/trees_" not in text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--emlc", required=True)
    parser.add_argument("--models", required=True)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--cases", type=int, default=120)
    parser.add_argument("--required", action="store_true")
    options = parser.parse_args()
    compiled = [measure.TARGETS[name].machine for name in MACHINES]
    missing = {tool for machine in compiled  # nothing is run: no simulator is needed
               for tool in dataclasses.replace(machine, board=machines.HOST.board).missing_tools()}
    if missing:
        print(f"not installed: {', '.join(sorted(missing))}")
        return 1 if options.required or os.environ.get("CI") else SKIPPED
    options.work.mkdir(parents=True, exist_ok=True)
    jobs = [(file, arguments) for _, file, arguments in
            random_cases.make_up(options.models, SEED, options.cases, options.work)]
    jobs += [(BUNDLED / name / "model.json", arguments) for name, arguments in OTHERS]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda job: check(options.emlc, *job), jobs))
    rows, ram = [row for rows, _ in found for row in rows], [row for _, rows in found for row in rows]
    print("\n".join(text for _, error, text in rows if abs(error) > GOOD))
    print("\n".join(text for _, is_good, text in ram if not is_good))
    wrong = [*problems(rows), *ram_problems(ram)]
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
