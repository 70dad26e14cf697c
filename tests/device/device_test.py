#!/usr/bin/env python3
"""What emlc writes, run on simulated devices: the answers have to be those of this computer, bit for bit.

usage: device_test.py prepare --work DIR --emlc PROGRAM --inputs PROGRAM
       device_test.py MACHINE --work DIR [--required]
       device_test.py list

`prepare` has emlc write the header or blob of every case, makes the inputs (the test set, each threshold at, below and
above, and drawn ones) and takes the answers of this computer's compiler. MACHINE (cortex_m3, ...; `list` names them)
compiles the same program for that device, runs it and compares. Exit code 1: an answer differs; 77: the tools are not
installed, which with --required, or when the variable CI is set, is 1 too.
"""

import argparse
import array
import json
import os
import pathlib
import shutil
import struct
import sys
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "scripts"))

from cases import CASES, NO_LIMIT  # noqa: E402
from devices import machines  # noqa: E402
import programs  # noqa: E402

SKIPPED = 77
AVR_RAM, AVR_STACK = 2048, 512
AVR_FLASH = 32768


def folder_of(work, case):
    return work / case.name


def convert(emlc, case, folder):
    """Writes the header or blob of a case and returns the program that calls it."""
    model = SOURCE / "tests/data/models" / case.model / "model.json"
    product = folder / ("m.tmdl" if case.blob else "m.h")
    machines.execute([emlc, "convert", model, "-o", product, "--name", "m", "--quiet", *case.options.split()])
    if not case.blob:
        return programs.header_program(product.read_text())
    facts = json.loads(machines.execute([emlc, "inspect", model, "--json"]).stdout)
    blob = product.read_bytes()
    return programs.blob_program(blob, facts, struct.unpack_from("<I", blob, 52)[0])


def make_inputs(inputs_program, case, folder, program):
    """The rows in bytes, as the program takes them."""
    model = SOURCE / "tests/data/models" / case.model
    test_set = ["-i", model / "X_test.csv"] if (model / "X_test.csv").exists() else []
    doubles = folder / "inputs.f64"
    machines.execute([inputs_program, model / "model.json", "-o", doubles, *test_set, *case.options.split()])
    values = array.array("d", doubles.read_bytes())
    doubles.unlink()
    return programs.pack(values[2:], int(values[0]), program)


def flags(folder, program):
    return ["-std=c99", "-D_DEFAULT_SOURCE", f"-I{folder}", f"-I{SOURCE / 'runtime/src'}",
            f"-DBOARD_ROW_BYTES={program.row_bytes}", f"-DBOARD_ANSWER_BYTES={program.answer_bytes}"]


def prepare_case(options, case):
    folder = folder_of(options.work, case)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    program = convert(options.emlc, case, folder)
    (folder / "case.h").write_text(program.text)
    rows = make_inputs(options.inputs, case, folder, program)
    host = folder / "host"
    machines.build(machines.HOST, [SOURCE / "tests/device/answers.c"], host, flags(folder, program))
    answers = machines.run(machines.HOST, host, rows, program.row_bytes, program.answer_bytes).answers
    n_rows = len(rows) // program.row_bytes
    if len(answers) != n_rows * program.answer_bytes:
        raise machines.Failed(f"{len(answers)} bytes of answers to {n_rows} inputs")
    (folder / "rows").write_bytes(rows)
    (folder / "expected").write_bytes(answers)
    (folder / "program.json").write_text(json.dumps([program.feature, program.n_features, program.answer]))
    return f"{n_rows} inputs, {len(answers)} bytes of answers"


def spread(data, size, most):
    """At most `most` of the rows of `data`, evenly spread."""
    n_rows = len(data) // size
    stride = max(1, -(-n_rows // most))
    return b"".join(data[size * row:size * (row + 1)] for row in range(0, n_rows, stride))


def first_difference(program, expected, found, tolerance):
    """Where two lists of answers differ, as text; empty when they do not. Words are compared as bits, but floats may
    be `tolerance` apart."""
    if len(expected) != len(found):
        return f"{len(found)} bytes of answers, {len(expected)} expected"
    if expected == found:
        return ""
    answer = struct.Struct("<" + program.answer)
    for row, (wanted, given) in enumerate(zip(answer.iter_unpack(expected), answer.iter_unpack(found))):
        for word, (a, b, letter) in enumerate(zip(wanted, given, program.answer)):
            is_near = letter == "f" and tolerance != 0.0 and abs(a - b) <= tolerance
            if not is_near and struct.pack("<" + letter, a) != struct.pack("<" + letter, b):
                return f"input {row}, word {word}: {b!r}, expected {a!r}"
    return ""


def largest_distance(program, expected, found):
    answer = struct.Struct("<" + program.answer)
    pairs = zip(answer.iter_unpack(expected), answer.iter_unpack(found))
    return max(abs(a - b) for wanted, given in pairs for a, b in zip(wanted, given))


def check_fits(machine, elf):
    """The simulator would run what the chip cannot hold."""
    text, data, bss = machines.section_sizes(machine, elf)
    if text + data > AVR_FLASH or data + bss > AVR_RAM - AVR_STACK:
        raise machines.Failed(f"{text + data} bytes of flash and {data + bss} of RAM do not fit")


def run_case(machine, work, case):
    """Text about a success; Failed otherwise."""
    is_avr = machine.board is machines.SIMAVR
    folder = folder_of(work, case)
    if not (folder / "program.json").exists():
        raise machines.Failed("was not prepared")
    program = programs.Program("", *json.loads((folder / "program.json").read_text()))
    most = case.avr_rows if is_avr else NO_LIMIT
    rows = spread((folder / "rows").read_bytes(), program.row_bytes, most)
    expected = spread((folder / "expected").read_bytes(), program.answer_bytes, most)
    own = folder / machine.name
    own.mkdir(exist_ok=True)
    elf = own / "program"
    machines.build(machine, [SOURCE / "tests/device/answers.c"], elf, flags(folder, program))
    if is_avr:
        check_fits(machine, elf)
    found = machines.run(machine, elf, rows, program.row_bytes, program.answer_bytes).answers
    difference = first_difference(program, expected, found, case.libm)
    if difference:
        raise machines.Failed(difference)
    how = "bit for bit"
    if found != expected:
        how = f"equal but for libm, {largest_distance(program, expected, found):.1g}"
    return f"{len(rows) // program.row_bytes} inputs, {how}"


def over_cases(name, action, reason_to_skip):
    """One line per case; the number of failures."""
    n_failed = 0
    for case in CASES:
        begin = time.monotonic()
        reason = reason_to_skip(case)
        try:
            verdict, text = ("skip", reason) if reason else ("ok", action(case))
        except machines.Failed as problem:
            verdict, text = "FAIL", str(problem)
            n_failed += 1
        print(f"{name:14} {case.name:24} {verdict:4} {text} ({time.monotonic() - begin:.1f} s)", flush=True)
    return n_failed


def run_machine(options):
    machine = next(row for row in machines.DEVICES if row.name == options.what)
    missing = machine.missing_tools()
    if missing:
        print(f"{machine.title}: not installed: {', '.join(missing)} (docs/development.md names the packages)")
        return 1 if options.required or os.environ.get("CI") else SKIPPED
    is_avr = machine.board is machines.SIMAVR
    n_failed = over_cases(machine.name, lambda case: run_case(machine, options.work, case),
                          lambda case: case.avr if is_avr else "")
    return 1 if n_failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [machine.name for machine in machines.DEVICES]
    parser.add_argument("what", choices=["prepare", "list", *names])
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--emlc")
    parser.add_argument("--inputs")
    parser.add_argument("--required", action="store_true")
    options = parser.parse_args()
    if options.what == "list":
        print(";".join(names), end="")
        return 0
    if options.what != "prepare":
        return run_machine(options)
    return 1 if over_cases("this computer", lambda case: prepare_case(options, case), lambda case: "") else 0


if __name__ == "__main__":
    sys.exit(main())
