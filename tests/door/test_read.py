"""Every row is accounted for, and the order, the number of files and a second delivery change no figure."""

import datetime as dt
import multiprocessing
import shutil
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workbooks import DAY, HOURS, LEDGER, VISIT, context, counts, line, read, said, sheet, visit, worked, write

from bwk_analysis.door.cells import ErrorCell, NoResult
from bwk_analysis.door.read import read_exports, stack
from bwk_analysis.door.rows import SOURCE
from bwk_analysis.door.schema import load_schema
from bwk_analysis.door.sheet import Context, FileContent, check_sheet
from bwk_analysis.measures import latest

REGISTER = ["Deelnemer", "Kamer", "Ingeschreven", "Uitgeschreven"]
JOBS = ["Datum", "Kamer", "Klus", "Afgerond"]


def named(person):
    return worked(person=person)


def stacked(*sheets, **changes):
    """Sheets of rows, each as (file, rows), checked and stacked without writing them to a file."""
    content, known = FileContent(), context(**changes)
    for file, rows in sheets:
        check_sheet(replace(sheet(rows), file=file), known, content)
    return stack(content.sheets, known.schema, content.problems)


def figures(found):
    """The accepted rows of each table without where they came from, in a fixed order."""
    frames = {}
    for name, rows in found.tables.items():
        plain = rows.drop(columns=SOURCE).astype(str)
        frames[name] = sorted(map(repr, plain.to_numpy().tolist()))
    return frames


# --- what becomes of a row --------------------------------------------------------------------------------------------


def test_each_row_is_accepted_rejected_outside_or_duplicate_and_the_first_that_holds_counts():
    rows = [VISIT, visit(), visit(), visit(room="elders"), visit(day=dt.date(2022, 12, 31)), visit(day=dt.date(2022,
                                                                                                               12, 31)),
            visit(room="elders", day=dt.date(2022, 1, 1)), visit(person=None), visit(person=None)]  # fmt: skip
    found = stacked(("a", rows))
    again = stacked(("a", rows), ("b", [VISIT, visit()]))
    assert counts(found) == [(8, 4, 2, 0, 2)]
    assert counts(again) == [(8, 4, 2, 0, 2), (1, 0, 0, 1, 0)]
    assert len(found.tables["deelnames"]) == 4
    assert len(found.outside_year["deelnames"]) == 2


@pytest.mark.parametrize(
    ("row", "severity", "place"),
    [(visit(room="elders"), "error", "B2 kamer"), (visit(day="31-02-2023"), "error", "A2 datum"),
     (visit(day=ErrorCell("#N/A")), "error", "A2 datum"), (visit(kind=NoResult()), "error", "D2 categorie"),
     (visit(room=None), "error", "B2 kamer"), (visit(kind="sport"), "warning", "D2 categorie"),
     (visit(what=ErrorCell("#REF!")), "warning", "E2 activiteit"), (visit(person=4.5), "warning", "C2 deelnemer")],
)  # fmt: skip
def test_a_bad_value_in_a_required_column_rejects_its_row_and_elsewhere_it_is_a_warning(row, severity, place):
    found = stacked(("a", [VISIT, row]))
    [problem] = said(found, severity)
    assert problem.startswith(place)
    assert counts(found) == [(1, 0, 1, 0, 0) if severity == "error" else (1, 1, 0, 0, 0)]


def test_an_unknown_word_stays_and_a_bad_value_in_an_optional_column_becomes_empty():
    rows = stacked(("a", [VISIT, visit(kind="Sport"), visit(what=ErrorCell("#N/A"))])).tables["deelnames"]
    assert rows["categorie"].tolist() == ["sport", "taal"]
    assert rows["activiteit"].isna().tolist() == [False, True]


def test_hours_that_no_day_has_reject_their_row():
    found = stacked(("a", [HOURS, worked(hours=25), worked(hours=-1), worked(hours="3:30")]))
    assert counts(found) == [(3, 1, 2, 0, 0)]
    assert found.tables["vrijwilligersuren"]["uren"].tolist() == [3.5]


def test_a_missing_required_column_rejects_every_row_with_one_problem():
    found = stacked(("a", [["Datum", "Kamer", "Vrijwilliger", "Uren"], worked()[:4], worked()[:4]]))
    assert counts(found) == []  # Blad1 is no table without it
    content = FileContent()
    rows = [["Datum", "Kamer", "Vrijwilliger", "Uren"], [DAY, "NO", "1", 2], [DAY, "NO", "2", 2]]
    check_sheet(sheet(rows, "uren"), context(), content)
    found = stack(content.sheets, load_schema(), content.problems)
    assert counts(found) == [(2, 0, 2, 0, 0)]
    assert said(found) == ["A1 groep de verplichte kolom groep ontbreekt; 2 regels tellen niet mee"]


def test_rows_left_out_are_listed_by_sheet_and_row_with_the_rule_that_decides():
    found = stacked(("a", [HOURS, *map(named, "123")]), ("b", [HOURS, *map(named, "41253")]))
    [note] = found.problems
    assert (note.file, note.cell, note.severity) == ("b", "A3", "note")
    assert note.problem == "3 regels zijn al eens aangeleverd: rij 3-4, 6"
    assert "een ander werkblad" in note.advice


# --- rows delivered twice ---------------------------------------------------------------------------------------------


def test_rows_equal_after_normalising_are_one_row_across_files_and_two_within_a_sheet():
    rows = [HOURS, worked(), worked(day="3-4-2023", room="noord", group=" TUIN ", hours="2,0")]
    assert counts(stacked(("a", rows), ("b", [HOURS, worked(hours="2:00")]))) == [(2, 2, 0, 0, 0), (1, 0, 0, 1, 0)]


@pytest.mark.parametrize("row", [visit(), visit(person=None)], ids=["of someone", "anonymous"])
def test_of_equal_rows_the_largest_number_found_in_one_sheet_stays(row):
    two, three = [VISIT, *[row] * 2], [VISIT, *[row] * 3]
    for sheets in ((("a", two), ("b", three)), (("a", three), ("b", two))):
        assert len(stacked(*sheets).tables["deelnames"]) == 3


def test_equal_rows_of_one_sheet_are_a_warning_that_names_each_set_of_them():
    rows = [HOURS, *map(named, "12313")]
    found = stacked(("a", rows), ("b", [HOURS, named("1")]))
    [warning] = [problem for problem in found.problems if problem.severity == "warning"]
    assert (warning.file, warning.cell) == ("a", "A2")
    assert warning.problem.startswith("4 regels zijn gelijk aan een andere regel van dit werkblad")
    assert warning.problem.endswith("rij 2, 5; 4, 6")


@pytest.mark.parametrize(("others", "usual"), [(5, True), (6, False)])
def test_equal_visits_of_nobody_are_named_too_and_where_many_are_equal_they_are_a_note(others, usual):
    nobody = [visit(person=None, what=each) for each in ("les", *map(str, range(others)), "les")]
    found = stacked(("a", [VISIT, visit(), visit(), *nobody])).problems
    told = [
        (problem.severity, problem.problem.partition(" ")[0], problem.problem.partition(": ")[2]) for problem in found
    ]
    note, rows = [("note", "2", "")] * usual, "" if usual else f"; 4, {others + 5}"
    assert told == [*note, ("warning", "2" if usual else "4", f"rij 2-3{rows}")]


def test_equal_rows_of_a_register_are_no_warning():
    found = stacked(("b", [REGISTER, *[["1", "NO", DAY, None]] * 2]))
    assert said(found, "warning") == []
    assert counts(found) == [(2, 1, 0, 1, 0)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_in_a_register_the_row_with_an_end_wins_and_among_jobs_the_finished_one(order):
    register = [["001", "NO", DAY, None], ["001", "Noord", DAY, dt.date(2023, 9, 1)]]
    jobs = [[DAY, "NO", "K1", "nee"], [dt.date(2023, 5, 1), "NO", "k1".upper(), "ja"]]
    found = stacked(*((f"{n}", [REGISTER, register[n]]) for n in order), *((f"k{n}", [JOBS, jobs[n]]) for n in order))
    assert found.tables["deelnemers"]["uitgeschreven"].tolist() == [pd.Timestamp(2023, 9, 1)]
    assert found.tables["klussen"]["afgerond"].tolist() == ["ja"]


def test_a_ledger_line_in_another_file_is_a_duplicate_and_twice_in_one_sheet_two_lines():
    twice = [LEDGER, line(debit=5), line(debit=5)]
    found = stacked(("a", twice), ("b", twice))
    assert counts(found) == [(2, 2, 0, 0, 0), (2, 0, 0, 2, 0)]
    assert found.tables["grootboek"]["bedrag"].tolist() == [5, 5]


INTERVIEW = ["Datum", "Kamer", "Deelnemer", "Thema", "Uitkomst"]


def told(outcome, person="1"):
    return [DAY, "NO", person, "overlast", outcome]


@pytest.mark.parametrize("again", [[told("minder")], [told("meer", "2"), told("gelijk", "3"), told("minder")]])
def test_where_the_lower_row_of_a_day_counts_another_delivery_of_one_of_them_does_not_change_which_is_lower(again):
    whole, part = [INTERVIEW, told("minder"), told("gelijk")], [INTERVIEW, *again]
    for sheets in ((("a", whole), ("b", part)), (("b", whole), ("a", part))):
        rows = stacked(*sheets).tables["interviews"]
        assert "minder" not in set(latest(rows, ["deelnemer", "thema"])["uitkomst"])


def test_of_two_files_that_differ_about_a_day_neither_the_names_nor_the_order_decide():
    one, other = [INTERVIEW, told("minder")], [INTERVIEW, told("gelijk")]
    for sheets in ((("a", one), ("b", other)), (("b", one), ("a", other))):
        assert latest(stacked(*sheets).tables["interviews"], ["deelnemer", "thema"])["uitkomst"].tolist() == ["gelijk"]


def test_counted_free_text_gets_one_spelling_whichever_came_first():
    rows = [worked(group="Tuin"), worked(person="2", group="tuin"), worked(person="3", group="TUÍN")]
    for order in (rows, rows[::-1]):
        assert set(stacked(("a", [HOURS, *order])).tables["vrijwilligersuren"]["groep"]) == {"TUÍN"}


days = st.sampled_from([DAY, dt.date(2023, 5, 1), dt.date(2022, 5, 1), "ooit", None])
rooms = st.sampled_from(["NO", "noord", "De Zuid", "elders", None])
people = st.sampled_from(["001", "1", "002", None])
visits = st.builds(
    visit, days, rooms, people, st.sampled_from(["taal", "Taalles", "sport", None]), st.sampled_from(["les", None])
)
hours = st.builds(
    worked, days, rooms, people, st.sampled_from(["tuin", "Tuin", None]), st.sampled_from([1, "1,0", 25, "x"])
)
jobs = st.builds(
    lambda *row: list(row), days, rooms, st.sampled_from(["K1", "K2"]), st.sampled_from(["ja", "nee", "?"])
)
ends = st.sampled_from([None, dt.date(2023, 6, 1), dt.date(2023, 7, 1)])
members = st.builds(lambda *row: list(row), people, rooms, days, ends)
TABLES = st.sampled_from([(VISIT, visits), (HOURS, hours), (JOBS, jobs), (REGISTER, members)])
sheets_of_rows = TABLES.flatmap(lambda table: st.tuples(st.just(table[0]), st.lists(table[1], max_size=12)))
quick = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def apart(header, rows):
    """Rows in two parts; of a table with days those of one day stay together, as equal rows are counted per sheet."""
    of_day = [len(str(row[0])) + str(row[0]).count("5") for row in rows]
    first = [nth if header is REGISTER else of_day[nth] for nth in range(len(rows))]
    return [[row for row, which in zip(rows, first, strict=True) if which % 2 == part] for part in (0, 1)]


@quick
@given(sheets_of_rows, st.randoms())
def test_rows_read_are_always_accepted_rejected_duplicate_or_outside_and_their_order_changes_no_figure(table, random):
    header, rows = table
    found = stacked(("a", [header, *rows]), ("b", [header, *rows[::2]]))
    account = found.accounting.set_index("file")
    parts = ["rows_accepted", "rows_rejected", "rows_duplicate", "rows_outside_year"]
    assert (account["rows_read"] == account[parts].sum(axis=1)).all()
    assert (account[parts] >= 0).all().all()
    assert account["rows_read"].sum() == sum(any(row) for row in rows) + sum(any(row) for row in rows[::2])
    assert account["rows_accepted"].sum() == sum(map(len, found.tables.values()))
    shuffled = random.sample(rows, len(rows))
    assert figures(stacked(("a", [header, *shuffled]), ("b", [header, *rows[::2]]))) == figures(found)


@quick
@given(sheets_of_rows)
def test_splitting_a_file_or_delivering_it_twice_changes_no_figure(table):
    header, rows = table
    once = figures(stacked(("a", [header, *rows])))
    one, two = apart(header, rows)
    assert figures(stacked(("a", [header, *one]), ("b", [header, *two]))) == once
    assert figures(stacked(("b", [header, *two]), ("a", [header, *one]))) == once
    assert figures(stacked(("a", [header, *rows]), ("b", [header, *rows]))) == once
    assert figures(stacked(("a", [header, *one]), ("b", [header, *two, *one]), ("c", [header, *rows]))) == once


talks = st.builds(
    lambda day, person, outcome: [day, "NO", person, "overlast", outcome],
    st.sampled_from([DAY, dt.date(2023, 5, 1)]),
    st.sampled_from(["1", "2"]),
    st.sampled_from(["minder", "gelijk", "meer"]),
)
in_projects = st.builds(
    lambda person, project: [*visit(person=person), project],
    st.sampled_from(["1", "2", None]),
    st.sampled_from(["koor", "Koor", "tuin", None]),
)
PROJECTS = load_schema((), (("deelnames", "project", "woord", ""),))


@quick
@given(st.lists(st.lists(talks, min_size=1, max_size=5), min_size=2, max_size=3), st.permutations("abc"))
def test_what_files_are_called_does_not_decide_which_of_a_days_interviews_counts(files, names):
    def counted(names):
        found = stacked(*((name, [INTERVIEW, *rows]) for name, rows in zip(names, files, strict=False)))
        last = latest(found.tables["interviews"], ["deelnemer", "thema"])
        return figures(found), sorted(zip(last["deelnemer"], last["datum"], last["uitkomst"], strict=True))

    assert counted(names) == counted("abc")


@quick
@given(st.lists(st.lists(in_projects, min_size=1, max_size=6), min_size=1, max_size=3), st.permutations("abcd"))
def test_with_an_own_column_too_names_and_second_deliveries_change_no_figure(files, names):
    header = [*VISIT, "project"]

    def counted(names, *more):
        given = [*([header, *rows] for rows in files), *more]
        return figures(stacked(*zip(names, given, strict=False), schema=PROJECTS))

    once = counted("abcd")
    assert counted(names) == once
    assert counted(names, [header, *files[0]]) == once
    assert counted(names, [VISIT, *(row[:-1] for row in files[-1])]) == once


def test_splitting_and_delivering_twice_change_no_figure_through_real_files_either(tmp_path):
    rows = [visit(person=f"{n:03d}", day=dt.date(2023, 1, 1 + n)) for n in range(28)]
    once = read(tmp_path, {"deelnames": [VISIT, *rows]})
    several = read(
        tmp_path, {"deelnames": [VISIT, *rows[:10]]}, {"Blad1": [VISIT, *rows[5:]]}, {"Bezoeken Q1": [VISIT, *rows]}
    )
    assert figures(once) == figures(several)
    assert counts(several) == [(10, 10, 0, 0, 0), (23, 18, 0, 5, 0), (28, 0, 0, 28, 0)]


# --- surveys ----------------------------------------------------------------------------------------------------------

FORMS = ["Id", "Voltooiingstijd", "E-mail", "Naam", "Buurtwerkkamer", "Ik ben trots", "Welk cijfer geeft u?"]


def test_a_wide_survey_is_read_as_answers(tmp_path):
    rows = [FORMS, [1, dt.datetime(2023, 3, 1, 12), "a@b.nl", "x", "Noord", "Helemaal mee eens", 8],
            [2, "1-3-2023 13:00", "c@d.nl", "y", None, "weet niet", "7,5"], [3, DAY, None, None, "NO", "soms",
                                                                             11]]  # fmt: skip
    found = read(tmp_path, {"Sheet1": rows})
    assert counts(found) == [(3, 3, 0, 0, 0)]
    answers = found.tables["enquete"]
    assert answers[["vraag", "antwoord"]].to_numpy().tolist() == [["trots", 5.0], ["cijfer", 8.0], ["cijfer", 7.5]]
    assert answers["kamer"].isna().tolist() == [False, False, True]
    assert said(found, "warning") == [
        "F4 trots het antwoord staat niet op de schaal; het telt niet als antwoord",
        "G4 cijfer het antwoord staat niet op de schaal; het telt niet als antwoord",
    ]


def test_respondents_of_two_files_are_two_people_unless_the_whole_row_is_equal(tmp_path):
    first, other = [1, DAY, None, None, "NO", "eens", 8], [1, DAY, None, None, "NO", "eens", 9]
    found = read(tmp_path, {"Sheet1": [FORMS, first]}, {"Sheet1": [FORMS, first, other]})
    assert counts(found) == [(1, 1, 0, 0, 0), (2, 1, 0, 1, 0)]
    assert found.tables["enquete"]["respondent"].nunique() == 2


def test_respondents_who_are_equal_in_the_whole_row_are_one_within_a_sheet_too(tmp_path):
    rows = [FORMS[1:], *[[DAY, None, None, "NO", "eens", 8]] * 2, [DAY, None, None, "NO", "eens", 9]]
    found = read(tmp_path, {"Sheet1": rows}, {"antwoorden": rows})
    assert found.tables["enquete"]["respondent"].nunique() == 2
    assert counts(found) == [(3, 2, 0, 1, 0), (3, 0, 0, 3, 0)]


def test_a_wide_survey_without_a_day_is_one_problem(tmp_path):
    found = read(tmp_path, {"Sheet1": [["Id", "Ik ben trots"], [1, 5], [2, 4]]})
    assert counts(found) == [(2, 0, 2, 0, 0)]
    assert len(said(found, "error")) == 1


def test_a_long_survey_takes_questions_by_code_or_text_and_warns_of_others():
    header = ["Datum", "Kamer", "Respondent", "Vraag", "Antwoord"]
    rows = [header, [DAY, "NO", 1, "Trots", "mee eens"], [DAY, None, 1, "welk cijfer geeft u?", 7], [DAY, "NO", 1,
                                                                                                     "Anders?", 5],
            [DAY, "NO", 2, "trots", "weet niet"], [DAY, "NO", 3, "trots", 6]]  # fmt: skip
    found = stacked(("a", rows))
    assert counts(found) == [(5, 5, 0, 0, 0)]
    assert found.tables["enquete"]["antwoord"].dropna().tolist() == [4.0, 7.0]
    assert said(found, "warning") == [
        "E6 antwoord het antwoord staat niet op de schaal; het telt niet als antwoord",
        "D4 vraag de vraag staat niet in het werkblad vragen; het antwoord telt niet mee",
    ]


# --- files ------------------------------------------------------------------------------------------------------------


def test_two_files_with_the_same_content_are_read_once_and_a_refused_file_stops_nothing(tmp_path):
    good = write(tmp_path / "b.xlsx", {"deelnames": [VISIT, visit()]})
    shutil.copy(good, tmp_path / "c.xlsx")
    (tmp_path / "a.xlsx").write_bytes(b"")
    (tmp_path / "~$b.xlsx").write_bytes(b"x")
    found = read_exports(tmp_path.iterdir(), context())
    assert counts(found) == [(1, 1, 0, 0, 0)]
    problems = {p.file: p for p in found.problems}
    assert {file: p.severity for file, p in problems.items()} == {"a.xlsx": "error", "c.xlsx": "warning"}
    assert "dezelfde inhoud als b.xlsx" in problems["c.xlsx"].problem


def test_no_process_is_left_behind_also_when_reading_is_stopped(tmp_path):
    def stop(files):
        yield next(iter(files))
        raise KeyboardInterrupt

    before = set(multiprocessing.active_children())
    files = [write(tmp_path / f"{name}.xlsx", {"deelnames": [VISIT, visit(person=name)]}) for name in "abcd"]
    with pytest.raises(KeyboardInterrupt):
        read_exports(files, context(), progress=stop)
    assert len(read_exports(files, context()).tables["deelnames"]) == 4
    assert set(multiprocessing.active_children()) == before


def test_a_file_that_is_gone_is_a_problem(tmp_path):
    [problem] = read_exports([tmp_path / "weg.xlsx"], context()).problems
    assert (problem.file, problem.severity) == ("weg.xlsx", "error")


def test_one_file_can_be_checked_without_an_agreement(tmp_path):
    path = write(
        tmp_path / "a.xlsx", {"deelnames": [VISIT, visit(room="Waar dan ook", day=dt.date(1999, 1, 1)), visit(day="?")]}
    )
    found = read_exports([path], Context(b"k" * 32))
    assert counts(found) == [(2, 1, 1, 0, 0)]
    assert found.tables["deelnames"]["kamer"].tolist() == ["Waar dan ook"]


AUDITFILE = """<?xml version="1.0" encoding="utf-8"?>
<auditfile xmlns="http://www.auditfiles.nl/XAF/3.2"><company><transactions><linesCount>2</linesCount>
<totalDebit>10.00</totalDebit><totalCredit>10.00</totalCredit><journal><jrnID>INK</jrnID><transaction><nr>1</nr>
<trDt>2023-04-03</trDt>
<trLine><nr>1</nr><accID>4000</accID><effDate>2023-04-03</effDate><desc>x</desc><amnt>10.00</amnt><amntTp>D</amntTp>
<costID>NO</costID><projID>fonds</projID></trLine>
<trLine><nr>2</nr><accID>1000</accID><effDate>2023-04-03</effDate><desc>x</desc><amnt>10.00</amnt><amntTp>C</amntTp></trLine>
</transaction></journal></transactions></company></auditfile>"""


def test_an_audit_file_is_a_ledger_in_which_cost_is_the_room_and_a_project_is_an_own_column_or_not_read(tmp_path):
    (tmp_path / "a.xaf").write_text(AUDITFILE, encoding="utf-8")
    found = read_exports([tmp_path / "a.xaf"], context())
    ledger = found.tables["grootboek"]
    assert ledger["bedrag"].tolist() == [10, -10]
    assert ledger["kostenplaats"].tolist()[0] == "NO"
    assert "project" not in ledger
    assert said(found) == ["F1 1 kolom is niet gelezen: F1 (Project)"]
    assert counts(found) == [(2, 2, 0, 0, 0)]
    own = read_exports([tmp_path / "a.xaf"], context(schema=load_schema((), (("grootboek", "project", "woord", ""),))))
    assert own.tables["grootboek"]["project"].tolist()[0] == "fonds"
    assert said(own) == []


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ([dt.date(1980, 1, 1)] * 2, "warning: geen enkele regel is van het jaar van de afspraak: alle dagen zijn van 1980"),
        ([dt.date(2022, 5, 1), "geen dag"], "warning: geen enkele regel van dit werkblad telt mee: 1 afgekeurd, 1 buiten het jaar"),
        ([dt.date(2022, 5, 1), DAY], "note: 1 regel is niet in het jaar van de afspraak: rij 2"),
    ],
)  # fmt: skip
def test_a_sheet_of_which_no_row_is_of_the_year_is_a_warning_and_one_row_a_note(days, told, tmp_path):
    found = read(tmp_path, {"deelnames": [VISIT, *(visit(day) for day in days)]}).problems
    assert told in {f"{problem.severity}: {problem.problem}" for problem in found}
    assert (
        len([problem for problem in found if "jaar" in problem.problem or "telt mee" in problem.problem]) == 1
        or len(days) == 2
    )


def test_a_row_that_ends_before_it_begins_is_a_warning_with_its_cell(tmp_path):
    head = ["deelnemer", "kamer", "ingeschreven", "uitgeschreven", "lid_sinds", "lid_tot"]
    first, last = dt.date(2023, 3, 1), dt.date(2023, 2, 1)
    rows = [
        ["01", "NO", first, last, None, None],
        ["02", "NO", last, first, first, last],
        ["03", "NO", first, first, first, None],
    ]
    found = read(tmp_path, {"deelnemers": [head, *rows]})
    assert [(p.cell, p.column, p.severity) for p in found.problems] == [
        ("D2", "uitgeschreven", "warning"),
        ("F3", "lid_tot", "warning"),
    ]
    keys = {"sleutelbeheer": [["kamer", "vrijwilliger", "vanaf", "tot"], ["NO", "9", first, last]]}
    assert [p.cell for p in read(tmp_path, keys).problems] == ["D2"]


def test_hours_written_in_several_ways_are_the_same_hours(tmp_path):
    spellings = ["1:13", "01:13:00", dt.time(1, 13), dt.timedelta(hours=1, minutes=13)]
    found = read(
        tmp_path, *({"vrijwilligersuren": [HOURS, worked(hours=each)]} for each in [*spellings, "1:30", "1,5", 1.5])
    )
    assert found.tables["vrijwilligersuren"]["uren"].tolist() == [pytest.approx(73 / 60), 1.5]


def test_a_table_that_is_passed_over_for_a_column_is_an_error(tmp_path):
    [problem] = read(tmp_path, {"Blad1": [["Datum", "Kamer", "Vrijwilliger", "Uren"], [DAY, "NO", "1", 2]]}).problems
    assert (problem.severity, "lijkt op de tabel vrijwilligersuren" in problem.problem) == ("error", True)
