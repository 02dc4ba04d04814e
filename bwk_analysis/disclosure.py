"""`show`: the one door to a page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pandas as pd

BOARD, PUBLIC, ANALYST = "bestuur", "openbaar", "analist"
EDITIONS = (BOARD, PUBLIC)
UNTOLD = "niet te zeggen"  # a status that the two ends of a figure do not share


class NotDeclared(ValueError):
    """Something that nobody declared safe to show; the text is Dutch and says how to declare it."""


class Span(NamedTuple):
    """A number as it is told: from low up to and with high; exact where they are equal."""

    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Shown:
    """A frame that may be shown: its numbers are spans (None: not told), the rest words and days.

    kinds : column -> what it holds. edition : for whom.
    """

    frame: pd.DataFrame
    kinds: Mapping[str, str]
    edition: str

    @property
    def low(self) -> pd.DataFrame:
        """A plain frame of the lower ends."""
        return self._ends(0)

    @property
    def high(self) -> pd.DataFrame:
        """A plain frame of the upper ends."""
        return self._ends(1)

    def _ends(self, end: int) -> pd.DataFrame:
        return self.frame.map(lambda cell: cell[end] if isinstance(cell, Span) else cell).infer_objects()

    def where(self, rows: Any) -> "Shown":
        """Some of the rows: a mask, or a function of the frame that gives one."""
        return replace(self, frame=self.frame[rows(self.frame) if callable(rows) else rows])

    def pick(self, **wanted: Any) -> "Shown":
        """The rows in which each column named has the value given, or one of a list of values."""
        mask = pd.Series(True, self.frame.index)
        for column, value in wanted.items():
            mask &= self.frame[column].isin(value if isinstance(value, (list, tuple, set)) else [value])
        return self.where(mask)

    def __len__(self) -> int:
        return len(self.frame)
