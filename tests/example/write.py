"""The fictional dataset: the agreement of 2021 and a year of invented exports, as files with the warts of real ones."""

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from .agreement import ACCOUNTS, ROOM_NAMES, YEAR, Cell, agreement_sheets
from .ledger import Line, ledger
from .registrations import Row, Tables, registrations

Book = dict[str, list[Row]]


class ErrorValue(str):
    """A cell that holds an Excel error such as #N/A, not the text."""


CREATED = datetime.datetime(YEAR, 12, 31)  # written into every workbook, so that the same seed gives the same bytes
QUARTER_ENDS = tuple(datetime.date(YEAR, month, day) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31)))
BEGIN_OF_REGISTER = {"deelnemers": "Ingeschreven", "sleutelbeheer": "Vanaf", "plekken": "Begin"}
OVERLAP = {("deelnames", 3), ("vrijwilligersuren", 3)}  # these exports begin in the week before their quarter
OVERLAP_DAYS = 3
MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
FORMATS = {datetime.date: "dd-mm-yyyy", datetime.datetime: "dd-mm-yyyy hh:mm:ss", datetime.time: "h:mm"}

KW1, KW2, KW3, KW4 = (f"registraties {YEAR} kw{quarter}.xlsx" for quarter in (1, 2, 3, 4))
LEDGER1, LEDGER2, LEDGER3, LEDGER4 = (f"grootboek {YEAR} kw{quarter}.xlsx" for quarter in (1, 2, 3, 4))
LEDGER_SHEETS = ("Grootboek", "Blad1", "Mutaties grootboek", "Export")
SURVEY, SURVEY_SHEET = f"enquete {YEAR}.xlsx", "Sheet1"
AGREEMENT = f"samenwerkingsafspraak-{YEAR}.xlsx"

TITLES = {
    (KW1, "deelnames"): (f"Deelnames eerste kwartaal {YEAR} (fictief)", ""),
    (KW1, "vrijwilligersuren"): (f"Urenlijst vrijwilligers, januari tot en met maart {YEAR} (fictief)",),
    (KW4, "samenwerking"): ("Contacten met partners (fictief)", "Uitgedraaid op 10-01-2022", ""),
    (LEDGER1, "Grootboek"): ("BuurtWerkKamer Coöperatie (fictief)", f"Mutaties eerste kwartaal {YEAR}", ""),
    (LEDGER4, "Export"): (f"Mutaties vierde kwartaal {YEAR} (fictief)",),
}
TOTALS = {
    (KW1, "vrijwilligersuren"): ("Uren",),
    (LEDGER1, "Grootboek"): ("Debet", "Credit"),
    (LEDGER4, "Export"): ("Debet", "Credit"),
}
HEADERS = {
    (KW2, "deelnames"): {"Datum": "datum ", "Activiteit": "Activiteit\u00a0"},
    (KW2, "deelnemers"): {"Lid sinds": "lid_sinds", "Lid tot": "lid_tot"},
    (KW3, "uitstroom"): {"Mede dankzij": "MEDE-DANKZIJ"},
}
# A row copied below itself, with these changes: (file, sheet, place of the row, changes).
COPIED_ROWS: tuple[tuple[str, str, int, Row], ...] = (
    (KW1, "deelnames", 11, {"Datum": datetime.date(YEAR - 1, 12, 30)}),  # outside the year
    (KW2, "deelnames", 50, {"Kamer": "De Handreikng"}),  # a room that does not exist
    (KW2, "deelnames", 90, {"Categorie": "sport"}),  # not a listed category
    (KW3, "deelnames", 700, {}),  # entered twice
    (KW3, "vrijwilligersuren", 40, {"Uren": ErrorValue("#N/A")}),
    (KW3, "doorverwijzingen", 7, {}),  # entered twice
    (KW4, "vrijwilligersuren", 60, {"Uren": -2.0}),
    (KW4, "deelnames", 33, {"Datum": f"31-11-{YEAR}"}),  # no such day
    (KW4, "deelnames", 80, {"Datum": datetime.date(YEAR + 1, 1, 4)}),  # outside the year
    (KW4, "vrijwilligersuren", 90, {"Vrijwilliger": None}),
    (KW4, "interviews", 20, {"Datum": None}),
)


def write_example(folder: Path, seed: int = YEAR) -> list[Path]:
    """Write the agreement of 2021 and a year of fictional exports as workbooks.

    Parameters
    ----------
    folder
        Where the workbooks come; made when it does not exist. Workbooks of the same name are replaced.
    seed
        The same seed gives the same files, byte for byte.

    Returns
    -------
    list of Path
        The files written: the agreement, four quarters of registrations, the survey, four quarters of ledger.

    Raises
    ------
    OSError, xlsxwriter.exceptions.FileCreateError
        When a file cannot be written.
    """
    tables, survey = registrations(seed)
    books: dict[str, Book] = {
        **{name: _quarter(tables, quarter) for quarter, name in enumerate((KW1, KW2, KW3, KW4), start=1)},
        SURVEY: {SURVEY_SHEET: survey},
        **_ledger_books(ledger(seed)),
    }
    _spoil(books)
    folder.mkdir(parents=True, exist_ok=True)
    _write_book(folder / AGREEMENT, agreement_sheets())
    for name, book in books.items():
        sheets = {sheet: _layout(name, sheet, rows) for sheet, rows in book.items()}
        if name == KW1:
            sheets["Leeswijzer"] = [["Elk tabblad is een lijst uit het registratiesysteem."], ["Alles is fictief."]]
        _write_book(folder / name, sheets)
    return [folder / name for name in (AGREEMENT, *books)]


def _quarter(tables: Tables, quarter: int) -> Book:
    """Give what a room would export at the end of a quarter: registers whole, the other tables of the quarter."""
    end = QUARTER_ENDS[quarter - 1]
    before = QUARTER_ENDS[quarter - 2] if quarter > 1 else datetime.date(YEAR - 1, 12, 31)
    book: Book = {}
    for name, rows in tables.items():
        after = before - datetime.timedelta(OVERLAP_DAYS if (name, quarter) in OVERLAP else 0)
        if name in BEGIN_OF_REGISTER:
            known = [row for row in rows if _day(row[BEGIN_OF_REGISTER[name]]) <= end]
            book[name] = [{column: _known(value, end) for column, value in row.items()} for row in known]
        elif name == "klussen":  # a job that was still open comes back in the next export
            open_or_new = [row for row in rows if _day(row["Datum"]) <= end and _day(row["Klaar op"]) > before]
            book[name] = [_job(row, end) for row in open_or_new]
        else:
            book[name] = [row for row in rows if after < _day(row["Datum"]) <= end]
    return book


def _day(value: Cell) -> datetime.date:
    return value if isinstance(value, datetime.date) else datetime.date.max


def _known(value: Cell, end: datetime.date) -> Cell:
    return None if isinstance(value, datetime.date) and value > end else value


def _job(row: Row, end: datetime.date) -> Row:
    done = _day(row["Klaar op"]) <= end
    shown = {column: value for column, value in row.items() if column != "Klaar op"}
    return shown | {"Afgerond": "ja" if done else "nee"}


def _ledger_books(lines: list[Line]) -> dict[str, Book]:
    """Give a ledger export per quarter, each as another program or another export setting would lay it out."""
    names = {account: name for account, name, *_ in ACCOUNTS}
    layouts: tuple[tuple[str, Callable[[Line], Row]], ...] = (
        (LEDGER1, lambda line: _ledger_row(line, line.account, line.room) | _debit_credit(line, None)),
        (LEDGER2, lambda line: _ledger_row(line, f"{line.account} - {names.get(line.account, 'Vraagposten')}",
                                           ROOM_NAMES.get(line.room)) | _debit_credit(line, None)),
        (LEDGER3, lambda line: _ledger_row(line, line.account, line.room) | {"Bedrag": line.cents / 100}),
        (LEDGER4, lambda line: _ledger_row(line, int(line.account), line.room) | _debit_credit(line, 0)),
    )  # fmt: skip
    books: dict[str, Book] = {}
    for quarter, (name, layout) in enumerate(layouts):
        end = QUARTER_ENDS[quarter]
        begin = QUARTER_ENDS[quarter - 1] if quarter else datetime.date(YEAR - 1, 12, 31)
        after = begin - datetime.timedelta(OVERLAP_DAYS if name == LEDGER3 else 0)
        books[name] = {LEDGER_SHEETS[quarter]: [layout(line) for line in lines if after < line.day <= end]}
    return books


def _ledger_row(line: Line, account: Cell, room: Cell) -> Row:
    return {
        "Datum": line.day,
        "Boekstuk": line.voucher,
        "Rekening": account,
        "Omschrijving": line.description,
        "Kostenplaats": room or None,
    }


def _debit_credit(line: Line, zero: Cell) -> Row:
    euros = abs(line.cents) / 100
    return {"Debet": euros if line.cents >= 0 else zero, "Credit": euros if line.cents < 0 else zero}


def _dashes(value: Cell) -> Cell:
    return f"{_day(value):%d-%m-%Y}"


def _month_name(value: Cell) -> Cell:
    day = _day(value)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _dutch(value: Cell) -> Cell:
    """Write 1234.5 as `1.234,50`."""
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def _euro(value: Cell) -> Cell:
    return f"€ {_dutch(value)}".removesuffix(",00")


def _negative_in_brackets(value: Cell) -> Cell:
    text = str(_dutch(value))
    return f"({text[1:]})" if text.startswith("-") else text


def _hours_comma(value: Cell) -> Cell:
    return f"{value:g}".replace(".", ",")


def _clock(value: Cell) -> Cell:
    hours, minutes = divmod(round(float(str(value)) * 60), 60)
    return f"{hours}:{minutes:02d}"


def _clock_cell(value: Cell) -> Cell:
    return datetime.time.fromisoformat(str(_clock(value)).zfill(5))


# The same value written another way, in some of the rows where the column is filled.
RESPELLED: tuple[tuple[str, str, str, slice, Callable[[Cell], Cell]], ...] = (
    (KW1, "deelnames", "Datum", slice(20, 200, 30), _dashes),
    (KW1, "deelnames", "Datum", slice(35, 200, 60), _month_name),
    (KW1, "vrijwilligersuren", "Uren", slice(10, 250, 30), _clock),
    (KW1, "vrijwilligersuren", "Uren", slice(15, 250, 30), _hours_comma),
    (KW1, "vrijwilligersuren", "Uren", slice(400, 480, 20), _clock_cell),
    (KW2, "deelnames", "Categorie", slice(5, 300, 40), lambda value: f"{str(value).replace(' ', '  ')} "),
    (KW2, "deelnames", "Deelnemer", slice(8, 300, 60), lambda value: f"{value}\u00a0"),
    (KW2, "klussen", "Afgerond", slice(3, 60, 9), lambda value: "j" if value == "ja" else "n"),
    (KW2, "samenwerking", "Partner", slice(0, 40, 8), lambda value: f" {str(value).upper()}"),
    (KW3, "vrijwilligersuren", "Groep", slice(100, 300, 50), lambda value: str(value).capitalize()),
    (KW3, "uitstroom", "Mede dankzij", slice(0, 3), lambda value: "x" if value == "ja" else value),
    (KW3, "deelnames", "Kamer", slice(50, 400, 70), lambda value: f"{str(value).lower()} "),
    (KW4, "interviews", "Uitkomst", slice(2, 40, 9), lambda value: str(value).capitalize()),
    (LEDGER2, "Blad1", "Debet", slice(4, 60, 12), _dutch),
    (LEDGER2, "Blad1", "Debet", slice(9, 60, 17), _euro),
    (LEDGER2, "Blad1", "Credit", slice(45, 46), _euro),
    (LEDGER2, "Blad1", "Credit", slice(68, 76), _dutch),
    (LEDGER3, "Mutaties grootboek", "Datum", slice(None), _dashes),
    (LEDGER3, "Mutaties grootboek", "Bedrag", slice(30, 60, 5), _negative_in_brackets),
    (SURVEY, SURVEY_SHEET, "Door de buurtwerkkamer vertrouw ik meer op wat ik zelf kan.", slice(30, 300, 75),
     lambda _: "Weet niet"),
    (SURVEY, SURVEY_SHEET, "Welk cijfer geeft u de inzet van de medewerkers en vrijwilligers? (1 tot en met 10)",
     slice(41, 42), lambda _: 11),
    (SURVEY, SURVEY_SHEET, "Welk cijfer geeft u de inzet van de medewerkers en vrijwilligers? (1 tot en met 10)",
     slice(60, 66, 3), lambda value: f"{value},0"),
)  # fmt: skip


def _spoil(books: dict[str, Book]) -> None:
    """Put the warts of real files in: copied rows (the last first, so that places hold), then other spellings."""
    originals = {(name, sheet): list(rows) for name, book in books.items() for sheet, rows in book.items()}
    for name, sheet, place, changes in sorted(COPIED_ROWS, key=lambda copied: copied[2], reverse=True):
        books[name][sheet].insert(place + 1, originals[name, sheet][place] | changes)
    for name, sheet, column, places, respell in RESPELLED:
        rows = books[name][sheet]
        filled = [place for place, row in enumerate(rows) if row[column] not in (None, "")]
        for place in filled[places]:
            rows[place] = rows[place] | {column: respell(rows[place][column])}


def _layout(name: str, sheet: str, rows: list[Row]) -> list[list[Cell]]:
    """Lay a table out as rows of cells: titles, header, rows, totals."""
    columns = list(rows[0])
    headers = HEADERS.get((name, sheet), {})
    laid_out: list[list[Cell]] = [[title] for title in TITLES.get((name, sheet), ())]
    laid_out.append([headers.get(column, column) for column in columns])
    laid_out += [list(row.values()) for row in rows]
    if totalled := TOTALS.get((name, sheet)):
        sums: Row = {column: round(sum(_number(row[column]) for row in rows), 2) for column in totalled}
        laid_out.append(["Totaal", *(sums.get(column) for column in columns[1:])])
    return laid_out


def _number(value: Cell) -> float:
    """Give the number in a cell, also where it is written as hours and minutes or with a comma."""
    if isinstance(value, datetime.time):
        return value.hour + value.minute / 60
    if isinstance(value, str):
        hours, _, minutes = value.partition(":")
        return float(hours.replace(",", ".")) + int(minutes or 0) / 60
    return float(value) if isinstance(value, (int, float)) else 0.0


def _write_book(path: Path, sheets: dict[str, list[list[Cell]]]) -> None:
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as workbook:
        workbook.set_properties({"created": CREATED})
        formats = {kind: workbook.add_format({"num_format": text}) for kind, text in FORMATS.items()}
        for name, rows in sheets.items():
            worksheet = workbook.add_worksheet(name)
            worksheet.set_column(0, max(map(len, rows)) - 1, 18)
            for place, row in enumerate(rows):
                _write_row(worksheet, place, row, formats)


def _write_row(worksheet: Worksheet, place: int, row: Sequence[Cell], formats: dict[type, Format]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, ErrorValue):
            worksheet.write_formula(place, column, "=NA()", None, value)
        elif isinstance(value, str):
            if value:
                worksheet.write_string(place, column, value)
        elif isinstance(value, (datetime.date, datetime.time)):
            worksheet.write_datetime(place, column, value, formats[type(value)])
        elif value is not None:
            worksheet.write_number(place, column, value)
