"""Small workbooks for the tests, written by XlsxWriter; and a context with two invented rooms to read them in."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from bwk_analysis.door.cells import Limits, Sheet
from bwk_analysis.door.read import Exports, read_exports
from bwk_analysis.door.schema import load_schema
from bwk_analysis.door.sheet import Context, recognise
from bwk_analysis.door.spelling import fold
from bwk_analysis.door.surveys import Question

ROOMS = {fold(name): code for code, names in {"NO": ("NO", "Noord"), "ZU": ("ZU", "De Zuid")}.items() for name in names}
QUESTIONS = (Question("trots", "Ik ben trots", "eens5"), Question("cijfer", "Welk cijfer geeft u?", "cijfer10"))
DAY = dt.date(2023, 4, 3)

VISIT = ["Datum", "Kamer", "Deelnemer", "Categorie", "Activiteit"]
HOURS = ["Datum", "Kamer", "Vrijwilliger", "Groep", "Uren"]
LEDGER = ["Datum", "Boekstuk", "Rekening", "Omschrijving", "Kostenplaats", "Debet", "Credit"]


def context(**changes: Any) -> Context:
    known = {"schema": load_schema(), "rooms": ROOMS, "questions": QUESTIONS, "year": 2023}
    return Context(**known | {"key": b"k" * 32, "limits": Limits()} | changes)


def visit(day: Any = DAY, room: Any = "NO", person: Any = "001", kind: Any = "taal", what: Any = "les") -> list[Any]:
    return [day, room, person, kind, what]


def worked(day: Any = DAY, room: Any = "NO", person: Any = "001", group: Any = "tuin", hours: Any = 2) -> list[Any]:
    return [day, room, person, group, hours]


def line(
    account: Any = "4000", debit: Any = None, credit: Any = None, voucher: Any = "B1", room: Any = "NO"
) -> list[Any]:
    return [DAY, voucher, account, "huur", room, debit, credit]


def write(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "dd-mm-yyyy", "strings_to_formulas": False}) as workbook:
        duration = workbook.add_format({"num_format": "[h]:mm"})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    sheet.write(r, c, value, *([duration] if isinstance(value, dt.timedelta) else []))
    return path


def read(folder: Path, *files: Mapping[str, Sequence[Sequence[Any]]], **changes: Any) -> Exports:
    """The files written and read; they are called a.xlsx, b.xlsx, …"""
    paths = [write(folder / f"{name}.xlsx", sheets) for name, sheets in zip("abcdefgh", files, strict=False)]
    return read_exports(paths, context(**changes))


def sheet(rows: Sequence[Sequence[Any]], name: str = "Blad1", **more: Any) -> Sheet:
    width = max(map(len, rows), default=0)
    return Sheet("a.xlsx", name, [[*row, *[None] * (width - len(row))] for row in rows], **more)


def table_of(rows: Sequence[Sequence[Any]], name: str = "Blad1", **more: Any) -> Any:
    """The table that a sheet is, or the problem that says why it is none."""
    here = sheet(rows, name, **more)
    result = recognise(here, context())
    return result[0].name if result else here.problems[-1]


def said(exports: Exports, severity: str = "") -> list[str]:
    """The problems as `B5 column problem`."""
    found = [p for p in exports.problems if p.severity == severity or not severity]
    return [" ".join(part for part in (p.cell, p.column, p.problem) if part) for p in found]


def counts(exports: Exports) -> list[tuple[int, ...]]:
    """Per sheet: read, accepted, rejected, duplicate, outside the year."""
    return [tuple(map(int, row)) for row in exports.accounting.iloc[:, 2:].to_numpy()]
