"""Filters in integers once more: a model in Python's integers, of docs/headers.md alone, against emitted headers.

    sos_big_integers.py EMLC MODELS

Converts the filters in the folder MODELS with every arithmetic and goal, compiles the header with $CC (cc) in both of its
forms, and compares every sample.
"""
import ctypes
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

SHIFTS = {"q15": None, "q15-cmsis": None, "mixed": 16, "q31": 28}


def convert(emlc, model, arithmetic, goal, folder):
    """The rounded coefficients as integers, how many fraction bits they have, how sums are rounded, and the lift; None if
    refused."""
    done = subprocess.run(
        [emlc, "convert", model, "-o", folder / "m.h", "--name", "m", "--arithmetic", arithmetic, "--optimize", goal,
         "--dump-after", "quantize-sos"], capture_output=True, text=True, check=False)
    if done.returncode == 2 and "is not good enough for this filter" in done.stderr:
        return None
    assert done.returncode == 0, done.stderr
    bits = int(re.search(r"multiples of 2\^-(\d+)", done.stderr).group(1))
    rounding = re.search(r"with (rounding down|rounding to nearest|error feedback)", done.stderr).group(1)
    sections = []
    for line in done.stdout.splitlines():
        if line.startswith("section"):
            b0, b1, b2, _, a1, a2 = (float(word) for word in re.findall(r"-?[0-9][0-9.e-]*", line))
            sections.append([int(value * 2**bits) for value in (b0, b1, b2, a1, a2)])
            assert [value / 2**bits for value in sections[-1]] == [b0, b1, b2, a1, a2]
    header = (folder / "m.h").read_text()
    lift = re.search(r"INT\d+_MAX >> (\d+)\) : \(sample", header)
    return sections, bits, rounding, int(lift.group(1)) if lift else 0


def filtered(sections, bits, rounding, lift, arithmetic, signal):
    sample_bits = 16 if arithmetic.startswith("q15") else 32
    shift = SHIFTS[arithmetic] or bits
    grid = 2 ** (shift - bits)
    highest = (2 ** (sample_bits - 1)) // grid - 1
    if arithmetic == "mixed":
        signal = [x - x % 2 for x in signal]
    for b0, b1, b2, a1, a2 in sections:
        rest = 0 if rounding == "rounding down" else 2 ** (shift - 1)
        x1 = x2 = y1 = y2 = 0
        result = []
        for x in signal:
            total = rest + b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
            y = total // 2**shift
            if rounding == "error feedback":
                rest = total % 2**shift
            y = min(max(y, -highest - 1), highest) * grid
            x1, x2, y1, y2 = x, x1, y, y1
            result.append(y)
        signal = result
    limit = 2 ** (sample_bits - 1 - lift)
    return [min(max(x, -limit), limit - 1) * 2**lift for x in signal]


def signals(sample_bits):
    generator = random.Random(1)
    top = 2 ** (sample_bits - 1)
    noise = [generator.randrange(-top, top) for _ in range(600)]
    extremes = [generator.choice((-top, top - 1)) for _ in range(600)]
    quiet = [generator.randrange(-40, 41) for _ in range(600)]
    steps = [top - 1 if n // 37 % 2 else -top for n in range(600)]
    return [noise, extremes, quiet, steps, [0] * 50 + [top - 1] + [0] * 500]


def run_here(folder, sample, flags, all_signals):
    library = folder / f"m{len(list(folder.iterdir()))}.so"
    source = folder / "m.c"
    source.write_text(f"""#include "m.h"
void run(const {sample} *x, {sample} *y, size_t n);
void run(const {sample} *x, {sample} *y, size_t n) {{
  m_state state;
  m_init(&state);
  for (size_t done = 0, block = 1; done < n; done += block, block = block % 9 + 1) {{
    if (block > n - done) block = n - done;
    m_filter(&state, x + done, y + done, block);
  }}
}}
""")
    compiler = os.environ.get("CC", "cc").split()
    subprocess.run([*compiler, "-O2", "-shared", "-fPIC", *flags, "-o", library, source], check=True)
    run = ctypes.CDLL(str(library)).run
    number = ctypes.c_int16 if sample == "int16_t" else ctypes.c_int32
    answers = []
    for signal in all_signals:
        x, y = (number * len(signal))(*signal), (number * len(signal))()
        run(x, y, ctypes.c_size_t(len(signal)))
        answers.append(list(y))
    return answers


def main():
    emlc, models = sys.argv[1], pathlib.Path(sys.argv[2])
    n_compared = n_lifted = 0
    for name in ("butter4_1k_16k", "aweight_16k", "highpass_50_16k"):
        model = models / name / "model.json"
        for arithmetic in SHIFTS:
            sample_bits = 16 if arithmetic.startswith("q15") else 32
            for goal in ("size", "balanced", "speed"):
                with tempfile.TemporaryDirectory() as name:
                    folder = pathlib.Path(name)
                    design = convert(emlc, model, arithmetic, goal, folder)
                    if design is None:
                        continue
                    inputs = signals(sample_bits)
                    expected = [filtered(*design, arithmetic, signal) for signal in inputs]
                    for flags in ([], ["-DM_PLAIN"]):
                        found = run_here(folder, f"int{sample_bits}_t", flags, inputs)
                        assert found == expected, (model, arithmetic, goal, flags)
                        n_compared += 1
                        n_lifted += design[3] > 0
    assert n_compared == 2 * 3 * 8 and n_lifted == 2 * 3 * 3, (n_compared, n_lifted)
    print(f"{n_compared} headers have the bits of the model")


if __name__ == "__main__":
    main()
