"""What is wrong with the input, in words a colleague can act on."""

import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from textwrap import shorten

import pandas as pd

SEVERITIES = ("error", "warning", "note")


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


class Refused(Exception):
    """A file that is not read; `problem` says why and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def refuse(file: str, problem: str, advice: str, sheet: str = "", cell: str = "") -> Refused:
    """The exception for a whole file that is refused; texts are Dutch."""
    return Refused(Problem(file, sheet, cell, "", "error", problem, advice))


COLUMNS = [field.name for field in fields(Problem)]
LONGEST = 160  # characters of a problem as it is shown; problems.csv has all of it


def shown(problem: str) -> str:
    """The text of a problem as a terminal or a page shows it: cut between words when it lists hundreds of rows."""
    return shorten(problem, LONGEST, placeholder=" …")


def problem_frame(problems: Iterable[Problem]) -> pd.DataFrame:
    """One row is a problem; the most harmful first, then by place. The same problem twice is listed once."""
    rows = sorted(set(problems), key=_harm_and_place)
    return pd.DataFrame([astuple(row) for row in rows], columns=COLUMNS, dtype="str")


def _harm_and_place(problem: Problem) -> tuple[object, ...]:
    """Errors before warnings; a whole file before a sheet, and that before a cell; B5 before C5, both before B10."""
    cell = re.fullmatch(r"([A-Z]*)(\d*)", problem.cell)
    letters, row = cell.groups() if cell else ("", "")
    scope = 0 if not problem.sheet else 1 if not problem.cell else 2
    place = (problem.file, problem.sheet, int(row or 0), len(letters), letters)
    return SEVERITIES.index(problem.severity), scope, *place, *astuple(problem)
