"""Numbers as they are told: in steps of five, what follows from a step, and the frames made of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any, NamedTuple

import pandas as pd

BOARD, PUBLIC, ANALYST = "bestuur", "openbaar", "analist"
EDITIONS = (BOARD, PUBLIC)
UNTOLD = "niet te zeggen"  # a status that the two ends of a figure do not share
STEP, TEN = 5, 10


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
            if column not in self.frame:
                raise ValueError(no_column(column, self.frame))
            mask &= self.frame[column].isin(value if isinstance(value, (list, tuple, set)) else [value])
        return self.where(mask)

    def __len__(self) -> int:
        return len(self.frame)


def no_column(name: str, frame: pd.DataFrame) -> str:
    """A Dutch sentence for a column that a frame has not."""
    return f"kolom '{name}' staat niet in het frame; er staan: {', '.join(map(str, frame))}"


NONE = Span(0.0, 0.0)
FEW = Span(0.0, 2 * STEP - 1.0)  # what is told of a few whom their step would give away


def exact(number: float) -> Span:
    return Span(float(number), float(number))


def is_exact(span: Span | None) -> bool:
    return span is not None and span.low == span.high


def is_number(cell: Any) -> bool:
    return pd.api.types.is_number(cell) and not pd.api.types.is_bool(cell) and not pd.isna(cell)


def fives(number: float) -> Span:
    """0, 1-4, 5-9, 10-14, ...; below nought the same with a sign."""
    if number < 0:
        above = fives(-number)
        return Span(-above.high, -above.low)
    low = float(number // STEP * STEP)
    return Span(max(low, 1.0), low + STEP - 1) if number else NONE


def tens(hours: float) -> Span:
    """0, 0-10, 10-20, ...: hours as everyone sees them."""
    low = float(hours // TEN * TEN)
    return Span(low, low + TEN) if hours else NONE


def added(spans: Iterable[Span | None]) -> Span:
    """The sum of the ends; what is not told adds nothing."""
    told = [span for span in spans if span is not None]
    return Span(float(sum(span.low for span in told)), float(sum(span.high for span in told)))


def explained(own: Span, sums: Iterable[Span]) -> Span:
    """A total in steps, told as the sum of the ends of its parts where these do not reach its lower end."""
    least = min(sums, key=lambda span: span.low, default=own)
    return own if own.low <= least.low else Span(least.low, max(least.high, own.high))


def outward(span: Span, per_unit: int) -> Span:
    """Rounded away from its middle: to whole per cents (100), tenths (10) or whole numbers (1)."""
    if span.low != span.low:  # not a number
        return span
    return Span(floor(span.low * per_unit + 1e-9) / per_unit, ceil(span.high * per_unit - 1e-9) / per_unit)


def quotient(above: Span | None, below: Span | None) -> Span | None:
    """Everything that the one divided by the other can be; nothing where that can be nought."""
    if above is None or below is None or below.low <= 0:
        return None
    ends = [a / b for a in above for b in below]
    return Span(min(ends), max(ends))


def share(part: Span | None, whole: Span | None) -> Span | None:
    """All shares that whole numbers of the two spans give, the part never more than the whole."""
    if part is None or whole is None or whole.high <= 0:
        return None
    return Span(part.low / whole.high, min(part.high / max(whole.low, 1.0), 1.0))


def mean(mark: Any, people: Span | None) -> Span | None:
    """The tenth in which a mean lies, of fewer than fifty people the half mark; nothing of fewer than ten.

    A tenth of a mark, of fifty people, leaves room for five marks: less would give single answers away.
    """
    if not is_number(mark) or people is None or people.low < TEN:
        return None
    per_unit = 10 if people.low >= STEP * TEN else 2
    low = floor(mark * per_unit + 1e-9)
    return Span(low / per_unit, (low + 1) / per_unit)
