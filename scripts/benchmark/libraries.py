#!/usr/bin/env python3
"""Prints the tables of libraries of codegen/c/frame/piece_bytes.cpp: what programs of one operation in float link.

usage: libraries.py

A row has the operations (as in codegen/c/frame/survey.hpp) that bring the same parts of libgcc, libm and libc along, and
the bytes of these parts: whatever a program computes, each part is there once. Needs the compilers of scripts/bench.
"""

import collections
import pathlib
import re
import subprocess
import tempfile

#          prefix, flags, for the linker
TARGETS = {"cortex_m0": ("arm-none-eabi-", "-mcpu=cortex-m0plus -mthumb --specs=nano.specs", "--specs=nosys.specs"),
           "cortex_m4": ("arm-none-eabi-", "-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 "
                         "--specs=nano.specs", "--specs=nosys.specs"),
           "avr": ("avr-", "-mmcu=atmega328p", ""),
           "riscv": ("riscv64-unknown-elf-", "-march=rv32imc -mabi=ilp32 --specs=picolibc.specs", "")}
OPERATIONS = {"+": "a + b", "-": "a - b", "*": "a * b", "/": "a / b", "<": "a < b ? c : d", ">": "a > b ? c : d",
              "i": "(float)i", "u": "(float)u", "z": "(float)0; u = (unsigned)a", "e": "(float)expf(a)",
              "l": "(float)logf(a)", "t": "(float)tanhf(a)"}
PROGRAM = """#include <math.h>
volatile float a, b, c, d, r;
volatile long i;
volatile unsigned long u;
int main(void) {{ r = {}; return 0; }}
"""
SECTION = re.compile(r"^ \.(?:text|rodata|data|progmem|sdata|srodata|trampolines|lowtext)[\w.$-]*\s+0x[0-9a-f]+\s+"
                     r"0x([0-9a-f]+)\s+(\S+\.a\S*)$", re.M)


def members(target, expression):
    """{member of an archive: bytes} of a linked program."""
    prefix, flags, link = TARGETS[target]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "s.c").write_text(PROGRAM.format(expression))
        subprocess.run([f"{prefix}gcc", "-Os", *flags.split(), "-w", "-ffunction-sections", "-fdata-sections", "s.c", "-o",
                        "s", *link.split(), "-Wl,--gc-sections", "-Wl,-Map=s.map", "-lm"], cwd=folder, check=True)
        text = (folder / "s.map").read_text(errors="replace").split("Linker script and memory map", 1)[1]
    found = collections.Counter()
    for size, member in SECTION.findall(re.sub(r"\n (\.[\w.$-]+)\n\s+", r"\n \1 ", text)):
        found[member] += int(size, 16)
    return found


def flash(target, link):
    """Bytes of an empty program."""
    prefix, flags, system = TARGETS[target]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "s.c").write_text("int main(void) { return 0; }\n")
        subprocess.run([f"{prefix}gcc", "-Os", *flags.split(), "s.c", "-o", "s", *system.split(), "-Wl,--gc-sections", *link,
                        "-lm"], cwd=folder, check=True)
        sizes = subprocess.run([f"{prefix}size", "s"], cwd=folder, check=True, capture_output=True, text=True).stdout
    text, data = sizes.splitlines()[1].split()[:2]
    return int(text) + int(data)


def linked_bytes(target, symbols):
    """What these functions, and those that they call, add to a program."""
    return flash(target, [f"-Wl,-u,{symbol}" for symbol in symbols]) - flash(target, [])


def main():
    for target in TARGETS:
        without, needed_by, size = members(target, "a"), collections.defaultdict(str), {}
        for operation, expression in OPERATIONS.items():
            for member, linked in (members(target, expression) - without).items():
                needed_by[member] += operation
                size[member] = linked
        rows = collections.Counter()
        for member, operations in needed_by.items():
            rows[operations] += size[member]
        text = ", ".join(f'LibraryBytes{{"{operations}", {total}}}' for operations, total in rows.items())
        print(f"constexpr std::array {target}_libraries = {{{text}}};")


if __name__ == "__main__":
    main()
