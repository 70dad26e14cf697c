#!/usr/bin/env python3
"""What other pages show of docs/benchmarks.md, which `scripts/bench` measured: tables of docs/headers.md, numbers in
sentences.

    scripts/benchmark/shown.py [--update]    exit code 1 where a page has another number; needs no build

A cell names a subject (subjects.py) and a target. After `scripts/bench --markdown` this is next. --update writes the
tables; sentences are for people to change.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "scripts"))

from benchmark import report  # noqa: E402

PAGE, MEASURED = ROOT / "docs/headers.md", ROOT / "docs/benchmarks.md"
M0, M4F, AVR = "Cortex-M0+ -Os", "Cortex-M4F -O2", "ATmega328P -Os"
BOTH, COUNT = "{flash} B, {count}", "{count}"


def by_target(form, *rows):
    """Rows (name, subject or subjects): what each takes on the three targets, where it was measured."""
    return [["", M0, M4F, AVR]] + [
        [name, *((form, subjects if isinstance(subjects, tuple) else (subjects,), target) for target in (M0, M4F, AVR))]
        for name, subjects in rows]


def by_subject(target, heads, *rows):
    """Rows (name, subject...): one for each column, all on one target."""
    return [["", *heads]] + [[name, *((BOTH, (subject,), target) for subject in subjects)] for name, *subjects in rows]


# Rows of cells: a text, or (form, subjects of which the first that was measured on the target counts, target).
TABLES = {
    "integer networks": by_target(
        BOTH,
        ("float, `--optimize speed`", "mlp float speed"),
        ("int8, `predict_q`", "mlp int8 q speed"),
        ("int8, `predict`", "mlp int8 speed"),
        ("int8, `--optimize size`, `predict`", "mlp int8 size"),
        ("int16, `predict`", "mlp int16")),
    "integer filters": by_target(
        BOTH,
        ("float, `--optimize speed`", "sos float speed"),
        ("q15, `--optimize size`", ("sos q15 size", "sos q15 avr")),
        ("q15, `--optimize speed`", "sos q15 speed"),
        ("mixed, `--optimize size`", ("sos mixed size", "sos mixed avr")),
        ("mixed, `--optimize speed`", "sos mixed speed"),
        ("q31, `--optimize size`", ("sos q31 size", "sos q31 avr")),
        ("q31, `--optimize speed`", "sos q31 speed")),
    "size or speed": by_subject(
        M4F, ["size", "balanced", "speed"],
        ("network: flash, instructions for one input", "mlp float size", "mlp float balanced", "mlp float speed"),
        ("filter: flash, instructions for a sample and section", "sos float size", "sos float balanced",
         "sos float speed")),
    "tables of trees": by_subject(
        M0, ["size", "balanced"],
        ("digits_rf10, `--voting hard`, 987 splits", "digits hard size", "digits hard"),
        ("digits_rf10, `--leaf-clusters 16 --leaf-bits 8`", "digits clusters", "digits clusters balanced"),
        ("digits_rf10", "digits soft size", "digits soft"),
        ("cancer_rf, 334 splits on floats", "cancer size", "cancer"),
        ("cancer_rf_i16, the same on int16", "cancer i16 size", "cancer i16"),
        ("cancer_gbc, 276 splits on floats, 3 levels", "cancer gbc size", "cancer gbc"),
        ("diabetes_rfr, 609 splits, a number", "diabetes size", "diabetes"),
        ("diabetes_rfr, `--leaf-clusters 64`", "diabetes clusters", "diabetes clusters balanced")),
    "trees as code": by_target(
        COUNT,
        ("digits_rf10, hard voting", "digits hard speed"),
        ("cancer_rf, floats", "cancer speed"),
        ("cancer_rf_i16", "cancer i16 speed"),
        ("cancer_gbc, floats", "cancer gbc speed"),
        ("diabetes_rfr, floats", "diabetes speed")),
}

NUMBER = r"([\d ]*\d)"
# (page, sentence around the number, subject, target): instructions, rounded as the sentence has them.
SENTENCES = [
    ("docs/runtime.md", f"`emlc_decide_u8` takes {NUMBER} instructions", "blob digits hard packed", M0),
    ("docs/runtime.md", f"and the layer for speed {NUMBER}", "blob digits hard", M0),
]
# (page, sentence around the number, what the table of goals says that it is of)
GOALS = [
    ("docs/runtime.md", f"decide on bytes take {NUMBER} bytes", "digits_rf10", "flash of the runtime alone, Cortex-M0+ -Os"),
    ("docs/runtime.md", f"open and run take {NUMBER} bytes", "digits_mlp", "flash of the runtime alone, Cortex-M0+ -Os"),
    ("docs/runtime.md", f"with steps and all filters but signals, {NUMBER} ", "digits_mlp", "flash of all of the runtime, Cortex-M0+ -Os"),
    ("docs/runtime.md", f"bytes less of the {NUMBER} on", "digits_mlp", "flash of the runtime alone, Cortex-M0+ -Os"),
]


def goals():
    """{(model, what was measured): number}, as the page has them; of several rows the first."""
    table = MEASURED.read_text().split("<!-- bench goals -->\n")[1].split("<!-- end of bench goals -->")[0]
    rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in table.splitlines()[2:]]
    return {(row[0], row[2]): row[4] for row in reversed(rows)}


def said(page, around):
    """The number in a sentence that is there once; lines may end in it."""
    found = re.findall(around.replace(NUMBER, "#").replace(" ", r"\s+").replace("#", NUMBER), (ROOT / page).read_text())
    if len(found) != 1:
        sys.exit(f"{page}: the sentence '{around}' is there {len(found)} times, expected once")
    return " ".join(found[0].split())


def rounded_like(shown, exact):
    """Whether a number is the exact one, as far as its last digit that is not 0 tells."""
    digits = shown.replace(" ", "")
    unit = 10 ** (len(digits) - len(digits.rstrip("0")))
    return abs(int(digits) - float(exact.replace(" ", ""))) <= unit / 2


def wrong_sentences(numbers):
    facts = [(page, around, numbers[subject, target][1]) for page, around, subject, target in SENTENCES]
    facts += [(page, around, goals()[model, what]) for page, around, model, what in GOALS]
    for page, around, exact in facts:
        shown = said(page, around)
        if not rounded_like(shown, exact):
            yield f"{page}: says {shown} in '{around}', docs/benchmarks.md has {exact}"


def measured():
    """{(subject, target): (flash, count)}, as the page has them."""
    table = MEASURED.read_text().split("<!-- bench measured -->\n")[1].split("<!-- end of bench measured -->")[0]
    rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in table.splitlines()[2:]]
    return {(row[0], row[3]): (row[4], row[7]) for row in rows}


def shortened(count):
    """Whole above 100, one digit below."""
    value = float(count.replace(" ", ""))
    return report.number(round(value)) if value >= 100 else f"{value:.1f}"


def cell(what, numbers):
    if isinstance(what, str):
        return what
    form, subjects, target = what
    for subject in subjects:
        if (subject, target) in numbers:
            flash, count = numbers[subject, target]
            return form.format(flash=flash, count=shortened(count))
    return ""


def main():
    numbers, before = measured(), PAGE.read_text()
    tables = {name: [[cell(what, numbers) for what in row] for row in rows] for name, rows in TABLES.items()}
    empty = [row[0] for rows in tables.values() for row in rows[1:] if not any(row[1:])]
    if empty:
        sys.exit(f"docs/benchmarks.md has nothing measured for {empty}")
    for problem in wrong_sentences(numbers):
        sys.exit(problem)
    report.rewrite(PAGE, tables)
    after = PAGE.read_text()
    if sys.argv[1:] != ["--update"] and after != before:
        PAGE.write_text(before)
        sys.exit("docs/headers.md shows other numbers than docs/benchmarks.md: scripts/benchmark/shown.py --update")


if __name__ == "__main__":
    main()
