"""What is said of a file, a sheet or a cell: the Dutch texts of `messages.toml`, filled in."""

from typing import Any

from bwk_analysis.door.schema import content
from bwk_analysis.problems import Problem, Refused

MESSAGES = content("messages.toml")
ADVICE = MESSAGES.pop("advice")  # that messages share


def message(
    name: str,
    /,
    file: str = "",
    sheet: str = "",
    cell: str = "",
    column: str = "",
    severity: str = "",
    **values: Any,
) -> Problem:
    """The problem of this name at this place; values fill in its texts. severity : else as the message has it."""
    given = MESSAGES[name]
    problem, advice = (given[part].format_map(ADVICE | values) for part in ("problem", "advice"))
    return Problem(file, sheet, cell, column, severity or given.get("severity", "error"), problem, advice)


def refused(name: str, /, file: str, sheet: str = "", cell: str = "", **values: Any) -> Refused:
    """The exception for a whole file that is refused."""
    return Refused(message(name, file, sheet, cell, **values))


def counted(number: int, one: str, more: str) -> str:
    """`1 regel is`, `12 regels zijn`."""
    return f"{number} {one if number == 1 else more}"
