"""Combinations of models that nobody wrote by hand: members are documents of the generator, each on columns of a row that is
common to them."""

import numpy as np
import truth

FAMILY = "combinations"
FIRST = 10**8  # the number of the first one, beyond those of the generator
N_BASES = 20  # cases that the members of a combination come from
MOST_FEATURES = 40
OPTIONS = ({}, {"optimize": "size"}, {"optimize": "speed"}, {"optimize": "balanced", "fpu": "no"}, {"fpu": "yes"})


def cases_of(bases, seed, first):
    """A combination for each N_BASES cases of the generator, which begin at the number `first`."""
    for start in range(0, len(bases) - N_BASES + 1, N_BASES):
        number = (first + start) // N_BASES
        found = made(bases[start:start + N_BASES], np.random.default_rng([seed, number]), number)
        if found is not None:
            yield found


def made(cases, generator, number):
    """A case whose document combines those of other cases; None where they have no common form."""
    usable = [case["document"] for case in cases if _is_usable(case["document"])]
    if len(usable) < 3:
        return None
    pick = _Pick(generator, usable)
    n_features = max(document["input"]["n_features"] for document in usable)
    model, output = _combination(pick, n_features, int(generator.integers(1, 3)))
    document = {"format": "emlc-model", "version": 1, "name": f"c{number}",
                "input": {"n_features": n_features, "dtype": "float32"}, "output": output, "model": model}
    return {"case": FIRST + number, "family": FAMILY, "document": document,
            "options": dict(OPTIONS[generator.integers(len(OPTIONS))])}


def _is_usable(document):
    """Members whose features are floats without a range, and that are a model of their own."""
    steps = truth.steps_of(document["model"])
    return (steps[-1]["kind"] in ("tree_ensemble", "mlp") and document["input"]["n_features"] <= MOST_FEATURES
            and document["input"].get("dtype", "float32") in ("float32", "float64")
            and not {"feature_min", "feature_max"} & set(document["input"]))


class _Pick:
    def __init__(self, generator, documents):
        self.generator, self.documents = generator, documents

    def __call__(self, values):
        return values[int(self.generator.integers(len(values)))]

    def number(self, low, high):
        return round(float(self.generator.uniform(low, high)), 3)


def _member(pick, width, depth):
    """(model, number of outputs) on a row of `width` columns."""
    if depth > 1 and pick.generator.random() < 0.3:
        model, output = _combination(pick, width, depth - 1)
        return model, output["n_outputs"]
    document = pick(pick.documents)
    n = document["input"]["n_features"]
    steps = truth.steps_of(document["model"])
    columns = pick.generator.integers(0, width, n).tolist()
    return {"kind": "pipeline", "steps": [{"kind": "columns", "indices": columns}, *steps]}, document["output"]["n_outputs"]


def _decision(pick, n_outputs):
    if n_outputs > 1:
        return {"rule": "argmax"}
    return {"rule": pick(["greater", "greater_equal"]), "threshold": pick([0.0, 0.5, -1.0])}


def _calibration(pick):
    if pick.generator.random() < 0.5:
        return {"method": "sigmoid", "slope": pick.number(-3, 3), "offset": pick.number(-2, 2)}
    n = int(pick.generator.integers(1, 6))
    points = np.unique(np.round(pick.generator.normal(size=n) * pick([0.3, 3.0]), 2))
    return {"method": "isotonic", "x": points.tolist(), "y": [pick.number(0, 1) for _ in points]}


def _calibrated_member(pick, width, depth, k):
    """A member whose values are k columns, some of them calibrated, so that members of other sizes fit in beside it."""
    model, n_outputs = _member(pick, width, depth)
    columns = pick.generator.integers(0, n_outputs, k).tolist()
    return {"model": model, "output": {"n_outputs": n_outputs, "decision": {"rule": "none"}}, "columns": columns,
            **({"calibration": [_calibration(pick) for _ in range(k)]} if pick.generator.random() < 0.6 else {})}


def _deciding_member(pick, width, depth):
    model, n_outputs = _member(pick, width, depth)
    return {"model": model, "output": {"n_outputs": n_outputs, "decision": _decision(pick, n_outputs)}}


def _combination(pick, width, depth):
    """(model, output)"""
    rule = pick(["mean", "votes", "one_vs_one", "concatenate", "concatenate"])
    model = {"kind": "combine", "rule": rule}
    k = int(pick.generator.integers(1, 4))
    if rule == "mean":
        members = [_calibrated_member(pick, width, depth, k) for _ in range(pick([2, 3]))]
    elif rule == "votes":
        members = [_two_class_member(pick, width, depth) for _ in range(pick([2, 3, 5]))]
        k = 2
    elif rule == "one_vs_one":
        members, k = [_two_class_member(pick, width, depth) for _ in range(3)], 3
    else:
        model, members, k = _side_by_side(pick, model, width, depth)
    if rule in ("mean", "votes") and pick.generator.random() < 0.5:
        members = [{**member, "weight": pick([0.5, 1.0, 2.0])} for member in members]
    model["members"] = members
    if rule == "concatenate" and not model.get("chained") and pick.generator.random() < 0.2:
        model["post_transform"] = {"name": pick(["normalize_or_uniform", "sigmoid", "softmax"])}
    if rule == "concatenate" and pick.generator.random() < 0.4:
        model, k = _with_final(pick, model, width, k)
    if pick.generator.random() < 0.5:
        return model, {"task": "regression", "n_outputs": k, "targets": [{"size": k}], "decision": {"rule": "none"}}
    return model, {"task": "classification", "n_outputs": k, "targets": [{"size": k}], "decision": _decision(pick, k)}


def _two_class_member(pick, width, depth):
    """One value that a threshold decides."""
    member = _calibrated_member(pick, width, 1, 1)
    inner = {"kind": "combine", "rule": "concatenate", "members": [member]}
    if member["output"]["n_outputs"] == 1 and "calibration" not in member:
        inner = member["model"]
    return {"model": inner, "output": {"n_outputs": 1, "decision": _decision(pick, 1)}}


def _side_by_side(pick, model, width, depth):
    chained, members, k = pick.generator.random() < 0.3, [], 0
    for _ in range(pick([1, 2, 3])):
        own = width + (k if chained else 0)
        if pick.generator.random() < 0.3:
            members.append({**_deciding_member(pick, own, depth), "result": "decision"})
            k += 1
        else:
            members.append(_calibrated_member(pick, own, depth, int(pick.generator.integers(1, 3))))
            k += len(members[-1]["columns"])
    return {**model, **({"chained": True} if chained else {})}, members, k


def _with_final(pick, model, width, k):
    passthrough = bool(pick.generator.random() < 0.5)
    final, n_outputs = _member(pick, k + (width if passthrough else 0), 1)
    return {**model, "final": final, **({"passthrough": True} if passthrough else {})}, n_outputs


def smaller(model):
    """The model with a part of it gone: a member, what follows the rule, trees."""
    if model["kind"] == "pipeline":
        *steps, last = model["steps"]
        yield from ({**model, "steps": [*steps, inner]} for inner in smaller(last))
    if model["kind"] == "tree_ensemble" and len(model["trees"]) > 1:
        yield {**model, "trees": model["trees"][:len(model["trees"]) // 2]}
    if model["kind"] != "combine":
        return
    if model["rule"] in ("mean", "votes") and len(model["members"]) > 1:
        for index in range(len(model["members"])):
            yield {**model, "members": model["members"][:index] + model["members"][index + 1:]}
    if "post_transform" in model:
        yield {key: value for key, value in model.items() if key != "post_transform"}
    for index, member in enumerate(model["members"]):
        for inner in smaller(member["model"]):
            yield {**model, "members": [{**member, "model": inner} if other == index else of
                                        for other, of in enumerate(model["members"])]}
        if "calibration" in member:
            plain = {key: value for key, value in member.items() if key != "calibration"}
            yield {**model, "members": [plain if other == index else of for other, of in enumerate(model["members"])]}
    if "final" in model:
        yield from ({**model, "final": inner} for inner in smaller(model["final"]))
