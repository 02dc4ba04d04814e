"""What is wrong with the input, in words a colleague can act on; the same on a terminal and on a page."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from textwrap import shorten
from typing import Any

import pandas as pd

SEVERITIES = {
    "error": ("fout", "fouten"),
    "warning": ("waarschuwing", "waarschuwingen"),
    "note": ("opmerking", "opmerkingen"),
}  # the most harmful first: one, more
ACCOUNTING = {
    "rows_read": "gelezen",
    "rows_accepted": "meegeteld",
    "rows_rejected": "afgekeurd",
    "rows_duplicate": "dubbel",
    "rows_outside_year": "buiten het jaar",
}
LONGEST = 160  # characters of a problem as it is shown; problems.csv has all of it
MOST_OF_A_KIND = 20


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, or good to know.

    file, sheet, cell, column say where ("" when it does not apply); `problem` says what was expected and what was
    found, `advice` what to do, both in Dutch. Never holds a value of a personal column.
    """

    file: str
    sheet: str
    cell: str
    column: str
    severity: str
    problem: str
    advice: str


MESSAGES = tomllib.loads((Path(__file__).parent / "messages.toml").read_text(encoding="utf-8"))
ADVICE = MESSAGES.pop("advice")  # that messages share


class Refused(Exception):
    """A file that is not read; `problem` says why and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def message(
    name: str, /, file: str = "", sheet: str = "", cell: str = "", column: str = "", severity: str = "", **values: Any
) -> Problem:
    """The problem of this name in `messages.toml`; values fill in its texts. severity : else as the message has it."""
    given = MESSAGES[name]
    problem, advice = (given[part].format_map(ADVICE | values) for part in ("problem", "advice"))
    return Problem(file, sheet, cell, column, severity or given.get("severity", "error"), problem, advice)


def refused(name: str, /, file: str, sheet: str = "", cell: str = "", **values: Any) -> Refused:
    """The exception for a whole file that is refused."""
    return Refused(message(name, file, sheet, cell, **values))


def counted(number: int, one: str, more: str) -> str:
    """`1 regel is`, `12 regels zijn`."""
    return f"{number} {one if number == 1 else more}"


COLUMNS = [field.name for field in fields(Problem)]


def frame(problems: Iterable[Problem]) -> pd.DataFrame:
    """One row is a problem; the most harmful first, then by place. The same problem twice is listed once."""
    rows = sorted(set(problems), key=_harm_and_place)
    return pd.DataFrame([astuple(row) for row in rows], columns=COLUMNS, dtype="str")


def _harm_and_place(problem: Problem) -> tuple[object, ...]:
    """Errors before warnings; a whole file before a sheet, and that before a cell; B5 before C5, both before B10."""
    cell = re.fullmatch(r"([A-Z]*)(\d*)", problem.cell)
    letters, row = cell.groups() if cell else ("", "")
    scope = 0 if not problem.sheet else 1 if not problem.cell else 2
    where = (problem.file, problem.sheet, int(row or 0), len(letters), letters)
    return list(SEVERITIES).index(problem.severity), scope, *where, *astuple(problem)


def place(file: str, sheet: str = "", cell: str = "", column: str = "") -> str:
    """`uren.xlsx, werkblad uren, cel B5, kolom uren`, without what is empty."""
    parts = [("", file), ("werkblad ", sheet), ("cel ", cell), ("kolom ", column)]
    return ", ".join(label + text for label, text in parts if text)


def shown(problem: str) -> str:
    """The text of a problem as a terminal or a page shows it: cut between words when it lists hundreds of rows."""
    return shorten(problem, LONGEST, placeholder=" …")


def lines(problems: pd.DataFrame, most: int = MOST_OF_A_KIND) -> list[str]:
    """Every kind of problem with its places, the most harmful first; of a kind the first 20 and how many more."""
    found = []
    for severity, (name, _) in SEVERITIES.items():
        for problem, rows in problems[problems["severity"] == severity].groupby("problem", sort=False):
            found.append(f"{name.upper()}: {shown(str(problem))}")
            for row in rows.head(most).itertuples():
                where = place(str(row.file), str(row.sheet), str(row.cell), str(row.column))
                found.append(f"  {where}{' - ' if where else ''}{row.advice}")
            if len(rows) > most:
                found.append(f"  en nog {len(rows) - most}; alle staan in problems.csv en in het rapport")
    return found


def accounting_lines(accounting: pd.DataFrame) -> list[str]:
    """Per sheet what became of its rows, and the sum."""
    if accounting.empty:
        return ["Er zijn geen rijen gelezen."]
    named = accounting.rename(columns={"file": "bestand", "sheet": "werkblad"} | ACCOUNTING)
    total = {"bestand": "Totaal", "werkblad": ""} | accounting[list(ACCOUNTING)].sum().rename(ACCOUNTING).to_dict()
    return pd.concat([named, pd.DataFrame([total])]).to_string(index=False).splitlines()


def summary(problems: pd.DataFrame) -> str:
    """`2 fouten, 1 waarschuwing en 5 opmerkingen`."""
    counts = problems["severity"].value_counts()
    errors, warnings, notes = (
        f"{counts.get(key, 0)} {one if counts.get(key, 0) == 1 else more}" for key, (one, more) in SEVERITIES.items()
    )
    return f"{errors}, {warnings} en {notes}"
