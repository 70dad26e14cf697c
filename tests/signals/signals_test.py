#!/usr/bin/env python3
"""`emlc features` against truth_signals.py: bundled recordings of har.signal.json, and documents that nobody wrote by hand.

    signals_test.py [--first SEED] [--cases N] [--recordings FOLDER]

Integers have to be the same; floats within 4 steps of float32 for each sample of the window, those of spectra within what
truth_spectra.py allows. The first seed is the date;
a failure names the seed, with which it comes again.
"""

import argparse
import collections
import csv
import datetime
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

import documents
import told
import truth_signals
import truth_spectra

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent / "data/signals"
EMLC = os.path.abspath(os.environ["EMLC"])
STEP = 2.0**-23
STEPS_FOR_A_SAMPLE = 4
# What a document at random may be refused for.
REFUSALS = ("needs sums of", "is not good enough for this filter", "the lag is")


def emlc(*arguments):
    return subprocess.run([EMLC, *map(str, arguments)], capture_output=True, text=True, check=False)


def printed(*arguments):
    done = emlc(*arguments)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return done.stdout


def table_of(document, recording):
    """Names of columns, and rows of texts."""
    lines = list(csv.reader(io.StringIO(printed("features", document, "-q", "-i", recording, "-o", "-"))))
    return lines[0], lines[1:]


def facts_of(document):
    return json.loads(printed("inspect", document, "--json"))


def problem(text, truth, type_, n):
    """Why a value is not what the truth says; empty when it is."""
    value, scale = truth
    if isinstance(scale, truth_spectra.Allowed):
        return "" if scale(float(text), value) else f"{text} instead of {value!r}, {scale.off:.3g} allowed"
    if scale is None and type_ != "float32":
        return "" if int(text) == value else f"{text} instead of {value}"
    if scale is None:  # too long for an integer
        return "" if np.float32(text) == np.float32(value) else f"{text} instead of {value}"
    allowed = STEPS_FOR_A_SAMPLE * n * STEP * max(abs(value), scale)
    return "" if abs(float(text) - value) <= allowed else f"{text} instead of {value!r}, {allowed:.3g} allowed"


def compare(document_path, document, recording_path, frames, found):
    facts = facts_of(document_path)
    types = [row["type"] for row in facts["features"]]
    names, rows = table_of(document_path, recording_path)
    truth = truth_signals.features(document, frames, truth_signals.filters_of(facts))
    if len(rows) != len(truth):
        raise RuntimeError(f"{len(rows)} rows instead of {len(truth)}")
    for index, (row, expected) in enumerate(zip(rows, truth)):
        if names != list(expected):
            raise RuntimeError(f"columns {names} instead of {list(expected)}")
        for name, text, type_ in zip(names, row, types):
            wrong = problem(text, expected[name], type_, document["window"]["length"])
            if wrong:
                raise RuntimeError(f"window {index}, {name}: {wrong}")
            found["integers" if expected[name][1] is None else "floats"] += 1
    found["windows"] += len(rows)


def try_random(seed, folder, found):
    document, bounds = documents.document(seed)
    frames = documents.recording(seed, document, bounds)
    path, recording = folder / "random.signal.json", folder / "random.npy"
    path.write_text(json.dumps(document))
    np.save(recording, frames)
    try:
        compare(path, document, recording, frames, found)
    except RuntimeError as refused:
        if any(words in str(refused) for words in REFUSALS):
            found["refused"] += 1
            return ""
        return f"seed {seed}: {refused}"
    return ""


def try_recordings(folder, found):
    path = DATA / "har.signal.json"
    document = json.loads(path.read_text())
    problems = []
    for recording in sorted(folder.glob("*.npy")):
        try:
            frames = np.load(recording)
        except (ValueError, EOFError):
            refusal = emlc("features", path, "-i", recording, "-o", "-").stderr
            if "is cut short" not in refusal:
                problems.append(f"{recording.name} is cut short, emlc says {refusal.strip()}")
            found["cut short"] += 1
            continue
        if len(frames) < document["window"]["length"]:
            continue
        try:
            compare(path, document, recording, frames, found)
            found["recordings"] += 1
        except RuntimeError as wrong:
            problems.append(f"{recording.name}: {wrong}")
    return problems


def main():
    today = int(datetime.date.today().strftime("%Y%m%d")) * 1000
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", type=int, default=int(os.environ.get("EMLC_SEED", today)))
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--recordings", type=pathlib.Path, default=DATA)
    arguments = parser.parse_args()
    found = collections.Counter()
    problems = try_recordings(arguments.recordings, found)
    with tempfile.TemporaryDirectory() as name:
        for seed in range(arguments.first, arguments.first + arguments.cases):
            wrong = try_random(seed, pathlib.Path(name), found)
            if wrong:
                problems.append(wrong)
    told.told(arguments.first, found, problems)


if __name__ == "__main__":
    main()
