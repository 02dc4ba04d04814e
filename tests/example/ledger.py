"""A fictional ledger of the year: wages, rent, petty cash, invoices and the funders' instalments, in balance."""

import datetime
from collections import Counter
from dataclasses import dataclass

import numpy as np

from .agreement import (
    ACCOUNTS,
    BANK,
    BUDGET,
    CASH,
    CREDITORS,
    FUNDERS,
    ROOMS,
    WAGES_PAYABLE,
    YEAR,
)

BUDGET_BY_POST = {post: budget for post, _, _, *budget in BUDGET}
FUNDS_BY_NAME = {name: funds for name, _, *funds in FUNDERS}
ACCOUNTS_BY_POST = {
    post: [account for account, _, of_post, _ in ACCOUNTS if of_post == post] for post in BUDGET_BY_POST
}
ACCOUNT_OF_FUNDER = {funder: account for account, _, _, funder in ACCOUNTS if funder}
WAGE_POSTS = ("A1", "A2", "A3", "B1", "B2")
MONTHLY_POSTS = ("B3", "C1", "C2")
INVOICE_POSTS = ("C3", "D2", "D3", "D4", "E1", "E2")
REALISED_SHARE = {"wages": (0.96, 1.05), "B3": (0.85, 1.0), "C1": (1.0, 1.0), "C2": (0.93, 1.12)}
OTHER_REALISED_SHARE = (0.87, 1.13)
INSTALMENTS = {  # funder: day and share of the agreed euros; what is missing is paid in the next year
    "Amsterdam Zuidoost Sociale Basis": (("01-18", 0.25), ("04-15", 0.25), ("07-15", 0.25), ("10-15", 0.25)),
    "Uitkering ziektewet": tuple((f"{month:02d}-25", 1 / 12) for month in range(1, 13)),
    "Amsterdam Werk en Re-integratie (LKS)": tuple((f"{month:02d}-28", 1 / 12) for month in range(2, 13)),
    "Eigen Haard": (("03-10", 0.5), ("09-10", 0.5)),
    "Rochdale": (("05-20", 1.0),),
    "Ymere": (("04-22", 0.5), ("11-18", 0.3)),
    "Stadgenoot": (("06-03", 1.0),),
    "Stichting DOEN": (("02-09", 0.8),),
    "Nationale Nederlanden": (("01-28", 0.25), ("04-28", 0.25), ("07-28", 0.25), ("10-28", 0.25)),
    "Sponsors en bedrijven Social Return": (("10-05", 0.6),),
    "Leden en activiteiten": tuple((f"{month:02d}-12", 0.09) for month in range(1, 13)),
}
PETTY_CASH_ITEMS = ("koffie en thee", "boodschappen eettafel", "schoonmaakspullen", "inkt en papier", "materiaal")


@dataclass(frozen=True)
class Line:
    """A ledger line; debit is positive and credit negative, in cents; room is "" when no cost centre was filled in."""

    day: datetime.date
    voucher: str
    account: str
    description: str
    room: str
    cents: int


@dataclass
class Voucher:
    """What is booked in one go: the lines (account, room, cents) and the account that balances them."""

    day: datetime.date
    journal: str
    description: str
    lines: list[tuple[str, str, int]]
    against: str


def ledger(seed: int) -> list[Line]:
    """Give the lines of the year by day; every voucher balances, the same seed gives the same lines."""
    streams = np.random.default_rng([seed, YEAR]).spawn(4)
    vouchers = [
        *_wages(streams[0]),
        *_monthly_costs(streams[1]),
        *_petty_cash(streams[2]),
        *_invoices(streams[3]),
        *_income(),
        # Two slips that the controls must find: an account that maps to nothing, and a cost nobody's room paid.
        Voucher(_date("05-27"), "BNK", "Nog uit te zoeken pintransactie", [("4599", "MB", 18650)], BANK),
        Voucher(_date("08-19"), "BNK", "Flyers buurtfeest", [("4320", "", 12100)], BANK),
    ]
    serials: Counter[str] = Counter()
    lines: list[Line] = []
    for voucher in sorted(vouchers, key=lambda voucher: voucher.day):
        serials[voucher.journal] += 1
        name = f"{voucher.journal}{YEAR}-{serials[voucher.journal]:04d}"
        booked = [*voucher.lines, (voucher.against, "", -sum(cents for *_, cents in voucher.lines))]
        lines += [Line(voucher.day, name, account, voucher.description, room, cents) for account, room, cents in booked]
    return lines


def _date(month_day: str) -> datetime.date:
    return datetime.date.fromisoformat(f"{YEAR}-{month_day}")


def _split(cents: int, weights: np.ndarray) -> list[int]:
    """Divide an amount by weight into whole cents that add up to it."""
    edges = np.round(cents * np.cumsum(weights) / weights.sum()).astype(int)
    return np.diff(edges, prepend=0).tolist()


def _realised(rng: np.random.Generator, post: str, room: int) -> int:
    low, high = REALISED_SHARE.get("wages" if post in WAGE_POSTS else post, OTHER_REALISED_SHARE)
    return round(100 * BUDGET_BY_POST[post][room] * float(rng.uniform(low, high)))


def _wages(rng: np.random.Generator) -> list[Voucher]:
    """One voucher a month for all rooms; in May the holiday allowance comes on top."""
    months = np.where(np.arange(1, 13) == 5, 1.96, 1.0)
    amounts = {
        (post, room): _split(_realised(rng, post, room), months)
        for room in range(len(ROOMS)) for post in WAGE_POSTS
    }  # fmt: skip
    vouchers = []
    for month in range(12):
        lines = [(ACCOUNTS_BY_POST[post][0], ROOMS[room], cents[month]) for (post, room), cents in amounts.items()]
        day = _date(f"{month + 1:02d}-24")
        vouchers.append(Voucher(day, "MEM", f"Lonen maand {month + 1}", lines, WAGES_PAYABLE))
        paid = [(WAGES_PAYABLE, "", sum(cents for *_, cents in lines))]
        vouchers.append(Voucher(day, "BNK", f"Uitbetaling lonen maand {month + 1}", paid, BANK))
    return vouchers


def _monthly_costs(rng: np.random.Generator) -> list[Voucher]:
    vouchers = []
    for room, code in enumerate(ROOMS):
        for post in MONTHLY_POSTS:
            accounts = ACCOUNTS_BY_POST[post]
            parts = _split(_realised(rng, post, room), np.array([6.0, 2.5, 1.5][: len(accounts)]))
            for account, part in zip(accounts, parts, strict=True):
                names = {number: name for number, name, *_ in ACCOUNTS}
                for month, cents in enumerate(_split(part, np.ones(12)), start=1):
                    text = f"{names[account]} maand {month}"
                    vouchers.append(Voucher(_date(f"{month:02d}-02"), "BNK", text, [(account, code, cents)], BANK))
    return vouchers


def _petty_cash(rng: np.random.Generator) -> list[Voucher]:
    """Small purchases from the cash box, which the bank fills up each month."""
    vouchers = []
    (account,) = ACCOUNTS_BY_POST["D1"]
    for room, code in enumerate(ROOMS):
        amounts = _split(_realised(rng, "D1", room), rng.uniform(0.4, 1.6, 96))
        for slot, cents in enumerate(amounts):
            month, turn = divmod(slot, 8)
            day = _date(f"{month + 1:02d}-{3 * turn + 3 + room:02d}")
            vouchers.append(Voucher(day, "KAS", str(rng.choice(PETTY_CASH_ITEMS)), [(account, code, cents)], CASH))
    for month in range(1, 13):
        vouchers.append(Voucher(_date(f"{month:02d}-01"), "BNK", "Aanvulling kas", [(CASH, "", 75000)], BANK))
    return vouchers


def _invoices(rng: np.random.Generator) -> list[Voucher]:
    """Invoices are booked when they come in and paid some weeks later; the last ones after the year's end."""
    vouchers = []
    names = {account: name for account, name, *_ in ACCOUNTS}
    for room, code in enumerate(ROOMS):
        for post in INVOICE_POSTS:
            count = int(rng.integers(5, 11))
            for cents in _split(_realised(rng, post, room), rng.uniform(0.4, 1.6, count)):
                account = str(rng.choice(ACCOUNTS_BY_POST[post]))
                day = _date("01-08") + datetime.timedelta(int(rng.integers(0, 345)))
                text = f"Factuur {names[account].lower()}"
                vouchers.append(Voucher(day, "INK", text, [(account, code, cents)], CREDITORS))
                paid = day + datetime.timedelta(int(rng.integers(10, 30)))
                if paid.year == YEAR:
                    vouchers.append(Voucher(paid, "BNK", f"Betaling {text.lower()}", [(CREDITORS, "", cents)], BANK))
    return vouchers


def _income() -> list[Voucher]:
    vouchers = []
    for funder, instalments in INSTALMENTS.items():
        for month_day, share in instalments:
            lines = [
                (ACCOUNT_OF_FUNDER[funder], room, -round(100 * agreed * share))
                for room, agreed in zip(ROOMS, FUNDS_BY_NAME[funder], strict=True)
                if agreed
            ]
            vouchers.append(Voucher(_date(month_day), "BNK", f"Bijdrage {funder}", lines, BANK))
    return vouchers
