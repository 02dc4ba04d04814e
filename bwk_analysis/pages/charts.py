"""Charts in one style: a shown frame in, a `Chart` out; the title states the finding, the alt text has the values.

Most charts are rows of one kind: a label, a bar, a mark for the target, the figure in words. A figure told as a range
is a bar up to its lower end and a paler one up to its higher; what is not told has no bar, and is no nought.
A frame without rows gives a chart that says so. An ordinary figure of matplotlib or pandas goes through `hand_over`.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from bwk_analysis.agreement import TOTAL
from bwk_analysis.pages import drawing, formats, strips
from bwk_analysis.pages.drawing import Chart, Drawing, frame_of
from bwk_analysis.pages.hand_over import hand_over
from bwk_analysis.steps import UNTOLD, Shown, Span

__all__ = ["Chart", "hand_over"]

NOUNS = {"persons": "personen", "rows": "rijen", "hours": "uren", "euro": "euro", "mark": "cijfer"}


def overview(card: Shown) -> Chart:
    """Statuses of every indicator (down) and room (across), by sign and word; with many rooms by sign and letter.

    `card`: one row is an indicator x room; columns room, indicator, name, level, status.
    """
    frame = frame_of(card, "room", "indicator", "name", "level", "status")
    rooms, rows = strips.rooms_of(frame), frame.drop_duplicates("indicator")
    if rows.empty:
        return strips.nothing("Geen indicatoren")
    status = frame.set_index(["indicator", "room"])["status"].to_dict()
    wide = 64 * len(rooms) <= drawing.WIDTH - 112
    label = max(112, min(200, drawing.WIDTH - (74 if wide else 42) * len(rooms)))
    step = (drawing.WIDTH - label) / len(rooms)
    sheet = Drawing()
    heads = rooms if wide else [str(i) for i, _ in enumerate(rooms, 1)]
    if not wide:
        present = [f"{look.letter} = {name}" for name, look in formats.STATUS.items() if name in set(frame["status"])]
        key = ", ".join([f"{i} = {room}" for i, room in zip(heads, rooms, strict=True)] + present)
        sheet.down(sheet.note(0, 0, key, drawing.WIDTH, 8) + 6)
    heights = [
        sheet.text(label + i * step + 4, 0, h, step - 8, 4, drawing.SMALL, bold=True) for i, h in enumerate(heads)
    ]
    sheet.down(max(heights))
    for level, of_level in rows.groupby("level", sort=False):
        sheet.heading(formats.level_name(level))
        for row in of_level.itertuples():
            height = sheet.text(0, 4, row.name, label - drawing.GAP, 4)
            for i, room in enumerate(rooms):
                word = status.get((row.indicator, room), "geen gegevens")
                x = label + i * step + 9
                sheet.sign(x, strips.ROW / 2, word)
                shown = word.replace("streefwaarde", "doel") if wide else formats.STATUS[word].letter
                height = max(height, sheet.text(x + 9, 5, shown, step - 20, 2, drawing.SMALL))
            sheet.down(height + 7)
            sheet.line([0, drawing.WIDTH], [0, 0], drawing.TRACK)
    words = frame.loc[frame["room"] != TOTAL, "status"].value_counts()
    judged, untold = int(words.reindex(formats.JUDGED, fill_value=0).sum()), words.get(UNTOLD, 0)
    title = "Nog geen enkele streefwaarde is te beoordelen"
    if judged:
        targets = formats.plural(judged, "streefwaarde", "streefwaarden")
        title = f"{words.get('gehaald', 0)} van de {targets} gehaald, {words.get('nabij', 0)} nabij"
    title += f"; {untold} {UNTOLD}" if untold else ""
    return sheet.chart(title, ". ".join(_statuses(room, frame[frame["room"] == room]) for room in rooms))


def against_target(card: Shown, room: str = TOTAL) -> Chart:
    """All indicators of one room: the value as a bar, as a share of its interim target, which is the mark.

    `card`: one row is an indicator x room; columns room, name, level, value, unit, interim_target, status.
    A bar ends at twice the target; the figure strips.beside it does not. Verdicts have no bar.
    """
    frame = frame_of(card, "room", "name", "level", "value", "unit", "interim_target", "status")
    rows, drawn = frame[frame["room"] == room], []
    for level, of_level in rows.groupby("level", sort=False):
        for row in of_level.itertuples():
            goal = row.interim_target
            mark = Span(1.0, 1.0) if isinstance(goal, Span) and goal.low > 0 else None
            ratio = Span(*(end / goal.low for end in row.value)) if mark and isinstance(row.value, Span) else None
            words = row.status if row.status == "geen gegevens" else strips.beside(row.value, goal, row.unit)
            drawn.append(strips.Strip(row.name, words, ratio, mark, None, row.status, formats.level_name(level)))
    judged, met = (int(rows["status"].isin(words).sum()) for words in (formats.JUDGED, ["gehaald"]))
    title = f"{room}: {met} van de {formats.plural(judged, strips.INTERIM, f'{strips.INTERIM[:-1]}en')} gehaald"
    return strips.chart_of(drawn, title, scale=2.0, key=f"gerealiseerd [{strips.INTERIM}]")


def bars(
    shown: Shown, label: str, value: str, target: str = "", group: str = "", unit: str = "", title: str = "",
    mark: str = "streefwaarde", interval: tuple[str, str] = ("", ""), of: str = "", key: str = "", least: float = 0.0,
) -> Chart:  # fmt: skip
    """A bar per row of any shown frame, in its order.

    label, value, target, group : columns: what the row is, its number, the number that is its mark, and the heading
    above rows that follow each other. unit : of the numbers (personen, euro, aandeel); without one it follows from the
    kind of `value`. title : the finding; without one it tells which row of the last group is surely the largest.
    mark : what the target is called. interval : columns of its ends. of : column of the number that a share is of.
    key : what the figures in words are. least : where the axis ends at least.
    """
    frame = frame_of(shown, label, value, *filter(None, (target, group, *interval, of)))
    kind = shown.kinds.get(value, "")
    unit = unit or NOUNS.get(kind, "aandeel" if kind.startswith("share") else "")
    drawn = []
    for row in frame.to_dict("records"):
        words = formats.span(row[value], unit, 1 if _is_tiny(row[value], unit) else None)
        words += f" [{formats.span(row[target], unit)}]" if target and not of else ""
        words += f" van {formats.span(row[of], '')}" if of else ""
        number, goal, low, high = (strips.span_of(row.get(column)) for column in (value, target, *interval))
        ends = Span(low.low, high.high) if low and high else None
        heading = strips.word(row[group]) if group else ""
        drawn.append(strips.Strip(strips.word(row[label]), words, number, goal, ends, group=heading))
    if not drawn:
        return strips.nothing(title or "Geen gegevens")
    last = [bar for bar in drawn if bar.group == drawn[-1].group]
    top = strips.largest([bar.value for bar in last])
    found = f"het meest bij {last[top].label}, {last[top].words}" if top is not None else "geen is zeker de grootste"
    if group:
        each = formats.join([f"{bar.label} {bar.words}" for bar in last])
        found = f"{last[0].group.rstrip('.')}: {each if len(last) <= 3 else found}"
    key = key or (f"gerealiseerd [{mark}]" if target else "")
    return strips.chart_of(drawn, title or found[0].upper() + found[1:], unit, key, mark, least)


def lines(
    shown: Shown, targets: Mapping[str, Any] | None = None, year: int = 0, value: str = "persons", title: str = ""
) -> Chart:
    """Numbers since 1 January, week by week, per room, strips.beside the even path to the target of the year.

    `shown`: one row is a room x week; columns room, week (its last day) and `value`. A range is a band above the line;
    where nothing is told the line breaks. targets : of the year, per room. year : across the chart; without one that of
    the last week. title : the finding; without one it counts the rooms that are surely on or above their path.
    """
    frame = frame_of(shown, "room", "week", value)
    if frame["week"].nunique() < 2:
        return strips.nothing("Geen lijn per week in deze uitgave")
    goals = {room: goal.low if isinstance(goal, Span) else goal for room, goal in (targets or {}).items()}
    start = pd.Timestamp(year or frame["week"].max().year, 1, 1)
    days, noun = pd.Timestamp(start.year, 12, 31).day_of_year, "deelnemers" if value == "persons" else NOUNS[value]
    rooms = strips.rooms_of(frame)
    highest = [span.high for span in frame[value] if isinstance(span, Span)]
    top = max([*(goals.get(room) or 0.0 for room in rooms), *highest, 1.0])
    left, right, height = 44, drawing.WIDTH - 118, 84
    sheet, sentences, paths = Drawing(), [], []
    for room in rooms:
        line, target = frame[frame["room"] == room].sort_values("week"), goals.get(room)
        sheet.down(sheet.text(0, 0, room, drawing.WIDTH, bold=True) + 6)
        for tick in strips.ticks(0.0, top):
            y = height * (1 - tick / top)
            sheet.line([left, right], [y, y], drawing.GRID)
            sheet.note(left - 6, y - drawing.SMALL * drawing.LINE / 2, formats.number(tick), left - 6, 1, "right")
        if target:
            sheet.line([left, right], [height, height * (1 - target / top)], drawing.MUTED, dashed=True)
        x = left + ((line["week"] - start).dt.days.to_numpy() + 1) / days * (right - left)
        ends = [
            [height * (1 - end / top) for end in strips.span_of(cell) or (math.nan, math.nan)] for cell in line[value]
        ]
        sheet.band(x, *np.transpose(ends))
        known = line[[isinstance(cell, Span) for cell in line[value]]]
        words = sentence = formats.NOT_SHOWN
        if len(known):
            week, span = known["week"].iloc[-1], known[value].iloc[-1]
            expected = (target or 0) * ((week - start).days + 1) / days
            words = f"{formats.span(span, noun)} {noun}"
            sentence = f"{words} tot en met {formats.date(week)}"
            if target:
                sentence += f", {formats.number(expected)} past dan bij {formats.number(target)} per jaar"
            if target and room != TOTAL:
                side = "op of boven" if span.low >= expected else "nog onder" if span.high < expected else "rond"
                paths.append(side)
        sentences.append(f"{room}: {sentence}")
        sheet.text(right + 10, 6, words, drawing.WIDTH - right - 10, 2, bold=True, colour=drawing.MAIN)
        note = f"streefwaarde {formats.number(target)} (stippellijn)" if target else "geen streefwaarde"
        sheet.note(right + 10, 40, note, drawing.WIDTH - right - 10, 3)
        sheet.down(height + 4)
        strips.month_names(sheet, left, (right - left) / 12)
        sheet.down(drawing.SMALL * drawing.LINE + 12)
    found = (
        "".join(paths) if len(paths) == 1 else f"{paths.count('op of boven')} van de {len(paths)} kamers op of boven"
    )
    near = f", {paths.count('rond')} er rond" if "rond" in paths and len(paths) > 1 else ""
    path = f"{found} de stippellijn{near}" if paths else "sinds 1 januari, per week"
    return sheet.chart(title or f"{noun.capitalize()}: {path}", ". ".join(sentences))


def months(shown: Shown, value: str = "hours", group: str = "", title: str = "") -> Chart:
    """A column per month of the year, a row of columns per room; a month that is absent or not told keeps its place.

    `shown`: one row is a room x month; columns room, month (its first day), `value` (hours, rows or persons) and
    `group`, if any: the heading, such as the table that rows come from; each has a scale of its own.
    title : the finding; without one the total and the month that is surely the largest.
    """
    frame = frame_of(shown, "room", "month", value, *filter(None, (group,)))
    if frame.empty:
        return strips.nothing("Er is niets geregistreerd")
    noun, sheet, sentences = NOUNS[value], Drawing(), []
    for name, part in frame.groupby(group, sort=False) if group else [("", frame)]:
        if group:
            sheet.heading(name)
        top = max([span.high for span in part[value] if isinstance(span, Span)] + [1.0])
        for room in strips.rooms_of(part):
            here = part[part["room"] == room]
            total = _total(here[value], noun)
            cells = dict(zip(here["month"].dt.month, here[value], strict=True))
            _columns(sheet, room, total, cells, top, 34 if group else 62)
            each = [f"{formats.month(m)} {formats.span(cell, noun)}" for m, cell in here[["month", value]].to_numpy()]
            sentences.append(f"{name}, {room}: {total} ({', '.join(each)})".removeprefix(", "))
    totals = pd.Series({month: strips.sum_of(cells) for month, cells in _of_total(frame).groupby("month")[value]})
    largest, total = strips.largest(list(totals)), _total(totals, noun)
    found = total if largest is None else f"{total}, het meest in {formats.month(totals.index[largest])}"
    return sheet.chart(title or found, ". ".join(sentences))


def survey_shares(shares: Shown, targets: Mapping[str, float] | None = None) -> Chart:
    """Share of the survey's answers per question and room, with its 95% interval and n, and the target as a mark.

    `shares`: one row is a question x room; columns room, question, text, share, lower, upper, n.
    targets : share per question code.
    """
    frame = frame_of(shares, "room", "question", "text", "share")
    given = [row for row in _of_total(frame).itertuples() if isinstance(row.share, Span)]
    most = max(given, key=lambda row: row.share, default=None)
    found = (
        f"{formats.span(most.share, 'aandeel')} is positief over “{most.text}”"
        if most
        else "geen antwoorden om te tonen"
    )
    goals = {question: Span(share, share) for question, share in (targets or {}).items()}
    frame = frame.assign(target=[goals.get(question) for question in frame["question"]])
    key = "aandeel positief met 95%-interval, aantal antwoorden"
    return bars(replace(shares, frame=frame), "room", "share", "target", "text", "aandeel", f"Enquête: {found}",
                interval=("lower", "upper"), of="n", key=key, least=1.0)  # fmt: skip


def budget_against_realised(finance: Shown, items: Mapping[str, str], room: str = TOTAL) -> Chart:
    """Realised cost per group against the budget of the whole year, which is the mark.

    `finance`: one row is a figure; columns room, kind (budget, realised), item, value. The item `Totaal` gives the
    title. items : the groups (or posts) to show with their names, in order.
    """
    wide = _beside_each_other(finance, "realised", "budget").pick(room=room)
    frame = wide.frame.set_index("item").reindex(list(items)).assign(name=list(items.values()))
    title = f"{room}: geen kosten geboekt"
    for row in wide.pick(item=TOTAL).frame.itertuples():
        if strips.span_of(row.realised):
            title = f"{room}: {formats.span(row.realised, 'euro')} besteed"
            if isinstance(row.budget, Span) and row.budget.low > 0:
                share = formats.percent(row.realised.low / row.budget.low, 0)
                title += f" van {formats.span(row.budget, 'euro')} ({share})"
    wide = replace(wide, frame=frame)
    return bars(wide, "name", "realised", "budget", unit="euro", title=title, mark="begroot voor het hele jaar",
                key="gerealiseerd [begroot]")  # fmt: skip


def ratios(finance: Shown) -> Chart:
    """Each ratio on realised cost (bar) and on the budget (mark), per room.

    `finance`: one row is a figure; columns room, kind (ratio_budget, ratio_realised), item, value (0-1).
    """
    wide = _beside_each_other(finance, "ratio_realised", "ratio_budget")
    overall = _of_total(wide.frame)
    parts = [
        f"{row.item} {formats.span(row.ratio_realised, 'aandeel')}"
        for row in overall.itertuples()
        if row.ratio_realised
    ]
    title = f"{TOTAL}: {formats.join(parts)} van de kosten" if parts else "Nog geen kengetallen over de kosten"
    return bars(wide, "room", "ratio_realised", "ratio_budget", "item", "aandeel", title, "begroot")


def funder_shares(finance: Shown, kind: str = "share_agreed", of: str = "euro", items: Sequence[str] = ()) -> Chart:
    """Shares of funders, or of kinds of funder, per room, the strips.largest first.

    `finance`: one row is a figure; columns room, kind (share_agreed, share_realised), item (`<name> / euro`,
    `<name> / populair`), value (0-1). of : `euro` (of the money) or `populair` (of money and volunteers' hours
    together). items : the funders or the kinds to show; empty shows all.
    """
    frame = frame_of(finance, "room", "kind", "item", "value")
    frame = frame[frame["kind"] == kind]
    names = frame["item"].astype(str).str.removesuffix(f" / {of}")
    chosen = (names != frame["item"]) & (names.isin(items) | (not items))
    frame = frame.assign(item=names)[chosen & (frame["value"].map(strips.span_of) != Span(0, 0))]
    order = frame["value"].map(lambda cell: tuple(-end for end in strips.span_of(cell) or (0, 0)))
    frame = frame.loc[order.sort_values(kind="stable").index]
    frame = frame.loc[frame["room"].map(strips.rooms_of(frame).index).sort_values(kind="stable").index]
    whole, last = "de euro's" if of == "euro" else "de populaire investering", _of_total(frame)
    top = strips.largest(list(last["value"]))
    title = f"Bijdragen aan {whole}" if len(frame) else "Geen bijdragen"
    if top is not None:
        first = last.iloc[top]
        title = f"Grootste bijdrage: {first['item']}, {formats.span(first['value'], 'aandeel')} van {whole}"
    return bars(replace(finance, frame=frame), "item", "value", group="room", unit="aandeel", title=title)


def side_by_side(charts: Sequence[Chart]) -> Chart:
    """Charts that stand strips.beside each other where the page is wide enough."""
    if not all(isinstance(chart, Chart) for chart in charts):
        raise TypeError("geef grafieken van charts: side_by_side([charts.lines(...), charts.months(...)])")
    html = f'<div class="charts">{"".join(chart.html for chart in charts)}</div>'
    return Chart(html, "", "\n".join(f"{chart.title}. {chart.alt}" for chart in charts))


def _total(cells: Iterable[Any], noun: str) -> str:
    total = strips.sum_of(cells)
    return f"{formats.span(total, noun)} {noun}" if total else f"{noun}: {formats.NOT_SHOWN}"


def _columns(sheet: Drawing, room: str, total: str, cells: Mapping[int, Any], top: float, height: float) -> None:
    """One room's row of months: its name and total, a column per month with its number above it."""
    left, text = 112, drawing.SMALLEST * drawing.LINE
    step, used = (drawing.WIDTH - left) / 12, sheet.text(0, 2, room, left - drawing.GAP, 2, bold=True)
    used += sheet.note(0, 2 + used, total, left - drawing.GAP, 2)
    height = max(height, used + 2)
    for i in range(12):
        x, span = left + i * step, strips.span_of(cells.get(i + 1))
        words = formats.MISSING if span is None else formats.span(span, "")
        fits = drawing.width_of(words, drawing.SMALLEST) <= step - 2
        low, high = ((height - 2 * text) * end / top for end in span or (0.0, 0.0))
        sheet.bar(x + 3, height - low, step - 6, low, drawing.MAIN)
        sheet.bar(x + 3, height - high, step - 6, high - low, drawing.MAIN, drawing.RANGE)
        for up, line in enumerate([words] if fits else reversed(words.replace("–", "– ").split(" ")), 1):
            sheet.text(x + step / 2, height - high - up * text - 1, line, step - 2, 0, drawing.SMALLEST, align="center")
    sheet.line([left, drawing.WIDTH], [height, height], drawing.GRID)
    sheet.down(height + 2)
    strips.month_names(sheet, left, step)
    sheet.down(drawing.SMALL * drawing.LINE + 8)


def _beside_each_other(finance: Shown, *kinds: str) -> Shown:
    """One row is an item and a room with a column per kind; an item without a figure of a kind has a dash there."""
    frame = frame_of(finance, "room", "kind", "item", "value")
    frame = frame[frame["kind"].isin(kinds)]
    value = frame.set_index(["item", "room", "kind"])["value"].to_dict()
    rows = [[item, room, *(value.get((item, room, kind), formats.MISSING) for kind in kinds)]
            for item in frame["item"].unique() for room in strips.rooms_of(frame)]  # fmt: skip
    return replace(finance, frame=pd.DataFrame(rows, columns=["item", "room", *kinds], dtype=object))


def _is_tiny(cell: Any, unit: str) -> bool:
    """Whether a share would be told as 0% and is not nothing."""
    return unit == "aandeel" and isinstance(cell, Span) and 0 < cell.low < 0.005


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
