"""Tables of what was measured: as text, as Markdown, and inside docs/benchmarks.md. A table is a list of rows of text,
the heads first."""

from .measure import TARGETS
from .subjects import GOALS, SUBJECTS

BEGIN, END = "<!-- bench {name} -->\n", "<!-- end of bench {name} -->\n"

MEASURES = {"flash": "flash", "runtime": "flash of the runtime alone", "runtime_all": "flash of all of the runtime",
            "ram": "static RAM", "memory": "state and stack", "code": "flash without the trees", "stack": "stack", "agreement": "agreement", "r2_change": "change of R2", "error_rms": "RMS error, LSB"}


def number(value):
    """4321.5 -> '4 321.5'; an integer stays one."""
    return f"{value:,}".replace(",", " ")


def share(value):
    return f"{100.0 * value:.2f} %"


def options_text(subject):
    if subject.blob:
        return f"--to tmdl {subject.options}".rstrip()
    return subject.options or "(none)"


def agreement(numbers):
    if "agreement" in numbers:
        return share(numbers["agreement"])
    return f"off by up to {numbers['largest_difference']:.2g}" if "largest_difference" in numbers else ""


def measured_table(measured):
    heads = ["measured", "model", "options", "target", "flash", "RAM", "stack", "instructions, cycles", "agreement"]
    rows = [heads]
    for subject in SUBJECTS:
        for target, numbers in measured.get(subject.name, {}).items():
            cells = [subject.name, subject.model, options_text(subject), TARGETS[target].title]
            if "error" in numbers:
                rows.append([*cells, "", "", "", "", numbers["error"][:60]])
                continue
            note = numbers.get("note", "")
            rows.append([*cells, *(number(numbers[key]) if key in numbers else "" for key in
                                   ("flash", "ram", "stack", "count")), note or agreement(numbers)])
    return rows


def value_text(goal, value):
    if value is None:
        return "-"
    if goal.measure == "agreement":
        return share(value)
    digits = {"r2_change": 4, "error_rms": 2}.get(goal.measure)
    return number(value) if digits is None else f"{value:.{digits}f}"


def verdict(goal, value):
    if value is None:
        return "not measured"
    is_better = (lambda bound: value >= bound) if goal.measure == "agreement" else (lambda bound: value <= bound)
    return "aim" if is_better(goal.aim) else "yes" if is_better(goal.reach) else "no"


def measure_text(goal, subject):
    target = TARGETS[goal.target].title
    if goal.measure != "count":
        return f"{MEASURES[goal.measure]}, {target}"
    unit = "cycles" if goal.target == "avr" else "instructions"
    return f"{unit}{' per sample and section' if subject.block else ''}, {target}"


def goals_table(measured):
    rows = [["model", "options", "measure", "best peer", "measured", "reach", "aim", "reached"]]
    subjects = {subject.name: subject for subject in SUBJECTS}
    for goal in GOALS:
        if goal.subject not in measured:
            continue
        subject = subjects[goal.subject]
        value = measured[goal.subject].get(goal.target, {}).get(goal.measure)
        call = ", predict_q" if subject.inputs == "quantized" else ""
        rows.append([subject.model + call, options_text(subject), measure_text(goal, subject), goal.peer or "-",
                     value_text(goal, value), value_text(goal, goal.reach), value_text(goal, goal.aim),
                     verdict(goal, value)])
    return rows


def tables(measured):
    return {"goals": goals_table(measured), "measured": measured_table(measured)}


def text(named):
    return "\n\n".join("\n".join(aligned(rows)) for rows in named.values())


def aligned(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]


def markdown(rows):
    lines = [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]]) + "\n"


def rewrite(path, named):
    """Puts the tables between their marks in a Markdown file; what is not given stays as it is."""
    page = path.read_text(encoding="utf-8")
    for name, rows in named.items():
        begin, end = BEGIN.format(name=name), END.format(name=name)
        before, rest = page.split(begin)
        page = before + begin + markdown(rows) + end + rest.split(end)[1]
    path.write_text(page, encoding="utf-8")
