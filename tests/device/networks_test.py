#!/usr/bin/env python3
"""Dense layers of the runtime, int8 and float, on every machine of scripts/devices against plain loops (networks.c).

usage: networks_test.py --work DIR [--required] [MACHINE...]

A simulated machine compares as it comes; a computer also where codes are found in integers, which it does not by
itself, and more layers. Exit code 1: something differs; 77: tools are not installed, which with --required, or when the
variable CI is set, is 1 too.
"""

import argparse
import os
import pathlib
import struct
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "scripts"))

from devices import machines  # noqa: E402

SKIPPED = 77
ROW, ANSWER = 4, 12  # bytes
ON_COMPUTERS = ((), ("-DROUNDS=20", "-DEMLC_FLOAT_IS_SLOW=1"))
ON_DEVICES = ((),)


def language_of(machine):
    return ("-x", "c++", "-std=c++11") if machine.compiler.endswith("++") else ("-std=c99",)


def differences(machine, flags, folder):
    """(layers compared, layers that differ, the first of these) of a machine with more flags for its compiler."""
    folder.mkdir(parents=True, exist_ok=True)
    elf, source = folder / "networks", SOURCE / "tests/device/networks.c"
    object_file = folder / "networks.o"
    machines.execute([machine.command, *machine.flags, *language_of(machine), *flags, f"-I{machines.HERE}",
                      f"-I{SOURCE / 'runtime/src'}", "-c", source, "-o", object_file])
    machines.build(machine, [object_file], elf, (f"-DBOARD_ROW_BYTES={ROW}", f"-DBOARD_ANSWER_BYTES={ANSWER}"))
    answers = machines.run(machine, elf, bytes(ROW), ROW, ANSWER).answers
    return struct.unpack({"little": "<3I", "big": ">3I"}[machine.byte_order], answers[:ANSWER])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--required", action="store_true")
    parser.add_argument("names", nargs="*", metavar="MACHINE")
    options = parser.parse_args()
    is_required = options.required or os.environ.get("CI")
    exit_code = 0
    for machine in (machines.HOST, *machines.ALL):
        if options.names and machine.name not in options.names:
            continue
        missing = machine.missing_tools()
        if missing:
            print(f"{machine.title}: not installed: {', '.join(missing)} (docs/development.md names the packages)")
            exit_code = exit_code or (1 if is_required else SKIPPED)
            continue
        for flags in ON_DEVICES if machine in machines.DEVICES else ON_COMPUTERS:
            try:
                compared, different, first = differences(machine, flags, options.work / machine.name)
            except machines.Failed as problem:
                print(f"{machine.title}: {problem}")
                exit_code = 1
                continue
            print(f"{machine.title} {' '.join(flags)}: {compared} layers, {different} differ"
                  f"{f', the first is {first}' if different else ''}")
            exit_code = 1 if different or compared == 0 else exit_code
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
