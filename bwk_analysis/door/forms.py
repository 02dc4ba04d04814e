"""Empty workbooks for whoever registers in Excel by hand: the right headers, notes, lists and checks while typing."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xlsxwriter

from bwk_analysis.agreement import TOTAL, Agreement
from bwk_analysis.door.agreed import SETTINGS
from bwk_analysis.door.schema import Column, Table, load_schema, load_tables
from bwk_analysis.door.values import HOURS_PER_DAY

REGISTRATIONS, AGREEMENT = "registraties.xlsx", "afspraak.xlsx"
LAST_ROW = 5_000  # the lists and checks reach this far down
LONGEST_LIST = 255  # what Excel takes as a list inside a check
CREATED = dt.datetime(2000, 1, 1)  # the same template has the same bytes
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2200, 12, 31)
FORMATS = {"day": "dd-mm-yyyy", "number": "#,##0.00", "hours": "0.0#", "person": "@", "key": "@", "account": "@"}
EXPECTED = {
    "day": "Een datum, bijvoorbeeld 31-12-2024.",
    "number": "Een getal, bijvoorbeeld 1.234,56.",
    "hours": "Uren van één dag, van 0 tot en met 24.",
    "yes_no": "Kies ja of nee.",
    "word": "Kies uit de lijst.",
    "room": "Kies een kamer.",
}


def write_templates(folder: Path, agreement: Agreement | None) -> list[Path]:
    """Write `registraties.xlsx` (a sheet per export table) and `afspraak.xlsx` (the agreement's sheets); their paths.

    agreement : gives the rooms, questions and funders to choose from; without one these may be typed freely.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rooms = agreement.room_codes if agreement else []
    known = {"room": rooms}
    if agreement:
        known |= {"vraag": agreement.questions["question"].tolist(), "funder": agreement.funding["funder"].tolist()}
    sheets = [(table, _by_hand(table)) for table in load_schema().tables.values()]
    _write(folder / REGISTRATIONS, sheets, known)
    tables = load_tables("agreement.toml")
    _write(folder / AGREEMENT, [(t, [*t.columns.values(), *_room_columns(t, rooms)]) for t in tables.values()], {})
    return [folder / REGISTRATIONS, folder / AGREEMENT]


def _by_hand(table: Table) -> list[Column]:
    """One way to write an amount is enough."""
    return [column for column in table.columns.values() if column.name not in table.instead_of]


def _room_columns(table: Table, rooms: Iterable[str]) -> list[Column]:
    if not table.room_columns:
        return []
    note = "Het bedrag in euro's van deze kamer. Elke kamer heeft een eigen kolom, met haar code erboven."
    total = Column(TOTAL, "number", note="Het gedrukte totaal van de regel, als dat er is.")
    return [*(Column(room, "number", required=True, note=note) for room in rooms), total]


def _write(path: Path, sheets: list[tuple[Table, list[Column]]], known: dict[str, list[str]]) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties({"created": CREATED})
        header = {required: workbook.add_format(_header_style(required)) for required in (True, False)}
        formats = {kind: workbook.add_format({"num_format": code}) for kind, code in FORMATS.items()}
        for table, columns in sheets:
            sheet = workbook.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            for index, column in enumerate(columns):
                sheet.set_column(index, index, max(12, len(column.name) + 4), formats.get(column.kind))
                sheet.write_string(0, index, column.name, header[_must(column)])
                sheet.write_comment(0, index, _note(column), {"x_scale": 2, "author": ""})
                if check := _check(column, table, known):
                    sheet.data_validation(1, index, LAST_ROW, index, check)
            if table.name == "instellingen":
                sheet.write_column(1, 0, SETTINGS)


def _must(column: Column) -> bool:
    return column.required and not column.may_be_empty


def _header_style(required: bool) -> dict[str, Any]:
    return {"bold": True, "bottom": 1, "bg_color": "#FFE699" if required else "#EDEDED"}


def _note(column: Column) -> str:
    return f"{column.note}\n{'Verplicht.' if _must(column) else 'Mag leeg blijven.'}"


def _check(column: Column, table: Table, known: dict[str, list[str]]) -> dict[str, Any] | None:
    """What Excel may let in, as XlsxWriter wants to have it; None for free text."""
    if choices := _choices(column, table, known):
        return _said(column, {"validate": "list", "source": choices})
    if column.kind == "day":
        return _said(column, {"validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY})
    if column.kind == "hours":
        return _said(column, {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": HOURS_PER_DAY})
    if column.kind == "number":
        return _said(column, {"validate": "decimal", "criteria": "between", "minimum": -1e9, "maximum": 1e9})
    return None


def _choices(column: Column, table: Table, known: dict[str, list[str]]) -> list[str]:
    if column.kind == "yes_no":
        return ["ja", "nee"]
    words = list(dict.fromkeys(table.words.get(column.name, {}).values()))
    choices = words or known.get(column.kind, []) or known.get(column.name, [])
    fits = len(",".join(choices)) <= LONGEST_LIST and not any("," in choice for choice in choices)
    return choices if fits else []


def _said(column: Column, check: dict[str, Any]) -> dict[str, Any]:
    expected = EXPECTED.get(column.kind, "Kies uit de lijst.")
    return check | {"ignore_blank": True, "error_title": column.name[:32], "error_message": expected}
