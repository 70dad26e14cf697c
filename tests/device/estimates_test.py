#!/usr/bin/env python3
"""What emlc estimates for trees is what their headers take when they are linked, for models that no constant was fitted to.

usage: estimates_test.py --emlc PROGRAM --work FOLDER [--required]

Ensembles from a generator (scripts/benchmark/ensembles.py) in every layout at -Os and -O2, on each target that has an
estimate, and votes of those with few classes: nine tenths of the numbers of flash are within 10 %, and none is further
off than 30 %. RAM on a Cortex-M0+ within 10 % or 32 bytes, for a model of every other kind too.
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

from benchmark import ensembles, measure  # noqa: E402
from devices import machines  # noqa: E402

SKIPPED = 77
MODELS = SOURCE / "tests/data/models"
TARGETS = {"cortex-m0plus": "m0", "cortex-m4f": "m4s", "atmega328p": "avr"}
RAM_TARGET = "cortex-m0plus"
GOOD_FLASH, SHARE_OF_GOOD, MOST_OF_FLASH = 0.10, 0.90, 0.30
MOST_OF_RAM, MOST_BYTES_OF_RAM = 0.10, 32

#         kind, type, trees, depth, features, outputs
ENSEMBLES = (("boosted_classes", "float32", 50, 3, 9, 1), ("boosted_classes", "int16", 30, 4, 14, 1),
             ("boosted_classes", "uint8", 36, 3, 20, 3), ("boosted_number", "float32", 25, 5, 13, 1),
             ("boosted_number", "uint8", 40, 4, 30, 1), ("boosted_number", "int32", 30, 4, 10, 1),
             ("forest", "float32", 8, 7, 12, 3), ("forest", "int16", 12, 5, 25, 2), ("forest", "uint8", 15, 6, 40, 5),
             ("forest", "uint8", 4, 4, 6, 200))
OPTIONS = (("--layout", "inline"), ("--layout", "inline", "--optimize", "speed"), (), ("--optimize", "size"),
           ("--layout", "table", "--optimize", "speed"))
VOTES = (("--layout", "inline", "--voting", "hard"), ("--layout", "inline", "--voting", "hard", "--optimize", "speed"))
FEW_CLASSES = 10  # counters of more are an array, whose code no constant was fitted to
OTHERS = (("digits_mlp", ()), ("digits_mlp", ("--weights", "int8")), ("digits_mlp", ("--weights", "int16")),
          ("diabetes_mlpr", ()), ("diabetes_mlpr", ("--weights", "int8")), ("aweight_16k", ()),
          ("aweight_16k", ("--arithmetic", "q31")), ("butter4_1k_16k", ("--arithmetic", "q15")),
          ("digits_rf10", ("--voting", "hard")), ("digits_rf10", ("--voting", "hard", "--optimize", "speed")),
          ("iris_dt", ()))
GOLDEN = ("scalers", "xor_gate", "jury", "ripeness", "frost", "drift", "labels", "gesture_int8")


def sizes(emlc, model, options):
    command = [emlc, "check", model, *options, "--to", "c", "--target", ",".join(TARGETS), "--format", "json"]
    answers = []
    for more in ((), ("--measure",)):
        done = subprocess.run([*command, *more], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"{model} {options}: {done.stderr}")
        answers.append(json.loads(done.stdout)["models"][0]["now"])
    return answers


def ram_problem(estimated, measured):
    ram, found = estimated["ram"], measured["targets"][RAM_TARGET]["ram"]
    if abs(ram - found) > max(MOST_BYTES_OF_RAM, MOST_OF_RAM * found):
        yield f"RAM is estimated as {ram}, measured {found}"


def flash_errors(estimated, measured):
    """(sentence, relative error) of each target."""
    for target in TARGETS:
        if target not in measured["targets"]:
            continue  # its compiler makes no program of it: a jump that does not reach
        flash, found = estimated["targets"][target]["flash"], measured["targets"][target]["flash"]
        error = flash / found - 1
        yield f"flash on {target} is estimated as {flash}, measured {found} ({100 * error:+.0f} %)", error


def check(emlc, model, options, is_ensemble):
    """Sentences about RAM that is wrong, and (sentence, relative error) of flash."""
    estimated, measured = sizes(emlc, model, options)
    name = f"{model.parent.name}/{model.stem} {' '.join(options)}: "
    errors = flash_errors(estimated, measured) if is_ensemble else ()
    return [name + text for text in ram_problem(estimated, measured)], [(name + text, error) for text, error in errors]


def jobs(work):
    for seed, (kind, dtype, trees, depth, features, outputs) in enumerate(ENSEMBLES):
        model = work / f"{kind}_{dtype}_{trees}_{outputs}.json"
        ensembles.write(model, kind=kind, dtype=dtype, trees=trees, depth=depth, features=features, outputs=outputs,
                        seed=seed)
        for options in OPTIONS + (VOTES if kind == "forest" and outputs <= FEW_CLASSES else ()):
            yield model, options, True
    for name, options in OTHERS:
        yield MODELS / name / "model.json", options, False
    for name in GOLDEN:
        folder = SOURCE / "tests/golden" / name
        options = [f"--{line.replace(' ', '=', 1)}" for line in (folder / "options").read_text().splitlines()
                   if not line.startswith(("encoding ", "blob "))]  # which no command line has
        yield folder / "model.json", tuple(options), False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--emlc", required=True)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--required", action="store_true")
    options = parser.parse_args()
    compiled = [measure.TARGETS[name].machine for name in TARGETS.values()]
    missing = {tool for machine in compiled  # nothing is run: no simulator is needed
               for tool in dataclasses.replace(machine, board=machines.HOST.board).missing_tools()}
    if missing:
        print(f"not installed: {', '.join(sorted(missing))}")
        return 1 if options.required or os.environ.get("CI") else SKIPPED
    options.work.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda job: check(options.emlc, *job), jobs(options.work)))
    wrong = [text for texts, _ in found for text in texts]
    errors = [error for _, errors in found for error in errors]
    wrong += [text for text, error in errors if abs(error) > MOST_OF_FLASH]
    further = [text for text, error in errors if abs(error) > GOOD_FLASH]
    print("\n".join(further))
    print(f"{len(found)} headers; flash: {len(errors) - len(further)} of {len(errors)} numbers within {GOOD_FLASH:.0%}")
    if len(further) > (1 - SHARE_OF_GOOD) * len(errors):
        wrong.append(f"fewer than {SHARE_OF_GOOD:.0%} of the numbers of flash are within {GOOD_FLASH:.0%}")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
