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


def test_statuses_are_counted_over_the_targets_of_rooms_and_what_may_be_chance_among_those_met():
    rows = [("De Luwte", "gehaald", True), ("Het Haventje", "gehaald", False), ("Het Haventje", "achter", True)]
    told = [{"room": room, "status": status, "uncertain": unsure} for room, status, unsure in rows]
    told += [{"room": TOTAL, "status": "achter"}, {"room": "De Luwte", "status": "geen streefwaarde", "target": None}]
    assert findings.standing(card(*told)) == {"gehaald": 2, "achter": 1}
    assert findings.may_be_chance(card(*told)) == 1


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ([Span(3, 3), Span(7, 7)], [1]), ([Span(7, 7), Span(7, 7), Span(1, 1)], [0, 1]), ([Span(0, 0), Span(0, 0)], []),
        ([Span(5, 9), Span(1, 4)], [0]), ([Span(5, 9), Span(5, 9)], []), ([Span(5, 9), Span(9, 9)], []), ([Span(5, 5), None], []), ([], []),
    ],
)  # fmt: skip
def test_the_largest_is_named_where_it_is_so_whatever_the_numbers_are_and_equals_together(cells, found):
    assert findings.largest(cells) == found


# --- furthest ---------------------------------------------------------------------------------------------------------


def test_the_furthest_come_above_first_and_each_indicator_once():
    rows = [("P1", "De Luwte", 50.0), ("P1", "Het Haventje", 90.0), ("P2", "De Luwte", 60.0)]
    far = findings.furthest(card(*({"indicator": code, "room": room, "value": value} for code, room, value in rows)))
    assert far[["indicator", "room"]].to_numpy().tolist() == [["P1", "Het Haventje"], ["P2", "De Luwte"]]
    assert far[["least", "most"]].iloc[0].tolist() == [2.4, 2.4]


def test_a_figure_that_comes_twice_keeps_the_place_of_its_furthest():
    values = {"P1": (90.0, 42.0), "P2": (80.0,), "P3": (70.0,), "P4": (60.0,)}
    rows = [{"indicator": code, "value": value} for code, told in values.items() for value in told]
    assert findings.furthest(card(*rows))["indicator"].tolist() == ["P1", "P2", "P3"]


def test_below_comes_only_what_is_behind():
    rows = [
        {"indicator": "P1", "value": 30.0, "status": "achter"},
        {"indicator": "P2", "value": 35.0, "status": "nabij"},
    ]
    assert findings.furthest(card(*rows))["indicator"].tolist() == ["P1"]


@pytest.mark.parametrize(
    ("value", "status", "found"),
    [
        (Span(45.0, 49.0), "gehaald", True),
        (Span(40.0, 44.0), "gehaald", False),  # its lower end is nearer than a tenth
        (Span(30.0, 34.0), "achter", True),
        (Span(30.0, 34.0), "niet te zeggen", False),
        (None, "niet te zeggen", False),
    ],
)
def test_a_figure_in_steps_is_far_only_where_both_of_its_ends_are(value, status, found):
    assert len(findings.furthest(card({"value": value, "status": status}))) == found


def test_the_uncertain_the_few_and_what_is_as_good_as_expected_are_not_far():
    rows = [SHARE | {"uncertain": True}, {"value": 38.0}, {"value": 0.0, "interim_target": 1.5, "status": "achter"}]
    for row in rows:
        assert findings.furthest(card(row)).empty
    assert len(findings.furthest(card(SHARE))) == 1


# --- changed ----------------------------------------------------------------------------------------------------------


def _change(value, before, **more):
    status = more.pop("status", "achter")
    then = {"value": before, "interim_target": 25.0, "status": "gehaald"} | more
    return findings.changed(card({"value": value, "status": status} | more), card(then))


def test_a_change_is_one_of_the_figure_itself_beside_the_target_of_the_year():
    found = _change(30.0, 20.0)
    assert found[["value_before", "value"]].to_numpy().tolist() == [[Span(20.0, 20.0), Span(30.0, 30.0)]]
    assert found["step"].tolist() == [0.2]
    assert _change(29.0, 29.0).empty  # however much of what was due by then


def test_what_had_met_its_target_and_still_does_is_no_news():
    assert _change(60.0, 50.0, status="gehaald").empty


def test_few_people_or_less_than_a_tenth_of_the_target_are_no_change():
    assert _change(29.0, 25.0).empty
    few = {"target": 12.0}
    assert findings.changed(card({"value": 3.0, "status": "achter"} | few), card({"value": 12.0} | few)).empty


@pytest.mark.parametrize(("now", "found"), [(Span(35.0, 39.0), True), (Span(30.0, 34.0), False)])
def test_a_change_in_steps_is_told_only_where_the_steps_lie_apart(now, found):
    # from 25-29 to 35-39 is at least 6 of a target of 50, to 30-34 at least 1
    assert len(_change(now, Span(25.0, 29.0))) == found


def test_a_share_has_changed_where_its_intervals_lie_apart():
    now, then = ({"value": 0.2, "status": "achter", "lower": 0.1, "upper": 0.3}, {"lower": 0.4, "upper": 0.95})
    assert len(findings.changed(card(SHARE | now), card(SHARE | then))) == 1
    assert findings.changed(card(SHARE | now), card(SHARE | then | {"lower": 0.3})).empty


def test_without_a_period_before_nothing_has_changed():
    assert findings.changed(card({"value": 1.0, "status": "achter"}), card()).empty


@given(
    now=st.tuples(st.integers(0, 200), st.integers(0, 40)),
    then=st.tuples(st.integers(0, 200), st.integers(0, 40)),
    ends=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_a_change_that_is_told_holds_for_every_number_within_the_steps(now, then, ends):
    spans = [Span(float(low), float(low + width)) for low, width in (now, then)]
    inside = [round(span.low + end * (span.high - span.low)) for span, end in zip(spans, ends, strict=True)]
    if len(_change(*spans)):
        assert (inside[0] > inside[1]) == (spans[0].low > spans[1].high)
        assert abs(inside[0] - inside[1]) >= 5


# --- other findings of the scorecard ----------------------------------------------------------------------------------


def test_uncertain_are_the_shares_with_an_interval_that_is_told():
    unsure = SHARE | {"uncertain": True, "lower": 0.4, "upper": 0.95}
    found = findings.uncertain(card(unsure, SHARE, unsure | {"lower": None, "upper": None}, unsure | {"value": None}))
    assert len(found) == 1


def test_a_negative_verdict_names_its_rooms():
    rows = [{"indicator": "N1", "name": "Saldo", "value": "Negatief", "room": room} for room in ("De Luwte", "Totaal")]
    assert findings.verdicts(card(*rows, {"value": "Positief"}))["rooms"].tolist() == [["De Luwte", "Totaal"]]
    assert findings.verdicts(card({})).empty


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({}, "boven"), ({"value": 75.0}, "keer"), ({"value": 30.0, "status": "achter"}, "onder"),
        ({"value": 37.5}, "precies"), ({"value": Span(60.0, 64.0)}, ""), (SHARE, ""), ({"value": 0.0}, ""),
        ({"interim_target": 19.0}, ""), ({"status": "niet te zeggen"}, ""), ({"value": "Positief"}, ""),
    ],
)  # fmt: skip
def test_a_percentage_is_said_only_of_what_is_exact_and_not_of_few(row, word):
    assert findings.comparison(next(card(row).frame.itertuples())) == word


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


def test_a_funder_has_the_rooms_it_agreed_something_for_or_paid():
    rows = [("funding_agreed", "Een", "Fonds", 10.0), ("funding_realised", "Twee", "Fonds", 5.0)]
    euros = findings.amounts(money(*rows, ("funding_agreed", "Drie", "Fonds", 0.0)))
    assert findings.paid_rooms(euros, "Fonds", ["Een", "Twee", "Drie", "Vier"]) == ["Een", "Twee"]


def test_what_was_not_delivered_has_no_key_figure():
    spent = [("realised", "De Luwte", "Totaal", 900.0), ("budget", "De Luwte", "Totaal", 1000.0)]
    finance = money(*spent, ("result", "De Luwte", "ontvangen min uitgegeven", -50.0))
    rows = card({"indicator": "P8", "name": "Uniek"}, {"status": "achter"})
    found = findings.key_figures(rows, finance, golden_agreement(), "De Luwte")
    assert found["name"].tolist() == ["Streefwaarden gehaald", "Uniek", "Uitgegeven", "Ontvangen min uitgegeven"]
    assert found["beside"].tolist() == [Span(2.0, 2.0), Span(37.5, 37.5), Span(1000.0, 1000.0), None]
    untold = card({"indicator": "P8", "value": None, "status": "niet te zeggen"})
    assert len(findings.key_figures(untold, money(), golden_agreement(), "De Luwte")) == 1


# --- words and problems -----------------------------------------------------------------------------------------------


def _explained(text, figure, edition="bestuur", code="P2"):
    place = {"file": "", "sheet": "", "row": 2}
    rows = pd.DataFrame([{"indicator": code, "room": "LW", "period": "2023q3", "text": text} | place])
    agreement = dataclasses.replace(golden_agreement(), explanations=rows)
    return findings.explained(card({"indicator": code} | figure, edition=edition), agreement, PERIOD)


@pytest.mark.parametrize(
    ("code", "figure", "told"),
    [
        ("P2", {}, True), ("P2", {"value": None, "status": "geen gegevens"}, True), ("N1", {"value": "Negatief"}, True),
        ("P2", {"value": Span(5.0, 9.0)}, False), ("P2", {"value": None, "status": "niet te zeggen"}, False),
        ("P6", {}, False),
    ],
)  # fmt: skip
def test_a_rooms_own_words_stand_beside_a_figure_that_is_exact_and_not_sensitive(code, figure, told):
    found = _explained("De werkplaats was dicht.", figure, code=code)
    assert found["told"].tolist() == [told]
    assert found["room"].tolist() == ["De Luwte"]


def test_everyone_reads_no_words_that_hold_a_figure():
    assert not _explained("Er kwamen 63 mensen.", {}, PUBLIC)["told"].any()
    assert _explained("Dicht.", {}, PUBLIC)["told"].all()


def test_words_of_another_period_or_of_a_room_that_is_not_looked_at_are_left_out():
    assert _explained("", {}).empty
    assert _explained("Dicht.", {"room": "Het Haventje"}).empty


def test_only_the_printed_totals_that_differ_are_wrong():
    frame = pd.DataFrame({"item": ["A", "B"], "difference": [0.0, -5.0]})
    assert findings.wrong_totals(shown(frame))["item"].tolist() == ["B"]
    assert findings.wrong_totals(shown(frame.iloc[:0])).empty


def test_what_the_controls_of_the_ledger_found_is_counted():
    texts = ["grootboek: de regel heeft geen kostenplaats (kamer)"] * 2 + ["grootboek: regel 7", "iets anders"]
    assert findings.failed_controls(pd.DataFrame({"problem": texts})) == {"de regel heeft geen kostenplaats (kamer)": 2}
