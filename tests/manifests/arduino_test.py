"""The packed runtime as a library of a real Arduino build: the sketch of its example, compiled for the Uno and run.

usage: arduino_test.py EMLC WORK
"""

import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
EMLC, WORK = sys.argv[1], pathlib.Path(sys.argv[2])
TRUTH = ["0 0 0", "0 1 1", "1 0 1", "1 1 0"]
LARGEST_SKETCH = 16 * 1024  # half an Uno
# The core of Debian takes DECIMAL_DIG for granted, which float.h of its avr-gcc does not define for C++.
PREFERENCES = ["compiler.cpp.extra_flags=-DDECIMAL_DIG=__DECIMAL_DIG__"]


def run(*command):
    finished = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if finished.returncode != 0:
        sys.exit(f"{command}: {finished.returncode}\n{finished.stdout}{finished.stderr}")
    return finished.stdout


def compiled():
    """The example of the library in the library folder, as File, Examples, emlc, xor opens it."""
    shutil.rmtree(WORK, ignore_errors=True)
    (WORK / "build").mkdir(parents=True)
    package = run(SOURCE / "scripts" / "package-runtime", "--emlc", EMLC, "--output", WORK).strip()
    with zipfile.ZipFile(package) as archive:
        archive.extractall(WORK / "libraries")
    preferences = [word for preference in PREFERENCES for word in ("-prefs", preference)]
    text = run("arduino-builder", "-compile", "-hardware", "/usr/share/arduino/hardware",
               "-hardware", "/usr/share/arduino-builder", "-tools", "/usr/bin", "-libraries", WORK / "libraries",
               "-fqbn", "arduino:avr:uno", "-build-path", WORK / "build", *preferences,
               WORK / "libraries" / "emlc" / "examples" / "xor" / "xor.ino")
    return WORK / "build" / "xor.ino.elf", int(re.search(r"Sketch uses (\d+) bytes", text)[1])


def printed(program):
    """What the sketch writes to its serial port; it never ends by itself."""
    simulator = subprocess.Popen(["simavr", "-m", "atmega328p", "-f", "16000000", str(program)],
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = []
    try:
        for line in simulator.stdout:
            lines += re.findall(r"\d \d \S+?(?=\.\.)", line)
            if len(lines) == len(TRUTH):
                break
    finally:
        simulator.kill()
        simulator.wait()
    return lines


program, size = compiled()
answers = printed(program)
if answers != TRUTH:
    sys.exit(f"the sketch printed {answers}, expected {TRUTH}")
if size > LARGEST_SKETCH:
    sys.exit(f"the sketch takes {size} bytes, at most {LARGEST_SKETCH} expected")
print(f"the sketch takes {size} bytes and printed {answers}")
