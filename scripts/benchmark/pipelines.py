#!/usr/bin/env python3
"""What six everyday pipelines of scikit-learn cost on microcontrollers: emlc's header, and plain C as somebody writes it by
hand (plain_c.py).

    EMLC=build/release/cli/emlc scripts/benchmark/pipelines.py [--markdown] [NAME...]

Trained on data sets that come with scikit-learn, from fixed seeds. Flash is what the model adds to a program, instructions
those of a call on test rows; agreement is with scikit-learn's predict. --markdown puts the table into
docs/benchmarks.md. Needs what scripts/bench needs, and scikit-learn."""

import argparse
import os
import pathlib
import sys
import tempfile
import warnings

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "formats" / "exporters")]

import numpy as np  # noqa: E402
from benchmark import data, measure, plain_c, report  # noqa: E402
from benchmark.subjects import Subject  # noqa: E402
from devices import machines  # noqa: E402
from emlc_export import export  # noqa: E402
from sklearn.calibration import CalibratedClassifierCV  # noqa: E402
from sklearn.compose import ColumnTransformer  # noqa: E402
from sklearn.datasets import load_breast_cancer, load_digits, load_wine  # noqa: E402
from sklearn.decomposition import PCA  # noqa: E402
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier, VotingClassifier  # noqa: E402
from sklearn.impute import SimpleImputer  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.naive_bayes import GaussianNB  # noqa: E402
from sklearn.neural_network import MLPClassifier  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import OneHotEncoder, StandardScaler  # noqa: E402

EMLC = os.environ.get("EMLC", ROOT / "build/release/cli/emlc")
TARGETS = ("m0", "m4f")
WAYS = {"emlc": (), "emlc, for speed": ("--optimize", "speed"), "plain C": None}  # options of convert
WINE, CANCER, DIGITS = load_wine(return_X_y=True), load_breast_cancer(return_X_y=True), load_digits(return_X_y=True)


def with_gaps(X):
    return np.where(np.random.default_rng(0).random(X.shape) < 0.1, np.nan, X)


def with_categories(X):
    """The first three columns as one of 4, 6 and 8 levels."""
    X = X.copy()
    for column, n in enumerate((4, 6, 8)):
        X[:, column] = np.digitize(X[:, column], np.quantile(X[:, column], np.arange(1, n) / n))
    return X


def forest(n, depth):
    return RandomForestClassifier(n, max_depth=depth, random_state=0)


# name: (estimator, (X, y), plain C)
PIPELINES = {
    "scaler, logistic regression": (make_pipeline(StandardScaler(), LogisticRegression()), WINE, plain_c.scaled_lines),
    "imputer, forest": (make_pipeline(SimpleImputer(strategy="median"), forest(10, 6)), (with_gaps(CANCER[0]), CANCER[1]),
                        plain_c.imputed_forest),
    "one-hot, gradient boosting": (make_pipeline(
        ColumnTransformer([("codes", OneHotEncoder(), [0, 1, 2])], remainder="passthrough"),
        GradientBoostingClassifier(n_estimators=30, random_state=0)), (with_categories(CANCER[0]), CANCER[1]),
        plain_c.encoded_stages),
    "PCA, network": (make_pipeline(PCA(16, random_state=0), MLPClassifier((24,), max_iter=300, random_state=0)), DIGITS,
                     plain_c.projected_network),
    "voting of three": (VotingClassifier([("line", make_pipeline(StandardScaler(), LogisticRegression())),
                                          ("forest", forest(10, 5)), ("bayes", GaussianNB())], voting="soft"), WINE,
                        plain_c.votes_of_three),
    "calibrated forest": (CalibratedClassifierCV(forest(10, 5), cv=3), CANCER, plain_c.calibrated_forests),
}


class Labels:
    """Rows, and what the estimator says to them."""

    def __init__(self, X, labels):
        self.rows, self.labels = X.tolist(), labels

    def compare(self, found):
        return {"agreement": sum(a == b for a, b in zip(found, self.labels)) / len(found)}


class Made:
    """What measure.measure() takes: a header in a folder, with rows to ask it about."""

    def __init__(self, name, folder, call, X, labels, prelude=""):
        self.subject = Subject(name, "pipelines", name, call=call, prelude=prelude)
        self.folder, self.feature, self.n_features = folder, "float", X.shape[1]
        (folder / "subject.h").write_text(measure.SUBJECT_H.format(
            prelude=prelude, call=call, feature="float", result="int32_t", n_features=self.n_features))
        self.rows, self.row_bytes = data.pack(X.tolist(), "float"), 4 * self.n_features
        self.reference = Labels(X, labels)


def trained(name):
    """(estimator, rows to ask about in float32, the places of their classes)."""
    estimator, (X, y), _ = PIPELINES[name]
    X = X.astype(np.float32).astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        estimator.fit(X[::2], y[::2])
        return estimator, X[1::2], np.searchsorted(estimator.classes_, estimator.predict(X[1::2]))


def emlc_header(estimator, X, folder, options):
    export(estimator, X, folder / "model.json", name="m", dtype="float32")
    machines.execute([EMLC, "convert", folder / "model.json", "-o", folder / "m.h", "--name", "m", "--quiet", *options])
    return "m_predict(features)"


def plain_header(name, estimator, folder):
    text = PIPELINES[name][2](estimator)
    (folder / "m.h").write_text("#include <math.h>\n#include <stdint.h>\n" + text)
    return "model(features)"


def measured(name, folder):
    """{(what, target): numbers}"""
    estimator, X, labels = trained(name)
    found = {}
    for what, options in WAYS.items():
        own = folder / what.replace(" ", "_").replace(",", "")
        own.mkdir()
        call = plain_header(name, estimator, own) if options is None else emlc_header(estimator, X, own, options)
        made = Made(name, own, call, X, labels)
        for target in TARGETS:
            found[what, target] = measure.measure(made, measure.TARGETS[target])
    return found


HEAD = ("pipeline", "", "flash M0+ -Os", "instructions M0+", "flash M4F -O2", "instructions M4F", "agreement")


def rows_of(name):
    """Rows of the table."""
    with tempfile.TemporaryDirectory() as folder:
        found = measured(name, pathlib.Path(folder))
    for what in WAYS:
        numbers = [found[what, target] for target in TARGETS]
        cells = [f"{of[key]:,.0f}".replace(",", " ") for of in numbers for key in ("flash", "count")]
        yield name, what, *cells, f"{100 * min(of['agreement'] for of in numbers):.2f} %"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    rows = [HEAD]
    for name in PIPELINES:
        if not options.names or any(word in name for word in options.names):
            rows += rows_of(name)
    print(report.markdown(rows), end="")
    if options.markdown:
        report.rewrite(ROOT / "docs" / "benchmarks.md", {"pipelines": rows})


if __name__ == "__main__":
    main()
