"""Makes a failing case small: smaller documents and fewer options as long as the same check fails."""

import json
import os
import pathlib
import subprocess
import tempfile
import time

import headers
import smaller


def shrunk(made, kind, failures_of, seconds):
    """A case that fails alike, the smallest that was found in the time. `failures_of(case, folder, compiler)` gives
    (case, kind, detail) for each check that fails."""
    compiler = _compiler(made, kind, failures_of)
    if compiler is None:  # it fails only among others
        return made
    end = time.monotonic() + seconds

    def still_fails(candidate):
        return time.monotonic() < end and kind in _kinds(candidate, compiler, failures_of)

    smaller = _step(made, still_fails)
    while smaller is not None:
        made, smaller = smaller, _step(smaller, still_fails)
    return made


def _kinds(made, compiler, failures_of):
    with tempfile.TemporaryDirectory() as folder:
        try:
            return {kind for _, kind, _ in failures_of(made, pathlib.Path(folder), compiler)}
        except (ArithmeticError, LookupError, TypeError, ValueError):  # no valid document any more
            return set()


def _compiler(made, kind, failures_of):
    return next((compiler for compiler in headers.COMPILERS if kind in _kinds(made, compiler, failures_of)), None)


def _step(made, still_fails):
    for candidate in _candidates(made):
        if still_fails(candidate):
            return candidate
    return None


def _candidates(made):
    for option in made["options"]:
        yield {**made, "options": {name: value for name, value in made["options"].items() if name != option}}
    if made["family"] == "combination":
        for model in smaller.combinations(made["document"]["model"]):
            yield {**made, "document": {**made["document"], "model": model}}
        return
    # One after the other: all smaller documents of a large one are gigabytes.
    with subprocess.Popen([os.environ["RANDOM_MODELS"], "reduce"], text=True, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        try:
            process.stdin.write(json.dumps(made["document"]))
            process.stdin.close()
            for line in process.stdout:
                yield {**made, "document": json.loads(line)}
        finally:
            process.kill()
