#!/usr/bin/env python3
"""Models that nobody wrote by hand, in every output, against the truth about the document.

    random_test.py --cases 300              the seed of the day
    random_test.py --seed N --case K        one case once more
    random_test.py --replay FILE            a failing document that was saved

EMLC is the program, RANDOM_MODELS the generator, RANDOM_FOLDER where failing documents are saved."""

import argparse
import collections
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import checks
import headers
import modules
import mutations
import shrink
from program import Failed, Refused

FOUND = pathlib.Path(__file__).resolve().parent / "found"
BATCH = 20  # headers in one program
FILES = ("csv", "tmdl", "py")


class Counts:
    def __init__(self):
        self.families, self.outputs, self.refusals = (collections.Counter() for _ in range(3))
        self.failures = []  # (made, kind, detail)

    def attempt(self, made, what, check):
        """What the check returns; None when it was refused or failed, which is counted."""
        try:
            result = check()
            self.outputs[what] += 1
            return result
        except Refused as refused:
            self.refusals[f"{what}: {refused}"] += 1
        except Failed as failed:
            self.failures.append((made, failed.kind, failed.detail))
        return None


def made_cases(seed, first, n):
    command = [os.environ["RANDOM_MODELS"], "cases", str(seed), str(first), str(n)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def check_modules(made, case, found, counts):
    """What modules are asked beyond what all outputs are."""
    if "py" in found and modules.compares_floats(case):
        counts.attempt(made, "py, infinite values", lambda: modules.check_beyond_tables(case))
    if (options := modules.options_in_integers(case)) is not None:
        counts.attempt(made, f"py, {case.family} in integers", lambda: modules.check_in_integers(case, options))


def check_batch(batch, compiler, folder, counts):
    """All outputs of the cases, their headers together in one program."""
    cases = [(made, checks.Case(made, folder / f"case{made['case']}")) for made in batch]
    found = {made["case"]: {} for made in batch}
    waiting = []
    for made, case in cases:
        counts.families[case.family] += 1
        counts.attempt(made, "run", lambda: checks.check_trained(case))
        for output in FILES:
            if (answers := counts.attempt(made, output, lambda: checks.check_file(case, output))) is not None:
                found[made["case"]][output] = answers
                counts.outputs[f"{output}, {case.family}"] += 1
                if made["case"] % 3 == 0 and output in checks.READ_BACK:
                    counts.attempt(made, f"changed {output}", lambda: mutations.check_file(case, output))
        check_modules(made, case, found[made["case"]], counts)
        language = compiler[1]
        header = counts.attempt(made, f"convert {language}",
                                lambda: checks.make_header(case, language, f"m{made['case']}"))
        if header is not None:
            waiting.append((made, case, header))
    failed = headers.run_each([header for _, _, header in waiting], compiler[0], folder) if waiting else {}
    for index, (made, case, header) in enumerate(waiting):
        if header.name in failed:
            counts.failures.append((made, failed[header.name].kind, failed[header.name].detail))
            if not (folder / f"{header.name}.out").exists():
                continue
        answers = counts.attempt(made, header.language, lambda: checks.check_header(case, header, folder))
        if answers is None:
            continue
        found[made["case"]][header.language] = answers
        if index % BATCH == 7 or len(waiting) == 1:
            counts.attempt(made, "changed header", lambda: mutations.check_header(case, header, compiler[0], folder, answers))
    for made, case in cases:
        counts.attempt(made, "alike", lambda: checks.check_alike(case, found[made["case"]]))


def check_alone(made, folder, compiler):
    """The failures of one case."""
    counts = Counts()
    check_batch([made], compiler, folder, counts)
    return counts.failures


def print_counts(counts, seed, n):
    print(f"{n} cases of seed {seed}")
    for title, counter in (("family", counts.families), ("output", counts.outputs), ("refused", counts.refusals)):
        for name, number in sorted(counter.items()):
            print(f"  {title:8} {number:6}  {name}")
    by_kind = collections.Counter(kind for _, kind, _ in counts.failures)
    for kind, number in by_kind.most_common():
        print(f"  {'failed':8} {number:6}  {kind}")


def report_failures(counts, seed, folder, seconds):
    """Saves one failure of each kind, made as small as the time allows, and says how to see it again."""
    for (_, kind), (made, detail) in {(made["case"], kind): (made, detail) for made, kind, detail in counts.failures}.items():
        print(f"case {made['case']}: {kind}: {detail[:600]}")
        print(f"  random_test.py --seed {seed} --case {made['case']}", flush=True)
    for made, kind in {kind: (made, kind) for made, kind, _ in reversed(counts.failures)}.values():
        smaller = shrink.shrunk(made, kind, check_alone, seconds)
        path = folder / f"seed{seed}_case{made['case']}_{''.join(c if c.isalnum() else '_' for c in kind)}.json"
        path.write_text(json.dumps({**smaller, "failure": kind}, indent=1) + "\n")
        print(f"{kind}, made small: random_test.py --replay {path}")


def saved_cases(paths):
    """Cases from files. Those without a number, which decides their inputs, get one that the generator does not give."""
    return [{"case": 10**9 + index} | json.loads(path.read_text()) for index, path in enumerate(sorted(paths))]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=int(datetime.date.today().strftime("%Y%m%d")))
    parser.add_argument("--case", type=int)
    parser.add_argument("--replay", type=pathlib.Path)
    parser.add_argument("--shrink-seconds", type=float, default=20.0)
    return parser.parse_args()


def main():
    given = arguments()
    saved = pathlib.Path(os.environ.get("RANDOM_FOLDER", "."))
    saved.mkdir(parents=True, exist_ok=True)
    if given.replay:
        cases = saved_cases([given.replay])
    elif given.case is not None:
        cases = made_cases(given.seed, given.case, 1)
    else:
        cases = made_cases(given.seed, given.first, given.cases)
        cases += saved_cases(FOUND.glob("*.json"))
    every_compiler = given.replay or given.case is not None
    counts = Counts()
    for first in range(0, len(cases), BATCH):
        batch = cases[first:first + BATCH]
        compilers = headers.COMPILERS if every_compiler else [headers.COMPILERS[first // BATCH % len(headers.COMPILERS)]]
        for compiler in compilers:
            with tempfile.TemporaryDirectory() as folder:
                check_batch(batch, compiler, pathlib.Path(folder), counts)
    print_counts(counts, given.seed, len(cases))
    report_failures(counts, given.seed, saved, 0.0 if given.replay else given.shrink_seconds)
    return 1 if counts.failures else 0


if __name__ == "__main__":
    sys.exit(main())
