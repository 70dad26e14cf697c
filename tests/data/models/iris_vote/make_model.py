#!/usr/bin/env python3
"""Trains iris_vote with scikit-learn and writes its files here: a soft vote of a logistic regression behind a scaler,
a small forest and a small network. Its answers are scikit-learn's."""

import json
import pathlib
import sys

import numpy as np
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[3] / "formats" / "exporters"))
from emlc_export import export  # noqa: E402

N_VECTORS = 40


def member(estimator, weight):
    document = export(estimator)
    output = {key: document["output"][key] for key in ("n_outputs", "decision") if key in document["output"]}
    return {"model": document["model"], "output": output, "weight": weight}


def document_of(vote, names, rows):
    """@param rows  of float32, for test vectors"""
    members = [member(estimator, weight) for estimator, weight in zip(vote.estimators_, vote.weights)]
    return {"format": "emlc-model", "version": 1,
            "producer": {"tool": "make_model.py", "library": "scikit-learn", "estimator": "VotingClassifier"},
            "input": {"n_features": rows.shape[1], "dtype": "float32", "feature_names": names},
            "output": {"task": "classification", "n_outputs": 3,
                       "targets": [{"size": 3, "class_names": [0, 1, 2]}],
                       "decision": {"rule": "argmax"}},
            "model": {"kind": "combine", "rule": "mean", "members": members},
            "test_vectors": {"inputs": rows.astype(float).tolist(), "outputs": vote.predict_proba(rows).tolist(),
                             "labels": vote.predict(rows).tolist(),
                             "atol": 1e-6, "rtol": 1e-6}}


def main():
    iris = load_iris()
    X = iris.data.astype(np.float32)
    X_train, X_test, y_train, y_test = train_test_split(X, iris.target, test_size=0.4, random_state=0)
    vote = VotingClassifier(
        [("lr", make_pipeline(StandardScaler(), LogisticRegression())),
         ("rf", RandomForestClassifier(n_estimators=5, max_depth=4, random_state=0)),
         ("mlp", MLPClassifier(hidden_layer_sizes=(8,), max_iter=2000, random_state=1))],
        voting="soft", weights=[2, 1, 1]).fit(X_train, y_train)
    names = [name.replace(" (cm)", "").replace(" ", "_") for name in iris.feature_names]
    (HERE / "model.json").write_text(json.dumps(document_of(vote, names, X_test[:N_VECTORS])) + "\n")
    np.savetxt(HERE / "X_test.csv", X_test.astype(float), fmt="%.17g", delimiter=",")
    np.savetxt(HERE / "y_test.csv", y_test, fmt="%d")
    np.savetxt(HERE / "y_pred.csv", vote.predict(X_test), fmt="%d")


if __name__ == "__main__":
    main()
