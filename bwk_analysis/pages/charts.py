"""Charts in one style: a shown frame in, a `Chart` out; the title states the finding, the alt text has the values.

Most charts are rows of one kind: a label, a bar, a mark for the target, the figure in words. A figure told as a range
is a bar up to its lower end and a paler one up to its higher; what is not told has no bar, and is no nought.
A frame without rows gives a chart that says so. `chart.figure` is matplotlib's, to go on with in the notebook. A figure
of one's own reaches a page through `hand_over`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.dates import date2num
from matplotlib.ticker import MaxNLocator

from bwk_analysis.agreement import TOTAL
from bwk_analysis.pages import formats, strips, svg
from bwk_analysis.pages.hand_over import hand_over
from bwk_analysis.pages.strips import GAP, RANGE, Strip, beside, largest, span_of, sum_of, worded
from bwk_analysis.pages.svg import SMALL, WIDTH, Chart, Sheet, frame_of
from bwk_analysis.steps import UNTOLD, Shown, Span

__all__ = ["Chart", "hand_over"]

NOUNS = {"persons": "personen", "rows": "rijen", "hours": "uren", "euro": "euro", "mark": "cijfer"}

NAMES = 112  # width of the column of rooms beside months


def overview(card: Shown) -> Chart:
    """Statuses of every indicator (down) and room (across), by sign and word; with many rooms by sign and letter.

    `card`: one row is an indicator x room; columns room, indicator, name, level, status.
    """
    frame = frame_of(card, "room", "indicator", "name", "level", "status")
    rooms, rows = _rooms_of(frame), frame.drop_duplicates("indicator")
    if rows.empty:
        return strips.nothing("Geen indicatoren")
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
        sheet.heading(formats.level_name(level))
        for row in of_level.itertuples():
            height = sheet.text(0, 4, row.name, label - GAP, 6)
            for i, room in enumerate(rooms):
                word = status.get((row.indicator, room), "geen gegevens")
                sheet.sign(label + i * step + 9, strips.ROW / 2, word)
                shown = word.replace("streefwaarde", "doel") if wide else formats.STATUS[word].letter
                height = max(height, sheet.text(label + i * step + 18, 5, shown, step - 18, 2, SMALL))
            sheet.down(height + 7)
            below.append(sheet.y)
    sheet.axes(0, WIDTH, top).hlines(below, 0, WIDTH, svg.TRACK, lw=1)
    words = frame.loc[frame["room"] != TOTAL, "status"].value_counts()
    judged, title = int(words.reindex(formats.JUDGED).sum()), "Nog geen enkele streefwaarde is te beoordelen"
    if judged:
        targets = formats.plural(judged, "streefwaarde", "streefwaarden")
        title = f"{words.get('gehaald', 0)} van de {targets} gehaald, {words.get('nabij', 0)} nabij"
    title += f"; {words[UNTOLD]} {UNTOLD}" if UNTOLD in words else ""
    return sheet.chart(title, ". ".join(_statuses(room, frame[frame["room"] == room]) for room in rooms))


def against_target(card: Shown, room: str = TOTAL) -> Chart:
    """All indicators of one room: the value as a bar, as a share of its interim target, which is the mark.

    `card`: one row is an indicator x room; columns room, name, level, value, unit, interim_target, status.
    A bar ends at twice the target; the figure beside it does not. Verdicts have no bar.
    """
    frame = frame_of(card, "room", "name", "level", "value", "unit", "interim_target", "status")
    rows, drawn = frame[frame["room"] == room], []
    for level, of_level in rows.groupby("level", sort=False):
        level_name = formats.level_name(level)
        for row in of_level.itertuples():
            goal, mark = row.interim_target, Span(1.0, 1.0)
            share = isinstance(goal, Span) and goal.low > 0
            ratio = Span(*(end / goal.low for end in row.value)) if share and span_of(row.value) else None
            words = row.status if row.status == "geen gegevens" else beside(row.value, goal, row.unit)
            drawn.append(Strip(row.name, words, ratio, mark if share else None, None, row.status, level_name))
    judged, met = (int(rows["status"].isin(words).sum()) for words in (formats.JUDGED, ["gehaald"]))
    title = f"{room}: {met} van de {formats.plural(judged, strips.INTERIM, f'{strips.INTERIM[:-1]}en')} gehaald"
    return strips.chart_of(drawn, title, scale=2.0, key=f"gerealiseerd [{strips.INTERIM}]")


def bars(
    shown: Shown, label: str, value: str, target: str = "", group: str = "", unit: str = "", title: str = "",
    mark: str = "streefwaarde", interval: tuple[str, str] = ("", ""), of: str = "", key: str = "",
) -> Chart:  # fmt: skip
    """A bar per row of any shown frame, in its order.

    label, value, target, group : columns: what the row is, its number, the number that is its mark, and the heading
    above rows that follow each other. unit : of the numbers (personen, euro, aandeel); without one it follows from the
    kind of `value`. title : the finding; without one it tells which row of the last group is surely the largest.
    mark : what the target is called. interval : columns of its ends. of : column of the number that a share is of.
    key : what the figures in words are.
    """
    frame = frame_of(shown, label, value, *filter(None, (target, group, *interval, of)))
    kind = shown.kinds.get(value, "")
    unit = unit or NOUNS.get(kind, "aandeel" if kind.startswith("share") else "")
    drawn = []
    for row in frame.to_dict("records"):
        tiny = unit == "aandeel" and span_of(row[value]) and 0 < row[value].low < 0.005  # not told as 0%
        words = formats.span(row[value], unit, 1 if tiny else None)
        words += f" [{formats.span(row[target], unit)}]" if target and not of else ""
        words += f" van {formats.span(row[of], '')}" if of else ""
        number, goal, low, high = (span_of(row.get(column)) for column in (value, target, *interval))
        ends = Span(low.low, high.high) if low and high else None
        heading = worded(row[group]) if group else ""
        drawn.append(Strip(worded(row[label]), words, number, goal, ends, group=heading))
    if not drawn:
        return strips.nothing(title or "Geen gegevens")
    last = [bar for bar in drawn if bar.group == drawn[-1].group]
    top = largest([bar.value for bar in last])
    found = f"het meest bij {last[top].label}, {last[top].words}" if top is not None else "geen is zeker de grootste"
    if group:
        each = formats.join([f"{bar.label} {bar.words}" for bar in last])
        found = f"{last[0].group.rstrip('.')}: {each if len(last) <= 3 else found}"
    key = key or (f"gerealiseerd [{mark}]" if target else "")
    return strips.chart_of(drawn, title or found[0].upper() + found[1:], unit, key, mark, float(bool(of)))


def lines(
    shown: Shown, targets: Mapping[str, Any] | None = None, year: int = 0, value: str = "persons", title: str = ""
) -> Chart:
    """Numbers since 1 January, week by week, per room, beside the even path to the target of the year.

    `shown`: one row is a room x week; columns room, week (its last day) and `value`. A range is a band above the line;
    where nothing is told the line breaks. targets : of the year, per room. year : across the chart; without one that of
    the last week. title : the finding; without one it counts the rooms that are surely on or above their path.
    """
    frame = frame_of(shown, "room", "week", value)
    if frame["week"].nunique() < 2:
        return strips.nothing("Geen lijn per week in deze uitgave")
    goals: dict[str, Any] = {room: formats.lone(goal) or 0.0 for room, goal in (targets or {}).items()}
    days = pd.date_range(f"{year or frame['week'].max().year}", periods=2, freq="YS")
    noun, rooms = "deelnemers" if value == "persons" else NOUNS[value], _rooms_of(frame)
    top = max([*(goals.get(room, 0.0) for room in rooms), *(cell.high for cell in frame[value] if span_of(cell)), 1.0])
    sheet, sentences, sides = Sheet(), [], []
    for room in rooms:
        line, goal = frame[frame["room"] == room].sort_values("week"), goals.get(room, 0.0)
        words, side = _pace(line["week"], list(line[value]), goal, noun)
        sentences.append(f"{room}: {words}")
        sides += [side] if side and room != TOTAL else []
        sheet.heading(f"{room}: {words.partition(' tot en met')[0]}")
        note = f"stippellijn: naar de streefwaarde van {formats.number(goal)}" if goal else "geen streefwaarde"
        sheet.down(sheet.note(0, 0, note) + 92)
        axes = sheet.axes(50, WIDTH - 10, sheet.y - 84, (date2num(days[0]), date2num(days[-1])))
        axes.set_ylim(0, top)
        axes.yaxis.set(visible=True, major_locator=MaxNLocator(3, steps=strips.STEPS, integer=True))
        axes.yaxis.set_major_formatter(lambda tick, _: formats.number(tick))
        axes.grid(axis="y", color=svg.GRID, lw=1)
        axes.plot(axes.get_xlim(), [0, goal or np.nan], color=svg.MUTED, lw=1, ls=(0, (4, 3)))
        low, high = np.transpose([span_of(cell) or (np.nan, np.nan) for cell in line[value]])
        axes.fill_between(date2num(line["week"]), low, high, color=svg.MAIN, alpha=RANGE, lw=0)
        last = np.flatnonzero(~np.isnan(low))[-1:].tolist()
        style: dict[str, Any] = {"marker": "o", "ms": 7, "mec": svg.BACKGROUND, "markevery": last, "clip_on": False}
        axes.plot(date2num(line["week"]), low, color=svg.MAIN, lw=2.5, **style)
        sheet.down(4)
        _month_names(sheet, 50, WIDTH - 10)
    each = [f"{sides.count(side)} {side}" for side in ("op of boven", "rond", "nog onder") if side in sides]
    found = sides[0] if len(sides) == 1 else "kamers " + formats.join(each)
    path = f"{found} de stippellijn" if sides else "sinds 1 januari, per week"
    return sheet.chart(title or f"{noun.capitalize()}: {path}", ". ".join(sentences))


def _pace(weeks: pd.Series, cells: list[Any], goal: float, noun: str) -> tuple[str, str]:
    """The last number in words, and on which side it is of the even path to the target of the year."""
    known = [(week, cell) for week, cell in zip(weeks, cells, strict=True) if span_of(cell)]
    if not known:
        return formats.NOT_SHOWN, ""
    week, span = known[-1]
    words = f"{formats.span(span, noun)} {noun} tot en met {formats.date(week)}"
    if not goal:
        return words, ""
    expected = goal * week.day_of_year / (365 + week.is_leap_year)
    words += f", {formats.number(expected)} past dan bij {formats.number(goal)} per jaar"
    return words, "op of boven" if span.low >= expected else "nog onder" if span.high < expected else "rond"


def months(shown: Shown, value: str = "hours", group: str = "", title: str = "") -> Chart:
    """A column per month of the year, a row of columns per room; a month that is absent or not told keeps its place.

    `shown`: one row is a room x month; columns room, month (its first day), `value` (hours, rows or persons) and
    `group`, if any: the heading, such as the table that rows come from; each has a scale of its own.
    title : the finding; without one the total and the month that is surely the largest.
    """
    frame = frame_of(shown, "room", "month", value, *filter(None, (group,)))
    if frame.empty:
        return strips.nothing("Er is niets geregistreerd")
    noun, sheet, sentences, drawn = NOUNS[value], Sheet(), [], []
    for name, part in frame.groupby(group, sort=False) if group else [("", frame)]:
        if group:
            sheet.heading(name)
        top = max([cell.high for cell in part[value] if span_of(cell)] + [1.0])
        for room in _rooms_of(part):
            here = part[part["room"] == room]
            total = _total(here[value], noun)
            cells = dict(zip(here["month"].dt.month, here[value], strict=True))
            drawn.append(_columns(sheet, room, total, cells, top, 34 if group else 62))
            each = [f"{formats.month(m)} {formats.span(cell, noun)}" for m, cell in here[["month", value]].to_numpy()]
            sentences.append(f"{name}, {room}: {total} ({', '.join(each)})".removeprefix(", "))
        _month_names(sheet, NAMES, WIDTH)
    axes, bar = sheet.axes(NAMES, WIDTH, 0, (0.5, 12.5)), dict[str, Any](lw=(WIDTH - NAMES) / 12 - 6)
    month, high, low, base = np.concatenate(drawn, axis=1)
    axes.vlines(month, low, base, svg.MAIN, **bar)
    axes.vlines(month, high, low, svg.MAIN, alpha=RANGE, **bar)
    axes.hlines(np.unique(base), 0.5, 12.5, svg.GRID, lw=1)
    totals = pd.Series({month: sum_of(cells) for month, cells in _of_total(frame).groupby("month")[value]})
    most, total = largest(list(totals)), _total(totals, noun)
    found = total if most is None else f"{total}, het meest in {formats.month(totals.index[most])}"
    return sheet.chart(title or found, ". ".join(sentences))


def _columns(sheet: Sheet, room: str, total: str, cells: Mapping[int, Any], top: float, height: float) -> Any:
    """One room's row of months: its name and total, and per month its number above the ends of a column, returned."""
    left, line = NAMES, svg.SMALLEST * svg.LINE
    step, used = (WIDTH - left) / 12, sheet.text(0, 2, room, left - GAP, 3, bold=True)
    used += sheet.note(0, 2 + used, total, left - GAP, 2)
    height = max(height, used + 2)
    columns = [span_of(cells.get(month)) for month in range(1, 13)]
    low, high = (height - 2 * line) / top * np.transpose([span or (0.0, 0.0) for span in columns])
    for i, span in enumerate(columns):
        words = formats.MISSING if span is None else formats.span(span, "")
        parts = [words] if len(words) <= 4 else words.replace("–", "– ").split(" ")
        for up, part in enumerate(reversed(parts), 1):
            place = left + (i + 0.5) * step, height - high[i] - up * line - 1
            sheet.text(*place, part, step - 2, 0, svg.SMALLEST, align="center")
    sheet.down(height)
    rows = np.array([range(1, 13), sheet.y - high, sheet.y - low, [sheet.y] * 12])
    sheet.down(6)
    return rows


def _month_names(sheet: Sheet, left: float, right: float) -> None:
    step = (right - left) / 12
    for i, month in enumerate(pd.date_range("2021-01-01", periods=12, freq="MS")):
        name = formats.month(month, short=True)
        sheet.text(left + (i + 0.5) * step, 0, name, step - 1, 0, SMALL, svg.MUTED, align="center")
    sheet.down(SMALL * svg.LINE + 10)


def budget_against_realised(finance: Shown, items: Mapping[str, str], room: str = TOTAL) -> Chart:
    """Realised cost per group against the budget of the whole year, which is the mark.

    `finance`: one row is a figure; columns room, kind (budget, realised), item, value. The item `Totaal` gives the
    title. items : the groups (or posts) to show with their names, in order.
    """
    wide = _beside_each_other(finance, "realised", "budget").pick(room=room)
    frame = wide.frame.set_index("item").reindex(list(items)).assign(name=list(items.values()))
    title = f"{room}: geen kosten geboekt"
    for row in wide.pick(item=TOTAL).frame.itertuples():
        if span_of(row.realised):
            title = f"{room}: {formats.span(row.realised, 'euro')} besteed"
            if span_of(row.budget) and row.budget.low > 0:
                share = formats.percent(row.realised.low / row.budget.low, 0)
                title += f" van {formats.span(row.budget, 'euro')} ({share})"
    return bars(
        replace(wide, frame=frame), "name", "realised", "budget", "", "euro", title, "begroot voor het hele jaar"
    )


def ratios(finance: Shown) -> Chart:
    """Each ratio on realised cost (bar) and on the budget (mark), per room.

    `finance`: one row is a figure; columns room, kind (ratio_budget, ratio_realised), item, value (0-1).
    """
    wide = _beside_each_other(finance, "ratio_realised", "ratio_budget")
    overall = _of_total(wide.frame)[["item", "ratio_realised"]].dropna().to_numpy()
    parts = [f"{item} {formats.span(share, 'aandeel')}" for item, share in overall]
    title = f"{TOTAL}: {formats.join(parts)} van de kosten" if parts else "Nog geen kengetallen over de kosten"
    return bars(wide, "room", "ratio_realised", "ratio_budget", "item", "aandeel", title, "begroot")


def funder_shares(finance: Shown, kind: str = "share_agreed", of: str = "euro", items: Sequence[str] = ()) -> Chart:
    """Shares of funders, or of kinds of funder, per room, the largest first.

    `finance`: one row is a figure; columns room, kind (share_agreed, share_realised), item (`<name> / euro`,
    `<name> / populair`), value (0-1). of : `euro` (of the money) or `populair` (of money and volunteers' hours
    together). items : the funders or the kinds to show; empty shows all.
    """
    frame = frame_of(finance, "room", "kind", "item", "value")
    names = frame["item"].astype(str).str.removesuffix(f" / {of}")
    chosen = (frame["kind"] == kind) & (names != frame["item"]) & (names.isin(items) | (not items))
    frame = frame.assign(item=names)[chosen & (frame["value"].map(span_of) != Span(0, 0))]
    order = frame.assign(
        room=frame["room"].map(_rooms_of(frame).index),
        value=[-sum(span_of(cell) or (0, 0)) for cell in frame["value"]],
    )
    frame = frame.loc[order.sort_values(["room", "value"], kind="stable").index]
    whole, last = "de euro's" if of == "euro" else "de populaire investering", _of_total(frame)
    top = largest(list(last["value"]))
    title = f"Bijdragen aan {whole}" if len(frame) else "Geen bijdragen"
    if top is not None:
        item, share = last[["item", "value"]].iloc[top]
        title = f"Grootste bijdrage: {item}, {formats.span(share, 'aandeel')} van {whole}"
    return bars(replace(finance, frame=frame), "item", "value", group="room", unit="aandeel", title=title)


def side_by_side(charts: Sequence[Chart]) -> Chart:
    """Charts that stand beside each other where the page is wide enough."""
    if not all(isinstance(chart, Chart) for chart in charts):
        raise TypeError("geef grafieken van charts: side_by_side([charts.lines(...), charts.months(...)])")
    html = f'<div class="charts">{"".join(chart.html for chart in charts)}</div>'
    return Chart(html, "", "\n".join(f"{chart.title}. {chart.alt}" for chart in charts))


def _total(cells: Iterable[Any], noun: str) -> str:
    total = sum_of(cells)
    return f"{formats.span(total, noun)} {noun}" if total else f"{noun}: {formats.NOT_SHOWN}"


def _beside_each_other(finance: Shown, *kinds: str) -> Shown:
    """One row is an item and a room with a column per kind; an item without a figure of a kind has a dash there."""
    frame = frame_of(finance, "room", "kind", "item", "value")
    frame = frame[frame["kind"].isin(kinds)]
    value = frame.set_index(["item", "room", "kind"])["value"].to_dict()
    rows = [[item, room, *(value.get((item, room, kind), formats.MISSING) for kind in kinds)]
            for item in frame["item"].unique() for room in _rooms_of(frame)]  # fmt: skip
    return replace(finance, frame=pd.DataFrame(rows, columns=["item", "room", *kinds], dtype=object))


def _of_total(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of Totaal; without those, the frame as it is."""
    rows = frame[frame["room"] == TOTAL]
    return frame if rows.empty else rows


def _statuses(room: str, rows: pd.DataFrame) -> str:
    """How many indicators of a room have which status, and which of them are near or behind."""
    names = {word: list(rows.loc[rows["status"] == word, "name"]) for word in formats.STATUS}
    counts = formats.join([f"{len(of_status)} {word}" for word, of_status in names.items() if of_status])
    lists = [f"; {word}: {formats.join(names[word])}" for word in ("nabij", "achter") if names[word]]
    return f"{room}: {counts}{''.join(lists)}"


def _rooms_of(frame: pd.DataFrame) -> list[str]:
    """Rooms in the order of the frame, Totaal last."""
    return sorted(map(str, frame["room"].drop_duplicates()), key=lambda room: room == TOTAL)
