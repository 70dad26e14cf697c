#!/usr/bin/env python3
"""What `emlc convert` estimates of headers with signals against arm-none-eabi-gcc: flash of the code that push and decide
reach with the tables behind it, and RAM, the state with the stack of push and decide, for a Cortex-M0+ at -Os.

    estimates_test.py [--required]

The header of scripts/bench, the example, and documents of documents.py with fixed seeds, whose models are votes of single
splits. Functions of libraries are not in the estimate, as emlc says, and not in what it is compared with. Stack is the
deepest chain of frames, by what the compiler says of each function; a function of a library counts 16 bytes. Exit code 77:
no compiler.
"""

import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile

import numpy as np

import compiled_test
import documents

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEEDS = range(100, 112)
FAR = 0.2  # of what is measured
FAR_FRAMES = 160  # bytes of the stack, where a window has not much more
SKIPPED = 77
GCC = ("arm-none-eabi-gcc", "-mcpu=cortex-m0plus", "-mthumb", "-Os", "-ffunction-sections", "-fdata-sections", "-w",
       "-ffp-contract=off")
LINK = ("--specs=nano.specs", "--specs=nosys.specs", "-Wl,--gc-sections,-e,main", "-nostartfiles", "-lm")
PROGRAM = """#include "m.h"
static m_state state;
static m_sample frames[64 * M_N_CHANNELS];
volatile int decision;
int main(void) {
  m_push(&state, frames, 64);
  decision = (int)m_decide(&state);
  return 0;
}
"""
LIBRARY_FRAME = 16


def random_model(seed, folder):
    """A document at random with a model, or None where it has none."""
    document, bounds = documents.document(seed)
    path, recording = folder / "document.json", folder / "recording.npy"
    path.write_text(json.dumps(document))
    np.save(recording, documents.recording(seed, document, bounds))
    try:
        rows = compiled_test.features_of(path, recording, folder)
    except compiled_test.Wrong as wrong:
        if any(words in str(wrong) for words in compiled_test.REFUSALS):
            return None
        raise
    names = [row["name"] for row in json.loads(compiled_test.run(compiled_test.EMLC, "inspect", path, "--json"))["features"]]
    votes = compiled_test.votes_of(rows)
    if not votes:
        return None
    (folder / "model.json").write_text(json.dumps(compiled_test.with_model(document, names, votes)))
    return folder / "model.json"


def estimated(model, folder, options):
    """(flash, RAM)"""
    told = json.loads(compiled_test.run(compiled_test.EMLC, "convert", model, "-q", "-o", folder / "m.h", "--name", "m",
                                        "--layout", "table", "--summary", "-", *options))
    return sum(part["bytes"] for part in told["parts"]), told["ram"]


def own_bytes(folder):
    """Of functions and tables of the header and of main, in a program that has what it calls."""
    compiled_test.run(*GCC, "program.c", "-o", "program", *LINK, cwd=folder)
    rows = [line.split() for line in compiled_test.run("arm-none-eabi-nm", "-S", folder / "program").decode().splitlines()]
    return sum(int(row[1], 16) for row in rows
               if len(row) == 4 and row[2] in "tTrR" and (row[3].startswith("m_") or row[3] == "main"))


def deepest(folder):
    """Bytes of the deepest chain of calls from main."""
    compiled_test.run(*GCC, "-c", "program.c", "-o", "program.o", "-fcallgraph-info=su", cwd=folder)
    graph = (folder / "program.ci").read_text()
    frames = {name: int(size) for name, size in re.findall(r'node: \{ title: "([^"]+)" label: "[^"]*\\n(\d+) bytes', graph)}
    calls = collections.defaultdict(set)
    for caller, callee in re.findall(r'sourcename: "([^"]+)" targetname: "([^"]+)"', graph):
        calls[caller].add(callee)

    def depth(name):
        return frames.get(name, LIBRARY_FRAME) + max((depth(callee) for callee in calls[name]), default=0)

    return depth("main")


def state_bytes(folder):
    (folder / "state.c").write_text('#include "m.h"\nconst char size[sizeof(m_state)] = {1};\n')
    compiled_test.run(*GCC, "-c", "state.c", "-o", "state.o", cwd=folder)
    rows = [line.split() for line in compiled_test.run("arm-none-eabi-nm", "-S", folder / "state.o").decode().splitlines()]
    return next(int(row[1], 16) for row in rows if row[-1] == "size")


def compare(name, model, folder, options=()):
    """Sentences about what is too far off."""
    flash, ram = estimated(model, folder, options)
    (folder / "program.c").write_text(PROGRAM)
    pairs = {"flash": (flash, own_bytes(folder)), "RAM": (ram, state_bytes(folder) + deepest(folder))}
    for what, (guess, truth) in pairs.items():
        print(f"{name}: {what} {guess} estimated, {truth} measured, {100 * (guess / truth - 1):+.1f} %")
    least = {"flash": 0, "RAM": FAR_FRAMES}
    return [f"{name}: {what} is off by more than {FAR:.0%}" for what, (guess, truth) in pairs.items()
            if abs(guess - truth) > max(FAR * truth, least[what])]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--required", action="store_true")
    arguments = parser.parse_args()
    if shutil.which(GCC[0]) is None:
        print(f"not installed: {GCC[0]}")
        return 1 if arguments.required or os.environ.get("CI") else SKIPPED
    problems, n_models = [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        problems += compare("har", ROOT / "tests/data/windows/har_rf/model.json", folder)
        problems += compare("gesture", ROOT / "examples/gesture/gesture.json", folder)
        for seed in SEEDS:
            model = random_model(seed, folder)
            if model is None:
                continue
            problems += compare(f"seed {seed}", model, folder, ("--features", "float"))
            n_models += 1
    if n_models < len(SEEDS) // 2:
        problems.append(f"only {n_models} of {len(SEEDS)} documents have a model")
    print("\n".join(problems) or "all within bounds")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
