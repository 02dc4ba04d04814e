"""Strips, the rows of a chart: a label, a bar, a mark for the target, the figure in words.

A figure told as a range is a bar up to its lower end and a paler one up to its higher; what is not told has no bar.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from bwk_analysis.pages import formats
from bwk_analysis.pages.svg import (
    BACKGROUND,
    INK,
    LETTER,
    LINE,
    MUTED,
    TEXT,
    TRACK,
    WIDTH,
    Chart,
    Sheet,
    colour_of,
)
from bwk_analysis.steps import Span

LABELS, GAP, SIGN = 158, 8, 18  # widths: the column of labels, between columns, the sign of a status
MOST_WORDS = 130  # width that the figures beside the bars may take
ROW = 2 * 4 + TEXT * LINE  # height of a row of one line
RANGE = 0.4  # opacity of the part in which a number lies somewhere
INTERIM = "tussentijdse streefwaarde"
STEPS = [1, 2, 2.5, 5, 10]


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
    signs = SIGN if any(row.status for row in drawn) else 0
    words = min(MOST_WORDS, (max(len(row.words) for row in drawn) + 1) * TEXT * LETTER)
    left, right = LABELS + GAP, WIDTH - words - signs - GAP
    ends = [end for row in drawn for span in (row.value, row.mark, row.interval) for end in span or ()]
    low, high = (0.0, scale) if scale else (min([*ends, 0.0]), max([*ends, least]) or 1.0)
    ranges = "bleek: daar ergens ligt het getal" if any(len(set(row.value or ())) > 1 for row in drawn) else ""
    sheet, sentences, group, middles = Sheet(), [], "", []
    if key or ranges:
        sheet.down(sheet.note(WIDTH, 0, "; ".join(filter(None, (key, ranges))), lines=2, align="right") + 2)
    top = sheet.y
    for row in drawn:
        sentences.append((f"{row.group.rstrip('.')}. " if row.group != group else "") + row.in_words(unit, mark_key))
        if row.group != group:
            group = row.group
            sheet.heading(group)
        used = sheet.text(right + GAP + signs, 4, row.words, words, 2)
        middles.append(sheet.y + ROW / 2)
        if row.status:
            sheet.sign(right + GAP + 6, ROW / 2, row.status)
        if scale and row.value and row.value.high > scale:
            sheet.text(right - 2, ROW / 2 - 10, "»", colour=BACKGROUND, bold=True, align="right")
        sheet.down(max(used, sheet.text(0, 4, row.label, LABELS, 4)) + 7)
    axes = sheet.axes(left, right, top, (low, high))
    _draw(axes, drawn, middles, low, high)
    if ends and (unit or scale):
        share = bool(scale) or unit == "aandeel"
        axes.xaxis.set_visible(True)
        axes.xaxis.set_major_locator(MaxNLocator(3 if share else 2, steps=STEPS))
        axes.xaxis.set_major_formatter(lambda tick, _: formats.percent(tick) if share else _short(tick))
        sheet.note(0, 4, "van de streefwaarde" if scale else "procent" if share else unit, LABELS - 2 * GAP)
        sheet.down(24)
    if any(row.mark is not None for row in drawn):
        sheet.line([4, 4], [1, 15], color=INK, lw=2)
        sheet.down(sheet.note(12, 1, mark_key + (" (100%)" if scale else ""), WIDTH - 12) + 4)
    return sheet.chart(title, "; ".join(sentences))


def _short(tick: float) -> str:
    return formats.number(tick, 0 if float(tick).is_integer() else 1)


def _draw(axes: Axes, drawn: Sequence[Strip], middles: Sequence[float], low: float, high: float) -> None:
    """Bars from nought to the end nearest it, the paler part over the whole range, then intervals and targets."""
    wide: dict[str, Any] = {"lw": 10, "clip_on": False}
    axes.hlines(middles, low, high, TRACK, **wide)
    told = [(y, row.value, colour_of(row.status)) for y, row in zip(middles, drawn, strict=True) if row.value]
    if told:
        ys, spans, colours = zip(*told, strict=True)
        near = [min(span, key=abs) if span.low * span.high > 0 else 0.0 for span in spans]
        seen = [end if abs(end) > (high - low) / 150 else (high - low) / 150 for end in near]  # nought is no gap
        axes.hlines(ys, 0, [min(end, high) for end in seen], colours, **wide)
        lows, highs = ([min(end, high) for end in ends] for ends in zip(*spans, strict=True))
        axes.hlines(ys, lows, highs, colours, alpha=RANGE, **wide)
    for y, row in zip(middles, drawn, strict=True):
        for colour, more in ((BACKGROUND, 2.4), (INK, 0.0)):  # a mark stays visible on a bar by its edge
            if row.interval:
                axes.hlines(y, *row.interval, colour, lw=1.6 + more, clip_on=False)
            axes.vlines(sorted(set(row.mark or ())), y - 8, y + 8, colour, lw=2 + more, clip_on=False)


def span_of(cell: Any) -> Span | None:
    return cell if isinstance(cell, Span) else None


def beside(value: Any, target: Any, unit: str) -> str:
    """A value and its target in brackets, in decimals that do not contradict the status."""
    words, goal = formats.figure_beside_target(value, target, unit)
    return words if formats.is_missing(target) else f"{words} [{goal}]"


def worded(cell: Any) -> str:
    return formats.date(cell) if isinstance(cell, pd.Timestamp) else formats.span(cell, "")


def sum_of(cells: Iterable[Any]) -> Span | None:
    """The sum of what is told; None when something is not."""
    spans = list(cells)
    return Span(*map(sum, zip(*spans, strict=True))) if spans and all(map(span_of, spans)) else None


def largest(cells: Sequence[Any]) -> int | None:
    """Which of them is the largest whatever the numbers within the ranges are."""
    if not len(cells) or not all(map(span_of, cells)):
        return None
    spans = list(cells)
    top = spans.index(max(spans))
    others = [span.high for i, span in enumerate(spans) if i != top]
    return top if spans[top].high > 0 and spans[top].low >= max(others, default=0) else None


def nothing(title: str) -> Chart:
    sheet, words = Sheet(), "Er zijn geen gegevens om te tekenen."
    sheet.down(sheet.text(0, 4, words, colour=MUTED) + 8)
    return sheet.chart(title, words)
