"""Attacks on what is published: no small number of persons can be worked out, however the pages are combined."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from attack import MANY, Attack
from registered import agreement, counted, dataset

from bwk_analysis import finance, indicators, periods, privacy, publication, trends
from bwk_analysis.finance import REALISED

TOTAL = "Totaal"
QUARTERS = ("2021Q1", "2021Q2", "2021Q3", "2021Q4")
SERVICES = {
    "P1": "sociale ontmoeting",
    "P3": "computer",
    "P4": "taal",
    "P5": "formulieren",
    "P6": "schuldhulp",
    "P7": "werk",
}
THEMES = {"I3": "uitkering en zorg", "I4": "huisuitzetting en huurschuld", "I5": "overlast en vandalisme"}
NEVER_LESS = ("P1", "P3", "P4", "P5", "P6", "P7", "P8", "O2", "O5", "O6", "O7", "O8", "O9")  # from quarter to quarter
TOLD_TABLES = ([20, 7, 8, 44], [35, 108, 10, 23], [28, 43, 1, 34])  # a row is a room, a column a quarter


# --- worlds -----------------------------------------------------------------------------------------------------------


def world(seed, rooms="ABC", size=18):
    """A year of made-up registrations, most of them small numbers; each row of a table as the readers give it."""
    draw = np.random.default_rng(seed)

    def rows(name, most, **columns):
        found = []
        for room in rooms:
            for person in range(draw.integers(0, most + 1)):
                day = {"datum": f"2021-{draw.integers(1, 13):02d}-{draw.integers(1, 28):02d}"}
                cells = {
                    key: draw.choice(value) if isinstance(value, list) else value for key, value in columns.items()
                }
                own = f"{room}{person}" if draw.random() < 0.9 else f"x{person}"
                found.append(day | {"kamer": room} | {k: own if v == "person" else v for k, v in cells.items()})
        return found

    tables = {
        "deelnames": rows("deelnames", 3 * size, deelnemer="person", categorie=list(SERVICES.values())),
        "interviews": rows(
            "interviews",
            size,
            deelnemer="person",
            thema=list(THEMES.values()),
            uitkomst=["minder", "gelijk", "onbekend"],
        ),
        "doorverwijzingen": rows(
            "doorverwijzingen",
            size,
            deelnemer="person",
            richting=["van", "naar"],
            instantie="i",
            doelgroep=["uitkering", "nieuwe bewoner", "overig"],
            status=["aangemeld", "doet mee", "gestopt"],
        ),
        "vrijwilligersuren": rows("vrijwilligersuren", size, vrijwilliger="person", groep=["tuin", "keuken"], uren=2.5),
        "uitstroom": rows("uitstroom", size, deelnemer="person", soort="betaald werk", mede_dankzij="ja"),
        "enquete": [
            answer | {"vraag": question, "antwoord": float(draw.integers(low, high))}
            for answer in rows("enquete", 2 * size, respondent="person")
            for question, low, high in (("vertrouwen", 3, 6), ("inzet", 7, 11))
        ],
        "grootboek": [
            {
                "datum": f"2021-{month:02d}-01",
                "boekstuk": f"{room}{month}",
                "rekening": "4000",
                "kostenplaats": room,
                "debet": 100.0 + month,
                "credit": 0.0,
            }
            for room in rooms
            for month in range(1, 13)
        ],
    }
    return {name: found for name, found in tables.items() if found}


def newcomers(counts, **columns):
    """Rows of new people only: a row of `counts` is a room, a column the people who are new in that quarter."""
    return [
        {
            "datum": f"2021-{3 * quarter + 2:02d}-{1 + person % 28:02d}",
            "kamer": room,
            "deelnemer": f"{room}{quarter}{person}{columns}",
            **columns,
        }
        for room, per_quarter in zip("ABCD", counts, strict=False)
        for quarter, people in enumerate(per_quarter)
        for person in range(people)
    ]


def tight_world():
    """Hardly anyone comes twice, uses two services or two rooms: sums of persons are exact, the easiest to attack."""
    taal = newcomers([[12, 3, 6, 0], [35, 8, 10, 23], [28, 43, 1, 34]], categorie="taal")
    twice = [row | {"categorie": "formulieren"} for row in taal if row["kamer"] != "A"]
    answers = [("A", 9, 4), ("A", 9, 5), ("B", 9, 4), ("B", 7, 3), ("C", 1, 2), ("C", 12, 5)]
    return {
        "deelnames": [
            *taal,
            *twice,
            *newcomers([[4, 0, 3, 5], [20, 7, 8, 44], [30, 6, 2, 9]], categorie="schuldhulp"),
            *newcomers([[9, 0, 1, 2], [0, 0, 3, 0], [5, 0, 0, 9]], categorie="werk"),
        ],
        "interviews": newcomers([[4, 1, 0, 6], [6, 5, 8, 9], [0, 3, 2, 0]], thema=THEMES["I4"], uitkomst="minder")
        + newcomers([[6, 0, 7, 0], [12, 0, 9, 0], [0, 0, 0, 1]], thema=THEMES["I3"], uitkomst="gelijk"),
        "grootboek": world(0)["grootboek"],
        "vrijwilligersuren": [
            {"datum": "2021-03-01", "kamer": room, "vrijwilliger": f"{room}{i}", "groep": "tuin", "uren": 2.0}
            for room in "AB"
            for i in range(9)
        ],
        "enquete": [
            {
                "datum": "2021-02-03",
                "kamer": room,
                "respondent": f"{room}{answer}{i}",
                "vraag": "vertrouwen",
                "antwoord": float(answer),
            }
            for room, respondents, answer in answers
            for i in range(respondents)
        ],
    }


def year_of(edition, agreed, tables):
    """(exact results, publication) of the four quarters."""
    data = dataset(agreed, **tables)
    found, before = [], None
    for quarter in QUARTERS:
        exact = counted(data, quarter)
        found.append((exact, publication.publish(exact, edition, before)))
        before = exact.scorecard
    return found


def first_quarter(edition, agreed, tables):
    return publication.publish(counted(dataset(agreed, **tables), QUARTERS[0]), edition)


def by_code(frame):
    return frame.assign(room=frame["room"].str.removeprefix("Kamer "))


# --- the edition for everyone -----------------------------------------------------------------------------------------


def stands_for(attack, cell, number, tight=None):
    """What a published number can be: nought is nought, a multiple of 5 was rounded, any other is exact.

    tight : what the parts of a whole can be together; then the whole may be rounded down instead of up.
    """
    if number % 5:
        attack.between(cell, number, number)
    elif number == 0:
        attack.between(cell, 0, 0)
    else:
        attack.between(cell, max(number - 2, 10), number + (3 if tight == number + 3 else 2))


def attack_on_everyone(year):
    """(attack, the real numbers, wanted) from all frames of all quarters of the edition for everyone."""
    attack, truth = Attack(), {}
    for quarter, (exact, published) in enumerate(year):
        for row in exact.scorecard.itertuples():
            truth[quarter, row.room, row.indicator, "n"], truth[quarter, row.room, row.indicator, "d"] = (
                row.numerator,
                row.denominator,
            )
        for row in trends.answers(exact.agreement, exact.tables.get("enquete"), exact.period).itertuples():
            truth[quarter, row.room, row.question, row.answer] = row.persons
        for row in trends.referrals(
            exact.tables.get("doorverwijzingen"), exact.agreement.room_codes, exact.period
        ).itertuples():
            truth[quarter, row.room, row.stage] = row.persons
        _from_scorecard(attack, quarter, exact, by_code(published.scorecard))
        _from_totals(attack, quarter, exact, by_code(published.scorecard))
        _from_other_frames(attack, quarter, exact, published)
        _from_what_is_always_true(attack, quarter, exact)
    truth = {cell: value for cell, value in truth.items() if not np.isnan(value)}
    return attack, truth, wanted(truth, exact.agreement.room_codes)


def wanted(truth, rooms):
    """Every small number of persons, and every small change from a quarter to the next."""
    things = {("P2", "n"), ("O3", "n"), ("O10", "n"), ("N3", "n"), ("N4", "n")}
    of_persons = {cell: v for cell, v in truth.items() if cell[1] in rooms and cell[2:] not in things}
    found = [{cell: 1} for cell, value in of_persons.items() if 1 <= value < 10]
    for (quarter, *cell), value in of_persons.items():
        before = (quarter - 1, *cell)
        if before in of_persons and 1 <= abs(value - of_persons[before]) < 10:
            found.append({(quarter, *cell): 1, before: -1})
    return found


def _from_scorecard(attack, quarter, exact, card):
    services = card[card["indicator"].isin(list(SERVICES))]
    at_most = (services["value"].astype(float) + 2).mask(services["value"] == 0, 0).mask(services["hidden"] != "", 9)
    together = at_most.groupby(services["room"]).sum()
    card = card[card["status"] != "geen gegevens"]
    for row in card[(card["room"] != TOTAL) & card["unit"].isin(["personen", "aandeel", "cijfer"])].itertuples():
        n, d = ((quarter, row.room, row.indicator, part) for part in "nd")
        if row.hidden:
            attack.between(d if row.unit == "cijfer" else n, 1, 9)
        elif row.unit == "cijfer":
            stands_for(attack, d, row.denominator)
        else:
            stands_for(attack, n, row.numerator, together.get(row.room) if row.indicator == "P8" else None)
            if row.denominator == row.denominator:
                stands_for(attack, d, row.denominator)
            elif row.unit == "aandeel":
                attack.between(d, 1, 9)  # of how few is hidden, and nought is shown
        if row.unit == "aandeel" or (row.unit == "personen" and row.denominator == row.denominator):
            attack.at_most({n: 1, d: -1})
            if row.lower == row.lower:
                assert (row.lower, row.upper) == indicators.wilson(int(row.numerator), int(row.denominator))
                assert row.value == row.numerator / row.denominator


def _from_totals(attack, quarter, exact, card):
    """A total that is not the sum of what is shown of the rooms says something of its own."""
    rooms = card[card["room"] != TOTAL]
    for row in card[(card["room"] == TOTAL) & card["unit"].isin(["personen", "aandeel", "cijfer"])].itertuples():
        for part, name in (("n", "numerator"), ("d", "denominator")):
            number = getattr(row, name)
            if number == number and number != rooms.loc[rooms["indicator"] == row.indicator, name].sum():
                total = (quarter, TOTAL, row.indicator, part)
                stands_for(attack, total, number)
                cells = [(quarter, room, row.indicator, part) for room in exact.agreement.room_codes]
                attack.at_most({total: 1} | dict.fromkeys(cells, -1))
                for cell in cells:
                    attack.not_more(cell, total)


def _from_other_frames(attack, quarter, exact, published):
    day = periods.reference_day(exact.period)
    for row in by_code(published.weekly).dropna().itertuples():
        if row.week == day:
            same = by_code(published.scorecard).set_index(["indicator", "room"]).loc[("P8", row.room)]
            if row.persons != same["value"]:
                stands_for(attack, (quarter, row.room, "P8", "n"), row.persons)
        else:
            stands_for(attack, (row.week, row.room), row.persons)
            attack.not_more((row.week, row.room), (quarter, row.room, "P8", "n"))
    for row in by_code(published.referrals).dropna().itertuples():
        if row.room != TOTAL:
            cell = (quarter, row.room, "O9", "n") if row.stage == "aangemeld" else (quarter, row.room, row.stage)
            stands_for(attack, cell, row.persons)
            attack.not_more(cell, (quarter, row.room, "O9", "n"))
    shares = by_code(published.answer_shares)
    for row in shares[shares["room"] != TOTAL].itertuples():
        code = {"vertrouwen": "I1"}[row.question]
        stands_for(attack, (quarter, row.room, code, "n"), row.numerator)
        stands_for(attack, (quarter, row.room, code, "d"), row.n)
    answers = by_code(published.answers)
    for (room, question), rows in answers[answers["room"] != TOTAL].groupby(["room", "question"]):
        cells = {(quarter, room, question, row.answer): row.persons for row in rows.itertuples()}
        for cell, persons in cells.items():
            attack.between(cell, 1, 9) if np.isnan(persons) else stands_for(attack, cell, persons)
        whole = (quarter, room, {"vertrouwen": "I1", "inzet": "N3"}.get(question), "d")
        attack.at_most({whole: 1} | dict.fromkeys(cells, -1))
        attack.at_most({whole: -1} | dict.fromkeys(cells, 1))
    _from_money(attack, quarter, exact, by_code(published.finance))
    assert published.registrations.empty
    assert published.accounting.filter(regex="rows_").isna().all(axis=None)
    assert not published.problems["problem"].str.contains(r"\d").any()


def _from_money(attack, quarter, exact, money):
    figures = money.set_index(["room", "kind", "item"])["value"]
    elapsed = float(periods.elapsed(exact.period))
    for room in exact.agreement.room_codes:
        spent = figures[room, "realised", TOTAL]
        hours = figures[room, "volunteer_hours", REALISED]
        for code, number in (
            ("P8", spent / figures[room, "cost_per_result", finance.PER_PERSON]),
            ("O2", hours / elapsed / figures[room, "volunteer_hours", finance.YEARLY]),
        ):
            if number > 0 and abs(number - round(number)) < 1e-6 and not (code == "P8" and round(number) % 5 == 0):
                stands_for(attack, (quarter, room, code, "n"), round(number))
        visits = spent / figures[room, "cost_per_result", finance.PER_VISIT]
        if visits == visits:
            attack.at_most({(quarter, room, code, "n"): 1 for code in SERVICES}, round(visits))
    volunteers = [
        figures[room, "volunteer_hours", REALISED] / elapsed / figures[room, "volunteer_hours", finance.YEARLY]
        for room in [*exact.agreement.room_codes, TOTAL]
    ]
    if volunteers[-1] == volunteers[-1] and round(volunteers[-1]) != round(np.nansum(volunteers[:-1])):
        stands_for(attack, (quarter, TOTAL, "O2", "n"), round(volunteers[-1]))
        cells = [(quarter, room, "O2", "n") for room in exact.agreement.room_codes]
        attack.at_most({(quarter, TOTAL, "O2", "n"): 1} | {cell: -1 for cell in cells if cell in attack.low})


def _from_what_is_always_true(attack, quarter, exact):
    for room in exact.agreement.room_codes:
        known = {
            code
            for _, of, code, part in [c for c in attack.low if len(c) == 4 and c[0] == quarter and c[3] == "n"]
            if of == room
        }
        if "P8" in known:
            whole = (quarter, room, "P8", "n")
            services = [(quarter, room, code, "n") for code in SERVICES if code in known]
            attack.at_most({whole: 1} | dict.fromkeys(services, -1))
            for part in services:
                attack.not_more(part, whole)
        for code in ("O5", "O7"):
            if {code, "O9"} <= known:
                attack.not_more((quarter, room, code, "n"), (quarter, room, "O9", "n"))
                if (quarter, room, "doet mee") in attack.low:
                    attack.not_more((quarter, room, code, "n"), (quarter, room, "doet mee"))
        for code in known & set(NEVER_LESS):
            if quarter and (quarter - 1, room, code, "n") in attack.low:
                attack.not_more((quarter - 1, room, code, "n"), (quarter, room, code, "n"))


@pytest.mark.parametrize(
    ("rooms", "tables"),
    [("ABCD", world(1, "ABCD", 18)), ("ABC", tight_world())],
    ids=["random", "hardly anyone comes twice"],
)
def test_no_small_number_is_recovered_from_all_that_everyone_can_see_in_a_year(rooms, tables):
    attack, truth, cells = attack_on_everyone(year_of(privacy.PUBLIC, agreement(rooms), tables))
    assert len(cells) > 50
    assert attack.holds_for(truth) == []
    assert attack.recovered(cells) == []


# --- the edition for everyone, on many tables of counts ---------------------------------------------------------------


def exact_card(counts, quarter=0, rooms="ABCD"):
    """A scorecard of counts: indicator -> the number of persons in each room, and in all where there is one more."""
    rows = []
    for code, persons in counts.items():
        total = persons[len(rooms)] if len(persons) > len(rooms) else sum(persons)
        for room, count in zip([*rooms[: len(persons)], TOTAL], [*persons[: len(rooms)], total], strict=True):
            rows.append(
                {
                    "period": QUARTERS[quarter],
                    "room": room,
                    "indicator": code,
                    "level": "proces",
                    "value": float(count),
                    "numerator": float(count),
                    "unit": "personen",
                    "target": 10.0,
                    "status": "achter",
                    "uncertain": False,
                }
            )
    return pd.DataFrame(rows, columns=indicators.COLUMNS)


def random_year(draw, rooms):
    """Four quarters of persons per service, and P8: at least the largest service, at most all of them together."""
    services, whole, cards = np.zeros((len(SERVICES), rooms), dtype=int), np.zeros(rooms, dtype=int), []
    for quarter in range(4):
        new = draw.integers(0, draw.choice([3, 10, 25]), services.shape)
        services += new * (draw.random(services.shape) < draw.choice([0.2, 0.6]))
        at_least = np.maximum(whole, services.max(axis=0))
        whole = np.where(
            draw.random(rooms) < 0.6, services.sum(axis=0), draw.integers(at_least, services.sum(axis=0) + 1)
        )
        whole = np.maximum(whole, at_least)
        counts = dict(zip(SERVICES, services.tolist(), strict=True)) | {"P8": whole.tolist()}
        cards.append(exact_card(counts, quarter, "ABCD"[:rooms]))
    return cards


def attack_on_counts(cards, rooms, protected):
    """The same attack on scorecards alone."""
    attack, truth = Attack(), {}
    for quarter, (exact, card) in enumerate(zip(cards, protected, strict=True)):
        truth |= {(quarter, row.room, row.indicator, "n"): row.numerator for row in exact.itertuples()}
        here = SimpleNamespace(agreement=SimpleNamespace(room_codes=rooms))
        _from_scorecard(attack, quarter, here, card)
        _from_totals(attack, quarter, here, card)
        _from_what_is_always_true(attack, quarter, here)
    return attack, truth, wanted(truth, rooms)


def for_everyone(card, divided=None):
    divided = {"P8": list(SERVICES)} if divided is None else divided
    return privacy.for_public(card, [*SERVICES, "P8"], divided, lambda row: {}, TOTAL)


def test_no_small_number_is_recovered_on_two_dozen_random_tables():
    draw, attacked, recovered = np.random.default_rng(2021), 0, []
    for _ in range(24):
        rooms = int(draw.integers(1, 5))
        cards = random_year(draw, rooms)
        attack, truth, cells = attack_on_counts(cards, list("ABCD"[:rooms]), [for_everyone(card) for card in cards])
        assert attack.holds_for(truth) == []
        attacked, recovered = attacked + len(cells), recovered + (attack.recovered(cells) if cells else [])
    assert attacked > 800
    assert recovered == []


@pytest.mark.parametrize("by_quarter", [True, False])
def test_no_small_number_is_recovered_on_the_tables_that_were_told(by_quarter):
    years = np.array(TOLD_TABLES)
    columns = years.cumsum(axis=1).T if by_quarter else years.T  # rooms down and quarters across, or rooms across
    cards = [exact_card({"P4": list(column), "P8": list(column)}, q, "ABC") for q, column in enumerate(columns)]
    protected = [for_everyone(card, {"P8": ["P4"]}) for card in cards]
    if not by_quarter:  # each column a table of its own
        results_ = [attack_on_counts([c], list("ABC"), [p]) for c, p in zip(cards, protected, strict=True)]
        assert [attack.recovered(cells) for attack, _, cells in results_ if cells] == [[] for _, _, c in results_ if c]
    else:
        attack, truth, cells = attack_on_counts(cards, list("ABC"), protected)
        assert attack.holds_for(truth) == []
        assert len(cells) >= 6
        assert attack.recovered(cells) == []


def test_the_attack_recovers_cells_when_only_small_numbers_are_hidden():
    cards = [exact_card({"P4": list(column)}, q, "ABC") for q, column in enumerate(np.array(TOLD_TABLES).T)]
    small = [card.assign(hidden="", value=card["value"].mask(card["value"] < 10)) for card in cards]
    small = [
        card.assign(hidden=card["hidden"].mask(card["value"].isna(), "<10"), numerator=card["value"]) for card in small
    ]
    attack, truth = Attack(), {}
    for quarter, (exact, card) in enumerate(zip(cards, small, strict=True)):
        truth |= {(quarter, r.room, "P4", "n"): r.numerator for r in exact.itertuples()}
        for row in card.itertuples():
            cell = (quarter, row.room, "P4", "n")
            attack.between(cell, *((1, 9) if row.hidden else (row.value, row.value)))
        rooms, total = [(quarter, room, "P4", "n") for room in "ABC"], (quarter, TOTAL, "P4", "n")
        attack.at_most({total: 1} | dict.fromkeys(rooms, -1))
        attack.at_most({total: -1} | dict.fromkeys(rooms, 1))
    cells = [{cell: 1} for cell, value in truth.items() if value < 10]
    assert attack.holds_for(truth) == []
    assert (len(attack.recovered(cells)), len(cells)) == (1, 3)


def test_the_attack_recovers_two_nines_when_their_whole_is_rounded_up():
    card = exact_card({"P4": [9], "P6": [9], "P1": [0], "P3": [0], "P5": [0], "P7": [0], "P8": [18]}, rooms="A")
    naive = for_everyone(card, divided={})
    assert naive.set_index(["indicator", "room"]).loc[("P8", "A"), "value"] == 20
    attack, _, cells = attack_on_counts([card], ["A"], [naive])
    assert len(attack.recovered(cells)) == 2
    attack, _, cells = attack_on_counts([card], ["A"], [for_everyone(card)])
    assert for_everyone(card).set_index(["indicator", "room"]).loc[("P8", "A"), "value"] == 15
    assert attack.recovered(cells) == []


@pytest.mark.parametrize(("whole", "shown"), [(17, 15), (18, 15), (19, 20), (20, 20)])
def test_a_whole_is_rounded_down_only_where_rounding_up_would_tell(whole, shown):
    """Parts of 9 and 9, 9 and 10 (shown as 10, at most 12), and so on: 18 alone is as many as its parts can be."""
    card = for_everyone(exact_card({"P4": [9], "P6": [whole - 9 if whole > 17 else 9], "P8": [whole]}, rooms="A"))
    assert card.set_index(["indicator", "room"]).loc[("P8", "A"), "value"] == shown


def test_the_attack_recovers_cells_when_margins_are_rounded_on_their_own():
    counts = {"P4": [9, 9, 20, 38]}
    card = exact_card(counts, rooms="ABC")
    protected = for_everyone(card, {})
    protected.loc[protected["room"] == TOTAL, ["value", "numerator"]] = 40.0  # 38 persons: at least 9 + 9 + 20
    attack, _, cells = attack_on_counts([card], list("ABC"), [protected])
    attack.between((0, "C", "P4", "n"), 18, 20)
    assert len(attack.recovered(cells)) == 2


# --- the edition for everyone, by example -----------------------------------------------------------------------------


def public_row(count, room="A", others=(30, 40)):
    card = for_everyone(exact_card({"P4": [count, *others]}, rooms="ABC"), {})
    return card.set_index("room").loc[room]


@pytest.mark.parametrize(
    ("persons", "value", "hidden"),
    [
        (0, 0, ""),
        (1, None, "<10"),
        (9, None, "<10"),
        (10, 10, ""),
        (12, 10, ""),
        (13, 15, ""),
        (17, 15, ""),
        (18, 20, ""),
    ],
)
def test_everyone_sees_nought_then_nothing_below_ten_then_multiples_of_five(persons, value, hidden):
    row = public_row(persons)
    assert (None if np.isnan(row["value"]) else row["value"], row["hidden"]) == (value, hidden)


def test_a_total_for_everyone_is_the_sum_of_the_rounded_rooms_and_is_not_judged():
    row = public_row(13, TOTAL)
    assert (row["value"], row["status"]) == (15 + 30 + 40, privacy.HIDDEN)


def test_a_total_of_which_only_nought_is_shown_is_not_nought():
    assert public_row(3, TOTAL, (0, 0))["hidden"] == privacy.NOT_SHOWN
    assert public_row(0, TOTAL, (0, 0))["value"] == 0


def test_a_total_of_a_funnel_is_the_sum_of_what_is_shown_of_the_rooms():
    frame = pd.DataFrame(
        [("A", "x", 3.0), ("B", "x", 0.0), (TOTAL, "x", 3.0), ("A", "y", 3.0), ("B", "y", 13.0), (TOTAL, "y", 16.0)],
        columns=["room", "stage", "persons"],
    )
    shown = privacy.shown_totals(frame, "persons", ["stage"], TOTAL).set_index(["room", "stage"])["persons"]
    assert np.isnan(shown[TOTAL, "x"])
    assert np.isnan(shown["A", "y"])
    assert (shown["B", "y"], shown[TOTAL, "y"]) == (15, 15)


def test_a_small_number_hides_every_figure_of_its_row():
    row = public_row(9)
    assert row[privacy.FIGURES].isna().all()
    assert row["status"] == privacy.HIDDEN


@pytest.fixture(scope="module")
def survey():
    """Room A: 20 respondents, 13 agree; room B: 12, of whom 3; marks of 8 and 9."""
    rows = [
        {"datum": "2021-02-01", "kamer": room, "respondent": f"{room}{i}", "vraag": question, "antwoord": answer}
        for room, asked, agree in (("A", 20, 13), ("B", 12, 3))
        for i in range(asked)
        for question, answer in (("vertrouwen", 4 if i < agree else 2), ("inzet", 8 + i % 2))
    ]
    return first_quarter(privacy.PUBLIC, agreement("AB"), {"enquete": rows})


def test_a_share_for_everyone_comes_from_rounded_numbers(survey):
    row = survey.scorecard.set_index(["indicator", "room"]).loc[("I1", "Kamer A")]
    assert (row["numerator"], row["n"], row["value"]) == (15, 20, 0.75)
    assert (row["lower"], row["upper"]) == indicators.wilson(15, 20)


def test_a_total_share_is_not_shown_when_a_room_is_hidden(survey):
    card = survey.scorecard.set_index(["indicator", "room"])
    assert card.loc[("I1", "Kamer B"), "hidden"] == "<10"
    assert card.loc[("I1", TOTAL), "hidden"] == privacy.NOT_SHOWN
    assert survey.answer_shares["room"].tolist() == ["Kamer A"]


def test_a_mean_for_everyone_has_one_decimal_and_no_sum_of_marks(survey):
    card = survey.scorecard.set_index(["indicator", "room"]).loc["N3"]
    assert card["value"].tolist() == [8.5, 8.5, 8.5]
    assert card["n"].tolist() == [20, 10, 30]
    assert card["numerator"].isna().all()


def test_answers_are_not_counted_apart_for_everyone(survey):
    assert survey.answers.empty
    assert set(survey.answer_shares["question"]) == {"vertrouwen"}


# --- the board's edition ----------------------------------------------------------------------------------------------


def attack_on_board(year):
    """(attack, the real numbers, wanted) from all frames of all quarters of the board's edition.

    What is not sensitive is exact. A hidden figure is 1-4, or 1-4 away from the last that was shown.
    """
    attack, truth, last = Attack(), {}, {}
    for quarter, (exact, published) in enumerate(year):
        rooms = [*exact.agreement.room_codes, TOTAL]
        sensitive = exact.agreement.indicators.query("sensitive == 'ja'")["code"].tolist()
        for row in exact.scorecard[exact.scorecard["unit"].isin(["personen", "aandeel"])].itertuples():
            truth[quarter, row.room, row.indicator, "n"], truth[quarter, row.room, row.indicator, "d"] = (
                row.numerator,
                row.denominator,
            )
        for row in (
            by_code(published.scorecard)
            .query("unit in ['personen', 'aandeel'] and status != 'geen gegevens'")
            .itertuples()
        ):
            for part, number in (("n", row.numerator), ("d", row.denominator)):
                cell = (quarter, row.room, row.indicator, part)
                if number == number:
                    attack.between(cell, number, number)
                    last[cell[1:]] = number
                elif part == "n" or not np.isnan(truth[cell]):
                    attack.between(cell, 1, MANY)
            if row.indicator in sensitive and row.room != TOTAL:
                n, most = (quarter, row.room, row.indicator, "n"), exact.agreement.settings.threshold - 1
                before = last.get(n[1:], 0)
                if row.hidden.startswith("<"):
                    attack.between(n, 1, most)
                elif row.hidden and before and (quarter, row.room, row.indicator, "d") not in attack.low:
                    attack.between(n, max(before - most, 1), before + most)
            if (quarter, row.room, row.indicator, "d") in attack.low:
                attack.not_more((quarter, row.room, row.indicator, "n"), (quarter, row.room, row.indicator, "d"))
        _from_distinct_totals(attack, quarter, rooms)
        for room in rooms:
            _from_exact_wholes(attack, quarter, room)
            for code in NEVER_LESS:
                if {(q, room, code, "n") for q in (quarter - 1, quarter)} <= set(attack.low):
                    attack.not_more((quarter - 1, room, code, "n"), (quarter, room, code, "n"))
        _from_exact_frames(attack, quarter, exact, published)
    truth = {cell: value for cell, value in truth.items() if not np.isnan(value)}
    of_sensitive = {cell: value for cell, value in truth.items() if cell[2] in sensitive}
    cells = [{cell: 1} for cell, value in of_sensitive.items() if 1 <= value <= 4]
    for (quarter, *cell), value in of_sensitive.items():
        before = (quarter - 1, *cell)
        if before in of_sensitive and cell[0] != TOTAL and 1 <= abs(value - of_sensitive[before]) <= 4:
            cells.append({(quarter, *cell): 1, before: -1})
    return attack, truth, cells


def _from_distinct_totals(attack, quarter, rooms):
    """Someone in two rooms counts once in all: a total lies between the largest room and their sum."""
    for _, _, code, part in [cell for cell in attack.low if cell[:2] == (quarter, TOTAL) and len(cell) == 4]:
        if code in THEMES and part == "n":
            continue  # the latest outcome counts, and that may be another room's
        of_rooms = [(quarter, room, code, part) for room in rooms[:-1] if (quarter, room, code, part) in attack.low]
        attack.at_most({(quarter, TOTAL, code, part): 1} | dict.fromkeys(of_rooms, -1))
        for cell in of_rooms:
            attack.not_more(cell, (quarter, TOTAL, code, part))


def _from_exact_wholes(attack, quarter, room):
    whole = (quarter, room, "P8", "n")
    services = [(quarter, room, code, "n") for code in SERVICES if (quarter, room, code, "n") in attack.low]
    if services:
        attack.at_most({whole: 1} | dict.fromkeys(services, -1))
        for part in services:
            attack.not_more(part, whole)


def _from_exact_frames(attack, quarter, exact, published):
    ends = [periods.reference_day(periods.quarter(text)) for text in QUARTERS]
    for row in by_code(published.weekly).dropna().itertuples():
        for q, end in enumerate(ends):
            cell = (q, row.room, "P8", "n")
            if q <= quarter and cell in attack.low:
                attack.at_most({cell: 1}, row.persons) if end <= row.week else None
                attack.at_most({cell: -1}, -row.persons) if end >= row.week else None
    themes = [(code, "d") for code in THEMES]
    for table, parts in (("deelnames", [(code, "n") for code in SERVICES]), ("interviews", themes)):
        rows = by_code(published.registrations[published.registrations["table"] == table])
        for q, end in enumerate(ends[: quarter + 1]):
            for room, months in rows[rows["month"] <= end].groupby("room"):
                cells = [(q, room, *part) for part in parts if (q, room, *part) in attack.low]
                if months["rows"].notna().all() and cells:
                    attack.at_most(dict.fromkeys(cells, 1), months["rows"].sum())
        sheet = published.accounting.loc[published.accounting["sheet"] == table, "rows_accepted"]
        cells = [(quarter, room, *part) for room in exact.agreement.room_codes for part in parts]
        if len(sheet) and sheet.notna().all():
            attack.at_most({cell: 1 for cell in cells if cell in attack.low}, float(sheet.iloc[0]))
    money = by_code(published.finance).set_index(["room", "kind", "item"])["value"]
    for room in [*exact.agreement.room_codes, TOTAL]:
        spent = money[room, "realised", TOTAL]
        people = spent / money[room, "cost_per_result", finance.PER_PERSON]
        visits = spent / money[room, "cost_per_result", finance.PER_VISIT]
        if people > 0 and (quarter, room, "P8", "n") in attack.low:
            attack.between((quarter, room, "P8", "n"), round(people), round(people))
        cells = [(quarter, room, code, "n") for code in SERVICES if (quarter, room, code, "n") in attack.low]
        if visits > 0 and cells:
            attack.at_most(dict.fromkeys(cells, 1), round(visits))


@pytest.mark.parametrize(
    "tables", [world(3, "ABC", 6), world(4, "ABC", 14), tight_world()], ids=["few", "more", "tight"]
)
def test_no_small_number_of_a_sensitive_indicator_is_recovered_from_all_the_board_sees(tables):
    attack, truth, cells = attack_on_board(year_of(privacy.BOARD, agreement(), tables))
    assert len(cells) > 10
    assert attack.holds_for(truth) == []
    assert attack.recovered(cells) == []


# --- the board's edition, by example ----------------------------------------------------------------------------------


def board(*counts, rooms="ABC", narrower=None, sensitive=("P6",)):
    """The board's scorecards of as many quarters: indicator -> persons in each room and in all."""
    cards = [exact_card(of_quarter, quarter, rooms) for quarter, of_quarter in enumerate(counts)]
    return [
        card.set_index(["indicator", "room"]) for card in privacy.for_board(cards, sensitive, narrower or {}, 5, TOTAL)
    ]


@pytest.mark.parametrize(("persons", "shown"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5"), (6, "6")])
def test_the_board_sees_one_to_four_persons_of_a_sensitive_indicator_as_less_than_five(persons, shown):
    row = board({"P6": [persons, 20, 30]})[0].loc[("P6", "A")]
    assert (row["hidden"] or f"{row['value']:.0f}") == shown
    assert (row["status"] == privacy.HIDDEN) == row[privacy.FIGURES].isna().all() == (shown == "<5")


@pytest.mark.parametrize(("persons", "total_is_shown"), [(0, True), (4, False), (5, True), (6, True)])
def test_the_board_sees_a_total_of_a_sensitive_indicator_only_when_all_its_rooms_are_shown(persons, total_is_shown):
    row = board({"P6": [persons, 20, 30]})[0].loc[("P6", TOTAL)]
    assert (row["value"] == 50 + persons) == total_is_shown
    assert row["hidden"] == ("" if total_is_shown else privacy.NOT_SHOWN)


def test_the_board_sees_small_numbers_of_indicators_that_are_not_sensitive():
    assert board({"P4": [1, 4, 3]})[0].loc["P4"]["value"].tolist() == [1, 4, 3, 8]


def test_a_figure_that_changed_by_one_to_four_since_it_was_last_shown_is_not_shown():
    quarters = board(*({"P6": [persons]} for persons in (10, 12, 13, 15)), rooms="A")
    assert [quarter.loc[("P6", "A"), "hidden"] for quarter in quarters] == [
        "",
        privacy.NOT_SHOWN,
        privacy.NOT_SHOWN,
        "",
    ]


def test_a_figure_that_did_not_change_is_shown_again():
    quarters = board(*({"P6": [persons]} for persons in (0, 3, 6, 6)), rooms="A")
    assert [quarter.loc[("P6", "A"), "hidden"] for quarter in quarters] == ["", "<5", "", ""]


@pytest.mark.parametrize(("whole", "shown"), [(20, True), (21, False), (24, False)])
def test_a_whole_is_not_shown_when_it_is_more_than_its_parts_that_are_shown(whole, shown):
    card = board({"P4": [20], "P6": [4], "P8": [whole]}, rooms="A", narrower={"P8": ["P4", "P6"]})[0]
    assert (card.loc[("P8", "A"), "hidden"] == "") == shown


def test_a_whole_of_a_few_persons_is_not_shown_beside_a_hidden_part():
    card = board({"P4": [1], "P6": [1], "P8": [1]}, rooms="A", narrower={"P8": ["P4", "P6"]})[0]
    assert card.loc[("P8", "A"), "hidden"] == privacy.NOT_SHOWN


@pytest.fixture(scope="module")
def interviews():
    """I3: room A 3 of 20, room B 0 of 3, room C 0 of 9."""
    rows = newcomers([[17], [3], [9]], thema=THEMES["I3"], uitkomst="gelijk")
    rows += newcomers([[3]], thema=THEMES["I3"], uitkomst="minder")
    return first_quarter(privacy.BOARD, agreement(), {"interviews": rows})


def test_of_a_hidden_number_the_share_the_status_and_the_interval_are_hidden_too(interviews):
    row = interviews.scorecard.set_index(["indicator", "room"]).loc[("I3", "Kamer A")]
    assert (row["hidden"], row["status"], row["uncertain"]) == ("<5", privacy.HIDDEN, False)
    assert row[privacy.FIGURES].isna().all()


def test_nought_of_a_few_is_nought_without_of_how_many(interviews):
    row = interviews.scorecard.set_index(["indicator", "room"]).loc[("I3", "Kamer B")]
    assert (row["value"], row["numerator"], row["hidden"], row["status"]) == (0, 0, "", "achter")
    assert row[["denominator", "n", "lower", "upper"]].isna().all()


def test_months_with_a_few_interviews_do_not_say_how_many(interviews):
    rows = interviews.registrations.query("table == 'interviews' and room == 'Kamer B'").set_index("month")["rows"]
    assert rows[pd.Timestamp(2021, 1, 1)] == 0
    assert np.isnan(rows[pd.Timestamp(2021, 2, 1)])


def test_the_threshold_is_that_of_the_agreement():
    rows = newcomers([[6], [20], [30]], categorie="schuldhulp")
    shown = first_quarter(privacy.BOARD, agreement(threshold=8), {"deelnames": rows}).scorecard
    assert shown.set_index(["indicator", "room"]).loc[("P6", "Kamer A"), "hidden"] == "<8"


def test_what_others_see_of_a_table_is_hidden_with_the_sensitive_figure():
    """O5 is sensitive here: the funnel of the same table says as much."""
    rows = newcomers([[3], [9], [9]], richting="van", doelgroep="uitkering", status="doet mee", instantie="i")
    found = first_quarter(privacy.BOARD, agreement(sensitive=["O5"]), {"doorverwijzingen": rows})
    funnel = found.referrals.set_index(["room", "stage"])["persons"]
    assert funnel[["Kamer A", TOTAL]].isna().all()
    assert funnel["Kamer B", "doet mee"] == 9


def test_a_sensitive_leading_indicator_has_no_weeks_and_no_cost_per_person_where_it_is_hidden():
    agreed = agreement(cost_per="P6")
    tables = {"deelnames": newcomers([[3], [9], [9]], categorie="schuldhulp"), "grootboek": world(0)["grootboek"]}
    found = first_quarter(privacy.BOARD, agreed, tables)
    assert found.weekly.empty
    cost = found.finance[found.finance["item"] == finance.PER_PERSON].set_index("room")["value"]
    assert cost[["Kamer A", TOTAL]].isna().all()
    assert cost["Kamer B"] > 0


def test_protecting_a_scorecard_leaves_the_callers_frame_as_it_was():
    card = exact_card({"P6": [3, 20, 30], "P8": [9, 20, 30]}, rooms="ABC")
    before = card.copy(deep=True)
    board_card = privacy.for_board([card], ["P6"], {"P8": ["P6"]}, 5, TOTAL)
    for_everyone(card, {"P8": ["P6"]})
    assert len(board_card) == 1
    pd.testing.assert_frame_equal(card, before)
