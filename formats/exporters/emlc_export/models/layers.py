"""What a linear model computes, link(weights x + bias): one dense layer of the document."""

import math
from functools import partial
from typing import Callable, NamedTuple, Optional, Union

from ..outputs import TRANSCENDENTAL
from ..values import EPSILON
from .dense import dense_layer, dense_network, dense_tolerance

# link: the activation of the layer, and what else the model has
LINKS = {
    "identity": ("identity", {}),
    "exp": ("identity", {"post_transform": {"name": "exp"}}),
    "logistic": ("logistic", {}),
    "softmax": ("softmax", {}),
    "normalize": ("logistic", {"post_transform": {"name": "normalize"}}),  # one against the rest
}


class Layer(NamedTuple):
    """A linear model before it becomes a document, so that others can be made of it."""

    weights: list  # [n_out][n_in]
    bias: list  # [n_out]
    link: str  # of LINKS
    output: dict  # the "output" of the document
    answer: Union[str, Callable]
    # (sizes of products per weight [n_out][n_in], of addends [n_out]) where the library adds up other and larger numbers
    # than the weights; the number of them.
    sums: Optional[tuple] = None
    score: float = 1.0  # decision_function is so many times the sums


def layer_of(weights, bias, link, output, answer, sums=None):
    """Weights in any of the shapes that libraries have them in: one row alone, a single bias for all."""
    layer = dense_layer(weights, bias, "identity")
    return Layer(layer["weights"], layer["bias"], link, output, answer, sums)


def exported_layer(layer):
    activation, more = LINKS[layer.link]
    dense = dense_layer(layer.weights, layer.bias, activation)
    exported = dense_network([dense], layer.output, layer.answer, **more)
    return exported._replace(tolerance=partial(_tolerance, layer, dense))


def _tolerance(layer, dense, inputs, errors, outputs):
    if layer.link == "normalize":
        _check_saturation(layer, inputs)
    atol, rtol = dense_tolerance([dense], inputs, errors, outputs)
    if layer.sums is not None:
        weights, bias, n = layer.sums
        sizes = [max(abs(value) for value in column) for column in zip(*inputs)]
        reach = max(b + sum(w * size for w, size in zip(row, sizes)) for row, b in zip(weights, bias))
        atol += 2 * (n + 1) * EPSILON * reach
    if layer.link == "exp":  # an error of the sum is one of so many digits of its exponential
        return 0.0, math.expm1(min(atol, 700.0)) + TRANSCENDENTAL[1]
    return atol, rtol


def _check_saturation(layer, inputs):
    """Probabilities of one class against the rest are compared in float32, where large ones are equal and small ones 0."""
    for row in inputs:
        scores = [b + sum(w * x for w, x in zip(weights, row)) for weights, b in zip(layer.weights, layer.bias)]
        *_, second, largest = sorted(scores)
        if largest < -80 or second > 14:
            raise ValueError("the scores of one class against the rest go from %.3g to %.3g for a row of X: their "
                             "probabilities are equal numbers of float32, which decide nothing; put a StandardScaler before "
                             "the model" % (second, largest))
