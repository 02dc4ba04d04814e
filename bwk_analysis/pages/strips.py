"""Strips, the rows of a chart: a label, a bar, a mark for the target, the figure in words; and spans in words.

A figure told as a range is a bar up to its lower end and a paler one up to its higher; what is not told has no bar.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.ticker import MaxNLocator

from bwk_analysis.agreement import TOTAL
from bwk_analysis.pages import drawing, formats
from bwk_analysis.pages.drawing import Chart, Drawing
from bwk_analysis.steps import Span

LABELS = 158  # width of the column of labels
MOST_WORDS = 120  # width that the figures beside the bars may take
SIGN = 18  # width of the sign of a status
ROW = 2 * 4 + drawing.TEXT * drawing.LINE  # height of a row of one line
INTERIM = "tussentijdse streefwaarde"


class Strip(NamedTuple):
    """A row of a chart: what it is, its figure in words, and what is drawn (None: nothing)."""

    label: str
    words: str
    value: Span | None
    mark: Span | None = None
    interval: Span | None = None
    status: str = ""
    group: str = ""

    def in_words(self, unit: str, mark_key: str) -> str:
        words = f"{self.label}: {self.words}"
        words += f", {self.status}" if self.status and self.status != self.words else ""
        if self.interval:
            words += ", 95%-interval " + " tot ".join(formats.figure(end, unit) for end in self.interval)
        if self.mark is not None and unit and "[" not in words:
            words += f", {mark_key} {formats.span(self.mark, unit)}"
        return words


def chart_of(
    drawn: Sequence[Strip], title: str, unit: str = "", key: str = "", mark_key: str = INTERIM,
    least: float = 0.0, scale: float | None = None,
) -> Chart:  # fmt: skip
    """Rows in groups. `least` is where the axis ends at least; with `scale` it ends there, and bars are cut."""
    if not drawn:
        return nothing(title)
    signs = SIGN if any(bar.status for bar in drawn) else 0
    words = min(MOST_WORDS, max(drawing.width_of(bar.words, drawing.TEXT) for bar in drawn) + 1)
    left, right = LABELS + drawing.GAP, drawing.WIDTH - words - signs - drawing.GAP
    ends = [end for bar in drawn for span in (bar.value, bar.mark, bar.interval) for end in span or ()]
    low, high = (0.0, scale) if scale else (min([*ends, 0.0]), max([*ends, least]) or 1.0)

    def x(value: float) -> float:
        return left + (min(max(value, low), high) - low) / (high - low) * (right - left)

    ranges = "bleek: daar ergens ligt het getal" if any(len(set(bar.value or ())) > 1 for bar in drawn) else ""
    sheet, sentences, group = Drawing(), [], ""
    if key or ranges:
        sheet.down(sheet.note(drawing.WIDTH, 0, "; ".join(filter(None, (key, ranges))), drawing.WIDTH, 2, "right") + 2)
    for bar in drawn:
        sentences.append((f"{bar.group.rstrip('.')}. " if bar.group != group else "") + bar.in_words(unit, mark_key))
        if bar.group != group:
            group = bar.group
            sheet.heading(group)
        used = sheet.text(0, 4, bar.label, LABELS, 4)
        used = max(used, sheet.text(right + drawing.GAP + signs, 4, bar.words, words, 2))
        middle = ROW / 2
        if bar.status:
            sheet.sign(right + drawing.GAP + 6, middle, bar.status)
        sheet.bar(left, middle - 5, right - left, 10, drawing.TRACK)
        if bar.value:
            near, far = sorted(map(x, sorted(bar.value, key=abs)), key=lambda end: abs(end - x(0)))
            colour = drawing.colour_of(bar.status)
            sheet.bar(min(x(0), near), middle - 5, max(abs(near - x(0)), 1.0), 10, colour)
            sheet.bar(min(near, far), middle - 5, abs(far - near), 10, colour, drawing.RANGE)
            if scale and bar.value.high > scale:
                sheet.text(
                    right - 2, middle - 7.5, "»", 12, colour=drawing.BACKGROUND, bold=True, align="right", over=True
                )
        if bar.interval:
            sheet.marked([x(end) for end in bar.interval], [middle, middle], 1.6)
        for end in sorted(set(bar.mark or ())):
            sheet.marked([x(end)] * 2, [middle - 8, middle + 8], 2)
        sheet.down(used + 7)
    if ends and (unit or scale):
        form = "percent" if scale or unit == "aandeel" else ""
        _axis(sheet, low, high, form, x, "van de streefwaarde" if scale else unit)
    if any(bar.mark is not None for bar in drawn):
        sheet.line([4, 4], [1, 15], drawing.INK, 2)
        sheet.down(sheet.note(12, 1, mark_key + (" (100%)" if scale else ""), drawing.WIDTH - 12) + 4)
    return sheet.chart(title, "; ".join(sentences))


def _axis(sheet: Drawing, low: float, high: float, form: str, x: Callable[[float], float], name: str) -> None:
    """Ticks with their unit, as many as fit beside each other."""
    first, last = math.inf, -math.inf
    for tick in ticks(low, high):
        words = formats.percent(tick) if form else formats.number(tick, 0 if float(tick).is_integer() else 1)
        half = drawing.width_of(words, drawing.SMALL) / 2
        if x(tick) - half > last + 4:
            sheet.line([x(tick)] * 2, [0, 3], drawing.MUTED)
            sheet.note(x(tick), 4, words, 90, align="center")
            first, last = min(first, x(tick) - half), x(tick) + half
    sheet.note(first - drawing.GAP, 4, "procent" if name == "aandeel" else name, first - drawing.GAP, align="right")
    sheet.down(drawing.SMALL * drawing.LINE + 8)


def ticks(low: float, high: float) -> list[float]:
    return [t for t in MaxNLocator(nbins=3, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high) if low <= t <= high]


def month_names(sheet: Drawing, left: float, step: float) -> None:
    for i, month in enumerate(pd.date_range("2021-01-01", periods=12, freq="MS")):
        sheet.note(left + (i + 0.5) * step, 0, formats.month(month, short=True), step, 0, "center")


def rooms_of(frame: pd.DataFrame) -> list[str]:
    """Rooms in the order of the frame, Totaal last."""
    return sorted(map(str, frame["room"].drop_duplicates()), key=lambda room: room == TOTAL)


def span_of(cell: Any) -> Span | None:
    return cell if isinstance(cell, Span) else None


def beside(value: Any, target: Any, unit: str) -> str:
    """A value and its target in brackets, in decimals that do not contradict the status."""
    words, goal = formats.figure_beside_target(value, target, unit)
    return words if formats.is_missing(target) else f"{words} [{goal}]"


def word(cell: Any) -> str:
    return formats.date(cell) if isinstance(cell, pd.Timestamp) else formats.span(cell, "")


def sum_of(cells: Iterable[Any]) -> Span | None:
    """The sum of what is told; None when something is not."""
    spans = list(cells)
    if not all(isinstance(cell, Span) for cell in spans):
        return None
    return Span(sum(span.low for span in spans), sum(span.high for span in spans))


def largest(cells: Sequence[Any]) -> int | None:
    """Which of them is the largest whatever the numbers within the ranges are."""
    spans = [cell for cell in cells if isinstance(cell, Span)]
    if not spans or len(spans) < len(cells):
        return None
    top = spans.index(max(spans))
    others = [span.high for i, span in enumerate(spans) if i != top]
    return top if spans[top].high > 0 and spans[top].low >= max(others, default=0) else None


def nothing(title: str) -> Chart:
    sheet, words = Drawing(), "Er zijn geen gegevens om te tekenen."
    sheet.down(sheet.text(0, 4, words, drawing.WIDTH, colour=drawing.MUTED) + 8)
    return sheet.chart(title, words)
