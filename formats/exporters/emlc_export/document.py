"""The document around a model."""

import json
import math
import sys

from .estimators import converted, source_of
from .names import c_identifier
from .networks.live import as_estimator, flat_rows
from .rows import cast_rows, check_columns, check_missing, check_rows, given_rows, table_like
from .steps.errors import propagated
from .values import finite, listed
from .vectors import test_vectors, warn_of_rounding
from .version import __version__


def export(estimator, X=None, file=None, *, name=None, dtype=None, feature_names=None, feature_min=None,
           feature_max=None, class_names=None):
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

    Warns where the estimator decides otherwise about rows of X once they are float32, and how often. Raises ValueError,
    with one sentence, for what emlc cannot express.
    """
    estimator = as_estimator(estimator, X, class_names)
    X = flat_rows(estimator, X)
    exported, steps = converted(estimator)
    source = source_of(estimator)
    n_features, names = source.n_features_in_, getattr(source, "feature_names_in_", None)
    check_columns(X, names)
    given, dtype = given_rows(X, dtype, n_features)
    rows = cast_rows(given, dtype)
    table_of = table_like(X, bool(steps))
    if feature_names is None:
        feature_names = names
    document = {"format": "emlc-model", "version": 1}
    if name is not None:
        document["name"] = c_identifier(name)
    document["producer"] = _producer(estimator)
    document["input"] = _input(n_features, dtype, feature_names, feature_min, feature_max)
    document["output"] = exported.output
    document["model"] = exported.model
    if rows:
        check_rows(rows, document)
        inputs, errors = propagated(steps, rows)
        check_missing(rows, inputs, document)
        document["test_vectors"] = test_vectors(estimator, exported, rows, table_of, inputs, errors)
        if dtype == "float32":
            warn_of_rounding(estimator, given, rows, table_of)
    return finished(document, file)


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
