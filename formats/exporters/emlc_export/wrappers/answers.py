"""What a member is asked for: its probabilities, or the scores that decide."""

from functools import partial

from ..models.layers import Layer
from ..outputs import classification
from ..values import EPSILON
from .merged_trees import second_class


# What has the answer of a method in its document.
INSTEAD = {"predict_proba": "a forest, boosted trees or a LogisticRegression",
           "decision_function": "boosted trees or a linear model"}


def has_scores(estimator):
    """Whether libraries ask it for scores, before they ask for probabilities."""
    return hasattr(estimator, "decision_function")


def answering(result, estimator, method):
    """The model such that it says what `method` of the estimator does."""
    if method is None or result.answer == method:
        return result
    if method == "decision_function" and result.answer == "predict_proba":
        found = _scores_of_layer(result) if isinstance(result, Layer) else _scores_of_model(result)
        if found is not None:
            return found
    known = "its %s" % result.answer if isinstance(result.answer, str) else "what it decides by"
    raise ValueError("the %s of a %s cannot be exported, only %s: put %s in its place"
                     % (method, type(estimator).__name__, known, INSTEAD.get(method, "another model")))


def _raw(output):
    """The decision by scores of what was decided by probabilities."""
    decision = output["decision"]
    return output if decision["rule"] == "argmax" else {**output, "decision": {**decision, "threshold": 0.0}}


def _scores_of_layer(layer):
    if layer.link not in ("logistic", "softmax", "normalize"):
        return None
    if layer.link == "softmax" and len(layer.bias) == 2:
        layer = two_as_one(layer)
    factor = layer.score
    sums = layer.sums and ([[w * factor for w in row] for row in layer.sums[0]], [b * factor for b in layer.sums[1]],
                           layer.sums[2])
    return layer._replace(weights=[[w * factor for w in row] for row in layer.weights], bias=[b * factor for b in layer.bias],
                          link="identity", output=_raw(layer.output), answer="decision_function", sums=sums)


def _scores_of_model(exported):
    """Boosted trees before their sigmoid or softmax, and what is behind others as that is."""
    model = exported.model
    if model["kind"] == "combine" and "final" in model:
        return exported.scores and exported.scores()
    if model["kind"] != "tree_ensemble" or model.get("post_transform", {}).get("name") not in ("sigmoid", "softmax"):
        return None
    raw = {key: value for key, value in model.items() if key not in ("post_transform", "trees")}
    scale = {} if exported.score == 1.0 else {"output_scale": exported.score}
    tolerance = partial(_sum_tolerance, model["trees"])
    return exported._replace(model={**raw, **scale, "trees": model["trees"]}, output=_raw(exported.output),
                             answer="decision_function", tolerance=tolerance)


def _sum_tolerance(trees, inputs, errors, outputs):
    """A rounding of the whole for each tree, since the library may multiply and add at once."""
    sizes = [abs(value) for row in outputs for value in row]
    for tree in trees:
        sizes.append(max(abs(v) for value in tree["value"] if value is not None
                         for v in (value if isinstance(value, list) else [value])))
    return len(trees) * EPSILON * max(sizes), 0.0


def two_as_one(layer):
    """The softmax of two sums as the sigmoid of their difference."""
    row, value = [b - a for a, b in zip(*layer.weights)], layer.bias[1] - layer.bias[0]
    sums = layer.sums and ([[a + b for a, b in zip(*layer.sums[0])]], [sum(layer.sums[1])], layer.sums[2])
    output = layer.output
    if len(output["targets"]) == 1 and "class_names" in output["targets"][0]:
        output = classification([output["targets"][0]["class_names"]], rule="greater", threshold=0.5)
    return layer._replace(weights=[row], bias=[value], link="logistic", sums=sums, output=output)


def one_column(result):
    """Of two classes the score of the second alone; None where only a combination can say that."""
    if result.output["n_outputs"] == 1:
        return result
    if not isinstance(result, Layer):
        return second_class(result)
    return two_as_one(result) if result.link == "softmax" and len(result.bias) == 2 else None
