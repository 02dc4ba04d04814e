"""How texts are compared: without case, accents, outer and double spaces."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

SPELLINGS = ("aliases", "name", "room")  # of a room; the last that has a spelling decides


def clean(text: str) -> str:
    """Text without outer and double white space (no-break spaces too)."""
    return " ".join(text.split())


def fold(text: str) -> str:
    """Text as it is compared: without case, accents, outer and double spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", clean(text)) if not unicodedata.combining(c))
    return clean(plain).casefold()


def header_key(text: Any) -> str:
    """A header as it is compared: folded, and without spaces, `_`, `-`, `.` and a closing `*`."""
    return _header_key(text) if isinstance(text, str) else ""


@lru_cache(maxsize=4096)  # the same aliases are compared with the headers of every sheet
def _header_key(text: str) -> str:
    return re.sub(r"[\s_.*-]+", "", fold(text))


def room_spellings(rooms: pd.DataFrame) -> dict[str, str]:
    """Folded code, name or alias -> room code; a code goes before a name, a name before an alias."""
    return {s: row["room"] for column in SPELLINGS for row in rooms.to_dict("records") for s in spelt(row, column)}


def spelt(room: Mapping[Any, Any], column: str) -> list[str]:
    """The folded spellings of a room in one of its columns."""
    text = room[column] if isinstance(room[column], str) else ""
    return [fold(part) for part in (text.split(";") if column == "aliases" else [text]) if part.strip()]
