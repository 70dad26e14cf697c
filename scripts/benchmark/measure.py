"""Builds, sizes and times one subject on one target."""

import dataclasses
import pathlib
import re
import shutil
import struct

from devices import machines

from . import blobs, data
from .subjects import MODEL_NAME

HERE = pathlib.Path(__file__).resolve().parent
ROWS_CORTEX_M, ROWS_AVR = 540, 100
INSTRUCTIONS_PER_TICK = 40
AVR_FLASH, AVR_RAM = 32768, 2000
# A program whose size is wanted may be larger than the chip.
AVR_NO_LIMITS = ("-Wl,--defsym=__TEXT_REGION_LENGTH__=0x800000", "-Wl,--defsym=__DATA_REGION_LENGTH__=0x800000")


@dataclasses.dataclass(frozen=True)
class Target:
    """A compiler setting, and the machine that runs what it makes."""

    name: str
    title: str
    machine: machines.Machine
    size_link: tuple

    @property
    def is_avr(self):
        return self.machine.board is machines.SIMAVR


def cortex_m(name, title, flags, qemu, board=machines.CORTEX_M):
    machine = machines.Machine(name, title, machines.ARM_GCC, flags, board, qemu)
    return Target(name, title, machine, ("--specs=nosys.specs",))


AVR_MACHINE = machines.Machine("avr", "ATmega328P -Os", "avr-", ("-Os", *machines.AVR, *AVR_NO_LIMITS), machines.SIMAVR)

RV32_MACHINE = machines.Machine("rv32", "RV32IMAC -Os", "riscv64-unknown-elf-", ("-Os", *machines.RV32), machines.RISCV,
                                machines.VIRT)

TARGETS = {target.name: target for target in (
    cortex_m("m0", "Cortex-M0+ -Os", ("-Os", *machines.M0_PLUS), machines.AN385),
    cortex_m("m3", "Cortex-M3 -Os", ("-Os", *machines.M3), machines.AN385),
    cortex_m("m4s", "Cortex-M4F -Os", ("-Os", *machines.M4F), machines.AN386),
    cortex_m("m4f", "Cortex-M4F -O2", ("-O2", *machines.M4F), machines.AN386),
    cortex_m("m7", "Cortex-M7 -O2", ("-O2", *machines.M7), machines.AN500, machines.CORTEX_M7),
    Target("avr", "ATmega328P -Os", AVR_MACHINE, ()),
    Target("rv32", "RV32IMAC -Os", RV32_MACHINE, ("-nostartfiles", "-Wl,-emain")),
)}

SUBJECT_H = """\
#include <stddef.h>
#include <stdint.h>
#ifdef WITH_MODEL
#include "m.h"
{prelude}
#define SUBJECT(features) ({call})
#else
#define SUBJECT(features) 0
#endif
typedef {feature} feature_t;
typedef {result} result_t;
enum {{ N_FEATURES = {n_features} }};
"""

ROWS_H = """\
#include "m.h"
typedef {feature} feature_t;
typedef {row} row_t;
enum {{ N_FEATURES = {n_features}, N_VALUES = {n_features} }};
{state}
static void convert_row(const feature_t* x, row_t* y) {{ {statement} }}
"""


def feature_type(header, subject):
    """(type of what is measured, type of the test set's values)"""
    if subject.inputs == "signal":
        sample = re.search(r"m_filter\(\w+ \*?\w+, const (\w+) \*", header)[1]
        return sample, sample
    if subject.inputs == "frames":
        sample = re.search(r"^typedef (\w+) m_sample;", header, re.MULTILINE)[1]
        return sample, sample
    declared = re.search(r"^typedef (\w+) m_feature;", header, re.MULTILINE)[1]
    if subject.inputs == "features":
        return declared, declared
    return re.search(r"^typedef (\w+) m_quantized;", header, re.MULTILINE)[1], declared


def write_subject(build, folder, call):
    """subject.h, which the programs include."""
    (folder / "subject.h").write_text(SUBJECT_H.format(
        prelude=build.subject.prelude, call=call, feature=build.feature, result=build.subject.result,
        n_features=build.n_features))


class Build:
    """The header of a subject in a folder of its own, with its inputs."""

    def __init__(self, emlc, test_data, subject, folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.subject, self.folder = subject, folder
        model = test_data / subject.folder / subject.model
        output = folder / ("m.tmdl" if subject.blob else "m.h")
        machines.execute([emlc, "convert", model / subject.file, "-o", output, "--name", MODEL_NAME, "--quiet",
                          *subject.options.split()])
        if subject.blob:
            (folder / "m.h").write_text(blobs.header(output.read_bytes()))
        self.feature, self.given = feature_type((folder / "m.h").read_text(), subject)
        test_set = test_data / "models" / subject.test_set if subject.test_set else model
        self.reference = data.Reference(model, test_set, subject, self.given)
        self.n_features = len(self.reference.rows[0])
        write_subject(self, folder, subject.call)
        self.rows = data.pack(self.reference.rows, self.given)
        if subject.inputs == "quantized":
            self.rows = self.on_host("quantized", self.feature, "m_quantize(x, y);")

    @property
    def row_bytes(self):
        return self.n_features * struct.calcsize(data.ARRAY_CODES[self.feature])

    def on_host(self, name, row, statement, state=""):
        """All rows of the test set after a call of the header on this computer."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        (folder / "subject.h").write_text(ROWS_H.format(feature=self.given, row=row, n_features=self.n_features,
                                                        state=state, statement=statement))
        flags = (f"-I{folder}", f"-I{self.folder}", f"-I{blobs.RUNTIME}")
        machines.build(machines.HOST, [HERE / "host_rows.c"], folder / "program", flags)
        return machines.run(machines.HOST, folder / "program", data.pack(self.reference.rows, self.given), 0, 0).answers

    def signal_error(self):
        """Root of the mean square of what a filter's samples are off the cascade in double, in the sample's unit."""
        answers = self.on_host("signal", self.given, f"m_filter(&state, x, y, {self.n_features});",
                               "static m_state state;")
        samples = data.unpack(answers, self.given)
        squares = [(a - b) ** 2 for a, b in zip(samples, self.reference.signal)]
        return round((sum(squares) / len(squares)) ** 0.5, 9)


def includes(build):
    return f"-I{build.folder}", f"-I{blobs.RUNTIME}"


def symbol_bytes(machine, elf, name):
    """Of all constants whose name fits the pattern."""
    listed = machines.execute([machine.prefix + "nm", "-S", elf]).stdout.decode()
    rows = [line.split() for line in listed.splitlines()]
    return sum(int(row[1], 16) for row in rows if len(row) == 4 and row[2] in "rRdD" and re.match(name, row[3]))


def code_bytes(build, target, folder):
    """Flash of a window without the trees: of a program that ends with the ranks of its keys, less their thresholds."""
    own = folder / "code"
    own.mkdir()
    write_subject(build, own, build.subject.code_call)
    (flash, _ram), _whole = flash_and_ram(build, target, own, (f"-I{own}",))
    return flash - symbol_bytes(target.machine, own / "with", r"m_thresholds_")


def flash_and_ram(build, target, folder, first=()):
    """What the model adds to a program, and the whole program's own, each (flash, RAM) in bytes."""
    sizes = []
    for name, flags in (("with", ("-DWITH_MODEL",)), ("without", ())):
        elf = folder / name
        machines.compile_program(target.machine, [HERE / "size.c"], elf, (*first, *includes(build), *flags),
                                 target.size_link)
        text, initialised, zeroed = machines.section_sizes(target.machine, elf)
        sizes.append((text + initialised, initialised + zeroed))
    (flash, ram), (base_flash, base_ram) = sizes
    return (flash - base_flash, ram - base_ram), (flash, ram)


def run_qemu(build, target, folder, rows, n_rows):
    elf = folder / "timed"
    machines.build(target.machine, [HERE / "timed_qemu.c"], elf, ("-DWITH_MODEL", *includes(build)))
    answers = machines.run(target.machine, elf, rows, build.row_bytes, 0).answers
    ticks = 1 if target.machine.board is machines.RISCV else INSTRUCTIONS_PER_TICK
    nothing, model, stack = struct.unpack_from("<3I", answers)
    return (model - nothing) * ticks / n_rows, stack, answers[12:]


def run_timed(build, target, folder, rows, n_rows):
    """(count, stack, answers)"""
    if target.is_avr:
        return run_avr(build, target, folder, rows)
    return run_qemu(build, target, folder, rows, n_rows)


def run_avr(build, target, folder, rows):
    elf = folder / "timed"
    machines.compile_program(target.machine, [HERE / "timed_avr.c"], elf, ("-DWITH_MODEL", *includes(build)))
    done = machines.run(target.machine, elf, rows, build.row_bytes, 4)
    return done.counts["cycles"], int(done.counts["stack"]), done.answers


def measure(build, target):
    """All numbers of a subject on a target: flash, ram, stack in bytes, count in instructions or cycles of a call (for
    a filter of a sample and section), and how the answers agree."""
    folder = build.folder / target.name
    folder.mkdir()
    (flash, ram), whole = flash_and_ram(build, target, folder)
    numbers = {"flash": flash, "ram": ram}
    if build.subject.blob:
        numbers.update(blobs.runtime_flash(target.machine, folder, build.feature, build.subject.family))
    if target.is_avr and (whole[0] > AVR_FLASH or whole[1] > AVR_RAM):
        return {**numbers, "note": "does not fit, not run"}
    n_rows = min(ROWS_AVR if target.is_avr else ROWS_CORTEX_M, len(build.reference.rows))
    rows = build.rows[:n_rows * build.row_bytes]
    count, stack, answers = run_timed(build, target, folder, rows, n_rows)
    subject = build.subject
    per = subject.block * subject.sections if subject.inputs == "signal" else 1
    if subject.inputs == "signal":
        numbers["error_rms"] = build.signal_error()
    numbers.update(count=round(count / per, 1 if per == 1 else 2), stack=stack, rows=n_rows)
    if subject.inputs == "frames":
        numbers.update(memory=ram + stack)
        if not target.is_avr:  # its tables are among its code
            numbers.update(code=code_bytes(build, target, folder))
    return {**numbers, **build.reference.compare(data.unpack(answers, subject.result))}
