"""Models with what emlc estimates of them and what `emlc check --measure` finds, kept in a folder from run to run."""

import concurrent.futures
import dataclasses
import hashlib
import json
import pathlib
import random
import subprocess

from benchmark import ensembles, random_cases

TARGETS = ("cortex-m0plus", "cortex-m4f", "atmega328p", "rv32imc")  # an M33 and an M7 have the sizes of an M4
KINDS = ("scaler", "filter", "network", "codes", "table", "inline", "combination")
SECONDS = 90  # a compiler that takes longer for a model is not waited for
ENSEMBLES = {"table", "inline"}  # kinds that are also made of trees like those of trainers
N_CASES = 20  # of the generator, for each model that is wanted of a kind


def ensemble(folder, seed, kind):
    """(file, options) of trees as somebody may have trained them."""
    generator = random.Random(seed)
    form = generator.choice(["forest", "forest", "boosted_classes", "boosted_number"])
    depth = generator.randint(2, 7 if form == "forest" else 5)
    n_splits = 2 ** generator.uniform(4, 9.5)
    outputs = {"forest": [2, 3, 5, 10], "boosted_classes": [1, 1, 3], "boosted_number": [1]}[form]
    file = folder / f"ensemble_{kind}_{seed}.json"
    ensembles.write(file, kind=form, dtype=generator.choice(["float32", "uint8", "int16", "int32"]), depth=depth,
                    trees=max(1, min(60, round(n_splits / 2 ** depth / 0.7))), outputs=generator.choice(outputs),
                    features=generator.randint(3, 70), seed=seed)
    optimize = generator.choice(random_cases.OPTIMIZE)
    voting = "hard" if form == "forest" and generator.random() < 0.5 else "soft"
    return file, [f"--layout={kind}", f"--optimize={optimize}", f"--voting={voting}"]


def add_arguments(parser, seed, count):
    """What a script over measured cases is asked with: the program, the generator, a folder that keeps what was measured."""
    parser.add_argument("--emlc", required=True)
    parser.add_argument("--models", required=True)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--count", type=int, default=count)
    parser.add_argument("--jobs", type=int, default=2)


def made_up(program, seed, counts, folder):
    """(kind, file, options) of as many models of each kind as `counts` says, in turn; emlc refuses some."""
    left = dict(counts)
    lists = {kind: [] for kind in left}
    for kind, file, options in random_cases.make_up(program, seed, N_CASES * max(left.values()), folder,
                                                     ("table", "inline")):
        if left.get(kind, 0) > 0:
            left[kind] -= 1
            lists[kind].append((kind, file, options))
        else:
            file.unlink()
    return [row for rows in zip_longest(lists.values()) for row in rows]


def zip_longest(lists):
    lists = [list(rows) for rows in lists]
    for place in range(max(map(len, lists), default=0)):
        yield [rows[place] for rows in lists if place < len(rows)]


def asked(command):
    """What check says of the model; None where it refuses it."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None
    return json.loads(done.stdout)["models"][0]["now"] if done.returncode == 0 else None


def check_command(setup, file, options):
    return [setup.emlc, "check", file, *options, "--to", "c", "--target", ",".join(setup.targets), "--format", "json"]


def header_hash(setup, file, options):
    """Of the text that is compiled; None where emlc refuses the model."""
    done = subprocess.run([setup.emlc, "convert", file, *options, "--name", "m", "--to", "c", "-o", "-", "-q"],
                          capture_output=True, check=False, timeout=SECONDS)
    return hashlib.sha256(done.stdout).hexdigest() if done.returncode == 0 else None


def measured(setup, case, header):
    """{"kind", "file", "options", "level", "header", "parts", "targets"}; targets only of what can be measured."""
    kind, file, options = case
    row = {"kind": kind, "file": str(file), "options": options, "header": header,
           "level": "fast" if "--optimize=speed" in options else "small", "targets": {}}
    now = asked([*check_command(setup, file, options), "--measure", "--include", setup.runtime]) if header else None
    if now is not None:
        row["parts"] = now["parts"]
        row["targets"] = {name: sizes for name, sizes in now["targets"].items() if sizes.get("source") == "measured"}
    return row


@dataclasses.dataclass(frozen=True)
class Setup:
    emlc: str
    models: str  # the program random_models
    folder: pathlib.Path  # where models and what was measured of them are kept
    targets: tuple = TARGETS
    jobs: int = 2
    runtime: pathlib.Path = pathlib.Path(__file__).resolve().parents[2] / "runtime/src"


def cases_of(setup, seed, counts):
    """(kind, file, options) of the models; made once."""
    kept = setup.folder / "cases.json"
    if kept.exists():
        return [(kind, pathlib.Path(file), options) for kind, file, options in json.loads(kept.read_text())]
    cases = list(made_up(setup.models, seed, counts, setup.folder))
    for kind in sorted(ENSEMBLES & set(counts)):
        cases += [(kind, *ensemble(setup.folder, 1000 * seed + number, kind)) for number in range(counts[kind] // 2)]
    random.Random(seed).shuffle(cases)
    kept.write_text(json.dumps([(kind, str(file), options) for kind, file, options in cases]))
    return cases


def measure_all(setup, seed, counts):
    """The rows of these models; those that the folder has, of the same headers, are read."""
    setup.folder.mkdir(parents=True, exist_ok=True)
    cases = cases_of(setup, seed, counts)
    kept = setup.folder / "measured.jsonl"
    known = {}
    for line in kept.read_text().splitlines() if kept.exists() else ():
        row = json.loads(line)
        known[row["file"], row["header"], *row["options"]] = row

    def row_of(case):
        header = header_hash(setup, case[1], case[2])
        row = known.get((str(case[1]), header, *case[2]))
        return (row, "") if row else (row := measured(setup, case, header), json.dumps(row) + "\n")

    rows = []
    with kept.open("a") as out, concurrent.futures.ThreadPoolExecutor(setup.jobs) as pool:
        for row, line in pool.map(row_of, cases):
            rows.append(row)
            out.write(line)
            out.flush()
    return rows
