"""What the module has to answer, computed from definitions, in double or in Python's integers."""

import cmath
import math
import struct


def votes(text, rows):
    """Proportions of the votes of emlearn's CSV for rows of integers: docs/formats.md."""
    leaves, roots, nodes, n_classes = [], [], [], 0
    for line in text.split():
        kind, *fields = line.split(",")
        if kind == "c":
            n_classes = int(fields[0])
        elif kind in "lr":
            (leaves if kind == "l" else roots).append(int(fields[0]))
        elif kind == "n":
            nodes.append(list(map(int, fields)))
    return [proportions(leaves, roots, nodes, n_classes, row) for row in rows]


def proportions(leaves, roots, nodes, n_classes, row):
    counts = [0] * n_classes
    for at in roots:
        while at >= 0:
            feature, threshold, left, right = nodes[at]
            step = left if row[feature] < threshold else right
            at = at + step if step > 0 else step
        counts[leaves[-1 - at]] += 1
    return [count / len(roots) for count in counts]


def noise(n):
    """Integers of -8000 to 8000, the same each time."""
    seed, samples = 12345, []
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        samples.append((seed >> 12) % 16001 - 8000)
    return samples


def sine(n, frequency, amplitude):
    """frequency: a share of the sample rate."""
    return [amplitude * math.sin(2 * math.pi * frequency * i) for i in range(n)]


def filtered(sections, samples):
    """Rows of b0 b1 b2 a0 a1 a2, direct form II transposed."""
    samples = list(samples)
    for b0, b1, b2, _, a1, a2 in sections:
        z1 = z2 = 0.0
        for i, x in enumerate(samples):
            y = b0 * x + z1
            z1, z2 = b1 * x - a1 * y + z2, b2 * x - a2 * y
            samples[i] = y
    return samples


# docs/tmdl.md, SOS_FIXED: by arithmetic, bits of a sample, of the shift of a sum (0: of a coefficient), unused ones of x
ARITHMETIC = {1: (16, 0, 0), 2: (32, 16, 1), 3: (32, 28, 0), 4: (16, 0, 0)}


def filtered_integers(blob, samples):
    """The integers that the filter of a blob makes of its samples of 16 or 32 bits."""
    layer = blob[64:]
    (n_sections,) = struct.unpack_from("<I", layer, 48)
    arithmetic, fraction, rounding, lift = layer[52], layer[53], layer[54], layer[64]
    bits, shift, unused = ARITHMETIC[arithmetic]
    shift = shift or fraction
    limit, half = (1 << bits - 1 - (shift - fraction)) - 1, 1 << shift - 1
    rows = struct.unpack_from(f"<{5 * n_sections}{'h' if bits == 16 else 'i'}", layer, 72)
    samples = list(samples)
    for b0, b1, b2, a1, a2 in zip(*[iter(rows)] * 5):
        x1 = x2 = y1 = y2 = 0
        rest = half if rounding == 2 else 0
        for i, x in enumerate(samples):
            x = x >> unused << unused
            total = rest + b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2 + (half if rounding == 1 else 0)
            rest = total & 2 * half - 1 if rounding == 2 else 0
            y = min(max(total >> shift, -limit - 1), limit) << shift - fraction
            x1, x2, y1, y2, samples[i] = x, x1, y, y1, y
    limit = (1 << bits - 1 - lift) - 1
    return [min(max(y, -limit - 1), limit) << lift for y in samples]


# Poles and zeros at 0 Hz of the weightings of IEC 61672-1, annex E.
POLES = {"A": (20.598997, 20.598997, 107.65265, 737.86223, 12194.217, 12194.217),
         "C": (20.598997, 20.598997, 12194.217, 12194.217), "Z": ()}


def weighting_sections(rate, weighting):
    """By bilinear transform, pole by pole in sections of first order, 0 dB at 1 kHz."""
    sections = []
    for frequency in POLES[weighting]:
        pole = (rate - math.pi * frequency) / (rate + math.pi * frequency)
        zero = -1.0 if frequency > 10000 else 1.0
        z = cmath.exp(2j * math.pi * 1000 / rate)
        gain = abs((z - pole) / (z - zero))
        sections.append((gain, -zero * gain, 0.0, 1.0, -pole, 0.0))
    return sections


def levels(samples, rate, weighting, time, n):
    """Decibel after each n-th of the samples, relative to a mean square of 1."""
    share, mean, found = 1 - math.exp(-1 / (rate * time)), 0.0, []
    weighted = filtered(weighting_sections(rate, weighting), samples)
    step = len(samples) // n
    for i, y in enumerate(weighted[:step * n], 1):
        mean += (y * y - mean) * share
        if i % step == 0:
            found.append(10 * math.log10(mean))
    return found
