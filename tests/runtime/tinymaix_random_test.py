#!/usr/bin/env python3
"""int8 networks of the runtime on 10 000 random inputs: every output is that of TinyMaix's arithmetic, as docs/tmdl.md
has it and numpy computes it, where codes are found in float and where they are found in integers.

usage: tinymaix_random_test.py --emlc PROGRAM --work DIR

Exit code 1: something differs; 77: there is no numpy.
"""

import argparse
import pathlib
import struct
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("no numpy (python3-numpy)")
    sys.exit(77)

SOURCE = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
ROWS = 10_000
MODES = {"codes in float": (), "codes in integers": ("-DEMLC_FLOAT_IS_SLOW=1",)}
CONV2D, FC, SOFTMAX = 0, 2, 3
RELU6 = 3
f32 = np.float32


def truncated(values):
    """TinyMaix's cast: toward zero, then the low 8 bits as a number."""
    low = np.trunc(values).astype(np.int64) & 255
    return np.where(low < 128, low, low - 256)


def dense(blob, at, kind, codes, n_in, n_out, scales):
    """Codes behind a CONV2D or FC whose layer is at `at`; `scales` are in_s, in_zp, out_s, out_zp."""
    in_scale, _, out_scale, out_zero = scales
    is_conv = kind == CONV2D
    scales_at, weights_at, bias_at = struct.unpack_from("<3I", blob, at + (68 if is_conv else 48))
    weights = np.frombuffer(blob, np.int8, n_in * n_out, at + weights_at).reshape(n_out, n_in).astype(np.int64)
    bias = np.frombuffer(blob, "<i4", n_out, at + bias_at).astype(np.int64)
    of_weights = np.frombuffer(blob, "<f4", n_out if is_conv else 1, at + scales_at)
    sums = ((codes @ weights.T + bias) & 0xFFFFFFFF).astype(np.uint32).view(np.int32).astype(f32)
    if not is_conv:
        return truncated(sums * f32(in_scale) * of_weights[0] / f32(out_scale) + f32(out_zero))
    (activation,) = struct.unpack_from("<H", blob, at + 54)
    real = sums * (of_weights * f32(in_scale))
    if activation != 0:
        real = np.maximum(real, f32(0))
    if activation == RELU6:
        real = np.minimum(real, f32(6))
    return truncated(real * (f32(1) / f32(out_scale)) + f32(out_zero))


def softmax(codes, scales):
    in_scale, in_zero, out_scale, out_zero = scales
    real = (codes - in_zero).astype(f32) * f32(in_scale)
    powers = np.exp((real - real.max(1, keepdims=True)).astype(np.float64)).astype(f32)
    total = np.zeros(len(powers), f32)
    for column in powers.T:
        total = total + column
    return truncated((powers - f32(0.000001)) / total[:, None] / f32(out_scale) + f32(out_zero))


def expected_outputs(blob, rows):
    """[rows][n_outputs] of float32."""
    (n_layers,) = struct.unpack_from("<H", blob, 10)
    at = 64
    scale, zero = struct.unpack_from("<fi", blob, at + 32)
    codes = truncated(rows / f32(scale) + f32(zero))
    for _ in range(n_layers):
        kind, _, size = struct.unpack_from("<HHI", blob, at)
        n_in, n_out = (max(struct.unpack_from("<4H", blob, at + place)[1:]) for place in (16, 24))
        scales = struct.unpack_from("<fifi", blob, at + 32)
        if kind == SOFTMAX:
            codes = softmax(codes, scales)
        elif kind in (CONV2D, FC):
            codes = dense(blob, at, kind, codes, n_in, n_out, scales)
        at += size
    return (codes - scales[3]).astype(f32) * f32(scales[2])


def n_features_of(path):
    return max(struct.unpack_from("<4H", path.read_bytes(), 20)[1:])


def networks(options):
    """(what it is, its blob, the range of its inputs)"""
    digits = options.work / "digits.tmdl"
    subprocess.run([options.emlc, "convert", SOURCE / "tests/data/models/digits_mlp/model.json", "-o", digits,
                    "--quiet", "--weights", "int8", "--tmdl-profile", "emlearn-cnn"], check=True)
    return (("TinyMaix's own file", SOURCE / "tests/data/tmdl/mlp_2_3_2_i8.tmdl", (-4, 4)),
            ("digits_mlp", digits, (-0.5, 2.5)))  # which wraps around at both ends


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--emlc", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(19)
    n_wrong = 0
    for mode, flags in MODES.items():
        program = options.work / "rows"
        subprocess.run(["gcc", "-std=c99", "-O2", "-ffp-contract=off", *flags, f"-I{SOURCE / 'runtime/src'}", "-o",
                        program, HERE / "tinymaix_rows.c", "-lm"], check=True)
        for name, path, (low, high) in networks(options):
            rows = np.array(random.uniform(low, high, (ROWS, n_features_of(path))), "<f4")
            expected = expected_outputs(path.read_bytes(), rows)
            done = subprocess.run([program, path], input=rows.tobytes(), stdout=subprocess.PIPE, check=True)
            found = np.frombuffer(done.stdout, "<f4").reshape(-1, expected.shape[1])
            different = int((found != expected).any(1).sum()) if len(found) == ROWS else ROWS
            answers = len(np.unique(expected, axis=0))
            print(f"{name}, {mode}: {ROWS} inputs, {answers} different answers, {different} are not TinyMaix's")
            n_wrong += different + (answers < 100)
    return 1 if n_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
