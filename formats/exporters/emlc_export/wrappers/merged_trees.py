"""Ensembles of trees that become one ensemble: voting forests, one forest for each target."""

from functools import partial

from ..models.trees import tree_ensemble
from ..outputs import classification, named_targets
from ..values import EPSILON

ELEMENTWISE = ("identity", "sigmoid", "exp")


def _is_plain(model):
    return model.get("post_transform", {"name": "identity"}) == {"name": "identity"} and "output_scale" not in model


def _same(models, *keys):
    return all(model.get(key) == models[0].get(key) for model in models for key in keys)


def _alike(models):
    """Where one of them takes no missing values, none does."""
    if len({model.get("missing") for model in models}) == 1:
        return models
    return [{**model, "missing": "none", "trees": [_without_default(tree) for tree in model.get("trees", [])]}
            for model in models]


def _without_default(tree):
    return {key: value for key, value in tree.items() if key != "default_left" or "categories_left" in tree}


def _rounded(trees, exported, inputs, errors, outputs):
    """Sums of other numbers in the order of the library: a rounding for each tree, and for each member."""
    sizes = [abs(value) for tree in trees for value in _leaves(tree)] + [abs(value) for row in outputs for value in row]
    own = max(part.tolerance(inputs, errors, outputs)[0] for part in exported)
    return 4 * len(trees) * EPSILON * max(sizes) + own, 0.0


def _leaves(tree):
    for value in tree["value"]:
        yield from value if isinstance(value, list) else [] if value is None else [value]


def averaged_trees(exported, shares):
    """The weighted mean of ensembles with the same outputs; None where one ensemble cannot say it."""
    models = _alike([part.model for part in exported])
    same = _same(models, "kind", "leaf", "feature_dtype")
    if models[0]["kind"] != "tree_ensemble" or not same or not all(map(_is_plain, models)):
        return None
    trees, base = [], [0.0] * exported[0].output["n_outputs"]
    for model, share in zip(models, shares):
        weight = share / (len(model["trees"]) if model["aggregate"] == "mean" else 1)
        trees += [{**tree, "weight": tree.get("weight", 1.0) * weight} for tree in model["trees"]]
        base = [total + share * value for total, value in zip(base, model.get("base_score", [0.0] * len(base)))]
    return exported[0]._replace(model=_ensemble(models[0], trees, base), tolerance=partial(_rounded, trees, exported))


def _ensemble(like, trees, base, **more):
    """A sum of trees that compare as those of another ensemble do."""
    if any(base):
        more.update(base_score=base, base_score_at="start")
    ensemble = tree_ensemble(trees, like["leaf"], "sum", **more)
    return {**ensemble, "feature_dtype": like["feature_dtype"], "missing": like["missing"]}


def several_trees(exported, output, answer):
    """An ensemble for each target, as one: the trees of each add to its own outputs."""
    models = _alike([part.model for part in exported])
    if any(model["kind"] != "tree_ensemble" for model in models):
        return None
    same = _same(models, "leaf", "feature_dtype", "missing", "post_transform", "output_scale", "aggregate")
    transform = models[0].get("post_transform", {"name": "identity"})["name"]
    if not same or transform not in ELEMENTWISE:
        return None
    sizes = [part.output["n_outputs"] for part in exported]
    numbers = {len(model["trees"]) for model in models}
    is_mean = models[0]["aggregate"] == "mean" and numbers != {1}
    trees, base = [], []
    for index, (model, size) in enumerate(zip(models, sizes)):
        weight = {} if not is_mean or len(numbers) == 1 else {"weight": 1.0 / len(model["trees"])}
        trees += [{**_moved(tree, model["leaf"], sum(sizes[:index]), sum(sizes)), **weight} for tree in model["trees"]]
        base += model.get("base_score", [0.0] * size)
    more = {"post_transform": models[0]["post_transform"]} if "post_transform" in models[0] else {}
    if is_mean and len(numbers) == 1:
        more["output_scale"] = 1.0 / numbers.pop()
    model = _ensemble(models[0], trees, base, **more)
    tolerance = partial(_rounded, trees, exported) if is_mean else exported[0].tolerance
    return exported[0]._replace(model=model, output=output, answer=answer, tolerance=tolerance)


def _moved(tree, leaf, first, n_outputs):
    if leaf == "scalar":
        return {"output": first, **{key: value for key, value in tree.items() if key != "output"}}
    rows = [None if row is None else [0.0] * first + row + [0.0] * (n_outputs - first - len(row)) for row in tree["value"]]
    return {**tree, "value": rows}


def joined_outputs(exported):
    """The outputs of all members, one target behind the other."""
    outputs = [part.output for part in exported]
    if any(output["decision"] != outputs[0]["decision"] for output in outputs):
        return None
    targets = named_targets([{key: value for key, value in target.items() if key != "name"}
                             for output in outputs for target in output["targets"]])
    return {**outputs[0], "n_outputs": sum(output["n_outputs"] for output in outputs), "targets": targets}


def second_class(exported):
    """A forest of two classes by the probability of the second alone."""
    model = exported.model
    if model["kind"] != "tree_ensemble" or model["leaf"] != "vector" or not _is_plain(model):
        return None
    if exported.output["n_outputs"] != 2 or len(exported.output["targets"]) != 1:
        return None
    trees = [{**tree, "value": [None if row is None else row[1] for row in tree["value"]]} for tree in model["trees"]]
    classes = [exported.output["targets"][0]["class_names"]]
    output = classification(classes, rule="greater", threshold=0.5)
    return exported._replace(model={**model, "leaf": "scalar", "trees": trees}, output=output)
