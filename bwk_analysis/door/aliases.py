"""What a row of the sheet `aliassen` stands for: another spelling of a sheet, a column or a listed word."""

from collections.abc import Mapping
from typing import Any

from bwk_analysis.door.schema import Schema
from bwk_analysis.door.spelling import fold, header_key


def stands_for(row: Mapping[str, Any], schema: Schema) -> dict[str, str] | tuple[str, str, str]:
    """Table, column or "" and word or "" as the schema writes them; or where it is wrong, what, and what to do."""
    given, column, word = (row[name] if isinstance(row[name], str) else "" for name in ("alias", "column", "word"))
    tables = {header_key(name): table for name, table in schema.tables.items()}
    table = tables.get(header_key(row["table"]))
    if table is None:
        return "tabel", "onbekende tabel", f"Kies uit: {', '.join(schema.tables)}."
    if word and not column:
        return "kolom", "bij een woord hoort een kolom", "Vul de kolom in."
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
    elif fold(word) not in words:
        choices = f"Kies uit: {', '.join(dict.fromkeys(words.values()))}."
        return "waarde", "onbekend woord", choices if words else "Deze kolom heeft geen woordenlijst."
    elif words.get(fold(given), words[fold(word)]) != words[fold(word)]:
        return "alias", "deze schrijfwijze hoort al bij een ander woord", "Kies een andere schrijfwijze."
    return {"table": table.name, "column": column, "word": words[fold(word)] if word else ""}
