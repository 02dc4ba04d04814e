"""What is left, and whether the books hold: two rooms with budgets, funders and ledger lines, worked out by hand."""

from dataclasses import replace

import pytest
from registered import agreement, counted, dataset, example
from test_finance import line

from bwk_analysis import agreement_check, balance, periods

TOTAL = "Totaal"
Q3 = periods.parse("2021Q3")
AGREED = agreement("AB")


def controls(*lines, outside=(), period=Q3):
    return balance.controls(dataset(AGREED, outside, grootboek=lines), period)


# --- what is left -----------------------------------------------------------------------------------------------------


def test_the_financing_minus_the_budget_of_2021():
    assert balance.funding_minus_budget(example())[["CJM", "MB", "DH", TOTAL]].tolist() == [-68, 145, 2632, 2709]
    assert balance.saldo(example()) == {"CJM": False, "MB": True, "DH": True, TOTAL: True}


@pytest.mark.parametrize(("short", "holds"), [(0, True), (0.002, True), (0.01, False)])
def test_a_shortage_of_less_than_a_cent_is_none(short, holds):
    exact = AGREED.budget.assign(euro=[900.0 + short if post == "A1" else 700.0 for post in AGREED.budget["post"]])
    assert balance.saldo(replace(AGREED, budget=exact)) == dict.fromkeys(["A", "B", TOTAL], holds)


@pytest.mark.parametrize("absent", ["budget", "funding"])
def test_without_a_budget_or_funders_nothing_is_said_of_what_is_left(absent):
    assert balance.saldo(replace(AGREED, **{absent: getattr(AGREED, absent).iloc[:0]})) == {}


# --- controls ---------------------------------------------------------------------------------------------------------

BALANCED = (line("4000", 100), line("1100", -100))


def test_a_ledger_in_order_is_positive_in_each_room_that_has_lines():
    verdicts, failing = controls(*BALANCED)
    assert verdicts == {"A": True, TOTAL: True}
    assert failing.empty


@pytest.mark.parametrize(
    ("lines", "control", "verdicts"),
    [
        (
            [line("4000", 100, boekstuk="B2"), line("1100", -99, "B", boekstuk="B2")],
            "niet in evenwicht",
            {"A": False, "B": False, TOTAL: False},
        ),
        (
            [line("9999", 5, "B"), line("1100", -5, "B")],
            "niet in het werkblad rekeningen",
            {"A": True, "B": False, TOTAL: False},
        ),
        ([line("4000", 5, None), line("1100", -5, "B")], "geen kostenplaats", {"A": True, "B": True, TOTAL: False}),
    ],
)
def test_each_control_fails_its_own_rooms_and_the_total(lines, control, verdicts):
    found, failing = controls(*BALANCED, *lines)
    assert found == verdicts
    assert failing["control"].str.contains(control).all()
    assert len(failing) >= 1
    assert len(balance.control_problems(failing)) == len(failing)


def test_a_line_outside_the_year_fails_its_room():
    found, failing = controls(
        *BALANCED,
        outside=[
            line("4000", 5, "B", datum="2020-12-31", boekstuk="B9"),
            line("1100", -5, "B", datum="2020-12-31", boekstuk="B9"),
        ],
    )
    assert found == {"A": True, "B": False, TOTAL: False}
    assert failing["control"].str.contains("buiten het jaar").all()


def test_lines_after_the_reference_day_are_not_looked_at_yet():
    later = [line("9999", 5, "B", datum="2021-10-01", boekstuk="B7")]
    assert controls(*BALANCED, *later)[0] == {"A": True, TOTAL: True}
    assert controls(*BALANCED, *later, period=periods.parse("2021Q4"))[0] == {"A": True, "B": False, TOTAL: False}


def test_a_line_of_the_balance_sheet_needs_no_room():
    assert controls(*BALANCED, line("1100", 5, None), line("1100", -5, None))[0] == {"A": True, TOTAL: True}


def test_a_signed_amount_needs_no_balance():
    amounts = [{"datum": "2021-02-01", "boekstuk": "B1", "rekening": "4000", "kostenplaats": "A", "bedrag": 100.0}]
    assert controls(*amounts)[0] == {"A": True, TOTAL: True}


def test_a_cent_of_floating_point_is_no_difference():
    assert controls(line("4000", 0.1), line("4000", 0.2), line("1100", -0.3))[0][TOTAL]


def test_without_a_ledger_there_is_no_verdict():
    verdicts, failing = balance.controls(dataset(AGREED), Q3)
    assert verdicts == {}
    assert failing.empty


def test_the_controls_leave_the_tables_as_they_were():
    data = dataset(AGREED, [line("4000", 5, datum="2020-12-31")], grootboek=[*BALANCED, line("4000", 5, None)])
    before = data.grootboek.copy(deep=True), data.outside_year["grootboek"].copy(deep=True)
    balance.controls(data, Q3)
    assert data.grootboek.equals(before[0])
    assert data.outside_year["grootboek"].equals(before[1])


# --- the closing of the year ------------------------------------------------------------------------------------------

END = {"datum": "2021-12-31", "boekstuk": "J1"}
MOVED = {"datum": "2021-12-07", "boekstuk": "M7"}
YEAR = [line("4000", 300), line("8000", -500, "B"), line("1100", 200)]
CLOSED = [line("4000", -300, **END), line("8000", 500, "B", **END), line("1100", -200, **END)]


def closing(*lines):
    return balance.closings(dataset(AGREED, grootboek=lines))


def test_a_voucher_of_the_last_day_that_brings_cost_and_income_to_nought_is_a_warning_that_names_it():
    [warning] = closing(*YEAR, *CLOSED)
    assert (warning.severity, warning.cell) == ("warning", "A5")
    assert "boekstuk J1 van 31 december brengt 2 rekeningen op nul" in warning.problem


def test_a_closing_before_the_last_day_of_december_is_a_warning_too():
    [warning] = closing(*YEAR, *({**each, "datum": "2021-12-30"} for each in CLOSED))
    assert "boekstuk J1 van 30 december brengt 2 rekeningen op nul" in warning.problem


@pytest.mark.parametrize("bill", [400, 25])
@pytest.mark.parametrize("before", [300, 0, -100])
@pytest.mark.parametrize("nth", [0, 3, 6])
def test_a_bill_of_the_day_of_the_closing_is_not_named_wherever_its_line_is(nth, before, bill):
    lines = [line("4000", before), *YEAR[1:], line("4000", -before - bill, **END), *CLOSED[1:]]
    lines.insert(nth, line("4000", bill, datum="2021-12-31", boekstuk="M99"))
    assert ["J1" in warning.problem for warning in closing(*lines)] == [True]


def test_a_closing_by_a_voucher_for_each_room_is_named():
    lines = [line(account, euro, room) for room in "AB" for account, euro in (("4000", 300), ("8000", -500))]
    closed = [
        {
            **each,
            "debet": each["credit"],
            "credit": each["debet"],
            "datum": "2021-12-31",
            "boekstuk": f"J{each['kostenplaats']}1",
        }
        for each in lines
    ]
    assert closing(*lines, *closed) != []


def test_accounts_closed_by_a_voucher_each_are_a_warning_each_and_a_word_is_not_repeated():
    each = [{**CLOSED[0], "boekstuk": "Jansen"}, {**CLOSED[1], "boekstuk": "J2"}]
    first, second = closing(*YEAR, *each)
    assert "J2" in first.problem + second.problem
    assert "Jansen" not in first.problem + second.problem


@pytest.mark.parametrize(
    "lines",
    [
        YEAR,
        [*YEAR, CLOSED[0]],  # one account of two: a correction
        [
            *YEAR,
            line("4000", -300, **MOVED),
            line("8000", 500, "B", **MOVED),
            line("4100", 300, **MOVED),
            line("8100", -500, **MOVED),
        ],
        [*YEAR, line("4000", -299, **END), line("8000", 499, "B", **END)],
        [*YEAR, line("4100", 10, **END), line("4100", -10, **END), line("8100", 7, **END), line("8100", -7, **END)],
    ],
)
def test_what_leaves_the_accounts_of_the_year_as_they_are_is_no_closing(lines):
    assert closing(*lines) == []


# --- as verdicts ------------------------------------------------------------------------------------------------------


def test_verdicts_are_what_is_left_and_whether_the_books_hold():
    data = dataset(AGREED, grootboek=[*BALANCED, line("9999", 5, "B"), line("1100", -5, "B")])
    assert balance.verdicts(data, Q3) == {
        "saldo": {"A": True, "B": True, TOTAL: True},
        "controles": {"A": True, "B": False, TOTAL: False},
    }


def test_the_scorecard_says_negative_of_books_that_do_not_hold_and_nothing_of_a_room_without_lines():
    data = dataset(agreement("ABC"), grootboek=[*BALANCED, line("9999", 5, "B"), line("1100", -5, "B")])
    field = data.agreement.indicators.set_index("field")["code"]
    card = counted(data, "2021Q3").scorecard.set_index(["indicator", "room"])
    assert card.loc[field["controles"]].loc[["A", "B", TOTAL], "value"].tolist() == ["Positief", "Negatief", "Negatief"]
    assert card.loc[(field["controles"], "C"), "status"] == "geen gegevens"
    assert set(card.loc[field["saldo"], "value"]) == {"Positief"}


def test_a_ledger_without_any_room_is_one_error_that_names_the_column():
    data = dataset(AGREED, grootboek=[line("4000", 5, None), line("4000", 6, None), line("1100", -11, None)])
    [problem] = balance.without_any(data).values()
    assert (problem.severity, problem.column) == ("error", "kostenplaats")
    every = agreement_check.problems(data, Q3)
    assert "grootboek: " + balance.NO_ROOM not in set(every["problem"])
    assert balance.without_any(dataset(AGREED, grootboek=[line("4000", 5, None), line("4000", 6)])) == {}


@pytest.mark.parametrize("account", ["1100", "9999"], ids=["of the balance sheet", "unknown"])
def test_a_ledger_without_any_account_of_a_post_or_a_funder_is_one_error(account):
    every = agreement_check.problems(dataset(AGREED, grootboek=[line(account, 5), line(account, -5)]), Q3)
    ledger = every[every["severity"].isin(["error", "warning"]) & ~every["problem"].str.startswith("de oormerken")]
    assert ledger[["severity", "column"]].to_numpy().tolist() == [["error", "rekening"]]
    assert balance.without_any(dataset(AGREED)) == {}


@pytest.mark.parametrize(("code", "hint"), [("WBedHuiHur", "(RGS-code WBedHuiHur)"), ("Jansen", "")])
def test_of_an_account_that_the_agreement_does_not_know_its_code_is_a_hint(code, hint):
    _, failing = controls(*BALANCED, line("9999", 5), line("1100", -5))
    [problem] = balance.control_problems(failing.assign(rgs=code))
    assert "werkblad rekeningen" in problem.advice
    assert ("RGS" in problem.advice) == bool(hint)
    assert hint in problem.advice
