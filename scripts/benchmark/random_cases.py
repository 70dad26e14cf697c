"""Models of the random generator (`random_models` of tests/random): networks, filters and scalers with options of emlc
that go through every arithmetic and structure at -Os and at -O2; trees in tables or as if/else code, and
combinations, with options of the generator. Needs nothing but Python."""

import json
import random
import subprocess

OPTIMIZE = ("size", "balanced", "speed")
WEIGHTS = ("float", "int8", "float", "int16")
ARITHMETIC = ("float", "q15", "float", "mixed", "q31", "q15-cmsis")
STRUCTURES = ("direct", "delta", "direct", "compensated", "pairs")


def options_of(family, number, document, folder):
    """Options of the model with this number of its family."""
    row = {"network": WEIGHTS, "filter": ARITHMETIC}.get(family, ("",))
    choice, options = row[number % len(row)], [f"--optimize={OPTIMIZE[number // len(row) % 3]}"]
    if family == "network":
        weights = choice
        if weights == "float":
            return options + (["--use-runtime"] if number % 5 == 0 else [])
        layer = document["model"]["layers"][0]["weights"] if "layers" in document["model"] else None
        n_features = len(layer[0]) if layer else document["input"]["n_features"]
        low = -100 if document["input"].get("dtype", "float32").startswith("float") else 0
        generator = random.Random(number)
        data = folder / f"{number}.csv"
        data.write_text("".join(",".join(str(generator.randint(low, 100)) for _ in range(n_features)) + "\n"
                                for _ in range(20)))
        return options + [f"--weights={weights}", f"--data={data}"]
    if family == "filter":
        options += [f"--arithmetic={choice}"]
        if choice == "float":
            options += [f"--structure={STRUCTURES[number // 2 % len(STRUCTURES)]}"]
            options += ["--use-runtime"] if number % 7 == 0 else []
    return options


def has_no_choice(document):
    """Has a target one class only? Then compilers see through the model, or through some of it."""
    output = document["output"]
    return output.get("decision", {}).get("rule") == "argmax" and any(target["size"] == 1 for target in output["targets"])


def options_of_case(case, layout=None):
    """Those of the generator, with one layout of trees if there is one."""
    words = [] if layout is None else [f"--layout={layout}"]
    for name, value in case["options"].items():
        if layout is None or name != "layout":
            words.append(f"--{name}" if value is True else f"--{name}={value}")
    return words


def row_of(case, number, layouts, folder):
    """(kind, options) of a case."""
    family = case["family"]
    if family == "trees":
        layout = layouts[number % len(layouts)]
        return layout, options_of_case(case, layout)
    if family == "combination":
        return family, options_of_case(case)
    options = options_of(family, number, case["document"], folder)
    is_integer = any(word in ("--weights=int8", "--weights=int16") for word in options)
    return "codes" if is_integer else family, options


def make_up(program, seed, n_cases, folder, layouts=("table",)):
    """(kind, file, options of emlc) of every case; emlc may refuse it. Kinds are families, but for trees their layout,
    `table` or `inline`, and for networks of integers `codes`."""
    numbers = {}
    lines = subprocess.run([program, "cases", str(seed), "0", str(n_cases)], capture_output=True, text=True,
                           check=True).stdout
    for line in lines.splitlines():
        case = json.loads(line)
        family = case["family"]
        if has_no_choice(case["document"]):
            continue
        number = numbers[family] = numbers.get(family, -1) + 1
        file = folder / f"{family}_{case['case']}.json"
        kind, options = row_of(case, number, layouts, folder)
        file.write_text(json.dumps(case["document"]))
        yield kind, file, options
