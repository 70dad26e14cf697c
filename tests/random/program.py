"""Runs emlc, and says how it ended."""

import csv
import io
import json
import os
import re
import subprocess

import numpy as np

TIMEOUT = 60  # seconds; the models are small

# What emlc may refuse, each sentence without its place and with its numbers and names left open.
REFUSALS = [re.compile(pattern) for pattern in (
    r"expected an integer from 1 to 65536, found",
    r"--features: \w+ holds -?\d+ to \d+, feature \d+ of the model (is|has) ",
    r"--feature-scale: makes integers of features: needs --features int8, int16 or uint8",
    r"--feature-scale: the features of the model are \w+ already",
    r"--feature-scale: (row|test vector) \d+ has \S+ for feature \d+, which no \w+ stands for",
    r"--feature-scale: networks in integers make codes of their features themselves, leave it out",
    r"--features: (a CSV|a .tmdl|a MicroPython module) holds no double; write c or cpp, or take --features float",
    r"--arithmetic: a MicroPython module holds filters of 16-bit samples; use q15 or q15-cmsis",
    r"--weights: a MicroPython module holds networks in int8 only; use int8",
    r"--to: a MicroPython module holds (networks in int8 only|filters of 16-bit samples only|no scalers|no combination)",
    r"--features double: needs a tree ensemble, the model is a ",
    r"--fpu: no is for features in float, these are double",
    r"row \d+ has .* for feature \d+, which \w+ cannot hold",
    r"--voting: hard needs a classifier whose leaves hold class proportions, the model is ",
    r"--tmdl-profile: emlearn-cnn takes int8 networks: give --weights int8, and a dense network as the model",
    r"--weights: a CSV holds float networks only; write a header or a .tmdl",
    r"--weights: int16 networks are not in the .tmdl format that TinyMaix runs; use int8",
    r"--weights: layers\[\d+\] has the activation '\w+', which TinyMaix has not in int8",
    r"--weights: the post-transform is '\w+', which TinyMaix has not in int8",
    r"--weights: layers\[\d+\] is a softmax between layers, which has no form in integers",
    r"--weights: the input scaler clips, which codes of the input cannot do",
    r"--weights: the step '\w+' in front of the network is computed in float32, which codes of the input cannot do",
    r"--features: doubles are compared by trees, and the step '\w+' in front of these is computed in float32",
    r"model: a CSV holds no step '\w+', which has to be computed in front of the model; write a header",
    r"model: a (CSV|\.tmdl) holds one model, this is a combination of .*; write a header",
    r"--use-runtime: filters in integers carry code of their own; leave it out",
    r"input.n_features: \d+ values, a .tmdl holds at most 65535",
    r"input.n_features: \d+ features, a CSV holds at most 32767",
    r"needs more than 24 bits, and a .tmdl takes its inputs as float32; ",
    r"--arithmetic: a CSV holds filters in float, or with q15-cmsis those of emlearn_iir_q15",
    r"--arithmetic: \S+ is not good enough for this filter: ",
    r"--arithmetic: \S+ filters start from silence, the model has an initial state",
    r"input.n_features: \d+ features, a CSV holds at most \d+",
    r"a SOS CSV holds no initial state; write c, cpp or tmdl",
    r"--headroom: is for filters in integers: needs --arithmetic q15, mixed, q31 or q15-cmsis",
    r"--structure: is of filters in float, --arithmetic is ",
    r"--structure: \w+ is not good enough for this filter: ",
    r"needs the structure '\w+' in float32, readers of CSV have the direct one; write c, cpp or tmdl",
)]


class Failed(Exception):
    """A check that does not hold: `kind` groups alike ones, `detail` is for people."""

    def __init__(self, kind, detail):
        super().__init__(f"{kind}: {detail}")
        self.kind, self.detail = kind, detail


class Refused(Exception):
    """emlc does not take the model or the options, with a sentence that is known."""


def run(*arguments, may_end_with=(0,), what="emlc"):
    """The finished process. Raises Refused for a known refusal, Failed for any other end and for warnings."""
    command = [os.environ["EMLC"], *map(str, arguments)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        raise Failed(f"{what}: timeout", " ".join(command)) from None
    # Not as text: that would turn a carriage return inside a name into a line end.
    done.stdout, done.stderr = (stream.decode("utf-8", "replace") for stream in (done.stdout, done.stderr))
    if done.returncode == 2 and 2 not in may_end_with:
        raise refusal(what, done.stderr)
    if done.returncode not in may_end_with:
        raise Failed(f"{what}: exit {done.returncode}", done.stderr.strip() or done.stdout.strip())
    return done


def refusal(what, text):
    lines = [line for line in text.strip().splitlines() if "error: " in line]
    if len(lines) == 1 and any(pattern.search(lines[0]) for pattern in REFUSALS):
        return Refused(sentence(lines[0]))
    return Failed(f"{what}: refused", text.strip())


def sentence(line):
    """The refusal without its place, names and numbers, so that alike ones are counted together."""
    text = line.split("error: ", 1)[1]
    text = re.sub(r"^\S+\.(json|csv|tmdl|npy)(:\d+)?: ", "", text)
    text = re.sub(r"'[^']*'", "'...'", text)
    return re.sub(r"-?\d+(\.\d+)?(e[+-]?\d+)?", "N", text)


def options_text(options):
    words = []
    for name, value in options.items():
        words += [f"--{name}"] if value is True else [f"--{name}", str(value)]
    return words


def answers(text, document, n_targets):
    """(decisions [n][n_targets], outputs [n][columns]) of the CSV that `run` writes."""
    table = list(csv.reader(io.StringIO(text, newline="")))[1:]
    outputs = np.array([[float(cell) for cell in row[n_targets:]] for row in table])
    names = [[name if isinstance(name, str) else json.dumps(name) for name in target.get("class_names", [])]
             or [str(index) for index in range(max(2, target["size"]))] for target in document["output"].get("targets", [])] or [
                 [str(index) for index in range(max(2, document["output"]["n_outputs"]))]]
    decisions = [[_index(names[target], row[target]) for target in range(n_targets)] for row in table]
    return np.array(decisions, int).reshape(len(table), n_targets), outputs


def _index(names, label):
    """Files without class names give the index."""
    return names.index(label) if label in names else int(label)
