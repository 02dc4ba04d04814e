"""Money: what was agreed and what was realised, ratios, funder shares, cost per result and the ledger's controls.

Every figure is a row of one tidy frame: period, room, kind, item, value, unit.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import product
from math import fsum
from typing import TypeAlias

import numpy as np
import pandas as pd

from bwk_analysis import periods
from bwk_analysis.agreement import TOTAL, Agreement
from bwk_analysis.problems import Problem

COLUMNS = ["period", "room", "kind", "item", "value", "unit"]
UNASSIGNED = "niet toegewezen"
VOLUNTEERS = "vrijwilligers"
PER_PERSON, PER_VISIT, HOURS_PER_EURO = "euro per deelnemer", "euro per deelname", "uren per euro"
REALISED, YEARLY = "gerealiseerd", "per vrijwilliger per jaar"  # of volunteers' hours
CENT = 0.005

Amounts: TypeAlias = pd.Series  # index (room, item), values in euros


def _amounts(lines: pd.DataFrame, columns: Sequence[str], rooms: list[str]) -> Amounts:
    """Euros per (room, item): each of the columns is a way to group the lines, and Totaal is all of them.

    lines : one row is an amount of a room: room, the columns, euro. Totaal of the rooms holds lines without a room too.
    Without any lines nothing is known, which is not nought.
    """
    euros: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    items: dict[str, None] = {}
    for names in [*(lines[column] for column in columns), [TOTAL] * len(lines)]:
        new = dict.fromkeys(name for name in names if isinstance(name, str) and name not in items)
        for room, name, euro in zip(lines["room"], names, lines["euro"], strict=True):
            if name in new:  # a group called after one of its posts is one item
                euros[room, name].append(euro)
                euros[TOTAL, name].append(euro)
        items |= new
    every = dict.fromkeys([*product([*rooms, TOTAL], [*items, *([] if TOTAL in items else [TOTAL])]), *euros])
    nothing = [0.0] if len(lines) else [np.nan]
    return _keyed({key: fsum(euros.get(key, nothing)) for key in every})


def _of(amounts: Amounts, room: str, terms: str) -> float:
    """The sum of a room's items: `A+B`, `A3+E`, `Totaal`; not a number when a term is none of the items."""
    items = [term.strip() for term in terms.split("+")]
    return float(sum(amounts.get((room, item), np.nan) for item in items))


def _rows(amounts: pd.Series, kind: str, unit: str, period: pd.Period) -> pd.DataFrame:
    room, item = (amounts.index.get_level_values(level) for level in (0, 1))
    columns = {
        "period": str(period),
        "room": room,
        "kind": kind,
        "item": item,
        "value": amounts.to_numpy(),
        "unit": unit,
    }
    return pd.DataFrame(columns, columns=COLUMNS)


def _divide(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator else np.nan


def _keyed(pairs: Mapping[tuple[str, str], float]) -> pd.Series:
    return pd.Series(list(pairs.values()), index=pd.MultiIndex.from_tuples(pairs, names=["room", "item"]), dtype=float)


# --- agreed -----------------------------------------------------------------------------------------------------------


def budget(agreement: Agreement) -> Amounts:
    """Agreed cost per room and post, group or Totaal; printed totals are left aside."""
    lines = agreement.budget[agreement.budget["room"] != TOTAL]
    return _amounts(lines, ["post", "group"], agreement.room_codes)


def funding(agreement: Agreement) -> Amounts:
    """Agreed funding per room and funder, kind or Totaal; printed totals are left aside."""
    lines = agreement.funding[agreement.funding["room"] != TOTAL]
    return _amounts(lines, ["funder", "kind"], agreement.room_codes)


def _per_room(agreement: Agreement, column: str) -> pd.Series:
    """Volunteers' agreed hours or euros per room, and their sum as Totaal."""
    found = agreement.volunteers[agreement.volunteers["room"] != TOTAL].groupby("room")[column].sum()
    found = found.reindex(agreement.room_codes)
    return pd.concat([found, pd.Series({TOTAL: found.sum()})])


def euro_per_hour(agreement: Agreement) -> pd.Series:
    """What an hour of a volunteer is worth, per room, as agreed: euros over hours."""
    return (_per_room(agreement, "euro") / _per_room(agreement, "hours")).drop(TOTAL)


# --- realised ---------------------------------------------------------------------------------------------------------


def ledger_lines(agreement: Agreement, ledger: pd.DataFrame) -> pd.DataFrame:
    """One row is a ledger line, with what its account is: post and group, or funder and kind, or balance sheet, or
    none.

    room is a code or `niet toegewezen`; euro is debit minus credit. A project that names a funder says so better than
    an account of another funder, or than an account that is not in the agreement.
    """
    accounts = agreement.accounts.set_index("account")
    known = ledger["rekening"].astype("str")
    lines = ledger.assign(
        room=ledger["kostenplaats"].astype("str").fillna(UNASSIGNED),
        post=known.map(accounts["post"]),
        funder=known.map(accounts["funder"]),
        euro=ledger["bedrag"],
    )
    project = ledger["project"].astype("str")
    by_project = project.notna() & (lines["funder"].notna() | ~known.isin(accounts.index))
    lines["funder"] = lines["funder"].where(~by_project, project)
    lines["balance_sheet"] = known.isin(accounts.index) & lines["post"].isna() & lines["funder"].isna()
    lines["mapped"] = lines["post"].notna() | lines["funder"].notna()
    lines["group"] = lines["post"].map(dict(zip(agreement.budget["post"], agreement.budget["group"], strict=True)))
    lines["kind"] = lines["funder"].map(dict(zip(agreement.funding["funder"], agreement.funding["kind"], strict=True)))
    return lines


def _realised(
    agreement: Agreement, lines: pd.DataFrame, agreed: Amounts, column: str, group: str, sign: int
) -> Amounts:
    mine = lines[lines[column].notna()].assign(euro=lambda rows: sign * rows["euro"])
    found = _amounts(mine, [column, group], agreement.room_codes)
    return found.reindex(agreed.index.append(found.index.difference(agreed.index, sort=False))).fillna(0.0)


def _unmapped(lines: pd.DataFrame) -> pd.Series:
    """Euros of lines whose account maps to nothing, per room; they are in no total."""
    loose = lines[~lines["mapped"] & ~lines["balance_sheet"]]
    found = loose.groupby("room", sort=True)["euro"].sum()
    return found.set_axis(pd.MultiIndex.from_product([found.index, [UNASSIGNED]], names=["room", "item"]))


# --- figures ----------------------------------------------------------------------------------------------------------


def _ratios(agreement: Agreement, costs: Amounts) -> pd.Series:
    return _keyed(
        {
            (room, ratio.ratio): _divide(_of(costs, room, ratio.numerator), _of(costs, room, ratio.denominator))
            for ratio in agreement.ratios.itertuples()
            for room in [*agreement.room_codes, TOTAL]
        }
    )


def _shares(agreement: Agreement, euros: Amounts, volunteers: pd.Series) -> pd.Series:
    """Shares of the euros, and of the populaire investering: euros and volunteers' hours put into euros together."""
    found: dict[tuple[str, str], float] = {}
    for room in [*agreement.room_codes, TOTAL]:
        total, hours_value = euros[room, TOTAL], volunteers.get(room, np.nan)
        popular = total + hours_value
        for item in euros[room].index:
            if item != TOTAL:
                found[room, f"{item} / euro"] = _divide(euros[room, item], total)
            found[room, f"{item} / populair"] = _divide(euros[room, item], popular)
        found[room, f"{VOLUNTEERS} / populair"] = _divide(hours_value, popular)
    return _keyed(found)


def agreed_figures(agreement: Agreement, period: pd.Period) -> pd.DataFrame:
    """Everything that follows from the agreement alone, for a whole year."""
    costs, euros = budget(agreement), funding(agreement)
    hours, worth = _per_room(agreement, "hours"), _per_room(agreement, "euro")
    return pd.concat(
        [
            _rows(costs, "budget", "euro", period),
            _rows(euros, "funding_agreed", "euro", period),
            _rows(_ratios(agreement, costs), "ratio_budget", "aandeel", period),
            _rows(_shares(agreement, euros, worth), "share_agreed", "aandeel", period),
            _rows(_as_item(hours, "afgesproken"), "volunteer_hours", "uren", period),
            _rows(_as_item(worth, "afgesproken"), "volunteer_value", "euro", period),
        ],
        ignore_index=True,
    )


def _as_item(by_room: pd.Series, item: str) -> pd.Series:
    return by_room.set_axis(pd.MultiIndex.from_product([by_room.index, [item]], names=["room", "item"]))


def in_window(rows: pd.DataFrame, period: pd.Period) -> pd.DataFrame:
    return rows[rows["datum"].between(periods.start(period), periods.reference_day(period))]


def realised_figures(
    agreement: Agreement, tables: Mapping[str, pd.DataFrame], scorecard: pd.DataFrame, period: pd.Period
) -> pd.DataFrame:
    """Everything realised from 1 January to the reference day. Without a ledger, or without hours, those figures are
    empty.
    """
    ledger = tables.get("grootboek")
    costs, euros, loose = budget(agreement) * np.nan, funding(agreement) * np.nan, pd.Series(dtype=float)
    if ledger is not None:
        lines = ledger_lines(agreement, in_window(ledger, period))
        costs = _realised(agreement, lines, costs, "post", "group", 1)
        euros = _realised(agreement, lines, euros, "funder", "kind", -1)
        loose = _unmapped(lines)
    hours = volunteer_hours(agreement, tables.get("vrijwilligersuren"), period)
    worth = hours[REALISED].drop(TOTAL) * euro_per_hour(agreement)
    worth = pd.concat([worth, pd.Series({TOTAL: worth.sum(min_count=1)})])
    frames = [
        _rows(costs, "realised", "euro", period),
        _rows(loose, "realised", "euro", period) if len(loose) else None,
        _rows(euros, "funding_realised", "euro", period),
        _rows(_ratios(agreement, costs), "ratio_realised", "aandeel", period),
        _rows(_shares(agreement, euros, worth), "share_realised", "aandeel", period),
        *(_rows(_as_item(hours[item], item), "volunteer_hours", "uren", period) for item in hours),
        _rows(_as_item(worth, REALISED), "volunteer_value", "euro", period),
        cost_per_result(agreement, costs, hours[REALISED], tables.get("deelnames"), scorecard, period),
    ]
    return pd.concat([frame for frame in frames if frame is not None], ignore_index=True)


def volunteer_hours(agreement: Agreement, table: pd.DataFrame | None, period: pd.Period) -> pd.DataFrame:
    """One row is a room, and Totaal: hours realised, and mean hours per active volunteer put on a full year.

    Empty for a room where nothing was registered, which is not nought.
    """
    index = pd.Index([*agreement.room_codes, TOTAL], name="room")
    if table is None:
        return pd.DataFrame({REALISED: np.nan, YEARLY: np.nan}, index=index)
    registered = in_window(table, period)
    rows = registered[registered["uren"] > 0]
    by_room = rows.groupby("kamer", observed=True)
    hours, people = by_room["uren"].sum(), by_room["vrijwilliger"].nunique()
    hours[TOTAL], people[TOTAL] = rows["uren"].sum(), rows["vrijwilliger"].nunique()
    yearly = hours / people / float(periods.elapsed(period))
    found = pd.DataFrame({REALISED: hours, YEARLY: yearly}).reindex(index)
    none = index.isin([*registered["kamer"].unique(), TOTAL] if len(registered) else [])
    return found.fillna({REALISED: pd.Series(0.0, index[none])})


def cost_per_result(
    agreement: Agreement,
    costs: Amounts,
    hours: pd.Series,
    participations: pd.DataFrame | None,
    scorecard: pd.DataFrame,
    period: pd.Period,
) -> pd.DataFrame:
    """Realised euros per unique participant and per participation, and volunteers' hours per euro of paid people."""
    everywhere = [*agreement.room_codes, TOTAL]
    people = scorecard[scorecard["indicator"] == agreement.settings.cost_per].set_index("room")["value"]
    visits = pd.Series(dtype=float)
    if participations is not None:
        rows = in_window(participations, period)
        visits = rows["kamer"].astype("str").value_counts()
        visits[TOTAL] = len(rows)
    spent = costs.xs(TOTAL, level="item")
    paid = pd.Series({room: _of(costs, room, agreement.settings.paid_people) for room in everywhere})
    figures = [
        (PER_PERSON, "euro per persoon", spent, people),
        (PER_VISIT, "euro per deelname", spent, visits),
        (HOURS_PER_EURO, "uren per euro", hours, paid),
    ]
    return pd.concat(
        [
            _rows(_as_item(_quotients(above, below, everywhere), item), "cost_per_result", unit, period)
            for item, unit, above, below in figures
        ],
        ignore_index=True,
    )


def _quotients(numerators: pd.Series, denominators: pd.Series, rooms: list[str]) -> pd.Series:
    """Each room's quotient; not a number where a part is absent or the denominator is nought."""
    below = pd.to_numeric(denominators, errors="coerce").reindex(rooms)
    return numerators.reindex(rooms) / below.mask(below == 0)


# --- judgements -------------------------------------------------------------------------------------------------------


def balance(agreement: Agreement) -> dict[str, bool]:
    """Per room and in total: whether the funding lines are at least the budget lines. Empty without either."""
    if agreement.budget.empty or agreement.funding.empty:
        return {}
    difference = funding_minus_budget(agreement)
    return {str(room): bool(euro > -CENT) for room, euro in difference.items()}


def funding_minus_budget(agreement: Agreement) -> pd.Series:
    """Euros of funding agreed minus budget, per room and Totaal."""
    return funding(agreement).xs(TOTAL, level="item") - budget(agreement).xs(TOTAL, level="item")


def ledger_controls(
    agreement: Agreement, ledger: pd.DataFrame | None, outside: pd.DataFrame | None, period: pd.Period
) -> tuple[dict[str, bool], pd.DataFrame]:
    """(room -> whether all controls of its own lines hold, the lines that fail). One row is a line and a control it
    fails.

    Controls: debit = credit per boekstuk (where the export has both); every line not on a balance-sheet account has an
    account of the agreement and a room; every line a day in the year; no line twice in one sheet. Looked at are the
    lines up to the reference day and those outside the year. A boekstuk out of balance fails every room in it, a line
    without a room fails Totaal. A room without lines has no data.
    """
    if ledger is None:
        return {}, pd.DataFrame(columns=["control", "room", "euro", "boekstuk"])
    beyond = outside.reindex(columns=ledger.columns) if outside is not None else ledger.iloc[:0]
    both = pd.concat([ledger.assign(in_year=True), beyond.assign(in_year=False)], ignore_index=True)
    lines = ledger_lines(agreement, both)
    looked_at = (lines["datum"] <= periods.reference_day(period)) | ~lines["in_year"]
    voucher = lines["boekstuk"].astype("str")
    has_both = (lines["debet"].notna() & lines["credit"].notna()).groupby(voucher).any()
    sums = lines.groupby(voucher)["euro"].sum()
    out_of_balance = voucher.isin(sums.index[has_both & (sums.abs() >= CENT)])
    own = ~lines["balance_sheet"]
    controls = {
        "het boekstuk is niet in evenwicht: debet is niet gelijk aan credit": out_of_balance,
        "de rekening staat niet in het werkblad rekeningen": own & ~lines["mapped"],
        "de regel heeft geen kostenplaats (kamer)": own & (lines["room"] == UNASSIGNED),
        "de datum valt buiten het jaar": ~lines["in_year"],
        "de regel staat twee keer in hetzelfde werkblad": lines["repeated"]
        .astype("boolean")
        .fillna(False)
        .astype(bool),
    }
    failing = pd.concat(
        [lines[mask & looked_at].assign(control=name) for name, mask in controls.items()], ignore_index=True
    )
    present = set(lines.loc[looked_at, "room"])
    failed = set(failing["room"])
    verdict = {room: room not in failed for room in agreement.room_codes if room in present}
    return (verdict | {TOTAL: failing.empty} if present else {}), failing


def control_problems(failing: pd.DataFrame) -> list[Problem]:
    """A problem per ledger line that fails a control, with its place; its euros stay in the figures."""
    advice = "Herstel de boeking in de administratie en lever het grootboek opnieuw aan; het bedrag blijft zichtbaar."
    return [
        Problem(
            str(line.source_file), str(line.source_sheet), f"A{line.source_row}", "", "warning",
            f"grootboek: {line.control}", advice,
        )
        for line in failing.itertuples()
    ]  # fmt: skip
