#!/usr/bin/env python3
"""What a combination of models costs beside its members: the flash of its header, and that of a program that asks the
same members, each with a header of its own, and does nothing with what they say.

    EMLC=build/release/cli/emlc scripts/benchmark/members.py [--markdown] [--optimize WAY] [NAME...]

Of scikit-learn's wrappers around models of data sets that come with it, from fixed seeds. Members are asked for what
the combination takes of them: their class where they vote, else their outputs, calibrated where they are. --markdown puts the table into
docs/benchmarks.md. Needs what scripts/bench needs, and scikit-learn."""

import argparse
import json
import pathlib
import sys
import tempfile
import warnings

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "formats" / "exporters")]

import numpy as np  # noqa: E402
from benchmark import measure, pipelines, report  # noqa: E402
from devices import machines  # noqa: E402
from emlc_export import export  # noqa: E402
from sklearn.calibration import CalibratedClassifierCV  # noqa: E402
from sklearn.datasets import load_diabetes, load_iris  # noqa: E402
from sklearn.ensemble import VotingClassifier  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier  # noqa: E402
from sklearn.multioutput import MultiOutputRegressor  # noqa: E402
from sklearn.neural_network import MLPClassifier, MLPRegressor  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402
from sklearn.tree import DecisionTreeClassifier  # noqa: E402

TARGETS = ("m0", "m4s", "avr")
IRIS, DIABETES = load_iris(return_X_y=True), load_diabetes(return_X_y=True)
WINE, DIGITS = pipelines.WINE, pipelines.DIGITS
TWO_ANSWERS = DIABETES[0], np.column_stack([DIABETES[1], np.sqrt(DIABETES[1])])


def line():
    return make_pipeline(StandardScaler(), LogisticRegression())


def tree(depth):
    return DecisionTreeClassifier(max_depth=depth, random_state=0)


def three(voting):
    return VotingClassifier([("line", line()), ("forest", pipelines.forest(10, 5)), ("tree", tree(4))], voting=voting)


CASES = {
    "voting of three": pipelines.PIPELINES["voting of three"][:2],
    "calibrated forest": pipelines.PIPELINES["calibrated forest"][:2],
    "votes of three": (three("hard"), WINE),
    "one-vs-one, trees of iris": (OneVsOneClassifier(tree(3)), IRIS),
    "one-vs-one, trees of digits": (OneVsOneClassifier(tree(5)), DIGITS),
    "one-vs-one, forests": (OneVsOneClassifier(pipelines.forest(5, 4)), WINE),
    "one-vs-one, lines": (OneVsOneClassifier(LogisticRegression(max_iter=5000)), WINE),
    "one-vs-rest, networks": (OneVsRestClassifier(MLPClassifier((8,), max_iter=500, random_state=0)), IRIS),
    "several answers, networks": (MultiOutputRegressor(make_pipeline(
        StandardScaler(), MLPRegressor((8,), max_iter=500, random_state=0))), TWO_ANSWERS),
    "calibrated trees, isotonic": (CalibratedClassifierCV(tree(5), method="isotonic", cv=3), WINE),
}


def document_of(name, folder):
    """Exports the trained estimator, and gives what is in the file."""
    estimator, (X, y) = CASES[name]
    X = X.astype(np.float32).astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        estimator.fit(X[::2], y[::2])
        export(estimator, X[1::2], folder / "model.json", name="m", dtype="float32")
    return json.loads((folder / "model.json").read_text())


def member_document(document, member):
    """The member as a model alone, without test vectors; with its calibration, where it has one."""
    output, model = dict(member["output"]), member["model"]
    decision = output.get("decision", {"rule": "none"})
    if "calibration" in member:
        model = {"kind": "combine", "rule": "mean", "members": [{**member, "weight": 1}]}
        output, decision = {"n_outputs": len(member["calibration"])}, {"rule": "none"}
    n_outputs = output["n_outputs"]
    task = "regression" if decision["rule"] == "none" else "classification"
    targets = {} if task == "regression" else {"targets": [{"size": n_outputs}]}
    whole = {key: document[key] for key in ("format", "version", "input")}
    return {**whole, "output": {"task": task, "n_outputs": n_outputs, "decision": decision, **targets}, "model": model}


def write_members(document, folder, options):
    """The headers of all members, and m.h which asks them."""
    model, questions, includes = document["model"], [], []
    while model["kind"] == "pipeline":
        model = model["steps"][-1]
    for index, member in enumerate(model["members"]):
        name = f"p{index}"
        (folder / f"{name}.json").write_text(json.dumps(member_document(document, member)))
        machines.execute([pipelines.EMLC, "convert", folder / f"{name}.json", "-o", folder / f"{name}.h",
                          "--name", name, "--quiet", *options])
        questions.append(f"out[0] = (float){name}_classify_(x); KEEP(out);" if model["rule"] == "votes" else
                         f"{name}_outputs_(x, out); KEEP(out);")
        includes.append(f'#include "{name}.h"')
    width = max(member["output"]["n_outputs"] for member in model["members"])
    (folder / "m.h").write_text("\n".join([
        *includes, "#define KEEP(p) __asm__ volatile(\"\" ::\"r\"(p) : \"memory\")",
        f"static int ask(const float *x) {{ float out[{width}]; {' '.join(questions)} return 0; }}", ""]))
    return "ask(features)", len(questions)


class Sized:
    """What measure.flash_and_ram() takes."""

    def __init__(self, folder, call, n_features):
        self.folder = folder
        (folder / "subject.h").write_text(measure.SUBJECT_H.format(
            prelude="", call=call, feature="float", result="int32_t", n_features=n_features))

    def flash(self, target):
        (self.folder / target).mkdir()
        return measure.flash_and_ram(self, measure.TARGETS[target], self.folder / target)[0][0]


def write_whole(document, folder, options):
    """The header of the combination, and what asks it."""
    machines.execute([pipelines.EMLC, "convert", folder / "model.json", "-o", folder / "m.h", "--name", "m", "--quiet",
                      *options])
    if document["output"]["task"] == "classification":
        return "m_predict(features)"
    with (folder / "m.h").open("a") as header:
        header.write(f"static int ask(const float *x) {{ float out[{document['output']['n_outputs']}]; "
                     "m_predict(x, out); return (int)out[0]; }\n")
    return "ask(features)"


def row_of(name, options):
    """Members, and of each target the flash of both programs."""
    with tempfile.TemporaryDirectory() as folder:
        whole, members = pathlib.Path(folder) / "whole", pathlib.Path(folder) / "members"
        whole.mkdir()
        members.mkdir()
        document = document_of(name, whole)
        n_features = document["input"]["n_features"]
        together = Sized(whole, write_whole(document, whole, options), n_features)
        call, n_members = write_members(document, members, options)
        apart = Sized(members, call, n_features)
        sizes = [(apart.flash(target), together.flash(target)) for target in TARGETS]
    cells = [text for alone, joined in sizes
             for text in (number(alone), f"{number(joined)} ({100 * (joined / alone - 1):+.1f} %)")]
    return name, str(n_members), *cells


def number(bytes_of_flash):
    return f"{bytes_of_flash:,}".replace(",", " ")


HEAD = ("combination", "members", "M0+ members", "combined", "M4F members", "combined", "ATmega328P members", "combined")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--optimize", default="balanced")
    options = parser.parse_args()
    rows = [HEAD]
    for name in CASES:
        if not options.names or any(word in name for word in options.names):
            rows.append(row_of(name, ("--optimize", options.optimize)))
    print(report.markdown(rows), end="")
    if options.markdown:
        report.rewrite(ROOT / "docs" / "benchmarks.md", {"members": rows})


if __name__ == "__main__":
    main()
