"""Networks of Keras and PyTorch as scalers and dense layers."""

import math

from ..models.dense import dense_layer
from ..values import EPSILON32


class Unsupported(Exception):
    """What is the matter with a layer, without its name."""


class Chain:
    """Scalers and dense layers, from what a library does to its values one step after the other. What only scales and
    shifts becomes part of the layer before it or, where an activation is in the way, of the one behind it."""

    def __init__(self, n_features):
        self.n_features = self.width = n_features
        self.scalers, self.layers, self.pending = [], [], None
        self.is_log_softmax = False  # of all outputs, the last of all
        self.sizes = []  # of each layer: what its units add up at most, on the way to the bias that is left of it

    def affine(self, scale, offset):
        """y = x * scale + offset, numbers or one for each value."""
        scale, offset = ([float(v)] * self.width if isinstance(v, (int, float)) else v for v in (scale, offset))
        if all(v == 1 for v in scale) and not any(offset):
            return
        self._require_open()
        if not self.layers:
            self.scalers.append({"kind": "scaler", "op": "multiply_add", "offset": offset, "scale": scale})
        elif self.pending:
            self.pending = [a * s for a, s in zip(self.pending[0], scale)], [
                b * s + o for b, s, o in zip(self.pending[1], scale, offset)]
        elif self.layers[-1]["activation"] == "identity":
            layer = self.layers[-1]
            layer["weights"] = [[w * s for w in row] for row, s in zip(layer["weights"], scale)]
            layer["bias"] = [b * s + o for b, s, o in zip(layer["bias"], scale, offset)]
            self.sizes[-1] = [size * abs(s) + abs(o) for size, s, o in zip(self.sizes[-1], scale, offset)]
        else:
            self.pending = scale, offset

    def subtract_divide(self, offset, scale):
        if self.layers or self.scalers:
            return self.affine([1 / s for s in scale], [-o / s for o, s in zip(offset, scale)])
        self.scalers.append({"kind": "scaler", "op": "subtract_divide", "offset": offset, "scale": scale})

    def dense(self, weights, bias):
        """weights [n_out][n_in]"""
        self._require_open()
        sizes = [abs(b) for b in bias]
        if self.pending:
            scale, offset = self.pending
            sizes = [s + sum(abs(w * o) for w, o in zip(row, offset)) for s, row in zip(sizes, weights)]
            bias = [b + sum(w * o for w, o in zip(row, offset)) for b, row in zip(bias, weights)]
            weights = [[w * s for w, s in zip(row, scale)] for row in weights]
            self.pending = None
        self.layers.append(dense_layer(weights, bias, "identity"))
        self.sizes.append(sizes)
        self.width = len(bias)

    def activate(self, activation, **parameters):
        if activation == "identity":
            return
        self._require_open()
        if not self.layers or self.pending or self.layers[-1]["activation"] != "identity":
            self._identity()
        self.layers[-1].update(activation=activation, **parameters)

    def end_in_log_softmax(self):
        self._require_open()
        if not self.layers or self.pending:
            self._identity()
        self.is_log_softmax = True

    def _require_open(self):
        if self.is_log_softmax:
            raise Unsupported("comes behind a log_softmax, which has to be the last")

    def _identity(self):
        n = self.width
        self.dense([[float(i == j) for j in range(n)] for i in range(n)], [0.0] * n)

    def model(self):
        if not self.layers and not self.scalers:
            raise ValueError("no layer of the network computes anything")
        if self.pending:
            self._identity()
        more = {"post_transform": {"name": "log_softmax"}} if self.is_log_softmax else {}
        steps = self.scalers + ([{"kind": "mlp", "layers": self.layers, **more}] if self.layers else [])
        return steps[0] if len(steps) == 1 else {"kind": "pipeline", "steps": steps}

    def tolerance(self, inputs, errors, outputs):
        """A bound of the rounding errors of a library that computes in float32, see _dense_tolerance."""
        sizes = [max(abs(value) for value in column) for column in zip(*inputs)]
        error = 0.0
        for scaler in self.scalers:
            divides = scaler["op"] == "subtract_divide"
            gains = [1 / abs(s) if divides else abs(s) for s in scaler["scale"]]
            shifts = [abs(o) * g if divides else abs(o) for o, g in zip(scaler["offset"], gains)]
            sizes = [size * g + shift for size, g, shift in zip(sizes, gains, shifts)]
            error = error * max(gains) + 3 * EPSILON32 * max(sizes)
        for layer, addends in zip(self.layers, self.sizes):
            reach = [a + sum(abs(w) * size for w, size in zip(row, sizes)) for row, a in zip(layer["weights"], addends)]
            gain = max(sum(abs(w) for w in row) for row in layer["weights"])
            error = gain * error + (len(sizes) + 8) * EPSILON32 * max(reach)
            steepest = max([1.0, abs(layer.get("alpha", 0.0)), *(abs(s) for s in layer.get("slopes", ()))])
            sizes, error = [steepest * r for r in reach], steepest * error
            if layer["activation"] in ("tanh", "logistic", "softmax"):
                sizes = [1.0] * len(sizes)
            if layer["activation"] not in ("identity", "relu", "relu6", "leaky_relu", "prelu"):
                error += 16 * EPSILON32 * steepest
        if self.is_log_softmax:
            error = 2 * error + 16 * EPSILON32 * (1.0 + max(abs(value) for row in outputs for value in row))
        return 2 * error, 0.0


def sloped(chain, slopes):
    """One slope for all, or one for each value."""
    if len(set(slopes)) == 1:
        return chain.activate("leaky_relu", alpha=slopes[0])
    chain.activate("prelu", slopes=slopes)


def normalized(chain, gamma, beta, mean, variance, epsilon):
    """gamma * (x - mean) / sqrt(variance + epsilon) + beta"""
    scale = [g / math.sqrt(v + epsilon) for g, v in zip(gamma, variance)]
    chain.affine(scale, [b - m * s for b, m, s in zip(beta, mean, scale)])


# name of an activation: factor and addend before it, its name here with its parameters, factor behind it
ACTIVATIONS = {
    "linear": (1, 0, "identity", {}, 1),
    "relu": (1, 0, "relu", {}, 1),
    "relu6": (1, 0, "relu6", {}, 1),
    "leaky_relu": (1, 0, "leaky_relu", {"alpha": 0.2}, 1),
    "sigmoid": (1, 0, "logistic", {}, 1),
    "tanh": (1, 0, "tanh", {}, 1),
    "softmax": (1, 0, "softmax", {}, 1),
    "softplus": (1, 0, "softplus", {}, 1),
    "elu": (1, 0, "elu", {"alpha": 1.0}, 1),
    "selu": (1, 0, "elu", {"alpha": 1.6732632423543772}, 1.0507009873554805),
}

HARD_SIGMOID = {2: (1.2, 3, "relu6", {}, 1 / 6), 3: (1, 3, "relu6", {}, 1 / 6)}  # by the version of Keras


def activated(chain, formula):
    factor, addend, activation, parameters, behind = formula
    chain.affine(factor, addend)
    chain.activate(activation, **parameters)
    chain.affine(behind, 0)


def in_training_only(chain, *_):
    """Computes nothing once the network is trained."""
