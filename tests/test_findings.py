"""Findings: what is told at both ends, in order, and nothing else."""

import dataclasses

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows import PERIOD, card, golden_agreement, money
from shown import shown

from bwk_analysis import findings, steps
from bwk_analysis.agreement import TOTAL
from bwk_analysis.disclosure import PUBLIC, Span

SHARE = {"unit": "aandeel", "value": 0.9, "interim_target": 0.5, "target": 0.5, "n": 40.0}


# --- counted ----------------------------------------------------------------------------------------------------------


def test_statuses_are_counted_in_the_readers_words_and_order_over_the_targets_of_rooms():
    rows = [{"status": "achter"}, {"interim_target": 50.0}, {"interim_target": 50.0}, {"value": 40.0}]
    rows += [{"value": None, "status": "achter"}, {"room": TOTAL}, {"status": "geen streefwaarde", "target": None}]
    told = findings.standing(card(*rows))
    assert list(told.items()) == [("gehaald", 2), ("op schema", 1), ("achter op schema", 1), ("niet getoond", 1)]
    assert findings.standing(card()) == {}


def test_what_may_be_chance_is_among_what_was_met_or_is_on_course():
    rows = [{}, {"value": 40.0}, {"status": "achter"}, {"room": TOTAL}, {"value": None}]
    assert findings.may_be_chance(card(*({"uncertain": True} | row for row in rows), {})) == 2


def test_missed_is_what_two_rooms_did_not_reach_those_of_most_rooms_first():
    def row(code, room, **more):
        return {"indicator": code, "name": code, "room": room, "status": "achter", "interim_target": 50.0} | more

    two = [row("P1", "De Luwte"), row("P1", "Het Haventje")]
    three = [row("P2", room, interim_target=37.5) for room in ("De Luwte", "Het Haventje", "Derde")]
    none = [
        row("P3", "De Luwte"),
        row("P3", TOTAL),
        row("P4", "De Luwte", status="nabij"),
        row("P3", "Het Haventje", value=None),
    ]
    found = findings.missed(card(*two, *three, *none))
    assert found[["name", "word"]].to_numpy().tolist() == [["P2", "achter op schema"], ["P1", "niet gehaald"]]
    assert [[each.room for each in of] for of in found["rows"]][1] == ["De Luwte", "Het Haventje"]
    assert findings.missed_once(card(*two, *three, *none)) == 1
    assert findings.missed(card()).empty
    assert findings.missed_once(card()) == 0


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ([Span(3, 3), Span(7, 7)], [1]), ([Span(7, 7), Span(7, 7), Span(1, 1)], [0, 1]), ([Span(0, 0), Span(0, 0)], []),
        ([Span(5, 9), Span(1, 4)], [0]), ([Span(5, 9), Span(5, 9)], []), ([Span(5, 9), Span(9, 9)], []), ([Span(5, 5), None], []), ([], []),
    ],
)  # fmt: skip
def test_the_largest_is_named_where_it_is_so_whatever_the_numbers_are_and_equals_together(cells, found):
    assert findings.largest(cells) == found


# --- other findings of the scorecard ----------------------------------------------------------------------------------


def test_uncertain_are_the_shares_with_an_interval_that_is_told():
    unsure = SHARE | {"uncertain": True, "lower": 0.4, "upper": 0.95}
    found = findings.uncertain(card(unsure, SHARE, unsure | {"lower": None, "upper": None}, unsure | {"value": None}))
    assert len(found) == 1


# --- on the wall ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "well", "work"),
    [
        ({}, 1, 0), ({"value": 40.0}, 1, 0), ({"status": "nabij"}, 0, 1), ({"status": "achter"}, 0, 1), ({"status": "onderweg"}, 0, 0),
        ({"value": Span(60.0, 64.0)}, 0, 0), ({"value": None, "status": "niet te zeggen"}, 0, 0), (SHARE, 0, 0), ({"unit": "cijfer"}, 0, 0),
        ({"indicator": "P6"}, 0, 0), ({"indicator": "P8"}, 0, 0), ({"value": "Positief", "target": "Positief"}, 0, 0),
        ({"target": None, "status": "geen streefwaarde"}, 0, 0), ({"target": 0.0}, 0, 0), ({"interim_target": 0.0}, 1, 0),
        ({"value": None, "status": "geen gegevens"}, 0, 0),
    ],
)  # fmt: skip
def test_on_the_wall_are_exact_counts_that_are_not_sensitive(row, well, work):
    assert [len(rows) for rows in findings.on_the_wall(card(row), golden_agreement())] == [well, work]


@given(st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=9))
def test_on_the_wall_are_three_at_most_each_once_the_furthest_from_their_target_first(figures):
    rows = [{"value": float(value), "status": "gehaald" if met else "achter"} for value, met in figures]
    well, work = findings.on_the_wall(card(*rows), golden_agreement())
    for rows, met, high in ((well, True, True), (work, False, False)):
        expected = sorted((value for value, is_met in figures if is_met == met), reverse=high)
        assert [row.value.low for row in rows.itertuples()] == expected[: findings.MOST]


def test_the_figure_of_those_who_came_is_hidden_where_it_is_there_and_not_told():
    for row, hidden in (
        ({"value": None, "status": "niet te zeggen"}, True),
        ({"value": None, "status": "geen gegevens"}, False),
        ({}, False),
    ):
        assert findings.hidden(card({"indicator": "P8"} | row), golden_agreement()) == hidden
    assert findings.leading(card({"indicator": "P8", "value": None}), golden_agreement()) is None
    assert findings.leading(card({}, {"indicator": "P8"}), golden_agreement()).indicator == "P8"


# --- money ------------------------------------------------------------------------------------------------------------


def test_a_part_is_all_that_the_ends_allow_and_nothing_without_a_whole():
    assert steps.quotient(Span(50.0, 50.0), Span(200.0, 200.0)) == Span(0.25, 0.25)
    assert steps.quotient(Span(10.0, 20.0), Span(40.0, 50.0)) == Span(0.2, 0.5)
    assert steps.quotient(Span(10.0, 10.0), Span(0.0, 0.0)) is None
    assert steps.quotient(None, Span(1.0, 1.0)) is None


def test_an_amount_that_is_not_told_is_absent_and_so_is_its_sum():
    euros = findings.amounts(money(("realised", "Totaal", "A", None), ("realised", "Totaal", "B", 2.0)))
    assert euros["realised", "Totaal"] == {"B": Span(2.0, 2.0)}
    assert euros["budget", "Totaal"] == {}
    assert findings.minus(None, Span(1.0, 1.0)) is findings.plus(Span(1.0, 1.0), None) is None
    assert findings.minus(Span(5.0, 9.0), Span(1.0, 4.0)) == Span(1.0, 8.0)


def test_posts_above_the_amount_of_their_year_are_told_the_furthest_first():
    left = {"A1": -1000.0, "B1": -2500.0, "A2": 100.0, "C1": -0.5}
    rows = [("budget_left", "Totaal", post, euro) for post, euro in left.items()]
    found = findings.overspent(findings.amounts(money(*rows)), golden_agreement(), "Totaal")
    assert found["post"].tolist() == ["B1", "A1"]
    assert found["over"].tolist() == [Span(2500.0, 2500.0), Span(1000.0, 1000.0)]
    assert findings.overspent(findings.amounts(money()), golden_agreement(), "Totaal").empty


def test_who_has_most_to_pay_comes_first_and_who_has_paid_is_left_out():
    due = {"Stad": 10.0, "Fonds": 300.0, "Bank": 0.0, "Totaal": 310.0}
    found = findings.to_come(findings.amounts(money(*(("to_receive", "Totaal", *pair) for pair in due.items()))))
    assert found["funder"].tolist() == ["Fonds", "Stad"]
    assert findings.to_come(findings.amounts(money())).empty


def test_a_funder_that_got_back_more_than_it_paid_is_told_with_its_room():
    rows = [("funding_realised", "Een", "Fonds", -5.0), ("funding_realised", "Twee", "Fonds", 0.0)]
    found = findings.paid_back(findings.amounts(money(*rows)), ["Fonds", "Stad"], ["Een", "Twee", "Totaal"])
    assert found[["funder", "room"]].to_numpy().tolist() == [["Fonds", "Een"]]


def test_to_mend_is_what_stands_on_an_unknown_account_or_on_no_room_each_once():
    rows = [("result", "Een", "onbekende rekeningen", -200.0), ("result", "Twee", "onbekende rekeningen", 50.0)]
    rows += [
        ("result", "niet toegewezen", "onbekende rekeningen", -7.0),
        ("result", TOTAL, "onbekende rekeningen", -157.0),
    ]
    rows += [("realised", "niet toegewezen", TOTAL, 600.0), ("funding_realised", "niet toegewezen", TOTAL, 30.0)]
    euros = findings.amounts(money(*rows))
    assert [findings.to_mend(euros, room) for room in ("Een", "Twee", "Drie", TOTAL)] == [200.0, 50.0, 0.0, 887.0]
    assert findings.to_mend(findings.amounts(money()), TOTAL) == 0


def test_a_funder_has_the_rooms_it_agreed_something_for_or_paid():
    rows = [("funding_agreed", "Een", "Fonds", 10.0), ("funding_realised", "Twee", "Fonds", 5.0)]
    euros = findings.amounts(money(*rows, ("funding_agreed", "Drie", "Fonds", 0.0)))
    assert findings.paid_rooms(euros, "Fonds", ["Een", "Twee", "Drie", "Vier"]) == ["Een", "Twee"]


# --- words and problems -----------------------------------------------------------------------------------------------


def _explained(figure, edition="bestuur", **words):
    row = {
        "indicator": "P2",
        "room": "LW",
        "period": "2023Q3",
        "text": "Dicht.",
        "action": None,
        "who": None,
        "by": None,
    }
    rows = pd.DataFrame([row | words | {"file": "", "sheet": "", "row": 2}])
    agreement = dataclasses.replace(golden_agreement(), explanations=rows)
    return findings.explained(card({"indicator": "P2"} | figure, edition=edition), agreement, PERIOD)


@pytest.mark.parametrize(
    ("code", "figure", "told"),
    [
        ("P2", {}, True), ("P2", {"value": None, "status": "geen gegevens"}, True), ("N1", {"value": "Negatief"}, True),
        ("P2", {"value": Span(5.0, 9.0)}, False), ("P2", {"value": None, "status": "niet te zeggen"}, False),
        ("P6", {}, False), ("A1", {}, True),
    ],
)  # fmt: skip
def test_a_rooms_own_words_stand_beside_a_figure_that_is_exact_and_not_sensitive(code, figure, told):
    found = _explained({"indicator": code} | figure, indicator=code)
    assert found["told"].tolist() == [told]
    assert found["room"].tolist() == ["De Luwte"]


@pytest.mark.parametrize("field", ["text", "action", "who", "by"])
def test_everyone_reads_no_words_that_hold_a_figure(field):
    assert not _explained({}, PUBLIC, **{field: "Er kwamen 63 mensen."})["told"].any()
    assert _explained({}, PUBLIC, **{field: "Dicht."})["told"].all()
    assert _explained({}, **{field: "Er kwamen 63 mensen."})["told"].all()


def test_words_of_another_period_or_of_a_room_that_is_not_looked_at_are_left_out():
    assert _explained({}, text="").empty
    assert _explained({}, period="2023Q2").empty
    assert _explained({"room": "Het Haventje"}).empty


def test_matters_to_decide_are_those_of_the_period_and_for_everyone_without_figures():
    texts = [
        ("2023Q3", "Sluiten we?"),
        ("2023Q3", "Kopen we 2 tafels?"),
        ("2023Q2", "Oud."),
        ("2023-09", "Maand."),
        ("2023Q3", None),
    ]
    agreement = dataclasses.replace(golden_agreement(), decisions=pd.DataFrame(texts, columns=["period", "text"]))
    for edition, told in (("bestuur", [True, True]), (PUBLIC, [True, False])):
        found = findings.to_decide(agreement, PERIOD, edition)
        assert found["text"].tolist() == ["Sluiten we?", "Kopen we 2 tafels?"]
        assert found["told"].tolist() == told
    assert findings.to_decide(agreement, pd.Period("2023-09"), PUBLIC)["text"].tolist() == ["Maand."]
    assert findings.to_decide(golden_agreement(), PERIOD, PUBLIC).empty


def test_only_the_printed_totals_that_differ_are_wrong():
    frame = pd.DataFrame({"item": ["A", "B"], "difference": [0.0, -5.0]})
    assert findings.wrong_totals(shown(frame))["item"].tolist() == ["B"]
    assert findings.wrong_totals(shown(frame.iloc[:0])).empty
