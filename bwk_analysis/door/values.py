"""One cell in, one value out: strict parsers for days, numbers, hours, yes/no, words and numbers of persons.

A parser gives the value, `EMPTY`, or a `Bad` that says in Dutch what was expected and what to do. It never guesses and
never quotes the cell: a name typed in a date column must not travel along in a message.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import numpy as np

from bwk_analysis.door.cells import ErrorCell, NoResult, is_blank
from bwk_analysis.door.persons import looks_personal, pseudonym
from bwk_analysis.door.spelling import clean, fold
from bwk_analysis.problems import message

EMPTY = None
HOURS_PER_DAY = 24
YES = frozenset({"ja", "j", "x", "waar", "true", "1", "yes", "y"})
NO = frozenset({"nee", "n", "onwaar", "false", "0", "no"})
MONTHS = (
    "januari jan", "februari feb", "maart mrt maa", "april apr", "mei", "juni jun", "juli jul", "augustus aug",
    "september sep sept", "oktober okt", "november nov", "december dec",
)  # fmt: skip
MONTH_NAMES = {name: number for number, names in enumerate(MONTHS, start=1) for name in names.split()}

_DAY_FIRST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_MONTH_NAME = re.compile(r"(\d{1,2})[ -]([a-z]+)\.?[ -](\d{4})", re.ASCII)
_TIME_OF_DAY = re.compile(r"(?:[ t]|, )\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?$", re.ASCII)
_AROUND_SIGNS = re.compile(r"\s+(?=[^\d\s])|(?<=[^\d\s])\s+")
_DUTCH_NUMBER = re.compile(
    r"(?P<open>\()?(?P<sign>[-+])?(?:€|EUR)?(?P<inner>[-+])?(?P<digits>[1-9]\d{0,2}(?:\.\d{3})+|\d+)"
    r"(?P<decimals>,\d+|,-{1,2})?(?P<percent>%)?(?:€|EUR)?(?P<after>-)?(?P<close>\))?",
    re.ASCII,
)
_WITH_A_POINT = re.compile(r"[-+€\s]*\d+\.\d+[%\s]*", re.ASCII)
_CLOCK_HOURS = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
LONGEST_ACCOUNT = 8
_ACCOUNT = re.compile(r"(?=\S*\d)([0-9A-Za-z.]+)(?:\s*[-–:]\s*.*|\s+.*)?", re.DOTALL | re.ASCII)


@dataclass(frozen=True)
class Bad:
    """What is wrong with a cell: what was expected and found, what to do, and a word to keep in its place if any."""

    problem: str
    advice: str
    word: str | None = EMPTY


Parser = Callable[[Any], Any]


def bad(name: str, /, word: str | None = EMPTY, **values: Any) -> Bad:
    """What is wrong by the message of this name (see `message`)."""
    found = message(name, **values)
    return Bad(found.problem, found.advice, word)


WITHHELD = bad("withheld")


def _unreadable(value: Any) -> Bad | None:
    if isinstance(value, ErrorCell):
        return bad("error_cell", code=value.code)
    return bad("no_result") if isinstance(value, NoResult) else None


def day(value: Any) -> Any:
    """A calendar day (numpy datetime64, whole days as seconds). Day first, always; a bare number is no date."""
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return _checked_day(value.year, value.month, value.day)
    if is_blank(value):
        return EMPTY
    if not isinstance(value, str):
        return _unreadable(value) or bad("no_day", found="een getal of een tijd zonder datum")
    text = _TIME_OF_DAY.sub("", fold(value))
    if match := _DAY_FIRST.fullmatch(text):
        return _checked_day(int(match[4]), int(match[3]), int(match[1]))
    if match := _YEAR_FIRST.fullmatch(text):
        return _checked_day(*(int(part) for part in match.groups()))
    if (match := _MONTH_NAME.fullmatch(text)) and match[2] in MONTH_NAMES:
        return _checked_day(int(match[3]), MONTH_NAMES[match[2]], int(match[1]))
    return bad("no_day", found="tekst die geen datum is")


def _checked_day(year: int, month: int, day_of_month: int) -> Any:
    if not 1900 <= year <= 2200:
        return bad("no_day", found="een onmogelijk jaar")
    try:
        return np.datetime64(dt.date(year, month, day_of_month), "s")
    except ValueError:
        return bad("no_day", found="een dag die niet bestaat")


def number(value: Any) -> Any:
    """A number: a number cell, or Dutch text (`1.234,56`, `€ 35.460`, `12,5%`, `(1.250,00)`)."""
    if is_blank(value):
        return EMPTY
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) if np.isfinite(value) else bad("endless")
    if not isinstance(value, str):
        return _unreadable(value) or bad("no_number", found="een datum, tijd of ja/nee")
    bare = _AROUND_SIGNS.sub("", value.strip().replace("\u2212", "-"))
    match = _DUTCH_NUMBER.fullmatch(bare)
    signs = [sign for sign in (match["sign"], match["inner"], match["after"], match["open"]) if sign] if match else []
    if not match or len(signs) > 1 or bool(match["open"]) != bool(match["close"]):
        return bad("point") if _WITH_A_POINT.fullmatch(value) else bad("no_number", found="andere tekst")
    decimals = (match["decimals"] or "").replace("-", "").replace(",", ".")
    amount = float(match["digits"].replace(".", "") + decimals)
    negative = bool(signs) and signs[0] != "+"
    return (-amount if negative else amount) / (100 if match["percent"] else 1) + 0.0


def hours(value: Any) -> Any:
    """Hours on one day, 0 to 24: a number, `3,5`, `3:30`, or a time cell."""
    found = duration(value)
    if isinstance(found, float) and found < 0:
        return bad("negative_hours")
    if isinstance(found, float) and found > HOURS_PER_DAY:
        return bad("too_many_hours")
    return found


def duration(value: Any) -> Any:
    """Hours without a bound, as in a total: a number, `30:15`, or an [h]:mm cell."""
    if isinstance(value, dt.timedelta):
        return value.total_seconds() / 3600
    if isinstance(value, dt.time):
        return value.hour + value.minute / 60 + value.second / 3600
    if isinstance(value, str) and (match := _CLOCK_HOURS.fullmatch(clean(value))):
        return int(match[1]) + int(match[2]) / 60 + int(match[3] or 0) / 3600
    return number(value)


def yes_no(value: Any) -> Any:
    """`ja` or `nee`, however it was ticked."""
    if is_blank(value):
        return EMPTY
    found = text(value)
    word = fold(found) if isinstance(found, str) else ""
    if word in YES | NO:
        return "ja" if word in YES else "nee"
    return _unreadable(value) or bad("no_yes_no")


def text(value: Any) -> Any:
    """Free text as typed, without outer and double spaces; a number cell as its digits."""
    if is_blank(value):
        return EMPTY
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, (int, float)):
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return _unreadable(value) or bad("no_text")


def person(value: Any) -> Any:
    """A registration number as text; leading zeros matter."""
    if isinstance(value, (bool, dt.date, dt.time, dt.timedelta)):
        return bad("no_person")
    if isinstance(value, float) and not value.is_integer():
        return bad("person_with_decimals")
    return text(value)


def of_text(read: Callable[[str], Any], parser: Parser = text) -> Parser:
    """A parser that makes something else of what is read as text."""

    def parse(value: Any) -> Any:
        found = parser(value)
        return read(found) if isinstance(found, str) else found

    return parse


def account(value: Any) -> Any:
    """A ledger account: `4000` out of `4000` or `4000 - naam`."""
    return of_text(lambda found: match[1] if (match := _ACCOUNT.fullmatch(found)) else bad("no_account"))(value)


def contra(value: Any) -> Any:
    """As `account`; what is as long as the number of a bank account is none."""
    found = account(value)
    return bad("no_account") if isinstance(found, str) and len(found) > LONGEST_ACCOUNT else found


def listed(words: Mapping[str, str], unknown: str = "het woord staat niet in de lijst", kept: bool = True) -> Parser:
    """A parser for the words of a list: folded word or alias -> the word; any other text is bad, and `kept` or not."""
    choices = ", ".join(dict.fromkeys(words.values()))

    def read(found: str) -> Any:
        word = fold(found)
        if word in words:
            return words[word]
        advice = f"Kies uit: {choices}. Of voeg het woord als alias toe."
        for near in get_close_matches(word, list(words), n=1, cutoff=0.7):
            advice = f"Bedoelt u {words[near]}?" if near == fold(words[near]) else f"Bedoelt u {near} ({words[near]})?"
        return Bad(unknown, advice, word if kept else EMPTY)

    return of_text(read)


def pseudonymous(parser: Parser, key: bytes) -> Parser:
    """A parser that gives the pseudonym of what is read."""
    return of_text(lambda found: pseudonym(key, found), parser)


def withholding(parser: Parser, key: bytes) -> Parser:
    """A parser that keeps no e-mail address, phone number or IBAN, but a pseudonym in its place."""

    def parse(value: Any) -> Any:
        if isinstance(value, str) and looks_personal(value):
            return replace(WITHHELD, word=f"weggelaten {pseudonym(key, clean(value))}")
        return parser(value)

    return parse


def parse_column(values: Iterable[Any], parser: Parser) -> list[Any]:
    """Every cell through the parser, each distinct value once: a column of 150,000 cells holds a few hundred.

    True and 1 are kept apart, although Python calls them equal.
    """
    cells = list(values)
    if bool in set(map(type, cells)):
        return [parser(cell) for cell in cells]
    parsed = {cell: parser(cell) for cell in set(cells)}
    return [parsed[cell] for cell in cells]
