"""Each parser gives a value, nothing, or says what it expected; it never guesses and never quotes."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwk_analysis.door import values
from bwk_analysis.door.cells import ErrorCell, NoResult
from bwk_analysis.door.spelling import fold, header_key
from bwk_analysis.door.values import Bad

APRIL_3 = np.datetime64("2021-04-03", "s")


@pytest.mark.parametrize(
    "cell",
    [dt.date(2021, 4, 3), dt.datetime(2021, 4, 3, 23, 59), "03-04-2021", "3-4-2021", "3/4/2021", "3.4.2021",
     "2021-04-03",
     "3 apr 2021", "3 april 2021", "3-apr-2021", " 3 Apr. 2021\u00a0", "2021-04-03T10:00:00", "3-4-2021 10:30:15"],
)  # fmt: skip
def test_a_day_is_read_day_first_however_it_is_written(cell):
    assert values.day(cell) == APRIL_3


@pytest.mark.parametrize(
    "cell",
    ["04/13/2021", "31-02-2021", "03-04-21", "44289", 44289, 44289.0, True, dt.time(3, 4), dt.timedelta(days=1),
     "gisteren",
     "3 foo 2021", "2021", "1-1-1899", "13-2021-04", "٣-٤-٢٠٢١"],
)  # fmt: skip
def test_what_is_no_day_is_refused(cell):
    assert isinstance(values.day(cell), Bad)


@pytest.mark.parametrize("name", ["mrt", "maart", "mei", "okt", "oktober", "sept", "sep"])
def test_months_have_their_dutch_names(name):
    number = {"mrt": 3, "maart": 3, "mei": 5, "okt": 10, "oktober": 10, "sept": 9, "sep": 9}[name]
    assert values.day(f"1 {name} 2021") == np.datetime64(dt.date(2021, number, 1), "s")


@pytest.mark.parametrize(
    ("cell", "amount"),
    [(12, 12.0), (1.234, 1.234), ("1.234", 1234.0), ("1.234,56", 1234.56), ("1234,5", 1234.5), ("€ 35.460", 35460.0),
     ("€\u00a035.460,-", 35460.0), ("35,50 EUR", 35.5), ("12,5%", 0.125), ("12,5 %", 0.125), ("(1.250,00)", -1250.0),
     ("\u22121.250,00", -1250.0), ("-3", -3.0), ("€ -3", -3.0), ("-€ 3", -3.0), ("3-", -3.0), ("+3", 3.0), ("0,5", 0.5),
     (" 7 ", 7.0), ("1.234.567", 1234567.0)],
)  # fmt: skip
def test_a_number_is_a_number_cell_or_dutch_text(cell, amount):
    assert values.number(cell) == pytest.approx(amount)
    assert isinstance(values.number(cell), float)


@pytest.mark.parametrize("text", ["12.5", "0.125", "1.2345", "35.46", "€ 12.5", "-12.5", "12.50%"])
def test_a_point_that_may_mean_anything_is_refused_as_that(text):
    assert "punt" in values.number(text).problem


@pytest.mark.parametrize(
    "cell",
    ["abc", "1,2,3", "12 34", "12€3", "--3", "-(3)", "(3", "3)", ",5", "5,", "1.23.456", "€", "1e5", "inf", "nan",
     "٣", True,
     dt.date(2021, 1, 1), dt.time(1), float("nan"), float("inf")],
)  # fmt: skip
def test_what_is_no_number_is_refused(cell):
    assert isinstance(values.number(cell), Bad)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_every_amount_written_the_dutch_way_is_that_amount(amount):
    dutch = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert values.number(dutch) == float(amount)


@given(st.text())
def test_any_text_is_a_value_nothing_or_bad_to_every_parser(text):
    for parser in (values.day, values.number, values.hours, values.yes_no, values.text, values.person, values.account):
        found = parser(text)
        assert found is None or isinstance(found, (str, float, np.datetime64, Bad))


@given(st.text())
def test_no_message_quotes_the_cell(text):
    listed, room = values.listed({"taal": "taal"}), values.listed({"no": "NO"}, "onbekende kamer", kept=False)
    for parser in (values.day, values.number, values.hours, values.yes_no, values.account, listed, room):
        found = parser(f"Qqq{text}")
        if isinstance(found, Bad):
            assert "qqq" not in (found.problem + found.advice).lower()


@pytest.mark.parametrize(
    ("cell", "amount"),
    [(3.5, 3.5), ("3,5", 3.5), ("3:30", 3.5), ("03:30:00", 3.5), (dt.time(3, 30), 3.5), (dt.timedelta(hours=3.5), 3.5),
     (0, 0.0), (24, 24.0), ("24:00", 24.0), (dt.timedelta(hours=24), 24.0)],
)  # fmt: skip
def test_hours_are_a_number_a_clock_or_a_time_cell(cell, amount):
    assert values.hours(cell) == pytest.approx(amount)


@pytest.mark.parametrize(
    ("cell", "why"),
    [(24.5, "meer dan 24"), ("24:01", "meer dan 24"), (dt.timedelta(hours=25), "meer dan 24"), (-1, "negatief"),
     ("-0,5", "negatief"), ("3.5", "punt"), ("3:75", "getal"), (dt.date(2021, 1, 1), "getal")],
)  # fmt: skip
def test_hours_that_no_day_has_are_refused(cell, why):
    assert why in values.hours(cell).problem


def test_a_total_of_hours_may_be_more_than_a_day():
    assert values.duration("130:30") == values.duration(dt.timedelta(hours=130.5)) == values.duration("130,5") == 130.5


@pytest.mark.parametrize(
    ("cells", "word"),
    [(["ja", "J", " JA ", "x", "X", "waar", "WAAR", "true", True, 1, 1.0, "1"], "ja"),
     (["nee", "N", "onwaar", "false", False, 0, 0.0, "0", "Née"], "nee")],
)  # fmt: skip
def test_yes_and_no_in_all_their_forms(cells, word):
    assert {values.yes_no(cell) for cell in cells} == {word}


@pytest.mark.parametrize("cell", ["misschien", 2, 0.5, dt.date(2021, 1, 1), "ja nee"])
def test_what_is_neither_yes_nor_no_is_refused(cell):
    assert isinstance(values.yes_no(cell), Bad)


@pytest.mark.parametrize("parser", [values.day, values.number, values.hours, values.yes_no, values.text, values.person,
                                    values.account, values.listed({"a": "a"}), values.listed({"a": "a"}, "onbekende kamer", kept=False)])  # fmt: skip
def test_errors_and_formulas_without_a_result_are_named_and_blank_is_nothing(parser):
    assert "#N/A" in parser(ErrorCell("#N/A")).problem
    assert "#REF!" in parser(ErrorCell("#REF!")).problem
    assert "formule zonder" in parser(NoResult()).problem
    assert parser(None) is parser("") is parser(" \u00a0 ") is None


def test_registration_numbers_keep_their_leading_zeros_and_whole_numbers_lose_their_decimals():
    assert values.person(" 00042 ") == "00042"
    assert values.person(42.0) == values.person(42) == "42"
    assert isinstance(values.person(4.2), Bad)
    assert isinstance(values.person(dt.date(2021, 1, 1)), Bad)


@pytest.mark.parametrize("name", ["NA", "None", "null", "NaN", "N/A", "nan", "True"])
def test_words_that_programs_take_for_nothing_are_text(name):
    assert values.text(name) == values.person(name) == name


@pytest.mark.parametrize(
    "cell", ["4000", 4000, 4000.0, "4000 - Huur", "4000-Huur", "4000: Huur", "4000 Huur en \n meer"]
)
def test_an_account_is_its_number(cell):
    assert values.account(cell) == "4000"


@pytest.mark.parametrize("cell", ["Huur", "- Huur", "?"])
def test_a_name_alone_is_no_account(cell):
    assert isinstance(values.account(cell), Bad)


def test_a_listed_word_is_found_by_its_spellings_and_an_unknown_one_stays_with_the_nearest_offered():
    parse = values.listed({"taal": "taal", "taalles": "taal", "werk": "werk"})
    assert parse(" TAALLES ") == "taal"
    found = parse("taallles")
    assert isinstance(found, Bad)
    assert (found.word, found.advice) == ("taallles", "Bedoelt u taalles (taal)?")
    assert "Kies uit: taal, werk" in parse("sport").advice


def test_an_unknown_room_is_refused_with_the_nearest_offered():
    parse = values.listed({"de zuid": "ZU", "zu": "ZU", "no": "NO"}, "onbekende kamer", kept=False)
    assert parse("De  ZUID") == "ZU"
    assert parse("De Zuit").advice == "Bedoelt u de zuid (ZU)?"
    assert "Kies uit: ZU, NO" in parse("elders").advice


def test_true_and_one_are_kept_apart_in_one_column():
    assert [type(found) for found in values.parse_column([1.0, True, 1.0], values.number)] == [float, Bad, float]


def test_text_is_compared_without_case_accents_and_spaces():
    assert fold("  Café\u00a0 De  ZON ") == "cafe de zon"
    assert header_key(" Mede-dankzij *") == header_key("mede_dankzij") == "mededankzij"
    assert header_key("Bkst.nr.") == "bkstnr"
    assert header_key(12) == ""
