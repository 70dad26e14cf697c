"""Agreement with what libraries answer to files that they wrote themselves: here boosting libraries and graphs in ONNX,
networks in network_agreement.py.

A folder LIBRARY-VERSION/CASE has the files (model.json, model.ubj, model.txt, dump.json, model.cbm, model.onnx), inputs
X.npy, and about.json. Boosting libraries have their sums before the transform beside it (margin.npy or raw.npy) and what
their predict gives (pred.npy, label.npy), graphs in ONNX each output as ONNX Runtime computes it (out_NAME.npy). What has
to hold: sums of XGBoost bit for bit, of the other boosting libraries within 1e-12, their predictions within 1e-6; all
classes of ONNX, its numbers within 1e-5; and every output that emlc writes decides like the interpreter on rows that are
rounded to float32, with values within 1e-4 of the largest; headers of boosting libraries in doubles (--features double) on the rows as
they are, too.
"""

import concurrent.futures
import csv
import json
import pathlib
import subprocess
import tempfile

import numpy as np

SUMS = 1e-12  # relative, of libraries that compute in double
RUNTIME = 1e-5  # ONNX Runtime sums products in float32, in an order of its own
PREDICTIONS = 1e-6  # another exp and another order of float32 steps
ARTIFACTS = 1e-4
CLOSE = 1e-5  # of the largest sum, or of 1: some hundred roundings of float32
HEADERS = ("c", "cpp")
FILES = ("model.json", "model.ubj", "model.txt", "dump.json", "model.cbm", "model.onnx")


class Refused(Exception):
    """emlc said no, in one sentence."""


def table(emlc, *arguments):
    """The rows that `emlc run` writes: names and values, as texts."""
    command = [emlc, "run", *map(str, arguments), "--quiet"]
    finished = subprocess.run(command, capture_output=True, text=True)
    if finished.returncode == 2:
        raise Refused(finished.stderr.strip().splitlines()[-1])
    if finished.returncode != 0:
        raise AssertionError(f"exit code {finished.returncode}: {finished.stderr.strip()}")
    names, *rows = csv.reader(finished.stdout.splitlines())
    return names, rows


def numbers(emlc, *arguments):
    return np.array([[float(cell) for cell in row] for row in table(emlc, *arguments)[1]])


def labels(emlc, *arguments):
    """Labels as they are written; nothing for a model that decides nothing."""
    names, rows = table(emlc, *arguments)
    columns = [index for index, name in enumerate(names) if name.startswith("label")]
    return [[row[index] for index in columns] for row in rows] if columns else None


def supplement(case, path):
    """What a dump of XGBoost does not say, from the model that was saved with it."""
    if path.name != "dump.json" or not case.parent.name.startswith("xgboost"):
        return []
    learner = json.loads((case / "model.json").read_text())["learner"]
    classes = int(learner["learner_model_param"]["num_class"])
    name = learner["objective"]["name"] + (f":{classes}" if classes > 1 else "")
    return ["--objective", name, "--base-score", learner["learner_model_param"]["base_score"].strip("[]")]


def finite_rows(case):
    """Tables of numbers have no infinite ones, which half a unit below the lowest border is."""
    return ~np.isinf(np.load(case / "X.npy")).any(axis=1)


def expected_sums(case):
    name = next(name for name in ("margin.npy", "raw.npy") if (case / name).exists())
    sums = np.load(case / name).astype(np.float64)[finite_rows(case)]
    sums = sums.reshape(len(sums), -1)
    parameters = json.loads((case / "about.json").read_text())
    is_forest = parameters.get("params", {}).get("boosting") == "rf"
    return sums / parameters["rounds"] if is_forest else sums


def check_sums(case, found):
    expected = expected_sums(case)
    if found.shape != expected.shape:
        raise AssertionError(f"{found.shape} sums, expected {expected.shape}")
    if case.parent.name.startswith("xgboost"):
        wrong = int((found != expected).sum())
    else:
        wrong = int((np.abs(found - expected) > SUMS * np.abs(expected)).sum())
    if wrong:
        raise AssertionError(f"{wrong} of {found.size} sums differ, by {np.abs(found - expected).max()}")


def check_predictions(case, values, decided):
    expected = np.load(case / "pred.npy").astype(np.float64)[finite_rows(case)]
    expected = expected.reshape(len(expected), -1)
    if expected.shape[1] == 2 and values.shape[1] == 1:  # probabilities of both classes
        expected = expected[:, 1:]
    if values.shape == expected.shape:
        if not np.allclose(values, expected, rtol=PREDICTIONS, atol=PREDICTIONS):
            raise AssertionError(f"predictions differ by {np.abs(values - expected).max()}")
        classes = values.argmax(axis=1) if values.shape[1] > 1 else (values[:, 0] > 0.5)
    else:  # the library answers with the class
        classes = expected[:, 0]
    if decided is not None and [row[0] for row in decided] != [str(int(value)) for value in classes]:
        raise AssertionError("classes differ")
    if (case / "label.npy").exists():
        expected = np.load(case / "label.npy")[finite_rows(case)]
        if [row[0] for row in decided] != [str(int(value)) for value in expected]:
            raise AssertionError("labels of the scikit-learn interface differ")


def check_boosted(case, emlc, model, rows):
    check_sums(case, numbers(emlc, *model, "-i", rows, "--outputs", "raw"))
    check_predictions(case, numbers(emlc, *model, "-i", rows, "--outputs", "values"), labels(emlc, *model, "-i", rows))


def check_graph(case, emlc, model, rows):
    """Each output of a graph in ONNX: classes are integers or texts, all else are numbers."""
    values = numbers(emlc, *model, "-i", rows, "--outputs", "values")
    for path in sorted(case.glob("out_*.npy")):
        expected = np.load(path)[finite_rows(case)]
        expected = expected.reshape(len(expected), -1)
        if expected.dtype.kind in "iU":
            if labels(emlc, *model, "-i", rows) != [[str(cell)] for cell in expected[:, 0]]:
                raise AssertionError(f"{path.stem}: classes differ")
            continue
        if expected.shape[1] == 2 and values.shape[1] == 1:  # of both classes
            expected = expected[:, 1:]
        if values.shape != expected.shape:
            raise AssertionError(f"{path.stem}: {values.shape} values, expected {expected.shape}")
        if not np.allclose(values, expected, rtol=RUNTIME, atol=RUNTIME):
            raise AssertionError(f"{path.stem}: values differ by {np.abs(values - expected).max()}")


# What a library's own answers are held against; boosting libraries have sums.
CHECKS = {"xgboost": check_boosted, "lightgbm": check_boosted, "catboost": check_boosted, "onnx": check_graph}


def library_of(case):
    return case.parent.name.split("-")[0]


def is_close_call(sums):
    """Where float32 may decide otherwise: the sum of a single output is at its threshold, or two are the largest."""
    largest = np.sort(np.abs(sums), axis=1)[:, -1] + 1.0
    if sums.shape[1] == 1:
        return np.abs(sums[:, 0]) <= CLOSE * largest
    best = np.sort(sums, axis=1)
    return best[:, -1] - best[:, -2] <= CLOSE * largest


def check_artifact(emlc, model, inputs, output, *options):
    """Against the interpreter, which was compared with the library."""
    emitted = [*model, "-i", inputs, "--as-emitted", "--to", output, *options]
    expected, found = labels(emlc, *model, "-i", inputs), labels(emlc, *emitted)
    close = is_close_call(numbers(emlc, *model, "-i", inputs, "--outputs", "raw"))
    if expected is not None and any(a != b and not near for a, b, near in zip(expected, found, close)):
        raise AssertionError(f"{output}: classes differ")
    expected = numbers(emlc, *model, "-i", inputs, "--outputs", "values")
    found = numbers(emlc, *emitted, "--outputs", "values")
    is_near = np.isclose(found, expected, rtol=ARTIFACTS, atol=ARTIFACTS * np.abs(expected).max())
    if not np.all(is_near | close[:, None]):
        raise AssertionError(f"{output}: values differ by {np.abs(found - expected).max()}")


def compare(emlc, case, path, outputs):
    """`equal`, `refused` or `different`, and a sentence. An output may say no, too."""
    model = [path, *supplement(case, path)]
    notes = []
    with tempfile.TemporaryDirectory() as folder:
        rows, inputs = pathlib.Path(folder) / "X.npy", pathlib.Path(folder) / "X32.npy"
        X = np.load(case / "X.npy")[finite_rows(case)]
        with np.errstate(over="ignore"):
            X32 = X.astype(np.float32)
        np.save(rows, X)
        np.save(inputs, X32[~np.isinf(X32).any(axis=1)])
        try:
            CHECKS[library_of(case)](case, emlc, model, rows)
        except Refused as sentence:
            return "refused", str(sentence)
        except AssertionError as problem:
            return "different", str(problem)
        for output in outputs:
            try:
                check_artifact(emlc, model, inputs, output)
                if output in HEADERS and library_of(case) != "onnx":
                    check_artifact(emlc, model, rows, output, "--features", "double")
            except Refused as sentence:
                notes.append(f"{output} refused: {sentence}")
            except AssertionError as problem:
                return "different", str(problem)
    return "equal", "; ".join(notes)


def ways():
    """Library: the files that it writes, and what compares them."""
    import network_agreement as networks

    layers = (networks.FILES, networks.compare)
    return {library: (FILES, compare) for library in CHECKS} | {"keras": layers, "tfjs": layers}


def agreement(emlc, folder, outputs, jobs):
    """Prints a line per file and the counts; true when none is different."""
    compared_by = ways()
    pairs = [
        (about.parent, about.parent / name)
        for about in sorted(folder.glob("*/*/about.json"))
        for name in compared_by.get(library_of(about.parent), ((), None))[0]
        if (about.parent / name).exists()
    ]

    def verdict_of(pair):
        case, path = pair
        return compared_by[library_of(case)][1](emlc, case, path, outputs)

    counts = {"equal": 0, "refused": 0, "different": 0}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for (case, path), (verdict, text) in zip(pairs, pool.map(verdict_of, pairs)):
            counts[verdict] += 1
            print(f"{case.parent.name}/{case.name}/{path.name:12} {verdict:9} {text}".rstrip(), flush=True)
    print(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
    return bool(pairs) and counts["different"] == 0
