#!/usr/bin/env python3
"""Headers of model documents with the key `signal` against `emlc features`: every feature of every window to the bit,
the decision that follows from it, and both the same whatever the sizes of the blocks.

    compiled_test.py [--first SEED] [--cases N] [--recordings FOLDER] [--compiler CC]

Documents are those of documents.py, and har.signal.json with the bundled recordings. The model is a vote of features, each
of which is above a value that it has in some window or is not; this file counts the votes by itself. The first seed is the
date; a failure names the seed. Where there is a compiler for ARM, the example of gestures is linked too, to show that push
and decide call nothing in float.
"""

import argparse
import collections
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import numpy as np

import documents
import told

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent / "data/signals"
EMLC = os.path.abspath(os.environ["EMLC"])
BLOCKS = (1, 7, 64, 1000)
WARNINGS = ["-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wsign-conversion", "-Wdouble-promotion", "-Werror"]
MOST_VOTES = 15
PLAIN = ["-O1", "-ffp-contract=off"]
# Whatever a compiler does for speed, this computer's fused products and sums too, the bits stay.
FAST = ["-O3", "-march=native", "-ffp-contract=fast"]
# Of compilers' libraries and of libm.
SOFT_FLOAT = re.compile(r"__aeabi_(f|d|cf|cd|i2f|i2d|ui2f|ui2d|l2f|l2d|ul2f|ul2d)|sqrt|__(add|sub|mul|div|float|fix)\w*[sd]f")
PROGRAM_ARM = """#include "gesture.h"
static gesture_state state;
static gesture_sample frame[GESTURE_N_CHANNELS];
volatile int said;
int main(void) {
  gesture_init(&state);
  for (;;) {
    gesture_push(&state, frame, 1);
    said = gesture_decide(&state);
  }
}
"""
# What a document at random may be refused for.
REFUSALS = ("needs sums of", "is not good enough for this filter", "the lag is")

PROGRAM_C = """#include "model.h"
#include <stdio.h>
#include <stdlib.h>
static walk_state state;
static double row[WALK_N_FEATURES + 1];
static int take(void) {
  walk_feature x[WALK_N_FEATURES];
  size_t i;
  if (!walk_features(&state, x)) return 1;
  for (i = 0; i < WALK_N_FEATURES; ++i) row[i] = (double)x[i];
  row[WALK_N_FEATURES] = walk_decide(&state);
  return fwrite(row, sizeof row, 1, stdout) != 1;
}
int main(int n_words, char **words) {
  const size_t block = (size_t)atoi(words[1]);
  walk_sample *frames = malloc(block * WALK_N_CHANNELS * sizeof *frames);
  size_t n;
  if (n_words != 2 || frames == NULL) return 2;
  walk_init(&state);
  if (walk_decide(&state) != -1) return 3;
  while ((n = fread(frames, WALK_N_CHANNELS * sizeof *frames, block, stdin)) > 0) {
    size_t taken = 0;
    while (taken < n) {
      taken += walk_push(&state, frames + taken * WALK_N_CHANNELS, n - taken);
      if (walk_is_complete(&state) && take()) return 4;
    }
    if (walk_push(&state, frames, 0) != 0) return 5;
  }
  free(frames);
  return 0;
}
"""
PROGRAM_CPP = """#include "model.hpp"
#include <cstdio>
#include <cstdlib>
#include <vector>
int main(int, char **words) {
  const std::size_t block = static_cast<std::size_t>(std::atoi(words[1]));
  std::vector<walk::sample> frames(block * walk::n_channels);
  walk::state state;
  walk::init(state);
  if (walk::decide(state) != -1) return 3;
  while (const std::size_t n = std::fread(frames.data(), walk::n_channels * sizeof(walk::sample), block, stdin)) {
    for (std::size_t taken = 0; taken < n;) {
      taken += walk::push(state, frames.data() + taken * walk::n_channels, n - taken);
      std::array<walk::feature, walk::n_features> x{};
      if (!walk::features(state, x)) continue;
      std::array<double, walk::n_features + 1> row{};
      for (std::size_t i = 0; i < x.size(); ++i) row[i] = static_cast<double>(x[i]);
      row[x.size()] = walk::decide(state);
      if (std::fwrite(row.data(), sizeof row, 1, stdout) != 1) return 4;
    }
  }
  return 0;
}
"""
FORMS = {"c": ("model.h", "program.c", PROGRAM_C, ["-std=c99"]),
         "cpp": ("model.hpp", "program.cpp", PROGRAM_CPP, ["-std=c++17"])}


class Wrong(Exception):
    """What is not as it should be."""


def run(*command, **how):
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False, **how)
    if done.returncode != 0:
        raise Wrong(f"{' '.join(map(str, command[:3]))}: exit code {done.returncode}: {done.stderr.decode()[-2000:]}")
    return done.stdout


def features_of(document, recording, folder):
    table = folder / "X.npy"
    run(EMLC, "features", document, "-q", "-i", recording, "-o", table)
    return np.load(table).astype(np.float64)


def votes_of(rows):
    """Columns and a value of each, which some window has."""
    columns = [column for column in range(rows.shape[1]) if np.isfinite(rows[:, column]).all()]
    picked = np.unique(np.linspace(0, len(columns) - 1, MOST_VOTES).round().astype(int)) if columns else []
    return [(columns[i], float(np.sort(rows[:, columns[i]])[len(rows) // 2])) for i in picked]


def decisions_of(rows, votes):
    """Is a majority of the columns above its value?"""
    return 2 * np.sum([rows[:, column] > value for column, value in votes], axis=0) > len(votes)


def with_model(document, names, votes):
    """The document of a model that says 1 where most of some features are above their thresholds."""
    trees = [{"feature": [column, -1, -1], "threshold": [value, 0, 0], "left": [1, -1, -1], "right": [2, -1, -1],
              "value": [None, [1, 0], [0, 1]]} for column, value in votes]
    return {"format": "emlc-model", "version": 1, "name": "walk",
            "input": {"n_features": len(names), "dtype": "float64", "feature_names": names},
            "output": {"task": "classification", "n_outputs": 2, "targets": [{"size": 2}],
                       "decision": {"rule": "argmax"}},
            "signal": document,
            "model": {"kind": "tree_ensemble", "compare": "<=", "feature_dtype": "float64",
                      "accumulate_dtype": "float64", "leaf": "vector", "aggregate": "mean", "missing": "none",
                      "trees": trees}}


def program_of(folder, language, layout, arguments):
    header, source, text, standard = FORMS[language]
    run(EMLC, "convert", folder / "model.json", "-q", "-o", folder / header, "--features", "double", "--layout", layout)
    (folder / source).write_text(text)
    compiler = arguments.compiler if language == "c" else arguments.compiler_cpp
    run(compiler, *standard, *WARNINGS, *arguments.flags, source, "-o", "program", "-lm", cwd=folder)
    return folder / "program"


def compare(program, frames, expected, decisions):
    for block in BLOCKS:
        found = np.frombuffer(run(program, block, input=frames.tobytes()), dtype=np.float64)
        found = found.reshape(-1, expected.shape[1] + 1)
        if len(found) != len(expected):
            raise Wrong(f"{len(found)} windows instead of {len(expected)} in blocks of {block}")
        same = (found[:, :-1] == expected) | (np.isnan(found[:, :-1]) & np.isnan(expected))
        if not same.all():
            window, column = np.argwhere(~same)[0]
            raise Wrong(f"window {window}, feature {column}: {found[window, column]!r} instead of "
                        f"{expected[window, column]!r} in blocks of {block}, {(~same).sum()} of {same.size} differ")
        if not np.array_equal(found[:, -1], decisions):
            raise Wrong(f"decisions differ in blocks of {block}")


def try_document(document, recordings, folder, languages, layout, arguments, found):
    """Returns nothing; raises Wrong."""
    path = folder / "document.json"
    path.write_text(json.dumps(document))
    tables = [features_of(path, recording, folder) for recording in recordings]
    names = [row["name"] for row in json.loads(run(EMLC, "inspect", path, "--json"))["features"]]
    rows = np.concatenate(tables)
    votes = votes_of(rows)
    if not votes:
        found["no feature is finite"] += 1
        return
    (folder / "model.json").write_text(json.dumps(with_model(document, names, votes)))
    for language in languages:
        program = program_of(folder, language, layout, arguments)
        for recording, table in zip(recordings, tables):
            compare(program, np.load(recording), table, decisions_of(table, votes))
            found["windows"] += len(table) * len(BLOCKS)
        found[f"{language} programs"] += 1
    if len(languages) > 1:
        try_commands(recordings[0], decisions_of(tables[0], votes), folder, found)


def try_commands(recording, decisions, folder, found):
    """`run` answers about the windows of a recording; `verify` pushes them through the header, and sees a wrong one."""
    labels = run(EMLC, "run", folder / "model.json", "-i", recording, "--outputs", "labels").decode().split()[1:]
    if [int(label) for label in labels] != [int(decision) for decision in decisions]:
        raise Wrong("emlc run decides otherwise")
    header = folder / "model.h"
    said = run(EMLC, "verify", folder / "model.json", header, "-i", recording).decode()
    if "features and decisions the same" not in said or not said.endswith("faithful\n"):
        raise Wrong(f"emlc verify says {said!r}")
    text = header.read_text()
    for right, other in (("sum += ", "sum -= "), ("rank++ = (uint8_t)rank", "rank++ = (uint8_t)(rank ^ 1)")):
        wrong = text.replace(right, other)
        if wrong == text:
            raise Wrong("nothing to make wrong in the header")
        header.write_text(wrong)
        done = subprocess.run([EMLC, "verify", folder / "model.json", header, "-i", recording], capture_output=True,
                              check=False)
        if done.returncode not in (1, 2):
            raise Wrong(f"emlc verify ends with {done.returncode} for a wrong header")
    found["commands"] += 4


def try_random(seed, folder, arguments, found):
    document, bounds = documents.document(seed)
    recording = folder / "random.npy"
    np.save(recording, documents.recording(seed, document, bounds))
    own = argparse.Namespace(**vars(arguments) | {"flags": FAST if seed % 3 == 0 else PLAIN})
    try:
        try_document(document, [recording], folder, ["cpp" if seed % 5 == 0 else "c"],
                     "table" if seed % 2 == 0 else "inline", own, found)
    except Wrong as wrong:
        if any(words in str(wrong) for words in REFUSALS):
            found["refused"] += 1
            return ""
        return f"seed {seed}: {wrong}"
    return ""


def extremes(n=448):
    """Recordings whose squared norms need 32 bits and whose differences need 33, all up, all down and in between."""
    generator = np.random.default_rng(5)
    rising = np.sort(generator.integers(0, 32768, (n, 3)), axis=0)
    steps = [np.where(np.arange(n) // k % 2 == 0, -32768, 0)[:, None] * np.ones(3) for k in (2, 3)]
    recordings = {"rising": rising, "falling": rising[::-1], "twos": steps[0], "threes": steps[1],
                  "anything": generator.integers(-32768, 32768, (n, 3)),
                  "ends": generator.choice([-32768, -32767, 0, 32767], (n, 3)), "lowest": np.full((n, 3), -32768),
                  "waves": np.abs(np.sin(np.arange(n) / 30) * 32767)[:, None] * np.ones(3)}
    return {name: frames.astype(np.int16) for name, frames in recordings.items()}


def try_recordings(folder, arguments, found):
    document = json.loads((DATA / "har.signal.json").read_text())
    recordings = []
    for path in sorted(arguments.recordings.glob("*.npy")):
        try:
            whole = len(np.load(path)) >= document["window"]["length"]
        except (ValueError, EOFError):
            continue  # cut short, which signals_test.py looks at
        if whole:
            recordings.append(path)
    for name, frames in extremes().items():
        recordings.append(folder / f"{name}.npy")
        np.save(recordings[-1], frames)
    found["recordings"] = len(recordings)
    try:
        try_document(document, recordings, folder, ["c", "cpp"], "table", arguments, found)
    except Wrong as wrong:
        return [f"har.signal.json: {wrong}"]
    return []


def try_soft_float(folder, found):
    """Push and decide of the example on a Cortex-M0+."""
    compiler = shutil.which("arm-none-eabi-gcc")
    if compiler is None:
        print("no arm-none-eabi-gcc: no link of the example")
        return []
    run(EMLC, "convert", HERE.parents[1] / "examples/gesture/gesture.json", "-q", "-o", folder / "gesture.h")
    (folder / "arm.c").write_text(PROGRAM_ARM)
    run(compiler, "-mcpu=cortex-m0plus", "-mthumb", "-Os", "-ffunction-sections", "-fdata-sections", "-nostartfiles",
        "--specs=nosys.specs", "-Wl,--gc-sections,-e,main", "arm.c", "-o", "arm", cwd=folder)
    names = [line.split()[-1] for line in run("arm-none-eabi-nm", folder / "arm").decode().splitlines()]
    floats = [name for name in names if SOFT_FLOAT.search(name)]
    found["links without soft float"] += not floats
    return [f"examples/gesture on a Cortex-M0+ calls {', '.join(floats)}"] if floats else []


def main():
    today = int(datetime.date.today().strftime("%Y%m%d")) * 1000
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", type=int, default=int(os.environ.get("EMLC_SEED", today)))
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--recordings", type=pathlib.Path, default=DATA)
    parser.add_argument("--compiler", default="gcc")
    parser.add_argument("--compiler-cpp", default="g++")
    arguments = parser.parse_args()
    arguments.flags = PLAIN
    found = collections.Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        problems = try_recordings(folder, arguments, found) + try_soft_float(folder, found)
        for seed in range(arguments.first, arguments.first + arguments.cases):
            wrong = try_random(seed, folder, arguments, found)
            if wrong:
                problems.append(wrong)
    told.told(arguments.first, found, problems)


if __name__ == "__main__":
    main()
