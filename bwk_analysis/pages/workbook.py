"""`scorebord.xlsx` for who works in Excel: figures as figures, text as text, definitions on a sheet of their own."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from bwk_analysis import periods
from bwk_analysis.pages import formats
from bwk_analysis.pages import text as words
from bwk_analysis.pages.frames import TOTAL, Row, level_name, rows_in
from bwk_analysis.privacy import PUBLIC
from bwk_analysis.publication import Publication

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
KINDS = {
    "budget": "Kosten, begroot",
    "realised": "Kosten, gerealiseerd",
    "funding_agreed": "Financiering, afgesproken",
    "funding_realised": "Financiering, ontvangen",
    "ratio_budget": "Kengetal, begroot",
    "ratio_realised": "Kengetal, gerealiseerd",
    "share_agreed": "Aandeel, afgesproken",
    "share_realised": "Aandeel, gerealiseerd",
    "cost_per_result": "Kosten per resultaat",
    "volunteer_hours": "Uren van vrijwilligers",
    "volunteer_value": "Waarde van de uren van vrijwilligers",
}
UNITS = {"aandeel": "aandeel", "gemiddelde": "cijfer", "verdict": "oordeel"}
TIMES = {"datum": "vanaf 1 januari", "peildatum": "op de peildatum", "looptijd": "op een dag vanaf 1 januari"}
MEASURES = {
    "uniek": "verschillende waarden van",
    "aantal": "regels",
    "som": "som van",
    "gemiddelde": "gemiddelde van",
    "aandeel": "aandeel van",
    "verdict": "oordeel over",
}


@dataclass(frozen=True)
class Figure:
    """A number and how Excel shows it."""

    value: float
    format: str


Cell = Figure | str  # an empty text is an empty cell


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its heading, its width in characters, and what it shows of a row."""

    heading: str
    width: int
    cell: Callable[[Row], Cell]


def write_scorecard(p: Publication, path: Path) -> None:
    """Write a publication's `scorebord.xlsx`: the sheets Scorebord, Definities, Geld and Leeswijzer.

    The same publication gives the same bytes. A hidden figure is its text (`<5`), an absent one an empty cell.
    """
    with xlsxwriter.Workbook(path, OPTIONS) as book:
        book.set_properties(
            {"title": "Scorebord", "subject": formats.quarter(p.period), "created": periods.reference_day(p.period)}
        )
        styles = _Styles(book)
        _write_table(p, styles, "Scorebord", _SCORECARD, rows_in(_scorecard(p)))
        _write_table(p, styles, "Definities", _DEFINITIONS, rows_in(_definitions(p)))
        _write_table(p, styles, "Geld", _MONEY, rows_in(_money(p)))
        _write_reading(p, styles)


# --- what is on a sheet -----------------------------------------------------------------------------------------------


def _value(row: Row) -> Cell:
    return str(row.hidden) or _figure(row.value, row.unit, _shown(row)[0])


def _interim(row: Row) -> Cell:
    return _figure(row.interim_target, row.unit, _shown(row)[1], row.operator)


def _target(row: Row) -> Cell:
    return _figure(row.target, row.unit, formats.target_text(row.target, "", row.unit), row.operator)


def _shown(row: Row) -> tuple[str, str]:
    """Value and interim target in as many decimals as it takes not to contradict the status."""
    return formats.figure_beside_target(None if row.hidden else row.value, row.interim_target, row.unit)


def _figure(value: Any, unit: Any, shown: str, operator: Any = "") -> Cell:
    """A number with the decimals of the text it is shown as elsewhere; a verdict stays a word."""
    if formats.is_missing(value) or isinstance(value, str):
        return "" if formats.is_missing(value) else str(value)
    decimals = len(shown.rstrip("%").partition(",")[2])
    code = "#,##0" + ("." + "0" * decimals if decimals else "") + ("%" if unit == "aandeel" else "")
    return Figure(float(value), f'"> "{code}' if operator == ">" else code)


def _count(value: Any) -> Cell:
    return "" if formats.is_missing(value) else Figure(float(value), "#,##0")


def _denominator(row: Row) -> Cell:
    return "" if row.hidden or row.unit in ("aandeel", "cijfer") else _count(row.denominator)


def _bound(value: Any) -> Cell:
    return "" if formats.is_missing(value) else Figure(float(value), "0%")


_SCORECARD = [
    Column("Niveau", 9, lambda row: level_name(row.level)),
    Column("Code", 7, lambda row: str(row.indicator)),
    Column("Indicator", 50, lambda row: str(row.name)),
    Column("Kamer", 22, lambda row: str(row.room)),
    Column("Gerealiseerd", 13, _value),
    Column("Van", 8, _denominator),
    Column("Streefwaarde", 13, _target),
    Column("Streefwaarde van", 13, lambda row: _count(row.target_denominator)),
    Column("Tussendoel", 12, _interim),
    Column("Status", 18, lambda row: str(row.status)),
    Column("n", 8, lambda row: _count(row.n)),
    Column("Ondergrens", 12, lambda row: _bound(row.lower)),
    Column("Bovengrens", 12, lambda row: _bound(row.upper)),
    Column("Onzeker", 10, lambda row: "ja" if row.uncertain else ""),
    Column("Eenheid", 11, lambda row: str(row.unit)),
]

_DEFINITIONS = [
    Column("Code", 7, lambda row: row.code),
    Column("Indicator", 50, lambda row: row.title),
    Column("Definitie", 60, lambda row: row.definition),
    Column("Gemeten met", 20, lambda row: row.method),
    Column("Hoe geteld", 70, lambda row: row.counted),
    Column("Gevoelig", 10, lambda row: row.sensitive),
]

_MONEY = [
    Column("Soort", 40, lambda row: row.kind),
    Column("Post", 52, lambda row: row.item),
    Column("Kamer", 24, lambda row: str(row.room)),
    Column("Bedrag", 14, lambda row: _amount(row.value, row.unit)),
    Column("Eenheid", 18, lambda row: str(row.unit)),
]


def _amount(value: Any, unit: str) -> Cell:
    if formats.is_missing(value):
        return ""
    codes = {"euro": '"€ "#,##0;"€ "-#,##0', "aandeel": "0.0%", "uren": "#,##0", "uren per euro": "0.000"}
    return Figure(float(value), codes.get(unit, '"€ "#,##0.00;"€ "-#,##0.00'))


def _scorecard(p: Publication) -> pd.DataFrame:
    """The scorecard; where there are no data, the unit is that of the other rooms, or follows from the measure."""
    card = p.scorecard
    measures = card["indicator"].map(p.agreement.indicators.set_index("code")["measure"])
    elsewhere = card["unit"].groupby(card["indicator"]).transform("first")
    return card.assign(unit=card["unit"].fillna(elsewhere).fillna(measures.map(UNITS)).fillna("aantal"))


def _definitions(p: Publication) -> pd.DataFrame:
    """One row is an indicator: what it is and how it is counted."""
    indicators = p.agreement.indicators.astype(object)
    definition = p.scorecard.drop_duplicates("indicator").set_index("indicator")["definition"].to_dict()
    indicators = indicators.where(indicators.notna(), "")
    return pd.DataFrame(
        {
            "code": indicators["code"],
            "title": indicators["name"],
            "definition": [definition.get(code, "") for code in indicators["code"]],
            "method": indicators["method"],
            "counted": [_counted(row) for row in rows_in(indicators)],
            "sensitive": indicators["sensitive"],
        }
    )


def _counted(row: Row) -> str:
    """`deelnames: verschillende waarden van deelnemer, waar categorie = taal; vanaf 1 januari`"""
    what = " ".join(filter(None, [MEASURES.get(row.measure, row.measure), row.field]))
    if row.measure == "verdict":
        return what
    where = f", waar {row.filter}" if row.filter else ""
    numerator = f"; daarvan {row.numerator}" if row.numerator else ""
    time = row.time or "datum"
    return f"{row.table}: {what}{where}{numerator}; {TIMES.get(time, time)}"


def _money(p: Publication) -> pd.DataFrame:
    """Finance, with kinds and items in words."""
    posts = p.agreement.budget.dropna(subset="description").drop_duplicates("post")
    names = dict(zip(posts["post"], posts["post"] + " " + posts["description"], strict=True))
    item = p.finance["item"].map(lambda name: names.get(name, name))
    item = item.str.replace(r" / euro$", ", van de euro's", regex=True)
    item = item.str.replace(r" / populair$", ", van de populaire investering", regex=True)
    return p.finance.assign(kind=p.finance["kind"].map(lambda kind: KINDS.get(kind, kind)), item=item)


# --- how it is written ------------------------------------------------------------------------------------------------


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, **properties: Any) -> Any:
        key = tuple(properties.items())
        if key not in self.made:
            self.made[key] = self.book.add_format({"valign": "top", **properties})
        return self.made[key]

    def header(self, **properties: Any) -> Any:
        return self.of(bold=True, bg_color=HEADER_COLOUR, bottom=1, text_wrap=True, **properties)


LEFT: dict[str, Any] = {"align": "left", "indent": 1}
RIGHT: dict[str, Any] = {"align": "right"}


def _write_table(p: Publication, styles: _Styles, name: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    sheet, top = _new_sheet(p, styles, name)
    cells = [[column.cell(row) for row in rows] for column in columns]
    for position, (column, below) in enumerate(zip(columns, cells, strict=True)):
        side = RIGHT if any(isinstance(cell, Figure) for cell in below) else LEFT
        sheet.set_column(position, position, column.width)
        sheet.write_string(top, position, column.heading, styles.header(**side))
        for line, cell in enumerate(below, start=top + 1):
            _write(sheet, styles, line, position, cell, side)
    widths = [column.width for column in columns]
    for line, texts in enumerate([[column.heading for column in columns], *zip(*cells, strict=True)], start=top):
        _set_height(sheet, line, texts, widths)
    sheet.autofilter(top, 0, top + len(rows), len(columns) - 1)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)


def _write(sheet: Worksheet, styles: _Styles, line: int, position: int, cell: Cell, side: dict[str, Any]) -> None:
    if isinstance(cell, Figure):
        sheet.write_number(line, position, cell.value, styles.of(num_format=cell.format))
    elif cell:
        sheet.write_string(line, position, cell, styles.of(text_wrap=True, **side))


def _set_height(sheet: Worksheet, line: int, cells: Sequence[Cell], widths: Sequence[int]) -> None:
    """A row as high as its longest text; not every program works that out by itself."""
    lines = [math.ceil(len(cell) / width) for cell, width in zip(cells, widths, strict=True) if isinstance(cell, str)]
    sheet.set_row(line, LINE_HEIGHT * max([1, *lines]))


def _new_sheet(p: Publication, styles: _Styles, name: str) -> tuple[Worksheet, int]:
    """A sheet that prints on A4 across, with its title and whether the data are fictional, and its first free row."""
    sheet = styles.book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5)
    sheet.set_footer("&L&A&RPagina &P van &N")
    edition = "openbare uitgave" if p.edition == PUBLIC else "uitgave voor het bestuur"
    sheet.write_string(0, 0, f"{name}, {formats.quarter(p.period)}, {edition}", styles.of(bold=True, font_size=14))
    if not p.agreement.settings.fictional:
        return sheet, 2
    sheet.write_string(1, 0, words.fiction(p), styles.of(bold=True))
    return sheet, 3


def _write_reading(p: Publication, styles: _Styles) -> None:
    sheet, line = _new_sheet(p, styles, "Leeswijzer")
    sheet.set_column(0, 0, READING_WIDTH)
    for heading, sentences in _reading(p).items():
        if sentences:
            sheet.write_string(line, 0, heading, styles.header())
            for offset, sentence in enumerate(sentences, start=1):
                _write(sheet, styles, line + offset, 0, sentence, LEFT)
                _set_height(sheet, line + offset, [sentence], [READING_WIDTH])
            line += len(sentences) + 2


def _reading(p: Publication) -> dict[str, list[str]]:
    organisation = p.agreement.settings.organisation
    about = [organisation] if organisation else []
    about += [f"Periode: {formats.quarter(p.period)}.", words.fiction(p), *words.edition(p)]
    return {
        "Over dit werkboek": about,
        "Zo leest u het scorebord": [
            "Een regel is een indicator in een kamer, of in alle kamers samen "
            f"({TOTAL}). Met de pijlen in de kopregel kiest u een kamer, een niveau of een status.",
            "Gerealiseerd en streefwaarde zijn getallen waarmee u kunt rekenen. Staat er > voor een streefwaarde, dan "
            "is meer nodig dan dat getal; anders is het getal zelf genoeg.",
            "Staat er een getal onder Van, dan gaat het om een deel: zoveel van zoveel mensen. Een leeg vak betekent "
            "dat er geen gegevens of geen streefwaarde is; dat is iets anders dan nul.",
            "De status hoort bij het tussendoel. Ondergrens en bovengrens zijn het interval van een aandeel.",
        ],
        "Zo zijn de cijfers gemaakt": words.method(p),
        "Toelichting van de kamers": words.explanations(p),
    }
