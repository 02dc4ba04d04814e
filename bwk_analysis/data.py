"""What a notebook holds: the checked tables of a dataset, its agreement, and what was wrong with the files."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from bwk_analysis import periods
from bwk_analysis.agreement import Agreement


@dataclass(frozen=True, eq=False)
class Data:
    """A dataset, read and checked. Every table is an attribute: `data.deelnames` is a frame of its own.

    tables : name -> frame; one row is an accepted row of that table, persons are pseudonyms, and source_file,
    source_sheet and source_row say where it stood. A table that was not delivered has its columns and no rows.
    delivered : the tables that are in the files. outside_year : rows with a day in another year.
    measures : indicator code -> how it is counted. accounting : one row is a sheet and what became of its rows.
    problems : one row is a problem. files : file name -> SHA-256. key : one text for all that the tables were made of.
    """

    name: str
    agreement: Agreement
    measures: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    delivered: frozenset[str]
    outside_year: Mapping[str, pd.DataFrame]
    accounting: pd.DataFrame
    problems: pd.DataFrame
    files: Mapping[str, str]
    key: str = ""

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables: Mapping[str, pd.DataFrame] = self.__dict__.get("tables", {})
        if name not in tables:
            raise AttributeError(f"geen tabel of eigenschap {name}; wel: {', '.join(tables)}")
        return tables[name].copy(deep=False)  # pandas copies on write: a notebook changes its own frame alone

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    def __repr__(self) -> str:
        counts = [
            f"  {name:<18}{len(rows):>8} rijen   {', '.join(c for c in rows if not c.startswith('source_'))}"
            for name, rows in self.tables.items()
        ]
        found = self.problems["severity"].value_counts()
        problems = ", ".join(f"{found[severity]} {severity}" for severity in found.index) or "geen"
        return "\n".join([f"Dataset {self.name}, {self.agreement.settings.year}", *counts, f"  problemen: {problems}"])

    @property
    def rooms(self) -> list[str]:
        """The codes of the rooms, in the order of the agreement."""
        return self.agreement.room_codes

    def until(self, period: pd.Period) -> "Data":
        """The rows from 1 January up to and with the period's last day; registers, which have no day, stay whole."""
        return replace(self, tables={name: _until(rows, period) for name, rows in self.tables.items()})

    def quarter(self, text: object = "") -> pd.Period:
        """A period of this dataset as people type it; empty: the last quarter with registrations.

        The ledger is no registration. Raises ValueError with a Dutch message for what is no period of the year.
        """
        if not str(text).strip():
            return self._last_quarter()
        period = periods.quarter(str(text))
        if period.year != self.agreement.settings.year:
            raise ValueError(f"kwartaal {period} hoort niet bij de afspraak van {self.agreement.settings.year}")
        return period

    def _last_quarter(self) -> pd.Period:
        days = [rows["datum"].max() for rows in self.tables.values() if "datum" in rows and "bedrag" not in rows]
        first = pd.Timestamp(self.agreement.settings.year, 1, 1)
        return pd.Period(max((day for day in days if pd.notna(day)), default=first), freq="Q")


def _until(rows: pd.DataFrame, period: pd.Period) -> pd.DataFrame:
    if "datum" not in rows:
        return rows
    return rows[rows["datum"].between(periods.start(period), periods.reference_day(period))]
