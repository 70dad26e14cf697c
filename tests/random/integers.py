"""Filters in integers: their bits in Python's integers, and how far these are from scipy's filter of the document."""

import json

import numpy as np
import program
import scipy.signal
from program import Failed

SHIFTS = {"mixed": 16, "q31": 28}  # of sums; those of q15 and q15-cmsis have as many bits as the coefficients
RANGE, DEVIATION = 40.0, 0.5  # dB: docs/headers.md


def check(case, what, found):
    """`found` [n][1] is what an output made of the rows of the case."""
    design = designed(case)
    signal = case.device_rows[:, 0]
    expected = samples(design, signal) * one(design)
    wrong = np.flatnonzero(expected != found[:, 0])
    if wrong.size:
        raise Failed(f"{what}: bits", f"sample {wrong[0]}: {found[wrong[0], 0]!r}, in integers {expected[wrong[0]]!r}")
    check_response(case.document, design, what)
    check_noise(design, signal, found[:, 0], what)


def designed(case):
    """What inspect says of the filter in integers."""
    words = [word for option in ("arithmetic", "headroom") if option in case.options
             for word in (f"--{option}", str(case.options[option]))]
    done = program.run("inspect", case.path, "--json", *words, what="inspect")
    return json.loads(done.stdout)["sos_filter"]["integers"]


def one(design):
    """What a step of the samples stands for."""
    return 2.0 ** (design["headroom_bits"] - design["sample_bits"] + 1)


def shift_of(design):
    return SHIFTS.get(design["arithmetic"], design["fraction_bits"])


def rows_of(design):
    return [[row[name] for name in ("b0", "b1", "b2", "a1", "a2")] for row in design["coefficients"]]


def samples(design, signal):
    """Direct form I as docs/headers.md has it."""
    top = 2 ** (design["sample_bits"] - 1)
    xs = [min(max(int(np.floor(x * top + 0.5)), -top), top - 1) for x in signal]
    if design["arithmetic"] == "mixed":
        xs = [x - x % 2 for x in xs]
    for row in rows_of(design):
        xs = section(design, row, xs)
    limit, unit = top >> design["lift_bits"], 2 ** design["lift_bits"]
    return np.array([min(max(x, -limit), limit - 1) * unit for x in xs], float)


def section(design, row, xs):
    shift, grid = shift_of(design), 2 ** (shift_of(design) - design["fraction_bits"])
    limit = 2 ** (design["sample_bits"] - 1) // grid
    rest = 0 if design["rounding"] == "rounding down" else 2 ** (shift - 1)
    x1 = x2 = y1 = y2 = 0
    ys = []
    for x in xs:
        total = rest + row[0] * x + row[1] * x1 + row[2] * x2 - row[3] * y1 - row[4] * y2
        if design["rounding"] == "error feedback":
            rest = total % 2**shift
        y = min(max(total >> shift, -limit), limit - 1) * grid
        x1, x2, y1, y2 = x, x1, y, y1
        ys.append(y)
    return ys


def real_sections(design):
    scale = 2.0 ** design["fraction_bits"]
    return np.array([[b0, b1, b2, scale, a1, a2] for b0, b1, b2, a1, a2 in rows_of(design)]) / scale


def check_response(document, design, what):
    """Within half a decibel of the design, where that is within 40 dB of its peak."""
    frequencies = np.linspace(0, np.pi, 4001)
    gain = 2.0 ** (design["lift_bits"] + design["headroom_bits"])
    expected = np.abs(scipy.signal.sosfreqz(normalised(document), frequencies)[1])
    found = gain * np.abs(scipy.signal.sosfreqz(real_sections(design), frequencies)[1])
    asked = expected >= expected.max() * 10 ** (-RANGE / 20)
    off = 20 * np.log10(found[asked] / expected[asked])
    if np.abs(off).max() > DEVIATION * 1.01:
        raise Failed(f"{what}: response", f"off by {off[np.abs(off).argmax()]:.3g} dB, {design}")


def normalised(document):
    sections = np.array(document["model"]["sections"], float)
    return sections / sections[:, 3:4]


def check_noise(design, signal, found, what):
    """The sections in double precision, cut off at full scale, but for what rounding can do at worst. A lift saturates
    behind the sections, and changes nothing of what follows; where a section saturates, no more is asked."""
    real, n = real_sections(design), len(signal)
    expected = signal
    for row in real:
        expected = scipy.signal.sosfilt(row[None], expected)
        n = min([n, *np.flatnonzero(np.abs(expected) > 0.99)[:1]])
    full = 2.0 ** design["headroom_bits"]
    wanted = np.clip(expected * 2.0 ** design["lift_bits"] * full, -full, full)
    off, allowed = np.abs(wanted - found)[:n], worst(design, real) * one(design)
    if n and off.max() > allowed:
        raise Failed(f"{what}: noise", f"sample {off.argmax()}: off by {off.max():.3g}, at worst {allowed:.3g}")


def worst(design, real):
    """The largest error of the output in steps, of roundings of a step and of inputs of half a step."""
    impulse = np.zeros(20000)
    impulse[0] = 1.0
    step = 2.0 ** (shift_of(design) - design["fraction_bits"])
    error = [1.0, -1.0, 0.0] if design["rounding"] == "error feedback" else [1.0, 0.0, 0.0]
    total = 2.0 * np.abs(scipy.signal.sosfilt(real, impulse)).sum()
    for index in range(len(real)):
        behind = np.vstack([[[*error, *real[index, 3:]]], real[index + 1:]])
        total += step * np.abs(scipy.signal.sosfilt(behind, impulse)).sum()
    return 2.0 ** design["lift_bits"] * (total + 1.0)
