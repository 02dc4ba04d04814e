"""XML Auditfile Financieel (XAF), which Dutch bookkeeping packages export: its transactions as a sheet."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from bwk_analysis.door.cells import Cell, Limits, Sheet
from bwk_analysis.door.file import inspect
from bwk_analysis.problems import Problem, refuse

SHEET = "auditfile"
HEADER: list[Cell] = ["Datum", "Boekstuk", "Rekening", "Omschrijving", "Kostenplaats", "Project", "Debet", "Credit"]
VERSIONS = ("3.1", "3.2", "4.0")  # the versions whose transactions have one and the same structure
NAMESPACE = re.compile(r"https?://www\.auditfiles\.nl/XAF/([0-9.]+)/?", re.IGNORECASE)
EXPORT_32 = "Exporteer de auditfile opnieuw uit het boekhoudpakket, als XAF versie 3.2."
COMPLETE = "Exporteer de auditfile opnieuw en lever haar in haar geheel aan; regels kunnen ontbreken of gewijzigd zijn."


def read_auditfile(path: Path | str, limits: Limits) -> tuple[Sheet, list[Problem]]:
    """The transactions of an audit file: below the header, one row is a transaction line.

    Datum is a date, Debet and Credit are euros (the other one 0), Boekstuk is the journal and the number of the
    transaction, since numbers start again in each journal; Kostenplaats is costID and Project is projID. In versions
    3.x Datum is the line's own date (effDate); in 4.0, where that is an invoice's date, the transaction's (trDt).
    The opening balance is no transaction. Problems: the file's control totals that its lines do not add up to, and
    values that are no date or amount (kept as text). A file without transactions gives the header alone.

    Raises
    ------
    Refused
        When the file is no audit file of a known version, has a DTD, is broken or passes a limit.
    """
    path = Path(path)
    if inspect(path, limits) != "xaf":
        raise refuse(path.name, "dit is een werkmap, geen auditfile (XAF)", EXPORT_32)
    reader = _Reader(path.name, limits)
    try:
        with path.open("rb") as handle:
            for event, element in defusedxml.ElementTree.iterparse(handle, events=("start", "end"), forbid_dtd=True):
                if event == "start":
                    reader.start(element)
                else:
                    reader.end(element)
    except DefusedXmlException:
        problem = "in de auditfile staat een DTD of entiteit; geen enkel boekhoudpakket schrijft die"
        raise refuse(path.name, problem, "Vertrouw het bestand niet zomaar: vraag de afzender om een nieuwe.") from None
    except (ParseError, ValueError, LookupError):
        raise refuse(path.name, "de auditfile is beschadigd of niet volledig", COMPLETE) from None
    return reader.sheet(), reader.problems + reader.control()


@dataclass
class _Reader:
    """Follows the elements of an audit file and keeps what its lines need."""

    file: str
    limits: Limits
    version: str = ""
    path: list[str] = field(default_factory=list)
    parents: list[Element] = field(default_factory=list)
    journal: str = ""
    transaction: dict[str, str] = field(default_factory=dict)
    rows: list[list[Cell]] = field(default_factory=lambda: [list(HEADER)])
    stated: dict[str, str] = field(default_factory=dict)
    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)
    problems: list[Problem] = field(default_factory=list)

    def start(self, element: Element) -> None:
        if not self.path:
            self._check_version(element.tag)
        self.path.append(_local(element.tag))
        self.parents.append(element)
        match self.path[3:]:
            case ["journal"]:
                self.journal = ""
            case ["journal", "transaction"]:
                self.transaction = {}

    def end(self, element: Element) -> None:
        text = (element.text or "").strip()
        match self.path[1:]:
            case ["company", "transactions", "linesCount" | "totalDebit" | "totalCredit" as name]:
                self.stated[name] = text
            case ["company", "transactions", "journal", "jrnID"]:
                self.journal = text
            case ["company", "transactions", "journal", "transaction", "nr" | "desc" | "trDt" as name]:
                self.transaction[name] = text
            case ["company", "transactions", "journal", "transaction", "trLine"]:
                self._line({_local(child.tag): (child.text or "").strip() for child in element})
        self.path.pop()
        self.parents.pop()
        if self.parents and "trLine" not in self.path:
            self.parents[-1].remove(element)  # read and done with: a large file stays small in memory

    def _check_version(self, tag: str) -> None:
        namespace, _, name = tag.removeprefix("{").rpartition("}")
        found = NAMESPACE.fullmatch(namespace)
        self.version = found[1] if found else ""
        if name != "auditfile" or self.version not in VERSIONS:
            version = f"versie {self.version}" if self.version else "een onbekende of oudere versie"
            raise refuse(self.file, f"de auditfile is van {version}; gelezen worden {', '.join(VERSIONS)}", EXPORT_32)

    def _line(self, line: dict[str, str]) -> None:
        if not {"accID", "amnt", "amntTp"} <= line.keys():
            raise refuse(self.file, "een boekingsregel in de auditfile heeft geen rekening, bedrag of D/C", EXPORT_32)
        if len(self.rows) > self.limits.rows:
            problem = f"de auditfile heeft meer dan {self.limits.rows} boekingsregels"
            raise refuse(self.file, problem, "Exporteer de auditfile per periode.")
        amount: Decimal | str | None = self._amount(line["amnt"])
        debit = line["amntTp"] == "D"
        if line["amntTp"] not in ("D", "C"):
            self._problem("Debet", "bij een boekingsregel staat niet of het bedrag debet (D) of credit (C) is")
            amount = None
        if isinstance(amount, Decimal):
            self.debit += amount if debit else 0
            self.credit += 0 if debit else amount
        self.rows.append(
            [
                self._date(line),
                "-".join(part for part in (self.journal, self.transaction.get("nr", "")) if part) or None,
                line["accID"] or None,
                line.get("desc") or self.transaction.get("desc") or None,
                line.get("costID") or None,
                line.get("projID") or None,
                *_debit_credit(amount, debit),
            ]
        )

    def _date(self, line: dict[str, str]) -> Cell:
        of_line, of_transaction = line.get("effDate"), self.transaction.get("trDt")
        text = (of_transaction or of_line) if self.version == "4.0" else (of_line or of_transaction)
        try:
            return date.fromisoformat((text or "").partition("T")[0])
        except ValueError:
            self._problem("Datum", "bij een boekingsregel staat geen geldige datum")
            return text

    def _amount(self, text: str) -> Decimal | str:
        try:
            amount = Decimal(text)
        except InvalidOperation:
            amount = Decimal("NaN")
        if amount.is_finite():
            return amount
        self._problem("Debet", "bij een boekingsregel staat geen geldig bedrag")
        return text

    def _problem(self, column: str, problem: str) -> None:
        """A problem at the row about to be added."""
        cell = f"{'ABCDEFGH'[HEADER.index(column)]}{len(self.rows) + 1}"
        self.problems.append(Problem(self.file, SHEET, cell, column, "error", problem, EXPORT_32))

    def sheet(self) -> Sheet:
        return Sheet(self.file, SHEET, self.rows)

    def control(self) -> list[Problem]:
        """What the file says of itself against what it holds."""
        counted = {"linesCount": Decimal(len(self.rows) - 1), "totalDebit": self.debit, "totalCredit": self.credit}
        words = {
            "linesCount": "het aantal regels",
            "totalDebit": "het totaal debet",
            "totalCredit": "het totaal credit",
        }
        problems = []
        for name, found in counted.items():
            stated = self.stated.get(name, "")
            if not _same(stated, found):
                said = f"is volgens het bestand {stated}" if stated else "staat niet in het bestand"
                problem = f"{words[name]} {said}, en opgeteld uit de regels {found}"
                severity = "error" if stated else "warning"
                problems.append(Problem(self.file, SHEET, "", name, severity, problem, COMPLETE))
        return problems


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _debit_credit(amount: Decimal | str | None, debit: bool) -> tuple[Cell, Cell]:
    if amount is None:
        return None, None
    value = float(amount) if isinstance(amount, Decimal) else amount
    return (value, 0.0) if debit else (0.0, value)


def _same(stated: str, found: Decimal) -> bool:
    try:
        return Decimal(stated) == found
    except InvalidOperation:
        return False
