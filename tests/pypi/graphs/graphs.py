#!/usr/bin/env python3
"""Fresh graphs in ONNX against emlc: 60 that skl2onnx writes of estimators and pipelines that are trained now, 20 that
quantize_static of ONNX Runtime puts codes into, and 20 each of torch.onnx and tf2onnx where this Python has torch and
tensorflow. ONNX Runtime says what they answer. EMLC is the program; EMLC_GRAPHS is how many of skl2onnx (60), EMLC_SEED
the seed (the day).

Prints the seed, each refusal once, each difference with its seed, and the counts.
"""

import collections
import datetime
import importlib.util
import json
import os
import pathlib
import sys
import tempfile
import warnings

import numpy as np
import onnx
import onnxruntime

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "writers"))
import library_agreement  # noqa: E402
import quantised  # noqa: E402

N_FEATURES = 6
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
onnxruntime.set_default_logger_severity(4)


def table(random):
    n = int(random.integers(150, 400))
    X = random.normal(size=(n, N_FEATURES)).astype(np.float32)
    X[:, 2] = np.round(X[:, 2] * 3)
    score = X[:, 3] - X[:, 4] * X[:, 2] + X[:, 0] + random.normal(size=n) * 0.3
    return X, score


def classes_of(score, n):
    return np.digitize(score, np.quantile(score, np.linspace(0, 1, n + 1)[1:-1]))


def thresholds_of(graph):
    """Feature and threshold of all splits of trees."""
    found = []
    for node in graph.graph.node:
        lists = {attribute.name: attribute for attribute in node.attribute}
        if "nodes_values" in lists:
            found += [(feature, value) for feature, value, mode in zip(lists["nodes_featureids"].ints, lists["nodes_values"].floats,
                      lists["nodes_modes"].strings) if mode != b"LEAF"]
    return found


def rows_at(random, X, graph, may_be_missing):
    """Rows of the table, with cells moved onto thresholds and to the float32 beside it on either side."""
    rows = np.concatenate([X[:80], X[:160].copy()])
    splits = thresholds_of(graph)
    for row in range(80, len(rows)):
        if splits:
            feature, threshold = splits[random.integers(len(splits))]
            value = np.float32(threshold)
            rows[row, feature] = random.choice([value, np.nextafter(value, np.float32(-np.inf)), np.nextafter(value, np.float32(np.inf))])
        if may_be_missing and random.uniform() < 0.3:
            rows[row, random.integers(N_FEATURES)] = np.nan
    return rows


def flat(output):
    """An output as a table: dictionaries by class become columns."""
    if isinstance(output, list) and output and isinstance(output[0], dict):
        return np.array([[row[key] for key in sorted(row)] for row in output], np.float32)
    array = np.asarray(output)
    return array.astype(str) if array.dtype.kind == "O" else array


def save(folder, graph, X):
    """The graph with what ONNX Runtime answers; one with codes as it stands, without the integer kernels that ONNX Runtime
    puts in the place of float layers between codes."""
    case = folder / f"onnx-{onnx.__version__}" / "case"
    case.mkdir(parents=True)
    (case / "model.onnx").write_bytes(graph.SerializeToString())
    options = onnxruntime.SessionOptions()
    if quantised.has_codes(graph):
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(graph.SerializeToString(), options, providers=["CPUExecutionProvider"])
    for output, values in zip(session.get_outputs(), session.run(None, {session.get_inputs()[0].name: X})):
        np.save(case / f"out_{output.name.replace('/', '_')}.npy", flat(values))
    np.save(case / "X.npy", X)
    (case / "about.json").write_text(json.dumps({"onnxruntime": onnxruntime.__version__}))
    return case


def sklearn_estimators(random):
    """A maker for each kind of estimator, by its name; the arguments are drawn."""
    from sklearn import discriminant_analysis, ensemble, linear_model, naive_bayes, neighbors, neural_network, svm, tree

    depth, n = int(random.integers(1, 7)), int(random.integers(1, 12))
    layers = tuple(int(size) for size in random.integers(2, 12, random.integers(1, 3)))
    activation = str(random.choice(["relu", "tanh", "logistic", "identity"]))
    rows = [
        ("classes", lambda: tree.DecisionTreeClassifier(max_depth=depth)), ("classes", lambda: ensemble.RandomForestClassifier(n, max_depth=depth)),
        ("classes", lambda: ensemble.ExtraTreesClassifier(n, max_depth=depth)), ("classes", lambda: ensemble.GradientBoostingClassifier(n_estimators=n, max_depth=depth)),
        ("classes", lambda: ensemble.HistGradientBoostingClassifier(max_iter=n, max_depth=depth)),
        ("classes", lambda: linear_model.LogisticRegression()), ("classes", lambda: svm.LinearSVC()), ("classes", lambda: linear_model.RidgeClassifier()),
        ("classes", lambda: linear_model.SGDClassifier(loss="log_loss")), ("classes", lambda: discriminant_analysis.LinearDiscriminantAnalysis()),
        ("classes", lambda: neural_network.MLPClassifier(hidden_layer_sizes=layers, activation=activation, max_iter=30)),
        ("number", lambda: tree.DecisionTreeRegressor(max_depth=depth)), ("numbers", lambda: ensemble.RandomForestRegressor(n, max_depth=depth)),
        ("numbers", lambda: ensemble.ExtraTreesRegressor(n, max_depth=depth)), ("number", lambda: ensemble.GradientBoostingRegressor(n_estimators=n, max_depth=depth)),
        ("number", lambda: ensemble.HistGradientBoostingRegressor(max_iter=n, max_depth=depth)), ("number", lambda: linear_model.Ridge()),
        ("numbers", lambda: linear_model.LinearRegression()), ("number", lambda: svm.LinearSVR()), ("number", lambda: svm.SVR(kernel="linear", C=0.01)),
        ("numbers", lambda: neural_network.MLPRegressor(hidden_layer_sizes=layers, activation=activation, max_iter=30)),
        ("two", lambda: svm.SVC(kernel="linear", C=0.1)),
        ("nothing", lambda: ensemble.IsolationForest(n_estimators=n, max_samples=64)), ("number", lambda: linear_model.PoissonRegressor()),
        # What is to be refused; and SVC and SVR with a small C, as ONNX Runtime loses digits of large terms that cancel
        # each other: with the coefficients of a NuSVC, of 1e5, all but two.
        ("classes", lambda: svm.SVC(kernel="rbf")), ("classes", lambda: neighbors.KNeighborsClassifier()), ("classes", lambda: naive_bayes.GaussianNB()),
    ]
    return rows


def sklearn_target(random, kind, score):
    if kind in ("classes", "two"):
        labels = classes_of(score, int(random.integers(2, 5)) if kind == "classes" else 2)
        return np.array(["walk", "run", "sit", "fall"])[labels] if random.uniform() < 0.3 else labels
    if kind == "numbers" and random.uniform() < 0.5:
        return np.column_stack([score, score * score])
    return np.exp(score / 5) if kind == "number" and random.uniform() < 0.3 else np.abs(score)


def sklearn_step(random):
    """What mixes columns, or makes others of them."""
    from sklearn import compose, decomposition, preprocessing

    steps = [
        preprocessing.Normalizer(norm=str(random.choice(["l1", "l2", "max"]))),
        preprocessing.Binarizer(threshold=float(random.uniform(-0.5, 0.5))),
        decomposition.PCA(int(random.integers(1, 4)), random_state=0),
        compose.ColumnTransformer([("scaled", preprocessing.StandardScaler(), [2, 0]),
                                   ("normal", preprocessing.Normalizer(), [1, 3]), ("same", "passthrough", [0])]),
    ]
    return steps[int(random.integers(len(steps)))]


def sklearn_pipeline(random, estimator):
    from sklearn import impute, pipeline, preprocessing

    scalers = [preprocessing.StandardScaler, preprocessing.MinMaxScaler, preprocessing.RobustScaler, preprocessing.MaxAbsScaler]
    steps = [random.choice(scalers)()] if random.uniform() < 0.4 else []
    if random.uniform() < 0.2:
        steps.insert(0, impute.SimpleImputer(strategy=str(random.choice(["mean", "median"]))))
    if random.uniform() < 0.3:
        step = sklearn_step(random)
        # skl2onnx knows the columns of the input alone.
        steps = [step] if "ColumnTransformer" in str(step) else [*steps, step]
    return pipeline.make_pipeline(*steps, estimator) if steps else estimator


def sklearn_graph(random, index):
    import skl2onnx

    makers = sklearn_estimators(random)
    kind, make = makers[index % len(makers)]
    X, score = table(random)
    estimator = sklearn_pipeline(random, make())
    estimator.fit(X, sklearn_target(random, kind, score))
    options = {id(estimator): {"zipmap": False}} if hasattr(estimator, "predict_proba") and random.uniform() < 0.6 else None
    opset = {"": int(random.choice([12, 15, 17, 21])), "ai.onnx.ml": int(random.choice([1, 3]))}
    kwargs = {"options": options, "target_opset": opset}
    kind_of_input = [("X", skl2onnx.common.data_types.FloatTensorType([None, N_FEATURES]))]
    try:
        graph = skl2onnx.convert_sklearn(estimator, initial_types=kind_of_input, **kwargs)
    except (NameError, RuntimeError):  # an option that the estimator has not, or an opset that is too old for it
        graph = skl2onnx.convert_sklearn(estimator, initial_types=kind_of_input)
    has_imputer = "SimpleImputer" in str(estimator)
    return graph, rows_at(random, X, graph, has_imputer), type(estimator).__name__ + " " + str(estimator).replace("\n", " ")


def torch_graph(random, index):
    import torch

    sizes = [N_FEATURES, *map(int, random.integers(2, 12, 2)), int(random.integers(1, 5))]
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers.append(torch.nn.Linear(n_in, n_out))
        if random.uniform() < 0.3:
            layers.append(torch.nn.BatchNorm1d(n_out))
        layers.append(random.choice([torch.nn.ReLU, torch.nn.LeakyReLU, torch.nn.ELU, torch.nn.Tanh, torch.nn.Sigmoid, torch.nn.Softplus,
                                     lambda: torch.nn.PReLU(n_out), torch.nn.ReLU6, torch.nn.SELU, torch.nn.Hardtanh, torch.nn.Hardsigmoid])())
    layers.append(random.choice([torch.nn.Identity, lambda: torch.nn.Softmax(1), lambda: torch.nn.LogSoftmax(1)])())
    network = torch.nn.Sequential(*layers).eval()
    X = random.normal(size=(200, N_FEATURES)).astype(np.float32)
    newer = index % 2 == 1  # of the two exporters
    axes = {"dynamic_shapes": ({0: torch.export.Dim("n")},)} if newer else {"dynamic_axes": {"x": {0: "n"}, "y": {0: "n"}}}
    with tempfile.TemporaryDirectory() as folder:  # the newer one takes no other file than one with a name
        file = pathlib.Path(folder) / "network.onnx"
        torch.onnx.export(network, (torch.from_numpy(X),), str(file), dynamo=newer, input_names=["x"], output_names=["y"], **axes)
        graph = onnx.load(file)
    return graph, X, str(network).replace("\n", " ")


def tensorflow_graph(random, index):
    import tensorflow
    import tf2onnx

    layers = tensorflow.keras.layers
    network = tensorflow.keras.Sequential([tensorflow.keras.Input((N_FEATURES,), name="x")])
    for size in [*random.integers(2, 12, 2), random.integers(1, 5)]:
        network.add(layers.Dense(int(size), activation=str(random.choice(["relu", "tanh", "sigmoid", "elu", "selu", "softplus", "linear"]))))
        if random.uniform() < 0.3:
            network.add(layers.BatchNormalization())
    network.add(layers.Activation(str(random.choice(["linear", "softmax", "log_softmax"]))))
    signature = [tensorflow.TensorSpec((None, N_FEATURES), tensorflow.float32, name="x")]
    traced = tensorflow.function(network, input_signature=signature)
    graph, _ = tf2onnx.convert.from_function(traced, signature, opset=int(random.choice([13, 15, 17])))
    return graph, random.normal(size=(200, N_FEATURES)).astype(np.float32), json.dumps([layer.name for layer in network.layers])


# Who writes them, what that needs, and how many.
WRITERS = [
    ("skl2onnx", ["skl2onnx", "sklearn"], sklearn_graph, int(os.environ.get("EMLC_GRAPHS", "60"))),
    ("quantize_static", ["onnxruntime"], quantised.graph, 20),
    ("torch", ["torch"], torch_graph, 20),
    ("tf2onnx", ["tf2onnx", "tensorflow"], tensorflow_graph, 20),
]


def try_writer(writer, place, seed, make, n, outputs):
    """Are all graphs equal or refused?"""
    counts, refusals = collections.Counter(), collections.Counter()
    for index in range(2 * n):
        if counts.total() - counts["not written"] == n:
            break
        random = np.random.default_rng([seed, place, index])
        np.random.seed(index)  # what estimators draw from
        with tempfile.TemporaryDirectory() as scratch:
            try:
                graph, X, about = make(random, index)
            except (ValueError, RuntimeError, NameError) as problem:  # of the writer: a version that it does not know
                counts["not written"] += 1
                refusals["not written: " + str(problem).strip().splitlines()[0][:80]] += 1
                continue
            case = save(pathlib.Path(scratch), graph, X)
            emlc = os.environ["EMLC"]
            verdict, text = (quantised.compare(emlc, case, outputs) if quantised.has_codes(graph)
                             else library_agreement.compare(emlc, case, case / "model.onnx", outputs))
            counts[verdict] += 1
            if verdict == "different":
                print(f"{writer} {index}: {text}; {about}")
            elif text:
                refusals[text.split("model.onnx: ")[-1]] += 1
    for sentence, count in refusals.most_common():
        print(f"  {count} x {sentence}")
    print(f"{writer}: " + ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())))
    return counts["different"] == 0 and counts["equal"] > 0


def main():
    seed = int(os.environ.get("EMLC_SEED", datetime.date.today().strftime("%Y%m%d")))
    outputs = [name for name in os.environ.get("EMLC_OUTPUTS", "csv,tmdl").split(",") if name]
    warnings.simplefilter("ignore")
    print(f"seed {seed}")
    is_good = True
    for place, (writer, needs, make, n) in enumerate(WRITERS):
        missing = [name for name in needs if importlib.util.find_spec(name) is None]
        if missing:
            print(f"skipped: graphs of {writer} (no {' and '.join(missing)})")
            continue
        is_good = try_writer(writer, place, seed, make, n, outputs) and is_good
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
