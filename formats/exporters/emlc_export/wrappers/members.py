"""Estimators of scikit-learn made of members, where all members together are one dense layer."""

from functools import partial

from ..models.dense import dense_layer, dense_network
from ..models.layers import Layer
from ..models.linear import decided_by_scores, several_labels
from ..outputs import class_labels, classification, named_targets, regression
from ..values import listed
from ..vectors import asked


def not_supported(estimator, reason):
    return ValueError("a %s %s cannot be exported" % (type(estimator).__name__, reason))


def _stacked(layers, link, output, answer):
    """The outputs of all layers one behind the other."""
    sums = None
    if any(layer.sums for layer in layers):
        parts = [_sums_of(layer) for layer in layers]
        sums = sum((part[0] for part in parts), []), sum((part[1] for part in parts), []), max(part[2] for part in parts)
    return Layer(sum((layer.weights for layer in layers), []), sum((layer.bias for layer in layers), []), link, output,
                 answer, sums)


def _sums_of(layer):
    plain = [[abs(w) for w in row] for row in layer.weights], [abs(b) for b in layer.bias], len(layer.weights[0])
    return layer.sums or plain


def averaged(estimator, layers, shares):
    """The weighted mean of layers with the same outputs; None where that is no layer and no network."""
    first = layers[0]
    if all(layer.link == "identity" for layer in layers) and first.output["task"] == "regression":
        if len({len(layer.bias) for layer in layers}) > 1:
            return None
        stacked = _stacked(layers, "identity", first.output, "predict")
        mean = [[share if row % len(first.bias) == column else 0.0 for share, layer in zip(shares, layers)
                 for row in range(len(first.bias))] for column in range(len(first.bias))]
        return _through(mean, stacked)
    is_binary = all(layer.link == "logistic" and len(layer.bias) == 1 for layer in layers)
    if not is_binary:
        return None
    stacked = _stacked(layers, "logistic", first.output, "predict_proba")
    output = classification(class_labels(estimator), rule="greater", threshold=0.5)
    hidden = dense_layer(stacked.weights, stacked.bias, "logistic")
    mean = dense_layer([list(shares)], [0.0], "identity")
    return dense_network([hidden, mean], output, "predict_proba")


def _through(matrix, layer):
    """matrix times the outputs of the layer, which has no activation."""
    import numpy as np

    matrix = np.array(matrix)
    sizes, addends, n = _sums_of(layer)
    return layer._replace(weights=(matrix @ np.array(layer.weights)).tolist(), bias=(matrix @ np.array(layer.bias)).tolist(),
                          sums=((abs(matrix) @ np.array(sizes)).tolist(), (abs(matrix) @ np.array(addends)).tolist(),
                                n + matrix.shape[1]))


def one_vs_rest(estimator, layers):
    """A layer with a row for each class, or for each label; None where no layer says that. Several classes are decided by
    the scores."""
    links = {layer.link for layer in layers}
    rules = {str(layer.output["decision"]) for layer in layers}
    is_alike = len(links) == 1 and len(rules) == 1 and links <= {"logistic", "identity"}
    if not is_alike or any(len(layer.bias) != 1 for layer in layers) or layers[0].output["task"] == "regression":
        return None
    link, answer = links.pop(), layers[0].answer
    classes = class_labels(estimator)
    if estimator.multilabel_:
        threshold = layers[0].output["decision"]["threshold"]
        return _stacked(layers, link, several_labels(len(layers), threshold), answer)
    if len(layers) == 1:
        return layers[0]._replace(output=_renamed(layers[0].output, classes))
    output = decided_by_scores(classes)
    return _stacked(layers, "normalize" if link == "logistic" else link, output, answer)


def _renamed(output, classes):
    targets = [{**target, "class_names": labels} for target, labels in zip(output["targets"], classes)]
    return {**output, "targets": targets}


def several_targets(estimator, layers):
    """MultiOutput*: the layers one behind the other, where one activation and one rule are those of all; else None."""
    rules = {str(layer.output["decision"]) for layer in layers}
    links = {layer.link for layer in layers}
    if len(links) != 1 or len(rules) != 1 or not links <= {"identity", "exp", "logistic"}:
        return None
    link = links.pop()
    if layers[0].output["task"] == "regression":
        return _stacked(layers, link, regression(len(layers)), "predict")
    targets = named_targets([target for layer in layers for target in layer.output["targets"]])
    output = {**layers[0].output, "n_outputs": sum(target["size"] for target in targets), "targets": targets}
    return _stacked(layers, link, output, partial(answers_of_members, [layers[0].answer] * len(layers)))


def answers_of_members(methods, estimator, rows):
    return [asked(method, member, rows) for method, member in zip(methods, estimator.estimators_)]


def chained(estimator, layers):
    """RegressorChain: each target's layer sees the answers to those before it, which are sums of the inputs; None where they
    are more than that."""
    import numpy as np

    n, done = estimator.n_features_in_, []
    if any(layer.link != "identity" or len(layer.bias) != 1 for layer in layers):
        return None
    for layer in layers:
        sizes, addends, n_terms = _sums_of(layer)
        rows = [(np.array(row[0]), value[0]) for row, value in ((layer.weights, layer.bias), (sizes, addends))]
        parts = []
        for (row, value), kind in zip(rows, (0, 1)):
            before = [item[kind] for item in done]
            parts.append((row[:n] + sum(w * other for w, (other, _) in zip(row[n:], before)),
                          value + sum(w * other for w, (_, other) in zip(row[n:], before))))
        done.append(parts)
    place = {target: index for index, target in enumerate(listed(estimator.order_))}
    ordered = [done[place[target]] for target in range(len(done))]
    sums = [part[1][0].tolist() for part in ordered], [float(part[1][1]) for part in ordered], n * len(done)
    return Layer([part[0][0].tolist() for part in ordered], [float(part[0][1]) for part in ordered], "identity",
                 regression(len(done)), "predict", sums)
