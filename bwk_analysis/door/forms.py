"""Empty workbooks for whoever registers in Excel by hand: the right headers, notes, lists and checks while typing."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xlsxwriter

from bwk_analysis.agreement import TOTAL, Agreement
from bwk_analysis.door.agreed import SETTINGS
from bwk_analysis.door.schema import Column, Table, load_schema, load_tables, schema_of
from bwk_analysis.door.values import HOURS_PER_DAY

REGISTRATIONS, AGREEMENT = "registraties.xlsx", "afspraak.xlsx"
LAST_ROW = 5_000  # the lists and checks reach this far down
LONGEST_LIST = 255  # what Excel takes as a list inside a check
CREATED = dt.datetime(2000, 1, 1)  # the same template has the same bytes
FORMATS = {"day": "dd-mm-yyyy", "number": "#,##0.00", "hours": "0.0#", "person": "@", "key": "@", "account": "@"}
EXPECTED = {"yes_no": "Kies ja of nee.", "room": "Kies een kamer."}  # of a list; else: from the list
CHECKS: dict[str, tuple[str, Any, Any, str]] = {  # kind: what may be typed, from, up to and including, said
    "day": ("date", dt.date(1900, 1, 1), dt.date(2200, 12, 31), "Een datum, bijvoorbeeld 31-12-2024."),
    "number": ("decimal", -1e9, 1e9, "Een getal, bijvoorbeeld 1.234,56."),
    "hours": ("decimal", 0, HOURS_PER_DAY, "Uren van één dag, van 0 tot en met 24."),
}


def write_templates(folder: Path, agreement: Agreement | None) -> list[Path]:
    """Write `registraties.xlsx` (a sheet per export table) and `afspraak.xlsx` (the agreement's sheets); their paths.

    agreement : gives the rooms and questions to choose from; without one these may be typed freely.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rooms = agreement.room_codes if agreement else []
    known = {"room": rooms}
    if agreement:
        known["vraag"] = agreement.questions["question"].tolist()
    schema = schema_of(agreement.aliases, agreement.own_columns) if agreement else load_schema()
    exports, agreed = schema.tables.values(), load_tables("agreement.toml").values()
    by_hand = [
        (t, [c for c in t.columns.values() if c.name not in t.instead_of and c.kind != "contra"]) for t in exports
    ]
    _write(folder / REGISTRATIONS, by_hand, known)
    _write(folder / AGREEMENT, [(t, [*t.columns.values(), *_room_columns(t, rooms)]) for t in agreed], {})
    return [folder / REGISTRATIONS, folder / AGREEMENT]


def _room_columns(table: Table, rooms: Iterable[str]) -> list[Column]:
    if not table.room_columns:
        return []
    note = "Het bedrag in euro's van deze kamer. Elke kamer heeft een eigen kolom, met haar code erboven."
    total = Column(TOTAL, "number", note="Het gedrukte totaal van de regel, als dat er is.")
    return [*(Column(room, "number", required=True, note=note) for room in rooms), total]


def _write(path: Path, sheets: list[tuple[Table, list[Column]]], known: dict[str, list[str]]) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties({"created": CREATED})
        colours = {True: "#FFE699", False: "#EDEDED"}  # of a header that must be filled in, and of another
        header = {must: workbook.add_format({"bold": True, "bottom": 1, "bg_color": c}) for must, c in colours.items()}
        formats = {kind: workbook.add_format({"num_format": code}) for kind, code in FORMATS.items()}
        for table, columns in sheets:
            sheet = workbook.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            for index, column in enumerate(columns):
                sheet.set_column(index, index, max(12, len(column.name) + 4), formats.get(column.kind))
                sheet.write_string(0, index, column.name, header[_must(column)])
                note = f"{column.note}\n{'Verplicht.' if _must(column) else 'Mag leeg blijven.'}"
                sheet.write_comment(0, index, note, {"x_scale": 2, "author": ""})
                if check := _check(column, table, known):
                    sheet.data_validation(1, index, LAST_ROW, index, check)
            if table.name == "instellingen":
                sheet.write_column(1, 0, SETTINGS)


def _must(column: Column) -> bool:
    return column.required and not column.may_be_empty


def _check(column: Column, table: Table, known: dict[str, list[str]]) -> dict[str, Any] | None:
    """What Excel may let in, as XlsxWriter wants to have it; None for free text."""
    if choices := _choices(column, table, known):
        check: dict[str, Any] = {"validate": "list", "source": choices}
        expected = EXPECTED.get(column.kind, "Kies uit de lijst.")
    elif column.kind in CHECKS:
        what, low, high, expected = CHECKS[column.kind]
        check = {"validate": what, "criteria": "between", "minimum": low, "maximum": high}
    else:
        return None
    return check | {"ignore_blank": True, "error_title": column.name[:32], "error_message": expected}


def _choices(column: Column, table: Table, known: dict[str, list[str]]) -> list[str]:
    if column.kind == "yes_no":
        return ["ja", "nee"]
    words = list(dict.fromkeys(table.words.get(column.name, {}).values()))
    choices = words or known.get(column.kind, []) or known.get(column.name, [])
    fits = len(",".join(choices)) <= LONGEST_LIST and not any("," in choice for choice in choices)
    return choices if fits else []
