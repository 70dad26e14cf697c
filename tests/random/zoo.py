#!/usr/bin/env python3
"""Every estimator that emlc_export takes, ten times with other parameters: its header answers as scikit-learn does.

Rows are random ones and rows at thresholds. EMLC in the environment is the program."""

import collections
import inspect
import json
import pathlib
import sys
import tempfile
import warnings

import bounds
import headers
import inputs
import numpy as np
import program
import sklearn
import truth
from program import Failed, Refused
from sklearn.utils import all_estimators

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "formats" / "exporters"))
import emlc_export  # noqa: E402

N_SETS = 10
N_ROWS = 120
BATCH = 30

# Parameters by name, for every estimator that has them; a set takes one value of each.
PARAMETERS = {
    "max_depth": [2, 3, 5, None],
    "min_samples_leaf": [1, 4],
    "max_leaf_nodes": [None, 6, 15],
    "n_estimators": [1, 3, 8],
    "max_iter": [40, 60],
    "learning_rate": [0.1, 0.5],
    "max_features": [None, 1.0],
    "max_bins": [8, 60],
    "l2_regularization": [0.0, 1.0],
    "hidden_layer_sizes": [(3,), (5, 4), (8,)],
    "activation": ["identity", "logistic", "tanh", "relu"],
    "alpha": [1e-4, 0.1],
    "fit_intercept": [True, False],
    "with_mean": [True, False],
    "with_std": [True, False],
    "with_centering": [True, False],
    "with_scaling": [True, False],
    "clip": [False, True],
    "feature_range": [(0, 1), (-3, 2)],
    "subsample": [1.0, 0.7],
    "random_state": list(range(N_SETS)),
}
# What a name means for one estimator only, where the values above are not its own.
OWN = {
    "MLPClassifier": {"learning_rate": ["constant"]},
    "MLPRegressor": {"learning_rate": ["constant"]},
    "SGDRegressor": {"learning_rate": ["invscaling"]},
    "HistGradientBoostingClassifier": {"max_iter": [2, 5], "max_features": [1.0]},
    "HistGradientBoostingRegressor": {"max_iter": [2, 5], "max_features": [1.0]},
    "IsolationForest": {"max_features": [1.0]},
    "BaggingClassifier": {"max_features": [1.0, 0.6]},
    "BaggingRegressor": {"max_features": [1.0, 0.6]},
}


def parameters(name, estimator, generator):
    known = {**PARAMETERS, **OWN.get(name, {})}
    names = [parameter for parameter in inspect.signature(estimator).parameters if parameter in known]
    return {parameter: known[parameter][generator.integers(len(known[parameter]))] for parameter in names}


def data(name, generator):
    """X, y: real, rounded or whole features; classes or numbers."""
    X = generator.normal(size=(N_ROWS, 5)) * [1.0, 10.0, 0.1, 100.0, 3.0]
    X = [X, np.round(X, 1), np.round(X * 10)][generator.integers(3)].astype(np.float32).astype(float)
    signal = X[:, 0] + X[:, 1] / 10 - np.abs(X[:, 4]) / 3 + generator.normal(size=N_ROWS) * 0.3
    if name.endswith("Regressor") or name in ("LinearRegression", "Ridge", "Lasso", "ElasticNet"):
        return X, signal
    edges = np.quantile(signal, [[0.5], [0.3, 0.7], [0.2, 0.5, 0.8]][generator.integers(3)])
    return X, np.searchsorted(edges, signal)


def fitted(name, estimator, number):
    """The estimator, and the rows to ask it about."""
    generator = np.random.default_rng([number, *name.encode()])
    X, y = data(name, generator)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = estimator(**parameters(name, estimator, generator)).fit(X, y)
    return made, X, generator


def rows_at_thresholds(document, generator):
    return inputs.rows_of({**document, "input": {"n_features": document["input"]["n_features"]}}, "float32", generator)


def answers(made, document, rows):
    """(decisions, outputs) of scikit-learn."""
    task, n = document["output"]["task"], document["output"]["n_outputs"]
    if task == "classification":
        outputs = made.predict_proba(rows)[:, -n:]
        classes = [str(label) for label in made.classes_]
        decided = np.array([[classes.index(str(label))] for label in made.predict(rows)])
        return decided, outputs
    method = {"regression": "predict", "anomaly": "decision_function", "transform": "transform"}[task]
    outputs = getattr(made, method)(rows).reshape(len(rows), n)
    # The document's class 1 is the one that passes its threshold; -1 and 1 are what IsolationForest says.
    return truth.decisions(document, outputs), outputs


def prepare(name, estimator, number, folder):
    """A header, with what scikit-learn says to its rows."""
    made, X, generator = fitted(name, estimator, number)
    path = folder / f"{name}{number}.json"
    document = json.loads(json.dumps(emlc_export.export(made, X, path, dtype="float32")))
    rows = np.vstack([X, rows_at_thresholds(document, generator)])
    rows = rows[np.isfinite(rows).all(axis=1) & (np.abs(rows) < 1e4).all(axis=1)]
    header_path = folder / f"{name}{number}.h"
    symbol = f"{name}{number}".lower()
    program.run("convert", path, "-o", header_path, "-q", "--name", symbol, what=f"zoo {name}")
    return headers.Header(symbol, "c", document, {}, header_path.read_text(), rows), answers(made, document, rows)


def compare(header, expected, folder):
    decided, found = header.answers(folder)
    _, bound = bounds.tolerance(header.document, header.rows)
    values = expected[1]
    bound = bound + 1e-12 * np.abs(values)
    place = bounds.wrong_output(values, bound, found)
    if place is not None:
        raise Failed(f"zoo {header.name}: output", f"row {header.rows[place[0]].tolist()}: {found[place]!r}, "
                     f"scikit-learn says {values[place]!r}, within {bound[place]:.3g}")
    place = bounds.wrong_decision(header.document, values, bound, decided, exact=False)
    if place is not None:
        raise Failed(f"zoo {header.name}: decision", f"row {header.rows[place[0]].tolist()}: {decided[place]}, "
                     f"scikit-learn says {expected[0][place]}, outputs {values[place[0]].tolist()}")
    wrong = (expected[0] != decided) & (truth.decisions(header.document, values) != expected[0])
    if np.any(wrong):
        raise Failed(f"zoo {header.name}: decision", "scikit-learn's predict is not what its outputs decide")


def main():
    estimators = dict(all_estimators())
    counts, failures, waiting = collections.Counter(), [], []
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for name in sorted({**emlc_export.SCALERS, **emlc_export.PREDICTORS}):
            for number in range(N_SETS):
                try:
                    waiting.append((name, *prepare(name, estimators[name], number, folder)))
                except (Failed, Refused, ValueError) as failure:
                    failures.append(f"{name} {number}: {failure}")
        for first in range(0, len(waiting), BATCH):
            batch = waiting[first:first + BATCH]
            failed = headers.run_each([header for _, header, _ in batch], "gcc", folder)
            failures += [f"{name}: {failure}" for name, failure in failed.items()]
            for name, header, expected in batch:
                try:
                    compare(header, expected, folder)
                    counts[name] += 1
                except Failed as failure:
                    failures.append(str(failure))
    print(f"scikit-learn {sklearn.__version__}: {sum(counts.values())} models of {len(counts)} estimators")
    for name, number in sorted(counts.items()):
        print(f"  {number:3}  {name}")
    for failure in failures:
        print(f"failed: {failure[:700]}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
