"""Combinations of models made small."""


def combinations(model):
    """The model with a part of it gone: a member, what follows the rule, trees."""
    if model["kind"] == "pipeline":
        *steps, last = model["steps"]
        yield from ({**model, "steps": [*steps, inner]} for inner in combinations(last))
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
        for inner in combinations(member["model"]):
            yield {**model, "members": [{**member, "model": inner} if other == index else of
                                        for other, of in enumerate(model["members"])]}
        if "calibration" in member:
            plain = {key: value for key, value in member.items() if key != "calibration"}
            yield {**model, "members": [plain if other == index else of for other, of in enumerate(model["members"])]}
    if "final" in model:
        yield from ({**model, "final": inner} for inner in combinations(model["final"]))
