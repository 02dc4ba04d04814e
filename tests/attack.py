"""The attacker of published numbers: what each may stand for, what must hold between them, and an integer program.

A cell is an unknown number of persons with bounds; a relation is a sum of cells that is at most some number.
`recovered` says which of the wanted sums of cells can have one value alone.

`python tests/attack.py 300` attacks as many made-up years, each with both editions together and the one for everyone
alone, and says how many small numbers there were and which were told.
"""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations
from math import ceil, floor
from typing import Any

import numpy as np
import pandas as pd
from registered import SCHEMA, agreement, table
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from bwk_analysis import finance, indicators, periods, trends
from bwk_analysis import measures as measured
from bwk_analysis import problems as found_problems
from bwk_analysis.agreement import TOTAL
from bwk_analysis.alone import scorecard
from bwk_analysis.data import Data
from bwk_analysis.disclosure import BOARD, EDITIONS, PUBLIC, UNTOLD, Span, _euros, show

MANY = 10_000.0
Cell = tuple[Any, ...]
Sum = dict[Cell, float]


@dataclass
class Attack:
    """Cells with the bounds that the published numbers give them, and the relations that must hold between them."""

    low: dict[Cell, float] = field(default_factory=dict)
    high: dict[Cell, float] = field(default_factory=dict)
    relations: list[tuple[Sum, float]] = field(default_factory=list)

    def between(self, cell: Cell, low: float, high: float) -> None:
        self.low[cell] = max(low, self.low.get(cell, 0.0))
        self.high[cell] = min(high, self.high.get(cell, MANY))

    def at_most(self, parts: Mapping[Cell, float], limit: float = 0.0) -> None:
        """The sum of cells times their factors is at most `limit`."""
        for cell in parts:
            self.between(cell, 0.0, MANY)
        self.relations.append((dict(parts), limit))

    def not_more(self, less: Cell, more: Cell) -> None:
        self.at_most({less: 1, more: -1})

    def holds_for(self, truth: Mapping[Cell, float]) -> list[str]:
        """What of the attack is not true of the real numbers; empty when the attacker reasons well."""
        wrong = [
            f"{c}: {truth[c]} not in {self.low[c]}..{self.high[c]}"
            for c in self.low
            if c in truth and not self.low[c] <= truth[c] <= self.high[c]
        ]
        for parts, limit in self.relations:
            if all(c in truth for c in parts) and sum(truth[c] * factor for c, factor in parts.items()) > limit + 1e-9:
                wrong.append(f"{parts} > {limit}")
        return wrong

    def recovered(self, wanted: Iterable[Sum]) -> list[Sum]:
        """The wanted sums that have the same value in every solution."""
        cells = {cell: i for i, cell in enumerate(self.low)}
        wanted = [parts for parts in wanted if all(cell in cells for cell in parts)]
        entries = [(row, cells[c], f) for row, (parts, _) in enumerate(self.relations) for c, f in parts.items()]
        row, column, factor = (list(part) for part in zip(*entries, strict=True)) if entries else ([], [], [])
        matrix = coo_array((factor, (row, column)), shape=(len(self.relations), len(cells))).tocsc()
        limits = [limit for _, limit in self.relations]
        bounds = Bounds([self.low[c] for c in cells], [self.high[c] for c in cells])

        def solve(signed: Iterable[tuple[Sum, float]]) -> np.ndarray:
            cost = np.zeros(len(cells))
            for sum_, sign in signed:
                for cell, f in sum_.items():
                    cost[cells[cell]] += sign * f
            relations = LinearConstraint(matrix, -np.inf, limits) if limits else ()
            solution = milp(cost, integrality=np.ones(len(cells)), bounds=bounds, constraints=relations)
            assert solution.success, solution.message
            return np.round(solution.x)

        def value(parts: Sum, x: np.ndarray) -> float:
            return sum(x[cells[c]] * f for c, f in parts.items())

        first, draw = solve((parts, 1) for parts in wanted), np.random.default_rng(1)
        left = [(parts, value(parts, first)) for parts in wanted]
        for _ in range(6):  # a few directions tell most apart at once
            x = solve((parts, draw.choice([-1, 1])) for parts, _ in left) if left else first
            left = [(parts, known) for parts, known in left if value(parts, x) == known]
        told = []
        while left:
            (parts, known), *left = left
            ends = [solve([(parts, sign)]) for sign in (1, -1)]
            if all(value(parts, x) == known for x in ends):
                told.append(parts)
            left = [(other, was) for other, was in left if all(value(other, x) == was for x in ends)]
        return told


# --- made-up years ----------------------------------------------------------------------------------------------------

QUARTERS = [pd.Period(f"2021Q{quarter}") for quarter in range(1, 5)]
SENSITIVE = ("I3", "I4", "I5", "P6")
SERVICES = {
    "P1": "sociale ontmoeting", "P3": "computer", "P4": "taal", "P5": "formulieren", "P6": "schuldhulp", "P7": "werk",
}  # fmt: skip
THEMES = {"I3": "uitkering en zorg", "I4": "huisuitzetting en huurschuld", "I5": "overlast en vandalisme"}
EXTRA = {  # indicators that hold a sensitive one, leave it out, or count its rows
    "Z1": ("deelnames", "uniek", "deelnemer", "categorie != schuldhulp"),
    "Z2": ("deelnames", "uniek", "deelnemer", "categorie = schuldhulp | taal"),
    "Z3": ("deelnames", "aantal", None, "categorie = schuldhulp"),
    "Z4": ("deelnames", "aantal", None, None),
    "Z5": ("deelnames", "aantal", None, "categorie != schuldhulp"),
    "Z6": ("interviews", "uniek", "deelnemer", None),
}
ALL = frozenset(SERVICES.values())
SETS = {code: frozenset([service]) for code, service in SERVICES.items()}  # indicator -> the services that it counts
SETS |= {"P8": ALL, "Z1": ALL - {"schuldhulp"}, "Z2": frozenset(["schuldhulp", "taal"])}


def made_up(
    tables: Mapping[str, list[dict[str, Any]]], rooms: str = "ABC", sensitive: Iterable[str] = SENSITIVE
) -> Data:
    """A dataset of these rows, its agreement the example's with a few indicators more."""
    agreed = agreement(rooms, list(sensitive))
    model = agreed.indicators.iloc[0].to_dict()
    more = [
        model | {"code": code, "name": code, "table": of, "measure": kind, "field": counted, "filter": scope,
                 "numerator": None, "time": "datum", "sensitive": "ja" if code in sensitive else "nee"}
        for code, (of, kind, counted, scope) in EXTRA.items()
    ]  # fmt: skip
    agreed = replace(agreed, indicators=pd.concat([agreed.indicators, pd.DataFrame(more)], ignore_index=True))
    measures, problems = measured.measures(agreed, SCHEMA)
    every = {name: table(name, tables.get(name, [])) for name in SCHEMA.tables}
    delivered = frozenset(name for name, rows in tables.items() if rows)
    return Data("verzonnen", agreed, measures, every, delivered, {}, pd.DataFrame(), found_problems.frame(problems), {})


def world(seed: int, rooms: str = "ABC", size: int = 18) -> dict[str, list[dict[str, Any]]]:
    """A year of made-up registrations, most of them small numbers; some visits are anonymous, some answers of no room."""
    draw = np.random.default_rng(seed)
    often, usual = draw.choice([1, 1, 2, 4]), draw.dirichlet([draw.choice([0.4, 1.0, 5.0])] * len(SERVICES))

    def rows(most: int, **columns: Any) -> list[dict[str, Any]]:
        found = []
        for room in rooms:
            for person in range(draw.integers(0, most + 1)):
                own = f"p{room}{person}" if draw.random() < 0.9 else f"p{person}"
                for _ in range(1 + draw.integers(0, often)):
                    day = f"2021-{draw.integers(1, 13):02d}-{draw.integers(1, 28):02d}"
                    cells = {
                        key: draw.choice(value) if isinstance(value, list) else own if value == "person" else value
                        for key, value in columns.items()
                    }
                    found.append({"datum": day, "kamer": room} | cells)
        return found

    visits = rows(2 * size, deelnemer="person")
    for visit in visits:
        visit["categorie"] = str(draw.choice(list(SERVICES.values()), p=usual))
        visit["deelnemer"] = None if draw.random() < 0.03 else visit["deelnemer"]
    asked = rows(2 * size, respondent="person")
    return {
        "deelnames": visits,
        "interviews": rows(size, deelnemer="person", thema=list(THEMES.values()), uitkomst=["minder", "gelijk", "meer", "onbekend"]),
        "doorverwijzingen": rows(
            size, deelnemer="person", richting=["van", "naar"], instantie="i",
            doelgroep=["uitkering", "nieuwe bewoner", "overig"], status=["aangemeld", "doet mee", "gestopt"],
        ),
        "vrijwilligersuren": rows(size, vrijwilliger="person", groep=["tuin", "keuken"], uren=[1.0, 2.5, 4.0]),
        "uitstroom": rows(size, deelnemer="person", soort="betaald werk", mede_dankzij="ja"),
        "enquete": [
            answer | {"vraag": question, "antwoord": float(draw.integers(low, high)), "kamer": answer["kamer"] if draw.random() < 0.9 else None}
            for answer in asked
            for question, low, high in (("vertrouwen", 1, 6), ("inzet", 6, 11))
        ],
        "grootboek": [
            {"datum": f"2021-{month:02d}-01", "boekstuk": f"{room}{month}", "rekening": account, "kostenplaats": room,
             "debet": max(euro, 0.0), "credit": max(-euro, 0.0)}
            for room in rooms for month in range(1, 13) for account, euro in (("4000", 100.0 + month), ("8000", -90.0))
        ],
    }  # fmt: skip


# --- what the set publishes of a year ---------------------------------------------------------------------------------


def exact_frames(data: Data, period: pd.Period) -> dict[str, pd.DataFrame]:
    """The frames of a period's pages as they are; each is shown by the edition's rule."""
    card, figures = scorecard(data, period), _euros(data, period)
    now = data.until(period)
    visits, referred, asked = now.deelnames, now.doorverwijzingen, _latest(now.enquete.dropna(subset="antwoord"))
    first = _everywhere(visits).groupby(["kamer", "deelnemer"], observed=True)["datum"].min()
    weeks = [
        *pd.date_range(periods.start(period), periods.reference_day(period), freq="3W"),
        periods.reference_day(period),
    ]
    so_far = [(room, week, float((days <= week).sum())) for room, days in first.groupby("kamer") for week in weeks]
    month = visits["datum"].dt.to_period("M").dt.to_timestamp().rename("month")
    rows = visits.groupby(["kamer", month], observed=True).size().rename("rows").reset_index().assign(table="Deelnames")
    answers = asked.groupby(["room", "vraag", "antwoord"], observed=True).size().rename("persons").reset_index()
    agrees = asked[asked["vraag"] == "vertrouwen"].assign(agrees=lambda all_: all_["antwoord"] >= 4)
    shares = agrees.groupby("room")["agrees"].agg(numerator="sum", n="size").astype(float).reset_index()
    stages = [_everywhere(of).groupby("kamer")["deelnemer"].nunique().rename("persons").reset_index().assign(stage=stage)
              for stage, of in (("aangemeld", referred), *referred.groupby("status", observed=True)) if stage != "aangemeld" or of is referred]  # fmt: skip
    hours = now.vrijwilligersuren.assign(month=now.vrijwilligersuren["datum"].dt.to_period("M").dt.to_timestamp())
    return {
        "scorecard": card,
        "money": figures,
        "weeks": pd.DataFrame(so_far, columns=["room", "week", "persons"]),
        "months": rows.rename(columns={"kamer": "room"}),
        "answers": answers.rename(columns={"vraag": "question", "antwoord": "answer"}).astype({"question": "str"}),
        "shares": shares.assign(question="vertrouwen", share=shares["numerator"] / shares["n"], lower=0.0, upper=1.0),
        "outcomes": trends.outcomes(data, period),
        "stages": pd.concat(stages).rename(columns={"kamer": "room"}),
        "hours": hours.groupby(["kamer", "month"], observed=True)["uren"].sum().rename("hours").reset_index(),
    }


def _everywhere(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of every room, and once more as those of Totaal."""
    return pd.concat([rows.assign(kamer=rows["kamer"].astype("str")), rows.assign(kamer=TOTAL)])


def _latest(answers: pd.DataFrame) -> pd.DataFrame:
    per_room = measured.latest(answers, ["respondent", "vraag", "kamer"]).dropna(subset="kamer")
    overall = measured.latest(answers, ["respondent", "vraag"])
    both = [per_room.assign(room=per_room["kamer"].astype("str")), overall.assign(room=TOTAL)]
    return pd.concat(both).astype({"vraag": "str"})


# --- what an attacker makes of it -------------------------------------------------------------------------------------


@dataclass
class Year:
    """An attack on a year, the real numbers, and which of them are sought: sums of cells, mostly of one."""

    data: Data
    attack: Attack = field(default_factory=Attack)
    truth: dict[Cell, float] = field(default_factory=dict)

    @property
    def rooms(self) -> list[str]:
        return [*self.data.rooms, TOTAL]

    def told(self, cell: Cell, span: Span | None) -> None:
        self.attack.between(cell, *(span or (0.0, MANY)))

    def equal(self, one: Sum, other: Sum) -> None:
        minus = {cell: -factor for cell, factor in other.items()}
        self.attack.at_most(one | minus)
        self.attack.at_most({cell: -factor for cell, factor in (one | minus).items()})

    def sought(self, persons: Iterable[Cell]) -> list[Sum]:
        """Each number of 1-4, and each change of 1-4 from the quarter before."""
        found: list[Sum] = [{cell: 1} for cell in persons if 1 <= self.truth.get(cell, 0) <= 4]
        for quarter, *cell in persons:
            now, before = (quarter, *cell), (quarter - 1 if isinstance(quarter, int) else None, *cell)
            if before in self.truth and 1 <= abs(self.truth[now] - self.truth[before]) <= 4:
                found.append({now: 1, before: -1})
        return found


Frames = dict[str, pd.DataFrame]


def published(data: Data, editions: Iterable[str] = EDITIONS) -> list[tuple[Frames, dict[str, Frames]]]:
    """Per quarter the frames as they are, and per edition as they are shown, with codes for the names of rooms."""
    codes = {name: code for code, name in data.agreement.room_names.items()}
    year = []
    for period in QUARTERS:
        exact = exact_frames(data, period)
        shown = {
            edition: {name: show(frame, data, edition).frame for name, frame in exact.items()} for edition in editions
        }
        year.append((exact, {e: {n: f.replace({"room": codes}) for n, f in of.items()} for e, of in shown.items()}))
    return year


def attacked(
    data: Data, quarters: Iterable[tuple[Frames, dict[str, Frames]]], editions: Iterable[str]
) -> tuple[Year, list[Sum]]:
    """All that is published of a year in these editions, with what is sought: the sensitive numbers of 1-4 where the
    board's edition is among them, else all small numbers of persons.
    """
    year = Year(data)
    for quarter, (period, (exact, shown)) in enumerate(zip(QUARTERS, quarters, strict=True)):
        _truth(year, quarter, exact)
        for edition in editions:
            plain = shown[edition]
            _from_scorecard(year, quarter, plain["scorecard"])
            _from_money(year, quarter, period, plain["money"])
            _from_other_frames(year, quarter, period, plain)
        _from_what_is_always_true(year, quarter)
    things = {"P2", "O3", "O10", "Z3", "Z4", "Z5"}
    persons = [cell for cell in year.truth if cell[2] not in things and cell[1] != "rows"]
    if BOARD in editions:
        sensitive = set(data.agreement.indicators.query("sensitive == 'ja'")["code"])
        persons = [cell for cell in persons if cell[2] in sensitive]
    return year, year.sought(persons)


def outcome_of(quarter: int, row: Any) -> Cell:
    """The cell of an outcome of interviews; `minder` is the numerator of an indicator."""
    code = next(code for code, theme in THEMES.items() if theme == row.theme)
    return (quarter, row.room, code, "n" if row.outcome == "minder" else row.outcome)


def _truth(year: Year, quarter: int, frames: Mapping[str, pd.DataFrame]) -> None:
    cells = {(quarter, row.room, row.indicator, part): number for row in frames["scorecard"].itertuples()
             for part, number in (("n", row.numerator), ("d", row.denominator))}  # fmt: skip
    cells |= {(quarter, row.room, row.question, row.answer): row.persons for row in frames["answers"].itertuples()}
    cells |= {(quarter, row.room, row.stage, "n"): row.persons for row in frames["stages"].itertuples()}
    cells |= {outcome_of(quarter, row): row.persons for row in frames["outcomes"].itertuples()}
    cells |= {("week", row.room, row.week): row.persons for row in frames["weeks"].itertuples()}
    cells |= {(row.month, "rows", row.room): row.rows for row in frames["months"].itertuples()}
    year.truth |= {cell: float(number) for cell, number in cells.items() if pd.notna(number)}


def _from_scorecard(year: Year, quarter: int, card: pd.DataFrame) -> None:
    near = year.data.agreement.settings.near
    of_persons = {
        code
        for code, measure in year.data.measures.items()
        if measure.kind in ("uniek", "aandeel", "gemiddelde", "aantal")
    }
    for row in card[card["indicator"].isin(of_persons) & (card["status"] != indicators.NO_DATA)].itertuples():
        n, d = ((quarter, row.room, row.indicator, part) for part in "nd")
        if row.unit != "cijfer":
            year.told(n, row.numerator)
        if d in year.truth:
            year.told(d, row.denominator)
        if row.unit != "cijfer" and d in year.truth:
            year.attack.not_more(n, d)
        if row.unit == "aandeel" and row.value:
            year.attack.at_most({n: -100, d: row.value.low * 100 - 1e-7})
            year.attack.at_most({n: 100, d: -row.value.high * 100 - 1e-7})
        judged = row.status not in (UNTOLD, indicators.NO_TARGET) and isinstance(row.target, Span)
        if row.unit in ("personen", "aantal") and judged and row.value:
            whole = np.arange(row.value.low, row.value.high + 1)
            target, due = _fraction(row.target.low), row.interim_target
            interim = _fraction(due.low) if isinstance(due, Span) else None
            fits = [
                n_
                for n_ in whole
                if indicators.status(_fraction(n_), target, interim, row.operator, near) == row.status
            ]
            year.attack.between(n, min(fits), max(fits))
        if row.unit == "aandeel" and judged and row.value and d in year.truth:
            interim = row.interim_target if isinstance(row.interim_target, Span) else row.target
            met, agreed = row.status == indicators.MET, interim.low
            near_it = row.status == indicators.NEAR
            year.attack.at_most({n: -1, d: agreed - 1e-9} if met else {n: 1, d: -agreed - 1e-9})
            if row.status != indicators.UNDERWAY:
                year.attack.at_most(
                    {n: -1, d: near * agreed - 1e-9} if met or near_it else {n: 1, d: -near * agreed - 1e-9}
                )
        if row.unit == "cijfer" and row.value and row.room != TOTAL:  # all marks, of the answers shown beside it
            marks = {(quarter, row.room, "inzet", float(mark)): mark * 10 for mark in range(6, 11)}
            given = {cell: factor for cell, factor in marks.items() if cell in year.truth}
            year.attack.at_most({cell: -factor for cell, factor in given.items()} | {d: row.value.low * 10 - 1e-7})
            year.attack.at_most(given | {d: -row.value.high * 10 - 1e-7})


def _fraction(number: float) -> Fraction:
    return Fraction(str(round(number, 9)))


def _from_money(year: Year, quarter: int, period: pd.Period, money: pd.DataFrame) -> None:
    """What is divided by people or rows, multiplied back."""
    figures = money.set_index(["room", "kind", "item"])["value"]
    elapsed = float(periods.elapsed(period))
    for room in year.rooms:
        spent = figures[room, "realised", TOTAL].low
        hours = _hours(figures, room)
        for cell, above, key in (
            ((quarter, room, "P8", "n"), Span(spent, spent), ("cost_per_result", finance.PER_PERSON)),
            ((quarter, room, "Z4", "n"), Span(spent, spent), ("cost_per_result", finance.PER_VISIT)),
            (
                (quarter, room, "O2", "n"),
                hours and Span(*(h / elapsed for h in hours)),
                ("volunteer_hours", finance.YEARLY),
            ),
        ):
            per = figures[(room, *key)]
            if per and above and per.low > 0 and cell in year.truth:
                cent = 0.005 if key[0] == "cost_per_result" and per.low == per.high else 0.0  # it is told to the cent
                ends = above.low / (per.high + cent), above.high / (per.low - cent)
                year.attack.between(cell, ceil(ends[0] - 1e-6), floor(ends[1] + 1e-6))


def _hours(figures: pd.Series, room: str) -> Span | None:
    """Hours as told, and as their share of the populaire investering tells them."""
    told = figures[room, "volunteer_hours", finance.REALISED]
    share, euros = (
        figures[room, "share_realised", "vrijwilligers / populair"],
        figures[room, "funding_realised", TOTAL].low,
    )
    worth = 12.5  # euros an hour, as agreed
    if not told or not share or share.high >= 1:
        return told
    ends = [euros * end / (1 - end) / worth for end in share]
    return Span(max(told.low, ends[0] - 1e-6), min(told.high, ends[1] + 1e-6))


def _from_other_frames(year: Year, quarter: int, period: pd.Period, shown: Mapping[str, pd.DataFrame]) -> None:
    for row in shown["weeks"].itertuples():
        year.told(("week", row.room, row.week), row.persons)
        whole = (quarter, row.room, "P8", "n")
        year.attack.not_more(("week", row.room, row.week), whole)
        if row.week == periods.reference_day(period):
            year.attack.not_more(whole, ("week", row.room, row.week))
        if quarter and row.week > periods.reference_day(QUARTERS[quarter - 1]):
            year.attack.not_more((quarter - 1, row.room, "P8", "n"), ("week", row.room, row.week))
    for row in shown["months"].itertuples():
        year.told((row.month, "rows", row.room), row.rows)
    for row in shown["answers"].itertuples():
        year.told((quarter, row.room, row.question, row.answer.low), row.persons)
    for row in shown["shares"].itertuples():
        year.told((quarter, row.room, "I1", "n"), row.numerator)
        year.told((quarter, row.room, "I1", "d"), row.n)
    for row in shown["stages"].itertuples():
        year.told((quarter, row.room, row.stage, "n"), row.persons)
    for row in shown["outcomes"].itertuples():
        year.told(outcome_of(quarter, row), row.persons)
    for (room, _), of_theme in shown["outcomes"].groupby(["room", "theme"]):
        parts = {outcome_of(quarter, row): 1 for row in of_theme.itertuples()}
        whole = (quarter, room, next(iter(parts))[2], "d")
        if whole in year.truth:
            year.equal(parts, {whole: 1})


def _from_what_is_always_true(year: Year, quarter: int) -> None:
    """Whoever counts in a part counts in the whole; a whole is never more than its parts; nor does it grow more."""
    truth, rooms, attack = year.truth, year.data.rooms, year.attack
    cells = [cell for cell in truth if cell[0] == quarter]
    for cell in cells:
        _, room, code, part = cell
        before = (quarter - 1, *cell[1:])
        grows = code in NEVER_LESS or (code in (*THEMES, "I1", "N3") and part == "d")
        if grows and before in truth:
            attack.not_more(before, cell)
        if room == TOTAL and isinstance(part, str):
            own = [(quarter, one, code, part) for one in rooms if (quarter, one, code, part) in truth]
            nowhere = {(quarter, "", "respondents", "d"): -1} if code in ("I1", "N3") else {}
            if code not in ("I2", "N4"):
                attack.at_most({cell: 1} | dict.fromkeys(own, -1) | nowhere)
            if grows:
                for one in own:
                    attack.not_more(one, cell)
            if grows and before in truth and not nowhere:
                _grows_with(attack, truth, quarter, cell, own)
    for room in year.rooms:
        _of_services(year, quarter, room)
        of = {
            code: (quarter, room, code, part)
            for code, part in (
                ("O9", "n"),
                ("O5", "d"),
                ("O7", "d"),
                ("Z6", "n"),
                ("I3", "d"),
                ("I4", "d"),
                ("I5", "d"),
            )
        }
        for less, more in (("O5", "O9"), ("O7", "O9"), *((theme, "Z6") for theme in THEMES)):
            if of[less] in truth and of[more] in truth:
                attack.not_more(of[less], of[more])
        if of["O9"] in truth and (quarter, room, "aangemeld", "n") in truth:
            year.equal({of["O9"]: 1}, {(quarter, room, "aangemeld", "n"): 1})
            for code in ("O5", "O7"):
                if (quarter, room, "doet mee", "n") in truth and (quarter, room, code, "n") in truth:
                    attack.not_more((quarter, room, code, "n"), (quarter, room, "doet mee", "n"))
        for code, question, counted in (("I1", "vertrouwen", "d"), ("N3", "inzet", "d"), ("I1", "vertrouwen", "n")):
            given = [cell for cell in cells if cell[1:3] == (room, question) and (counted == "d" or cell[3] >= 4)]
            if given and (quarter, room, code, counted) in truth:
                year.equal({(quarter, room, code, counted): 1}, dict.fromkeys(given, 1))


NEVER_LESS = (*SETS, "Z3", "Z4", "Z5", "Z6", "O2", "O8", "O9", "aangemeld")


def _grows_with(attack: Attack, truth: Mapping[Cell, float], quarter: int, whole: Cell, parts: Iterable[Cell]) -> None:
    """Who is new in the whole is new in one of its parts."""
    grown: Sum = {}
    for cell, sign in ((whole, 1), *((part, -1) for part in parts)):
        before = (quarter - 1, *cell[1:])
        grown |= {cell: sign} | ({before: -sign} if before in truth else {})
    attack.at_most(grown)


def _of_services(year: Year, quarter: int, room: str) -> None:
    """f(A) + f(B) >= f(A or B) + f(A and B) for the people f who came for any of a set of services; and rows."""
    truth, attack = year.truth, year.attack
    cells = {
        services: (quarter, room, code, "n") for code, services in SETS.items() if (quarter, room, code, "n") in truth
    }
    singles = {services: cell for services, cell in cells.items() if len(services) == 1}
    for services, cell in cells.items():
        parts = [one for single, one in singles.items() if single <= services and one != cell]
        if parts:
            attack.at_most({cell: 1} | dict.fromkeys(parts, -1))
            _grows_with(attack, truth, quarter, cell, parts) if quarter else None
        for other, more in cells.items():
            if services < other:
                attack.not_more(cell, more)
    for (one, a), (other, b) in combinations(cells.items(), 2):
        both, neither = cells.get(one & other), one | other
        if neither in cells and neither not in (one, other) and (both or not one & other):
            attack.at_most({cells[neither]: 1, a: -1, b: -1} | ({both: 1} if both else {}))
            if not one & other and quarter:
                _grows_with(attack, truth, quarter, cells[neither], [a, b])
    _of_rows(year, quarter, room, singles)


def _of_rows(year: Year, quarter: int, room: str, singles: Mapping[frozenset[str], Cell]) -> None:
    truth, attack = year.truth, year.attack
    mine, every, others = ((quarter, room, code, "n") for code in ("Z3", "Z4", "Z5"))
    if every not in truth:
        return
    year.equal({every: 1}, {mine: 1, others: 1})
    parts = [(mine, [cell for cell in singles.values() if cell[2] == "P6"]),
             (others, [cell for cell in singles.values() if cell[2] != "P6"])]  # fmt: skip
    for rows, persons in parts:
        attack.at_most({rows: -1} | dict.fromkeys(persons, 1))
        before = {(quarter - 1, *cell[1:]): -sign for cell, sign in ((rows, -1), *((one, 1) for one in persons))}
        if quarter and all(cell in truth for cell in before):
            attack.at_most({rows: -1} | dict.fromkeys(persons, 1) | before)
    last = periods.reference_day(QUARTERS[quarter])
    months = [cell for cell in truth if cell[1] == "rows" and cell[0] <= last and room in (TOTAL, cell[2])]
    if months:
        year.equal({every: 1}, dict.fromkeys(months, 1))


def main(years: int, start: int = 0) -> None:
    """Attack made-up years of one to five small rooms, and say what was told. start : another, another set of years."""
    draw = np.random.default_rng(8 + start)
    sought = {"both editions": 0, "openbaar alone": 0}
    for seed in range(years):
        rooms = "ABCDE"[: draw.integers(1, 6)]
        sensitive = [SENSITIVE, SENSITIVE, SENSITIVE, ("P6", "P7", "I1"), ("O5", "Z1"), ("P8", "O9")][
            int(draw.integers(6))
        ]
        data = made_up(world(start + seed, rooms, int(draw.integers(2, 31))), rooms, sensitive)
        quarters = published(data)
        for name, editions in (("both editions", EDITIONS), ("openbaar alone", (PUBLIC,))):
            year, cells = attacked(data, quarters, editions)
            wrong, told = year.attack.holds_for(year.truth), year.attack.recovered(cells)
            sought[name] += len(cells)
            for what, found in (("reasoned wrongly", wrong), ("told", told)):
                if found:
                    print(f"year {start + seed}, rooms {rooms}, {name}, {what}: {found[:5]}", flush=True)
        if seed % 10 == 9:
            print(f"{seed + 1} years: {sought}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
