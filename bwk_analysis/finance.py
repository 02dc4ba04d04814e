"""Money: ledger lines with what they are for; what was agreed and realised, what is left and still to come, ratios,
funder shares, cost per result.

Every figure is a row of one tidy frame: period, room, kind, item, value, unit.
"""

from collections.abc import Mapping, Sequence
from math import fsum
from typing import TypeAlias

import numpy as np
import pandas as pd

from bwk_analysis import periods
from bwk_analysis.agreement import TOTAL, Agreement, once, round_half_up
from bwk_analysis.data import Data

COLUMNS = ["period", "room", "kind", "item", "value", "unit"]
CENT = 0.005  # less than this is the noise of floating point
UNASSIGNED = "niet toegewezen"
VOLUNTEERS = "vrijwilligers"
PER_PERSON, PER_VISIT, HOURS_PER_EURO = "euro per deelnemer", "euro per deelname", "uren per euro"
AGREED, REALISED, YEARLY = "afgesproken", "gerealiseerd", "per vrijwilliger per jaar"  # of volunteers' hours
RESULT, UNKNOWN = "ontvangen min uitgegeven", "onbekende rekeningen"
LEDGER, HOURS, VISITS = "grootboek", "vrijwilligersuren", "deelnames"
LINE = [
    "datum", "room", "post", "group", "funder", "kind", "euro", "boekstuk", "rekening", "balance_sheet", "mapped",
    "source_file", "source_sheet", "source_row",
]  # fmt: skip

Amounts: TypeAlias = pd.Series  # index (room, item), values in euros


def _amounts(lines: pd.DataFrame, columns: Sequence[str], rooms: list[str]) -> Amounts:
    """Euros per (room, item): each of the columns is a way to group the lines, and Totaal is all of them.

    lines : one row is an amount of a room: room, the columns, euro. Totaal of the rooms holds lines without a room too.
    Without any lines nothing is known, which is not nought. Printed totals are left aside.
    """
    lines = lines[lines["room"] != TOTAL]
    named = lines.assign(**{TOTAL: TOTAL}).melt(["room", "euro"], [*columns, TOTAL], "column", "item")
    named = named.dropna(subset="item")
    own_name = named["column"] == named.groupby("item")["column"].transform("first")
    named = named[own_name]  # a group called after one of its posts is one item
    euros = pd.concat([named, named.assign(room=TOTAL)]).groupby(["room", "item"], sort=False)["euro"].agg(fsum)
    items = [*named["item"].unique(), *([] if len(lines) else [TOTAL])]
    every = pd.MultiIndex.from_product([[*rooms, TOTAL], items], names=["room", "item"])
    every = every.append(euros.index.difference(every, sort=False))
    return euros.astype(float).reindex(every, fill_value=0.0 if len(lines) else np.nan)


def _of(amounts: Amounts, room: str, terms: str) -> float:
    """The sum of a room's items: `A+B`, `A3+E`, `Totaal`; not a number when a term is none of the items."""
    items = [term.strip() for term in terms.split("+")]
    return float(sum(amounts.get((room, item), np.nan) for item in items))


def _rows(amounts: pd.Series, kind: str, unit: str, item: str = "") -> pd.DataFrame:
    """Figures per (room, item), or per room and of one item, as rows."""
    keys = amounts.index if item else amounts.index.get_level_values("room")
    items = item or amounts.index.get_level_values("item")
    return pd.DataFrame({"room": keys, "kind": kind, "item": items, "value": amounts.to_numpy(), "unit": unit})


def _keyed(pairs: Mapping[tuple[str, str], float]) -> pd.Series:
    return pd.Series(list(pairs.values()), index=pd.MultiIndex.from_tuples(pairs, names=["room", "item"]), dtype=float)


# --- agreed -----------------------------------------------------------------------------------------------------------


@once
def budget(agreement: Agreement) -> Amounts:
    """Agreed cost per room and post, group or Totaal."""
    return _amounts(agreement.budget, ["post", "group"], agreement.room_codes)


@once
def funding(agreement: Agreement) -> Amounts:
    """Agreed funding per room and funder, kind or Totaal."""
    return _amounts(agreement.funding, ["funder", "kind"], agreement.room_codes)


def _per_room(agreement: Agreement, column: str) -> pd.Series:
    """Volunteers' agreed hours or euros per room, and their sum as Totaal."""
    found = agreement.volunteers[agreement.volunteers["room"] != TOTAL].groupby("room")[column].sum()
    found = found.reindex(agreement.room_codes)
    return pd.concat([found, pd.Series({TOTAL: found.sum()})])


@once
def euro_per_hour(agreement: Agreement) -> pd.Series:
    """What an hour of a volunteer is worth, per room, as agreed: euros over hours."""
    return (_per_room(agreement, "euro") / _per_room(agreement, "hours")).drop(TOTAL)


# --- realised ---------------------------------------------------------------------------------------------------------


@once
def lines(data: Data, period: pd.Period) -> pd.DataFrame:
    """One row is a ledger line from 1 January to the reference day, with what its account is: post and group, or funder
    and kind, or balance sheet, or none (`mapped` is false). No rows without a ledger.

    room is a code or `niet toegewezen`; euro is debit minus credit, so income is below nought.
    """
    return classified(data.agreement, periods.in_window(data.tables[LEDGER], period))[LINE]


def classified(agreement: Agreement, ledger: pd.DataFrame) -> pd.DataFrame:
    """Ledger lines with their room, post, group, funder, kind and euro."""
    accounts = agreement.accounts.set_index("account")
    account = ledger["rekening"].astype("str")
    known, post, funder = account.isin(accounts.index), account.map(accounts["post"]), account.map(accounts["funder"])
    group = dict(zip(agreement.budget["post"], agreement.budget["group"], strict=True))
    kind = dict(zip(agreement.funding["funder"], agreement.funding["kind"], strict=True))
    return ledger.assign(
        room=ledger["kostenplaats"].astype("str").fillna(UNASSIGNED),
        post=post,
        group=post.map(group),
        funder=funder,
        kind=funder.map(kind),
        euro=ledger["bedrag"],
        balance_sheet=known & post.isna() & funder.isna(),
        mapped=post.notna() | funder.notna(),
    )


def _realised(
    agreement: Agreement, lines: pd.DataFrame, agreed: Amounts, column: str, group: str, sign: int
) -> Amounts:
    mine = lines[lines[column].notna()].assign(euro=lambda rows: sign * rows["euro"])
    found = _amounts(mine, [column, group], agreement.room_codes)
    return found.reindex(agreed.index.append(found.index.difference(agreed.index, sort=False))).fillna(0.0)


# --- figures ----------------------------------------------------------------------------------------------------------


def _ratios(agreement: Agreement, costs: Amounts) -> pd.Series:
    return _keyed(
        {
            (room, ratio.ratio): _of(costs, room, ratio.numerator) / (_of(costs, room, ratio.denominator) or np.nan)
            for ratio in agreement.ratios.itertuples()
            for room in [*agreement.room_codes, TOTAL]
        }
    )


def _shares(agreement: Agreement, euros: Amounts, volunteers: pd.Series) -> pd.Series:
    """Shares of the euros, and of the populaire investering: euros and volunteers' hours put into euros together.

    A whole of which a part is below nought, as of a grant paid back, has no shares.
    """
    found: dict[tuple[str, str], float] = {}
    for room in [*agreement.room_codes, TOTAL]:
        whole = np.nan if (euros[room] <= -CENT).any() else 1.0
        total, worth = whole * euros[room, TOTAL], volunteers.get(room, np.nan)
        for item, euro in [*euros[room].items(), (VOLUNTEERS, worth)]:
            if item not in (TOTAL, VOLUNTEERS):
                found[room, f"{item} / euro"] = euro / (total or np.nan)
            found[room, f"{item} / populair"] = euro / (total + worth or np.nan)
    return _keyed(found)


@once
def _earmarks(agreement: Agreement) -> pd.DataFrame:
    """One row is a funder, a purpose and a room (Totaal: all its rooms): item, room, euro, posts and rooms (lists)."""
    marks, given = agreement.earmarks, agreement.funding[agreement.funding["euro"] > 0]
    marks = marks.assign(item=marks["funder"] + " / " + marks["purpose"], room=marks["room"].fillna(TOTAL))
    in_group = agreement.budget.drop_duplicates("post").groupby("group")["post"].agg(list).to_dict()
    posts = in_group | {post: [post] for post in agreement.budget["post"]}
    marks["posts"] = [posts.get(post, []) for post in marks["post"]]
    found = marks.groupby(["funder", "item", "room"], sort=False).agg({"euro": "sum", "posts": "sum"}).reset_index()
    paid_for = given[given["room"] != TOTAL].groupby("funder")["room"].agg(list)
    pairs = zip(found["room"], found["funder"], strict=True)
    rooms = [paid_for.get(funder, []) if room == TOTAL else [room] for room, funder in pairs]
    return found.assign(posts=[list(dict.fromkeys(each)) for each in found["posts"]], rooms=rooms)


def _per_earmark(marks: pd.DataFrame, euros: pd.Series, kind: str) -> pd.DataFrame:
    """Euros of each earmark as figures of its room, where it has one, and of Totaal, which is all of one purpose."""
    rows = marks.assign(euro=euros)
    every = pd.concat([rows[rows["room"] != TOTAL], rows.assign(room=TOTAL)])
    return _rows(every.groupby(["room", "item"], sort=False)["euro"].sum(min_count=1), kind, "euro")


def _earmark_cost(marks: pd.DataFrame, costs: Amounts) -> pd.Series:
    """What each earmark pays of the realised cost of its posts in its rooms: not above its amount, nor below nought.

    Where several cover a post in a room, they pay in proportion to their amounts. Empty without a post or a ledger.
    """
    parts = marks[["euro", "posts", "rooms"]].explode("posts").explode("rooms").dropna().reset_index(names="mark")
    together = parts.groupby(["posts", "rooms"])["euro"].transform("sum")
    parts["share"] = parts["euro"].div(together.where(together != 0, 1.0))
    spent = [costs[room, post] for room, post in zip(parts["rooms"], parts["posts"], strict=True)]
    paid = (parts["share"] * spent).groupby(parts["mark"]).sum(min_count=1).reindex(marks.index).astype(float)
    covered = marks["posts"].map(bool).astype(bool) & costs.notna().any()
    return paid.mask(covered & paid.isna(), 0.0).clip(lower=0.0).clip(upper=marks["euro"].clip(lower=0.0))


def _result(lines: pd.DataFrame, costs: Amounts, euros: Amounts, rooms: Sequence[str]) -> pd.DataFrame:
    """Received minus spent of what maps, and credit minus debit of accounts that map to nothing: together the ledger.

    Of every room and Totaal, and of `niet toegewezen` where lines have no room.
    """
    own = lines[~lines["balance_sheet"]]
    rooms = [*rooms, TOTAL, *([UNASSIGNED] if (own["room"] == UNASSIGNED).any() else [])]
    left = euros.xs(TOTAL, level="item").sub(costs.xs(TOTAL, level="item"), fill_value=0.0)
    loose = own[~own["mapped"]]
    unknown = -pd.concat([loose, loose.assign(room=TOTAL)]).groupby("room")["euro"].agg(fsum)
    found = {RESULT: left, UNKNOWN: unknown.astype(float)}
    return pd.concat(_rows(of.reindex(rooms, fill_value=0.0), "result", "euro", item) for item, of in found.items())


def _to_receive(agreement: Agreement, due: Amounts, euros: Amounts) -> pd.DataFrame:
    """Agreed minus received per funder, never below nought; Totaal is the sum of the funders."""
    due = due[due.index.isin(agreement.funders, level="item")]
    due = (due - euros.reindex(due.index)).clip(lower=0.0)
    together = due.groupby(level="room").sum(min_count=1).reindex([*agreement.room_codes, TOTAL])
    return pd.concat([_rows(due, "to_receive", "euro"), _rows(together, "to_receive", "euro", TOTAL)])


@once
def agreed(agreement: Agreement) -> pd.DataFrame:
    """Everything that follows from the agreement alone, for a whole year: room, kind, item, value, unit."""
    costs, euros = budget(agreement), funding(agreement)
    hours, worth, marks = _per_room(agreement, "hours"), _per_room(agreement, "euro"), _earmarks(agreement)
    return pd.concat(
        [
            _rows(costs, "budget", "euro"),
            _rows(euros, "funding_agreed", "euro"),
            _rows(_ratios(agreement, costs), "ratio_budget", "aandeel"),
            _rows(_shares(agreement, euros, worth), "share_agreed", "aandeel"),
            _rows(hours, "volunteer_hours", "uren", AGREED),
            _rows(worth, "volunteer_value", "euro", AGREED),
            _per_earmark(marks, marks["euro"], "earmark_agreed"),
        ],
        ignore_index=True,
    )


def figures(data: Data, period: pd.Period, counts: pd.DataFrame) -> pd.DataFrame:
    """Everything agreed for the year and realised from 1 January to the reference day: period, room, kind, item, value,
    unit.

    counts : of the same period; cost per person divides by one of them. Without a ledger, or without hours, what rests
    on them is empty. Euros, and euros per person or participation, are to the cent.
    """
    found, spent, visits, hours_per_euro = _realised_of(data, period)
    people = counts[counts["indicator"] == data.agreement.settings.cost_per].set_index("room")["value"]
    frames = [found, _cost_per(PER_PERSON, "euro per persoon", spent, people), visits, hours_per_euro]
    every = pd.concat(frames, ignore_index=True).assign(period=str(period))[COLUMNS]
    cents = every["value"].map(lambda euro: round_half_up(euro, 2) + 0.0, na_action="ignore")  # and no minus nought
    return every.assign(value=cents.where(every["unit"].str.startswith("euro"), every["value"]))


@once
def _realised_of(data: Data, period: pd.Period) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame, pd.DataFrame]:
    """The figures that no count is part of, costs per room, and two of the costs per result."""
    agreement = data.agreement
    planned, promised, marks = budget(agreement), funding(agreement), _earmarks(agreement)
    costs, euros, loose = planned * np.nan, promised * np.nan, []
    result = [_rows(costs.xs(TOTAL, level="item"), "result", "euro", item) for item in (RESULT, UNKNOWN)]
    if LEDGER in data.delivered:
        found = lines(data, period)
        costs = _realised(agreement, found, costs, "post", "group", 1)
        euros = _realised(agreement, found, euros, "funder", "kind", -1)
        unknown = found[~found["mapped"] & ~found["balance_sheet"]].groupby("room")["euro"].sum()
        loose = [_rows(unknown, "realised", "euro", UNASSIGNED)] if len(unknown) else []  # in no total
        result = [_result(found, costs, euros, agreement.room_codes)]
    hours = volunteer_hours(data, period)
    worth = hours[REALISED].drop(TOTAL) * euro_per_hour(agreement)
    worth = pd.concat([worth, pd.Series({TOTAL: worth.sum(min_count=1)})])
    frames = [
        agreed(agreement),
        _rows(costs, "realised", "euro"),
        *loose,
        _rows(euros, "funding_realised", "euro"),
        *result,
        _to_receive(agreement, promised, euros),
        _per_earmark(marks, _earmark_cost(marks, costs), "earmark_cost"),
        _rows(planned - costs.reindex(planned.index), "budget_left", "euro"),
        _rows(_ratios(agreement, costs), "ratio_realised", "aandeel"),
        _rows(_shares(agreement, euros, worth), "share_realised", "aandeel"),
        *(_rows(hours[item], "volunteer_hours", "uren", item) for item in hours),
        _rows(worth, "volunteer_value", "euro", REALISED),
    ]
    visits = pd.Series(dtype=float)
    if VISITS in data.delivered:
        rows = periods.in_window(data.tables[VISITS], period)
        visits = rows["kamer"].astype("str").value_counts()
        visits[TOTAL] = len(rows)
    spent = costs.xs(TOTAL, level="item").reindex([*data.rooms, TOTAL])
    paid = pd.Series({room: _of(costs, room, agreement.settings.paid_people) for room in spent.index})
    return (
        pd.concat(frames, ignore_index=True),
        spent,
        _cost_per(PER_VISIT, "euro per deelname", spent, visits),
        _cost_per(HOURS_PER_EURO, "uren per euro", hours[REALISED].reindex(spent.index), paid),
    )


def _cost_per(item: str, unit: str, above: pd.Series, below: pd.Series) -> pd.DataFrame:
    """Realised euros per unique participant or participation, or volunteers' hours per euro of paid people, per room.

    Not a number where a part is absent or the denominator is nought.
    """
    divisor = pd.to_numeric(below, errors="coerce").reindex(above.index)
    return _rows(above / divisor.mask(divisor == 0), "cost_per_result", unit, item)


def volunteer_hours(data: Data, period: pd.Period) -> pd.DataFrame:
    """One row is a room, and Totaal: hours realised, and mean hours per active volunteer put on a full year.

    Empty for a room where nothing was registered, which is not nought.
    """
    index = pd.Index([*data.rooms, TOTAL], name="room")
    if HOURS not in data.delivered:
        return pd.DataFrame({REALISED: np.nan, YEARLY: np.nan}, index=index)
    registered = periods.in_window(data.tables[HOURS], period)
    rows = registered[registered["uren"] > 0]
    by_room = rows.groupby("kamer", observed=True)
    hours, people = by_room["uren"].sum(), by_room["vrijwilliger"].nunique()
    hours[TOTAL], people[TOTAL] = rows["uren"].sum(), rows["vrijwilliger"].nunique()
    yearly = hours / people / float(periods.elapsed(period))
    found = pd.DataFrame({REALISED: hours, YEARLY: yearly}).reindex(index)
    none = index.isin([*registered["kamer"].unique(), TOTAL] if len(registered) else [])
    return found.fillna({REALISED: pd.Series(0.0, index[none])})
