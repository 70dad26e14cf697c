"""What has to hold for one case: a document, options of convert, and the truth about the document."""

import copy
import functools
import json

import bounds
import headers
import inputs
import integers
import numpy as np
import program
import truth
import vectors
from program import Failed, Refused

REDUCTIONS = ("keep-trees", "prune", "keep-splits", "threshold-clusters")
APPROXIMATE = ("leaf-bits", "leaf-clusters", "share-thresholds", "weights", "arithmetic", *REDUCTIONS)  # and hard voting
ONLY_HEADERS = ("layout", "optimize", "fpu", "use-runtime")  # options that change no number
READ_BACK = ("csv", "tmdl")  # what emlc reads as a model
SOFTMAX_OFF = {"tmdl": 1.001e-6}  # as TinyMaix has it (docs/formats.md), in float32


class Case:
    def __init__(self, made, folder):
        self.document, self.options, self.family = made["document"], made["options"], made["family"]
        self.number, self.folder = made["case"], folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.is_filter = self.family == "filter"
        if self.number % 3 == 1 and "test_vectors" not in self.document:
            self.document = vectors.with_vectors(self)
        self.path = folder / "model.json"
        self.path.write_text(json.dumps(self.document))

    def generator(self):
        return np.random.default_rng(self.number)

    @functools.cached_property
    def rows(self):
        """For the model as trained: in its own type."""
        if self.is_filter:
            return inputs.signals(self.generator())
        return inputs.rows_of(self.document, self.document["input"].get("dtype", "float32"), self.generator())

    @functools.cached_property
    def device_rows(self):
        """For what convert writes: values that both types hold."""
        if self.is_filter:
            return self.rows
        if self.on_grid():
            rows = inputs.rows_of(self.document, "float32", self.generator())
            return np.where(np.isnan(rows), 0.0, rows)
        declared = self.document["input"].get("dtype", "float32")
        kind = inputs.device_type(self.document, self.options)
        if kind not in inputs.INTEGERS:
            kind = declared if declared in inputs.INTEGERS else kind
        rows = inputs.rows_of(self.document, kind, self.generator())
        for name in (declared, inputs.device_type(self.document, self.options)):
            if name in inputs.INTEGERS:
                low, high = inputs.INTEGERS[name]
                rows = rows[((rows >= low) & (rows <= high) & (rows == np.round(rows))).all(axis=1)]
        return rows

    def on_grid(self):
        return not self.is_filter and inputs.on_grid(self.document, self.options)

    def compared(self, rows):
        """The rows as the model sees them: what their codes stand for, where the device takes codes."""
        if not self.on_grid():
            return rows
        return inputs.values_of_codes(self.options, inputs.codes_of(self.document, self.options, rows))

    @functools.cached_property
    def file_rows(self):
        """The device's rows as a CSV or a blob takes them."""
        return inputs.codes_of(self.document, self.options, self.device_rows) if self.on_grid() else self.device_rows

    def n_targets(self):
        return 0 if truth.rule_of(self.document)["rule"] == "none" else len(truth.targets_of(self.document))

    def approximations(self):
        """The options that change answers."""
        asked = [name for name in APPROXIMATE if self.options.get(name, "auto") not in ("float", "auto")]
        return asked + ["voting"] * (self.options.get("voting") == "hard" and self.voted() is None)

    def is_approximate(self):
        return bool(self.approximations())

    def keeps_data(self):
        """Whether the rows of the data, all of them device_rows, are answered as by the document."""
        return self.approximations() in ([], ["share-thresholds"])

    def voted(self):
        """The document with one vote per tree, where that is one sentence; else None."""
        model = self.document["model"]
        simple = (model["kind"] == "tree_ensemble" and model["leaf"] == "vector" and self.n_targets() == 1
                  and truth.rule_of(self.document)["rule"] == "argmax"
                  and not {"base_score", "output_scale", "post_transform"} & set(model)
                  and not any("weight" in tree for tree in model["trees"]))
        if not simple:
            return None
        document = copy.deepcopy(self.document)
        document["model"]["leaf"] = "class_index"
        for tree in document["model"]["trees"]:
            tree["value"] = [None if value is None else int(np.argmax(value)) for value in tree["value"]]
        return document

    def device_document(self):
        return self.voted() if self.options.get("voting") == "hard" and self.voted() else self.document


def save(path, rows):
    np.save(path, np.asarray(rows, "<f8"))
    return path


def check_trained(case):
    """`emlc run` gives the truth: bit for bit for trees before a transform, else but for the last digits."""
    rows = case.rows
    done = program.run("run", case.path, "-i", save(case.folder / "x.npy", rows), what="run")
    decided, found = program.answers(done.stdout, case.document, case.n_targets())
    expected = truth.outputs(case.document, rows)
    bound = bounds.of_run(case.document, rows, expected)
    place = bounds.wrong_output(expected, bound, found)
    if place is not None:
        raise Failed("run: output", f"row {rows[place[0]].tolist()[:20]} column {place[1]}: "
                     f"{found[place]!r}, the document says {expected[place]!r}")
    place = bounds.wrong_decision(case.document, expected, bound, decided, exact=False)
    if place is not None:
        raise Failed("run: decision", f"row {rows[place[0]].tolist()[:20]} target {place[1]}: {decided[place]}")


class Reference:
    """The truth about the device's rows, with the bounds of a device."""

    def __init__(self, case, rows, softmax_off=0.0):
        self.document, self.rows = case.device_document(), rows
        seen = case.compared(rows)
        self.outputs = truth.outputs(self.document, seen)
        _, self.bound = bounds.tolerance(self.document, seen, softmax_off)
        self.exact = bounds.decides_exactly(self.document)
        # A network is not asked about what is no number: docs promise nothing.
        self.asked = np.isfinite(self.outputs).all(axis=1) if case.family in ("trees",) else (
            np.isfinite(rows).all(axis=1) & np.isfinite(self.outputs).all(axis=1))

    def compare(self, what, decided, found):
        rows = np.flatnonzero(self.asked)
        expected, bound = self.outputs[rows], self.bound[rows]
        place = bounds.wrong_output(expected, bound, found[rows])
        if place is not None:
            raise Failed(f"{what}: output", f"row {self.rows[rows[place[0]]].tolist()[:20]} column {place[1]}: "
                         f"{found[rows][place]!r}, the document says {expected[place]!r}, within {bound[place]:.3g}")
        place = bounds.wrong_decision(self.document, expected, bound, decided[rows], self.exact)
        if place is not None:
            raise Failed(f"{what}: decision", f"row {self.rows[rows[place[0]]].tolist()[:20]} target {place[1]}: "
                         f"{decided[rows][place]}, outputs {expected[place[0]].tolist()[:20]}, "
                         f"within {bound[place[0]].max():.3g}{', exactly' if self.exact else ''}")


def options_for(case, output):
    """The options that this output takes."""
    options = dict(case.options)
    if output in ("csv", "tmdl", "py"):
        for name in ONLY_HEADERS:
            options.pop(name, None)
    if output != "tmdl":
        options.pop("tmdl-profile", None)
    words = program.options_text(options)
    if case.is_approximate() and not case.is_filter:
        words += ["--data", save(case.folder / "data.npy", case.device_rows)]
    return words


def check_in_c(case, blob, words):
    """The same blob as a constant: the numbers of the array are the bytes of the file."""
    path = case.folder / "blob.c"
    program.run("convert", case.path, "-o", path, "-q", *words, what="convert tmdl-c")
    array = path.read_text().split("] = {")[1].split("}")[0]
    if bytes(int(word, 16) for word in array.replace(",", " ").split()) != blob.read_bytes():
        raise Failed("convert tmdl-c: bytes", "the array is not the .tmdl")


def check_file(case, output):
    """A CSV or a blob in the device runtime, a module in CPython; read back as a model, and in the eyes of verify.
    Returns the answers."""
    path = case.folder / f"model.{output}"
    if not len(case.device_rows):
        raise Refused("(no input fits both types)")
    words = options_for(case, output)
    program.run("convert", case.path, "-o", path, "-q", *words, what=f"convert {output}")
    if output == "tmdl":
        check_in_c(case, path, words)
    x = save(case.folder / "d.npy", case.device_rows)
    done = program.run("run", case.path, "--as-emitted", "--to", output, "-i", x, *words, what=f"run {output}")
    found = program.answers(done.stdout, case.document, case.n_targets())
    exact_options = not case.is_approximate()
    if case.keeps_data():
        Reference(case, case.device_rows, SOFTMAX_OFF.get(output, 0.0)).compare(output, *found)
    elif case.is_filter:
        integers.check(case, output, found[1])
        if output == "tmdl":
            done = program.run("run", path, "-i", x, what="read tmdl")
            integers.check(case, "read tmdl", program.answers(done.stdout, case.document, 0)[1])
    if not case.is_filter and exact_options and not case.options.get("tmdl-profile") and output in READ_BACK:
        check_read_back(case, output, path)
    done = program.run("verify", case.path, path, *words, may_end_with=(0, 1), what=f"verify {output}")
    if done.returncode == 1:
        raise Failed(f"verify {output}: false alarm", done.stderr.strip())
    return found


def check_read_back(case, output, path):
    rows = case.file_rows
    if path.read_bytes().startswith(b"f,"):  # what emlearn-micropython loads takes int16, larger integers saturate
        rows = np.clip(rows, *inputs.INTEGERS["int16"])
    x = save(case.folder / "c.npy", rows)
    done = program.run("run", path, "-i", x, what=f"read {output}")
    found = program.answers(done.stdout, case.document, case.n_targets())
    Reference(case, case.device_rows).compare(f"read {output}", *found)


def make_header(case, language, name):
    """The header of the case, and the rows that it is asked about."""
    if not len(case.device_rows):
        raise Refused("(no input fits both types)")
    path = case.folder / f"{name}.{headers.EXTENSIONS[language]}"
    program.run("convert", case.path, "-o", path, "-q", "--name", name, "--summary", summary_path(case, language),
                *options_for(case, language), what=f"convert {language}")
    rows = case.device_rows
    if may_be_infinite(case):
        rows = np.vstack([rows, inputs.with_infinities(rows, case.generator()), -rows[np.isnan(rows).any(axis=1)]])
    return headers.Header(name, language, case.document, case.options, path.read_text(), rows)


def summary_path(case, language):
    return case.folder / f"summary_{language}.json"


def check_told(case, language, decided, outputs):
    """What convert says that approximate passes changed is what the answers differ from the truth by, on the same rows: all
    of them as --data, or the test vectors, which come first."""
    told = json.loads(summary_path(case, language).read_text())["error"]
    rows, decided, outputs = (array[:told["inputs"]] for array in (case.device_rows, decided, outputs))
    expected = truth.outputs(case.document, rows)
    _, bound = bounds.tolerance(case.document, rows)
    asked = np.isfinite(expected).all(axis=1) & np.isfinite(outputs).all(axis=1) & np.isfinite(bound).all(axis=1)
    if not asked.all():
        return
    off = bound.max() + 1e-5 * np.abs(expected).max() + 1e-5 * np.abs(outputs).max()
    largest = np.abs(outputs - expected).max()
    if abs(told["largest"] - largest) > off:
        raise Failed(f"{language}: error told", f"{told['largest']!r} at most, the truth says {largest!r}")
    mean = np.abs(outputs - expected).mean()
    if abs(told["mean"] - mean) > off:
        raise Failed(f"{language}: error told", f"{told['mean']!r} on average, the truth says {mean!r}")
    if not case.n_targets():
        return
    changed = (truth.decisions(case.document, expected) != decided).any(axis=1)
    either = np.zeros(len(changed), bool)  # a tie on one side, which rounding may decide otherwise
    for values in (expected, outputs):
        for first, size in truth.targets_of(case.document):
            best = np.sort(values[:, first:first + size], axis=1)
            either |= (best[:, -1] - best[:, -2] <= 2 * off) if size > 1 else True
    share = told["changed_decisions"] * len(changed)
    if not changed[~either].sum() - 1e-6 <= share <= (changed | either).sum() + 1e-6:
        raise Failed(f"{language}: changes told", f"{share!r} rows, the truth says {changed.sum()}")


def may_be_infinite(case):
    """Whether the features are floats, for the model and on the device, and of any size."""
    types = (case.document["input"].get("dtype", "float32"), inputs.device_type(case.document, case.options))
    is_free = not case.is_filter and "feature_min" not in case.document["input"]
    return is_free and not set(types) & set(inputs.INTEGERS)


def check_header(case, header, folder):
    """Returns the answers."""
    header.check_names(folder)
    found = header.answers(folder)
    if case.keeps_data():
        n = len(header.rows) if not case.is_approximate() else len(case.device_rows)
        Reference(case, header.rows[:n]).compare(header.language, *(answers[:n] for answers in found))
    elif case.is_filter:
        integers.check(case, header.language, found[1])
    if set(case.options) & set(REDUCTIONS) and not case.on_grid():
        n = len(case.device_rows)
        check_told(case, header.language, *(answers[:n] for answers in found))
    return found


def of_small_totals(document, outputs):
    """What shares of the total of approximate sums may be off by: that total may be near 0 where the document's is not.
    Shares that are large have a total that is as much smaller than its terms, and rounding counts that much more, twice."""
    if truth.steps_of(document["model"])[-1].get("post_transform", {}).get("name") != "normalize":
        return 0.0
    return 2.0**-18 * np.square(1.0 + np.nanmax(np.abs(outputs), axis=1, keepdims=True, initial=0.0))


def has_hinge_of_shares(document):
    """A share of a softmax may be 0 or the least number above it: on either side of a hinge."""
    last = truth.steps_of(document["model"])[-1]
    softmax = last["kind"] == "mlp" and last["layers"][-1]["activation"] == "softmax"
    return softmax and truth.last_transform(last)["name"] == "hinge"


def check_alike(case, all_found):
    """Approximate options: every output has the same approximation, but for int8 networks: a blob has TinyMaix's own."""
    if case.options.get("weights") == "int8":
        all_found = {name: answers for name, answers in all_found.items() if name != "tmdl"}
    if not case.is_approximate() or len(all_found) < 2 or has_hinge_of_shares(case.document):
        return
    n = len(case.device_rows)
    (first, (decided, outputs)), *others = all_found.items()
    _, bound = bounds.tolerance(case.document, case.device_rows, max(SOFTMAX_OFF.values()))
    asked = np.isfinite(bound).all(axis=1) & np.isfinite(case.device_rows).all(axis=1)
    bound = 4 * bound + 1e-5 * np.abs(outputs[:n]) + 1e-6 * np.nanmax(np.abs(outputs[:n]), initial=0.0)
    bound = np.maximum(bound, of_small_totals(case.document, outputs[:n]))
    for name, (other_decided, other_outputs) in others:
        place = bounds.wrong_output(outputs[:n][asked], bound[asked], other_outputs[:n][asked])
        if place is not None:
            raise Failed(f"{first} and {name}: output", f"row {case.device_rows[asked][place[0]].tolist()[:20]}: "
                         f"{outputs[:n][asked][place]!r} and {other_outputs[:n][asked][place]!r}")
        place = bounds.wrong_decision(case.document, outputs[:n][asked], bound[asked], other_decided[:n][asked], False)
        if place is not None:
            raise Failed(f"{first} and {name}: decision", f"row {case.device_rows[asked][place[0]].tolist()[:20]}: "
                         f"{decided[:n][asked][place]} and {other_decided[:n][asked][place]}")
