#!/usr/bin/env python3
"""An example as its README says, or a page of docs: each block of commands is run, in order, and where the next block
stands behind a line that ends in "prints", it is what a person sees of them: both streams.

    readme_test.py EXAMPLE WORK [--path FOLDER]... [--tool NAME]... [--required]

EXAMPLE is copied to WORK/examples, beside the test data and what is built, as in a clone; the commands of a page are run in
a folder of its name at the top of one. In the output bytes may be a tenth off, which
another compiler makes of it, and times are not compared. Blocks that name a tool or file that is not on the PATH, before
which each --path is put, are left out and said so; then it ends with 77, which ctest takes for skipped, or with --required as
failed."""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
INDENT = "    "
SECONDS = 300  # for one block
MEASURED = re.compile(r"([0-9][0-9 ]*(?:\.[0-9]+)?) (bytes|ms|us)\b")
BYTES_OFF = 0.1


def blocks(text):
    """[(the line of prose before it, lines without their indent)]; a block ends where prose goes on."""
    found, before, is_inside = [], "", False
    for line in text.splitlines():
        if line.startswith(INDENT):
            if not is_inside:
                found.append((before, []))
            found[-1][1].append(line[len(INDENT):])
            is_inside = True
        elif line.strip():
            before, is_inside = line.strip(), False
        elif is_inside:
            found[-1][1].append("")
    return [(before, "\n".join(lines).rstrip("\n")) for before, lines in found]


def is_output(before):
    return before.rstrip(":").endswith("prints")


def steps(text):
    """[(commands, what they print or None)]"""
    found = []
    for before, block in blocks(text):
        if not is_output(before):
            found.append((block, None))
        elif found and found[-1][1] is None:
            found[-1] = (found[-1][0], block)
        else:
            sys.exit(f"what prints '{block.splitlines()[0]}'?")
    return found


def fail(commands, printed, problem):
    sys.exit(f"{commands}\nprinted\n{printed}\n{problem}")


def measures(line):
    """[(number, unit)]"""
    return [(float(number.replace(" ", "")), unit) for number, unit in MEASURED.findall(line)]


def is_line(found, expected):
    words = [MEASURED.sub(r"N \2", line).split() for line in (found, expected)]
    return words[0] == words[1] and all(
        unit != "bytes" or abs(mine - theirs) <= BYTES_OFF * theirs
        for (mine, unit), (theirs, _) in zip(measures(found), measures(expected), strict=True))


def check(commands, printed, expected):
    found = [line.rstrip() for line in printed.splitlines()]
    lines = expected.splitlines()
    for number, (mine, theirs) in enumerate(zip(found, lines)):
        if not is_line(mine, theirs):
            fail(commands, printed, f"line {number + 1} is '{mine}', the README says '{theirs}'")
    if len(found) != len(lines):
        fail(commands, printed, f"which are {len(found)} lines, the README has {len(lines)}")


def is_there(name):
    return any(os.path.isfile(os.path.join(folder, name)) for folder in os.environ["PATH"].split(":"))


def missing_tools(commands, tools):
    words = set(re.findall(r"[\w.+-]+", commands))
    return [tool for tool in tools if tool in words and not is_there(tool)]


def run(commands, expected, folder):
    done = subprocess.run(["sh", "-euc", commands], cwd=folder, text=True, timeout=SECONDS, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode != 0:
        fail(commands, done.stdout, f"and ended with {done.returncode}")
    if expected is not None:
        check(commands, done.stdout, expected)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("example", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--path", action="append", default=[])
    parser.add_argument("--tool", action="append", default=[])
    parser.add_argument("--required", action="store_true")
    return parser.parse_args()


def main():
    given = arguments()
    shutil.rmtree(given.work, ignore_errors=True)
    if given.example.is_dir():
        page, neighbours = given.example / "README.md", ("tests", "build")
        folder = given.work / "examples" / given.example.name
        shutil.copytree(given.example, folder)
    else:
        page, neighbours = given.example, ("tests", "build", "examples")
        folder = given.work / given.example.stem
        folder.mkdir(parents=True)
    for neighbour in neighbours:
        (given.work / neighbour).symlink_to(SOURCE / neighbour)
    # python3 is the one that runs this: it has the libraries that the build asked for.
    (given.work / "bin").mkdir(parents=True)
    (given.work / "bin" / "python3").symlink_to(sys.executable)
    os.environ["PATH"] = ":".join([*map(os.path.abspath, [*given.path, given.work / "bin"]), os.environ["PATH"]])
    missing = set()
    for commands, expected in steps(page.read_text()):
        if lacking := missing_tools(commands, given.tool):
            missing.update(lacking)
            continue
        run(commands, expected, folder)
    if not missing:
        print(f"{given.example.name} prints what {page.name} says")
        return 0
    print(f"skipped: what {page.name} of {given.example.name} does with {', '.join(sorted(missing))}, which is not here")
    return 1 if given.required else 77


if __name__ == "__main__":
    sys.exit(main())
