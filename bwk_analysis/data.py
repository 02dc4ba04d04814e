"""What a notebook holds: the checked tables of a dataset, its agreement, and what was wrong with the files."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

import pandas as pd

from bwk_analysis import periods
from bwk_analysis.agreement import Agreement, Unchanging, own
from bwk_analysis.periods import Mistyped
from bwk_analysis.problems import SEVERITIES


def unknown(what: str, given: object, known: Iterable[str]) -> str:
    """A Dutch sentence for a name that is none of those known, with the nearest: `geen kamer 'MX'; bedoelt u MB? …`."""
    names = {name.casefold(): name for name in known}
    near = get_close_matches(str(given).casefold(), names, n=1, cutoff=0.5)
    meant = f"bedoelt u {names[near[0]]}? " if near else ""
    return f"geen {what} '{given}'; {meant}wel: {', '.join(names.values()) or 'geen enkele'}"


class Fixed(Mapping[str, Any]):
    """A mapping that does not change; a frame that is taken out is one's own."""

    def __init__(self, named: Mapping[str, Any]) -> None:
        self._named = dict(named)

    def __getitem__(self, name: str) -> Any:
        return own(self._named[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._named)


@dataclass(frozen=True, eq=False)
class Data(Unchanging):
    """A dataset, read and checked; it never changes. A table is an attribute: `data.deelnames` is a frame of its own.

    tables : name -> frame; one row is an accepted row of that table, persons are pseudonyms, and source_file,
    source_sheet and source_row say where it stood. A table that was not delivered has its columns and no rows.
    delivered : the tables that are in the files. outside_year : rows with a day in another year.
    measures : indicator code -> how it is counted. accounting : one row is a sheet and what became of its rows.
    problems : one row is a problem. files : file name -> SHA-256. key : one text for all that the tables were made of.
    found : what was worked out of it by `once`.
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
    found: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("tables", "outside_year", "measures"):
            object.__setattr__(self, name, Fixed(getattr(self, name)))

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables: Mapping[str, pd.DataFrame] = self.__dict__.get("tables", {})
        if name not in tables:
            known = [*tables, *(mine for mine in dir(type(self)) if not mine.startswith("_")), *map(str, self.__dict__)]
            raise AttributeError(unknown("tabel of eigenschap", name, known))
        return tables[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    def __repr__(self) -> str:
        found = self.problems["severity"].value_counts()
        problems = ", ".join(
            f"{found[severity]} {words}" for severity, (_, words) in SEVERITIES.items() if severity in found
        )
        tables = [
            f"  {name:<18}{len(rows):>8} rijen   {', '.join(c for c in rows if not c.startswith('source_'))}"
            if name in self.delivered
            else f"  {name:<18}{'niet aangeleverd':>14}"
            for name, rows in self.tables.items()
        ]
        year = f"Dataset {self.name}, {self.agreement.settings.year}, kamers {', '.join(self.rooms)}"
        return "\n".join([year, *tables, f"  problemen (.problems): {problems or 'geen'}"])

    @property
    def rooms(self) -> list[str]:
        """The codes of the rooms, in the order of the agreement."""
        return self.agreement.room_codes

    def room(self, name: str) -> str:
        """The code of a room by its code or name; Totaal stays Totaal. Raises Mistyped with the nearest name."""
        names = self.agreement.room_names
        codes = {name.casefold(): code for code, name in names.items()} | {code.casefold(): code for code in names}
        code = codes.get(str(name).strip().casefold())
        if code is None:
            raise Mistyped(unknown("kamer", name, dict.fromkeys([*self.rooms, *names.values()])))
        return code

    def until(self, period: pd.Period) -> "Data":
        """The rows from 1 January up to and with the period's last day; registers, which have no day, stay whole."""
        tables = {
            name: periods.in_window(rows, period) if "datum" in rows else rows for name, rows in self.tables.items()
        }
        return replace(self, tables=tables)

    def quarter(self, text: object = "") -> pd.Period:
        """A period of this dataset as typed, `2021Q3`, `kw3` or `2021-09`; empty: the last quarter with registrations.

        The ledger is no registration. Raises Mistyped for what is no period of the year.
        """
        if isinstance(text, str) and not text.strip():
            return self._last_quarter()
        period = periods.parse(text, self.agreement.settings.year)
        if period.year != self.agreement.settings.year:
            raise Mistyped(f"de periode {period} hoort niet bij de afspraak van {self.agreement.settings.year}")
        return period

    def last_day(self, until: pd.Timestamp | None = None) -> pd.Timestamp | None:
        """The last day, up to one, on which anything but the ledger has a row; None without."""
        days = [rows["datum"] for rows in self.tables.values() if "datum" in rows and "bedrag" not in rows]
        last = [(day if until is None else day[day <= until]).max() for day in days]
        return max(filter(pd.notna, last), default=None)

    def _last_quarter(self) -> pd.Period:
        return pd.Period(self.last_day() or pd.Timestamp(self.agreement.settings.year, 1, 1), freq="Q")
