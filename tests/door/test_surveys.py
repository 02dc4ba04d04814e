"""Surveys as the programs of forms export them: which day, person, room and question a column is; and crosstabs."""

import datetime as dt

import pytest
from workbooks import DAY, counts, read, said, table_of

from bwk_analysis.door.surveys import Question, answer

NOON = dt.datetime(2023, 4, 3, 12)
LAST_YEAR = dt.date(2022, 1, 1)


def answers(found):
    """question, room, answer of each that counts."""
    rows = found.tables["enquete"]
    return [tuple(row) for row in rows[["vraag", "kamer", "antwoord"]].astype(object).to_numpy().tolist()]


@pytest.mark.parametrize(
    "header",
    [["Id", "Start time", "Completion time", "Email", "Name", "Kamer", "Ik ben trots"],
     ["Id", "Begintijd", "Tijd van voltooien", "E-mail", "Naam", "Kamer", "Ik ben trots"],
     ["Respondent ID", "Start Date", "End Date", "Email Address", "First Name", "Kamer", "Ik ben trots"]],
)  # fmt: skip
def test_each_program_has_its_own_words_for_number_and_day(header, tmp_path):
    rows = [header, [1, LAST_YEAR, NOON, None, None, "NO;", "eens;"], [2, LAST_YEAR, NOON, None, None, "ZU", "5;"]]
    assert answers(read(tmp_path, {"Sheet1": rows})) == [("trots", "NO", 4.0), ("trots", "ZU", 5.0)]


def test_the_day_and_number_of_the_program_go_before_questions_that_are_called_so(tmp_path):
    header = ["Datum", "Respondent", "Id", "Voltooiingstijd", "Kamer", "Ik ben trots"]
    found = read(
        tmp_path, {"Form1": [header, [LAST_YEAR, "partner", 1, NOON, "NO", 3], [None, "partner", 2, NOON, "NO", 4]]}
    )
    assert (counts(found), found.tables["enquete"]["respondent"].nunique()) == ([(2, 2, 0, 0, 0)], 2)
    assert said(found) == []


@pytest.mark.parametrize(
    "asked",
    ["3. Ik ben trots", "Q3: Ik ben trots?", "Vraag 3) Ik ben trots", "G01Q02. Ik ben trots", "Stellingen [Ik ben trots]",
     "Ik ben trots2", "Ik ben trots (2)", "ik  ben\u00a0trots *"],
)  # fmt: skip
def test_a_question_may_be_numbered(asked, tmp_path):
    assert answers(read(tmp_path, {"Form1": [["Id", "Voltooiingstijd", "2. Kamer", asked], [1, NOON, "NO", 5]]})) == [
        ("trots", "NO", 5.0)
    ]


@pytest.mark.parametrize("again", ["Ik ben trots2", "Ik ben trots"])
def test_of_a_question_and_a_room_in_two_branches_the_filled_one_counts(again, tmp_path):
    header = ["Id", "Voltooiingstijd", "Kamer", "Ik ben trots", "Kamer2", again]
    rows = [
        [1, NOON, "NO", 5, None, None],
        [2, NOON, None, None, "ZU", 2],
        [3, NOON, "NO", 3, None, 4],
        [4, NOON, None, None, "ZU", 9],
    ]
    found = read(tmp_path, {"Form1": [header, *rows]})
    assert answers(found) == [("trots", "NO", 5.0), ("trots", "ZU", 2.0), ("trots", "NO", 3.0)]
    assert [text.split()[0] for text in said(found, "warning")] == ["F5", "F4"]  # off the scale; two answers


def test_a_room_goes_before_another_column_that_may_be_one_and_a_question_before_one_with_a_number(tmp_path):
    header = ["Id", "Voltooiingstijd", "Locatie", "Kamer", "Cijfer", "Cijfer 2"]
    asked = (Question("een", "Cijfer", "cijfer10"), Question("twee", "Cijfer 2", "cijfer10"))
    found = read(
        tmp_path,
        {"Form1": [header, [1, NOON, "De Zuid", "NO", 5, 6], [2, NOON, "De Zuid", None, None, 7]]},
        questions=asked,
    )
    assert [answer[:3] for answer in answers(found)[:2]] == [("een", "NO", 5.0), ("twee", "NO", 6.0)]
    assert str(answers(found)[2][1]) == "nan"


def test_a_second_header_that_says_response_is_no_respondent(tmp_path):
    header = ["Respondent ID", "End Date", "Kamer", "Ik ben trots", "Welk cijfer geeft u?"]
    below = [None, None, "Response", "Response", "Open-Ended Response"]
    found = read(tmp_path, {"Sheet": [header, below, [11, NOON, "NO", 5, 8]]})
    assert counts(found) == [(1, 1, 0, 0, 0)]
    grid = ["Respondent ID", "End Date", "Kamer", "Wat vindt u?", None]
    below = [None, None, "Response", "Ik ben trots", "Welk cijfer geeft u?"]
    assert len(answers(read(tmp_path, {"Sheet": [grid, below, [11, NOON, "NO", 5, 8]]}))) == 2


def test_a_question_without_a_column_is_a_warning_with_the_nearest(tmp_path):
    header = ["Id", "Voltooiingstijd", "Kamer", "Ik ben best trots", "Welk cijfer geeft u?"]
    found = read(tmp_path, {"Form1": [header, [1, NOON, "NO", 5, 8]]})
    assert said(found, "warning") == ["D1 trots geen kolom heeft de tekst van de vraag trots"]
    found = read(tmp_path, {"Form1": [header[:4], [1, NOON, "NO", 5]]})
    [error] = said(found, "error")
    assert "lijkt op een enquête" in error
    assert "cel D1" in found.problems[0].advice


def test_a_survey_without_rooms_names_the_column_that_has_them(tmp_path):
    header = ["Id", "Voltooiingstijd", "Waar komt u het meest?", "Ik ben trots"]
    found = read(tmp_path, {"Form1": [header, [1, NOON, "Noord", 5], [2, NOON, "De Zuid;", 5]]})
    [warning] = said(found, "warning")
    assert warning.startswith("C1 kamer")


def test_a_form_with_other_questions_is_told_what_makes_it_a_survey():
    problem = table_of([["Id", "Submitdate", "Locatie", "V1"], [1, NOON, "NO", 5]])
    assert (problem.severity, "tekst van een vraag" in problem.problem) == ("error", True)


def test_days_that_a_program_did_not_keep_are_said(tmp_path):
    rows = [["Id", "Datum verzonden", "Kamer", "Ik ben trots"], *[[n, "1980-01-01 00:00:00", "NO", n] for n in (1, 2)]]
    assert any("1-1-1980" in text for text in said(read(tmp_path, {"Form1": rows}), "warning"))


def test_one_choice_is_an_answer_and_two_are_none():
    assert (answer("7;", "cijfer10"), answer("mee eens;", "eens5")) == (7.0, 4.0)
    assert "schaal" in answer("7;8;", "cijfer10").problem


# --- persons without a column, and crosstabs ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cells", "hint"),
    [("Pas", ["0417", "0418"], True), ("Naam", ["B. Proef", "C. Proef"], False), ("Weer", ["zon", "regen"], None)],
)
def test_visits_of_nobody_are_said_where_a_column_may_be_the_persons(header, cells, hint, tmp_path):
    rows = [["Datum", "Kamer", "Categorie", header], *([DAY, "NO", "taal", cell] for cell in cells)]
    found = read(tmp_path, {"deelnames": rows})
    warnings = [p for p in found.problems if p.severity == "warning"]
    assert [(p.cell, "cel D1" in p.advice) for p in warnings] == ([] if hint is None else [("D1", hint)])


@pytest.mark.parametrize(
    ("rows", "severity", "what"),
    [([["Nr", DAY, dt.date(2023, 4, 10)], ["0417", "x", None]], "error", "dagen"),
     ([["Nr", "3-4-2023", "10-4-2023"], ["0417", "x", None]], "error", "dagen"),
     ([["Kamer", "Deelnemer", "3-4-2023", "10-4-2023"], ["NO", "0417", "x", None]], "error", "dagen"),
     ([["Wie", "ma 3-4", "di 4-4"], ["0417", "x", None]], "error", "dagen"), ([["Wie", "3 mei", "10 mei"], ["0417", "x"]], "error", "dagen"),
     ([["Nr", *range(1, 32)], ["0417", "x"]], "error", "dagen"), ([["", "jan", "feb", "mrt"], ["NO", 1, 2, 3]], "warning", "maanden"),
     ([["", "Noord", "De Zuid"], ["taal", 1, 2]], "warning", "kamers"), ([["", "taal", "werk"], ["mei", 1, 2]], "warning", "woorden"),
     ([["Van", DAY, "tot", dt.date(2023, 4, 10)], ["tekst"]], "note", "niet herkend")],
)  # fmt: skip
def test_what_stands_beside_each_other_is_said_and_not_read(rows, severity, what):
    problem = table_of(rows)
    assert problem.severity == severity
    assert what in problem.problem


def test_a_sheet_that_is_called_as_a_table_and_is_a_crosstab_is_an_error():
    problem = table_of([["Vrijwilliger", "januari", "februari", "maart"], ["001", 3, 4, 5]], "uren")
    assert (problem.severity, "naast elkaar" in problem.problem) == ("error", True)


def test_a_list_with_two_days_in_every_row_is_no_crosstab():
    assert table_of([["Wie", "Van", "Tot"], *[["x", DAY, dt.date(2023, 4, 10)]] * 2]).severity == "note"
