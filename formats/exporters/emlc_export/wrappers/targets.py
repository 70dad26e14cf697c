"""What stands behind a model: a transformed target, a decision threshold."""

import math
from functools import partial

from ..models.dense import dense_layer
from ..models.layers import Layer
from ..outputs import TRANSCENDENTAL, class_labels, classification
from ..steps.front import Front
from ..values import EPSILON, listed
from .answers import one_column


def _no_inverse(estimator, what):
    return ValueError("a TransformedTargetRegressor whose target is transformed by %s cannot be exported; what can: scalers, "
                      "and func=numpy.log with inverse_func=numpy.exp" % what)


def transformed_target(convert, transform, front, estimator):
    inner, transformer = convert(front, estimator.regressor_), estimator.transformer_
    if type(transformer).__name__ == "FunctionTransformer":
        inverse = transformer.inverse_func
        name = None if inverse is None else getattr(inverse, "__name__", "")
        is_known = inverse is None or (type(inverse).__name__ == "ufunc" and name in ("exp", "negative", "positive"))
        if not is_known or transformer.inv_kw_args:
            raise _no_inverse(estimator, "a function whose inverse is %s" % name)
        if name == "exp":
            return _exponential(inner)
        sign = [-1.0 if name == "negative" else 1.0] * _n_outputs(inner)
        return inner if name != "negative" else _affine(inner, sign, [0.0] * len(sign))
    n = _n_outputs(inner)
    forward = Front(n)
    try:
        transform(forward, transformer, 0, n)
    except ValueError:
        raise _no_inverse(estimator, "a %s" % type(transformer).__name__) from None
    scale, offset = [1.0] * n, [0.0] * n
    for step in reversed(forward.steps):
        if step["kind"] != "scaler" or "clip" in step:
            raise _no_inverse(estimator, "a %s" % type(transformer).__name__)
        if step["op"] == "subtract_divide":
            factors, shifts = step["scale"], step["offset"]
        else:
            factors = [1 / s for s in step["scale"]]
            shifts = [-o / s for o, s in zip(step["offset"], step["scale"])]
        scale, offset = [s * f for s, f in zip(scale, factors)], [o * f + b for o, f, b in zip(offset, factors, shifts)]
    return _affine(inner, scale, offset)


def _n_outputs(inner):
    return inner.output["n_outputs"]


def _is_plain(inner):
    return inner.link == "identity" if isinstance(inner, Layer) else _is_plain_model(inner.model)


def _is_plain_model(model):
    """Whether no function follows the sums that are its outputs."""
    if model["kind"] == "pipeline":
        return _is_plain_model(model["steps"][-1])
    if model["kind"] == "combine" and "final" in model:
        return _is_plain_model(model["final"])
    last = model["layers"][-1]["activation"] if model["kind"] == "mlp" else "identity"
    return last == "identity" and model.get("post_transform", {"name": "identity"}) == {"name": "identity"}


def _require_plain(inner):
    if inner.output["task"] != "regression" or not _is_plain(inner):
        raise ValueError("a TransformedTargetRegressor of a model whose outputs are transformed already cannot be exported")


def _exponential(inner):
    _require_plain(inner)
    if isinstance(inner, Layer):
        return inner._replace(link="exp", answer="predict")

    def tolerance(inputs, errors, outputs):
        logs = [[math.log(value) if value > 0 else -700.0 for value in row] for row in outputs]
        atol, rtol = inner.tolerance(inputs, errors, logs)
        off = atol + rtol * max(abs(value) for row in logs for value in row)
        return 0.0, math.expm1(min(off, 700.0)) + TRANSCENDENTAL[1]

    return inner._replace(model=_last_changed(inner.model, lambda model: {**model, "post_transform": {"name": "exp"}}),
                          tolerance=tolerance)


def _last_changed(model, change):
    """The model, with what makes its outputs changed: the last step, or the final model of a combination."""
    if model["kind"] == "pipeline":
        return {**model, "steps": [*model["steps"][:-1], _last_changed(model["steps"][-1], change)]}
    if model["kind"] == "combine" and "final" in model:
        return {**model, "final": _last_changed(model["final"], change)}
    return change(model)


def _affine(inner, scale, offset):
    """y * scale + offset of each output."""
    _require_plain(inner)
    if isinstance(inner, Layer):
        sums = inner.sums or ([[abs(w) for w in row] for row in inner.weights], [abs(b) for b in inner.bias],
                              len(inner.weights[0]))
        sizes = [[w * abs(s) for w in row] for row, s in zip(sums[0], scale)]
        addends = [b * abs(s) + abs(o) for b, s, o in zip(sums[1], scale, offset)]
        return inner._replace(**_scaled_rows(inner.weights, inner.bias, scale, offset), sums=(sizes, addends, sums[2] + 2))
    model = _last_changed(inner.model, partial(_scaled_model, scale, offset))
    return _tolerant(model, inner, scale, offset)


def _scaled_model(scale, offset, model):
    if model["kind"] == "mlp":
        *layers, last = model["layers"]
        return {**model, "layers": [*layers, {**last, **_scaled_rows(last["weights"], last["bias"], scale, offset)}]}
    if model["kind"] == "combine":
        rows = [[s if row == column else 0.0 for column in range(len(scale))] for row, s in enumerate(scale)]
        return {**model, "final": {"kind": "mlp", "layers": [dense_layer(rows, list(offset), "identity")]}}
    return _scaled_trees(model, scale, offset)


def _scaled_rows(weights, bias, scale, offset):
    return {"weights": [[w * s for w in row] for row, s in zip(weights, scale)],
            "bias": [b * s + o for b, s, o in zip(bias, scale, offset)]}


def _scaled_trees(model, scale, offset):
    if len(scale) == 1 and not any(model.get("base_score", [0.0])) and "output_scale" not in model:
        plain = {key: value for key, value in model.items() if key not in ("trees", "post_transform")}
        return {**plain, "output_scale": scale[0], "base_score": offset, "base_score_at": "end", "trees": model["trees"]}
    factor = model.get("output_scale", 1.0)
    trees = []
    for tree in model["trees"]:
        of = scale[tree.get("output", 0)]
        rows = [row if row is None else row * of if not isinstance(row, list) else [v * s for v, s in zip(row, scale)]
                for row in tree["value"]]
        trees.append({**tree, "value": rows})
    if "base_score" not in model:
        return {**model, "base_score": offset, "base_score_at": "end", "trees": trees}
    base = [b * s + o / factor for b, s, o in zip(model["base_score"], scale, offset)]
    return {**model, "base_score": base, "trees": trees}


def _tolerant(model, inner, scale, offset):
    def tolerance(inputs, errors, outputs):
        before = [[(y - o) / s for y, s, o in zip(row, scale, offset)] for row in outputs]
        atol, rtol = inner.tolerance(inputs, errors, before)
        size = max(abs(y) + 2 * abs(o) for row in outputs for y, o in zip(row, offset))
        n = len(model.get("trees", [])) + 8
        return atol * max(map(abs, scale)) + n * EPSILON * size, rtol

    return inner._replace(model=model, tolerance=tolerance)


def decision_threshold(convert, front, estimator):
    """FixedThresholdClassifier, TunedThresholdClassifierCV: the second class from a threshold on."""
    inner = convert(front, getattr(estimator, "estimator_", estimator.estimator))
    name, classes = type(estimator).__name__, class_labels(estimator)
    scorer = getattr(estimator, "_curve_scorer", None)
    positive = estimator.pos_label if scorer is None else scorer._get_pos_label()
    if positive is not None and listed(estimator.classes_).index(positive) != 1:
        raise ValueError("a %s for the class %r, the first of the two, cannot be exported: the document has the score of the "
                         "second" % (name, positive))
    if callable(inner.answer):
        raise ValueError("a %s of a %s cannot be exported: its document has other numbers than predict_proba"
                         % (name, type(estimator.estimator).__name__))
    inner = _second_output(name, inner)
    method = estimator.response_method
    if method not in ("auto", inner.answer):
        raise ValueError("a %s with response_method=%r cannot be exported, its %s answers with %s; train it with 'auto'"
                         % (name, method, type(estimator.estimator).__name__, inner.answer))
    threshold = estimator.best_threshold_ if scorer is not None else estimator.threshold
    if threshold == "auto":
        threshold = 0.5 if inner.answer == "predict_proba" else 0.0
    output = classification(classes, rule="greater_equal", threshold=float(threshold))
    return inner._replace(output=output)


def _second_output(name, inner):
    """The score of the second class alone."""
    if inner.output["n_outputs"] == 1:
        return inner
    found = one_column(inner) or _second_of_combination(inner)
    if found is None:
        raise ValueError("the model of a %s has more than one output, which no threshold decides" % name)
    return found


def _second_of_combination(inner):
    """The members of a mean by their second outputs."""
    if isinstance(inner, Layer) or inner.model["kind"] != "combine" or inner.model["rule"] != "mean" or "final" in inner.model:
        return None
    members = [{**member, "columns": member.get("columns", [0, 1])[1:],
                **({"calibration": member["calibration"][1:]} if "calibration" in member else {})}
               for member in inner.model["members"]]
    output = {**inner.output, "n_outputs": 1}
    return inner._replace(model={**inner.model, "members": members}, output=output)
