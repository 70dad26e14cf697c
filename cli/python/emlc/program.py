"""The program, and how its options are written in Python."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys
from typing import Any, NamedTuple, Sequence

PACKAGED = pathlib.Path(__file__).parent / "bin" / ("emlc.exe" if os.name == "nt" else "emlc")


class Error(ValueError):
    """What the program refused; its sentence has the file, the place, what was found and what was expected."""


class OverBudget(Error):
    """The result takes more than `max_flash` or `max_ram`, and nothing was written."""


class Finished(NamedTuple):
    """A call of the program that was not refused."""

    status: int
    """0; 1 where something that was asked is not so, with a sentence in `complaint`"""
    printed: str
    complaint: str


def path() -> str:
    """The program: the variable EMLC, else the one that came with this package, else `emlc` on the PATH."""
    named = os.environ.get("EMLC")
    if named is None and PACKAGED.is_file():
        return str(PACKAGED)
    found = shutil.which(named or "emlc")
    if found is None:
        raise Error(f"there is no program {named or 'emlc'!r}: set the variable EMLC to its path")
    return found


def sentence(complaint: str) -> str:
    """The first line that says what is wrong, without who says it."""
    start = "emlc: error: "
    lines = complaint.strip().splitlines()
    return next((line[len(start):] for line in lines if line.startswith(start)), lines[-1] if lines else "")


def call(arguments: Sequence[str], renamed: Sequence[tuple[str, str]] = ()) -> Finished:
    """Runs the program. Error with its sentence where it refuses (exit code 2 and above); `renamed` are paths of files that
    only stand for something that the caller gave, and what they are called instead."""
    done = subprocess.run([path(), *arguments], stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
                          check=False)
    printed, complaint = done.stdout, done.stderr
    for file, name in renamed:
        printed, complaint = printed.replace(file, name), complaint.replace(file, name)
    if done.returncode not in (0, 1):
        raise Error(sentence(complaint) or f"emlc ended with {done.returncode}")
    return Finished(done.returncode, printed, complaint)


def options(keywords: dict[str, Any]) -> list[str]:
    """`leaf_bits=8, share_thresholds=True, target=["esp32", "rv32imc"]` as words of a command line; None and False are
    left out. The program knows which options there are, and says what was meant."""
    words: list[str] = []
    for name, value in keywords.items():
        if value is None or value is False:
            continue
        words.append("--" + name.replace("_", "-"))
        if isinstance(value, (list, tuple)):
            words.append(",".join(map(str, value)))
        elif value is not True:
            words.append(os.fspath(value) if isinstance(value, os.PathLike) else str(value))
    return words


def main() -> None:
    """What the command `emlc` of this package is: the program itself, in the place of this process."""
    if os.name == "nt":
        sys.exit(subprocess.call([path(), *sys.argv[1:]]))
    os.execv(path(), ["emlc", *sys.argv[1:]])
