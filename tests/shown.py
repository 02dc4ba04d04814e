"""Frames as `show` gives them, for the tests of what takes them: numbers exact, or in steps where a test says so."""

from typing import Any

import pandas as pd

from bwk_analysis.disclosure import BOARD, Shown, Span


def shown(frame: pd.DataFrame, edition: str = BOARD, **kinds: str) -> Shown:
    """Every number of the frame an exact span; a cell that is a Span already stays."""
    cells = frame.astype(object).map(_cell)
    return Shown(cells, dict.fromkeys(frame, "word") | kinds, edition)


def _cell(value: Any) -> Any:
    if isinstance(value, (Span, str, bool, pd.Timestamp)):
        return value
    return None if value is None or pd.isna(value) else Span(float(value), float(value))
