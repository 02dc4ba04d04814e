"""Persons: pseudonyms in place of registration numbers, and personal content recognised at the door."""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from platformdirs import user_config_path
from stdnum import iban
from stdnum.nl import bsn

PSEUDONYM_LENGTH = 16
KEY_BYTES = 32

# A column of citizen service numbers: more than half pass the check, where one in eleven does by chance.
BSN_MINIMUM = 3
BSN_SHARE = 0.5

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"(?<!\d)(?:\+31|0031|0)[\s-]?\(?0?\)?(?:[\s-]?\d){9}(?!\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b")


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


def pseudonym(key: bytes, value: str) -> str:
    """The same value and key give the same pseudonym (HMAC-SHA256, RFC 2104); it cannot be undone without the key."""
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:PSEUDONYM_LENGTH]


def looks_personal(text: str) -> bool:
    """Whether a text holds an e-mail address, a Dutch phone number or an IBAN."""
    if "@" in text and _EMAIL.search(text):
        return True
    if sum(map(str.isdigit, text)) < 9:
        return False
    return bool(_PHONE.search(text)) or any(iban.is_valid(match[0]) for match in _IBAN.finditer(text.upper()))


def is_bsn_column(values: Iterable[Any], named: bool) -> bool:
    """Whether a column holds citizen service numbers; decided on the whole column, as one number proves nothing.

    named : the header says so; then one valid number is enough.
    """
    distinct = set(values) - {None, ""}
    valid = sum(bsn.is_valid(digits) for value in distinct if (digits := _bsn_digits(value)))
    return valid > 0 if named else valid >= BSN_MINIMUM and valid > BSN_SHARE * len(distinct)


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


# --- small numbers ----------------------------------------------------------------------------------------------------
#
# Two editions. `bestuur`: of an indicator marked sensitive 1-4 persons (setting `drempel`) are hidden, with everything
# that gives them away. `openbaar`: every count of persons below 10 is hidden and the rest rounded to 5; whatever is
# computed from counts is computed from those. Nought is shown as nought. What is hidden here is hidden everywhere,
# because charts, tables, sentences and workbooks get nothing but these frames.

BOARD, PUBLIC = "bestuur", "openbaar"
EDITIONS = (BOARD, PUBLIC)
PUBLIC_THRESHOLD = 10
PUBLIC_ROUNDING = 5
HIDDEN = "verborgen"
NOT_SHOWN = "niet getoond"
FIGURES = ["value", "numerator", "denominator", "lower", "upper", "n"]


def is_small(persons: pd.Series, threshold: int) -> pd.Series:
    """Whether a number of persons may not be shown: at least 1 and below the threshold. Nought and empty are not small."""
    return (persons >= 1) & (persons < threshold)


def rounded(persons: pd.Series) -> pd.Series:
    """A number of persons as the public sees it: a multiple of 5, empty where it is small."""
    multiples = np.floor(persons / PUBLIC_ROUNDING + 0.5) * PUBLIC_ROUNDING
    return multiples.mask(is_small(persons, PUBLIC_THRESHOLD))


def _hide(scorecard: pd.DataFrame, rows: pd.Series, shown: str) -> pd.DataFrame:
    hidden = scorecard.copy()
    hidden.loc[rows, FIGURES] = np.nan
    hidden.loc[rows, ["status", "uncertain", "hidden"]] = [HIDDEN, False, shown]
    return hidden


def for_board(scorecard: pd.DataFrame, sensitive: Collection[str], threshold: int, total: str) -> pd.DataFrame:
    """The scorecard without small numbers of sensitive indicators; a total is shown only when all its rooms are.

    The column `hidden` says what stands in the place of a hidden figure (`<5`), else it is empty.
    """
    card = scorecard.assign(hidden="")
    counted = card["indicator"].isin(list(sensitive)) & card["unit"].isin(["personen", "aandeel"])
    numerator, denominator = (pd.to_numeric(card[name]) for name in ("numerator", "denominator"))
    small = counted & is_small(numerator, threshold)
    of_few = counted & is_small(denominator, threshold)
    nought = of_few & (numerator == 0)
    card.loc[nought, ["denominator", "lower", "upper", "n"]] = np.nan  # nought is shown, of how few is not
    card.loc[nought, "uncertain"] = False
    unshown = (small | of_few) & (card["room"] != total)
    totals = counted & (card["room"] == total) & (card["indicator"].isin(card.loc[unshown, "indicator"]))
    card = _hide(card, (small | of_few) & ~nought & (card["room"] != total), f"<{threshold}")
    card = _hide(card, counted & (card["room"] == total) & (small | of_few), f"<{threshold}")
    return _hide(card, totals & ~(small | of_few), NOT_SHOWN)


def for_public(scorecard: pd.DataFrame, judge: Callable[[pd.Series], dict[str, Any]], total: str) -> pd.DataFrame:
    """The scorecard for everyone: persons rounded to 5 and hidden below 10, all else computed from that.

    Totals are sums of the rounded rooms, in which a person in two rooms counts in both; they are not held against a target.

    judge : gives status, lower, upper and uncertain of a row from its rounded figures.
    """
    card = scorecard.assign(hidden="")
    persons = card["unit"].isin(["personen", "aandeel"])
    for column in ("numerator", "denominator"):
        exact = pd.to_numeric(card[column])
        card[column] = exact.mask(persons, rounded(exact))
    card = _sum_rooms(card, persons, total)
    numerator, denominator = (pd.to_numeric(card[name]) for name in ("numerator", "denominator"))
    missing = persons & pd.to_numeric(scorecard["value"], errors="coerce").notna()
    share = numerator / denominator.mask(denominator == 0)
    share = share.mask(numerator == 0, 0.0)
    is_share = card["unit"] == "aandeel"
    card["value"] = card["value"].mask(persons & ~is_share, numerator).mask(is_share, share)
    unshown = missing & pd.to_numeric(card["value"], errors="coerce").isna()
    means = card["unit"] == "cijfer"
    few = means & is_small(pd.to_numeric(scorecard["n"]), PUBLIC_THRESHOLD)
    card["value"] = card["value"].mask(means, pd.to_numeric(card["value"], errors="coerce").round(1))
    card.loc[means, "numerator"] = np.nan  # a sum of marks over its mean would give the exact number of respondents
    card["denominator"] = card["denominator"].mask(means, rounded(pd.to_numeric(scorecard["denominator"])))
    card["n"] = card["denominator"].where(is_share | means)
    card[["lower", "upper"]] = np.nan
    for index in card.index[persons | means]:
        for column, found in judge(card.loc[index]).items():
            card.loc[index, column] = found
    several_rooms = card["room"].nunique() > 2
    summed = persons & ~is_share & (card["room"] == total) & several_rooms & missing
    card.loc[summed, "status"] = HIDDEN
    return _hide(card, unshown | few, f"<{PUBLIC_THRESHOLD}")


def _sum_rooms(card: pd.DataFrame, persons: pd.Series, total: str) -> pd.DataFrame:
    """Totals as the sum of the rooms' published figures; a room that is hidden adds nothing."""
    rooms = card[persons & (card["room"] != total)]
    for column in ("numerator", "denominator"):
        sums = pd.to_numeric(rooms[column]).groupby(rooms["indicator"]).sum(min_count=1)
        is_total = persons & (card["room"] == total) & card[column].notna()
        card[column] = card[column].mask(is_total, card["indicator"].map(sums))
    return card


def rounded_counts(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """A frame of counts for everyone: rounded to 5, hidden (empty) below 10."""
    return frame.assign(**{column: rounded(pd.to_numeric(frame[column]))})
