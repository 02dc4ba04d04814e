"""What a reader should know first: frames as an edition may show them go in, a frame comes out, one row is a finding.

Only what both ends of a figure say is a finding, so no finding tells more than the frame it comes from. Rooms work
where the energy of their residents is: above one target and below another is expected; no finding blames or praises.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import pandas as pd

from bwk_analysis.agreement import NEGATIVE, TOTAL, Agreement
from bwk_analysis.finance import AGREED, REALISED, RESULT
from bwk_analysis.indicators import BEHIND, MET, NEAR, NO_DATA, UNDERWAY
from bwk_analysis.steps import PUBLIC, Shown, Span, added, exact, is_exact

JUDGED = (MET, NEAR, BEHIND)  # the statuses that compare a figure with what was agreed
MOST = 3  # of each kind of finding
NEARBY = 0.9  # of the interim target, where the agreement does not say otherwise
TIMES = 2  # from twice the target on, "2,5 keer" reads better than "150% boven"
FEW = 5  # where fewer are expected, a gap is one or two people
SMALL = 20  # of fewer than this a percentage says little
LEDGER = "grootboek: "  # how the problems of ledger controls begin

Row = Any  # a row of itertuples: its fields are the columns of the frame
Amounts: TypeAlias = Mapping[tuple[str, str], Mapping[str, Span]]


# --- the scorecard ----------------------------------------------------------------------------------------------------


def standing(card: Shown) -> dict[str, int]:
    """Status -> how many of the targets that were agreed for a room have it; nobody agreed one for Totaal."""
    return {str(status): int(count) for status, count in _agreed(card)["status"].value_counts().items()}


def may_be_chance(card: Shown) -> int:
    """How many of the targets of rooms that were met are of a share whose interval holds what was agreed."""
    rows = _agreed(card)
    return int((rows["status"].eq(MET) & rows["uncertain"].eq(True)).sum())


def _agreed(card: Shown) -> pd.DataFrame:
    return card.frame[card.frame["room"].ne(TOTAL) & card.frame["target"].notna()]


def furthest(card: Shown, most: int = MOST, near: float = NEARBY) -> pd.DataFrame:
    """The figures furthest above, then furthest below what was agreed by now; the uncertain ones left out.

    One row is a row of the scorecard, an indicator once in each direction; least and most are the ends of the part of
    the interim target that was reached.
    """
    rows = _comparable(card)
    rows = rows[rows["unit"].isin(("aandeel", "cijfer")) | (rows["goal"] >= FEW)]
    above = rows[rows["least"] > 2 - near].sort_values("least", kind="stable")[::-1]
    below = rows[rows["status"].eq(BEHIND) & (rows["most"] < 1)].sort_values("most", kind="stable")
    return pd.concat([part.drop_duplicates("indicator").head(most) for part in (above, below)])


def changed(card: Shown, before: Shown, most: int = MOST, near: float = NEARBY) -> pd.DataFrame:
    """The figures that changed most since the period before, beside the target of the year.

    One row is a row of the scorecard with step, the least that it changed as a part of that target, and of the period
    before value_before. Left out is what overlaps with what it was, what had met its target and still does, and what
    may be chance or a few people.
    """
    now, then = (rows[_are_spans(rows, "value", "target")] for rows in (card.frame, before.frame))
    of_before = ["room", "indicator", "value", "status", "lower", "upper"]
    pairs = now.merge(then[of_before], on=of_before[:2], suffixes=("", "_before"))
    both = zip(pairs["value"], pairs["value_before"], pairs["target"], strict=True)
    apart = [(max(one.low - other.high, other.low - one.high), goal.low) for one, other, goal in both]
    pairs = pairs.assign(step=[change / goal if goal else 0.0 for change, goal in apart])
    still_met = pairs["status"].eq(MET) & pairs["status_before"].eq(MET)
    pairs = pairs[(pairs["step"] >= 1 - near) & ~still_met].sort_values("step", ascending=False, kind="stable")
    return pairs.loc[[_is_news(row) for row in pairs.itertuples()]].head(most)


def uncertain(card: Shown) -> pd.DataFrame:
    """The shares whose interval holds the target. One row is a row of the scorecard."""
    frame = card.frame
    return frame[frame["uncertain"].eq(True) & frame["lower"].notna() & frame["value"].notna()]


def largest(cells: Sequence[Any]) -> list[int]:
    """Which of them is the largest whatever the numbers within the ranges are; more where exact ones are equal."""
    if not cells or not all(isinstance(cell, Span) for cell in cells):
        return []
    highest = max(span.high for span in cells)
    top = [at for at, span in enumerate(cells) if span.high == highest]
    others = [span.high for at, span in enumerate(cells) if at not in top]
    sure = len(top) == 1 or all(cells[at].low == highest for at in top)
    return top if sure and highest > 0 and cells[top[0]].low > max(others, default=-1.0) else []


def verdicts(card: Shown) -> pd.DataFrame:
    """Verdicts that are Negatief. One row is an indicator: indicator, name, rooms (a list of names)."""
    negative = card.frame[card.frame["value"].eq(NEGATIVE)]
    return negative.groupby(["indicator", "name"], sort=False)["room"].agg(list).rename("rooms").reset_index()


def leading(card: Shown, agreement: Agreement) -> Row | None:
    """The row of the indicator that costs are divided by, or None where its figure is not told."""
    rows = card.frame[card.frame["indicator"].eq(agreement.settings.cost_per) & card.frame["value"].notna()]
    return next(rows.itertuples(), None)


def comparison(row: Row) -> str:
    """How a figure may be held against what was agreed by now, or for the year where that is met already: `keer`,
    `precies`, `boven` or `onder`.

    Empty where a percentage would say little, or more than is told: of few, of shares and marks, of a figure in steps.
    """
    value, target = row.value, aim(row)
    if not (isinstance(value, Span) and isinstance(target, Span)) or row.status not in JUDGED or row.uncertain:
        return ""
    if value.low != value.high or value.low == 0 or target.low < SMALL or row.unit in ("aandeel", "cijfer"):
        return ""
    if value.low >= TIMES * target.low:
        return "keer"
    return "precies" if value == target else "boven" if value.low > target.low else "onder"


def aim(row: Row) -> Any:
    """What a figure is held against: what is due by now, and where nothing is, the target of the year."""
    return row.target if row.interim_target is None else row.interim_target


def _comparable(card: Shown) -> pd.DataFrame:
    """The rows with a judged and certain figure, and goal, least and most: the ends of the part of the goal reached."""
    rows = card.frame[card.frame["status"].isin(JUDGED) & ~card.frame["uncertain"].eq(True)]
    rows = rows.assign(goal=pd.Series([aim(row) for row in rows.itertuples()], rows.index, dtype=object))
    rows = rows[_are_spans(rows, "value", "goal")]
    rows = rows.loc[[goal.low > 0 for goal in rows["goal"]]]
    goal, least, most = (
        pd.Series([span[end] for span in rows[column]], rows.index, dtype=float)
        for column, end in (("goal", 0), ("value", 0), ("value", 1))
    )
    return rows.assign(goal=goal, least=least / goal, most=most / goal)


def _are_spans(rows: pd.DataFrame, *columns: str) -> pd.Series:
    return rows[[*columns]].map(lambda cell: isinstance(cell, Span)).all(axis=1).astype(bool)


def _is_news(row: Row) -> bool:
    """Whether a change is more than chance or a few people."""
    if row.unit == "aandeel":
        ends = (row.lower, row.upper, row.lower_before, row.upper_before)
        return all(isinstance(end, Span) for end in ends) and (
            row.lower.low > row.upper_before.high or row.upper.high < row.lower_before.low
        )
    return row.unit == "cijfer" or (row.target.low >= SMALL and row.step * row.target.low >= FEW)


# --- money ------------------------------------------------------------------------------------------------------------


def amounts(finance: Shown) -> Amounts:
    """(kind, room) -> item -> figure; an item that is not known or not told is absent."""
    found: defaultdict[tuple[str, str], dict[str, Span]] = defaultdict(dict)
    frame = finance.frame
    for kind, room, item, value in zip(frame["kind"], frame["room"], frame["item"], frame["value"], strict=True):
        if isinstance(value, Span):
            found[kind, room][item] = value
    return found


def plus(one: Span | None, other: Span | None) -> Span | None:
    """The sum of two figures; None where one is not told."""
    return None if one is None or other is None else added([one, other])


def minus(one: Span | None, other: Span | None) -> Span | None:
    """What one figure is more than another; None where one is not told."""
    return None if one is None or other is None else Span(one.low - other.high, one.high - other.low)


def times(figure: Span, factor: float) -> Span:
    """A figure multiplied."""
    return Span(*sorted(end * factor for end in figure))


def size(figure: Span) -> Span:
    """How large a difference is, whichever way it goes."""
    return figure if figure.high > 0 else times(figure, -1)


def overspent(euros: Amounts, agreement: Agreement, room: str) -> pd.DataFrame:
    """The posts on which more was spent than was agreed for the whole year, the furthest first.

    One row is a post: post, description, over (a span of euros). Less than a euro is nothing.
    """
    left = euros["budget_left", room]
    rows = agreement.budget.drop_duplicates("post")
    over = [times(left[post], -1) if post in left else None for post in rows["post"]]
    rows = rows[["post", "description"]].assign(over=pd.Series(over, rows.index, dtype=object))
    rows = rows.loc[[span is not None and span.low >= 1 for span in over]]
    return rows.sort_values("over", ascending=False, kind="stable")


def to_come(euros: Amounts, room: str = TOTAL) -> pd.DataFrame:
    """Of whom something is still to come, the largest first. One row is a funder: funder, left (a span)."""
    due = {funder: left for funder, left in euros["to_receive", room].items() if funder != TOTAL and left.high >= 1}
    found = pd.DataFrame({"funder": [*due], "left": pd.Series([*due.values()], dtype=object)})
    return found.sort_values("left", ascending=False, kind="stable")


def paid_back(euros: Amounts, funders: Sequence[str], rooms: Sequence[str]) -> pd.DataFrame:
    """Where a funder got back more than it paid, so that there are no shares. One row is a funder and a room."""
    pairs = [(funder, room, euros["funding_realised", room].get(funder)) for room in rooms for funder in funders]
    return pd.DataFrame([pair for pair in pairs if pair[2] and pair[2].high < 0], columns=["funder", "room", "euro"])


def earmarks(euros: Amounts, agreement: Agreement, funder: str) -> pd.DataFrame:
    """What parts of a contribution are for. One row is a purpose: purpose, agreed and cost (a span, or None), and lists
    of the rooms and indicators named for it, and of the posts that it pays."""
    marks = agreement.earmarks[agreement.earmarks["funder"] == funder]
    names = dict(zip(agreement.indicators["code"], agreement.indicators["name"], strict=True)) | agreement.room_names
    labels = agreement.groups | agreement.posts  # a group as a group, unless a post is called the same
    rows = []
    for purpose, of_purpose in marks.groupby("purpose", sort=False):
        rooms, codes, posts = (list(of_purpose[name].dropna().unique()) for name in ("room", "indicator", "post"))
        figures = (euros[kind, TOTAL].get(f"{funder} / {purpose}") for kind in ("earmark_agreed", "earmark_cost"))
        rows.append(
            [purpose, *figures, [names[r] for r in rooms], [names[c] for c in codes], [labels[p] for p in posts]]
        )
    return pd.DataFrame(rows, columns=["purpose", "agreed", "cost", "rooms", "indicators", "posts"])


def paid_rooms(euros: Amounts, funder: str, rooms: Sequence[str]) -> list[str]:
    """The rooms for which a funder agreed or paid something."""
    kinds = ("funding_agreed", "funding_realised")
    return [room for room in rooms if any(any(euros[kind, room].get(funder, ())) for kind in kinds)]


def key_figures(card: Shown, finance: Shown, agreement: Agreement, room: str = TOTAL) -> pd.DataFrame:
    """What to show large. One row is a figure: name, value, unit, beside (what was agreed, or None), of, status.

    of : what `beside` is: empty (targets agreed), `tussendoel` or `jaar`. What was not delivered or told has no row.
    """
    mine, euros = card.pick(room=room), amounts(finance)
    counts = standing(card if room == TOTAL else mine)
    chance = may_be_chance(card if room == TOTAL else mine)
    met = f"Streefwaarden gehaald, waarvan {chance} toeval {'kan' if chance == 1 else 'kunnen'} zijn"
    rows: list[tuple[Any, ...]] = [
        (
            met if chance else "Streefwaarden gehaald",
            exact(counts.get(MET, 0)),
            "aantal",
            exact(sum(counts.values())),
            "",
            "",
        )
    ]
    lead = leading(mine, agreement)
    if lead is not None and isinstance(lead.value, Span):
        status = lead.status if lead.status in (*JUDGED, UNDERWAY) else ""
        target = goal if isinstance(goal := aim(lead), Span) else None
        rows.append(
            (lead.name, lead.value, lead.unit, target, "jaar" if target == lead.target else "tussendoel", status)
        )
    hours = euros["volunteer_hours", room]
    for name, realised, agreed, unit in (
        ("Uren van vrijwilligers", hours.get(REALISED), hours.get(AGREED), "uren"),
        ("Uitgegeven", euros["realised", room].get(TOTAL), euros["budget", room].get(TOTAL), "euro"),
        ("Ontvangen", euros["funding_realised", room].get(TOTAL), euros["funding_agreed", room].get(TOTAL), "euro"),
    ):
        if realised is not None:
            rows.append((name, realised, unit, agreed if agreed and any(agreed) else None, "jaar", ""))
    if left := euros["result", room].get(RESULT):
        rows.append((RESULT.capitalize(), left, "euro", None, "", ""))
    return pd.DataFrame(rows, columns=["name", "value", "unit", "beside", "of", "status"])


# --- words and problems -----------------------------------------------------------------------------------------------


def explained(card: Shown, agreement: Agreement, period: pd.Period) -> pd.DataFrame:
    """The rooms' own words for a period. One row is a text: room, name (of the indicator or post), text, told.

    Not told are words beside a figure that is sensitive, in steps or left out, and in the edition for everyone any
    words that hold a figure: they could say what the frame does not.
    """
    about = agreement.indicators.set_index("code")
    rows = agreement.explanations
    rows = rows[rows["period"].str.upper().eq(str(period)) & rows["text"].notna() & rows["text"].ne("")]
    rows = rows.assign(room=rows["room"].map(lambda code: agreement.room_names.get(code, code)))
    rows = rows[rows["room"].isin(card.frame["room"])]
    names = rows["indicator"].map(about["name"]).fillna(rows["indicator"])
    private = set(about.index[about["sensitive"].eq("ja")])
    told = [row.indicator not in private and _is_open(card, row) for row in rows.itertuples()]
    return rows.assign(name=names, told=pd.Series(told, rows.index, dtype=bool))[["room", "name", "text", "told"]]


def _is_open(card: Shown, row: Row) -> bool:
    """Whether words may stand beside their figure: it is exact, a verdict, or there are no data."""
    if card.edition == PUBLIC and any(map(str.isdigit, row.text)):
        return False
    figures = card.pick(room=row.room, indicator=row.indicator).frame
    return all(
        figure.status == NO_DATA or isinstance(figure.value, str) or is_exact(figure.value)
        for figure in figures.itertuples()
    )


def wrong_totals(printed: Shown) -> pd.DataFrame:
    """The printed totals of the agreement that are not what their lines give. One row is a printed total."""
    return printed.frame.loc[[any(difference) for difference in printed.frame["difference"]]]


def failed_controls(problems: pd.DataFrame) -> dict[str, int]:
    """What the ledger's controls found -> how often."""
    texts = problems["problem"].astype("str")
    found = texts[texts.str.startswith(LEDGER)].str.removeprefix(LEDGER)
    return {str(text): int(times) for text, times in found[~found.str.contains(r"\d")].value_counts(sort=False).items()}
