"""MicroPython modules beyond what `emlc run` asks them: values that no table of numbers holds, in this interpreter, and
for networks and filters the integers that a module needs, where the options of the case have others."""

import array

import checks
import inputs
import numpy as np
import program
from program import Failed

INTEGERS = {"network": {"weights": ("int8",)}, "filter": {"arithmetic": ("q15", "q15-cmsis")}}
OTHERS = {"weights": ("features", "feature-scale", "tmdl-profile", "use-runtime"),
          "arithmetic": ("structure", "headroom")}  # what cannot stay beside them


def options_in_integers(case):
    """The options with integers that a module takes; None where it takes them as they are, or is of another kind."""
    for option, values in INTEGERS.get(case.family, {}).items():
        if case.options.get(option) in values:
            return None
        kept = {name: value for name, value in case.options.items() if name not in OTHERS[option]}
        return {**kept, option: values[case.number % len(values)]}
    return None


def compares_floats(case):
    """Trees whose answers are those of the document for every float."""
    return case.family == "trees" and checks.may_be_infinite(case) and case.keeps_data() and not case.is_approximate()


def rows_beyond_tables(case):
    """Infinite values, and those that are missing with their sign turned."""
    rows = case.device_rows
    return np.vstack([inputs.with_infinities(rows, case.generator()), -rows[np.isnan(rows).any(axis=1)]])


def answers(path, case, rows):
    """(decisions, outputs) of a module for rows of float32, as the functions of its interface give them."""
    module = {}
    exec(compile(path.read_text(), str(path), "exec"), module)
    of_outputs = next(module[name] for name in ("score", "predict_proba", "scores", "predict") if name in module)
    decided, outputs = [], []
    for row in rows:
        x = array.array("f", np.asarray(row, np.float32).tobytes())
        outputs.append(np.atleast_1d(of_outputs(x)))
        decided.append(np.atleast_1d(module["predict"](x))[:case.n_targets()])
    return np.array(decided, int).reshape(len(rows), case.n_targets()), np.array(outputs, float)


def check_beyond_tables(case):
    """The module that check_file has made of a case that compares floats, against the truth."""
    rows = rows_beyond_tables(case)
    try:
        found = answers(case.folder / "model.py", case, rows)
    except Exception as problem:  # whatever it is, the module is at fault
        raise Failed("py module: exception", repr(problem)) from problem
    checks.Reference(case, rows).compare("py module", *found)


def check_in_integers(case, options):
    """A network in int8, like its header; a filter in q15, bit for bit."""
    made = {"document": case.document, "options": options, "family": case.family, "case": case.number}
    other = checks.Case(made, case.folder / "integers")
    found = {"py": checks.check_file(other, "py")}  # which compares the bits of filters
    if case.is_filter:
        return
    x = checks.save(other.folder / "d.npy", other.device_rows)
    words = checks.options_for(other, "c")
    done = program.run("run", other.path, "--as-emitted", "--to", "c", "-i", x, *words, what="run c")
    found["c"] = program.answers(done.stdout, other.document, other.n_targets())
    checks.check_alike(other, found)
