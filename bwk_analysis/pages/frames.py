"""What charts and tables alike read in the tidy frames: rooms in order, levels by name, figures by item."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from bwk_analysis.pages.formats import JUDGED, level_name

__all__ = ["JUDGED", "level_name"]
TOTAL = "Totaal"

Row = Any  # a row of itertuples: its fields are the columns of the frame


def rows_in(frame: pd.DataFrame) -> list[Row]:
    """The rows, with a field per column."""
    return list(frame.itertuples())


def rooms_of(frame: pd.DataFrame) -> list[str]:
    """Rooms in the order of the frame, Totaal last."""
    return sorted((str(room) for room in frame["room"].drop_duplicates()), key=lambda room: room == TOTAL)


def of_total(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of Totaal; without those, the frame as it is."""
    rows = frame[frame["room"] == TOTAL]
    return frame if rows.empty else rows


def by_level(scorecard: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The rows per level, in the order of the frame."""
    return [(level_name(level), rows) for level, rows in scorecard.groupby("level", sort=False)]


def values_of(finance: pd.DataFrame, kind: str, room: str) -> dict[str, float]:
    """Item -> value of one kind and room; an item without a value is absent."""
    rows = finance[(finance["kind"] == kind) & (finance["room"] == room)].dropna(subset="value")
    return dict(zip(rows["item"], rows["value"].astype(float), strict=True))


def shares_of(finance: pd.DataFrame, whole: str, items: Sequence[str] = ()) -> pd.DataFrame:
    """Rows whose item is `<name> / <whole>`, with the name alone as item; only `items` where there are any."""
    rows = finance[finance["item"].str.endswith(f" / {whole}")]
    rows = rows.assign(item=rows["item"].str.removesuffix(f" / {whole}"))
    return rows[rows["item"].isin(items)] if len(items) else rows
