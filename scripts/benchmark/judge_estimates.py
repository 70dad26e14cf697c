#!/usr/bin/env python3
"""What emlc estimates of models beside what it measures: a table by kind of model and target.

usage: judge_estimates.py --emlc PROGRAM --models PROGRAM --work FOLDER [--seed N] [--count N] [--jobs N] [--markdown]

Takes models of the random generator, and ensembles like trained ones, of a seed that no constant was fitted to
(fit_estimates.py has another one). --work keeps what was measured. --markdown puts the table into docs/benchmarks.md.
"""

import argparse
import concurrent.futures
import pathlib
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "scripts"))
from benchmark import measured_cases, report  # noqa: E402

GOOD, GOOD_BYTES = 0.10, 32
MEASURES = ("flash", "ram")
SEED = 5


def errors_of(setup, row):
    """(kind, target, measure, error, sentence) of each number: 1 is the largest error that is good, None no estimate."""
    if not row["targets"]:
        return []
    now = measured_cases.asked(measured_cases.check_command(setup, row["file"], row["options"]))
    found = []
    for target, linked in row["targets"].items():
        estimated = (now or {}).get("targets", {}).get(target, {})
        for measure in MEASURES:
            if linked.get(measure) is None:
                continue
            said, truth = estimated.get(measure), linked[measure]
            if said is None:
                found.append((row["kind"], target, measure, None, ""))
                continue
            sentence = (f"{pathlib.Path(row['file']).stem} {' '.join(row['options'])}: {measure} on {target} is estimated "
                        f"as {said}, measured {truth} ({said - truth:+})")
            found.append((row["kind"], target, measure, abs(said - truth) / max(GOOD_BYTES, GOOD * truth), sentence))
    return found


def all_errors(setup, rows):
    with concurrent.futures.ThreadPoolExecutor(setup.jobs) as pool:
        return [error for found in pool.map(lambda row: errors_of(setup, row), rows) for error in found]


def cell(errors):
    """`96 %, 1.4; 3 -`: share of the numbers that are good, the largest error, how many there are none of."""
    known = [error for error in errors if error is not None]
    if not known:
        return "-"
    withheld = f"; {len(errors) - len(known)} -" if len(known) < len(errors) else ""
    return f"{sum(error <= 1 for error in known) / len(known):.0%}, {max(known):.1f}{withheld}".replace("%", " %")


def table(errors, targets):
    rows = [["models", "", *targets]]
    for kind in measured_cases.KINDS:
        for measure in MEASURES:
            rows.append([kind if measure == "flash" else "", measure,
                         *(cell([error for of, on, what, error, _ in errors if (of, on, what) == (kind, target, measure)])
                           for target in targets)])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    measured_cases.add_arguments(parser, SEED, 50)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--list", action="store_true", help="what is further off")
    options = parser.parse_args()
    setup = measured_cases.Setup(options.emlc, options.models, options.work, jobs=options.jobs)
    rows = measured_cases.measure_all(setup, options.seed, dict.fromkeys(measured_cases.KINDS, options.count))
    errors = all_errors(setup, rows)
    rows = table(errors, measured_cases.TARGETS)
    print(report.markdown(rows), end="")
    if options.list:
        print("\n".join(f"{error:6.1f} {text}" for *_, error, text in errors if error is not None and error > 1))
    if options.markdown:
        report.rewrite(SOURCE / "docs/benchmarks.md", {"estimates": rows})


if __name__ == "__main__":
    main()
