"""Problems as a list, on a terminal and in a sentence: the most harmful first, each with its place."""

import pandas as pd

from bwk_analysis.problems import MOST_OF_A_KIND, Problem, accounting_lines, frame, lines, place, summary


def at(cell, severity="error", sheet="s", file="f", problem="p"):
    return Problem(file, sheet, cell, "", severity, problem, "doe dit")


def test_problems_come_most_harmful_first_and_cells_in_natural_order():
    mixed = [at("B10"), at("AA5"), at("B5"), at("", "note"), at("A1", "warning"), at("", sheet=""), at(""), at("B5")]
    listed = frame(mixed)
    assert listed["cell"].tolist() == ["", "", "B5", "AA5", "B10", "A1", ""]
    assert listed["severity"].tolist() == ["error"] * 5 + ["warning", "note"]
    assert listed["sheet"].tolist()[0] == ""
    assert frame([at("B5"), at("", sheet="", file="z")])["file"].tolist() == ["z", "f"]


def test_of_each_kind_of_problem_the_first_places_are_listed_and_how_many_more_there_are():
    many = [at(f"A{row}") for row in range(1, MOST_OF_A_KIND + 4)]
    told = lines(frame([*many, at("", "note", problem="goed om te weten")]))
    assert told[:2] == ["FOUT: p", "  f, werkblad s, cel A1 - doe dit"]
    assert told[MOST_OF_A_KIND + 1].startswith("  en nog 3;")
    assert told[-2:] == ["OPMERKING: goed om te weten", "  f, werkblad s - doe dit"]
    assert lines(frame([])) == []


def test_a_place_names_only_what_there_is():
    assert place("a.xlsx", "uren", "B5", "uren") == "a.xlsx, werkblad uren, cel B5, kolom uren"
    assert place("", "", "", "") == ""


def test_a_summary_counts_every_severity_in_words():
    assert summary(frame([at("A1"), at("A2"), at("A3", "warning")])) == "2 fouten, 1 waarschuwing en 0 opmerkingen"


def test_what_became_of_the_rows_of_a_sheet_ends_in_the_sum():
    columns = ["rows_read", "rows_accepted", "rows_rejected", "rows_duplicate", "rows_outside_year"]
    rows = pd.DataFrame([["a", "x", 5, 2, 1, 1, 1], ["b", "y", 1, 1, 0, 0, 0]], columns=["file", "sheet", *columns])
    told = accounting_lines(rows)
    assert told[0].split() == [
        "bestand",
        "werkblad",
        "gelezen",
        "meegeteld",
        "afgekeurd",
        "dubbel",
        "buiten",
        "het",
        "jaar",
    ]
    assert told[-1].split() == ["Totaal", "6", "3", "1", "1", "1"]
    assert accounting_lines(rows.iloc[:0]) == ["Er zijn geen rijen gelezen."]
