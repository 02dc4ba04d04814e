"""`scorebord.xlsx` for who works in Excel: figures as figures, text as text, definitions on a sheet of their own."""

import math
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from bwk_analysis import periods
from bwk_analysis.agreement import Agreement
from bwk_analysis.pages import formats
from bwk_analysis.pages.block import TEMPLATES, told, told_money
from bwk_analysis.steps import Shown

Row = Any  # a row of itertuples: its fields are the columns of the frame

# what a cell holds is never run, followed or turned into another type
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
A4 = 9
READING_WIDTH = 110  # characters
LINE_HEIGHT = 15  # points
HEADER_COLOUR = "#E7EEF1"
WORDS = tomllib.loads((TEMPLATES / "workbook.toml").read_text(encoding="utf-8"))


class Figure(NamedTuple):
    """A number and how Excel shows it."""

    value: float
    format: str


Cell = Figure | str  # an empty text is an empty cell


class Column(NamedTuple):
    """A column of a sheet: its heading, its width in characters, and what it shows of a row."""

    heading: str
    width: int
    cell: Callable[[Row], Cell]


def write(
    path: Path, *, scorecard: Shown, finance: Shown, agreement: Agreement, period: pd.Period,
    sentences: Mapping[str, Sequence[str]],
) -> None:  # fmt: skip
    """Write `scorebord.xlsx`: the sheets Scorebord, Definities, Geld and Leeswijzer. The same input, the same bytes.

    An exact figure is a number, a range its text (`5–9`), and one that is not told says so; without data a cell is
    empty. sentences : heading -> what the Leeswijzer says below it, such as how the figures are made. Raises TypeError
    for a frame that did not come through `show`.
    """
    card, money, indicators = told(scorecard), told_money(finance), agreement.indicators
    edition, when = WORDS["edition"][scorecard.edition], formats.quarter(period)
    fictional = agreement.settings.fictional
    about = [agreement.settings.organisation, f"Periode: {when}.", f"Dit is de {edition}."]
    about.append(WORDS["fictional" if fictional else "real"])
    with xlsxwriter.Workbook(path, OPTIONS) as made:
        made.set_properties({"title": "Scorebord", "subject": when, "created": periods.reference_day(period)})
        book = _Book(made, f"{when}, {edition}", fictional)
        book.write_table("Scorebord", _SCORECARD, card.assign(unit=formats.units(card, indicators)))
        book.write_table("Definities", _DEFINITIONS, indicators.astype(object).where(indicators.notna(), ""))
        book.write_table("Geld", _MONEY, _in_words(money, agreement))
        book.write_texts({"Over dit werkboek": about, "Zo leest u het scorebord": WORDS["how_to_read"], **sentences})


# --- what is on a sheet -----------------------------------------------------------------------------------------------


def _value(row: Row) -> Cell:
    if row.value is None and row.status == "geen gegevens":
        return ""
    return _figure(row.value, row.unit, formats.figure_beside_target(row.value, row.interim_target, row.unit)[0])


def _interim(row: Row) -> Cell:
    shown = formats.figure_beside_target(row.value, row.interim_target, row.unit)[1]
    return _figure(_agreed(row.interim_target), row.unit, shown, row.operator)


def _target(row: Row) -> Cell:
    target = _agreed(row.target)
    return _figure(target, row.unit, formats.target_text(target, "", row.unit), row.operator)


def _agreed(target: formats.Told) -> formats.Told:
    """All that was agreed is told: what is empty is not there."""
    return "" if target is None else target


def _figure(value: formats.Told, unit: str, shown: str, operator: str = "") -> Cell:
    """A number with the decimals of the text it is shown as elsewhere; a range and a verdict are text."""
    if value is not None and formats.is_missing(value):
        return ""
    if not isinstance(value, tuple) or value[0] != value[1]:
        return shown
    decimals = len(shown.rstrip("%").partition(",")[2])
    code = "#,##0" + ("." + "0" * decimals if decimals else "") + ("%" if unit == "aandeel" else "")
    return Figure(value[0], f'"> "{code}' if operator == ">" else code)


def _count(value: formats.Told) -> Cell:
    return _figure(_agreed(value), "aantal", formats.span(value, "aantal"))


def _bound(value: formats.Told, end: int) -> Cell:
    """The outer end of a bound of an interval."""
    return Figure(value[end], "0%") if isinstance(value, tuple) else ""


_SCORECARD = [
    Column("Niveau", 9, lambda row: formats.level_name(row.level)),
    Column("Code", 7, lambda row: str(row.indicator)),
    Column("Indicator", 50, lambda row: str(row.name)),
    Column("Kamer", 22, lambda row: str(row.room)),
    Column("Gerealiseerd", 13, _value),
    Column("Van", 8, lambda row: "" if row.unit in ("aandeel", "cijfer") else _count(row.denominator)),
    Column("Streefwaarde", 13, _target),
    Column("Streefwaarde van", 13, lambda row: _count(row.target_denominator)),
    Column("Tussendoel", 12, _interim),
    Column("Status", 18, lambda row: str(row.status)),
    Column("n", 8, lambda row: _count(row.n)),
    Column("Ondergrens", 12, lambda row: _bound(row.lower, 0)),
    Column("Bovengrens", 12, lambda row: _bound(row.upper, 1)),
    Column("Onzeker", 10, lambda row: "ja" if not formats.is_missing(row.uncertain) and row.uncertain else ""),
    Column("Eenheid", 11, lambda row: str(row.unit)),
]

_DEFINITIONS = [
    Column("Code", 7, lambda row: row.code),
    Column("Indicator", 50, lambda row: row.name),
    Column("Definitie", 60, lambda row: row.explanation or row.method),
    Column("Gemeten met", 20, lambda row: row.method),
    Column("Hoe geteld", 70, lambda row: _counted(row)),
    Column("Gevoelig", 10, lambda row: row.sensitive),
]

_MONEY = [
    Column("Soort", 40, lambda row: row.kind),
    Column("Post", 52, lambda row: row.item),
    Column("Kamer", 24, lambda row: str(row.room)),
    Column("Bedrag", 14, lambda row: _amount(row.value, row.unit)),
    Column("Eenheid", 18, lambda row: str(row.unit)),
]


def _amount(value: formats.Told, unit: str) -> Cell:
    cell = _figure(value, unit, formats.span(value, unit))
    codes = {"euro": '"€ "#,##0;"€ "-#,##0', "aandeel": "0.0%", "uren": "#,##0", "uren per euro": "0.000"}
    return Figure(cell.value, codes.get(unit, '"€ "#,##0.00;"€ "-#,##0.00')) if isinstance(cell, Figure) else cell


def _counted(row: Row) -> str:
    """`deelnames: verschillende waarden van deelnemer, waar categorie = taal; vanaf 1 januari`"""
    what = " ".join(filter(None, [WORDS["measure"].get(row.measure, row.measure), row.field]))
    if row.measure == "verdict":
        return what
    where = f", waar {row.filter}" if row.filter else ""
    numerator = f"; daarvan {row.numerator}" if row.numerator else ""
    time = row.time or "datum"
    return f"{row.table}: {what}{where}{numerator}; {WORDS['time'].get(time, time)}"


def _in_words(finance: pd.DataFrame, agreement: Agreement) -> pd.DataFrame:
    """Finance, with kinds and items in words."""
    posts = agreement.budget.dropna(subset="description").drop_duplicates("post")
    names = dict(zip(posts["post"], posts["post"] + " " + posts["description"], strict=True))
    item = finance["item"].map(lambda name: names.get(name, name)).astype("str")
    item = item.str.replace(r" / euro$", ", van de euro's", regex=True)
    item = item.str.replace(r" / populair$", ", van de populaire investering", regex=True)
    return finance.assign(kind=finance["kind"].map(lambda kind: WORDS["kind"].get(kind, kind)), item=item)


# --- how it is written ------------------------------------------------------------------------------------------------


LEFT: dict[str, Any] = {"align": "left", "indent": 1}
RIGHT: dict[str, Any] = {"align": "right"}


class _Book:
    """A workbook whose sheets all begin with the period, the edition, and that the data are made up where they are."""

    def __init__(self, book: Workbook, about: str, fictional: bool) -> None:
        self.book, self.about, self.fictional = book, about, fictional
        self.styles: dict[tuple[tuple[str, Any], ...], Any] = {}  # each made once

    def style(self, **properties: Any) -> Any:
        key = tuple(properties.items())
        if key not in self.styles:
            self.styles[key] = self.book.add_format({"valign": "top", **properties})
        return self.styles[key]

    def header(self, **properties: Any) -> Any:
        return self.style(bold=True, bg_color=HEADER_COLOUR, bottom=1, text_wrap=True, **properties)

    def new_sheet(self, name: str) -> tuple[Worksheet, int]:
        """A sheet that prints on A4 across, and its first free row."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5)
        sheet.set_footer("&L&A&RPagina &P van &N")
        sheet.write_string(0, 0, f"{name}, {self.about}", self.style(bold=True, font_size=14))
        if self.fictional:
            sheet.write_string(1, 0, WORDS["fictional"], self.style(bold=True))
        return sheet, 3 if self.fictional else 2

    def write_table(self, name: str, columns: Sequence[Column], rows: pd.DataFrame) -> None:
        sheet, top = self.new_sheet(name)
        cells = [[column.cell(row) for row in rows.itertuples()] for column in columns]
        for position, (column, below) in enumerate(zip(columns, cells, strict=True)):
            side = RIGHT if any(isinstance(cell, Figure) for cell in below) else LEFT
            sheet.set_column(position, position, column.width)
            sheet.write_string(top, position, column.heading, self.header(**side))
            for line, cell in enumerate(below, start=top + 1):
                self.write_cell(sheet, line, position, cell, side)
        widths = [column.width for column in columns]
        for line, texts in enumerate([[column.heading for column in columns], *zip(*cells, strict=True)], start=top):
            _set_height(sheet, line, texts, widths)
        sheet.autofilter(top, 0, top + len(rows), len(columns) - 1)
        sheet.freeze_panes(top + 1, 0)
        sheet.repeat_rows(top)

    def write_texts(self, sections: Mapping[str, Sequence[str]]) -> None:
        sheet, line = self.new_sheet("Leeswijzer")
        sheet.set_column(0, 0, READING_WIDTH)
        for heading, sentences in sections.items():
            texts = [sentence for sentence in sentences if sentence]
            if texts:
                sheet.write_string(line, 0, heading, self.header())
                for below, text in enumerate(texts, start=line + 1):
                    self.write_cell(sheet, below, 0, text, LEFT)
                    _set_height(sheet, below, [text], [READING_WIDTH])
                line += len(texts) + 2

    def write_cell(self, sheet: Worksheet, line: int, position: int, cell: Cell, side: dict[str, Any]) -> None:
        if isinstance(cell, Figure):
            sheet.write_number(line, position, cell.value, self.style(num_format=cell.format))
        elif cell:
            sheet.write_string(line, position, cell, self.style(text_wrap=True, **side))


def _set_height(sheet: Worksheet, line: int, cells: Sequence[Cell], widths: Sequence[int]) -> None:
    """A row as high as its longest text; not every program works that out by itself."""
    lines = [math.ceil(len(cell) / width) for cell, width in zip(cells, widths, strict=True) if isinstance(cell, str)]
    sheet.set_row(line, LINE_HEIGHT * max([1, *lines]))
