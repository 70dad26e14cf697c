#!/usr/bin/env python3
"""Headers of documents with the key `decision` against truth_decisions.py: every kind of model that decides, each rule,
blocks of all sizes.

    decided_test.py [--first SEED] [--cases N] [--compiler CC] [--compiler-cpp CXX]

Features are those of `emlc features`, which other tests look at; the models are small ones at random, answered here in
float64. Where a device is exact, a margin that is just enough is among those that are seen; else the least margin is
between two of them. The first seed is the date; a failure names the seed.
"""

import argparse
import collections
import datetime
import json
import os
import pathlib
import random
import re
import subprocess
import tempfile

import numpy as np

import small_models
import told
import truth_decisions
from compiled_test import BLOCKS, EMLC, WARNINGS, Wrong, features_of, run

SIGNAL = {"format": "emlc-signal", "version": 1, "name": "walk",
          "input": {"channels": ["x", "y"], "dtype": "int16", "sample_rate": 50},
          "window": {"length": 16, "hop": 4},
          "features": [{"of": ["x", "y"], "take": ["mean", "std", "range"]}]}
CLASSES = ["rest", "walk", "run, fast"]

# Decisions in blocks of all sizes, of the first frames alone, and of windows of which every third is not asked about.
PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
static int replay(const SAMPLE *frames, size_t n, size_t block, int skip) {
  int last = -1, window = 0;
  size_t first, taken;
  INIT();
  if (DECIDE() != -1) return 3;
  for (first = 0; first < n; first += block) {
    const size_t size = n - first < block ? n - first : block;
    for (taken = 0; taken < size;) {
      taken += PUSH(frames + (first + taken) * N_CHANNELS, size - taken);
      if (!IS_COMPLETE()) {
        if (DECIDE() != last) return 4;
        continue;
      }
      ++window;
      if (skip > 0 && window % skip == 0) continue;
      last = DECIDE();
      printf("%d\\n", last);
      if (DECIDE() != last || PUSH(frames, 0) != 0 || DECIDE() != last) return 5;
    }
  }
  return 0;
}
int main(int n_words, char **words) {
  static SAMPLE frames[N_CHANNELS * 4000];
  const size_t n = fread(frames, N_CHANNELS * sizeof frames[0], 4000, stdin);
  int i, problem;
  for (i = 1; i < n_words; ++i) {
    problem = replay(frames, n, (size_t)atoi(words[i]), 0);
    if (problem != 0) return problem;
    puts("-");
  }
  return replay(frames, n, 5, 3);
}
"""
SPELLED = {"c": ("model.h", "program.c", ["-std=c99"], """#include "model.h"
typedef walk_sample SAMPLE;
static walk_state state;
enum { N_CHANNELS = WALK_N_CHANNELS };
#define INIT() walk_init(&state)
#define DECIDE() walk_decide(&state)
#define PUSH(frames, n) walk_push(&state, frames, n)
#define IS_COMPLETE() walk_is_complete(&state)
"""),
           "cpp": ("model.hpp", "program.cpp", ["-std=c++17"], """#include "model.hpp"
using SAMPLE = walk::sample;
static walk::state state;
enum { N_CHANNELS = walk::n_channels };
#define INIT() walk::init(state)
#define DECIDE() walk::decide(state)
#define PUSH(frames, n) walk::push(state, frames, n)
#define IS_COMPLETE() walk::is_complete(state)
""")}


def recorded(rng):
    """Rest, steps and runs by turns, at different levels."""
    parts = []
    while sum(map(len, parts)) < 640:
        level, spread = rng.choice([-300, 0, 400]), rng.choice([5, 60, 300])
        parts.append(level + spread * np.random.default_rng(rng.getrandbits(30)).normal(size=(rng.randint(8, 70), 2)))
    return np.concatenate(parts)[:640].astype(np.int16)


RULES = [["reject_below"], ["majority"], ["exponential"], ["hold_seconds"],
         ["reject_below", "majority", "hold_seconds"], ["reject_below", "exponential"],
         ["majority", "hold_seconds"], ["reject_below", "hold_seconds"]]


def least_margin(rng, margins, classes, is_exact):
    """One that is there where the device is exact, of more than one class where that can be: the sums of each have an end
    of their own. Else far from all of them."""
    seen = np.unique(margins[margins > 0])
    if len(seen) < 3:
        return 0.125
    if is_exact:
        shared = [one for one in seen[1:] if len(np.unique(classes[margins == one])) > 1]
        return float(str(rng.choice(shared or list(seen[1:]))))
    middle = seen[len(seen) // 5:len(seen) * 4 // 5 + 2]
    at = int(np.argmax(np.diff(middle)))
    return float(middle[at] + middle[at + 1]) / 2


class Case:
    """A document, a recording of it, and what is decided."""

    def __init__(self, seed, folder):
        rng = random.Random(seed)
        self.rng, self.folder = rng, folder
        kinds = list(small_models.KINDS)
        self.kind, self.rules = kinds[seed % len(kinds)], RULES[seed // len(kinds) % len(RULES)]
        if seed % 3 == 0:
            self.rules = rng.choice(RULES)
        n_outputs, make = small_models.KINDS[self.kind]
        self.n_classes = max(2, n_outputs)
        self.frames = recorded(rng)
        np.save(folder / "walk.npy", self.frames)
        (folder / "signal.json").write_text(json.dumps(SIGNAL))
        self.x = features_of(folder / "signal.json", folder / "walk.npy", folder).astype(np.float32)
        self.model, outputs, is_exact = make(rng, self.x)
        self.outputs = outputs
        self.threshold = 0.5 if n_outputs == 1 else None
        margins = np.array([truth_decisions.margin(row, self.threshold) for row in outputs], dtype=np.float32)
        self.classes = [int(row[0] > 0.5) if n_outputs == 1 else int(np.argmax(row)) for row in outputs]
        least = least_margin(rng, margins, np.array(self.classes), is_exact)
        self.decision = {"reject_below": least, "majority": rng.choice([2, 3, 5, 8]),
                         "exponential": rng.choice([1, 3, 6]), "hold_seconds": rng.choice([0.1, 0.16, 0.5, 1.3])}
        self.decision = {key: self.decision[key] for key in self.rules}
        least = self.decision.get("reject_below")
        self.votes = [one if least is None or truth_decisions.margin(row, self.threshold) >= float(np.float32(least))
                      else truth_decisions.NONE for one, row in zip(self.classes, outputs)]

    def decided(self, votes):
        filled = {"hold_seconds": 0} | self.decision
        hop, rate = SIGNAL["window"]["hop"], SIGNAL["input"]["sample_rate"]
        return truth_decisions.settled(filled, self.n_classes, hop, rate, votes)

    def document(self, **more):
        rule = {"rule": "argmax"} if self.threshold is None else {"rule": "greater", "threshold": 0.5}
        n_outputs = 1 if self.threshold is not None else self.n_classes
        names = [f"{channel}_{take}" for channel in "xy" for take in ("mean", "std", "range")]
        target = {"size": n_outputs, "class_names": CLASSES[:self.n_classes]}
        return {"format": "emlc-model", "version": 1, "name": "walk",
                "input": {"n_features": len(names), "dtype": "float32", "feature_names": names},
                "output": {"task": "classification", "n_outputs": n_outputs, "targets": [target], "decision": rule},
                "signal": SIGNAL, "decision": self.decision, "model": self.model} | more

    def vectors(self):
        """The first windows as a test vector."""
        n_windows = 30
        frames = self.frames[:SIGNAL["window"]["length"] + (n_windows - 1) * SIGNAL["window"]["hop"]]
        names = {truth_decisions.NONE: None} | dict(enumerate(CLASSES))
        return {"inputs": self.x[:2].astype(float).tolist(), "outputs": self.outputs[:2].tolist(),
                "atol": 1e-5, "rtol": 1e-5,
                "recordings": [{"frames": frames.tolist(), "features": self.x[:n_windows].astype(float).tolist(),
                                "predictions": [CLASSES[one] for one in self.classes[:n_windows]],
                                "decisions": [names[one] for one in self.decided(self.votes[:n_windows])]}]}


def convert(case, language, **more):
    (case.folder / "model.json").write_text(json.dumps(case.document(**more)))
    run(EMLC, "convert", case.folder / "model.json", "-q", "-o", case.folder / SPELLED[language][0])


def try_header(case, language, arguments):
    header, source, standard, spelled = SPELLED[language]
    convert(case, language)
    (case.folder / source).write_text(spelled + PROGRAM)
    compiler = arguments.compiler if language == "c" else arguments.compiler_cpp
    run(compiler, *standard, *WARNINGS, "-O1", "-ffp-contract=off", source, "-o", "program", "-lm", cwd=case.folder)
    said = run(case.folder / "program", *BLOCKS, input=case.frames.tobytes()).decode().split("-\n")
    whole, asked = case.decided(case.votes), case.decided([v for i, v in enumerate(case.votes) if i % 3 != 2])
    for block, text, expected in zip([*BLOCKS, "5, two windows of three"], said, [whole] * len(BLOCKS) + [asked]):
        if text.split() != [str(one) for one in expected]:
            raise Wrong(f"{text.split()} instead of {expected} in blocks of {block}, votes {case.votes}")


def verified(case, header, *more):
    done = subprocess.run([EMLC, "verify", case.folder / "model.json", header, *map(str, more)], capture_output=True,
                          text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def try_commands(case, found):
    """`run` prints decisions, the document's own are replayed, and `verify` sees a header that decides otherwise."""
    convert(case, "c", test_vectors=case.vectors())
    recording, header = case.folder / "walk.npy", case.folder / "model.h"
    lines = run(EMLC, "run", case.folder / "model.json", "-i", recording, "--outputs", "labels").decode().splitlines()
    names = [f'"{name}"' if "," in name else name for name in CLASSES] + [""]
    expected = [f"{names[one]},{names[decided]}" for one, decided in zip(case.classes, case.decided(case.votes))]
    if lines != ["label,decision", *expected]:
        raise Wrong(f"emlc run says {lines}")
    for more, what in (([], "test_vectors.recordings[0] frame by frame: 30 windows"),
                       (["-i", recording], "walk.npy and 1 more frame by frame: ")):
        code, text = verified(case, header, *more)
        if code != 0 or what not in text or "features and decisions the same" not in text:
            raise Wrong(f"emlc verify {more} says {text!r}")
    right = header.read_text()
    header.write_text(re.sub(r"(walk_settle_\(&state->settled, )walk_(ranked_)?voted_\(x\)", r"\g<1>0", right))
    is_other = any(one != 0 for one in case.decided(case.votes)[:30])
    code, text = verified(case, header)
    if is_other and (code != 1 or "test_vectors.recordings[0]: window" not in text):
        raise Wrong(f"emlc verify ends with {code} and {text!r} for a header whose decisions are others")
    vectors = case.vectors()
    decisions = vectors["recordings"][0]["decisions"]
    decisions[7] = next(name for name in CLASSES[:2] if name != decisions[7])
    (case.folder / "model.json").write_text(json.dumps(case.document(test_vectors=vectors)))
    done = subprocess.run([EMLC, "inspect", case.folder / "model.json"], capture_output=True, text=True, check=False)
    if done.returncode != 2 or "test_vectors.recordings[0].decisions[7]: is" not in done.stderr:
        raise Wrong(f"emlc inspect ends with {done.returncode} and {done.stderr!r} for a wrong decision")
    found["commands"] += 1


def main():
    today = int(datetime.date.today().strftime("%Y%m%d")) * 1000
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", type=int, default=int(os.environ.get("EMLC_SEED", today)))
    parser.add_argument("--cases", type=int, default=20)
    parser.add_argument("--compiler", default="gcc")
    parser.add_argument("--compiler-cpp", default="g++")
    arguments = parser.parse_args()
    found, problems = collections.Counter(), []
    for seed in range(arguments.first, arguments.first + arguments.cases):
        with tempfile.TemporaryDirectory() as name:
            try:
                case = Case(seed, pathlib.Path(name))
                try_header(case, "cpp" if seed % 4 == 3 else "c", arguments)
                if seed % 7 == 0:
                    try_commands(case, found)
                found[case.kind] += 1
                found["changes"] += sum(a != b for a, b in zip(case.decided(case.votes), case.decided(case.votes)[1:]))
            except Wrong as wrong:
                problems.append(f"seed {seed}: {wrong}")
    told.told(arguments.first, found, problems)


if __name__ == "__main__":
    main()
