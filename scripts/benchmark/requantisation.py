#!/usr/bin/env python3
"""How sums become codes in an int8 network: a shift for all units of a layer, as emlc does it, or a multiplier each.

usage: requantisation.py

Trains networks on the data sets of scikit-learn, takes the two bundled ones, quantises each in several ways and prints
the mean and the largest difference of the outputs (before softmax) to the float network on test data, and the labels
that agree. Calibration sees 40 rows. What emlc does (codegen/passes) is written down here once more, in numpy, so that
everything but the way from sums to codes is the same; `tensor` is what most tools do: one scale for the codes of a layer,
ranges as observed, weights rounded to nearest. Needs scikit-learn. The table at "Shift or multiplier" in
docs/architecture.md comes from it.
"""

import json
import pathlib
import warnings

import numpy
from sklearn import datasets
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler

MODELS = pathlib.Path(__file__).resolve().parents[2] / "tests/data/models"
ROWS = 40
LARGEST_WEIGHT, LARGEST_CODE, POINTS = 127, 255, 4096
CURVES = {"tanh": (4.0, 2.0 / 255, 127.5)}  # reach, scale and zero point of the codes


def activate(name, z):
    return {"relu": lambda: numpy.maximum(z, 0), "tanh": lambda: numpy.tanh(z)}.get(name, lambda: z)()


def sums_of(network, x):
    sums = []
    for weights, bias, activation in network:
        sums.append(x @ weights.T + bias)
        x = activate(activation, sums[-1])
    return sums


def bundled(name):
    model = json.loads((MODELS / name / "model.json").read_text())
    x = numpy.array(model["test_vectors"]["inputs"])
    test = numpy.genfromtxt(MODELS / name / "X_test.csv", delimiter=",")
    test = test[~numpy.isnan(test).any(axis=1)]
    document = model["model"]
    if document["kind"] == "pipeline":
        scaler, document = document["stages"] if "stages" in document else document["steps"]
        x, test = ((rows - scaler["offset"]) / scaler["scale"] for rows in (x, test))
    layers = [(numpy.array(layer["weights"]).reshape(len(layer["bias"]), -1), numpy.array(layer["bias"]),
               layer["activation"]) for layer in document["layers"]]
    layers[-1] = (*layers[-1][:2], "identity")
    return layers, x, test


def trained(estimator, x, y, scaled=False):
    x, test, y, _ = train_test_split(x, y, test_size=0.3, random_state=1)
    if scaled:
        scaler = StandardScaler().fit(x)
        x, test = scaler.transform(x), scaler.transform(test)
    estimator.set_params(random_state=0, max_iter=300).fit(x, y)
    layers = [[w.T, b, estimator.activation] for w, b in zip(estimator.coefs_, estimator.intercepts_)]
    layers[-1][2] = "identity"
    return layers, x[:ROWS], test


def networks():
    pixels, digits = datasets.load_digits(return_X_y=True)
    pixels = pixels / 16
    friedman, target = datasets.make_friedman1(1500, 10, noise=0.3, random_state=3)
    target = (target - target.mean()) / target.std()
    yield "digits_mlp, relu 32-16", *bundled("digits_mlp"), True
    yield "diabetes_mlpr, tanh 8", *bundled("diabetes_mlpr"), False
    for sizes in ((24,), (100, 50), (32, 32, 32, 32)):
        yield f"digits, relu {'-'.join(map(str, sizes))}", *trained(MLPClassifier(sizes), pixels, digits), True
    yield "digits, tanh 32", *trained(MLPClassifier((32,), activation="tanh"), pixels, digits), True
    cancer = datasets.load_breast_cancer(return_X_y=True)
    yield "cancer, relu 16-16-16", *trained(MLPClassifier((16, 16, 16)), *cancer, scaled=True), True
    for sizes in ((32, 32), (64, 64, 64)):
        yield f"friedman, relu {'-'.join(map(str, sizes))}", *trained(MLPRegressor(sizes), friedman, target), False
    yield "friedman, tanh 24-24", *trained(MLPRegressor((24, 24), activation="tanh"), friedman, target), False


def round_weights(exact, factor, scale):
    """One after the other: see weight_rounding.cpp. `factor` None: to nearest."""
    if factor is None:
        return numpy.clip(numpy.round(exact), -LARGEST_WEIGHT, LARGEST_WEIGHT)
    rounded, off = numpy.zeros_like(exact), numpy.zeros_like(exact)
    for i in range(exact.shape[1]):
        wanted = exact[:, i] - scale[i] * (off[:, :i] @ factor[:i, i]) / factor[i, i]
        wanted = numpy.clip(wanted, numpy.floor(exact[:, i]), numpy.ceil(exact[:, i]))
        rounded[:, i] = numpy.clip(numpy.round(wanted), -LARGEST_WEIGHT, LARGEST_WEIGHT)
        off[:, i] = (rounded[:, i] - exact[:, i]) / scale[i]
    return rounded


def factor_of(x):
    """The upper triangular V with V V' = the covariance of x, whose variances count half as much again."""
    covariance = numpy.atleast_2d(numpy.cov(x.T, bias=True))
    variances = numpy.diag(covariance).copy()
    numpy.fill_diagonal(covariance, numpy.where(variances > 0, 1.5 * variances, 1.0))
    return numpy.linalg.cholesky(covariance[::-1, ::-1])[::-1, ::-1]


def highest_values(network, x, index, headroom):
    sums = sums_of(network, x)[index]
    highest = numpy.maximum(sums.max(0), 0)
    if headroom:
        ends = [x.min(0), x.max(0), numpy.full(x.shape[1], x.min()), numpy.full(x.shape[1], x.max())]
        highest = numpy.maximum(highest, sums.mean(0) + 4 * sums.std(0))
        highest = numpy.maximum(highest, numpy.minimum(sums_of(network, numpy.array(ends))[index].max(0), 2 * highest))
    return numpy.maximum(numpy.maximum(highest, numpy.abs(sums.mean(0)) / 16), 1e-12)


def multiplier(value):
    """In 16 bits and a shift."""
    unit = 2.0 ** (15 - numpy.floor(numpy.log2(value)))
    return numpy.round(value * unit) / unit


def steps_and_factors(way, finest, highest, shift):
    """What one step of each sum is, and what makes a code of a sum."""
    if way == "shift":
        return numpy.maximum(finest, highest / LARGEST_CODE * 2.0**-shift), numpy.full(len(finest), 2.0**-shift)
    if way == "shift each":
        shifts = numpy.ceil(numpy.log2(highest / LARGEST_CODE / finest)) - shift % 2
        return numpy.maximum(finest, highest / LARGEST_CODE * 2.0**-shifts), 2.0**-shifts
    if way == "tensor":
        highest = highest.max()
    return finest, multiplier(finest / (highest / LARGEST_CODE))


def curve_step(finest, needed):
    """The step of the points of a curve, and the shift from sums to points: see integer_layers.cpp."""
    step, shift = finest, 0
    while step < needed:
        growth = needed / step
        if growth * growth <= 2:
            return needed, shift
        step, shift = 2 * step, shift + 1
    return step, shift


def codes_after(layer, codes):
    sums = codes @ layer["weights"].T + layer["bias"]
    if layer["activation"] == "relu":
        return numpy.clip(numpy.floor(sums * layer["factor"]), 0, LARGEST_CODE)
    _, scale, zero = CURVES[layer["activation"]]
    points = numpy.clip(numpy.floor(sums * layer["factor"]), 0, POINTS - 1)
    value = activate(layer["activation"], layer["low"] + points * layer["step"])
    return numpy.floor(value / scale + zero + 0.5)


def quantise(network, x, way, shifts):
    plain = way == "tensor"  # as most tools do it: ranges as observed, weights to nearest
    exponent = 30
    while round(x.max() * 2.0**exponent) - round(min(x.min(), 0) * 2.0**exponent) > LARGEST_CODE:
        exponent -= 1
    step = 2.0**-exponent
    offset = -round(min(x.min(), 0) / step)
    scale, zero = numpy.full(x.shape[1], step), numpy.full(x.shape[1], float(offset))
    layers, values = [], x
    for index, (weights, bias, activation) in enumerate(network):
        finest = numpy.maximum(numpy.abs(weights * scale).max(1) / LARGEST_WEIGHT, 1e-30)
        is_last = index + 1 == len(network)
        layer = {"activation": activation, "added": 0.5}
        if is_last:
            steps = numpy.full(len(bias), finest.max()) if "shift" in way else finest
            layer.update(steps=steps, factor=1.0, added=0.0)
        elif activation == "relu":
            highest = highest_values(network, x, index, not plain)
            steps, layer["factor"] = steps_and_factors(way, finest, highest, shifts[index])
        else:
            steps, layer["step"] = finest, 2 * CURVES[activation][0] / POINTS
            if "shift" in way:
                layer["step"], shift = curve_step(finest.max(), layer["step"])
                steps = numpy.full(len(bias), layer["step"] * 2.0**-shift)
            layer["low"] = -layer["step"] * POINTS / 2
            layer["factor"] = multiplier(steps / layer["step"])
            layer["added"] -= layer["low"] / layer["step"]
        exact = weights * scale / steps[:, None]
        layer["weights"] = round_weights(exact, None if plain else factor_of(values), scale)
        mean = numpy.clip(values.mean(0) / scale + zero, 0, LARGEST_CODE)
        corrected = (exact * (mean - zero)).sum(1) - (layer["weights"] * mean).sum(1)
        layer["bias"] = numpy.round(bias / steps + corrected + layer["added"] / layer["factor"])
        layers.append(layer)
        values = activate(activation, values @ weights.T + bias)
        curve = CURVES.get(activation, (0, 0, 0.0))
        scale = steps / layer["factor"] if activation not in CURVES else numpy.full(len(bias), curve[1])
        zero = numpy.full(len(bias), curve[2])
    return lambda rows: run(layers, rows, step, offset)


def run(layers, rows, step, offset):
    codes = numpy.clip(numpy.round(rows / step) + offset, 0, LARGEST_CODE)
    for layer in layers[:-1]:
        codes = codes_after(layer, codes)
    return (codes @ layers[-1]["weights"].T + layers[-1]["bias"]) * layers[-1]["steps"]


def search(network, x, way):
    """The shifts with the smallest error on the calibration rows, one layer after the other."""
    expected = sums_of(network, x)[-1]

    def error(shifts):
        return numpy.abs(quantise(network, x, way, shifts)(x) - expected).mean()

    shifts = [8] * len(network)
    best = error(shifts)
    for index in range(len(network) - 1 if "shift" in way else 0):
        for direction in (-1, 1):
            while 0 <= shifts[index] + direction <= 20:
                changed = [*shifts[:index], shifts[index] + direction, *shifts[index + 1:]]
                if error(changed) >= best:
                    break
                shifts, best = changed, error(changed)
    return quantise(network, x, way, shifts)


def labels(outputs):
    return outputs.argmax(1) if outputs.shape[1] > 1 else outputs[:, 0] > 0


def main():
    warnings.simplefilter("ignore")
    ways = ("shift", "shift each", "multiplier", "tensor")
    print("| mean, largest error; labels |", " | ".join(ways), "|")
    print("|---" * (len(ways) + 1) + "|")
    logs = []
    for name, network, x, test, is_classifier in networks():
        expected = sums_of(network, test)[-1]
        cells, errors = [], []
        for way in ways:
            found = search(network, x, way)(test)
            error = numpy.abs(found - expected)
            agreement = f"; {100 * (labels(found) == labels(expected)).mean():.1f} %" if is_classifier else ""
            cells.append(f"{error.mean():.4f}, {error.max():.3f}{agreement}")
            errors.append(error.mean())
        logs.append(numpy.log(numpy.array(errors) / errors[0]))
        print(f"| {name} |", " | ".join(cells), "|", flush=True)
    print("| mean error, geometric mean |", " | ".join(f"{100 * v:.0f} %" for v in numpy.exp(numpy.mean(logs, 0))), "|")


if __name__ == "__main__":
    main()
