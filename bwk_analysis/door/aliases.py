"""What a row of the sheet `aliassen` stands for: another spelling of a sheet, a column or a listed word."""

from collections.abc import Mapping
from typing import Any

from bwk_analysis.door.schema import Schema
from bwk_analysis.door.spelling import fold, header_key
from bwk_analysis.door.values import Bad


def stands_for(row: Mapping[str, Any], schema: Schema) -> Any:
    """What an alias stands for, as the schema writes it: (table, column or "", word or ""); or (where, what is bad)."""
    tables = {header_key(name): table for name, table in schema.tables.items()}
    table = tables.get(header_key(row["table"]))
    if table is None:
        return "tabel", Bad("onbekende tabel", f"Kies uit: {', '.join(schema.tables)}.")
    if not isinstance(row["column"], str):
        if isinstance(row["word"], str):
            return "kolom", Bad("bij een woord hoort een kolom", "Vul de kolom in.")
        if any(header_key(row["alias"]) in other.sheets for other in schema.tables.values() if other is not table):
            return "alias", Bad("zo heet het werkblad van een andere tabel", "Kies een andere naam.")
        return table.name, "", ""
    column = {header_key(name): name for name in table.columns}.get(header_key(row["column"]))
    if column is None:
        return "kolom", Bad("onbekende kolom", f"Kies uit: {', '.join(table.columns)}.")
    if not isinstance(row["word"], str):
        if header_key(row["alias"]) in schema.left_out:
            return "alias", Bad("zo heet een kolom met persoonsgegevens", "Die kolommen worden nooit gelezen.")
        if table.header_names().get(header_key(row["alias"]), column) != column:
            return "alias", Bad("deze kop hoort al bij een andere kolom", "Kies een andere kop.")
        return table.name, column, ""
    words = table.words.get(column, {})
    if fold(row["word"]) not in words:
        choices = ", ".join(dict.fromkeys(words.values()))
        return "waarde", Bad(
            "onbekend woord", f"Kies uit: {choices}." if words else "Deze kolom heeft geen woordenlijst."
        )
    word = words[fold(row["word"])]
    if words.get(fold(row["alias"]), word) != word:
        return "alias", Bad("deze schrijfwijze hoort al bij een ander woord", "Kies een andere schrijfwijze.")
    return table.name, column, word
