"""Charts in one style: a shown frame in, a `Chart` out; its alt text is one finding.

Agreed is a line or an outline, what happened is full, what is still to come is hatched. A figure told as a range is a
bar up to its lower end and a paler one up to its higher; what is not told has no bar, and is no nought.
`chart.figure` is matplotlib's, to go on with in the notebook. A figure of one's own reaches a page through `hand_over`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from bwk_analysis.agreement import TOTAL
from bwk_analysis.findings import largest
from bwk_analysis.pages import formats, svg
from bwk_analysis.pages.block import hold_texts, rooms_of, told, told_items, told_money
from bwk_analysis.pages.hand_over import hand_over
from bwk_analysis.pages.svg import ACCENT, INK, LETTER, LINE, MUTED, PAPER, SOFT, STEP, STRONG, WIDTH, Chart
from bwk_analysis.status import ON_COURSE, STATUS, seen
from bwk_analysis.steps import Shown, Span, added

__all__ = ["Chart", "hand_over"]

BAR, PANEL = 13, 68  # heights: of a bar, and of a line or columns through the year
BELOW = "Cijfers in de tabel hieronder."
BESIDE = "Cijfers staan bij de balken."
PLAIN = style.context("default")  # whatever style an analyst has for figures of his own


@PLAIN
def dots(card: Shown) -> Chart:
    """A line of signs per room: one for every target that was agreed for it, by its status.

    card : one row is an indicator x room, the columns of `indicators.judge`.
    """
    frame = told(card, "room", "target", "status", "value", "interim_target", "operator")
    frame = frame[frame["target"].notna() & frame["room"].ne(TOTAL)]
    if frame.empty:
        return _nothing("Er is voor geen kamer een doel afgesproken.")
    words = {room: [seen(row) for row in frame[frame["room"] == room].itertuples()] for room in rooms_of(frame)}
    most = max(27, *map(len, words.values()))
    (figure, axes), y, met = svg.sheet(), 0.0, []
    axes.set_xlim(-0.7, most - 0.3)
    for room, found in words.items():
        counts = {word: found.count(word) for word in STATUS if word in found}
        good = [f"{counts[word]} {word}" for word in ("gehaald", ON_COURSE) if word in counts] or ["0 gehaald"]
        y = svg.written(axes, y, room, f"{formats.join(good)} van {len(found)}")
        start = 0
        for word, n in counts.items():
            _signs(axes, range(start, start + n), y + 4 + BAR / 2, word, min(8.5, 240 / most))
            start += n
        y += BAR + 8
        met.append(f"{room} {counts.get('gehaald', 0)} van {len(found)}")
    return svg.chart_of_rows(figure, y, "", f"Afspraken gehaald: {', '.join(met)}.", BELOW)


def _signs(axes: Axes, places: Sequence[int], y: float, word: str, size: float) -> None:
    marker, fill = STATUS[word].marker if STATUS[word].sign else (".", "full")
    colour = ACCENT if STATUS[word].colour == "accent" else INK
    looks: dict[str, Any] = {"color": colour, "fillstyle": fill, "markerfacecoloralt": PAPER, "mew": 1.3}
    axes.plot(places, [y] * len(places), ls="", marker=marker, ms=size, clip_on=False, **looks)
    if word == ON_COURSE:
        axes.plot(places, [y] * len(places), ls="", marker="o", ms=size / 3, color=PAPER, mew=0)


class Bar(NamedTuple):
    """A row of a chart: what it is, its figure in words, and what is drawn (None: nothing).

    mark : what was agreed. more : what is still to come, on top of the value. ends : of an interval. empty : an
    outline. quiet : less than the bar above it.
    """

    label: str
    words: str
    value: Span | None
    mark: Span | None = None
    more: Span | None = None
    ends: Span | None = None
    empty: bool = False
    quiet: bool = False
    group: str = ""


@PLAIN
def bars(
    shown: Shown, label: str, value: str, target: str = "", group: str = "", title: str = "{}",
    mark: str = "afgesproken", interval: tuple[str, str] = ("", ""), of: str = "",
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
        words += f" van {formats.span(row[of], '')}" if of else ""
        words += f", {mark} {formats.span(row[target], unit)}" if target and goal else ""
        ends = Span(low.low, high.high) if low and high else None
        heading = _worded(row[group]) if group else ""
        drawn.append(Bar(_worded(row[label]), words, number, goal, ends=ends, group=heading))
    if not drawn:
        return _nothing()
    finding = _finding(drawn)
    return _rows(drawn, title.replace("{}", finding), finding, 1.0 if unit == "aandeel" and of else 0.0)


def shares(finance: Shown, of: str, items: Collection[str], title: str) -> Chart:
    """A bar per room and item: its realised share of a whole, `euro` or `populair`, and the agreed one as its mark."""
    each = (told_items(finance, (kind,), of, items) for kind in ("share_realised", "share_agreed"))
    realised, agreed = (rows.set_index(["room", "item"])["value"] for rows in each)
    frame = pd.DataFrame({"realised": realised, "agreed": agreed.reindex(realised.index)})
    some = [any(any(_span_of(cell) or ()) for cell in pair) for pair in frame.to_numpy()]
    frame = frame[np.array(some, dtype=bool)].reset_index()
    kinds = {"room": "word", "item": "word", "realised": "share of euro", "agreed": "share of euro"}
    return bars(Shown(frame, kinds, finance.edition), "item", "realised", "agreed", "room", title)


@PLAIN
def balance(finance: Shown, room: str = TOTAL) -> Chart:
    """What was agreed, what came in with what is still to come, and what was spent: three bars on one scale."""
    rows = told_money(finance)
    rows = rows[(rows["room"] == room) & (rows["item"] == TOTAL)]
    euros = {row.kind: _span_of(row.value) for row in rows.itertuples()}
    agreed, came, due, spent = (euros.get(k) for k in ("funding_agreed", "funding_realised", "to_receive", "realised"))
    said = [formats.span(euro, "euro") if euro else formats.MISSING for euro in (agreed, came, spent)]
    said[1] += f", nog te ontvangen {formats.span(due, 'euro')}" if due and due.high >= 1 else ""
    drawn = [
        Bar("Afgesproken", said[0], agreed, empty=True),
        Bar("Ontvangen", said[1], came, more=due),
        Bar("Uitgegeven", said[2], spent, quiet=True),
    ]
    return _rows(drawn, "", _listed(drawn)) if agreed or came or spent else _nothing()


@PLAIN
def paid(finance: Shown, funder: str) -> Chart:
    """Per room what a funder paid of what was agreed, with what it is still to pay as a hatched part."""
    rows = told_money(finance)
    rows = rows[rows["item"] == funder]
    found = {(row.room, row.kind): _span_of(row.value) for row in rows.itertuples()}
    drawn = []
    for room in [room for room in rooms_of(rows) if room != TOTAL]:
        agreed, came, due = (found.get((room, k)) for k in ("funding_agreed", "funding_realised", "to_receive"))
        if any(agreed or ()) or any(came or ()):
            words = f"afgesproken {formats.span(agreed, 'euro')}" if any(agreed or ()) else "niets afgesproken"
            words = f"{formats.span(came, 'euro')}, {words}".replace(", afgesproken", " van") if came else words
            drawn.append(Bar(room, words, came, more=due))
    said = f"Ontvangen van {funder}: {_listed(drawn)}"
    return _rows(drawn, "", said) if drawn else _nothing("Er is niets afgesproken of ontvangen.")


@PLAIN
def intervals(card: Shown, room: str = TOTAL) -> Chart:
    """Shares of a survey of one room as a dot with its interval, beside the target, from nought to all."""
    frame = told(card, "room", "name", "value", "unit", "target", "lower", "upper", "n")
    rows = frame[(frame["room"] == room) & frame["unit"].eq("aandeel")]
    rows = rows[[isinstance(row.lower, Span) and isinstance(row.value, Span) for row in rows.itertuples()]]
    drawn = []
    for row in rows.itertuples():
        ends = Span(row.lower.low, row.upper.high)
        around = f"{formats.percent(ends.low, 0)}–{formats.percent(ends.high, 0)}".replace("%–", "–")
        words = f"{formats.figure_beside_target(row.value, row.target, row.unit)[0]} (marge {around})"
        drawn.append(Bar(row.name, words, row.value, _span_of(row.target), ends=ends))
    return _rows(drawn, "", _listed(drawn), 1.0, dot=True) if drawn else _nothing("Er zijn geen antwoorden.")


def _listed(drawn: Sequence[Bar]) -> str:
    return "; ".join(f"{bar.label} {bar.words}" for bar in drawn)


def _finding(drawn: Sequence[Bar]) -> str:
    """What the last group tells: its few rows, its Totaal, or which row is surely the largest."""
    heading, last = drawn[-1].group.rstrip("."), [bar for bar in drawn if bar.group == drawn[-1].group]
    told_of = last if heading and len(last) <= 3 else [bar for bar in last if bar.label == TOTAL]
    figure = {bar.label: bar.words.partition(",")[0] for bar in last}
    found = formats.join([f"{bar.label} {figure[bar.label]}" for bar in told_of]).removeprefix(f"{heading} ")
    if not told_of:
        top = [last[at] for at in largest([bar.value for bar in last])]
        names = formats.join([bar.label for bar in top])
        found = f"het meest bij {names}, {figure[top[0].label]}" if top else "geen is zeker de grootste"
    return f"{heading}: {found}" if heading else found[0].upper() + found[1:]


# --- drawing ----------------------------------------------------------------------------------------------------------


def _rows(drawn: Sequence[Bar], title: str, said: str, top: float = 0.0, dot: bool = False) -> Chart:
    """Rows in groups on one scale that starts at nought, or at the lowest below it. top : where it ends at least."""
    (figure, axes), y, group = svg.sheet(), 0.0, ""
    ends = [end for bar in drawn for span in (bar.value, bar.mark, bar.ends, _on_top(bar)) for end in span or ()]
    low, high = min([*ends, 0.0]), max([*ends, top]) or (0.0 if min([*ends, 0.0]) else 1.0)
    axes.set_xlim(low, high + (high - low) / 150)
    placed = []
    for bar in drawn:
        if bar.group != group:
            y, group = svg.written(axes, y + 6 * (y > 0), bar.group), bar.group
        y = svg.written(axes, y, bar.label, bar.words, bold=not group)
        placed.append((y + 4 + BAR / 2, bar))
        y += BAR + 8
    _draw(axes, placed, low, high, dot)
    if dot:
        for place, side in ((0.0, "left"), (0.5, "center"), (1.0, "right")):
            axes.text(place, y + LETTER, formats.percent(place), color=MUTED, ha=side, fontsize=LETTER)
        y += STEP
    return svg.chart_of_rows(figure, y, title, f"{said.rstrip('.')}.", BESIDE)


def _on_top(bar: Bar) -> Span | None:
    return added([bar.value, bar.more]) if bar.value and bar.more else None


def _draw(axes: Axes, placed: Sequence[tuple[float, Bar]], low: float, high: float, dot: bool) -> None:
    """All rows of a kind in one call: matplotlib takes longer for a call than for what it draws."""
    every, least = np.array([y for y, _ in placed]), (high - low) / 150  # nought is no gap
    if dot:
        axes.hlines(every, 0, 1, LINE, lw=1)
    elif low < 0:
        axes.vlines(0 * every, every - 9, every + 9, STRONG, lw=1)
    told_of = [(y, bar, bar.value) for y, bar in placed if bar.value and not bar.empty and not dot]
    _across(axes, [(y, 0, bar.value.high) for y, bar in placed if bar.value and bar.empty], fc="none", ec=INK, lw=1.5)
    for colour, quiet in ((ACCENT, False), (STRONG, True)):
        sure_of = [(y, min(v, key=abs) * (v.low * v.high > 0)) for y, bar, v in told_of if bar.quiet == quiet]
        ends = [(y, 0, near or least) for y, near in sure_of]
        _across(axes, ends, color=colour)
    _across(axes, [(y, *value) for y, _, value in told_of if value.low != value.high], fc=SOFT, ec=ACCENT, lw=1)
    more = [(y, value.high, value.high + bar.more.high) for y, bar, value in told_of if bar.more and bar.more.high > 0]
    _across(axes, more, fc=PAPER, ec=ACCENT, hatch="//////", lw=1)
    if sure := [(y, *bar.ends) for y, bar in placed if bar.ends]:
        ys, starts, stops = np.transpose(sure)
        axes.hlines(ys, starts, stops, ACCENT if dot else INK, lw=2 if dot else 1.4)
        axes.plot([starts, stops], [ys, ys], color=ACCENT if dot else INK, ls="", marker="|", ms=7)
    if marks := [(mark, y) for y, bar in placed for mark in {*(bar.mark or ())}]:
        xs, ys = np.transpose(marks)
        for edge, wide in ((PAPER, 4.5), (INK, 2.2)):  # a mark stays visible on a bar by its edge
            axes.vlines(xs, ys - 9, ys + 9, edge, lw=wide)
    if dot:
        dots = [(sum(bar.value) / 2, y) for y, bar in placed if bar.value]
        axes.plot(*np.transpose(dots), ls="", marker="o", ms=8, color=ACCENT, mec=PAPER)


def _across(axes: Axes, ends: Sequence[tuple[float, float, float]], **looks: Any) -> None:
    """Bars from one number to another, at a height."""
    if ends:
        ys, starts, stops = np.transpose(ends)
        axes.barh(ys, stops - starts, BAR, left=starts, **looks)


# --- through the year -------------------------------------------------------------------------------------------------


def _panels(heads: Sequence[tuple[str, str]], year: int) -> tuple[Figure, list[Axes]]:
    """Axes below each other, from January to December; above each what it is, and its figure at the other end."""
    lines = [svg.beside(*head) for head in heads]
    whole = sum(len(of) * STEP + PANEL + 19 for of in lines) + 22
    figure, top, found = Figure(figsize=(WIDTH / 72, whole / 72), dpi=72, frameon=False), whole, list[Axes]()
    for of in lines:
        top -= len(of) * STEP + PANEL + 5
        axes = figure.add_axes((0, top / whole, 1, PANEL / whole), frameon=False)
        top -= 14
        axes.set_xlim(date2num(pd.Timestamp(year, 1, 1)), date2num(pd.Timestamp(year, 12, 31)))
        axes.yaxis.set_visible(False)
        axes.xaxis.set_visible(of is lines[-1])
        axes.axhline(0, color=STRONG, lw=1)
        svg.write(axes, of, 1 + (5 + STEP * (len(of) - 1)) / PANEL, -STEP / PANEL, axes.transAxes)
        found.append(axes)
    months = [pd.Timestamp(year, month, 15) for month in range(1, 13)]
    names = [formats.month(month, short=True) for month in months]
    found[-1].set_xticks([date2num(month) for month in months], names, color=MUTED, fontsize=LETTER - 0.5)
    found[-1].tick_params(length=0, pad=3)
    return figure, found


@PLAIN
def lines(shown: Shown, targets: Mapping[str, Any] | None = None, year: int = 0, value: str = "persons") -> Chart:
    """Numbers since 1 January, week by week, per room, beside the target of the year.

    `shown`: one row is a room x week; columns room, week (its last day) and `value`. A range is a band above the line;
    where nothing is told the line breaks. targets : of the year, per room. year : across the chart; without one that of
    the last week.
    """
    frame = told(shown, "room", "week", value).sort_values("week")
    if frame["week"].nunique() < 2:
        return _nothing("Er is geen lijn per week in deze uitgave.")
    noun, goals = "deelnemers" if value == "persons" else formats.NOUNS[value], targets or {}
    heads, drawn = [], []
    for room in rooms_of(told(shown)):
        line, goal = frame[frame["room"] == room], formats.lone(goals.get(room))
        spans = [_span_of(cell) for cell in line[value]]
        last = next((at for at in reversed(range(len(spans))) if spans[at]), None)
        words = formats.NOT_SHOWN if last is None else f"{formats.span(spans[last], '')} {noun}"
        heads.append((room, f"{words} van {formats.number(goal)}" if goal else words))
        drawn.append((date2num(line["week"]), spans, last, goal if isinstance(goal, float) else 0.0))
    figure, panels = _panels(heads, year or frame["week"].max().year)
    top = max(max([goal, 1.0, *(span.high for span in spans if span)]) for _, spans, _, goal in drawn)
    for axes, (days, spans, last, goal) in zip(panels, drawn, strict=True):
        low, high = np.transpose([span or (np.nan, np.nan) for span in spans])
        axes.fill_between(days, low, high, color=SOFT, lw=0)
        axes.plot(days, low, color=ACCENT, lw=2)
        axes.set_ylim(0, top * 1.05)
        if last is not None:
            axes.plot([days[last]], [low[last]], "o", ms=6, color=ACCENT, mec=PAPER, clip_on=False)
        if goal:
            axes.axhline(goal, color=INK, lw=1.3, ls=(0, (4, 3)))
    said = ". ".join(" ".join(head) for head in heads)
    return svg.chart_of(figure, f"{noun.capitalize()} sinds 1 januari, per week", f"{said}.")


@PLAIN
def months(shown: Shown, value: str = "hours", group: str = "") -> Chart:
    """A column per month of the year, a row of columns per room; a month that is absent or not told keeps its place.

    `shown`: one row is a room x month; columns room, month (its first day), `value` (hours, rows or persons) and
    `group`, if any: the heading, such as the table that rows come from; each has a scale of its own.
    The title tells the total and the month that is surely the largest.
    """
    frame = told(shown, "room", "month", value, *filter(None, (group,)))
    if frame.empty:
        return _nothing("Er is niets geregistreerd.")
    noun, heads, drawn = formats.NOUNS[value], [], []
    for name, part in frame.groupby(group, sort=False) if group else [("", frame)]:
        top = max([1.0, *(cell.high for cell in part[value] if _span_of(cell))])
        for room in rooms_of(part):
            cells = part[part["room"] == room].set_index("month")[value]
            heads.append((f"{name}, {room}".removeprefix(", "), _total(cells, noun)))
            drawn.append((cells, top))
    figure, panels = _panels(heads, frame["month"].max().year)
    for axes, (cells, top) in zip(panels, drawn, strict=True):
        _columns(axes, cells, top)
    whole = frame[frame["room"] == TOTAL] if TOTAL in set(frame["room"]) else frame
    totals = pd.Series({month: _sum_of(cells) for month, cells in whole.groupby("month")[value]})
    most, found = largest(list(totals)), _total(totals, noun)
    found += f", het meest in {formats.join([formats.month(totals.index[at]) for at in most])}" if most else ""
    return svg.chart_of(figure, found, ". ".join(" ".join(head) for head in heads) + ".")


def _columns(axes: Axes, cells: pd.Series, top: float) -> None:
    """Columns of a year; the highest and lowest have their number where it fits, what is not told a question mark."""
    drawn = {date2num(month + pd.Timedelta(days=14)): _span_of(cell) for month, cell in cells.items()}
    known = {day: span for day, span in drawn.items() if span}
    axes.bar([*known], [span.low for span in known.values()], 22, color=STRONG)
    for day, (low, high) in known.items():
        if low != high:
            axes.bar(day, high - low, 22, bottom=low, color=SOFT, ec=STRONG, lw=0)
    axes.set_ylim(0, top * 1.25)
    by_height = sorted(known, key=lambda day: known[day].high)
    texts = [(day, 0.0, "?") for day in drawn.keys() - known.keys()]
    texts += [(day, known[day].high, formats.span(known[day], "")) for day in (by_height[-1:] + by_height[:1])]
    (start, end), taken = axes.get_xlim(), list[tuple[float, float, float]]()
    for day, up, text in texts:
        half = (svg.width_of(text, LETTER) + 6) / WIDTH * (end - start) / 2
        middle = min(max(day, start + half), end - half)
        alone = day in by_height[-1:] or up == 0 or half < 17  # else it would stand on the columns beside it
        apart = (abs(middle - x) >= half + of_x or abs(up - y) > top / 3 for x, y, of_x in taken)
        if alone and all(apart):
            axes.text(middle, up, text, ha="center", va="bottom", fontsize=LETTER, color=INK)
            taken.append((middle, up, half))


def _total(cells: Iterable[Any], noun: str) -> str:
    total = _sum_of(cells)
    return f"{formats.span(total, noun)} {noun}" if total else f"{noun}: {formats.NOT_SHOWN}"


def _span_of(cell: Any) -> Span | None:
    return cell if isinstance(cell, Span) else None


def _worded(cell: Any) -> str:
    return formats.date(cell) if isinstance(cell, pd.Timestamp) else formats.span(cell, "")


def _sum_of(cells: Iterable[Any]) -> Span | None:
    """The sum of what is told; None when something is not."""
    spans = list(cells)
    return added(spans) if all(map(_span_of, spans)) else None


def _nothing(words: str = "Er zijn geen gegevens om te tekenen.") -> Chart:
    figure, axes = svg.sheet()
    return svg.chart_of_rows(figure, svg.written(axes, 0.0, words, bold=False) + 6, "", words)
