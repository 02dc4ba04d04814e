"""What was agreed for a year: rooms, indicators, targets, budget, funders, hours, ratios, printed totals, settings."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, wraps
from typing import Any, TypeVar, cast

import pandas as pd

from bwk_analysis.problems import Problem

TOTAL = "Totaal"
PER_ROOM = "per kamer"
POSITIVE = "Positief"
NEGATIVE = "Negatief"
HOUSING_ASSOCIATION = "woningcorporatie"  # a kind of funder


class NoAgreement(Exception):
    """There is no agreement to report on; `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("no agreement")
        self.problems = problems


@dataclass(frozen=True)
class Target:
    """A target as written: `> 10 op 20` is operator `>`, value 10, denominator 20; a verdict's value is `Positief`."""

    operator: str
    value: float | str
    denominator: float | None = None


@dataclass(frozen=True)
class Settings:
    """The settings of the agreement, with what holds when one is not given.

    threshold : below this a number of persons of a sensitive indicator is hidden. near : share of the interim target
    from which a figure is near it. hours_per_volunteer : in a year, where that was agreed. cost_per : the indicator
    that costs are divided by. paid_people : posts or groups, joined by `+`, of paid people.
    """

    year: int
    fictional: bool = False
    organisation: str = ""
    threshold: int = 5
    near: float = 0.9
    hours_per_volunteer: float | None = None
    cost_per: str = ""
    paid_people: str = ""


def own(value: Any) -> Any:
    """A frame as one's own: pandas copies on write, so what holds it never changes."""
    return value.copy(deep=False) if isinstance(value, pd.DataFrame | pd.Series) else value


class Unchanging:
    """Gives out all that it has as one's own."""

    def __getattribute__(self, name: str) -> Any:
        return own(super().__getattribute__(name))


Work = TypeVar("Work", bound=Callable[..., Any])


def once(work: Work) -> Work:
    """What is worked out of a dataset or an agreement, which never change, kept with it."""

    @wraps(work)
    def found(of: Unchanging, *more: Any) -> Any:
        kept, key = vars(of).setdefault("found", {}), (work.__module__, work.__name__, *more)
        if key not in kept:
            kept[key] = work(of, *more)
        return own(kept[key])

    return cast(Work, found)


@dataclass(frozen=True)
class Agreement(Unchanging):
    """What was agreed for a year. Frames, one row is:

    rooms : a room (room, name, neighbourhood, aliases, opens, closes: its own first and last day in the year).
    indicators : an indicator (code, level, name, method, table, measure, field, filter, numerator, time, sensitive,
    empty_is_zero, corporation, explanation, course: as `course.parse` gives it, total: `per kamer` where Totaal is what
    the rooms count, added).
    targets : a target (indicator, room, target).
    budget : a line in a room (post, group, group_name, description, room, euro).
    funding : a funder in a room (funder, kind, reference, report, room, euro). earmarks : a part of a contribution with
    a purpose (funder, room or empty, euro, purpose, post, indicator). volunteers : a room (room, hours, euro).
    ratios : a ratio (ratio, numerator, denominator, explanation).
    printed : a printed total (table, item, room, printed, decimals, percentage), and its place: column, cell.
    questions : a survey question (question, text, scale, audience). accounts : a ledger account (account, name, post,
    funder). aliases : another spelling (table, column, word, alias). own_columns : a column that an export table has
    beside the library's (table, column, kind, aliases).
    explanations : a room's own words (indicator, room, period, text, action, who, by).
    decisions : a matter for the board (period, text).
    Every frame ends in the place it was read from: file, sheet, row.
    """

    rooms: pd.DataFrame
    indicators: pd.DataFrame
    targets: pd.DataFrame
    budget: pd.DataFrame
    funding: pd.DataFrame
    earmarks: pd.DataFrame
    volunteers: pd.DataFrame
    ratios: pd.DataFrame
    printed: pd.DataFrame
    questions: pd.DataFrame
    accounts: pd.DataFrame
    own_columns: pd.DataFrame
    aliases: pd.DataFrame
    explanations: pd.DataFrame
    decisions: pd.DataFrame
    settings: Settings

    @cached_property
    def room_codes(self) -> list[str]:
        """The codes of the rooms, in the order of the agreement."""
        return self.rooms["room"].tolist()

    @cached_property
    def room_names(self) -> dict[str, str]:
        """Room code -> display name; Totaal stays Totaal."""
        return dict(zip(self.rooms["room"], self.rooms["name"], strict=True)) | {TOTAL: TOTAL}

    @property
    def groups(self) -> dict[str, str]:
        """Groups of budget lines as in the agreement, and Totaal: item -> label."""
        groups = self.budget.drop_duplicates("group")
        names = (groups["group"] + " " + groups["group_name"].fillna("")).str.strip()
        return dict(zip(groups["group"], names, strict=True)) | {TOTAL: TOTAL}

    @property
    def posts(self) -> dict[str, str]:
        """Budget lines, each group below its own, and Totaal: item -> label."""
        names = self.groups
        labels: dict[str, str] = {}
        for group, lines in self.budget.drop_duplicates("post").groupby("group", sort=False):
            described = (lines["post"] + " " + lines["description"].fillna("")).str.strip()
            labels |= dict(zip(lines["post"], described, strict=True))
            labels[str(group)] = f"{names[str(group)]} samen"
        return labels | {TOTAL: TOTAL}

    @property
    def funders(self) -> list[str]:
        """The funders, in the order of the agreement."""
        return self.funding["funder"].drop_duplicates().tolist()

    @property
    def reported_funders(self) -> list[str]:
        """The funders that get a page of their own."""
        return self.funding.loc[self.funding["report"] != "nee", "funder"].drop_duplicates().tolist()

    def marked_for(self, funder: str) -> list[str]:
        """The codes of the indicators marked as of interest to housing associations, where the funder is one."""
        mine = self.funding.loc[self.funding["funder"] == funder, "kind"].str.casefold()
        marked = self.indicators.loc[self.indicators["corporation"] == "ja", "code"]
        return marked.tolist() if mine.eq(HOUSING_ASSOCIATION).any() else []

    @property
    def kinds(self) -> list[str]:
        """The kinds of funders, in the order of the agreement."""
        return self.funding["kind"].drop_duplicates().tolist()


def round_half_up(value: float, decimals: int) -> float:
    """Rounded as on paper: a half goes up, away from zero."""
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
