#!/usr/bin/env python3
"""Trains iris_steps with scikit-learn and writes its files here: a logistic regression behind an imputer, a power, bins
as one-hot columns and a norm, which a device computes. Some values are missing. Its answers are scikit-learn's."""

import pathlib
import sys

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import KBinsDiscretizer, Normalizer, PowerTransformer

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[3] / "formats" / "exporters"))
from emlc_export import export  # noqa: E402

N_VECTORS = 40


def main():
    iris = load_iris()
    X = iris.data.astype(np.float32)
    X[np.random.default_rng(0).random(X.shape) < 0.05] = np.nan
    X_train, X_test, y_train, y_test = train_test_split(X, iris.target, test_size=0.4, random_state=0)
    columns = ColumnTransformer([("power", PowerTransformer(standardize=False), [0, 1]),
                                 ("bins", KBinsDiscretizer(4, encode="onehot-dense"), [2])], remainder="passthrough")
    pipeline = make_pipeline(SimpleImputer(), columns, Normalizer(), LogisticRegression(C=100.0, max_iter=1000))
    pipeline.fit(X_train, y_train)
    export(pipeline, X_test[:N_VECTORS], HERE / "model.json", dtype="float32")
    np.savetxt(HERE / "X_test.csv", X_test.astype(float), fmt="%.17g", delimiter=",")
    np.savetxt(HERE / "y_test.csv", y_test, fmt="%d")
    np.savetxt(HERE / "y_pred.csv", pipeline.predict(X_test), fmt="%d")


if __name__ == "__main__":
    main()
