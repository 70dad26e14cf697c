#!/usr/bin/env python3
"""Decision filters at random: the interpreter and the C of a header (both from the program of the variable DECISION_CODE)
against truth_decisions.py."""

import os
import pathlib
import random
import subprocess
import tempfile
import unittest

import truth_decisions

CODE = os.path.abspath(os.environ["DECISION_CODE"])
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Wdouble-promotion", "-Werror"]
COMPILERS = {"c": ["gcc", "-std=c99", "-O2", *STRICT], "cpp": ["g++", "-std=c++11", "-O2", *STRICT]}
SUFFIX = {"c": "c", "cpp": "cpp"}
MAIN = """
#include <stdint.h>
#include <stdio.h>
%s
int main(void) {
  %s state;
  int vote;
  %sbegin_decisions_(&state);
  while (scanf("%%d", &vote) == 1) printf("%%d\\n", %ssettle_(&state, vote));
  printf("%%zu\\n", sizeof state);
  return 0;
}
"""


def ran(command, text=""):
    return subprocess.run([str(word) for word in command], input=text, capture_output=True, text=True, check=True).stdout


def compiled(folder, language, text):
    source, program = folder / ("case." + SUFFIX[language]), folder / ("case_" + language)
    source.write_text(text)
    done = subprocess.run([*COMPILERS[language], str(source), "-o", str(program)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr + text)
    return program


def declared(rng):
    """A filter, and the words of the program for it."""
    smoothing = rng.choice(["none", "majority", "exponential"])
    n_votes = rng.choice([1, 2, 3, 5, 8, 17, 255])
    seconds = rng.choice([0, 0.25, 0.3, 1.28, 1.2801, 7, 200])
    n_classes, hop, rate = rng.choice([2, 3, 5, 40, 255, 300]), rng.choice([1, 4, 64]), rng.choice([10, 50.0, 100])
    decision = {"hold_seconds": seconds}
    if smoothing != "none":
        decision[smoothing] = n_votes
    return decision, n_classes, hop, rate, [smoothing, n_votes, seconds, n_classes, hop, rate]


def stream_of_votes(rng, n_classes):
    votes, some = [], rng.sample(range(-1, n_classes), min(n_classes + 1, 4))
    while len(votes) < 400:
        votes += [rng.choice(some)] * rng.randint(1, 9)
    return votes


class Decisions(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_random_filters(self):
        kinds = set()
        for seed in range(40):
            rng = random.Random(seed)
            decision, n_classes, hop, rate, words = declared(rng)
            votes = stream_of_votes(rng, n_classes)
            expected = truth_decisions.settled(decision, n_classes, hop, rate, votes)
            kinds.add((words[0], len(set(expected)) > 1))
            given = " ".join(map(str, votes))
            found = [int(word) for word in ran([CODE, "decide", *words], given).split()]
            self.assertEqual(found, expected, (seed, words))
            if seed % 5 != 0:
                continue  # compiling takes longer than all else
            for language, prefix in [("c", "t_"), ("cpp", "")]:
                code = ran([CODE, *words, language])
                program = compiled(self.folder, language, MAIN % (code, prefix + "decisions", prefix, prefix))
                *found, size = [int(word) for word in ran([program], given).split()]
                self.assertEqual(found, expected, (seed, words, language))
                self.assertIn(f"/* ram: {size} */", code)
        self.assertLessEqual({("none", True), ("majority", True), ("exponential", True)}, kinds)

    def test_votes(self):
        rows = [[0.3, 0.1, 0.6], [0.5, 0.3, 0.2], [0.1, 0.3, 0.1], [0.7, 0.1, 0.2], [1 / 3, 1 / 3, 1 / 3], [0, 0.2, 0]]
        for least in (0.2, 0.3, 1e-9):
            found = ran([CODE, "vote", least, "argmax", 0, 3], " ".join(str(v) for row in rows for v in row)).split()
            self.assertEqual([int(word) for word in found],
                             [truth_decisions.vote(row, least, None) for row in rows], least)
        found = ran([CODE, "vote", 0.1, "greater", 0.5, 1], "0.4 0.41 0.5 0.6 0.59 nan").split()
        self.assertEqual(found, ["0", "-1", "-1", "1", "-1", "-1"])
        self.assertEqual(ran([CODE, "vote", 0.1, "argmax", 0, 3], "nan 1 0  0 nan 1  1 0 nan").split(), ["-1"] * 3)


if __name__ == "__main__":
    unittest.main()
