"""Layers behind steps that only multiply and add: the steps become part of the weights."""


def is_affine(front):
    return all(step["kind"] in ("columns", "linear") or (step["kind"] == "scaler" and "clip" not in step)
               for step in front.steps)


def folded(front, layer):
    """The layer on the columns in front of the steps, where each of these only multiplies and adds."""
    import numpy as np

    if not front.steps:
        return layer
    weights, bias = np.array(layer.weights), np.array(layer.bias)
    sizes, addends = (np.array(layer.sums[0]), np.array(layer.sums[1])) if layer.sums else (abs(weights), abs(bias))
    n_terms = layer.sums[2] if layer.sums else weights.shape[1]
    widths = _widths(front)
    for step, n_in, n_out in reversed(list(zip(front.steps, widths, widths[1:]))):
        matrix, offset = _affine(np, step, n_in, n_out)
        bias, addends = bias + weights @ offset, addends + sizes @ abs(offset)
        weights, sizes = weights @ matrix, sizes @ abs(matrix)
        n_terms += matrix.shape[1]
    return layer._replace(weights=weights.tolist(), bias=bias.tolist(), sums=(sizes.tolist(), addends.tolist(), n_terms))


def _widths(front):
    """How many columns there are before each step, and behind the last one."""
    widths = [front.n_features]
    for step in front.steps:
        change = len(step["weights"]) - len(step["weights"][0]) if step["kind"] == "linear" else 0
        widths.append(len(step["indices"]) if step["kind"] == "columns" else widths[-1] + change)
    return widths


def _affine(np, step, n_in, n_out):
    """(matrix [n_out][n_in], offset [n_out]) of a step."""
    if step["kind"] == "columns":
        return np.eye(n_in)[step["indices"]], np.zeros(n_out)
    first = step.get("first", 0)
    if step["kind"] == "linear":
        inner, shift = np.array(step["weights"]), np.array(step["bias"])
    else:
        offset, scale = np.array(step["offset"]), np.array(step["scale"])
        divides = step["op"] == "subtract_divide"
        inner, shift = np.diag(1 / scale if divides else scale), -offset / scale if divides else offset
    matrix, whole = np.zeros((n_out, n_in)), np.zeros(n_out)
    matrix[:first, :first] = np.eye(first)
    behind = n_out - first - inner.shape[0]
    if behind:
        matrix[-behind:, -behind:] = np.eye(behind)
    matrix[first:first + inner.shape[0], first:first + inner.shape[1]] = inner
    whole[first:first + inner.shape[0]] = shift
    return matrix, whole
