"""Rows of a scorecard and of finance as `show` gives them, and the figures worked out by hand as frames."""

from functools import cache
from typing import Any

import pandas as pd
from conftest import GOLDEN
from shown import shown

from bwk_analysis.agreement import Agreement
from bwk_analysis.disclosure import BOARD, Shown, Span
from bwk_analysis.door.read import read_folder

PERIOD = pd.Period("2023Q3")
ROW = {
    "period": "2023Q3", "room": "De Luwte", "indicator": "P4", "name": "Taal", "level": "proces", "value": 60.0,
    "numerator": 60.0, "denominator": None, "unit": "personen", "target": 50.0, "target_denominator": None,
    "interim_target": 37.5, "operator": ">=", "status": "gehaald", "lower": None, "upper": None, "n": None,
    "uncertain": False,
}  # fmt: skip
NUMBERS = ["value", "numerator", "denominator", "target", "target_denominator", "interim_target", "lower", "upper", "n"]


def card(*rows: dict[str, Any], edition: str = BOARD) -> Shown:
    """Rows of a scorecard that differ from ROW as said; a number is exact, a Span is in steps."""
    return shown(pd.DataFrame([ROW | row for row in rows], columns=list(ROW), dtype=object), edition)


def money(*rows: tuple[str, str, str, float | Span]) -> Shown:
    """Finance: kind, room, item, value."""
    return shown(pd.DataFrame(rows, columns=["kind", "room", "item", "value"]).assign(unit="euro"))


@cache
def golden_agreement() -> Agreement:
    return read_folder(sorted((GOLDEN / "dataset").iterdir()))[0]


def golden(name: str) -> pd.DataFrame:
    """The scorecard or finance of the third quarter as worked out by hand, with names of rooms and indicators."""
    agreement = golden_agreement()
    frame = pd.read_csv(GOLDEN / f"expected_{name}.csv").astype(object)
    frame["room"] = frame["room"].map(lambda code: agreement.room_names.get(code, code))
    if name == "scorecard":
        about = agreement.indicators.set_index("code")
        frame["name"], frame["level"] = frame["indicator"].map(about["name"]), frame["indicator"].map(about["level"])
        frame["uncertain"] = frame["uncertain"].astype(str).str.lower().eq("true")
    for column in {"value", *NUMBERS} & set(frame):
        frame[column] = [_number(cell) for cell in frame[column]]
    return frame


def _number(cell: Any) -> Any:
    try:
        return None if pd.isna(cell) else float(cell)
    except ValueError:
        return cell  # a verdict


def steps(frame: pd.DataFrame) -> pd.DataFrame:
    """A scorecard with its numbers of people in steps of five, and no status where a step is told."""
    people = frame["unit"].eq("personen")
    told = frame.assign(status=frame["status"].mask(people & frame["value"].notna(), "niet te zeggen"))
    for column in ("value", "numerator", "denominator", "n"):
        told[column] = [_step(cell) if in_steps else cell for cell, in_steps in zip(told[column], people, strict=True)]
    return told


def _step(count: Any) -> Span | None:
    if pd.isna(count):
        return None
    low = count // 5 * 5
    return Span(max(low, 1.0), low + 4) if count else Span(0.0, 0.0)
