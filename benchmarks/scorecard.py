"""The participation indicators on a million rows: this project beside the same figures in DuckDB."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from benchmarks.timing import median_seconds
from bwk_analysis import indicators, periods
from bwk_analysis.agreement import TOTAL
from bwk_analysis.dataset import open_data
from bwk_analysis.door import schema
from bwk_analysis.measures import Measure

ROWS, PERSONS = 1_000_000, 60_000
EXAMPLE = Path(__file__).parents[1] / "data" / "raw" / "2021-voorbeeld"


def participations(rooms: list[str], categories: list[str], year: int) -> pd.DataFrame:
    """A million made-up participations, as the checked table holds them."""
    chance = np.random.default_rng(year)
    persons = np.array([f"{number:016x}" for number in range(PERSONS)])
    days = np.datetime64(f"{year}-01-01", "s") + chance.integers(0, 365, ROWS) * np.timedelta64(86_400, "s")

    def categorical(words: np.ndarray) -> pd.Categorical:
        return pd.Categorical.from_codes(chance.integers(0, len(words), ROWS), words)

    return pd.DataFrame(
        {
            "datum": days,
            "kamer": categorical(np.array(rooms)),
            "deelnemer": categorical(persons),
            "categorie": categorical(np.array(categories)),
        }
    )


def run() -> None:
    """Distinct persons per room and in all, per category and in all, up to the third quarter, both ways."""
    data = open_data(EXAMPLE)
    rooms, year = data.rooms, data.agreement.settings.year
    table = schema.load_schema().tables["deelnames"]
    rows = participations(rooms, list(dict.fromkeys(table.words["categorie"].values())), year)
    period = data.quarter(f"{year}Q3")
    measures = [m for m in data.measures.values() if m.table == table.name and m.kind == "uniek"]

    def ours() -> dict[str, pd.Series]:
        return {m.code: indicators.count(m, rows, rooms, period)["numerator"] for m in measures}

    database = duckdb.connect()
    database.execute("create table rows as select * from rows")
    last = periods.reference_day(period).date()
    inner = "select categorie, kamer, count(distinct deelnemer) as n from rows where datum <= ?"
    query = f"{inner} group by grouping sets ((categorie, kamer), (categorie), (kamer), ())"

    def theirs() -> pd.DataFrame:
        return database.execute(query, [last]).df()

    _same_figures(ours(), theirs(), measures)
    us, them = median_seconds(ours, 7), median_seconds(theirs, 7)
    print(f"{ROWS:,} participations of {PERSONS:,} persons, {len(measures)} indicators x {len(rooms) + 1} columns")
    print(f"this project {us * 1000:.0f} ms, DuckDB {them * 1000:.0f} ms: {them / us:.1f}x as fast as DuckDB")
    print("Limited by: one pass over the rows per indicator; DuckDB's table is loaded beforehand and not in its time.")


def _same_figures(ours: dict[str, pd.Series], theirs: pd.DataFrame, measures: list[Measure]) -> None:
    found = {
        (row.categorie, row.kamer): row.n for row in theirs.astype(object).where(theirs.notna(), None).itertuples()
    }
    for measure in measures:
        category = measure.scope[0].wanted[0] if measure.scope else None
        for room, persons in ours[measure.code].items():
            assert persons == found[category, None if room == TOTAL else room], (measure.code, room)
