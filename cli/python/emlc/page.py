"""What notebooks show of results: a small table, and a picture of the bytes."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Iterable, Sequence

if TYPE_CHECKING:
    from .artifact import Converted
    from .proof import Verified

WIDTH = 320


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells are text; the first column is names, the others are numbers."""
    def line(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag} style='text-align:{'right' if place else 'left'}'>{html.escape(cell)}</{tag}>"
                                for place, cell in enumerate(cells)) + "</tr>"

    return f"<table>{line(header, 'th')}{''.join(line(row, 'td') for row in rows)}</table>"


def bars(parts: Sequence[tuple[str, int]]) -> str:
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
    return (f"<svg role='img' aria-label='bytes of each part' width='{WIDTH + 200}' height='{20 * len(parts)}' "
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
            + (table(("", ""), told) if told else "") + table(("target", "flash", "RAM", "stack", ""), rows) + bars(parts)
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
