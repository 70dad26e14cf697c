"""Test sets, and the answers that headers are compared with."""

import array
import csv
import json
import pathlib
import random
import struct

N_BLOCKS = 64  # of noise, for a filter
Q15_AMPLITUDE = 8192  # white noise at +-8192 for int16 samples, the same share of full scale for all


def read_rows(path):
    with open(path, newline="", encoding="ascii") as file:
        return [[float(cell) for cell in row] for row in csv.reader(file)]


def read_column(path):
    return [row[0] for row in read_rows(path)]


def votes(model, rows):
    """What most trees say, each the first maximum of its leaf; the first class when several have as many."""
    trees = model["model"]["trees"]
    n_classes = model["output"]["n_outputs"]
    decisions = []
    for x in rows:
        counts = [0] * n_classes
        for tree in trees:
            value = leaf_of(tree, x, model["model"]["compare"])
            counts[value.index(max(value))] += 1
        decisions.append(counts.index(max(counts)))
    return decisions


def leaf_of(tree, x, compare):
    node = 0
    while tree["value"][node] is None:
        value, threshold = x[tree["feature"][node]], tree["threshold"][node]
        is_left = value <= threshold if compare == "<=" else value < threshold
        node = tree["left" if is_left else "right"][node]
    return tree["value"][node]


def noise(n_samples, sample):
    """White noise from a fixed seed, in the sample's own unit."""
    generator = random.Random(1)
    scale = {"float": 1.0, "int16_t": Q15_AMPLITUDE, "int32_t": Q15_AMPLITUDE << 16}[sample]
    values = [generator.uniform(-scale, scale) for _ in range(n_samples)]
    if sample != "float":
        return [float(round(value)) for value in values]
    return list(struct.unpack(f"<{n_samples}f", struct.pack(f"<{n_samples}f", *values)))


def filter_in_double(sos, samples):
    """Direct form II transposed, rows b0 b1 b2 a0 a1 a2."""
    for b0, b1, b2, a0, a1, a2 in sos:
        b0, b1, b2, a1, a2 = b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0
        z1 = z2 = 0.0
        filtered = []
        for x in samples:
            y = b0 * x + z1
            z1 = b1 * x - a1 * y + z2
            z2 = b2 * x - a2 * y
            filtered.append(y)
        samples = filtered
    return samples


ARRAY_CODES = {"float": "f", "int8_t": "b", "uint8_t": "B", "int16_t": "h", "uint16_t": "H", "int32_t": "i"}


def pack(rows, c_type):
    code = ARRAY_CODES[c_type]
    return b"".join(array.array(code, row if code == "f" else map(round, row)).tobytes() for row in rows)


def unpack(data, c_type):
    return list(array.array(ARRAY_CODES[c_type], data))


def r_squared(found, targets):
    mean = sum(targets) / len(targets)
    residual = sum((a - b) ** 2 for a, b in zip(found, targets))
    return 1.0 - residual / sum((target - mean) ** 2 for target in targets)


class Reference:
    """Inputs of a subject, from `test_set`, and the answers to compare with; the files are read once."""

    def __init__(self, folder: pathlib.Path, test_set: pathlib.Path, subject, sample):
        self.subject, self.folder = subject, folder
        if subject.truth == "signal":
            samples = noise(N_BLOCKS * subject.block, sample)
            self.rows = [samples[i:i + subject.block] for i in range(0, len(samples), subject.block)]
            self.signal = filter_in_double(read_rows(folder / "sos.csv"), samples)
            self.expected = self.signal[subject.block - 1::subject.block]
            return
        self.rows = read_rows(test_set / "X_test.csv")
        if subject.truth == "votes":
            self.expected = votes(json.loads((folder / "model.json").read_text()), self.rows)
        else:
            self.expected = read_column(folder / "y_pred.csv")

    def compare(self, found):
        """Agreement of the first len(found) rows: a share of equal labels, or the largest difference."""
        pairs = list(zip(found, self.expected))
        if self.subject.truth in ("labels", "votes"):
            return {"agreement": sum(a == b for a, b in pairs) / len(pairs)}
        difference = {"largest_difference": max(abs(a - b) for a, b in pairs)}
        if self.subject.truth == "values" and len(found) == len(self.rows):
            targets = read_column(self.folder / "y_test.csv")
            difference["r2_change"] = abs(r_squared(found, targets) - r_squared(self.expected, targets))
        return difference
