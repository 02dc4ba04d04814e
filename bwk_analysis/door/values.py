"""One cell in, one value out: strict parsers for days, numbers, hours, yes/no, words and numbers of persons.

A parser gives the value, `EMPTY`, or a `Bad` that says in Dutch what was expected and what to do. It never guesses and
never quotes the cell: a name typed in a date column must not travel along in a message.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import numpy as np

from bwk_analysis.door.cells import ErrorCell, NoResult, Padded, is_blank
from bwk_analysis.door.persons import looks_personal, pseudonym
from bwk_analysis.door.spelling import clean, fold
from bwk_analysis.periods import MONTH_NAMES
from bwk_analysis.problems import message

EMPTY = None
NO_NAMES: Mapping[str, str] = {}
HOURS_PER_DAY = 24
SCALES = {"eens5": (1, 5), "cijfer10": (1, 10)}  # of a question of the survey
YES = frozenset({"ja", "j", "x", "waar", "true", "1", "yes", "y"})
NO = frozenset({"nee", "n", "onwaar", "false", "0", "no"})

_DAY_FIRST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})", re.ASCII)
_MONTH_NAME = re.compile(r"(\d{1,2})[ -]([a-z]+)\.?[ -](\d{4})", re.ASCII)
_TIME_OF_DAY = re.compile(
    r"(?:[ t]|, )\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?(?: [a-z]{2,5}(?:[+-]\d{1,2})?)?$", re.ASCII
)
_EITHER = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(?:\d{4}|\d\d)(?!\d)", re.ASCII)
_HALF_OF_A_DAY = re.compile(r"\d ?[ap]\.?m\b", re.ASCII | re.IGNORECASE)
_AROUND_SIGNS = re.compile(r"\s+(?=[^\d\s])|(?<=[^\d\s])\s+")
_DUTCH_NUMBER = re.compile(
    r"(?P<open>\()?(?P<sign>[-+])?(?:€|EUR)?(?P<inner>[-+])?(?P<digits>[1-9]\d{0,2}(?:(?:\.\d{3})+|(?: \d{3})+)|\d+)"
    r"(?P<decimals>,\d+|,-{1,2})?(?P<percent>%)?(?:€|EUR)?(?P<after>-)?(?P<close>\))?",
    re.ASCII,
)
_COMMA_THOUSANDS = re.compile(r"[-+€(\s]*\d{1,3}(?:,\d{3})+(?:\.\d+)?[)€\s-]*", re.ASCII)
_ENGLISH = re.compile(r"[-+€(\s]*\d{1,3}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})[)€\s-]*", re.ASCII)
_BETWEEN_CHOICES = re.compile(r"[;,/|+&]| en ")
_WITH_A_POINT = re.compile(r"[-+€\s]*\d+\.\d+[%\s]*", re.ASCII)
_CLOCK_HOURS = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_BEFORE_A_NUMBER = re.compile(r"^['’‘`´ ]+|^(?:#|(?:nr|no|id)\b[.:]?)\s*(?=\d)", re.IGNORECASE)
_FLOAT = re.compile(r"(?<=\d)[.,]00?$", re.ASCII)
_DIGIT = re.compile(r"\d")
_BETWEEN_NUMBERS = re.compile(r"[\s,;+&|()]+|\s[-–—/:]\s")
_TWO_NUMBERS = re.compile(r"(?!(?:19|20)\d\d\D)\d{4,}[-–/]\d{4,}")  # and no year before a number
_CODE_BEFORE = re.compile(r"[^\W\d]{1,3}[ -]\d+$")  # `ZK 0012`: a number with letters before it
LONGEST_CODE = 3
LONGEST_ACCOUNT = 8
SIDES = dict.fromkeys(("d", "debet", "deb", "db", "debit", "+"), "D")
SIDES |= dict.fromkeys(("c", "credit", "cred", "cr", "-"), "C")
IN_AND_OUT = frozenset({"af", "bij"})  # of which account the money goes off they do not say
_SPAN = re.compile(r"(?:van )?(\d{3,})\s*(?:[-–]|t/m|tot(?: en met)?|\.\.+)\s*(\d{3,})\b.*")
_BETWEEN_PARTS = re.compile(r"\s*[-–:|(]\s*|\s+")
_ACCOUNT = re.compile(r"(?=\S*\d)([0-9A-Za-z.]+)(?:\s*[-–:]\s*.*|\s+.*)?", re.DOTALL | re.ASCII)


@dataclass(frozen=True)
class Bad:
    """What is wrong with a cell: what was expected and found, what to do, and a word to keep in its place if any.

    once : it is said of a column, with its rows, and not of each of its cells.
    """

    problem: str
    advice: str
    word: str | None = EMPTY
    once: bool = False


Parser = Callable[[Any], Any]


def bad(name: str, /, word: str | None = EMPTY, **values: Any) -> Bad:
    """What is wrong by the message of this name (see `message`)."""
    found = message(name, **values)
    return Bad(found.problem, found.advice, word)


WITHHELD = bad("withheld")
NO_DAY_KNOWN = replace(bad("stands_for_no_day"), once=True)
MONTH_FIRST, SWAPPED = (replace(bad(name), once=True) for name in ("month_first", "swapped"))
ENGLISH_NUMBER = replace(bad("english_number"), once=True)
NO_DAY_YET, NO_DAY_LEFT = (1900, 1, 1), (9999, 1, 1)  # what databases write where there is no day: until, and from


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
        none = value == dt.time() and not isinstance(value, bool)  # 0, shown as a day
        return NO_DAY_KNOWN if none else _unreadable(value) or bad("no_day", found="een getal of een tijd zonder datum")
    text = _TIME_OF_DAY.sub("", fold(value))
    if match := _DAY_FIRST.fullmatch(text):
        return _checked_day(int(match[4]), int(match[3]), int(match[1]))
    if match := _YEAR_FIRST.fullmatch(text):
        return _checked_day(int(match[1]), int(match[3]), int(match[4]))
    if (match := _MONTH_NAME.fullmatch(text)) and match[2] in MONTH_NAMES:
        return _checked_day(int(match[3]), MONTH_NAMES[match[2]], int(match[1]))
    return bad("no_day", found="tekst die geen datum is")


def _checked_day(year: int, month: int, day_of_month: int) -> Any:
    if not NO_DAY_YET < (year, month, day_of_month) < NO_DAY_LEFT:
        return NO_DAY_KNOWN
    if year > 2200:
        return bad("no_day", found="een onmogelijk jaar")
    try:
        return np.datetime64(dt.date(year, month, day_of_month), "s")
    except ValueError:
        return bad("no_day", found="een dag die niet bestaat")


def days(cells: list[Any]) -> list[Any]:
    """A column of days. Where a text can only be month first (`05/31/2021`), no other is known to be day first.

    Nor is a text with AM or PM. Where more can only be day first, the others are slips. A spreadsheet that opened such
    a column made dates of what could be day first, with day and month swapped: where no date is after the 12th, they
    are not known either.
    """
    parsed = parse_column(cells, day)
    found = {
        cell: (int(match[1]), int(match[3])) for cell in set(_texts(cells)) if (match := _EITHER.match(clean(cell)))
    }
    day_first = sum(first > 12 >= second for first, second in found.values())
    month_first = sum(second > 12 >= first for first, second in found.values())
    if day_first > month_first or (not month_first and not any(map(_HALF_OF_A_DAY.search, found))):
        return parsed
    unknown = {cell: MONTH_FIRST for cell in found if month_first or _HALF_OF_A_DAY.search(cell)}
    dates = {cell for cell in set(map(_day_of, cells)) if cell} if month_first else set()
    swapped = bool(dates) and all(date.day <= 12 for date in dates)
    return [
        unknown.get(cell, value) if isinstance(cell, str) else SWAPPED if swapped and _day_of(cell) else value
        for cell, value in zip(cells, parsed, strict=True)
    ]


def _day_of(cell: Any) -> dt.date | None:
    return cell if isinstance(cell, dt.date) and cell.year > 1900 else None


def _texts(cells: Iterable[Any]) -> Iterator[str]:
    return (cell for cell in cells if isinstance(cell, str))


def number(value: Any) -> Any:
    """A number: a number cell, or Dutch text (`1.234,56`, `€ 35.460`, `12,5%`, `(1.250,00)`)."""
    if is_blank(value):
        return EMPTY
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) if np.isfinite(value) else bad("endless")
    if not isinstance(value, str):
        return _unreadable(value) or bad("no_number", found="een datum, tijd of ja/nee")
    bare = _AROUND_SIGNS.sub("", clean(value).replace("\u2212", "-"))
    match = _DUTCH_NUMBER.fullmatch(bare)
    signs = [sign for sign in (match["sign"], match["inner"], match["after"], match["open"]) if sign] if match else []
    if not match or len(signs) > 1 or bool(match["open"]) != bool(match["close"]):
        return bad("point") if _WITH_A_POINT.fullmatch(value) else bad("no_number", found="andere tekst")
    decimals = (match["decimals"] or "").replace("-", "").replace(",", ".")
    amount = float(re.sub(r"[. ]", "", match["digits"]) + decimals)
    negative = bool(signs) and signs[0] != "+"
    return (-amount if negative else amount) / (100 if match["percent"] else 1) + 0.0


def holds_english(cells: Iterable[Any]) -> bool:
    """Whether a number among these cells is surely English: `1,234.56`."""
    return any(_ENGLISH.fullmatch(clean(text)) for text in set(_texts(cells)))


def unless_english(parser: Parser) -> Parser:
    """A parser that reads no number whose comma may be English."""
    return lambda cell: (
        ENGLISH_NUMBER if isinstance(cell, str) and _COMMA_THOUSANDS.fullmatch(clean(cell)) else parser(cell)
    )


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
        return (value.hour * 3600 + value.minute * 60 + value.second) / 3600  # as `3,1` for 3:06, to the last bit
    if isinstance(value, str) and (match := _CLOCK_HOURS.fullmatch(clean(value))):
        return (int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)) / 3600
    return number(value)


def yes_no(value: Any) -> Any:
    """`ja` or `nee`, however it was ticked."""
    if is_blank(value):
        return EMPTY
    found = text(value)
    word = fold(chosen(found)) if isinstance(found, str) else ""
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
    if isinstance(value, Padded) and value.is_integer():
        return f"{int(value):0{value.digits}d}"
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
    return of_text(_one_person)(value)


@lru_cache(maxsize=2**16)  # of a sheet a person is asked for three times
def _one_person(found: str) -> Any:
    """The number in `'0051`, `51.0` (that went through a float) and `0051 - naam`."""
    bare = _FLOAT.sub("", _BEFORE_A_NUMBER.sub("", found.rstrip(".,;: "))) or found
    parts = [part for part in _BETWEEN_NUMBERS.split(bare) if part]
    numbers = [part for part in parts if _DIGIT.search(part)]
    if len(numbers) > 1 or _TWO_NUMBERS.fullmatch(bare):
        return bad("more_persons")
    if not numbers or len(parts) == 1 or _CODE_BEFORE.match(bare):
        return bare
    named = parts[0] == numbers[0] and sum(map(len, parts[1:])) > LONGEST_CODE
    return numbers[0] if named else bad("person_with_words")


def bare_number(person: str) -> str:
    """The number of a person without what may be lost on its way: leading zeros, signs and case."""
    return re.sub(r"[\W_]+", "", person).lstrip("0").casefold()


def chosen(text: str) -> str:
    """What was chosen, without the `;` that a form puts behind each choice."""
    return text.rstrip("; ")


def of_text(read: Callable[[str], Any], parser: Parser = text) -> Parser:
    """A parser that makes something else of what is read as text."""

    def parse(value: Any) -> Any:
        found = parser(value)
        return read(found) if isinstance(found, str) else found

    return parse


def account(value: Any, names: Mapping[str, str] = NO_NAMES) -> Any:
    """A ledger account: `4000` out of `4000` or `4000 - naam`; by its name alone where the agreement has one of it."""

    def read(found: str) -> Any:
        match = _ACCOUNT.fullmatch(found)
        return match[1] if match else names.get(fold(found), bad("no_account"))

    return of_text(read)(value)


def is_span(value: Any) -> bool:
    """Whether this is a first and a last account, as `4000 - 4999`."""
    match = _SPAN.fullmatch(fold(value)) if isinstance(value, str) else None
    return match is not None and len(match[1]) == len(match[2])


def side(value: Any) -> Any:
    """`D` or `C`, however the side of an amount is written."""

    def read(found: str) -> Any:
        word = fold(found).rstrip(".")
        return SIDES.get(word) or bad("in_and_out" if word in IN_AND_OUT else "no_side")

    return of_text(read)(value)


def contra(value: Any, names: Mapping[str, str] = NO_NAMES) -> Any:
    """As `account`; what is as long as the number of a bank account is none."""
    found = account(value, names)
    return bad("no_account") if isinstance(found, str) and len(found) > LONGEST_ACCOUNT else found


def listed(words: Mapping[str, str], unknown: str = "het woord staat niet in de lijst", kept: bool = True) -> Parser:
    """A parser for the words of a list: folded word or alias -> the word; any other text is bad, and `kept` or not."""
    choices = ", ".join(dict.fromkeys(words.values()))

    def read(found: str) -> Any:
        word = fold(chosen(found))
        if word in words:
            return words[word]
        several = [part.strip(' "[]') for part in _BETWEEN_CHOICES.split(word)]
        if len(several) > 1 and all(part in words for part in several):
            return bad("more_words", word if kept else EMPTY)
        advice = f"Kies uit: {choices}. Of voeg het woord als alias toe."
        for near in get_close_matches(word, list(words), n=1, cutoff=0.7):
            advice = f"Bedoelt u {words[near]}?" if near == fold(words[near]) else f"Bedoelt u {near} ({words[near]})?"
        return Bad(unknown, advice, word if kept else EMPTY)

    return of_text(read)


def room(rooms: Mapping[str, str]) -> Parser:
    """A parser for rooms, by any spelling, or a code and a name of one beside each other: `ZK - Zonnekamer`."""
    exact = listed(rooms, "onbekende kamer", kept=False)

    def read(found: str) -> Any:
        near = exact(found)
        if not isinstance(near, Bad):
            return near
        advice = near.advice.removesuffix(" Of voeg het woord als alias toe.")
        return _room_in(fold(found), rooms) or bad("unknown_spelling", wrong=near.problem, instead=advice)

    return of_text(read)


def _room_in(word: str, rooms: Mapping[str, str]) -> str | None:
    """The one room that the two parts of a text name; one part of them may be a number before it or in brackets.

    A code with a dash or colon behind it says which room it is, unless what follows is another.
    """
    found = set()
    for between in _BETWEEN_PARTS.finditer(word):
        sign, parts = between[0].strip(), (word[: between.start()], word[between.end() :].rstrip(")"))
        first, last = map(rooms.get, parts)
        if first and last:
            found |= {first, last}
        elif first and ((sign == "(" and parts[1].isdecimal()) or (sign and fold(first) == parts[0])):
            found.add(first)
        elif last and (parts[0].isdecimal() or (sign == "(" and fold(last) == parts[1])):
            found.add(last)
    return found.pop() if len(found) == 1 else None


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
