"""What notebooks show of results: a small table, and a picture of the bytes."""

from __future__ import annotations

import collections
import html
import os
from typing import TYPE_CHECKING, Iterable, Sequence

from .files import TABLES

if TYPE_CHECKING:
    from .answers import Predictions
    from .artifact import Converted
    from .proof import Verified
    from .search import Fitted
    from .signals import Features

WIDTH, HEIGHT = 320, 160
MOST_ROWS, MOST_COLUMNS = 10, 12
UNSAID = (*TABLES, "split_seed")  # options that all points of a search have alike


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells are text; the first column is names, the others are numbers."""
    def line(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag} style='text-align:{'right' if place else 'left'}'>{html.escape(cell)}</{tag}>"
                                for place, cell in enumerate(cells)) + "</tr>"

    return f"<table>{line(header, 'th')}{''.join(line(row, 'td') for row in rows)}</table>"


def bars(parts: Sequence[tuple[str, int]], title: str) -> str:
    """A bar of WIDTH pixels for the largest part; in the colour of the page's text, for light and dark pages."""
    largest = max((size for _, size in parts), default=0)
    if largest == 0:
        return ""
    lines = []
    for place, (name, size) in enumerate(parts):
        y, length = 20 * place, WIDTH * size / largest
        lines.append(f"<rect x='140' y='{y + 3}' width='{length:.1f}' height='14' fill='currentColor' opacity='0.4'/>"
                     f"<text x='134' y='{y + 14}' text-anchor='end'>{html.escape(name)}</text>"
                     f"<text x='{146 + length:.1f}' y='{y + 14}'>{size}</text>")
    return (f"<svg role='img' aria-label='{html.escape(title)}' width='{WIDTH + 200}' height='{20 * len(parts)}' "
            f"font-size='12' fill='currentColor'>{''.join(lines)}</svg>")


def _bytes(number: int | None) -> str:
    return "-" if number is None else str(number)


def _share(number: float | None) -> str:
    return "-" if number is None else f"{100 * number:.2f} %"


def converted(result: Converted) -> str:
    rows = [(name, _bytes(parts.flash), _bytes(parts.ram), _bytes(parts.stack), parts.source or "not known")
            for name, parts in result.targets.items()]
    rows = rows or [("any", _bytes(result.flash), _bytes(result.ram), "-", "layout")]
    facts = [("accuracy, trained", result.trained_accuracy), ("accuracy, on the device", result.accuracy),
             ("changed decisions", result.changed_decisions)]
    told = [(name, _share(value)) for name, value in facts if value is not None]
    parts = [(part["name"], part["bytes"]) for part in result.summary["parts"]]
    return (f"<p><b>{html.escape(str(result.path))}</b> ({html.escape(result.output)})</p>"
            + (table(("", ""), told) if told else "") + table(("target", "flash", "RAM", "stack", ""), rows)
            + bars(parts, "bytes of each part")
            + "".join(f"<p>warning: {html.escape(line)}</p>" for line in result.warnings))


def verified(result: Verified) -> str:
    rows = [(row.inputs, str(row.tried), "-" if row.same_decision is None else str(row.same_decision),
             "not finite" if row.largest_difference is None else f"{row.largest_difference:.3g}")
            for row in result.comparisons]
    verdict = "faithful" if result.is_faithful else "not faithful"
    proof = "" if result.proof is None else f": {'proved' if result.is_proved else 'measured'}, {result.proof}"
    return (f"<p><b>{verdict}</b>{html.escape(proof)}</p>"
            + table(("inputs", "tried", "same decision", "largest difference"), rows)
            + "".join(f"<p>{html.escape(line)}</p>" for line in result.problems))


def predicted(result: Predictions) -> str:
    """The first answers, and how often each label is among all."""
    labels = result.labels
    label_of = [[] if labels is None else [str(label)] for label in labels or result.values[:MOST_ROWS]]
    rows = [[str(row), *label, *(f"{value:.4g}" for value in values)]
            for row, (label, values) in enumerate(zip(label_of, result.values[:MOST_ROWS]))]
    left_out = len(result.values) - len(rows)
    counts = collections.Counter(map(str, labels or []))
    return (table(["row", *([] if labels is None else ["label"]), *result.names], rows)
            + (f"<p>and {left_out} more</p>" if left_out else "")
            + (bars(counts.most_common(MOST_ROWS), "rows of each label") if labels else ""))


def points(places: Sequence[tuple[float, float, bool]], x: str, y: str) -> str:
    """Points (x, y as a share, is it filled) with what the axes show; the ends of both have their numbers."""
    left, top, xs, ys = 80, 28, [place[0] for place in places], [place[1] for place in places]
    x_room, y_room, base = (max(xs) - min(xs)) or 1, (max(ys) - min(ys)) or 1, top + HEIGHT + 8
    drawn = "".join(
        f"<circle cx='{left + WIDTH * (px - min(xs)) / x_room:.1f}' cy='{top + HEIGHT * (max(ys) - py) / y_room:.1f}' "
        f"r='4' stroke='currentColor' fill='{'currentColor' if filled else 'none'}'>"
        f"<title>{px:g} {html.escape(x)}, {100 * py:.2f} %</title></circle>" for px, py, filled in places)
    told = [(2, 12, "start", y), (left - 16, top + 4, "end", f"{100 * max(ys):.2f} %"),
            (left - 16, top + HEIGHT + 4, "end", f"{100 * min(ys):.2f} %"), (left, base + 16, "start", f"{min(xs):g}"),
            (left + WIDTH, base + 16, "end", f"{max(xs):g}"), (left + WIDTH / 2, base + 16, "middle", x)]
    texts = "".join(f"<text x='{px:g}' y='{py:g}' text-anchor='{anchor}'>{html.escape(text)}</text>"
                    for px, py, anchor, text in told)
    axes = f"<path d='M{left - 10} {top - 8}V{base}H{left + WIDTH + 8}' fill='none' stroke='currentColor' opacity='0.4'/>"
    return (f"<svg role='img' aria-label='{html.escape(y)} over {html.escape(x)}' width='{left + WIDTH + 20}' "
            f"height='{base + 24}' font-size='12' fill='currentColor'>{axes}{drawn}{texts}</svg>")


def fitted(result: Fitted) -> str:
    shown = [(point, "chosen" if point is result.chosen else "meets" if point.meets else "") for point in result.points]
    rows = [(" ".join(name if value is True else f"{name}={value}" for name, value in point.options.items()
                      if name not in UNSAID) or "defaults",
             str(point.flash), str(point.ram), _share(point.validation.device), _share(point.validation.loss), meets)
            for point, meets in shown]
    verdict = "no point meets what was asked; the nearest" if result.chosen is None else "chosen"
    best = result.nearest
    return (f"<p><b>{verdict}: {best.flash} bytes of flash, {best.ram} of RAM</b></p>"
            + table(("options", "flash", "RAM", result.measure, "loss", ""), rows)
            + points([(point.flash, point.validation.loss, point is best) for point in result.points], "bytes of flash",
                     f"loss of {result.measure}")
            + "".join(f"<p>warning: {html.escape(line)}</p>" for line in result.warnings))


def featured(result: Features) -> str:
    """The first windows and features, and how many windows each label has."""
    n_windows, n_features = result.values.shape
    shown = min(n_features, MOST_COLUMNS)
    rows = [[os.path.basename(str(window.recording)), str(window.first_frame), window.label or "",
             *(f"{value:.6g}" for value in row[:shown])]
            for window, row in zip(result.index[:MOST_ROWS], result.values)]
    counts = collections.Counter(window.label for window in result.index if window.label is not None)
    return (f"<p><b>{n_windows} windows, {n_features} features</b></p>"
            + table(["recording", "first frame", "label", *result.names[:shown]], rows)
            + bars(counts.most_common(MOST_ROWS), "windows of each label"))
