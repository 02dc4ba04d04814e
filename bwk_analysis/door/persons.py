"""Persons: pseudonyms in place of registration numbers, their key, and personal content recognised at the door."""

import hmac
import os
import re
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from platformdirs import user_config_path
from stdnum import iban
from stdnum.nl import bsn

from bwk_analysis.door.spelling import clean, fold
from bwk_analysis.folders import machine_fault
from bwk_analysis.problems import message

PSEUDONYM_LENGTH = 16
KEY_BYTES = 32

# A column of citizen service numbers: more than half pass the check, where one in eleven does by chance.
BSN_MINIMUM = 3
BSN_SHARE = 0.5

# What a person is known by in a text: `Anna`, `Anna de Vries`, `0012`, `deelnemer 12`; not `de`, `12` or `2021`.
MOST_WORDS = 5
SHORTEST_NAME = 3
SHORTEST_NUMBER = 5
NO_NAMES = frozenset({"", "onbekend", "niet bekend", "nog niet bekend", "geen", "geen naam", "anoniem", "nvt", "n v t"})
_BEFORE_A_NUMBER = re.compile(r".*(?:deelnemer|vrijwilliger|respondent|nummer|nr|id)")

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"(?<!\d)(?:\+31|0031|0)[\s-]?\(?0?\)?(?:[\s().-]{0,2}\d){9}(?!\d)")
_DAY = re.compile(r"\b\d{1,2}[-/.]\d{1,2}[-/.]\d{4}\b|\b\d{4}-\d{1,2}-\d{1,2}\b")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]){11,30}")
_BSN = re.compile(r"(?<!\d)\d(?:[ .-]?\d){8}(?!\d)")


def pseudonym(key: bytes, value: str) -> str:
    """The same value and key give the same pseudonym (HMAC-SHA256, RFC 2104); it cannot be undone without the key."""
    return hmac.digest(key, value.encode(), "sha256").hex()[:PSEUDONYM_LENGTH]


# --- personal content -------------------------------------------------------------------------------------------------


def looks_personal(text: str) -> bool:
    """Whether a text holds an e-mail address, a Dutch phone number or an IBAN."""
    if "@" in text and _EMAIL.search(text):
        return True
    if sum(map(str.isdigit, text)) < 9:
        return False
    starts = (re.sub(r"[ .-]", "", match[0]) for match in _IBAN.finditer(text.upper()))  # words may follow it
    ibans = (bare[:length] for bare in starts for length in range(15, min(len(bare), 34) + 1))
    return bool(_PHONE.search(_DAY.sub(" ", text))) or any(map(iban.is_valid, ibans))


def holds_bsn(text: str) -> bool:
    """Whether a text holds a citizen service number of nine digits."""
    return any(bsn.is_valid(re.sub(r"\D", "", found)) for found in _BSN.findall(_DAY.sub(" x ", text)))


def is_bsn_column(values: Iterable[Any], named: bool) -> bool:
    """Whether a column holds citizen service numbers; decided on the whole column, as one number proves nothing.

    named : the header says so; then one valid number is enough. Else most numbers of eight or nine digits must be
    valid; titles, headers and words in the column make no difference.
    """
    candidates = [digits for value in set(values) if (digits := _bsn_digits(value))]
    valid = sum(map(bsn.is_valid, candidates))
    return valid > 0 if named else valid >= BSN_MINIMUM and valid > BSN_SHARE * len(candidates)


def _bsn_digits(value: Any) -> str:
    """The eight or nine digits of a cell that may be such a number, else an empty text."""
    if isinstance(value, str) and 8 <= len(value) <= 13 and not _DAY.fullmatch(value.strip()):
        digits = re.sub(r"[\s.-]", "", value)
        return digits if digits.isdigit() and 8 <= len(digits) <= 9 else ""
    if isinstance(value, (int, float)) and 1e7 <= value < 1e9 and float(value).is_integer():
        return str(int(value))
    return ""


def holds_personal_content(values: Iterable[Any]) -> bool:
    """Whether more than half of a column's distinct texts are e-mail addresses, phone numbers or IBANs."""
    texts = {value for value in values if isinstance(value, str) and value.strip()}
    return bool(texts) and sum(map(looks_personal, texts)) > len(texts) / 2


# --- persons in a text ------------------------------------------------------------------------------------------------


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def naming(texts: Iterable[str], persons: Iterable[str]) -> set[str]:
    """The texts that hold one of these names, addresses or registration numbers, as whole words.

    Case and accents make no difference; only a name of one word (`Roos`) must begin with a capital, there and here.
    """
    known = {_known_by(person) for person in persons}
    return {text for text in texts if not known.isdisjoint(_phrases(text))}


def _known_by(person: str) -> str:
    words = _words(person)
    if len(words) == 1 and words[0].isalpha() and not person.strip()[0].isupper():
        return ""
    return " ".join(words)


def _phrases(text: str) -> Iterator[str]:
    """Every run of words that may be a person, as `_known_by` writes it."""
    words = re.findall(r"\w+", clean(text))
    folded = [" ".join(_words(word)) for word in words]
    for at, word in enumerate(words):
        name = word[0].isupper() and len(word) >= SHORTEST_NAME
        number = any(map(str.isdigit, word)) and (
            not word.isdigit() or word[0] == "0" or len(word) >= SHORTEST_NUMBER
            or (at > 0 and _BEFORE_A_NUMBER.fullmatch(folded[at - 1]))
        )  # fmt: skip
        if (name or number) and folded[at] not in NO_NAMES:
            yield folded[at]
        for size in range(2, MOST_WORDS + 1):
            phrase = " ".join(folded[at : at + size])
            if at + size <= len(words) and phrase not in NO_NAMES:
                yield phrase


# --- the key ----------------------------------------------------------------------------------------------------------


class NoKey(Exception):
    """The key of the pseudonyms cannot be used; the Dutch text says which file it is and what to do."""


def key_path() -> Path:
    """Where the key of the pseudonyms lives: the user's configuration folder, or `BWK_CONFIG_DIR` when set."""
    folder = os.environ.get("BWK_CONFIG_DIR")
    return (Path(folder) if folder else user_config_path("bwk_analysis", appauthor=False)) / "pseudonym.key"


def load_key() -> bytes:
    """The key of the pseudonyms; made on first use, for its owner alone. Raises NoKey where it is not whole."""
    path = key_path()
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_bytes()
    except OSError as error:
        error.filename = error.filename or str(path)
        raise _no_key("key_not_read", path, fault=machine_fault(error)) from None
    if len(key) != KEY_BYTES:
        raise _no_key("key_not_whole", path, found=len(key), whole=KEY_BYTES)
    return key


def _no_key(name: str, path: Path, **values: Any) -> NoKey:
    said = message(name, path=path, **values)
    return NoKey(f"{said.problem}. {said.advice}")


def _make_key(path: Path) -> None:
    """A finished file is put in place, so that nobody ever reads half a key; whoever comes second uses the first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        finished = Path(folder) / path.name
        finished.touch(mode=0o600)
        with finished.open("wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(finished, path)
        except OSError:  # another run was first, or it is a file system without links
            if not path.exists():
                finished.rename(path)
