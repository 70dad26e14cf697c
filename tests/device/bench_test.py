#!/usr/bin/env python3
"""scripts/bench measures: a small tree, a filter and windows of a signal, whose costs are known well enough to see a broken measurement.

usage: bench_test.py --emlc PROGRAM [--required]
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "scripts"))

from benchmark import measure  # noqa: E402

SKIPPED = 77

# (subject, target, measure, lowest, highest): wide, as layouts and compilers change.
EXPECTED = (
    ("digits hard size", "m0", "flash", 1800, 6000),
    ("digits hard size", "m4s", "flash", 1800, 6000),
    ("digits hard size", "avr", "flash", 1800, 6000),
    ("digits hard size", "m0", "ram", 0, 64),
    ("digits hard size", "m0", "stack", 8, 400),
    ("digits hard size", "avr", "stack", 4, 400),
    ("digits hard size", "m0", "count", 200, 20000),
    ("digits hard size", "avr", "count", 400, 100000),
    ("digits hard size", "m0", "agreement", 1.0, 1.0),
    ("digits hard size", "avr", "agreement", 1.0, 1.0),
    ("har windows", "m0", "count", 60000, 120000),
    ("har windows", "m4f", "count", 40000, 80000),
    ("har windows", "avr", "count", 500000, 1600000),
    ("har windows", "m0", "memory", 1000, 1700),
    ("har windows", "avr", "memory", 1000, 2000),
    ("har windows", "m0", "code", 1500, 4200),
    ("har windows", "m0", "agreement", 1.0, 1.0),
    ("har windows", "avr", "agreement", 1.0, 1.0),
    ("sos float size", "m4f", "count", 5, 30),
    ("sos float size", "m4f", "largest_difference", 0.0, 1e-3),
)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--emlc", required=True)
    parser.add_argument("--required", action="store_true")
    options = parser.parse_args()
    missing = {tool for target in measure.TARGETS.values() for tool in target.machine.missing_tools()}
    if missing:
        print(f"not installed: {', '.join(sorted(missing))}")
        return 1 if options.required or os.environ.get("CI") else SKIPPED
    done = subprocess.run([sys.executable, SOURCE / "scripts/bench", "digits hard size", "sos float size", "har windows",
                           "--json", "--emlc", options.emlc], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stdout, done.stderr)
        return 1
    measured = json.loads(done.stdout)
    wrong = [f"{subject}, {target}: {name} is {measured[subject][target].get(name)}, expected {lowest} to {highest}"
             for subject, target, name, lowest, highest in EXPECTED
             if not lowest <= measured[subject][target].get(name, -1) <= highest]
    print("\n".join(wrong) or f"{len(EXPECTED)} numbers are plausible")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
