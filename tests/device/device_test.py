#!/usr/bin/env python3
"""What emlc writes, run on simulated devices and by other compilers: the answers have to be the same, bit for bit.

usage: device_test.py prepare --work DIR --emlc PROGRAM --inputs PROGRAM
       device_test.py MACHINE --work DIR [--all] [--required]
       device_test.py list

`prepare` has emlc write the headers or the blob of every case, makes the inputs (the test set, each threshold at, below
and above, and drawn ones) and takes the answers of gcc -O2 on this computer to the C header. MACHINE (cortex_m3, ...;
`list` names them) compiles the same program, or that of the C++ header, runs it and compares; a big-endian one has to
refuse the blobs. Of the cases a machine has one in SHARE, each machine others, with --all every one. Exit code 1: an answer differs; 77: the tools are not installed, which with --required, or when the
variable CI is set, is 1 too.
"""

import argparse
import array
import dataclasses
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
from made import DOCUMENTS  # noqa: E402
import programs  # noqa: E402

SKIPPED = 77
AVR_RAM, AVR_STACK = 2048, 512
AVR_FLASH = 32768
UNSUPPORTED = -7  # EMLC_ERR_UNSUPPORTED, docs/runtime.md
LANGUAGES = (programs.C, programs.CPP)
SHARE = 5


def folder_of(work, case):
    return work / case.name


def own_folder(machine, folder):
    """Where a machine keeps what is its own of a case."""
    own = folder / machine.name
    own.mkdir(exist_ok=True)
    return own


def model_of(case, folder):
    """The document of a case, whose own files are in `folder`."""
    if case.model not in DOCUMENTS:
        return SOURCE / "tests/data/models" / case.model / "model.json"
    document = folder / "model.json"
    document.write_text(json.dumps(DOCUMENTS[case.model]))
    return document


def convert(emlc, case, folder, product):
    """Writes the header or blob of a case."""
    product.parent.mkdir(exist_ok=True)
    machines.execute([emlc, "convert", model_of(case, folder), "-o", product, "--name", "m", "--quiet", *case.options.split()])
    return product


def without_section(options):
    """A .tmdl is in no section of a linker."""
    return options.replace("--section .models", "")


def blob_programs(emlc, case, folder):
    """The program by language: for a blob it is the same."""
    as_file = dataclasses.replace(case, options=without_section(case.options))
    blob = convert(emlc, as_file, folder, folder / "m.tmdl").read_bytes()
    facts = json.loads(machines.execute([emlc, "inspect", model_of(case, folder), "--json"]).stdout)
    source = convert(emlc, case, folder, folder / "m.c").resolve() if case.in_c else None
    program = programs.blob_program(blob, facts, struct.unpack_from("<I", blob, 52)[0], source)
    return {language: program for language in LANGUAGES}


def header_programs(emlc, case, folder):
    """The program by language. What the C header declares, the C++ header has too."""
    c_header, _ = (convert(emlc, case, folder, folder / language.name / language.header) for language in LANGUAGES)
    return {language: programs.header_program(c_header.read_text(), language) for language in LANGUAGES}


def write_programs(emlc, case, folder):
    """Writes case.h for each language, into a folder of that name; gives the program in C."""
    written = (blob_programs if case.blob else header_programs)(emlc, case, folder)
    for language, program in written.items():
        (folder / language.name).mkdir(exist_ok=True)
        (folder / language.name / "case.h").write_text(program.text)
    return written[programs.C]


def verify(emlc, case, folder):
    """The answers of the C header are those of the interpreter, on this computer."""
    machines.execute([emlc, "verify", model_of(case, folder), folder / "c" / "m.h", "--name", "m", *case.options.split()])


def make_inputs(inputs_program, case, folder, program):
    """The rows in bytes, as the program takes them."""
    document = model_of(case, folder)
    test_x = document.with_name("X_test.csv")
    test_set = ["-i", test_x] if test_x.exists() else []
    doubles = folder / "inputs.f64"
    machines.execute([inputs_program, document, "-o", doubles, *test_set, *case.options.split()])
    values = array.array("d", doubles.read_bytes())
    doubles.unlink()
    return programs.pack(values[2:], int(values[0]), program)


def build(machine, source, folder, program, elf):
    """Compiles a source of this folder for the case in `folder`."""
    language = programs.LANGUAGES[machine.compiler]
    machines.build(machine, [SOURCE / "tests/device" / source], elf,
                   [*language.flags, f"-I{folder / language.name}", f"-I{SOURCE / 'runtime/src'}",
                    f"-DBOARD_ROW_BYTES={program.row_bytes}", f"-DBOARD_ANSWER_BYTES={program.answer_bytes}"])


def prepare_case(options, case):
    folder = folder_of(options.work, case)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    program = write_programs(options.emlc, case, folder)
    if case.model in DOCUMENTS:
        verify(options.emlc, case, folder)
    rows = make_inputs(options.inputs, case, folder, program)
    host = folder / "host"
    build(machines.HOST, "answers.c", folder, program, host)
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
    be `tolerance` apart, and of NaN no bit is promised."""
    if len(expected) != len(found):
        return f"{len(found)} bytes of answers, {len(expected)} expected"
    if expected == found:
        return ""
    answer = struct.Struct("<" + program.answer)
    for row, (wanted, given) in enumerate(zip(answer.iter_unpack(expected), answer.iter_unpack(found))):
        for word, (a, b, letter) in enumerate(zip(wanted, given, program.answer)):
            is_near = letter == "f" and tolerance != 0.0 and abs(a - b) <= tolerance
            are_missing = letter == "f" and a != a and b != b
            if not is_near and not are_missing and struct.pack("<" + letter, a) != struct.pack("<" + letter, b):
                return f"input {row}, word {word}: {b!r}, expected {a!r}"
    return ""


def largest_distance(program, expected, found):
    answer = struct.Struct("<" + program.answer)
    pairs = zip(answer.iter_unpack(expected), answer.iter_unpack(found))
    return max((abs(a - b) for wanted, given in pairs for a, b in zip(wanted, given) if a == a), default=0.0)


def check_fits(machine, elf):
    """The simulator would run what the chip cannot hold."""
    text, data, bss = machines.section_sizes(machine, elf)
    if text + data > AVR_FLASH or data + bss > AVR_RAM - AVR_STACK:
        raise machines.Failed(f"{text + data} bytes of flash and {data + bss} of RAM do not fit")


def prepared(work, case):
    """The folder of a case and its program, without the text."""
    folder = folder_of(work, case)
    if not (folder / "program.json").exists():
        raise machines.Failed("was not prepared")
    return folder, programs.Program("", *json.loads((folder / "program.json").read_text()))


def run_answers(machine, work, case):
    """Text about a success; Failed otherwise."""
    is_avr = machine.board is machines.SIMAVR
    folder, program = prepared(work, case)
    most = case.avr_rows if is_avr else NO_LIMIT
    rows = spread((folder / "rows").read_bytes(), program.row_bytes, most)
    expected = spread((folder / "expected").read_bytes(), program.answer_bytes, most)
    elf = own_folder(machine, folder) / "program"
    build(machine, "answers.c", folder, program, elf)
    if is_avr:
        check_fits(machine, elf)
    given = programs.in_byte_order(rows, program.feature_code, machine.byte_order)
    answers = machines.run(machine, elf, given, program.row_bytes, program.answer_bytes).answers
    found = programs.in_byte_order(answers, programs.ANSWER_CODE, machine.byte_order)
    has_own_libm = machine.board is not machines.HERE_AND_NOW
    difference = first_difference(program, expected, found, case.libm if has_own_libm else 0.0)
    if difference:
        raise machines.Failed(difference)
    how = "bit for bit"
    if found != expected:
        how = f"equal but for libm, {largest_distance(program, expected, found):.1g}"
    return f"{len(rows) // program.row_bytes} inputs, {how}"


def run_refusal(machine, work, case):
    """The runtime has to refuse the blob of a case."""
    folder, program = prepared(work, case)
    elf = own_folder(machine, folder) / "opened"
    build(machine, "opened.c", folder, program, elf)
    answers = machines.run(machine, elf, b"", program.row_bytes, program.answer_bytes).answers
    status = int.from_bytes(answers, machine.byte_order, signed=True)
    if len(answers) != 4 or status != UNSUPPORTED:
        raise machines.Failed(f"opened with status {status} in {len(answers)} bytes, expected {UNSUPPORTED}")
    return f"refused with status {status}"


def run_case(machine, work, case):
    """Text about a success; Failed otherwise."""
    is_refused = case.blob and machine.byte_order == "big"
    return (run_refusal if is_refused else run_answers)(machine, work, case)


def cases_of(machine, is_all):
    """Every case has one in SHARE of the machines, and every machine one in SHARE of the cases of each kind."""
    return [case for at, case in enumerate(CASES) if is_all or (at + machines.ALL.index(machine)) % SHARE == 0]


def over_cases(name, cases, action, reason_to_skip):
    """One line per case; the number of failures."""
    n_failed = 0
    for case in cases:
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
    machine = next(row for row in machines.ALL if row.name == options.what)
    missing = machine.missing_tools()
    if missing:
        print(f"{machine.title}: not installed: {', '.join(missing)} (docs/development.md names the packages)")
        return 1 if options.required or os.environ.get("CI") else SKIPPED
    is_avr = machine.board is machines.SIMAVR
    n_failed = over_cases(machine.name, cases_of(machine, options.all),
                          lambda case: run_case(machine, options.work, case), lambda case: case.avr if is_avr else "")
    return 1 if n_failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [machine.name for machine in machines.ALL]
    parser.add_argument("what", choices=["prepare", "list", *names])
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--emlc")
    parser.add_argument("--inputs")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--required", action="store_true")
    options = parser.parse_args()
    if options.what == "list":
        print(";".join(names), end="")
        return 0
    if options.what != "prepare":
        return run_machine(options)
    return 1 if over_cases("this computer", CASES, lambda case: prepare_case(options, case), lambda case: "") else 0


if __name__ == "__main__":
    sys.exit(main())
