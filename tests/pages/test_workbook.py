"""`scorebord.xlsx`, read back: what a funder finds in it, and what data cannot make of it."""

import itertools
import re
import zipfile
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest

from bwk_analysis import publication
from bwk_analysis.pages.workbook import write_scorecard
from bwk_analysis.privacy import BOARD, PUBLIC

SHEETS = ["Scorebord", "Definities", "Geld", "Leeswijzer"]
NASTY = [
    "=1+1",
    "<script>alert(1)</script>",
    "http://kwaad.example",
    "+31 =cmd|' /C calc'!A0",
    "@SUM(A1)",
    "12",
    "x" * 300,
]


@pytest.fixture
def written(tmp_path):
    """Write a publication's workbook and read it back."""

    def write(p):
        write_scorecard(p, tmp_path / "scorebord.xlsx")
        return openpyxl.load_workbook(tmp_path / "scorebord.xlsx")

    return write


@pytest.fixture(scope="module")
def book(editions, tmp_path_factory):
    """The board's workbook, read back."""
    path = tmp_path_factory.mktemp("board") / "scorebord.xlsx"
    write_scorecard(editions[BOARD], path)
    return openpyxl.load_workbook(path)


def table(sheet) -> list[dict]:
    """The rows below the header, by heading; the header is the row of the filter."""
    rows = list(sheet[sheet.auto_filter.ref])
    heads = [cell.value for cell in rows[0]]
    return [dict(zip(heads, row, strict=True)) for row in rows[1:]]


def cells(book) -> list:
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def line(book, room: str, code: str) -> dict:
    rows = table(book["Scorebord"])
    return next(row for row in rows if (row["Kamer"].value, row["Code"].value) == (room, code))


def test_there_are_four_sheets_and_each_says_first_that_the_data_are_fictional(book):
    assert book.sheetnames == SHEETS
    assert all("verzonnen" in sheet["A2"].value for sheet in book)


def test_real_data_are_not_called_fictional(board, written):
    real = replace(board.agreement, settings=replace(board.agreement.settings, fictional=False))
    assert not any("verzonnen" in str(cell.value) for cell in cells(written(replace(board, agreement=real))))


def test_there_is_a_row_per_indicator_and_room(board, book):
    rows = [(row["Kamer"].value, row["Code"].value) for row in table(book["Scorebord"])]
    assert rows == list(zip(board.scorecard["room"], board.scorecard["indicator"], strict=True))


def test_figures_are_figures_with_a_format(book):
    share, count = (line(book, "De Luwte", code) for code in ("I1", "P8"))
    assert (share["Gerealiseerd"].value, share["Gerealiseerd"].number_format) == (0.5, "#,##0%")
    assert (share["Streefwaarde"].value, share["Streefwaarde"].number_format) == (0.5, '"> "#,##0%')
    assert (share["n"].value, share["Onzeker"].value, share["Status"].value) == (4, "ja", "nabij")
    assert (count["Gerealiseerd"].value, count["Gerealiseerd"].data_type) == (6, "n")
    assert count["Tussendoel"].value == pytest.approx(5.983562)


def test_a_target_op_keeps_both_numbers(book):
    row = line(book, "De Luwte", "O5")
    assert [row[name].value for name in ("Gerealiseerd", "Van", "Streefwaarde", "Streefwaarde van")] == [2, 3, 2, 4]


def test_a_verdict_is_a_word_and_no_data_is_an_empty_cell(book):
    assert line(book, "Het Haventje", "N1")["Gerealiseerd"].value == "Negatief"
    nothing = line(book, "Het Haventje", "O10")
    assert (nothing["Gerealiseerd"].value, nothing["Status"].value) == (None, "geen gegevens")
    share = line(book, "Het Haventje", "I3")
    assert (share["Streefwaarde"].value, share["Streefwaarde"].number_format) == (0.02, '"> "#,##0%')


def test_figures_do_not_contradict_their_status(board, written):
    row = board.scorecard["indicator"].eq("P8") & board.scorecard["room"].eq("De Luwte")
    card = board.scorecard.assign(
        value=board.scorecard["value"].mask(row, 86.0), interim_target=board.scorecard["interim_target"].mask(row, 86.3)
    )
    assert line(written(replace(board, scorecard=card)), "De Luwte", "P8")["Tussendoel"].number_format == "#,##0.0"


@pytest.mark.parametrize(("edition", "shown"), [(BOARD, "<5"), (PUBLIC, "<10")])
def test_a_hidden_figure_is_its_text_and_nothing_else_of_it_is_there(editions, written, edition, shown):
    row = line(written(editions[edition]), "De Luwte", "P6")
    assert (row["Gerealiseerd"].value, row["Status"].value) == (shown, "verborgen")
    assert all(row[name].value is None for name in ("Van", "n", "Ondergrens", "Bovengrens", "Onzeker"))


def test_the_bytes_do_not_differ_with_a_hidden_number(golden_quarters, tmp_path):
    found = set()
    for persons in (1.0, 9.0):
        card = golden_quarters[0].scorecard.copy()
        rows = card["indicator"] == "P6"
        counted = card.loc[rows, "room"].map({"LW": persons, "HV": 0.0, "Totaal": persons})
        card.loc[rows, "value"], card.loc[rows, "numerator"] = counted.astype(object), counted.astype(float)
        write_scorecard(
            publication.publish(replace(golden_quarters[0], scorecard=card), PUBLIC), tmp_path / "hidden.xlsx"
        )
        found.add((tmp_path / "hidden.xlsx").read_bytes())
    assert len(found) == 1


def test_every_indicator_has_its_definition_and_how_it_is_counted(board, book):
    rows = {row["Code"].value: row for row in table(book["Definities"])}
    assert list(rows) == board.agreement.indicators["code"].tolist()
    assert rows["P4"]["Hoe geteld"].value == (
        "deelnames: verschillende waarden van deelnemer, waar categorie = taal; vanaf 1 januari"
    )
    assert rows["P6"]["Gevoelig"].value == "ja"


def test_all_finance_is_there_in_words(board, book):
    rows = table(book["Geld"])
    assert len(rows) == len(board.finance)
    budget = next(
        row for row in rows
        if [row[name].value for name in ("Soort", "Post", "Kamer")] == ["Kosten, begroot", "Totaal", "Totaal"]
    )  # fmt: skip
    assert (budget["Bedrag"].value, budget["Eenheid"].value) == (38000, "euro")
    assert "€" in budget["Bedrag"].number_format
    assert not {row["Soort"].value for row in rows} & set(board.finance["kind"])


def test_the_explanation_says_period_edition_and_how_to_read(editions, written):
    for edition, word in ((BOARD, "bestuur"), (PUBLIC, "openbare")):
        told = " ".join(str(cell.value) for cell in written(editions[edition])["Leeswijzer"]["A"])
        for expected in ("derde kwartaal 2023", word, "Tussendoel", "interval", "populaire investering"):
            assert expected.lower() in told.lower()


def test_text_of_the_data_stays_text(board, written):
    texts = itertools.cycle(NASTY)
    indicators, card = board.agreement.indicators, board.scorecard
    agreement = replace(
        board.agreement,
        indicators=indicators.assign(**{name: [next(texts) for _ in indicators.index] for name in ("name", "method")}),
        settings=replace(board.agreement.settings, organisation=NASTY[0]),
    )
    said = [["P2", "De Luwte", "2023Q3", text, "", "", 2] for text in NASTY]
    p = replace(
        board,
        agreement=agreement,
        scorecard=card.assign(**{name: [next(texts) for _ in card.index] for name in ("name", "definition", "room")}),
        finance=board.finance.assign(item=[next(texts) for _ in board.finance.index]),
        explanations=pd.DataFrame(said, columns=board.explanations.columns),
    )
    book = written(p)
    for text in NASTY:
        same = [cell for cell in cells(book) if cell.value == text]
        assert len(same) > len(NASTY)
        assert all(cell.data_type == "s" and cell.hyperlink is None for cell in same)
    assert not any(cell.data_type == "f" for cell in cells(book))


def test_there_are_no_formulas_links_or_macros_in_the_file(board, tmp_path):
    write_scorecard(board, tmp_path / "scorebord.xlsx")
    with zipfile.ZipFile(tmp_path / "scorebord.xlsx") as file:
        parts = {name: file.read(name).decode() for name in file.namelist()}
    sheets = "".join(text for name, text in parts.items() if "worksheets" in name)
    assert not re.search(r"<f>|<f |hyperlink|externalLink", sheets)
    assert not any("vba" in name or "external" in name.lower() for name in parts)


def test_the_same_publication_gives_the_same_bytes(board, tmp_path):
    for name in ("one.xlsx", "two.xlsx"):
        write_scorecard(board, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_the_file_names_no_person(book):
    properties = book.properties
    assert not properties.creator
    assert not properties.lastModifiedBy


def test_a_table_has_a_filter_a_frozen_header_and_prints_on_a4_across(book):
    for sheet in book.worksheets[:3]:
        assert sheet.auto_filter.ref
        assert sheet.freeze_panes == "A5"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == "$4:$4"


def test_an_empty_publication_is_still_a_workbook(board, written):
    empty = replace(
        board, scorecard=board.scorecard.iloc[:0], finance=board.finance.iloc[:0], previous=board.previous.iloc[:0]
    )
    assert written(empty).sheetnames == SHEETS


def test_missing_figures_are_empty_cells_and_never_nan(board, written):
    nothing = board.finance.assign(value=np.nan)
    book = written(replace(board, finance=nothing))
    assert all(row["Bedrag"].value is None for row in table(book["Geld"]))
    assert not any(re.search(r"\bnan\b", str(cell.value), re.IGNORECASE) for cell in cells(book))
