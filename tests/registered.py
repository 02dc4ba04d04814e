"""A dataset in memory: an agreement with the indicators of the example, and rows as the readers hand them over."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from bwk_analysis import finance, indicators, periods, problems
from bwk_analysis.agreement import Agreement, Target
from bwk_analysis.data import Data
from bwk_analysis.door.agreed import load_agreement
from bwk_analysis.door.read import no_rows
from bwk_analysis.door.schema import load_schema
from bwk_analysis.measures import measures
from bwk_analysis.problems import ACCOUNTING

EXAMPLE = Path(__file__).parents[1] / "data" / "raw" / "2021-voorbeeld" / "samenwerkingsafspraak-2021.xlsx"
SCHEMA = load_schema()
NUMBERS = ("number", "hours", "answer")
ROOMS = ("A", "B", "C")


@lru_cache(maxsize=1)
def example() -> Agreement:
    return load_agreement([EXAMPLE])[0]


def agreement(rooms: Sequence[str] = ROOMS, sensitive: Sequence[str] | None = None, **settings: Any) -> Agreement:
    """Each room has posts of 1000 and 500 euros, funders of 900 and 700, and the targets of the example's first."""
    model = example()
    place = {"file": "afspraak.xlsx", "sheet": "", "row": 1}
    room_of_all_year = {"neighbourhood": "", "aliases": "", "opens": pd.NaT, "closes": pd.NaT, **place}
    names = [{"room": room, "name": f"Kamer {room}", **room_of_all_year} for room in rooms]
    targets = model.targets.drop_duplicates("indicator")
    posts = [("A1", "A", 1000.0), ("C1", "C", 500.0)]
    funders = [("Stad", "gemeente", 900.0), ("Fonds", "fonds", 700.0)]
    accounts = [
        ("4000", "A1", None),
        ("4100", "C1", None),
        ("8000", None, "Stad"),
        ("8100", None, "Fonds"),
        ("1100", None, None),
    ]
    chosen = model.indicators
    if sensitive is not None:
        chosen = chosen.assign(sensitive=["ja" if code in sensitive else "nee" for code in chosen["code"]])
    return replace(
        model,
        rooms=pd.DataFrame(names),
        indicators=chosen,
        targets=pd.concat([targets.assign(room=room) for room in rooms], ignore_index=True),
        budget=pd.DataFrame(
            [
                {"post": p, "group": g, "group_name": None, "description": p, "room": r, "euro": e, **place}
                for p, g, e in posts
                for r in rooms
            ]
        ),
        funding=pd.DataFrame(
            [
                {"funder": f, "kind": k, "reference": None, "report": None, "room": r, "euro": e, **place}
                for f, k, e in funders
                for r in rooms
            ]
        ),
        volunteers=pd.DataFrame([{"room": r, "hours": 100.0, "euro": 1250.0, **place} for r in rooms]),
        accounts=pd.DataFrame(
            [{"account": a, "name": a, "post": p, "funder": f, **place} for a, p, f in accounts], dtype=object
        ),
        printed=model.printed.iloc[:0],
        settings=replace(model.settings, paid_people="A", **settings),
    )


def with_targets(agreed: Agreement, *rows: tuple[str, str, Target]) -> Agreement:
    """The agreement with these targets and no other; a row is indicator, room, target."""
    place = {"file": "afspraak.xlsx", "sheet": "streefwaarden", "row": 1}
    columns = ["indicator", "room", "target", *place]
    return replace(agreed, targets=pd.DataFrame([(*row, *place.values()) for row in rows], columns=columns))


def table(name: str, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Rows of a table with the columns and types that the readers give; days are texts, what is absent is empty."""
    frame = pd.DataFrame(rows, columns=[*SCHEMA.tables[name].columns]).astype(object)
    frame = frame.where(frame.notna(), None)
    for column in SCHEMA.tables[name].columns.values():
        if column.kind == "day":
            frame[column.name] = pd.to_datetime(frame[column.name])
        elif column.kind in NUMBERS:
            frame[column.name] = frame[column.name].astype(float)
        else:
            frame[column.name] = frame[column.name].astype("str").astype("category")
    if name == "grootboek":
        frame["bedrag"] = frame["bedrag"].fillna(frame["debet"].fillna(0) - frame["credit"].fillna(0))
    where = {"source_file": f"{name}.xlsx", "source_sheet": name}
    frame = frame.assign(**{key: pd.Categorical([text] * len(frame)) for key, text in where.items()})
    return frame.assign(source_row=range(2, len(frame) + 2))


def dataset(agreed: Agreement, outside: Sequence[dict[str, Any]] = (), **rows: Sequence[dict[str, Any]]) -> Data:
    """A dataset with the named tables delivered; `outside` are ledger lines with a day in another year."""
    tables = {name: table(name, rows[name]) if name in rows else no_rows(of) for name, of in SCHEMA.tables.items()}
    counts = [(f"{name}.xlsx", name, len(tables[name]), len(tables[name]), 0, 0, 0) for name in rows]
    found, unmeasurable = measures(agreed, SCHEMA)
    return Data(
        name="verzonnen",
        agreement=agreed,
        measures=found,
        tables=tables,
        delivered=frozenset(rows),
        outside_year={"grootboek": table("grootboek", outside)} if outside else {},
        accounting=pd.DataFrame(counts, columns=["file", "sheet", *ACCOUNTING]),
        problems=problems.frame(unmeasurable),
        files={},
    )


class Counted(NamedTuple):
    """The frames of a period: one row is an indicator in a room; an amount, ratio or share in a room."""

    scorecard: pd.DataFrame
    finance: pd.DataFrame


def counted(data: Data, period: str) -> Counted:
    window = periods.parse(period)
    counts = indicators.counts(data, window)
    return Counted(indicators.judge(counts, data.agreement), finance.figures(data, window, counts))
