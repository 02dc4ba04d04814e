"""What in the agreement of 2021 does not add up, and nothing that does."""

from dataclasses import replace

import pandas as pd
import pytest
from registered import SCHEMA, agreement, example, with_targets
from workbooks import DAY, LEDGER, VISIT, line, visit, write

from bwk_analysis import agreement_check, dataset, measures
from bwk_analysis.agreement import Target

TOTAL = "Totaal"


def printed(*rows):
    """Differences of printed totals: a row is table, item, room, printed, decimals, percentage."""
    columns = ["table", "item", "room", "printed", "decimals", "percentage"]
    place = {"file": "afspraak.xlsx", "sheet": "gedrukte_totalen", "row": 4, "column": "bedrag", "cell": "D4"}
    frame = pd.DataFrame(rows, columns=columns).assign(**place)[agreement().printed.columns]
    return agreement_check.printed_totals(replace(agreement("AB"), printed=frame))


def test_exactly_three_printed_totals_of_2021_are_wrong():
    totals, problems = agreement_check.printed_totals(example())
    wrong = totals[totals["difference"] != 0]
    assert {(row.table, row.item, row.room, row.printed, row.computed) for row in wrong.itertuples()} == {
        ("begroting", "A", "MB", 52532, 53532),
        ("financiering", TOTAL, "DH", 126000, 128500),
        ("financiering", TOTAL, TOTAL, 409301, 411801),
    }
    assert len(totals) > 60
    assert [(note.severity, note.sheet, note.cell, note.column) for note in problems] == [
        ("note", "gedrukte_totalen", cell, "bedrag") for cell in ("D3", "D48", "D49")
    ]


def test_what_cannot_all_be_true_in_2021():
    found, _ = measures.measures(example(), SCHEMA)
    rows = agreement_check.observations(example(), found)
    seen = [(row.subject, row.room, round(row.value, 2), round(row.beside, 2)) for row in rows.itertuples()]
    assert seen == [
        ("financiering min begroting", "CJM", -68, 0),
        ("euro per vrijwilligersuur", "CJM", 12.24, 12.47),
        ("euro per vrijwilligersuur", "MB", 12.63, 12.47),
        ("euro per vrijwilligersuur", "DH", 12.63, 12.47),
        ("streefwaarde P8", "CJM", 785, 500),
        ("streefwaarde P8", "MB", 765, 500),
        ("streefwaarde P8", "DH", 755, 400),
        ("streefwaarde O2", "CJM", 10000, 10500),
        ("streefwaarde O2", "MB", 7500, 8000),
        ("streefwaarde O2", "DH", 7500, 8000),
    ]
    notes = agreement_check.notes(example(), found)
    assert {note.severity for note in notes} == {"note"}
    assert "streefwaarde O2, CJM: " in notes[-3].problem
    assert notes[1].problem.endswith("(12,24 tegenover 12,47)")


def subjects(agreed):
    found, _ = measures.measures(agreed, SCHEMA)
    return [
        (row.subject, row.room, row.value, row.beside)
        for row in agreement_check.observations(agreed, found).itertuples()
    ]


@pytest.mark.parametrize(("hours", "seen"), [(50.0, []), (100.0, [("streefwaarde O2", "A", 200, 100)]), (None, [])])
def test_a_target_of_volunteers_is_held_against_the_hours_agreed_for_one_of_them(hours, seen):
    agreed = with_targets(agreement("AB", hours_per_volunteer=hours), ("O2", "A", Target(">", 2.0)))
    assert subjects(agreed) == seen


@pytest.mark.parametrize(
    ("code", "whole", "seen"),
    [
        ("P1", 8.0, []),  # different people, who may come to both rooms
        ("P1", 9.0, []),
        ("P1", 10.0, [("streefwaarde P1", TOTAL, 10, 9)]),
        ("P2", 9.0, []),
        ("P2", 8.0, [("streefwaarde P2", TOTAL, 8, 9)]),
        ("P2", 10.0, [("streefwaarde P2", TOTAL, 10, 9)]),
    ],
)
def test_a_target_of_the_whole_is_held_against_the_sum_of_the_rooms(code, whole, seen):
    targets = {"A": 4.0, "B": 5.0, TOTAL: whole}
    agreed = with_targets(agreement("AB"), *((code, room, Target(">=", value)) for room, value in targets.items()))
    assert subjects(agreed) == seen


def test_an_agreement_that_adds_up_has_nothing_to_observe():
    agreed = agreement("AB")
    codes = [("P8", 100.0), ("P4", 60.0), ("P6", 40.0)]
    agreed = with_targets(agreed, *((code, room, Target(">=", value)) for code, value in codes for room in "AB"))
    found, _ = measures.measures(agreed, SCHEMA)
    assert agreement_check.observations(agreed, found).empty


def test_a_shortage_is_said_only_where_a_positive_balance_was_promised():
    agreed = agreement("AB")
    agreed = replace(agreed, funding=agreed.funding.assign(euro=agreed.funding["euro"] - 100))
    found, _ = measures.measures(agreed, SCHEMA)
    for rooms in (["A"], ["A", "B"], []):
        promised = with_targets(agreed, *(("N1", room, Target("=", "Positief")) for room in rooms))
        short = agreement_check.observations(promised, found).query("unit == 'euro'")
        assert short["room"].tolist() == rooms
        assert (short["value"] == -100).all()


@pytest.mark.parametrize(
    ("row", "difference"),
    [
        (("begroting", "A1", "A", 1000.0, 0, False), 0),
        (("begroting", "A+C", "A", 1500.0, 0, False), 0),
        (("begroting", TOTAL, TOTAL, 3001.0, 0, False), 1),
        (("financiering", "gemeente", "B", 900.0, 0, False), 0),
        (("financiering", "Stad / euro", "A", 0.56, 0, True), 0),  # 900 / 1600 = 56,25%
        (("financiering", "Stad / euro", "A", 0.563, 1, True), 0),  # 56,25% half up is 56,3%
        (("financiering", "Stad / euro", "A", 0.562, 1, True), -0.001),
        (("vrijwilligersinzet", "uren", TOTAL, 200.0, 0, False), 0),
        (("vrijwilligersinzet", "euro", "A", 1200.0, 0, False), -50),
    ],
)
def test_a_printed_total_is_held_against_its_lines(row, difference):
    totals, problems = printed(row)
    assert len(problems) == (difference != 0)
    assert totals["difference"].tolist() == [pytest.approx(difference)]


def test_a_printed_total_of_nothing_that_was_agreed_is_a_problem_with_its_place():
    totals, problems = printed(("begroting", "Z", "A", 1.0, 0, False))
    assert totals.empty
    assert [(problem.cell, problem.severity, problem.column) for problem in problems] == [("D4", "warning", "bedrag")]


@pytest.mark.parametrize(
    "total", [("Begroting", "TOTAAL", "A", 1500.0, 0, False), ("BEGROTING", "a1", "A", 1000.0, 0, False)]
)
def test_a_printed_total_may_be_written_in_capitals(total):
    totals, problems = printed(total)
    assert problems == []
    assert len(totals) == 1


@pytest.mark.parametrize(
    ("earmarks", "expected"),
    [
        ([("NO", 1000.0)], []), ([("NO", 600.0), ("NO", 400.01)], [("A3", "€ 0,01", "(NO)")]),
        ([("ZU", 501.0)], [("A2", "€ 501,00", "(ZU)")]), ([(None, 1000.5)], [("A2", "€ 0,50", "(alle kamers)")]),
        ([("NO", 700.0), (None, 400.0)], [("A3", "€ 100,00", "(alle kamers)")]),
    ],
)  # fmt: skip
def test_earmarks_of_a_funder_are_not_more_than_it_agreed(earmarks, expected):
    agreed = agreement("NO", "ZU")
    place = {"file": "afspraak.xlsx", "sheet": "oormerken", "funder": "Fonds", "purpose": "leren"}
    marks = [{"room": room, "euro": euro, "row": row} | place for row, (room, euro) in enumerate(earmarks, 2)]
    given = pd.DataFrame([{"funder": "Fonds", "room": "NO", "euro": 1000.0}])
    found = agreement_check.beyond_funding(replace(agreed, earmarks=pd.DataFrame(marks), funding=given))
    assert [(one.cell, one.problem[one.problem.index("€") :][: len(over)], one.problem[-len(room) :])
            for one, (_, over, room) in zip(found, expected, strict=True)] == expected  # fmt: skip


def opened(folder, visits, agreed=None, **sheets):
    """A dataset of 2023 with visits; De Noord opens on 3 April and De Zuid closes at the end of June."""
    kamers = [["kamer", "naam", "vanaf", "tot"], ["NO", "Noord", DAY, None], ["ZU", "Zuid", None, "30-6-2023"]]
    indicatoren = [
        ["code", "niveau", "indicator", "toelichting", "tabel", "maat", "veld", "tijd"],
        ["P1", "proces", "Deelnemers", "wie kwam", "deelnames", "uniek", "deelnemer", "datum"],
    ]
    settings = [["sleutel", "waarde"], ["jaar", 2023]]
    write(
        folder / "afspraak.xlsx",
        {"kamers": kamers, "indicatoren": indicatoren, "instellingen": settings, **(agreed or {})},
    )
    write(folder / "bezoek.xlsx", {"deelnames": [VISIT, *visits], **sheets})
    return dataset.read(folder)


def test_rows_of_a_room_that_is_not_open_are_named_with_their_number_and_costs_are_not(tmp_path):
    early = [visit(), visit("2-4-2023"), visit("1-2-2023", person="2")]
    late = [visit("30-6-2023", "ZU"), visit("1-7-2023", "ZU")]
    data = opened(tmp_path, early + late, grootboek=[LEDGER, ["1-2-2023", *line(debit=5)[1:]]])
    assert [(one.cell, one.problem.partition(" van voor")[0]) for one in agreement_check.while_closed(data)] == [
        ("A3", "2 regels van kamer NO"), ("A6", "1 regel van kamer ZU"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("quarter", "months", "missing"),
    [
        ("2023Q3", (2, 5), True),
        ("2023Q3", (2, 5, 9), False),
        ("2023Q3", (5,), False),
        ("2023Q1", (5,), False),
        ("2023-08", (2, 5, 9), True),
    ],
)
def test_a_table_that_had_rows_in_every_quarter_but_this_one_is_named(quarter, months, missing, tmp_path):
    data = opened(tmp_path, [visit(f"12-{month}-2023", "NO") for month in months])
    period = data.quarter(quarter)
    assert agreement_check.silent(data, period) == (["deelnames"] if missing else [])
    assert ("in elk eerder kwartaal" in " ".join(agreement_check.problems(data, period)["problem"])) == missing


@pytest.mark.parametrize(
    ("survey", "expected"),
    [
        ({}, []),
        ({"enquete": [["Datum", "Kamer", "Ik ben trots"], [DAY, "NO", 4]]}, ["geen enkel antwoord op: cijfer"]),
        ({"enquete": [["Datum", "Kamer", "Ik ben trots", "Welk cijfer?"], [DAY, "NO", None, 8]]}, ["geen enkel antwoord op: trots"]),
    ],
)  # fmt: skip
def test_a_question_that_nobody_answered_is_named_where_there_is_a_survey(survey, expected, tmp_path):
    asked = [["vraag", "tekst", "schaal"], ["trots", "Ik ben trots", "eens5"], ["cijfer", "Welk cijfer?", "cijfer10"]]
    write(tmp_path / "vragen.xlsx", survey) if survey else None
    data = opened(tmp_path, [visit()], {"vragen": asked})
    assert [one.problem for one in agreement_check.unanswered(data)] == expected
