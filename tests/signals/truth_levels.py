"""Sound levels, from docs/signals.md alone: weightings by the sections that `emlc inspect --json` says of them, means of
squares, time weighting, decibels. The curves themselves are those of IEC 61672-1, which weighting_test.py holds the
sections against."""

import math

import numpy as np

import truth_spectra

F = np.float32
OPERATIONS = ("weighting", "mean_square", "time_weighting")
STATISTICS = ("level", "level_max", "level_min", "leq")
FLOOR = 1e-10
OFF_BY_LOGARITHMS = 6e-5  # dB: some steps of float32 at 100 to 300 dB


def weighted_integers(x, facts):
    """High-passes y = x - s, s += floor(y factor / 2^shift), then a section with coefficients times 2^14."""
    y = [v << facts["input_shift"] for v in x]
    for index, (factor, shift) in enumerate(facts["shares"]):
        state, out = y[0] if index == 0 else 0, []
        for v in y:
            out.append(v - state)
            state += out[-1] * factor >> shift
        y = out
    b0, b1, b2, a1, a2 = facts["section"]
    x1 = x2 = y1 = y2 = 0
    out = []
    for v in y:
        new = b0 * v + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2 >> 14
        x1, x2, y1, y2 = v, x1, new, y1
        out.append(new)
    return out


def dropped_bits(lowest, highest, n):
    """Of a sample so many bits go that its square, of which n are added up, has room."""
    bits = 1
    while not (-(1 << (bits - 1)) <= lowest and highest < 1 << (bits - 1)):
        bits += 1
    block = (n - 1).bit_length()
    return max(bits - 1 - min(24, (60 - block) // 2), 0)


def square_sums(x, n, dropped):
    half = 1 << dropped - 1 if dropped else 0
    return [sum((v + half >> dropped)**2 for v in x[i * n:(i + 1) * n]) for i in range(len(x) // n)]


def mean_squares(x, n):
    means = []
    for i in range(len(x) // n):
        total = F(0)
        for v in x[i * n:(i + 1) * n]:
            total = F(total + F(v * v))
        means.append(F(total / F(n)))
    return np.array(means, F)


def share(value):
    """factor, shift: a factor of 16 bits, the upper one set."""
    mantissa, exponent = math.frexp(value)
    return min(math.floor(mantissa * 65536 + 0.5), 65535), 16 - exponent


def followed(x, rate, seconds, highest):
    """From silence. `highest`: of integers the largest that a sample may be."""
    k = -math.expm1(-1 / (rate * seconds))
    if not isinstance(x, list):
        memory, out = F(0), []
        for v in x:
            memory = F(memory + F(F(k) * F(v - memory)))
            out.append(memory)
        return np.array(out, F)
    factor, shift = share(k)
    extra = 61 - (highest.bit_length() + 1)
    memory, out = 0, []
    for v in x:
        memory += ((v << extra) - memory >> 16) * factor >> shift - 16
        out.append(memory >> extra)
    return out


def full_scale(dtype):
    return {"int8": 128.0, "uint8": 255.0, "int16": 32768.0, "int32": 2.0**31, "float32": 1.0}[dtype]


def offset(document):
    known = document["input"].get("calibration", {"level": 0.0, "rms": full_scale(document["input"]["dtype"])})
    return known["level"] - 20 * math.log10(known["rms"])


def take(what, x, scale, document):
    """A level, and what float32 may be off by: a power by a step for each sample that is added, its logarithm by some."""
    n = len(x)
    power = {"level": lambda: x[-1], "level_max": lambda: max(x), "level_min": lambda: min(x),
             "leq": lambda: (sum(x) if isinstance(x, list) else math.fsum(x)) / n}[what]()
    value = 10 * math.log10(max(float(power) * scale, FLOOR)) + offset(document)
    return value, truth_spectra.Allowed(OFF_BY_LOGARITHMS + 4.35 * (n + 4) * 2.0**-23)
