"""docs/faq.md: what it says that emlc says, emlc says. Numbers may be others.

    faq_test.py EMLC

Messages are those of the commands below, of the bad files of tests/hostile, and of what faq_devices.py compiles and
runs; a row of the page that none of them says fails.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import faq_devices

ROOT = pathlib.Path(__file__).resolve().parents[2]
EMLC = sys.argv[1]
MODELS = ROOT / "tests/data/models"
COMMANDS = [
    "model.json -o a.h",
    f"{MODELS}/digits_rf10/model.json -o a.h --vooting hard",
    f"{MODELS}/wine_hgb/model.json -o a.h --data {MODELS}/wine_hgb/X_test.csv",
    f"{MODELS}/digits_rf10/model.json -o a.h --max-flash 100 -q",
    f"{MODELS}/digits_rf10/model.json -o a.h --report a.txt",
    f"{ROOT}/examples/gesture/gesture.json -o a.h --target cortex-m0plus",
    "no_vectors.json -o a.h --weights int8",
    "changed.json -o a.h",
    "narrow.csv -o a.h --arithmetic q15",
]
FILTER = "1,-2,1,1,-1.9999,0.99990001\n"


def documents(folder):
    network = json.loads((MODELS / "digits_mlp/model.json").read_text())
    del network["test_vectors"]
    (folder / "no_vectors.json").write_text(json.dumps(network))
    forest = json.loads((MODELS / "digits_rf10/model.json").read_text())
    forest["test_vectors"]["outputs"][0][0] += 0.5
    (folder / "changed.json").write_text(json.dumps(forest))
    (folder / "narrow.csv").write_text(FILTER)


def told(folder):
    for command in COMMANDS:
        yield subprocess.run([EMLC, "convert", *command.split()], cwd=folder, capture_output=True, text=True).stderr
    yield (ROOT / "tests/hostile/sentences.txt").read_text()
    yield (ROOT / "formats/library.cpp").read_text()  # what only a build without libraries says


def is_said(message, texts):
    pattern = re.sub(r"[0-9]+(\\?\.[0-9]+)?", "[0-9.]+", re.escape(message))
    return any(re.search(pattern, text) for text in texts)


def messages():
    """What stands in the first column of the two tables as code: those of emlc, those of others."""
    page = (ROOT / "docs/faq.md").read_text()
    tables = page.split("## What emlc says")[1].split("## What compilers and devices say")
    cells = [re.findall(r"^\| ([^|]*`[^|]*) \|", table, re.M) for table in tables]
    return [[message for cell in of_table for message in re.findall(r"`([^`]+)`", cell)] for of_table in cells]


def untried(message):
    """Of a tool that is not installed."""
    return any(word in message for tool, word in faq_devices.NEEDED.items() if not shutil.which(tool))


def main():
    by_emlc, by_others = messages()
    with tempfile.TemporaryDirectory() as work:
        documents(pathlib.Path(work))
        emlc_says, others_say = list(told(pathlib.Path(work))), list(faq_devices.said(EMLC, pathlib.Path(work)))
    missing = [message for message in by_emlc if not is_said(message, emlc_says)]
    missing += [message for message in by_others if not untried(message) and not is_said(message, others_say)]
    for message in missing:
        print(f"docs/faq.md: nothing says '{message}'", file=sys.stderr)
    print(f"{len(by_emlc)} messages of emlc and {len(by_others)} of others in docs/faq.md, {len(missing)} that nothing says")
    return 1 if missing or len(by_emlc) < 12 or len(by_others) < 12 else 0


if __name__ == "__main__":
    sys.exit(main())
