"""The program emlc, which computes what a device will see."""

import json
import os
import shutil
import subprocess


def find(program=None):
    """The path of the program: what is given, the variable EMLC, or `emlc` on the PATH."""
    asked = program or os.environ.get("EMLC") or "emlc"
    found = shutil.which(str(asked))
    if found is None:
        raise ValueError("there is no program %r: install emlc, set the variable EMLC to its path, or give it as program=..."
                         % str(asked))
    return found


def run(program, arguments, renamed=()):
    """What the program prints. ValueError with its sentence where it refuses; `renamed` are paths of files that only stand
    for something that the caller gave, and what they are called instead."""
    done = subprocess.run([find(program), *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          universal_newlines=True, check=False)
    if done.returncode == 0:
        return done.stdout
    sentence = done.stderr.strip().splitlines()[0] if done.stderr.strip() else "ended with %d" % done.returncode
    for path, name in renamed:
        sentence = sentence.replace(str(path), name)
    raise ValueError(sentence[len("emlc: error: "):] if sentence.startswith("emlc: error: ") else sentence)


def inspected(program, path, renamed=()):
    """The facts of a document (docs/schemas/emlc.inspect.schema.json)."""
    return json.loads(run(program, ["inspect", path, "--json"], renamed))
