"""Persons: pseudonyms in place of registration numbers, their key, and personal content recognised at the door."""

import hmac
import os
import re
import secrets
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from platformdirs import user_config_path
from stdnum import iban
from stdnum.nl import bsn

PSEUDONYM_LENGTH = 16
KEY_BYTES = 32
MOST_WORDS = 5  # of a name, an address or an e-mail address
FEWEST_LETTERS = 6

# A column of citizen service numbers: more than half pass the check, where one in eleven does by chance.
BSN_MINIMUM = 3
BSN_SHARE = 0.5

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"(?<!\d)(?:\+31|0031|0)[\s-]?\(?0?\)?(?:[\s().-]{0,2}\d){9}(?!\d)")
_DAY = re.compile(r"\b\d{1,2}[-/.]\d{1,2}[-/.]\d{4}\b|\b\d{4}-\d{1,2}-\d{1,2}\b")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]){11,30}")
_IBAN_LENGTHS = range(15, 35)


def pseudonym(key: bytes, value: str) -> str:
    """The same value and key give the same pseudonym (HMAC-SHA256, RFC 2104); it cannot be undone without the key."""
    return hmac.digest(key, value.encode(), "sha256").hex()[:PSEUDONYM_LENGTH]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def hashes(texts: Iterable[str], key: bytes) -> set[str]:
    """Keyed hashes of personal values: enough to recognise one on a page, not to read it.

    A single word without a digit may be anybody's or an ordinary word, and a long text is no name: neither is kept.
    """
    found = (_words(text) for text in texts)
    telling = (words for words in found if 1 < len(words) <= MOST_WORDS or any(map(str.isdigit, "".join(words[:1]))))
    joined = (" ".join(words[:MOST_WORDS]) for words in telling)
    return {pseudonym(key, text) for text in joined if len(text) >= FEWEST_LETTERS}


def finds_personal(text: str, personal: Collection[str], key: bytes) -> bool:
    """Whether a text holds one of the personal values that `hashes` was given, as whole words, in any case."""
    words = _words(text) if personal else []
    phrases = {" ".join(words[at : at + size]) for size in range(1, MOST_WORDS + 1) for at in range(len(words))}
    return any(pseudonym(key, phrase) in personal for phrase in phrases if len(phrase) >= FEWEST_LETTERS)


def looks_personal(text: str) -> bool:
    """Whether a text holds an e-mail address, a Dutch phone number or an IBAN."""
    if "@" in text and _EMAIL.search(text):
        return True
    if sum(map(str.isdigit, text)) < 9:
        return False
    return bool(_PHONE.search(_DAY.sub(" ", text))) or any(
        _starts_with_iban(m[0]) for m in _IBAN.finditer(text.upper())
    )


def _starts_with_iban(text: str) -> bool:
    """Whether the text begins with an IBAN; words may follow it."""
    bare = re.sub(r"[ .-]", "", text)
    return any(iban.is_valid(bare[:length]) for length in _IBAN_LENGTHS if length <= len(bare))


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
    if isinstance(value, str) and 8 <= len(value) <= 13:
        digits = re.sub(r"[\s.-]", "", value)
        return digits if digits.isdigit() and 8 <= len(digits) <= 9 else ""
    if isinstance(value, (int, float)) and 1e7 <= value < 1e9 and float(value).is_integer():
        return str(int(value))
    return ""


def holds_personal_content(values: Iterable[Any]) -> bool:
    """Whether more than half of a column's distinct texts are e-mail addresses, phone numbers or IBANs."""
    texts = {value for value in values if isinstance(value, str) and value.strip()}
    return bool(texts) and sum(map(looks_personal, texts)) > len(texts) / 2


def key_path() -> Path:
    """Where the key of the pseudonyms lives: the user's configuration folder, or `BWK_CONFIG_DIR` when set."""
    folder = os.environ.get("BWK_CONFIG_DIR")
    return (Path(folder) if folder else user_config_path("bwk_analysis", appauthor=False)) / "pseudonym.key"


def load_key() -> bytes:
    """The key of the pseudonyms; made on first use, readable by its owner alone."""
    path = key_path()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
    return path.read_bytes()
