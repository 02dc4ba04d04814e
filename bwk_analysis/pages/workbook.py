"""`scorebord.xlsx` for who works in Excel: figures as figures, text as text, definitions on a sheet of their own."""

import math
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from bwk_analysis import periods
from bwk_analysis.agreement import Agreement
from bwk_analysis.findings import aim
from bwk_analysis.pages import formats, tables
from bwk_analysis.pages.block import TEMPLATES, told, told_money
from bwk_analysis.status import STATUS
from bwk_analysis.steps import Shown

Row = Any  # a row of itertuples: its fields are the columns of the frame

A4 = 9
LINE_HEIGHT = 15  # points
HEADER = {"bold": True, "bg_color": "#E7EEF1", "bottom": 1}
WORDS = tomllib.loads((TEMPLATES / "workbook.toml").read_text(encoding="utf-8"))


class Figure(NamedTuple):
    """A number and how Excel shows it."""

    value: float
    format: str


Cell = Figure | str  # an empty text is an empty cell


def write(
    path: Path, *, scorecard: Shown, finance: Shown, agreement: Agreement, period: pd.Period,
    sentences: Mapping[str, Sequence[str]],
) -> None:  # fmt: skip
    """Write `scorebord.xlsx`: sheets Overzicht, Scorebord, Definities, Geld, Leeswijzer. Same input, same bytes.

    An exact figure is a number, a range its text (`5–9`), and one that is not told says so; without data a cell is
    empty. sentences : heading -> what the Leeswijzer says below it, such as how the figures are made. Raises TypeError
    for a frame that did not come through `show`.
    """
    card, money, indicators = told(scorecard), told_money(finance), agreement.indicators
    card = card.assign(unit=formats.units(card, indicators))
    edition, when = WORDS["edition"][scorecard.edition], formats.quarter(period)
    fictional = [WORDS["fictional"]] if agreement.settings.fictional else []
    about = [agreement.settings.organisation, f"Periode: {when}.", f"Dit is de {edition}."]
    about += fictional or [WORDS["real"]]
    texts = {"Over dit werkboek": about, "Zo leest u het scorebord": WORDS["how_to_read"], **sentences}
    sheets: dict[str, Iterable[Sequence[Cell]]] = {
        "Scorebord": map(_scored, card.itertuples()),
        "Definities": map(_defined, indicators.astype(object).where(indicators.notna(), "").itertuples()),
        "Geld": map(_paid, _in_words(money, agreement).itertuples()),
    }
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        style = cache(lambda **looks: book.add_format({"valign": "top", **looks}))
        book.set_properties({"title": "Scorebord", "subject": when, "created": periods.reference_day(period)})

        def sheet(name: str, widths: Sequence[int], lines: Sequence[Sequence[Cell]], headings: Collection[int]) -> None:
            made, above = book.add_worksheet(name), [f"{name}, {when}, {edition}", *fictional]
            top = _write_sheet(made, style, above, widths, lines, headings)
            if name in sheets:
                made.autofilter(top, 0, top + len(lines) - 1, len(widths) - 1)
                made.freeze_panes(top + 1, 0)
                made.repeat_rows(top)

        columns, lines = _overview(scorecard, finance, agreement)
        sheet("Overzicht", [*WORDS["overview_widths"], *[18] * (len(columns) - 2)], lines, {0})
        for name, rows in sheets.items():
            headings, widths = zip(*WORDS["columns"][name], strict=True)
            sheet(name, widths, [headings, *rows], {0})
        told_below, heads = list[Sequence[Cell]](), set[int]()
        for heading, below in texts.items():
            if any(below):
                heads.add(len(told_below))
                told_below += [[heading], *([text] for text in below if text), [""]]
        sheet("Leeswijzer", [WORDS["reading_width"]], told_below, heads)


# --- the lines of each sheet ------------------------------------------------------------------------------------------


def _overview(scorecard: Shown, finance: Shown, agreement: Agreement) -> tuple[list[str], list[Sequence[Cell]]]:
    """A line per indicator, as on the board's second page: the target, and each room's figure with its status."""
    rooms, levels = tables.lines(scorecard, agreement, finance=finance)
    heads = [*WORDS["overview"], *(room.name for room in rooms), "Samen"]
    lines: list[Sequence[Cell]] = [heads]
    for level, of in levels.items():
        lines.append([formats.LEVELS.get(level, level.capitalize()), *[""] * (len(heads) - 1)])
        for line in of:
            goal = " ".join(filter(None, [line.goal, line.due]))
            lines.append([line.name, goal, *(_in_one(cell) for cell in [*line.cells, line.samen])])
    return heads, lines


def _in_one(cell: tables.Cell | None) -> str:
    if cell is None or cell.word == "geen gegevens":
        return "geen gegevens"
    word = f", {cell.word}" if STATUS[cell.word].sign and cell.word != formats.NOT_SHOWN else ""
    figure = " ".join(filter(None, [cell.figure or cell.word, cell.of, cell.extra and f"({cell.extra})"]))
    return f"{figure}{word}{' ±' if cell.chance else ''}"


def _scored(row: Row) -> list[Cell]:
    shown, due = formats.figure_beside_target(row.value, aim(row), row.unit)
    target = formats.target_text(row.target, "", row.unit)
    untold = row.value is None and row.status != "geen gegevens"
    return [
        row.level.capitalize(),
        str(row.indicator),
        str(row.name),
        str(row.room),
        shown if untold else _figure(row.value, row.unit, shown),
        "" if row.unit in ("aandeel", "cijfer") else _count(row.denominator),
        "" if formats.is_missing(row.target) else WORDS["needed"].get(row.operator, ""),
        _figure(row.target, row.unit, target, row.operator),
        _count(row.target_denominator),
        _figure(row.interim_target, row.unit, due, row.operator),
        str(row.status),
        _count(row.n),
        *(
            Figure(bound[end], "0%") if isinstance(bound, tuple) else ""
            for end, bound in enumerate((row.lower, row.upper))
        ),
        "ja" if not formats.is_missing(row.uncertain) and row.uncertain else "",
        str(row.unit),
    ]


def _figure(value: formats.Told, unit: str, shown: str, operator: str = "") -> Cell:
    """A number with the decimals of the text it is shown as elsewhere; a range and a verdict are text."""
    if not isinstance(value, tuple) or value[0] != value[1]:
        return "" if formats.is_missing(value) else shown
    decimals = len(shown.rstrip("%").partition(",")[2])
    code = "#,##0" + ("." + "0" * decimals if decimals else "") + ("%" if unit == "aandeel" else "")
    return Figure(value[0], f'"> "{code}' if operator == ">" else code)


def _count(value: formats.Told) -> Cell:
    return _figure(value, "aantal", formats.span(value, "aantal"))


def _defined(row: Row) -> list[Cell]:
    """Of an indicator also how it is counted: `deelnames: verschillende waarden van deelnemer, waar dienst = taal`."""
    how = " ".join(filter(None, [WORDS["measure"].get(row.measure, row.measure), row.field]))
    if row.measure != "verdict":
        where = f", waar {row.filter}" if row.filter else ""
        numerator = f"; daarvan {row.numerator}" if row.numerator else ""
        time = row.time or "datum"
        how = f"{row.table}: {how}{where}{numerator}; {WORDS['time'].get(time, time)}"
    return [row.code, row.name, row.explanation or row.method, row.method, how, row.sensitive]


def _paid(row: Row) -> list[Cell]:
    cell = formats.NOT_SHOWN if row.value is None else _figure(row.value, row.unit, formats.span(row.value, row.unit))
    if isinstance(cell, Figure):
        cell = Figure(cell.value, WORDS["amount"].get(row.unit, WORDS["amount"]["else"]))
    return [row.kind, row.item, str(row.room), cell, str(row.unit)]


def _in_words(finance: pd.DataFrame, agreement: Agreement) -> pd.DataFrame:
    """Finance, with kinds and items in words."""
    posts = agreement.budget.dropna(subset="description").drop_duplicates("post")
    names = dict(zip(posts["post"], posts["post"] + " " + posts["description"], strict=True))
    item = finance["item"].replace(names).astype("str")
    for whole, words in WORDS["whole"].items():
        item = item.str.replace(rf" / {whole}$", f", {words}", regex=True)
    return finance.assign(kind=finance["kind"].replace(WORDS["kind"]), item=item)


# --- how a sheet is written -------------------------------------------------------------------------------------------


def _write_sheet(
    sheet: Worksheet, style: Callable[..., Any], above: Sequence[str], widths: Sequence[int],
    lines: Sequence[Sequence[Cell]], headings: Collection[int],
) -> int:  # fmt: skip
    """Lines of cells below what the sheet is about, to print on A4 across; gives the row of the first line.

    widths : of each column, in characters. headings : which lines are.
    """
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5)
    sheet.set_footer("&L&A&RPagina &P van &N")
    for row, text in enumerate(above):
        sheet.write_string(row, 0, text, style(bold=True, **({} if row else {"font_size": 14})))
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    figures = {at for line in lines for at, cell in enumerate(line) if isinstance(cell, Figure)}
    top = len(above) + 1
    for number, line in enumerate(lines):
        for at, cell in enumerate(line):
            side = {"align": "right"} if at in figures else {"align": "left", "indent": 1}
            if isinstance(cell, Figure):
                sheet.write_number(top + number, at, cell.value, style(num_format=cell.format))
            elif cell:
                looks = HEADER if number in headings else {}
                sheet.write_string(top + number, at, cell, style(text_wrap=True, **side, **looks))
        # as high as its longest text; not every program works that out by itself
        high = [math.ceil(len(text) / width) for text, width in zip(line, widths, strict=True) if isinstance(text, str)]
        sheet.set_row(top + number, LINE_HEIGHT * max([1, *high]))
    return top
