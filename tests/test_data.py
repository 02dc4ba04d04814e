"""A dataset as a notebook holds it: tables by name, rooms, periods, and what it prints."""

import pandas as pd
import pytest
from registered import agreement, dataset

from bwk_analysis.periods import Mistyped

VISITS = [
    {"datum": day, "kamer": "A", "deelnemer": "geheim123", "categorie": "taal"} for day in ("2021-05-02", "2021-07-01")
]
LEDGER = [
    {"datum": "2021-11-30", "boekstuk": "B1", "rekening": "4000", "kostenplaats": "A", "debet": 1.0, "credit": 0.0}
]
PLACES = [{"kamer": "A", "deelnemer": "geheim123", "soort": "stage", "begin": "2021-10-01"}]
DATA = dataset(agreement("AB"), deelnames=VISITS, grootboek=LEDGER, plekken=PLACES)


# --- tables -----------------------------------------------------------------------------------------------------------


def test_a_table_is_an_attribute_and_a_frame_of_its_own():
    visits = DATA.deelnames
    visits["kamer"] = "B"
    del visits["datum"]
    assert DATA.deelnames["kamer"].tolist() == ["A", "A"]
    assert "datum" in DATA.tables["deelnames"]


def test_a_table_that_was_not_delivered_has_its_columns_and_no_rows():
    assert DATA.interviews.empty
    assert {"datum", "kamer", "deelnemer", "thema", "source_row"} <= set(DATA.interviews)
    assert "interviews" not in DATA.delivered


def test_the_tables_are_among_the_names_that_a_notebook_completes():
    assert {"deelnames", "interviews", "quarter", "problems"} <= set(dir(DATA))


def test_a_table_that_is_none_names_the_nearest():
    with pytest.raises(AttributeError, match=r"geen tabel of eigenschap 'deelname'; bedoelt u deelnames\?"):
        _ = DATA.deelname


def test_it_prints_its_rooms_tables_columns_and_problems_and_no_value_of_a_row():
    agreed = agreement("AB")
    indicators = agreed.indicators.assign(field=agreed.indicators["field"].replace("deelnemer", "persoon"))
    bad = dataset(type(agreed)(**vars(agreed) | {"indicators": indicators}), deelnames=VISITS)
    told = repr(bad).splitlines()
    assert told[0] == "Dataset verzonnen, 2021, kamers A, B"
    visits = next(line for line in told if line.split()[0] == "deelnames")
    assert visits.split()[1:3] == ["2", "rijen"]
    assert visits.endswith("datum, kamer, deelnemer, categorie, activiteit")
    assert next(line for line in told if "interviews" in line).split() == ["interviews", "niet", "aangeleverd"]
    assert len(told) == 1 + len(bad.tables) + 1
    assert told[-1] == f"  problemen (.problems): {len(bad.problems)} fouten"
    assert repr(DATA).endswith("problemen (.problems): geen")
    assert "geheim123" not in repr(DATA)


def test_rows_until_a_period_are_those_from_1_january_and_registers_stay_whole():
    until = DATA.until(pd.Period("2021Q2"))
    assert until.deelnames["datum"].tolist() == [pd.Timestamp("2021-05-02")]
    assert until.grootboek.empty
    assert len(until.plekken) == 1
    assert len(DATA.deelnames) == 2


def test_a_room_is_known_by_its_code_or_name_however_written():
    assert [DATA.room(name) for name in ("b", "Kamer B", " KAMER b ", "totaal")] == ["B", "B", "B", "Totaal"]
    with pytest.raises(Mistyped, match=r"geen kamer 'Kamer Z'; bedoelt u Kamer"):
        DATA.room("Kamer Z")


# --- periods ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "  "])
def test_without_a_period_it_is_the_last_quarter_with_registrations_and_a_ledger_is_none(text):
    assert DATA.quarter(text) == pd.Period("2021Q3")
    assert DATA.quarter() == pd.Period("2021Q3")


def test_without_registrations_it_is_the_first_quarter_of_the_agreement():
    assert dataset(agreement("A"), grootboek=LEDGER).quarter() == pd.Period("2021Q1")


@pytest.mark.parametrize(
    ("typed", "period"),
    [
        ("2021Q2", pd.Period("2021Q2")),
        (" 2021q2", pd.Period("2021Q2")),
        ("2021-09", pd.Period("2021-09", freq="M")),
        (pd.Period("2021Q4"), pd.Period("2021Q4")),
        (pd.Period("2021-02", freq="M"), pd.Period("2021-02", freq="M")),
    ],
)
def test_a_period_is_a_quarter_or_a_month(typed, period):
    assert DATA.quarter(typed) == period


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("2020Q3", "de periode 2020Q3 hoort niet bij de afspraak van 2021"),
        ("2022-01", "de periode 2022-01 hoort niet bij de afspraak van 2021"),
        ("kwartaal 5", "'kwartaal 5' is geen periode; schrijf hem als 2021Q3"),
        (2021, "'2021' is geen periode"),
        (None, "'None' is geen periode"),
        ("2021-9", "'2021-9' is geen periode"),
    ],
)
def test_what_is_no_period_of_the_year_is_told(typed, told):
    with pytest.raises(Mistyped, match=told):
        DATA.quarter(typed)
