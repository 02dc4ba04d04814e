"""`scorebord.xlsx`, read back: what a funder finds in it, and what data cannot make of it."""

import itertools
import re
import zipfile
from dataclasses import replace
from typing import Any

import openpyxl
import pandas as pd
import pytest
from conftest import GOLDEN
from shown import shown

from bwk_analysis.disclosure import BOARD, PUBLIC, UNTOLD, Span
from bwk_analysis.door.read import read_folder
from bwk_analysis.pages import workbook

SHEETS = ["Overzicht", "Scorebord", "Definities", "Geld", "Leeswijzer"]
NASTY = [
    "=1+1",
    "<script>alert(1)</script>",
    "http://kwaad.example",
    "+31 =cmd|' /C calc'!A0",
    "@SUM(A1)",
    "12",
    "x" * 300,
]
SENTENCES = {"Zo zijn de cijfers gemaakt": ["Het tussendoel is een deel van de streefwaarde.", "", "En zo verder."]}


@pytest.fixture(scope="module")
def agreement():
    return read_folder(sorted((GOLDEN / "dataset").iterdir()))[0]


@pytest.fixture(scope="module")
def card(agreement) -> pd.DataFrame:
    """The scorecard of the golden dataset as it was worked out by hand, with the names of rooms and indicators."""
    by_hand = pd.read_csv(GOLDEN / "expected_scorecard.csv", dtype={"value": object, "target": object})
    for column in ("value", "target", "interim_target"):
        by_hand[column] = [_number(cell) for cell in by_hand[column]]
    about = agreement.indicators.set_index("code")
    return by_hand.assign(
        room=by_hand["room"].map(agreement.room_names),
        name=by_hand["indicator"].map(about["name"]),
        level=by_hand["indicator"].map(about["level"]),
        uncertain=by_hand["uncertain"].eq(True),
    )


def _number(cell: Any) -> Any:
    try:
        return float(cell)
    except ValueError:
        return cell


@pytest.fixture(scope="module")
def finance(agreement) -> pd.DataFrame:
    by_hand = pd.read_csv(GOLDEN / "expected_finance.csv")
    unit = by_hand["kind"].map(lambda kind: "aandeel" if kind.startswith(("share", "ratio")) else "euro")
    return by_hand.assign(room=by_hand["room"].map(agreement.room_names).fillna(by_hand["room"]), unit=unit)


@pytest.fixture(scope="module")
def write(card, finance, agreement, tmp_path_factory):
    """Write the workbook, with other frames or another agreement where a test says so. Gives its path."""

    def write(edition: str = BOARD, **other: Any):
        path = tmp_path_factory.mktemp("workbook") / "scorebord.xlsx"
        workbook.write(
            path,
            scorecard=shown(other.get("card", card), edition),
            finance=shown(other.get("finance", finance), edition),
            agreement=other.get("agreement", agreement),
            period=pd.Period("2023Q3"),
            sentences=other.get("sentences", SENTENCES),
        )
        return path

    return write


@pytest.fixture(scope="module")
def written(write):
    """The same, read back."""
    return lambda *edition, **other: openpyxl.load_workbook(write(*edition, **other))


@pytest.fixture(scope="module")
def book(written):
    return written()


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


def test_there_are_five_sheets_and_each_says_first_that_the_data_are_fictional(book):
    assert book.sheetnames == SHEETS
    assert all("verzonnen" in sheet["A2"].value for sheet in book)


def test_real_data_are_not_called_fictional(agreement, written):
    real = replace(agreement, settings=replace(agreement.settings, fictional=False))
    assert not any("verzonnen" in str(cell.value) for cell in cells(written(agreement=real)))


@pytest.mark.parametrize("name", ["scorecard", "finance"])
def test_a_frame_that_was_not_shown_is_refused(name, card, finance, agreement, tmp_path):
    frames = {"scorecard": shown(card), "finance": shown(finance)} | {name: card}
    with pytest.raises(TypeError, match="geef een getoond frame"):
        workbook.write(tmp_path / "x.xlsx", **frames, agreement=agreement, period=pd.Period("2023Q3"), sentences={})
    assert not list(tmp_path.iterdir())


def test_there_is_a_row_per_indicator_and_room(card, book):
    rows = [(row["Kamer"].value, row["Code"].value) for row in table(book["Scorebord"])]
    assert rows == list(zip(card["room"], card["indicator"], strict=True))


def test_figures_are_figures_with_a_format(card, book):
    share, count = (line(book, "De Luwte", code) for code in ("I1", "P8"))
    assert (share["Gerealiseerd"].value, share["Gerealiseerd"].number_format) == (0.5, "#,##0%")
    assert (share["Streefwaarde"].value, share["Streefwaarde"].number_format) == (0.5, '"> "#,##0%')
    assert (share["n"].value, share["Onzeker"].value, share["Status"].value) == (4, "ja", "nabij")
    assert (count["Gerealiseerd"].value, count["Gerealiseerd"].data_type) == (6, "n")
    due = card.set_index(["room", "indicator"]).loc[("De Luwte", "P8"), "interim_target"]
    assert count["Tussendoel"].value == pytest.approx(due)


def test_whether_more_than_a_target_is_needed_stands_in_a_cell_and_not_in_its_format_alone(card, book):
    rows = card.set_index(["room", "indicator"])["operator"]
    words = {">": "meer dan", ">=": "ten minste"}
    needed = {key: line(book, *key)["Nodig"].value for key in [("De Luwte", code) for code in ("I1", "P8", "N1", "O5")]}
    assert needed == {key: words.get(rows[key]) for key in needed}
    assert set(needed.values()) == {"meer dan", "ten minste", None}


def test_a_target_op_keeps_both_numbers(book):
    row = line(book, "De Luwte", "O5")
    assert [row[name].value for name in ("Gerealiseerd", "Van", "Streefwaarde", "Streefwaarde van")] == [2, 3, 2, 4]


def test_a_verdict_is_a_word_and_no_data_is_an_empty_cell(book):
    assert line(book, "Het Haventje", "N1")["Gerealiseerd"].value == "Negatief"
    nothing = line(book, "Het Haventje", "O10")
    assert (nothing["Gerealiseerd"].value, nothing["Status"].value) == (None, "geen gegevens")
    share = line(book, "Het Haventje", "I3")
    assert (share["Streefwaarde"].value, share["Streefwaarde"].number_format) == (0.02, '"> "#,##0%')


def with_cells(card: pd.DataFrame, code: str, room: str, **values: object) -> pd.DataFrame:
    """The scorecard with other cells in one row."""
    here = card["indicator"].eq(code) & card["room"].eq(room)
    changed = {
        name: [value if mine else cell for mine, cell in zip(here, card[name], strict=True)]
        for name, value in values.items()
    }
    return card.astype(object).assign(**changed)


def test_figures_do_not_contradict_their_status(card, written):
    changed = with_cells(card, "P8", "De Luwte", value=86.0, interim_target=86.3)
    assert line(written(card=changed), "De Luwte", "P8")["Tussendoel"].number_format == "#,##0.0"


def test_a_figure_in_steps_is_its_range_and_one_that_is_not_told_says_so(card, written):
    changed = with_cells(
        card, "I1", "De Luwte", value=Span(0.25, 0.67), n=Span(1, 4), lower=Span(0.1, 0.2), upper=Span(0.7, 0.9)
    )
    changed = with_cells(changed, "O5", "De Luwte", value=None, denominator=Span(5, 9), status=UNTOLD)
    book = written(PUBLIC, card=changed)
    share, count = line(book, "De Luwte", "I1"), line(book, "De Luwte", "O5")
    assert [share[name].value for name in ("Gerealiseerd", "n")] == ["25%–67%", "1–4"]
    assert [share[name].value for name in ("Ondergrens", "Bovengrens")] == [0.1, 0.9]
    assert [count[name].value for name in ("Gerealiseerd", "Van", "Status")] == ["niet getoond", "5–9", UNTOLD]


def test_every_indicator_has_its_definition_and_how_it_is_counted(agreement, book):
    rows = {row["Code"].value: row for row in table(book["Definities"])}
    assert list(rows) == agreement.indicators["code"].tolist()
    assert rows["P4"]["Hoe geteld"].value == (
        "deelnames: verschillende waarden van deelnemer, waar categorie = taal; vanaf 1 januari"
    )
    assert rows["P6"]["Gevoelig"].value == "ja"


def test_all_finance_is_there_in_words(finance, book):
    rows = table(book["Geld"])
    assert len(rows) == len(finance)
    budget = next(
        row for row in rows
        if [row[name].value for name in ("Soort", "Post", "Kamer")] == ["Kosten, begroot", "Totaal", "Totaal"]
    )  # fmt: skip
    assert (budget["Bedrag"].value, budget["Eenheid"].value) == (38000, "euro")
    assert "€" in budget["Bedrag"].number_format
    assert not {row["Soort"].value for row in rows} & set(finance["kind"])


def test_the_explanation_says_period_edition_and_how_to_read(written):
    for edition, word in ((BOARD, "bestuur"), (PUBLIC, "openbare")):
        told = [str(cell.value) for cell in written(edition)["Leeswijzer"]["A"] if cell.value]
        for expected in ("derde kwartaal 2023", word, "tussendoel", "interval", "5–9", "niet getoond"):
            assert expected in " ".join(told).lower()
        assert told[-3:] == ["Zo zijn de cijfers gemaakt", *filter(None, SENTENCES["Zo zijn de cijfers gemaakt"])]


def test_text_of_the_data_stays_text(agreement, card, finance, written):
    texts = itertools.cycle(NASTY)
    indicators = agreement.indicators
    nasty = replace(
        agreement,
        indicators=indicators.assign(**{name: [next(texts) for _ in indicators.index] for name in ("name", "method")}),
        settings=replace(agreement.settings, organisation=NASTY[0]),
    )
    book = written(
        agreement=nasty,
        card=card.assign(**{name: [next(texts) for _ in card.index] for name in ("name", "room")}),
        finance=finance.assign(item=[next(texts) for _ in finance.index]),
        sentences={NASTY[1]: NASTY},
    )
    for text in NASTY:
        same = [cell for cell in cells(book) if cell.value == text]
        assert len(same) > len(NASTY)
        assert all(cell.data_type == "s" and cell.hyperlink is None for cell in same)
    assert not any(cell.data_type == "f" for cell in cells(book))


def test_there_are_no_formulas_links_or_macros_in_the_file(write):
    with zipfile.ZipFile(write()) as file:
        parts = {name: file.read(name).decode() for name in file.namelist()}
    sheets = "".join(text for name, text in parts.items() if "worksheets" in name)
    assert not re.search(r"<f>|<f |hyperlink|externalLink", sheets)
    assert not any("vba" in name or "external" in name.lower() for name in parts)


def test_the_same_figures_give_the_same_bytes(write):
    assert write().read_bytes() == write().read_bytes()


def test_the_file_names_no_person(book):
    properties = book.properties
    assert not properties.creator
    assert not properties.lastModifiedBy


def test_a_table_has_a_filter_a_frozen_header_and_prints_on_a4_across(book):
    for sheet in book.worksheets[1:4]:
        assert sheet.auto_filter.ref
        assert sheet.freeze_panes == "A5"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == "$4:$4"


def test_without_figures_it_is_still_a_workbook(card, finance, written):
    assert written(card=card.iloc[:0], finance=finance.iloc[:0]).sheetnames == SHEETS


def test_an_amount_that_is_not_told_says_so_and_is_never_nought_or_nan(finance, written):
    book = written(finance=finance.assign(value=None))
    found = {(row["Soort"].value, row["Bedrag"].value) for row in table(book["Geld"])}
    assert {("Kosten per resultaat", "niet getoond"), ("Kosten, begroot", None)} <= found
    assert not any(re.search(r"\bnan\b", str(cell.value), re.IGNORECASE) for cell in cells(book))
