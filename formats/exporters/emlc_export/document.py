"""The document around a model."""

import json
import math
import sys

from .estimators import converted, source_of
from .names import c_identifier
from .networks.live import as_estimator, flat_rows
from .rows import cast_rows, check_columns, check_missing, check_rows, given_rows, table_like
from .signals.decisions import check_keys
from .signals.embedded import Signal
from .steps.errors import propagated
from .steps.jumps import near_jumps, settle
from .values import finite, listed
from .vectors import answers_of, test_vectors, warn_of_rounding
from .version import __version__

MOST_OUTPUTS = 4096


def export(estimator, X=None, file=None, *, name=None, dtype=None, feature_names=None, feature_min=None,
           feature_max=None, class_names=None, signal=None, recordings=None, decision=None, program=None):
    """Describe a fitted estimator as an emlc model document (a dict) and write it to `file` when one is given.

    estimator      of scikit-learn; or a network that is a chain of layers (SUPPORTED_LAYERS): a Sequential or functional
                   model of Keras, or a torch.nn.Sequential, as it computes when it does not train. Softmax at the end is
                   a decision for the largest output, sigmoid one for each output that is above 0.5; else the outputs are
                   numbers.
    X              rows to take test vectors from: at most 40, spread evenly. Without X there are none, and emlc cannot
                   check what it reads. Values are rounded to `dtype` before the estimator sees them.
    file           a path or an object with write()
    name           C identifier that generated symbols start with
    dtype          what the device's inputs are: float32, float64, int8, uint8, int16 or int32. Default: what the type
                   of X says for integers (int32 for 64 bits), else float32.
    feature_names  default: those the estimator was fitted with
    feature_min, feature_max   one number per feature: the device never sees anything outside, so emlc may drop
                   branches. A promise about all future inputs; never taken from X.
    class_names    of a network that decides: one for each output, or two where one output decides. Estimators know theirs.
    signal         a signal document (docs/signals.md), a path or a dict, whose features the estimator takes, in order. The
                   document has it under `signal`, and emlc compiles both as one. Needs the program emlc.
    recordings     of a signal document, as features() takes them (NPY or arrays): a few raw windows from their middles
                   become test vectors with their features and answers. Without X their features are the rows of X.
    decision       of a signal document: how answers about windows become decisions, as {"majority": 5}
    program        path of the program emlc; default: the variable EMLC, else `emlc` on the PATH

    Warns where the estimator decides otherwise about rows of X once they are float32, and how often. Raises ValueError,
    with one sentence, for what emlc cannot express.
    """
    estimator = as_estimator(estimator, X, class_names)
    X = flat_rows(estimator, X)
    embedded = _embedded(signal, recordings, decision, program)
    if embedded is not None and X is None and embedded.table is not None:
        X = embedded.table.values
    exported, steps = converted(estimator)
    if exported.output["n_outputs"] > MOST_OUTPUTS:
        raise ValueError("the estimator has %d outputs, a document has at most %d"
                         % (exported.output["n_outputs"], MOST_OUTPUTS))
    source = source_of(estimator)
    n_features, names = source.n_features_in_, getattr(source, "feature_names_in_", None)
    check_columns(X, names)
    given, dtype = given_rows(X, dtype, n_features)
    rows = cast_rows(given, dtype)
    table_of = table_like(X, bool(steps))
    if embedded is not None:
        embedded.check_names(n_features, names if feature_names is None else listed(feature_names))
        feature_names = embedded.described.names
    if feature_names is None:
        feature_names = names
    document = {"format": "emlc-model", "version": 1}
    if name is not None:
        document["name"] = c_identifier(name)
    document["producer"] = _producer(estimator)
    document["input"] = _input(n_features, dtype, feature_names, feature_min, feature_max)
    document["output"] = exported.output
    if embedded is not None:
        document["signal"] = embedded.described.content
    if decision is not None:
        check_keys(decision, exported.output)
        document["decision"] = decision
    document["model"] = exported.model
    if rows:
        check_rows(rows, document)
        settle(steps, rows)
        inputs, errors = propagated(steps, rows)
        check_missing(rows, inputs, document)
        document["test_vectors"] = test_vectors(estimator, exported, rows, table_of, inputs, errors,
                                                 near_jumps(steps, rows))
        if dtype == "float32":
            warn_of_rounding(estimator, given, rows, table_of)
    if embedded is not None and embedded.table is not None:
        def answer(values):
            own = cast_rows({index: listed(row) for index, row in enumerate(values)}, dtype)
            return answers_of(estimator, exported, own, table_of)

        document["test_vectors"]["recordings"] = embedded.vectors(answer, exported.output, decision)
    return finished(document, file)


def _embedded(signal, recordings, decision, program):
    if signal is not None:
        return Signal(signal, recordings, program)
    for name, value in (("recordings", recordings), ("decision", decision)):
        if value is not None:
            raise ValueError("%s is for a model with a signal document: give export() signal=..." % name)
    return None


def _producer(estimator):
    name, module = getattr(estimator, "library", ("scikit-learn", "sklearn"))
    return {"tool": "emlc_export", "tool_version": __version__, "library": name,
            "library_version": str(getattr(sys.modules.get(module), "__version__", "unknown")),
            "estimator": getattr(estimator, "class_name", type(estimator).__name__)}


def _input(n_features, dtype, feature_names, feature_min, feature_max):
    described = {"n_features": n_features, "dtype": dtype}
    for key, values in (("feature_names", feature_names), ("feature_min", feature_min), ("feature_max", feature_max)):
        if values is None:
            continue
        values = listed(values)
        if len(values) != n_features:
            raise ValueError("%s has %d entries, the estimator has %d features" % (key, len(values), n_features))
        described[key] = [str(v) for v in values] if key == "feature_names" else [finite(v, key) for v in values]
    return described


def finished(document, file):
    try:
        text = json.dumps(document, separators=(",", ":"), allow_nan=False) + "\n"
    except ValueError:
        raise ValueError("%s is not a finite number" % _find_non_finite(document)) from None
    if hasattr(file, "write"):
        file.write(text)
    elif file is not None:
        with open(file, "w", encoding="utf-8") as stream:
            stream.write(text)
    return document


def _find_non_finite(value, path=""):
    if isinstance(value, float):
        return None if math.isfinite(value) else path
    if isinstance(value, dict):
        entries = [("%s.%s" % (path, key) if path else key, entry) for key, entry in value.items()]
    else:
        entries = [("%s[%d]" % (path, i), entry) for i, entry in enumerate(value)] if isinstance(value, list) else []
    return next((found for found in (_find_non_finite(e, p) for p, e in entries) if found), None)
