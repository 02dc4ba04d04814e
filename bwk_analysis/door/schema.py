"""What each table is: columns, aliases, listed words, and which columns are personal.

All of it is data, in the two `.toml` files beside this page; an agreement workbook may add spellings and words of its
own (sheet `aliassen`), and columns (sheet `kolommen`).
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from bwk_analysis.door.spelling import clean, fold, header_key

OWN_KINDS = {"woord": "name", "tekst": "text", "getal": "number", "dag": "day", "ja/nee": "yes_no"}


@dataclass(frozen=True)
class Column:
    """A column of a table.

    kind : which parser reads it (day, room, person, word, name, text, key, yes_no, number, hours, account, answer, …).
    required : the column must be there, and a row without a value in it is rejected, unless `may_be_empty`.
    description : what it is, for developers and analysts (English). note : what to fill in, for colleagues (Dutch).
    field : what it is called in a frame of the agreement. own : it is not of the library but of an agreement.
    """

    name: str
    kind: str
    required: bool = False
    may_be_empty: bool = False
    aliases: tuple[str, ...] = ()
    description: str = ""
    note: str = ""
    field: str = ""
    own: bool = False


@dataclass(frozen=True)
class Table:
    """A table.

    `period` names its begin and end, `unique` what makes two rows of a register the same one, `instead_of` which
    required columns another column makes superfluous. `latest_per`: of these columns' rows only the latest counts.
    `told_apart`: what differs in rows that are equal and both meant.
    With `room_columns` there is one more column per room. `frame`: what the agreement calls it. `absent`: how bad it is
    when an agreement has no such sheet.
    """

    name: str
    row: str
    sheets: frozenset[str]
    columns: dict[str, Column]
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    period: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    instead_of: dict[str, list[str]] = field(default_factory=dict)
    latest_per: tuple[str, ...] = ()
    room_columns: bool = False
    told_apart: tuple[str, ...] = ()
    frame: str = ""
    absent: str = ""

    def missing(self, found: Collection[str]) -> list[str]:
        """The required columns that are not among those found."""
        waived = {name for column, names in self.instead_of.items() if column in found for name in names}
        return [c.name for c in self.columns.values() if c.required and c.name not in waived and c.name not in found]

    @property
    def compared(self) -> list[str]:
        """The columns in which two rows must be equal to be the same row; one way to write an amount is enough."""
        replaced = {name for names in self.instead_of.values() for name in names}
        left_out = (
            replaced
            | set(self.told_apart)
            | {name for name, column in self.columns.items() if column.own or column.kind == "side"}
        )
        return [name for name in self.columns if name not in left_out]

    @property
    def own(self) -> list[str]:
        """The columns that an agreement added."""
        return [name for name, column in self.columns.items() if column.own]

    def header_names(self) -> dict[str, str]:
        """Header key -> column name; the column's own name goes before another column's alias."""
        names = {header_key(alias): c.name for c in self.columns.values() for alias in c.aliases}
        return names | {header_key(c.name): c.name for c in self.columns.values()}


@dataclass(frozen=True)
class Schema:
    """The export tables, and header keys: of columns left out (personal, private, service numbers) and names taken."""

    tables: dict[str, Table]
    personal: frozenset[str]
    private: frozenset[str]
    bsn: frozenset[str]
    taken: frozenset[str]

    @property
    def left_out(self) -> frozenset[str]:
        return self.personal | self.private | self.bsn

    def of_persons(self) -> frozenset[str]:
        """The header keys of columns that may hold persons, in whichever table: left out, or kept as pseudonyms."""
        columns = (column for table in self.tables.values() for column in table.columns.values())
        numbers = {header_key(n) for c in columns if c.kind == "person" for n in (c.name, *c.aliases)}
        return self.left_out | numbers


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
    return {name: _table(name, value) for name, value in content(file).items() if isinstance(value, dict)}


def content(file: str) -> dict[str, Any]:
    """A `.toml` file of the package."""
    return tomllib.loads((Path(__file__).parent / file).read_text(encoding="utf-8"))


@cache
def load_schema(
    extra_aliases: tuple[tuple[str, str, str, str], ...] = (), own_columns: tuple[tuple[str, str, str, str], ...] = ()
) -> Schema:
    """The export tables, with own columns (table, column, one of OWN_KINDS, aliases) and aliases added.

    An alias is (table, column, word or "", alias): with an empty column it is one of the sheet's name, with an empty
    word one of the column's header; a word that is in the column's list no more than its alias is new there. What is
    of unknown tables or columns is ignored here; the agreement's check names it.
    """
    given = content("schema.toml")
    definitions = {name: value for name, value in given.items() if isinstance(value, dict)}
    for table, column, kind, aliases in own_columns:
        named = [alias for alias in map(clean, aliases.split(";")) if alias]
        about = {"description": "a column of the agreement's own", "note": "Een eigen kolom van de afspraak."}
        definitions[table]["columns"][column] = {"kind": OWN_KINDS[kind], "aliases": named, "own": True} | about
    for table, column, word, alias in extra_aliases:
        definition = definitions.get(table, {"sheets": [], "columns": {}})
        if not column:
            definition["sheets"].append(alias)
        elif not word and column in definition["columns"]:
            definition["columns"][column].setdefault("aliases", []).append(alias)
        elif word and column in definition.get("words", {}):
            definition["words"][column].setdefault(word, []).append(alias)
    tables = {name: _table(name, definition) for name, definition in definitions.items()}
    lists = (frozenset(header_key(name) for name in given[key]) for key in ("personal", "private", "bsn", "taken"))
    return Schema(tables, *lists)


def schema_of(aliases: pd.DataFrame, own_columns: pd.DataFrame) -> Schema:
    """The export tables as an agreement with these aliases and own columns knows them."""
    given = (aliases[["table", "column", "word", "alias"]], own_columns[["table", "column", "kind", "aliases"]])
    return load_schema(*(tuple(rows.fillna("").itertuples(index=False, name=None)) for rows in given))


def stands_for(row: Mapping[str, Any], schema: Schema) -> dict[str, str] | tuple[str, str, str]:
    """What an alias is another spelling of: table, column or "" and word or "", as the schema writes them.

    Else in which cell of its row it is wrong, what is wrong, and what to do.
    """
    given, column, word = (row[name] if isinstance(row[name], str) else "" for name in ("alias", "column", "word"))
    given = given or word  # a new word needs no other spelling
    tables = {header_key(name): table for name, table in schema.tables.items()}
    table = tables.get(header_key(row["table"]))
    if table is None:
        return "tabel", "onbekende tabel", f"Kies uit: {', '.join(schema.tables)}."
    if word and not column:
        return "kolom", "bij een woord hoort een kolom", "Vul de kolom in."
    if not given:
        return "alias", "verplicht en leeg", "Vul de andere schrijfwijze in."
    if not column:
        if any(header_key(given) in other.sheets for other in schema.tables.values() if other is not table):
            return "alias", "zo heet het werkblad van een andere tabel", "Kies een andere naam."
        return {"table": table.name, "column": "", "word": ""}
    column = {header_key(name): name for name in table.columns}.get(header_key(column), "")
    words = table.words.get(column, {})
    if not column:
        return "kolom", "onbekende kolom", f"Kies uit: {', '.join(table.columns)}."
    if not word:
        if header_key(given) in schema.left_out:
            return "alias", "zo heet een kolom met persoonsgegevens", "Die kolommen worden nooit gelezen."
        if table.header_names().get(header_key(given), column) != column:
            return "alias", "deze kop hoort al bij een andere kolom", "Kies een andere kop."
    elif not words:
        return "waarde", "onbekend woord", "Deze kolom heeft geen woordenlijst."
    word = words.get(fold(word), word)
    if word and words.get(fold(given), word) != word:
        return "alias", "deze schrijfwijze hoort al bij een ander woord", "Kies een andere schrijfwijze."
    return {"table": table.name, "column": column, "word": word, "alias": given}


def own_column(row: Mapping[str, Any], schema: Schema) -> dict[str, str] | tuple[str, str, str]:
    """The table, name, kind and aliases of an agreement's own column, as the schema writes them.

    Else in which cell of its row it is wrong, what is wrong, and what to do.
    """
    table = {header_key(name): table for name, table in schema.tables.items()}.get(header_key(row["table"]))
    if table is None:
        return "tabel", "onbekende tabel", f"Kies uit: {', '.join(schema.tables)}."
    aliases = row["aliases"] if isinstance(row["aliases"], str) else ""
    for cell, names in (("kolom", [row["column"]]), ("aliassen", aliases.split(";"))):
        for key in map(header_key, names):
            if key in schema.of_persons():
                return cell, "zo heet een kolom met persoonsgegevens", "Die kolommen worden nooit gelezen."
            if key in table.header_names():
                return cell, "deze kop hoort al bij een andere kolom van de tabel", "Kies een andere kop."
    if header_key(row["column"]) in schema.taken or not re.fullmatch(r"[^;|!=<>(),]+", row["column"]):
        return "kolom", "deze naam kan een kolom niet hebben", "Kies een andere, en noem de kop bij de aliassen."
    return {"table": table.name, "column": row["column"], "aliases": aliases}
