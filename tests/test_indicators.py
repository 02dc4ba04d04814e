"""Measures as the agreement writes them: what is read, what is counted, and how it is held against its target."""

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registered import SCHEMA, agreement, counted, dataset, table, with_targets
from scipy.stats import binomtest

from bwk_analysis import indicators, measures, periods
from bwk_analysis.agreement import Target

TOTAL = "Totaal"
Q3 = periods.parse("2021Q3")


def indicator(**cells):
    """A row of the sheet indicatoren."""
    empty = dict.fromkeys(["table", "field", "filter", "numerator", "time", "empty_is_zero", "total"], None)
    place = {"file": "afspraak.xlsx", "sheet": "indicatoren", "row": 7}
    return {"code": "X1", "measure": "uniek", **empty, **place, **cells}


def measure(**cells):
    return measures.parse(indicator(**cells), SCHEMA)


def visits(*persons, room="A", category="taal", day="2021-02-01"):
    return [{"datum": day, "kamer": room, "deelnemer": person, "categorie": category} for person in persons]


def count(found, name, rows, rooms=("A", "B"), period=Q3):
    """numerator and denominator per room and in all."""
    return indicators.count(found, table(name, rows), list(rooms), period)


# --- reading a measure ------------------------------------------------------------------------------------------------


def test_a_filter_is_conditions_that_all_hold_with_words_that_may_be_one_of_several():
    found = measure(table="doorverwijzingen", field="deelnemer", filter="richting = van; doelgroep = Uitkering | LW;")
    assert found.scope == (
        measures.Condition("richting", "=", ("van",)),
        measures.Condition("doelgroep", "=", ("uitkering", "beperkte loonwaarde")),
    )


@pytest.mark.parametrize(
    ("cells", "column", "problem"),
    [
        ({"measure": "verdict", "field": "winst"}, "veld", "onbekend oordeel"),
        ({"table": "bezoek", "field": "deelnemer"}, "tabel", "onbekende tabel"),
        ({"table": "deelnames", "field": "persoon"}, "veld", "deelnames heeft geen kolom persoon"),
        ({"table": "grootboek", "field": "omschrijving"}, "veld", "grootboek heeft geen kolom omschrijving"),
        ({"table": "deelnames", "field": "deelnemer", "time": "ooit"}, "tijd", "de tijd is niet te lezen"),
        (
            {"table": "deelnames", "field": "deelnemer", "time": "peildatum"},
            "tijd",
            "deelnames heeft geen begin en eind",
        ),
        ({"table": "plekken", "field": "deelnemer"}, "tijd", "plekken heeft geen kolom datum"),
        (
            {"table": "deelnemers", "field": "deelnemer", "time": "peildatum (lid_sinds, lid_eind)"},
            "tijd",
            "geen kolom lid_eind",
        ),
        (
            {"table": "deelnames", "field": "deelnemer", "filter": "taal"},
            "filter",
            "de voorwaarde 'taal' is niet te lezen",
        ),
        ({"table": "deelnames", "field": "deelnemer", "filter": "dienst = taal"}, "filter", "geen kolom dienst"),
        (
            {"table": "deelnames", "field": "deelnemer", "filter": "categorie = sport"},
            "filter",
            "'sport' is geen categorie",
        ),
        (
            {"table": "deelnames", "field": "deelnemer", "numerator": "categorie = sport"},
            "teller",
            "'sport' is geen categorie",
        ),
        ({"table": "vrijwilligersuren", "field": "groep", "filter": "uren > veel"}, "filter", "geen getal"),
        ({"table": "vrijwilligersuren", "field": "groep", "filter": "uren = veel"}, "filter", "geen getal"),
        ({"table": "vrijwilligersuren", "field": "groep", "filter": "uren > 1 | 2"}, "filter", "meer dan één getal"),
    ],
)
def test_a_measure_that_cannot_be_counted_says_where_and_what(cells, column, problem):
    with pytest.raises(measures.BadMeasure) as bad:
        measure(**cells)
    assert bad.value.column == column
    assert problem in bad.value.problem
    assert bad.value.advice


def test_an_unreadable_measure_is_a_problem_with_its_place_and_its_rows_have_no_data():
    agreed = agreement()
    rows = agreed.indicators.assign(
        filter=agreed.indicators["filter"].mask(agreed.indicators["code"] == "P4", "categorie = sport")
    )
    agreed = replace(agreed, indicators=rows)
    found, problems = measures.measures(agreed, SCHEMA)
    assert "P4" not in found
    assert [(p.severity, p.column, p.problem) for p in problems] == [
        ("error", "filter", "indicator P4 is niet te meten: 'sport' is geen categorie van deelnames")
    ]
    card = counted(dataset(agreed, deelnames=visits("p1")), "2021Q3").scorecard.set_index(["indicator", "room"])
    assert (card.loc["P4"]["status"] == "geen gegevens").all()
    assert len(card) == 27 * 4


@pytest.mark.parametrize(
    ("cells", "unit", "of_persons"),
    [
        ({"table": "deelnames", "field": "deelnemer"}, "personen", True),
        ({"table": "samenwerking", "field": "partner"}, "aantal", False),
        ({"table": "klussen", "measure": "aantal"}, "aantal", False),
        ({"table": "deelnames", "measure": "aantal"}, "aantal", True),
        ({"table": "vrijwilligersuren", "measure": "som", "field": "uren"}, "uren", False),
        ({"table": "enquete", "measure": "gemiddelde", "field": "antwoord"}, "cijfer", True),
        ({"table": "klussen", "measure": "aandeel", "field": "klus", "numerator": "afgerond = ja"}, "aandeel", False),
    ],
)
def test_the_unit_of_a_measure_and_whether_it_is_about_persons(cells, unit, of_persons):
    found = measure(**cells)
    assert (found.unit, found.of_persons) == (unit, of_persons)


# --- filters ----------------------------------------------------------------------------------------------------------


HOURS = [
    {"datum": "2021-03-01", "kamer": "A", "vrijwilliger": f"v{i}", "groep": group, "uren": hours}
    for i, (group, hours) in enumerate([("tuin", 0), ("tuin", 0.5), ("Kookgroep", 1), (None, 2), ("tuin", None)])
]


@pytest.mark.parametrize(
    ("condition", "volunteers"),
    [
        ("uren > 0", 3),
        ("uren >= 1", 2),
        ("uren < 1", 2),
        ("uren <= 0,5", 2),
        ("uren = 0,5 | 2", 2),
        ("uren != 2", 3),
        ("groep = kookgroep", 1),
        ("groep = tuin | kookgroep", 4),
        ("groep != tuin", 1),
        ("groep != tuin | kookgroep", 0),
        ("uren > 0; groep = tuin", 1),
        ("uren > 2", 0),
    ],
)
def test_a_condition_holds_for_rows_with_a_value_that_meets_it(condition, volunteers):
    """An empty cell meets no condition, `!=` neither."""
    found = measure(table="vrijwilligersuren", field="vrijwilliger", filter=condition)
    assert count(found, "vrijwilligersuren", HOURS).loc["A", "numerator"] == volunteers


# --- time -------------------------------------------------------------------------------------------------------------


def placement(begin, end):
    return [{"kamer": "A", "deelnemer": "p1", "soort": "stage", "begin": begin, "eind": end}]


@pytest.mark.parametrize(
    ("begin", "end", "on_reference_day", "in_window"),
    [
        ("2021-09-30", None, 1, 1),  # begins on the last day
        ("2021-10-01", None, 0, 0),  # begins a day later
        ("2020-05-01", "2021-01-01", 0, 1),  # ends on the first day
        ("2020-05-01", "2020-12-31", 0, 0),  # ends a day before
        ("2021-03-01", "2021-09-30", 1, 1),  # ends on the last day
        ("2021-03-01", "2021-09-29", 0, 1),  # ends a day before the last
        (None, None, 0, 0),  # an empty begin is never valid
        ("2021-04-01", "2021-03-01", 0, 0),  # ends before it begins
        (None, "2021-12-31", 0, 0),
    ],
)
def test_the_edges_of_the_reference_day_and_of_the_term(begin, end, on_reference_day, in_window):
    for time, expected in (("peildatum", on_reference_day), ("looptijd", in_window)):
        found = measure(table="plekken", field="deelnemer", time=time)
        counted_here = count(found, "plekken", placement(begin, end))["numerator"]
        assert counted_here["A"] == expected  # a register of which nobody is valid is nought
        assert np.isnan(counted_here["B"])  # a room that is not in it has no data


@pytest.mark.parametrize(
    ("day", "expected"), [("2020-12-31", None), ("2021-01-01", 1), ("2021-09-30", 1), ("2021-10-01", None)]
)
def test_both_ends_of_the_window_are_in_it(day, expected):
    numerator = count(measure(table="deelnames", field="deelnemer"), "deelnames", visits("p1", day=day)).loc[
        "A", "numerator"
    ]
    assert (None if np.isnan(numerator) else numerator) == expected


def test_measures_of_one_table_each_have_their_own_time():
    agreed = agreement("A")
    term = agreed.indicators[agreed.indicators["code"] == "O6"]
    both = pd.concat([term, term.assign(code="O6b", time="peildatum")])
    data = dataset(replace(agreed, indicators=both), plekken=placement("2020-05-01", "2021-01-01"))
    card = counted(data, "2021Q3").scorecard.set_index(["indicator", "room"])["value"]
    assert (card["O6", "A"], card["O6b", "A"]) == (1, 0)


def test_the_two_columns_of_a_time_can_be_named():
    found = measure(table="deelnemers", field="deelnemer", time="peildatum (lid_sinds, lid_tot)")
    rows = [
        {"deelnemer": "a", "kamer": "A", "ingeschreven": "2021-01-01", "lid_sinds": "2021-02-01"},
        {"deelnemer": "b", "kamer": "A", "ingeschreven": "2021-01-01"},  # registered, never a member
    ]
    assert count(found, "deelnemers", rows).loc["A", "numerator"] == 1


# --- counting ---------------------------------------------------------------------------------------------------------


def test_lines_of_the_ledger_are_counted_by_their_room_and_those_without_one_in_all():
    lines = [("A", 10.0), ("A", 20.0), ("B", 5.0), (None, 7.0)]
    rows = [
        {"datum": "2021-02-01", "boekstuk": str(at), "rekening": "4000", "kostenplaats": room, "bedrag": euro}
        for at, (room, euro) in enumerate(lines)
    ]
    for kind, field, expected in (("aantal", None, [2, 1, 4]), ("som", "bedrag", [30, 5, 42])):
        found = measure(measure=kind, field=field, table="grootboek", filter="rekening = 4000")
        assert count(found, "grootboek", rows)["numerator"].tolist() == expected


def test_someone_in_two_rooms_counts_once_in_all_and_a_visit_without_a_person_never():
    rows = visits("p1", "p1", "p2", None) + visits("p1", "p3", room="B")
    assert count(measure(table="deelnames", field="deelnemer"), "deelnames", rows)["numerator"].tolist() == [2, 2, 3]


def test_a_room_without_rows_has_no_data_and_one_without_matching_rows_has_nought():
    found = measure(table="deelnames", field="deelnemer", filter="categorie = taal")
    rows = visits("p1", category="werk") + visits("p2", room="B", day="2021-11-01")
    counts = count(found, "deelnames", rows)["numerator"]
    assert counts["A"] == 0  # a real nought
    assert np.isnan(counts["B"])  # nothing in the window
    assert counts[TOTAL] == 0


def test_a_room_without_rows_counts_nought_where_the_agreement_says_so_and_the_table_is_there():
    found = measure(table="plekken", field="deelnemer", time="looptijd", empty_is_zero="ja")
    assert count(found, "plekken", placement("2021-02-01", None))["numerator"].tolist() == [1, 0, 1]
    card = counted(dataset(agreement("A")), "2021Q3").scorecard.set_index(["indicator", "room"])
    assert card.loc[("O6", "A"), "status"] == "geen gegevens"  # without the table nothing is known


def test_a_numerator_counts_beside_its_whole():
    found = measure(table="doorverwijzingen", field="deelnemer", filter="richting = van", numerator="status = doet mee")
    rows = [
        {"datum": "2021-02-01", "kamer": "A", "deelnemer": person, "richting": way, "instantie": "i", "status": status}
        for person, way, status in [
            ("p1", "van", "aangemeld"),
            ("p1", "van", "doet mee"),
            ("p2", "van", "gestopt"),
            ("p3", "naar", "doet mee"),
        ]
    ]
    assert count(found, "doorverwijzingen", rows).loc["A"].tolist() == [1, 2]


def answers(*rows):
    columns = ["datum", "kamer", "respondent", "vraag", "antwoord"]
    return [dict(zip(columns, row, strict=True)) for row in rows]


def test_the_latest_answer_counts_and_on_one_day_the_lower_in_the_file():
    found = measure(table="enquete", measure="gemiddelde", field="antwoord", filter="vraag = inzet")
    rows = answers(
        ("2021-05-02", "A", "r1", "inzet", 3),
        ("2021-05-02", "A", "r1", "inzet", 7),
        ("2021-01-05", "A", "r1", "inzet", 10),
        ("2021-11-01", "A", "r1", "inzet", 1),  # after the window
        ("2021-05-02", "A", "r2", "overleg", 9),
        ("2021-05-02", "A", "r2", "inzet", None),  # another question; no answer
    )
    assert count(found, "enquete", rows).loc["A"].tolist() == [7, 1]


def test_the_latest_answer_counts_per_room_and_once_in_all():
    found = measure(table="enquete", measure="gemiddelde", field="antwoord", filter="vraag = inzet")
    rows = answers(
        ("2021-05-02", "A", "r1", "inzet", 4),
        ("2021-06-02", "B", "r1", "inzet", 8),
        ("2021-06-02", None, "r2", "inzet", 10),
    )
    counts = count(found, "enquete", rows)
    assert counts["numerator"].tolist() == [4, 8, 18]
    assert counts["denominator"].tolist() == [1, 1, 2]


def test_a_respondent_without_an_answer_is_not_counted():
    found = measure(table="enquete", field="respondent", filter="vraag = inzet")
    rows = answers(("2021-05-02", "A", "r1", "inzet", 4), ("2021-05-02", "A", "r2", "inzet", None))
    assert count(found, "enquete", rows).loc["A", "numerator"] == 1


def test_a_sum_and_a_number_of_rows():
    rows = [row for row in HOURS if row["uren"] is not None]
    assert (
        count(measure(table="vrijwilligersuren", measure="som", field="uren"), "vrijwilligersuren", rows).loc[
            "A", "numerator"
        ]
        == 3.5
    )
    assert (
        count(measure(table="vrijwilligersuren", measure="aantal"), "vrijwilligersuren", rows).loc["A", "numerator"]
        == 4
    )


PEOPLE = st.one_of(st.none(), st.sampled_from([f"p{i}" for i in range(6)]))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.one_of(st.none(), st.sampled_from("ABC")), PEOPLE), max_size=40))
def test_distinct_values_are_those_that_pandas_finds_room_by_room(pairs):
    visited = [{"datum": "2021-02-01", "kamer": room, "deelnemer": person} for room, person in pairs]
    rows = table("deelnames", visited)
    naive = [rows.loc[rows["kamer"] == room, "deelnemer"].nunique() for room in "ABC"] + [rows["deelnemer"].nunique()]
    found = measure(table="deelnames", field="deelnemer", empty_is_zero="ja")
    assert count(found, "deelnames", visited, "ABC")["numerator"].tolist() == naive


@settings(max_examples=15)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_figure(random):
    rows = (
        visits("p1", "p2", None, "p2")
        + visits("p1", "p4", room="B", category="werk")
        + visits("p5", room="B", day="2021-08-08")
    )
    shuffled = random.sample(rows, len(rows))
    for condition in ("", "categorie = taal"):
        found = measure(table="deelnames", field="deelnemer", filter=condition)
        pd.testing.assert_frame_equal(count(found, "deelnames", shuffled), count(found, "deelnames", rows))


def test_counting_leaves_the_tables_as_they_were():
    data = dataset(
        agreement(),
        deelnames=visits("p2", "p1"),
        enquete=answers(("2021-05-02", "A", "r1", "inzet", 4)),
        vrijwilligersuren=HOURS,
    )
    before = {name: rows.copy(deep=True) for name, rows in data.tables.items()}
    counted(data, "2021Q3")
    for name, rows in data.tables.items():
        pd.testing.assert_frame_equal(rows, before[name])


# --- targets and statuses ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "operator", "expected"),
    [
        (15, ">", "nabij"),
        (16, ">", "gehaald"),
        (15, ">=", "gehaald"),
        (14, ">=", "nabij"),
        (13.5, ">=", "nabij"),
        (13.49, ">=", "achter"),
        (0, ">", "achter"),
    ],
)
def test_more_than_is_strict_and_near_begins_at_exactly_ninety_percent(value, operator, expected):
    assert indicators.status(Fraction(str(value)), Fraction(20), Fraction(15), operator, 0.9) == expected


@given(st.integers(0, 500), st.integers(1, 500), st.sampled_from([90, 91, 181, 273, 365]))
def test_near_is_exact_for_every_interim_target(value, target, days):
    """Held against whole numbers: value / (target x days / 365) compared with 1 and 0,9."""
    interim = Fraction(target * days, 365)
    found = indicators.status(Fraction(value), Fraction(target), interim, ">=", 0.9)
    expected = "gehaald" if 365 * value >= target * days else "nabij" if 3650 * value >= 9 * target * days else "achter"
    assert found == expected


def card_of(count, target, quarter="2021Q3", code="P4", **others):
    agreed = with_targets(agreement("A"), (code, "A", target))
    rows = {"deelnames": visits(*(f"p{i}" for i in range(count)))} | others
    return counted(dataset(agreed, **rows), quarter).scorecard.set_index(["indicator", "room"])


def jobs(number, room="A"):
    return [{"datum": "2021-02-01", "kamer": room, "klus": f"k{i}", "afgerond": "ja"} for i in range(number)]


def test_the_interim_target_of_a_number_of_rows_is_the_target_times_the_share_of_the_year():
    row = card_of(1, Target(">=", 50.0), code="P2", klussen=jobs(10)).loc[("P2", "A")]
    assert row["interim_target"] == pytest.approx(50 * 273 / 365)
    assert (row["target"], row["status"], row["unit"], row["numerator"]) == (50, "achter", "aantal", 10)


@pytest.mark.parametrize(("people", "status"), [(49, "onderweg"), (50, "gehaald"), (0, "geen gegevens")])
def test_of_different_people_nothing_is_due_before_the_end_of_the_year(people, status):
    row = card_of(people, Target(">=", 50.0)).loc[("P4", "A")]
    assert np.isnan(row["interim_target"])
    assert (row["target"], row["status"]) == (50, status)


def test_at_the_end_of_the_year_the_whole_target_holds():
    assert card_of(10, Target(">=", 10.0), "2021Q4").loc[("P4", "A"), "status"] == "gehaald"
    assert card_of(10, Target(">", 10.0), "2021Q4").loc[("P4", "A"), "status"] == "nabij"


def test_a_figure_of_the_reference_day_is_held_against_the_whole_target():
    keys = [{"kamer": "A", "vrijwilliger": f"v{i}", "vanaf": "2021-01-01"} for i in range(14)]
    row = card_of(1, Target(">", 15.0), "2021Q1", "O1", sleutelbeheer=keys).loc[("O1", "A")]
    assert (row["interim_target"], row["status"]) == (15, "nabij")


def test_a_value_without_a_target_and_a_target_without_a_value():
    card = card_of(3, Target(">=", 50.0))
    assert card.loc[("P8", "A"), "status"] == "geen streefwaarde"
    assert card.loc[("O1", "A"), "status"] == "geen gegevens"
    assert card.loc[("O1", "A"), ["value", "numerator", "denominator", "unit", "n"]].isna().all()


def test_the_judged_columns_are_those_of_the_contract():
    data = dataset(agreement("AB"), deelnames=visits("p1"))
    counts = indicators.counts(data, Q3)
    judged = indicators.judge(counts, data.agreement)
    assert list(counts) == [
        "period",
        "room",
        "indicator",
        "name",
        "level",
        "value",
        "numerator",
        "denominator",
        "n",
        "unit",
    ]
    assert list(judged) == [
        *counts, "target", "target_denominator", "interim_target", "operator", "status", "lower", "upper", "uncertain",
    ]  # fmt: skip
    assert list(judged[indicators.SCORECARD]) == [
        "period", "room", "indicator", "level", "value", "numerator", "denominator", "unit", "target",
        "target_denominator", "interim_target", "operator", "status", "lower", "upper", "n", "uncertain",
    ]  # fmt: skip
    pd.testing.assert_frame_equal(judged[list(counts)], counts)
    every = [(code, room) for code in data.agreement.indicators["code"] for room in ("A", "B", TOTAL)]
    assert list(zip(judged["indicator"], judged["room"], strict=True)) == every


def test_counts_that_were_filtered_are_judged_as_they_are():
    data = dataset(agreement("AB"), deelnames=visits("p1"))
    counts = indicators.counts(data, Q3)
    some = indicators.judge(counts[counts["room"] == "A"], data.agreement)
    whole = indicators.judge(counts, data.agreement)
    pd.testing.assert_frame_equal(some, whole[whole["room"] == "A"].reset_index(drop=True), check_dtype=False)


def test_a_month_counts_from_1_january_to_its_last_day():
    """Three people by the end of August, a fourth on the last day of September; 50 a year is 33,29 and 37,40 by then."""
    rows = visits("p1", "p2", day="2021-01-01") + visits("p2", "p3", day="2021-08-31")
    rows += visits("p4", day="2021-09-30") + visits("p5", day="2021-10-01")
    agreed = with_targets(agreement("A"), ("P4", "A", Target(">=", 50.0)))
    data = dataset(agreed, deelnames=rows, plekken=placement("2021-09-30", None))
    chosen = agreed.indicators.assign(course="recht")
    data = replace(data, agreement=replace(agreed, indicators=chosen))
    for month, people, days, places in (("2021-08", 3, 243, 0), ("2021-09", 4, 273, 1)):
        card = counted(data, month).scorecard.set_index(["indicator", "room"])
        row = card.loc[("P4", "A")]
        assert (row["period"], row["value"], row["interim_target"]) == (month, people, pytest.approx(50 * days / 365))
        assert card.loc[("O6", "A"), "value"] == places
    same = [counted(data, text).scorecard.drop(columns="period") for text in ("2021-09", "2021Q3")]
    pd.testing.assert_frame_equal(*same)


TARGETS = {"A": Target(">", 10.0, 20.0), "B": Target(">", 20.0, 40.0)}


@pytest.mark.parametrize(
    ("targets", "kind", "total", "expected"),
    [
        (TARGETS, "uniek", "per kamer", Target(">", 30.0, 60.0)),  # counts of the rooms add up, "op" too
        (TARGETS, "aantal", None, Target(">", 30.0, 60.0)),
        (TARGETS, "uniek", None, None),  # nobody agreed how many different people they reach together
        (TARGETS | {TOTAL: Target(">=", 25.0)}, "uniek", None, Target(">=", 25.0)),  # unless it is written
        (TARGETS | {"B": Target(">=", 20.0, 40.0)}, "aantal", None, None),  # the rooms differ in operator
        (TARGETS | {"B": Target(">", 20.0)}, "aantal", None, None),  # one of them has no "op"
        ({"A": Target(">", 10.0)}, "aantal", None, None),  # a room without a target
        ({"A": Target(">", 0.5), "B": Target(">", 0.5)}, "aandeel", None, Target(">", 0.5)),
        ({"A": Target(">", 0.5), "B": Target(">", 0.6)}, "aandeel", None, None),
        ({"A": Target("=", "Positief"), "B": Target("=", "Positief")}, "verdict", None, Target("=", "Positief")),
    ],
)
def test_the_target_of_all_rooms_together(targets, kind, total, expected):
    indicator = SimpleNamespace(measure=kind, total=total)
    assert indicators.total_target(targets, indicator, ["A", "B"]) == expected


GROUPS = [
    {"datum": "2021-02-01", "kamer": room, "vrijwilliger": "v", "groep": group, "uren": 2}
    for room, group in [("A", "koken"), ("B", "koken"), ("B", "tuin"), ("B", "tuin")]
]


def test_where_what_is_counted_belongs_to_a_room_totaal_is_what_the_rooms_count():
    cells = {"table": "vrijwilligersuren", "field": "groep"}
    assert count(measure(**cells), "vrijwilligersuren", GROUPS)["numerator"].tolist() == [1, 2, 2]
    added = measure(**cells, total="per kamer")
    assert count(added, "vrijwilligersuren", GROUPS)["numerator"].tolist() == [1, 2, 3]


def test_of_a_total_per_room_the_latest_row_of_each_room_counts_and_once_what_has_no_room():
    cells = {"table": "enquete", "measure": "aandeel", "field": "respondent", "numerator": "antwoord >= 4"}
    rows = answers(
        ("2021-05-02", "A", "r1", "inzet", 5), ("2021-06-02", "B", "r1", "inzet", 1), ("2021-06-02", None, "r2", "inzet", 4)
    )  # fmt: skip
    for total, expected in ((None, [1, 2]), ("per kamer", [2, 3])):
        assert count(measure(**cells, total=total), "enquete", rows).loc[TOTAL].tolist() == expected


def test_a_share_in_the_order_of_its_rooms_keeps_its_interim_target_when_a_room_opens_or_closes():
    agreed = with_targets(
        agreement("AB"), *((code, room, Target(">=", 60.0)) for code in ("P2", "P4") for room in "AB")
    )
    dates = {"opens": pd.to_datetime(["2021-07-01", None]), "closes": pd.to_datetime([None, "2021-05-31"])}
    agreed = replace(agreed, rooms=agreed.rooms.assign(**dates))
    rows = jobs(30) + jobs(70, "B")
    expected = {  # of 60: half a year has 184 days; B has all of it since its last day
        "2021Q1": [np.nan, 60 * 90 / 151, 60 * 90 / 151],
        "2021Q2": [np.nan, 60, 60],
        "2021Q3": [60 * 92 / 184, 60, 60 * 92 / 184 + 60],
        "2021Q4": [60, 60, 120],
    }
    for quarter, interims in expected.items():
        card = counted(dataset(agreed, klussen=rows, deelnames=visits("p1")), quarter).scorecard
        card = card.set_index(["indicator", "room"])
        assert card.loc["P2", "interim_target"].tolist() == pytest.approx(interims, nan_ok=True)
        assert (card.loc[("P2", "A"), "status"] == "geen gegevens") == (quarter < "2021Q3")
        assert card.loc[("P4", "A"), "status"] != "onderweg" or quarter == "2021Q3"


def test_the_total_is_counted_again_and_is_not_the_sum_of_the_rooms():
    rows = visits("p1", "p2") + visits("p1", "p2", "p3", room="B")
    card = counted(dataset(agreement("AB"), deelnames=rows), "2021Q3").scorecard.set_index(["indicator", "room"])
    assert card.loc["P8"]["value"].tolist() == [2, 3, 3]


# --- shares -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numerator", "denominator", "lower", "upper"),
    [
        (0, 10, 0.0, 0.277533),  # z = 1,959964; z^2 = 3,841459; upper = z^2 / (n + z^2)
        (5, 10, 0.236593, 0.763407),  # 0,5 -+ z sqrt(0,25/10 + z^2/400) / (1 + z^2/10)
        (10, 10, 0.722467, 1.0),
        (1, 2, 0.094531, 0.905469),
        (15, 148, 0.062386, 0.160487),  # 0,0624 to 0,1605 in Newcombe 1998, table I, method 3
    ],
)
def test_the_interval_of_a_share_is_that_of_wilson(numerator, denominator, lower, upper):
    assert indicators.wilson(numerator, denominator) == pytest.approx((lower, upper), abs=5e-6)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_share_is_that_of_scipy(pair):
    by_scipy = binomtest(*pair).proportion_ci(method="wilson")
    assert indicators.wilson(*pair) == pytest.approx((by_scipy.low, by_scipy.high), abs=1e-12)


def test_the_interval_of_nobody_is_refused():
    with pytest.raises(ValueError, match="aandeel van niemand"):
        indicators.wilson(0, 0)


def test_a_share_is_uncertain_when_its_interval_holds_the_target():
    rows = answers(*(("2021-02-01", "A", f"r{i}", "vertrouwen", 4 if i < 6 else 2) for i in range(10)))
    for target, uncertain in ((0.5, True), (0.9, False)):
        row = card_of(1, Target(">", target), code="I1", enquete=rows).loc[("I1", "A")]
        assert (row["value"], row["n"], row["numerator"], row["uncertain"]) == (0.6, 10, 6, uncertain)
        assert row["lower"] < 0.6 < row["upper"]


@pytest.mark.parametrize(("course", "uncertain"), [("0 0 50 100", False), ("0 1 50 100", True)])
def test_no_share_is_uncertain_where_nothing_is_due_yet(course, uncertain):
    rows = answers(*(("2021-02-01", "A", f"r{i}", "vertrouwen", 2) for i in range(10)))
    agreed = with_targets(agreement("A"), ("I1", "A", Target(">", 0.5)))
    agreed = replace(agreed, indicators=agreed.indicators.assign(course=course))
    row = counted(dataset(agreed, enquete=rows), "2021Q2").scorecard.set_index(["indicator", "room"]).loc[("I1", "A")]
    assert (row["lower"], row["uncertain"]) == (0.0, uncertain)


def test_a_share_of_nobody_has_no_data():
    rows = [
        {"datum": "2021-02-01", "kamer": "A", "deelnemer": "p1", "thema": "uitkering en zorg", "uitkomst": "onbekend"}
    ]
    assert card_of(1, Target(">", 0.5), code="I3", interviews=rows).loc[("I3", "A"), "status"] == "geen gegevens"
