"""Bad emlc model documents, projects and baselines: each a good one with one thing changed."""

import copy
import json

import combine_files

TREES = {
    "format": "emlc-model", "version": 1, "name": "tiny",
    "input": {"n_features": 2, "dtype": "float32"},
    "output": {"task": "classification", "n_outputs": 2, "targets": [{"size": 2}], "decision": {"rule": "argmax"}},
    "model": {"kind": "tree_ensemble", "compare": "<=", "feature_dtype": "float32", "accumulate_dtype": "float64",
              "leaf": "vector", "aggregate": "mean", "missing": "none", "trees": [
                  {"feature": [1, 0, -1, -1, -1], "threshold": [0.5, 2.5, 0, 0, 0], "left": [1, 2, -1, -1, -1],
                   "right": [4, 3, -1, -1, -1], "value": [None, None, [1, 0], [0, 1], [0.25, 0.75]]}]},
    "test_vectors": {"inputs": [[2, 0], [3, 0], [0, 1]], "outputs": [[1, 0], [0, 1], [0.25, 0.75]],
                     "labels": [0, 1, 1], "atol": 0, "rtol": 0},
}
NETWORK = {
    "format": "emlc-model", "version": 1, "name": "net",
    "input": {"n_features": 2, "dtype": "float32"},
    "output": {"task": "regression", "n_outputs": 1, "targets": [{"size": 1}], "decision": {"rule": "none"}},
    "model": {"kind": "pipeline", "steps": [
        {"kind": "scaler", "op": "subtract_divide", "offset": [0, 1], "scale": [2, 4]},
        {"kind": "mlp", "layers": [
            {"weights": [[1, 2], [3, 4]], "bias": [0.5, -0.5], "activation": "relu"},
            {"weights": [[1, -1]], "bias": [0], "activation": "identity"}]}]},
    "test_vectors": {"inputs": [[0, 1]], "outputs": [[0.5]], "atol": 1e-6, "rtol": 0},
}
STEPS = {
    "format": "emlc-model", "version": 1, "name": "steps",
    "input": {"n_features": 2, "dtype": "float32"},
    "output": {"task": "transform", "n_outputs": 4},
    "model": {"kind": "pipeline", "steps": [
        {"kind": "columns", "indices": [1, 0, 1]},
        {"kind": "impute", "values": [1, None, 3], "missing": -1},
        {"kind": "one_hot", "categories": [[[0], [1, 2]], None], "first": 1},
        {"kind": "lookup", "from": [[0, 1]], "to": [[2, 3]], "otherwise": [None]},
        {"kind": "bins", "edges": [[0, 1, 2]], "first": 3},
        {"kind": "quantile", "quantiles": [[0, 1, 4]], "references": [0, 0.5, 1], "output": "uniform", "first": 3},
        {"kind": "function", "name": "log1p", "n_columns": 2, "first": 1},
        {"kind": "linear", "weights": [[1, 2, 3, 4], [0, 0, 0, 1]], "bias": [0, 1]},
        {"kind": "polynomial", "terms": [[], [0], [1], [0, 1]]},
        {"kind": "normalize", "norm": "l2"}]},
}
FILTER = {
    "format": "emlc-model", "version": 1, "name": "low",
    "input": {"n_features": 1, "dtype": "float32"},
    "output": {"task": "filter", "n_outputs": 1, "targets": [], "decision": {"rule": "none"}},
    "model": {"kind": "sos", "sections": [[0.5, 0.5, 0, 1, 0, 0]]},
    "test_vectors": {"inputs": [[1, 0]], "outputs": [[0.5, 0.5]], "atol": 1e-9, "rtol": 0},
}
PROJECT = {"schema": "emlc.project/1", "models": [{"model": "good.json", "output": "out.h"}]}
BASELINE = {"schema": "emlc.sizes/1", "models": []}


def text(document):
    """A key a line on the upper levels, so that lines tell something."""
    return json.dumps(document, indent=1)


def changed(document, path, value):
    """The document with the value at the path replaced; a value of ... removes it."""
    copied = copy.deepcopy(document)
    place = copied
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return text(copied)


TREE = ["model", "trees", 0]
STEP = ["model", "steps"]
LAYER = ["model", "steps", 1, "layers"]
CHANGES = [
    ("signal", TREES, ["signal"], {"format": "emlc-signal"}),
    ("not-a-format", TREES, ["format"], "emlc-modell"),
    ("version-2", TREES, ["version"], 2),
    ("version-text", TREES, ["version"], "1"),
    ("without-input", TREES, ["input"], ...),
    ("input-is-list", TREES, ["input"], [2]),
    ("unknown-key", TREES, ["modle"], {}),
    ("unknown-key-control-characters", TREES, ["\x1b[2J\r\n"], 1),
    ("no-features", TREES, ["input", "n_features"], 0),
    ("features-negative", TREES, ["input", "n_features"], -1),
    ("features-fraction", TREES, ["input", "n_features"], 1.5),
    ("features-too-many", TREES, ["input", "n_features"], 65537),
    ("features-huge", TREES, ["input", "n_features"], 10**30),
    ("dtype-unknown", TREES, ["input", "dtype"], "flaot32"),
    ("dtype-number", TREES, ["input", "dtype"], 32),
    ("feature-names-too-few", TREES, ["input", "feature_names"], ["only"]),
    ("feature-range-reversed", TREES, ["input"], {"n_features": 2, "dtype": "float32", "feature_min": [0, 1],
                                                  "feature_max": [1, 0]}),
    ("name-keyword", TREES, ["name"], "class"),
    ("name-reserved", TREES, ["name"], "__x"),
    ("name-with-quotes", TREES, ["name"], "a\"b"),
    ("name-of-a-megabyte", TREES, ["name"], "n" * 1000000),
    ("task-unknown", TREES, ["output", "task"], "clasification"),
    ("outputs-too-many", TREES, ["output", "n_outputs"], 4097),
    ("targets-do-not-add-up", TREES, ["output", "targets"], [{"size": 3}]),
    ("targets-empty", TREES, ["output", "targets"], []),
    ("class-names-too-many", TREES, ["output", "targets"], [{"size": 2, "class_names": ["a", "b", "c"]}]),
    ("rule-unknown", TREES, ["output", "decision", "rule"], "armax"),
    ("rule-threshold-of-two", TREES, ["output", "decision"], {"rule": "greater", "threshold": 0.5}),
    ("kind-unknown", TREES, ["model", "kind"], "tree_ensembel"),
    ("kind-missing", TREES, ["model", "kind"], ...),
    ("trees-empty", TREES, ["model", "trees"], []),
    ("trees-object", TREES, ["model", "trees"], {}),
    ("tree-without-nodes", TREES, ["model", "trees"], [{"feature": [], "threshold": [], "left": [], "right": [],
                                                        "value": []}]),
    ("tree-feature-out-of-range", TREES, [*TREE, "feature", 1], 2),
    ("tree-feature-huge", TREES, [*TREE, "feature", 1], 10**12),
    ("tree-threshold-null", TREES, [*TREE, "threshold", 0], None),
    ("tree-threshold-text", TREES, [*TREE, "threshold", 0], "nan"),
    ("tree-lengths-differ", TREES, [*TREE, "threshold"], [0.5]),
    ("tree-child-out-of-range", TREES, [*TREE, "left", 1], 9),
    ("tree-child-negative", TREES, [*TREE, "left", 1], -7),
    ("tree-cycle", TREES, [*TREE, "left", 1], 0),
    ("tree-own-child", TREES, [*TREE, "left", 1], 1),
    ("tree-shared-child", TREES, [*TREE, "left", 1], 3),
    ("tree-half-leaf", TREES, [*TREE, "right", 1], -1),
    ("tree-leaf-null", TREES, [*TREE, "value", 2], None),
    ("tree-leaf-number", TREES, [*TREE, "value", 2], 1),
    ("tree-leaf-too-wide", TREES, [*TREE, "value", 3], [0, 1, 2]),
    ("leaf-form-unknown", TREES, ["model", "leaf"], "vektor"),
    ("compare-unknown", TREES, ["model", "compare"], ">"),
    ("base-score-too-long", TREES, ["model", "base_score"], [0, 0, 0]),
    ("categories-of-no-node", TREES, [*TREE, "categories_left"], {"7": [1]}),
    ("vectors-output-wrong", TREES, ["test_vectors", "outputs", 2, 1], 0.76),
    ("vectors-label-wrong", TREES, ["test_vectors", "labels", 1], 0),
    ("vectors-rows-differ", TREES, ["test_vectors", "outputs"], [[1, 0]]),
    ("vectors-row-too-short", TREES, ["test_vectors", "inputs", 1], [3]),
    ("vectors-tolerance-negative", TREES, ["test_vectors", "atol"], -1),
    ("scaler-scale-zero", NETWORK, ["model", "steps", 0, "scale", 1], 0),
    ("scaler-too-short", NETWORK, ["model", "steps", 0, "offset"], [0]),
    ("pipeline-empty", NETWORK, ["model", "steps"], []),
    ("layer-weights-ragged", NETWORK, [*LAYER, 0, "weights", 1], [3]),
    ("layer-weights-empty", NETWORK, [*LAYER, 0, "weights"], []),
    ("layer-bias-too-long", NETWORK, [*LAYER, 0, "bias"], [0, 0, 0]),
    ("layer-does-not-chain", NETWORK, [*LAYER, 1, "weights"], [[1, 2, 3]]),
    ("layer-activation-unknown", NETWORK, [*LAYER, 0, "activation"], "gelu"),
    ("layers-missing", NETWORK, ["model", "steps", 1, "layers"], ...),
    ("steps-columns-out-of-range", STEPS, [*STEP, 0, "indices", 2], 2),
    ("steps-columns-negative", STEPS, [*STEP, 0, "indices", 2], -1),
    ("steps-columns-none", STEPS, [*STEP, 0, "indices"], []),
    ("steps-columns-from-first", STEPS, [*STEP, 0, "first"], 1),
    ("steps-impute-text", STEPS, [*STEP, 1, "missing"], "nan"),
    ("steps-impute-too-wide", STEPS, [*STEP, 1, "values"], [0, 0, 0, 0]),
    ("steps-first-beyond", STEPS, [*STEP, 2, "first"], 3),
    ("steps-one-hot-flat", STEPS, [*STEP, 2, "categories", 0], [0, 1]),
    ("steps-one-hot-text", STEPS, [*STEP, 2, "categories", 0, 0, 0], "red"),
    ("steps-lookup-twice", STEPS, [*STEP, 3, "from", 0, 1], 0),
    ("steps-lookup-ragged", STEPS, [*STEP, 3, "to", 0], [2]),
    ("steps-lookup-otherwise", STEPS, [*STEP, 3, "otherwise"], []),
    ("steps-bins-descend", STEPS, [*STEP, 4, "edges", 0, 2], 0.5),
    ("steps-quantile-reference", STEPS, [*STEP, 5, "references", 2], 1.5),
    ("steps-quantile-ragged", STEPS, [*STEP, 5, "quantiles", 0], [0, 1]),
    ("steps-quantile-many", STEPS, [*STEP, 5, "references"], [0] * 257),
    ("steps-function-unknown", STEPS, [*STEP, 6, "name"], "sin"),
    ("steps-function-too-wide", STEPS, [*STEP, 6, "n_columns"], 4),
    ("steps-linear-ragged", STEPS, [*STEP, 7, "weights", 1], [0]),
    ("steps-linear-bias", STEPS, [*STEP, 7, "bias"], [0]),
    ("steps-polynomial-column", STEPS, [*STEP, 8, "terms", 3, 1], 2),
    ("steps-polynomial-negative", STEPS, [*STEP, 8, "terms", 3, 1], -1),
    ("steps-norm-unknown", STEPS, [*STEP, 9, "norm"], "l3"),
    ("steps-key-of-another", STEPS, [*STEP, 9, "edges"], [[0]]),
    ("steps-dtype-of-integers", STEPS, [*STEP, 9, "dtype"], "int8"),
    ("steps-too-many", STEPS, STEP, [{"kind": "function", "name": "abs"}] * 65),
    ("steps-too-wide", STEPS, [*STEP, 0, "indices"], [0] * 65537),
    ("trees-missing-number", TREES, ["model", "missing"], 0),
    *combine_files.CHANGES,
    ("filter-section-short", FILTER, ["model", "sections", 0], [1, 0, 0, 1, 0]),
    ("filter-a0-zero", FILTER, ["model", "sections", 0, 3], 0),
    ("filter-no-sections", FILTER, ["model", "sections"], []),
    ("filter-two-features", FILTER, ["input", "n_features"], 2),
    ("filter-state-too-long", FILTER, ["model", "initial_state"], [[0, 0], [0, 0]]),
    ("filter-task-of-trees", FILTER, ["output", "task"], "regression"),
]


def with_text(old, new):
    whole = text(TREES)
    assert whole.count(old) >= 1, old
    return whole.replace(old, new, 1)


def broken():
    """Documents that are no JSON, or none that could be changed as one."""
    whole = text(TREES)
    for share in range(1, 8):
        yield f"cut-at-{share}-eighths", whole[: len(whole) * share // 8]
    yield "nan", with_text("0.5,", "NaN,")
    yield "number-too-large", with_text("0.5,", "1e999,")
    yield "comment", with_text("{", "{ /* model */")
    yield "comma-at-end", with_text('"float32"\n', '"float32",\n')
    yield "single-quotes", with_text('"tiny"', "'tiny'")
    yield "key-twice", with_text('"leaf": "vector"', '"leaf": "vector", "leaf": "vector"')
    yield "nested-too-deep", with_text('"tiny"', "[" * 100 + "]" * 100)
    yield "two-documents", whole + whole
    yield "text-behind", whole + "end"
    yield "zero-byte-behind", whole + "\0"
    yield "zero-byte-and-text-behind", whole + "\0{}"
    yield "zero-byte-inside", with_text('"version"', '\0"version"')
    yield "not-utf-8", with_text("tiny", "ti\udc80ny")
    yield "half-a-surrogate", with_text("tiny", "\\ud800")
    yield "of-utf-16", whole.encode("utf-16")
    yield "only-a-brace", '{"format": "emlc-model"'
    yield "key-of-a-megabyte", with_text('"version"', '"' + "k" * 1000000 + '"')
    yield "thousand-keys-unknown", with_text('"version"', "".join(f'"x{i}": 0, ' for i in range(1000)) + '"version"')


def as_bytes(content):
    return content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")


def models():
    for name, document, path, value in CHANGES:
        yield f"json-{name}.json", as_bytes(changed(document, path, value))
    for name, content in broken():
        yield f"json-{name}.json", as_bytes(content)


MODEL = ["models", 0]

PROJECTS = [
    ("schema-2", ["schema"], "emlc.project/2"),
    ("without-models", ["models"], ...),
    ("no-models", ["models"], []),
    ("models-object", ["models"], {}),
    ("unknown-key", ["modles"], []),
    ("without-output", [*MODEL, "output"], ...),
    ("output-number", [*MODEL, "output"], 1),
    ("output-is-stdout", [*MODEL, "output"], "-"),
    ("output-unknown", [*MODEL, "output"], "out.dat"),
    ("output-is-model", [*MODEL, "output"], "./good.json"),
    ("output-is-project", [*MODEL, "output"], "project-output-is-project.json"),
    ("to-unknown", [*MODEL, "to"], "cc"),
    ("option-unknown", [*MODEL, "options"], {"leaf-bit": 8}),
    ("option-of-a-megabyte", [*MODEL, "options"], {"o" * 1000000: 8}),
    ("option-value", [*MODEL, "options"], {"leaf-bits": 99}),
    ("option-list", [*MODEL, "options"], {"leaf-bits": [8]}),
    ("budget-negative", [*MODEL, "max_flash"], -1),
    ("budget-text", [*MODEL, "max_flash"], "8 Kbit"),
    ("target-unknown", ["targets"], ["cortex-m0"]),
    ("growth", ["max_growth"], "2 percent"),
    ("include-missing", ["include"], ["no/such/folder"]),
    ("outputs-equal", ["models"], [{"model": "good.json", "output": "out.h"}, {"model": "good.json",
                                                                                "output": "./x/../out.h"}]),
]


def projects():
    for name, path, value in PROJECTS:
        yield f"project-{name}.json", as_bytes(changed(PROJECT, path, value))
    yield "project-cut.json", as_bytes(text(PROJECT)[:-5])
    yield "project-key-twice.json", b'{"schema": "emlc.project/1", "schema": "emlc.project/1", "models": []}'
    yield "project-zero-behind.json", as_bytes(text(PROJECT)) + b"\0"


def baselines():
    entry = {"name": "tiny", "output": "c"}
    yield "baseline-schema.json", as_bytes(text({"schema": "emlc.sizes/9", "models": []}))
    yield "baseline-list.json", b"[]"
    yield "baseline-entry.json", as_bytes(text({**BASELINE, "models": [entry]}))
    yield "baseline-cut.json", as_bytes(text(BASELINE)[:-3])
