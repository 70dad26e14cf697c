#!/usr/bin/env python3
"""The numbers of codegen/c/signal/estimate.cpp: least squares of relative errors over headers with signals, written into
estimate_terms.inc and estimate_functions.inc beside it.

usage: EMLC=PROGRAM fit_signals.py [FIRST_SEED [COUNT]]

Documents are those of tests/signals/documents.py from FIRST_SEED on (2000), 300 of them, each with a model; estimates_test.py
holds the numbers on other seeds. What a function of a template takes beyond what its words say is a number of its own, held
near 0 by a ridge. Prints how far off the estimates are of an eighth of the documents that the rest was fitted to.
"""

import collections
import pathlib
import re
import sys
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/signals"), str(ROOT / "tests/random")]

import compiled_test  # noqa: E402
import estimates_test  # noqa: E402

TARGETS = {
    "Cortex-M0+": ["arm-none-eabi-gcc", "-mcpu=cortex-m0plus", "-mthumb"],
    "Cortex-M4": ["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"],
    "ATmega328P": ["avr-gcc", "-mmcu=atmega328p"],
    "RV32IMC": ["riscv64-unknown-elf-gcc", "-march=rv32imc", "-mabi=ilp32", "--specs=picolibc.specs"],
}
OPTIONS = ["-Os", "-w", "-ffp-contract=off", "-ffunction-sections", "-fdata-sections", "-nostdlib",
           "-Wl,--gc-sections,-e,main,--unresolved-symbols=ignore-all"]
FUNCTION = re.compile(r"^[^\n#][^\n]*?(\w+)\([^\n]*\) \{\n(.*?)^\}", re.M | re.S)
WORD = re.compile(r"\w+|[-+*/<>=?:]+")
GENERATED = re.compile(r"ranks_|window_features_|look_\d+_|push_|frame_|next_")
FOLDER = ROOT / "codegen/c/signal"
N_TERMS, LEAST_HEADERS, RIDGE, PARTS = 7, 5, 0.5, 8


def bodies_of(text):
    return {match[1]: match[2] for match in FUNCTION.finditer(text)}


def terms_of(name, body):
    """As estimate.cpp has them."""
    words = [(match[0], body[match.end():match.end() + 1] == "(") for match in WORD.finditer(body)]
    return np.array([
        0.0, len(words), sum("int64_t" in word for word, _ in words), sum(word.startswith("m_wide") for word, _ in words),
        sum("float" in word or (word[0].isdigit() and word[-1] == "f" and "x" not in word) for word, _ in words),
        sum(called and word[-1] == "_" for word, called in words), name.startswith("m_look_")])


def reached(text):
    """(terms, names of the functions of templates) that push and the look at a window reach."""
    bodies, terms, names = bodies_of(text), np.zeros(N_TERMS), set()
    asked = ["m_push_", "m_ranks_" if "m_ranks_" in bodies else "m_window_features_"]
    while asked:
        name = asked.pop()
        if name in bodies and name not in names:
            names.add(name)
            terms += terms_of(name, bodies[name])
            asked += [match[1] for match in re.finditer(r"(\w+)\(", bodies[name])]
    terms[0] = 1
    return terms, {re.sub(r"^gather_(q15_)?\d.*", r"gather_\1", name[2:]) for name in names if not GENERATED.fullmatch(name[2:])}


def program_of(header):
    """Ends with the columns of the model, whose code has an estimate of its own."""
    look = re.search(r"(m_ranks_)\(const m_state \*state, (\w+)", header) or re.search(
        r"(m_window_features_)\(const m_state \*state, (\w+)", header)
    return f"""#include "m.h"
static m_state state;
static m_sample frames[64 * M_N_CHANNELS];
{look[2]} y[4096];
int main(void) {{
  m_push(&state, frames, 64);
  {look[1]}(&state, y);
  return 0;
}}
"""


def code_bytes(compiler, folder):
    """Of the functions that are left in a program."""
    compiled_test.run(*compiler, *OPTIONS, "program.c", "-o", "program", cwd=folder)
    rows = [line.split() for line in compiled_test.run("nm", "-S", folder / "program").decode().splitlines()]
    return sum(int(row[1], 16) for row in rows if len(row) == 4 and row[2] in "tT" and row[3].startswith(("m_", "main")))


def measured(seed, folder):
    """(terms, names, bytes of each target), or None where no model fits the document."""
    model = estimates_test.random_model(seed, folder)
    if model is None:
        return None
    compiled_test.run(compiled_test.EMLC, "convert", model, "-q", "-o", folder / "m.h", "--name", "m", "--layout", "table",
                      "--features", "float")
    header = (folder / "m.h").read_text()
    (folder / "program.c").write_text(program_of(header))
    return *reached(header), [code_bytes(compiler, folder) for compiler in TARGETS.values()]


def fitted(design, sizes):
    """A weight for each column, in bytes."""
    relative = design / sizes[:, None]
    ridge = np.zeros(design.shape[1])
    ridge[N_TERMS:] = RIDGE / np.median(sizes) ** 2
    return np.linalg.solve(relative.T @ relative + np.diag(ridge), relative.T @ np.ones(len(sizes)))


def off_elsewhere(design, sizes):
    """Relative errors of each header, by what the others say."""
    part, off = np.arange(len(sizes)) % PARTS, np.zeros(len(sizes))
    for own in range(PARTS):
        off[part == own] = np.abs(design[part == own] @ fitted(design[part != own], sizes[part != own])
                                  / sizes[part == own] - 1)
    return np.sort(off)


def main():
    first, count = [*map(int, sys.argv[1:]), *[2000, 300][len(sys.argv) - 1:]]
    with tempfile.TemporaryDirectory() as name:
        found = [row for row in (measured(seed, pathlib.Path(name)) for seed in range(first, first + count)) if row]
    counts = collections.Counter(name for _, names, _ in found for name in names)
    own = sorted(name for name, n in counts.items() if LEAST_HEADERS <= n <= len(found) - LEAST_HEADERS)
    design = np.array([[*terms, *(name in names for name in own)] for terms, names, _ in found])
    sizes = np.array([row[2] for row in found], float).T
    weights = [fitted(design, size) for size in sizes]
    for target, size in zip(TARGETS, sizes):
        off = off_elsewhere(design, size)
        print(f"{target}: {len(found)} headers, off by {off[len(off) // 2]:.1%}, of nine in ten by {off[len(off) * 9 // 10]:.1%}, "
              f"at most by {off[-1]:.1%}")
    (FOLDER / "estimate_terms.inc").write_text("".join(
        f'FittedCode{{"{target}", {{{", ".join(f"{weight:.4g}" for weight in row[:N_TERMS])}}}}},\n'
        for target, row in zip(TARGETS, weights)))
    (FOLDER / "estimate_functions.inc").write_text("".join(
        f'FunctionBytes{{"{name}", {{{", ".join(f"{row[N_TERMS + index]:.0f}" for row in weights)}}}}},\n'
        for index, name in enumerate(own)))


if __name__ == "__main__":
    main()
