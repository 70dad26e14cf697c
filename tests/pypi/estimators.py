"""Estimators of XGBoost, LightGBM and CatBoost, and their boosters, given to the module emlc as they are: it decides as
they do, from the trained model and as a header.

    estimators.py    with the program EMLC
"""

import pathlib
import sys
import tempfile

import catboost
import lightgbm
import numpy as np
import xgboost
from sklearn.datasets import load_digits

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "cli/python"), str(ROOT / "formats/exporters")]

import emlc  # noqa: E402


def estimators(X, y):
    """(model, estimator that it belongs to)"""
    boosted = xgboost.XGBClassifier(n_estimators=5, max_depth=4).fit(X, y)
    yield boosted, boosted
    yield boosted.get_booster(), boosted
    grown = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1).fit(X, y)
    yield grown, grown
    yield grown.booster_, grown
    oblivious = catboost.CatBoostClassifier(iterations=5, depth=4, verbose=False, allow_writing_files=False).fit(X, y)
    yield oblivious, oblivious


def main():
    X, y = load_digits(return_X_y=True)
    X, n_wrong, n_models = X.astype("float32"), 0, 0
    for model, estimator in estimators(X[:1200], y[:1200]):
        name, expected = f"{type(model).__module__}.{type(model).__name__}", np.ravel(estimator.predict(X[1200:]))
        with tempfile.TemporaryDirectory() as folder:
            made = emlc.convert(model, pathlib.Path(folder) / "m.h", X=X[1200:], labels=y[1200:])
        for how, found in (("trained", emlc.run(model, X[1200:])), ("header", emlc.run(model, X[1200:], as_emitted=True, to="c"))):
            wrong = int((np.array(found.labels) != expected).sum())
            if wrong:
                print(f"{name}, {how}: {wrong} of {len(expected)} rows decided otherwise")
            n_wrong += wrong
        if abs(made.accuracy - (expected == y[1200:]).mean()) > 1e-9:
            sys.exit(f"{name}: accuracy {made.accuracy}, expected {(expected == y[1200:]).mean()}")
        n_models += 1
    print(f"{n_models} models of XGBoost, LightGBM and CatBoost as they are: {n_wrong} rows decided otherwise")
    return 1 if n_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
