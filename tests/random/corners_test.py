"""Filters at every corner, in float: scipy designs them and says what is right.

    corners_test.py [--all] [--list]

Butterworth, Chebyshev, elliptic, notch, peak and one-pole filters, low- and high-pass, band-pass and band-stop, with
corners from 1e-5 to 0.49 of the sample rate, go through $EMLC as CSV. The headers, compiled by $CC (cc), filter 200 000
samples of a step, noise and square waves: within 1e-4 of the largest output of sosfilt in double, where that is at least
a hundredth of what the filter's largest gain makes of the signal. The gain at DC, from the coefficients in the blob, is
within 0.01 dB. A filter may be refused, with a sentence whose advice has to hold. Each design has every third corner, the next one others; with --all it has all. --list prints them.
"""
import collections
import ctypes
import fractions
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

import numpy as np
from scipy import signal

CORNERS = (1e-5, 3e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.3, 0.49)
N_SAMPLES = 200_000
LARGEST_ERROR, LARGEST_DC, LEAST_SHARE = 1e-4, 0.01, 0.01
REFUSAL = re.compile(r"--arithmetic: float is not good enough for this filter: .*; "
                     r"(q31 would do|q31 would not do either: take fewer sections, or a lower sample rate)\n")
FLAGS = ["-std=c99", "-Wall", "-Wextra", "-Werror"]
FLOATS = ("DIRECT", "DELTA", "COMPENSATED", "PAIRS")

Design = collections.namedtuple("Design", "name make")


def band(corner):
    """An octave from the corner, below half the sample rate."""
    return [corner * 0.7, min(corner * 1.4, 0.495)]


def one_pole(kind, corner):
    """Exponential smoothing, and the DC blocker."""
    pole = np.exp(-2 * np.pi * corner)
    b = [1 - pole, 0, 0] if kind == "lowpass" else [(1 + pole) / 2, -(1 + pole) / 2, 0]
    return np.array([[*b, 1, -pole, 0]])


def designs():
    for order in range(2, 9):
        yield Design(f"butter{order}_lp", lambda c, n=order: signal.butter(n, 2 * c, output="sos"))
        yield Design(f"butter{order}_hp", lambda c, n=order: signal.butter(n, 2 * c, "highpass", output="sos"))
    for order in (1, 2, 4):
        for kind in ("bandpass", "bandstop"):
            yield Design(f"butter{order}_{kind}",
                         lambda c, n=order, k=kind: signal.butter(n, [2 * f for f in band(c)], k, output="sos"))
    for kind in ("lowpass", "highpass"):
        yield Design(f"cheby1_{kind}", lambda c, k=kind: signal.cheby1(5, 1, 2 * c, k, output="sos"))
        yield Design(f"cheby2_{kind}", lambda c, k=kind: signal.cheby2(6, 60, 2 * c, k, output="sos"))
        yield Design(f"ellip_{kind}", lambda c, k=kind: signal.ellip(6, 0.5, 60, 2 * c, k, output="sos"))
        yield Design(f"one_pole_{kind}", lambda c, k=kind: one_pole(k, c))
    yield Design("ellip_bandpass", lambda c: signal.ellip(3, 1, 50, [2 * f for f in band(c)], "bandpass", output="sos"))
    yield Design("notch", lambda c: signal.tf2sos(*signal.iirnotch(2 * c, 5)))
    yield Design("peak", lambda c: signal.tf2sos(*signal.iirpeak(2 * c, 5)))


def signals(corner):
    """[n][N_SAMPLES] float32."""
    noise = np.random.default_rng(7).uniform(-1, 1, N_SAMPLES)
    n = np.arange(N_SAMPLES)
    rows = [np.full(N_SAMPLES, 0.5), noise]
    for half in {max(1, round(0.5 / corner)), 50_000, 131}:
        rows.append(np.where(n // half % 2 == 0, 0.8, -0.3))
    return [row.astype(np.float32) for row in rows]


def peak_gain(sos):
    poles = np.abs(np.angle(np.concatenate([np.roots(row[3:]) for row in sos])))
    frequencies = np.concatenate([[0, np.pi], np.geomspace(1e-6, np.pi, 4000), np.linspace(0, np.pi, 4000), poles])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nanmax(np.abs(signal.sosfreqz(sos, frequencies)[1]))


def run(*arguments):
    return subprocess.run([os.environ["EMLC"], *map(str, arguments)], capture_output=True, text=True, check=False)


def convert(name, sos, folder):
    """The refusal, or None with NAME.h and NAME.tmdl in the folder."""
    source = folder / f"{name}.csv"
    np.savetxt(source, sos, fmt="%r", delimiter=",")
    for extension in ("h", "tmdl"):
        done = run("convert", source, "-o", folder / f"{name}.{extension}", "--name", name, "-q")
        if done.returncode == 2:
            return done.stderr
        assert done.returncode == 0, (name, done.stderr)
    return None


def dc_gain(blob):
    """Of the coefficients in a blob, as docs/tmdl.md has them; None at a pole of z = 1. And the structures."""
    kind, = struct.unpack_from("<H", blob, 64)
    count, has_state = struct.unpack_from("<II", blob, 64 + 48)
    rows = np.frombuffer(blob, "<f4", 5 * count, 64 + 64).reshape(count, 5)
    structures = bytes(count) if kind == 65 else blob[128 + 36 * count if has_state else 128 + 20 * count:][:count]
    gain = fractions.Fraction(1)
    for structure, row in zip(structures, rows):
        c = [fractions.Fraction(float(value)) for value in row]
        gain *= (c[0] + c[1] + c[2]) / (1 + c[3] + c[4]) if structure == 0 else c[2] / c[4]
    return float(gain), [FLOATS[structure].lower() for structure in structures]


def libraries(names, folder):
    """All headers in one shared library for each compiler."""
    text = "".join(f'#include "{name}.h"\n' for name in names)
    for name in names:
        text += (f"void run_{name}(const float *x, float *y, size_t n, size_t block) {{ {name}_state s; {name}_init(&s);"
                 f" for (; n != 0; n -= block, x += block, y += block) {{ if (block > n) block = n;"
                 f" {name}_filter(&s, x, y, block); }} }}\n")
    source, loaded = folder / "all.c", []
    source.write_text("#include <stddef.h>\n" + text)
    for index, command in enumerate(compilers()):
        subprocess.run([*command, *FLAGS, "-shared", "-fPIC", "-o", folder / f"{index}.so", source], check=True)
        loaded.append(ctypes.CDLL(str(folder / f"{index}.so")))
    return loaded


def compilers():
    """Sums of products may be contracted into one rounding, where the machine can."""
    yield [os.environ.get("CC", "cc"), "-O2"]
    has_fma = pathlib.Path("/proc/cpuinfo").exists() and " fma " in pathlib.Path("/proc/cpuinfo").read_text()
    if has_fma:
        yield [os.environ.get("CC", "cc"), "-O3", "-mfma", "-ffp-contract=fast"]
    if shutil.which("clang"):
        yield ["clang", "-O3", *(["-mfma", "-ffp-contract=fast"] if has_fma else [])]


def filtered(loaded, name, x, block=N_SAMPLES):
    y = np.empty_like(x)
    floats = np.ctypeslib.ndpointer(np.float32)
    function = getattr(loaded, f"run_{name}")
    function.argtypes = [floats, floats, ctypes.c_size_t, ctypes.c_size_t]
    function(x, y, x.size, block)
    return y


def check_blocks(loaded, name):
    """A problem where it makes a difference how a signal is cut into blocks, or None."""
    x = signals(1e-3)[1][:5000]
    whole = filtered(loaded, name, x)
    cut = [block for block in (1, 3, 7, 61) if not np.array_equal(filtered(loaded, name, x, block), whole)]
    return f"{name}: blocks of {cut} give other bits" if cut else None


def check_fast_math(name, folder):
    """A problem where a compiler that reorders sums is not stopped, or one that would do no harm is; or None."""
    compensated = {"compensated", "pairs"} & set(dc_gain((folder / f"{name}.tmdl").read_bytes())[1])
    source = folder / "fast.c"
    source.write_text(f'#include "{name}.h"\n')
    for options in (["-ffast-math"], ["-Ofast"]):
        done = subprocess.run([os.environ.get("CC", "cc"), *options, "-c", "-o", folder / "fast.o", source],
                              capture_output=True, check=False)
        if (done.returncode != 0) != bool(compensated):
            return f"{name}: {options[0]} ends with {done.returncode}"
    return None


def largest_error(loaded, name, sos, corner):
    least = LEAST_SHARE * peak_gain(sos)
    worst = 0.0
    for x in signals(corner):
        expected = signal.sosfilt(sos, x.astype(float))
        unit = max(np.abs(expected).max(), least * np.abs(x).max())
        worst = max(worst, *(np.abs(filtered(each, name, x) - expected).max() / unit for each in loaded), 0.0)
    return worst


def dc_error(sos, blob):
    """In dB; 0 where the gain is a hundredth of the peak, or less."""
    expected = 1.0
    for row in sos:
        c = [fractions.Fraction(float(value)) for value in row]
        expected *= float((c[0] + c[1] + c[2]) / (c[3] + c[4] + c[5]))
    if abs(expected) < LEAST_SHARE * peak_gain(sos):
        return 0.0
    return 20 * np.log10(abs(dc_gain(blob)[0] / expected))


def check_refusal(name, text, folder):
    """A problem, or None: the sentence is known and q31 does what it says."""
    found = REFUSAL.search(text)
    if not found:
        return f"{name}: refused with {text!r}"
    does = run("convert", folder / f"{name}.csv", "-o", folder / "q31.h", "-q", "--arithmetic", "q31").returncode == 0
    if does != (found[1] == "q31 would do"):
        return f"{name}: {found[1]!r} is not so"
    return None


def chosen(is_all):
    """(name, design, corner) of each filter."""
    for first, design in enumerate(designs()):
        for corner in CORNERS if is_all else CORNERS[first % 3::3]:
            yield f"{design.name}_{corner:g}".replace("-", "_").replace(".", "_"), design, corner


def main():
    cases, refused, problems = {}, {}, []
    with tempfile.TemporaryDirectory() as path:
        folder = pathlib.Path(path)
        for name, design, corner in chosen("--all" in sys.argv):
            sos = design.make(corner)
            text = convert(name, sos, folder)
            if text is None:
                cases[name] = sos, corner
            else:
                refused[name] = text
                problems.append(check_refusal(name, text, folder))
        loaded = libraries(list(cases), folder)
        problems += [check_blocks(loaded[0], name) for name in cases]
        problems += [check_fast_math(name, folder) for name in cases if name.endswith(("_1e_05", "_0_1"))]
        for name, (sos, corner) in cases.items():
            blob = (folder / f"{name}.tmdl").read_bytes()
            error, dc = largest_error(loaded, name, sos, corner), dc_error(sos, blob)
            if "--list" in sys.argv:
                print(f"{name:32} {','.join(dc_gain(blob)[1]):40} error {error:.1e}, DC {dc:.1e} dB")
            if error > LARGEST_ERROR or abs(dc) > LARGEST_DC:
                problems.append(f"{name}: off by {error:.2e} of the peak, {dc:.2e} dB at DC")
    for name, text in refused.items():
        print(f"refused: {name}: {text.strip()}")
    problems = [problem for problem in problems if problem]
    print("\n".join(problems))
    print(f"{len(cases)} filters, {len(refused)} refused, {len(problems)} wrong")
    return 1 if problems or len(cases) < 9 * len(refused) else 0


if __name__ == "__main__":
    sys.exit(main())
