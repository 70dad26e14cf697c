"""What `emlc fit` reaches: the least flash of the trained models, for several split seeds.

Half of the test set is for the search, the figures are of the other half: at most one further error there, or 0.01 of
R2, than the unreduced model.
"""

import dataclasses
import json
import math
import os
import pathlib
import subprocess
import tempfile
import time


@dataclasses.dataclass(frozen=True)
class Case:
    model: str  # a folder with model.json, X_test.npy and y_test.npy
    reach: int  # bytes of flash on a Cortex-M0+
    aim: int
    max_loss: float = 0.0  # R2; 0: one row of the validation part


CASES = [
    Case("digits_rf10", 2100, 1800),
    Case("cancer_gbc", 1250, 1000),
    Case("cancer_rf_i16", 750, 600),
    Case("digits_xgb", 6000, 5000),
    Case("diabetes_rfr", 2500, 1800, 0.01),
    Case("big_rf", 150000, 60000),
    Case("digits_mlp", 3300, 2900),
]


def n_rows(path):
    """From the header of an NPY file."""
    header = path.read_bytes()[:256].decode("latin-1")
    return int(header.split("'shape': (")[1].split(",")[0])


def command_of(options, case, seed):
    folder = pathlib.Path(options.models) / case.model
    rows = n_rows(folder / "X_test.npy")
    one_row = math.ceil(1e6 / (rows // 2)) / 1e6  # a little more than one row, so that rounding does not refuse it
    return [str(options.emlc), "fit", str(folder / "model.json"), "--data", str(folder / "X_test.npy"), "--labels",
            str(folder / "y_test.npy"), "--max-loss", str(case.max_loss or one_row), "--split-seed", str(seed),
            "--target", "cortex-m0plus", "--json", *(["--seconds", str(options.seconds)] if options.seconds else [])]


def run_once(options, case, seed):
    """{flash, error rates, seconds} of one search."""
    begin = time.monotonic()
    with tempfile.TemporaryFile() as out:
        with subprocess.Popen(command_of(options, case, seed), stdout=out, stderr=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - begin
        out.seek(0)
        found = json.load(out)
    row = {"model": case.model, "seed": seed, "seconds": seconds, "cpu_seconds": usage.ru_utime + usage.ru_stime,
           "reach": case.reach, "aim": case.aim, "trials": found.get("trials"), "flash": None}
    if found.get("chosen") is None:
        return row
    point = found["points"][found["chosen"]]
    return row | {"flash": point["flash"], "loss": point["validation"]["loss"], "options": point["chosen"],
                  "command": point["command"]}


def verdict(row):
    if row["flash"] is None:
        return "nothing"
    return "aim" if row["flash"] <= row["aim"] else "yes" if row["flash"] <= row["reach"] else "no"


def table(rows):
    lines = [["model", "seed", "flash M0+", "loss", "reach", "aim", "reached", "trials", "CPU s", "options"]]
    for row in rows:
        flash = "-" if row["flash"] is None else f"{row['flash']:.0f}"
        loss = "-" if row["flash"] is None else f"{row['loss']:.4f}"
        lines.append([row["model"], str(row["seed"]), flash, loss, str(row["reach"]), str(row["aim"]), verdict(row),
                      str(row["trials"]), f"{row['cpu_seconds']:.1f}", row.get("options", "")])
    return lines


def run(options):
    """Rows of all cases that the words of the options name."""
    words = options.words[1:]
    chosen = [case for case in CASES if not words or any(word in case.model for word in words)]
    return [run_once(options, case, seed) for case in chosen for seed in options.seeds]
