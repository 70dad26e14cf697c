"""Bad documents of combinations of models, as rows of json_files.CHANGES."""

COMBINE = {
    "format": "emlc-model", "version": 1, "name": "panel",
    "input": {"n_features": 1, "dtype": "float32"},
    "output": {"task": "classification", "n_outputs": 2, "targets": [{"size": 2}], "decision": {"rule": "argmax"}},
    "model": {"kind": "combine", "rule": "mean", "members": [
        {"model": {"kind": "mlp", "layers": [{"weights": [[1], [-1]], "bias": [0, 1], "activation": "softmax"}]},
         "output": {"n_outputs": 2, "decision": {"rule": "argmax"}}, "weight": 2},
        {"model": {"kind": "mlp", "layers": [{"weights": [[1]], "bias": [0], "activation": "identity"}]},
         "output": {"n_outputs": 1}, "columns": [0, 0],
         "calibration": [{"method": "isotonic", "x": [0, 1], "y": [1, 0]},
                         {"method": "sigmoid", "slope": -1, "offset": 0}]}]},
}
FILTER = {"kind": "sos", "sections": [[0.5, 0.5, 0, 1, 0, 0]]}
MEMBER = ["model", "members", 1]


def nested(depth):
    """A combination of one member in another, and so on."""
    model = COMBINE["model"]
    for _ in range(depth - 1):
        model = {"kind": "combine", "rule": "mean", "members": [{"model": model, "output": {"n_outputs": 2}}]}
    return model


CHANGES = [
    ("combine-rule-unknown", COMBINE, ["model", "rule"], "median"),
    ("combine-without-members", COMBINE, ["model", "members"], []),
    ("combine-members-object", COMBINE, ["model", "members"], {}),
    ("combine-member-of-nothing", COMBINE, MEMBER, {}),
    ("combine-member-is-filter", COMBINE, [*MEMBER, "model"], FILTER),
    ("combine-member-too-wide", COMBINE, [*MEMBER, "model", "layers", 0, "weights"], [[1, 2]]),
    ("combine-nested-4", COMBINE, ["model"], nested(4)),
    ("combine-nested-10", COMBINE, ["model"], nested(10)),
    ("combine-columns-mixed", COMBINE, [*MEMBER, "columns"], [0]),
    ("combine-column-out-of-range", COMBINE, [*MEMBER, "columns", 1], 1),
    ("combine-columns-none", COMBINE, [*MEMBER, "columns"], []),
    ("combine-weight-negative", COMBINE, ["model", "members", 0, "weight"], -1),
    ("combine-weight-text", COMBINE, ["model", "members", 0, "weight"], "2"),
    ("combine-calibration-short", COMBINE, [*MEMBER, "calibration"], [{"method": "sigmoid", "slope": 1, "offset": 0}]),
    ("combine-calibration-unknown", COMBINE, [*MEMBER, "calibration", 0, "method"], "beta"),
    ("combine-calibration-keys", COMBINE, [*MEMBER, "calibration", 0, "slope"], 1),
    ("combine-points-fall", COMBINE, [*MEMBER, "calibration", 0, "x"], [1, 0]),
    ("combine-points-differ", COMBINE, [*MEMBER, "calibration", 0, "y"], [1]),
    ("combine-votes-of-numbers", COMBINE, ["model", "rule"], "votes"),
    ("combine-pairs-of-two", COMBINE, ["model", "rule"], "one_vs_one"),
    ("combine-side-by-side", COMBINE, ["model", "rule"], "concatenate"),
    ("combine-chained-mean", COMBINE, ["model", "chained"], True),
    ("combine-result-of-mean", COMBINE, ["model", "members", 0, "result"], "decision"),
    ("combine-passthrough-alone", COMBINE, ["model", "passthrough"], True),
    ("combine-final-too-narrow", COMBINE, ["model", "final"], COMBINE["model"]["members"][1]["model"]),
    ("combine-final-is-filter", COMBINE, ["model", "final"], FILTER),
    ("combine-output-task", COMBINE, [*MEMBER, "output", "task"], "regression"),
    ("combine-key-of-trees", COMBINE, ["model", "trees"], []),
]
