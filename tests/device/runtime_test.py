#!/usr/bin/env python3
"""What of the runtime works on big-endian machines too: the unit tests of its CSV loaders and of bytes.h, run there.

usage: runtime_test.py --work DIR --doctest DIR [--required]

DIR of --doctest has doctest/doctest.h. Exit code 1: a test fails; 77: the tools are not installed, which with
--required, or when the variable CI is set, is 1 too.
"""

import argparse
import dataclasses
import os
import pathlib
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "scripts"))

from devices import machines  # noqa: E402

SKIPPED = 77
TESTS = SOURCE / "tests"
SOURCES = (TESTS / "main.cpp", TESTS / "runtime/bytes_test.cpp", *sorted((TESTS / "runtime/csv").glob("*_test.cpp")))


def run_tests(machine, options):
    """What the tests say at their end; Failed when one fails."""
    folder = options.work / machine.name
    folder.mkdir(parents=True, exist_ok=True)
    # The computer's own headers come last: it may keep doctest beside those of its C library.
    flags = ("-std=c++20", f"-I{SOURCE}", f"-I{SOURCE / 'runtime/src'}", "-idirafter", options.doctest)
    machines.compile_program(machine, SOURCES, folder / "runtime_test", flags)
    done = machines.run(machine, folder / "runtime_test", b"", 0, 0)
    return done.answers.decode()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--doctest", required=True)
    parser.add_argument("--required", action="store_true")
    options = parser.parse_args()
    for row in machines.BIG_ENDIAN:
        machine = dataclasses.replace(row, compiler="g++")
        missing = machine.missing_tools()
        if missing:
            print(f"{machine.title}: not installed: {', '.join(missing)} (docs/development.md names the packages)")
            return 1 if options.required or os.environ.get("CI") else SKIPPED
        try:
            print(machine.title, run_tests(machine, options), sep="\n")
        except machines.Failed as problem:
            print(f"{machine.title}: {problem}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
