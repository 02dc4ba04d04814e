"""Problems as a list, on a terminal and in a sentence: the most harmful first, each with its place."""

import pandas as pd
import pytest

from bwk_analysis.problems import (
    PLACES,
    SCREEN,
    Problem,
    accounting_lines,
    frame,
    lines,
    message,
    place,
    summary,
    verdict,
)


def at(cell, severity="error", sheet="s", file="f", problem="p"):
    return Problem(file, sheet, cell, "", severity, problem, "doe dit")


def test_problems_come_most_harmful_first_and_cells_in_natural_order():
    mixed = [at("B10"), at("AA5"), at("B5"), at("", "note"), at("A1", "warning"), at("", sheet=""), at(""), at("B5")]
    listed = frame(mixed)
    assert listed["cell"].tolist() == ["", "", "B5", "AA5", "B10", "A1", ""]
    assert listed["severity"].tolist() == ["error"] * 5 + ["warning", "note"]
    assert listed["sheet"].tolist()[0] == ""
    assert frame([at("B5"), at("", sheet="", file="z")])["file"].tolist() == ["z", "f"]


def test_a_kind_of_problem_is_told_once_with_how_often_and_its_first_places():
    many = [at(f"A{row}", file=f"kw{row % 2}.xlsx") for row in range(1, PLACES + 4)]
    told = lines(frame([*many, at("", "note", problem="goed om te weten")]))
    assert told[0] == "FOUT (6 keer in 2 bestanden): p"
    assert told[1] == "  kw0.xlsx, werkblad s, cel A2 - doe dit"
    assert told[2:] == ["OPMERKING: goed om te weten - f, werkblad s - doe dit"]
    assert len(lines(frame(many[:PLACES]))) == 1 + PLACES
    assert len([line for line in lines(frame(many), every=True) if line.startswith("  kw")]) == len(many)
    assert lines(frame([])) == []


def test_problems_that_differ_in_numbers_alone_are_of_one_kind_and_what_is_wrong_with_a_cell_is_a_kind_of_its_own():
    late = [message("outside_year", f"kw{n}.xlsx", "s", lines=f"{n} regels zijn", rows=f"{n}-9") for n in range(12)]
    told = lines(frame(late))
    assert [line.split(":")[0] for line in told] == ["OPMERKING (12 keer in 12 bestanden)"]
    wrong = [message("row_rejected", "f", "s", "A1", wrong=wrong, remedy="") for wrong in ("geen dag", "geen getal")]
    assert [line for line in lines(frame(wrong)) if line.startswith("FOUT")] == [
        "FOUT: geen dag; de regel telt niet mee", "FOUT: geen getal; de regel telt niet mee",
    ]  # fmt: skip


def test_what_is_wrong_fits_on_a_screen_and_the_errors_come_first():
    kinds = [at(f"A{row}", severity, problem=f"soort {row} {severity}")
             for row in range(1, 31) for severity in ("note", "warning", "error")]  # fmt: skip
    told = lines(frame(kinds))
    assert len(told) <= SCREEN
    assert told[0].startswith("FOUT")
    assert told[-1].startswith("En nog 7")
    assert lines(frame(kinds[:15]))[-1] == "OPMERKING: soort 5 note - f, werkblad s, cel A5"  # in short
    assert lines(frame(kinds[:12]))[-1] == "OPMERKING: soort 4 note - f, werkblad s, cel A4 - doe dit"


@pytest.mark.parametrize(
    ("severity", "ending"),
    [("error", "; herstel eerst f, werkblad s, cel B2: p."), ("warning", "; kijk eerst naar f, werkblad s, cel B2: p."),
     ("note", ".")],
)  # fmt: skip
def test_one_sentence_says_what_comes_out_and_what_to_mend_first(severity, ending):
    assert (
        verdict(frame([at("B2", severity), at("B9", severity)]), "Er komt een rapport")
        == f"Er komt een rapport{ending}"
    )


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
    assert [line.split()[0] for line in accounting_lines(rows, 1)] == ["bestand", "Totaal"]
    assert accounting_lines(rows.iloc[:0]) == ["Er zijn geen rijen gelezen."]
