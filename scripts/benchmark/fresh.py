#!/usr/bin/env python3
"""What `emlc fit` finds for models that nobody tuned it for: trained here, on data sets that come with scikit-learn, with
the library's defaults where these are small enough; an XGBoost file and a filter beside them.

    EMLC=build/release/cli/emlc scripts/benchmark/fresh.py [WORD...]

A model is trained on every other row of its data set, the rest is --data. Printed are the flash on a Cortex-M0+ of the
default header and of the chosen point, its loss on the validation part, and processor seconds. The command of each chosen
point is run, and has to make the bytes that `fit` promised: exit code 1 where it does not, or where nothing was found.
"""

import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time

import numpy as np
import scipy.signal
from sklearn import datasets, ensemble, neural_network, pipeline, preprocessing

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EMLC = os.environ.get("EMLC", ROOT / "build/release/cli/emlc")
sys.path.insert(0, str(ROOT / "formats/exporters"))

import emlc_export  # noqa: E402


def trained(estimator, loaded, folder, **names):
    """The estimator fitted to half of the rows; the other half is for the search. Returns the options of `fit`."""
    X, y = loaded(return_X_y=True)
    estimator.fit(X[::2], y[::2])
    emlc_export.export(estimator, X[1::2][:40], str(folder / "model.json"), **names)
    np.save(folder / "X.npy", X[1::2])
    np.save(folder / "y.npy", y[1::2])
    return ["model.json", "--data", "X.npy", "--labels", "y.npy"]


def forest(folder):
    return trained(ensemble.RandomForestClassifier(60, random_state=5), datasets.load_wine, folder, name="wine")


def extra_trees(folder):
    return trained(ensemble.ExtraTreesClassifier(20, max_depth=9, random_state=5), datasets.load_digits, folder,
                   name="digits", dtype="uint8")


def boosting(folder):
    return trained(ensemble.GradientBoostingRegressor(random_state=5), datasets.load_diabetes, folder, name="diabetes")


def network(folder):
    layers = neural_network.MLPClassifier((24,), max_iter=400, random_state=5)
    return trained(pipeline.make_pipeline(preprocessing.StandardScaler(), layers), datasets.load_breast_cancer, folder,
                   name="cancer")


def xgboost(folder):
    """As XGBoost wrote it; without labels its own decisions are what counts."""
    case = ROOT / "tests/data/boosted/xgboost-2.1.4/reglogistic"
    model = next(path for path in sorted(case.glob("model.*")))
    return [str(model), "--data", str(case / "X.npy"), "--name", "reglogistic"]


def band_pass(folder):
    sections = scipy.signal.butter(3, (300, 3000), "bandpass", fs=16000, output="sos")
    emlc_export.export_sos(sections, 16000, file=str(folder / "model.json"), name="band")
    noise = np.random.default_rng(5).uniform(-1, 1, 16384)
    np.savetxt(folder / "noise.csv", noise, header="x", comments="")
    return ["model.json", "--data", "noise.csv", "--max-loss", "0.0001"]


MODELS = {"random forest": forest, "extra trees": extra_trees, "gradient boosting": boosting, "network": network,
          "XGBoost": xgboost, "band-pass": band_pass}


def run(words, folder):
    done = subprocess.run([str(EMLC), *words], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.strip())
    return done


def default_flash(model, folder, names):
    run(["convert", model, "-o", "default.h", "-q", "--target", "cortex-m0plus", "--size-report", "size.json", *names],
        folder)
    target = json.loads((folder / "size.json").read_text())["targets"]["cortex-m0plus"]
    return target["flash"]


def found_for(name, folder):
    """A row of the table; None as its flash where nothing was found or the command makes other bytes."""
    options = MODELS[name](folder)
    names = options[options.index("--name"):][:2] if "--name" in options else []
    begin = time.process_time(), os.times()
    found = json.loads(run(["fit", *options, "--target", "cortex-m0plus", "--json", "-q"], folder).stdout)
    ended = os.times()
    seconds = ended.children_user + ended.children_system - begin[1].children_user - begin[1].children_system
    row = {"model": name, "default": default_flash(options[0], folder, names), "flash": None, "seconds": seconds}
    if found.get("chosen") is None:
        return row
    point = found["points"][found["chosen"]]
    words = shlex.split(point["command"])[1:]
    run(words, folder)
    made = (folder / words[words.index("-o") + 1]).read_bytes()
    if hashlib.sha256(made).hexdigest() != point["sha256"]:
        return row
    return row | {"flash": point["flash"], "loss": point["validation"]["loss"], "trials": found["trials"],
                  "measure": found["goal"]["measure"], "options": point["chosen"]}


def main():
    words = sys.argv[1:]
    is_whole = True
    print("model | default | fit | loss | trials | CPU s | options")
    for name in MODELS:
        if words and not any(word in name for word in words):
            continue
        with tempfile.TemporaryDirectory() as folder:
            row = found_for(name, pathlib.Path(folder))
        is_whole = is_whole and row["flash"] is not None
        if row["flash"] is None:
            print(f"{name} | {row['default']} | nothing, or other bytes than promised")
            continue
        print(f"{name} | {row['default']} | {row['flash']:.0f} | {row['loss']:.4g} of {row['measure']} | {row['trials']} | "
              f"{row['seconds']:.0f} | {row['options']}", flush=True)
    return 0 if is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
