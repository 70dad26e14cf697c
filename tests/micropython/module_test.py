#!/usr/bin/env python3
"""The MicroPython module emlc on the real interpreter: the trainers' answers, filters and levels as computed here, what is
refused, hostile blobs, memory that stays; and on the microcontrollers of qemu_port.py.

    module_test.py FOLDER [--table]    FOLDER is that of scripts/micropython, with the products of scripts/micropython-module

EMLC is the program. Ends with 77, which ctest takes for skipped, where FOLDER has no module."""

import binascii
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import boards
import truth

HERE = pathlib.Path(__file__).resolve().parent
MODELS = HERE.parent / "data/models"
PAGE = HERE.parents[1] / "docs/micropython.md"
GESTURE = HERE.parents[1] / "examples/gesture"
# model, options, the type of the array, how many of the classes may differ (int8 rounds), or of a regression how far
CASES = (
    ("digits_rf10", ["--optimize", "speed"], "B", 0),
    ("digits_rf10", ["--optimize", "speed"], "h", 0),
    ("digits_rf10", ["--optimize", "size"], "f", 0),
    ("cancer_rf", ["--optimize", "speed"], "f", 0),
    ("cancer_rf", ["--optimize", "size"], "f", 0),
    ("cancer_rf_i16", ["--optimize", "speed"], "h", 0),
    ("cancer_rf_i16", ["--optimize", "size"], "i", 0),
    ("cancer_gbc", [], "f", 0),
    ("iris_dt", [], "f", 0),
    ("diabetes_rfr", ["--optimize", "speed"], "f", 1e-5),
    ("digits_mlp", [], "f", 0),
    ("digits_mlp", ["--weights", "int8"], "f", 4),
    ("diabetes_mlpr", [], "f", 1e-5),
)
ARCHITECTURES = ("armv6m", "armv7m", "armv7emsp", "rv32imc", "x64")


def run(command, **options):
    result = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False, **options)
    if result.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: {result.stdout[-2000:]}{result.stderr[-2000:]}")
    return result.stdout


def convert(model, options, path):
    run([os.environ["EMLC"], "convert", MODELS / model / "model.json", "-o", path, "-q", *options])
    return path


class Tools:
    """The interpreter and a folder for files."""

    def __init__(self, built, folder):
        self.built, self.folder = built, folder

    def script(self, name, *arguments, module="module"):
        command = [self.built / "micropython", "-X", "heapsize=16M", HERE / name, *map(str, arguments)]
        return run(command, env={**os.environ, "MICROPYPATH": f"{self.built / module / 'x64'}:.frozen"})


def rows_of(model):
    return [line for line in (MODELS / model / "X_test.csv").read_text().splitlines() if not line[:1].isalpha()]


def check_answers(what, found, model, tolerance):
    """First words of lines against the trainer's predictions."""
    lines = (MODELS / model / "y_pred.csv").read_text().split()
    expected = [float(word) for word in lines if not word[:1].isalpha()]
    answers = [float(line.split()[0]) for line in found.splitlines()]
    if len(answers) != len(expected):
        raise SystemExit(f"{what}: {len(answers)} answers to {len(expected)} rows")
    if isinstance(tolerance, float):
        wrong = [(a, b) for a, b in zip(answers, expected) if abs(a - b) > tolerance * max(1, abs(b))]
    else:
        wrong = [(a, b) for a, b in zip(answers, expected) if a != b]
        wrong = wrong if len(wrong) > tolerance else []
    if wrong:
        raise SystemExit(f"{what}: {len(wrong)} wrong answers, the first (found, expected) {wrong[0]}")


def check_cases(tools):
    for model, options, code, tolerance in CASES:
        path = convert(model, options, tools.folder / "model.tmdl")
        found = tools.script("predict.py", path, rows_file(tools, model), code)
        check_answers(f"{model} {options} {code}", found, model, tolerance)


def rows_file(tools, model):
    path = tools.folder / "rows.csv"
    path.write_text("\n".join(rows_of(model)))
    return path


def check_votes(tools):
    """Hard votes, loaded from CSV and from a blob, against a walk over the lines of the CSV."""
    path = convert("digits_rf10", ["--voting", "hard", "--to", "csv"], tools.folder / "model.csv")
    rows = [[int(float(cell)) for cell in row.split(",")] for row in rows_of("digits_rf10")]
    expected = truth.votes(path.read_text(), rows)
    for blob, code in ((path, "h"), (convert("digits_rf10", ["--voting", "hard"], tools.folder / "model.tmdl"), "B")):
        found = tools.script("predict.py", blob, rows_file(tools, "digits_rf10"), code)
        proportions = [[float(word) for word in line.split()[1:]] for line in found.splitlines()]
        classes = [int(line.split()[0]) for line in found.splitlines()]
        for row, (answer, outputs) in enumerate(zip(classes, proportions)):
            if answer != expected[row].index(max(expected[row])):
                raise SystemExit(f"{blob.name}: row {row} is {answer}, votes {expected[row]}")
            if any(abs(a - b) > 1e-6 for a, b in zip(outputs, expected[row])):
                raise SystemExit(f"{blob.name}: row {row} has {outputs}, votes {expected[row]}")


def check_filters(tools):
    """Filters against sums in double of the same rows, within what their arithmetic and the rounding of samples leave."""
    samples = truth.noise(4000)
    path = tools.folder / "samples"
    for model, options, code, bound in (
            ("butter4_1k_16k", ["--arithmetic", "q15"], "h", 12), ("butter4_1k_16k", ["--arithmetic", "q31"], "h", 1),
            ("aweight_16k", [], "h", 2), ("aweight_16k", ["--arithmetic", "q31"], "h", 2), ("aweight_16k", [], "f", 1)):
        sections = [[float(cell) for cell in line.split(",")] for line in (MODELS / model / "sos.csv").read_text().split()]
        path.write_text(" ".join(map(str, samples)))
        blob = convert(model, options, tools.folder / "model.tmdl")
        found = [float(word) for word in tools.script("filter.py", blob, path, code).split()]
        off = max(abs(a - b) for a, b in zip(found, truth.filtered(sections, samples), strict=True))
        if not off <= bound:
            raise SystemExit(f"{model} {options} {code}: {off} off")


def with_lift(blob, lift):
    """A filter in integers whose output is shifted up so far, and saturates."""
    blob = bytearray(blob)
    blob[64 + 64] = lift
    blob[48:52] = binascii.crc32(blob[52:], binascii.crc32(blob[:48])).to_bytes(4, "little")
    return bytes(blob)


def check_integer_filters(tools):
    """Filters in integers against Python's, to the bit, at full scale too."""
    path, blob = tools.folder / "samples", tools.folder / "model.tmdl"
    for arithmetic, code, unit in (("q15", "h", 1), ("q15-cmsis", "h", 1), ("mixed", "i", 65536), ("q31", "i", 65531)):
        written = convert("butter4_1k_16k", ["--arithmetic", arithmetic], blob).read_bytes()
        samples = [4 * x * unit for x in truth.noise(500)] + [(-1) ** (i // 20) * 32767 * unit for i in range(200)]
        path.write_text(" ".join(map(str, samples)))
        for lift in (0, 2):
            blob.write_bytes(with_lift(written, lift))
            found = list(map(int, tools.script("filter.py", blob, path, code).split()))
            if found != truth.filtered_integers(blob.read_bytes(), samples):
                raise SystemExit(f"{arithmetic} with lift {lift}: not the integers of Python")


def check_levels(tools):
    path = tools.folder / "samples"
    for rate, weighting, time in ((16000, "A", 0.125), (16000, "C", 1), (48000, "A", 1), (8000, "Z", 0.125)):
        for code, unit in (("h", 32768), ("f", 1), ("i", 2 ** 31)):
            samples = [x / 32768 * unit for x in truth.noise(rate // 4)] + truth.sine(rate // 4, 250 / rate, unit / 3)
            samples = [float(x) if code == "f" else int(x) for x in samples]
            path.write_text(" ".join(map(str, samples)))
            found = [float(line) for line in tools.script("level.py", path, code, rate, weighting, time).splitlines()]
            expected = truth.levels([x / unit for x in samples], rate, weighting, time, 10)
            off = max(abs(a - b) for a, b in zip(found, expected, strict=True))
            if not off <= 0.02:
                raise SystemExit(f"level {weighting} at {rate} Hz of {code}: {off} dB off: {found} {expected}")


def frames_of(path):
    """The samples of an NPY file of int16, as bytes."""
    content = path.read_bytes()
    return content[10 + int.from_bytes(content[8:10], "little"):]


def check_signals(tools):
    """Samples into the module that has signals, in blocks of one frame, of seven and of a hop, against `emlc run`."""
    document = json.loads((GESTURE / "gesture.json").read_text())
    n_channels, hop = len(document["signal"]["input"]["channels"]), document["signal"]["window"]["hop"]
    names = document["output"]["targets"][0]["class_names"]
    blob = tools.folder / "gesture.tmdl"
    run([os.environ["EMLC"], "convert", GESTURE / "gesture.json", "-o", blob, "-q"])
    for recording in sorted((GESTURE / "data").glob("*.npy"))[:6]:
        rows = run([os.environ["EMLC"], "run", GESTURE / "gesture.json", "-i", recording]).splitlines()
        decisions = [row.split(",")[1] for row in rows[1:]]
        expected = [str(names.index(word)) if word else "-1" for word in decisions]
        samples = tools.folder / "samples"
        samples.write_bytes(frames_of(recording))
        for block in (1, 7, hop):
            found = tools.script("stream.py", blob, samples, n_channels, block, module="module-signals").splitlines()
            before, after = map(int, found.pop().split())
            if [word for word in found if word != "None"] != expected:
                raise SystemExit(f"{recording.name} in blocks of {block}: {found}, expected {expected}")
            if after - before > 200:
                raise SystemExit(f"push: {after - before} bytes more after 200 calls")
    check_boards_push(tools, {"gesture": blob.read_bytes(), "samples": samples.read_bytes()}, n_channels, expected)


def check_boards_push(tools, files, n_channels, expected):
    """The same on simulated microcontrollers, whose floats are those of the module where they have none."""
    script = (HERE / "stream.py").read_text()
    for machine in boards.machines(tools.built, "module-signals"):
        found = boards.run(tools.built, machine, script, files, ["gesture", "samples", str(n_channels), "32"],
                           products="module-signals").splitlines()
        if [word for word in found[:-1] if word != "None"] != expected:
            raise SystemExit(f"push on {machine.name}: {found}, expected {expected}")


def check_push_refusals(tools):
    convert("digits_rf10", [], tools.folder / "digits.tmdl")
    found = tools.script("stream_refusals.py", tools.folder, module="module-signals").splitlines()
    expected = ["ValueError no signal in it: predict(x)", "TypeError expected an array of h",
                "ValueError expected frames of 3 samples",
                "TypeError expected an array of b, B, h, H, i or f, bytes or a memoryview", "taken: None"]
    if found != expected:
        raise SystemExit(f"push refuses {found}, expected {expected}")


def check_refusals(tools):
    for name, model, options in (("digits", "digits_rf10", ["--optimize", "speed"]), ("packed", "digits_rf10", []),
                                 ("mlp", "digits_mlp", []), ("mlp8", "digits_mlp", ["--weights", "int8"]),
                                 ("butter", "butter4_1k_16k", ["--arithmetic", "q15"]), ("float", "aweight_16k", [])):
        convert(model, options, tools.folder / f"{name}.tmdl")
    expected = (HERE / "refusals.txt").read_text()
    found = tools.script("refusals.py", tools.folder)
    for mine, theirs in zip(found.splitlines(), expected.splitlines()):
        if mine != theirs:
            raise SystemExit(f"refusals: {mine}, expected {theirs}")
    if found != expected:
        raise SystemExit("refusals: there are more or fewer than in refusals.txt")
    refused, ran = map(int, tools.script("hostile.py", tools.folder, os.environ.get("EMLC_SEED", 1)).split())
    if refused < 1000 or ran < 1000:
        raise SystemExit(f"hostile blobs: {refused} refused, {ran} ran")


def check_memory(tools):
    """Two small integers and an iterator more than before; 10 000 calls that allocate would leave 320 000 bytes."""
    for arguments in (["digits.tmdl", "B"], ["packed.tmdl", "f"], ["mlp.tmdl", "f"], ["mlp8.tmdl", "b"],
                      ["butter.tmdl", "h", "filter"], ["float.tmdl", "f", "filter"]):
        before, after = map(int, tools.script("memory.py", tools.folder / arguments[0], *arguments[1:]).split())
        if after - before > 200:
            raise SystemExit(f"{arguments}: {after - before} bytes more after 10 000 calls")


def check_boards(tools):
    """The module on simulated microcontrollers: the same answers as on this computer, for trees and networks."""
    rows = tools.folder / "rows.csv"
    rows.write_text("\n".join(rows_of("digits_rf10")[:5]))
    files = {"rows": rows.read_bytes()}
    script = (HERE / "predict.py").read_text()
    for name, code in (("digits.tmdl", "B"), ("packed.tmdl", "f"), ("mlp8.tmdl", "f"), ("mlp.tmdl", "f")):
        expected = tools.script("predict.py", tools.folder / name, rows, code)
        files[name] = (tools.folder / name).read_bytes()
        for machine in boards.machines(tools.built):
            found = boards.run(tools.built, machine, script, files, [name, "rows", code])
            for mine, theirs in zip(found.splitlines(), expected.splitlines(), strict=True):
                off = [abs(float(a) - float(b)) for a, b in zip(mine.split(), theirs.split(), strict=True)]
                if off[0] != 0 or max(off) > 1e-6:
                    raise SystemExit(f"{name} on {machine.name}: {mine}, here {theirs}")


def print_table(tools):
    for architecture in ARCHITECTURES:
        path = tools.built / "module" / architecture / "emlc.mpy"
        print(architecture, path.stat().st_size if path.is_file() else "not built", sep=" | ")
        if path.is_file() and f"| {architecture} | {path.stat().st_size:,} |".replace(",", " ") not in PAGE.read_text():
            raise SystemExit(f"docs/micropython.md has other bytes for {architecture} than {path.stat().st_size}")
    blob = convert("digits_rf10", ["--voting", "hard", "--optimize", "speed"], tools.folder / "model.tmdl").read_bytes()
    rows = [[int(float(cell)) for cell in row.split(",")] for row in rows_of("digits_rf10")[:60]]
    for machine in boards.machines(tools.built):
        counted = boards.instructions(tools.built, machine, blob, rows, "Bhf")
        print(f"instructions of predict on {machine.name}, x of B, h and f", *counted, sep=" | ")


def main():
    built = pathlib.Path(sys.argv[1]).resolve()
    if not (built / "micropython").is_file() or not (built / "module/x64/emlc.mpy").is_file():
        print(f"no module in {built}: scripts/micropython and scripts/micropython-module build it")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as name:
        tools = Tools(built, pathlib.Path(name))
        for check in (check_cases, check_votes, check_filters, check_integer_filters, check_levels, check_signals,
                      check_push_refusals, check_refusals, check_memory, check_boards):
            check(tools)
        if sys.argv[2:] == ["--table"]:
            print_table(tools)
    print(f"the module: {len(CASES)} models, filters, levels and refusals on MicroPython, models on",
          ", ".join(machine.name for machine in boards.machines(built)) or "no simulated microcontroller")


if __name__ == "__main__":
    main()
