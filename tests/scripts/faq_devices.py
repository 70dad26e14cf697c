"""What compilers, devices, MicroPython, CMake and Python say, each provoked by what docs/faq.md says is its cause.

`said(emlc, folder)` yields texts, with straight quotes; NEEDED are the compilers that may be missing, with a word of what
they say.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODELS = ROOT / "tests/data/models"
# Opens a blob in `bytes` at an address that 8 divides, one byte further, and with its last byte changed.
OPEN = """#include <stdio.h>
#include <emlc/tmdl.h>
static _Alignas(8) unsigned char bytes[65536];
int main(int n, char** names) {
  emlc_model model;
  FILE* file = fopen(names[n - 1], "rb");
  const size_t size = fread(bytes, 1, sizeof bytes - 8, file);
  if (emlc_tmdl_open(bytes + 1, size, &model) == EMLC_ERR_ALIGN) puts("EMLC_ERR_ALIGN");
  if (emlc_tmdl_open(bytes, size, &model) == EMLC_ERR_UNSUPPORTED) puts("EMLC_ERR_UNSUPPORTED");
  bytes[size - 1] ^= 1;
  if (emlc_tmdl_open(bytes, size, &model) == EMLC_ERR_CHECKSUM) puts("EMLC_ERR_CHECKSUM");
  return 0;
}
"""
SMALL_FLASH = "MEMORY { FLASH (rx) : ORIGIN = 0, LENGTH = 1K }\nSECTIONS { .text : { *(.text* .rodata*) } > FLASH }\n"
NEEDED = {"arm-none-eabi-gcc": "region 'FLASH'", "avr-gcc": "size of array"}


def run(folder, *command, **options):
    done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True, check=False,
                          env={**os.environ, "LC_ALL": "C"}, **options)
    return (done.stdout + done.stderr).translate({ord("`"): "'", 0x2018: "'", 0x2019: "'"})


def model(name):
    return MODELS / name / "model.json"


def one_name(emlc, folder):
    for number, name in enumerate(("iris_dt", "cancer_rf")):
        run(folder, emlc, "convert", model(name), "-o", f"{number}.h", "--name", "digits", "-q")
    (folder / "both.c").write_text('#include "0.h"\n#include "1.h"\n')
    yield run(folder, "cc", "-fsyntax-only", "both.c")


def without_libm(emlc, folder):
    """A call of each function of libm: a sigmoid, a tanh, and the standard deviation of a window."""
    calls = {"cancer_gbc": "static float x[1000], p[9]; one_predict_proba(x, p);",
             "diabetes_mlpr": "static float x[1000]; one_predict(x);",
             "gesture": "static one_state s; one_init(&s); one_decide(&s);"}
    for name, call in calls.items():
        path = ROOT / "examples/gesture/gesture.json" if name == "gesture" else model(name)
        run(folder, emlc, "convert", path, "-o", "one.h", "--name", "one", "-q")
        (folder / "one.c").write_text(f'#include "one.h"\nint main(void) {{ {call} return 0; }}\n')
        yield run(folder, "cc", "-O0", "one.c", "-o", "one")


def twice(emlc, folder):
    run(folder, emlc, "convert", model("digits_rf10"), "-o", "digits.h", "--source", "digits.c", "--name", "digits", "-q")
    (folder / "main.c").write_text('#include "digits.c"\nint main(void) { return 0; }\n')
    yield run(folder, "cc", "main.c", "digits.c", "-o", "main")


def overflow(emlc, folder):
    run(folder, emlc, "convert", model("digits_rf10"), "-o", "full.h", "--name", "full", "-q")
    (folder / "full.c").write_text(
        '#include "full.h"\nstatic full_feature x[64];\nint main(void) { return full_predict(x); }\n')
    (folder / "small.ld").write_text(SMALL_FLASH)
    yield run(folder, "arm-none-eabi-gcc", "-mcpu=cortex-m0plus", "-mthumb", "-Os", "-nostdlib", "-T", "small.ld", "full.c")


def large_table(emlc, folder):
    network = json.loads(model("digits_mlp").read_text())
    del network["test_vectors"]
    network["model"]["layers"] = [
        {"weights": [[(i * j) % 13 / 8 - 0.7 for i in range(64)] for j in range(150)], "bias": [0.0] * 150,
         "activation": "relu"},
        {"weights": [[(i + j) % 7 / 8 for i in range(150)] for j in range(10)], "bias": [0.0] * 10,
         "activation": "identity"}]
    (folder / "large.json").write_text(json.dumps(network))
    yield run(folder, emlc, "convert", "large.json", "-o", "large.h", "--name", "digits", "-q")
    (folder / "large.c").write_text(
        '#include "large.h"\nstatic digits_feature x[64];\nint main(void) { return digits_predict(x); }\n')
    yield run(folder, "avr-gcc", "-mmcu=atmega2560", "-Os", "-c", "large.c")


def blobs(emlc, folder):
    run(folder, emlc, "convert", model("iris_dt"), "-o", "blob.tmdl", "-q")
    (folder / "open.c").write_text(OPEN)
    for flags in ([], ["-DEMLC_NO_TREES"]):
        yield run(folder, "cc", "-std=c11", *flags, f"-I{ROOT / 'runtime/src'}", "open.c", "-o", "open", "-lm")
        yield run(folder, "./open", "blob.tmdl")


def module(emlc, folder):
    """MicroPython says what CPython says, which runs the same file."""
    run(folder, emlc, "convert", model("digits_rf10"), "-o", "digits.py", "-q")
    yield run(folder, sys.executable, "-c", "import digits; digits.predict([0] * 64)")


def cmake(_emlc, folder):
    (folder / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(p LANGUAGES NONE)\nset(CMAKE_PREFIX_PATH)\n"
        "find_package(emlc CONFIG REQUIRED NO_DEFAULT_PATH)\n")
    yield " ".join(run(folder, "cmake", "-S", ".", "-B", "build").split())


def program(_emlc, folder):
    """By itself, as the package needs numpy."""
    code = f"import sys; sys.path.insert(0, {str(ROOT / 'cli/python/emlc')!r}); import program; program.path()"
    yield run(folder, "env", "-i", "PATH=/nowhere", sys.executable, "-c", code)


def said(emlc, folder):
    causes = [one_name, without_libm, twice, blobs, module, cmake, program]
    causes += [cause for cause, tool in ((overflow, "arm-none-eabi-gcc"), (large_table, "avr-gcc")) if shutil.which(tool)]
    for cause in causes:
        yield from cause(emlc, folder)
