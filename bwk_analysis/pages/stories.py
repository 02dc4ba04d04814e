"""Which notebooks of a folder are pages of the set: those whose first code cell says so.

That cell holds plain assignments: `report = "Titel van de pagina"` makes it a page. It may add `answers` (its line on
the index), `question` (its title as a question; {} in it is the room, the funder or the year), `order` (a number: its
place), `per` (`kamer` or `financier`: a page for each) and `reader` (`analist`: not in the set; `nakijken`: who
checks).
"""

import ast
import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from bwk_analysis.pages import execute

PER = {"kamer": "room", "financier": "funder"}  # -> the parameter that the notebook gets
ANALYST, CHECK = "analist", "nakijken"  # readers that are neither the board nor those of `per`
_LAST = 1000  # the place of a page that names none

_SHADOW = "._"
_COPY = re.compile(r"(?i)(-copy\d*|[ _-]+(kopie|copy)( ?\(?\d+\)?)?| \(?\d+\)?|-checkpoint|[ (._-]conflict.*)$")
_SAYS_SO = re.compile(r"^\s*report\s*=", re.MULTILINE)
_HALF_MERGED = re.compile(r'^[\s"]*(<{7}|>{7}) ', re.MULTILINE)


class Story(NamedTuple):
    """A notebook that is a page, as its first code cell has it."""

    path: Path
    title: str
    answers: str = ""
    order: int = _LAST
    per: str = ""
    reader: str = ""
    question: str = ""


class PassedOver(Exception):
    """Why a file is no page, in Dutch."""


def stories(folder: Path) -> tuple[list[Story], list[str]]:
    """The pages in reading order, and a Dutch sentence per file that is passed over.

    A notebook that does not say it is a page is an analyst's own and is not named.
    """
    found, passed_over = [], []
    for path in sorted(folder.glob("*.ipynb")):
        try:
            found += _told(path)
        except PassedOver as reason:
            passed_over.append(f"{path.name} is overgeslagen: {reason}")
    return sorted(found, key=lambda story: (story.order, story.path.name)), passed_over


def _told(path: Path) -> list[Story]:
    if path.name.startswith(_SHADOW):
        raise PassedOver("een schaduwbestand van een Mac")
    said = _assigned(_first_cell(path))
    if "report" not in said:
        return []
    if _COPY.search(path.stem):
        raise PassedOver("een kopie; geef het een eigen naam als het een eigen pagina is")
    title = _one_of(said, "report")
    if not title.strip():
        raise PassedOver("report is leeg; schrijf er de titel van de pagina")
    order = said.get("order", _LAST)
    if not isinstance(order, int):
        raise PassedOver("order is geen geheel getal")
    per, reader = _one_of(said, "per", PER), _one_of(said, "reader", [ANALYST, CHECK])
    return [Story(path, title, _one_of(said, "answers"), order, per, reader, _one_of(said, "question"))]


def _first_cell(path: Path) -> str:
    """The text of the first code cell; "" when there is none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise PassedOver("het is niet te lezen") from None
    if not text.strip():
        raise PassedOver("het is leeg")
    if _HALF_MERGED.search(text):
        raise PassedOver("het is half samengevoegd; er staan nog regels met <<<<<<< of >>>>>>> in")
    try:
        return next((cell.source for cell in execute.read(path).cells if cell.cell_type == "code"), "")
    except Exception:  # nbformat raises whatever its conversions of old formats run into
        raise PassedOver("het is geen notebook") from None


def _assigned(source: str) -> dict[str, object]:
    """Name -> value of the plain assignments; None for a value that is worked out."""
    if not _SAYS_SO.search(source):
        return {}
    try:
        statements = execute.parsed(source).body
    except SyntaxError:
        raise PassedOver("de eerste cel met code is geen Python") from None
    return {
        target.id: statement.value.value if isinstance(statement.value, ast.Constant) else None
        for statement in statements
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


def _one_of(said: dict[str, object], name: str, allowed: Iterable[str] = ()) -> str:
    value, allowed = said.get(name, ""), list(allowed)
    if not isinstance(value, str):
        raise PassedOver(f"{name} in de eerste cel is geen gewone tekst")
    if value and allowed and value not in allowed:
        raise PassedOver(f"{name} is {value!r}; bedoeld is {(get_close_matches(value, allowed, 1, 0) or allowed)[0]!r}")
    return value
