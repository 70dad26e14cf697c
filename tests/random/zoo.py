#!/usr/bin/env python3
"""Every estimator that emlc_export takes, ten times with other parameters, and pipelines at random: the document says what
scikit-learn says, by an interpreter that knows the document alone, by `emlc run`, by a header in C or C++, and by a CSV and a
blob where they carry the model.

Rows are those of the training, fresh ones and rows at thresholds. EMLC in the environment is the program.
--sets N: parameter sets of each estimator; --pipelines N; --seed S of the pipelines, --first K of them; --only NAME

Pipeline 17 alone: --only pipeline --seed S --first 17 --pipelines 1"""

import argparse
import collections
import json
import os
import pathlib
import re
import sys
import tempfile
import warnings

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "formats" / "exporters"), str(ROOT / "tests" / "exporters")]

import bounds  # noqa: E402
import fresh  # noqa: E402
import headers  # noqa: E402
import inputs  # noqa: E402
import numpy as np  # noqa: E402
import pipelines  # noqa: E402
import program  # noqa: E402
import sklearn  # noqa: E402
import sklearn.experimental.enable_halving_search_cv  # noqa: E402, F401
import truth  # noqa: E402
import truth_steps  # noqa: E402
import zoo_subjects  # noqa: E402
from program import Failed, Refused  # noqa: E402
from sklearn.utils import all_estimators  # noqa: E402

import emlc_export  # noqa: E402

BATCH = 30
# What the exporter may refuse of what is made here: each with its reason.
REFUSALS = [re.compile(pattern) for pattern in (
    r"^the pipeline has no step that does anything$",
    r"^no column is left in front of the model$",
    r"^the scores of one class against the rest go from ",
    r"^test row \d+: predict\(\) of the \w+ says .*: probabilities that are the same number decide nothing",
    r"^the steps before the model make no number of ",
    r"holds combinations in combinations \d deep, a document takes 3: ",
    r"of which a fold has seen two of \d classes cannot be exported$",
    r"^column \d+ of the QuantileTransformer has .* in many rows",
    r"\d+ columns stand behind the step",
    r"^the estimator has \d+ outputs, a document has at most \d+$",
    r"has a prior of 0, whose logarithm is no number",
    r"^members or steps decide every row of X by their last digits",
)]


def described(estimator):
    return re.sub(r"\s+", " ", repr(estimator))[:300]


def exported(name, subject, path):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return json.loads(json.dumps(emlc_export.export(subject.made, subject.X, path, dtype="float32")))
    except ValueError as problem:
        if any(pattern.search(str(problem)) for pattern in REFUSALS):
            raise Refused(re.sub(r"-?\d+(\.\d+)?(e[+-]?\d+)?", "N", re.sub(r"'[^']*'|\[.*\]", "...", str(problem)))) from None
        raise Failed(f"zoo {name}: export", f"{problem}; of {described(subject.made)}") from None


def rows_of(subject, document):
    """Rows that the estimator takes; one at thresholds where trees alone decide."""
    rows = subject.rows
    model = truth.steps_of(document["model"])[-1]
    if model["kind"] == "tree_ensemble" and not any(step["kind"] in truth_steps.KINDS - {"scaler"}
                                                    for step in truth.steps_of(document["model"])):
        bare = {**document, "input": {"n_features": document["input"]["n_features"]}}
        rows = np.vstack([rows, inputs.rows_of(bare, "float32", subject.generator)])
        rows = rows[np.isfinite(rows).all(axis=1) & (np.abs(rows) < 1e4).all(axis=1)] if not np.isnan(subject.X).any() else rows
    return rows


def answers(subject, document, rows):
    """(rows, decisions, outputs) of scikit-learn, for the rows that it takes."""
    n_outputs, output = document["output"]["n_outputs"], document["output"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            rows = rows[fresh.is_sure(subject.made, rows)]
            outputs, labels = fresh.answers(subject.made, document, rows)
        except (IndexError, ValueError):  # categories that were not there, gaps where there were none
            rows = subject.X[fresh.is_sure(subject.made, subject.X)]
            if not len(rows):
                raise Refused("of no row it is sure what members or steps decide") from None
            outputs, labels = fresh.answers(subject.made, document, rows)
    outputs = np.asarray(outputs, float).reshape(len(rows), n_outputs)
    if labels is None:
        return rows, np.empty((len(rows), 0), int), outputs
    names = [target["class_names"] for target in output["targets"]]
    decided = [[of.index(label) for of, label in zip(names, row if isinstance(row, list) else [row])] for row in labels]
    return rows, np.array(decided), outputs


def same(where, document, found, expected, bound, decided, rows):
    """`found` are outputs within the bound, and `decided` what scikit-learn decides."""
    place = bounds.wrong_output(expected[1], bound, found)
    if place is not None:
        raise Failed(f"{where}: output", f"row {rows[place[0]].tolist()}: {found[place]!r}, scikit-learn says "
                     f"{expected[1][place]!r}, within {bound[place]:.3g}")
    wrong = np.flatnonzero((expected[0] != decided).any(axis=1))
    if len(wrong):
        raise Failed(f"{where}: decision", f"row {rows[wrong[0]].tolist()}: {decided[wrong[0]].tolist()}, scikit-learn says "
                     f"{expected[0][wrong[0]].tolist()}, outputs {expected[1][wrong[0]].tolist()}")


def check_document(name, document, path, rows, expected):
    """In double: by the words of the format, and by emlc. Fresh rows may be larger than those that the bound is of, a power
    of them by many orders."""
    vectors = document["test_vectors"]
    largest = max(1.0, np.abs(np.array(vectors["outputs"], float)).max())
    bound = 8 * vectors["atol"] * np.maximum(1.0, np.abs(expected[1]) / largest)
    bound += (8 * vectors["rtol"] + 1e-15) * np.abs(expected[1])
    found = truth.outputs(document, rows)
    same(f"zoo {name}: document", document, found, expected, bound, truth.decisions(document, found), rows)
    file = path.with_suffix(".npy")
    np.save(file, np.asarray(rows, "<f8"))
    done = program.run("run", path, "-i", file, what=f"zoo {name}: run")
    decided, found = program.answers(done.stdout, document, expected[0].shape[1])
    same(f"zoo {name}: run", document, found, expected, bound + 1e-12 * np.abs(expected[1]), decided, rows)


def prepare(name, subject, folder, symbol, language):
    """(Header, what scikit-learn says to its rows, the other outputs that carry the model)."""
    path = folder / f"{symbol}.json"
    document = exported(name, subject, path)
    rows, *expected = answers(subject, document, rows_of(subject, document))
    check_document(name, document, path, rows, expected)
    carried = [output for output in ("csv", "tmdl") if check_file(name, document, path, output, rows, expected)]
    header_path = folder / f"{symbol}.{headers.EXTENSIONS[language]}"
    program.run("convert", path, "-o", header_path, "-q", "--name", symbol, what=f"zoo {name}")
    return headers.Header(symbol, language, document, {}, header_path.read_text(), rows), expected, carried


def check_file(name, document, path, output, rows, expected):
    """Whether a loadable file carries the model; its answers are as near as those of a header."""
    file, what = path.with_suffix(f".{output}"), f"zoo {name}: {output}"
    done = program.run("convert", path, "-o", file, "-q", what=what, may_end_with=(0, 2))
    if done.returncode == 2:
        refusal = program.refusal(what, done.stderr)
        if isinstance(refusal, Failed):
            raise refusal
        return False
    done = program.run("run", file, "-i", path.with_suffix(".npy"), what=what)
    n_labels = done.stdout.split("\n", 1)[0].count(",") + 1 - document["output"]["n_outputs"]
    decided, found = program.answers(done.stdout, document, n_labels)
    compare(what, document, rows, expected, decided if n_labels else None, found)
    return True


def compare(where, document, rows, expected, decided, found):
    """Answers in float are within what float32 can do; decisions are those of scikit-learn, but where it is as near."""
    _, bound = bounds.tolerance(document, rows)
    values = expected[1]
    bound = bound + 1e-12 * np.abs(values)
    place = bounds.wrong_output(values, bound, found)
    if place is not None:
        raise Failed(f"{where}: output", f"row {rows[place[0]].tolist()}: {found[place]!r}, "
                     f"scikit-learn says {values[place]!r}, within {bound[place]:.3g}")
    if decided is None:
        return
    place = bounds.wrong_decision(document, values, bound, decided, exact=False)
    if place is not None:
        raise Failed(f"{where}: decision", f"row {rows[place[0]].tolist()}: {decided[place]}, "
                     f"scikit-learn says {expected[0][place]}, outputs {values[place[0]].tolist()}")


def subjects(options):
    """(what it is, symbol, function that gives a Subject)"""
    estimators = dict(all_estimators())
    for name in emlc_export.SUPPORTED:
        if name not in estimators and name != "Pipeline":
            continue  # of a later scikit-learn
        estimator = sklearn.pipeline.Pipeline if name == "Pipeline" else estimators[name]
        for number in range(options.sets):
            yield name, f"{name}{number}".lower(), (lambda n=name, e=estimator, i=number: zoo_subjects.subject(n, e, i))
    for number in range(options.first, options.first + options.pipelines):
        generator = np.random.default_rng([options.seed, number])
        pick = zoo_subjects.Pick("pipeline", sklearn.pipeline.Pipeline, generator)
        yield "pipeline", f"drawn{number}", (lambda p=pick: pipelines.pipeline(p))


def check_headers(batch, compiler, folder, counts, failures):
    failed = headers.run_each([header for _, header, _ in batch], compiler, folder)
    failures += [f"{name}: {failure}" for name, failure in failed.items()]
    for name, header, expected in batch:
        try:
            compare(f"zoo {header.name}", header.document, header.rows, expected, *header.answers(folder))
            counts[name] += 1
        except Failed as failure:
            failures.append(str(failure))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", type=int, default=10)
    parser.add_argument("--pipelines", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("EMLC_SEED", "1")))
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    counts, carried, refused = (collections.Counter() for _ in range(3))
    failures, waiting = [], {"gcc": [], "g++": []}
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for index, (name, symbol, make) in enumerate(subjects(options)):
            if options.only and not re.fullmatch(options.only, name):
                continue
            compiler, language = (("gcc", "c"), ("g++", "cpp"))[index % 2]
            try:
                header, expected, others = prepare(symbol, make(), folder, symbol, language)
                carried.update(others)
                waiting[compiler].append((name, header, expected))
            except Refused as refusal:
                refused[f"{name}: {refusal}"] += 1
            except Failed as failure:
                failures.append(str(failure))
        for compiler, made in waiting.items():
            for first in range(0, len(made), BATCH):
                check_headers(made[first:first + BATCH], compiler, folder, counts, failures)
    print(f"scikit-learn {sklearn.__version__}, seed {options.seed} of the pipelines: {sum(counts.values())} models of "
          f"{len(counts)} estimators, {carried['csv']} as CSV, {carried['tmdl']} as .tmdl; {sum(refused.values())} refused, "
          f"{len(failures)} different")
    for name, number in sorted(counts.items()):
        print(f"  {number:3}  {name}")
    for sentence, number in sorted(refused.items()):
        print(f"  refused {number}: {sentence}")
    for failure in failures:
        print(f"failed: {failure[:900]}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
