"""Write fitted scikit-learn estimators, networks of Keras and PyTorch and filters as emlc model JSON.

    from emlc_export import export, export_sos

    export(forest, X_test, "digits.json", name="digits", dtype="uint8")
    export(network, X_test, "gesture.json")  # a Keras model, or a torch.nn.Sequential
    export_sos(scipy.signal.butter(4, 1000, fs=16000, output="sos"), 16000, file="lowpass.json")  # or "ba", "zpk"

A package without dependencies, for Python 3.8 and scikit-learn 1.0, Keras 2.4, PyTorch 1.8 or later: copy the folder next to the
training script. It reads the fitted attributes only and asks the estimator itself for the expected outputs of the embedded
test vectors, which emlc replays whenever it reads the document. The format is described in docs/formats.md.
"""

import copy
import json
import math
import re
import struct
import sys
import warnings
from functools import partial
from typing import Callable, NamedTuple

__version__ = "0.1.0"
__all__ = ["export", "export_sos", "SUPPORTED", "SUPPORTED_LAYERS"]

N_TEST_VECTORS = 40
EPSILON = sys.float_info.epsilon
EPSILON32 = 2.0**-23
LARGEST = sys.float_info.max
EULER_GAMMA = 0.5772156649015329

INTEGER_RANGES = {"int8": (-128, 127), "uint8": (0, 255), "int16": (-32768, 32767), "int32": (-(2**31), 2**31 - 1)}
DTYPES = ["float32", "float64", *INTEGER_RANGES]
# The smallest type of the document that holds every value of an array's type; wide integers are checked row by row.
DTYPE_OF_ARRAY = {"bool": "uint8", "uint16": "int32", "int64": "int32", "uint32": "int32", "uint64": "int32",
                  **{name: name for name in INTEGER_RANGES}}

EXACT = (0.0, 0.0)
# Sums agree to the last bit; exp() and log() of two mathematical libraries differ by a few.
TRANSCENDENTAL = (1e-15, 1e-13)


class Exported(NamedTuple):
    """What one estimator becomes."""

    model: dict  # the "model" of the document
    output: dict  # the "output" of the document
    answer: str  # the method that gives the outputs
    tolerance: Callable  # (inputs of the model, expected outputs) -> (atol, rtol) that an honest evaluation meets


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
    estimator = _as_estimator(estimator, X, class_names)
    X = _flat_rows(estimator, X)
    steps = _steps(estimator)
    exported = _convert(steps)
    n_features = steps[0].n_features_in_
    names = getattr(steps[0], "feature_names_in_", None)
    _check_columns(X, names)
    given, dtype = _given_rows(X, dtype, n_features)
    rows = _cast_rows(given, dtype)
    if feature_names is None:
        feature_names = names
    document = {"format": "emlc-model", "version": 1}
    if name is not None:
        document["name"] = _identifier(name)
    document["producer"] = _producer(estimator)
    document["input"] = _input(n_features, dtype, feature_names, feature_min, feature_max)
    document["output"] = exported.output
    document["model"] = exported.model
    if rows:
        _check_rows(rows, document)
        document["test_vectors"] = _test_vectors(estimator, steps, exported, rows)
        if dtype == "float32":
            _warn_of_rounding(estimator, given, rows)
    return _finish(document, file)


def export_sos(sos, sample_rate=None, file=None, *, name=None, zi=None, full_scale=None, unit=None, lowest=None,
               highest=None):
    """Describe a filter as an emlc model document (a dict) and write it to `file` when one is given.

    sos          what scipy.signal designs, in any of its forms:
                   sections     [n_sections][6]: b0 b1 b2 a0 a1 a2 each (output="sos"), an array or a list
                   (b, a)       a tuple of two sequences (output="ba"), in powers of 1/z, as lfilter takes them
                   (z, p, k)    a tuple of zeros, poles and the gain (output="zpk")
                 Sections are taken as they are. The other two are converted by scipy in double precision, and refused
                 where the response of the sections is not theirs within 1e-6 of its peak: b and a of a high order do not
                 hold a filter with a low corner.
    sample_rate  Hz
    file         a path or an object with write()
    name         C identifier that generated symbols start with
    zi           the state that the filter starts from, as sosfilt_zi or lfilter_zi make it for this form of it (of
                 direct form II transposed), times the first sample: [n_sections][2], or for (b, a) a number less than
                 the longer of them has. With zeros and poles it has no meaning.
    full_scale   the value, in the unit of the signal, that the largest sample of an integer filter stands for (2**15 of
                 int16, 2**31 of int32). The document is in full scales: zi, lowest and highest are divided by it, and
                 so has to be what a filter in float gets. Default: 1.
    unit         the unit, a text; for readers of the document
    lowest, highest   the range of the signal, in its unit. A promise about all future samples: emlc leaves out the
                 saturation that it rules out.

    Raises ValueError, with one sentence, for what is no filter, and ImportError where (b, a) or (z, p, k) needs scipy
    and there is none.
    """
    sections, initial_state = _sections_of(sos, zi)
    scale = 1.0 if full_scale is None else _above_0(full_scale, "full_scale")
    model = {"kind": "sos", "sections": sections}
    if initial_state is not None:
        model["initial_state"] = [[z / scale for z in row] for row in initial_state]
    if sample_rate is not None:
        model["sample_rate"] = _above_0(sample_rate, "sample_rate")
    signals = [_impulse(256), _noise(256)]
    responses = [_filter(sections, signal) for signal in signals]
    document = {"format": "emlc-model", "version": 1}
    if name is not None:
        document["name"] = _identifier(name)
    document["producer"] = {"tool": "emlc_export", "tool_version": __version__}
    document["input"] = _signal_input(scale, lowest, highest)
    if full_scale is not None:
        document["input"]["x_full_scale"] = scale
    if unit is not None:
        document["input"]["x_unit"] = str(unit)
    document["output"] = {"task": "filter", "n_outputs": 1}
    document["model"] = model
    peak = max(abs(y) for response in responses for y in response)
    document["test_vectors"] = {"inputs": signals, "outputs": responses, "atol": 1e-12 * peak, "rtol": 1e-9}
    return _finish(document, file)


# The document around the model


def _producer(estimator):
    name, module = getattr(estimator, "library", ("scikit-learn", "sklearn"))
    return {"tool": "emlc_export", "tool_version": __version__, "library": name,
            "library_version": str(getattr(sys.modules.get(module), "__version__", "unknown")),
            "estimator": getattr(estimator, "class_name", type(estimator).__name__)}


def _library_version():
    numbers = re.match(r"(\d+)\.(\d+)", getattr(sys.modules.get("sklearn"), "__version__", ""))
    return tuple(int(number) for number in numbers.groups()) if numbers else (1, 0)


# Of C99 to C23 and C++11 to C++20, and names that headers take; as emlc has them.
KEYWORDS = frozenset(
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t char8_t class co_await "
    "co_return co_yield compl concept const const_cast consteval constexpr constinit continue decltype default delete do "
    "double dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable namespace "
    "new noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires restrict "
    "return short signed sizeof static static_assert static_cast struct switch template this thread_local throw true try "
    "typedef typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq main std typeof linux".split())
LONGEST_NAME = 100


def _identifier(name):
    """`name`, unless emlc refuses it."""
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise ValueError("name %r is no C identifier" % (name,))
    if len(name) > LONGEST_NAME:
        raise ValueError("name has %d characters, it may have %d" % (len(name), LONGEST_NAME))
    if name in KEYWORDS:
        raise ValueError("name %r is a keyword of C or C++" % name)
    if name.startswith("_") or name.endswith("_") or "__" in name:
        raise ValueError("name %r would start symbols that C and C++ reserve for compilers: no underscore may be at an end "
                         "or next to another" % name)
    if re.match(r"emlc(_|$)", name, re.IGNORECASE):
        raise ValueError("name %r would start symbols as emlc's runtime does" % name)
    return name


def _input(n_features, dtype, feature_names, feature_min, feature_max):
    described = {"n_features": n_features, "dtype": dtype}
    for key, values in (("feature_names", feature_names), ("feature_min", feature_min), ("feature_max", feature_max)):
        if values is None:
            continue
        values = _listed(values)
        if len(values) != n_features:
            raise ValueError("%s has %d entries, the estimator has %d features" % (key, len(values), n_features))
        described[key] = [str(v) for v in values] if key == "feature_names" else [_number(v, key) for v in values]
    return described


def _finish(document, file):
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


def _number(value, where):
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError("%s is %r, expected a number" % (where, value)) from None
    if math.isinf(number) or math.isnan(number):
        raise ValueError("%s is %r, expected a finite number" % (where, number))
    return number


def _listed(values):
    if hasattr(values, "toarray"):  # a sparse matrix
        values = values.toarray()
    values = values.tolist() if hasattr(values, "tolist") else values
    is_listed = hasattr(values, "__iter__") and not isinstance(values, (str, bytes, dict, set, frozenset))
    return list(values) if is_listed else [values]


# Test vectors


def _check_columns(X, names):
    """A data frame with the columns of the training data has them in that order, since only their places are exported."""
    if names is None or not hasattr(X, "columns"):
        return
    found, expected = [str(name) for name in X.columns], [str(name) for name in names]
    if found != expected and sorted(found) == sorted(expected):
        place = next(i for i, name in enumerate(found) if name != expected[i])
        raise ValueError("X has its columns in another order than the training data: column %d is %r, expected %r"
                         % (place, found[place], expected[place]))


def _check_table(X):
    if not hasattr(X, "__len__") or not hasattr(X, "__getitem__") or isinstance(X, (str, bytes, dict)):
        raise ValueError("X is a %s, expected rows: an array, a data frame or a list of lists" % type(X).__name__)


def _given_rows(X, dtype, n_features):
    """At most N_TEST_VECTORS rows of X by their index, and the dtype."""
    if dtype is not None:
        dtype = dtype if isinstance(dtype, str) else getattr(dtype, "name", getattr(dtype, "__name__", str(dtype)))
        if dtype not in DTYPES:
            raise ValueError("dtype %r is not one of %s" % (dtype, ", ".join(DTYPES)))
    if X is None:
        return {}, dtype or "float32"
    if hasattr(X, "toarray"):
        raise ValueError("X is sparse, pass a dense array: %d rows are enough" % N_TEST_VECTORS)
    if hasattr(X, "to_numpy"):  # a data frame
        X = X.to_numpy()
    _check_table(X)
    if len(X) == 0:
        raise ValueError("X has no row")
    steps = max(1, min(N_TEST_VECTORS, len(X)) - 1)
    chosen = sorted({step * (len(X) - 1) // steps for step in range(steps + 1)})
    rows = {index: _listed(X[index]) for index in chosen}
    for index, row in rows.items():
        if len(row) != n_features:
            raise ValueError("X[%d] has %d values, the estimator has %d features" % (index, len(row), n_features))
    return rows, dtype or _dtype_of(X, rows.values())


def _cast_rows(rows, dtype):
    """The rows as lists of numbers that `dtype` holds exactly."""
    return [[_cast(cell, dtype, "X[%d][%d]" % (index, j)) for j, cell in enumerate(row)] for index, row in rows.items()]


def _warn_of_rounding(estimator, given, rounded):
    """Says how many rows of X get another answer as float32 than as they were given."""
    exact = _cast_rows(given, "float64")
    if not any(one != other and one == one for pair in zip(exact, rounded) for one, other in zip(*pair)):
        return
    serial = _serial(estimator)
    if not hasattr(serial, "predict"):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before, after = (_listed(serial.predict(rows)) for rows in (exact, rounded))
    # Of numbers any rounding moves the last digits; what is more is another leaf.
    changed = sum(not _is_same(one, other) for one, other in zip(before, after))
    if changed:
        warnings.warn("rounding X to float32 changes the answers of %d of %d rows (%.2g %%); dtype='float64' keeps them in "
                      "the document, and emlc convert --features double in the header of trees"
                      % (changed, len(exact), 100.0 * changed / len(exact)), stacklevel=3)


def _is_same(one, other):
    if isinstance(one, list):
        return all(map(_is_same, one, other))
    if isinstance(one, float):
        return abs(one - other) <= 1e-5 * max(abs(one), abs(other))
    return one == other


def _dtype_of(X, rows):
    if hasattr(X, "dtype"):
        return DTYPE_OF_ARRAY.get(str(X.dtype), "float32")
    return "int32" if all(isinstance(cell, int) for row in rows for cell in row) else "float32"


def _cast(value, dtype, where):
    """`value` as an input of the type; NaN (missing) stays NaN."""
    if isinstance(value, float) and math.isnan(value) and dtype not in INTEGER_RANGES:
        return value
    number = _number(value, where)
    if dtype in INTEGER_RANGES:
        low, high = INTEGER_RANGES[dtype]
        if number != int(number) or not low <= number <= high:
            raise ValueError("%s is %r, which %s cannot hold" % (where, value, dtype))
        return int(number)
    if dtype == "float64":
        return number
    try:
        return struct.unpack("<f", struct.pack("<f", number))[0]
    except OverflowError:
        raise ValueError("%s is %r, which float32 cannot hold" % (where, value)) from None


def _check_rows(rows, document):
    """The vectors keep the promises of the document: no missing value that the model does not take, all in range."""
    last = document["model"]["steps"][-1] if document["model"]["kind"] == "pipeline" else document["model"]
    takes_missing = last.get("missing", "none") != "none"
    low, high = (document["input"].get(key) for key in ("feature_min", "feature_max"))
    for row in rows:
        for feature, value in enumerate(row):
            if math.isnan(value):
                if not takes_missing:
                    raise ValueError("X has a missing value in feature %d, which the estimator does not take" % feature)
            elif (low and value < low[feature]) or (high and value > high[feature]):
                raise ValueError("X has %r in feature %d, outside feature_min and feature_max" % (value, feature))


def _test_vectors(estimator, steps, exported, rows):
    serial = _serial(estimator)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rows are plain lists, without the feature names of the training data
        outputs = _outputs(getattr(serial, exported.answer)(rows), exported.output["n_outputs"])
        labels = None
        if exported.output["task"] in ("classification", "anomaly"):
            labels = serial.predict(rows).tolist()
        scaled = rows
        for step in steps[:-1]:
            scaled = step.transform(scaled).tolist()
    atol, rtol = exported.tolerance(scaled, outputs)
    inputs = [[None if math.isnan(value) else value for value in row] for row in rows]
    vectors = {"inputs": inputs, "outputs": outputs, "atol": atol, "rtol": rtol}
    if labels is not None:
        vectors["labels"] = labels
    return vectors


def _serial(estimator):
    """A shallow copy that predicts on one thread: forests otherwise sum their trees in the order the threads finish."""
    serial = copy.copy(estimator)
    if hasattr(serial, "steps"):
        serial.steps = [(name, _serial(step)) for name, step in serial.steps]
    elif hasattr(serial, "n_jobs"):
        serial.n_jobs = 1
    return serial


def _outputs(answer, n_outputs):
    """One row of n_outputs numbers per input, from whatever shape the estimator answers in."""
    if isinstance(answer, list):  # a classifier with several targets: one array each
        return [sum(parts, []) for parts in zip(*(part.tolist() for part in answer))]
    # Of the two columns of a binary classifier the document keeps the second, the probability of class_names[1].
    return [_listed(row)[-n_outputs:] for row in answer.tolist()]


# What the outputs mean


def _classes(estimator):
    """The class labels, one list per target."""
    classes = estimator.classes_
    return [_listed(labels) for labels in classes] if isinstance(classes, list) else [_listed(classes)]


def _classification(classes, task="classification", rule="argmax", threshold=None):
    """One column per class with rule argmax; one column per target, and two classes, with a rule that compares."""
    for labels in classes:
        for label in labels:
            if not isinstance(label, (str, int, float)):
                raise ValueError("class label %r is neither text nor a number" % (label,))
    if rule != "argmax" and any(len(labels) != 2 for labels in classes):
        raise ValueError("the estimator was trained on a single class")
    sizes = [len(labels) if rule == "argmax" else 1 for labels in classes]
    targets = [{"size": size, "class_names": labels} for size, labels in zip(sizes, classes)]
    decision = {"rule": rule} if threshold is None else {"rule": rule, "threshold": threshold}
    return {"task": task, "n_outputs": sum(sizes), "targets": _named(targets), "decision": decision}


def _regression(n_outputs):
    targets = _named([{"size": 1} for _ in range(n_outputs)])
    return {"task": "regression", "n_outputs": n_outputs, "targets": targets, "decision": {"rule": "none"}}


def _named(targets):
    if len(targets) == 1:
        return targets
    return [{"name": "y%d" % index, **target} for index, target in enumerate(targets)]


# Trees


def _tree(tree, values, columns=None, takes_missing=False):
    """One tree_: `values` per node, of which the leaves' are kept; `columns` map its features to those of the input."""
    is_leaf = [child < 0 for child in tree.children_left.tolist()]
    features = tree.feature.tolist()
    document = {
        "feature": [-1 if leaf else (columns[f] if columns else f) for leaf, f in zip(is_leaf, features)],
        "threshold": [0.0 if leaf else _threshold(t) for leaf, t in zip(is_leaf, tree.threshold.tolist())],
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "value": [value if leaf else None for leaf, value in zip(is_leaf, values)],
    }
    if takes_missing:
        document["default_left"] = [bool(left) for left in tree.missing_go_to_left.tolist()]
    return document


def _threshold(threshold):
    """JSON has no infinity: a split that every number passes compares with the largest double."""
    return max(-LARGEST, min(LARGEST, threshold))


def _tree_ensemble(trees, leaf, aggregate, **more):
    if not trees:
        raise ValueError("the ensemble has no tree")
    has_default = any("default_left" in tree for tree in trees)
    return {"kind": "tree_ensemble", "compare": "<=", "feature_dtype": "float32", "accumulate_dtype": "float64",
            "leaf": leaf, "aggregate": aggregate, "missing": "nan" if has_default else "none", **more, "trees": trees}


def _takes_missing(estimator, tree):
    """Whether NaN is a value the estimator answers for: trees of the same version differ by kind and criterion."""
    if not hasattr(tree, "missing_go_to_left"):
        return False
    try:
        estimator.predict([[math.nan] * estimator.n_features_in_])
    except ValueError:
        return False
    return True


def _members(estimator):
    """The tree_ of a single tree or of each tree of a forest, in the order of summation."""
    return [member.tree_ for member in getattr(estimator, "estimators_", [estimator])]


def _forest(estimator, rows_of, leaf, output, answer):
    members = _members(estimator)
    takes_missing = _takes_missing(estimator, members[0])
    trees = [_tree(tree, rows_of(tree), takes_missing=takes_missing) for tree in members]
    return Exported(_tree_ensemble(trees, leaf, "mean"), output, answer, lambda inputs, outputs: EXACT)


def _tree_classifier(estimator):
    classes = _classes(estimator)
    rows_of = partial(_class_rows, n_classes=[len(labels) for labels in classes])
    return _forest(estimator, rows_of, "vector", _classification(classes), "predict_proba")


def _class_rows(tree, n_classes):
    """Per node the class proportions of all targets, divided as predict_proba() divides."""
    blocks = []
    for target, n in enumerate(n_classes):
        block = tree.value[:, target, :n]
        if _library_version() < (1, 3):  # weighted counts; since then the proportions themselves
            total = block.sum(axis=1)
            total[total == 0.0] = 1.0
            block = block / total[:, None]
        blocks.append(block.tolist())
    return [sum(rows, []) for rows in zip(*blocks)]


def _tree_regressor(estimator):
    n_outputs = estimator.n_outputs_
    if n_outputs == 1:
        return _forest(estimator, lambda tree: tree.value[:, 0, 0].tolist(), "scalar", _regression(1), "predict")
    return _forest(estimator, lambda tree: tree.value[:, :, 0].tolist(), "vector", _regression(n_outputs), "predict")


def _isolation_forest(estimator):
    """score = -2^(-sum of path lengths / (n_trees * expected length)) - offset; the leaves hold the path lengths."""
    expected = _average_path_length(float(estimator.max_samples_))
    if expected == 0.0:
        raise ValueError("an IsolationForest with max_samples 1 isolates nothing")
    trees = [_tree(tree, _path_lengths(tree), columns.tolist())
             for tree, columns in zip(_members(estimator), estimator.estimators_features_)]
    transform = {"name": "isolation", "denominator": len(trees) * expected, "offset": float(estimator.offset_)}
    model = _tree_ensemble(trees, "scalar", "sum", post_transform=transform)
    output = _classification([[-1, 1]], "anomaly", "greater_equal", 0.0)
    return Exported(model, output, "decision_function", lambda inputs, outputs: TRANSCENDENTAL)


def _path_lengths(tree):
    lengths = [0.0] * tree.node_count
    left, right, samples = tree.children_left.tolist(), tree.children_right.tolist(), tree.n_node_samples.tolist()
    pending = [(0, 0)]
    while pending:
        node, depth = pending.pop()
        lengths[node] = (depth + 1.0) + _average_path_length(float(samples[node])) - 1.0
        if left[node] >= 0:
            pending += [(left[node], depth + 1), (right[node], depth + 1)]
    return lengths


def _average_path_length(n):
    """Of an unsuccessful search in a binary search tree of n samples."""
    if n <= 1.0:
        return 0.0
    if n == 2.0:
        return 1.0
    return 2.0 * (math.log(n - 1.0) + EULER_GAMMA) - 2.0 * (n - 1.0) / n


def _inner_trees(estimator, kind):
    """The members of an ensemble that can be made of anything, each with its columns; all have to be trees."""
    columns = getattr(estimator, "estimators_features_", None)
    members = list(estimator.estimators_)
    for member in members:
        if type(member).__name__ not in ("DecisionTree" + kind, "ExtraTree" + kind):
            raise ValueError("a %s of a %s cannot be exported, only of trees"
                             % (type(estimator).__name__, type(member).__name__))
    takes_missing = _takes_missing(members[0], members[0].tree_)
    for index, member in enumerate(members):
        own = None if columns is None else columns[index].tolist()
        yield member, partial(_tree, member.tree_, columns=own, takes_missing=takes_missing)


def _bagging_classifier(estimator):
    """Each member knows the classes that its sample had, as indices."""
    n_classes, trees = len(estimator.classes_), []
    for member, tree in _inner_trees(estimator, "Classifier"):
        places = [int(label) for label in member.classes_.tolist()]
        rows = []
        for shares in _class_rows(member.tree_, [len(places)]):
            row = [0.0] * n_classes
            for place, share in zip(places, shares):
                row[place] = share
            rows.append(row)
        trees.append(tree(rows))
    output = _classification(_classes(estimator))
    return Exported(_tree_ensemble(trees, "vector", "mean"), output, "predict_proba", lambda inputs, outputs: EXACT)


def _bagging_regressor(estimator):
    trees = [tree(member.tree_.value[:, 0, 0].tolist()) for member, tree in _inner_trees(estimator, "Regressor")]
    return Exported(_tree_ensemble(trees, "scalar", "mean"), _regression(1), "predict", lambda inputs, outputs: EXACT)


# Boosting


def _ada_boost_classifier(estimator):
    """Votes with the weights of their trees (SAMME), or logarithms of class proportions (SAMME.R, up to 1.5)."""
    classes = estimator.classes_.tolist()
    weights = estimator.estimator_weights_.tolist()
    is_real = getattr(estimator, "algorithm", None) == "SAMME.R"
    other = 0.0 if is_real else _share_of_other_classes(estimator)
    trees = []
    for weight, (member, tree) in zip(weights, _inner_trees(estimator, "Classifier")):
        if member.classes_.tolist() != classes:
            raise ValueError("a tree of the AdaBoostClassifier does not know all classes")
        rows = _class_rows(member.tree_, [len(classes)])
        rows = [_log_shares(row) if is_real else _weighted_vote(row, weight, other) for row in rows]
        trees.append(tree(rows if len(classes) > 2 else [row[1] - row[0] for row in rows]))
    scale = 1.0 / (sum(weights) * (len(classes) - 1))
    if len(classes) > 2:
        link, output = {"name": "softmax", "scale": scale}, _classification([classes])
    else:
        link, output = {"name": "sigmoid", "scale": scale}, _classification([classes], rule="greater", threshold=0.5)
    leaf = "vector" if len(classes) > 2 else "scalar"
    model = _tree_ensemble(trees, leaf, "sum", post_transform=link)
    return Exported(model, output, "predict_proba", lambda inputs, outputs: TRANSCENDENTAL)


def _weighted_vote(shares, weight, other):
    largest = shares.index(max(shares))
    return [weight if place == largest else other * weight for place in range(len(shares))]


def _log_shares(shares):
    logs = [math.log(max(share, EPSILON)) for share in shares]
    return [(len(logs) - 1) * (log - sum(logs) / len(logs)) for log in logs]


def _share_of_other_classes(estimator):
    """What a vote of weight 1 adds to the classes that it is not for: nothing in old versions, -1 / (n - 1) in newer."""
    n = len(estimator.classes_)
    row = [[0.0] * estimator.n_features_in_]
    votes = [0.0] * n
    for member, weight in zip(estimator.estimators_, estimator.estimator_weights_.tolist()):
        votes[estimator.classes_.tolist().index(member.predict(row).tolist()[0])] += weight
    answer = estimator.decision_function(row).tolist()[0]
    found = [answer] if n == 2 else answer
    total = sum(votes)
    plain = [vote / total for vote in votes]
    expected = [plain[1] - plain[0]] if n == 2 else plain
    is_plain = all(abs(a - b) <= 1e-9 for a, b in zip(found, expected))  # the other rule is off by 1 / n at least
    return 0.0 if is_plain else -1.0 / (n - 1)


def _boosted(trees, base_score, link, **more):
    return _tree_ensemble(trees, "scalar", "sum", base_score=base_score, base_score_at="start", post_transform=link,
                          **more)


def _stages(estimator):
    """GradientBoosting: one tree per stage and column. estimators_ is [n_stages][n_columns]."""
    trees = []
    for stage in estimator.estimators_.tolist():
        for column, member in enumerate(stage):
            values = [estimator.learning_rate * value for value in member.tree_.value[:, 0, 0].tolist()]
            trees.append({"output": column, **_tree(member.tree_, values)})
    return trees


def _start_scores(estimator):
    """What GradientBoosting starts from, as one number per column; an initial model that looks at x has none."""
    init = estimator.init_
    is_constant = isinstance(init, str) or (
        type(init).__name__ in ("DummyClassifier", "DummyRegressor") and init.strategy != "stratified")
    if not is_constant:
        raise ValueError("a %s whose init is a %s cannot be exported: the start of the sum must be a constant"
                         % (type(estimator).__name__, type(init).__name__))
    return estimator._raw_predict_init([[0.0] * estimator.n_features_in_]).tolist()[0]


def _gradient_boosting_regressor(estimator):
    trees = _stages(estimator)

    def tolerance(inputs, outputs):  # a compiler may fuse learning_rate * value and the addition into one rounding
        return len(trees) * EPSILON * max(abs(y) for row in outputs for y in row), 0.0

    model = _boosted(trees, _start_scores(estimator), {"name": "identity"})
    return Exported(model, _regression(1), "predict", tolerance)


def _gradient_boosting_classifier(estimator):
    start, is_exponential = _start_scores(estimator), estimator.loss == "exponential"
    if len(start) > 1:
        link, output = {"name": "softmax"}, _classification(_classes(estimator))
    else:
        # predict() looks at the sign of the raw score since 1.4 and for the exponential loss, else at probabilities.
        rule = "greater_equal" if is_exponential or _library_version() >= (1, 4) else "greater"
        link = {"name": "sigmoid", "scale": 2.0 if is_exponential else 1.0}
        output = _classification(_classes(estimator), rule=rule, threshold=0.5)
    model = _boosted(_stages(estimator), start, link)
    return Exported(model, output, "predict_proba", lambda inputs, outputs: TRANSCENDENTAL)


HIST_LINKS = {"squared_error": "identity", "least_squares": "identity", "absolute_error": "identity",
              "least_absolute_deviation": "identity", "quantile": "identity", "poisson": "exp", "gamma": "exp"}


def _hist_regressor(estimator):
    link = HIST_LINKS.get(estimator.loss) if isinstance(estimator.loss, str) else None
    if link is None:
        raise ValueError("the loss %r of a HistGradientBoostingRegressor cannot be exported" % (estimator.loss,))
    tolerance = EXACT if link == "identity" else TRANSCENDENTAL
    return Exported(_hist_model(estimator, link), _regression(1), "predict", lambda inputs, outputs: tolerance)


def _hist_classifier(estimator):
    if estimator.n_trees_per_iteration_ == 1:
        link, output = "sigmoid", _classification(_classes(estimator), rule="greater", threshold=0.5)
    else:
        link, output = "softmax", _classification(_classes(estimator))
    return Exported(_hist_model(estimator, link), output, "predict_proba", lambda inputs, outputs: TRANSCENDENTAL)


def _hist_model(estimator, link):
    columns, decode = _hist_columns(estimator)
    known = _known_categories(estimator)
    trees = []
    for iteration in estimator._predictors:
        for column, predictor in enumerate(iteration):
            trees.append({"output": column, **_hist_tree(predictor, columns, known, decode)})
    # The splits are compared in double, unlike those of the other trees.
    start = _listed(estimator._baseline_prediction.ravel())
    return {**_boosted(trees, start, {"name": link}), "feature_dtype": "float64"}


def _hist_tree(predictor, columns, known, decode):
    nodes = predictor.nodes
    is_leaf = [bool(leaf) for leaf in nodes["is_leaf"].tolist()]
    is_categorical = [bool(flag) for flag in nodes["is_categorical"].tolist()]
    features = nodes["feature_idx"].tolist()
    document = {
        "feature": [-1 if leaf else columns[f] for leaf, f in zip(is_leaf, features)],
        "threshold": [0.0 if leaf or categorical else _threshold(t)
                      for leaf, categorical, t in zip(is_leaf, is_categorical, nodes["num_threshold"].tolist())],
        "left": [-1 if leaf else child for leaf, child in zip(is_leaf, nodes["left"].tolist())],
        "right": [-1 if leaf else child for leaf, child in zip(is_leaf, nodes["right"].tolist())],
        "value": [value if leaf else None for leaf, value in zip(is_leaf, nodes["value"].tolist())],
        "default_left": [bool(left) for left in nodes["missing_go_to_left"].tolist()],
    }
    sides = {"categories_left": {}, "categories_right": {}}
    for node, feature in enumerate(features):
        if is_leaf[node] or not is_categorical[node]:
            continue
        go_left = set(_bits(predictor.raw_left_cat_bitsets[nodes["bitset_idx"].tolist()[node]]))
        name_of = decode.get(feature, int)
        sides["categories_left"][str(node)] = sorted(name_of(code) for code in go_left)
        # Whatever is in neither list is unknown, which goes the way of a missing value.
        sides["categories_right"][str(node)] = sorted(name_of(code) for code in known[feature] - go_left)
    return {**document, **sides} if sides["categories_left"] else document


def _bits(words):
    """The indices of the bits that are set in a list of 32-bit words."""
    return [32 * index + bit for index, word in enumerate(words.tolist()) for bit in range(32) if word >> bit & 1]


def _known_categories(estimator):
    """Feature -> the category codes seen in training."""
    if getattr(estimator, "is_categorical_", None) is None:
        return {}
    bitsets, rows = estimator._bin_mapper.make_known_categories_bitsets()
    is_categorical = estimator._bin_mapper.is_categorical_.tolist()
    return {feature: set(_bits(bitsets[rows[feature]])) for feature, flag in enumerate(is_categorical) if flag}


def _hist_columns(estimator):
    """The input feature of each column that the trees see, and per column the category that a code stands for.

    Since version 1.4 categorical features come first, as codes of an ordinal encoder.
    """
    if getattr(estimator, "_preprocessor", None) is None:
        return list(range(estimator.n_features_in_)), {}
    flags = estimator.is_categorical_.tolist()
    categorical = [feature for feature, flag in enumerate(flags) if flag]
    decode = {}
    for column, categories in enumerate(estimator._preprocessor.named_transformers_["encoder"].categories_):
        names = [name for name in _listed(categories) if name == name]  # without NaN
        for name in names:
            if isinstance(name, str) or name != int(name) or name < 0:
                raise ValueError("category %r of feature %d is no integer from 0 up, which emlc needs; encode it "
                                 "before training" % (name, categorical[column]))
        decode[column] = [int(name) for name in names].__getitem__
    return categorical + [feature for feature, flag in enumerate(flags) if not flag], decode


# Dense networks


def _dense(weights, bias, activation):
    """A layer from weights [n_out][n_in]; a single bias stands for all units."""
    weights = weights if isinstance(weights[0], list) else [weights]
    bias = bias if len(bias) == len(weights) else bias * len(weights)
    return {"weights": weights, "bias": bias, "activation": activation}


def _network(layers, output, answer, **more):
    return Exported({"kind": "mlp", "layers": layers, **more}, output, answer, partial(_dense_tolerance, layers))


def _dense_tolerance(layers, inputs, outputs):
    """A bound of the rounding errors, since matrix libraries add up in their own order.

    A sum of n products is off by at most n * EPSILON times the sum of their sizes, and errors of one layer reach the
    next through the weights. The activations have slope 1 at most; the last factor 2 is for outputs that are divided
    by their sum.
    """
    sizes = [max(abs(value) for value in column) for column in zip(*inputs)]
    error = 0.0
    for layer in layers:
        reach = [abs(b) + sum(abs(w) * size for w, size in zip(row, sizes))
                 for row, b in zip(layer["weights"], layer["bias"])]
        gain = max(sum(abs(w) for w in row) for row in layer["weights"])
        error = gain * error + (len(sizes) + 1) * EPSILON * max(reach)
        if layer["activation"] in ("tanh", "logistic", "softmax"):
            reach, error = [1.0] * len(reach), error + 8 * EPSILON
        sizes = reach
    return 2 * error, 0.0


def _mlp_layers(estimator):
    last = len(estimator.coefs_) - 1
    layers = []
    for index, (weights, bias) in enumerate(zip(estimator.coefs_, estimator.intercepts_)):
        activation = estimator.out_activation_ if index == last else estimator.activation
        if activation not in ("identity", "relu", "tanh", "logistic", "softmax"):
            raise ValueError("the activation %r of a network cannot be exported" % activation)
        layers.append(_dense(weights.T.tolist(), bias.tolist(), activation))
    return layers


def _mlp_classifier(estimator):
    classes = _classes(estimator)
    if estimator.out_activation_ == "softmax":
        output = _classification(classes)
    elif estimator.n_outputs_ == 1:
        output = _classification(classes, rule="greater", threshold=0.5)
    else:  # several labels, each there or not
        output = _classification([[0, 1] for _ in range(estimator.n_outputs_)], rule="greater", threshold=0.5)
    return _network(_mlp_layers(estimator), output, "predict_proba")


def _mlp_regressor(estimator):
    return _network(_mlp_layers(estimator), _regression(estimator.n_outputs_), "predict")


def _linear_regressor(estimator):
    layer = _dense(_listed(estimator.coef_), _listed(estimator.intercept_), "identity")
    return _network([layer], _regression(len(layer["weights"])), "predict")


def _logistic_regression(estimator):
    classes = _classes(estimator)
    weights, bias = _listed(estimator.coef_), _listed(estimator.intercept_)
    multi_class = getattr(estimator, "multi_class", "auto")
    is_multinomial = multi_class == "multinomial" or (
        multi_class in ("auto", "deprecated") and len(classes[0]) > 2 and estimator.solver != "liblinear")
    if len(classes[0]) == 2:
        # softmax over (-z, z) is the sigmoid of 2z; doubling is exact.
        factor = 2.0 if is_multinomial else 1.0
        layer = _dense([[factor * w for w in weights[0]]], [factor * b for b in bias], "logistic")
        return _network([layer], _classification(classes, rule="greater", threshold=0.5), "predict_proba")
    if is_multinomial:
        return _network([_dense(weights, bias, "softmax")], _classification(classes), "predict_proba")
    return _network([_dense(weights, bias, "logistic")], _classification(classes), "predict_proba",
                    post_transform={"name": "normalize"})


# Scalers


def _scaler(op, offset, scale, n_features, **more):
    """None stands for an offset of 0 or a scale of 1."""
    offset = [0.0] * n_features if offset is None else _listed(offset)
    scale = [1.0] * n_features if scale is None else _listed(scale)
    targets = [{"size": n_features}]
    output = {"task": "transform", "n_outputs": n_features, "targets": targets, "decision": {"rule": "none"}}
    model = {"kind": "scaler", "op": op, "offset": offset, "scale": scale, **more}
    return Exported(model, output, "transform", lambda inputs, outputs: EXACT)


def _standard_scaler(estimator):
    return _scaler("subtract_divide", estimator.mean_ if estimator.with_mean else None,
                   estimator.scale_ if estimator.with_std else None, estimator.n_features_in_)


def _min_max_scaler(estimator):
    clip = {"clip": [float(end) for end in estimator.feature_range]} if getattr(estimator, "clip", False) else {}
    return _scaler("multiply_add", estimator.min_, estimator.scale_, estimator.n_features_in_, **clip)


def _robust_scaler(estimator):
    return _scaler("subtract_divide", estimator.center_ if estimator.with_centering else None,
                   estimator.scale_ if estimator.with_scaling else None, estimator.n_features_in_)


def _max_abs_scaler(estimator):
    clip = {"clip": [-1.0, 1.0]} if getattr(estimator, "clip", False) else {}  # scikit-learn 1.9
    return _scaler("subtract_divide", None, estimator.scale_, estimator.n_features_in_, **clip)


# Networks of Keras and PyTorch


class _Answers:
    """Rows of answers, as arrays give them."""

    def __init__(self, rows):
        self._rows = list(rows)

    def tolist(self):
        return self._rows


class _Network:
    """A network as the rest of this file knows estimators."""

    def __init__(self, library, model, chain, class_names, answer):
        self.library, self.class_name, self.n_features_in_ = library, type(model).__name__, chain.n_features
        self.row_shape, self._answer = (chain.n_features,), answer
        output = _network_output(chain, class_names)
        self.exported = Exported(chain.model(), output, "outputs", chain.tolerance)

    def outputs(self, rows):
        return _Answers(_flat(row) for row in self._answer(rows, self.row_shape))

    def predict(self, rows):
        outputs, output = self.outputs(rows).tolist(), self.exported.output
        if output["decision"]["rule"] == "none":
            return _Answers(outputs)
        names = [target.get("class_names") for target in output["targets"]]
        if output["decision"]["rule"] == "argmax":
            decided = [[row.index(max(row))] for row in outputs]
        else:
            decided = [[int(value > 0.5) for value in row] for row in outputs]
        labels = [[index if of is None else of[index] for index, of in zip(row, names)] for row in decided]
        return _Answers(row[0] if len(row) == 1 else row for row in labels)


def _as_estimator(estimator, X, class_names):
    """Networks become a _Network; whatever else it is stays."""
    bases = {base.__name__: base.__module__.split(".")[0] for base in type(estimator).__mro__}
    if bases.get("Module") == "torch":
        network = _torch_network(estimator, class_names)
    elif bases.get("Model") in KERAS_LIBRARIES:
        network = _keras_network(estimator, bases["Model"], class_names)
    elif class_names is not None:
        raise ValueError("class_names are of networks, a %s has its own" % type(estimator).__name__)
    else:
        return estimator
    shape = tuple(getattr(X, "shape", ()))
    if len(shape) > 2:
        network.row_shape = shape[1:]
    return network


def _flat_rows(estimator, X):
    """X with a list of values for each row, where the rows of a network are tables."""
    is_table = isinstance(estimator, _Network) and len(getattr(X, "shape", ())) > 2 and hasattr(X, "reshape")
    return X.reshape(len(X), -1) if is_table else X


def _flat(row):
    return [value for part in row for value in _flat(part)] if isinstance(row, list) else [row]


def _network_output(chain, class_names):
    last = chain.layers[-1]["activation"] if chain.layers and chain.pending is None else "identity"
    n = chain.width
    names = None if class_names is None else _listed(class_names)
    expected = {"softmax": n, "logistic": 2}.get(last, 0)
    if names is not None and len(names) != expected:
        raise ValueError("class_names has %d entries, the network has %s"
                         % (len(names), "%d classes" % expected if expected else "no decision"))
    more = {} if names is None else {"class_names": names}
    if last == "softmax":
        targets, decision = [{"size": n, **more}], {"rule": "argmax"}
    elif last == "logistic":
        targets, decision = [{"size": 1, **more} for _ in range(n)], {"rule": "greater", "threshold": 0.5}
    elif chain.layers:
        return _regression(n)
    else:
        return {"task": "transform", "n_outputs": n, "targets": [{"size": n}], "decision": {"rule": "none"}}
    return {"task": "classification", "n_outputs": n, "targets": _named(targets), "decision": decision}


class _Chain:
    """Scalers and dense layers, from what a library does to its values one step after the other. What only scales and
    shifts becomes part of the layer before it or, where an activation is in the way, of the one behind it."""

    def __init__(self, n_features):
        self.n_features = self.width = n_features
        self.scalers, self.layers, self.pending = [], [], None
        self.sizes = []  # of each layer: what its units add up at most, on the way to the bias that is left of it

    def affine(self, scale, offset):
        """y = x * scale + offset, numbers or one for each value."""
        scale, offset = ([float(v)] * self.width if isinstance(v, (int, float)) else v for v in (scale, offset))
        if all(v == 1 for v in scale) and not any(offset):
            return
        if not self.layers:
            self.scalers.append({"kind": "scaler", "op": "multiply_add", "offset": offset, "scale": scale})
        elif self.pending:
            self.pending = [a * s for a, s in zip(self.pending[0], scale)], [
                b * s + o for b, s, o in zip(self.pending[1], scale, offset)]
        elif self.layers[-1]["activation"] == "identity":
            layer = self.layers[-1]
            layer["weights"] = [[w * s for w in row] for row, s in zip(layer["weights"], scale)]
            layer["bias"] = [b * s + o for b, s, o in zip(layer["bias"], scale, offset)]
            self.sizes[-1] = [size * abs(s) + abs(o) for size, s, o in zip(self.sizes[-1], scale, offset)]
        else:
            self.pending = scale, offset

    def subtract_divide(self, offset, scale):
        if self.layers or self.scalers:
            return self.affine([1 / s for s in scale], [-o / s for o, s in zip(offset, scale)])
        self.scalers.append({"kind": "scaler", "op": "subtract_divide", "offset": offset, "scale": scale})

    def dense(self, weights, bias):
        """weights [n_out][n_in]"""
        sizes = [abs(b) for b in bias]
        if self.pending:
            scale, offset = self.pending
            sizes = [s + sum(abs(w * o) for w, o in zip(row, offset)) for s, row in zip(sizes, weights)]
            bias = [b + sum(w * o for w, o in zip(row, offset)) for b, row in zip(bias, weights)]
            weights = [[w * s for w, s in zip(row, scale)] for row in weights]
            self.pending = None
        self.layers.append(_dense(weights, bias, "identity"))
        self.sizes.append(sizes)
        self.width = len(bias)

    def activate(self, activation, **parameters):
        if activation == "identity":
            return
        if not self.layers or self.pending or self.layers[-1]["activation"] != "identity":
            self._identity()
        self.layers[-1].update(activation=activation, **parameters)

    def _identity(self):
        n = self.width
        self.dense([[float(i == j) for j in range(n)] for i in range(n)], [0.0] * n)

    def model(self):
        if not self.layers and not self.scalers:
            raise ValueError("no layer of the network computes anything")
        if self.pending:
            self._identity()
        steps = self.scalers + ([{"kind": "mlp", "layers": self.layers}] if self.layers else [])
        return steps[0] if len(steps) == 1 else {"kind": "pipeline", "steps": steps}

    def tolerance(self, inputs, outputs):
        """A bound of the rounding errors of a library that computes in float32, see _dense_tolerance."""
        sizes = [max(abs(value) for value in column) for column in zip(*inputs)]
        error = 0.0
        for scaler in self.scalers:
            divides = scaler["op"] == "subtract_divide"
            gains = [1 / abs(s) if divides else abs(s) for s in scaler["scale"]]
            shifts = [abs(o) * g if divides else abs(o) for o, g in zip(scaler["offset"], gains)]
            sizes = [size * g + shift for size, g, shift in zip(sizes, gains, shifts)]
            error = error * max(gains) + 3 * EPSILON32 * max(sizes)
        for layer, addends in zip(self.layers, self.sizes):
            reach = [a + sum(abs(w) * size for w, size in zip(row, sizes)) for row, a in zip(layer["weights"], addends)]
            gain = max(sum(abs(w) for w in row) for row in layer["weights"])
            error = gain * error + (len(sizes) + 8) * EPSILON32 * max(reach)
            steepest = max([1.0, abs(layer.get("alpha", 0.0)), *(abs(s) for s in layer.get("slopes", ()))])
            sizes, error = [steepest * r for r in reach], steepest * error
            if layer["activation"] in ("tanh", "logistic", "softmax"):
                sizes = [1.0] * len(sizes)
            if layer["activation"] not in ("identity", "relu", "relu6", "leaky_relu", "prelu"):
                error += 16 * EPSILON32 * steepest
        return 2 * error, 0.0


def _slopes(chain, slopes):
    """One slope for all, or one for each value."""
    if len(set(slopes)) == 1:
        return chain.activate("leaky_relu", alpha=slopes[0])
    chain.activate("prelu", slopes=slopes)


def _normalized(chain, gamma, beta, mean, variance, epsilon):
    """gamma * (x - mean) / sqrt(variance + epsilon) + beta"""
    scale = [g / math.sqrt(v + epsilon) for g, v in zip(gamma, variance)]
    chain.affine(scale, [b - m * s for b, m, s in zip(beta, mean, scale)])


# name of an activation: factor and addend before it, its name here with its parameters, factor behind it
ACTIVATIONS = {
    "linear": (1, 0, "identity", {}, 1),
    "relu": (1, 0, "relu", {}, 1),
    "relu6": (1, 0, "relu6", {}, 1),
    "leaky_relu": (1, 0, "leaky_relu", {"alpha": 0.2}, 1),
    "sigmoid": (1, 0, "logistic", {}, 1),
    "tanh": (1, 0, "tanh", {}, 1),
    "softmax": (1, 0, "softmax", {}, 1),
    "softplus": (1, 0, "softplus", {}, 1),
    "elu": (1, 0, "elu", {"alpha": 1.0}, 1),
    "selu": (1, 0, "elu", {"alpha": 1.6732632423543772}, 1.0507009873554805),
}
HARD_SIGMOID = {2: (1.2, 3, "relu6", {}, 1 / 6), 3: (1, 3, "relu6", {}, 1 / 6)}  # by the version of Keras


def _activate(chain, formula):
    factor, addend, activation, parameters, behind = formula
    chain.affine(factor, addend)
    chain.activate(activation, **parameters)
    chain.affine(behind, 0)


# Keras: what a layer's config and its weights make of a chain. The shape of a row is in chain.shape.


KERAS_LIBRARIES = ("keras", "tf_keras", "tensorflow")  # the last one up to TensorFlow 2.5


def _keras_network(model, library, class_names):
    if isinstance(getattr(model, "input_shape", None), list) or isinstance(getattr(model, "output_shape", None), list):
        raise ValueError("the model has several inputs or outputs, only chains of layers can be exported")
    shape = getattr(model, "input_shape", None)
    if not shape or any(extent is None for extent in shape[1:]):
        raise ValueError("the model does not know the shape of its input: build it, or call it once")
    chain = _Chain(math.prod(shape[1:]))
    version = str(getattr(sys.modules.get(library), "__version__", ""))
    chain.shape, chain.keras = shape[1:], 3 if library == "keras" and not version.startswith("2.") else 2
    for entry in _keras_order(model):
        _add_keras_layer(chain, model, entry)

    def answer(rows, row_shape):
        array = sys.modules["numpy"].asarray(rows, "float32").reshape((len(rows), *shape[1:]))
        return model.predict(array, verbose=0).tolist()

    return _Network(("keras", library), model, chain, class_names, answer)


def _keras_order(model):
    """The layers' entries of the config, in the order of the computation."""
    config = model.get_config()
    entries = config["layers"] if isinstance(config, dict) else config
    if "output_layers" not in config:
        return entries
    by_name = {entry["config"]["name"]: entry for entry in entries}
    (name,), order = _producers([config["output_layers"]]), []
    while len(order) <= len(entries):
        order.append(by_name[name])
        nodes = by_name[name]["inbound_nodes"]
        if not nodes:
            break
        producers = [found for node in nodes for found in _producers(node)]
        if len(producers) != 1:
            raise ValueError("layer %r takes %d outputs, only chains of layers can be exported" % (name, len(producers)))
        name = producers[0]
    if len(order) != len(entries):
        raise ValueError("the model is no chain of layers: %d of %d are on the way to its output"
                         % (len(order), len(entries)))
    return order[::-1]


def _producers(node):
    """Names of the layers that a call takes: ["dense", 0, 0], or tensors with a history."""
    if isinstance(node, dict):
        history = node["config"].get("keras_history") if isinstance(node.get("config"), dict) else None
        return [history[0]] if history else [name for part in node.get("args", ()) for name in _producers(part)]
    if not isinstance(node, (list, tuple)):
        return []
    return [node[0]] if node and isinstance(node[0], str) else [name for part in node for name in _producers(part)]


def _add_keras_layer(chain, model, entry):
    config, class_name = entry["config"], entry["class_name"]
    where = "layer %r (%s)" % (config.get("name"), class_name)
    if class_name == "InputLayer":
        return
    layer = model.get_layer(config["name"])
    is_own = type(layer).__module__.split(".")[0] in KERAS_LIBRARIES
    if class_name not in KERAS_LAYERS or not is_own:
        raise ValueError("%s cannot be exported; supported: %s" % (where, ", ".join(KERAS_LAYERS)))
    dtype = config.get("dtype", "float32")
    dtype = dtype["config"]["name"] if isinstance(dtype, dict) else dtype
    if getattr(dtype, "name", dtype) != "float32":
        raise ValueError("%s computes in %s, only float32 can be exported" % (where, getattr(dtype, "name", dtype)))
    try:
        KERAS_LAYERS[class_name](chain, config, [weights.tolist() for weights in layer.get_weights()])
    except _Unsupported as problem:
        raise ValueError("%s %s" % (where, problem)) from None


class _Unsupported(Exception):
    """What is the matter with a layer, without its name."""


def _require_row(chain, config):
    """Values in a row, and an axis that is theirs."""
    if len(chain.shape) != 1:
        raise _Unsupported("works on an input of shape %s, only a row of values is supported; put a Flatten before it"
                           % (tuple(chain.shape),))
    axis = config.get("axis", -1)
    if axis not in (-1, 1, [-1], [1], (-1,), (1,), None):
        raise _Unsupported("works along the axes %s, expected the last one" % (axis,))


def _keras_dense(chain, config, weights):
    _require_row(chain, config)
    kernel, bias = weights[0], weights[1] if config["use_bias"] else [0.0] * len(weights[0][0])
    chain.dense([list(row) for row in zip(*kernel)], bias)
    chain.shape = (chain.width,)
    _keras_activation(chain, config, weights)


def _keras_activation(chain, config, weights):
    activation = config.get("activation") or "linear"
    if isinstance(activation, dict):
        is_function = activation.get("class_name") == "function"
        activation = activation.get("config" if is_function else "class_name")
    if activation == "softmax":
        _require_row(chain, {})
    formula = HARD_SIGMOID[chain.keras] if activation == "hard_sigmoid" else ACTIVATIONS.get(activation)
    if formula is None:
        raise _Unsupported("has the activation %r; supported: %s"
                           % (activation, ", ".join([*ACTIVATIONS, "hard_sigmoid"])))
    _activate(chain, formula)


def _keras_relu(chain, config, weights):
    slope, highest = float(config.get("negative_slope") or 0.0), config.get("max_value")
    if config.get("threshold"):
        raise _Unsupported("has a threshold other than 0, where its answers jump; no activation of emlc does that")
    if highest is None:
        return chain.activate("relu") if slope == 0 else chain.activate("leaky_relu", alpha=slope)
    highest = float(highest)
    if highest <= 0:
        raise _Unsupported("has a max_value of %r, expected one above 0" % highest)
    if slope == 0:
        return _activate(chain, (6 / highest, 0, "relu6", {}, highest / 6))
    chain.activate("leaky_relu", alpha=slope)  # min(y, highest) = highest - relu(highest - y)
    chain.affine(-1, highest)
    chain.activate("relu")
    chain.affine(-1, highest)


def _keras_leaky_relu(chain, config, weights):
    chain.activate("leaky_relu", alpha=float(config["negative_slope"] if "negative_slope" in config else config["alpha"]))


def _keras_prelu(chain, config, weights):
    _require_row(chain, {})
    _slopes(chain, weights[0] * (chain.width // len(weights[0])))


def _keras_softmax(chain, config, weights):
    _require_row(chain, config)
    chain.activate("softmax")


def _along_last_axis(chain, value):
    values = [float(v) for v in _flat(_listed(value))]
    if len(values) not in (1, chain.shape[-1]):
        raise _Unsupported("has %d numbers, expected 1 or %d" % (len(values), chain.shape[-1]))
    return values * (chain.width // len(values))


def _keras_rescaling(chain, config, weights):
    chain.affine(_along_last_axis(chain, config["scale"]), _along_last_axis(chain, config["offset"]))


def _keras_normalization(chain, config, weights):
    _require_row(chain, config)
    mean, variance = (weights[0], weights[1]) if config.get("mean") is None else (config["mean"], config["variance"])
    mean = _along_last_axis(chain, mean)
    spread = [max(math.sqrt(v), 1e-7) for v in _along_last_axis(chain, variance)]
    if config.get("invert"):
        return chain.affine(spread, mean)
    chain.subtract_divide(mean, spread)


def _keras_batch_normalization(chain, config, weights):
    _require_row(chain, config)
    weights = list(weights)
    gamma = weights.pop(0) if config["scale"] else [1.0] * chain.width
    beta = weights.pop(0) if config["center"] else [0.0] * chain.width
    _normalized(chain, gamma, beta, weights[0], weights[1], config["epsilon"])


def _keras_flatten(chain, config, weights):
    if config.get("data_format") == "channels_first" and len(chain.shape) > 1:
        raise _Unsupported("moves channels that come first to the end, only channels_last is supported")
    chain.shape = (chain.width,)


def _in_training_only(chain, *_):
    """Computes nothing once the network is trained."""


KERAS_LAYERS = {
    "Dense": _keras_dense,
    "Activation": _keras_activation,
    "ReLU": _keras_relu,
    "LeakyReLU": _keras_leaky_relu,
    "PReLU": _keras_prelu,
    "ELU": lambda chain, config, weights: chain.activate("elu", alpha=float(config["alpha"])),
    "Softmax": _keras_softmax,
    "Rescaling": _keras_rescaling,
    "Normalization": _keras_normalization,
    "BatchNormalization": _keras_batch_normalization,
    "Flatten": _keras_flatten,
    "Dropout": _in_training_only,
    "GaussianNoise": _in_training_only,
    "GaussianDropout": _in_training_only,
    "AlphaDropout": _in_training_only,
    "ActivityRegularization": _in_training_only,
}


# PyTorch: what the attributes of a module make of a chain


def _torch_network(model, class_names):
    modules = list(_torch_modules(model))
    widths = [width for width in (_torch_width(module) for module in modules) if width]
    if not widths:
        raise ValueError("the Sequential does not say how many values it takes: it has no Linear and no BatchNorm1d")
    chain = _Chain(widths[0])
    for index, module in enumerate(modules):
        try:
            TORCH_LAYERS[type(module).__name__](chain, module)
        except _Unsupported as problem:
            raise ValueError("module %d (%s) %s" % (index, type(module).__name__, problem)) from None
    parameter = next(model.parameters())
    if str(parameter.dtype) not in ("torch.float32", "torch.float64"):
        raise ValueError("the Sequential computes in %s, only float32 and float64 can be exported" % parameter.dtype)

    def answer(rows, row_shape):
        was_training = [(module, module.training) for module in model.modules()]
        model.eval()
        try:
            return model(parameter.detach().new_tensor(rows).reshape(len(rows), *row_shape)).tolist()
        finally:
            for module, flag in was_training:
                module.training = flag

    return _Network(("pytorch", "torch"), model, chain, class_names, answer)


def _torch_modules(model):
    """Modules of a Sequential in order, those in a Sequential inside of it in its place."""
    for place, module in ([(None, model)] if type(model).__name__ != "Sequential" else model.named_children()):
        is_own = type(module).__module__.split(".")[0] == "torch"
        if is_own and type(module).__name__ == "Sequential":
            yield from _torch_modules(module)
        elif is_own and place is not None and type(module).__name__ in TORCH_LAYERS:
            yield module
        elif place is None:
            raise ValueError("cannot export a %s: of PyTorch only a torch.nn.Sequential says what it computes; others go "
                             "through torch.onnx.export" % type(module).__name__)
        else:
            raise ValueError("module %r (%s) of a Sequential cannot be exported; supported: %s"
                             % (place, type(module).__name__, ", ".join(TORCH_LAYERS)))


def _torch_width(module):
    return getattr(module, "in_features", getattr(module, "num_features", None))


def _torch_linear(chain, module):
    if module.in_features != chain.width:
        raise _Unsupported("takes %d values, %d come in" % (module.in_features, chain.width))
    bias = [0.0] * module.out_features if module.bias is None else module.bias.tolist()
    chain.dense(module.weight.tolist(), bias)


def _torch_prelu(chain, module):
    slopes = module.weight.tolist()
    _slopes(chain, slopes * (chain.width // len(slopes)))


def _torch_softmax(chain, module):
    if module.dim not in (1, -1, None):
        raise _Unsupported("is over dimension %d, expected 1" % module.dim)
    chain.activate("softmax")


def _torch_softplus(chain, module):
    """log(1 + exp(beta x)) / beta, and x itself above a threshold where that is the same in float32."""
    if module.threshold < 20:
        raise _Unsupported("has a threshold of %r, below 20 its answers jump there" % module.threshold)
    _activate(chain, (module.beta, 0, "softplus", {}, 1 / module.beta))


def _torch_batch_norm(chain, module):
    if module.running_mean is None:
        raise _Unsupported("keeps no running mean, so that it depends on the batch")
    gamma = [1.0] * chain.width if module.weight is None else module.weight.tolist()
    beta = [0.0] * chain.width if module.bias is None else module.bias.tolist()
    _normalized(chain, gamma, beta, module.running_mean.tolist(), module.running_var.tolist(), module.eps)


def _torch_flatten(chain, module):
    if (module.start_dim, module.end_dim) != (1, -1):
        raise _Unsupported("flattens dimensions %d to %d, expected 1 to -1" % (module.start_dim, module.end_dim))


TORCH_LAYERS = {
    "Linear": _torch_linear,
    "ReLU": lambda chain, module: chain.activate("relu"),
    "ReLU6": lambda chain, module: chain.activate("relu6"),
    "LeakyReLU": lambda chain, module: chain.activate("leaky_relu", alpha=float(module.negative_slope)),
    "ELU": lambda chain, module: chain.activate("elu", alpha=float(module.alpha)),
    "PReLU": _torch_prelu,
    "Tanh": lambda chain, module: chain.activate("tanh"),
    "Sigmoid": lambda chain, module: chain.activate("logistic"),
    "Softmax": _torch_softmax,
    "Softplus": _torch_softplus,
    "BatchNorm1d": _torch_batch_norm,
    "Dropout": _in_training_only,
    "AlphaDropout": _in_training_only,
    "Flatten": _torch_flatten,
    "Identity": _in_training_only,
}
SUPPORTED_LAYERS = {"keras": sorted(KERAS_LAYERS), "torch": sorted(TORCH_LAYERS)}


# From estimator to document

SCALERS = {
    "StandardScaler": _standard_scaler,
    "MinMaxScaler": _min_max_scaler,
    "RobustScaler": _robust_scaler,
    "MaxAbsScaler": _max_abs_scaler,
}
PREDICTORS = {
    "DecisionTreeClassifier": _tree_classifier,
    "ExtraTreeClassifier": _tree_classifier,
    "RandomForestClassifier": _tree_classifier,
    "ExtraTreesClassifier": _tree_classifier,
    "DecisionTreeRegressor": _tree_regressor,
    "ExtraTreeRegressor": _tree_regressor,
    "RandomForestRegressor": _tree_regressor,
    "ExtraTreesRegressor": _tree_regressor,
    "BaggingClassifier": _bagging_classifier,
    "BaggingRegressor": _bagging_regressor,
    "AdaBoostClassifier": _ada_boost_classifier,
    "GradientBoostingClassifier": _gradient_boosting_classifier,
    "GradientBoostingRegressor": _gradient_boosting_regressor,
    "HistGradientBoostingClassifier": _hist_classifier,
    "HistGradientBoostingRegressor": _hist_regressor,
    "IsolationForest": _isolation_forest,
    "MLPClassifier": _mlp_classifier,
    "MLPRegressor": _mlp_regressor,
    "LogisticRegression": _logistic_regression,
    "LinearRegression": _linear_regressor,
    "Ridge": _linear_regressor,
    "Lasso": _linear_regressor,
    "ElasticNet": _linear_regressor,
    "SGDRegressor": _linear_regressor,
}
SUPPORTED = sorted([*SCALERS, *PREDICTORS, "Pipeline"])


def _steps(estimator):
    """The estimators of a pipeline in order, without those that do nothing; of anything else the estimator itself."""
    if not hasattr(estimator, "steps"):
        steps = [estimator]
    else:
        members = [member for _, member in estimator.steps if member is not None and not isinstance(member, str)]
        steps = [step for member in members for step in _steps(member)]
    if not steps:
        raise ValueError("the pipeline has no step that does anything")
    return steps


def _converter(estimator, table):
    """The row for the estimator's class or the nearest base class that scikit-learn has a row for."""
    for base in type(estimator).__mro__:
        if base.__name__ in table and base.__module__.split(".")[0] == "sklearn":
            return table[base.__name__]
    return None


def _convert(steps):
    if isinstance(steps[0], _Network):
        return steps[0].exported
    for step in steps:
        if isinstance(step, type):
            raise ValueError("%s is a class, expected an estimator that was fitted" % step.__name__)
        if _converter(step, {**SCALERS, **PREDICTORS}) is None:
            hint = "; export its best_estimator_" if hasattr(step, "best_estimator_") else ""
            raise ValueError("cannot export a %s%s; supported: %s" % (type(step).__name__, hint, ", ".join(SUPPORTED)))
        if not hasattr(step, "n_features_in_"):
            raise ValueError("the %s is not fitted" % type(step).__name__)
        if len(getattr(step, "estimators_", [step])) == 0:
            raise ValueError("the %s has no tree" % type(step).__name__)
    for step in steps[:-1]:
        if _converter(step, SCALERS) is None:
            raise ValueError("a pipeline is scalers and then one model, this one has a %s before its last step"
                             % type(step).__name__)
    exported = [_converter(step, {**SCALERS, **PREDICTORS})(step) for step in steps]
    if len(steps) == 1:
        return exported[0]
    return exported[-1]._replace(model={"kind": "pipeline", "steps": [step.model for step in exported]})


# Filters


def _above_0(value, where):
    number = _number(value, where)
    if number <= 0:
        raise ValueError("%s is %r, it must be above 0" % (where, value))
    return number


def _signal_input(scale, lowest, highest):
    described = {"n_features": 1, "dtype": "float32"}
    if (lowest is None) != (highest is None):
        raise ValueError("lowest and highest are a range: give both or none")
    if lowest is None:
        return described
    low, high = _number(lowest, "lowest") / scale, _number(highest, "highest") / scale
    if low > high:
        raise ValueError("lowest is %r, above highest, which is %r" % (lowest, highest))
    if max(-low, high) > 1 and scale != 1:
        raise ValueError("the range from %r to %r goes beyond full_scale, which is %r" % (lowest, highest, scale))
    described["feature_min"], described["feature_max"] = [low], [high]
    return described


def _sections_of(filter, zi):
    """Rows b0 b1 b2 a0 a1 a2 and the initial state z1 z2 of each, or None."""
    if isinstance(filter, tuple) and len(filter) == 2:
        return _sections_of_ba(filter, zi)
    if isinstance(filter, tuple) and len(filter) == 3 and not _is_row(filter[2]):
        if zi is not None:
            raise ValueError("zi has no meaning for zeros and poles: give it with (b, a) or with sections")
        return _sections_of_zpk(filter), None
    sections = _given_sections(filter)
    return sections, None if zi is None else _given_states(zi, len(sections))


def _is_row(value):
    return len(getattr(value, "shape", ())) > 0 or isinstance(value, (list, tuple))


def _given_sections(sos):
    sections = [[_number(cell, "sos[%d][%d]" % (i, j)) for j, cell in enumerate(_listed(row))]
                for i, row in enumerate(_listed(sos))]
    if not sections:
        raise ValueError("sos has no section")
    for index, section in enumerate(sections):
        if len(section) != 6:
            raise ValueError("sos[%d] has %d numbers, a section has 6: b0 b1 b2 a0 a1 a2; give b and a, or zeros, "
                             "poles and gain, as a tuple" % (index, len(section)))
        if section[3] == 0:
            raise ValueError("sos[%d]: a0 must not be 0, every coefficient is divided by it" % index)
    return sections


def _given_states(zi, n_sections):
    states = [[_number(cell, "zi[%d][%d]" % (i, j)) for j, cell in enumerate(_listed(row))]
              for i, row in enumerate(_listed(zi))]
    if len(states) != n_sections or any(len(row) != 2 for row in states):
        raise ValueError("zi has to be [%d][2], two numbers for each section, as sosfilt_zi makes it" % n_sections)
    return states


def _scipy_signal(what):
    try:
        import scipy.signal
    except ImportError:
        raise ImportError("%s is converted by scipy, which is not installed: give sections (output='sos')"
                          % what) from None
    return scipy.signal


def _sections_of_ba(filter, zi):
    b, a = ([_number(cell, "%s[%d]" % (which, i)) for i, cell in enumerate(_listed(row))]
            for which, row in zip("ba", filter))
    if not any(b):
        raise ValueError("b has no number but 0: the filter would give nothing")
    if not a or a[0] == 0:
        raise ValueError("a[0] must not be 0, every coefficient is divided by it")
    signal = _scipy_signal("(b, a)")
    n = max(len(a), len(b))
    delays = next(i for i, value in enumerate(b) if value != 0)
    padded = b[delays:] + [0.0] * (n - len(b) + delays)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy's of bad conditions: what comes of them is measured
        zeros, poles, gain = signal.tf2zpk(padded, a + [0.0] * (n - len(a)))
    sections = _delayed(signal.zpk2sos(zeros, poles, gain).tolist(), delays)
    _check_response(sections, lambda delay: _polynomial(b, delay) / _polynomial(a, delay), "(b, a)")
    return sections, None if zi is None else _states_of_ba(a, n, sections, zi)


def _sections_of_zpk(filter):
    def roots(values, which):
        found = [complex(value) for value in _listed(values)]
        for value in found:
            if not (math.isfinite(value.real) and math.isfinite(value.imag)):
                raise ValueError("a %s is %r, expected a finite number" % (which, value))
        return found

    zeros, poles, gain = roots(filter[0], "zero"), roots(filter[1], "pole"), _number(filter[2], "the gain")
    if gain == 0:
        raise ValueError("the gain is 0: the filter would give nothing")
    try:
        sections = _scipy_signal("(z, p, k)").zpk2sos(zeros, poles, gain).tolist()
    except ValueError as error:
        raise ValueError("zeros and poles make no real filter: %s" % error) from None

    def response(delay):
        value = gain
        for factors, power in ((zeros, 1), (poles, -1)):
            for root in factors:
                value *= (1 - root * delay) ** power
        return value

    _check_response(sections, response, "(z, p, k)")
    return sections


def _delayed(sections, delays):
    """Sections whose b are moved to the right, by `delays` in all: there are as many zeros at 0, which are b2 = 0."""
    for section in sections:
        while delays and section[2] == 0 and any(section[:2]):
            section[:3] = [0.0] + section[:2]
            delays -= 1
    return sections


def _polynomial(coefficients, delay):
    value = 0.0
    for coefficient in reversed(coefficients):
        value = value * delay + coefficient
    return value


def _check_response(sections, response, what):
    """Refuses sections that are not the filter that they were made of, at 80 frequencies in each decade."""
    found, expected = [], []
    for step in range(401):
        angle = math.pi * 10 ** (step / 80 - 5)
        delay = complex(math.cos(angle), -math.sin(angle))
        value = 1.0
        try:
            for section in sections:
                value *= _polynomial(section[:3], delay) / _polynomial(section[3:], delay)
            expected.append(response(delay))
            found.append(value)
        except ZeroDivisionError:  # a pole
            continue
    peak = max(abs(value) for value in expected)
    off = max(abs(one - other) for one, other in zip(found, expected)) / peak
    if not off <= 1e-6:
        raise ValueError("%s does not hold this filter in double precision: as sections its response is off by %.2g of "
                         "the peak; design it with output='sos'" % (what, off))


def _states_of_ba(a, n, sections, zi):
    """The states of the sections whose answer to silence is that of lfilter with `zi`.

    What the states of a form give to silence is Z(z) / A(z). Behind section i with the states z1 z2 that is
    (z1 + z2/z) times the a of the sections before it and the b of those behind it, over A: a linear system."""
    import numpy as np

    states = [_number(cell, "zi[%d]" % i) for i, cell in enumerate(_listed(zi))]
    if len(states) != n - 1:
        raise ValueError("zi has %d numbers, for this (b, a) it has %d, as lfilter_zi makes it" % (len(states), n - 1))
    rows = np.array(sections)
    b, denominators = rows[:, :3] / rows[:, 3:4], rows[:, 3:] / rows[:, 3:4]
    columns = []
    for index in range(len(sections)):
        product = np.ones(1)
        for other in range(len(sections)):
            if other != index:
                product = np.convolve(product, denominators[other] if other < index else b[other])
        columns += [np.append(product, 0.0), np.append(0.0, product)]
    wanted = np.zeros(len(columns[0]))
    wanted[:len(states)] = states
    found = np.linalg.lstsq(np.array(columns).T, wanted, rcond=None)[0]
    off = np.abs(np.array(columns).T @ found - wanted).max()
    if not off <= 1e-9 * max(np.abs(wanted).max(), 1e-300):
        raise ValueError("zi is not a state that these sections can have: off by %.2g" % off)
    return found.reshape(-1, 2).tolist()


def _impulse(n):
    return [1.0] + [0.0] * (n - 1)


def _noise(n):
    """Noise in [-1, 1) that float32 and int16 hold exactly: the same on every machine."""
    samples, state = [], 1
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2**31  # a linear congruential generator, high bits used
        samples.append((state >> 15) / 2**15 - 1.0)
    return samples


def _filter(sections, signal):
    """The response from rest; transposed direct form II, section after section."""
    for section in sections:
        b0, b1, b2, a1, a2 = (section[index] / section[3] for index in (0, 1, 2, 4, 5))
        z1 = z2 = 0.0
        response = []
        for x in signal:
            y = b0 * x + z1
            z1, z2 = b1 * x - a1 * y + z2, b2 * x - a2 * y
            response.append(y)
        signal = response
    return signal
