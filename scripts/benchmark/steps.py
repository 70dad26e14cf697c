#!/usr/bin/env python3
"""What a monotone step in front of trees costs on a device: nothing.

    EMLC=build/release/cli/emlc scripts/benchmark/steps.py [MODEL.json]

The trees of a document are put behind each step, their thresholds through it, so that both models decide alike. Features
are declared as 0 or more: below that logarithms and roots are missing values, which a tree sends elsewhere. Printed are the bytes of code and tables of both headers and their instructions, for a Cortex-M0+ at -Os.
"""

import json
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EMLC = os.environ.get("EMLC", ROOT / "build/release/cli/emlc")
GCC = ["arm-none-eabi-gcc", "-mcpu=cortex-m0plus", "-mthumb", "-Os", "-std=c99", "-ffunction-sections"]


def each(n, **step):
    """A step of n columns that are all the same."""
    return {key: [value] * n if key in ("offset", "scale", "lambdas", "quantiles") else value for key, value in step.items()}


def quantile(x):
    knots = QUANTILES
    index = min(max(sum(knot <= x for knot in knots) - 1, 0), len(knots) - 2)
    share = (x - knots[index]) / (knots[index + 1] - knots[index])
    return (index + min(max(share, 0.0), 1.0)) / (len(knots) - 1)


QUANTILES = [0.0, 0.01, 0.1, 0.5, 1.0, 10.0, 100.0, 1000.0, 10000.0]
STEPS = {
    "StandardScaler": (lambda n: each(n, kind="scaler", op="subtract_divide", offset=3.25, scale=7.5), lambda t: (t - 3.25) / 7.5),
    "PowerTransformer": (lambda n: each(n, kind="power", method="yeo_johnson", lambdas=-0.4),
                         lambda t: ((t + 1.0) ** -0.4 - 1.0) / -0.4),
    "QuantileTransformer": (lambda n: each(n, kind="quantile", quantiles=QUANTILES, output="uniform",
                                           references=[i / (len(QUANTILES) - 1) for i in range(len(QUANTILES))]), quantile),
    "log1p": (lambda n: {"kind": "function", "name": "log1p", "n_columns": n}, math.log1p),
    "sqrt": (lambda n: {"kind": "function", "name": "sqrt", "n_columns": n}, math.sqrt),
}


def behind(document, step, through):
    """The document with its trees behind the step."""
    document = json.loads(json.dumps(document))
    document.pop("test_vectors", None)
    for tree in document["model"]["trees"]:
        tree["threshold"] = [through(t) if left != -1 else 0.0 for t, left in zip(tree["threshold"], tree["left"])]
    document["model"]["feature_dtype"] = "float64"  # a threshold in float32 is that of another model
    document["model"] = {"kind": "pipeline", "steps": [step(document["input"]["n_features"]), document["model"]]}
    return document


def measured(document, folder):
    """(bytes of code and tables, instructions) of the header's predict."""
    (folder / "m.json").write_text(json.dumps(document))
    subprocess.run([EMLC, "convert", folder / "m.json", "-o", folder / "m.h", "-q", "--name", "m"], check=True)
    (folder / "m.c").write_text('#include "m.h"\nint f(const m_feature *x) { return m_predict(x); }\n')
    subprocess.run([*GCC, "-c", folder / "m.c", "-o", folder / "m.o"], check=True)
    sizes = subprocess.run(["arm-none-eabi-size", folder / "m.o"], check=True, capture_output=True, text=True).stdout
    code = subprocess.run(["arm-none-eabi-objdump", "-d", folder / "m.o"], check=True, capture_output=True, text=True).stdout
    return int(sizes.splitlines()[1].split()[0]), len(re.findall(r"^\s+[0-9a-f]+:\t", code, re.M))


def main(path):
    document = json.loads(pathlib.Path(path).read_text())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        plain = {**document, "model": {**document["model"], "feature_dtype": "float64"}}
        plain.pop("test_vectors", None)
        n = document["input"]["n_features"]
        document["input"] |= {"feature_min": [0.0] * n, "feature_max": [1e6] * n}
        print("step, bytes, instructions")
        print("none", *measured(plain, folder), sep=", ")
        for step, (make, through) in STEPS.items():
            print(step, *measured(behind(document, make, through), folder), sep=", ")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else ROOT / "tests/data/models/cancer_rf/model.json")
