"""Signal documents and recordings at random: of a seed always the same."""

import math
import random

import numpy as np

import truth_fixed
import truth_spectra

RANGES = {"int8": (-128, 127), "uint8": (0, 255), "int16": (-32768, 32767), "int32": (-2**31, 2**31 - 1)}
PLAIN = ["mean", "sum", "min", "max", "range", "median", "iqr", "variance", "std", "rms", "energy", "mean_abs", "mad",
         "zero_crossings", "slope_sign_changes", "waveform_length", "crest_factor", "argmax", "mobility", "complexity",
         "q5", "q25", "q75", "q90"]
DELICATE = ["skewness", "kurtosis"]
LOWPASS = [[0.0675, 0.1349, 0.0675, 1, -1.143, 0.4128]]
HIGHPASS = [[0.8, -1.6, 0.8, 1, -1.561, 0.6414], [1, 0, 0, 1, -0.2, 0.1]]


def channels(rng, kind):
    """Declared ranges that leave every exact sum of these documents room."""
    names = rng.sample(["x", "y", "z", "ax", "pressure_1"], rng.randint(1, 3))
    low, high = RANGES.get(kind, (0, 0))
    if kind == "float32":
        return names, None
    most = min(high, 2**rng.randint(5, 15) - 1)
    least = max(low, -most - rng.randint(0, 1))
    return [{"name": name, "min": least, "max": most} for name in names], (least, most)


def signals(rng, names, is_integer, decimates):
    made, groups = {}, {}
    singles = list(names)

    def pick():
        return rng.choice(singles)

    for index in range(rng.randint(1, 6)):
        name = f"s{index}"
        kind = rng.choice(["difference", "abs", "square", "norm1", "norm2", "norm2_squared", "dot", "scale", "clip",
                           "median3", "median5", "moving_average", "moving_sum", "sos", "decimate", "remove_mean",
                           "cumulative_sum", "group"])
        if kind == "group" and len(names) > 1:
            operation = rng.choice(["difference", "median3", "abs"])
            made[name] = {operation: rng.choice(list(groups) + [list(names)])}
            groups[name] = True
            continue
        if kind in ("group", "decimate") and not (kind == "decimate" and decimates):
            kind = "difference"
        operand = rng.choice(names) if kind in ("square", "norm2_squared", "norm2", "dot", "sos") else pick()
        part = {kind: operand}
        if kind.startswith("norm"):
            part = {kind: list(names)}
        elif kind == "dot":
            part = {kind: [[operand, names[0]], [names[-1], operand]]}
        elif kind == "scale":
            part |= {"gain": rng.choice([2, -3, 0.5, 1.25]), "offset": rng.choice([0, 7, -0.75])}
        elif kind == "clip":
            part |= rng.choice([{"min": -20}, {"max": 33}, {"min": -50, "max": 50}])
        elif kind.startswith("moving"):
            part["length"] = rng.randint(1, 9)
        elif kind == "sos":
            arithmetic = rng.choice(["float", "q15", "mixed", "q31"]) if is_integer else "float"
            part |= {"sections": rng.choice([LOWPASS, HIGHPASS]), "arithmetic": arithmetic}
        elif kind == "decimate":
            part["by"] = 2
        made[name] = part
        # What would need long sums, or another rate, is for features alone.
        if kind in ("difference", "abs", "clip", "median3", "median5"):
            singles.append(name)
    return made, groups


def entry(rng, of, is_real):
    take = rng.sample(PLAIN, rng.randint(1, 8))
    if not is_real:
        take.append("mean_crossings")
    take += rng.sample(DELICATE, rng.randint(0, 1))
    if rng.random() < 0.3:
        take.append({"quantile": rng.choice([0, 0.1, 0.125, 0.5, 0.999, 1]), "method": rng.choice(["sorted", "linear"])})
    if rng.random() < 0.3:
        take.append({"autocorrelation": rng.randint(0, 3)})
    if rng.random() < 0.3:
        take.append({"entropy": sorted(rng.sample([-1000, -40.5, -3, 0, 2.25, 17, 800], rng.randint(1, 5)))})
    return {"of": of, "take": take if len(take) > 1 else take[0]}


def spectral_entry(rng, of, length, rate, is_fixed):
    """What is taken of spectra: bands by their bins, or between them, and frequencies on bins and beside."""
    n_fft = rng.choice([n for n in (16, 32, 64, 128, 256) if n >= length])
    settings = {"window": rng.choice(["hann", "hamming", "rectangular"])} | ({"arithmetic": "q15"} if is_fixed else {})
    if n_fft > max(16, length) or rng.random() < 0.5:
        settings["n_fft"] = n_fft
    else:
        n_fft = max(16, 2**math.ceil(math.log2(length)))
    width = rate / n_fft
    if rng.random() < 0.4:
        low = rng.randint(0, n_fft // 4)
        settings["range_hz"] = [low * width, rng.randint(low + 1, n_fft // 2) * width]
    if rng.random() < 0.3:
        settings["floor"] = rng.choice([1e-6, 0.5, 20])
    named = truth_fixed.NAMED if is_fixed else truth_spectra.NAMED
    take = rng.sample(named, rng.randint(0, len(named)))
    scale = {"scale": rng.choice(["power", "log", "db"])} if rng.random() < 0.6 else {}
    if rng.random() < 0.6 or not take:
        edges = sorted(rng.sample(range(n_fft // 2 + 1), rng.randint(2, 5)))
        bands = [[low * width, high * width] for low, high in zip(edges, edges[1:])]
        bands[-1][0] += 0.25 * width * (edges[-1] - edges[-2] > 1)
        take.append({"bands_hz": bands} | scale)
    if rng.random() < 0.5:
        tones = rng.sample([0, 1, n_fft // 4 - 1, n_fft // 4 + 1, n_fft // 2], rng.randint(1, 3))
        beside = [] if is_fixed else [rng.choice([0.3, 2.7, 5.51]) * width]
        take.append({"goertzel_hz": [bin * width for bin in tones] + beside} | scale)
    if rng.random() < 0.4 and "range_hz" not in settings:
        # Every triangle has a bin where they are at least two bins wide; rates are low, where Mel scales are nearly straight.
        mel = {"mel": rng.randint(1, n_fft // 8), "formula": rng.choice(["htk", "slaney"]), "norm": rng.choice(["none", "area"])}
        take.append(mel | scale)
        if rng.random() < 0.5:
            take.append(mel | {"mfcc": rng.randint(1, mel["mel"]), "scale": rng.choice(["log", "db"])})
    if rng.random() < 0.3:
        take.append({"rolloff": rng.choice([0.1, 0.5, 0.99])})
    return {"of": of, "spectrum": settings, "take": take if len(take) > 1 else take[0]}


def add_levels(rng, made, features, names, is_integer, length, hop):
    """A weighting, means of its squares in blocks, and what follows them; the rate that they are for."""
    arithmetic = rng.choice(["float", "q31"]) if is_integer else "float"
    made["weighted"] = {"weighting": rng.choice(names), "curve": rng.choice("AACZ"), "arithmetic": arithmetic}
    blocks = [n for n in (2, 3, 4, 8, 16) if length % n == 0 and hop % n == 0]
    features.append({"of": "weighted", "take": rng.sample(["mean", "min", "max", "rms", "sum", "range"], 2)})
    if blocks:
        made["squares"] = {"mean_square": rng.choice(["weighted", "weighted", names[0]]), "by": rng.choice(blocks)}
        made["followed"] = {"time_weighting": "squares", "seconds": rng.choice([0.001, 0.125, 1])}
        for name in ("squares", "followed"):
            features.append({"of": name, "take": rng.sample(["level", "level_max", "level_min", "leq", "mean", "max"],
                                                            rng.randint(1, 4))})
        # What is made of them begins with their first sample, not with the first frame.
        made["after"] = {rng.choice(["difference", "median3", "moving_sum"]): "squares"}
        if "moving_sum" in made["after"]:
            made["after"]["length"] = 3
        features.append({"of": "after", "take": ["min", "max"]})
    return rng.choice([8000, 16000, 22050, 48000])


def document(seed):
    rng = random.Random(seed)
    kind = rng.choice(["int16", "int16", "int16", "int8", "uint8", "int32", "float32"])
    declared, bounds = channels(rng, kind)
    names = [channel if isinstance(channel, str) else channel["name"] for channel in declared]
    length = rng.choice([4, 8, 16, 30, 64, 128])
    hop = rng.choice([length, length // 2, max(2, length // 4 * 2), 2, length + 2])
    made, groups = signals(rng, names, kind != "float32", length % 2 == 0 and hop % 2 == 0)
    of_all = names + [name for name in made if name not in groups] + list(groups)
    is_real = kind == "float32"
    # Of reals a mean crossing may go either way where float32 rounds the mean: only channels of integers have it.
    features = [entry(rng, name, is_real or name not in names) for name in of_all]
    own = random.Random(seed + 0.5)  # documents in float alone are what they would be without those in integers
    for name in rng.sample(of_all, min(len(of_all), rng.choice([0, 1, 2]))):
        stride = 2 if "decimate" in made.get(name, {}) else 1
        is_fixed = not is_real and name in names and own.random() < 0.6
        features.append(spectral_entry(rng, name, length // stride, 100 / stride, is_fixed))
    if len(names) > 1:
        features.append({"of": [[names[0], names[1]]], "take": "correlation"})
    rate = 100
    if rng.random() < 0.4:
        # Spectra are for the lower rate: so are their frequencies.
        features = [part for part in features if "spectrum" not in part]
        rate = add_levels(rng, made, features, names, kind != "float32", length, hop)
    sound = {"calibration": {"level": 94, "rms": 1035.25}} if rate != 100 and rng.random() < 0.5 else {}
    return {"format": "emlc-signal", "version": 1, "name": f"random_{seed}",
            "input": {"channels": declared, "dtype": kind, "sample_rate": rate} | sound,
            "window": {"length": length, "hop": hop}, "signals": made, "features": features}, bounds


def recording(seed, document, bounds):
    rng = np.random.default_rng(seed)
    kind, n = document["input"]["dtype"], len(document["input"]["channels"])
    frames = document["window"]["length"] + int(rng.integers(0, 90))
    if kind == "float32":
        return (rng.normal(0, 10, (frames, n)) + rng.normal(0, 5, n)).astype(np.float32)
    low, high = bounds
    style = rng.integers(0, 4)
    if style == 0:  # anything
        values = rng.integers(low, high + 1, (frames, n))
    elif style == 1:  # the ends alone
        values = rng.choice([low, high], (frames, n))
    elif style == 2:  # nearly constant
        values = np.clip(rng.integers(0, 2, (frames, n)) + (low + high) // 2, low, high)
    else:  # a walk
        values = np.clip(np.cumsum(rng.integers(-9, 10, (frames, n)), axis=0), low, high)
    return values.astype(kind)
