"""Charts in one style: a tidy frame in, a `Chart` out; the title states the finding, the alt text has the values.

Most charts are rows of one kind: a label, a bar, a mark for the target, the figure in words. What is hidden has no bar
and no value: its text stands where the figure would. A frame without rows gives a chart that says so.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.ticker import MaxNLocator

from bwk_analysis.pages import formats
from bwk_analysis.pages.drawing import (
    BACKGROUND,
    GAP,
    GRID,
    INK,
    LINE,
    MAIN,
    MUTED,
    PALE,
    SMALL,
    TEXT,
    TRACK,
    WIDTH,
    Chart,
    Drawing,
    SideBySide,
    colour_of,
    width_of,
)  # fmt: skip
from bwk_analysis.pages.frames import JUDGED, TOTAL, Row, by_level, of_total, rooms_of, rows_in, shares_of, values_of

__all__ = ["Chart", "SideBySide"]

LABELS = 158  # width of the column of labels
MOST_WORDS = 120  # width that the figures beside the bars may take
SIGN = 18  # width of the sign of a status
ROW = 2 * 4 + TEXT * LINE  # height of a row of one line
LETTERS = {
    "gehaald": "g",
    "nabij": "n",
    "achter": "a",
    "geen gegevens": "–",
    "geen streefwaarde": "s",
    "verborgen": "v",
}
INTERIM = "tussentijdse streefwaarde"


def scorecard_overview(scorecard: pd.DataFrame) -> Chart:
    """Statuses of every indicator (down) and room (across), by sign and word; with many rooms by sign and letter.

    `scorecard`: one row is an indicator x room; columns room, indicator, name, level, status.
    """
    rooms, rows = rooms_of(scorecard), scorecard.drop_duplicates("indicator")
    if rows.empty:
        return _nothing("Geen indicatoren")
    status = scorecard.set_index(["indicator", "room"])["status"].to_dict()
    wide = 64 * len(rooms) <= WIDTH - 112
    label = max(112, min(200, WIDTH - (74 if wide else 42) * len(rooms)))
    step = (WIDTH - label) / len(rooms)
    drawing = Drawing()
    heads = rooms if wide else [str(i) for i, _ in enumerate(rooms, 1)]
    if not wide:
        present = [f"{LETTERS[word]} = {word}" for word in formats.SIGNS if word in set(scorecard["status"])]
        key = ", ".join([f"{i} = {room}" for i, room in zip(heads, rooms, strict=True)] + present)
        drawing.down(drawing.note(0, 0, key, WIDTH, 8) + 6)
    drawing.down(
        max(drawing.text(label + i * step + 4, 0, h, step - 8, 4, SMALL, bold=True) for i, h in enumerate(heads))
    )
    for level, of_level in by_level(rows):
        drawing.heading(level)
        for row in rows_in(of_level):
            height = drawing.text(0, 4, row.name, label - GAP, 4)
            for i, room in enumerate(rooms):
                word = status.get((row.indicator, room), "geen gegevens")
                x = label + i * step + 9
                drawing.sign(x, ROW / 2, word)
                shown = word.replace("streefwaarde", "doel") if wide else LETTERS[word]
                height = max(height, drawing.text(x + 9, 5, shown, step - 20, 2, SMALL))
            drawing.down(height + 7)
            drawing.line([0, WIDTH], [0, 0], TRACK)
    judged = _judged(scorecard[scorecard["room"] != TOTAL])
    met, near = (int((judged["status"] == word).sum()) for word in ("gehaald", "nabij"))
    title = f"{met} van de {formats.plural(len(judged), 'streefwaarde', 'streefwaarden')} gehaald, {near} nabij"
    if judged.empty:
        title = "Nog geen enkele streefwaarde is te beoordelen"
    return drawing.chart(title, ". ".join(_statuses(room, scorecard[scorecard["room"] == room]) for room in rooms))


def realised_against_target(scorecard: pd.DataFrame, room: str = TOTAL) -> Chart:
    """All indicators of one room: the value as a bar, as a share of its interim target, which is the mark.

    `scorecard`: one row is an indicator x room; columns room, indicator, name, level, value, unit, interim_target,
    status, hidden. A bar ends at twice the target; the figure beside it does not. Verdicts have no bar.
    """
    rows = scorecard[scorecard["room"] == room]
    bars = []
    for level, of_level in by_level(rows):
        for row in rows_in(of_level):
            value, target, words = _pair(row)
            ratio, mark = (value / target if value is not None and target else None), (1.0 if target else None)
            bars.append(
                _Bar(row.name, words, ratio, mark, colour=colour_of(row.status), status=row.status, group=level)
            )
    judged = _judged(rows)
    met, targets = int((judged["status"] == "gehaald").sum()), formats.plural(len(judged), INTERIM, f"{INTERIM[:-1]}en")
    return _bars(bars, f"{room}: {met} van de {targets} gehaald", scale=2.0, key=f"gerealiseerd [{INTERIM}]")


def indicator_by_room(scorecard: pd.DataFrame, indicator: str) -> Chart:
    """One indicator in every room against its interim target, with the interval where there is one.

    `scorecard`: one row is an indicator x room; columns room, indicator, name, value, unit, interim_target, status,
    lower, upper, hidden.
    """
    rows = scorecard[scorecard["indicator"] == indicator]
    if rows.empty:
        return _nothing("Geen gegevens")
    bars = []
    for row in rows_in(rows):
        value, target, words = _pair(row)
        bars.append(_Bar(row.room, words, value, target, _interval(row), colour_of(row.status), row.status))
    unit = rows["unit"].iloc[0]
    least = 1.0 if unit == "aandeel" else 0.0
    return _bars(bars, _finding(of_total(rows).iloc[0]), unit, key=f"gerealiseerd [{INTERIM}]", least=least)


def weekly_participants(weekly: pd.DataFrame, targets: Mapping[str, float], year: int) -> Chart:
    """Unique participants since 1 January, week by week, per room beside the even path to the target of the year.

    Parameters
    ----------
    weekly
        One row is a room x week; columns room, week (its last day), persons (NaN where hidden: the line breaks).
    targets
        Target of the year per room; a room may be absent.
    year
        The year across the chart.
    """
    if weekly["week"].nunique() < 2:
        return _nothing("Geen lijn van deelnemers per week in deze uitgave")
    rooms, start = rooms_of(weekly), pd.Timestamp(year, 1, 1)
    days = pd.Timestamp(year, 12, 31).day_of_year
    top = max([*(targets.get(room) or 0.0 for room in rooms), *weekly["persons"].dropna(), 1.0])
    left, right, height = 44, WIDTH - 118, 84
    drawing, sentences, reached = Drawing(), [], []
    for room in rooms:
        line, target = weekly[weekly["room"] == room].sort_values("week"), targets.get(room)
        day = (line["week"] - start).dt.days + 1
        x, y = left + day / days * (right - left), height * (1 - line["persons"].astype(float) / top)
        drawing.down(drawing.text(0, 0, room, WIDTH, bold=True) + 6)
        for tick in _ticks(0.0, top):
            drawing.line([left, right], [height * (1 - tick / top)] * 2, GRID)
            drawing.note(
                left - 6, height * (1 - tick / top) - SMALL * LINE / 2, formats.number(tick), left - 6, 1, "right"
            )
        if target:
            drawing.line([left, right], [height, height * (1 - target / top)], MUTED, dashed=True)
        drawing.line(x, y, MAIN, width=2.5)
        words = sentence = "verborgen"
        known = line["persons"].last_valid_index()
        if known is not None:
            drawing.dot(x[known], y[known], MAIN)
            persons, expected = line["persons"][known], (target or 0) * day[known] / days
            words = formats.plural(persons, "deelnemer", "deelnemers")
            sentence = f"{words} tot en met {formats.date(line['week'][known])}"
            if target and room != TOTAL:
                reached.append(persons >= expected)
            if target:
                sentence += f", {formats.number(expected)} past dan bij {formats.number(target)} per jaar"
        sentences.append(f"{room}: {sentence}")
        drawing.text(right + 10, 6, words, WIDTH - right - 10, 2, bold=True, colour=MAIN)
        note = f"streefwaarde {formats.number(target)} (stippellijn)" if target else "geen streefwaarde"
        drawing.note(right + 10, 40, note, WIDTH - right - 10, 3)
        drawing.down(height + 4)
        _months(drawing, left, (right - left) / 12)
        drawing.down(SMALL * LINE + 12)
    title = "Unieke deelnemers sinds 1 januari, per week"
    if len(reached) == 1:
        title = f"Unieke deelnemers: {'op of boven' if reached[0] else 'nog onder'} de stippellijn"
    elif reached:
        title = f"Unieke deelnemers: {sum(reached)} van de {len(reached)} kamers op of boven de stippellijn"
    return drawing.chart(title, ". ".join(sentences))


def volunteer_hours(hours_by_month: pd.DataFrame) -> Chart:
    """Hours of volunteers per month, a row of columns per room; a month without hours keeps its place.

    `hours_by_month`: one row is a room x month; columns room, month (its first day), hours.
    """
    if hours_by_month.empty:
        return _nothing("Geen uren van vrijwilligers geregistreerd")
    months = pd.date_range(f"{hours_by_month['month'].min().year}-01-01", periods=12, freq="MS")
    step, height, top = WIDTH / 12, 62, max(hours_by_month["hours"].max(), 1.0)
    drawing, sentences = Drawing(), []
    for room in rooms_of(hours_by_month):
        hours = hours_by_month[hours_by_month["room"] == room].set_index("month")["hours"].dropna()
        total = f"{formats.number(hours.sum())} uren"
        used = drawing.text(0, 0, room, WIDTH - 120, bold=True)
        drawing.text(WIDTH, 0, total, 118, bold=True, colour=MAIN, align="right")
        drawing.down(used + 4)
        for i, month in enumerate(months):
            x = i * step + step / 2
            if month not in hours:
                drawing.note(x, height - SMALL * LINE, formats.MISSING, step, align="center")
                continue
            tall = max((height - 16) * hours[month] / top, 1.0)
            drawing.bar(i * step + 4, height - tall, step - 8, tall, MAIN)
            drawing.text(x, height - tall - 14, formats.number(hours[month]), step - 2, 0, SMALL, align="center")
        drawing.line([0, WIDTH], [height, height], GRID)
        drawing.down(height + 3)
        _months(drawing, 0, step)
        drawing.down(SMALL * LINE + 12)
        of_months = ", ".join(f"{formats.month(m)} {formats.number(h)}" for m, h in hours.items())
        sentences.append(f"{room}: {total} ({of_months})")
    by_month = of_total(hours_by_month).groupby("month")["hours"].sum()
    title = f"{formats.plural(round(by_month.sum()), 'uur', 'uren')} van vrijwilligers"
    if by_month.sum() > 0 and len(by_month) > 1:
        title += f", het meest in {formats.month(by_month.idxmax())}"
    return drawing.chart(title, ". ".join(sentences))


def survey_shares(answer_shares: pd.DataFrame, targets: Mapping[str, float] | None = None) -> Chart:
    """Share of the survey's answers per question and room, with its 95% interval and n, and the target as a mark.

    Parameters
    ----------
    answer_shares
        One row is a question x room; columns room, question, text, share, lower, upper, n; optionally hidden.
    targets
        Target share per question code.
    """
    targets = targets or {}
    bars = []
    for row in rows_in(answer_shares):
        target, hidden = targets.get(row.question), getattr(row, "hidden", "")
        share = None if hidden or formats.is_missing(row.share) else row.share
        words = hidden or "geen antwoorden"
        if share is not None:
            words = f"{formats.figure_beside_target(share, target, 'aandeel')[0]} van {formats.number(row.n)}"
        bars.append(_Bar(row.room, words, share, target, _interval(row), group=row.text))
    shown = answer_shares[answer_shares.get("hidden", pd.Series("", answer_shares.index)) == ""].dropna(subset="share")
    title = "Enquête: geen antwoorden om te tonen"
    if len(shown):
        most = of_total(shown).sort_values("share", kind="stable").iloc[-1]
        title = f"Enquête: {formats.percent(most['share'], 0)} is positief over “{most['text']}”"
    key = "aandeel positief met 95%-interval, aantal antwoorden"
    return _bars(bars, title, "aandeel", key=key, mark_key="streefwaarde", least=1.0)


def survey_answers(answers: pd.DataFrame) -> Chart:
    """How many people gave each answer, per question.

    `answers`: one row is an answer, of one room or of Totaal; columns text, answer, answer_text, persons (NaN: hidden).
    """
    rows = answers.groupby(["text", "answer", "answer_text"], sort=False)["persons"].sum(skipna=False).reset_index()
    rows = rows.sort_values(["text", "answer"], kind="stable")
    bars = [_Bar(row.answer_text, _persons(row.persons), row.persons, group=row.text) for row in rows_in(rows)]
    shown = rows.dropna(subset="persons")
    title = "Enquête: geen antwoorden om te tonen"
    if shown["persons"].sum() > 0:
        most = shown.loc[shown["persons"].idxmax()]
        title = (
            f"Enquête: het meest gegeven antwoord is “{most['answer_text']}” ({formats.number(most['persons'])} keer)"
        )
    return _bars(bars, title, "personen")


def budget_against_realised(finance: pd.DataFrame, items: Mapping[str, str], room: str = TOTAL) -> Chart:
    """Realised cost per group against the budget of the whole year, which is the mark.

    Parameters
    ----------
    finance
        One row is a figure; columns room, kind (budget, realised), item, value. The item `Totaal` gives the title.
    items
        The groups (or posts) to show with their names, in order.
    """
    budget, realised = (values_of(finance, kind, room) for kind in ("budget", "realised"))
    bars = []
    for item, name in items.items():
        words = f"{formats.euro(realised.get(item))} [{formats.euro(budget.get(item))}]"
        bars.append(_Bar(name, words, realised.get(item), budget.get(item)))
    title = f"{room}: geen kosten geboekt"
    if TOTAL in realised:
        title = f"{room}: {formats.euro(realised[TOTAL])} besteed"
    if TOTAL in realised and budget.get(TOTAL):
        title += f" van {formats.euro(budget[TOTAL])} ({formats.percent(realised[TOTAL] / budget[TOTAL], 0)})"
    return _bars(bars, title, "euro", key="gerealiseerd [begroot]", mark_key="begroot voor het hele jaar")


def ratios(finance: pd.DataFrame) -> Chart:
    """Each ratio on realised cost (bar) and on the budget (mark), per room.

    `finance`: one row is a figure; columns room, kind (ratio_budget, ratio_realised), item, value (0-1).
    """
    rows = finance[finance["kind"].isin(["ratio_budget", "ratio_realised"])]
    budget, realised = (
        {room: values_of(rows, kind, room) for room in rooms_of(rows)} for kind in ("ratio_budget", "ratio_realised")
    )
    bars = []
    for item in rows["item"].drop_duplicates():
        for room in realised:
            value, mark = realised[room].get(item), budget[room].get(item)
            words = f"{formats.percent(value, 0)} [{formats.percent(mark, 0)}]"
            bars.append(_Bar(room, words, value, mark, group=item))
    whole = list(realised)[-1] if realised else TOTAL
    parts = [f"{item} {formats.percent(value, 0)}" for item, value in realised.get(whole, {}).items()]
    title = f"{whole}: {formats.join(parts)} van de kosten" if parts else "Nog geen kengetallen over de kosten"
    return _bars(bars, title, "aandeel", key="gerealiseerd [begroot]", mark_key="begroot")


def funder_shares(
    finance: pd.DataFrame, kind: str = "share_agreed", of: str = "euro", items: Sequence[str] = (), most: int = 8
) -> Chart:
    """Shares of funders, or of kinds of funder, per room, the largest first.

    Parameters
    ----------
    finance
        One row is a figure; columns room, kind (share_agreed, share_realised), item (`<name> / euro`,
        `<name> / populair`), value (0-1).
    of
        `euro` (of the money) or `populair` (of money and volunteers' hours together).
    items
        The funders or the kinds to show; empty shows all.
    most
        Rows per room; the others are added up in one row.
    """
    rows = shares_of(finance[(finance["kind"] == kind) & (finance["value"] > 0)], of, items)
    rows = rows.sort_values(["value", "item"], ascending=[False, True])
    bars = []
    for room in rooms_of(finance):
        of_room = rows[rows["room"] == room]
        bars += [_Bar(r.item, _small_share(r.value), r.value, group=room) for r in rows_in(of_room.head(most))]
        rest = of_room["value"].iloc[most:]
        if len(rest):
            name = formats.plural(len(rest), "andere", "andere samen")
            bars.append(_Bar(name, _small_share(rest.sum()), rest.sum(), group=room, colour=PALE))
    title = "Geen bijdragen"
    if len(rows):
        first = of_total(rows).iloc[0]
        whole = "de euro's" if of == "euro" else "de populaire investering"
        name = str(first["item"])
        title = f"Grootste bijdrage: {name}, {formats.percent(first['value'], 0)} van {whole}"
    return _bars(bars, title, "aandeel")


def referral_funnel(referrals: pd.DataFrame) -> Chart:
    """Referred people by stage, per room, as people and as a share of the first stage.

    `referrals`: one row is a room x stage, in the order of the stages; columns room, stage, persons (NaN where hidden).
    """
    bars = []
    for room in rooms_of(referrals):
        of_room = referrals[referrals["room"] == room]
        first = of_room["persons"].iloc[0]
        for i, row in enumerate(rows_in(of_room)):
            words = _persons(row.persons)
            if i and first > 0 and not pd.isna(row.persons):
                words += f" ({formats.percent(row.persons / first, 0)})"
            bars.append(_Bar(row.stage, words, row.persons, group=room))
    stages = of_total(referrals).groupby("stage", sort=False)["persons"].sum(skipna=False).dropna()
    verbs = {stage: "doen mee" if stage == "doet mee" and persons != 1 else stage for stage, persons in stages.items()}
    found = formats.join([f"{formats.number(persons)} {verbs[stage]}" for stage, persons in stages.items()])
    return _bars(bars, f"Doorverwijzingen: {found or 'geen gegevens om te tonen'}", "personen")


def registrations(rows_by_month: pd.DataFrame) -> Chart:
    """Registered rows per table, room and month as a heat table; a month without any is outlined.

    `rows_by_month`: one row is a table x room x month; columns table, room, month (its first day), rows.
    """
    if rows_by_month.empty:
        return _nothing("Er is niets geregistreerd")
    months = pd.date_range(rows_by_month["month"].min(), rows_by_month["month"].max(), freq="MS")
    counts = rows_by_month.groupby(["table", "room", "month"])["rows"].sum().to_dict()
    left = 122
    step = (WIDTH - left) / max(len(months), 6)
    drawing, sentences, empty = Drawing(), [], 0
    _months(drawing, left, step, months)
    drawing.down(SMALL * LINE + 2)
    for table in rows_by_month["table"].drop_duplicates():
        drawing.heading(str(table))
        top = max(counts[key] for key in counts if key[0] == table)
        for room in rooms_of(rows_by_month):
            values = {month: counts.get((table, room, month), 0) for month in months}
            height = max(19, drawing.text(0, 3, room, left - 6, 2, SMALL) + 6)
            for i, value in enumerate(values.values()):
                # a light tint under dark ink, so that the number stays readable at every shade
                shade = 0.25 + 0.75 * value / top if value else 0.0
                drawing.bar(left + i * step + 1, 1, step - 2, 17, PALE if value else GRID, shade)
                colour, x = INK if value else MUTED, left + i * step + step / 2
                drawing.text(x, 3, formats.number(value), step - 3, 0, SMALL - 1, colour, align="center")
            drawing.down(height)
            gaps = [formats.month(month) for month, value in values.items() if not value]
            empty += len(gaps)
            nothing = f", niets in {formats.join(gaps)}" if gaps else ""
            sentences.append(f"{table}, {room}: {formats.number(sum(values.values()))}{nothing}")
        drawing.down(4)
    title = "Registraties: elke kamer, elke maand"
    if empty:
        title = f"Registraties: {formats.plural(empty, 'keer', 'keer')} een maand zonder rijen"
    return drawing.chart(title, ". ".join(sentences))


# --- rows of bars -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Bar:
    """A row of a chart: what it is, its figure in words, and what is drawn (None or NaN: nothing)."""

    label: str
    words: str
    value: float | None
    mark: float | None = None
    interval: tuple[float, float] | None = None
    colour: str = MAIN
    status: str = ""
    group: str = ""

    @property
    def ends(self) -> list[float]:
        values = [self.value, self.mark, *(self.interval or ())]
        return [value for value in values if value is not None and math.isfinite(value)]

    def in_words(self, unit: str, mark_key: str) -> str:
        words = f"{self.label}: {self.words}" + (
            f", {self.status}" if self.status and self.status != self.words else ""
        )
        if self.interval:
            words += ", 95%-interval " + " tot ".join(formats.figure(end, unit) for end in self.interval)
        if self.mark is not None and unit and "[" not in words:
            words += f", {mark_key} {formats.figure(self.mark, unit)}"
        return words


def _bars(
    bars: Sequence[_Bar], title: str, unit: str = "", key: str = "", mark_key: str = INTERIM,
    least: float = 0.0, scale: float | None = None,
) -> Chart:  # fmt: skip
    """Rows in groups. `least` is where the axis ends at least; with `scale` it ends there, and bars are cut."""
    if not bars:
        return _nothing(title)
    signs = SIGN if any(bar.status for bar in bars) else 0
    words = min(MOST_WORDS, max(width_of(bar.words, TEXT) for bar in bars) + 1)
    left, right = LABELS + GAP, WIDTH - words - signs - GAP
    ends = [end for bar in bars for end in bar.ends]
    low, high = (0.0, scale) if scale else (min([*ends, 0.0]), max([*ends, least]) or 1.0)

    def x(value: float) -> float:
        return left + (min(max(value, low), high) - low) / (high - low) * (right - left)

    drawing, group = Drawing(), ""
    if key:
        drawing.down(drawing.note(WIDTH, 0, key, WIDTH, 2, "right") + 2)
    for bar in bars:
        if bar.group != group:
            group = bar.group
            drawing.heading(group)
        used = drawing.text(0, 4, bar.label, LABELS, 4)
        used = max(used, drawing.text(right + GAP + signs, 4, bar.words, words, 2))
        middle = ROW / 2
        if bar.status:
            drawing.sign(right + GAP + 6, middle, bar.status)
        drawing.bar(left, middle - 5, right - left, 10, TRACK)
        if bar.value is not None and math.isfinite(bar.value):
            start, end = sorted((x(0.0), x(bar.value)))
            drawing.bar(start, middle - 5, max(end - start, 1.0), 10, bar.colour)
            if scale and bar.value > scale:
                drawing.text(right - 2, middle - 7.5, "»", 12, colour=BACKGROUND, bold=True, align="right", over=True)
        if bar.interval:
            drawing.marked([x(end) for end in bar.interval], [middle, middle], 1.6)
        if bar.mark is not None and math.isfinite(bar.mark):
            drawing.marked([x(bar.mark)] * 2, [middle - 8, middle + 8], 2)
        drawing.down(used + 7)
    if ends and (unit or scale):
        _axis(
            drawing,
            low,
            high,
            "percent" if scale or unit == "aandeel" else "",
            x,
            "van de streefwaarde" if scale else unit,
        )
    if any(bar.mark is not None for bar in bars):
        drawing.line([4, 4], [1, 15], INK, 2)
        drawing.down(drawing.note(12, 1, mark_key + (" (100%)" if scale else ""), WIDTH - 12) + 4)
    sentences, group = [], ""
    for bar in bars:
        head = f"{bar.group}. " if bar.group != group else ""
        sentences.append(head + bar.in_words(unit, mark_key))
        group = bar.group
    return drawing.chart(title, "; ".join(sentences))


def _axis(drawing: Drawing, low: float, high: float, form: str, x: Callable[[float], float], name: str) -> None:
    """Ticks with their unit, as many as fit beside each other."""
    first, last = math.inf, -math.inf
    for tick in _ticks(low, high):
        words = formats.percent(tick) if form else formats.number(tick, 0 if float(tick).is_integer() else 1)
        half = width_of(words, SMALL) / 2
        if x(tick) - half > last + 4:
            drawing.line([x(tick)] * 2, [0, 3], MUTED)
            drawing.note(x(tick), 4, words, 90, align="center")
            first, last = min(first, x(tick) - half), x(tick) + half
    drawing.note(first - GAP, 4, "procent" if name == "aandeel" else name, first - GAP, align="right")
    drawing.down(SMALL * LINE + 8)


def _ticks(low: float, high: float) -> list[float]:
    return [t for t in MaxNLocator(nbins=3, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high) if low <= t <= high]


def _months(drawing: Drawing, left: float, step: float, months: Iterable[pd.Timestamp] | None = None) -> None:
    for i, month in enumerate(pd.date_range("2021-01-01", periods=12, freq="MS") if months is None else months):
        drawing.note(left + (i + 0.5) * step, 0, formats.month(month, short=True), step, 0, "center")


# --- from frame to words ----------------------------------------------------------------------------------------


def _pair(row: Row) -> tuple[float | None, float | None, str]:
    """Value and interim target as they are drawn (None: not), and both in words."""
    target = None if formats.is_missing(row.interim_target) else row.interim_target
    mark = None if isinstance(target, str) else target
    if row.hidden or formats.is_missing(row.value):
        return None, mark, str(row.hidden) or "geen gegevens"
    value, of_target = formats.figure_beside_target(row.value, target, row.unit)
    return (
        None if isinstance(row.value, str) else row.value,
        mark,
        value if target is None else f"{value} [{of_target}]",
    )


def _interval(row: Row) -> tuple[float, float] | None:
    return None if getattr(row, "hidden", "") or formats.is_missing(row.lower) else (row.lower, row.upper)


def _finding(row: Row) -> str:
    """`Taal: 63 personen, 13 boven de tussentijdse streefwaarde`"""
    value, target, words = _pair(row)
    shown = words.split(" [")[0]
    if value is None or target is None:
        return f"{row['name']}: {shown}"
    unit, gap = row["unit"], abs(value - target)
    noun = {"aandeel": "", "cijfer": " gemiddeld"}.get(unit, f" {unit}")
    if not gap:
        return f"{row['name']}: {shown}{noun}, gelijk aan de {INTERIM}"
    if unit == "aandeel":
        size = f"{formats.number(gap * 100, 0 if gap >= 0.01 else 2)} procentpunt"
    else:
        size = formats.figure(gap, unit, 0 if gap >= 1 and unit != "cijfer" else 1 if gap >= 0.1 else 2)
    return f"{row['name']}: {shown}{noun}, {size} {'boven' if value > target else 'onder'} de {INTERIM}"


def _judged(scorecard: pd.DataFrame) -> pd.DataFrame:
    return scorecard[scorecard["status"].isin(JUDGED)]


def _statuses(room: str, rows: pd.DataFrame) -> str:
    """How many indicators of a room have which status, and which of them are near or behind."""
    names = {word: list(rows.loc[rows["status"] == word, "name"]) for word in formats.SIGNS}
    counts = formats.join([f"{len(of_status)} {word}" for word, of_status in names.items() if of_status])
    lists = [f"; {word}: {formats.join(names[word])}" for word in ("nabij", "achter") if names[word]]
    return f"{room}: {counts}{''.join(lists)}"


def _persons(persons: float) -> str:
    return "verborgen" if pd.isna(persons) else formats.number(persons)


def _small_share(share: float) -> str:
    """A share that is not nothing does not show as 0%."""
    return formats.percent(share, 0 if share >= 0.005 else 1)


def _nothing(title: str) -> Chart:
    drawing, words = Drawing(), "Er zijn geen gegevens om te tekenen."
    drawing.down(drawing.text(0, 4, words, WIDTH, colour=MUTED) + 8)
    return drawing.chart(title, words)
