"""What is wrong with the input, in words a colleague can act on; the same on a terminal and on a page."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from functools import lru_cache
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
NOTE = SEVERITIES["note"][0].upper()
PLACES = 3  # of an error that are shown; of one with more the first
SCREEN, SHEETS = 24, 8  # lines of problems, and of accounts


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


def _pattern(template: str) -> re.Pattern[str]:
    """What a problem of this template looks like, whatever stands between braces."""
    filled = re.sub(r"\\{(\w+).*?\\}", lambda at: "(?P<wrong>.*)" if at[1] == "wrong" else ".*", re.escape(template))
    return re.compile(filled, re.DOTALL)


_KINDS = {
    template: _pattern(template)
    for template in sorted({each["problem"] for each in MESSAGES.values()}, key=len, reverse=True)
    if re.sub(r"\{.*?\}|\W", "", template)  # else it is whatever was found
}


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


@lru_cache(maxsize=4096)
def kind(problem: str) -> str:
    """The message that a problem is one of: two that differ in numbers, rows or names alone are of one kind."""
    for template, pattern in _KINDS.items():
        if found := pattern.fullmatch(problem):
            return template.replace("{wrong}", found.groupdict().get("wrong", ""))
    return problem


def lines(problems: pd.DataFrame, every: bool = False) -> list[str]:
    """Every kind of problem, the most harmful first, on one screen; a note is one line, and so is a warning of many.

    every : all places of each of them, however many lines that is.
    """
    alike = [
        (severity, rows)
        for severity in SEVERITIES
        for _, rows in problems[problems["severity"] == severity].groupby(problems["problem"].map(kind), sort=False)
    ]
    if every:
        return [line for severity, rows in alike for line in _of_a_kind(severity, rows, len(rows))]
    few = [severity == "error" and len(rows) <= PLACES for severity, rows in alike]
    told = [_of_a_kind(*each, PLACES if all_of_it else 1) for each, all_of_it in zip(alike, few, strict=True)]
    told = [[" - ".join(map(str.strip, of_one))] if of_one[0].startswith(NOTE) else of_one for of_one in told]
    if sum(map(len, told)) > SCREEN:
        told = [
            _of_a_kind(severity, rows, 1) if severity == "error" else [_in_short(severity, rows)]
            for severity, rows in alike
        ]
    while sum(map(len, told)) > SCREEN - (len(told) < len(alike)):
        told.pop()
    left = counted(len(alike) - len(told), "soort melding", "soorten meldingen")
    return [line for of_one in told for line in of_one] + ([f"En nog {left}."] if len(told) < len(alike) else [])


def _head(severity: str, rows: pd.DataFrame) -> str:
    """What is wrong, and how often: `FOUT (12 keer in 3 bestanden): onbekende kamer`."""
    files = rows["file"].nunique()
    often = f" ({len(rows)} keer{f' in {files} bestanden' if files > 1 else ''})" if len(rows) > 1 else ""
    return f"{SEVERITIES[severity][0].upper()}{often}: {shown(str(rows['problem'].iloc[0]))}"


def _in_short(severity: str, rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    where = place(first["file"], first["sheet"], first["cell"], first["column"])
    return " - ".join(filter(None, [_head(severity, rows), where]))


def _of_a_kind(severity: str, rows: pd.DataFrame, places: int) -> list[str]:
    """What is wrong, and below it the first places with what to do; what differs from the first problem is said too."""
    told, first = [_head(severity, rows)], rows["problem"].iloc[0]
    for row in rows.head(places).itertuples():
        where = place(str(row.file), str(row.sheet), str(row.cell), str(row.column))
        differs = "" if row.problem == first else f"{shown(str(row.problem))}. "
        told.append(f"  {where}{' - ' if where else ''}{differs}{row.advice}")
    return told


def verdict(problems: pd.DataFrame, outcome: str) -> str:
    """One sentence: the outcome (whether a report can be made), and what is the first thing to mend."""
    harmful = problems[problems["severity"] != "note"]
    if harmful.empty:
        return f"{outcome}."
    first = harmful.iloc[0]
    where = place(first["file"], first["sheet"], first["cell"], first["column"])
    todo = "herstel eerst" if first["severity"] == "error" else "kijk eerst naar"
    return f"{outcome}; {todo} {where}{': ' if where else ''}{shown(first['problem'])}."


def accounting_lines(accounting: pd.DataFrame, most: int | None = None) -> list[str]:
    """Per sheet what became of its rows, and the sum; of more than so many sheets the sum alone."""
    if accounting.empty:
        return ["Er zijn geen rijen gelezen."]
    named = accounting.rename(columns={"file": "bestand", "sheet": "werkblad"} | ACCOUNTING)
    total = {"bestand": "Totaal", "werkblad": ""} | accounting[list(ACCOUNTING)].sum().rename(ACCOUNTING).to_dict()
    if most is not None and len(named) > most:
        total["bestand"], named = f"Totaal van {len(named)} werkbladen", named.iloc[:0]
    return pd.concat([named, pd.DataFrame([total])]).to_string(index=False).splitlines()


def summary(problems: pd.DataFrame) -> str:
    """`2 fouten, 1 waarschuwing en 5 opmerkingen`."""
    counts = problems["severity"].value_counts()
    errors, warnings, notes = (
        f"{counts.get(key, 0)} {one if counts.get(key, 0) == 1 else more}" for key, (one, more) in SEVERITIES.items()
    )
    return f"{errors}, {warnings} en {notes}"
