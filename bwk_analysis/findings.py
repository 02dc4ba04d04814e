"""What a reader should know first: frames as an edition may show them go in, a frame comes out, one row is a finding.

Only what both ends of a figure say is a finding, so no finding tells more than the frame it comes from. Rooms work
where the energy of their residents is: above one target and below another is expected; no finding blames or praises.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import pandas as pd

from bwk_analysis.agreement import TOTAL, Agreement
from bwk_analysis.finance import UNASSIGNED, UNKNOWN
from bwk_analysis.status import BEHIND, HIDDEN, LATE, MET, NEAR, NO_DATA, ON_COURSE, STATUS, WORDS, seen
from bwk_analysis.steps import PUBLIC, Shown, Span, added, is_exact

MOST = 3  # of what went well, and of what to work on

Row = Any  # a row of itertuples: its fields are the columns of the frame
Amounts: TypeAlias = Mapping[tuple[str, str], Mapping[str, Span]]


# --- the scorecard ----------------------------------------------------------------------------------------------------


def standing(card: Shown) -> dict[str, int]:
    """Word of a status -> how many of the targets that were agreed for a room have it; nobody agreed one for Totaal."""
    found = pd.Series([seen(row) for row in _agreed(card).itertuples()], dtype=object)
    return {word: int((found == word).sum()) for word in STATUS if (found == word).any()}


def may_be_chance(card: Shown) -> int:
    """How many of the targets of rooms that were met, or are on course, are of a share whose interval holds them."""
    rows = _agreed(card)
    rows = rows[rows["uncertain"].eq(True)]
    return sum(seen(row) in (WORDS[MET], ON_COURSE) for row in rows.itertuples())


def _agreed(card: Shown) -> pd.DataFrame:
    return card.frame[card.frame["room"].ne(TOTAL) & card.frame["target"].notna()]


def missed(card: Shown) -> pd.DataFrame:
    """The indicators that two or more rooms did not reach, those of most rooms first. One row is an indicator: name,
    word (of the first one's status) and rows (of the scorecard)."""
    rows = _agreed(card)
    words = pd.Series([seen(row) for row in rows.itertuples()], rows.index, dtype=object)
    rows = rows.assign(word=words)[words.isin([WORDS[BEHIND], LATE])]
    each = (of for _, of in rows.groupby("indicator", sort=False))
    found = [[of.iloc[0]["name"], of.iloc[0]["word"], list(of.itertuples())] for of in each]
    found = sorted((each for each in found if len(each[2]) > 1), key=lambda each: -len(each[2]))
    return pd.DataFrame(found, columns=["name", "word", "rows"])


def missed_once(card: Shown) -> int:
    """How many indicators just one room did not reach."""
    rows = _agreed(card)
    codes = [row.indicator for row in rows.itertuples() if seen(row) in (WORDS[BEHIND], LATE)]
    return sum(codes.count(code) == 1 for code in set(codes))


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


def leading(card: Shown, agreement: Agreement) -> Row | None:
    """The row of the indicator that costs are divided by, or None where its figure is not told."""
    rows = card.frame[card.frame["indicator"].eq(agreement.settings.cost_per) & card.frame["value"].notna()]
    return next(rows.itertuples(), None)


def hidden(card: Shown, agreement: Agreement) -> bool:
    """Whether the figure that costs are divided by is there, and not told."""
    return any(seen(row) == HIDDEN for row in card.pick(indicator=agreement.settings.cost_per).frame.itertuples())


def aim(row: Row) -> Any:
    """What a figure is held against: what is due by now, and where nothing is, the target of the year."""
    return row.target if row.interim_target is None else row.interim_target


def on_the_wall(card: Shown, agreement: Agreement, most: int = MOST) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What went well and what to work on, for everyone to read: rows of one room's scorecard that are exact counts and
    not sensitive, the furthest from their target first."""
    private = set(agreement.indicators.loc[agreement.indicators["sensitive"].eq("ja"), "code"])
    rows = card.frame[~card.frame["indicator"].isin({*private, agreement.settings.cost_per})]
    counts = rows[_are_exact(rows["value"]) & _are_exact(rows["target"]) & ~rows["unit"].isin(["aandeel", "cijfer"])]
    rows = counts.loc[[goal.low > 0 for goal in counts["target"]]]
    part = pd.Series([row.value.low / (aim(row).low or 1) for row in rows.itertuples()], rows.index, dtype=float)
    rows = rows.assign(part=part, word=[seen(row) for row in rows.itertuples()])
    well = rows[rows["word"].isin([WORDS[MET], ON_COURSE])].sort_values("part", ascending=False, kind="stable")
    work = rows[rows["word"].isin([WORDS[NEAR], WORDS[BEHIND], LATE])].sort_values("part", kind="stable")
    return well.head(most), work.head(most)


def _are_exact(cells: pd.Series) -> pd.Series:
    return cells.map(lambda cell: isinstance(cell, Span) and is_exact(cell)).astype(bool)


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


def unknown(euros: Amounts, room: str) -> float:
    """Euros on accounts that the agreement does not know; of Totaal those of all rooms, whichever way they go."""
    rooms = {of for _, of in euros if of != TOTAL} if room == TOTAL else {room}
    return sum(abs(euros["result", of][UNKNOWN].low) for of in rooms if UNKNOWN in euros["result", of])


def to_mend(euros: Amounts, room: str) -> float:
    """The same, and for Totaal what stands on no room."""
    kinds = ("realised", "funding_realised") if room == TOTAL else ()
    return unknown(euros, room) + sum(abs(euros[kind, UNASSIGNED].get(TOTAL, Span(0, 0)).low) for kind in kinds)


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


# --- words and problems -----------------------------------------------------------------------------------------------


def explained(card: Shown, agreement: Agreement, period: pd.Period) -> pd.DataFrame:
    """The rooms' own words for a period. One row is a text: room, indicator (or post), name (of it),
    text, action, who, by, told.

    Not told are words beside a figure that is sensitive, in steps or left out, and in the edition for everyone any
    words that hold a figure: they could say what the frame does not.
    """
    about = agreement.indicators.set_index("code")
    rows = agreement.explanations
    rows = rows[rows["period"].eq(str(period)) & rows["text"].notna() & rows["text"].ne("")]
    rows = rows.assign(room=rows["room"].map(lambda code: agreement.room_names.get(code, code)))
    rows = rows[rows["room"].isin(card.frame["room"])]
    names = rows["indicator"].map(about["name"]).fillna(rows["indicator"])
    private = set(about.index[about["sensitive"].eq("ja")])
    told = [row.indicator not in private and _is_open(card, row) for row in rows.itertuples()]
    return rows.assign(name=names, told=pd.Series(told, rows.index, dtype=bool))[
        ["room", "indicator", "name", "text", "action", "who", "by", "told"]
    ]


def _is_open(card: Shown, row: Row) -> bool:
    """Whether words may stand beside their figure: it is exact, a verdict, or there are no data."""
    if card.edition == PUBLIC and _holds_figures(row.text, row.action, row.who, row.by):
        return False
    figures = card.pick(room=row.room, indicator=row.indicator).frame
    return all(
        figure.status == NO_DATA or isinstance(figure.value, str) or is_exact(figure.value)
        for figure in figures.itertuples()
    )


def _holds_figures(*texts: Any) -> bool:
    return any(map(str.isdigit, " ".join(text for text in texts if isinstance(text, str))))


def to_decide(agreement: Agreement, period: pd.Period, edition: str) -> pd.DataFrame:
    """What is for the board to decide in a period. One row is a matter: text, told; in the edition for everyone none is
    told that holds a figure."""
    rows = agreement.decisions
    rows = rows.loc[rows["period"].eq(str(period)) & rows["text"].notna(), ["text"]]
    told = [edition != PUBLIC or not _holds_figures(text) for text in rows["text"]]
    return rows.assign(told=pd.Series(told, rows.index, dtype=bool))


def wrong_totals(printed: Shown) -> pd.DataFrame:
    """The printed totals of the agreement that are not what their lines give. One row is a printed total."""
    return printed.frame.loc[[any(difference) for difference in printed.frame["difference"]]]
