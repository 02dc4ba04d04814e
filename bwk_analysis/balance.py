"""What is left, and whether the books hold: funding against budget, and the ledger's controls."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from bwk_analysis import periods
from bwk_analysis.agreement import TOTAL, Agreement
from bwk_analysis.data import Data
from bwk_analysis.finance import CENT, LEDGER, UNASSIGNED, budget, classified, funding
from bwk_analysis.problems import Problem, counted, message

NO_ACCOUNT = "de rekening staat niet in het werkblad rekeningen"
NO_ROOM = "de regel heeft geen kostenplaats (kamer)"
REMEDY = "Herstel de boeking in de administratie en lever het grootboek opnieuw aan"
RGS = re.compile(r"[BW](?:[A-Z][A-Za-z0-9]{2}){1,5}")
REMEDIES = {
    NO_ACCOUNT: "Zet de rekening in de afspraak, in het werkblad rekeningen, met haar post of financier",
    NO_ROOM: "Vul de kostenplaats in de administratie in en lever het grootboek opnieuw aan; staat er wel een, zet die "
    "schrijfwijze dan in de afspraak bij de aliassen van de kamer",
}


def verdicts(data: Data, period: pd.Period) -> Mapping[str, Mapping[str, bool]]:
    """Name of a judgement -> room (or Totaal) -> whether it holds; a room that is not there has no data."""
    return {"saldo": saldo(data.agreement), "controles": controls(data, period)[0]}


def saldo(agreement: Agreement) -> dict[str, bool]:
    """Per room and in total: whether the funding lines are at least the budget lines. Empty without either."""
    if agreement.budget.empty or agreement.funding.empty:
        return {}
    return {str(room): bool(euro > -CENT) for room, euro in funding_minus_budget(agreement).items()}


def funding_minus_budget(agreement: Agreement) -> pd.Series:
    """Euros of funding agreed minus budget, per room and Totaal."""
    return funding(agreement).xs(TOTAL, level="item") - budget(agreement).xs(TOTAL, level="item")


def controls(data: Data, period: pd.Period) -> tuple[dict[str, bool], pd.DataFrame]:
    """(room -> whether all controls of its own lines hold, the lines that fail). One row is a line and a control it
    fails.

    Controls: debit = credit per boekstuk (where the export has both); every line not on a balance-sheet account has an
    account of the agreement and a room; every line a day in the year. Looked at are the lines up to the reference day
    and those outside the year. A boekstuk out of balance fails every room in it, a line
    without a room fails Totaal. A room without lines has no data.
    """
    if LEDGER not in data.delivered:
        return {}, pd.DataFrame(columns=["control", "room", "euro", "boekstuk"])
    ledger = data.tables[LEDGER]
    beyond = data.outside_year.get(LEDGER, ledger.iloc[:0]).reindex(columns=ledger.columns)
    both = pd.concat([ledger.assign(in_year=True), beyond.assign(in_year=False)], ignore_index=True)
    lines = classified(data.agreement, both)
    looked_at = (lines["datum"] <= periods.reference_day(period)) | ~lines["in_year"]
    voucher = lines["boekstuk"].astype("str")
    has_both = (lines["debet"].notna() & lines["credit"].notna()).groupby(voucher).any()
    sums = lines.groupby(voucher)["euro"].sum()
    out_of_balance = voucher.isin(sums.index[has_both & (sums.abs() >= CENT)])
    own = ~lines["balance_sheet"]
    checks = {
        "het boekstuk is niet in evenwicht: debet is niet gelijk aan credit": out_of_balance,
        NO_ACCOUNT: own & ~lines["mapped"],
        NO_ROOM: own & (lines["room"] == UNASSIGNED),
        "de datum valt buiten het jaar": ~lines["in_year"],
    }
    failing = pd.concat(
        [lines[mask & looked_at].assign(control=name) for name, mask in checks.items()], ignore_index=True
    )
    present = set(lines.loc[looked_at, "room"])
    failed = set(failing["room"])
    verdict = {room: room not in failed for room in data.rooms if room in present}
    return (verdict | {TOTAL: failing.empty} if present else {}), failing


def closings(data: Data) -> list[Problem]:
    """A warning per boekstuk of December that brings accounts of cost or income to nought.

    Of what stood on an account that is at nought at the end of a day, the boekstuk of that day that is on most accounts
    took it, and the largest of those; others of that day are no closing. Before the year's last day one that puts it on
    another account of cost or income is none either. One account is a correction, unless it is the only one; more are
    the closing of the year, whatever its boekstukken.
    """
    lines = classified(data.agreement, data.tables[LEDGER])
    own = lines[lines["mapped"]].astype({"rekening": "str", "boekstuk": "str"})
    left = own.groupby(["rekening", "datum"])["euro"].sum().groupby("rekening").cumsum().abs()
    moved = own[own["datum"].dt.month == 12].groupby(["datum", "boekstuk", "rekening"], sort=False, as_index=False).agg(
        {"euro": "sum", "source_file": "first", "source_sheet": "first", "source_row": "first"}
    )  # fmt: skip
    moved = moved.assign(cents=(moved["euro"].abs() * 100).round()).query("cents > 0")
    voucher = [moved["datum"], moved["boekstuk"]]
    moved["accounts"] = moved.groupby(voucher)["rekening"].transform("size")
    last = moved.sort_values(["accounts", "cents"], kind="stable").drop_duplicates(["rekening", "datum"], keep="last")
    emptied = left.reindex(pd.MultiIndex.from_frame(moved[["rekening", "datum"]])).lt(CENT).to_numpy()
    moved["takes"] = emptied & moved.index.isin(last.index)
    at_end = moved["datum"] == pd.Timestamp(data.agreement.settings.year, 12, 31)
    closing = moved[moved["takes"] & (at_end | moved.groupby(voucher)["takes"].transform("all"))]
    if closing["rekening"].nunique() < min(2, own["rekening"].nunique()):
        return []
    found = []
    for (day, voucher), rows in closing.groupby(["datum", "boekstuk"]):
        first, name = rows.iloc[0], f" {voucher}" if any(map(str.isdigit, voucher)) else ""  # a word may be a name
        place = first["source_file"], first["source_sheet"], f"A{first['source_row']}", "boekstuk"
        accounts = counted(len(rows), "rekening", "rekeningen")
        found.append(message("closes_year", *place, voucher=name, day=day.day, accounts=accounts))
    return found


def without_any(data: Data) -> dict[str, Problem]:
    """A control -> one error where every line fails it, which are not said one by one then: no line of cost or income
    has a room, or no line at all is on an account of a post or a funder."""
    lines = classified(data.agreement, data.tables[LEDGER])
    own = lines[~lines["balance_sheet"]]
    found = {}
    if len(lines) and not lines["mapped"].any():
        found[NO_ACCOUNT] = message("no_accounts", *_sheet(lines), column="rekening")
    if len(own) and own["room"].eq(UNASSIGNED).all():
        found[NO_ROOM] = message("no_rooms", *_sheet(own), column="kostenplaats")
    return found


def _sheet(lines: pd.DataFrame) -> tuple[str, str]:
    first = lines.iloc[0]
    return str(first["source_file"]), str(first["source_sheet"])


def _hint(line: Any) -> str:
    """The code that an unknown account has in the reference scheme, if its export says so."""
    code = str(getattr(line, "rgs", ""))
    return f" (RGS-code {code})" if line.control == NO_ACCOUNT and RGS.fullmatch(code) else ""


def control_problems(failing: pd.DataFrame) -> list[Problem]:
    """A problem per ledger row that fails a control, with its place; its euros stay in the figures."""
    found = [
        Problem(
            str(line.source_file), str(line.source_sheet), f"A{line.source_row}", "", "warning",
            f"grootboek: {line.control}",
            f"{REMEDIES.get(line.control, REMEDY)}{_hint(line)}; het bedrag blijft zichtbaar.",
        )
        for line in failing.itertuples()
    ]  # fmt: skip
    return list(dict.fromkeys(found))  # of a row with two accounts once
