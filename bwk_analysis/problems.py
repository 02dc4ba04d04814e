"""What is wrong with the input, in words a colleague can act on."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields

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


COLUMNS = [field.name for field in fields(Problem)]


def problem_frame(problems: Iterable[Problem]) -> pd.DataFrame:
    """One row is a problem; the most harmful first, then by place. The same problem twice is listed once."""
    rows = sorted(set(problems), key=lambda p: (SEVERITIES.index(p.severity), *astuple(p)))
    return pd.DataFrame([astuple(row) for row in rows], columns=COLUMNS, dtype="str")
