"""What a reader should know first: frames as an edition may show them go in, a frame comes out, one row is a finding.

Only what both ends of a figure say is a finding, so no finding tells more than the frame it comes from. Rooms work
where the energy of their residents is: above one target and below another is expected; no finding blames or praises.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from bwk_analysis.agreement import NEGATIVE, TOTAL, Agreement
from bwk_analysis.finance import AGREED, REALISED, UNASSIGNED
from bwk_analysis.indicators import BEHIND, MET, NEAR, NO_DATA
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
    """Status -> how many rows have it."""
    return {str(status): int(count) for status, count in card.frame["status"].value_counts().items()}


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
    """The largest changes of the part of the interim target that was reached, for figures since 1 January always grow.

    One row is a row of the scorecard with least and most, the ends of that part, and of the period before value_before,
    interim_target_before, least_before and most_before. Left out is what overlaps with what it was, what was and is
    above its interim target, and what may be chance or a few people.
    """
    of_before = ["room", "indicator", "value", "interim_target", "least", "most", "lower", "upper"]
    pairs = _comparable(card).merge(_comparable(before)[of_before], on=of_before[:2], suffixes=("", "_before"))
    step = np.maximum(pairs["least"] - pairs["most_before"], pairs["least_before"] - pairs["most"])
    still_met = pairs["status"].eq(MET) & (pairs["least_before"] >= 1)
    pairs = pairs.assign(step=step)[(step >= 1 - near) & ~still_met].sort_values("step", ascending=False, kind="stable")
    return pairs.loc[[_is_news(row) for row in pairs.itertuples()]].head(most)


def uncertain(card: Shown) -> pd.DataFrame:
    """The shares whose interval holds the target. One row is a row of the scorecard."""
    frame = card.frame
    return frame[frame["uncertain"].eq(True) & frame["lower"].notna() & frame["value"].notna()]


def verdicts(card: Shown) -> pd.DataFrame:
    """Verdicts that are Negatief. One row is an indicator: indicator, name, rooms (a list of names)."""
    negative = card.frame[card.frame["value"].eq(NEGATIVE)]
    return negative.groupby(["indicator", "name"], sort=False)["room"].agg(list).rename("rooms").reset_index()


def leading(card: Shown, agreement: Agreement) -> Row | None:
    """The row of the indicator that costs are divided by, or None where its figure is not told."""
    rows = card.frame[card.frame["indicator"].eq(agreement.settings.cost_per) & card.frame["value"].notna()]
    return next(rows.itertuples(), None)


def comparison(row: Row) -> str:
    """How a figure may be held against what was agreed by now: `keer`, `precies`, `boven` or `onder`.

    Empty where a percentage would say little, or more than is told: of few, of shares and marks, of a figure in steps.
    """
    value, target = row.value, row.interim_target
    if not (isinstance(value, Span) and isinstance(target, Span)) or row.status not in JUDGED or row.uncertain:
        return ""
    if value.low != value.high or value.low == 0 or target.low < SMALL or row.unit in ("aandeel", "cijfer"):
        return ""
    if value.low >= TIMES * target.low:
        return "keer"
    return "precies" if value == target else "boven" if value.low > target.low else "onder"


def _comparable(card: Shown) -> pd.DataFrame:
    """The rows with a judged and certain figure, and goal, least and most: the ends of the part of the goal reached."""
    rows = card.frame[card.frame["status"].isin(JUDGED) & ~card.frame["uncertain"].eq(True)]
    both = zip(rows["value"], rows["interim_target"], strict=True)
    rows = rows.loc[[isinstance(value, Span) and isinstance(goal, Span) and goal.low > 0 for value, goal in both]]
    goal, least, most = (
        pd.Series([span[end] for span in rows[column]], rows.index, dtype=float)
        for column, end in (("interim_target", 0), ("value", 0), ("value", 1))
    )
    return rows.assign(goal=goal, least=least / goal, most=most / goal)


def _is_news(row: Row) -> bool:
    """Whether a change is more than chance or a few people."""
    if row.unit == "aandeel":
        ends = (row.lower, row.upper, row.lower_before, row.upper_before)
        return all(isinstance(end, Span) for end in ends) and (
            row.lower.low > row.upper_before.high or row.upper.high < row.lower_before.low
        )
    return row.unit == "cijfer" or (row.goal >= SMALL and row.step * row.goal >= FEW)


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


def posts(euros: Amounts, agreement: Agreement, room: str, elapsed: float) -> pd.DataFrame:
    """The posts that are furthest, in euros, above and below the part of the budget that belongs to the date.

    One row is a post: post, description, ahead (a span of euros; below 0 is less spent). Less than a euro is nothing.
    """
    budget, spent = euros["budget", room], euros["realised", room]
    rows = agreement.budget.drop_duplicates("post")
    rows = rows[rows["post"].isin(set(budget) & set(spent))]
    ahead = [minus(spent[post], times(budget[post], elapsed)) for post in rows["post"]]
    rows = rows[["post", "description"]].assign(ahead=pd.Series(ahead, rows.index, dtype=object))
    ranked = sorted(rows.itertuples(), key=lambda row: row.ahead.low)
    most = [row.Index for row in ranked[::-1][:1] if row.ahead.low >= 1]
    least = [row.Index for row in ranked[:1] if row.ahead.high <= -1]
    return rows.loc[most + least]


def unmapped(euros: Amounts, rooms: Sequence[str]) -> Span:
    """The euros on accounts that are nowhere in the agreement, of these rooms and of the lines without a room."""
    return added(euros["realised", room].get(UNASSIGNED) for room in rooms)


def paid_rooms(euros: Amounts, funder: str, rooms: Sequence[str]) -> list[str]:
    """The rooms for which a funder agreed or paid something."""
    kinds = ("funding_agreed", "funding_realised")
    return [room for room in rooms if any(any(euros[kind, room].get(funder, ())) for kind in kinds)]


def key_figures(card: Shown, finance: Shown, agreement: Agreement, room: str = TOTAL) -> pd.DataFrame:
    """What to show large. One row is a figure: name, value, unit, beside (what was agreed, or None), of, status.

    of : what `beside` is: empty (targets judged), `tussendoel` or `jaar`. What was not delivered or told has no row.
    """
    mine, euros = card.pick(room=room), amounts(finance)
    counts = standing(mine)
    judged = sum(counts.get(status, 0) for status in JUDGED)
    rows: list[tuple[Any, ...]] = [
        ("Streefwaarden gehaald", exact(counts.get(MET, 0)), "aantal", exact(judged), "", "")
    ]
    lead = leading(mine, agreement)
    if lead is not None and isinstance(lead.value, Span):
        status = lead.status if lead.status in JUDGED else ""
        target = lead.interim_target if isinstance(lead.interim_target, Span) else None
        rows.append((lead.name, lead.value, lead.unit, target, "tussendoel", status))
    hours = euros["volunteer_hours", room]
    for name, realised, agreed, unit in (
        ("Uren van vrijwilligers", hours.get(REALISED), hours.get(AGREED), "uren"),
        ("Uitgegeven", euros["realised", room].get(TOTAL), euros["budget", room].get(TOTAL), "euro"),
        ("Ontvangen", euros["funding_realised", room].get(TOTAL), euros["funding_agreed", room].get(TOTAL), "euro"),
    ):
        if realised is not None:
            rows.append((name, realised, unit, agreed if agreed and any(agreed) else None, "jaar", ""))
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
