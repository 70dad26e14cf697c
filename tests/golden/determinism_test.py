#!/usr/bin/env python3
"""The same bytes from the same model and options, whatever is around: N runs of every golden case and output.

    determinism_test.py N [OTHER...]   EMLC names the program; each OTHER, of another compiler or without optimisation, has
                                       to write the same

Runs differ in locale, time zone, directory, memory that is not zero, home and the number of processors.
"""

import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
EMLC = os.path.abspath(os.environ["EMLC"])
LOCALES = ["de_DE", "tr_TR", "fr_FR", "hi_IN", "ja_JP"]
OUTPUTS = ["h", "hpp", "csv", "tmdl", "c", "py", "json", "md", "html"]
OPTIONS = {"optimize": "--optimize", "layout": "--layout", "arithmetic": "--arithmetic", "weights": "--weights",
           "features": "--features", "feature-scale": "--feature-scale"}


def made_locales(folder):
    """Locales with decimal commas, other digits and other capitals, made here where the system has their sources."""
    made = []
    for name in LOCALES:
        command = ["localedef", "-i", name, "-f", "UTF-8", "--no-archive", f"{folder}/{name}.UTF-8"]
        try:
            subprocess.run(command, capture_output=True, check=False)
        except FileNotFoundError:
            break
        if os.path.isdir(f"{folder}/{name}.UTF-8"):
            made.append(f"{name}.UTF-8")
    return made


def environments(n_runs, locales, locale_folder):
    for number in range(n_runs):
        locale = locales[number % len(locales)] if locales else "C.UTF-8"
        yield {"PATH": os.environ["PATH"], "LOCPATH": locale_folder, "LC_ALL": locale, "LANGUAGE": locale[:2],
               "TZ": ["UTC", "Asia/Tokyo", "America/Caracas"][number % 3], "HOME": f"/no/{number}", "COLUMNS": str(number),
               "MALLOC_PERTURB_": str(1 + 12 * number)}


def options_of(case):
    words = (case / "options").read_text().split()
    pairs = dict(zip(words[::2], words[1::2]))
    options = [word for key, value in pairs.items() if key in OPTIONS for word in (OPTIONS[key], value)]
    return options + (["--use-runtime"] if pairs.get("runtime") == "yes" else [])


def sums(program, case, folder, environment):
    """The hash of each output, or the sentence where an output cannot hold the model."""
    found = {}
    for output in OUTPUTS:
        path = pathlib.Path(folder) / f"out.{output}"
        is_report = output in ("json", "md", "html")
        target = ["-o", "of_report.h", "--report", path.name] if is_report else ["-o", path.name]
        process = subprocess.run([program, "convert", "model.json", *target, "-q", *options_of(case)], cwd=folder,
                                 env=environment, capture_output=True, check=False)
        if process.returncode not in (0, 2):
            raise SystemExit(f"{case.name}.{output}: exit code {process.returncode}: {process.stderr.decode()}")
        content = path.read_bytes() if process.returncode == 0 else process.stderr
        found[output] = hashlib.sha256(content).hexdigest()
    facts = subprocess.run([program, "inspect", "model.json", "--json"], cwd=folder, env=environment, capture_output=True,
                           check=True)
    found["facts"] = hashlib.sha256(facts.stdout).hexdigest()
    return found


def main():
    cases = sorted(path.parent for path in HERE.glob("*/options"))
    n_runs, others, problems, n_compared = int(sys.argv[1]), sys.argv[2:], [], 0
    with tempfile.TemporaryDirectory() as locale_folder:
        locales = made_locales(locale_folder)
        for case in cases:
            expected = None
            programs = [(EMLC, environment) for environment in environments(n_runs, locales, locale_folder)]
            programs += [(os.path.abspath(other), programs[0][1]) for other in others]
            for program, environment in programs:
                with tempfile.TemporaryDirectory() as folder:
                    (pathlib.Path(folder) / "model.json").write_bytes((case / "model.json").read_bytes())
                    found = sums(program, case, folder, environment)
                expected = expected or found
                n_compared += len(found)
                problems += [f"{case.name}: {output} differs: {program} in {environment['LC_ALL']}, {environment['TZ']}"
                             for output in found if found[output] != expected[output]]
    print(f"{len(cases)} cases, {n_compared} outputs, locales: {' '.join(locales) or 'none could be made'}")
    print("\n".join(problems[:20]))
    return 1 if problems or len(cases) < 10 else 0


if __name__ == "__main__":
    sys.exit(main())
