"""How texts are compared: without case, accents, outer and double spaces."""

import re
import unicodedata
from functools import lru_cache
from typing import Any


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
