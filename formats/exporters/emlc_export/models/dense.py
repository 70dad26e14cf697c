"""Dense layers, and the multi-layer perceptrons of scikit-learn."""

from functools import partial

from ..outputs import Exported, class_labels, classification, regression
from ..values import EPSILON


def dense_layer(weights, bias, activation):
    """A layer from weights [n_out][n_in]; a single bias stands for all units."""
    weights = weights if isinstance(weights[0], list) else [weights]
    bias = bias if len(bias) == len(weights) else bias * len(weights)
    return {"weights": weights, "bias": bias, "activation": activation}


def dense_network(layers, output, answer, **more):
    return Exported({"kind": "mlp", "layers": layers, **more}, output, answer, partial(dense_tolerance, layers))


def dense_tolerance(layers, inputs, errors, outputs):
    """A bound of the rounding errors, since matrix libraries add up in their own order.

    `errors` is what the inputs may be off by. A sum of n products is off by at most n * EPSILON times the sum of their
    sizes, and errors of one layer reach the next through the weights. The activations have slope 1 at most; the last
    factor 2 is for outputs that are divided by their sum.
    """
    sizes = [max(abs(value) for value in column) for column in zip(*inputs)]
    offs = [max(column) for column in zip(*errors)]
    error = 0.0
    for index, layer in enumerate(layers):
        reach = [abs(b) + sum(abs(w) * size for w, size in zip(row, sizes))
                 for row, b in zip(layer["weights"], layer["bias"])]
        if index == 0:
            carried = max(sum(abs(w) * off for w, off in zip(row, offs)) for row in layer["weights"])
        else:
            carried = max(sum(abs(w) for w in row) for row in layer["weights"]) * error
        error = carried + (len(sizes) + 1) * EPSILON * max(reach)
        if layer["activation"] in ("tanh", "logistic", "softmax"):
            reach, error = [1.0] * len(reach), error + 8 * EPSILON
        sizes = reach
    return 2 * error, 0.0


def _mlp_layers(estimator):
    last = len(estimator.coefs_) - 1
    layers = []
    for index, (weights, bias) in enumerate(zip(estimator.coefs_, estimator.intercepts_)):
        activation = estimator.out_activation_ if index == last else estimator.activation
        if activation not in ("identity", "relu", "tanh", "logistic", "softmax"):
            raise ValueError("the activation %r of a network cannot be exported" % activation)
        layers.append(dense_layer(weights.T.tolist(), bias.tolist(), activation))
    return layers


def mlp_classifier(estimator):
    classes = class_labels(estimator)
    if estimator.out_activation_ == "softmax":
        output = classification(classes)
    elif estimator.n_outputs_ == 1:
        output = classification(classes, rule="greater", threshold=0.5)
    else:  # several labels, each there or not
        output = classification([[0, 1] for _ in range(estimator.n_outputs_)], rule="greater", threshold=0.5)
    return dense_network(_mlp_layers(estimator), output, "predict_proba")


def mlp_regressor(estimator):
    return dense_network(_mlp_layers(estimator), regression(estimator.n_outputs_), "predict")
