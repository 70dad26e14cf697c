"""Bad signal documents, each a good one with one thing changed, and bad recordings."""

import copy
import json
import struct

GOOD = {
    "format": "emlc-signal", "version": 1, "name": "tiny",
    "input": {"channels": ["x", "y"], "dtype": "int16", "sample_rate": 100},
    "window": {"length": 4, "hop": 2},
    "signals": {"m": {"median3": ["x", "y"]}, "sq": {"norm2_squared": "m"}},
    "features": [{"of": ["m", "sq"], "take": ["mean", "std"]}],
}
LOWPASS = [[0.0675, 0.1349, 0.0675, 1, -1.143, 0.4128]]
# A name, where, and what stands there instead; nothing: the key goes.
CHANGES = [
    ("version-2", ["version"], 2), ("no-window", ["window"], None), ("spectrum", ["signals", "s"], {"spectrum": "x"}),
    ("leq", ["signals", "s"], {"leq": "x"}), ("unknown-key", ["windows"], {}), ("features-empty", ["features"], []),
    ("channels-empty", ["input", "channels"], []), ("channel-number", ["input", "channels", 0], 1),
    ("channel-twice", ["input", "channels", 1], "x"), ("channel-no-name", ["input", "channels", 1], "a b"),
    ("channel-below", ["input", "channels", 1], {"name": "y", "min": -40000}),
    ("channel-turned", ["input", "channels", 1], {"name": "y", "min": 4, "max": 3}), ("dtype", ["input", "dtype"], "float64"),
    ("rate", ["input", "sample_rate"], 0), ("hop-0", ["window", "hop"], 0), ("length-huge", ["window", "length"], 1e9),
    ("operation", ["signals", "m"], {"median4": "x"}), ("operation-none", ["signals", "m"], {"length": 3}),
    ("operation-two", ["signals", "m"], {"median3": "x", "abs": "x"}), ("operand", ["signals", "m", "median3", 0], "z"),
    ("operand-later", ["signals", "m", "median3"], "sq"), ("operand-list", ["signals", "m", "median3", 0], ["x"]),
    ("operand-empty", ["signals", "m", "median3"], []), ("operand-number", ["signals", "m", "median3"], 3),
    ("signal-is-channel", ["signals", "x"], {"abs": "y"}), ("signal-name", ["signals", "9"], {"abs": "y"}),
    ("signal-text", ["signals", "m"], "median3"), ("key-of-another", ["signals", "m", "gain"], 2),
    ("key-missing", ["signals", "s"], {"moving_sum": "x"}), ("length-0", ["signals", "s"], {"moving_sum": "x", "length": 0}),
    ("clip-none", ["signals", "s"], {"clip": "x"}), ("clip-turned", ["signals", "s"], {"clip": "x", "min": 2, "max": 1}),
    ("clip-fraction", ["signals", "s"], {"clip": "x", "min": 0.5}), ("dot-one", ["signals", "s"], {"dot": ["x", "y"], "gain": 1}),
    ("dot-uneven", ["signals", "s"], {"dot": [["x", "y"], ["x"]]}), ("sections-five", ["signals", "s"], {"sos": "x", "sections": [[1, 0, 0, 1, 0]]}),
    ("sections-a0", ["signals", "s"], {"sos": "x", "sections": [[1, 0, 0, 0, 0, 0]]}), ("sections-none", ["signals", "s"], {"sos": "x", "sections": []}),
    ("gain-huge", ["signals", "s"], {"scale": "x", "gain": 1e300}), ("sections-huge", ["signals", "s"], {"sos": "x", "sections": [[1e30, 0, 0, 1e-30, 0, 0]]}),
    ("unstable", ["signals", "s"], {"sos": "x", "sections": [[1, 0, 0, 1, -2.1, 1.1]]}),
    ("arithmetic", ["signals", "s"], {"sos": "x", "sections": LOWPASS, "arithmetic": "q7"}),
    ("real-in-q15", ["signals", "s"], {"norm2": "m"}, {"sos": "s", "sections": LOWPASS, "arithmetic": "q15"}),
    ("long-in-q15", ["signals", "s"], {"sos": "sq", "sections": LOWPASS, "arithmetic": "q15"}),
    ("decimate-uneven", ["signals", "s"], {"decimate": "x", "by": 3}), ("decimate-all", ["signals", "s"], {"decimate": "x", "by": 8}),
    ("two-rates", ["signals", "s"], {"decimate": "x", "by": 2}, {"norm1": ["s", "y"]}),
    ("of-the-window", ["signals", "s"], {"remove_mean": "x"}, {"abs": "s"}),
    ("too-long", ["signals", "s"], {"square": "sq"}, {"square": "s"}), ("kurtosis-of-squares", ["features", 0, "take"], "kurtosis"),
    ("take", ["features", 0, "take", 0], "average"), ("take-empty", ["features", 0, "take"], []),
    ("take-needs-number", ["features", 0, "take"], "entropy"), ("take-two", ["features", 0, "take"], {"quantile": 0.5, "entropy": [0]}),
    ("take-method", ["features", 0, "take"], {"autocorrelation": 1, "method": "linear"}), ("quantile", ["features", 0, "take"], {"quantile": 1.5}),
    ("lag", ["features", 0, "take"], {"autocorrelation": 4}), ("edges-falling", ["features", 0, "take"], {"entropy": [1, 0]}),
    ("edges-none", ["features", 0, "take"], {"entropy": []}), ("of-unknown", ["features", 0, "of"], "z"), ("of-empty", ["features", 0, "of"], []),
    ("pair-of-three", ["features", 0], {"of": [["x", "y", "x"]], "take": "correlation"}), ("pair-of-group", ["features", 0], {"of": [["m", "x"]], "take": "correlation"}),
    ("no-pair", ["features", 0, "take"], "correlation"), ("pair", ["features", 0, "of"], [["x", "y"]]),
    ("feature-twice", ["features", 0, "take"], ["mean", "mean"]),
]
# What an entry of features says of a spectrum, and what it takes.
SPECTRA = [
    ("statistic", {}, "mean"), ("statistic-list", {}, ["centroid", {"quantile": 0.5}]), ("empty", {}, []), ("number", 128, "centroid"),
    ("n-fft-100", {"n_fft": 100}, "centroid"), ("n-fft-8", {"n_fft": 8}, "centroid"), ("n-fft-text", {"n_fft": "128"}, "centroid"),
    ("window", {"window": "blackman"}, "centroid"), ("unknown-key", {"hop": 4}, "centroid"), ("floor-0", {"floor": 0}, "flatness"),
    ("floor-huge", {"floor": 1e300}, "flatness"), ("range-one", {"range_hz": [1]}, "centroid"), ("range-turned", {"range_hz": [9, 3]}, "centroid"),
    ("range-beyond", {"range_hz": [3, 60]}, "centroid"), ("range-no-bin", {"range_hz": [7, 8]}, "centroid"),
    ("bands-text", {}, "bands_hz"), ("bands-empty", {}, {"bands_hz": []}), ("band-three", {}, {"bands_hz": [[1, 2, 3]]}),
    ("band-below-0", {}, {"bands_hz": [[0, 7], [-1, 3]]}), ("band-no-bin", {}, {"bands_hz": [[0, 7], [1, 2]]}),
    ("band-beyond", {}, {"bands_hz": [[0, 51]]}), ("band-twice", {}, {"bands_hz": [[0, 9], [0, 9]]}),
    ("tones-empty", {}, {"goertzel_hz": []}), ("tone-below-0", {}, {"goertzel_hz": [-1]}), ("tone-beyond", {}, {"goertzel_hz": [3, 51]}),
    ("rolloff-0", {}, {"rolloff": 0}), ("rolloff-2", {}, {"rolloff": 2}), ("rolloff-scale", {}, {"rolloff": 0.5, "scale": "log"}),
    ("scale", {}, {"bands_hz": [[0, 9]], "scale": "ln"}), ("scale-alone", {}, {"scale": "log"}), ("two", {}, {"rolloff": 0.5, "goertzel_hz": [3]}),
    ("mel-0", {}, {"mel": 0}), ("mel-no-bin", {}, {"mel": 32}), ("mel-text", {}, "mel"), ("mfcc-alone", {}, {"mfcc": 1}),
    ("mfcc-many", {}, {"mfcc": 3, "mel": 2}), ("mel-formula", {}, {"mel": 2, "formula": "bark"}), ("mel-norm", {}, {"mel": 2, "norm": "slaney"}),
    ("formula-alone", {}, {"bands_hz": [[0, 9]], "formula": "htk"}), ("mel-and-bands", {}, {"mel": 2, "bands_hz": [[0, 9]]}), ("of-samples", {}, {"bands_hz": [[0, 9]], "entropy": [0]}),
]

# What is wrong with a meter: its input, and its signals or what is taken.
WEIGHTED = {"weighting": "x", "curve": "A"}
LEVELS = [
    ("curve", {}, {"s": {"weighting": "x", "curve": "B"}}), ("curve-missing", {}, {"s": {"weighting": "x"}}),
    ("curve-alone", {}, {"s": {"abs": "x", "curve": "A"}}), ("q15", {}, {"s": WEIGHTED | {"arithmetic": "q15"}}),
    ("slow-rate", {"sample_rate": 1999}, {"s": WEIGHTED}), ("fast-rate", {"sample_rate": 200001}, {"s": WEIGHTED}),
    ("rate-for-q31", {"sample_rate": 4000}, {"s": WEIGHTED | {"arithmetic": "q31"}}),
    ("long-for-q31", {"dtype": "int32"}, {"s": WEIGHTED | {"arithmetic": "q31"}}),
    ("real-for-q31", {"dtype": "float32"}, {"s": WEIGHTED | {"arithmetic": "q31"}}),
    ("by-missing", {}, {"s": {"mean_square": "x"}}), ("by-uneven", {}, {"s": {"mean_square": "x", "by": 3}}),
    ("no-power", {}, {"s": {"time_weighting": "x", "seconds": 1}}),
    ("seconds-missing", {}, {"s": {"mean_square": "x", "by": 2}, "t": {"time_weighting": "s"}}),
    ("seconds-0", {}, {"s": {"mean_square": "x", "by": 2}, "t": {"time_weighting": "s", "seconds": 0}}),
    ("other-frames", {}, {"s": {"mean_square": "x", "by": 2}, "t": {"decimate": "x", "by": 2}, "u": {"norm1": ["s", "t"]}}),
    ("level-of-samples", {}, {}, "level"), ("leq-of-samples", {}, {}, "leq"),
    ("calibration-no-rms", {"calibration": {"level": 94}}, {}), ("calibration-rms-0", {"calibration": {"level": 94, "rms": 0}}, {}),
    ("calibration-level", {"calibration": {"level": 9400, "rms": 1}}, {}),
]


def meters():
    for name, sound, signals, *take in LEVELS:
        yield name, {**GOOD, "input": {"channels": ["x"], "dtype": "int16", "sample_rate": 8000} | sound, "signals": signals,
                     "features": [{"of": "x", "take": take[0] if take else "mean"}]}


def spectra():
    for name, settings, take in SPECTRA:
        yield name, {"of": "x", "spectrum": settings, "take": take}
    yield "pair", {"of": [["x", "y"]], "spectrum": {}, "take": "centroid"}
    yield "without", {"of": "x", "take": {"bands_hz": [[0, 9]]}}
    yield "without-list", {"of": "x", "take": ["mean", {"rolloff": 0.5}]}


def changed(path, value, second=None):
    document = copy.deepcopy(GOOD)
    place = document
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    if second is not None:
        document["signals"]["t"] = second
    return document


def documents():
    for name, path, *values in CHANGES:
        yield f"signal-{name}.json", json.dumps(changed(path, *values), indent=1)
    for name, entry in spectra():
        yield f"signal-spectrum-{name}.json", json.dumps(changed(["features", 0], entry), indent=1)
    yield "signal-spectrum-too-long.json", json.dumps({**GOOD, "window": {"length": 5000, "hop": 1}, "features": [
        {"of": "x", "spectrum": {}, "take": "centroid"}]}, indent=1)
    yield "signal-spectrum-longer.json", json.dumps({**GOOD, "window": {"length": 20, "hop": 1}, "features": [
        {"of": "x", "spectrum": {"n_fft": 16}, "take": "centroid"}]}, indent=1)
    for name, document in meters():
        yield f"signal-level-{name}.json", json.dumps(document, indent=1)
    yield "signal-broken.json", json.dumps(GOOD, indent=1)[:-20]
    yield "signal-many-members.json", json.dumps({**GOOD, "signals": {"m": {"abs": ["x", "y"]}} | {
        f"s{i}": {"abs": "m" if i == 0 else f"s{i - 1}"} for i in range(5000)}}, indent=1)


def npy(descr, shape, data, order="False"):
    header = f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def recordings():
    frames = bytes(32)
    yield "recording-empty.npy", b""
    yield "recording-cut.npy", npy("<i2", "(8, 2)", frames[:18])
    yield "recording-cut-fortran.npy", npy("<i2", "(8, 2)", frames[:18], "True")
    yield "recording-header.npy", npy("<i2", "(8, 2)", frames)[:30]
    yield "recording-more.npy", npy("<i2", "(8, 2)", frames + b"0")
    yield "recording-channels.npy", npy("<i2", "(5, 3)", frames[:30])
    yield "recording-one.npy", npy("<i2", "(16,)", frames)
    yield "recording-type.npy", npy("<f4", "(4, 2)", frames)
    yield "recording-short.npy", npy("<i2", "(3, 2)", frames[:12])
    yield "recording-none.npy", npy("<i2", "(0, 2)", b"")
    yield "recording.wav", b"RIFF" + frames
    rows = "".join(f"{i},{-i}\n" for i in range(6))
    yield "recording-names.csv", "x,z\n" + rows
    yield "recording-no-y.csv", "x\n1\n2\n3\n4\n"
    yield "recording-names-more.csv", "x,y\n1\n2\n3\n4\n"
    yield "recording-names-fewer.csv", "x\n" + rows
    yield "recording-columns.csv", rows.replace("\n", ",0\n")
    yield "recording-fraction.csv", "x,y\n1,2\n1.5,2\n3,4\n1,1\n"
    yield "recording-range.csv", "x,y\n1,2\n1,40000\n3,4\n1,1\n"
    yield "recording-gap.csv", "x,y\n1,2\n1,\n3,4\n1,1\n"
    yield "recording-rate.csv", "time,x,y\n" + "".join(f"{i / 50},1,2\n" for i in range(6))
    yield "recording-time-gap.csv", "time,x,y\n" + "".join(f"{(i + 9 * (i > 3)) / 100},1,2\n" for i in range(6))
