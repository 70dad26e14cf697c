#!/usr/bin/env python3
"""The sound level meter of a signal document against the curves of IEC 61672-1 and against float64.

    levels_test.py [--table] [RATE...]

Sines at the nominal third octaves, as int16, through `emlc features`: the level of each less that without weighting is
the curve's, within 0.3 dB up to a quarter of the rate and within the tolerances of class 2 up to 0.4 of it, in float and
in q31. Noise from below one step of the samples to near full scale, weighted in float64, says what q31 is off by. The
time weightings decay as the standard has it. `--table` prints the deviations.
"""

import argparse
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

EMLC = os.path.abspath(os.environ["EMLC"])
RATES = (8000, 16000, 22050, 32000, 44100, 48000)
NOMINAL = (10, 12.5, 16, 20, 25, 31.5, 40, 50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250, 1600,
           2000, 2500, 3150, 4000, 5000, 6300, 8000, 10000, 12500, 16000, 20000)
# Weights of the standard's table 3, in dB, for a look at the formula below.
PUBLISHED_A = {20: -50.5, 31.5: -39.4, 63: -26.2, 125: -16.1, 250: -8.6, 500: -3.2, 1000: 0.0, 2000: 1.2, 4000: 1.0,
               8000: -1.1, 16000: -6.6}
PUBLISHED_C = {20: -6.2, 31.5: -3.0, 63: -0.8, 125: -0.2, 1000: 0.0, 4000: -0.8, 8000: -3.0, 16000: -8.5}
# Class 2: from a frequency on the most below and above the curve, in dB.
CLASS_2 = [(10, math.inf, 5.0), (20, 3.0, 3.0), (40, 2.0, 2.0), (100, 1.5, 1.5), (1000, 1.0, 1.0), (1250, 1.5, 1.5),
           (1600, 2.0, 2.0), (2500, 2.5, 2.5), (4000, 3.0, 3.0), (5000, 3.5, 3.5), (6300, 4.5, 4.5), (8000, 5.0, 5.0),
           (10000, math.inf, 5.0)]
CLOSE, AMPLITUDE, SECONDS = 0.3, 30000, 2
MOST_NOISE_ERROR = 0.01  # dB, of noise of at least a step RMS behind the weighting


def curve(name, f):
    """In dB, 0 at 1 kHz up to the two digits of the constants."""
    f = np.asarray(f, float)
    c = 12194**2 * f**2 / ((f**2 + 20.6**2) * (f**2 + 12194**2))
    if name == "C":
        return 20 * np.log10(c) + 0.062
    return 20 * np.log10(c * f**2 / np.sqrt((f**2 + 107.7**2) * (f**2 + 737.9**2))) + 2.0


def document(rate, arithmetic, seconds=SECONDS):
    n = round(rate * seconds)
    signals = {"squares": {"mean_square": "x", "by": 5}}
    features = [{"of": "squares", "take": "leq"}]
    for name in "AC":
        signals[name] = {"weighting": "x", "curve": name, "arithmetic": arithmetic}
        signals[f"squares_{name}"] = {"mean_square": name, "by": 5}
        features.append({"of": f"squares_{name}", "take": "leq"})
    return {"format": "emlc-signal", "version": 1, "name": "meter", "signals": signals, "features": features,
            "input": {"channels": ["x"], "dtype": "int16", "sample_rate": rate,
                      "calibration": {"level": 0, "rms": 1}},
            "window": {"length": n, "hop": n}}


def table_of(folder, signal_document, recordings):
    """[recordings][windows][features]; all recordings have as many windows."""
    (folder / "d.json").write_text(json.dumps(signal_document))
    inputs = []
    for index, samples in enumerate(recordings):
        path = folder / f"{index}.npy"
        np.save(path, np.asarray(samples).reshape(-1, 1))
        inputs += ["-i", path]
    done = subprocess.run([EMLC, "features", folder / "d.json", "-q", *inputs, "-o", folder / "X.npy"],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"emlc features: {done.stderr}")
    table = np.load(folder / "X.npy").astype(float)
    return table.reshape(len(recordings), -1, table.shape[1])


def sine(rate, f):
    t = np.arange(2 * SECONDS * rate) / rate
    return np.rint(AMPLITUDE * np.sin(2 * np.pi * f * t)).astype(np.int16)


def tolerance(f):
    return next((low, high) for least, low, high in reversed(CLASS_2) if least <= f)


def check_curves(folder, rate, arithmetic, problems):
    """Deviations in dB, (up to a quarter, up to 0.4 of the rate) of each curve."""
    frequencies = [f for f in NOMINAL if f <= 0.4 * rate]
    table = table_of(folder, document(rate, arithmetic), [sine(rate, f) for f in frequencies])[:, 1]
    found = {}
    for column, name in ((1, "A"), (2, "C")):
        off = table[:, column] - table[:, 0] - curve(name, frequencies)
        for f, one in zip(frequencies, off):
            low, high = tolerance(f)
            if not -low < one < high or (f <= rate / 4 and abs(one) > CLOSE):
                problems.append(f"{rate} Hz, {arithmetic}: {name} is off by {one:.3f} dB at {f} Hz")
        near = np.array(frequencies) <= rate / 4
        found[name] = (abs(off[near]).max(), abs(off).max())
    return found


def sections_of(folder, signal_document):
    (folder / "d.json").write_text(json.dumps(signal_document))
    shown = subprocess.run([EMLC, "inspect", folder / "d.json", "--json"], capture_output=True, text=True, check=True)
    return {row["signal"]: row["sections"] for row in json.loads(shown.stdout)["weightings"]}


def filtered(x, sections):
    """Direct form in float64; begins as if the first sample had been there for ever, which these do not pass."""
    y = np.asarray(x, float) - x[0]
    for b0, b1, b2, a0, a1, a2 in sections:
        x1 = x2 = y1 = y2 = 0.0
        out = np.empty(len(y))
        for i, v in enumerate(y):
            out[i] = new = (b0 * v + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2) / a0
            x1, x2, y1, y2 = v, x1, new, y1
        y = out
    return y


def check_noise(folder, rate, problems):
    """The largest error of q31 in dB, of noise that has at least a step behind the weighting, and of all."""
    generator = np.random.default_rng(1)
    sizes = (0.5, 2, 20, 9000)
    recordings = [np.clip(np.rint(generator.normal(0, size, rate)), -32768, 32767).astype(np.int16) for size in sizes]
    one = document(rate, "q31", 0.5)
    table = table_of(folder, one, recordings)[:, 1]
    worst = [0.0, 0.0]
    for column, name in ((1, "A"), (2, "C")):
        sections = sections_of(folder, one)[name]
        for samples, level in zip(recordings, table[:, column]):
            power = np.mean(filtered(samples, sections)[rate // 2:rate // 2 * 2]**2)
            off = abs(level - 10 * np.log10(power))
            worst[1] = max(worst[1], off)
            if power >= 1:
                worst[0] = max(worst[0], off)
    if worst[0] > MOST_NOISE_ERROR:
        problems.append(f"{rate} Hz: q31 is off by {worst[0]:.4f} dB for noise")
    return worst


def check_time(folder, arithmetic, problems):
    """Behind a tone that stops: 34.7 dB a second fast, 4.34 slow, by the exponential."""
    rate, n = 16000, 1600
    flat = {"weighting": "x", "curve": "Z"} if arithmetic == "q31" else {"scale": "x", "gain": 0.5}
    signals = {"w": flat, "squares": {"mean_square": "w", "by": 16},
               "fast": {"time_weighting": "squares", "seconds": 0.125},
               "slow": {"time_weighting": "squares", "seconds": 1}}
    one = {"format": "emlc-signal", "version": 1, "name": "t", "signals": signals,
           "input": {"channels": ["x"], "dtype": "int16", "sample_rate": rate},
           "window": {"length": n, "hop": n}, "features": [{"of": ["fast", "slow"], "take": ["level", "level_max"]}]}
    tone = np.rint(20000 * np.sin(2 * np.pi * 1000 * np.arange(rate * 12) / rate)).astype(np.int16)
    tone[rate * 10:] = 0
    fast, fast_max, slow, slow_max = table_of(folder, one, [tone])[0].T
    level = 20 * math.log10(20000 / math.sqrt(2) / 32768 * (1 if arithmetic == "q31" else 0.5))
    for name, levels, seconds in (("fast", fast, 0.125), ("slow", slow, 1.0)):
        t = (np.arange(1, len(levels) + 1)) * n / rate
        rising = level + 10 * np.log10(-np.expm1(-t / seconds))
        falling = rising[99] - (t - 10) * 10 / seconds / math.log(10)
        expected = np.where(t <= 10, rising, falling)
        off = abs(levels - expected)[expected > -60].max()
        if off > 0.05:
            problems.append(f"{arithmetic}, {name}: off by {off:.3f} dB from the exponential")
    if abs(fast_max[100] - level) > 0.05 or abs(slow_max[100] - level) > 0.05:
        problems.append(f"{arithmetic}: the largest levels are {fast_max[100]}, {slow_max[100]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--table", action="store_true")
    parser.add_argument("rates", nargs="*", type=int, default=RATES)
    arguments = parser.parse_args()
    # Weights at nominal frequencies are those at powers of 10^0.1.
    problems = [f"the formula of {name} is not the table's at {f} Hz"
                for name, published in (("A", PUBLISHED_A), ("C", PUBLISHED_C)) for f, weight in published.items()
                if abs(curve(name, 10**(round(10 * math.log10(f)) / 10)) - weight) > 0.07]
    lines = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for rate in arguments.rates:
            cells = [f"{rate}"]
            for arithmetic in ("float", "q31"):
                found = check_curves(folder, rate, arithmetic, problems)
                cells += [f"{near:.3f}, {far:.3f}" for near, far in found.values()]
            noise = check_noise(folder, rate, problems)
            lines.append(cells + [f"{noise[0]:.4f}"])
        for arithmetic in ("float", "q31"):
            check_time(folder, arithmetic, problems)
    if arguments.table:
        print("| rate | A, float | C, float | A, q31 | C, q31 | q31 of noise |\n| --- | --- | --- | --- | --- | --- |")
    for cells in lines:
        print("| " + " | ".join(cells) + " |")
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
