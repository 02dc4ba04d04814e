"""Charts in one style: a shown frame in, a `Chart` out; the title states the finding, the alt text has the values.

Most charts are rows of one kind: a label, a bar, a mark for the target, the figure in words. A figure told as a range
is a bar up to its lower end and a paler one up to its higher; what is not told has no bar, and is no nought.
A frame without rows gives a chart that says so. `chart.figure` is matplotlib's, to go on with in the notebook. A figure
of one's own reaches a page through `hand_over`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.ticker import MaxNLocator

from bwk_analysis.agreement import TOTAL
from bwk_analysis.findings import aim, largest
from bwk_analysis.pages import formats, svg
from bwk_analysis.pages.block import hold_texts, rooms_of, told, told_items
from bwk_analysis.pages.hand_over import hand_over
from bwk_analysis.pages.svg import BACKGROUND, INK, SMALL, TEXT, WIDTH, Chart, Sheet
from bwk_analysis.pages.text import tally
from bwk_analysis.steps import Shown, Span, added, quotient

__all__ = ["Chart", "hand_over"]

LABELS, GAP, SIGN = 158, 8, 18  # widths: the column of labels, between columns, the sign of a status
MOST_WORDS = 130  # width that the figures beside the bars may take
ROW = 2 * 4 + TEXT * svg.LINE  # height of a row of one line
DUE = "tussendoel, of streefwaarde van het jaar"
RANGE = 0.4  # opacity of the part in which a number lies somewhere
STEPS = [1, 2, 2.5, 5, 10]
NAMES = 112  # width of the column of rooms beside months


def overview(card: Shown) -> Chart:
    """Statuses of every indicator (down) and room (across), by sign and word; with many rooms by sign and letter.

    `card`: one row is an indicator x room; columns room, indicator, name, level, target, status.
    """
    frame = told(card, "room", "indicator", "name", "level", "target", "status")
    rooms, rows = rooms_of(frame), frame.drop_duplicates("indicator")
    if rows.empty:
        return _nothing("Geen indicatoren")
    status = frame.set_index(["indicator", "room"])["status"].to_dict()
    wide = len(rooms) <= 4
    label = max(112, min(200, WIDTH - (80 if wide else 42) * len(rooms)))
    step, sheet, below = (WIDTH - label) / len(rooms), Sheet(), []
    heads = rooms if wide else [str(i) for i, _ in enumerate(rooms, 1)]
    if not wide:
        key = [f"{head} = {room}" for head, room in zip(heads, rooms, strict=True)]
        key += [f"{look.letter} = {word}" for word, look in formats.STATUS.items() if word in set(frame["status"])]
        sheet.down(sheet.note(0, 0, ", ".join(key), lines=9) + 6)
    top = sheet.y
    sheet.down(max(sheet.text(label + i * step + 4, 0, h, step - 6, 5, SMALL, bold=True) for i, h in enumerate(heads)))
    for level, of_level in rows.groupby("level", sort=False):
        sheet.heading(level.capitalize())
        for row in of_level.itertuples():
            height = sheet.text(0, 4, row.name, label - GAP, 6)
            for i, room in enumerate(rooms):
                word = status.get((row.indicator, room), "geen gegevens")
                sheet.sign(label + i * step + 9, ROW / 2, word)
                shown = word.replace("streefwaarde", "doel") if wide else formats.STATUS[word].letter
                height = max(height, sheet.text(label + i * step + 18, 5, shown, step - 18, 2, SMALL))
            sheet.down(height + 7)
            below.append(sheet.y)
    sheet.axes(0, WIDTH, top).hlines(below, 0, WIDTH, svg.TRACK, lw=1)
    return sheet.chart(
        tally(card).capitalize(), ". ".join(_statuses(room, frame[frame["room"] == room]) for room in rooms)
    )


def against_target(card: Shown, room: str = TOTAL) -> Chart:
    """All indicators of one room: the value as a bar, as a share of what is due by now, which is the mark, or of the
    target of the year where nothing is due yet.

    `card`: one row is an indicator x room; columns room, name, level, value, unit, target, interim_target, status.
    A bar ends at twice the target; the figure beside it does not. Verdicts have no bar.
    """
    frame = told(card, "room", "name", "level", "value", "unit", "target", "interim_target", "status")
    rows, drawn = frame[frame["room"] == room], []
    for level, of_level in rows.groupby("level", sort=False):
        for row in of_level.itertuples():
            goal, words = _span_of(aim(row)), row.status
            if words != "geen gegevens":  # in decimals that do not contradict the status
                words, due = formats.figure_beside_target(row.value, aim(row), row.unit)
                words += "" if formats.is_missing(aim(row)) else f" [{due}]"
            ratio, mark = quotient(_span_of(row.value), goal), quotient(goal, goal)
            drawn.append(Strip(row.name, words, ratio, mark, None, row.status, level.capitalize()))
    return _strips(drawn, room if room == TOTAL else f"{room}, {tally(card.pick(room=room))}", scale=2.0)


def bars(
    shown: Shown, label: str, value: str, target: str = "", group: str = "", title: str = "{}",
    mark: str = "streefwaarde", interval: tuple[str, str] = ("", ""), of: str = "",
) -> Chart:  # fmt: skip
    """A bar per row of any shown frame, in its order.

    label, value, target, group : columns: what the row is, its number, the number that is its mark, and the heading
    above rows that follow each other. title : {} in it is the finding, which tells of the last group its few rows, its
    Totaal, or which row is surely the largest. mark : what the target is called. interval : columns of its ends. of :
    column of the number that a share is of.
    """
    frame = told(shown, label, value, *filter(None, (target, group, *interval, of)))
    hold_texts([frame], [title, mark])
    unit = formats.NOUNS.get(shown.kinds.get(value, "").split(" ")[0], "")
    drawn = []
    for row in frame.to_dict("records"):
        number, goal, low, high = (_span_of(row.get(column)) for column in (value, target, *interval))
        tiny = unit == "aandeel" and number and 0 < number.low < 0.005  # not told as 0%
        words = formats.span(row[value], unit, 1 if tiny else None)
        words += f" [{formats.span(row[target], unit)}]" if target and not of else ""
        words += f" van {formats.span(row[of], '')}" if of else ""
        ends = Span(low.low, high.high) if low and high else None
        heading = _worded(row[group]) if group else ""
        drawn.append(Strip(_worded(row[label]), words, number, goal, ends, group=heading))
    if not drawn:
        return _nothing("Geen gegevens")
    return _strips(drawn, title.replace("{}", _finding(drawn)), unit, mark, float(bool(of)))


def shares(finance: Shown, of: str, items: Collection[str], title: str) -> Chart:
    """A bar per room and item: its realised share of a whole, `euro` or `populair`, and the agreed one as its mark."""
    each = (told_items(finance, (kind,), of, items) for kind in ("share_realised", "share_agreed"))
    realised, agreed = (rows.set_index(["room", "item"])["value"] for rows in each)
    frame = pd.DataFrame({"realised": realised, "agreed": agreed.reindex(realised.index)})
    some = [any(any(_span_of(cell) or ()) for cell in pair) for pair in frame.to_numpy()]
    frame = frame[np.array(some, dtype=bool)].reset_index()
    kinds = {"room": "word", "item": "word", "realised": "share of euro", "agreed": "share of euro"}
    return bars(Shown(frame, kinds, finance.edition), "item", "realised", "agreed", "room", title, "afgesproken")


def _finding(drawn: Sequence["Strip"]) -> str:
    """What the last group tells: its few rows, its Totaal, or which row is surely the largest."""
    heading, last = drawn[-1].group.rstrip("."), [bar for bar in drawn if bar.group == drawn[-1].group]
    told_of = last if heading and len(last) <= 3 else [bar for bar in last if bar.label == TOTAL]
    found = formats.join([f"{bar.label} {bar.words}" for bar in told_of]).removeprefix(f"{heading} ")
    if not told_of:
        top = [last[at] for at in largest([bar.value for bar in last])]
        names = formats.join([bar.label for bar in top])
        found = f"het meest bij {names}, {top[0].words}" if top else "geen is zeker de grootste"
    return f"{heading}: {found}" if heading else found[0].upper() + found[1:]


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


def _strips(
    drawn: Sequence[Strip], title: str, unit: str = "", mark: str = DUE, least: float = 0.0, scale: float = 0.0
) -> Chart:
    """Rows in groups. `least` is where the axis ends at least; with `scale` it ends there, and bars are cut."""
    if not drawn:
        return _nothing(title)
    signs = SIGN if any(row.status for row in drawn) else 0
    words = min(MOST_WORDS, (max(len(row.words) for row in drawn) + 1) * TEXT * svg.LETTER)
    left, right = LABELS + GAP, WIDTH - words - signs - GAP
    ends = [end for row in drawn for span in (row.value, row.mark, row.interval) for end in span or ()]
    low, high = (0.0, scale) if scale else (min([*ends, 0.0]), max([*ends, least]) or 1.0)
    keys = [f"gerealiseerd [{mark}]"] if any("[" in row.words for row in drawn) else []
    keys += ["bleek: daar ergens ligt het getal"] if any(len(set(row.value or ())) > 1 for row in drawn) else []
    sheet, sentences, group, middles = Sheet(), [], "", []
    if keys:
        sheet.down(sheet.note(WIDTH, 0, "; ".join(keys), lines=2, align="right") + 2)
    top = sheet.y
    for row in drawn:
        sentences.append((f"{row.group.rstrip('.')}. " if row.group != group else "") + row.in_words(unit, mark))
        if row.group != group:
            group = row.group
            if group not in title or group != drawn[0].group or group != drawn[-1].group:  # not said twice
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
        axes.xaxis.set(visible=True, major_locator=MaxNLocator(3 if share else 2, steps=STEPS))
        axes.xaxis.set_major_formatter(
            lambda tick, _: formats.percent(tick) if share else formats.number(tick, int(tick % 1 > 0))
        )
        sheet.note(0, 4, "van de streefwaarde" if scale else "procent" if share else unit, LABELS - 2 * GAP)
        sheet.down(24)
    if any(row.mark is not None for row in drawn):
        sheet.text(2, 0, "|", bold=True)
        sheet.down(sheet.note(12, 1, mark + (" (100%)" if scale else ""), WIDTH - 12) + 4)
    return sheet.chart(title, "; ".join(sentences))


def _draw(axes: Axes, drawn: Sequence[Strip], middles: Sequence[float], low: float, high: float) -> None:
    """Bars from nought to the end nearest it, the paler part over the whole range, then intervals and targets."""
    wide: dict[str, Any] = {"lw": 10, "clip_on": False}
    axes.hlines(middles, low, high, svg.TRACK, **wide)
    bars = [(y, row.value, svg.colour_of(row.status)) for y, row in zip(middles, drawn, strict=True) if row.value]
    if bars:
        ys, spans, colours = zip(*bars, strict=True)
        near = [min(span, key=abs) if span.low * span.high > 0 else 0.0 for span in spans]
        seen = [end if abs(end) > (high - low) / 150 else (high - low) / 150 for end in near]  # nought is no gap
        axes.hlines(ys, 0, [min(end, high) for end in seen], colours, **wide)
        lows, highs = ([min(end, high) for end in ends] for ends in zip(*spans, strict=True))
        axes.hlines(ys, lows, highs, colours, alpha=RANGE, **wide)
    marks = [(x, y - 8, y + 8) for y, row in zip(middles, drawn, strict=True) for x in sorted(set(row.mark or ()))]
    intervals = [(y, *row.interval) for y, row in zip(middles, drawn, strict=True) if row.interval]
    for colour, more in ((BACKGROUND, 2.4), (INK, 0.0)):  # a mark stays visible on a bar by its edge
        for draw, places, width in ((axes.hlines, intervals, 1.6), (axes.vlines, marks, 2.0)):
            if places:
                at, lows, highs = np.transpose(places)
                draw(at, lows, highs, colour, lw=width + more, clip_on=False)


def lines(shown: Shown, targets: Mapping[str, Any] | None = None, year: int = 0, value: str = "persons") -> Chart:
    """Numbers since 1 January, week by week, per room, beside the target of the year.

    `shown`: one row is a room x week; columns room, week (its last day) and `value`. A range is a band above the line;
    where nothing is told the line breaks. targets : of the year, per room. year : across the chart; without one that of
    the last week. The title counts the rooms that surely reached it.
    """
    frame = told(shown, "room", "week", value)
    if frame["week"].nunique() < 2:
        return _nothing("Geen lijn per week in deze uitgave")
    goals: dict[str, Any] = {room: formats.lone(goal) or 0.0 for room, goal in (targets or {}).items()}
    days = pd.date_range(f"{year or frame['week'].max().year}", periods=2, freq="YS")
    noun, rooms = "deelnemers" if value == "persons" else formats.NOUNS[value], rooms_of(frame)
    top = max([*(goals.get(room, 0.0) for room in rooms), *(cell.high for cell in frame[value] if _span_of(cell)), 1.0])
    sheet, sentences, sides = Sheet(), [], []
    for room in rooms:
        line, goal = frame[frame["room"] == room].sort_values("week"), goals.get(room, 0.0)
        words, side = _pace(line["week"], list(line[value]), goal, noun)
        sentences.append(f"{room}: {words}")
        sides += [side] if side and room != TOTAL else []
        sheet.heading(f"{room}: {words.partition(' tot en met')[0]}")
        note = (
            f"stippellijn: de streefwaarde van {formats.number(goal)} voor het hele jaar"
            if goal
            else "geen streefwaarde"
        )
        sheet.down(sheet.note(0, 0, note) + 92)
        axes = sheet.axes(50, WIDTH - 10, sheet.y - 84, (date2num(days[0]), date2num(days[-1])))
        axes.set_ylim(0, top)
        axes.yaxis.set(visible=True, major_locator=MaxNLocator(3, steps=STEPS, integer=True))
        axes.yaxis.set_major_formatter(lambda tick, _: formats.number(tick))
        axes.grid(axis="y", color=svg.GRID, lw=1)
        axes.axhline(goal or np.nan, color=svg.MUTED, lw=1, ls=(0, (4, 3)))
        low, high = np.transpose([_span_of(cell) or (np.nan, np.nan) for cell in line[value]])
        axes.fill_between(date2num(line["week"]), low, high, color=svg.MAIN, alpha=RANGE, lw=0)
        last = np.flatnonzero(~np.isnan(low))[-1:].tolist()
        style: dict[str, Any] = {"marker": "o", "ms": 7, "mec": svg.BACKGROUND, "markevery": last, "clip_on": False}
        axes.plot(date2num(line["week"]), low, color=svg.MAIN, lw=2.5, **style)
        sheet.down(4)
        _month_names(sheet, 50, WIDTH - 10)
    told_of = [(side, sides.count(side)) for side in ("op of boven", "rond", "nog onder") if side in sides]
    each = [f"{formats.plural(count, 'kamer', 'kamers')} {side}" for side, count in told_of]
    found = sides[0] if len(sides) == 1 else formats.join(each)
    path = f"{found} de stippellijn" if sides else "sinds 1 januari, per week"
    return sheet.chart(f"{noun.capitalize()}: {path}", ". ".join(sentences))


def _pace(weeks: pd.Series, cells: list[Any], goal: float, noun: str) -> tuple[str, str]:
    """The last number in words, and on which side it is of the target of the year."""
    known = [(week, cell) for week, cell in zip(weeks, cells, strict=True) if _span_of(cell)]
    if not known:
        return formats.NOT_SHOWN, ""
    week, span = known[-1]
    words = f"{formats.span(span, noun)} {noun} tot en met {formats.date(week)}"
    if not goal:
        return words, ""
    words += f", de streefwaarde van het hele jaar is {formats.number(goal)}"
    return words, "op of boven" if span.low >= goal else "nog onder" if span.high < goal else "rond"


def months(shown: Shown, value: str = "hours", group: str = "") -> Chart:
    """A column per month of the year, a row of columns per room; a month that is absent or not told keeps its place.

    `shown`: one row is a room x month; columns room, month (its first day), `value` (hours, rows or persons) and
    `group`, if any: the heading, such as the table that rows come from; each has a scale of its own.
    The title tells the total and the month that is surely the largest.
    """
    frame = told(shown, "room", "month", value, *filter(None, (group,)))
    if frame.empty:
        return _nothing("Er is niets geregistreerd")
    noun, sheet, sentences = formats.NOUNS[value], Sheet(), []
    for name, part in frame.groupby(group, sort=False) if group else [("", frame)]:
        if group:
            sheet.heading(name)
        top = max([cell.high for cell in part[value] if _span_of(cell)] + [1.0])
        for room in rooms_of(part):
            cells = part[part["room"] == room].set_index("month")[value]
            each = [f"{formats.month(month)} {formats.span(cell, noun)}" for month, cell in cells.items()]
            sentences.append(f"{name}, {room}: {_total(cells, noun)} ({', '.join(each)})".removeprefix(", "))
            used = 2 + sheet.text(0, 2, room, NAMES - GAP, 3, bold=True)
            used += sheet.note(0, used, _total(cells, noun), NAMES - GAP, 2)
            _columns(sheet, cells.set_axis(pd.DatetimeIndex(cells.index).month), top, max(34 if group else 62, used))
        _month_names(sheet, NAMES, WIDTH)
    if not all(map(_span_of, frame[value])):
        sheet.down(sheet.note(0, 0, f"? = {formats.NOT_SHOWN}", WIDTH) + 4)
    whole = frame[frame["room"] == TOTAL] if TOTAL in set(frame["room"]) else frame
    totals = pd.Series({month: _sum_of(cells) for month, cells in whole.groupby("month")[value]})
    most, total = largest(list(totals)), _total(totals, noun)
    found = f"{total}, het meest in {formats.join([formats.month(totals.index[at]) for at in most])}" if most else total
    return sheet.chart(found, ". ".join(sentences))


def _columns(sheet: Sheet, cells: pd.Series, top: float, height: float) -> None:
    """A row of columns, month (1-12) by month, each with its number above it."""
    step, line = (WIDTH - NAMES) / 12, svg.SMALLEST * svg.LINE
    sheet.down(height)
    axes, bar = sheet.axes(NAMES, WIDTH, sheet.y - height + 2 * line, (0.5, 12.5)), dict[str, Any](lw=step - 6)
    axes.set_ylim(0, top)
    axes.axhline(0, color=svg.GRID, lw=1, clip_on=False)
    spans = {month: _span_of(cells.get(month)) for month in range(1, 13)}
    low, high = np.transpose([span or (0.0, 0.0) for span in spans.values()])
    axes.vlines([*spans], 0, low, svg.MAIN, **bar)
    axes.vlines([*spans], low, high, svg.MAIN, alpha=RANGE, **bar)
    for month, span in spans.items():
        words = formats.span(span, "") if span else "?" if month in cells.index else formats.MISSING
        parts = [words] if len(words) <= 4 else words.replace("–", "– ").split(" ")
        for up, part in enumerate(reversed(parts), 1):
            place = NAMES + (month - 0.5) * step, (2 * line - height) * high[month - 1] / top - up * line - 1
            sheet.text(*place, part, step - 2, 0, svg.SMALLEST, align="center")
    sheet.down(6)


def _month_names(sheet: Sheet, left: float, right: float) -> None:
    step = (right - left) / 12
    for i, month in enumerate(pd.date_range("2021-01-01", periods=12, freq="MS")):
        name = formats.month(month, short=True)
        sheet.text(left + (i + 0.5) * step, 0, name, step - 1, 0, SMALL, svg.MUTED, align="center")
    sheet.down(SMALL * svg.LINE + 10)


def side_by_side(charts: Sequence[Chart]) -> Chart:
    """Charts that stand beside each other where the page is wide enough."""
    if not all(isinstance(chart, Chart) for chart in charts):
        raise TypeError("geef grafieken van charts: side_by_side([charts.lines(...), charts.months(...)])")
    html = f'<div class="charts">{"".join(chart.html for chart in charts)}</div>'
    return Chart(html, "", "\n".join(f"{chart.title}. {chart.alt}" for chart in charts))


def _total(cells: Iterable[Any], noun: str) -> str:
    total = _sum_of(cells)
    return f"{formats.span(total, noun)} {noun}" if total else f"{noun}: {formats.NOT_SHOWN}"


def _statuses(room: str, rows: pd.DataFrame) -> str:
    """How many indicators of a room have which status, and which of them are near or behind."""
    names = {word: list(rows.loc[rows["status"] == word, "name"]) for word in formats.STATUS}
    counts = formats.join([f"{len(of_status)} {word}" for word, of_status in names.items() if of_status])
    lists = [f"; {word}: {formats.join(names[word])}" for word in ("nabij", "achter") if names[word]]
    return f"{room}: {counts}{''.join(lists)}"


def _span_of(cell: Any) -> Span | None:
    return cell if isinstance(cell, Span) else None


def _worded(cell: Any) -> str:
    return formats.date(cell) if isinstance(cell, pd.Timestamp) else formats.span(cell, "")


def _sum_of(cells: Iterable[Any]) -> Span | None:
    """The sum of what is told; None when something is not."""
    spans = list(cells)
    return added(spans) if all(map(_span_of, spans)) else None


def _nothing(title: str) -> Chart:
    sheet, words = Sheet(), "Er zijn geen gegevens om te tekenen."
    sheet.down(sheet.text(0, 4, words, colour=svg.MUTED) + 8)
    return sheet.chart(title, words)
