"""How texts are compared: without case, accents, outer and double spaces."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

# What is not seen: soft hyphens, zero width spaces and joiners, marks of direction, a byte order mark.
UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_UNSEEN = re.compile(f"[{UNSEEN}]")
_SORTED = "\u2190-\u21ff\u2303\u2304\u23f4-\u23f7\u25b2-\u25c5\u2b05-\u2b0d\U0001f53c\U0001f53d\ufe0e\ufe0f"  # arrows
SPELLINGS = ("aliases", "name", "room")  # of a room; the last that has a spelling decides


def clean(text: str) -> str:
    """Text without outer and double white space (no-break spaces too), and without characters that nobody sees."""
    return " ".join((text if text.isascii() else _UNSEEN.sub("", text)).split())


def fold(text: str) -> str:
    """Text as it is compared: without case, accents, outer and double spaces."""
    if text.isascii():
        return clean(text).casefold()
    plain = "".join(c for c in unicodedata.normalize("NFKD", clean(text)) if not unicodedata.combining(c))
    return clean(plain).casefold()


def header_key(text: Any) -> str:
    """A header as it is compared: folded, without spaces, `_`, `-`, `.`, `*`, a closing `:` or a mark of sorting."""
    return _header_key(text) if isinstance(text, str) else ""


@lru_cache(maxsize=4096)  # the same aliases are compared with the headers of every sheet
def _header_key(text: str) -> str:
    return re.sub(rf"[{_SORTED}]+(?:\s*\d(?!\w))?|[\s_.*-]+|:\s*$", "", fold(text))


def room_spellings(rooms: pd.DataFrame) -> dict[str, str]:
    """Folded code, name or alias -> room code; a code goes before a name, a name before an alias, and that before 1 for
    the code 01."""
    bare = {code.lstrip("0"): code for code in rooms["room"] if code.isdecimal()}
    return bare | {
        s: row["room"] for column in SPELLINGS for row in rooms.to_dict("records") for s in spelt(row, column)
    }


def spelt(room: Mapping[Any, Any], column: str) -> list[str]:
    """The folded spellings of a room in one of its columns."""
    text = room[column] if isinstance(room[column], str) else ""
    return [fold(part) for part in (text.split(";") if column == "aliases" else [text]) if part.strip()]
