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
from bwk_analysis.problems import Problem, refuse

SHEET = "auditfile"
HEADER: list[Cell] = ["Datum", "Boekstuk", "Rekening", "Omschrijving", "Kostenplaats", "Project", "Debet", "Credit"]
STATED = {"linesCount": "het aantal regels", "totalDebit": "het totaal debet", "totalCredit": "het totaal credit"}
EXPORT_32 = "Exporteer de auditfile opnieuw uit het boekhoudpakket, als XAF versie 3.2 of 4.0."
COMPLETE = "Exporteer de auditfile opnieuw en lever haar in haar geheel aan; regels kunnen ontbreken of gewijzigd zijn."

Texts = dict[str, str]


def read_auditfile(path: Path | str, limits: Limits) -> tuple[Sheet, list[Problem]]:
    """The transactions of an audit file: below the header, one row is a transaction line.

    Datum is a date, Debet and Credit are euros (the other one 0), Boekstuk is the journal and the number of the
    transaction, since numbers start again in each journal; Kostenplaats is costID (cost in 4.0), Project projID
    (project). Datum is the line's own date (effDate); in 4.0, where that is an invoice's date, the transaction's
    (trDt). The opening balance is no transaction. Problems: the file's control totals that its lines do not add up to,
    and values that are no date or amount (kept as text). A file without transactions gives the header alone.
    The name space does not tell which elements a package writes: the elements are what is read.

    Raises
    ------
    Refused
        When the file is no audit file of 3.1 or later, has a DTD, is broken or passes a limit.
    """
    path = Path(path)
    if inspect(path, limits) != "xaf":
        raise refuse(path.name, "dit is een werkmap, geen auditfile (XAF)", EXPORT_32)
    try:
        with opened(path) as handle:
            root = defusedxml.ElementTree.parse(handle, forbid_dtd=True).getroot()
    except DefusedXmlException:
        problem = "in de auditfile staat een DTD of entiteit; geen enkel boekhoudpakket schrijft die"
        raise refuse(path.name, problem, "Vertrouw het bestand niet zomaar: vraag de afzender om een nieuwe.") from None
    except (ParseError, ValueError, LookupError):
        raise refuse(path.name, "de auditfile is beschadigd of niet volledig", COMPLETE) from None
    if root.find("{*}company") is None:
        problem = "de auditfile is van een onbekende of oudere versie: de onderneming (company) ontbreekt"
        raise refuse(path.name, problem, EXPORT_32)
    rows, problems = _lines(root, path.name, limits)
    return Sheet(path.name, SHEET, [list(HEADER), *rows]), problems + _control(root, rows, path.name)


def _lines(root: Element, file: str, limits: Limits) -> tuple[list[list[Cell]], list[Problem]]:
    of_line = not root.tag.partition("}")[0].endswith("4.0")
    rows: list[list[Cell]] = []
    problems: list[Problem] = []
    for journal in root.iterfind("{*}company/{*}transactions/{*}journal"):
        of_journal = _texts(journal)
        for transaction in journal.iterfind("{*}transaction"):
            of_transaction = _texts(transaction)
            for line in map(_texts, transaction.iterfind("{*}trLine")):
                if len(rows) == limits.rows:
                    problem = f"de auditfile heeft meer dan {limits.rows} boekingsregels"
                    raise refuse(file, problem, "Exporteer de auditfile per periode.")
                if not {"accID", "amnt", "amntTp"} <= line.keys():
                    problem = "een boekingsregel in de auditfile heeft geen rekening, bedrag of D/C"
                    raise refuse(file, problem, EXPORT_32)
                row, wrong = _row(of_journal, of_transaction, line, of_line)
                rows.append(row)
                for column, problem in wrong.items():
                    cell = f"{'ABCDEFGH'[HEADER.index(column)]}{len(rows) + 1}"
                    problems.append(Problem(file, SHEET, cell, column, "error", problem, EXPORT_32))
    return rows, problems


def _row(journal: Texts, transaction: Texts, line: Texts, of_line: bool) -> tuple[list[Cell], dict[str, str]]:
    """A line as a row, and what is wrong in it by column; `of_line` says that the line's own day counts."""
    wrong = {}
    days = line.get("effDate"), transaction.get("trDt")
    day = _day((days[0] or days[1]) if of_line else (days[1] or days[0]))
    if not isinstance(day, date):
        wrong["Datum"] = "bij een boekingsregel staat geen geldige datum"
    kind, amount = line["amntTp"], _amount(line["amnt"])
    sides: tuple[Cell, Cell] = (0.0, amount) if kind == "C" else (amount, 0.0)
    if kind not in ("D", "C"):
        wrong["Debet"] = "bij een boekingsregel staat niet of het bedrag debet (D) of credit (C) is"
        sides = (None, None)
    elif not isinstance(amount, float):
        wrong["Debet"] = "bij een boekingsregel staat geen geldig bedrag"
    number = "-".join(filter(None, (journal.get("jrnID"), transaction.get("nr"))))
    words = line.get("desc") or transaction.get("desc")
    parts = line.get("costID") or line.get("cost"), line.get("projID") or line.get("project")
    return [day, *(text or None for text in (number, line["accID"], words, *parts)), *sides], wrong


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


def _control(root: Element, rows: list[list[Cell]], file: str) -> list[Problem]:
    """What the file says of itself against what it holds; a float is written with the digits the file had."""
    totals = [sum((Decimal(str(row[at])) for row in rows if type(row[at]) is float), Decimal("0.00")) for at in (6, 7)]
    counted = {"linesCount": Decimal(len(rows)), "totalDebit": totals[0], "totalCredit": totals[1]}
    transactions = root.find("{*}company/{*}transactions")
    said_of_itself = {} if transactions is None else _texts(transactions)
    problems = []
    for name, found in counted.items():
        stated = said_of_itself.get(name)
        if _amount(stated) != float(found):
            said = f"is volgens het bestand {stated}" if stated else "staat niet in het bestand"
            problem = f"{STATED[name]} {said}, en opgeteld uit de regels {found}"
            severity = "error" if stated else "warning"
            problems.append(Problem(file, SHEET, "", name, severity, problem, COMPLETE))
    return problems
