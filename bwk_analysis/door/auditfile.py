"""XML Auditfile Financieel (XAF), which Dutch bookkeeping packages export: its transactions as a sheet."""

import re
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from bwk_analysis.door.cells import Cell, Limits, Sheet
from bwk_analysis.door.file import audit_text, inspect
from bwk_analysis.problems import counted, refused

SHEET = "auditfile"
HEADER: list[Cell] = [
    "Datum", "Boekstuk", "Rekening", "Omschrijving", "Kostenplaats", "Project", "Debet", "Credit", "Regel", "RGS",
]  # fmt: skip
COST = HEADER.index("Kostenplaats")
DECLARATION = re.compile(r"\A\s*<\?xml.*?\?>", re.DOTALL)
FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[\da-f]));", re.I
)
COMMA = re.compile(r"[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}", re.ASCII)  # no format allows it, and it is clear
STATED = {"linesCount": "het aantal regels", "totalDebit": "het totaal debet", "totalCredit": "het totaal credit"}

Texts = dict[str, str]


def read_auditfile(path: Path | str, limits: Limits) -> Sheet:
    """The transactions of an audit file: below the header, one row is a transaction line.

    Datum is a date, Debet and Credit are euros (the other one 0), Boekstuk is the journal and the number of the
    transaction, since numbers start again in each journal; Kostenplaats is costID (cost in 4.0; where no line has one
    there is no such column), Project projID (project), RGS the code of the account in the reference scheme. Datum is
    the transaction's day (trDt), and the line's own (effDate, often an invoice's) where that is missing. The opening
    balance is no transaction, and the closing of the year is left out. Problems: the file's control totals that its
    lines do not add up to, and values that are no date or amount (kept as text). A file without transactions gives the
    header alone. It may be alone in a zip, in any encoding, and hold characters that XML forbids.
    The name space does not tell which elements a package writes: the elements are what is read.
    Raises Refused when the file is no audit file of 3.1 or later, has a DTD, is broken or passes a limit.
    """
    path = Path(path)
    if inspect(path, limits) != "xaf":
        raise refused("not_xaf", path.name)
    try:
        text = FORBIDDEN.sub(" ", DECLARATION.sub("", audit_text(path, limits), count=1))
        root = defusedxml.ElementTree.fromstring(text, forbid_dtd=True)
        del text
    except DefusedXmlException:
        raise refused("xaf_dtd", path.name) from None
    except (ParseError, ValueError, LookupError):
        raise refused("xaf_corrupt", path.name) from None
    if root.find("{*}company") is None:
        raise refused("xaf_no_company", path.name)
    codes = {}
    for account in map(_texts, root.iterfind("{*}company/{*}generalLedger/{*}ledgerAccount")):
        codes[account.get("accID", "")] = account.get("leadCode") or account.get("rgs") or account.get("rgsCode")
    sheet, closing = Sheet(path.name, SHEET, [list(HEADER)]), Sheet(path.name, SHEET, [])
    for journal in root.iterfind("{*}company/{*}transactions/{*}journal"):
        of_journal = _texts(journal)
        for transaction in journal.iterfind("{*}transaction"):
            of_transaction = _texts(transaction)
            lines = [_texts(line) for line in transaction.iterfind("{*}trLine")]
            rows = closing if _closes_year(of_journal, of_transaction, lines) else sheet
            for line in lines:
                if len(sheet.rows) + len(closing.rows) > limits.rows:
                    raise refused("xaf_too_long", path.name, most=limits.rows)
                if not {"accID", "amnt", "amntTp"} <= line.keys():
                    raise refused("xaf_line", path.name)
                _add(rows, of_journal, of_transaction, line, codes.get(line["accID"]))
    _control(sheet, closing.rows, root)
    if closing.rows:
        sheet.say("xaf_closing", lines=counted(len(closing.rows), "boekingsregel is", "boekingsregels zijn"))
    if not any(row[COST] for row in sheet.rows[1:]):
        sheet.rows[0][COST] = None
    return sheet


def _closes_year(journal: Texts, transaction: Texts, lines: list[Texts]) -> bool:
    """Whether a transaction brings the accounts of the year to nought: in a journal of type Z, or after period 12.

    Packages with one type for all other journals call a memorial Z too, and some number their periods from 101: of the
    last day alone a journal Z is the closing, and a period of three digits is none. `balance.closings` warns of others.
    """
    period = transaction.get("periodNumber", "")
    days = [_day(transaction.get("trDt") or line.get("effDate")) for line in lines]
    last_day = all(isinstance(day, date) and (day.month, day.day) == (12, 31) for day in days)
    return (journal.get("jrnTp") == "Z" and last_day) or (period.isdecimal() and 12 < int(period) < 100)


def _add(sheet: Sheet, journal: Texts, transaction: Texts, line: Texts, code: str | None) -> None:
    """A line as a row, and what is wrong in it."""
    day = _day(transaction.get("trDt") or line.get("effDate"))
    kind, amount = line["amntTp"].upper(), _amount(line["amnt"])
    sides: tuple[Cell, Cell] = (0.0, amount) if kind == "C" else (amount, 0.0) if kind == "D" else (None, None)
    if not isinstance(day, date):
        sheet.say("xaf_day", (len(sheet.rows), HEADER.index("Datum")), "Datum")
    if kind not in ("D", "C") or not isinstance(amount, float):
        wrong = "xaf_amount" if kind in ("D", "C") else "xaf_side"
        sheet.say(wrong, (len(sheet.rows), HEADER.index("Debet")), "Debet")
    number = "-".join(filter(None, (journal.get("jrnID"), transaction.get("nr"))))
    words = line.get("desc") or transaction.get("desc")
    parts = line.get("costID") or line.get("cost"), line.get("projID") or line.get("project")
    texts = (text or None for text in (number, line["accID"], words, *parts))
    sheet.rows.append([day, *texts, *sides, line.get("nr") or None, code or None])


def _texts(element: Element) -> Texts:
    """The texts of its children by name, whatever their name space."""
    return {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in element}


def _day(text: str | None) -> date | str | None:
    with suppress(ValueError):
        return date.fromisoformat((text or "").partition("T")[0])
    return text


def _amount(text: str | None) -> float | str | None:
    if text and COMMA.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    with suppress(InvalidOperation):
        if (amount := Decimal(text or "NaN")).is_finite():
            return float(amount)
    return text


def _control(sheet: Sheet, left_out: list[list[Cell]], root: Element) -> None:
    """What the file says of itself against what it holds; a float is written with the digits the file had."""
    rows = sheet.rows[1:] + left_out
    if not rows and root.find("{*}company/{*}transactions") is None:
        sheet.say("xaf_no_lines")
        return
    unread = any(type(row[6]) is not float or type(row[7]) is not float for row in rows)
    totals = [sum((Decimal(str(row[at])) for row in rows if type(row[at]) is float), Decimal("0.00")) for at in (6, 7)]
    transactions = root.find("{*}company/{*}transactions")
    said_of_itself = {} if transactions is None else _texts(transactions)
    for (name, what), found in zip(STATED.items(), (Decimal(len(rows)), *totals), strict=True):
        stated = said_of_itself.get(name)
        if unread and name != "linesCount":
            continue  # has been said of the line
        if _amount(stated) != float(found):
            said = "xaf_total" if stated else "xaf_no_total"
            sheet.say(said, column=name, what=what, stated=stated, found=found)
