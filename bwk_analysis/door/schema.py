"""What each table is: columns, aliases, listed words, and which columns are personal.

All of it is data, in the two `.toml` files beside this page; an agreement workbook may add aliases of its own (sheet
`aliassen`).
"""

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bwk_analysis.door.spelling import fold, header_key

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Column:
    """A column of a table.

    kind : which parser reads it (day, room, person, word, name, text, key, yes_no, number, hours, account, answer, …).
    required : the column must be there, and a row without a value in it is rejected, unless `may_be_empty`.
    description : what it is, for developers and analysts (English). note : what to fill in, for colleagues (Dutch).
    field : what it is called in a frame of the agreement.
    """

    name: str
    kind: str
    required: bool = False
    may_be_empty: bool = False
    aliases: tuple[str, ...] = ()
    description: str = ""
    note: str = ""
    field: str = ""


@dataclass(frozen=True)
class Table:
    """A table.

    `period` names its begin and end, `unique` what makes two rows of a register the same one, `instead_of` which
    required columns another column makes superfluous. `repeats`: equal rows of one sheet are different rows, `always`
    or where the column named is empty. `latest_per`: of these columns' rows only the latest counts. With
    `room_columns` there is one more column per room. `frame`: what the agreement calls it. `absent`: how bad it is when
    an agreement has no such sheet.
    """

    name: str
    row: str
    sheets: frozenset[str]
    columns: dict[str, Column]
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    period: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    instead_of: dict[str, list[str]] = field(default_factory=dict)
    repeats: str = ""
    latest_per: tuple[str, ...] = ()
    room_columns: bool = False
    frame: str = ""
    absent: str = ""

    def missing(self, found: Collection[str]) -> list[str]:
        """The required columns that are not among those found."""
        waived = {name for column, names in self.instead_of.items() if column in found for name in names}
        return [c.name for c in self.columns.values() if c.required and c.name not in waived and c.name not in found]

    @property
    def compared(self) -> list[str]:
        """The columns in which two rows must be equal to be the same row; one way to write an amount is enough."""
        return [name for name in self.columns if all(name not in replaced for replaced in self.instead_of.values())]

    def header_names(self) -> dict[str, str]:
        """Header key -> column name; the column's own name goes before another column's alias."""
        names = {header_key(alias): c.name for c in self.columns.values() for alias in c.aliases}
        return names | {header_key(c.name): c.name for c in self.columns.values()}


@dataclass(frozen=True)
class Schema:
    """The export tables, and the header keys of columns left out: personal, private, service numbers (BSN)."""

    tables: dict[str, Table]
    personal: frozenset[str]
    private: frozenset[str]
    bsn: frozenset[str]

    @property
    def left_out(self) -> frozenset[str]:
        return self.personal | self.private | self.bsn


def _table(name: str, definition: dict[str, Any]) -> Table:
    columns = {column: Column(column, **_frozen(options)) for column, options in definition["columns"].items()}
    words = {
        column: {fold(spelling): word for word, aliases in listed.items() for spelling in (word, *aliases)}
        for column, listed in definition.get("words", {}).items()
    }
    sheets = frozenset(header_key(sheet) for sheet in (name, *definition["sheets"]))
    return Table(name, **_frozen(definition) | {"sheets": sheets, "columns": columns, "words": words})


def _frozen(options: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}


@cache
def load_tables(file: str) -> dict[str, Table]:
    """The tables defined in a `.toml` file of the package."""
    return {name: _table(name, value) for name, value in _content(file).items() if isinstance(value, dict)}


def _content(file: str) -> dict[str, Any]:
    return tomllib.loads((HERE / file).read_text(encoding="utf-8"))


def load_schema(extra_aliases: Iterable[tuple[str, str, str, str]] = ()) -> Schema:
    """The export tables, with aliases added: (table, column, word or "", alias).

    With an empty column the alias is one of the sheet's name; with an empty word it is one of the column's header.
    Aliases of unknown tables, columns or words are ignored here; the agreement's check names them.
    """
    content = _content("schema.toml")
    definitions = {name: value for name, value in content.items() if isinstance(value, dict)}
    for table, column, word, alias in extra_aliases:
        definition = definitions.get(table, {"sheets": [], "columns": {}})
        if not column:
            definition["sheets"].append(alias)
        elif not word and column in definition["columns"]:
            definition["columns"][column].setdefault("aliases", []).append(alias)
        elif word in definition.get("words", {}).get(column, {}):
            definition["words"][column][word].append(alias)
    tables = {name: _table(name, definition) for name, definition in definitions.items()}
    lists = (frozenset(header_key(name) for name in content[key]) for key in ("personal", "private", "bsn"))
    return Schema(tables, *lists)
