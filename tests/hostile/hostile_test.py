#!/usr/bin/env python3
"""Bad files and command lines: exit code 2, one sentence with the place, nothing written, in a second and 512 MB.

    hostile_test.py            compares what emlc (the variable EMLC) says with sentences.txt, which is reviewed
    hostile_test.py --update   writes sentences.txt

The files are made here, so that each is a few words that say what is wrong with it.
"""

import argparse
import itertools
import multiprocessing
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

import binary_files
import commands
import json_files
import library_files
import network_files
import onnx_files
import signal_files
import text_files

HERE = pathlib.Path(__file__).resolve().parent
LIBRARIES = HERE.parent / "data/boosted"
SENTENCES = HERE / "sentences.txt"
EMLC = os.path.abspath(os.environ["EMLC"])
# The sanitizers take twice the time and several times the memory, so only what they find counts with them.
IS_SANITIZED = os.environ.get("EMLC_SANITIZE") == "ON"
# Without them seconds count, and other tests run beside this one.
N_PROCESSES = os.cpu_count() if IS_SANITIZED else 1
MOST_SECONDS, MOST_BYTES = (20.0, None) if IS_SANITIZED else (1.0, 512 << 20)
PARTS_OF_GRAPHS = "(model|functions|opset_import|graph|node|initializer|sparse_initializer|input|output|layers)"
LEAST_FILES, LEAST_COMMANDS = 150, 40
GOOD = {
    "good.json": json_files.text(json_files.TREES),
    "good.csv": "2,0\n3,0\n0,1\n",
    "filter.csv": "1,0,0,1,0,0\n",
    "signal.json": json_files.text(signal_files.GOOD),
    network_files.WEIGHTS_FILE: network_files.WEIGHTS,
}


def limit():
    if MOST_BYTES is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


def run(folder, arguments):
    """Exit code, sentence and seconds of a command."""
    start = time.monotonic()
    process = subprocess.run([EMLC, *arguments], cwd=folder, capture_output=True, stdin=subprocess.DEVNULL,
                             preexec_fn=limit, timeout=120)
    return process, time.monotonic() - start


def content_of(folder):
    return {path.name: path.read_bytes() for path in pathlib.Path(folder).iterdir()}


def problems_of(process, seconds, before, after):
    """What is not as it has to be, whatever the sentence says."""
    lines = process.stderr.decode(errors="replace").splitlines()
    if process.returncode != 2:
        yield f"exit code {process.returncode}"
    if not lines or not lines[0].startswith("emlc: error: "):
        yield "no sentence"
    if len(lines) > 2 or (len(lines) == 2 and not lines[1].startswith("try 'emlc")):
        yield f"{len(lines)} lines"
    if process.stdout:
        yield "something on stdout"
    if any(byte < 0x20 or byte > 0x7E for byte in process.stderr if byte != 0x0A):
        yield "a byte that a terminal would obey"
    if len(process.stderr) > 1500:
        yield f"{len(process.stderr)} bytes of sentence"
    if seconds > MOST_SECONDS:
        yield f"{seconds:.2f} s"
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    if changed:
        yield "files changed: " + ", ".join(changed)


def has_place(name, sentence):
    """A file, and a line or a byte of it, or a part of a graph, unless the file is not one that has any."""
    shown = re.escape("".join(c if " " <= c <= "~" else f"\\x{ord(c):02x}" for c in name))
    if name.startswith("other-") or name.startswith("baseline-list"):
        return re.match(f"emlc: error: {shown}(:[0-9]+)?: ", sentence)
    if name.startswith("network-"):  # layers have names and no lines; files in an archive have their path
        return re.match(f"emlc: error: {shown}(/[a-z_0-9.]+)?(:[0-9]+)?: ", sentence)
    if name.startswith("onnx-") and re.match(f"emlc: error: {shown}: {PARTS_OF_GRAPHS}[^:]*: ", sentence):
        return True
    if name.startswith("recording"):  # frames, or nothing of a file that is whole but short
        return re.match(f"emlc: error: {shown}(:[0-9]+)?: ", sentence)
    has_none = "the file is empty" in sentence or "the format is not recognised" in sentence
    return has_none or re.match(f"emlc: error: {shown}(:[0-9]+: |: byte [0-9]+[ :])", sentence)


def fill(folder):
    """What the cases find there besides their own file."""
    for name, content in GOOD.items():
        (pathlib.Path(folder) / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    for output in ("good.h", "good.tmdl"):
        subprocess.run([EMLC, "convert", "good.json", "-o", output, "-q"], cwd=folder, check=True)


def cases(good):
    """Name, file or nothing, and arguments of each case; `good` is a blob."""
    cbm = (LIBRARIES / "catboost-1.2.10/multirmse/model.cbm").read_bytes()
    convert = lambda name: ["convert", name, "-o", "out.h"]
    for makers, arguments in [
        ([json_files.models(), text_files.models(), binary_files.blobs(good), binary_files.blobs_in_c(good),
          binary_files.others()], convert),
        ([library_files.models(), binary_files.catboost(cbm), onnx_files.models()], convert),
        ([network_files.layers_models(), network_files.archives(), network_files.hdf5_files()], convert),
        ([library_files.dumps()], lambda name: ["convert", name, "-o", "out.h", "--objective", "reg:squarederror",
                                                "--base-score", "0"]),
        ([text_files.tables()], lambda name: ["run", "good.json", "-i", name, "-o", "out.csv"]),
        ([signal_files.documents()], lambda name: ["features", name, "-i", "good.csv", "-o", "out.csv"]),
        ([signal_files.recordings()], lambda name: ["features", "signal.json", "-i", name, "-o", "out.csv"]),
        ([json_files.projects()], lambda name: ["convert", "--all", "--project", name]),
        ([json_files.baselines()], lambda name: ["check", "good.json", "--baseline", name]),
    ]:
        for maker in makers:
            for name, content in maker:
                yield name, content, arguments(name)
    for command in commands.COMMANDS:
        yield None, None, command.split(" ") if command else []


def shown(name, arguments):
    words = name if name is not None else " ".join(["emlc", *arguments])
    words = "".join(c if " " <= c <= "~" else f"\\x{ord(c):02x}" for c in words)
    return words if len(words) < 120 else f"{words[:60]}... ({len(words)} characters)"


def cut(sentence):
    """Without the end of long lists: another option is no other sentence."""
    return sentence if len(sentence) <= 200 else f"{sentence[:200]}..."


def try_case(folder, name, content, arguments):
    """Its sentence, and the lines about what is wrong."""
    if name is not None:
        path = pathlib.Path(folder) / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for output in ("out.h", "out.csv"):
        (pathlib.Path(folder) / output).write_text("as it was")
    before = content_of(folder)
    process, seconds = run(folder, arguments)
    sentence = process.stderr.decode(errors="replace").split("\n")[0]
    title = shown(name, arguments)
    wrong = [f"{title}: {problem}" for problem in problems_of(process, seconds, before, content_of(folder))]
    if name is not None:
        if not has_place(name, sentence):
            wrong.append(f"{title}: no place in '{sentence}'")
        path.unlink()
    return f"{title}\n    {cut(sentence.removeprefix('emlc: error: '))}\n", wrong


def try_share(share):
    """Of each case its number, and what try_case says."""
    with tempfile.TemporaryDirectory() as folder:
        fill(folder)
        return [(number, *try_case(folder, *case)) for number, case in share]


def try_all(good):
    """The sentences, and the lines about what is wrong."""
    all_cases = list(enumerate(cases(good)))
    n_files = sum(case[0] is not None for _, case in all_cases)
    n_commands = len(all_cases) - n_files
    with multiprocessing.Pool(N_PROCESSES) as pool:
        shares = pool.map(try_share, [all_cases[i::N_PROCESSES] for i in range(N_PROCESSES)])
    tried = sorted(itertools.chain.from_iterable(shares))
    wrong = [line for _, _, lines in tried for line in lines]
    print(f"{n_files} files, {n_commands} command lines")
    if n_files < LEAST_FILES or n_commands < LEAST_COMMANDS:
        wrong.append("too few of them")
    return [sentence for _, sentence, _ in tried], wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fill(folder)
        good = (pathlib.Path(folder) / "good.tmdl").read_bytes()
    sentences, wrong = try_all(good)
    if options.update:
        SENTENCES.write_text("".join(sentences))
    expected = SENTENCES.read_text().split("\n")
    found = "".join(sentences).split("\n")
    for index, (old, new) in enumerate(zip(expected, found)):
        if old != new:
            wrong.append(f"sentences.txt:{index + 1}: expected '{old.strip()}', found '{new.strip()}'")
    if len(expected) != len(found):
        wrong.append(f"sentences.txt has {len(expected)} lines, {len(found)} were found")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
