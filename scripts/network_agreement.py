"""Agreement with what Keras and TensorFlow.js answer to networks that they wrote themselves.

A folder LIBRARY-VERSION/CASE has the files (model.json, model.h5, model.keras), inputs X.npy and what predict gave, pred.npy.
What has to hold: values of the interpreter within 1e-5 of the library's, which adds in float32 in an order of its own, and
all classes; every output that emlc writes decides like the interpreter, and `emlc verify` finds it faithful, within the
bound that it states.
"""

import json
import pathlib
import subprocess
import tempfile

import numpy as np
from library_agreement import Refused, labels, numbers

FILES = ("model.json", "model.h5", "model.keras")
VALUES = 1e-5
SUFFIXES = {"c": "h", "cpp": "hpp", "tmdl-c": "c"}


def classes(emlc, path, values):
    """Of softmax the first largest output; each output of sigmoid decides for itself."""
    facts = json.loads(subprocess.run([emlc, "inspect", path, "--json"], capture_output=True, text=True).stdout)
    decided = values.argmax(axis=1)[:, None] if facts["output"]["decision"] == "argmax" else values > 0.5
    return [[str(int(label)) for label in row] for row in decided]


def check_interpreter(emlc, case, path):
    """The largest difference from the library."""
    expected = np.load(case / "pred.npy").astype(np.float64)
    found = numbers(emlc, path, "-i", case / "X.npy", "--outputs", "values")
    if found.shape != expected.shape:
        raise AssertionError(f"{found.shape} values, expected {expected.shape}")
    worst = np.abs(found - expected).max()
    if not np.allclose(found, expected, rtol=VALUES, atol=VALUES):
        raise AssertionError(f"values differ by {worst}")
    decided = labels(emlc, path, "-i", case / "X.npy")
    if decided is not None and decided != classes(emlc, path, expected):
        raise AssertionError("classes differ")
    return worst


def check_artifact(emlc, case, path, output, folder):
    """Its answers on the rows of the library, and what `emlc verify` finds."""
    emitted = [path, "-i", case / "X.npy", "--as-emitted", "--to", output]
    if labels(emlc, *emitted) != labels(emlc, path, "-i", case / "X.npy"):
        raise AssertionError(f"{output}: classes differ")
    artifact = folder / f"m.{SUFFIXES.get(output, output)}"
    for command in (["convert", path, "--to", output, "--name", "m", "-o", artifact, "-q"], ["verify", path, artifact]):
        finished = subprocess.run([emlc, *map(str, command)], capture_output=True, text=True)
        if finished.returncode == 2:
            raise Refused(finished.stderr.strip().splitlines()[-1])
        if finished.returncode != 0:
            raise AssertionError(f"{output}: {command[0]}: {(finished.stdout + finished.stderr).strip().splitlines()[-1]}")


def compare(emlc, case, path, outputs):
    """`equal`, `refused` or `different`, and a sentence. An output may say no, too."""
    notes = []
    try:
        worst = check_interpreter(emlc, case, path)
    except Refused as sentence:
        return "refused", str(sentence)
    except AssertionError as problem:
        return "different", str(problem)
    for output in outputs:
        with tempfile.TemporaryDirectory() as folder:
            try:
                check_artifact(emlc, case, path, output, pathlib.Path(folder))
            except Refused as sentence:
                notes.append(f"{output} refused: {sentence}")
            except AssertionError as problem:
                return "different", str(problem)
    return "equal", "; ".join([f"largest difference {worst:.1e}", *notes])
