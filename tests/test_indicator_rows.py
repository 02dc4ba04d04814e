"""The rows behind a figure: what they count is the figure."""

import math
from dataclasses import replace

import pytest
from registered import agreement, dataset

from bwk_analysis import indicators, periods
from bwk_analysis.periods import Mistyped

TOTAL = "Totaal"
Q3 = periods.parse("2021Q3")
SOURCE = ["source_file", "source_sheet", "source_row"]


def counted_again(measure, rows):
    """A figure from its rows, in plain pandas."""
    match measure.kind:
        case "uniek" if measure.per_room:
            return rows.groupby("kamer", observed=True, dropna=False)[measure.field].nunique().sum()
        case "uniek":
            return rows[measure.field].nunique()
        case "aantal":
            return len(rows)
        case "som":
            return rows[measure.field].sum()
        case "gemiddelde":
            return rows[measure.field].mean()
        case "aandeel":
            parts = [rows] if not measure.per_room else [part for _, part in rows.groupby("kamer", dropna=False)]
            found = [
                (part.loc[part["teller"], measure.field].nunique(), part[measure.field].nunique()) for part in parts
            ]
            return sum(part for part, _ in found) / sum(whole for _, whole in found)


@pytest.mark.parametrize("period", ["Q2", "Q4", "-07"])
@pytest.mark.parametrize("which", ["example_data", "golden_data"])
def test_every_figure_is_what_its_rows_count(request, which, period):
    data = request.getfixturevalue(which)
    window = data.quarter(f"{data.agreement.settings.year}{period}")
    figures = [line for line in indicators.counts(data, window).itertuples() if line.unit != "oordeel"]
    kinds = set()
    for line in figures:
        measure = data.measures[line.indicator]
        if measure.kind == "verdict":
            continue
        rows = indicators.rows(data, line.indicator, line.room, window)
        if line.value is None or math.isnan(line.value):
            assert rows.empty, (line.indicator, line.room)
        else:
            assert counted_again(measure, rows) == pytest.approx(line.value, abs=1e-9), (line.indicator, line.room)
            kinds.add(measure.kind)
        assert set(SOURCE) <= set(rows)
    assert kinds == {"uniek", "aantal", "gemiddelde", "aandeel"}


def visit(person, room="A", day="2021-02-01", category="taal"):
    return {"datum": day, "kamer": room, "deelnemer": person, "categorie": category}


VISITS = [
    visit("p1"),
    visit("p1"),
    visit(None),
    visit("p2", "B"),
    visit("p3", day="2021-10-01"),
    visit("p4", category="werk"),
]
DATA = dataset(agreement("AB"), deelnames=VISITS)


def test_the_rows_of_a_room_are_those_in_time_within_the_filter_with_someone_to_count():
    rows = indicators.rows(DATA, "P4", "A", Q3)
    assert rows["source_row"].tolist() == [2, 3]
    assert set(rows["source_file"]) == {"deelnames.xlsx"}
    assert indicators.rows(DATA, "P4", TOTAL, Q3)["source_row"].tolist() == [2, 3, 5]
    assert indicators.rows(DATA, "P4", "A", periods.parse("2021-01")).empty


def test_of_someone_who_answered_in_two_rooms_each_room_has_its_own_answer_and_the_whole_the_latest():
    answers = [("2021-05-02", "A", 4), ("2021-06-02", "B", 8), ("2021-01-02", "B", 1)]
    rows = [{"datum": d, "kamer": k, "respondent": "r", "vraag": "inzet", "antwoord": a} for d, k, a in answers]
    agreed = agreement("AB")
    mark = agreed.indicators.iloc[[0]].assign(
        code="U2",
        table="enquete",
        measure="gemiddelde",
        field="antwoord",
        filter="vraag = inzet",
        numerator=None,
        time="datum",
    )
    data = dataset(replace(agreed, indicators=mark), enquete=rows)
    behind = [indicators.rows(data, "U2", room, Q3)["antwoord"].tolist() for room in ("A", "B", TOTAL)]
    assert behind == [[4], [8], [8]]
    assert indicators.counts(data, Q3)["value"].tolist() == [4, 8, 8]


def test_a_room_may_be_named():
    for name in ("Kamer B", "kamer b", " b "):
        assert indicators.rows(DATA, "P4", name, Q3)["source_row"].tolist() == [5]


def test_a_sum_is_that_of_its_rows_and_a_row_without_a_value_is_none_of_them():
    agreed = agreement("A")
    hours = agreed.indicators.iloc[[0]].assign(
        code="U1", table="vrijwilligersuren", measure="som", field="uren", filter=None, numerator=None, time="datum"
    )
    worked = [
        {"datum": "2021-02-01", "kamer": "A", "vrijwilliger": "v", "groep": "g", "uren": u} for u in (2, 0.5, None)
    ]
    data = dataset(replace(agreed, indicators=hours), vrijwilligersuren=worked)
    rows = indicators.rows(data, "U1", "A", Q3)
    assert rows["uren"].tolist() == [2, 0.5]
    assert indicators.counts(data, Q3)["value"].tolist() == [2.5, 2.5]


def test_a_change_in_the_rows_changes_no_figure():
    before = indicators.counts(DATA, Q3)
    rows = indicators.rows(DATA, "P4", "A", Q3)
    rows["deelnemer"] = "p1"
    rows.loc[:, "kamer"] = "B"
    assert indicators.counts(DATA, Q3).equals(before)


@pytest.mark.parametrize(
    ("indicator", "room", "told"),
    [
        ("P88", "A", r"geen indicator 'P88'; bedoelt u P8\? wel: "),
        ("p8", "A", r"geen indicator 'p8'; bedoelt u P8\?"),
        ("P8", "Kamer D", r"geen kamer 'Kamer D'; bedoelt u Kamer [AB]\? wel: A, B, Kamer A, Kamer B, Totaal"),
        ("P8", "totaall", r"bedoelt u Totaal\?"),
        ("N1", "A", r"N1 is een oordeel \(saldo\) en telt geen rijen"),
    ],
)
def test_what_has_no_rows_is_told_with_the_nearest_name(indicator, room, told):
    with pytest.raises(Mistyped, match=told):
        indicators.rows(DATA, indicator, room, Q3)


def test_an_indicator_that_cannot_be_measured_points_to_the_problems():
    agreed = agreement("A")
    broken = agreed.indicators.assign(
        field=agreed.indicators["field"].mask(agreed.indicators["code"] == "P8", "persoon")
    )
    data = dataset(replace(agreed, indicators=broken), deelnames=VISITS[:2])
    with pytest.raises(Mistyped, match=r"indicator P8 is niet te meten; zie data\.problems"):
        indicators.rows(data, "P8", "A", Q3)
    assert data.problems["problem"].str.contains("indicator P8").any()
