"""Artifacts that somebody changed: where that shows in the answers, `verify` may not call them faithful."""

import re

import bounds
import checks
import headers
import numpy as np
import program
from program import Failed, Refused


def check_file(case, output):
    """A digit of the CSV or a byte of the blob is another one, in three places."""
    path = case.folder / f"model.{output}"
    original, x = path.read_bytes(), checks.save(case.folder / "c.npy", case.file_rows)
    in_integers = case.is_filter and case.is_approximate() and output == "tmdl"
    if (case.is_approximate() or case.is_filter) and not in_integers:
        raise Refused("(not changed: approximate or a filter)")
    expected = program.answers(program.run("run", path, "-i", x).stdout, case.document, case.n_targets())
    changed, bound = case.folder / f"changed.{output}", bound_of(case)
    for place in case.generator().choice(places(output, original), 3):
        changed.write_bytes(original[:place] + other(original[place], output) + original[place + 1:])
        verified = verify(case, changed, output)
        if verified.returncode == 0 and shows(case, changed, x, expected, bound):
            raise Failed(f"verify {output}: a changed file is faithful", f"byte {place}: {context(original, place)}")


def places(output, content):
    """Where a change may show: digits behind the head of a CSV, any byte of a blob."""
    if output == "tmdl":
        return np.arange(64, len(content))
    start = max(content.find(b"\nl,"), content.find(b"\nw,"), 0)
    return np.array([match.start() for match in re.finditer(rb"[0-9]", content) if match.start() >= start])


def other(byte, output):
    return bytes([byte ^ 0x10]) if output == "tmdl" else b"1234567890"[byte - ord("0"):][:1]


def verify(case, path, output):
    return program.run("verify", case.path, path, *checks.options_for(case, output), may_end_with=(0, 1, 2),
                       what=f"verify changed {output}")


def bound_of(case):
    """What the answers to the device's rows may be off by in float32: less than that shows nothing."""
    return 0.0 if case.is_filter else bounds.tolerance(case.document, case.compared(case.device_rows))[1]


def shows(case, path, x, expected, bound):
    """Whether a changed file, read as a model, decides or estimates visibly otherwise."""
    done = program.run("run", path, "-i", x, may_end_with=(0, 2), what="run changed")
    return done.returncode == 0 and differ(expected, program.answers(done.stdout, case.document, case.n_targets()),
                                          bound)


def differ(expected, found, bound):
    """By more than verify's tolerance and `bound`, and not in a decision that is nearly a tie."""
    size = np.nanmax(np.abs(expected[1]), initial=1e-30)
    with np.errstate(invalid="ignore"):  # two infinities are no difference
        return bool(np.any(np.abs(expected[1] - found[1]) > np.maximum(1e-2 * size, bound)))


def context(content, place):
    return content[max(0, place - 30):place + 10].decode(errors="replace")


def changed_header(header, generator):
    """The header with one other digit in its tables; None when it has none."""
    digits = [match.start(1) for match in re.finditer(r"(?<![\w.])[0-9]*([0-9])(?=,? ?[,}\n])", header.text)]
    digits = [place for place in digits if place > header.text.rfind("*/", 0, header.text.find("#include"))]
    # An argument of a call that is another number reads beyond its table: what that answers means nothing.
    digits = [place for place in digits if "(" not in header.text[header.text.rfind("\n", 0, place):place]]
    if not digits:
        return None
    place = int(generator.choice(digits))
    text = header.text[:place] + str((int(header.text[place]) + 1) % 10) + header.text[place + 1:]
    return headers.Header(header.name, header.language, header.document, header.options, text, header.rows)


def first_difference(before, after):
    lines = zip(before.splitlines(), after.splitlines())
    return next((f"{old.strip()} -> {new.strip()}" for old, new in lines if old != new), "")


def check_header(case, header, compiler, folder, found):
    """`found` are the answers of the header as it was."""
    changed = changed_header(header, case.generator())
    if changed is None or case.is_approximate():
        raise Refused("(not changed: approximate, or no table)")
    try:
        headers.run_all([changed], compiler, folder)
    except Failed:
        raise Refused("(not changed: does not compile or run then)") from None
    n = len(case.device_rows)  # verify has no infinite inputs
    if not differ([part[:n] for part in found], [part[:n] for part in changed.answers(folder)], bound_of(case)):
        return
    path = case.folder / f"changed.{headers.EXTENSIONS[header.language]}"
    path.write_text(changed.text)
    done = program.run("verify", case.path, path, *checks.options_for(case, header.language), may_end_with=(0, 1, 2),
                       what="verify changed header")
    if done.returncode == 0:
        raise Failed("verify header: a changed header is faithful", first_difference(header.text, changed.text))
