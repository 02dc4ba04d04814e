"""What a status is: its word in the csv, and to a reader word, sign, colour and order, in one place."""

from typing import Any, NamedTuple

from bwk_analysis.steps import UNTOLD, Span

MET, UNDERWAY, NEAR, BEHIND = "gehaald", "onderweg", "nabij", "achter"
NO_DATA, NO_TARGET = "geen gegevens", "geen streefwaarde"


class Status(NamedTuple):
    """How a status looks beside its word.

    sign : the symbol of a page. letter : the same where there is text alone. colour : in the style sheet. marker :
    matplotlib's, and how it is filled.
    """

    sign: str
    letter: str
    colour: str = "ink"
    marker: tuple[str, str] = ("o", "none")


ON_COURSE, LATE, HIDDEN = "op schema", "achter op schema", "niet getoond"
STATUS = {  # in order; never told by colour alone
    "gehaald": Status("met", "●", "accent", ("o", "full")),
    ON_COURSE: Status("course", "◉", "accent", ("o", "full")),
    "bijna": Status("near", "◐", "accent", ("o", "left")),
    "niet gehaald": Status("missed", "○"),
    LATE: Status("missed", "○"),
    "onderweg": Status("under", "→", "ink", ("$→$", "full")),
    "niet te zeggen": Status("open", "?", "ink", ("$?$", "full")),
    "geen gegevens": Status("none", "–", "ink", ("_", "full")),
    HIDDEN: Status("hidden", "×", "ink", ("x", "full")),
    "geen streefwaarde": Status("", ""),
}
WORDS = {
    MET: "gehaald", NEAR: "bijna", BEHIND: "niet gehaald", UNDERWAY: "onderweg", UNTOLD: "niet te zeggen",
    NO_DATA: "geen gegevens", NO_TARGET: "geen streefwaarde",
}  # fmt: skip
Row = Any  # a row of a scorecard as shown: its fields are the columns


def seen(row: Row) -> str:
    """The word of a row's status: while a course runs, what it asks is not yet what the year asks."""
    if row.value is None and row.status not in (NO_DATA, NO_TARGET):
        return HIDDEN
    running = isinstance(row.interim_target, Span) and row.interim_target != row.target
    if running and row.status == BEHIND:
        return LATE
    if running and row.status == MET and not _meets(row.value, row.target, row.operator):
        return ON_COURSE
    return WORDS[row.status]


def _meets(value: Any, target: Any, operator: str) -> bool:
    numbers = isinstance(value, Span) and isinstance(target, Span)
    return not numbers or value.low > target.low or (value.low == target.low and operator != ">")
