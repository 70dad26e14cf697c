#!/usr/bin/env python3
"""Modules of the bundled models on the real MicroPython, of this computer and as .mpy on a Cortex-M3 and RV32 in QEMU:
the answers of CPython, .mpy for every architecture, memory that stays, and with --table what they take.

    micropython_test.py FOLDER [--table]    FOLDER is the one that scripts/micropython fills

EMLC is the program. Ends with 77, which ctest takes for skipped, where FOLDER is not there."""

import array
import csv
import os
import pathlib
import subprocess
import sys
import tempfile

import qemu_port

MODELS = pathlib.Path(__file__).resolve().parents[1] / "data/models"
PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/micropython.md"
SHOWN = ("armv6m", "armv7m", "xtensawin", "rv32imc", "x64")  # there
ARCHITECTURES = ("armv6m", "armv7m", "armv7emsp", "xtensa", "xtensawin", "rv32imc", "x64")
# model, options, type of the features
CASES = (
    ("digits_rf10", ["--voting", "hard"], "B"),
    ("digits_rf10", [], "B"),
    ("cancer_rf", [], "f"),
    ("cancer_rf_i16", [], "h"),
    ("cancer_gbc", [], "f"),
    ("diabetes_rfr", [], "f"),
    ("wine_hgb", [], "f"),
    ("iris_dt", [], "f"),
    ("digits_mlp", ["--weights", "int8"], "f"),
    ("diabetes_mlpr", ["--weights", "int8"], "f"),
)
ROWS = 12
COUNTED_ROWS = 60  # whose instructions are counted
N_CALLS = 1000
ANSWERS = """
import gc
from array import array
X = {rows}
out = [0.0] * N_OUTPUTS
for x in X:
    y = {call}
    print(predict(x), *[repr(float(v)) for v in y])
"""
MEMORY = """
x = X[0]
predict(x)
gc.collect()
before = gc.mem_alloc()
for i in range(%d):
    predict(x)
gc.collect()
print("memory", gc.mem_alloc() - before)
""" % N_CALLS
COUNT = """
print(count(predict, {rows}))
"""


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300, **options).stdout


def rows_of(model, code, n):
    table = list(csv.reader((MODELS / model / "X_test.csv").open()))
    table = [row for row in table if not row[0][:1].isalpha()][:n]
    return [[float(cell or "nan") if code == "f" else int(float(cell)) for cell in row] for row in table]


def text_of(rows, code):
    """A list of arrays. As bytes: MicroPython reads decimal numbers in float32, and some are a step off."""
    return f"[{', '.join(f'array({code!r}, {array.array(code, row).tobytes()!r})' for row in rows)}]"


def outputs_call(module):
    """What gives all outputs."""
    if "\ndef score(x)" in module:
        return "[score(x)]"
    for name in ("predict_proba", "scores", "predict"):
        if f"\ndef {name}(x, out=None)" in module:
            return f"{name}(x, out)"
    return "[predict(x)]"


def numbers(line):
    return [float(word) for word in line.split()]


def close(found, expected):
    return len(found) == len(expected) and all(
        abs(a - b) <= 1e-5 * max(1.0, abs(b)) for a, b in zip(numbers(" ".join(found)), numbers(" ".join(expected))))


def check_answers(subject, found, expected):
    """The lines of ANSWERS, here and on CPython; the last one found is about memory."""
    *found, memory = found.splitlines()
    for mine, theirs in zip(found, expected.splitlines(), strict=True):
        is_class = "." not in mine.split()[0]
        if (is_class and mine.split()[0] != theirs.split()[0]) or not close(mine.split(), theirs.split()):
            raise SystemExit(f"{subject}: MicroPython says {mine}, CPython {theirs}")
    # What is on the stack by chance keeps a few bytes.
    if int(memory.split()[1]) >= N_CALLS:
        raise SystemExit(f"{subject}: {memory} bytes more after {N_CALLS} calls")


def check_case(tools, folder, case):
    """The cells of the table: bytes for each architecture, instructions on each machine."""
    model, options, code = case
    path = folder / "module.py"
    run([os.environ["EMLC"], "convert", MODELS / model / "model.json", "--to", "py", "-o", path, "-q", *options])
    module = path.read_text()
    answers = ANSWERS.format(rows=text_of(rows_of(model, code, ROWS), code), call=outputs_call(module))
    trial = folder / "trial.py"
    trial.write_text(module + answers)
    expected = run([sys.executable, trial])
    trial.write_text(module + answers + MEMORY)
    check_answers(f"{model} {options}", run([tools / "micropython", trial]), expected)
    sizes = [mpy_bytes(tools, folder, path, name) for name in ARCHITECTURES]
    trial = answers, expected
    return sizes + [on_machine(tools, folder, machine, case, trial) for machine in qemu_port.machines(tools)]


def on_machine(tools, folder, machine, case, trial):
    """The module as a .mpy gives the answers there; the instructions of a call, on average."""
    model, options, code = case
    answers, expected = trial
    mpy_bytes(tools, folder, folder / "module.py", machine.name)
    count = COUNT.format(rows=text_of(rows_of(model, code, COUNTED_ROWS), code))
    statements = answers + MEMORY + qemu_port.counting_text(machine) + count
    found, counted = qemu_port.run_module(tools, machine, folder / "module.mpy", statements).rsplit("\n", 2)[:2]
    check_answers(f"{model} {options} on {machine.name}", found, expected)
    return int(counted)


def mpy_bytes(tools, folder, path, architecture):
    product = folder / "module.mpy"
    run([tools / "mpy-cross", f"-march={architecture}", path, "-o", product])
    return product.stat().st_size


def check_page(case, cells):
    """The rows of docs/micropython.md: bytes as they are, instructions to the hundred. Cells that are no numbers are
    machines that are missing."""
    model, options, _ = case
    name = f"{model} `{' '.join(options)}`" if options else model
    rows = [line.replace(" ", "").strip("|").split("|")[1:] for line in PAGE.read_text().splitlines()
            if line.startswith(f"| {name} |")]
    sizes = [str(cells[ARCHITECTURES.index(architecture)]) for architecture in SHOWN]
    counts = [str(round(cell, -2)) for cell in cells[len(ARCHITECTURES):]]
    for row, found in zip(rows[-2:], (sizes, counts) if len(rows) > 1 else (counts,)):
        if row[:len(found)] != found:
            raise SystemExit(f"docs/micropython.md has {row} for {name}, here are {found}")


def check_refusals(tools, folder):
    """What is no input is refused by a sentence, and nothing is read beyond it."""
    path = folder / "module.py"
    run([os.environ["EMLC"], "convert", MODELS / "digits_rf10/model.json", "--to", "py", "-o", path, "-q"])
    path.write_text(path.read_text() + """
for x in ([0] * 64, bytes(63), 128, None, "a" * 64):
    try:
        predict(x)
        print("taken")
    except (TypeError, ValueError) as refused:
        print(type(refused).__name__)
print(predict(bytes(64)) == predict(bytearray(64)) == predict(memoryview(bytes(64))))
""")
    found = run([tools / "micropython", path]).split()
    if found != ["TypeError", "ValueError", "TypeError", "TypeError", found[4], "True"]:
        raise SystemExit(f"refusals: {found}")


FILTERING = """
from array import array
samples = array("h", [(i * 7919 * (i % 13)) % 65536 - 32768 for i in range(400)])
state = new_state()
filter(samples, state)
filter(memoryview(samples)[100:164], state)
print(list(samples))
for bad in (bytes(8), array("b", [1, 2]), [1, 2]):
    try:
        filter(bad, state)
        print("taken")
    except (TypeError, ValueError, error) as refused:
        print("refused")
"""


def check_filters(tools, folder):
    """Samples in blocks, and what is refused: bytes cannot be written to."""
    for options in (["--arithmetic", "q15"], ["--arithmetic", "q15-cmsis"]):
        path = folder / "module.py"
        model = MODELS / "butter4_1k_16k/model.json"
        run([os.environ["EMLC"], "convert", model, "--to", "py", "-o", path, "-q", *options])
        text = path.read_text()
        filtering = FILTERING.replace("error)", "OSError)")
        answers = {}
        for machine in qemu_port.machines(tools):
            mpy_bytes(tools, folder, path, machine.name)
            answers[machine.name] = qemu_port.run_module(tools, machine, folder / "module.mpy", filtering)
        path.write_text(text + filtering)
        answers["this computer"] = run([tools / "micropython", path])
        path.write_text(text + "from struct import error\n" + FILTERING)
        expected = run([sys.executable, path])
        for place, found in answers.items():
            if found != expected or found.count("refused") != 3:
                raise SystemExit(f"filter {options} on {place}: {found[-300:]}")


def main():
    tools = pathlib.Path(sys.argv[1])
    if not (tools / "micropython").is_file():
        print(f"no MicroPython in {tools}: scripts/micropython builds it")
        sys.exit(77)
    if sys.argv[2:] == ["--table"]:
        counted = [f"instructions on {machine.name}" for machine in qemu_port.machines(tools)]
        print("model", "options", *ARCHITECTURES, *counted, sep=" | ")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for case in CASES:
            cells = check_case(tools, folder, case)
            if sys.argv[2:] == ["--table"]:
                check_page(case, cells)
                print(case[0], " ".join(case[1]), *cells, sep=" | ", flush=True)
        check_refusals(tools, folder)
        check_filters(tools, folder)
    for machine in qemu_port.MACHINES:
        if machine not in qemu_port.machines(tools):
            print(f"skipped: modules on {machine.name} (no {machine.simulator[0]}, or a build before it)")
    print(f"{len(CASES)} modules on MicroPython: the answers of CPython, memory stays")


if __name__ == "__main__":
    main()
