#!/usr/bin/env python3
"""Blobs with a signal in the runtime against `emlc features`: every feature of every window to the bit of float32, the
decision that follows from it, and both the same whatever the sizes of the blocks.

    blobs_test.py [--first SEED] [--cases N] [--recordings FOLDER]

Documents, recordings and models are those of compiled_test.py. Two programs run every blob: one with plain flags and the
sanitizers, one with all that a compiler does for speed, this computer's fused products and sums too. What a blob says is
read back as a document, which has the same features. The first seed is the date; a failure names the seed.
"""

import argparse
import collections
import datetime
import json
import os
import pathlib
import subprocess
import tempfile

import numpy as np

import compiled_test as compiled
import documents
import told

HERE = pathlib.Path(__file__).resolve().parent
RUNTIME = HERE.parents[1] / "runtime/src"
PROGRAMS = {"plain": ["gcc", "-std=c99", "-O1", "-ffp-contract=off", "-fsanitize=address,undefined",
                      "-fno-sanitize-recover=all"],
            "fast": ["gcc", "-std=c99", "-O3", "-march=native", "-ffp-contract=fast"],
            "clang": ["clang", "-std=c99", "-O2", "-ffp-contract=fast", "-DEMLC_SMALL"]}
REFUSALS = compiled.REFUSALS + ("which a .tmdl does not carry",)


def programs(folder):
    """What is installed, by name."""
    made = {}
    for name, command in PROGRAMS.items():
        try:
            compiled.run(*command, *compiled.WARNINGS, f"-I{RUNTIME}", HERE / "pushed.c", "-o", folder / name, "-lm")
        except FileNotFoundError:
            continue
        made[name] = folder / name
    return made


def pushed(program, blob, frames, block, width):
    found = np.frombuffer(compiled.run(program, blob, block, input=np.ascontiguousarray(frames).tobytes()), np.float32)
    return found.reshape(-1, width)


def compare(program, blob, frames, expected, decisions):
    for block in compiled.BLOCKS:
        found = pushed(program, blob, frames, block, expected.shape[1] + 1)
        if len(found) != len(expected):
            raise compiled.Wrong(f"{len(found)} windows instead of {len(expected)} in blocks of {block}")
        same = (found[:, :-1] == expected) | (np.isnan(found[:, :-1]) & np.isnan(expected))
        if not same.all():
            window, column = np.argwhere(~same)[0]
            raise compiled.Wrong(f"window {window}, feature {column}: {found[window, column]!r} instead of "
                                 f"{expected[window, column]!r} in blocks of {block}, {(~same).sum()} of {same.size} "
                                 "differ")
        if not np.array_equal(found[:, -1], decisions):
            raise compiled.Wrong(f"decisions differ in blocks of {block}")


def without_spectra(document):
    """What a blob carries."""
    features = [entry for entry in document["features"] if "spectrum" not in entry]
    return document | {"features": features}


def try_document(document, recordings, folder, made, found, options=()):
    """Returns nothing; raises Wrong."""
    path, blob = folder / "document.json", folder / "model.tmdl"
    path.write_text(json.dumps(document))
    tables = [compiled.features_of(path, recording, folder).astype(np.float32) for recording in recordings]
    names = [row["name"] for row in json.loads(compiled.run(compiled.EMLC, "inspect", path, "--json"))["features"]]
    votes = compiled.votes_of(np.concatenate(tables).astype(np.float64))
    if not votes:
        found["no feature is finite"] += 1
        return
    model = compiled.with_model(document, names, votes)
    model["input"]["dtype"] = "float32"
    model["model"]["feature_dtype"] = "float32"
    (folder / "model.json").write_text(json.dumps(model))
    compiled.run(compiled.EMLC, "convert", folder / "model.json", "-q", "-o", blob, *options)
    for name, program in made.items():
        for recording, table in zip(recordings, tables):
            compare(program, blob, np.load(recording), table, compiled.decisions_of(table.astype(np.float64), votes))
            found["windows"] += len(table) * len(compiled.BLOCKS)
        found[f"{name} programs"] += 1
    try_back(blob, recordings[0], compiled.decisions_of(tables[0].astype(np.float64), votes), folder, options, found)


def try_back(blob, recording, decisions, folder, options, found):
    """emlc reads the blob as a document: it decides alike, and what it writes of it is the same blob."""
    labels = compiled.run(compiled.EMLC, "run", blob, "-i", recording, "--outputs", "labels").decode().split()[1:]
    if [int(label) for label in labels] != [int(decision) for decision in decisions]:
        raise compiled.Wrong("emlc run decides otherwise")
    again = folder / "again.tmdl"
    compiled.run(compiled.EMLC, "convert", blob, "-q", "-o", again, *options)
    if again.read_bytes() != blob.read_bytes():
        raise compiled.Wrong("the blob is another one when it is converted again")
    found["read back"] += 1


def try_random(seed, folder, made, found):
    document, bounds = documents.document(seed)
    recording = folder / "random.npy"
    np.save(recording, documents.recording(seed, document, bounds))
    try:
        try_document(without_spectra(document), [recording], folder, made, found,
                     ["--optimize", "speed"] if seed % 2 == 0 else [])
    except compiled.Wrong as wrong:
        if any(words in str(wrong) for words in REFUSALS):
            found["refused"] += 1
            return ""
        return f"seed {seed}: {wrong}"
    return ""


def try_recordings(folder, arguments, made, found):
    document = json.loads((compiled.DATA / "har.signal.json").read_text())
    recordings = []
    for path in sorted(arguments.recordings.glob("*.npy")):
        try:
            if len(np.load(path)) >= document["window"]["length"]:
                recordings.append(path)
        except (ValueError, EOFError):
            continue  # cut short, which signals_test.py looks at
    for name, frames in compiled.extremes().items():
        recordings.append(folder / f"{name}.npy")
        np.save(recordings[-1], frames)
    found["recordings"] = len(recordings)
    try:
        try_document(document, recordings, folder, made, found)
    except compiled.Wrong as wrong:
        return [f"har.signal.json: {wrong}"]
    return []


def main():
    today = int(datetime.date.today().strftime("%Y%m%d")) * 1000
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", type=int, default=int(os.environ.get("EMLC_SEED", today)))
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--recordings", type=pathlib.Path, default=compiled.DATA)
    arguments = parser.parse_args()
    found = collections.Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        made = programs(folder)
        problems = try_recordings(folder, arguments, made, found)
        for seed in range(arguments.first, arguments.first + arguments.cases):
            wrong = try_random(seed, folder, made, found)
            if wrong:
                problems.append(wrong)
    told.told(arguments.first, found, problems)


if __name__ == "__main__":
    main()
