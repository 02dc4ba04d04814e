"""XML Auditfile Financieel (XAF), which Dutch bookkeeping packages export: its transactions as a sheet."""

from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from bwk_analysis.door.cells import Cell, Limits, Sheet
from bwk_analysis.door.file import inspect, opened
from bwk_analysis.problems import counted, refused

SHEET = "auditfile"
HEADER: list[Cell] = ["Datum", "Boekstuk", "Rekening", "Omschrijving", "Kostenplaats", "Project", "Debet", "Credit"]
STATED = {"linesCount": "het aantal regels", "totalDebit": "het totaal debet", "totalCredit": "het totaal credit"}

Texts = dict[str, str]


def read_auditfile(path: Path | str, limits: Limits) -> Sheet:
    """The transactions of an audit file: below the header, one row is a transaction line.

    Datum is a date, Debet and Credit are euros (the other one 0), Boekstuk is the journal and the number of the
    transaction, since numbers start again in each journal; Kostenplaats is costID (cost in 4.0), Project projID
    (project). Datum is the transaction's day (trDt), and the line's own (effDate, often an invoice's) where that is
    missing. The opening balance is no transaction, and the closing of the year is left out. Problems: the file's
    control totals that its lines do not add up to, and values that are no date or amount (kept as text). A file without
    transactions gives the header alone.
    The name space does not tell which elements a package writes: the elements are what is read.
    Raises Refused when the file is no audit file of 3.1 or later, has a DTD, is broken or passes a limit.
    """
    path = Path(path)
    if inspect(path, limits) != "xaf":
        raise refused("not_xaf", path.name)
    try:
        with opened(path) as handle:
            root = defusedxml.ElementTree.parse(handle, forbid_dtd=True).getroot()
    except DefusedXmlException:
        raise refused("xaf_dtd", path.name) from None
    except (ParseError, ValueError, LookupError):
        raise refused("xaf_corrupt", path.name) from None
    if root.find("{*}company") is None:
        raise refused("xaf_no_company", path.name)
    sheet, closing = Sheet(path.name, SHEET, [list(HEADER)]), Sheet(path.name, SHEET, [])
    for journal in root.iterfind("{*}company/{*}transactions/{*}journal"):
        of_journal = _texts(journal)
        for transaction in journal.iterfind("{*}transaction"):
            of_transaction = _texts(transaction)
            rows = closing if _closes_year(of_journal, of_transaction) else sheet
            for line in map(_texts, transaction.iterfind("{*}trLine")):
                if len(sheet.rows) + len(closing.rows) > limits.rows:
                    raise refused("xaf_too_long", path.name, most=limits.rows)
                if not {"accID", "amnt", "amntTp"} <= line.keys():
                    raise refused("xaf_line", path.name)
                _add(rows, of_journal, of_transaction, line)
    _control(sheet, closing.rows, root)
    if closing.rows:
        sheet.say("xaf_closing", lines=counted(len(closing.rows), "boekingsregel is", "boekingsregels zijn"))
    return sheet


def _closes_year(journal: Texts, transaction: Texts) -> bool:
    """Whether a transaction brings the accounts of the year to nought: in a journal of type Z, or after period 12.

    Packages with one type for all other journals call a memorial Z too, and some number their periods from 101: of the
    last day alone a journal Z is the closing, and a period of three digits is none.
    """
    period, day = transaction.get("periodNumber", ""), _day(transaction.get("trDt"))
    last_day = isinstance(day, date) and (day.month, day.day) == (12, 31)
    return (journal.get("jrnTp") == "Z" and last_day) or (period.isdecimal() and 12 < int(period) < 100)


def _add(sheet: Sheet, journal: Texts, transaction: Texts, line: Texts) -> None:
    """A line as a row, and what is wrong in it."""
    day = _day(transaction.get("trDt") or line.get("effDate"))
    kind, amount = line["amntTp"], _amount(line["amnt"])
    sides: tuple[Cell, Cell] = (0.0, amount) if kind == "C" else (amount, 0.0) if kind == "D" else (None, None)
    if not isinstance(day, date):
        sheet.say("xaf_day", (len(sheet.rows), HEADER.index("Datum")), "Datum")
    if kind not in ("D", "C") or not isinstance(amount, float):
        wrong = "xaf_amount" if kind in ("D", "C") else "xaf_side"
        sheet.say(wrong, (len(sheet.rows), HEADER.index("Debet")), "Debet")
    number = "-".join(filter(None, (journal.get("jrnID"), transaction.get("nr"))))
    words = line.get("desc") or transaction.get("desc")
    parts = line.get("costID") or line.get("cost"), line.get("projID") or line.get("project")
    sheet.rows.append([day, *(text or None for text in (number, line["accID"], words, *parts)), *sides])


def _texts(element: Element) -> Texts:
    """The texts of its children by name, whatever their name space."""
    return {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in element}


def _day(text: str | None) -> date | str | None:
    with suppress(ValueError):
        return date.fromisoformat((text or "").partition("T")[0])
    return text


def _amount(text: str | None) -> float | str | None:
    with suppress(InvalidOperation):
        if (amount := Decimal(text or "NaN")).is_finite():
            return float(amount)
    return text


def _control(sheet: Sheet, left_out: list[list[Cell]], root: Element) -> None:
    """What the file says of itself against what it holds; a float is written with the digits the file had."""
    rows = sheet.rows[1:] + left_out
    totals = [sum((Decimal(str(row[at])) for row in rows if type(row[at]) is float), Decimal("0.00")) for at in (6, 7)]
    transactions = root.find("{*}company/{*}transactions")
    said_of_itself = {} if transactions is None else _texts(transactions)
    for (name, what), found in zip(STATED.items(), (Decimal(len(rows)), *totals), strict=True):
        stated = said_of_itself.get(name)
        if _amount(stated) != float(found):
            said = "xaf_total" if stated else "xaf_no_total"
            sheet.say(said, column=name, what=what, stated=stated, found=found)
